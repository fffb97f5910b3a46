"""One relator's answer in a slot, read for comparing: its number, its dates, its things."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import NamedNode, Triple

from kzgraph.claims.ranges import INFINITY, Range, figure_range, phrase
from kzgraph.claims.slots import BOUNDS
from kzgraph.namespaces import RDF_TYPE, kz, shrink
from kzgraph.store.embedded import EmbeddedStore
from kzgraph.store.memory import Term

_EARLIEST, _LATEST = "0000-01-01", "9999-12-31"


_NO_UNIT = {"unit:NUM", "unit:UNITLESS"}


# roles that take one thing, so that two things without one in common exclude each other
_ONE_THING = (kz("conductor"), kz("eventPlace"), kz("launcher"), kz("onBehalfOf"), kz("seat"))


@dataclass(frozen=True)
class Member:
    node: NamedNode
    numbers: Range | None
    exact: str
    approximate: bool
    dates: tuple[tuple[str, str], tuple[str, str]] | None
    things: dict[NamedNode, frozenset[Term]]
    possible: tuple[str, str]
    certain: tuple[str, str]
    timeless: bool
    inferred_time: bool
    indicator: NamedNode | None
    tolerance: Decimal
    happens: bool

    def meets(self, other: Member, *, at_a_time: bool) -> bool:
        """Return whether two answers speak of one time, so that they can contradict each other.

        Two states with numbers have to overlap for certain; figures and moments
        possibly. A time that was inferred ("at present") may be a year off. Where
        the time is itself the answer (``at_a_time`` is False), any two meet.
        """
        if not (self.numbers and other.numbers):
            if at_a_time and self.things and other.things and not self.happens:
                # that one thing took another's place is known only of times that are known
                return _cross(self.certain, other.certain)
            return not at_a_time or _meet(self.possible, other.possible)
        if self.timeless and other.timeless:
            return True
        if self.certain[0] <= self.certain[1] and other.certain[0] <= other.certain[1]:
            return _meet(self.certain, other.certain)
        slack = self.inferred_time or other.inferred_time
        return _meet(_widened(self.possible, slack), other.possible)


def read_member(store: EmbeddedStore, node: NamedNode) -> Member:
    said: dict[NamedNode, list[Term]] = defaultdict(list)
    for triple in store.match(node, None, None):
        if not isinstance(triple.object, Triple):
            said[triple.predicate].append(triple.object)

    def text_of(predicate: NamedNode) -> str:
        return min((o.value for o in said.get(predicate, ())), default="")

    def number(name: str) -> Decimal | None:
        text = text_of(kz(name))
        try:
            return Decimal(text) if text else None
        except InvalidOperation:
            return None

    comparator = text_of(kz("comparator")).rpartition("/")[2]
    numbers: Range | None = None
    shown = ""
    for name in ("value", "share", "rank"):
        value = number(name)
        if value is not None:
            numbers = figure_range(value, comparator)
            shown = phrase(value, comparator)
    for name in ("value", "share"):
        low, high = number(name + "Min"), number(name + "Max")
        if low is not None or high is not None:
            numbers = Range(-INFINITY if low is None else low, INFINITY if high is None else high)
            shown = f"{low if low is not None else '…'} to {high if high is not None else '…'}"
    unit = next((u for u in said[kz("unit")] if isinstance(u, NamedNode)), None)
    if shown and unit is not None and shrink(unit.value) not in _NO_UNIT:
        shown += " " + store.label(unit, ("en",))
    begin_low, begin_high, end_low, end_high = (text_of(b) for b in BOUNDS)
    dates = None
    if numbers is None and (begin_low or begin_high or end_low or end_high):
        dates = (
            (begin_low or _EARLIEST, begin_high or _LATEST),
            (end_low or _EARLIEST, end_high or _LATEST),
        )
    if not shown:
        shown = next((t for n in ("date", "interval", "heldAt") if (t := text_of(kz(n)))), "")
    things = {p: frozenset(said[p]) for p in _ONE_THING if said.get(p)}
    indicator = next((i for i in said[kz("indicator")] if isinstance(i, NamedNode)), None)
    return Member(
        node=node,
        numbers=numbers,
        exact=shown,
        approximate=comparator == "comparator-approximately",
        dates=dates,
        things=things,
        possible=(begin_low or _EARLIEST, end_high or _LATEST),
        certain=(begin_high or _EARLIEST, end_low or _LATEST),
        timeless=indicator is not None and store.text(indicator, kz("timeless")) == "true",
        inferred_time=bool(said.get(kz("dateNote"))),
        indicator=indicator,
        tolerance=Decimal(store.text(indicator, kz("tolerance")) or 0) if indicator else Decimal(0),
        happens=kz("Event") in said[RDF_TYPE],
    )


def compare(store: EmbeddedStore, first: Member, second: Member) -> str:
    """Return the kind of difference between two answers, empty where there is none."""
    if first.numbers and second.numbers:
        if not first.numbers.meets(second.numbers):
            tolerance = max(first.tolerance, second.tolerance)
            near = tolerance > 0 and first.numbers.apart(second.numbers) <= tolerance
            return "rounding" if near else "conflict"
        if first.numbers == second.numbers:
            return ""
        return "rounding" if first.approximate or second.approximate else "precision"
    if differing(store, first, second):
        return "conflict"
    if first.numbers or second.numbers or not (first.dates and second.dates):
        return ""
    finer = False
    for one, other in zip(first.dates, second.dates, strict=True):
        if not _meet(one, other):
            days = first.happens and (_is_day_of(first, second) or _is_day_of(second, first))
            return "precision" if days else "conflict"
        # a side that one of them leaves open is no second answer
        finer = finer or (one != other and _closed(one) and _closed(other))
    return "precision" if finer else ""


def differing(store: EmbeddedStore, first: Member, second: Member) -> list[NamedNode]:
    """Return the roles in which two relators name different things, none within the other."""
    return [
        role
        for role, things in first.things.items()
        if role in second.things
        and not things & second.things[role]
        and not any(
            store.contains(Triple(inner, kz("locatedIn"), outer))
            for one in things
            for other in second.things[role]
            for inner, outer in ((one, other), (other, one))
            if isinstance(inner, NamedNode)
        )
    ]


def _is_day_of(day: Member, days: Member) -> bool:
    """Return whether one event's day is one of the several days of another."""
    begin, end = day.possible
    return begin == end and days.possible[0] <= begin <= days.possible[1]


def _widened(dates: tuple[str, str], slack: bool) -> tuple[str, str]:
    """Return a span that is a year longer at both ends, when there is slack."""
    if not slack:
        return dates
    first, last = (int(day[:4]) for day in dates)
    return (
        f"{max(first - 1, 0):04d}{dates[0][4:]}",
        f"{min(last + 1, 9999):04d}{dates[1][4:]}",
    )


def _closed(dates: tuple[str, str]) -> bool:
    return dates[0] != _EARLIEST and dates[1] != _LATEST


def _cross(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Return whether two known times have more than an edge in common.

    A moment within a longer time is given by the ends of that time, the later first.
    """
    (a_begin, a_end), (b_begin, b_end) = sorted(first), sorted(second)
    return a_begin < b_end and b_begin < a_end


def _meet(first: tuple[str, str], second: tuple[str, str]) -> bool:
    return first[0] <= second[1] and second[0] <= first[1]
