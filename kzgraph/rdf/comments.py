"""The comments of a Turtle document and what each belongs to.

A comment at the end of a line belongs to the fact, subject, bracket or prefix
on that line. Comment lines belong to what follows directly. Comment lines
with an empty line behind them belong between two subjects. Any other comment
would lose its place when facts are put in order, so it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from pyoxigraph import NamedNode

from kzgraph.errors import InputError
from kzgraph.rdf.grammar import Document, Subject, Term

FactKey = tuple[Subject, NamedNode, Term]
_Key = TypeVar("_Key")


class UnformattableError(InputError):
    """A file has a comment whose place would be lost; the file is left as it is."""

    def __init__(self, reason: str, *, path: str, line: int, hint: str = "") -> None:
        self.reason = reason
        self.path = path
        self.line = line
        super().__init__(f"{path}:{line}: {reason}", hint=hint)


class Comment(NamedTuple):
    """A comment with its number sign, and its line."""

    text: str
    line: int


@dataclass(slots=True)
class Section:
    """Comment paragraphs that stand free between two subjects (None: an end of the file)."""

    before: Subject | None
    after: Subject | None
    paragraphs: list[list[Comment]]


@dataclass(slots=True)
class Comments:
    """The comments of a document by what they belong to."""

    path: str = ""
    header: list[list[Comment]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    above_block: dict[Subject, list[Comment]] = field(default_factory=dict)
    above_fact: dict[FactKey, list[Comment]] = field(default_factory=dict)
    above_close: dict[Subject, list[Comment]] = field(default_factory=dict)
    on_prefix: dict[str, Comment] = field(default_factory=dict)
    on_open: dict[Subject, Comment] = field(default_factory=dict)
    on_fact: dict[FactKey, Comment] = field(default_factory=dict)
    on_close: dict[Subject, Comment] = field(default_factory=dict)

    def refuse(self, comment: Comment, reason: str) -> UnformattableError:
        """Return the error that names the comment that has no place."""
        return UnformattableError(
            f"the comment {_shortened(comment.text)} cannot keep its place: {reason}",
            path=self.path,
            line=comment.line,
            hint="put it on a line of its own above the subject or the fact that it is about",
        )


def place(document: Document) -> Comments:
    """Return the comments of a document, each with what it belongs to.

    Raises UnformattableError for the first one that belongs to nothing.
    """
    return _Placing(document).place()


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


class _Placing:
    """The work of going through a document's comments once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.source = document.source
        self.comments = Comments(path=document.source.path)
        self.facts_on_line: dict[tuple[Subject, int], list[int]] = {}
        self.block_lines: dict[int, tuple[int, int]] = {}

    def place(self) -> Comments:
        if any(token.kind == "COMMENT" for token in self.document.tokens):
            self._index_lines()
            for previous, run, following in self._runs():
                own_lines = self._place_line_ends(previous, run)
                if own_lines:
                    self._place_own_lines(previous, own_lines, following)
        return self.comments

    def _index_lines(self) -> None:
        line, tokens = self.source.line, self.document.tokens
        for number, fact in enumerate(self.document.facts):
            key = (fact.subject, line(tokens[fact.at].start))
            self.facts_on_line.setdefault(key, []).append(number)
        for block in self.document.blocks:
            first, last = line(tokens[block.first].start), line(tokens[block.last].start)
            self.block_lines[block.last] = (first, last)

    def _runs(self) -> Iterator[tuple[int, list[Comment], int]]:
        """Yield each run of comments between the token before it (or -1) and the one after."""
        previous = -1
        run: list[Comment] = []
        for number, token in enumerate(self.document.tokens):
            if token.kind == "COMMENT":
                run.append(Comment(token.text.rstrip(), self.source.line(token.start)))
                continue
            if run:
                yield previous, run, number
                run = []
            previous = number

    # -- at the end of a line

    def _place_line_ends(self, previous: int, run: list[Comment]) -> list[Comment]:
        """Place the first comment if it shares a line with the token before it; return the rest."""
        if previous < 0 or self._end_line(previous) != run[0].line:
            return run
        comment = run[0]
        role, what = self.document.ends.get(previous, ("", 0))
        if role == "close" and not isinstance(what, int):
            self._place_on_close(comment, previous, what)
        elif role == "fact" and isinstance(what, int):
            self._place_on_fact(comment, what)
        elif role in ("open", "subject") and not isinstance(what, int):
            self._put(self.comments.on_open, what, comment)
        elif role == "directive" and isinstance(what, int):
            prefix = self.document.directives[what][2]
            if prefix is None:
                raise self.comments.refuse(comment, "the canonical form has no @base")
            self._put(self.comments.on_prefix, prefix, comment)
        elif role == "list":
            raise self.comments.refuse(comment, "it stands inside a list")
        else:
            raise self.comments.refuse(comment, "it stands in the middle of a fact")
        return run[1:]

    def _end_line(self, number: int) -> int:
        return self.source.line(max(0, self.document.tokens[number].end - 1))

    def _place_on_close(self, comment: Comment, stop: int, subject: Subject) -> None:
        """Place a comment behind a full stop."""
        before = stop - 1
        while self.document.tokens[before].kind == "COMMENT":
            before -= 1
        role, what = self.document.ends.get(before, ("", 0))
        if role != "fact" or not isinstance(what, int) or self._end_line(before) != comment.line:
            self._put(self.comments.on_close, subject, comment)
            return
        first, last = self.block_lines[stop]
        if first == last and len(self.facts_on_line[(subject, first)]) > 1:
            self._put(self.comments.on_open, subject, comment)
        else:
            self._place_on_fact(comment, what)

    def _place_on_fact(self, comment: Comment, number: int) -> None:
        fact = self.document.facts[number]
        others = set(self.facts_on_line.get((fact.subject, comment.line), ())) - {number}
        if others:
            raise self.comments.refuse(comment, "there are several facts on its line")
        self._put(self.comments.on_fact, fact[:3], comment)

    def _put(self, places: dict[_Key, Comment], key: _Key, comment: Comment) -> None:
        other = places.setdefault(key, comment)
        if other is not comment:
            raise self.comments.refuse(
                comment, f"the comment of line {other.line} belongs to the same line"
            )

    # -- on lines of their own

    def _place_own_lines(self, previous: int, run: list[Comment], following: int) -> None:
        role, what = self.document.starts.get(following, ("", 0))
        comments = self.comments
        if role == "fact" and isinstance(what, int):
            comments.above_fact.setdefault(self.document.facts[what][:3], []).extend(run)
        elif role == "close" and not isinstance(what, int):
            comments.above_close.setdefault(what, []).extend(run)
        elif role == "block" and not isinstance(what, int):
            paragraphs = _paragraphs(run)
            if paragraphs[-1][-1].line + 1 == self.source.line(
                self.document.tokens[following].start
            ):
                comments.above_block.setdefault(what, []).extend(paragraphs.pop())
            self._place_between(previous, paragraphs, what)
        elif role == "directive" and previous < 0:
            comments.header.extend(_paragraphs(run))
        elif self.document.tokens[following].kind == "END":
            self._place_between(previous, _paragraphs(run), None)
        elif role == "list":
            raise comments.refuse(run[0], "it stands inside a list")
        elif role == "directive":
            raise comments.refuse(run[0], "it stands between the prefixes")
        else:
            raise comments.refuse(run[0], "it stands in the middle of a fact")

    def _place_between(
        self, previous: int, paragraphs: list[list[Comment]], after: Subject | None
    ) -> None:
        if not paragraphs:
            return
        if previous < 0:
            self.comments.header.extend(paragraphs)
            return
        blocks = [block for block in self.document.blocks if 0 <= block.last <= previous]
        before = blocks[-1].subject if blocks else None
        if before is not None and before == after:
            assert after is not None
            above = self.comments.above_block.setdefault(after, [])
            above[:0] = [comment for paragraph in paragraphs for comment in paragraph]
            return
        self.comments.sections.append(Section(before, after, paragraphs))


def _paragraphs(run: list[Comment]) -> list[list[Comment]]:
    """Return comment lines in groups that empty lines separate."""
    groups = [[run[0]]]
    for comment in run[1:]:
        if comment.line > groups[-1][-1].line + 1:
            groups.append([comment])
        else:
            groups[-1].append(comment)
    return groups
