"""Times: dates that can be read, notes where they were worked out, an order that can be true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from pyoxigraph import Literal, NamedNode

from kzgraph.errors import InputError
from kzgraph.namespaces import EDTF_DATATYPE, kz, kzv, shrink
from kzgraph.rdf.edtf import bounds
from kzgraph.store.memory import Subject
from kzgraph.temporal.bounds import TIME_PROPERTIES
from kzgraph.validation.corpus import Corpus, Problem
from kzgraph.validation.days import LAST_DAY

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
ADOPTION: Final = kz("Adoption")
SIGNATORY: Final = kz("signatory")
# who does something with a treaty, or is bound by it
PARTIES: Final = tuple(
    kz(role)
    for role in ("ratifyingParty", "accedingParty", "boundParty", "denouncingParty", "extendedBy")
)
# earlier than any date of the data, and later than any date that a treaty looks ahead to
_FIRST_YEAR: Final = 1500
_LAST_YEAR: Final = 2200
_ACCESSED: Final = kz("accessed")
# what a source says of the future; else a note on the date tells that it was soon to come
_AHEAD: Final = 10
_FORESEEN: Final = (kzv("modality-possible"), kzv("modality-estimated"))
_TIMES: Final = (*TIME_PROPERTIES, PUBLISHED, EXTENDED_UNTIL)


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


def check_rivals(corpus: Corpus) -> Iterator[Problem]:
    """One source does not let two persons certainly hold one office at the same time.

    Two sources that do are in conflict, which is no mistake of the data; nor is what
    a note on the date explains.
    """
    times = corpus.days
    holders: dict[object, list[Subject]] = {}
    facts = corpus.closed.gate.facts
    for node, office in corpus.data.pairs(kz("office")):
        if node in facts:
            holders.setdefault(office, []).append(node)

    for rivals in holders.values():
        holding: list[Subject] = []  # who holds the office still when the next one begins
        for one in sorted(rivals, key=times.last_begin):
            begin, end = times.certain(one)
            holding = [other for other in holding if times.certain(other)[1] > begin]
            person = corpus.data.one(one, kz("officeHolder"))
            for other in holding:
                if (
                    person != corpus.data.one(other, kz("officeHolder"))
                    and times.last_begin(other) < end
                    and _documents(corpus, one) & _documents(corpus, other)
                    and not any(corpus.data.objects(n, DATE_NOTE) for n in (one, other))
                ):
                    yield _rivals(one, other)
                    yield _rivals(other, one)
            holding.append(one)


def _documents(corpus: Corpus, relator: Subject) -> set[Subject]:
    """Return the sources that tell of a relator."""
    data = corpus.data
    return {
        source
        for claim in data.subjects_of(kz("content"), relator)
        for passage in data.objects(claim, kz("evidence"))
        if isinstance(passage, NamedNode)
        for source in data.objects(passage, kz("inSource"))
        if isinstance(source, NamedNode)
    }


def _rivals(one: Subject, other: Subject) -> Problem:
    assert isinstance(other, NamedNode)
    return Problem(
        "rivals-in-office",
        one,
        predicates=(kz("interval"), kz("heldAt")),
        value=other,
        details={"other": shrink(other.value)},
    )


def check_treaty_order(corpus: Corpus) -> Iterator[Problem]:
    """What is done with a treaty follows its signature, and an extension looks ahead.

    Of a treaty of many the data need not know all signatures: there a party's own one
    counts. The adoption of the text comes first in any case.
    """
    times = corpus.days
    many = {*corpus.instances(kz("MultilateralTreaty"))}
    signatures: dict[object, list[Subject]] = {}
    adoptions: dict[object, list[Subject]] = {}
    for cls, found in ((SIGNATURE, signatures), (ADOPTION, adoptions)):
        for node in corpus.instances(cls):
            if node in corpus.closed.gate.facts:
                for treaty in corpus.data.objects(node, OF_TREATY):
                    found.setdefault(treaty, []).append(node)
    for node, treaty in corpus.data.pairs(OF_TREATY):
        if corpus.classes(node) & {SIGNATURE, ADOPTION}:
            continue  # a text is adopted before it is signed, and signed by one after the other
        signed = signatures.get(treaty, [])
        if treaty in many:
            parties = {p for role in PARTIES for p in corpus.data.objects(node, role)}
            signed = [s for s in signed if parties & {*corpus.data.objects(s, SIGNATORY)}]
        for first in (signed, adoptions.get(treaty, [])):
            # rival dates of signing: only what precedes all of them is out of order
            if first and all(times.last_begin(node) < times.first(s) for s in first):
                other = first[0]
                assert isinstance(other, NamedNode)
                yield Problem(
                    "before-signature",
                    node,
                    predicates=(DATE, kz("interval"), kz("heldAt")),
                    value=other,
                    details={"other": shrink(other.value), "day": times.first(other)},
                )
                break
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
    times = corpus.days
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


def check_years(corpus: Corpus) -> Iterator[Problem]:
    """Years are those of the subject: no date of the Middle Ages, none of the far future."""
    for predicate in _TIMES:
        for node, value in corpus.data.pairs(predicate):
            if isinstance(value, Literal) and not _plausible(value.value):
                yield Problem("year-implausible", node, predicates=(predicate,), value=value)


def _plausible(text: str) -> bool:
    try:
        days = [day for day in bounds(text) if day]
    except InputError:
        return True  # another rule says so
    return all(_FIRST_YEAR <= _year(day) <= _LAST_YEAR for day in days)


def _year(day: str) -> int:
    return int(day[: day.index("-", 1)])


def check_source_dates(corpus: Corpus) -> Iterator[Problem]:
    """A source tells of nothing that began after it came out, and is read after that."""
    data, times = corpus.data, corpus.days
    known: dict[Subject, str] = {}
    for source, published in data.pairs(PUBLISHED):
        try:
            out = bounds(published.value) if isinstance(published, Literal) else None
        except InputError:
            continue
        read = data.one(source, _ACCESSED)
        if out is None:
            continue
        if out.begin_earliest and isinstance(read, Literal) and read.value < out.begin_earliest:
            yield Problem(
                "read-before-published",
                source,
                predicates=(_ACCESSED,),
                value=read,
                details={"published": published.value if isinstance(published, Literal) else ""},
            )
        if out.end_latest:
            known[source] = out.end_latest
    for source, read in data.pairs(_ACCESSED):
        if isinstance(read, Literal):  # of a passage, too: what has no date was there when read
            known.setdefault(source, read.value)
    for relator, sources in corpus.sources_of.items():
        first = times.first(relator)
        for source, said in sources.items():
            limits = [known[n] for n in said if n in known and source not in known]
            limit = known.get(source) or max(limits, default="")
            foreseen = any(data.one(n, kz("modality")) in _FORESEEN for n in said)
            noted = bool(data.objects(relator, DATE_NOTE))
            if limit and first > _day_after(limit, years=_AHEAD * noted) and not foreseen:
                yield Problem(
                    "date-after-source",
                    relator,
                    predicates=TIME_PROPERTIES,
                    value=_date_of(corpus, relator),
                    details={"source": corpus.show(source), "limit": limit},
                )
                break


def _day_after(day: str, *, years: int) -> str:
    """Return the next day, some years on: it is tomorrow somewhere when a source comes out."""
    try:
        return (date.fromisoformat(day) + timedelta(days=1 + 366 * years)).isoformat()
    except ValueError:  # of a day of reading that is none, the shapes tell
        return LAST_DAY


def _date_of(corpus: Corpus, relator: Subject) -> Literal | None:
    dates = (corpus.data.one(relator, p) for p in TIME_PROPERTIES)
    return next((d for d in dates if isinstance(d, Literal)), None)
