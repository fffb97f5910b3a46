"""Proofs: of least depth, replayed by a checker that shares no code with what found them."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from dataclasses import replace

import pytest
from pyoxigraph import NamedNode, Triple

from kzgraph.namespaces import RDF_TYPE
from kzgraph.reasoning.checker import Checker, ProofError
from kzgraph.reasoning.closure import close
from kzgraph.reasoning.proofs import ASSERTED, NotEntailedError, Proof, last_steps, prove
from kzgraph.reasoning.rules import RuleSet, compile_ontology
from kzgraph.reasoning.sources import MemorySource

WHOLE = os.environ.get("KZGRAPH_ORACLE") == "whole"


def closed(ontology, data):
    """Return rules, rounds and source of a small graph; ontology and data are one graph."""
    triples = [*ontology, *data]
    rules = compile_ontology(ontology)
    rounds = dict.fromkeys(triples, 0)
    for triple, number in close(rules, triples).inferred:
        rounds.setdefault(triple, number)
    return rules, rounds, MemorySource(rounds)


def test_every_inferred_triple_has_a_proof_of_least_depth_that_checks(form, draw_graphs):
    for graph in draw_graphs(form, 8):
        rules, rounds, source = closed(graph.ontology, graph.data)
        checker = Checker(graph.ontology, lambda t, known=rounds: known.get(t) == 0)
        for triple, number in rounds.items():
            proof = prove(source, rules, triple)
            assert proof.conclusion == triple
            assert proof.depth == number
            checker.check(proof)


def test_the_ways_that_are_counted_are_all_the_last_steps_there_are(form, draw_graphs, naive):
    for graph in draw_graphs(form, 2):
        rules, rounds, source = closed(graph.ontology, graph.data)
        if len(rounds) > 60:
            continue
        checker = Checker(graph.ontology, lambda t, known=rounds: known.get(t) == 0)
        for triple, number in list(rounds.items())[:25]:
            proofs, total = last_steps(source, rules, triple)
            assert len(proofs) == min(total, 20)
            assert total >= 1
            assert proofs[0].depth == number
            steps = set()
            for proof in proofs:
                checker.check(proof)
                steps.add((proof.rule, proof.axioms, tuple(p.conclusion for p in proof.premises)))
                inner = [s.conclusion for s in proof.steps()][1:]
                assert triple not in inner, "a proof runs in a circle"
            assert len(steps) == len(proofs)


@pytest.fixture(scope="module")
def membership(request):
    """A chain of two over an inverse: the shape of nearly every edge of the project."""
    turtle = request.getfixturevalue("turtle")
    ontology = turtle(
        "g:in owl:inverseOf g:member . g:of owl:propertyChainAxiom ( g:in g:org ) ."
        "g:of rdfs:subPropertyOf g:wide . g:wide rdfs:domain g:State ."
    )
    data = turtle("ex:m g:member ex:k ; g:org ex:e . ex:n g:member ex:k ; g:org ex:e .")
    rules, rounds, source = closed(ontology, data)
    (wanted,) = turtle("ex:k g:wide ex:e .")
    checker = Checker(ontology, lambda t: rounds.get(t) == 0)
    return ontology, rules, rounds, source, wanted, checker


def test_an_edge_that_two_relators_give_has_two_ways(membership):
    _, rules, _, source, wanted, _ = membership
    edge = Triple(
        wanted.subject, NamedNode(wanted.predicate.value.replace("wide", "of")), wanted.object
    )
    proofs, total = last_steps(source, rules, edge)
    assert total == 2
    assert {leaf.subject.value[-1] for p in proofs for leaf in p.leaves()} == {"m", "n"}


def mutants(proof, other):
    """Yield broken copies of a proof, each with what was done to it."""
    steps = list(proof.steps())
    inner = next(s for s in steps if s.premises)
    yield "a premise is missing", replace(inner, premises=inner.premises[1:])
    yield "the conclusion is another", replace(inner, conclusion=other)
    yield "the rule is another", replace(inner, rule="prp-symp")
    yield "the rule is not there", replace(inner, rule="prp-none")
    yield "an axiom is missing", replace(inner, axioms=inner.axioms[1:])
    yield "the axiom is made up", replace(inner, axioms=(other,))
    yield "it rests on itself", replace(inner, premises=(inner, *inner.premises[1:]))
    yield "a leaf is not asserted", Proof(other)
    yield "the conclusion stands as a leaf", Proof(inner.conclusion)
    deep = next(s for s in steps if len(s.premises) == 2)
    yield "premises are swapped", replace(deep, premises=deep.premises[::-1])
    yield "a premise stands twice", replace(deep, premises=(deep.premises[0],) * 2)
    false = replace(deep.premises[0], conclusion=other)
    yield "a premise is false", replace(deep, premises=(false, deep.premises[1]))


def test_a_broken_proof_is_rejected_whatever_is_broken(membership, turtle):
    _, rules, _, source, wanted, checker = membership
    proof = prove(source, rules, wanted)
    checker.check(proof)
    (other,) = turtle("ex:x g:wide ex:y .")
    tried = 0
    for what, mutant in mutants(proof, other):
        with pytest.raises(ProofError):
            checker.check(mutant)
            pytest.fail(f"accepted: {what}")
        tried += 1
    assert tried == 12


def test_random_damage_to_random_proofs_never_proves_what_does_not_hold(form, draw_graphs):
    chance = random.Random(form)
    for graph in draw_graphs(form, 4):
        rules, rounds, source = closed(graph.ontology, graph.data)
        checker = Checker(graph.ontology, lambda t, known=rounds: known.get(t) == 0)
        inferred = [t for t, n in rounds.items() if n]
        terms = [t for triple in rounds for t in (triple.subject, triple.object)]
        for triple in inferred[:20]:
            proof = prove(source, rules, triple)
            node = chance.choice(terms)
            if not isinstance(node, NamedNode):
                continue
            claimed = Triple(node, triple.predicate, triple.object)
            try:
                checker.check(replace(proof, conclusion=claimed))
            except ProofError:
                continue
            # accepted, so it has to hold: of everything, or in this graph
            trivial = claimed.object == NamedNode("http://www.w3.org/2002/07/owl#Thing")
            same = claimed.subject == claimed.object
            assert claimed in rounds or trivial or same


def test_what_does_not_hold_has_no_proof(membership, turtle):
    _, rules, _, source, _, _ = membership
    (absent,) = turtle("ex:e g:wide ex:k .")
    with pytest.raises(NotEntailedError) as caught:
        prove(source, rules, absent)
    assert caught.value.triple == absent
    with pytest.raises(NotEntailedError):
        last_steps(source, rules, absent)


def test_what_is_asserted_is_its_own_proof(membership, turtle):
    _, rules, _, source, _, checker = membership
    (fact,) = turtle("ex:m g:member ex:k .")
    proof = prove(source, rules, fact)
    assert (proof.rule, proof.depth, proof.leaves()) == (ASSERTED, 0, [fact])
    checker.check(proof)


def test_at_most_the_limit_is_shown_and_the_rest_counted(turtle):
    ontology = turtle("g:of owl:propertyChainAxiom ( g:a g:b ) .")
    data = turtle(" ".join(f"ex:x g:a ex:m{i} . ex:m{i} g:b ex:y ." for i in range(30)))
    rules, _, source = closed(ontology, data)
    (edge,) = turtle("ex:x g:of ex:y .")
    proofs, total = last_steps(source, rules, edge, limit=20)
    assert (len(proofs), total) == (20, 30)


def test_a_long_line_of_steps_needs_no_deep_stack(turtle):
    ontology = turtle("g:p a owl:TransitiveProperty .")
    data = turtle(" ".join(f"ex:n{i} g:p ex:n{i + 1} ." for i in range(300)))
    rules, rounds, source = closed(ontology, data)
    (edge,) = turtle("ex:n0 g:p ex:n300 .")
    proof = prove(source, rules, edge)
    assert proof.depth == rounds[edge] == 9  # doubling: 2 to the 9th is over 300
    Checker(ontology, lambda t: rounds.get(t) == 0).check(proof)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5])
def test_a_chain_of_any_length_is_one_step(turtle, length):
    steps = " ".join(f"g:s{i}" for i in range(length))
    ontology = turtle(f"g:of owl:propertyChainAxiom ( {steps} ) .")
    data = turtle(" ".join(f"ex:n{i} g:s{i} ex:n{i + 1} ." for i in range(length)))
    rules, rounds, source = closed(ontology, data)
    (edge,) = turtle(f"ex:n0 g:of ex:n{length} .")
    proof = prove(source, rules, edge)
    assert (proof.depth, len(proof.premises)) == (1, length)
    Checker(ontology, lambda t: rounds.get(t) == 0).check(proof)
    shorter = [t for t, n in rounds.items() if n and t.predicate == edge.predicate]
    assert shorter == [edge]


def test_rules_survive_being_written_down(form, draw_graphs):
    for graph in draw_graphs(form, 3):
        rules = compile_ontology(graph.ontology)
        assert RuleSet.from_json(rules.to_json()) == rules


def test_what_the_repository_infers_has_proofs_of_least_depth_that_check(graph):
    asserted = [t for t in graph.closed.asserted if t.subject not in graph.closed.gate.withheld]
    rounds = dict.fromkeys(asserted, 0) | dict(graph.closed.closure.inferred)
    source = MemorySource(rounds)
    checker = Checker(graph.ontology, lambda t: rounds.get(t) == 0)
    kinds = defaultdict(list)
    for triple, number in graph.closed.closure.inferred:
        kind = triple.object if triple.predicate == RDF_TYPE else None
        kinds[triple.predicate, kind, number].append(triple)
    assert len(kinds) > 150
    for (_, _, number), members in kinds.items():
        # proofs of one kind are alike: the first ones and some of the others stand for all
        for triple in members if WHOLE else (*members[:5], *members[5::20]):
            proof = prove(source, graph.closed.rules, triple)
            assert proof.conclusion == triple
            assert proof.depth == number
            checker.check(proof)
