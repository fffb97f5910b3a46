"""The table of names in a snapshot: what is written into it, key by key.

Each name of a thing gives up to three keys: ``=`` and the name as it is spelt,
``~`` and its skeleton of sounds, ``~`` and the skeleton of its stem. Added are
the surnames of persons, names inside a name, and what states and their people
are called (``demonyms.tsv``).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from kzgraph.namespaces import KZR, shrink
from kzgraph.queries.folding import Spelling, plain, sounds, spelling_of, tokens
from kzgraph.queries.inflection import name_languages, name_stem
from kzgraph.queries.spelling_table import write_spellings

Kind = Literal["pref", "alt", "notation", "qid", "curie"]

_PERSON = "kz:Person"
_DOCUMENT = "kz:SourceDocument"
# family names that stand first, as Chinese, Korean and Vietnamese names do
_FAMILY_NAME_FIRST = frozenset(
    [
        *("xi", "li", "wang", "hu", "jiang", "zhu", "wen", "zhang", "yang", "han", "qin", "liu"),
        *("chen", "zhao", "kim", "park", "moon", "yoon", "lee", "nguyen", "си", "ли", "ван", "ху"),
        *("цзян", "чжу", "вэнь", "чжан", "ян", "хань", "цинь", "лю"),
    ]
)
_PARENTHESIS = re.compile(r"\s*\(([^()]+)\)\s*")
# Semey (Semipalatinsk), but not: companies (unnamed)
_OTHER_NAME = re.compile(r"(?=[^\W\d_a-zа-я])[^\W\d_]+(?:[ -][^\W\d_]+)?")
ARTICLE = re.compile(r"^(?:the|die|der|das|des|dem|den)\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One name of one thing. ``classes`` are CURIEs, superclasses among them.

    A thing without a label (a relator, a claim) has an entry of kind ``curie``,
    so that its IRI is known too.
    """

    iri: str
    label: str
    lang: str = ""
    kind: Kind = "pref"
    classes: tuple[str, ...] = ()


@dataclass(slots=True)
class NameRow:
    """A row of the table: a form of a name, and the label by which its thing is shown."""

    iri: str
    label: str
    lang: str
    kind: str
    form: str
    stem_lang: str
    classes: frozenset[str]


# words that may be missing inside an inflected name: Präsident (von) Kasachstan(s)
SMALL_WORDS = frozenset(("of", "the", "von", "vom", "der", "die", "das", "des", "dem", "den"))

COLUMNS = "key, iri, label, lang, kind, form, stem_lang, classes"


def stem_spelling(lang: str) -> Spelling:
    """Return the spelling in which the stems of a language are read."""
    return "de" if lang == "de" else "en"


