"""EDTF texts, their bounds, and the edtf package as an oracle where it is right."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import edtf
import pytest
from edtf.parser.edtf_exceptions import EDTFParseException
from hypothesis import given, settings
from hypothesis import strategies as st

from kzgraph.rdf.days import is_possible, iso
from kzgraph.rdf.edtf import (
    Bounds,
    EdtfDate,
    EdtfError,
    EdtfInterval,
    EdtfSet,
    Limit,
    bounds,
    parse,
)

ROOT = Path(__file__).resolve().parents[2]

DATES = {
    "2023": ("2023-01-01", "2023-12-31"),
    "2023-02": ("2023-02-01", "2023-02-28"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "1900-02": ("1900-02-01", "1900-02-28"),
    "2000-02": ("2000-02-01", "2000-02-29"),
    "2024-02-29": ("2024-02-29", "2024-02-29"),
    "0001": ("0001-01-01", "0001-12-31"),
    "9999": ("9999-01-01", "9999-12-31"),
    "19XX": ("1900-01-01", "1999-12-31"),
    "199X": ("1990-01-01", "1999-12-31"),
    "1XX9": ("1009-01-01", "1999-12-31"),
    "XXXX": ("0001-01-01", "9999-12-31"),
    "000X": ("0001-01-01", "0009-12-31"),
    "2004-XX": ("2004-01-01", "2004-12-31"),
    "2004-1X": ("2004-10-01", "2004-12-31"),
    "2004-0X": ("2004-01-01", "2004-09-30"),
    "1985-04-XX": ("1985-04-01", "1985-04-30"),
    "1985-02-3X": None,
    "1985-02-2X": ("1985-02-20", "1985-02-28"),
    "1985-XX-XX": ("1985-01-01", "1985-12-31"),
    "1985-XX-31": ("1985-01-31", "1985-12-31"),
    "19XX-02-29": ("1904-02-29", "1996-02-29"),
    "XXXX-02-29": ("0004-02-29", "9996-02-29"),
    "156X-12-25": ("1560-12-25", "1569-12-25"),
    "2023-21": ("2023-03-01", "2023-05-31"),
    "2023-22": ("2023-06-01", "2023-08-31"),
    "2023-23": ("2023-09-01", "2023-11-30"),
    "2022-24": ("2022-12-01", "2023-02-28"),
    "2023-24": ("2023-12-01", "2024-02-29"),
    "2023-25": ("2023-03-01", "2023-05-31"),
    "2023-29": ("2023-09-01", "2023-11-30"),
    "2023-30": ("2023-12-01", "2024-02-29"),
    "2023-31": ("2023-03-01", "2023-05-31"),
    "2023-32": ("2023-06-01", "2023-08-31"),
    "2023-33": ("2023-01-01", "2023-03-31"),
    "2023-36": ("2023-10-01", "2023-12-31"),
    "2023-37": ("2023-01-01", "2023-04-30"),
    "2023-39": ("2023-09-01", "2023-12-31"),
    "2023-40": ("2023-01-01", "2023-06-30"),
    "2023-41": ("2023-07-01", "2023-12-31"),
    "199X-21": ("1990-03-01", "1999-05-31"),
    "2022-09~": ("2022-09-01", "2022-09-30"),
    "1984?": ("1984-01-01", "1984-12-31"),
    "2004-06-11%": ("2004-06-11", "2004-06-11"),
    "2004-06~-11": ("2004-06-11", "2004-06-11"),
    "2004?-06-~11": ("2004-06-11", "2004-06-11"),
    "2023-02-28T23:59:59Z": ("2023-02-28", "2023-02-28"),
    "2023-02-28T10:00:00+06:00": ("2023-02-28", "2023-02-28"),
    "[1667,1668,1670..1672]": ("1667-01-01", "1672-12-31"),
    "[1957-10-04, 1959]": ("1957-10-04", "1959-12-31"),
}


@pytest.mark.parametrize(("text", "days"), DATES.items())
def test_a_date_begins_and_ends_within_its_first_and_last_day(text, days):
    if days is None:
        with pytest.raises(EdtfError):
            bounds(text)
    else:
        assert bounds(text) == (*days, *days)


INTERVALS = {
    "1994/2050": ("1994-01-01", "1994-12-31", "2050-01-01", "2050-12-31"),
    "../1990": (None, None, "1990-01-01", "1990-12-31"),
    "2009/..": ("2009-01-01", "2009-12-31", None, None),
    "/2012": (None, "2012-12-31", "2012-01-01", "2012-12-31"),
    "2012/": ("2012-01-01", "2012-12-31", "2012-01-01", None),
    "2022-09~/2023-21": ("2022-09-01", "2022-09-30", "2023-03-01", "2023-05-31"),
    "1991-12-16/2019-03-20": ("1991-12-16", "1991-12-16", "2019-03-20", "2019-03-20"),
    "19XX/19XX": ("1900-01-01", "1999-12-31", "1900-01-01", "1999-12-31"),
    "2004/2004": ("2004-01-01", "2004-12-31", "2004-01-01", "2004-12-31"),
    # what ends has begun, and what begins has not ended before
    "2004/2004-03-15": ("2004-01-01", "2004-03-15", "2004-03-15", "2004-03-15"),
    "2004-03-15/2004": ("2004-03-15", "2004-03-15", "2004-03-15", "2004-12-31"),
    "[..1984]": (None, "1984-12-31", None, "1984-12-31"),
    "[1760-12..]": ("1760-12-01", None, "1760-12-01", None),
    "{1960,1961-12}": ("1960-01-01", "1960-12-31", "1961-12-01", "1961-12-31"),
    "{..1984}": (None, None, "1984-01-01", "1984-12-31"),
    "{1992-05-19..1992-05-25}": ("1992-05-19", "1992-05-19", "1992-05-25", "1992-05-25"),
}


@pytest.mark.parametrize(("text", "expected"), INTERVALS.items())
def test_intervals_and_sets_begin_with_the_first_and_end_with_the_last(text, expected):
    assert bounds(text) == Bounds(*expected)


WRONG = {
    "": "it is empty",
    " 2023": "space around it",
    "2023 ": "space around it",
    "23": "a year has four digits",
    "20235": "longer ones start with Y",
    "2023-2": "two digits",
    "2023-02-3": "two digits",
    "2023-00": "neither a month",
    "2023-13": "neither a month",
    "2023-42": "neither a month",
    "2023-20": "neither a month",
    "2023-02-00": "no day 00",
    "2023-02-30": "2023-02 has no day 30",
    "2023-02-29": "2023-02 has no day 29",
    "1900-02-29": "1900-02 has no day 29",
    "2023-04-31": "2023-04 has no day 31",
    "20X1-02-29": "has no day 29",
    "2023-01-32": "no day 32",
    "2023-4X": "4X is neither a month",
    "2023-21-03": "a season (21) has no day",
    "2023/02/28": "one slash",
    "28.02.2023": "wrong order",
    "1990s": "a decade",
    "199u": "written X",
    "199x": "written X",
    "open": "a draft",
    "open/1990": "a draft",
    "unknown/1990": "a draft",
    "/": "says nothing",
    "../..": "says nothing",
    "/..": "says nothing",
    "..": "none of the forms",
    "2000/1990": "it ends before it begins",
    "2023-03/2023-02": "it ends before it begins",
    "2023?~": "stands for ? and ~ together",
    "1950S2": "not supported",
    "Y-17E7": "not supported",
    "Y2023": "five digits and more",
    "Y170000-01": "five digits stands alone|none of the forms",
    "-0000": "no year -0000",
    "2023-02T10:00:00Z": "a time of day needs a day|only a whole day",
    "2023-02-28T25:00:00Z": "time of day",
    "2023-02-2XT10:00:00Z": "only a whole day",
    "[1990": "ends with ]",
    "{1990]": "ends with }",
    "[1990,]": "empty",
    "[..]": "at least one side",
    "[1990,..]": "at least one side",
    "[1990/1991]": "none of the forms",
    "२०२३": "none of the forms",
    "circa 1990": "none of the forms",
}


@pytest.mark.parametrize(("text", "reason"), WRONG.items())
def test_what_is_no_date_is_refused_with_a_reason(text, reason):
    with pytest.raises(EdtfError) as caught:
        parse(text)
    assert re.search(reason if "|" in reason else re.escape(reason), caught.value.reason)
    assert caught.value.text == text
    assert caught.value.hint.startswith("right forms: ")


@pytest.mark.parametrize(
    ("text", "example"),
    [("28.2.2023", "2023-02-28"), ("2023-2-3", "2023-02-03"), ("1990s", "199X"), ("19uu", "19XX")],
)
def test_the_likely_right_form_is_named(text, example):
    with pytest.raises(EdtfError) as caught:
        parse(text)
    assert caught.value.example == example
    parse(example)


@pytest.mark.parametrize(
    "text", ["-0044", "0000", "Y170000", "Y-170000", "-0004-02-29", "9999-24", "-0044/1990"]
)
def test_years_that_have_no_bounds_are_read_but_refused_for_bounds(text):
    parse(text)
    with pytest.raises(EdtfError, match="has no bounds"):
        bounds(text)


def test_the_leap_day_of_a_year_before_the_first_is_known():
    assert is_possible("-0004", "02", "29")
    assert not is_possible("-0003", "02", "29")
    assert is_possible("0000", "02", "29")


def test_the_parts_of_a_date_keep_their_spelling():
    assert parse("19XX-1X") == EdtfDate("19XX-1X", "19XX", "1X")
    assert parse("2023-21").season == 21
    assert [parse(text).precision for text in ("2023", "2023-21", "2023-02", "2023-02-28")] == [
        "year",
        "season",
        "month",
        "day",
    ]


def test_an_open_end_is_not_an_unknown_one():
    assert parse("2009/..") == EdtfInterval("2009/..", EdtfDate("2009", "2009"), Limit.OPEN)
    assert parse("/2009").begin is Limit.UNKNOWN


def test_sets_tell_one_from_all():
    assert parse("[1990,1992..1994]") == EdtfSet(
        "[1990,1992..1994]",
        True,
        (
            EdtfDate("1990", "1990"),
            EdtfInterval("1992..1994", EdtfDate("1992", "1992"), EdtfDate("1994", "1994")),
        ),
    )
    assert parse("{1990}").one_of is False


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [
        ("2004-06-11?", "year month day", ""),
        ("2004-06~-11", "", "year month"),
        ("2004-06-~11", "", "day"),
        ("?2004-06-11", "year", ""),
        ("2004?-06-%11", "year day", "day"),
        ("2004-06%", "year month", "year month"),
        ("~2004-?06-11%", "year month day", "year month day"),
    ],
)
def test_a_mark_behind_counts_leftwards_and_one_before_only_its_part(text, uncertain, approximate):
    date = parse(text)
    assert date.uncertain == set(uncertain.split())
    assert date.approximate == set(approximate.split())


def test_every_edtf_literal_of_the_data_has_bounds():
    found = set()
    for path in (ROOT / "data").rglob("*.ttl"):
        found |= set(re.findall(r'"([^"\n]*)"\^\^edtf:EDTF', path.read_text(encoding="utf-8")))
    for text in found:
        bounds(text)


digits = st.sampled_from("0123456789X")
patterns = st.builds(
    lambda year, month, day, parts: "-".join((year, month, day)[:parts]),
    st.builds("".join, st.lists(digits, min_size=4, max_size=4)),
    st.sampled_from(["01", "02", "04", "12", "0X", "1X", "XX", "X1"]),
    st.sampled_from(["01", "28", "29", "30", "31", "0X", "2X", "3X", "XX", "X1"]),
    st.integers(1, 3),
)


def fits(pattern: str, number: str) -> bool:
    return all(p in ("X", n) for p, n in zip(pattern, number, strict=True))


@settings(deadline=None, max_examples=40)
@given(patterns)
def test_first_and_last_day_are_those_of_all_days_that_fit(text):
    parts = text.split("-")
    years = [f"{year:04}" for year in range(1, 10000) if fits(parts[0], f"{year:04}")]
    # the ends of the years that fit, with leap years around, hold the ends of the days
    days = []
    for year in {*years[:12], *years[-12:]}:
        day = datetime.date(int(year), 1, 1)
        while day.year == int(year):
            numbers = day.isoformat().split("-")
            if all(fits(p, n) for p, n in zip(parts, numbers, strict=False)):
                days.append(day.isoformat())
            if day == datetime.date.max:
                break
            day += datetime.timedelta(days=1)
    if days:
        assert bounds(text)[:2] == (min(days), max(days))
    elif len(years) < 12:
        with pytest.raises(EdtfError):
            bounds(text)


@settings(deadline=None)
@given(st.text(alphabet="0123456789-/.XYT:Z?~%[]{},SE ", max_size=14) | st.text(max_size=8))
def test_any_text_is_read_or_refused(text):
    try:
        parse(text)
    except EdtfError:
        return
    try:
        found = bounds(text)
    except EdtfError as error:
        assert "has no bounds" in str(error)
    else:
        if found.begin_earliest and found.begin_latest:
            assert found.begin_earliest <= found.begin_latest
        if found.end_earliest and found.end_latest:
            assert found.end_earliest <= found.end_latest


# what the edtf package makes of these, and why that is not taken over
KNOWN_DIFFERENCES = {
    "XXXX": ("0000-01-01", "9999-12-31"),  # the year 0 has no xsd:date that sorts as text
    "000X": ("0000-01-01", "0009-12-31"),
    "XXXX-02-29": ("0000-02-29", "9999-02-29"),  # neither year has such a day
    "19XX-02-29": ("1900-02-29", "1999-02-29"),
    "2022-24": ("2022-12-01", "2022-12-31"),  # a winter of one month
    "2023-24": ("2023-12-01", "2023-12-31"),
    "2023-30": ("2023-12-01", "2023-12-31"),
    "2004-1X": AttributeError,  # crashes
    "2004-0X": AttributeError,
    "1985-02-2X": ValueError,
    "199X-21": EDTFParseException,  # does not know it
    "/2012": ("2002-12-31", "2012-12-31"),  # ten years for an unknown begin
    "2012/": ("2012-01-01", "2022-01-01"),
}
WIDENED = {"2022-09~": "2021-08-01", "1984?": "1983-01-01", "2004-06-11%": "2002-04-09"}


def package_days(text: str, *, fuzzy: bool = False) -> tuple[str | None, str | None]:
    """Return the first and last day by the edtf package, None for an open end."""
    date = edtf.parse_edtf(text)
    ends = (
        (date.lower_fuzzy(), date.upper_fuzzy())
        if fuzzy
        else (date.lower_strict(), date.upper_strict())
    )
    first, last = (None if isinstance(end, float) else iso(end[:3]) for end in ends)
    return first, last


@pytest.mark.parametrize("text", [*(text for text, days in DATES.items() if days), *INTERVALS])
def test_the_edtf_package_gives_the_same_days_or_a_known_difference(text):
    known = KNOWN_DIFFERENCES.get(text, "same")
    if isinstance(known, type):
        with pytest.raises(known):
            package_days(text)
        return
    found = bounds(text)
    ours = (found.begin_earliest, found.end_latest)
    assert package_days(text) == (ours if known == "same" else known)
    assert known != ours


@pytest.mark.parametrize(("text", "first"), WIDENED.items())
def test_marks_widen_the_package_s_fuzzy_bounds_and_never_ours(text, first):
    assert package_days(text, fuzzy=True)[0] == first
    assert bounds(text) == bounds(text.rstrip("?~%"))
