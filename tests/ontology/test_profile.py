"""The ontology stays inside OWL 2 RL, and inside the limits of our own model."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, NamedNode

from kzgraph.namespaces import KZ, OWL, RDF, RDFS, kz
from kzgraph.reasoning.rules import compile_ontology
from kzgraph.resources import folder

from .conftest import TYPE

CHAIN = NamedNode(OWL + "propertyChainAxiom")
INVERSE = NamedNode(OWL + "inverseOf")
DISJOINT = NamedNode(OWL + "disjointWith")
SUB_CLASS = NamedNode(RDFS + "subClassOf")
SUB_PROPERTY = NamedNode(RDFS + "subPropertyOf")
DOMAIN = NamedNode(RDFS + "domain")
RANGE = NamedNode(RDFS + "range")
DOMAIN_INCLUDES = NamedNode("https://schema.org/domainIncludes")
CLASS = NamedNode(OWL + "Class")
OBJECT_PROPERTY = NamedNode(OWL + "ObjectProperty")
DATATYPE_PROPERTY = NamedNode(OWL + "DatatypeProperty")
ANNOTATION_PROPERTY = NamedNode(OWL + "AnnotationProperty")
KINDS = (OBJECT_PROPERTY, DATATYPE_PROPERTY, ANNOTATION_PROPERTY)
PARTS = ("saysSubject", "saysRelation", "saysObject", "concernsRelator")

# what the ontology may say in the RDF, RDFS and OWL vocabularies: all of it OWL 2 RL,
# and nothing that would merge rival values (functional, inverse functional, keys, max 1)
ALLOWED = {
    "rdf": {"type", "first", "rest", "nil", "langString"},
    "rdfs": {"label", "isDefinedBy", "subClassOf", "subPropertyOf", "domain", "range", "Datatype"},
    "owl": {
        "Ontology",
        "imports",
        "versionIRI",
        "versionInfo",
        "deprecated",
        "Class",
        "ObjectProperty",
        "DatatypeProperty",
        "AnnotationProperty",
        "inverseOf",
        "propertyChainAxiom",
        "disjointWith",
        "SymmetricProperty",
        "TransitiveProperty",
        "AsymmetricProperty",
        "IrreflexiveProperty",
    },
}


def first_of(ontology, node):
    """Return the members of an RDF list."""
    nil = NamedNode(RDF + "nil")
    members = []
    while node != nil:
        (member,) = ontology.values(node, NamedNode(RDF + "first"))
        (node,) = ontology.values(node, NamedNode(RDF + "rest"))
        members.append(member)
    return members


def chains(ontology):
    """Return (property, chain) for each chain axiom."""
    return [(t.subject, first_of(ontology, t.object)) for t in ontology.match(None, CHAIN)]


def relator_classes(ontology):
    """Return the classes of relators."""
    below = {
        c for c in ontology.of_kind(CLASS) if kz("Relator") in ontology.closure_of(SUB_CLASS, c)
    }
    return below - {kz("Relator"), kz("Fact")}


def test_only_constructs_of_the_profile_are_used(ontology):
    for prefix, namespace in (("rdf", RDF), ("rdfs", RDFS), ("owl", OWL)):
        used = {
            term.value.removeprefix(namespace)
            for t in ontology.triples
            for term in t
            if isinstance(term, NamedNode) and term.value.startswith(namespace)
        }
        assert used <= ALLOWED[prefix], used - ALLOWED[prefix]


def test_blank_nodes_are_lists_of_chains_and_nothing_else(ontology):
    for t in ontology.triples:
        if isinstance(t.subject, BlankNode):
            assert t.predicate.value in {RDF + "first", RDF + "rest"}, t
        elif isinstance(t.object, BlankNode):
            assert t.predicate == CHAIN, t


def test_our_own_rules_cover_every_axiom(ontology):
    assert len(compile_ontology(ontology.triples).rules) > 500


def test_a_property_is_of_one_kind_and_stays_in_it(ontology):
    kind_of = {}
    for kind in KINDS:
        for t in ontology.match(None, TYPE, kind):
            assert t.subject not in kind_of, t.subject
            kind_of[t.subject] = kind
    for t in ontology.match(None, SUB_PROPERTY):
        assert kind_of[t.subject] == kind_of[t.object] != ANNOTATION_PROPERTY, t
    for t in ontology.match(None, INVERSE):
        assert kind_of[t.subject] == kind_of[t.object] == OBJECT_PROPERTY, t
    for property_, chain in chains(ontology):
        assert {kind_of[p] for p in (property_, *chain)} == {OBJECT_PROPERTY}
    for predicate in (DOMAIN, RANGE):
        for t in ontology.match(None, predicate):
            assert kind_of[t.subject] == OBJECT_PROPERTY, "the others document theirs"


def test_irreflexive_and_asymmetric_properties_are_simple(ontology):
    """OWL 2 allows them on properties that no chain and no transitivity feeds."""
    composite = {p for p, _ in chains(ontology)}
    composite |= {
        t.subject for t in ontology.match(None, TYPE, NamedNode(OWL + "TransitiveProperty"))
    }
    grown = True
    while grown:
        grown = False
        for t in [*ontology.match(None, SUB_PROPERTY), *ontology.match(None, INVERSE)]:
            if t.subject in composite and t.object not in composite:
                composite.add(t.object)
                grown = True
            if t.predicate == INVERSE and t.object in composite and t.subject not in composite:
                composite.add(t.subject)
                grown = True
    for kind in ("IrreflexiveProperty", "AsymmetricProperty"):
        subjects = {t.subject for t in ontology.match(None, TYPE, NamedNode(OWL + kind))}
        assert subjects and not subjects & composite


def test_chains_are_regular(ontology):
    """A chain uses other properties, or its own at one end, so that it stays decidable."""
    for property_, chain in chains(ontology):
        inner = chain[1:-1]
        assert property_ not in inner and chain.count(property_) <= 1


def test_a_chain_starts_at_a_role_and_goes_through_its_relator(ontology):
    """Its first step is the inverse of a role, its second a role of the same relator."""
    for property_, chain in chains(ontology):
        if property_ in chain or chain[0] == kz("containsPlace"):
            continue
        assert len(chain) == 2, property_
        (role,) = ontology.values(chain[0], INVERSE)
        (relator,) = ontology.values(role, DOMAIN)
        ancestors = ontology.closure_of(SUB_CLASS, relator)
        second = ontology.values(chain[1], DOMAIN) | ontology.values(chain[1], DOMAIN_INCLUDES)
        assert second & ancestors, property_


def test_each_edge_comes_from_one_role(ontology):
    """A role starts chains of one kind of edge only: a minister must not become a member."""
    seen = {}
    for property_, chain in chains(ontology):
        assert seen.setdefault(tuple(chain), property_) == property_


@pytest.mark.parametrize("part", PARTS)
def test_no_axiom_touches_the_parts_of_a_proposition(part, ontology):
    axioms = {DOMAIN, RANGE, SUB_PROPERTY, INVERSE, CHAIN, DISJOINT, SUB_CLASS}
    term = kz(part)
    assert not [t for t in ontology.match(term) if t.predicate in axioms]
    assert not list(ontology.match(None, None, term))
    assert ontology.values(term, TYPE) == {OBJECT_PROPERTY}


def test_every_class_of_relators_says_how_it_lasts(ontology):
    for relator in relator_classes(ontology):
        assert len(ontology.values(relator, kz("temporalKind"))) == 1, relator


def test_every_class_of_relators_says_what_identifies_it(ontology):
    abstract = {kz("Event"), kz("TreatyAction")}
    for relator in relator_classes(ontology) - abstract:
        keys = ontology.values(relator, kz("identifiedBy"))
        assert keys, relator
        ancestors = ontology.closure_of(SUB_CLASS, relator)
        for key in keys:
            domains = ontology.values(key, DOMAIN) | ontology.values(key, DOMAIN_INCLUDES)
            assert domains & ancestors, (relator, key)


def test_only_classes_of_relators_are_identified_or_last(ontology):
    relators = relator_classes(ontology)
    for annotation in ("identifiedBy", "temporalKind"):
        assert {t.subject for t in ontology.match(None, kz(annotation))} <= relators


def test_alignments_put_our_terms_under_theirs(ontology):
    directory = folder("ontology") / "alignments"
    for path, triples in ontology.files.items():
        if path.parent == directory:
            for t in triples:
                if t.subject.value.startswith(KZ):
                    assert not t.object.value.startswith(KZ), t
                    assert t.predicate in {
                        SUB_CLASS,
                        SUB_PROPERTY,
                        NamedNode("http://www.w3.org/2004/02/skos/core#closeMatch"),
                    }, t
                else:
                    assert t.subject.value in ontology.file_of, t


def test_modules_say_nothing_about_the_terms_of_others(ontology):
    foreign = {SUB_CLASS, SUB_PROPERTY, INVERSE, DOMAIN, RANGE, DISJOINT}
    for t in ontology.triples:
        if t.predicate in foreign:
            assert t.subject.value.startswith(KZ), t


PAIRS = [
    ("Person", "Place"),
    ("Person", "Organisation"),
    ("Organisation", "Place"),
    ("Treaty", "Agent"),
    ("Entity", "Relator"),
    ("Entity", "Claim"),
    ("Relator", "Claim"),
    ("Relator", "Proposition"),
    ("Claim", "Passage"),
    ("BilateralTreaty", "MultilateralTreaty"),
    ("Resource", "Agent"),
    ("Office", "Agent"),
    ("UnnamedAgent", "Person"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_these_kinds_exclude_each_other(one, other, ontology):
    said = {t.subject for t in ontology.match(kz(one), DISJOINT, kz(other))}
    said |= {t.subject for t in ontology.match(kz(other), DISJOINT, kz(one))}
    assert said


def test_every_class_can_have_an_instance(ontology):
    """No class is under two that exclude each other: a state is agent and place."""
    excluded = {(t.subject, t.object) for t in ontology.match(None, DISJOINT)}
    for class_ in ontology.of_kind(CLASS):
        above = ontology.closure_of(SUB_CLASS, class_)
        assert not [(a, b) for a, b in excluded if a in above and b in above], class_
