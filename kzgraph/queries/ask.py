"""Understanding a question: which saved query answers it, with which parameters.

``understand`` compares a question with the questions of the saved queries. It
never guesses: every word has to be accounted for, names have to fit their
places, and a second query that fits about as well makes the question
ambiguous. What is not understood is answered with the nearest questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kzgraph.errors import AmbiguousNameError, NotUnderstoodError
from kzgraph.queries.comparison import Reading, read_as
from kzgraph.queries.folding import is_cyrillic
from kzgraph.queries.language import LANGUAGES, Language, Token, language
from kzgraph.queries.mentions import Mention, find_mentions, role_of
from kzgraph.queries.names import Match, NameIndex
from kzgraph.queries.templates import (
    SavedQuery,
    Template,
    make_templates,
    name_literals,
)

_LONGEST_QUESTION = 60  # words
_ENOUGH = 0.72  # how much of a saved question has to be in the question
_MARGIN = 0.08  # how far the second best has to stay behind
_NEAREST = 3
_LANGUAGE = 0.6  # a language with a smaller share of known words is not tried
_LIKE = 0.68  # how like an unknown name has to be in order to be offered


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question was understood as."""

    query: SavedQuery
    parameters: dict[str, str]
    language: str
    matched_names: dict[str, Match]
    score: float
    runner_up: str | None
    question: str
    defaults: dict[str, str]

    @property
    def corrected(self) -> dict[str, Match]:
        """The names that were taken for misspelt ones, by how they were written."""
        return {t: m for t, m in self.matched_names.items() if m.why.startswith("spelt like")}


def understand(
    question: str,
    catalogue: Iterable[SavedQuery],
    names: NameIndex,
    *,
    lang: str | None = None,
) -> Understood:
    """Return the saved query and the parameters that a question means.

    ``lang`` decides between languages where the words of the question do not.
    Raises NotUnderstoodError with the nearest questions, or AmbiguousNameError
    where a name in the question can mean several things.
    """
    queries = list(catalogue)
    texts = {code: make_templates(queries, language(code)) for code in LANGUAGES}
    scores = {code: _familiarity(question, texts[code], language(code)) for code in LANGUAGES}
    if lang in scores:
        scores[lang] += 0.01
    order = sorted(LANGUAGES, key=lambda code: -scores[code])
    failure: NotUnderstoodError | None = None
    for code in order:
        if scores[code] < _LANGUAGE * scores[order[0]]:
            break
        try:
            return _understand_in(question, texts[code], language(code), names)
        except NotUnderstoodError as error:
            failure = failure or error
    raise failure or NotUnderstoodError(question, ())


def _understand_in(
    question: str, templates: Sequence[Template], known: Language, names: NameIndex
) -> Understood:
    tokens = known.read(question)
    if not tokens:
        raise NotUnderstoodError(question, _first_questions(templates, names), reason="it is empty")
    if len(tokens) > _LONGEST_QUESTION:
        raise NotUnderstoodError(
            question[:80] + " …",
            _first_questions(templates, names),
            reason=f"it has {len(tokens)} words; questions of up to {_LONGEST_QUESTION} are read",
        )
    classes = {slot.cls for t in templates for slot in t.slots.values() if slot.cls}
    mentions = find_mentions(tokens, known, names, classes={"kz:Entity", *classes})
    mentions += _corrected(tokens, mentions, templates, known, names)
    candidates = [t for t in templates if _may_fit(t, tokens, known)]
    name_literals(candidates, names)
    readings = [r for t in candidates if (r := read_as(t, tokens, mentions)) is not None]
    readings.sort(key=lambda r: (-r.score, r.template.query.name))
    if not readings or readings[0].score < _ENOUGH:
        raise _not_understood(question, tokens, mentions, templates, known, names)
    best = readings[0]
    second = next((r for r in readings if r.template.query.name != best.template.query.name), None)
    near = second is not None and best.score - second.score < _MARGIN
    if second is not None and near and not _is_verbatim(best, tokens):
        raise NotUnderstoodError(
            question,
            [_filled_in(r.template, r.filled, names) for r in (best, second)],
            reason="it can mean more than one of the saved questions",
        )
    for text, rivals in best.rivals.items():
        raise AmbiguousNameError(text, [(m.curie, m.label) for m in rivals])
    return _understood(best, second, known.code, names)


