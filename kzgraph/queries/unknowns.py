"""Words of a question that nothing accounts for: misspelt names, compounds, the rest.

A misspelt name is taken for the one that it nearly is, if there is only one.
A German compound is taken apart where that can be done in one way only. What
is left makes a question not understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kzgraph.queries.language import Language, Token
from kzgraph.queries.mentions import Mention, role_of
from kzgraph.queries.names import ACCEPTED, NameIndex
from kzgraph.queries.templates import Template

_SHORTEST_PART = 3
_LINKS = ("", "s", "es", "n", "en")  # between the parts: Mitglied-s-staat


@dataclass(frozen=True)
class Vocabulary:
    """The words that mean something here: the language's own and the saved questions'."""

    known: Language
    meanings: frozenset[str]
    surfaces: frozenset[str]

    @classmethod
    def of(cls, templates: Sequence[Template], known: Language) -> Vocabulary:
        """Return the vocabulary of these saved questions."""
        return cls(
            known,
            frozenset(m for t in templates for m in t.meanings),
            frozenset(token.text for t in templates for token in t.tokens if token.content),
        )

    def has(self, token: Token) -> bool:
        """Return whether a word is known, whatever it does in a question."""
        known = self.known
        return (
            not token.content
            or not token.meanings.isdisjoint(self.meanings)
            or known.stem(token.text) in known.meanings
            or bool(known.title(token))
            or token.relational
            or token.low in known.present
        )


def unknown_stretches(
    tokens: Sequence[Token], mentions: Sequence[Mention], vocabulary: Vocabulary
) -> list[tuple[int, int]]:
    """Return where unknown words stand, neighbours in capitals as one stretch."""
    covered = {i for mention in mentions for i in range(mention.start, mention.end)}
    for _, places in vocabulary.known.phrases_in(tokens):
        covered.update(places)
    stretches: list[tuple[int, int]] = []
    for i, token in enumerate(tokens):
        if i in covered or vocabulary.has(token):
            continue
        in_capitals = tokens[i].text[:1].isupper() and tokens[i - 1].text[:1].isupper()
        if stretches and stretches[-1][1] == i and in_capitals:
            stretches[-1] = (stretches[-1][0], i + 1)
        else:
            stretches.append((i, i + 1))
    return stretches


def corrected_names(
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    vocabulary: Vocabulary,
    names: NameIndex,
) -> list[Mention]:
    """Return mentions for names that are nearly, and only nearly, one known name."""
    found = []
    for start, end in unknown_stretches(tokens, mentions, vocabulary):
        text = " ".join(token.text for token in tokens[start:end])
        match = names.close(text) if text[:1].isupper() else None
        if match is not None and "kz:Entity" in match.classes:
            role = role_of(tokens, start, end, vocabulary.known)
            found.append(Mention(start, end, "thing", text, role, matches=(match,)))
    return found


def without_compounds(
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    vocabulary: Vocabulary,
    names: NameIndex,
) -> list[Token]:
    """Return the tokens with unknown German compounds taken apart: Uranförderung."""
    if vocabulary.known.code != "de":
        return list(tokens)
    result = list(tokens)
    for start, end in reversed(unknown_stretches(tokens, mentions, vocabulary)):
        if end - start == 1:
            parts = _parts(tokens[start], vocabulary, names)
            result[start:end] = parts or [tokens[start]]
    return result


def _parts(token: Token, vocabulary: Vocabulary, names: NameIndex) -> list[Token]:
    """Return the two parts of a compound; nothing where there is none, or more than one way."""
    found: dict[tuple[str, frozenset[str]], list[Token]] = {}
    text = token.text
    for cut in range(_SHORTEST_PART, len(text) - _SHORTEST_PART + 1):
        last = vocabulary.known.token(text[cut:].capitalize())
        if not last.content or not vocabulary.has(last) or last.relational:
            continue
        for link in _LINKS:
            head = text[:cut].removesuffix(link) if link else text[:cut]
            if len(head) < _SHORTEST_PART or not text[:cut].endswith(link):
                continue
            first = vocabulary.known.token(head)
            known = first.content and not first.meanings.isdisjoint(vocabulary.meanings)
            if known or _is_thing(head, names):
                first = replace(first, after_pause=token.after_pause, first=token.first)
                # Grenz- and Grenze are the same part
                same = (vocabulary.known.stem(head), last.meanings)
                found.setdefault(same, [first, last])
    return next(iter(found.values())) if len(found) == 1 else []


def _is_thing(text: str, names: NameIndex) -> bool:
    found = names.exact(text, classes={"kz:Entity"})
    return bool(found) and found[0].score >= ACCEPTED


def nearest_words(word: str, vocabulary: Vocabulary) -> list[str]:
    """Return the words of the saved questions that are spelt like an unknown one."""
    from difflib import get_close_matches  # only once something was not understood

    return get_close_matches(word, sorted(vocabulary.surfaces), n=2, cutoff=0.84)
