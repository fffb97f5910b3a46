"""Days of the calendar that fit patterns such as ``19XX``, ``1X`` and ``2X``.

Years are written with four digits, as in EDTF; the calendar is the Gregorian
one, also before it was made. Season numbers are those of EDTF level 2.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from itertools import product
from typing import Final

Day = tuple[int, int, int]

# first month, last month, how many years later the last month lies
_SPRING, _SUMMER, _AUTUMN, _WINTER = (3, 5, 0), (6, 8, 0), (9, 11, 0), (12, 2, 1)
SEASONS: Final = dict(
    enumerate(
        [
            *(_SPRING, _SUMMER, _AUTUMN, _WINTER),  # wherever: taken as northern
            *(_SPRING, _SUMMER, _AUTUMN, _WINTER),  # northern
            *(_AUTUMN, _WINTER, _SPRING, _SUMMER),  # southern
            *((month, month + 2, 0) for month in (1, 4, 7, 10)),
            *((month, month + 3, 0) for month in (1, 5, 9)),
            *((month, month + 5, 0) for month in (1, 7)),
        ],
        start=21,
    )
)


def matching(pattern: str, low: int, high: int, *, backwards: bool = False) -> Iterator[int]:
    """Yield the numbers within limits that a pattern of digits and ``X`` fits, in order.

    >>> list(matching("1X", 1, 12))
    [10, 11, 12]
    """
    digits = "9876543210" if backwards else "0123456789"
    for chosen in product(*(digits if character == "X" else character for character in pattern)):
        number = int("".join(chosen))
        if low <= number <= high:
            yield number


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has, in any year of the Gregorian calendar."""
    # the calendar repeats every 400 years, also before the year 1
    return monthrange(year % 400 + 400, month)[1]


def is_possible(year: str, month: str, day: str) -> bool:
    """Return whether any day fits, in any year, also 0 and those before it.

    >>> is_possible("19XX", "02", "29"), is_possible("20X1", "02", "29")
    (True, False)
    """
    sign = -1 if year.startswith("-") else 1
    years = (sign * number for number in matching(year.lstrip("-"), 0, 9999))
    return next(_fitting(years, month, day, backwards=False), None) is not None


def first_and_last(year: str, month: str, day: str) -> tuple[str, str] | None:
    """Return the first and last day that fit, or None where none does in the years 1 to 9999.

    An empty month or day stands for any.

    >>> first_and_last("2024", "02", "")
    ('2024-02-01', '2024-02-29')
    """
    ends = []
    for backwards in (False, True):
        years = matching(year, 1, 9999, backwards=backwards)
        found = next(_fitting(years, month, day, backwards=backwards), None)
        if found is None:
            return None
        ends.append(iso(found))
    return ends[0], ends[1]


def season_days(year: str, season: int) -> tuple[str, str] | None:
    """Return the first and last day of a season, or None where it leaves the years 1 to 9999."""
    first = next(matching(year, 1, 9999), None)
    last = next(matching(year, 1, 9999, backwards=True), None)
    first_month, last_month, later = SEASONS[season]
    if first is None or last is None or last + later > 9999:
        return None
    last_year = last + later
    last_day = days_in_month(last_year, last_month)
    return iso((first, first_month, 1)), iso((last_year, last_month, last_day))


def iso(day: Day) -> str:
    """Return a day of the years 1 to 9999 as ISO 8601 writes it."""
    return f"{day[0]:04}-{day[1]:02}-{day[2]:02}"


def _fitting(years: Iterator[int], month: str, day: str, *, backwards: bool) -> Iterator[Day]:
    """Yield the days of some years that fit, in the order asked for."""
    months = list(matching(month or "XX", 1, 12, backwards=backwards))
    days = list(matching(day or "XX", 1, 31, backwards=backwards))
    for year in years:
        for number in months:
            limit = days_in_month(year, number)
            for chosen in days:
                if chosen <= limit:
                    yield year, number, chosen
