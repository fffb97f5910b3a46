"""Closed graphs as the prover sees them: triples, each with the round it came in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.reasoning.schema import Term

Rounds = Callable[[Triple], int | None]


class TripleSource(Protocol):
    """A closed graph: its triples, and the round in which each came in (asserted: 0)."""

    def match(
        self,
        subject: Term | None,
        predicate: NamedNode | None,
        value: Term | None,
        /,
    ) -> Iterator[Triple]:
        """Yield the triples that fit; None fits everything."""
        ...

    def round_of(self, triple: Triple, /) -> int | None:
        """Return the round of a triple, or None when the graph lacks it."""
        ...


class MemorySource:
    """A closed graph in memory, for small graphs and for tests.

    >>> from pyoxigraph import NamedNode
    >>> a, p = NamedNode("urn:a"), NamedNode("urn:p")
    >>> source = MemorySource({Triple(a, p, a): 0})
    >>> [source.round_of(triple) for triple in source.match(None, p, None)]
    [0]
    """

    def __init__(self, rounds: Mapping[Triple, int]) -> None:
        self._rounds = rounds
        self._index: dict[tuple[Term | None, Term | None, Term | None], list[Triple]] = {}
        for triple in rounds:
            subject, predicate, value = triple
            for first in (subject, None):
                for second in (predicate, None):
                    for third in (value, None):
                        self._index.setdefault((first, second, third), []).append(triple)

    def match(
        self, subject: Term | None, predicate: NamedNode | None, value: Term | None, /
    ) -> Iterator[Triple]:
        """Yield the triples that fit; None fits everything."""
        return iter(self._index.get((subject, predicate, value), ()))

    def round_of(self, triple: Triple, /) -> int | None:
        """Return the round of a triple, or None when the graph lacks it."""
        return self._rounds.get(triple)


class StoreSource:
    """The default graph of a store, with the rounds from wherever they are kept."""

    def __init__(self, store: Store, rounds: Rounds) -> None:
        self._store = store
        self._rounds = rounds

    def match(
        self, subject: Term | None, predicate: NamedNode | None, value: Term | None, /
    ) -> Iterator[Triple]:
        """Yield the triples that fit; None fits everything."""
        if isinstance(subject, Literal):
            return
        for quad in self._store.quads_for_pattern(subject, predicate, value, None):
            yield quad.triple

    def round_of(self, triple: Triple, /) -> int | None:
        """Return the round of a triple, or None when the graph lacks it."""
        return self._rounds(triple)
