"""Times: dates that can be read, notes where they were worked out, an order that can be true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from kzgraph.errors import InputError
from kzgraph.namespaces import EDTF_DATATYPE, kz, shrink
from kzgraph.rdf.edtf import bounds
from kzgraph.store.memory import Subject, TripleIndex
from kzgraph.temporal.bounds import TIME_PROPERTIES
from kzgraph.validation.corpus import Corpus, Problem

PUBLISHED: Final = kz("published")
EXTENDED_UNTIL: Final = kz("extendedUntil")
SAID_AT: Final = kz("saidAt")
DATE: Final = kz("date")
DATE_NOTE: Final = kz("dateNote")
AFTER: Final = kz("after")
BEFORE: Final = kz("before")
PART_OF: Final = kz("partOfEvent")
OF_TREATY: Final = kz("ofTreaty")
SIGNATURE: Final = kz("Signature")
_TIMES: Final = (*TIME_PROPERTIES, PUBLISHED, EXTENDED_UNTIL)
_FIRST_DAY: Final = "0000"
_LAST_DAY: Final = "9999-12-31"


def check_dates(corpus: Corpus) -> Iterator[Problem]:
    """Every date can be read as EDTF, and its ends are in order."""
    told: set[Subject] = set()
    for predicate in dict.fromkeys(t.predicate for t in corpus.data):
        for node, value in corpus.data.pairs(predicate):
            if not isinstance(value, Literal):
                continue
            if value.datatype != EDTF_DATATYPE and predicate not in _TIMES:
                continue
            try:
                bounds(value.value)
            except InputError as error:
                told.add(node)
                yield Problem(
                    "date-unusable",
                    node,
                    predicates=(predicate,),
                    value=value,
                    details={"reason": error.message, "hint": error.hint},
                )
    for finding in corpus.date_findings:
        if finding.node not in told:
            yield Problem(
                "date-unusable",
                finding.node,
                predicates=TIME_PROPERTIES,
                details={"reason": finding.message, "hint": ""},
            )


def check_date_notes(corpus: Corpus) -> Iterator[Problem]:
    """A date marked as uncertain or approximate says how it was worked out."""
    for predicate in _TIMES:
        for node, value in corpus.data.pairs(predicate):
            if (
                isinstance(value, Literal)
                and any(mark in value.value for mark in "?~%")
                and not corpus.data.objects(node, DATE_NOTE)
            ):
                yield Problem("date-note-missing", node, predicates=(predicate,), value=value)


class _Bounds:
    """The days between which the relators of a corpus begin and end."""

    def __init__(self, corpus: Corpus) -> None:
        self._index = TripleIndex(corpus.closed.computed)

    def day(self, node: Subject, bound: str, *, default: str) -> str:
        found = self._index.one(node, kz(bound))
        return found.value if isinstance(found, Literal) else default

    def first(self, node: Subject) -> str:
        """Return the first day on which a thing can have begun."""
        return self.day(node, "beginEarliest", default=_FIRST_DAY)

    def last_begin(self, node: Subject) -> str:
        """Return the last day on which it can have begun."""
        return self.day(node, "beginLatest", default=_LAST_DAY)

    def last(self, node: Subject) -> str:
        """Return the last day on which it can have ended; a lasting event ends with its day."""
        end = self.day(node, "endLatest", default="")
        return end or self.last_begin(node)


def check_rivals(corpus: Corpus) -> Iterator[Problem]:
    """Two persons do not certainly hold one office at the same time."""
    times = _Bounds(corpus)
    holders: dict[object, list[Subject]] = {}
    facts = corpus.closed.gate.facts
    for node, office in corpus.data.pairs(kz("office")):
        if node in facts:
            holders.setdefault(office, []).append(node)

    def certain(node: Subject) -> tuple[str, str]:
        begin = times.day(node, "beginLatest", default=_LAST_DAY)
        return begin, times.day(node, "endEarliest", default=_LAST_DAY)

    for rivals in holders.values():
        for one in rivals:
            person = corpus.data.one(one, kz("officeHolder"))
            begin, end = certain(one)
            for other in rivals:
                other_begin, other_end = certain(other)
                if (
                    person != corpus.data.one(other, kz("officeHolder"))
                    and begin < other_end
                    and other_begin < end
                ):
                    assert isinstance(other, NamedNode)
                    yield Problem(
                        "rivals-in-office",
                        one,
                        predicates=(kz("interval"), kz("heldAt")),
                        value=other,
                        details={"other": shrink(other.value)},
                    )


def check_treaty_order(corpus: Corpus) -> Iterator[Problem]:
    """What is done with a treaty follows its signature, and an extension looks ahead."""
    times = _Bounds(corpus)
    signatures: dict[object, list[Subject]] = {}
    for node in corpus.instances(SIGNATURE):
        if node in corpus.closed.gate.facts:
            for treaty in corpus.data.objects(node, OF_TREATY):
                signatures.setdefault(treaty, []).append(node)
    for node in corpus.instances(kz("TreatyAction")):
        if SIGNATURE in corpus.classes(node):
            continue
        for treaty in corpus.data.objects(node, OF_TREATY):
            signed = signatures.get(treaty, [])
            # rival dates of signing: only what precedes all of them is out of order
            if signed and all(times.last_begin(node) < times.first(s) for s in signed):
                other = signed[0]
                assert isinstance(other, NamedNode)
                yield Problem(
                    "before-signature",
                    node,
                    predicates=(DATE,),
                    value=other,
                    details={"other": shrink(other.value), "day": times.first(other)},
                )
    for node, until in corpus.data.pairs(EXTENDED_UNTIL):
        try:
            end = bounds(until.value).end_latest if isinstance(until, Literal) else None
        except InputError:
            continue
        if end is not None and end < times.first(node):
            yield Problem(
                "extension-too-short",
                node,
                predicates=(EXTENDED_UNTIL,),
                value=until,
                details={"day": times.first(node)},
            )


def check_event_order(corpus: Corpus) -> Iterator[Problem]:
    """Events that come one after another do so without a circle and not against their dates."""
    times = _Bounds(corpus)
    later: dict[Subject, list[tuple[Subject, Subject, NamedNode]]] = {}
    for predicate in (AFTER, BEFORE):
        for node, other in corpus.data.pairs(predicate):
            if isinstance(other, Literal):
                continue
            first, second = (other, node) if predicate == AFTER else (node, other)
            later.setdefault(first, []).append((second, node, predicate))
            if times.last(second) < times.first(first):
                yield Problem(
                    "order-against-dates",
                    node,
                    predicates=(predicate,),
                    value=other,
                    details={"first": times.first(first), "second": times.last(second)},
                )
    parts: dict[Subject, list[tuple[Subject, Subject, NamedNode]]] = {
        node: [
            (o, node, PART_OF)
            for o in corpus.data.objects(node, PART_OF)
            if isinstance(o, NamedNode)
        ]
        for node, _ in corpus.data.pairs(PART_OF)
    }
    for graph in (later, parts):
        for start, steps in graph.items():
            for following, node, predicate in steps:
                if _reaches(graph, following, start):
                    value = following if node != following else start
                    yield Problem(
                        "order-circle",
                        node,
                        predicates=(predicate,),
                        value=value,
                        details={"property": shrink(predicate.value)},
                    )


def _reaches(
    graph: dict[Subject, list[tuple[Subject, Subject, NamedNode]]], start: Subject, goal: Subject
) -> bool:
    """Return whether steps of a graph lead from one thing to another."""
    seen, pending = {start}, [start]
    while pending:
        node = pending.pop()
        if node == goal:
            return True
        fresh = [step[0] for step in graph.get(node, ()) if step[0] not in seen]
        seen.update(fresh)
        pending += fresh
    return False


def check_said_before_published(corpus: Corpus) -> Iterator[Problem]:
    """What a source reports was said before the source came out."""
    data = corpus.data
    for claim, said in data.pairs(SAID_AT):
        for passage in data.objects(claim, kz("evidence")):
            source = (
                data.node(passage, kz("inSource")) if not isinstance(passage, Literal) else None
            )
            published = data.one(source, PUBLISHED) if source else None
            if not isinstance(said, Literal) or not isinstance(published, Literal):
                continue
            try:
                spoken, out = bounds(said.value), bounds(published.value)
            except InputError:
                continue
            if spoken.begin_earliest and out.end_latest and spoken.begin_earliest > out.end_latest:
                yield Problem(
                    "said-after-published",
                    claim,
                    predicates=(SAID_AT,),
                    value=said,
                    details={"published": published.value},
                )
