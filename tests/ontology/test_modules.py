"""Every file of the ontology loads alone, and every term says what a reader needs."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode
from rdflib import Graph

from kzgraph.namespaces import KZ, KZV, OWL, PREFIXES, RDF, RDFS, SKOS, XSD, kz, kzv
from kzgraph.rdf.turtle import check_turtle
from kzgraph.resources import folder

from .conftest import ONTOLOGY, TYPE, ontology_files

LANGUAGES = {"en", "de", "ru", "kk"}
LABEL = NamedNode(RDFS + "label")
PREF_LABEL = NamedNode(SKOS + "prefLabel")
DEFINITION = NamedNode(SKOS + "definition")
EXAMPLE = NamedNode(SKOS + "example")
IN_SCHEME = NamedNode(SKOS + "inScheme")
IMPORTS = NamedNode(OWL + "imports")
DEFINED_BY = NamedNode(RDFS + "isDefinedBy")
STATUS = NamedNode(PREFIXES["vs"] + "term_status")
BUILT_IN = (RDF, RDFS, OWL, XSD)
MODULES = "https://w3id.org/kzgraph/ontology/"

FILES = ontology_files()
names = pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")


@names
def test_two_engines_read_the_same_number_of_triples(path, ontology):
    graph = Graph()
    graph.parse(path, format="turtle")
    assert len(graph) == len(set(ontology.files[path])) > 0


@names
def test_a_file_is_canonical(path):
    assert check_turtle(path.read_text(encoding="utf-8"), path=str(path)) == []


@names
def test_a_file_and_what_it_imports_declare_every_term_that_it_uses(path, ontology):
    (header,) = [iri for iri, file in ontology.file_of.items() if file == path]
    reached = ontology.closure_of(IMPORTS, NamedNode(header))
    missing = {iri.value for iri in reached if iri.value not in ontology.file_of}
    assert missing == set(), "imports that no file is"
    declared = {
        t.subject.value
        for iri in reached
        for t in ontology.files[ontology.file_of[iri.value]]
        if t.predicate == TYPE
    }
    used = {
        term.value
        for t in ontology.files[path]
        if t.predicate != DEFINED_BY
        for term in t
        if isinstance(term, NamedNode) and _is_term(term.value)
    }
    assert used - declared == set()


def _is_term(iri: str) -> bool:
    if iri.startswith(BUILT_IN) or re.search(r"/\d+\.\d+\.\d+$", iri):
        return False
    return any(iri.startswith(ns) and iri != ns for ns in PREFIXES.values()) and not (
        iri.startswith(MODULES)
    )


@names
def test_a_header_says_title_description_licence_version_and_prefix(path, ontology):
    (header,) = [NamedNode(iri) for iri, file in ontology.file_of.items() if file == path]
    for curie in ("dcterms:title", "dcterms:description"):
        prefix, local = curie.split(":")
        values = ontology.values(header, NamedNode(PREFIXES[prefix] + local))
        assert {v.language for v in values} == {"en", "de"}, curie
    for curie in (
        "dcterms:created",
        "dcterms:license",
        "owl:versionIRI",
        "owl:versionInfo",
        "vann:preferredNamespacePrefix",
        "vann:preferredNamespaceUri",
    ):
        prefix, local = curie.split(":")
        assert len(ontology.values(header, NamedNode(PREFIXES[prefix] + local))) == 1, curie


def test_no_two_headers_have_one_description(ontology):
    description = NamedNode(PREFIXES["dcterms"] + "description")
    said = [t.object for t in ontology.match(None, description)]
    assert len(said) == len(set(said))


def test_the_main_file_imports_every_module_and_every_scheme(ontology):
    main = folder("ontology") / "kzgraph.ttl"
    imported = {t.object.value for t in ontology.files[main] if t.predicate == IMPORTS}
    wanted = {
        iri
        for iri, path in ontology.file_of.items()
        if path.parent.name in {"modules", "vocabularies"}
    }
    assert imported == wanted
    assert {t.subject.value for t in ontology.files[main]} == {MODULES.rstrip("/")}


def test_every_own_term_has_a_label_in_four_languages(ontology):
    for term in ontology.own_terms():
        labels = ontology.values(term, LABEL)
        assert sorted(label.language for label in labels) == sorted(LANGUAGES), term


def test_every_own_term_has_a_definition_an_example_a_status_and_its_module(ontology):
    for term in ontology.own_terms():
        definitions = ontology.values(term, DEFINITION)
        assert sorted(d.language for d in definitions) == ["de", "en"], term
        assert ontology.values(term, EXAMPLE), term
        assert ontology.values(term, STATUS) <= {
            Literal(s) for s in ("unstable", "testing", "stable", "archaic")
        }
        assert ontology.values(term, STATUS), term
        (module,) = ontology.values(term, DEFINED_BY)
        path = ontology.file_of[module.value]
        assert any(t.subject == term and t.predicate == TYPE for t in ontology.files[path]), term


def test_a_term_is_described_in_one_file_only(ontology):
    """Alignments alone may add to a term."""
    homes = defaultdict(set)
    for path, triples in ontology.files.items():
        if path.parent.name != "alignments":
            for t in triples:
                homes[t.subject].add(path)
    assert {s: p for s, p in homes.items() if isinstance(s, NamedNode) and len(p) > 1} == {}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_two_terms_share_a_label(language, ontology):
    named = defaultdict(set)
    for t in ontology.match(None, LABEL):
        if t.subject.value.startswith(KZ) and t.object.language == language:
            named[t.object.value.casefold()].add(t.subject.value)
    assert {label: terms for label, terms in named.items() if len(terms) > 1} == {}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_two_concepts_share_a_label(language, ontology):
    named = defaultdict(set)
    for concept in ontology.concepts():
        for label in ontology.values(concept, PREF_LABEL):
            if label.language == language:
                named[label.value.casefold()].add(concept.value)
    assert {label: terms for label, terms in named.items() if len(terms) > 1} == {}


def test_no_two_terms_share_a_definition(ontology):
    defined = defaultdict(set)
    for t in ontology.match(None, DEFINITION):
        defined[t.object].add(t.subject.value)
    assert {d.value: terms for d, terms in defined.items() if len(terms) > 1} == {}


def test_every_concept_has_labels_definitions_and_one_scheme(ontology):
    for concept in ontology.concepts():
        labels = ontology.values(concept, PREF_LABEL)
        assert sorted(label.language for label in labels) == sorted(LANGUAGES), concept
        definitions = ontology.values(concept, DEFINITION)
        assert sorted(d.language for d in definitions) == ["de", "en"], concept
        (scheme,) = ontology.values(concept, IN_SCHEME)
        path = ontology.file_of[scheme.value]
        assert any(t.subject == concept for t in ontology.files[path]), concept


def test_a_scheme_file_holds_its_scheme_and_concepts_only(ontology):
    for path, triples in ontology.files.items():
        if path.parent.name == "vocabularies":
            subjects = {t.subject for t in triples}
            assert kzv(path.stem) in subjects
            assert all(s.value.startswith(KZV) for s in subjects)


def test_texts_have_no_stray_space_and_end_as_they_should(ontology):
    for t in ontology.triples:
        if isinstance(t.object, Literal):
            assert t.object.value == t.object.value.strip(), t
            assert "  " not in t.object.value and "\n" not in t.object.value, t
        if t.predicate == DEFINITION:
            assert t.object.value.endswith("."), t
        if t.predicate in {LABEL, PREF_LABEL}:
            assert not t.object.value.endswith("."), t


def test_local_names_are_ascii_and_cased_by_kind(ontology):
    for term in ontology.own_terms():
        local = term.value.removeprefix(KZ)
        is_class = NamedNode(OWL + "Class") in ontology.values(term, TYPE)
        pattern = r"[A-Z][A-Za-z0-9]*" if is_class else r"[a-z][A-Za-z0-9]*"
        assert re.fullmatch(pattern, local), term
    for concept in ontology.concepts():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", concept.value.removeprefix(KZV))


def test_every_borrowed_term_is_declared_with_a_kind_and_its_home(ontology):
    borrowed = ontology.files[folder("ontology") / "modules" / "borrowed.ttl"]
    subjects = {t.subject for t in borrowed}
    for term in subjects:
        kinds = {t.object for t in borrowed if t.subject == term and t.predicate == TYPE}
        assert len(kinds) == 1, term
        if ONTOLOGY not in kinds:
            assert not term.value.startswith((KZ, KZV)), term
            assert len(ontology.values(term, DEFINED_BY)) == 1, term


def test_units_have_labels_in_four_languages(ontology):
    for unit in ontology.of_kind(NamedNode(PREFIXES["qudt"] + "Unit"), PREFIXES["unit"]):
        labels = ontology.values(unit, LABEL)
        assert sorted(label.language for label in labels) == sorted(LANGUAGES), unit


def test_the_unit_of_an_indicator_is_a_unit(ontology):
    units = ontology.of_kind(NamedNode(PREFIXES["qudt"] + "Unit"), PREFIXES["unit"])
    hints = {t.object for t in ontology.match(None, kz("indicatorUnit"))}
    assert hints and hints <= units


def test_every_tolerance_is_a_small_positive_decimal_on_an_indicator(ontology):
    found = list(ontology.match(None, kz("tolerance")))
    assert found
    for t in found:
        assert t.object.datatype.value == XSD + "decimal", t
        assert 0 < Decimal(t.object.value) <= Decimal("0.1"), t
        assert ontology.values(t.subject, IN_SCHEME) == {kzv("indicators")}, t
    assert len({t.subject for t in found}) == len(found)


def test_comparable_indicators_are_written_once_and_share_a_unit_or_its_rate(ontology):
    pairs = {(t.subject, t.object) for t in ontology.match(None, kz("comparableWith"))}
    assert pairs
    for one, other in pairs:
        assert one != other and (other, one) not in pairs
        for indicator in (one, other):
            assert ontology.values(indicator, IN_SCHEME) == {kzv("indicators")}, indicator
        units = [
            {u.value.partition("-PER-")[0] for u in ontology.values(i, kz("indicatorUnit"))}
            for i in (one, other)
        ]
        assert units[0] & units[1], (one, other)


@pytest.mark.parametrize("scheme", sorted(p.stem for p in FILES if p.parent.name == "vocabularies"))
def test_a_property_says_which_scheme_its_values_come_from(scheme, ontology):
    assert list(ontology.match(None, kz("valueScheme"), kzv(scheme)))
