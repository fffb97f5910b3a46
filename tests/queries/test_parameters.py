"""Parameters are data: what a user types is a value, and no value changes the query."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kzgraph.errors import InputError, UnknownNameError, UsageError
from kzgraph.namespaces import EDTF_DATATYPE, KZ, KZR, XSD
from kzgraph.queries.catalogue import Param, load_catalogue
from kzgraph.queries.parameters import bind, parse_value, parse_values, show_value, written_iri

FIXTURES = Path(__file__).parent / "fixtures"
RUS = NamedNode(KZR + "country-rus")
USA = NamedNode(KZR + "country-usa")
KOR = NamedNode(KZR + "country-kor")
QUERIES = load_catalogue(FIXTURES)
RESOURCES = QUERIES.get("resources-of-place")
MEMBERS = QUERIES.get("co-members")

HOSTILE = [
    'CN"} #',
    "CN'} #",
    '"} SERVICE <http://x/> { ?s ?p ?o } #',
    "\\",
    '\\"',
    "a\nb\r\tc",
    "'''",
    '"""',
    "\x00\x01\x1f\x7f",
    "\u0085\u2028\u2029",
    "{state}",
    "?place",
    "VALUES ?named { 1 }",
    "😀 Қазақстан",
    "%41 $& \\1 \\g<0>",
]


def literal_on(text, line):
    """Return the value that a bound VALUES line holds for the engine."""
    written = text.split("\n")[line - 1].strip().partition("{")[2].rpartition("}")[0]
    rows = list(Store().query(f"SELECT ?x {{ VALUES ?x {{ {written} }} }}"))
    return [row["x"] for row in rows]


def other_lines(text, line):
    lines = text.split("\n")
    return lines[: line - 1] + lines[line:]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_a_value(text):
    param = RESOURCES.params["named"]
    bound = bind(RESOURCES, {"named": parse_value(param, text, None)})
    assert literal_on(bound, param.line) == [Literal(text)]
    assert other_lines(bound, param.line) == other_lines(RESOURCES.text, param.line)
    assert list(Store().query(bound)) == []


@given(st.text())
def test_any_text_stays_a_value(text):
    param = RESOURCES.params["named"]
    try:
        value = parse_value(param, text, None)
    except UsageError as error:
        assert "no valid text" in str(error)
        return
    bound = bind(RESOURCES, {"named": value})
    assert literal_on(bound, param.line) == [Literal(text)]
    assert other_lines(bound, param.line) == other_lines(RESOURCES.text, param.line)


@pytest.mark.parametrize("text", ["a> <b", "x} #", 'a"b', "a b", "a\nb", "<", "a{b}", "a\\b"])
def test_hostile_text_is_no_iri(text):
    with pytest.raises(InputError):
        written_iri(f"http://example.org/{text}")
    with pytest.raises(InputError):
        written_iri(f"kzr:{text}")


def test_binding_replaces_one_line_and_keeps_its_indent():
    bound = bind(MEMBERS, {"other": USA})
    assert bound.split("\n")[20] == f"  VALUES ?other {{ <{KZR}country-usa> }}"
    assert other_lines(bound, 21) == other_lines(MEMBERS.text, 21)


def test_several_values_stand_on_the_line_in_their_order():
    line = bind(MEMBERS, {"one": [USA, RUS]}).split("\n")[19]
    assert line == f"  VALUES ?one {{ <{KZR}country-usa> <{KZR}country-rus> }}"


def test_what_is_not_given_keeps_its_default():
    assert bind(MEMBERS, {}) == MEMBERS.text


def test_a_bound_query_answers_for_its_value():
    store = Store()
    store.update(
        f"INSERT DATA {{ <{KZR}country-kaz> <{KZ}memberOf> <{KZR}a> , <{KZR}b> ."
        f"<{KZR}country-rus> <{KZ}memberOf> <{KZR}a> . <{KZR}country-usa> <{KZ}memberOf> <{KZR}b> }}"
    )

    def organisations(values):
        return [row["organisation"].value[-1] for row in store.query(bind(MEMBERS, values))]

    assert organisations({}) == ["a"]
    assert organisations({"other": USA}) == ["b"]
    assert organisations({"other": [USA, RUS]}) == ["a", "b"]


def test_an_unknown_parameter_leads_to_those_there_are():
    with pytest.raises(UnknownNameError, match="no parameter 'oher'") as caught:
        bind(MEMBERS, {"oher": RUS})
    assert caught.value.hint == "co-members takes: one, other"


@pytest.mark.parametrize("value", [[], [BlankNode()], BlankNode(), "text"])
def test_only_iris_and_literals_are_values(value):
    with pytest.raises(UsageError):
        bind(MEMBERS, {"one": value})


# what a user types -------------------------------------------------------------------------


def resolve(text, class_):
    """Know three things, one of them with a comma in its name."""
    things = {"Russia": RUS, "USA": USA, "Korea, Republic of": KOR}
    if text not in things:
        raise UnknownNameError("thing", text, things)
    resolve.class_ = class_
    return things[text]