def write_names(
    connection: sqlite3.Connection, entries: Iterable[NameEntry], *, demonyms: bool = True
) -> int:
    """Write the table of names anew and return how many keys it has.

    Surnames of persons and the adjectives of states are added; the latter come
    from ``demonyms.tsv`` for the states that are among the entries.
    """
    given = list(entries)
    preferred: dict[str, dict[str, str]] = {}
    classes: dict[str, set[str]] = {}
    for entry in given:
        classes.setdefault(entry.iri, set()).update(entry.classes)
        if entry.kind == "pref":
            preferred.setdefault(entry.iri, {}).setdefault(entry.lang, entry.label)
    class_lists: dict[str, str] = {}
    rows: dict[tuple[str, str, str, str], tuple[str, ...]] = {}

    def add(iri: str, form: str, lang: str, kind: str) -> None:
        labels = preferred.get(iri, {})
        shown_lang = next((x for x in (lang, "en", "de", *labels) if x in labels), lang)
        shown = labels.get(shown_lang, form)
        if iri not in class_lists:
            class_lists[iri] = " ".join(sorted(classes[iri]))
        for key, stem_lang in _keys_of_form(form, lang, kind):
            # the first entry wins: labels come before what is derived from them
            rows.setdefault(
                (key, iri, form, stem_lang),
                (
                    key,
                    iri,
                    shown,
                    shown_lang,
                    kind,
                    form,
                    stem_lang,
                    class_lists[iri],
                ),
            )

    order = {"pref": 0, "alt": 1}
    for entry in sorted(given, key=lambda e: order.get(e.kind, 2)):
        add(entry.iri, entry.label, entry.lang, entry.kind)
    for entry in given:
        if entry.kind in ("pref", "alt"):
            if _DOCUMENT in classes[entry.iri]:
                continue  # what a title says in brackets is the name of another thing
            for form, kind in _derived_forms(entry, _PERSON in classes[entry.iri]):
                add(entry.iri, form, entry.lang, kind)
    for iri in classes:
        local = shrink(iri)
        add(iri, local.partition(":")[2] or local, "", "curie")
    if demonyms:
        for code, form, lang, kind in _demonyms():
            iri = f"{KZR}country-{code.lower()}"
            if iri in classes:
                add(iri, form, lang, kind)
    connection.execute("DROP TABLE IF EXISTS names")
    connection.execute(
        "CREATE TABLE names (key TEXT NOT NULL, iri TEXT NOT NULL, label TEXT NOT NULL,"
        " lang TEXT NOT NULL, kind TEXT NOT NULL, form TEXT NOT NULL, stem_lang TEXT NOT NULL,"
        " classes TEXT NOT NULL)"
    )
    connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows.values())
    connection.execute("CREATE INDEX names_by_key ON names (key)")
    connection.execute("CREATE INDEX names_by_iri ON names (iri)")
    write_spellings(connection)
    connection.commit()
    return len(rows)


def _keys_of_form(form: str, lang: str, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the keys of a form, each with the language whose endings were taken off."""
    yield "=" + plain(form), ""
    if kind in ("notation", "qid", "curie"):
        return
    words = tokens(form)
    spelling = spelling_of(lang)
    skeleton = "".join(sounds(word, spelling) for word in words)
    if len(skeleton) > 1:  # КҚК sounds like K, and so would much else
        yield "~" + skeleton, ""
    if lang in ("en", "de", "ru", "kk"):
        read_as = stem_spelling(lang)
        large = [word for word in words if word not in SMALL_WORDS] or words
        stems = "".join(sounds(name_stem(word, lang), read_as) for word in large)
        yield "~" + stems, lang


def _derived_forms(entry: NameEntry, is_person: bool) -> Iterator[tuple[str, str]]:
    """Yield names inside a name: what a parenthesis holds, what precedes it, a surname."""
    inside = _PARENTHESIS.search(entry.label)
    if inside:
        yield _PARENTHESIS.sub(" ", entry.label).strip(), "alt"
        if _OTHER_NAME.fullmatch(inside.group(1)):
            yield inside.group(1), "alt"
    without_article = ARTICLE.sub("", entry.label)
    if without_article != entry.label:
        yield without_article, entry.kind
    if is_person:
        parts = _PARENTHESIS.sub(" ", entry.label).split()
        if len(parts) > 1:
            first = parts[0].casefold() in _FAMILY_NAME_FIRST
            surname = parts[0] if first else parts[-1]
            yield surname, "surname"
            for part in parts[1:] if first else parts[:-1]:
                yield part, "given"


@cache
def _demonyms() -> tuple[tuple[str, str, str, str], ...]:
    """Return (ISO code, form, language, kind) of every further name and adjective."""
    text = files("kzgraph.queries").joinpath("demonyms.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    header = lines[0].split("\t")
    found = []
    for line in lines[1:]:
        cells = dict(zip(header, line.split("\t"), strict=True))
        for column, forms in list(cells.items())[1:]:
            for form in filter(None, forms.split("|")):
                if column == "names":
                    cyrillic = "ru" in name_languages(form)
                    for lang in ("ru", "kk") if cyrillic else ("en", "de"):
                        found.append((cells["iso"], form, lang, "name"))
                else:
                    found.append((cells["iso"], form, column, "demonym"))
    return tuple(found)
