"""Names of things: which thing a word or a phrase means.

A thing is found by its label in any language, by a code, a QID, a CURIE, an
IRI or a local name, in every case form and transcription that ``inflection``
and ``folding`` know. The index is one SQLite table; a lookup is one query over
its key. Only when that finds nothing are similar spellings looked for.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kzgraph.errors import AmbiguousNameError, KzgraphError, UnknownNameError, UsageError
from kzgraph.namespaces import PREFIXES, WD, expand, shrink
from kzgraph.queries.folding import SPELLINGS, bare, shared_start, sounds, spelling_of, tokens
from kzgraph.queries.inflection import (
    ending_replaced,
    is_form_of,
    name_languages,
    name_stem,
    without_hyphened_ending,
    without_possessive,
)
from kzgraph.queries.name_table import (
    ARTICLE,
    COLUMNS,
    SMALL_WORDS,
    Kind,
    NameEntry,
    NameRow,
    stem_spelling,
    write_names,
)
from kzgraph.queries.spelling_table import keys_like, keys_with_words

if TYPE_CHECKING:
    from kzgraph.queries.similarity import KeysLike, RowsOf

__all__ = ["ACCEPTED", "Kind", "Match", "NameEntry", "NameIndex", "Word", "write_names"]

# what a match is worth, by how it was found and by what kind of name it is
_EXACT, _FOLDED, _INFLECTED = 1.0, 0.95, 0.9
_OTHER_ENDING = 0.02  # Aserbaidschans is rather of Aserbaidschan than of Aserbaidschaner
_ONLY_SOUNDS = 0.05  # the form of one language, the name of another
_OTHER_SIGN = 0.02  # the plus of OPEC+
_OTHER_ORDER = 0.04  # Токаев Касым-Жомарт
_KIND_COST = {
    "pref": 0.0, "alt": 0.02, "name": 0.02, "notation": 0.04, "qid": 0.04, "curie": 0.04,
    "surname": 0.06, "demonym": 0.08, "given": 0.5,
}  # fmt: skip
_KIND_WORDS = {
    "pref": "label", "alt": "other label", "name": "other name", "notation": "code",
    "qid": "Wikidata item", "curie": "CURIE", "surname": "surname", "demonym": "adjective",
    "given": "part of the name",
}  # fmt: skip

ACCEPTED = 0.75  # below this a match is a suggestion
_LONGEST_ENDING = 3  # of a case form in another script than the label's
_ENTITY = "kz:Entity"
_PERSON = "kz:Person"
_LONGEST_PERSON = 5  # words in the name of a person
# Кемелевич, Кемелевичем, Кемелұлы, Kemelevich, Kemelewitsch, Kemelevič
_PATRONYMIC = re.compile(
    r"(?:[еоё]вич|ьич|[еоё]вн|ұл|улы|қыз|кызы)\w{0,3}$|(?:[eo][vw](?:itsch|ich|ič|ics|n[aay])|uly|qyzy|kyzy)s?$"
)
_WORTH_OFFERING = 0.7  # a likeness below this would look like a joke
_SAME = 0.015  # matches closer than this are one another's rivals


@dataclass(frozen=True, slots=True)
class Match:
    """A thing that a text can mean, how surely (1 is a label as it stands), and why."""

    iri: str
    label: str
    lang: str
    score: float
    why: str
    classes: frozenset[str] = frozenset()
    kind: str = "pref"
    form: str = ""

    @property
    def curie(self) -> str:
        """The CURIE of the thing."""
        return shrink(self.iri)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text with the keys that it contributes to a phrase."""

    text: str
    exact: str = ""
    sounds: tuple[str, ...] = ()
    stems: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, text: str) -> Word:
        """Return the word of a text; its keys depend on its script."""
        clean = without_possessive(text)
        stems: list[tuple[str, str]] = []
        for lang in name_languages(text):
            stems.append((lang, sounds(name_stem(text, lang), stem_spelling(lang))))
        return cls(
            text=text,
            exact=bare(clean),
            sounds=tuple(sounds(clean, spelling) for spelling in SPELLINGS),
            stems=tuple(stems),
        )


