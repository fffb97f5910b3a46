"""Answers in every form: the same rows, nothing lost, nothing that a terminal would obey."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.errors import UnknownNameError, UsageError
from kzgraph.namespaces import KZR, XSD
from kzgraph.queries.answers import FORMATS, Answer, format_of, render
from kzgraph.queries.emptiness import EMPTY_KINDS

STATE = NamedNode(KZR + "country-kaz")
NASTY = 'line\nbreak, "quoted" | pipe\ttab \x1b[31mred'
ROWS = (
    (
        STATE,
        Literal("1.50", datatype=NamedNode(XSD + "decimal")),
        Literal("Қазақстан", language="kk"),
    ),
    (NamedNode("https://example.org/x"), None, Literal(NASTY)),
    (BlankNode("b"), Literal("7", datatype=NamedNode(XSD + "integer")), Literal("")),
)
ANSWER = Answer(
    query="q",
    columns=("state", "value", "text"),
    rows=ROWS,
    question="Which?",
    labels={STATE.value: "Kazakhstan"},
    release="abc",
)
EMPTY = Answer(query="q", columns=("x",), rows=())


def test_json_keeps_terms_and_the_author_s_spelling_of_numbers():
    data = json.loads(render(ANSWER, "json"))
    assert data["rows"][0] == {
        "state": {"id": "kzr:country-kaz", "iri": STATE.value, "label": "Kazakhstan"},
        "value": {"value": "1.50", "datatype": "xsd:decimal"},
        "text": {"value": "Қазақстан", "language": "kk"},
    }
    assert data["rows"][1]["value"] is None
    assert data["rows"][1]["text"] == {"value": NASTY}


def test_ndjson_has_a_row_a_line():
    lines = render(ANSWER, "ndjson").splitlines()
    assert len(lines) == 3
    assert all(json.loads(line) for line in lines)


def test_csv_is_read_back_by_a_csv_reader_with_labels_beside_things():
    rows = list(csv.DictReader(io.StringIO(render(ANSWER, "csv"), newline="")))
    assert [r["state"] for r in rows] == [STATE.value, "https://example.org/x", "_:b"]
    assert rows[0]["stateLabel"] == "Kazakhstan"
    assert rows[0]["value"] == "1.50"
    assert rows[1]["text"] == NASTY


def test_tsv_writes_terms_as_the_w3c_form_has_them():
    head, first, *_ = render(ANSWER, "tsv").splitlines()
    assert head.split("\t")[0] == "?state"
    assert first.split("\t")[0] == f"<{STATE.value}>"
    assert '"Қазақстан"@kk' in first


@pytest.mark.parametrize("format_", ["table", "md"])
def test_what_people_read_holds_no_control_characters_and_one_line_a_row(format_):
    text = render(ANSWER, format_)
    assert "\x1b" not in text
    assert "Kazakhstan" in text
    assert len([line for line in text.splitlines() if "quoted" in line]) == 1


@pytest.mark.parametrize("format_", ["table", "md"])
@pytest.mark.parametrize("language", ["en", "de", "kk"])
@pytest.mark.parametrize("kind", ["", *EMPTY_KINDS])
def test_an_empty_answer_says_what_that_means_in_a_sentence(format_, kind, language):
    answer = replace(EMPTY, empty=kind, language=language)
    assert answer.empty_words in render(answer, format_).replace("\\", "")


def test_each_kind_of_empty_answer_has_words_of_its_own():
    for language in ("en", "de"):
        answers = [replace(EMPTY, empty=kind, language=language) for kind in EMPTY_KINDS]
        assert len({answer.empty_words for answer in answers}) == len(EMPTY_KINDS)
    assert "no proof" in replace(EMPTY, empty="not-recorded").empty_words


def test_json_says_what_no_rows_mean_and_nothing_where_there_are_rows():
    assert replace(EMPTY, empty="no-route").to_json()["empty"] == "no-route"
    assert EMPTY.to_json()["empty"] is None
    assert replace(ANSWER, empty="none").to_json()["empty"] is None
    assert replace(EMPTY, empty="none", truncated=True).to_json()["empty"] is None


@pytest.mark.parametrize("format_", [f for f in FORMATS if f != "ttl"])
def test_every_form_ends_its_last_line_and_is_the_same_twice(format_):
    for answer in (ANSWER, EMPTY):
        text = render(answer, format_)
        assert text == render(answer, format_)
        assert text == "" or text.endswith("\n")


def test_wide_letters_keep_the_columns_in_line():
    answer = Answer(
        query="q",
        columns=("a", "b"),
        rows=((Literal("中国"), Literal("x")), (Literal("Қазақ"), Literal("x"))),
    )
    import unicodedata

    def width(text):
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

    lines = [line for line in render(answer, "table").splitlines() if line.endswith("x")]
    assert len({width(line) for line in lines}) == 1


def test_a_table_on_a_narrow_terminal_folds_and_loses_nothing():
    text = render(ANSWER, "table", terminal_width=40)
    assert all(len(line) <= 40 for line in text.splitlines())
    assert "Қазақстан" in text.replace("\n", "")


def test_an_unknown_format_names_those_there_are():
    with pytest.raises(UnknownNameError) as caught:
        render(ANSWER, "xlsx")
    assert "table" in caught.value.hint


def test_a_suffix_chooses_the_format_or_is_refused():
    assert format_of("a/b.JSON") == "json"
    with pytest.raises(UsageError):
        format_of("answer")


def test_a_data_frame_that_is_not_installed_says_what_to_do():
    for call, name in ((ANSWER.to_pandas, "pandas"), (ANSWER.to_polars, "polars")):
        try:
            frame = call()
        except UsageError as error:
            assert f"pip install {name}" in error.hint
        else:
            assert len(frame) == 3
