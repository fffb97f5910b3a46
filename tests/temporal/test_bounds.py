"""Bounds of relators, and what holds certainly or possibly, against brute force."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.namespaces import EDTF_DATATYPE, RDF_TYPE, XSD, kz, kzr
from kzgraph.rdf.edtf import Bounds, EdtfError
from kzgraph.temporal.bounds import (
    BOUND_PROPERTIES,
    BoundsError,
    BoundsFinding,
    bounds_of_date,
    certainly,
    derive_bounds,
    intersect,
    possibly,
)

KINDS = {
    kz("Membership"): "temporal-state",
    kz("Signature"): "temporal-lasting-event",
    kz("Meeting"): "temporal-moment",
    kz("Figure"): "temporal-moment",
}
NODE = kzr("x")


def dated(cls: str, *dates: tuple[str, str], node: NamedNode = NODE) -> list[Triple]:
    return [
        *(Triple(node, kz(prop), Literal(text, datatype=EDTF_DATATYPE)) for prop, text in dates),
        Triple(node, RDF_TYPE, kz(cls)),
    ]


def derived(triples: list[Triple]) -> dict[str, str]:
    """Return the local names of the derived properties with their days."""
    found = {}
    for triple in derive_bounds(triples, KINDS):
        assert triple.object.datatype == NamedNode(XSD + "date")
        found[triple.predicate.value.rpartition("#")[2]] = triple.object.value
    return found


NAMES = ("beginEarliest", "beginLatest", "endEarliest", "endLatest")


@pytest.mark.parametrize(
    ("cls", "prop", "text", "expected"),
    [
        (
            "Membership",
            "interval",
            "1994/2050",
            ("1994-01-01", "1994-12-31", "2050-01-01", "2050-12-31"),
        ),
        ("Membership", "interval", "2009/..", ("2009-01-01", "2009-12-31", None, None)),
        ("Membership", "interval", "../1990", (None, None, "1990-01-01", "1990-12-31")),
        ("Membership", "interval", "/1990", (None, "1990-12-31", "1990-01-01", "1990-12-31")),
        ("Membership", "heldAt", "2023-02-28", (None, "2023-02-28", "2023-02-28", None)),
        ("Membership", "heldAt", "2023-21", (None, "2023-05-31", "2023-03-01", None)),
        ("Membership", "heldAt", "2022/2023", (None, "2023-12-31", "2022-01-01", None)),
        ("Signature", "date", "1992-10", ("1992-10-01", "1992-10-31", None, None)),
        ("Signature", "date", "1993/2023", ("1993-01-01", "2023-12-31", None, None)),
        ("Signature", "date", "../1990", (None, "1990-12-31", None, None)),
        ("Meeting", "date", "2022-09~", ("2022-09-01", "2022-09-30") * 2),
        ("Meeting", "date", "2022/2023", ("2022-01-01", "2022-12-31", "2023-01-01", "2023-12-31")),
        ("Figure", "period", "19XX", ("1900-01-01", "1999-12-31") * 2),
        ("Claim", "saidAt", "2024-02", ("2024-02-01", "2024-02-29") * 2),
        ("Unheard", "date", "2012", ("2012-01-01", "2012-12-31") * 2),
    ],
)
def test_each_property_gives_its_bounds(cls, prop, text, expected):
    wanted = {name: day for name, day in zip(NAMES, expected, strict=True) if day is not None}
    assert derived(dated(cls, (prop, text))) == wanted


def test_the_type_may_come_before_or_after_the_date():
    triples = dated("Signature", ("date", "2012"))
    assert derived(triples) == derived(list(reversed(triples)))


def test_dates_of_one_relator_are_intersected():
    assert derived(dated("Membership", ("interval", "2009/.."), ("heldAt", "2009-05"))) == {
        "beginEarliest": "2009-01-01",
        "beginLatest": "2009-05-31",
    }
    assert derived(dated("Membership", ("heldAt", "2022"), ("heldAt", "2023-02-28"))) == {
        "beginLatest": "2022-12-31",
        "endEarliest": "2023-02-28",
    }


def test_contradictory_dates_name_the_node_and_what_it_says():
    triples = dated("Membership", ("interval", "2009/2012"), ("heldAt", "2015"))
    with pytest.raises(BoundsError, match="kzr:x: its dates contradict one another") as caught:
        list(derive_bounds(triples, KINDS))
    (finding,) = caught.value.findings
    assert finding.node == NODE
    assert "kz:interval '2009/2012'" in finding.message
    assert "kz:heldAt '2015'" in finding.message


def test_findings_are_collected_and_the_other_nodes_still_get_bounds():
    findings: list[BoundsFinding] = []
    other = kzr("y")
    triples = [
        *dated("Meeting", ("date", "2023-02-30")),
        *dated("Meeting", ("date", "2023-02-28"), node=other),
        Triple(kzr("z"), kz("date"), kzr("y")),
        Triple(BlankNode("b"), kz("date"), Literal("soon")),
    ]
    found = list(derive_bounds(triples, KINDS, findings=findings))
    assert {triple.subject for triple in found} == {other}
    assert [f"{finding}"[:60] for finding in findings] == [
        "kzr:z: kz:date is no literal",
        "kzr:x: '2023-02-30' is no date in EDTF: 2023-02 has no day 3",
        "_:b: 'soon' is no date in EDTF: it is none of the forms",
    ]


def test_an_error_shows_five_findings_and_counts_the_rest():
    triples = [t for n in range(8) for t in dated("Meeting", ("date", "soon"), node=kzr(f"n{n}"))]
    with pytest.raises(BoundsError, match="and 3 more") as caught:
        list(derive_bounds(triples, KINDS))
    assert len(caught.value.findings) == 8


@pytest.mark.parametrize("text", ["2009/..", "../1990", "/1990", "2009/"])
def test_a_state_cannot_be_held_at_an_open_time(text):
    with pytest.raises(EdtfError, match="first and a last day"):
        bounds_of_date(kz("heldAt"), text)


def test_nothing_without_a_date_gets_bounds():
    assert list(derive_bounds([Triple(NODE, RDF_TYPE, kz("Membership"))], KINDS)) == []


def test_bound_properties_are_in_the_order_of_bounds():
    assert [p.value.rpartition("#")[2] for p in BOUND_PROPERTIES] == list(NAMES)
    assert Bounds._fields == ("begin_earliest", "begin_latest", "end_earliest", "end_latest")


# -- brute force: a world of six days, before which everything has been always
# and after which it goes on for good

DAYS = [f"2023-02-0{n}" for n in range(1, 7)]
ALWAYS, NEVER = "", "~"
BEGINS, ENDS = [ALWAYS, *DAYS], [*DAYS, NEVER]

ranges = st.sampled_from(
    [
        (first, last)
        for first, last in product([None, *DAYS], repeat=2)
        if first is None or last is None or first <= last
    ]
)
all_bounds = st.builds(lambda begin, end: Bounds(*begin, *end), ranges, ranges)


def completions(times: Bounds) -> set[tuple[str, str]]:
    """Return every begin and end that bounds allow."""
    begin_open = times.begin_earliest is None and times.begin_latest is None
    end_open = times.end_earliest is None and times.end_latest is None
    begins = (
        [ALWAYS]
        if begin_open
        else [
            day
            for day in [*BEGINS, NEVER]
            if (times.begin_earliest or ALWAYS) <= day <= (times.begin_latest or NEVER)
        ]
    )
    ends = (
        [NEVER]
        if end_open
        else [
            day
            for day in [ALWAYS, *ENDS]
            if (times.end_earliest or ALWAYS) <= day <= (times.end_latest or NEVER)
        ]
    )
    return {(begin, end) for begin in begins for end in ends if begin <= end}


@settings(deadline=None)
@given(all_bounds)
def test_certain_is_every_completion_and_possible_is_some(times):
    possible = completions(times)
    if not possible:
        return
    for day in DAYS:
        held = [begin <= day <= end for begin, end in possible]
        assert certainly(times, day) == all(held)
        assert possibly(times, day) == any(held)


@settings(deadline=None)
@given(all_bounds, all_bounds)
def test_the_intersection_has_the_completions_of_both(first, second):
    both = completions(first) & completions(second)
    found = intersect(first, second)
    if found is None:
        assert not both
    else:
        assert completions(found) == both
        assert intersect(second, first) == found


def test_what_holds_at_a_day_of_the_lease():
    lease = bounds_of_date(kz("interval"), "1994/2050")
    assert [possibly(lease, day) for day in ("1993-12-31", "1994-01-01", "2050-12-31")] == [
        False,
        True,
        True,
    ]
    assert [certainly(lease, day) for day in ("1994-12-30", "1994-12-31", "2050-01-02")] == [
        False,
        True,
        False,
    ]
