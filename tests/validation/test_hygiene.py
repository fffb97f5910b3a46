"""Every house rule has a folder under fixtures/ that breaks it, and breaks nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from kzgraph import resources
from kzgraph.errors import UnknownNameError
from kzgraph.namespaces import shrink
from kzgraph.validation.corpus import DATA, ONTOLOGY, Corpus, SourceText
from kzgraph.validation.hygiene import CHECKS, HOUSE_RULES, check_house_rules
from kzgraph.validation.validator import put_into_words

FIXTURES = Path(__file__).parent / "fixtures"
CONTEXT = Path(__file__).parents[1] / "shapes" / "context.ttl"
FOLDERS = sorted(path for path in FIXTURES.iterdir() if path.is_dir())


@cache
def _ontology() -> tuple[SourceText, ...]:
    return tuple(t for t in Corpus.read().texts if t.kind == ONTOLOGY)


@cache
def corpus_of(folder: Path) -> Corpus:
    """Return a fixture with the ontology and the things it takes for granted.

    A fixture with an ontology of its own gets the borrowed terms alone.
    """
    own = Corpus.of_folder(folder).texts
    if any(text.kind == ONTOLOGY for text in own):
        borrowed = [text for text in _ontology() if text.path.stem == "borrowed"]
        return Corpus([*borrowed, *own], wanted=own)
    context = SourceText.read(CONTEXT, name="context.ttl", kind=DATA)
    # the context describes a source and an organisation that fixtures may describe anew
    said = {s for text in own for s in text.subjects}
    context.triples = [t for t in context.triples if t.subject not in said]
    root = folder if (folder / "data/assertions.toml").is_file() else None
    return Corpus([*_ontology(), context, *own], wanted=own, root=root)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_fixture_breaks_the_rule_of_its_name_and_no_other(folder):
    corpus = corpus_of(folder)
    findings = [p for p in check_house_rules(corpus) if corpus.place(p)[0] in corpus.wanted]
    assert {p.rule for p in findings} == {folder.name.partition("--")[0]}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_finding_is_put_into_words_in_english_and_german(folder):
    corpus = corpus_of(folder)
    problems = list(check_house_rules(corpus))
    english, german = (put_into_words(corpus, problems, lang) for lang in ("en", "de"))
    assert english and len(english) == len(german)
    for one, other in zip(english, german, strict=True):
        assert one.message and one.hint and one.path and one.line >= 1
        assert one.message != other.message


def test_every_house_rule_has_a_fixture_and_a_check():
    covered = {folder.name.partition("--")[0] for folder in FOLDERS}
    assert covered == set(HOUSE_RULES)
    assert {name for _, names in CHECKS for name in names} == set(HOUSE_RULES)


def test_every_house_rule_is_worded_in_english_and_german():
    for rule in HOUSE_RULES.values():
        assert set(rule.messages) == set(rule.hints) == {"en", "de"}
        assert rule.severity in {"error", "warning", "info"}


def test_a_single_rule_can_be_run():
    corpus = corpus_of(FIXTURES / "rivals-in-office")
    assert {p.rule for p in check_house_rules(corpus, ["rivals-in-office"])} == {"rivals-in-office"}
    assert list(check_house_rules(corpus, ["same-as"])) == []


def test_a_rule_that_is_not_there_is_named_with_the_nearest():
    corpus = corpus_of(FIXTURES / "rivals-in-office")
    with pytest.raises(UnknownNameError, match="rivals-in-ofice") as caught:
        list(check_house_rules(corpus, ["rivals-in-ofice"]))
    assert caught.value.nearest == ["rivals-in-office"]


@pytest.mark.parametrize(
    ("folder", "value", "hint"),
    [
        ("term-undeclared", "kz:memberSate", "kz:memberState"),
        ("term-undeclared--class", "kz:Membershop", "kz:Membership"),
        ("term-undeclared--borrowed", "skos:prefLable", "skos:prefLabel"),
        ("thing-undescribed", "kzr:org-eeau", "kzr:org-eaeu"),
    ],
)
def test_a_misspelt_name_is_shown_with_the_right_one(folder, value, hint):
    corpus = corpus_of(FIXTURES / folder)
    [problem] = [p for p in check_house_rules(corpus) if p.rule == folder.partition("--")[0]]
    assert problem.value is not None and shrink(problem.value.value) == value
    assert hint in problem.details["near"]


def test_a_contradiction_names_the_axiom_and_what_leads_to_it():
    corpus = corpus_of(FIXTURES / "contradiction--inferred")
    [problem] = [p for p in check_house_rules(corpus) if p.rule == "contradiction"]
    assert "kz:seat kzr:person-first" in problem.details["given"]
    assert (
        "owl:disjointWith" in problem.details["axioms"]
        or "owl:members" in problem.details["axioms"]
    )


def test_the_repository_keeps_every_house_rule():
    corpus = Corpus.read()
    kept = {shrink(p.node.value) if p.node else p.rule: p.rule for p in check_house_rules(corpus)}
    assert kept == {}
    assert resources.home()
