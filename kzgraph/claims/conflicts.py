"""Where sources disagree: slots whose relators give different answers.

Two answers are compared as ranges. A round number that its source calls
approximate stands for half a step of its last digit that counts: about 7,600
fits everything from 7,550 to 7,650, so 7,591 against it is rounding; so is a
difference within the tolerance of the indicator (``kz:tolerance``). Numbers of
two indicators that are taken for one another (``kz:comparableWith``), such as
oil in place and recoverable oil, differ by definition. Dates compare by their
bounds, roles that take one thing (a seat, who launched) by that thing. What
holds at two times that do not meet is no conflict. A proposition that one
asserts and another denies is a dispute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from pyoxigraph import NamedNode, Triple

from kzgraph.claims.evidence import ClaimView, EvidenceReader, Named
from kzgraph.claims.gate import ACCEPTED, REVIEW_STATE
from kzgraph.claims.members import Member, compare, differing, read_member
from kzgraph.claims.origins import Origins
from kzgraph.claims.slots import IDENTIFIED_BY, SLOT, TIMES
from kzgraph.namespaces import RDF_TYPE, kz, kzv, shrink
from kzgraph.store.embedded import EmbeddedStore
from kzgraph.store.memory import Term

KINDS = ("conflict", "definition", "rounding", "precision", "disputed")
_HOLDER = kz("officeHolder")


@dataclass(frozen=True)
class Answer:
    """One relator's answer in a slot: what it says, and who says so."""

    relator: Named
    value: str
    takes_part: bool
    claims: tuple[ClaimView, ...]
    origins: frozenset[NamedNode] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Return the answer with its claims."""
        return {
            "relator": self.relator.to_json(),
            "value": self.value,
            "fact": self.takes_part,
            "origins": sorted(shrink(o.value) for o in self.origins),
            "claims": [c.to_json() for c in self.claims],
        }


@dataclass(frozen=True)
class Pair:
    """Two relators of a slot, by CURIE, and how their answers differ."""

    first: str
    second: str
    kind: str


@dataclass(frozen=True)
class Conflict:
    """A slot or proposition on which sources differ, and in which way."""

    kind: str
    about: str
    slot: str
    answers: tuple[Answer, ...]
    pairs: tuple[Pair, ...] = ()

    @property
    def origins(self) -> int:
        """How many independent origins speak on it; two mirrors are one voice."""
        return len(frozenset().union(*(answer.origins for answer in self.answers)))

    def against(self, relator: str) -> dict[str, list[str]]:
        """Return for one answer, by kind of difference, the values that it differs from."""
        values = {answer.relator.id: answer.value for answer in self.answers}
        found: dict[str, list[str]] = {}
        for pair in self.pairs:
            if relator in (pair.first, pair.second):
                other = pair.second if relator == pair.first else pair.first
                found.setdefault(pair.kind, []).append(values[other])
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the conflict with every answer."""
        return {
            "kind": self.kind,
            "about": self.about,
            "slot": self.slot,
            "origins": self.origins,
            "answers": [a.to_json() for a in self.answers],
            "pairs": [{"first": p.first, "second": p.second, "kind": p.kind} for p in self.pairs],
        }


def conflicts(reader: EvidenceReader, *, about: NamedNode | None = None) -> list[Conflict]:
    """Return where sources disagree, the worst kind first.

    ``about`` keeps the slots and propositions that name a thing.
    """
    found = [
        *_slot_conflicts(reader, about, origins := Origins.read(reader.store)),
        *_definitions(reader, about, origins),
        *_rivals(reader, about, origins),
        *_disputes(reader, about, origins),
    ]
    return sorted(found, key=lambda c: (KINDS.index(c.kind), c.about, c.slot))


def _slot_conflicts(
    reader: EvidenceReader, about: NamedNode | None, origins: Origins
) -> Iterator[Conflict]:
    store = reader.store
    members: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for triple in store.match(None, SLOT, None):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            members[triple.object].append(triple.subject)
    vouched = {triple.subject for triple in store.match(None, kz("supportedBy"), None)}
    for slot, nodes in members.items():
        if len(nodes) < 2:
            continue
        supported = [n for n in sorted(nodes, key=str) if n in vouched]
        if about is not None and not any(_names(store, n, about) for n in supported):
            continue
        if len(supported) < 2:
            continue
        read = [read_member(store, n) for n in supported]
        first = read[0].node
        at_a_time = _holds_at_a_time(store, _narrowest(store, first))
        pairs = tuple(
            Pair(shrink(a.node.value), shrink(b.node.value), kind)
            for a, b in combinations(read, 2)
            if a.meets(b, at_a_time=at_a_time)
            and not _ordered(store, a.node, b.node)
            and (kind := compare(store, a, b))
            and not (at_a_time and not a.numbers and _one_document(store, a.node, b.node))
        )
        if not pairs:
            continue
        kind = min((pair.kind for pair in pairs), key=KINDS.index)
        roles = {role for a, b in combinations(read, 2) for role in differing(store, a, b)}
        yield Conflict(
            kind=kind,
            about=_question(reader, first),
            slot=shrink(slot.value),
            answers=tuple(_answer(reader, member, roles, origins) for member in read),
            pairs=pairs,
        )


