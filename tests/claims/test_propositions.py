"""What is said is not what is so: a proposition can never entail an edge.

Three ways to see it: no axiom names the properties of propositions; a graph with any number
of propositions and claims infers the same edges; a claim that does not assert makes no fact.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from pyoxigraph import BlankNode, NamedNode, Triple

from kzgraph.claims.gate import FACT
from kzgraph.namespaces import KZ, OWL, RDF, RDF_TYPE, RDFS, kz, kzr, kzv
from kzgraph.reasoning.rules import compile_ontology
from kzgraph.snapshot.closing import close_graph
from kzgraph.store.memory import TripleIndex

SAYS = (kz("saysSubject"), kz("saysRelation"), kz("saysObject"), kz("concernsRelator"))
# what an ontology may say of a term without anything following for the things it links
HARMLESS = {
    RDF_TYPE.value, RDFS + "label", RDFS + "comment", RDFS + "isDefinedBy",
}  # fmt: skip
KINDS = {OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "Class", RDF + "Property"}
STANCES = (
    "denies", "evaluates", "predicts", "fears", "hopes", "intends", "orders", "demands",
    "warns", "asks", "promises", "refuses-to-recognise",
)  # fmt: skip


def is_logical(predicate: str) -> bool:
    """Return whether a statement of the ontology can make rules fire."""
    return predicate.startswith((RDFS, OWL)) and predicate not in HARMLESS


@pytest.mark.parametrize("term", SAYS, ids=lambda t: t.value.rpartition("#")[2])
def test_no_axiom_names_what_a_proposition_says(term: NamedNode, graph: Any) -> None:
    touching = [
        t
        for t in graph.ontology
        if term in (t.subject, t.object, t.predicate) and is_logical(t.predicate.value)
    ]
    assert touching == []
    kinds = {
        t.object.value for t in graph.ontology if t.subject == term and t.predicate == RDF_TYPE
    }
    assert kinds <= KINDS  # neither symmetric nor transitive nor anything else that infers


def test_axioms_on_the_property_proposition_type_the_claim_and_the_proposition_only(
    graph: Any,
) -> None:
    term = kz("proposition")
    touching = {
        (t.predicate.value, t.object)
        for t in graph.ontology
        if term == t.subject and is_logical(t.predicate.value)
    }
    assert touching <= {(RDFS + "domain", kz("Claim")), (RDFS + "range", kz("Proposition"))}
    assert not [t for t in graph.ontology if t.object == term and is_logical(t.predicate.value)]


def test_no_relation_of_propositions_is_a_property(graph: Any) -> None:
    index: TripleIndex = graph.everything
    relations = [
        s
        for s, _ in index.pairs(RDF_TYPE)
        if isinstance(s, NamedNode) and s.value.rpartition("/")[2].startswith("relation-")
    ]
    assert relations
    for relation in relations:
        assert not [k for k in index.types(relation) if str(k.value) in KINDS], relation
    used = {t.predicate for t in graph.data}
    assert not used & set(relations)


def test_no_rule_reads_what_a_proposition_says(graph: Any) -> None:
    rules = compile_ontology(TripleIndex(graph.ontology)).rules
    for rule in rules:
        named = {term for atom in (*rule.body, rule.head or ()) for term in atom}
        assert not named & set(SAYS), rule


def made_up(seed: int, things: list[NamedNode], relations: list[NamedNode]) -> list[Triple]:
    """Return random propositions on the graph's own things, each with claims of every stance."""
    chance = random.Random(seed)
    out: list[Triple] = []

    def say(subject: NamedNode, predicate: NamedNode, value: NamedNode) -> None:
        out.append(Triple(subject, predicate, value))

    for number in range(120):
        proposition = kzr(f"proposition-made-up-{seed}-{number}")
        say(proposition, RDF_TYPE, kz("Proposition"))
        say(proposition, kz("saysSubject"), chance.choice(things))
        say(proposition, kz("saysRelation"), chance.choice(relations))
        if chance.random() < 0.8:
            say(proposition, kz("saysObject"), chance.choice(things))
        if chance.random() < 0.3:
            say(proposition, kz("concernsRelator"), chance.choice(things))
        for stance in chance.sample((*STANCES, "asserts"), 3):
            claim = kzr(f"said-made-up-{seed}-{number}-{stance}")
            say(claim, RDF_TYPE, kz("Claim"))
            say(claim, kz("claimant"), kzr("country-kaz"))
            say(claim, kz("reporter"), kzr("country-rus"))
            say(claim, kz("reviewState"), kzv("review-accepted"))
            say(claim, kz("stance"), kzv(f"stance-{stance}"))
            say(claim, kz("proposition"), proposition)
            say(claim, kz("evidence"), kzr("said-rn2023-p03-s04"))
    return out