def test_a_name_is_looked_up_with_the_class_of_the_parameter():
    assert parse_value(Param("s", "iri", class_="kz:State"), " Russia ", resolve) == RUS
    assert resolve.class_ == NamedNode(KZ + "State")
    parse_value(Param("s", "iri"), "USA", resolve)
    assert resolve.class_ is None


@pytest.mark.parametrize(
    ("type_", "text", "value", "datatype"),
    [
        ("date", "2023-02-28", "2023-02-28", XSD + "date"),
        ("date", " 2024-02-29 ", "2024-02-29", XSD + "date"),
        ("integer", "007", "7", XSD + "integer"),
        ("integer", "-3", "-3", XSD + "integer"),
        ("decimal", "7.50", "7.50", XSD + "decimal"),
        ("decimal", "-7", "-7", XSD + "decimal"),
        ("boolean", "True", "true", XSD + "boolean"),
        ("string", " a ", " a ", XSD + "string"),
        ("string", "", "", XSD + "string"),
        ("edtf", "1992-10", "1992-10", EDTF_DATATYPE.value),
        ("edtf", "2009/..", "2009/..", EDTF_DATATYPE.value),
    ],
)
def test_a_value_is_read_by_the_type_of_the_parameter(type_, text, value, datatype):
    found = parse_value(Param("p", type_), text, resolve)
    assert found == Literal(value, datatype=NamedNode(datatype))


@pytest.mark.parametrize(
    ("type_", "text", "message"),
    [
        ("date", "2023-02-30", "no day of the calendar"),
        ("date", "2023", "p is a day, not '2023'"),
        ("date", "28.02.2023", "p is a day"),
        ("date", "20230228", "p is a day"),
        ("date", "2023-02-28T00:00:00", "p is a day"),
        ("date", "２０２３-02-28", "p is a day"),
        ("integer", "1.5", "p is a whole number"),
        ("integer", "1e9", "p is a whole number"),
        ("integer", "٣", "p is a whole number"),
        ("integer", "9" * 30, "p is a whole number"),
        ("decimal", "1,5", "p is a number"),
        ("decimal", "1e5", "p is a number"),
        ("decimal", "NaN", "p is a number"),
        ("boolean", "yes", "p is true or false"),
        ("edtf", "sometime", "p is a date of EDTF"),
        ("date", "", "the parameter p has no value"),
        ("iri", "  ", "the parameter p has no value"),
        ("colour", "red", "unknown type colour"),
        ("string", "\ud800", "no valid text"),
    ],
)
def test_what_is_no_value_of_the_type_is_refused_in_a_sentence(type_, text, message):
    with pytest.raises(UsageError, match=message):
        parse_value(Param("p", type_), text, resolve)


def test_an_example_is_given_with_the_name_of_the_parameter():
    with pytest.raises(UsageError) as caught:
        parse_value(Param("at", "date"), "yesterday", resolve)
    assert caught.value.hint == "as in at=2023-02-28"


def test_a_pick_list_admits_its_entries_only():
    param = Param("s", "iri", choices=("kzr:country-rus", "kzr:country-kor"))
    assert parse_value(param, "Russia", resolve) == RUS
    with pytest.raises(UnknownNameError, match="no value of s 'USA'") as caught:
        parse_value(param, "USA", resolve)
    assert caught.value.hint == "one of: kzr:country-rus, kzr:country-kor"


def test_commas_separate_values():
    assert parse_values(Param("s", "iri"), "Russia,USA", resolve) == [RUS, USA]
    assert parse_values(Param("s", "iri"), "Russia , USA", resolve) == [RUS, USA]
    dates = parse_values(Param("d", "date"), "2023-01-01,2024-01-01", resolve)
    assert [d.value for d in dates] == ["2023-01-01", "2024-01-01"]


def test_a_name_with_a_comma_is_one_value():
    assert parse_values(Param("s", "iri"), "Korea, Republic of", resolve) == [KOR]


def test_a_string_is_never_cut():
    assert parse_values(Param("s", "string"), "a,b", resolve) == [Literal("a,b")]


def test_the_part_that_is_no_name_is_the_one_complained_about():
    with pytest.raises(UnknownNameError, match="no thing 'Rusia'") as caught:
        parse_values(Param("s", "iri"), "USA,Rusia", resolve)
    assert caught.value.nearest == ["Russia"]


@pytest.mark.parametrize("text", ["Russia,", ",Russia", "Russia,,USA"])
def test_a_comma_too_many_is_said(text):
    with pytest.raises(UsageError, match="a comma too many"):
        parse_values(Param("s", "iri"), text, resolve)


@pytest.mark.parametrize(
    "text",
    ["kzr:country-rus", f"{KZR}country-rus", f"<{KZR}country-rus>"],
)
def test_an_iri_is_written_in_three_ways(text):
    assert written_iri(text) == RUS


def test_an_unknown_prefix_is_named_with_the_known():
    with pytest.raises(InputError, match="unknown prefix"):
        written_iri("foo:bar")


def test_a_value_is_shown_as_a_user_would_type_it():
    assert show_value(RUS) == "kzr:country-rus"
    assert show_value(Literal("x", language="de")) == "x"
