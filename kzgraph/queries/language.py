"""What is known of a language in which questions are asked, and how a sentence is read.

The knowledge itself lies in ``languages/<code>.toml``: words without a meaning
of their own, negations, question words, words that mean the same. A sentence
becomes a list of tokens, each with the meanings that it can have.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from kzgraph.queries.folding import bare
from kzgraph.queries.inflection import word_stem

LANGUAGES = ("en", "de")

_TOKEN = re.compile(
    r"""(?P<slot>\{[a-z_]\w*\})
    | (?P<iri><https?://[^\s<>]+>|\b(?:kzr|kzv|kz|wd):[\w-]+)
    | (?P<date>\d{4}-\d{2}(?:-\d{2})?(?!\d)|\d{1,2}\.\d{1,2}\.\d{4}(?!\d))
    | (?P<number>\d+(?:[.,\u00a0]\d+)*)
    | (?P<word>(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’‘ʼʻ`´][^\W_]+)*['’]?)
    | (?P<pause>[,;:])""",
    re.VERBOSE,
)


# phrases by their first word, each with what it means or stands for
Phrases = dict[str, tuple[tuple[tuple[str, ...], str], ...]]


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence. ``meanings`` are alternatives; function words have none."""

    text: str
    kind: str
    low: str
    meanings: frozenset[str] = frozenset()
    function: bool = False
    relational: bool = False
    negation: bool = False
    asks: str = ""
    after_pause: bool = False
    first: bool = False

    @property
    def content(self) -> bool:
        """Whether the word has to be accounted for."""
        return self.kind == "word" and not (self.function or self.negation or self.asks)


@dataclass(frozen=True)
class Language:
    """The words of one language, by what they do in a question."""

    code: str
    name: str
    function: frozenset[str]
    auxiliary: frozenset[str]
    negation: frozenset[str]
    present: frozenset[str]
    relational: frozenset[str]
    asking: dict[str, str]
    titles: dict[str, frozenset[str]]
    agents: frozenset[str]
    symmetric: frozenset[str]
    opening: Phrases
    anywhere: Phrases
    time: dict[str, frozenset[str]]
    months: dict[str, int]
    meanings: dict[str, frozenset[str]]
    phrases: Phrases
    separable: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    rewritten: Phrases = field(default_factory=dict)

    def stem(self, word: str) -> str:
        """Return the stem under which a word is compared."""
        return word_stem(word, self.code)

    def meaning_of(self, word: str) -> frozenset[str]:
        """Return what a word can mean: the names of its groups, or its stem alone."""
        stem = self.stem(word)
        return self.meanings.get(stem) or frozenset((stem,))

    def read(self, text: str) -> list[Token]:
        """Return the tokens of a sentence; polite phrases are left out.

        >>> tokens = language("en").read("Please show me Kazakhstan's borders.")
        >>> [token.text for token in tokens if token.content]
        ["Kazakhstan's", 'borders']
        """
        tokens: list[Token] = []
        pause = False
        for found in _TOKEN.finditer(text):
            kind = found.lastgroup or "word"
            if kind == "pause":
                pause = True
                continue
            word = found.group()
            if kind == "word" and "." in word:
                word = word.replace(".", "")
            token = self.token(word, kind)
            tokens.append(replace(token, after_pause=pause, first=not tokens))
            pause = False
        return self._rewritten(self._joined(self._without_asides(tokens)))

    def title(self, token: Token) -> frozenset[str]:
        """Return the classes that a noun before a name can say; none for another word."""
        if token.kind != "word" or token.function:
            return frozenset()
        return self.titles.get(self.stem(token.low), frozenset())

    def phrases_in(self, tokens: Sequence[Token]) -> Iterator[tuple[str, range]]:
        """Yield the meaning and the places of every phrase that has one."""
        for i, token in enumerate(tokens):
            for phrase, meaning in self.phrases.get(token.low, ()):
                if _at(tokens, i, phrase):
                    yield meaning, range(i, i + len(phrase))

    def token(self, text: str, kind: str = "word") -> Token:
        """Return one word as a token."""
        low = bare(text)
        if kind != "word":
            return Token(text, kind, low)
        negation, asks = low in self.negation, self.asking.get(low, "")
        function = low in self.function or low in self.auxiliary
        if negation or asks or function:
            return Token(text, kind, low, frozenset(), function, False, negation, asks)
        return Token(text, kind, low, self.meaning_of(text), relational=low in self.relational)

    def _without_asides(self, tokens: list[Token]) -> list[Token]:
        again = True
        while again:
            again = False
            for phrase, _ in self.opening.get(tokens[0].low, ()) if tokens else ():
                if _at(tokens, 0, phrase) and len(tokens) > len(phrase):
                    tokens = tokens[len(phrase) :]
                    again = True
                    break
        kept: list[Token] = []
        i = 0
        while i < len(tokens):
            known = self.anywhere.get(tokens[i].low, ())
            length = max((len(p) for p, _ in known if _at(tokens, i, p)), default=0)
            if length:
                # "..., and who says so" goes with its "and"
                if kept and kept[-1].low in ("and", "und") and i + length == len(tokens):
                    kept.pop()
                i += length
            else:
                kept.append(tokens[i])
                i += 1
        return kept

    def _joined(self, tokens: list[Token]) -> list[Token]:
        """Give verbs the meaning they have with a particle that ends their clause."""
        for i, token in enumerate(tokens):
            for particle, meaning in self.separable.get(token.low, ()):
                for j in range(i + 1, len(tokens)):
                    ends = j + 1 == len(tokens) or tokens[j + 1].after_pause
                    if tokens[j].low == particle and ends:
                        tokens[i] = replace(
                            token,
                            low=bare(meaning),
                            meanings=self.meaning_of(meaning),
                            function=False,
                        )
                        tokens[j] = replace(tokens[j], function=True, meanings=frozenset())
        return tokens

    def _rewritten(self, tokens: list[Token]) -> list[Token]:
        result: list[Token] = []
        i = 0
        while i < len(tokens):
            for old, new in self.rewritten.get(tokens[i].low, ()):
                if _at(tokens, i, old):
                    fresh = [self.token(word, "word") for word in new.split()]
                    fresh[0] = replace(
                        fresh[0], after_pause=tokens[i].after_pause, first=tokens[i].first
                    )
                    result.extend(fresh)
                    i += len(old)
                    break
            else:
                result.append(tokens[i])
                i += 1
        return result


def _at(tokens: Sequence[Token], start: int, phrase: tuple[str, ...]) -> bool:
    part = tokens[start : start + len(phrase)]
    return len(part) == len(phrase) and all(
        token.low == word for token, word in zip(part, phrase, strict=True)
    )


@cache
def language(code: str) -> Language:
    """Return what is known of a language, read from its file once."""
    source = files("kzgraph.queries").joinpath("languages").joinpath(f"{code}.toml")
    data: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    meanings: dict[str, set[str]] = {}
    phrases: list[tuple[tuple[str, ...], str]] = []
    for group in data["meanings"]["groups"]:
        members = [member.strip() for member in group.split(",")]
        for member in members:
            words = _bare_words(member)
            if len(words) > 1:
                phrases.append((words, members[0]))
            else:
                meanings.setdefault(word_stem(member, code), set()).add(members[0])
    separable: dict[str, list[tuple[str, str]]] = {}
    for pair in data.get("separable", {}).get("pairs", []):
        parts, _, meaning = pair.partition(": ")
        verb, particle = _bare_words(parts)
        separable.setdefault(verb, []).append((particle, meaning))
    return Language(
        code=code,
        name=data["name"],
        function=_words(data["function"]),
        auxiliary=_words(data["auxiliary"]),
        negation=_words(data["negation"]),
        present=_words(data["present"]),
        relational=_words(data["relational"]),
        asking={w: kind for kind, ws in data["question"].items() for w in _words(ws)},
        titles=_titles(data["titles"], code),
        agents=frozenset(data["agents"]),
        symmetric=frozenset(data["symmetric"]),
        opening=_by_first((_bare_words(p), "") for p in data["phrases"]["opening"]),
        anywhere=_by_first((_bare_words(p), "") for p in data["phrases"]["anywhere"]),
        time={k: _words(v) for k, v in data["time"].items() if k != "months"},
        months={bare(m): i for i, m in enumerate(data["time"]["months"].split(), start=1)},
        meanings={stem: frozenset(names) for stem, names in meanings.items()},
        phrases=_by_first(phrases),
        separable={verb: tuple(pairs) for verb, pairs in separable.items()},
        rewritten=_by_first(
            (_bare_words(old), new)
            for old, _, new in (p.partition(": ") for p in data["rewritten"]["pairs"])
        ),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(bare(word) for word in text.split())


def _bare_words(text: str) -> tuple[str, ...]:
    return tuple(bare(word) for word in text.split())


def _by_first(phrases: Iterable[tuple[tuple[str, ...], str]]) -> Phrases:
    """Return phrases by their first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, meaning in phrases:
        found.setdefault(phrase[0], []).append((phrase, meaning))
    return {
        first: tuple(sorted(group, key=lambda pair: -len(pair[0])))
        for first, group in found.items()
    }


def _titles(table: dict[str, str], code: str) -> dict[str, frozenset[str]]:
    titles: dict[str, set[str]] = {}
    for cls, words in table.items():
        for word in words.split():
            titles.setdefault(word_stem(word, code), set()).add(cls)
    return {stem: frozenset(classes) for stem, classes in titles.items()}