@pytest.mark.parametrize("seed", range(2))
def test_more_propositions_and_claims_infer_nothing_about_anything_else(
    seed: int, graph: Any
) -> None:
    index: TripleIndex = graph.closed.asserted
    things = [
        s
        for s in index.subjects()
        if isinstance(s, NamedNode) and s.value.startswith("https://w3id.org/kzgraph/id/")
    ]
    relations = [
        kzv("relation-feels-threatened-by"),
        kz("memberOf"),
        kz("locatedIn"),
        kz("borders"),
    ]
    extra = made_up(seed, things, relations)
    closed = close_graph(graph.ontology, [*graph.data, *extra], rules=graph.closed.rules)
    own = {t.subject for t in extra}
    fresh = {t for t, _ in closed.closure.inferred} - graph.inferred
    # claims are attributed to their claimants, which the alignment with PROV says; nothing else
    assert [t for t in fresh if t.subject not in own] == []
    assert not [t for t in fresh if isinstance(t.object, NamedNode) and _is_edge(t)]
    assert closed.gate.facts == graph.closed.gate.facts
    assert closed.slots.of == graph.closed.slots.of
    assert closed.closure.inconsistencies == []


def _is_edge(triple: Triple) -> bool:
    """Return whether a triple is a direct edge of our own vocabulary."""
    return bool(triple.predicate.value.startswith(KZ))


@pytest.mark.parametrize("stance", STANCES)
def test_a_stance_that_does_not_assert_makes_no_fact(stance: str, graph: Any, turtle: Any) -> None:
    data = turtle(
        f"""
        kzr:m a kz:Membership ; kz:memberState kzr:a ; kz:organisation kzr:o .
        kzr:c a kz:Claim ; kz:stance kzv:stance-{stance} ; kz:content kzr:m ;
            kz:reviewState kzv:review-accepted .
        """
    )
    closed = close_graph(graph.ontology, data, rules=graph.closed.rules)
    assert closed.gate.facts == frozenset()
    assert closed.gate.supported_by == []
    assert not [t for t, _ in closed.closure.inferred if t.predicate == kz("memberOf")]


def test_a_proposition_that_names_a_relator_does_not_support_it(graph: Any, turtle: Any) -> None:
    data = turtle(
        """
        kzr:m a kz:Membership ; kz:memberState kzr:a ; kz:organisation kzr:o .
        kzr:p a kz:Proposition ; kz:concernsRelator kzr:m ; kz:saysSubject kzr:a .
        kzr:c a kz:Claim ; kz:stance kzv:stance-asserts ; kz:proposition kzr:p ;
            kz:reviewState kzv:review-accepted .
        """
    )
    closed = close_graph(graph.ontology, data, rules=graph.closed.rules)
    assert closed.gate.facts == frozenset()


def test_no_proposition_or_claim_of_the_repository_is_a_fact(graph: Any) -> None:
    index: TripleIndex = graph.everything
    facts = set(index.subjects_of(RDF_TYPE, FACT))
    assert facts
    for kind in ("Proposition", "Claim", "Passage"):
        assert not facts & set(index.subjects_of(RDF_TYPE, kz(kind))), kind


@pytest.mark.parametrize(
    "authored",
    [
        "kzr:m a kz:Fact .",
        "kzr:p a kz:Fact .",
        "kzr:m kz:supportedBy kzr:c .",
        'kzr:m kz:beginEarliest "2000-01-01"^^xsd:date .',
        "kzr:m kz:slot kzr:slot-1 .",
    ],
)
def test_what_the_build_derives_counts_for_nothing_when_it_is_written_by_hand(
    authored: str, graph: Any, turtle: Any
) -> None:
    data = turtle(
        f"""
        kzr:m a kz:Membership ; kz:memberState kzr:a ; kz:organisation kzr:o .
        kzr:p a kz:Proposition ; kz:saysSubject kzr:a .
        kzr:c a kz:Claim ; kz:stance kzv:stance-denies ; kz:proposition kzr:p ;
            kz:reviewState kzv:review-accepted .
        {authored}
        """
    )
    closed = close_graph(graph.ontology, data, rules=graph.closed.rules)
    everything = {*closed.asserted, *closed.computed, *(t for t, _ in closed.closure.inferred)}
    (written,) = turtle(authored)
    assert written not in everything
    assert Triple(kzr("m"), RDF_TYPE, FACT) not in everything


def test_what_points_to_a_relator_that_does_not_count_makes_no_edge_either(
    graph: Any, turtle: Any
) -> None:
    # written from the other side, against the rule that the relator names its parts
    data = turtle(
        """
        kzr:m a kz:Membership .
        kzr:a kz:memberStateIn kzr:m .
        kzr:m kz:organisation kzr:o .
        """
    )
    closed = close_graph(graph.ontology, data, rules=graph.closed.rules)
    inferred = {t for t, _ in closed.closure.inferred}
    assert not [t for t in inferred if t.predicate in (kz("memberOf"), kz("memberState"))]
    assert not [t for t in inferred if isinstance(t.subject, BlankNode)]
