"""What cannot all be true: the contradictions that the closure finds, with what leads to them."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from kzgraph.reasoning.proofs import prove
from kzgraph.reasoning.schema import display, display_triple
from kzgraph.reasoning.sources import MemorySource
from kzgraph.validation.corpus import Corpus, Problem


def check_consistent(corpus: Corpus) -> Iterator[Problem]:
    """Nothing contradicts the axioms: no city that is a person, no border with itself."""
    closed = corpus.closed
    contradictions = closed.closure.inconsistencies
    if not contradictions:
        return
    rounds: dict[Triple, int] = dict.fromkeys(closed.asserted, 0)
    for triple, number in closed.closure.inferred:
        rounds.setdefault(triple, number)
    source = MemorySource(rounds)
    for found in contradictions:
        given: dict[Triple, None] = {}
        for triple in found.triples:
            for leaf in prove(source, closed.rules, triple).leaves():
                given[leaf] = None
        # the place to look at: a statement of a wanted text, else of any text
        said = [t for t in given if t.subject in corpus.files_of]
        wanted = [t for t in said if t.subject in corpus.wanted_nodes]
        blamed = next(iter(wanted or said), None)
        node = blamed.subject if blamed else found.triples[0].subject
        axioms = " ; ".join(display_triple(axiom) for axiom in found.rule.axioms)
        yield Problem(
            "contradiction",
            node if isinstance(node, NamedNode) else None,
            predicates=(blamed.predicate,) if blamed else (),
            value=blamed.object if blamed and not isinstance(blamed.object, Triple) else None,
            details={
                "broken": " and ".join(display_triple(t) for t in found.triples),
                "rule": found.rule.name,
                "axioms": axioms or display(found.rule.name),
                "given": " ; ".join(display_triple(t) for t in given),
                "note": found.note,
            },
        )
