"""Build a snapshot: read every file, close the graph, write store and index, swap in."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.errors import StoreError
from kzgraph.namespaces import shrink
from kzgraph.reasoning.closure import Closure, Inconsistency, close
from kzgraph.reasoning.rules import RuleSet
from kzgraph.snapshot import index
from kzgraph.snapshot.closing import ClosedGraph, Closer, close_graph
from kzgraph.snapshot.names import DIGEST, MADE_BY, SNAPSHOT
from kzgraph.snapshot.sources import SourceFile, digest_of, file_hash, read_turtle
from kzgraph.store.embedded import EmbeddedStore
from kzgraph.store.memory import TripleIndex, uncollected

Progress = Callable[[str], None]
# what rooms above this one keep in the snapshot (the names, the saved queries)
Extra = Callable[[sqlite3.Connection, TripleIndex], None]


@dataclass(frozen=True)
class BuildReport:
    """What a build did: counts, seconds per step, and what does not fit together."""

    digest: str
    counts: dict[str, int]
    seconds: dict[str, float]
    inconsistencies: list[Inconsistency] = field(default_factory=list)


def read_sources(
    files: list[SourceFile],
) -> tuple[list[Triple], list[Triple], list[tuple[str, str]]]:
    """Return the ontology's triples, the data's triples, and which file describes what."""
    ontology: list[Triple] = []
    data: list[Triple] = []
    described: dict[tuple[str, str], None] = {}
    for file in files:
        if not file.name.endswith(".ttl"):
            continue
        triples = read_turtle(file.path)
        (ontology if file.name.startswith("ontology/") else data).extend(triples)
        for triple in triples:
            if isinstance(triple.subject, NamedNode):
                described[(triple.subject.value, file.name)] = None
    return ontology, data, list(described)


def build_into(
    target: Path,
    files: list[SourceFile],
    hashes: dict[str, str],
    *,
    reasoner: str = "kzgraph",
    progress: Progress = lambda message: None,
    extras: Sequence[Extra] = (),
) -> BuildReport:
    """Write a snapshot into an empty folder and return what was done."""
    with uncollected():
        return _build_into(target, files, hashes, reasoner, progress, extras)


def _build_into(
    target: Path,
    files: list[SourceFile],
    hashes: dict[str, str],
    reasoner: str,
    progress: Progress,
    extras: Sequence[Extra],
) -> BuildReport:
    seconds: dict[str, float] = {}
    started = perf_counter()

    def lap(step: str) -> None:
        nonlocal started
        seconds[step] = perf_counter() - started
        started = perf_counter()

    progress(f"reading {len(files)} files")
    ontology, data, described = read_sources(files)
    lap("read")
    progress(f"closing {len(ontology) + len(data)} statements")
    closed = close_graph(ontology, data, closer=_closer(reasoner, ontology))
    if closed.left_out:
        progress(_left_out_words(closed.left_out))
    lap("close")
    digest = digest_of(hashes.items(), made_by=MADE_BY + reasoner)
    progress("writing the store")
    triples = EmbeddedStore.create(target / "store", _all_triples(closed, digest))
    lap("store")
    progress("writing the index")
    counts = {
        "files": len(files),
        "asserted": len(closed.asserted),
        "computed": len(closed.computed),
        "inferred": len(closed.closure.inferred),
        "rounds": max((r for _, r in closed.closure.inferred), default=0),
        "facts": len(closed.gate.facts),
        "withheld": len(closed.gate.withheld),
        "slots": len(closed.slots.members),
        "triples": triples,
    }
    connection = index.create(target / "index.sqlite")
    try:
        index.write(
            connection,
            meta={
                "digest": digest,
                "reasoner": reasoner,
                "policy": "best",
                "rules": closed.rules.to_json(),
                "counts": json.dumps(counts),
            },
            inferred=closed.closure.inferred,
            computed=closed.computed,
            withheld=((str(n.value), why) for n, why in closed.gate.withheld.items()),
            described=described,
        )
        for extra in extras:
            extra(connection, closed.asserted)
        connection.commit()
    finally:
        connection.close()
    lap("index")
    return BuildReport(digest, counts, seconds, list(closed.closure.inconsistencies))


def _left_out_words(left_out: list[Triple]) -> str:
    first = " ".join(
        shrink(term.value) if isinstance(term, NamedNode) else str(term) for term in left_out[0]
    )
    count = len(left_out)
    what = "1 statement" if count == 1 else f"{count} statements"
    return (
        f"left out {what} that only the build may make, such as {first} .; "
        "kzgraph validate says where"
    )


def _closer(reasoner: str, ontology: list[Triple]) -> Closer:
    if reasoner == "owlrl":
        from kzgraph.reasoning.engines import close_with_owlrl  # rdflib is slow to import

        def with_owlrl(rules: RuleSet, triples: Iterable[Triple]) -> Closure:
            admitted = list(triples)
            # owlrl knows no rounds, and without them nothing can be proved
            rounds = dict(close(rules, admitted).inferred)
            found = close_with_owlrl(ontology, admitted)
            return Closure(
                [(triple, rounds.get(triple, number)) for triple, number in found.inferred],
                found.inconsistencies,
            )

        return with_owlrl
    return close


def _all_triples(closed: ClosedGraph, digest: str) -> Iterator[Triple]:
    yield from closed.asserted
    yield from closed.computed
    for triple, _ in closed.closure.inferred:
        yield triple
    yield Triple(SNAPSHOT, DIGEST, Literal(digest))


def swap_in(made: Path, place: Path) -> None:
    """Put a finished snapshot where it belongs, all at once."""
    if place.exists():
        old = Path(tempfile.mkdtemp(prefix="old-", dir=place.parent)) / "snapshot"
        place.rename(old)
        made.rename(place)
        shutil.rmtree(old.parent, ignore_errors=True)
    else:
        made.rename(place)


def hashes_of(files: list[SourceFile]) -> dict[str, str]:
    """Return the SHA-256 of each file."""
    return {file.name: file_hash(file.path) for file in files}


def new_folder(parent: Path) -> Path:
    """Return a new empty folder beside the snapshots.

    Raises StoreError when the cache cannot be written.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"new-{os.getpid()}-", dir=parent))
    except OSError as error:
        raise StoreError(
            f"the cache folder {parent} cannot be written: {error.strerror}",
            hint="KZGRAPH_CACHE names another folder",
        ) from error
