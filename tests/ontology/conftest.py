"""The files of the ontology, read once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kzgraph.namespaces import KZ, KZV, OWL, RDF
from kzgraph.resources import folder

TYPE = NamedNode(RDF + "type")
ONTOLOGY = NamedNode(OWL + "Ontology")


def ontology_files() -> list[Path]:
    """Return every Turtle file of the ontology but the shapes."""
    root = folder("ontology")
    return sorted(p for p in root.rglob("*.ttl") if "shapes" not in p.parts)


def read(path: Path) -> list[Triple]:
    """Return the triples of a file."""
    return [q.triple for q in parse(path=str(path), format=RdfFormat.TURTLE)]


class Ontology:
    """The triples of the ontology, by file and together."""

    def __init__(self) -> None:
        self.files = {path: read(path) for path in ontology_files()}
        self.triples = [t for triples in self.files.values() for t in triples]
        self.file_of = {
            t.subject.value: path
            for path, triples in self.files.items()
            for t in triples
            if t.predicate == TYPE and t.object == ONTOLOGY
        }

    def match(
        self, subject: object = None, predicate: object = None, value: object = None
    ) -> Iterator[Triple]:
        """Yield the triples of a pattern."""
        for triple in self.triples:
            if (
                (subject is None or triple.subject == subject)
                and (predicate is None or triple.predicate == predicate)
                and (value is None or triple.object == value)
            ):
                yield triple

    def values(self, subject: object, predicate: NamedNode) -> set[object]:
        """Return the values of a property of a subject."""
        return {t.object for t in self.match(subject, predicate)}

    def of_kind(self, kind: NamedNode, namespace: str = KZ) -> set[NamedNode]:
        """Return the terms of a namespace that have a type."""
        return {
            t.subject for t in self.match(None, TYPE, kind) if t.subject.value.startswith(namespace)
        }

    def own_terms(self) -> set[NamedNode]:
        """Return the classes and properties of our own."""
        return {t.subject for t in self.match(None, TYPE) if t.subject.value.startswith(KZ)}

    def concepts(self) -> set[NamedNode]:
        """Return the concepts of our own, without the schemes."""
        concept = NamedNode("http://www.w3.org/2004/02/skos/core#Concept")
        return self.of_kind(concept, KZV)

    def closure_of(self, property_: NamedNode, start: object) -> set[object]:
        """Return what is reached from a term along a property, itself included."""
        found, waiting = {start}, [start]
        while waiting:
            for value in self.values(waiting.pop(), property_):
                if value not in found:
                    found.add(value)
                    waiting.append(value)
        return found


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    """Return the whole ontology, read once; read it only."""
    return Ontology()
