from __future__ import annotations

import json

import pytest
from pyoxigraph import NamedNode, Variable

from kzgraph.errors import InputError, KzgraphError
from kzgraph.reasoning import RuleSet, UnsupportedAxiomError, compile_ontology
from kzgraph.reasoning import vocabulary as v

RESTRICTION = "ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; {} ] ."

UNSUPPORTED = {
    "functional": ("ex:p a owl:FunctionalProperty .", "owl:FunctionalProperty is not covered"),
    "inverse functional": ("ex:p a owl:InverseFunctionalProperty .", "is not covered"),
    "reflexive": ("ex:p a owl:ReflexiveProperty .", "owl:ReflexiveProperty is not covered"),
    "key": ("ex:A owl:hasKey ( ex:p ) .", "owl:hasKey is not covered"),
    "at most one": (RESTRICTION.format("owl:maxCardinality 1"), "maxCardinality is not covered"),
    "exactly one": (RESTRICTION.format("owl:cardinality 1"), "owl:cardinality is not covered"),
    "at least one": (RESTRICTION.format("owl:minCardinality 1"), "minCardinality is not covered"),
    "at most one of a class": (
        RESTRICTION.format("owl:maxQualifiedCardinality 1 ; owl:onClass ex:B"),
        "is not covered",
    ),
    "itself": (RESTRICTION.format("owl:hasSelf true"), "owl:hasSelf is not covered"),
    "disjoint union": ("ex:A owl:disjointUnionOf ( ex:B ex:C ) .", "disjointUnionOf is not cov"),
    "datatype facets": (
        "ex:p rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:integer ] .",
        "owl:onDatatype is not covered",
    ),
    "unknown term": ("ex:A owl:invented ex:B .", "owl:invented is not covered"),
    "misspelt term": ("ex:A rdfs:subclassOf ex:B .", "rdfs:subclassOf is not covered"),
    "unknown class": ("ex:p a owl:Invented .", "owl:Invented is not covered"),
    "container": ("ex:a rdf:_1 ex:b .", "rdf:_1 is not covered"),
    "literals enumerated": ("ex:A owl:oneOf ( 'x' ) .", "enumeration of literals is a datatype"),
    "some values of a datatype": (
        RESTRICTION.format("owl:someValuesFrom xsd:date"),
        "membership in a datatype is not derived",
    ),
    "restriction without property": (
        "ex:A rdfs:subClassOf [ owl:hasValue ex:a ] .",
        "exactly one owl:onProperty",
    ),
    "restriction with two properties": (
        RESTRICTION.format("owl:onProperty ex:q ; owl:hasValue ex:a"),
        "exactly one owl:onProperty",
    ),
    "everything is something": ("owl:Thing rdfs:subClassOf ex:A .", "membership in owl:Thing"),
    "everything, equivalently": ("ex:A owl:equivalentClass owl:Thing .", "in owl:Thing"),
    "everything is disjoint": ("ex:A owl:disjointWith owl:Thing .", "in owl:Thing"),
    "a part that is everything": ("ex:A owl:intersectionOf ( ex:B owl:Thing ) .", "in owl:Thing"),
    "a class of classes": ("owl:Class rdfs:subClassOf ex:A .", "membership in owl:Class"),
    "a kind of property": ("ex:A rdfs:subClassOf owl:TransitiveProperty .", "cannot be concluded"),
    "a meaning for rdf:type": ("ex:p rdfs:subPropertyOf rdf:type .", "rdf:type cannot be given"),
    "a meaning for sameAs": ("ex:p rdfs:subPropertyOf owl:sameAs .", "owl:sameAs cannot be given"),
    "a meaning for labels": ("rdfs:label rdfs:domain ex:A .", "rdfs:label cannot be given"),
    "a chain to sameAs": ("owl:sameAs owl:propertyChainAxiom ( ex:p ex:q ) .", "cannot be given"),
    "a literal as property": ("ex:p rdfs:subPropertyOf 'q' .", "a literal is no class"),
    "a literal as class": ("ex:p rdfs:domain 'A' .", "a literal is no class"),
    "an unexplained blank node": ("ex:p rdfs:subPropertyOf [] .", "is no property"),
    "an inverse of an inverse": (
        "ex:p rdfs:subPropertyOf [ owl:inverseOf [ owl:inverseOf ex:q ] ] .",
        "is no property",
    ),
    "an empty list": ("ex:A owl:unionOf () .", "the list is empty"),
    "a broken list": ("ex:A owl:unionOf [ rdf:first ex:B ] .", "the list is broken"),
    "a circular list": (
        "ex:A owl:unionOf _:l . _:l rdf:first ex:B ; rdf:rest _:l .",
        "the list is broken",
    ),
    "a forked list": (
        "ex:A owl:unionOf _:l . _:l rdf:first ex:B , ex:C ; rdf:rest () .",
        "the list is broken",
    ),
    "all disjoint without members": ("[] a owl:AllDisjointClasses .", "names no members"),
    "different from itself": (
        "[] a owl:AllDifferent ; owl:members ( ex:a ex:a ) .",
        "names a thing twice",
    ),
    "literals that differ": (
        "[] a owl:AllDifferent ; owl:members ( 'a' 'b' ) .",
        "literals differ by themselves",
    ),
    "a literal with a property": (
        "ex:A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf ex:p ] ; owl:hasValue 'x' ] .",
        "a literal has no properties",
    ),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_the_rules_do_not_cover_is_refused(name, turtle):
    axioms, reason = UNSUPPORTED[name]
    with pytest.raises(UnsupportedAxiomError) as caught:
        compile_ontology(turtle(axioms))
    assert reason in str(caught.value)
    assert caught.value.axiom in turtle(axioms) or "_:" in str(caught.value.axiom)
    assert caught.value.node == caught.value.axiom.subject


@pytest.mark.parametrize(
    "axiom", ["ex:p a owl:FunctionalProperty .", RESTRICTION.format("owl:maxCardinality 1")]
)
def test_a_refusal_says_what_to_write_instead(axiom, turtle):
    with pytest.raises(KzgraphError) as caught:
        compile_ontology(turtle(axiom))
    assert "sh:maxCount 1" in caught.value.hint


def test_annotations_and_declarations_pass(turtle):
    rules = compile_ontology(
        turtle(
            """
            <https://example.org/o> a owl:Ontology ; owl:versionIRI ex:v1 ; owl:imports ex:other ;
                owl:versionInfo "1" ; rdfs:comment "x"@en .
            ex:A a owl:Class ; rdfs:label "A"@en ; rdfs:isDefinedBy ex:o ; owl:deprecated true .
            ex:p a owl:ObjectProperty ; rdfs:seeAlso ex:q .
            ex:a a ex:A , owl:NamedIndividual ; ex:p "x" .
            """
        )
    )
    assert rules.axioms == ()
    assert {rule.name for rule in rules.rules} == {"eq-sym", "eq-trans", "eq-rep-s", "eq-rep-o"}


def test_a_rule_names_itself_and_its_axiom(turtle):
    (axiom,) = turtle("ex:A rdfs:subClassOf ex:B .")
    (rule,) = [r for r in compile_ontology([axiom]).rules if r.name.startswith("cax")]
    x = Variable("x")
    assert rule.name == "cax-sco"
    assert rule.head == (x, v.TYPE, NamedNode("https://example.org/B"))
    assert rule.body == ((x, v.TYPE, NamedNode("https://example.org/A")),)
    assert rule.axioms == (axiom,)


def test_every_rule_cites_axioms_of_the_ontology(form, draw_graphs):
    for graph in draw_graphs(form, 20):
        rules = compile_ontology(graph.ontology)
        assert set(rules.axioms) <= set(graph.ontology)
        for rule in (*rules.rules, *rules.constraints):
            assert set(rule.axioms) <= set(rules.axioms)
            assert rule.axioms or rule.name.startswith(("eq-", "cls-nothing"))


def test_no_two_rules_say_the_same(form, draw_graphs):
    for graph in draw_graphs(form, 20):
        rules = compile_ontology(graph.ontology).rules
        assert len({(rule.head, rule.body) for rule in rules}) == len(rules)
        assert not any(rule.head in rule.body for rule in rules)


def test_a_subclass_of_a_subclass_follows_from_both_axioms(turtle):
    axioms = turtle("ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:C .")
    (rule,) = [rule for rule in compile_ontology(axioms).rules if rule.name == "scm-sco"]
    assert rule.body == ()
    assert rule.head == tuple(turtle("ex:A rdfs:subClassOf ex:C .")[0])
    assert rule.axioms == tuple(axioms)


def test_the_order_of_the_axioms_does_not_matter(form, draw_graphs):
    for graph in draw_graphs(form, 20):
        forth = compile_ontology(graph.ontology)
        back = compile_ontology(reversed(graph.ontology))
        assert [(r.name, r.head, r.body) for r in forth.rules] == [
            (r.name, r.head, r.body) for r in back.rules
        ]


def test_rules_survive_json(form, draw_graphs):
    for graph in draw_graphs(form, 20):
        rules = compile_ontology(graph.ontology)
        assert RuleSet.from_json(rules.to_json()) == rules


def test_constraints_and_odd_literals_survive_json(turtle):
    rules = compile_ontology(
        turtle(
            r"""
            ex:A owl:disjointWith ex:B .
            ex:C owl:equivalentClass [ owl:onProperty ex:p ; owl:hasValue "a \"q\" \\ \n?x <y>"@kk ] .
            [] owl:sourceIndividual ex:a ; owl:assertionProperty ex:p ; owl:targetValue "?x" .
            """
        )
    )
    assert RuleSet.from_json(rules.to_json()) == rules


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "terms": [], "axioms": [[0, 1, 2]]}']
)
def test_text_that_holds_no_rules_is_refused(text):
    with pytest.raises(InputError, match="holds no rules"):
        RuleSet.from_json(text)


def test_rules_of_another_version_are_refused(turtle):
    content = json.loads(compile_ontology([]).to_json())
    content["format"] = 99
    with pytest.raises(InputError, match="format 99") as caught:
        RuleSet.from_json(json.dumps(content))
    assert "kzgraph build" in caught.value.hint
