"""The source files of a snapshot: what they are, their digest, and reading them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

from kzgraph import resources
from kzgraph.errors import InputError, SourceSyntaxError


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the graph with what tells whether it changed."""

    name: str
    location: str
    size: int
    mtime_ns: int

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(self.location)


def source_files() -> list[SourceFile]:
    """Return the Turtle files and the saved queries that a snapshot is made of.

    Raises InputError for one that cannot be read.
    """
    out = []
    for name, entry in (*resources.graph_files(), *resources.files_under("queries", ".rq")):
        try:
            state = entry.stat()
        except OSError as error:
            raise InputError(f"{entry.path} cannot be read: {error.strerror}") from error
        out.append(SourceFile(name, entry.path, state.st_size, state.st_mtime_ns))
    return out


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    import hashlib  # slow to import, and not needed where nothing changed

    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest_of(hashes: Iterable[tuple[str, str]], *, made_by: str) -> str:
    """Return one digest over the names and hashes of files and the maker's version."""
    import hashlib

    whole = hashlib.sha256(made_by.encode())
    for name, value in sorted(hashes):
        whole.update(f"\n{name} {value}".encode())
    return whole.hexdigest()


def read_turtle(path: Path) -> list[Triple]:
    """Return the triples of a Turtle file.

    Raises InputError when it is not UTF-8 and SourceSyntaxError, with the place,
    when it is not Turtle.
    """
    from kzgraph.rdf.files import decode  # only a build reads Turtle

    data = path.read_bytes()
    text = decode(data, path=str(path))
    try:
        return [q.triple for q in parse(data, format=RdfFormat.TURTLE)]
    except SyntaxError as error:
        from kzgraph.rdf.turtle import statements

        statements(text, path=str(path))  # says the same better, with a hint
        raise SourceSyntaxError(
            error.msg, path=str(path), line=error.lineno or 1, column=error.offset or 1
        ) from error
