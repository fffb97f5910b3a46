"""Whether a question and a template with the same words ask for the same thing.

What Russia says about Kazakhstan, who owns a company and what it owns, signed
but not ratified: here the words agree and the parts that they play decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kzgraph.queries.language import Token
from kzgraph.queries.mentions import Mention, preposition_of_question, roles_agree
from kzgraph.queries.names import Match
from kzgraph.queries.templates import Literal, Slot, Template

_SYMMETRIC_ROLES = ("with", "between")


@dataclass(slots=True)
class Reading:
    """A question read as an instance of a template."""

    template: Template
    matched: set[int] = field(default_factory=set)
    filled: dict[str, str] = field(default_factory=dict)
    mentions: list[tuple[Mention, Slot | Literal | None, Match | None]] = field(
        default_factory=list
    )
    rivals: dict[str, tuple[Match, ...]] = field(default_factory=dict)
    used: list[frozenset[int]] = field(default_factory=list)
    score: float = 0.0

    def copy(self) -> Reading:
        """Return a reading that can go on differently."""
        return Reading(
            self.template,
            set(self.matched),
            dict(self.filled),
            list(self.mentions),
            dict(self.rivals),
            list(self.used),
        )


def asks_the_same(reading: Reading, tokens: Sequence[Token]) -> bool:
    """Return whether things, subject, side and negation are those of the template."""
    return (
        _roles_fit(reading)
        and _asks_same_side(reading, tokens)
        and _same_subject(reading, tokens)
        and _denies_the_same(reading, tokens)
    )


def _roles_fit(reading: Reading) -> bool:
    """Return whether the things play the parts that the template gives them."""
    things = [
        (m, place, match)
        for m, place, match in reading.mentions
        if m.kind == "thing" and place is not None and match is not None
    ]
    symmetric = (
        any(place.role in _SYMMETRIC_ROLES or place.joined for _, place, _ in things)
        and len(things) > 1
    )
    for number, (mention, place, match) in enumerate(things):
        if not symmetric and not roles_agree(mention.role, place.role):
            return False
        for other_mention, other_place, other_match in things[number + 1 :]:
            if symmetric or not _interchangeable(match, other_match):
                continue
            if mention.joined and other_mention.joined:
                return False
            straight = (mention.role == place.role) + (other_mention.role == other_place.role)
            crossed = (mention.role == other_place.role) + (other_mention.role == place.role)
            if crossed > straight or straight == 0:
                return False
    return True


def _asks_same_side(reading: Reading, tokens: Sequence[Token]) -> bool:
    """Return whether a question asks for the same side of a relation as the template.

    "Which companies have a share in X" and "in which companies has X a share"
    have the same words.
    """
    template, lang = reading.template, reading.template.lang
    if any(not lang.symmetric.isdisjoint(template.tokens[i].meanings) for i in reading.matched):
        return True
    mine, theirs = (preposition_of_question(t, lang) for t in (tokens, template.tokens))
    return not any(
        (theirs and mention.role == theirs != place.role)
        or (mine and place.role == mine != mention.role)
        for mention, place, _ in reading.mentions
        if mention.kind == "thing" and place is not None
    )


def _same_subject(reading: Reading, tokens: Sequence[Token]) -> bool:
    """Return whether a German question has the same subject as the template.

    Names have no case endings there: who recognised Kazakhstan and whom
    Kazakhstan recognised differ in the number of the verb, or in wer and wen.
    """
    template = reading.template
    if template.lang.code != "de":
        return True
    placed = [
        (mention, place)
        for mention, place, _ in reading.mentions
        if mention.kind == "thing" and place is not None
    ]
    if len(placed) != 1 or placed[0][0].role != "bare" or placed[0][1].role != "bare":
        return True
    pairs = (
        (_who(tokens), _who(template.tokens)),
        (_verb_number(tokens), _verb_number(template.tokens)),
    )
    return all(not mine or not theirs or mine == theirs for mine, theirs in pairs)


def _denies_the_same(reading: Reading, tokens: Sequence[Token]) -> bool:
    """Return whether the same word or thing is negated: signed but *not ratified*."""
    template = reading.template
    mentioned = {i: m for m, _, _ in reading.mentions for i in range(m.start, m.end)}
    mine = _negated_places(tokens, set(mentioned))
    placed = {slot.index for slot in template.slots.values()}
    theirs = _negated_places(template.tokens[: template.tail_from], placed)
    if len(mine) != len(theirs):
        return not theirs  # "... and who does not?" is judged elsewhere
    for at, there in zip(mine, theirs, strict=True):
        if at not in mentioned:
            if there in placed or tokens[at].meanings.isdisjoint(template.tokens[there].meanings):
                return False
            continue
        place = next((p for m, p, _ in reading.mentions if m is mentioned[at]), None)
        if not isinstance(place, Slot) or place.index != there:
            return False
    return True


def _negated_places(tokens: Sequence[Token], things: set[int]) -> list[int]:
    """Return for each negation the next word with a meaning, else the one before."""
    found = []
    for i, token in enumerate(tokens):
        if not token.negation:
            continue
        weighty = [j for j, t in enumerate(tokens) if j in things or t.content]
        after = [j for j in weighty if j > i]
        before = [j for j in weighty if j < i]
        if after or before:
            found.append(after[0] if after else before[-1])
    return found


def _who(tokens: Sequence[Token]) -> str:
    return next((token.low for token in tokens if token.asks == "who"), "")


_SINGULAR = frozenset(("ist", "war", "hat", "hatte", "wird", "wurde", "kann"))
_PLURAL = frozenset(("sind", "waren", "haben", "hatten", "werden", "wurden", "konnen"))


def _verb_number(tokens: Sequence[Token]) -> str:
    """Return the number of the finite verb of a German sentence, as far as it shows."""
    for token in tokens:
        if token.low in _SINGULAR:
            return "singular"
        if token.low in _PLURAL:
            return "plural"
        if token.content and token.text[:1].islower():
            return "plural" if token.low.endswith("en") else "singular"
    return ""


def _interchangeable(one: Match, other: Match) -> bool:
    return bool((one.classes & other.classes) - {"kz:Entity"})
