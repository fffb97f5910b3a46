"""The days between which relators and claims begin and end.

An author writes what the source says, in EDTF; the four bounds derived here
are days that queries can compare. Which bounds follow depends on the property
and, for ``kz:date``, on the kind of the class:

- ``kz:interval``, ``kz:period``, ``kz:saidAt``: it begins and ends within them;
- ``kz:heldAt``: it held at some moment within that date, so it began on its
  last day at the latest and ended on its first day at the earliest;
- ``kz:date`` of a lasting event: it happened then and stays so, so it has no
  end; of anything else: it begins and ends then.

A relator with no bound at a side is open there: it has held always, or goes on
(``2009/..``). Where something is unknown rather than open (``2009/``), the
other side gives the one bound that is sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.errors import InputError
from kzgraph.namespaces import RDF_TYPE, XSD, kz, shrink
from kzgraph.rdf.edtf import Bounds, EdtfError, bounds

Node = NamedNode | BlankNode

BEGIN_EARLIEST: Final = kz("beginEarliest")
BEGIN_LATEST: Final = kz("beginLatest")
END_EARLIEST: Final = kz("endEarliest")
END_LATEST: Final = kz("endLatest")
BOUND_PROPERTIES: Final = (BEGIN_EARLIEST, BEGIN_LATEST, END_EARLIEST, END_LATEST)

HELD_AT: Final = kz("heldAt")
DATE: Final = kz("date")
TIME_PROPERTIES: Final = (kz("interval"), HELD_AT, DATE, kz("period"), kz("saidAt"))

LASTING_EVENT: Final = "temporal-lasting-event"

_XSD_DATE: Final = NamedNode(XSD + "date")
# before and after every ISO date of the years 1 to 9999
_ALWAYS: Final = ""
_NEVER: Final = "~"


@dataclass(frozen=True, slots=True)
class BoundsFinding:
    """A date that cannot be used, and the node that has it."""

    node: Node
    message: str

    def __str__(self) -> str:
        name = shrink(self.node.value) if isinstance(self.node, NamedNode) else str(self.node)
        return f"{name}: {self.message}"


class BoundsError(InputError):
    """Dates from which no bounds follow: no EDTF, or contradictory; ``findings`` has all."""

    def __init__(self, findings: Iterable[BoundsFinding]) -> None:
        self.findings = list(findings)
        shown = [str(finding) for finding in self.findings[:5]]
        if len(self.findings) > 5:
            shown.append(f"and {len(self.findings) - 5} more")
        super().__init__("\n".join(shown), hint="kzgraph validate names the lines")


def derive_bounds(
    triples: Iterable[Triple],
    kinds: Mapping[NamedNode, str],
    *,
    findings: list[BoundsFinding] | None = None,
) -> Iterator[Triple]:
    """Yield the bound triples of every node that has a date.

    ``kinds`` gives the temporal kind of each class, inherited ones included
    (``temporal-state``, ``temporal-lasting-event``, ``temporal-moment``). Raises
    BoundsError at the end when dates cannot be used; with a list for
    ``findings`` they are added to it instead, and their nodes get no bounds.
    """
    found: list[BoundsFinding] = [] if findings is None else findings
    for node, node_bounds in bounds_of_nodes(triples, kinds, findings=found).items():
        for prop, day in zip(BOUND_PROPERTIES, node_bounds, strict=True):
            if day is not None:
                yield Triple(node, prop, Literal(day, datatype=_XSD_DATE))
    if findings is None and found:
        raise BoundsError(found)


def bounds_of_nodes(
    triples: Iterable[Triple],
    kinds: Mapping[NamedNode, str],
    *,
    findings: list[BoundsFinding],
) -> dict[Node, Bounds]:
    """Return the bounds of every node that has a date; what is wrong goes to ``findings``."""
    dates: dict[Node, list[tuple[NamedNode, str]]] = {}
    lasting: set[Node] = set()
    wanted = frozenset(TIME_PROPERTIES)
    for triple in triples:
        predicate, value, node = triple.predicate, triple.object, triple.subject
        if isinstance(node, Triple):
            continue
        if predicate == RDF_TYPE:
            if isinstance(value, NamedNode) and kinds.get(value) == LASTING_EVENT:
                lasting.add(node)
        elif predicate in wanted:
            if isinstance(value, Literal):
                dates.setdefault(node, []).append((predicate, value.value))
            else:
                findings.append(BoundsFinding(node, f"{shrink(predicate.value)} is no literal"))
    found: dict[Node, Bounds] = {}
    for node, statements in dates.items():
        try:
            found[node] = _bounds_of(statements, lasting=node in lasting)
        except InputError as error:
            findings.append(BoundsFinding(node, error.message))
    return found


def bounds_of_date(prop: NamedNode, text: str, *, lasting: bool = False) -> Bounds:
    """Return the bounds that follow from one time property with one EDTF text.

    ``lasting`` tells whether the node is a lasting event. Raises EdtfError.

    >>> bounds_of_date(HELD_AT, "2023-02")
    Bounds(begin_earliest=None, begin_latest='2023-02-28', end_earliest='2023-02-01', \
end_latest=None)
    """
    found = bounds(text)
    if prop == HELD_AT:
        if found.begin_earliest is None or found.end_latest is None:
            raise EdtfError(
                text,
                "a moment within it has a first and a last day",
                problem="cannot be the value of kz:heldAt",
                example="2023-02-28, 2022; for a state with an open end kz:interval 2009/..",
            )
        return Bounds(None, found.end_latest, found.begin_earliest, None)
    if prop == DATE and lasting:
        if "/" in text:  # it happened at some time within the interval
            return Bounds(found.begin_earliest, found.end_latest)
        return Bounds(found.begin_earliest, found.begin_latest)
    return found


def intersect(first: Bounds, second: Bounds) -> Bounds | None:
    """Return the bounds that meet both, or None where they contradict one another.

    >>> intersect(Bounds("2009-01-01", "2009-12-31"), Bounds(None, "2009-05-31", "2009-05-01"))
    Bounds(begin_earliest='2009-01-01', begin_latest='2009-05-31', end_earliest=None, \
end_latest=None)
    """
    begin_earliest, begin_latest, end_earliest, end_latest = (
        max(pair) if position in (0, 2) else min(pair)
        for position, pair in enumerate(zip(_ranges(first), _ranges(second), strict=True))
    )
    # what ends has begun, and what begins ends later
    begin_latest = min(begin_latest, end_latest)
    end_earliest = max(end_earliest, begin_earliest)
    if begin_earliest > begin_latest or end_earliest > end_latest:
        return None
    if begin_latest == _ALWAYS:
        begin_earliest = begin_latest = ""
    if end_earliest == _NEVER:
        end_earliest = end_latest = ""
    return Bounds(*(_day(d) for d in (begin_earliest, begin_latest, end_earliest, end_latest)))


def certainly(times: Bounds, day: str) -> bool:
    """Return whether something holds on a day for every begin and end within its bounds.

    A side without any bound is open and holds for good. ``day`` is an ISO date.

    >>> certainly(Bounds("2009-01-01", "2009-12-31"), "2010-01-01")
    True
    >>> certainly(Bounds("2009-01-01", "2009-12-31"), "2009-12-30")
    False
    """
    _, begin_latest, end_earliest, _ = _tightened(times)
    return begin_latest <= day <= end_earliest


def possibly(times: Bounds, day: str) -> bool:
    """Return whether something holds on a day for some begin and end within its bounds.

    >>> possibly(Bounds("2009-01-01", "2009-12-31"), "2009-01-01")
    True
    """
    begin_earliest, _, _, end_latest = _tightened(times)
    return begin_earliest <= day <= end_latest


def _bounds_of(statements: list[tuple[NamedNode, str]], *, lasting: bool) -> Bounds:
    """Return what all dates of one node say together. Raises InputError."""
    whole: Bounds | None = None
    for prop, text in statements:
        one = bounds_of_date(prop, text, lasting=lasting)
        both = one if whole is None else intersect(whole, one)
        if both is None:
            said = " and ".join(f"{shrink(prop.value)} {text!r}" for prop, text in statements)
            raise InputError(f"its dates contradict one another: {said}")
        whole = both
    assert whole is not None  # a node is here because it has a date
    return whole


def _ranges(times: Bounds) -> tuple[str, str, str, str]:
    """Return the bounds with a day on every place: an open side is always or never."""
    begin_earliest, begin_latest, end_earliest, end_latest = times
    if begin_earliest is None and begin_latest is None:
        begin_latest = _ALWAYS
    if end_earliest is None and end_latest is None:
        end_earliest = _NEVER
    return (
        _ALWAYS if begin_earliest is None else begin_earliest,
        _NEVER if begin_latest is None else begin_latest,
        _ALWAYS if end_earliest is None else end_earliest,
        _NEVER if end_latest is None else end_latest,
    )


def _tightened(times: Bounds) -> tuple[str, str, str, str]:
    begin_earliest, begin_latest, end_earliest, end_latest = _ranges(times)
    return (
        begin_earliest,
        min(begin_latest, end_latest),
        max(end_earliest, begin_earliest),
        end_latest,
    )


def _day(day: str) -> str | None:
    return None if day in (_ALWAYS, _NEVER) else day
