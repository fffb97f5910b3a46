"""SPARQL cut into tokens, so that a word in a string is never taken for a keyword.

The one hard point is ``<``: it opens an IRI or compares two values. Which of
the two depends on the place, and an engine that backtracks would see other
code than we do wherever we guess wrong. So the brackets are followed, and
``scan`` can also read a text in the two ways that look at no context.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from kzgraph.errors import SourceSyntaxError

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = _BASE + "_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = _NAME + "\\-"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_UNICODE = r"\\u(?!(?i:d[89a-f]))[0-9A-Fa-f]{4}|\\U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}"
_ESCAPE = rf"\\[tbnrf\\\"']|{_UNICODE}"

_TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\r\n]+|\#[^\r\n]*)
  | (?P<string>'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*'''
             | \"\"\"(?:"{{0,2}}(?:[^"\\]|{_ESCAPE}))*\"\"\"
             | '(?!'')(?:[^'\\\r\n]|{_ESCAPE})*'
             | "(?!"")(?:[^"\\\r\n]|{_ESCAPE})*")
  | (?P<iri><[^\x00-\x20<>"{{}}|^`\\]*>)
  | (?P<var>[?$][{_BASE}_0-9][{_NAME}]*)
  | (?P<bnode>_:[{_BASE}_0-9](?:[{_CHARS}.]*[{_CHARS}])?)
  | (?P<name>(?:[{_BASE}][{_CHARS}.]*+(?<!\.))?:
        (?:(?:[{_BASE}_:0-9]|{_PLX})(?:(?:[{_CHARS}.:]|{_PLX})*(?:[{_CHARS}:]|{_PLX}))?)?)
  | (?P<word>[A-Za-z][A-Za-z0-9_]*)
  | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
  | (?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)[eE][+-]?[0-9]+|[0-9]*+\.[0-9]+|[0-9]+)
  | (?P<open>\{{\||[({{\[])
  | (?P<close>\|\}}|[)}}\]])
  | (?P<mark>\^\^|&&|\|\||!=|>=|<=|[<>=!*/+\-^|?.,;~])
    """,
    re.VERBOSE,
)
_QUOTED = 400  # a longer line tells nobody anything
_PARTNER = {"(": ")", "{": "}", "[": "]", "{|": "|}", "<<": ">>"}
_CLAUSES = frozenset({"SELECT", "GROUP", "HAVING", "ORDER"})
_OPERANDS = frozenset({"string", "lang", "number", "iri", "name", "bnode", "var", "close"})


class Token(NamedTuple):
    """A piece of a query: its kind, its text, where it starts, and the frame around it.

    ``frame`` is the innermost open bracket's use: ``top``, ``group`` (a
    pattern in braces), ``data`` (the values of VALUES), ``expression``,
    ``pattern`` (a path, a collection, a blank node, a triple term). ``depth`` counts
    the open brackets outside the token.
    """

    kind: str
    text: str
    start: int
    frame: str
    depth: int

    @property
    def word(self) -> str:
        """The token in capitals when it is a keyword or a built-in name, else empty."""
        return self.text.upper() if self.kind == "word" else ""


class Position(NamedTuple):
    """A place in a text, counted from 1."""

    line: int
    column: int


def position(text: str, start: int) -> Position:
    """Return line and column of an offset.

    >>> position("ab\\ncd", 4)
    Position(line=2, column=2)
    """
    return Places(text).of(start)


class Places:
    """Finds line and column of many offsets of one text."""

    def __init__(self, text: str) -> None:
        self._ends = [found.start() for found in re.finditer("\n", text)]

    def of(self, start: int) -> Position:
        """Return the place of an offset."""
        line = bisect_left(self._ends, start)
        before = self._ends[line - 1] if line else -1
        return Position(line + 1, start - before)


def syntax_error(
    message: str, text: str, start: int, *, path: str, hint: str = ""
) -> SourceSyntaxError:
    """Return the error for a place in a query, its line quoted unless it is very long."""
    line, column = position(text, start)
    source = text[start - column + 1 :].partition("\n")[0].rstrip("\r")
    return SourceSyntaxError(
        message,
        path=path,
        line=line,
        column=column,
        source_line=source if len(source) <= _QUOTED else "",
        hint=hint,
    )


def clipped(text: str) -> str:
    """Return a token's text as a message can bear it.

    >>> clipped("x" * 100) == "x" * 40 + "…"
    True
    """
    return text if len(text) <= 40 else text[:40] + "…"


class _Frame(NamedTuple):
    opener: str
    use: str
    start: int


