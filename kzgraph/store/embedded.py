"""The embedded store: one default graph on disk, opened for reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kzgraph.errors import StoreError
from kzgraph.store.memory import Subject, Term

_DEFAULT = DefaultGraph()


class EmbeddedStore:
    """Reads triples and runs queries on one Oxigraph store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path) -> EmbeddedStore:
        """Open the store in a folder for reading; several processes may do so at once.

        Raises StoreError when the folder holds no readable store.
        """
        try:
            return cls(Store.read_only(str(path)))
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreError(
                f"the store in {path} cannot be opened: {error}",
                hint="kzgraph build makes it anew",
            ) from error

    @classmethod
    def create(cls, path: Path, triples: Iterable[Triple]) -> int:
        """Write triples into a new store in an empty folder; return how many it holds."""
        try:
            store = Store(str(path))
            store.bulk_extend(Quad(s, p, o, _DEFAULT) for s, p, o in triples)
            store.flush()
            return len(store)
        except (OSError, RuntimeError) as error:
            raise StoreError(f"the store in {path} cannot be written: {error}") from error

    @classmethod
    def in_memory(cls, triples: Iterable[Triple]) -> EmbeddedStore:
        """Return a store in memory that holds these triples."""
        store = Store()
        store.extend(Quad(s, p, o, _DEFAULT) for s, p, o in triples)
        return cls(store)

    def __len__(self) -> int:
        return len(self._store)

    def query(self, text: str) -> Any:
        """Run a SPARQL query and return the engine's result, unread.

        Nothing is checked here: foreign text goes through ``queries.guard`` first.
        """
        return self._store.query(text)

    def match(
        self, subject: Subject | None, predicate: NamedNode | None, object_: Term | None
    ) -> Iterator[Triple]:
        """Yield the triples that fit a pattern; None fits anything."""
        for quad in self._store.quads_for_pattern(subject, predicate, object_, _DEFAULT):
            yield Triple(quad.subject, quad.predicate, quad.object)

    def objects(self, subject: Subject, predicate: NamedNode) -> list[Term]:
        """Return the objects of a subject's predicate, sorted."""
        found = [
            q.object
            for q in self._store.quads_for_pattern(subject, predicate, None, _DEFAULT)
            if not isinstance(q.object, Triple)
        ]
        return sorted(found, key=str)

    def one(self, subject: Subject, predicate: NamedNode) -> Term | None:
        """Return the first object of a subject's predicate, None where there is none."""
        found = self.objects(subject, predicate)
        return found[0] if found else None

    def nodes(self, subject: Subject, predicate: NamedNode) -> list[NamedNode]:
        """Return the objects that are IRIs, sorted."""
        return [o for o in self.objects(subject, predicate) if isinstance(o, NamedNode)]

    def node(self, subject: Subject, predicate: NamedNode) -> NamedNode | None:
        """Return the first object that is an IRI, None where there is none."""
        found = self.nodes(subject, predicate)
        return found[0] if found else None

    def text(self, subject: Subject, predicate: NamedNode) -> str:
        """Return the first object as text, empty where there is none."""
        found = self.one(subject, predicate)
        return "" if found is None else str(found.value)

    def subjects(self, predicate: NamedNode, object_: Term) -> list[Subject]:
        """Return the subjects that have this object for a predicate, sorted."""
        found = [
            q.subject
            for q in self._store.quads_for_pattern(None, predicate, object_, _DEFAULT)
            if not isinstance(q.subject, Triple)
        ]
        return sorted(found, key=str)

    def mentions(self, node: NamedNode) -> bool:
        """Return whether any statement has a node as subject, predicate or object."""
        found = (
            self.match(node, None, None),
            self.match(None, node, None),
            self.match(None, None, node),
        )
        return any(next(triples, None) is not None for triples in found)

    def contains(self, triple: Triple) -> bool:
        """Return whether the store holds a triple."""
        return Quad(triple.subject, triple.predicate, triple.object, _DEFAULT) in self._store

    def label(self, node: Term, languages: Iterable[str]) -> str:
        """Return the label of a node in the first language that has one.

        Literals are their own label; a node without a label gives its CURIE.
        """
        from kzgraph.namespaces import shrink

        if isinstance(node, Literal):
            return node.value
        found: dict[str, str] = {}
        for predicate in _LABEL_PREDICATES:
            for quad in self._store.quads_for_pattern(node, predicate, None, _DEFAULT):
                literal = quad.object
                if isinstance(literal, Literal):
                    found.setdefault(literal.language or "", literal.value)
            if found:
                break
        for language in languages:
            if language in found:
                return found[language]
        if found:
            return found.get("en") or found[min(found)]
        return shrink(node.value) if isinstance(node, NamedNode) else str(node)


_LABEL_PREDICATES = (
    NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"),
    NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
)
