"""Triples in memory, indexed by subject and by predicate."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.namespaces import RDF_TYPE

Subject = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off the search for reference cycles, which triples never form.

    Python starts that search whenever many objects are new, and going through
    hundreds of thousands of triples again and again takes a third of a build.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class TripleIndex:
    """A set of triples that answers "what does this node say" in constant time.

    Terms keep the author's spelling (a store would rewrite ``1.50`` to ``1.5``).
    """

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._by_subject: dict[Subject, dict[NamedNode, dict[Term, None]]] = {}
        self._by_predicate: dict[NamedNode, dict[tuple[Subject, Term], None]] = defaultdict(dict)
        self._size = 0
        self.add(triples)

    def add(self, triples: Iterable[Triple]) -> None:
        """Add triples; one that is there already changes nothing."""
        by_subject, by_predicate = self._by_subject, self._by_predicate
        for subject, predicate, value in triples:
            if isinstance(subject, Triple) or isinstance(value, Triple):
                continue  # RDF 1.2 triple terms have no place in this model
            predicates = by_subject.get(subject)
            if predicates is None:
                predicates = by_subject[subject] = {}
            objects = predicates.get(predicate)
            if objects is None:
                objects = predicates[predicate] = {}
            if value not in objects:
                objects[value] = None
                by_predicate[predicate][(subject, value)] = None
                self._size += 1

    def take_over(self, other: TripleIndex) -> None:
        """Add all triples of another index, which must not be used any more.

        Much quicker than ``add`` where the two speak of different subjects.
        """
        for subject, predicates in other._by_subject.items():
            if subject in self._by_subject:
                self.add(other.describe(subject))
                continue
            self._by_subject[subject] = predicates
            self._size += sum(map(len, predicates.values()))
        for predicate, pairs in other._by_predicate.items():
            self._by_predicate[predicate].update(pairs)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Triple]:
        for subject, predicates in self._by_subject.items():
            for predicate, objects in predicates.items():
                for object_ in objects:
                    yield Triple(subject, predicate, object_)

    def __contains__(self, triple: Triple) -> bool:
        if isinstance(triple.subject, Triple):
            return False
        return triple.object in self._by_subject.get(triple.subject, {}).get(triple.predicate, {})

    def subjects(self) -> Iterator[Subject]:
        """Yield every subject once, in the order of arrival."""
        yield from self._by_subject

    def all_predicates(self) -> list[NamedNode]:
        """Return every predicate once, in the order of arrival."""
        return list(self._by_predicate)

    def predicates(self, subject: Subject) -> Iterator[NamedNode]:
        """Yield the predicates of a subject."""
        yield from self._by_subject.get(subject, {})

    def objects(self, subject: Subject, predicate: NamedNode) -> list[Term]:
        """Return the objects of a subject's predicate, in the order of arrival."""
        return list(self._by_subject.get(subject, {}).get(predicate, ()))

    def one(self, subject: Subject, predicate: NamedNode) -> Term | None:
        """Return the only or first object of a subject's predicate, None where there is none."""
        return next(iter(self._by_subject.get(subject, {}).get(predicate, ())), None)

    def node(self, subject: Subject, predicate: NamedNode) -> NamedNode | None:
        """Return the first object that is an IRI, None where there is none."""
        return next((o for o in self.objects(subject, predicate) if isinstance(o, NamedNode)), None)

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Subject, Term]]:
        """Yield (subject, object) of a predicate."""
        yield from self._by_predicate.get(predicate, ())

    def subjects_of(self, predicate: NamedNode, object_: Term) -> list[Subject]:
        """Return the subjects that have this object for a predicate."""
        return [s for s, o in self._by_predicate.get(predicate, ()) if o == object_]

    def types(self, subject: Subject) -> list[Term]:
        """Return the asserted classes of a subject."""
        return self.objects(subject, RDF_TYPE)

    def describe(self, subject: Subject) -> Iterator[Triple]:
        """Yield the triples of one subject."""
        for predicate, objects in self._by_subject.get(subject, {}).items():
            for object_ in objects:
                yield Triple(subject, predicate, object_)
