"""The errors that kzgraph raises, one tree.

KzgraphError                  anything a user can do something about
├── UsageError                a wrong word on the command line or in a call
│   ├── UnknownNameError      a thing, query, verb or parameter that is not there
│   └── AmbiguousNameError    a name that several things bear
├── InputError                a file, query or value that cannot be read
│   ├── SourceSyntaxError     with file, line and column
│   ├── UnknownPrefixError    a CURIE with a prefix outside the table
│   └── QueryRefusedError     a query that may not run here (SERVICE, update, too deep)
├── NotUnderstoodError        a question that matches no saved query
├── NoAnswerError             understood, and the data says nothing
├── LimitError                a limit of time or size was reached
└── StoreError                the snapshot or a store cannot be used

Every error keeps its facts as attributes, says what, where and why in its
text, and carries in ``hint`` what to do next (empty when there is nothing).
``exit_code`` is what the command ends with.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

EXIT_OK = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_NO_DATA = 3
EXIT_UNFINISHED = 4
EXIT_INTERRUPTED = 130


class KzgraphError(Exception):
    """Something went wrong that a user can act on."""

    exit_code = EXIT_USAGE

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


class UsageError(KzgraphError, ValueError):
    """A word on the command line or an argument of a call is wrong."""


class UnknownNameError(UsageError):
    """A name is not among those that are known; the nearest ones are named."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, hint: str = "") -> None:
        self.kind = kind
        self.name = name
        self.nearest = get_close_matches(name, list(known), n=3, cutoff=0.5)
        if not hint and self.nearest:
            hint = f"did you mean {', '.join(self.nearest)}?"
        super().__init__(f"there is no {kind} {name!r}", hint=hint)


class AmbiguousNameError(UsageError):
    """A name fits several things; ``candidates`` are (IRI or CURIE, label)."""

    def __init__(self, name: str, candidates: Iterable[tuple[str, str]]) -> None:
        self.name = name
        self.candidates = list(candidates)
        listed = "; ".join(f"{curie} ({label})" for curie, label in self.candidates)
        super().__init__(
            f"{name!r} can mean several things: {listed}", hint="use one of the CURIEs"
        )


class InputError(KzgraphError, ValueError):
    """A file, a query or a value cannot be read."""


class SourceSyntaxError(InputError):
    """Text that does not follow its grammar, with the place where that shows.

    ``line`` and ``column`` count from 1; ``source_line`` is the line itself.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str,
        line: int,
        column: int,
        source_line: str = "",
        hint: str = "",
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.source_line = source_line
        text = f"{path}:{line}:{column}: {message}"
        if source_line.strip():
            shown = _harmless(source_line.rstrip())
            # a caret under the column, with tabs kept so that it lines up
            lead = "".join("\t" if c == "\t" else " " for c in shown[: column - 1])
            text += f"\n    {shown}\n    {lead}^"
        super().__init__(text, hint=hint)


def _harmless(text: str) -> str:
    """Return a line of a foreign file without anything that a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


class UnknownPrefixError(InputError):
    """A CURIE uses a prefix that is not in the prefix table."""

    def __init__(self, curie: str, known: Iterable[str]) -> None:
        self.curie = curie
        self.known = sorted(known)
        super().__init__(
            f"{curie!r} has an unknown prefix; use one of: {', '.join(self.known)}",
            hint="a full IRI in angle brackets works too",
        )


class QueryRefusedError(InputError):
    """A query that this program does not run, and why."""


class NotUnderstoodError(KzgraphError):
    """A question that no saved query answers; ``nearest`` are questions that can be asked."""

    def __init__(self, question: str, nearest: Iterable[str], *, reason: str = "") -> None:
        self.question = question
        self.nearest = list(nearest)
        self.reason = reason
        text = f"this question is not understood: {question}"
        if reason:
            text += f"\n    {reason}"
        if self.nearest:
            text += "\nNear it, and answerable:\n" + "\n".join(f"    {q}" for q in self.nearest)
        super().__init__(text, hint="kzgraph queries lists every question")


class NoAnswerError(KzgraphError):
    """The question is understood and the data has nothing on it."""

    exit_code = EXIT_NO_DATA


class LimitError(KzgraphError):
    """A limit of time, size or depth was reached before there was an answer."""

    exit_code = EXIT_UNFINISHED


class StoreError(KzgraphError, OSError):
    """The snapshot or another store cannot be opened, read or written."""

    exit_code = EXIT_UNFINISHED
