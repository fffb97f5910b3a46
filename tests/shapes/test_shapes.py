"""Every rule of every shape: kept by a valid example, broken alone by an invalid one."""

from __future__ import annotations

import re

import pytest

from kzgraph.namespaces import KZ, KZSH
from kzgraph.rdf.turtle import check_turtle
from kzgraph.validation.corpus import RELATOR, Corpus
from kzgraph.validation.shapes import HINT, rdflib_graph, sh

from .examples import Run, examples, read, shape_files

EXAMPLES = examples()


@pytest.fixture(scope="module")
def run() -> Run:
    return Run()


def _shape_of(folder: str) -> str:
    """Return the name of the shape that a folder is about."""
    return "".join(part.capitalize() for part in folder.split("-")) + "Shape"


@pytest.mark.parametrize("example", [e for e in EXAMPLES if not e.reason], ids=lambda e: e.name)
def test_a_valid_example_breaks_no_rule(run, example):
    assert run.rules_of[example.name] == set()


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.reason], ids=lambda e: e.name)
def test_an_invalid_example_breaks_the_rule_in_its_name_and_no_other(run, example):
    shape = _shape_of(example.path.parent.name)
    known = [r.value.removeprefix(KZSH + shape + "-") for r in run.shapes.rules]
    named = max(
        (r for r in known if example.reason == r or example.reason.startswith(r + "-")), key=len
    )
    assert {rule for rule, _ in run.rules_of[example.name]} == {f"{shape}-{named}"}


def test_every_constraint_of_every_rule_is_broken_by_an_example(run):
    broken = {pair for pairs in run.rules_of.values() for pair in pairs}
    assert run.constraints() - broken == set()


def test_every_class_has_a_shape_of_its_own(run):
    corpus = Corpus.read()
    targets = {t.object for t in corpus.shapes if t.predicate == sh("targetClass")}
    named = {
        shape.value.removeprefix(KZSH).removesuffix("Shape")
        for shape in corpus.shapes.subjects()
        if hasattr(shape, "value") and shape.value.endswith("Shape")
    }
    derived = {"Fact", "OfficeBearer"}  # computed and inferred, never written
    for node in corpus.ontology.subjects():
        value = getattr(node, "value", "")
        local = value.removeprefix(KZ) if value.startswith(KZ) else ""
        if local and any(
            "owl#Class" in getattr(t, "value", "") for t in corpus.ontology.types(node)
        ):
            assert local in named | derived, f"kz:{local} has no shape"
            assert node in targets or local in derived
    assert RELATOR in targets


@pytest.mark.parametrize("path", shape_files(), ids=lambda p: p.stem)
def test_a_file_holds_the_shape_of_its_name_and_is_canonical(path):
    text = path.read_text(encoding="utf-8")
    assert check_turtle(text, path=path.name) == []
    if path.stem != "shapes":
        subjects = set(re.findall(r"^kzsh:(\w+?Shape)\b", text, re.MULTILINE))
        assert subjects == {_shape_of(path.stem)}


def test_every_rule_says_what_it_wants_and_what_to_do_in_english_and_german(run):
    for rule in run.shapes.rules:
        for predicate in (sh("message"), HINT):
            said = {o.language: o.value for o in run.shapes.triples.objects(rule, predicate)}
            assert {"en", "de"} <= set(said), rule
            assert all(text == text.strip() and text for text in said.values()), rule
        assert run.shapes.triples.one(rule, sh("severity")) is not None, rule


def test_the_severity_of_a_rule_is_one_of_the_three(run):
    assert {run.shapes.severity(rule) for rule in run.shapes.rules} <= {"error", "warning", "info"}


def test_a_file_reads_the_same_in_two_engines():
    import rdflib

    for path in [*shape_files(), *(e.path for e in EXAMPLES)]:
        assert len(rdflib.Graph().parse(path, format="turtle")) == len(set(read(path))), path


def test_the_shapes_are_well_formed_by_the_shapes_of_shacl_itself(run):
    from pyshacl.entrypoints import meta_validate

    graph = rdflib_graph(t for path in shape_files() for t in read(path))
    conforms, _, text = meta_validate(graph, inference="none", max_validation_depth=80)
    assert conforms, text
