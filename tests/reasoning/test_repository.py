"""The closure of the whole repository is owlrl's, triple by triple."""

from __future__ import annotations

from kzgraph.reasoning.closure import close
from kzgraph.reasoning.engines import close_with_owlrl
from kzgraph.snapshot.build import read_sources
from kzgraph.snapshot.closing import close_graph
from kzgraph.snapshot.sources import source_files


def test_ontology_and_data_close_as_owlrl_closes_them() -> None:
    ontology, data, _ = read_sources(source_files())
    admitted = []

    def recording(rules, triples):
        admitted.extend(triples)
        return close(rules, admitted)

    graph = close_graph(ontology, data, closer=recording)
    own = {triple for triple, _ in graph.closure.inferred}
    oracle = {triple for triple, _ in close_with_owlrl([], admitted).inferred}
    assert len(own) > 4000
    assert sorted(map(str, own - oracle)) == []
    assert sorted(map(str, oracle - own)) == []
    assert graph.closure.inconsistencies == []
