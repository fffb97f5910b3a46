"""Slots: which relators answer the same question of fact.

Each relator class names its identifying properties (``kz:identifiedBy``).
Relators of one class with equal values there share a slot. A property that is
absent means *none*; one that is named in ``kz:leavesOpen`` is unknown, and then
the relator has no slot. Times do not identify: they compare by overlap.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.namespaces import kz, kzr
from kzgraph.store.memory import Subject, TripleIndex

IDENTIFIED_BY = kz("identifiedBy")
LEAVES_OPEN = kz("leavesOpen")
SLOT = kz("slot")
TIMES = frozenset({kz("interval"), kz("heldAt"), kz("date"), kz("period")})
BOUNDS = (kz("beginEarliest"), kz("beginLatest"), kz("endEarliest"), kz("endLatest"))


@dataclass(frozen=True)
class Slots:
    """The slots of a graph: ``of`` gives a relator's slot, ``members`` who shares one."""

    of: dict[Subject, NamedNode]
    members: dict[NamedNode, list[Subject]]
    spans: dict[Subject, tuple[str, str]]

    def overlap(self, first: Subject, second: Subject) -> bool:
        """Return whether two relators can hold at one time (unknown times can)."""
        (a_begin, a_end), (b_begin, b_end) = self.spans[first], self.spans[second]
        return a_begin <= b_end and b_begin <= a_end

    def triples(self) -> list[Triple]:
        """Return the ``kz:slot`` of each relator that has one."""
        return [Triple(relator, SLOT, slot) for relator, slot in self.of.items()]


def span_of(graph: TripleIndex, relator: Subject) -> tuple[str, str]:
    """Return the widest time a relator may fill, as two ISO dates that compare as text."""
    begins = [o.value for o in graph.objects(relator, BOUNDS[0]) if isinstance(o, Literal)]
    ends = [o.value for o in graph.objects(relator, BOUNDS[3]) if isinstance(o, Literal)]
    return (max(begins) if begins else "0000-01-01", min(ends) if ends else "9999-12-31")


def compute_slots(
    graph: TripleIndex,
    relator_classes: Mapping[Subject, list[NamedNode]],
    identified_by: Mapping[NamedNode, list[NamedNode]],
    events: frozenset[Subject] = frozenset(),
    *,
    bounds: TripleIndex | None = None,
) -> Slots:
    """Return the slots of relators.

    ``relator_classes`` gives each relator's classes, the narrowest first;
    ``identified_by`` the identifying properties that a class names itself, and the
    slot is one of the narrowest class that does.
    ``events`` are relators that happen once: their dates are answers, not part of
    the question, so two dates of one event meet in the slot.
    ``bounds`` has the bounds of the relators where they are not in the graph itself.
    """
    times = graph if bounds is None else bounds
    of: dict[Subject, NamedNode] = {}
    members: dict[NamedNode, list[Subject]] = defaultdict(list)
    spans: dict[Subject, tuple[str, str]] = {}
    for relator, classes in relator_classes.items():
        naming = next((c for c in classes if identified_by.get(c)), None)
        if naming is None:
            continue
        properties = [p for p in identified_by[naming] if p not in TIMES]
        open_ = set(graph.objects(relator, LEAVES_OPEN))
        if any(p in open_ for p in properties):
            continue
        values = {p: sorted(map(str, graph.objects(relator, p))) for p in properties}
        if not any(values.values()):
            continue  # of what it speaks is not known
        key = [naming.value]
        for prop in sorted(properties, key=lambda p: p.value):
            key.append(prop.value + "=" + " ".join(values[prop]))
        digest = hashlib.sha256("\n".join(key).encode()).hexdigest()[:16]
        slot = kzr(f"slot-{digest}")
        of[relator] = slot
        members[slot].append(relator)
        timeless = relator in events and not any(p in TIMES for p in identified_by[naming])
        spans[relator] = ("0000-01-01", "9999-12-31") if timeless else span_of(times, relator)
    for relators in members.values():
        relators.sort(key=str)
    return Slots(of=of, members=dict(members), spans=spans)
