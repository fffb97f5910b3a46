"""Reading a question as an instance of a template, or not at all.

Every word of the question has to be accounted for: as a name that fills a
placeholder or that the template names too, as a date or number, as a word
with a meaning that the template has, or as a word without one of its own.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from kzgraph.namespaces import expand
from kzgraph.queries.language import Token
from kzgraph.queries.mentions import Mention
from kzgraph.queries.names import Match
from kzgraph.queries.orientation import Reading, asks_the_same
from kzgraph.queries.templates import Slot, Template, kind_of

_SAME = 0.015


def read_as(
    template: Template, tokens: Sequence[Token], mentions: Sequence[Mention]
) -> Reading | None:
    """Return the best reading of a question as an instance of a template, or None."""
    negated = any(token.negation for token in tokens)
    against = negated != template.negated(tail=False)
    if against and not (negated and template.negated(tail=True)):
        return None
    by_start: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_start.setdefault(mention.start, []).append(mention)
    best: Reading | None = None
    for reading in _readings(template, tokens, by_start, 0, Reading(template)):
        score = _score(reading, tokens)
        if score is not None and against:
            score -= 0.1  # "... and who does not?": answered there, but not the main thing
        if score is not None and (best is None or score > best.score):
            reading.score = score
            best = reading
    return best


def _readings(
    template: Template,
    tokens: Sequence[Token],
    by_start: dict[int, list[Mention]],
    at: int,
    so_far: Reading,
) -> Iterator[Reading]:
    if at >= len(tokens):
        yield so_far
        return
    for mention in by_start.get(at, ()):
        for after in _with_mention(template, mention, so_far):
            yield from _readings(template, tokens, by_start, mention.end, after)
    token = tokens[at]
    if token.kind != "word":
        return
    for length, places in _words_at(template, tokens, at):
        # "who owns the owner" says a thing twice that the template says once
        if so_far.used.count(places) >= len(places):
            continue
        after = so_far.copy()
        after.matched |= places
        after.used.append(places)
        yield from _readings(template, tokens, by_start, at + length, after)
    if not token.content or _is_accounted_for(template, tokens, by_start, at):
        yield from _readings(template, tokens, by_start, at + 1, so_far)


def _with_mention(template: Template, mention: Mention, so_far: Reading) -> Iterator[Reading]:
    """Yield the readings in which a mention is what the template names or leaves open."""
    if mention.kind == "thing":
        iris = {m.iri for m in mention.matches}
        for literal in template.literals:
            taken = any(place is literal for _, place, _ in so_far.mentions)
            if not taken and not iris.isdisjoint(literal.iris):
                match = next(m for m in mention.matches if m.iri in literal.iris)
                after = so_far.copy()
                after.matched |= set(range(literal.start, literal.end))
                after.mentions.append((mention, literal, match))
                yield after
    for slot in template.slots.values():
        if slot.name in so_far.filled:
            if slot.repeated and so_far.filled[slot.name] in {m.curie for m in mention.matches}:
                yield so_far
            continue
        value, chosen, rivals = _value_for(slot, mention)
        if value:
            after = so_far.copy()
            after.filled[slot.name] = value
            after.mentions.append((mention, slot, chosen))
            if rivals:
                after.rivals[mention.text] = rivals
            yield after
    if mention.kind == "date" and mention.role == "at":
        ends = {slot.role: slot for slot in template.slots.values() if slot.kind == "date"}
        if set(ends) == {"since", "until"} and not any(
            s.name in so_far.filled for s in ends.values()
        ):
            after = so_far.copy()
            for role, slot in ends.items():
                after.filled[slot.name] = date_for(slot.type, replace(mention, role=role))
            after.mentions.append((mention, None, None))
            yield after
        # a date that the question adds goes to the one date that the template leaves unsaid
        unsaid = _unsaid_dates(template)
        value = date_for(template.query.params[unsaid[0]].type, mention) if unsaid else ""
        if len(unsaid) == 1 and value and unsaid[0] not in so_far.filled:
            after = so_far.copy()
            after.filled[unsaid[0]] = value
            after.mentions.append((mention, None, None))
            yield after


def _value_for(slot: Slot, mention: Mention) -> tuple[str, Match | None, tuple[Match, ...]]:
    if mention.kind != "thing":
        if slot.kind == "date" and mention.kind == "date" and slot.role == mention.role:
            return date_for(slot.type, mention), None, ()
        if slot.kind == "number" and mention.kind == "number":
            whole = slot.type != "integer" or mention.value.isdigit()
            return (mention.value if whole else ""), None, ()
        return "", None, ()
    if slot.kind != "thing" and not slot.choices:
        return "", None, ()
    fitting = [m for m in mention.matches if _fits(slot, m)]
    if not fitting:
        return "", None, ()
    rivals = tuple(m for m in fitting if fitting[0].score - m.score < _SAME)
    return fitting[0].curie, fitting[0], rivals if len(rivals) > 1 else ()


def _fits(slot: Slot, match: Match) -> bool:
    if slot.choices:
        return match.iri in {expand(c).value for c in slot.choices if ":" in c}
    return slot.cls in ("", "kz:Entity") or slot.cls in match.classes


def _unsaid_dates(template: Template) -> list[str]:
    return [
        name
        for name, parameter in template.query.params.items()
        if name not in template.slots and kind_of(name, parameter) == "date"
    ]


def date_for(type_: str, mention: Mention) -> str:
    """Return a date as a parameter of that type takes it, or nothing where it cannot.

    A year becomes a day only where its role says which: since 2022 is since
    its first day, after 2022 is after its last; in 2022 is no single day.
    """
    value, pieces = mention.value, mention.value.split("-")
    if type_ == "integer" or type_ == "year":
        return value if len(pieces) == 1 else ""
    if type_ != "date" or len(pieces) == 3:
        return value
    year, month = int(pieces[0]), int(pieces[1]) if len(pieces) > 1 else 0
    if mention.role in ("since", "before"):
        return date(year, month or 1, 1).isoformat()
    if mention.role in ("after", "until"):
        return date(year, month or 12, monthrange(year, month or 12)[1]).isoformat()
    return ""


def _words_at(
    template: Template, tokens: Sequence[Token], at: int
) -> Iterator[tuple[int, frozenset[int]]]:
    """Yield (length, places in the template) for phrases and words that the template has."""
    for meaning, span in template.lang.phrases_in(tokens[at : at + 5]):
        places = _places_of(template, frozenset((meaning,))) if span.start == 0 else None
        if places:
            yield len(span), places
    if tokens[at].content:
        places = _places_of(template, tokens[at].meanings)
        if places:
            yield 1, places


def _places_of(template: Template, meanings: frozenset[str]) -> frozenset[int]:
    found = {i for i, t in enumerate(template.tokens) if not meanings.isdisjoint(t.meanings)}
    for meaning, places in template.phrases:
        if meaning in meanings:
            found |= places
    return frozenset(found)


def _is_accounted_for(
    template: Template,
    tokens: Sequence[Token],
    by_start: dict[int, list[Mention]],
    at: int,
) -> bool:
    """Return whether a word with a meaning may be passed over here."""
    token, lang = tokens[at], template.lang
    following = by_start.get(_next_with_meaning(tokens, at), [])
    if token.relational:
        return bool(following)
    classes = lang.title(token)
    if classes and any(
        not classes.isdisjoint(match.classes) for m in following for match in m.matches
    ):
        return True
    return token.low in lang.present and bool(_unsaid_dates(template))


def _next_with_meaning(tokens: Sequence[Token], at: int) -> int:
    at += 1
    while at < len(tokens) and tokens[at].low in ("the", "der", "die", "das", "des", "dem", "den"):
        at += 1
    return at


# ---- judging ---------------------------------------------------------------


def _score(reading: Reading, tokens: Sequence[Token]) -> float | None:
    """Return how well a reading fits, 1 at best, or None where it does not."""
    template = reading.template
    for literal in template.literals:
        seen = any(place is literal for _, place, _ in reading.mentions)
        named = set(range(literal.start, literal.end)) <= reading.matched
        if not seen and not named and not literal.in_tail:
            return None
    cost = 0.0
    for slot in template.slots.values():
        if slot.name in reading.filled or slot.in_tail:
            continue
        if template.query.params[slot.name].default is None:
            cost += 0.03  # left open: any value fits
        elif slot.kind == "date":
            cost += 0.06
        else:
            return None
    if not asks_the_same(reading, tokens):
        return None
    asked = _asked_fit(reading, tokens)
    if asked is None:
        return None
    main = {i: template.weights[i] for i in template.required()}
    tied = _skippable(reading)
    for group in template.alternatives:
        if group & reading.matched and not group <= reading.matched:
            tied |= group - reading.matched
            cost += 0.04
    total = sum(w for i, w in main.items() if i not in tied)
    found = sum(w for i, w in main.items() if i in reading.matched and i not in tied)
    coverage = found / total if total else 1.0
    words = {t.low for t in tokens}
    alike = len(words & {t.low for t in template.tokens}) / max(len(words), 1)
    return coverage - cost - asked + 0.04 * alike


def _skippable(reading: Reading) -> set[int]:
    """Return the places of nouns that "who" in the question stands for."""
    return {
        i
        for i in reading.template.content()
        if i not in reading.matched
        and not reading.template.lang.agents.isdisjoint(reading.template.tokens[i].meanings)
        and i > 0
        and reading.template.tokens[i - 1].asks == "which"
    }


def _asked_fit(reading: Reading, tokens: Sequence[Token]) -> float | None:
    """Return what differing question words cost, or None where they ask something else."""
    template = reading.template
    main, tail = template.asks(tail=False), template.asks(tail=True)
    asked = {token.asks for token in tokens if token.asks}
    closed = tokens[0].low in template.lang.auxiliary
    if not asked:
        if closed == template.closed:
            return 0.0 if closed else 0.02
        if closed and "how" not in main and not template.closed:
            return 0.12
        return None if template.closed else 0.02
    if template.closed and not main:
        return None
    cost = 0.0
    for kind in asked:
        if kind in main or kind in tail:
            continue
        agent = kind == "who" and "which" in main and _skippable(reading)
        if agent and _roles_are_equal(reading):
            cost += 0.02
        elif kind == "which" and "how" in main and _covers_all(reading):
            cost += 0.03
        else:
            return None
    if main and not (main & asked) and not (asked & tail) and cost == 0.0:
        return None
    if "who" in main and "who" not in asked and "which" in asked and "which" not in main:
        return None
    return cost


def _roles_are_equal(reading: Reading) -> bool:
    return all(
        place is not None and mention.role == place.role != "bare"
        for mention, place, _ in reading.mentions
        if mention.kind == "thing"
    )


def _covers_all(reading: Reading) -> bool:
    template = reading.template
    return reading.matched.issuperset(template.required())
