"""Faults of a saved query, gathered with their place rather than raised one by one."""

from __future__ import annotations

from typing import Any, NamedTuple

from kzgraph.errors import SourceSyntaxError
from kzgraph.queries.catalogue import Finding, QueryHeaderError


class Fault(NamedTuple):
    """A finding together with what an error needs to quote the line."""

    path: str
    line: int
    column: int
    message: str
    hint: str = ""
    source_line: str = ""

    def plain(self) -> Finding:
        """Return the finding."""
        return Finding(self.path, self.line, self.message, self.hint)

    def error(self) -> QueryHeaderError:
        """Return the finding as an error."""
        return QueryHeaderError(
            self.message,
            path=self.path,
            line=self.line,
            column=self.column,
            source_line=self.source_line,
            hint=self.hint,
        )


class Node(NamedTuple):
    """A value of the header with its place in the file.

    ``value`` is a text, None, a list of nodes, or a list of (key, value) pairs of nodes.
    """

    value: Any
    line: int
    column: int

    @property
    def is_mapping(self) -> bool:
        """Whether the value holds pairs; an empty list may stand for either."""
        return isinstance(self.value, list) and all(type(item) is tuple for item in self.value)

    def plain(self) -> Any:
        """Return the value without places."""
        if not isinstance(self.value, list):
            return self.value
        if self.value and self.is_mapping:
            return {str(key.value): value.plain() for key, value in self.value}
        return [item.plain() for item in self.value]


class Reader:
    """The text of one file, and what is wrong with it so far."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.lines = [line.rstrip("\r") for line in text.split("\n")]
        self.faults: list[Fault] = []

    def say(self, line: int, message: str, *, hint: str = "", column: int = 1) -> None:
        """Note a fault at a place."""
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        self.faults.append(Fault(self.path, line, column, message, hint, source))

    def at(self, node: Node, message: str, *, hint: str = "") -> None:
        """Note a fault at a value of the header."""
        self.say(node.line, message, hint=hint, column=node.column)

    def take(self, error: SourceSyntaxError) -> None:
        """Note what an error says, at its place."""
        what = str(error).split("\n")[0].removeprefix(f"{error.path}:{error.line}:{error.column}: ")
        self.say(error.line, what, hint=error.hint, column=error.column)
