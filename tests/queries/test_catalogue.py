"""The saved queries as records: loaded, found by name, kept in a snapshot, checked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kzgraph.errors import SourceSyntaxError, UnknownNameError, UsageError
from kzgraph.namespaces import KZ, KZR
from kzgraph.queries.catalogue import (
    Catalogue,
    EvidenceSpec,
    Finding,
    Param,
    QueryHeaderError,
    SavedQuery,
    check_catalogue,
    load_catalogue,
)

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue(FIXTURES)


def test_the_fixtures_are_without_findings():
    assert check_catalogue(FIXTURES) == []


def test_queries_are_sorted_by_topic_and_name(catalogue):
    assert [q.path for q in catalogue] == [
        "agreements/treaties-with-state.rq",
        "claims/co-members.rq",
        "economy/resources-of-place.rq",
    ]
    assert catalogue.topics() == ["agreements", "claims", "economy"]
    assert [q.name for q in catalogue.of_topic("claims")] == ["co-members"]


def test_a_saved_query_has_all_that_its_header_says(catalogue):
    query = catalogue.get("resources-of-place")
    assert query.summary == "How many resources lie in a place at a day"
    assert query.columns == ("place", "resources")
    assert query.kind == "SELECT"
    assert query.tags == ("economy",)
    assert query.chart == {"mark": "bar", "x": "place", "y": "resources"}
    assert query.evidence == (EvidenceSpec("occurrence"),)
    assert query.params["place"] == Param("place", "iri", class_="kz:Place", line=19)
    assert query.params["at"] == Param("at", "date", default="2023-02-28", line=20)
    assert query.params["named"].default == ""
    assert query.params["named"].labels == {"en": "part of a name", "de": "Teil eines Namens"}
    assert query.text == (FIXTURES / query.path).read_text(encoding="utf-8")


def test_the_line_of_a_parameter_is_that_of_its_values(catalogue):
    for query in catalogue:
        lines = query.text.split("\n")
        for param in query.params.values():
            assert lines[param.line - 1].strip().startswith(f"VALUES ?{param.name} {{")


def test_an_edge_as_evidence_has_three_parts(catalogue):
    first, second = catalogue.get("co-members").evidence
    assert first == EvidenceSpec("one", "kz:memberOf", "organisation")
    assert first.is_edge and first.variables == ("one", "organisation")
    assert str(second) == "other kz:memberOf organisation"


@pytest.mark.parametrize(
    "text", ["", "a b", "a b c", "a kz:p", "a kz:p b c", "kz:x", "? kz:p b", "?"]
)
def test_what_is_neither_variable_nor_edge_is_no_evidence(text):
    with pytest.raises(UsageError, match="evidence is a variable, or an edge"):
        EvidenceSpec.parse(text)


def test_a_thing_in_an_edge_is_no_variable():
    spec = EvidenceSpec.parse("kzr:country-kaz kz:memberOf ?organisation")
    assert spec.variables == ("organisation",)


@pytest.mark.parametrize("name", ["co-members", "co-members.rq", "claims/co-members.rq"])
def test_a_query_is_found_by_name_and_by_path(catalogue, name):
    assert catalogue.get(name).name == "co-members"


def test_a_misspelt_name_leads_to_the_nearest(catalogue):
    with pytest.raises(UnknownNameError, match="no query 'co-member'") as caught:
        catalogue.get("co-member")
    assert caught.value.nearest == ["co-members"]
    with pytest.raises(UnknownNameError, match="no topic 'claim'"):
        catalogue.of_topic("claim")


def test_a_catalogue_survives_json_unchanged(catalogue):
    again = Catalogue.from_json(json.loads(json.dumps(catalogue.to_json())))
    assert again == catalogue
    assert len(again) == 3 and "co-members" in again
    assert json.dumps(again.to_json()) == json.dumps(catalogue.to_json())


def test_a_question_takes_values_and_falls_back_on_defaults(catalogue):
    query = catalogue.get("co-members")
    assert query.question("de", {"one": "Kasachstan"}) == (
        "In welchen Organisationen sind Kasachstan und kzr:country-rus beide Mitglied?"
    )
    assert query.question("ru", {"one": "A", "other": "B"}).startswith("Which organisations are A")
    assert catalogue.get("resources-of-place").question("en").startswith("How many resources has …")


def test_a_query_without_a_question_is_asked_by_its_summary():
    query = SavedQuery("x", "quality", "quality/x.rq", "Treaties without source", "")
    assert query.question("de") == "Treaties without source"
    assert query.is_quality
    assert not SavedQuery("x", "qualities", "qualities/x.rq", "", "").is_quality


def test_loading_stops_at_the_first_fault_and_quotes_it(tmp_path):
    folder = tmp_path / "queries"
    (folder / "t").mkdir(parents=True)
    (folder / "t" / "x.rq").write_text("#+ sumary: x\n\nASK {}\n", encoding="utf-8")
    with pytest.raises(QueryHeaderError) as caught:
        load_catalogue(folder)
    error = caught.value
    assert isinstance(error, SourceSyntaxError)
    assert (error.path, error.line, error.column) == ("queries/t/x.rq", 1, 4)
    assert "#+ sumary: x" in str(error)


def test_terms_that_nothing_declares_are_findings_when_the_known_ones_are_given(tmp_path):
    (tmp_path / "claims").mkdir()
    text = (FIXTURES / "claims" / "co-members.rq").read_text(encoding="utf-8")
    (tmp_path / "claims" / "co-members.rq").write_text(text, encoding="utf-8")
    known = {KZ + "memberOf", KZR + "country-kaz", KZR + "country-rus"}
    assert check_catalogue(tmp_path, known=known) == []
    found = check_catalogue(tmp_path, known=known - {KZ + "memberOf"} | {KZ + "memberOff"})
    assert [f.line for f in found] == [22, 23]
    assert found[0].message == "nothing declares kz:memberOf"
    assert found[0].hint == "did you mean kz:memberOff?"


def test_a_finding_prints_as_place_message_and_hint():
    assert str(Finding("a.rq", 3, "it is so", "do that")) == "a.rq:3: it is so\n    hint: do that"
    assert str(Finding("a.rq", 3, "it is so")) == "a.rq:3: it is so"


def test_reading_a_catalogue_from_a_snapshot_loads_nothing_heavy():
    code = (
        "import sys, kzgraph.queries.catalogue, kzgraph.queries.parameters, kzgraph.queries.run, "
        "kzgraph.queries.answers\n"
        "heavy = {'yaml', 'rich', 'numpy', 'rdflib', 'kzgraph.queries.guard', 'subprocess', 'csv'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
