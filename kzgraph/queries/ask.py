"""Understanding a question: which saved query answers it, with which parameters.

``understand`` compares a question with the questions of the saved queries. It
never guesses: every word has to be accounted for, names have to fit their
places, and a second query that fits about as well makes the question
ambiguous. What is not understood is answered with the nearest questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kzgraph.errors import AmbiguousNameError, NotUnderstoodError
from kzgraph.queries.comparison import read_as
from kzgraph.queries.language import LANGUAGES, Language, Token, language
from kzgraph.queries.mentions import find_mentions
from kzgraph.queries.names import Match, NameIndex
from kzgraph.queries.orientation import Reading
from kzgraph.queries.suggestions import filled_in, first_questions, not_understood
from kzgraph.queries.templates import SavedQuery, Template, make_templates, name_literals
from kzgraph.queries.unknowns import Vocabulary, corrected_names, without_compounds

_LONGEST_QUESTION = 60  # words
_ENOUGH = 0.72  # how much of a saved question has to be in the question
_MARGIN = 0.08  # how far the second best has to stay behind
_LANGUAGE = 0.6  # a language with a smaller share of known words is not tried


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
        raise NotUnderstoodError(question, first_questions(templates, names), reason="it is empty")
    if len(tokens) > _LONGEST_QUESTION:
        raise NotUnderstoodError(
            question[:80] + " …",
            first_questions(templates, names),
            reason=f"it has {len(tokens)} words; questions of up to {_LONGEST_QUESTION} are read",
        )
    classes = {slot.cls for t in templates for slot in t.slots.values() if slot.cls}
    vocabulary = Vocabulary.of(templates, known)
    mentions = find_mentions(tokens, known, names, classes={"kz:Entity", *classes})
    whole = without_compounds(tokens, mentions, vocabulary, names)
    if len(whole) != len(tokens):
        tokens = whole
        mentions = find_mentions(tokens, known, names, classes={"kz:Entity", *classes})
    mentions += corrected_names(tokens, mentions, vocabulary, names)
    candidates = [t for t in templates if _may_fit(t, tokens, known)]
    name_literals(candidates, names)
    readings = [r for t in candidates if (r := read_as(t, tokens, mentions)) is not None]
    readings.sort(key=lambda r: (-r.score, r.template.query.name))
    if not readings or readings[0].score < _ENOUGH:
        raise not_understood(question, tokens, mentions, templates, vocabulary, names)
    best = readings[0]
    second = next((r for r in readings if r.template.query.name != best.template.query.name), None)
    near = second is not None and best.score - second.score < _MARGIN
    if second is not None and near and _leaves_open(best) < _leaves_open(second):
        near = False  # what asks for a day as well is not what was asked
    if second is not None and near and not _is_verbatim(best, tokens):
        raise NotUnderstoodError(
            question,
            [filled_in(r.template, r.filled, names) for r in (best, second)],
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
    vocabulary = Vocabulary.of(templates, known)
    return sum(1.0 for t in known.read(question) if t.kind == "word" and vocabulary.has(t))


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
        question=filled_in(template, {**defaults, **best.filled}, names),
        defaults=defaults,
    )


def _leaves_open(reading: Reading) -> int:
    """Return how many parameters of its query a reading would fill with defaults."""
    return sum(1 for name in reading.template.query.params if name not in reading.filled)


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