def language_of(question: str, *, lang: str | None = None) -> str:
    """Return the language of a question, by the small words in it.

    ``lang`` decides where they do not.

    >>> language_of("Which organisations are they members of?")
    'en'
    >>> language_of("Welchen Organisationen gehört Kasachstan an?")
    'de'
    """
    scores = {code: _familiarity(question, (), language(code)) for code in LANGUAGES}
    if lang in scores:
        scores[lang] += 0.01
    return max(LANGUAGES, key=lambda code: scores[code])


def _familiarity(question: str, templates: Sequence[Template], known: Language) -> float:
    """Return how many words of a question are known in a language."""
    vocabulary = frozenset(m for t in templates for m in t.meanings)
    return sum(
        1.0
        for t in known.read(question)
        if t.kind == "word"
        and (not t.content or _is_listed(t, known) or not t.meanings.isdisjoint(vocabulary))
    )


def _is_listed(token: Token, known: Language) -> bool:
    return known.stem(token.text) in known.meanings or bool(known.title(token))


def _understood(best: Reading, second: Reading | None, code: str, names: NameIndex) -> Understood:
    template = best.template
    defaults = {
        name: parameter.default
        for name, parameter in template.query.params.items()
        if name not in best.filled and parameter.default is not None
    }
    return Understood(
        query=template.query,
        parameters=dict(best.filled),
        language=code,
        matched_names={
            mention.text: match for mention, _, match in best.mentions if match is not None
        },
        score=round(min(best.score, 1.0), 3),
        runner_up=second.template.query.name if second else None,
        question=_filled_in(template, {**defaults, **best.filled}, names),
        defaults=defaults,
    )


def _may_fit(template: Template, tokens: Sequence[Token], known: Language) -> bool:
    meanings = {m for token in tokens for m in token.meanings}
    meanings.update(meaning for meaning, _ in known.phrases_in(tokens))
    return not meanings.isdisjoint(template.meanings) or not template.required()


def _is_verbatim(reading: Reading, tokens: Sequence[Token]) -> bool:
    """Return whether the question is the template, word for word."""
    placed = {m.start: m for m, _, _ in reading.mentions}
    said: list[str] = []
    i = 0
    while i < len(tokens):
        if i in placed:
            said.append("{}")
            i = placed[i].end
        else:
            said.append(tokens[i].low)
            i += 1
    template = reading.template
    literal_at = {literal.start: literal for literal in template.literals}
    offered: list[str] = []
    i = 0
    while i < len(template.tokens):
        if i in literal_at:
            offered.append("{}")
            i = literal_at[i].end
        else:
            token = template.tokens[i]
            offered.append("{}" if token.kind == "slot" else token.low)
            i += 1
    main = offered[: len(said)]
    return said in (offered, main) and len(said) >= template.tail_from - 1


# ---- slips of the pen ------------------------------------------------------


def _corrected(
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    templates: Sequence[Template],
    known: Language,
    names: NameIndex,
) -> list[Mention]:
    """Return mentions for names that are nearly, and only nearly, one known name."""
    found = []
    for start, end in _unknown_stretches(tokens, mentions, templates, known):
        text = " ".join(token.text for token in tokens[start:end])
        if not text[:1].isupper():
            continue
        match = names.close(text)
        if match is not None:
            role = role_of(tokens, start, end, known)
            found.append(Mention(start, end, "thing", text, role, matches=(match,)))
    return found


