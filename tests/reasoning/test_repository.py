"""The closure of the repository is owlrl's, triple by triple.

Owlrl takes minutes over all of it, so a fixed sample stands for the whole here;
``make oracle`` compares the whole.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from pyoxigraph import NamedNode, Triple

from kzgraph.namespaces import KZ, RDF_TYPE
from kzgraph.reasoning.closure import close
from kzgraph.reasoning.engines import close_with_owlrl

from .sampling import ARTICLE, CONTENT, EVIDENCE, IN_SOURCE, admitted, stratified

WHOLE = os.environ.get("KZGRAPH_ORACLE") == "whole"
# every so many relators of a class: what owlrl closes in about 40 seconds
NTH = 10


@pytest.fixture(scope="module")
def sample(graph: Any) -> list[Triple]:
    """What both engines close."""
    return admitted(graph.closed) if WHOLE else stratified(graph.closed, graph.ontology, nth=NTH)


def test_ontology_and_data_close_as_owlrl_closes_them(graph: Any, sample: list[Triple]) -> None:
    closure = close(graph.closed.rules, sample)
    own = {triple for triple, _ in closure.inferred}
    oracle = {triple for triple, _ in close_with_owlrl([], sample).inferred}
    assert sorted(map(str, own - oracle)) == []
    assert sorted(map(str, oracle - own)) == []
    assert closure.inconsistencies == []
    # the sample is worth the wait: most edges that there are come about in it too
    predicates = {t.predicate for t in graph.inferred if t.predicate.value.startswith(KZ)}
    missing = predicates - {t.predicate for t in own}
    assert len(missing) <= len(predicates) / 20, sorted(map(str, missing))


def test_the_sample_has_the_article_and_something_of_every_class_of_facts(
    graph: Any, sample: list[Triple]
) -> None:
    whole = graph.closed.asserted
    sampled = {triple.subject for triple in sample}
    passages = set(whole.subjects_of(IN_SOURCE, ARTICLE))
    said = {s for s, o in whole.pairs(CONTENT) if passages & set(whole.objects(s, EVIDENCE))}
    assert len(said) >= 100
    assert said <= sampled
    facts = classes_of(graph, graph.closed.gate.facts)
    taken = classes_of(graph, graph.closed.gate.facts & sampled)
    assert facts.keys() == taken.keys()
    assert {name for name, count in facts.items() if taken[name] < count // NTH} == set()
    assert set(graph.ontology) <= set(sample)


def test_what_is_kept_from_inference_is_in_no_sample(graph: Any, sample: list[Triple]) -> None:
    assert not {triple.subject for triple in sample} & graph.closed.gate.withheld.keys()


def classes_of(graph: Any, nodes: Any) -> Counter[NamedNode]:
    """Return how many of some nodes each class has."""
    return Counter(cls for node in nodes for cls in graph.closed.asserted.objects(node, RDF_TYPE))
