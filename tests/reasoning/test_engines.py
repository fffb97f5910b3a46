"""Our closure against owlrl's: the same triples, on random graphs of every rule form."""

from __future__ import annotations

import os
import re

from kzgraph.reasoning import compile_ontology
from kzgraph.reasoning.closure import close
from kzgraph.reasoning.engines import close_with_owlrl, entailed_by_owlrl

# the number of graphs per form; raise it for a long search
GRAPHS = int(os.environ.get("KZGRAPH_RANDOM_GRAPHS", "200"))

# owlrl slows down with the square of the number of anonymous classes
BATCH = 25


def test_closure_equals_owlrls_on_random_graphs(form, draw_graphs, with_trivial):
    graphs = draw_graphs(form, GRAPHS)
    inferred = 0
    for start in range(0, len(graphs), BATCH):
        batch = graphs[start : start + BATCH]
        asserted = {t for graph in batch for t in (*graph.ontology, *graph.data)}
        rules = compile_ontology(t for graph in batch for t in graph.ontology)
        ours = with_trivial(asserted | {t for t, _ in close(rules, asserted).inferred})
        theirs, _ = entailed_by_owlrl(asserted)
        # owlrl also finds now and then that an anonymous class is a subclass of itself
        assert {t for t in ours ^ theirs if t.subject != t.object} == set()
        inferred += len(ours - asserted)
    assert inferred > len(graphs) / 2, "the graphs must give something to infer"


def test_contradictions_are_owlrls_on_random_graphs(constraint, draw_graphs):
    graphs = draw_graphs(constraint, GRAPHS)
    contradictory = set()
    for start in range(0, len(graphs), BATCH):
        batch = graphs[start : start + BATCH]
        asserted = {t for graph in batch for t in (*graph.ontology, *graph.data)}
        rules = compile_ontology(t for graph in batch for t in graph.ontology)
        found = close(rules, asserted).inconsistencies
        _, complaints = entailed_by_owlrl(asserted)
        ours = graphs_in(str(triple) for one in found for triple in one.triples)
        assert ours == graphs_in(complaints)
        contradictory |= ours
    assert len(graphs) / 20 < len(contradictory) < len(graphs), "some contradict themselves"


def graphs_in(texts):
    """Return the namespaces of the graphs that some texts speak of."""
    return set(re.findall(r"https://example\.org/[\w-]+-\d+/", " ".join(texts)))


def test_the_other_engine_gives_the_same_closure(draw_graphs):
    for graph in draw_graphs("mixed", 10):
        rules = compile_ontology(graph.ontology)
        ours = close(rules, [*graph.ontology, *graph.data])
        theirs = close_with_owlrl(graph.ontology, graph.data)
        assert {t for t, _ in theirs.inferred} == {t for t, _ in ours.inferred}
        assert {number for _, number in theirs.inferred} <= {1}


def test_the_other_engine_reports_contradictions_in_its_words(turtle):
    closure = close_with_owlrl(
        turtle("ex:A owl:disjointWith ex:B ."), turtle("ex:a a ex:A , ex:B .")
    )
    (found,) = closure.inconsistencies
    assert "https://example.org/a" in found.note


def test_the_other_engine_keeps_literals_as_they_are_spelt(turtle):
    data = turtle('ex:a ex:p "01"^^xsd:integer , "1.50"^^xsd:decimal , "Ә"@kk , "x" .')
    closure = close_with_owlrl(turtle("ex:p rdfs:subPropertyOf ex:q ."), data)
    assert {t.object for t, _ in closure.inferred} == {t.object for t in data}
