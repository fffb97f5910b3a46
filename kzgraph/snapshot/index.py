"""The snapshot's side table in SQLite: rounds, where things are described, queries, names.

The store holds the triples; what SPARQL does not need and start-up must find
fast lies here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kzgraph.errors import StoreError
from kzgraph.namespaces import EDTF_DATATYPE, RDF, XSD
from kzgraph.store.memory import Term

_ANY = NamedNode("urn:any")
_KEPT = {XSD + "string", RDF + "langString", XSD + "date", EDTF_DATATYPE.value}

# nobody reads a table that is being made; a build that fails is thrown away
_PRAGMAS = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;
PRAGMA cache_size=-200000; PRAGMA temp_store=MEMORY;
"""
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rounds (s TEXT, p TEXT, o TEXT, round INTEGER NOT NULL,
                     PRIMARY KEY (s, p, o)) WITHOUT ROWID;
CREATE TABLE computed (s TEXT, p TEXT, o TEXT, PRIMARY KEY (s, p, o)) WITHOUT ROWID;
CREATE TABLE withheld (subject TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE described (subject TEXT, file TEXT, PRIMARY KEY (subject, file)) WITHOUT ROWID;
"""


def create(path: Path) -> sqlite3.Connection:
    """Return a new side table in a file that is not there yet."""
    connection = sqlite3.connect(path)
    connection.executescript(_PRAGMAS + _TABLES)
    return connection


def write(
    connection: sqlite3.Connection,
    *,
    meta: dict[str, str],
    inferred: Iterable[tuple[Triple, int]],
    computed: Iterable[Triple],
    withheld: Iterable[tuple[str, str]],
    described: Iterable[tuple[str, str]],
) -> None:
    """Fill the tables."""
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    connection.executemany(
        "INSERT OR IGNORE INTO rounds VALUES (?, ?, ?, ?)",
        ((*_key(t), round_) for t, round_ in inferred),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO computed VALUES (?, ?, ?)",
        (_key(t) for t in computed),
    )
    connection.executemany("INSERT INTO withheld VALUES (?, ?)", withheld)
    connection.executemany("INSERT OR IGNORE INTO described VALUES (?, ?)", described)
    connection.commit()


class SnapshotIndex:
    """Reads the side table."""

    def __init__(self, path: Path) -> None:
        try:
            self.connection = sqlite3.connect(
                f"file:{path.as_posix()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self.digest = self.meta("digest")
        except sqlite3.Error as error:
            raise StoreError(
                f"the snapshot's index {path} cannot be read: {error}",
                hint="kzgraph build makes it anew",
            ) from error

    def meta(self, key: str) -> str:
        """Return one entry, empty where there is none."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def round_of(self, triple: Triple) -> int | None:
        """Return the round in which a triple was inferred, None where it was not."""
        row = self.connection.execute(
            "SELECT round FROM rounds WHERE s = ? AND p = ? AND o = ?", _key(triple)
        ).fetchone()
        return int(row[0]) if row else None

    def is_computed(self, triple: Triple) -> bool:
        """Return whether the build worked a triple out of the data."""
        return (
            self.connection.execute(
                "SELECT 1 FROM computed WHERE s = ? AND p = ? AND o = ?", _key(triple)
            ).fetchone()
            is not None
        )

    def why_withheld(self, subject: str) -> str:
        """Return why a relator takes no part in inference, empty where it does."""
        row = self.connection.execute(
            "SELECT reason FROM withheld WHERE subject = ?", (subject,)
        ).fetchone()
        return str(row[0]) if row else ""

    def files_of(self, subject: str) -> Iterator[str]:
        """Yield the files, relative to the project, that describe an IRI."""
        for row in self.connection.execute(
            "SELECT file FROM described WHERE subject = ? ORDER BY file", (subject,)
        ):
            yield str(row[0])


def _key(triple: Triple) -> tuple[str, str, str]:
    return str(triple.subject), str(triple.predicate), str(_as_stored(triple.object))


@lru_cache(maxsize=4096)
def _as_stored(term: Term | Triple) -> Term | Triple:
    """Return a term as the store gives it back: it spells numbers its own way."""
    if not isinstance(term, Literal) or term.datatype.value in _KEPT:
        return term
    store = Store()
    store.add(Quad(_ANY, _ANY, term))
    stored: Term | Triple = next(iter(store)).object
    return stored