def _definitions(
    reader: EvidenceReader, about: NamedNode | None, origins: Origins
) -> Iterator[Conflict]:
    """Yield where numbers of two definitions stand for what is easily taken for one thing.

    One entry for each thing, resource and pair of indicators; only figures of
    overlapping times that differ are in it.
    """
    store = reader.store
    figures: dict[tuple[object, ...], list[NamedNode]] = defaultdict(list)
    by_indicator: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for triple in store.match(None, kz("indicator"), None):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            by_indicator[triple.object].append(triple.subject)
    for pair in sorted(store.match(None, kz("comparableWith"), None), key=str):
        one, other = pair.subject, pair.object
        if not isinstance(one, NamedNode) or not isinstance(other, NamedNode):
            continue
        figures.clear()
        for figure in (*by_indicator[one], *by_indicator[other]):
            if store.one(figure, kz("supportedBy")):
                keys = (kz(name) for name in ("about", "resource", "within", "counterpart"))
                figures[tuple(tuple(store.objects(figure, key)) for key in keys)].append(figure)
        for nodes in figures.values():
            if about is not None and not any(_names(store, n, about) for n in nodes):
                continue
            read = [read_member(store, n) for n in sorted(nodes, key=str)]
            pairs = tuple(
                Pair(shrink(a.node.value), shrink(b.node.value), "definition")
                for a, b in combinations(read, 2)
                if a.indicator != b.indicator
                and a.meets(b, at_a_time=True)
                and compare(store, a, b) == "conflict"
            )
            if not pairs:
                continue
            taking_part = {end for p in pairs for end in (p.first, p.second)}
            members = [m for m in read if shrink(m.node.value) in taking_part]
            subject = store.node(members[0].node, kz("about"))
            resource = store.node(members[0].node, kz("resource"))
            words = [reader.named(n).label for n in (subject, resource, one, other) if n]
            yield Conflict(
                kind="definition",
                about=f"Figure: {', '.join(words)}",
                slot="",
                answers=tuple(_defined(reader, member, origins) for member in members),
                pairs=pairs,
            )


def _rivals(
    reader: EvidenceReader, about: NamedNode | None, origins: Origins
) -> Iterator[Conflict]:
    """Yield the offices that two persons certainly held at one time, if sources are believed."""
    store = reader.store
    holders: dict[NamedNode, list[Member]] = defaultdict(list)
    for triple in store.match(None, kz("office"), None):
        node, office = triple.subject, triple.object
        vouched = isinstance(node, NamedNode) and store.one(node, kz("supportedBy"))
        if vouched and isinstance(node, NamedNode) and isinstance(office, NamedNode):
            holders[office].append(read_member(store, node))
    for office, members in holders.items():
        pairs = []
        known: list[Member] = []
        for member in sorted(members, key=lambda m: (m.certain[0], str(m.node))):
            begin, end = member.certain
            known = [other for other in known if other.certain[1] > begin]
            for other in known:
                if (
                    begin < end
                    and other.certain[0] < end
                    and store.node(member.node, _HOLDER) != store.node(other.node, _HOLDER)
                    and not _one_document(store, member.node, other.node)
                ):
                    ends = (shrink(other.node.value), shrink(member.node.value))
                    pairs.append(Pair(*ends, "conflict"))
            known.append(member)
        if not pairs or (
            about is not None and not any(_names(store, m.node, about) for m in members)
        ):
            continue
        rivals = {end for p in pairs for end in (p.first, p.second)}
        yield Conflict(
            kind="conflict",
            about=f"two holders at one time: {reader.named(office).label}",
            slot="",
            answers=tuple(
                replace(
                    answer,
                    value=f"{reader.named(store.node(m.node, _HOLDER)).label}, {answer.value}",
                )
                for m in members
                if shrink(m.node.value) in rivals
                for answer in (_answer(reader, m, set(), origins),)
            ),
            pairs=tuple(pairs),
        )


def _defined(reader: EvidenceReader, member: Member, origins: Origins) -> Answer:
    """Return a figure's answer with the name of its indicator."""
    answer = _answer(reader, member, set(), origins)
    return replace(answer, value=f"{reader.named(member.indicator).label}: {answer.value}")


def _holds_at_a_time(store: EmbeddedStore, class_: NamedNode | None) -> bool:
    """Return whether relators of a class say what holds at a time, not when something happened."""
    if class_ is None:
        return False
    if store.node(class_, kz("temporalKind")) == kzv("temporal-state"):
        return True
    return any(key in TIMES for key in store.nodes(class_, IDENTIFIED_BY))