def _unknown_stretches(
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    templates: Sequence[Template],
    known: Language,
) -> list[tuple[int, int]]:
    """Return where unknown words stand, neighbours in capitals as one stretch."""
    vocabulary = frozenset(m for t in templates for m in t.meanings)
    covered = {i for mention in mentions for i in range(mention.start, mention.end)}
    for _, places in known.phrases_in(tokens):
        covered.update(places)
    unknown = [
        i
        for i, token in enumerate(tokens)
        if token.content
        and i not in covered
        and token.meanings.isdisjoint(vocabulary)
        and not _is_listed(token, known)
        and not token.relational
        and token.low not in known.present
    ]
    stretches: list[tuple[int, int]] = []
    for i in unknown:
        if (
            stretches
            and stretches[-1][1] == i
            and tokens[i].text[:1].isupper()
            and tokens[i - 1].text[:1].isupper()
        ):
            stretches[-1] = (stretches[-1][0], i + 1)
        else:
            stretches.append((i, i + 1))
    return stretches


# ---- saying what was not understood ----------------------------------------


def _not_understood(
    question: str,
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    templates: Sequence[Template],
    known: Language,
    names: NameIndex,
) -> NotUnderstoodError:
    read = _best_cover(mentions)
    parts = []
    if read:
        parts.append("I read: " + ", ".join(_described(mention, known) for mention in read))
    for start, end in _unknown_stretches(tokens, mentions, templates, known):
        text = " ".join(token.text for token in tokens[start:end])
        near = names.with_word(text, lang=known.code)
        if not near and text[:1].isupper():
            near = [m for m in names.similar(text, lang=known.code, limit=3) if m.score > _LIKE]
        hint = f" (did you mean {', '.join(m.label for m in near)}?)" if near else ""
        parts.append(f"{text!r} is unknown{hint}")
    if is_cyrillic(question) and not any(token.function or token.asks for token in tokens):
        languages = " and ".join(language(code).name for code in LANGUAGES)
        parts.append(f"questions are understood in {languages}")
    if any(token.negation for token in tokens) and not any(t.negated for t in templates):
        parts.append("no saved question asks what is not so")
    nearest = _nearest_questions(tokens, mentions, templates, names)
    reason = "; ".join(parts) or "no saved question has these words together"
    return NotUnderstoodError(question, nearest, reason=reason)


def _described(mention: Mention, known: Language) -> str:
    if mention.kind != "thing":
        return f"{mention.text} ({mention.kind})"
    match = mention.matches[0]
    specific = [c for c in match.classes if c not in ("kz:Entity", "kz:Agent", "kz:Place")]
    kind = min(specific, key=len).partition(":")[2] if specific else "thing"
    return f"{match.label} ({kind})"


def _best_cover(mentions: Sequence[Mention]) -> list[Mention]:
    taken: set[int] = set()
    chosen = []
    for mention in sorted(mentions, key=lambda m: m.start - m.end):
        span = set(range(mention.start, mention.end))
        if not span & taken and mention.kind != "number":
            taken |= span
            chosen.append(mention)
    return sorted(chosen, key=lambda m: m.start)


def _nearest_questions(
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    templates: Sequence[Template],
    names: NameIndex,
) -> list[str]:
    asked = [t for t in tokens if t.content]
    things = [m for m in _best_cover(mentions) if m.kind == "thing"]
    ranked = sorted(
        ((-_likeness(template, asked), template.query.name, template) for template in templates),
        key=lambda item: item[:2],
    )
    near = [template for _, _, template in ranked[: 2 * _NEAREST]]
    name_literals([t for t in near if not t.literals], names)
    filled = [(t, _fill_loosely(t, things)) for t in near]
    filled.sort(key=lambda pair: -_likeness(pair[0], asked) - 0.25 * len(pair[1]))
    return [_filled_in(template, values, names) for template, values in filled[:_NEAREST]]


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


def _filled_in(template: Template, values: Mapping[str, str], names: NameIndex) -> str:
    """Return the question of a template with labels in place of its placeholders."""
    text = template.text
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


def _first_questions(templates: Sequence[Template], names: NameIndex) -> list[str]:
    return [_filled_in(template, {}, names) for template in templates[:_NEAREST]]
