"""Lives: nobody acts before birth or after death, and nothing has members that is not yet there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from pyoxigraph import NamedNode

from kzgraph.namespaces import kz, shrink
from kzgraph.store.memory import Subject, Term
from kzgraph.validation.corpus import Corpus, Problem
from kzgraph.validation.days import FIRST_DAY, LAST_DAY

BORN: Final = kz("born")
DECEASED: Final = kz("deceased")
FOUNDED: Final = kz("founded")
DISSOLVED: Final = kz("dissolved")
PREDECESSOR: Final = kz("predecessor")
SUCCESSOR: Final = kz("successor")
ORGANISATION: Final = kz("organisation")
OFFICE_HOLDER: Final = kz("officeHolder")
TIMES: Final = (kz("interval"), kz("heldAt"))
# who belongs to an organisation, in whichever role
ROLES: Final = (
    kz("memberState"),
    kz("observerState"),
    kz("associateState"),
    kz("memberBody"),
    kz("partnerState"),
    kz("dialoguePartnerState"),
    kz("participantState"),
    kz("candidateState"),
)
# nobody has been known to live longer, let alone in office
_LONGEST_LIFE: Final = 120


class _Lives:
    """When persons, organisations and states came into being and ended, by every source."""

    def __init__(self, corpus: Corpus) -> None:
        self._days = corpus.days
        facts, data = corpus.closed.gate.facts, corpus.data

        def events(predicate: NamedNode) -> dict[Term, list[Subject]]:
            found: dict[Term, list[Subject]] = {}
            for node, thing in data.pairs(predicate):
                if node in facts:
                    found.setdefault(thing, []).append(node)
            return found

        self.begun = {p: events(p) for p in (BORN, FOUNDED)}
        self.ended = {p: events(p) for p in (DECEASED, DISSOLVED)}
        self.heirs = {thing for _, thing in data.pairs(SUCCESSOR)}
        former: set[Term] = {*corpus.instances(kz("FormerState"))}
        for thing, ends in events(PREDECESSOR).items():
            # a former state ends when another takes its place, if nothing else tells
            if thing in former and thing not in self.ended[DISSOLVED]:
                self.ended[DISSOLVED][thing] = ends

    def beginning(self, thing: Term, predicate: NamedNode) -> tuple[str, Subject] | None:
        """Return the first day on which a thing can have begun, by any source."""
        found = self.begun[predicate].get(thing, ())
        return min(((self._days.first(n), n) for n in found), key=_by_day, default=None)

    def end(self, thing: Term, predicate: NamedNode) -> tuple[str, Subject] | None:
        """Return the last day on which a thing can have ended, by any source."""
        found = self.ended[predicate].get(thing, ())
        return max(((self._days.last_begin(n), n) for n in found), key=_by_day, default=None)


def _by_day(found: tuple[str, Subject]) -> tuple[str, str]:
    return found[0], str(found[1])


def check_lives(corpus: Corpus) -> Iterator[Problem]:
    """Offices are held during a life, memberships during the life of who belongs to what."""
    lives = _Lives(corpus)
    yield from _check_order(lives)
    facts, data = corpus.closed.gate.facts, corpus.data
    for node, person in data.pairs(OFFICE_HOLDER):
        if node in facts:
            yield from _check_life(
                corpus, node, "office-outside-life", person, lives, BORN, DECEASED
            )
    for node, organisation in data.pairs(ORGANISATION):
        if node in facts:
            members = [o for role in ROLES for o in data.objects(node, role)]
            for thing in (organisation, *members):
                yield from _check_life(
                    corpus, node, "membership-outside-life", thing, lives, FOUNDED, DISSOLVED
                )


def _check_life(
    corpus: Corpus,
    node: Subject,
    rule: str,
    thing: Term,
    lives: _Lives,
    begins: NamedNode,
    ends: NamedNode,
) -> Iterator[Problem]:
    """Yield a relator that certainly held before a thing began or after it ended."""
    begin, end = corpus.days.certain(node)
    # who inherited a place in an organisation may have it since before it was founded
    first = None if thing in lives.heirs else lives.beginning(thing, begins)
    last = lives.end(thing, ends)
    found: tuple[str, Subject] | None = None
    if first is not None and first[0] != FIRST_DAY and begin < first[0]:
        found = first
    elif last is not None and last[0] != LAST_DAY and end > last[0]:
        found = last
    elif first is not None and begins == BORN and _too_old(lives, thing, begin):
        found = first
    if found is not None:
        yield _problem(corpus, rule, node, TIMES, found, thing)


def _too_old(lives: _Lives, person: Term, begin: str) -> bool:
    """Return whether a person was certainly older than anybody when something began."""
    births = [lives._days.last_begin(n) for n in lives.begun[BORN].get(person, ())]
    latest = max(births, default=LAST_DAY)
    if LAST_DAY in (latest, begin):
        return False
    return date.fromisoformat(begin).year - date.fromisoformat(latest).year > _LONGEST_LIFE


def _check_order(lives: _Lives) -> Iterator[Problem]:
    """Yield deaths before births, dissolutions before foundings."""
    for begins, ends in ((BORN, DECEASED), (FOUNDED, DISSOLVED)):
        for thing, nodes in lives.ended[ends].items():
            first = lives.beginning(thing, begins)
            last = lives.end(thing, ends)
            if first is None or last is None or LAST_DAY in last:
                continue
            if last[0] < first[0]:
                yield _order_problem(nodes, first)


def _order_problem(nodes: Iterable[Subject], first: tuple[str, Subject]) -> Problem:
    node = min(nodes, key=str)
    assert isinstance(first[1], NamedNode)
    return Problem(
        "end-before-beginning",
        node,
        predicates=(kz("date"),),
        value=first[1],
        details={"other": shrink(first[1].value), "day": first[0]},
    )


def _problem(
    corpus: Corpus,
    rule: str,
    node: Subject,
    predicates: tuple[NamedNode, ...],
    found: tuple[str, Subject],
    thing: Term,
) -> Problem:
    day, other = found
    assert isinstance(other, NamedNode)
    return Problem(
        rule,
        node,
        predicates=predicates,
        value=other,
        details={"other": shrink(other.value), "day": day, "thing": corpus.show(thing)},
    )
