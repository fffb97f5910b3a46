"""Where a statement stands: file and line in the project's Turtle files."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from kzgraph import resources
from kzgraph.rdf.turtle import Statement, statements
from kzgraph.snapshot.index import SnapshotIndex


@dataclass(frozen=True)
class Place:
    """A file, relative to the project, and a line that counts from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Places:
    """Finds statements in the files that a snapshot was made from."""

    def __init__(self, index: SnapshotIndex) -> None:
        self._index = index
        self._files: dict[str, list[Statement]] = {}

    def of(self, triple: Triple) -> Place | None:
        """Return where a triple is written, None where it is in no file.

        The spelling of a number may differ between the file and the store; then
        the first statement of the same subject and predicate is taken.
        """
        if not isinstance(triple.subject, NamedNode):
            return None
        near: Place | None = None
        for name in self._index.files_of(triple.subject.value):
            for statement in self._read(name):
                if (statement.subject, statement.predicate) == (triple.subject, triple.predicate):
                    place = Place(name, statement.line)
                    if statement.object == triple.object:
                        return place
                    near = near or place
        return near

    def of_subject(self, subject: NamedNode) -> list[Place]:
        """Return the first line that describes a subject, per file."""
        found = []
        for name in self._index.files_of(subject.value):
            line = next((s.line for s in self._read(name) if s.subject == subject), None)
            if line is not None:
                found.append(Place(name, line))
        return found

    def _read(self, name: str) -> list[Statement]:
        if name not in self._files:
            path = resources.home() / name
            try:
                text = path.read_text(encoding="utf-8")
            except OSError:
                text = ""  # the file went away after the snapshot was made
            self._files[name] = statements(text, path=name)
        return self._files[name]