def scan(text: str, *, path: str = "-e", less: str = "context") -> Iterator[Token]:
    """Yield the tokens of a query, without blanks and comments.

    ``less`` says how ``<`` is read after a value: by its ``context``, always as
    an ``iri`` where one fits, or in all round brackets as an ``operator``. Raises
    SourceSyntaxError where no token fits and where brackets do not pair.
    """
    match = _TOKEN.match
    frames = [_Frame("", "top", 0)]
    clause = [False]  # per frame: inside SELECT ..., GROUP BY ... and the like
    last: Token | None = None
    before: Token | None = None
    closed = ""  # what the bracket that closed last has held
    at = 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        found = match(text, at)
        if found is None:
            raise _unreadable(text, at, path)
        kind, piece = str(found.lastgroup), found.group()
        if kind == "space":
            at = found.end()
            continue
        use, depth = frames[-1].use, len(frames) - 1
        operand = last is not None and (last.kind in _OPERANDS or last.word in ("TRUE", "FALSE"))
        if kind == "iri" and operand and less != "iri":
            # in braces and square brackets alone nothing is compared
            in_round = less == "operator" and frames[-1].opener == "("
            if in_round or use == "expression":
                kind, piece = "mark", "<="[: 1 + (text[at + 1] == "=")]
        elif piece in ("<", "<=") and not (operand and use == "expression"):
            if text.startswith("<<", at):
                kind, piece = "open", "<<"
            elif less == "context":
                raise _bad_iri(text, at, path)
        elif piece == ">" and text.startswith(">>", at) and frames[-1].opener == "<<":
            kind, piece = "close", ">>"
        if kind == "close" and less == "context":
            depth -= 1
            if _PARTNER.get(frames[-1].opener) != piece:
                raise _unpaired(text, at, piece, frames[-1], path)
        if kind == "close" and len(frames) > 1:
            closed = frames.pop().use
            clause.pop()
        token = Token(kind, piece, at, use, depth)
        yield token
        if kind == "open":
            frames.append(_Frame(piece, _use(piece, use, clause[-1], last, before, closed), at))
            clause[-1] = clause[-1] and piece == "("
            clause.append(False)
        elif token.word in _CLAUSES:
            clause[-1] = True
        elif token.word == "WHERE":
            clause[-1] = False
        before, last = last, token
        at += len(piece)
    if len(frames) > 1 and less == "context":
        frame = frames[-1]
        raise syntax_error(
            f"this {frame.opener} is never closed",
            text,
            frame.start,
            path=path,
            hint=f"add {_PARTNER[frame.opener]} where it ends",
        )


def _use(
    opener: str,
    around: str,
    in_clause: bool,
    last: Token | None,
    before: Token | None,
    closed: str,
) -> str:
    """Return what a bracket that opens here holds."""
    word = last.word if last else ""
    if opener == "{":
        one = before is not None and before.word == "VALUES"
        several = last is not None and last.text == ")" and closed == "variables"
        return "data" if one or several else "group"
    if opener != "(":
        return "pattern"
    if around in ("expression", "pattern", "data"):
        return around
    if word == "VALUES":
        return "variables"
    if around == "top" or in_clause or word not in ("", "A"):
        return "expression"
    # FILTER kz:test(?x): a call by IRI; any other bracket is a path or a list
    called = last is not None and last.kind in ("iri", "name")
    return "expression" if called and before is not None and before.word == "FILTER" else "pattern"


def _unreadable(text: str, at: int, path: str) -> SourceSyntaxError:
    """Return the error for a place where no token begins."""
    char = text[at]
    if char in "'\"":
        hint = "a text ends with the quote it began with; escapes are \\t \\n \\\" \\' \\\\ \\u"
        return syntax_error("this text is not closed", text, at, path=path, hint=hint)
    shown = char if char.isprintable() and not char.isspace() else f"U+{ord(char):04X}"
    return syntax_error(f"{shown} has no meaning in SPARQL here", text, at, path=path)


def _bad_iri(text: str, at: int, path: str) -> SourceSyntaxError:
    return syntax_error(
        "this IRI is not closed or holds a character that an IRI cannot have",
        text,
        at,
        path=path,
        hint="an IRI stands in < and >, without blanks, quotes and backslashes",
    )


def _unpaired(text: str, at: int, piece: str, frame: _Frame, path: str) -> SourceSyntaxError:
    if frame.use == "top":
        return syntax_error(f"this {piece} closes nothing", text, at, path=path)
    line, column = position(text, frame.start)
    return syntax_error(
        f"this {piece} does not close the {frame.opener} of line {line}, column {column}",
        text,
        at,
        path=path,
        hint=f"{_PARTNER[frame.opener]} is missing before it",
    )
