"""A part of the repository's graph that is small enough for a slow reasoner, and its whole."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from kzgraph.claims.gate import CONTENT
from kzgraph.namespaces import RDF_TYPE, kz, kzr
from kzgraph.snapshot.closing import ClosedGraph
from kzgraph.store.memory import Subject, TripleIndex

ARTICLE = kzr("source-2023-russland-news")
PROPOSITION, EVIDENCE, IN_SOURCE = kz("proposition"), kz("evidence"), kz("inSource")


def admitted(closed: ClosedGraph) -> list[Triple]:
    """Return what takes part in inference: everything asserted but withheld relators."""
    withheld = closed.gate.withheld
    return [triple for triple in closed.asserted if triple.subject not in withheld]


def stratified(closed: ClosedGraph, ontology: list[Triple], *, nth: int) -> list[Triple]:
    """Return the ontology, what the article says, and every n-th relator of each class.

    With a relator come the things that it names, its claims, their passages and
    sources. The sample is the same each time, and each class has one at least.
    """
    return list(_stratified(closed, ontology, nth=nth))


def _stratified(closed: ClosedGraph, ontology: list[Triple], *, nth: int) -> Iterator[Triple]:
    graph = closed.asserted
    claims_on: dict[Subject, list[Subject]] = {}
    for predicate in (CONTENT, PROPOSITION):
        for claim, content in graph.pairs(predicate):
            assert isinstance(content, NamedNode)
            claims_on.setdefault(content, []).append(claim)
    passages = set(graph.subjects_of(IN_SOURCE, ARTICLE))
    said = [
        content
        for content, claims in claims_on.items()
        if any(passages & set(graph.objects(claim, EVIDENCE)) for claim in claims)
    ]
    classes: dict[str, list[Subject]] = {}
    for node in sorted(closed.gate.facts, key=str):
        for cls in graph.types(node):
            classes.setdefault(str(cls), []).append(node)
    picked = dict.fromkeys(said)
    for _, members in sorted(classes.items()):
        picked.update(dict.fromkeys(members[::nth]))
    chosen: dict[Subject, None] = {}
    for node in picked:
        chosen[node] = None
        _choose(_named(graph, node), graph, chosen)
        for claim in claims_on.get(node, ()):
            chosen[claim] = None
            _choose(_named(graph, claim), graph, chosen)
            for passage in graph.objects(claim, EVIDENCE):
                assert isinstance(passage, NamedNode)
                _choose(_named(graph, passage), graph, chosen)
    yield from ontology
    described = {triple.subject for triple in ontology}
    for node in chosen:
        if node not in described and node not in closed.gate.withheld:
            yield from graph.describe(node)


def _named(graph: TripleIndex, node: Subject) -> Iterator[NamedNode]:
    """Yield the things that a node's statements name."""
    for triple in graph.describe(node):
        if isinstance(triple.object, NamedNode) and triple.predicate != RDF_TYPE:
            yield triple.object


def _choose(nodes: Iterator[NamedNode], graph: TripleIndex, chosen: dict[Subject, None]) -> None:
    chosen.update((node, None) for node in nodes if graph.one(node, RDF_TYPE) is not None)