def _ordered(store: EmbeddedStore, first: NamedNode, second: NamedNode) -> bool:
    """Return whether one came before the other, so that both can be true."""
    return any(
        store.contains(Triple(a, predicate, b))
        for a, b in ((first, second), (second, first))
        for predicate in (kz("before"), kz("after"))
    )


def _one_document(store: EmbeddedStore, first: NamedNode, second: NamedNode) -> bool:
    """Return whether one document tells of both: two terms of office, a return after years."""
    documents = [
        {
            source
            for claim in store.nodes(node, kz("supportedBy"))
            for passage in store.nodes(claim, kz("evidence"))
            for source in store.nodes(passage, kz("inSource"))
        }
        for node in (first, second)
    ]
    return len(documents[0]) == 1 and documents[0] == documents[1]


def _names(store: EmbeddedStore, node: NamedNode, about: NamedNode) -> bool:
    return next(store.match(node, None, about), None) is not None


def _question(reader: EvidenceReader, node: NamedNode) -> str:
    """Return what a slot asks, as words: the class and the identifying things."""
    store = reader.store
    class_ = reader.named(_narrowest(store, node)).label
    things = []
    for triple in sorted(store.match(node, None, None), key=str):
        if (
            isinstance(triple.object, NamedNode)
            and triple.predicate not in _NOT_IDENTIFYING
            and shrink(triple.predicate.value).startswith("kz:")
            and shrink(triple.object.value).startswith(("kzr:", "kzv:indicator"))
            and triple.object not in (node,)
        ):
            label = reader.named(triple.object).label
            if label not in things:
                things.append(label)
    return f"{class_}: {', '.join(things)}"


_NOT_IDENTIFYING = {
    RDF_TYPE,
    SLOT,
    kz("supportedBy"),
    kz("comparator"),
    kz("unit"),
    kz("after"),
    kz("before"),
}


def _narrowest(store: EmbeddedStore, node: NamedNode) -> NamedNode | None:
    """Return the class of a relator that has no narrower class beside it."""
    sub = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    classes = [
        c
        for c in store.nodes(node, RDF_TYPE)
        if shrink(c.value).startswith("kz:") and c != kz("Fact")
    ]
    for candidate in classes:
        if not any(
            other != candidate and next(store.match(other, sub, candidate), None)
            for other in classes
        ):
            return candidate
    return classes[0] if classes else None


def _answer(
    reader: EvidenceReader, member: Member, roles: set[NamedNode], origins: Origins
) -> Answer:
    """Return one relator's answer; ``roles`` are those in which the answers differ."""
    things = [
        reader.named(thing).label
        for role in sorted(roles, key=str)
        for thing in sorted(member.things.get(role, ()), key=str)
    ]
    value = ", ".join(things if kz("seat") in roles else [member.exact, *things])
    return Answer(
        relator=Named(shrink(member.node.value), reader.store.label(member.node, reader.languages)),
        value=value,
        takes_part=kz("Fact") in reader.store.objects(member.node, RDF_TYPE),
        claims=tuple(reader.claims_of(member.node)),
        origins=origins.of_relator(reader.store, member.node),
    )


def _disputes(
    reader: EvidenceReader, about: NamedNode | None, origins: Origins
) -> Iterator[Conflict]:
    store = reader.store
    claims: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for triple in store.match(None, kz("proposition"), None):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            claims[triple.object].append(triple.subject)

    def stance(claim: NamedNode) -> Term | None:
        return store.one(claim, kz("stance"))

    def accepted(claim: NamedNode) -> bool:
        return store.one(claim, REVIEW_STATE) == ACCEPTED

    for proposition, every in claims.items():
        saying = [c for c in every if accepted(c)]
        if about is not None and not _names(store, proposition, about):
            continue
        denying = [c for c in saying if stance(c) == kzv("stance-denies")]
        relators = store.objects(proposition, kz("concernsRelator"))
        asserting = [c for c in saying if stance(c) == kzv("stance-asserts")]
        asserting += [
            claim
            for relator in relators
            if isinstance(relator, NamedNode)
            for claim in store.objects(relator, kz("supportedBy"))
            if isinstance(claim, NamedNode)
        ]
        if not denying or not asserting:
            continue
        named = reader.named(proposition)
        yield Conflict(
            kind="disputed",
            about=named.label,
            slot=named.id,
            answers=tuple(
                Answer(
                    named,
                    word,
                    False,
                    tuple(reader.claim(c) for c in group),
                    frozenset().union(*(origins.of_claim(store, c) for c in group)),
                )
                for word, group in (("asserted", asserting), ("denied", denying))
            ),
        )
