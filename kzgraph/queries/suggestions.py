"""Saying what of a question was read, what is unknown, and what can be asked instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kzgraph.errors import NotUnderstoodError
from kzgraph.queries.folding import is_cyrillic
from kzgraph.queries.language import LANGUAGES, Token, language
from kzgraph.queries.mentions import Mention
from kzgraph.queries.names import NameIndex
from kzgraph.queries.templates import Template, name_literals
from kzgraph.queries.unknowns import Vocabulary, nearest_words, unknown_stretches

_NEAREST = 3
_LIKE = 0.68  # how like an unknown name has to be in order to be offered
_GENERAL = ("kz:Entity", "kz:Agent", "kz:Place")


def not_understood(
    question: str,
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    templates: Sequence[Template],
    vocabulary: Vocabulary,
    names: NameIndex,
) -> NotUnderstoodError:
    """Return the error that says why, and shows the nearest questions."""
    parts = []
    read = best_cover(mentions)
    if read:
        parts.append("I read: " + ", ".join(_described(mention) for mention in read))
    if is_cyrillic(question) and not any(token.function or token.asks for token in tokens):
        languages = " and ".join(language(code).name for code in LANGUAGES)
        parts.append(f"questions are understood in {languages}")
    else:
        for start, end in unknown_stretches(tokens, mentions, vocabulary):
            parts.append(_unknown(" ".join(t.text for t in tokens[start:end]), vocabulary, names))
    if any(token.negation for token in tokens) and not any(
        t.negated(tail=tail) for t in templates for tail in (False, True)
    ):
        parts.append("no saved question asks what is not so")
    reason = "; ".join(parts) or "no saved question has these words together"
    nearest = nearest_questions(tokens, mentions, templates, names)
    return NotUnderstoodError(question, nearest, reason=reason)


def _unknown(text: str, vocabulary: Vocabulary, names: NameIndex) -> str:
    lang = vocabulary.known.code
    offered = nearest_words(text, vocabulary)
    if not offered and len(text) > 3:
        offered = [m.label for m in names.with_word(text, lang=lang)]
    if not offered and text[:1].isupper():
        similar = names.similar(text, lang=lang, limit=3)
        offered = [m.label for m in similar if m.score > _LIKE]
    return f"{text!r} is unknown" + (f" (did you mean {', '.join(offered)}?)" if offered else "")


def _described(mention: Mention) -> str:
    if mention.kind != "thing":
        return f"{mention.text} ({mention.kind})"
    match = mention.matches[0]
    own = [c for c in match.classes if c.startswith("kz:") and c not in _GENERAL]
    kind = min(own, key=lambda c: (len(c), c)).partition(":")[2] if own else "thing"
    return f"{match.label} ({kind})"


def best_cover(mentions: Sequence[Mention]) -> list[Mention]:
    """Return mentions that do not overlap, the longest first chosen, in their order."""
    taken: set[int] = set()
    chosen = []
    for mention in sorted(mentions, key=lambda m: m.start - m.end):
        span = set(range(mention.start, mention.end))
        if not span & taken and mention.kind != "number":
            taken |= span
            chosen.append(mention)
    return sorted(chosen, key=lambda m: m.start)


def nearest_questions(
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    templates: Sequence[Template],
    names: NameIndex,
) -> list[str]:
    """Return the saved questions most like a question, with its names where they fit."""
    asked = [t for t in tokens if t.content]
    things = [m for m in best_cover(mentions) if m.kind == "thing"]
    ranked = sorted(templates, key=lambda t: (-_likeness(t, asked), t.query.name))
    near: dict[str, Template] = {}
    for template in ranked:
        near.setdefault(template.query.name, template)
        if len(near) == 2 * _NEAREST:
            break
    name_literals([t for t in near.values() if not t.literals], names)
    filled = [(t, _fill_loosely(t, things)) for t in near.values()]
    filled.sort(key=lambda pair: -_likeness(pair[0], asked) - 0.25 * len(pair[1]))
    return [filled_in(template, values, names) for template, values in filled[:_NEAREST]]


def _likeness(template: Template, asked: Sequence[Token]) -> float:
    shared = sum(
        weight
        for i, weight in template.weights.items()
        if any(not template.tokens[i].meanings.isdisjoint(t.meanings) for t in asked)
    )
    return float(shared / (sum(template.weights.values()) or 1.0) ** 0.5)


def _fill_loosely(template: Template, things: Sequence[Mention]) -> dict[str, str]:
    filled: dict[str, str] = {}
    named = {iri for literal in template.literals for iri in literal.iris}
    free = [m for m in things if named.isdisjoint(match.iri for match in m.matches)]
    for slot in template.slots.values():
        for mention in free:
            fitting = [m for m in mention.matches if slot.cls in ("", *m.classes)]
            if slot.kind == "thing" and fitting and not slot.choices:
                filled[slot.name] = fitting[0].curie
                free.remove(mention)
                break
    return filled


def filled_in(template: Template, values: Mapping[str, str], names: NameIndex) -> str:
    """Return the question of a template with labels in place of its placeholders."""
    text = template.query.questions.get(template.lang.code, template.text)
    for name, parameter in template.query.params.items():
        placeholder = "{" + name + "}"
        if placeholder in text:
            value = values.get(name) or (parameter.default or placeholder)
            text = text.replace(placeholder, _label(value, template.lang.code, names))
    return text


def _label(value: str, lang: str, names: NameIndex) -> str:
    if ":" not in value:
        return value
    try:
        found = names.lookup(value, lang=lang)
    except ValueError:
        return value
    return found[0].label if found else value


def first_questions(templates: Sequence[Template], names: NameIndex) -> list[str]:
    """Return questions that can be asked, where nothing is known to be near."""
    return [filled_in(template, {}, names) for template in templates[:_NEAREST]]
