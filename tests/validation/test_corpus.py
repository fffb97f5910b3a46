from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kzgraph.errors import InputError, SourceSyntaxError
from kzgraph.namespaces import PREF_LABEL, kz, kzr
from kzgraph.validation.corpus import DATA, Corpus, Problem, SourceText, expand_folders

PREFIXES = (
    "@prefix kz: <https://w3id.org/kzgraph/ontology#> .\n"
    "@prefix kzr: <https://w3id.org/kzgraph/id/> .\n"
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
)
TEXT = PREFIXES + (
    "kzr:topic-a a kz:Topic ;\n"
    '  skos:prefLabel "Thema"@de , "topic"@en ;\n'
    "  skos:exactMatch kzr:topic-b .\n"
    "kzr:topic-c a kz:Topic .\n"
)


def source(tmp_path: Path, name: str, text: str) -> SourceText:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return SourceText.read(path, name=name, kind=DATA)


@pytest.fixture
def text(tmp_path):
    return source(tmp_path, "topics.ttl", TEXT)


def test_a_statement_is_found_with_line_and_column(text):
    assert text.line_of(kzr("topic-a"), [PREF_LABEL], Literal("topic", language="en")) == (5, 31)


def test_a_statement_that_is_missing_is_placed_at_its_subject(text):
    assert text.line_of(kzr("topic-a"), [kz("date")]) == (4, 1)
    assert text.line_of(kzr("topic-nowhere")) == (1, 1)


def test_a_problem_is_placed_where_a_thing_is_described_not_where_it_is_linked(tmp_path, text):
    links = source(tmp_path, "a-links.ttl", PREFIXES + "kzr:topic-c skos:exactMatch kzr:x .\n")
    corpus = Corpus([links, text])
    assert corpus.place(Problem("rule", kzr("topic-c")))[:2] == (text, 7)
    linked = Problem("rule", kzr("topic-c"), (NamedNode(f"{PREF_LABEL.value[:-9]}exactMatch"),))
    assert corpus.place(linked)[:2] == (links, 4)


def test_a_problem_with_several_values_is_placed_at_the_last(text):
    values = (Literal("Thema", language="de"), Literal("topic", language="en"))
    problem = Problem("rule", kzr("topic-a"), (PREF_LABEL,), values=values)
    assert Corpus([text]).place(problem) == (text, 5, 31)


def test_labels_come_in_the_language_asked_for_else_from_the_class(text):
    corpus = Corpus([*(t for t in Corpus.read().texts if t.kind == "ontology"), text])
    assert corpus.label(kzr("topic-a"), "de") == "Thema"
    assert corpus.label(kzr("topic-a"), "kk") == "topic"
    assert corpus.label(kzr("topic-c"), "de") == "Thema"
    assert corpus.show(kzr("topic-a")) == "kzr:topic-a (topic)"
    assert corpus.show(Literal("x", language="de")) == '"x"@de'
    assert corpus.show(Literal(3)) == '"3"^^xsd:integer'


def test_a_file_that_is_not_turtle_is_shown_with_line_and_caret(tmp_path):
    with pytest.raises(SourceSyntaxError, match=r"broken\.ttl:4:") as caught:
        source(tmp_path, "broken.ttl", PREFIXES + "kzr:a kz:b .\n")
    assert caught.value.source_line == "kzr:a kz:b ."


def test_a_file_that_is_not_utf_8_is_named_with_the_line(tmp_path):
    path = tmp_path / "latin.ttl"
    path.write_bytes(b"# fine\n# \xe4\n")
    with pytest.raises(SourceSyntaxError, match="not UTF-8") as caught:
        SourceText.read(path, name="latin.ttl", kind=DATA)
    assert caught.value.line == 2


def test_folders_stand_for_their_turtle_files(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.ttl").touch()
    assert expand_folders([tmp_path]) == [tmp_path / "b" / "c.ttl"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no Turtle files"):
        expand_folders([tmp_path / "empty"])
    with pytest.raises(InputError, match=r"nothing\.ttl is not there"):
        expand_folders([tmp_path / "nothing.ttl"])


def test_blank_nodes_of_two_files_stay_apart(tmp_path):
    one = source(tmp_path, "one.ttl", PREFIXES + "_:x a kz:Topic .\n")
    two = source(tmp_path, "two.ttl", PREFIXES + "_:x a kz:City .\n")
    assert len(set(Corpus([one, two]).data.subjects())) == 2


def test_the_closed_graph_does_without_dates_that_cannot_be_used(tmp_path):
    bad = source(
        tmp_path,
        "bad.ttl",
        PREFIXES + 'kzr:membership-a a kz:Membership ; kz:heldAt "whenever" .\n',
    )
    corpus = Corpus([*(t for t in Corpus.read().texts if t.kind == "ontology"), bad])
    assert [f.node for f in corpus.date_findings] == [kzr("membership-a")]
    assert not [t for t in corpus.closed.computed if t.predicate == kz("beginLatest")]
