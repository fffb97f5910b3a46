"""Dates as sources give them: the Extended Date/Time Format (EDTF) and its bounds.

Read are levels 0 and 1 of the Library of Congress's specification and of level
2 the seasons, quarters and halves 21 to 41, unspecified digits anywhere,
qualifiers on single parts, and sets. Significant digits (``1950S2``) and
exponents (``Y-17E7``) are refused.

Choices that the specification leaves open, for ``bounds``:

- ``?``, ``~`` and ``%`` do not widen the bounds: how far "about 2022" reaches
  is nobody's knowledge, and a number made up here would look like one.
- Seasons are whole months. 21 to 24 are taken as northern, winter goes from
  December of its year to February of the next.
- Years from 1 to 9999 have bounds, others only a parse: ``xsd:date`` values of
  other years do not compare as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from kzgraph.errors import InputError
from kzgraph.rdf.days import first_and_last, is_possible, matching, season_days

EXAMPLES: Final = "2023, 2023-02, 2023-02-28, 199X, 2023-21 (spring), 1992~, 2009/.., ../1990"


class EdtfError(InputError):
    """A text that is no EDTF date, or one that has no bounds."""

    def __init__(
        self,
        text: str,
        reason: str,
        *,
        problem: str = "is no date in EDTF",
        example: str = EXAMPLES,
    ) -> None:
        self.text = text
        self.reason = reason
        self.example = example
        super().__init__(f"{text!r} {problem}: {reason}", hint=f"right forms: {example}")


class Limit(Enum):
    """An end of an interval that is no date."""

    OPEN = ".."
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """A day, month, season, year, or a pattern of them.

    The parts are spelt as in the text, ``X`` for an unspecified digit; ``month``
    also holds the seasons 21 to 41. ``uncertain`` and ``approximate`` name the
    parts that ``?`` and ``~`` stand at; ``%`` means both.
    """

    text: str
    year: str
    month: str = ""
    day: str = ""
    time: str = ""
    uncertain: frozenset[str] = frozenset()
    approximate: frozenset[str] = frozenset()

    @property
    def season(self) -> int | None:
        """Return the number of a season, quarter or half, 21 to 41, if it is one."""
        return int(self.month) if self.month.isdigit() and int(self.month) > 20 else None

    @property
    def precision(self) -> str:
        """Return the smallest part that is given: ``day``, ``month``, ``season`` or ``year``."""
        if self.day:
            return "day"
        if self.month:
            return "month" if self.season is None else "season"
        return "year"


@dataclass(frozen=True, slots=True)
class EdtfInterval:
    """A time from one date to another, either of which can be open or unknown."""

    text: str
    begin: EdtfDate | Limit
    end: EdtfDate | Limit


@dataclass(frozen=True, slots=True)
class EdtfSet:
    """Dates of which one is meant (``[1992,1994]``) or all are (``{1992,1994}``)."""

    text: str
    one_of: bool
    members: tuple[EdtfDate | EdtfInterval, ...]


class Bounds(NamedTuple):
    """The first and last day on which a time can begin, and on which it can end.

    Days are ISO dates. A side without any day is *open*: it has begun always,
    or goes on. A side with one day is unknown but for that day: the state that
    held in May 2023 began at the latest on its last day and ended at the
    earliest on its first.
    """

    begin_earliest: str | None = None
    begin_latest: str | None = None
    end_earliest: str | None = None
    end_latest: str | None = None


@lru_cache(maxsize=4096)
def parse(text: str) -> EdtfDate | EdtfInterval | EdtfSet:
    """Return what an EDTF text says. Raises EdtfError.

    >>> parse("2022-09~").precision
    'month'
    >>> parse("2009/..").end
    <Limit.OPEN: '..'>
    """
    if text[:1] in ("[", "{"):
        return _parse_set(text)
    if "/" in text:
        return _parse_interval(text)
    return _parse_date(text, whole=text)


@lru_cache(maxsize=4096)
def bounds(text: str) -> Bounds:
    """Return the days between which the time of an EDTF text begins and ends. Raises EdtfError.

    A date begins and ends within its first and last day. An interval begins
    within its first date and ends within its second, and not before it began.

    >>> bounds("2024-02")
    Bounds(begin_earliest='2024-02-01', begin_latest='2024-02-29', end_earliest='2024-02-01', \
end_latest='2024-02-29')
    >>> bounds("2009/..")
    Bounds(begin_earliest='2009-01-01', begin_latest='2009-12-31', end_earliest=None, \
end_latest=None)
    """
    parsed = parse(text)
    if isinstance(parsed, EdtfInterval):
        return _interval_bounds(parsed, text)
    if isinstance(parsed, EdtfSet):
        return _set_bounds(parsed, text)
    first, last = _days(parsed, text)
    return Bounds(first, last, first, last)


# -- reading

_DATE: Final = re.compile(
    r"(?P<year_before>[?~%]?)(?P<year>-?[0-9X]{4}|Y-?[0-9]{5,})(?P<year_after>[?~%]?)"
    r"(?:-(?P<month_before>[?~%]?)(?P<month>[0-9X]{2})(?P<month_after>[?~%]?)"
    r"(?:-(?P<day_before>[?~%]?)(?P<day>[0-9X]{2})(?P<day_after>[?~%]?))?)?"
    r"(?:T(?P<time>(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-][01][0-9](?::[0-5][0-9])?)?))?"
)
_PARTS: Final = ("year", "month", "day")


def _parse_date(text: str, *, whole: str) -> EdtfDate:
    match = _DATE.fullmatch(text)
    if match is None:
        raise EdtfError(whole, _what_is_wrong(text), example=_nearest_form(text))
    uncertain: set[str] = set()
    approximate: set[str] = set()
    given = [part for part in _PARTS if match[part]]
    for position, part in enumerate(given):
        marks = [(match[f"{part}_before"], [part])]
        # a mark behind a part counts for everything before it as well
        marks.append((match[f"{part}_after"], given[: position + 1]))
        for mark, parts in marks:
            if mark in ("?", "%"):
                uncertain.update(parts)
            if mark in ("~", "%"):
                approximate.update(parts)
    date = EdtfDate(
        text,
        match["year"],
        match["month"] or "",
        match["day"] or "",
        match["time"] or "",
        frozenset(uncertain),
        frozenset(approximate),
    )
    _check_date(date, whole)
    return date


def _check_date(date: EdtfDate, whole: str) -> None:
    """Raise EdtfError for a month, day or time that there is not."""
    if date.year == "-0000":
        raise EdtfError(whole, "there is no year -0000; the year before 1 is 0000")
    if date.year.startswith("Y"):
        if date.month:
            raise EdtfError(whole, "a year of five digits stands alone", example="Y170000")
        return
    if date.time and ("X" in date.text or date.uncertain or date.approximate):
        raise EdtfError(whole, "only a whole day without ?, ~ or X has a time of day")
    if date.time and not date.day:
        raise EdtfError(whole, "a time of day needs a day", example="2023-02-28T14:00:00Z")
    if not date.month:
        return
    if not any(matching(date.month, 1, 12)):
        if date.season is None or date.season > 41:
            raise EdtfError(
                whole,
                f"{date.month} is neither a month (01 to 12) nor a season or quarter (21 to 41)",
            )
        if date.day:
            raise EdtfError(whole, f"a season ({date.month}) has no day")
        return
    if date.day and not is_possible(date.year, date.month, date.day):
        if not any(matching(date.day, 1, 31)):
            raise EdtfError(whole, f"there is no day {date.day}")
        raise EdtfError(whole, f"{date.year}-{date.month} has no day {date.day}")


def _parse_interval(text: str) -> EdtfInterval:
    sides = text.split("/")
    if len(sides) != 2:
        raise EdtfError(
            text, "an interval has one slash; the parts of a date are joined by hyphens"
        )
    if sides[0] in ("", "..") and sides[1] in ("", ".."):
        raise EdtfError(text, "an interval without any date says nothing")
    begin, end = (
        Limit(side) if side in ("", "..") else _parse_date(side, whole=text) for side in sides
    )
    interval = EdtfInterval(text, begin, end)
    if not any(isinstance(side, EdtfDate) and _year_without_bounds(side) for side in (begin, end)):
        _interval_bounds(interval, text)
    return interval


def _parse_set(text: str) -> EdtfSet:
    closing = {"[": "]", "{": "}"}[text[0]]
    if not text.endswith(closing):
        raise EdtfError(text, f"a set that starts with {text[0]} ends with {closing}")
    members: list[EdtfDate | EdtfInterval] = []
    for member in text[1:-1].split(","):
        member = member.strip()
        begin, dots, end = member.partition("..")
        if not dots:
            members.append(_parse_date(member, whole=text))
        elif not begin and not end:
            raise EdtfError(text, "a range needs a date on at least one side of ..")
        else:
            members.append(
                EdtfInterval(
                    member,
                    _parse_date(begin, whole=text) if begin else Limit.OPEN,
                    _parse_date(end, whole=text) if end else Limit.OPEN,
                )
            )
    return EdtfSet(text, text[0] == "[", tuple(members))


def _what_is_wrong(text: str) -> str:
    """Return in words why a text is no date, for the mistakes that people make."""
    if not text:
        return "it is empty"
    if text != text.strip():
        return "there is space around it"
    if text in ("open", "unknown"):
        return f"{text!r} was the word of a draft; an open end is .., an unknown one is empty"
    if re.fullmatch(r"[0-9]{1,2}\.\s?[0-9]{1,2}\.\s?[0-9]{2,4}", text):
        return "day, month and year are in the wrong order and joined by full stops"
    if re.search(r"[0-9][ux*]", text):
        return "an unspecified digit is written X"
    if re.fullmatch(r"[0-9]{3}0s", text):
        return "a decade is written with X for the last digit"
    if re.search(r"[SE]", text) and re.fullmatch(r"[0-9YSE-]+", text):
        return "significant digits (S) and exponents (E) are not supported"
    if re.fullmatch(r"Y-?[0-9]{1,4}", text):
        return "Y is for years of five digits and more"
    if re.fullmatch(r"-?[0-9]{5,}", text):
        return "a year has four digits; longer ones start with Y"
    if re.match(r"-?[0-9]{1,3}(?:\D|$)", text):
        return "a year has four digits"
    if re.fullmatch(r"[0-9]{4}(?:-[0-9]{1,2}){1,2}", text):
        return "month and day have two digits"
    if re.search(r"[?~%]{2}", text):
        return "% stands for ? and ~ together"
    if "T" in text:
        return "the time of day is wrong"
    return "it is none of the forms"


def _nearest_form(text: str) -> str:
    """Return the likely right spelling of a text, or examples."""
    if match := re.fullmatch(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})", text):
        return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?", text):
        return "-".join([match[1], *(f"{int(part):02}" for part in match.groups()[1:] if part)])
    if match := re.fullmatch(r"([0-9]{3})0s", text):
        return f"{match[1]}X"
    if re.search(r"[0-9][ux*]", text):
        return re.sub(r"[ux*]", "X", text)
    return EXAMPLES


# -- bounds


def _year_without_bounds(date: EdtfDate) -> bool:
    return date.year[0] in "Y-" or date.year == "0000"


def _days(date: EdtfDate, whole: str) -> tuple[str, str]:
    """Return the first and the last day of a date."""
    if _year_without_bounds(date):
        raise _no_bounds_error(whole)
    if date.season is not None:
        days = season_days(date.year, date.season)
    else:
        days = first_and_last(date.year, date.month, date.day)
    if days is None:
        raise _no_bounds_error(whole)
    return days


def _no_bounds_error(whole: str) -> EdtfError:
    return EdtfError(
        whole,
        "no day fits it in the years 0001 to 9999",
        problem="has no bounds",
        example="0001/1990, ../1990",
    )


def _interval_bounds(interval: EdtfInterval, whole: str) -> Bounds:
    begin_earliest = begin_latest = end_earliest = end_latest = None
    if isinstance(interval.begin, EdtfDate):
        begin_earliest, begin_latest = _days(interval.begin, whole)
    if isinstance(interval.end, EdtfDate):
        end_earliest, end_latest = _days(interval.end, whole)
    # what ends has begun, and what begins ends later
    if interval.begin is Limit.UNKNOWN:
        begin_latest = end_latest
    if interval.end is Limit.UNKNOWN:
        end_earliest = begin_earliest
    if begin_earliest and end_latest and begin_latest and end_earliest:
        if end_latest < begin_earliest:
            raise EdtfError(whole, "it ends before it begins")
        begin_latest = min(begin_latest, end_latest)
        end_earliest = max(end_earliest, begin_earliest)
    return Bounds(begin_earliest, begin_latest, end_earliest, end_latest)


def _set_bounds(dates: EdtfSet, whole: str) -> Bounds:
    """Return the bounds of the one date that is meant, or of all of them together."""
    spans: list[tuple[str | None, str | None, str | None, str | None]] = []
    for member in dates.members:
        if isinstance(member, EdtfInterval):
            spans.append(_interval_bounds(member, whole))
        else:
            first, last = _days(member, whole)
            spans.append((first, last, first, last))
    first_begin = _extreme([span[0] for span in spans], last=False)
    last_end = _extreme([span[3] for span in spans], last=True)
    if dates.one_of:
        return Bounds(first_begin, last_end, first_begin, last_end)
    return Bounds(
        first_begin,
        None if first_begin is None else _extreme([span[1] for span in spans], last=False),
        None if last_end is None else _extreme([span[2] for span in spans], last=True),
        last_end,
    )


def _extreme(days: list[str | None], *, last: bool) -> str | None:
    """Return the first or last of some days, or None where one of them is open."""
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return None
    return max(known) if last else min(known)