class NameIndex:
    """The names of a snapshot, read from its table."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def lookup(
        self,
        text: str,
        *,
        classes: Collection[str] | None = None,
        lang: str | None = None,
        limit: int = 10,
    ) -> list[Match]:
        """Return the things that a text can mean, the likeliest first.

        ``classes`` keeps things that are in one of these classes (CURIEs);
        ``lang`` is the language of the labels shown. Similar spellings come
        only where nothing else fits; their score is below 0.9.
        """
        found = self.exact(text, classes=classes)
        if not found or found[0].score < ACCEPTED:
            iris = {match.iri for match in found}
            found += [m for m in self.similar(text, classes=classes) if m.iri not in iris]
            found.sort(key=lambda m: -m.score)
        return self._shown_in(lang, found[:limit])

    def exact(self, text: str, *, classes: Collection[str] | None = None) -> list[Match]:
        """Return the things that bear this name in some form or transcription."""
        stripped = text.strip()
        iri = _iri_of(stripped)
        if iri is not None and iri.startswith(WD):
            stripped = iri.removeprefix(WD)
        elif iri is not None:
            return self._by_iri(iri, classes)
        name = ARTICLE.sub("", stripped)
        readings = list(dict.fromkeys((name, without_hyphened_ending(name))))
        persons = list(_orders_of_person(tokens(name)))
        phrases = [[Word.of(word) for word in tokens(text)] for text in readings]
        phrases += [[Word.of(word) for word in words] for words in persons]
        found = self.phrases([words for words in phrases if words], classes=classes)
        for number in range(len(readings)):
            if number in found:
                return _with_same_plus(readings[number], found[number])
        for number in range(len(readings), len(phrases)):
            named = [
                replace(match, score=match.score - _OTHER_ORDER)
                for match in found.get(number, [])
                if _PERSON in match.classes
            ]
            if named:
                return named
        return []

    def phrases(
        self,
        phrases: Sequence[Sequence[Word]],
        *,
        classes: Collection[str] | None = None,
    ) -> dict[int, list[Match]]:
        """Return the matches of many phrases, by the phrase's place in the list.

        This is ``exact`` for the pieces of a question, with one query for all.
        """
        wanted: dict[str, list[tuple[int, str]]] = {}
        for number, words in enumerate(phrases):
            for key, how in _keys_of_words(words):
                wanted.setdefault(key, []).append((number, how))
        best: dict[int, dict[str, Match]] = {}
        for key, row in self._rows(list(wanted)):
            if classes is not None and row.classes.isdisjoint(classes):
                continue
            for number, how in wanted[key]:
                match = _match(phrases[number], row, how)
                if match is None:
                    continue
                known = best.setdefault(number, {})
                if row.iri not in known or known[row.iri].score < match.score:
                    known[row.iri] = match
        return {
            number: sorted(matches.values(), key=lambda m: (-m.score, m.iri))
            for number, matches in best.items()
        }

    def with_word(self, word: str, *, lang: str | None = None, limit: int = 3) -> list[Match]:
        """Return things that have a word in a label of theirs, shortest label first."""
        escaped = re.sub(r"([%_\\])", r"\\\1", word)
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM names WHERE kind IN ('pref', 'alt') AND stem_lang = ''"
            " AND key LIKE '=%' AND form LIKE ? ESCAPE '\\' ORDER BY length(form), iri",
            (f"%{escaped}%",),
        )
        found: dict[str, Match] = {}
        for columns in rows:
            row = _row(columns)
            if _ENTITY in row.classes and word.casefold() in tokens(row.form):
                why = f"has the word {word}"
                found.setdefault(
                    row.iri, Match(row.iri, row.label, row.lang, 0.5, why, row.classes, row.kind)
                )
        return self._shown_in(lang, list(found.values())[:limit])

    def similar(
        self,
        text: str,
        *,
        classes: Collection[str] | None = None,
        lang: str | None = None,
        limit: int = 5,
    ) -> list[Match]:
        """Return the things with a similar name, the most similar first."""
        from kzgraph.queries.similarity import nearest, sharing_words

        keys_like, rows_of = self._spellings(text)
        found = nearest(text, keys_like, rows_of, classes=classes, limit=limit)
        if not found:
            keys = keys_with_words(self._connection, tokens(text))
            found = sharing_words(text, keys, rows_of, classes=classes, limit=limit)
        return self._shown_in(lang, found)

    def close(self, text: str, *, classes: Collection[str] | None = None) -> Match | None:
        """Return the one thing whose name a text misspells by very little, or None.

        One letter may be wrong in a name of five to nine letters, two in a
        longer one, and no other thing's name may be as near.
        """
        from kzgraph.queries.similarity import closest

        keys_like, rows_of = self._spellings(text)
        return closest(text, keys_like, rows_of, classes=classes)

    def resolve(self, text: str, *, cls: str | None = None, lang: str | None = None) -> NamedNode:
        """Return the one thing that a text means.

        Raises UnknownNameError with the nearest names, or AmbiguousNameError
        with the candidates. A spelling that is merely similar is not accepted.
        """
        classes = None if cls is None else {cls}
        found = [m for m in self.exact(text, classes=classes) if m.score >= ACCEPTED]
        if not found:
            raise self._unknown(text, classes, lang)
        rivals = [m for m in found if found[0].score - m.score < _SAME]
        # a term of the ontology or a vocabulary gives way to a thing of that name
        rivals = [m for m in rivals if _ENTITY in m.classes] or rivals
        if len(rivals) > 1:
            shown = self._shown_in(lang, rivals)
            raise AmbiguousNameError(text, [(m.curie, m.label) for m in shown])
        return NamedNode(rivals[0].iri)

    def namesakes(
        self, text: str, thing: NamedNode, *, cls: str | None = None, lang: str | None = None
    ) -> list[Match]:
        """Return what else a text names where it was taken to mean one thing.

        A town and a cosmodrome may both be called Baikonur: the one with the
        preferred label is meant, and who finds nothing there learns of the other.
        """
        found = [
            m
            for m in self.exact(text, classes=None if cls is None else {cls})
            if m.iri != thing.value and _ENTITY in m.classes and m.kind in ("pref", "alt", "name")
        ]
        return self._shown_in(lang, found)

    def _unknown(
        self, text: str, classes: Collection[str] | None, lang: str | None
    ) -> KzgraphError:
        kind = "thing"
        if classes:
            kind = " or ".join(sorted(c.partition(":")[2] for c in classes))
            of_other_class = [m for m in self.exact(text) if m.score >= ACCEPTED]
            if of_other_class:
                match = self._shown_in(lang, of_other_class[:1])[0]
                return UsageError(
                    f"{text!r} is {match.label} ({match.curie}), which is no {kind}",
                    hint="kzgraph show " + match.curie,
                )
        similar = self.similar(text, classes=classes, lang=lang or "en", limit=3)
        near = [match for match in similar if match.score >= _WORTH_OFFERING]
        listed = ", ".join(f"{m.label} ({m.curie})" for m in near)
        error = UnknownNameError(
            kind,
            text,
            (),
            hint=f"did you mean {listed}?" if near else "kzgraph queries lists what can be asked",
        )
        error.nearest = [m.label for m in near]
        return error

    # -- SQL

    def _rows(self, keys: list[str]) -> Iterator[tuple[str, NameRow]]:
        for start in range(0, len(keys), 900):
            part = keys[start : start + 900]
            marks = ",".join("?" * len(part))
            for row in self._connection.execute(
                f"SELECT {COLUMNS} FROM names WHERE key IN ({marks})",
                part,
            ):
                yield row[0], _row(row)

    def _by_iri(self, iri: str, classes: Collection[str] | None) -> list[Match]:
        row = self._connection.execute(
            "SELECT label, lang, classes FROM names WHERE iri = ?"
            " ORDER BY kind != 'pref', lang != 'en' LIMIT 1",
            (iri,),
        ).fetchone()
        if row is None:
            return []
        own = frozenset(row[2].split())
        if classes is not None and own.isdisjoint(classes):
            return []
        return [Match(iri, row[0], row[1], 1.0, "IRI", own, "curie")]

    def _spellings(self, text: str) -> tuple[KeysLike, RowsOf]:
        """Return how to find keys like those of a text, and the rows of keys."""
        # local names are many (relators, claims): only for what looks like one
        local = _iri_of(text.strip()) is not None or re.fullmatch(r"[a-z]+-[a-z0-9-]+", text)
        likes = self._local_names_like if local else partial(keys_like, self._connection)

        def rows_of(keys: Sequence[str]) -> Iterator[tuple[str, NameRow]]:
            for key, row in self._rows(list(keys)):
                if not row.stem_lang and (
                    row.kind == "curie" if local else row.kind not in ("curie", "qid", "given")
                ):
                    yield key, row

        return likes, rows_of

    def _local_names_like(self, key: str, shortest: int, longest: int) -> list[str]:
        """Return the keys of local names of a length that begin as a key does."""
        whole = key.removeprefix("=kzr").removeprefix("=")
        for start in (whole[: len(whole) // 2], whole[:4]):
            found = self._connection.execute(
                "SELECT DISTINCT key FROM names WHERE key >= ? AND key < ? AND kind = 'curie'"
                " AND length(key) BETWEEN ? AND ? LIMIT 5000",
                ("=" + start, "=" + start + "\U0010ffff", shortest - 2, longest + 1),
            ).fetchall()
            if found:
                break
        return [row[0] for row in found]

    def _shown_in(self, lang: str | None, matches: list[Match]) -> list[Match]:
        if lang is None or all(m.lang == lang for m in matches):
            return matches
        marks = ",".join("?" * len(matches))
        labels = dict(
            self._connection.execute(
                f"SELECT iri, label FROM names WHERE iri IN ({marks})"
                " AND kind = 'pref' AND lang = ?",
                (*(m.iri for m in matches), lang),
            ).fetchall()
        )
        return [
            Match(m.iri, labels[m.iri], lang, m.score, m.why, m.classes, m.kind, m.form)
            if m.iri in labels
            else m
            for m in matches
        ]


def _row(columns: tuple[str, ...]) -> NameRow:
    _, iri, label, lang, kind, form, stem_lang, classes = columns
    return NameRow(iri, label, lang, kind, form, stem_lang, frozenset(classes.split()))


def _iri_of(text: str) -> str | None:
    """Return the IRI that a text spells out (IRI, CURIE), or None for a plain name."""
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    if re.match(r"https?://", text):
        return text
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and local and not re.search(r"\s", text):
        return expand(text).value
    return None


def _keys_of_words(words: Sequence[Word]) -> Iterator[tuple[str, str]]:
    """Yield the keys of a phrase and how each was made: exact, folded, or by an ending."""
    seen = set()
    exact = "=" + "".join(word.exact for word in words)
    yield exact, "exact"
    for number in range(len(SPELLINGS)):
        key = "~" + "".join(word.sounds[number] for word in words)
        if key not in seen:
            seen.add(key)
            yield key, "folded"
    words = [word for word in words if word.exact not in SMALL_WORDS] or words
    langs = {lang for word in words for lang, _ in word.stems}
    for lang in sorted(langs):
        parts = [
            next((key for stem_lang, key in word.stems if stem_lang == lang), word.sounds[0])
            for word in words
        ]
        key = "~" + "".join(parts)
        yield key, lang


def _match(words: Sequence[Word], row: NameRow, how: str) -> Match | None:
    """Return what a row is worth for a phrase, or None if the stems agree by chance."""
    kind = _KIND_WORDS[row.kind]
    if how == "exact":
        score, why = _EXACT, kind
    elif how == "folded" and not row.stem_lang:
        score, why = _FOLDED, f"transcription of the {kind} {row.form}"
    else:
        cost = _cost_of_inflection(words, row)
        if cost is None:
            return None
        score, why = _INFLECTED - cost, f"form of the {kind} {row.form}"
    return Match(
        row.iri,
        row.label,
        row.lang,
        score - _KIND_COST[row.kind],
        why,
        row.classes,
        row.kind,
        row.form,
    )


def _cost_of_inflection(words: Sequence[Word], row: NameRow) -> float | None:
    """Return what to take off for a form of a name, or None if it cannot be one."""
    parts = tokens(row.form)
    parts = [part for part in parts if part not in SMALL_WORDS] or parts
    words = [word for word in words if word.exact not in SMALL_WORDS] or words
    lang = row.stem_lang
    if len(parts) != len(words):
        return None
    cost = 0.0
    for word, part in zip(words, parts, strict=True):
        if lang and is_form_of(word.text, part, lang):
            cost = max(cost, _OTHER_ENDING if ending_replaced(word.text, part) else 0.0)
            continue
        # another script or transcription: compare the sounds
        target = sounds(part, spelling_of(lang or row.lang))
        if not any(_differs_by_ending(key, target) for key in word.sounds):
            return None
        cost = _ONLY_SOUNDS
    return cost


def _differs_by_ending(key: str, target: str) -> bool:
    common = shared_start(key, target)
    return len(key) - common <= _LONGEST_ENDING and is_form_of(key, target, "de")


def _with_same_plus(text: str, matches: list[Match]) -> list[Match]:
    """Put first what is written with a plus sign as the text is, or without: OPEC, OPEC+."""
    has = "+" in text
    weighed = [
        match if ("+" in match.form) == has else replace(match, score=match.score - _OTHER_SIGN)
        for match in matches
    ]
    return sorted(weighed, key=lambda m: (-m.score, m.iri))


def _orders_of_person(words: list[str]) -> Iterator[list[str]]:
    """Yield the words of a name without its patronymic, and with the surname last."""
    if not 2 <= len(words) <= _LONGEST_PERSON:
        return
    shorter = [word for word in words if not _PATRONYMIC.search(word)]
    if 1 < len(shorter) < len(words):
        yield shorter
    yield [*shorter[1:], *shorter[:1]]
