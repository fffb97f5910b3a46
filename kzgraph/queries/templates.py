"""The questions of the saved queries, prepared for comparison.

A template is one question of one saved query in one language. What it says of
itself besides its placeholders (things named in it, words with a meaning,
question words, negations) is what a question has to match.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from kzgraph.queries.language import Language, Token
from kzgraph.queries.mentions import YEAR_WORDS, date_role, find_things, role_of
from kzgraph.queries.names import NameIndex

_CONJUNCTIONS = ("and", "und", "or", "oder")
_DATES = ("date", "edtf", "year")
_NUMBERS = ("integer", "decimal", "number")


class Parameter(Protocol):
    """What ``ask`` needs to know of a parameter of a saved query."""

    @property
    def type(self) -> str:
        """The kind of value: ``iri``, a date, a number or a word."""

    @property
    def class_(self) -> str:
        """The class (CURIE) that a thing must have; empty for any."""

    @property
    def default(self) -> str | None:
        """The value where none is given; None leaves it open, so that any fits."""

    @property
    def choices(self) -> Sequence[str]:
        """The values to choose from, if they are few."""


class SavedQuery(Protocol):
    """What ``ask`` needs to know of a saved query."""

    @property
    def name(self) -> str:
        """The name by which the query is run."""

    @property
    def questions(self) -> Mapping[str, str]:
        """The question by language, with ``{parameter}`` where a value stands."""

    @property
    def params(self) -> Mapping[str, Parameter]:
        """The parameters by name."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder in a question."""

    name: str
    index: int
    kind: str
    type: str
    cls: str
    role: str
    joined: bool
    in_tail: bool
    choices: tuple[str, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """A thing that a question names itself, such as Kazakhstan."""

    start: int
    end: int
    iris: frozenset[str]
    classes: frozenset[str]
    role: str
    joined: bool
    in_tail: bool


@dataclass(slots=True)
class Template:
    """One question of a saved query."""

    query: SavedQuery
    lang: Language
    text: str
    tokens: list[Token]
    tail_from: int
    slots: dict[str, Slot]
    literals: list[Literal] = field(default_factory=list)
    weights: dict[int, float] = field(default_factory=dict)
    phrases: list[tuple[str, frozenset[int]]] = field(default_factory=list)
    alternatives: list[frozenset[int]] = field(default_factory=list)

    def content(self) -> list[int]:
        """Return the places of the words that have a meaning."""
        return [i for i, token in enumerate(self.tokens) if token.content]

    def required(self) -> list[int]:
        """Return the places of those words that do not stand in the tail."""
        return [i for i in self.content() if i < self.tail_from]

    @property
    def meanings(self) -> frozenset[str]:
        """Every meaning that occurs in the question."""
        words = {m for token in self.tokens for m in token.meanings}
        return frozenset(words | {meaning for meaning, _ in self.phrases})

    def negated(self, *, tail: bool) -> bool:
        """Return whether it asks for what is not so, before or after the tail begins."""
        part = self.tokens[self.tail_from :] if tail else self.tokens[: self.tail_from]
        return any(token.negation for token in part)

    def asks(self, *, tail: bool) -> frozenset[str]:
        """Return the kinds of its question words, before or after the tail begins."""
        return frozenset(
            token.asks
            for i, token in enumerate(self.tokens)
            if token.asks and (i >= self.tail_from) == tail
        )

    @property
    def closed(self) -> bool:
        """Whether it asks for yes or no."""
        return bool(self.tokens) and self.tokens[0].low in self.lang.auxiliary


def kind_of(name: str, parameter: Parameter) -> str:
    """Return how a parameter is filled: ``thing``, ``date``, ``number`` or ``word``."""
    if parameter.type in ("iri", "thing") or parameter.class_:
        return "thing"
    if parameter.type in _DATES or (parameter.type == "integer" and "year" in name):
        return "date"
    return "number" if parameter.type in _NUMBERS else "word"


def make_templates(queries: Iterable[SavedQuery], lang: Language) -> list[Template]:
    """Return the questions of the saved queries in one language, weighed.

    A meaning that few questions have says more than one that all have.
    """
    templates = [
        _template(query, text, lang) for query in queries for text in _wordings(query, lang.code)
    ]
    spread = Counter(meaning for t in templates for meaning in t.meanings)
    for template in templates:
        for i in template.content():
            token = template.tokens[i]
            commonest = max((spread[m] for m in token.meanings), default=1)
            weight = max(0.3, math.log((len(templates) + 1) / commonest) / math.log(8))
            follows = template.tokens[i + 1 : i + 2]
            says_class = token.low in YEAR_WORDS or lang.title(token)
            if follows and follows[0].kind == "slot" and says_class:
                weight = 0.05  # "the company {company}" says company twice
            template.weights[i] = min(weight, 1.0)
    return templates


def name_literals(templates: Iterable[Template], names: NameIndex) -> None:
    """Find the things that the questions themselves name."""
    for template in templates:
        taken: set[int] = set()
        things = find_things(template.tokens, template.lang, names, longest=8)
        for mention in sorted(things, key=lambda m: m.start - m.end):
            span = set(range(mention.start, mention.end))
            if span & taken or (mention.text[:1].islower() and mention.matches[0].score < 0.9):
                continue
            taken |= span
            best = mention.matches[0].score
            near = [m for m in mention.matches if best - m.score < 0.1]
            template.literals.append(
                Literal(
                    mention.start,
                    mention.end,
                    frozenset(m.iri for m in near),
                    frozenset().union(*(m.classes for m in near)),
                    mention.role,
                    mention.joined or _joined(template.tokens, mention.start, mention.end),
                    mention.start >= template.tail_from,
                )
            )


def _wordings(query: SavedQuery, code: str) -> Iterator[str]:
    if code in query.questions:
        yield query.questions[code]
    # further wordings, where the catalogue keeps any
    also: Mapping[str, Sequence[str]] = getattr(query, "also", None) or {}
    yield from also.get(code, ())


def _template(query: SavedQuery, text: str, lang: Language) -> Template:
    tokens = lang.read(text)
    tail = next(
        (
            i
            for i, token in enumerate(tokens)
            if i > 1 and token.after_pause and (token.low in _CONJUNCTIONS or token.asks)
        ),
        len(tokens),
    )
    slots: dict[str, Slot] = {}
    for i, token in enumerate(tokens):
        name = token.text[1:-1]
        if token.kind != "slot" or name not in query.params:
            continue
        if name in slots:
            slots[name] = replace(slots[name], repeated=True)
            continue
        parameter = query.params[name]
        kind = kind_of(name, parameter)
        dated = date_role(tokens, i, lang) if kind == "date" else ""
        slots[name] = Slot(
            name=name,
            index=i,
            kind=kind,
            type=parameter.type,
            cls=parameter.class_,
            role=dated or _slot_role(tokens, i, lang),
            joined=_joined(tokens, i, i + 1),
            in_tail=i >= tail,
            choices=tuple(parameter.choices),
        )
    return Template(
        query,
        lang,
        text,
        tokens,
        tail,
        slots,
        phrases=[(meaning, frozenset(places)) for meaning, places in lang.phrases_in(tokens)],
        alternatives=_alternatives(tokens),
    )


def _alternatives(tokens: list[Token]) -> list[frozenset[int]]:
    """Return the places of words that stand for one another: "fears, warns or asks"."""
    found = []
    for i, token in enumerate(tokens):
        if token.low not in ("or", "oder") or i == 0 or i + 1 == len(tokens):
            continue
        first = i - 1
        while first > 0 and tokens[first].after_pause and tokens[first - 1].content:
            first -= 1
        last = next((j for j in range(i + 1, len(tokens)) if tokens[j].content), i)
        group = frozenset(j for j in (*range(first, i), last) if tokens[j].content)
        if len(group) > 1:
            found.append(group | {i})
    return found


def _slot_role(tokens: list[Token], index: int, lang: Language) -> str:
    before = index - 1
    while before > 0 and tokens[before].low in ("the", "dem", "der", "den", "des"):
        before -= 1
    # "A and {b}": the role of what the conjunction ties it to
    if before > 0 and tokens[before].low in _CONJUNCTIONS and not tokens[before].after_pause:
        return role_of(tokens, before - 1, before, lang)
    return role_of(tokens, index, index + 1, lang)


def _joined(tokens: list[Token], start: int, end: int) -> bool:
    around = [*tokens[max(start - 1, 0) : start], *tokens[end : end + 1]]
    return any(t.low in _CONJUNCTIONS and not t.after_pause for t in around)
