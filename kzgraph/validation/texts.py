"""Texts: readable ones, in the script of their language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.namespaces import PREF_LABEL, PREFIXES, kz
from kzgraph.store.memory import Subject
from kzgraph.validation.corpus import Corpus, Problem

_NAMES: Final = (PREF_LABEL, NamedNode(PREFIXES["skos"] + "altLabel"))
_SCRIPTS: Final = {"en": "LATIN", "de": "LATIN", "ru": "CYRILLIC", "kk": "CYRILLIC"}
# half-width marks and the apostrophe of transliterations are letters of no language
_KNOWN: Final = frozenset({"LATIN", "CYRILLIC", "MODIFIER", "FEMININE", "MASCULINE"})
# who may write its name in Latin letters in every language
_BRANDED: Final = frozenset({kz("Organisation"), kz("Artefact"), kz("Infrastructure")})
_KAZAKH: Final = frozenset("әғқңөұүһӘҒҚҢӨҰҮҺ")
# what a text looks like that was read in the wrong encoding, taken from a page as markup,
# or copied with characters that nobody sees
_GARBLED: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffd]"
    "|\u00c3[\u0080-\u00bf\u0192\u201a-\u201e\u2020-\u2026\u0152-\u017e\u2018-\u201d\u2039]"
    "|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]"
    "|[\u00d0\u00d1][\u0080-\u00bf\u2018-\u203a\u0152-\u0192]"
    "|&(?:[A-Za-z]{2,8}|#[0-9]{2,5}|#x[0-9A-Fa-f]{2,4});"
    "|</?[a-z]{1,8}>|%[CD][0-9A-F]%[0-9A-F]{2}"
)


def check_texts(corpus: Corpus) -> Iterator[Problem]:
    """A text has no trace of a wrong encoding, of markup, of characters that nobody sees."""
    for text in corpus.wanted:
        for triple in text.triples:
            value = triple.object
            if isinstance(triple.subject, Triple) or not isinstance(value, Literal):
                continue
            if value.datatype.value.endswith("anyURI"):
                continue  # there, what looks like this is an address
            found = _GARBLED.search(value.value)
            if found:
                yield Problem(
                    "text-garbled",
                    triple.subject,
                    predicates=(triple.predicate,),
                    value=value,
                    source=text,
                    details={"found": found.group().encode("unicode_escape").decode()},
                )
            elif value.language in _SCRIPTS and triple.predicate in _NAMES:
                yield from _check_script(corpus, triple.subject, triple.predicate, value)


def _check_script(
    corpus: Corpus, node: Subject, predicate: NamedNode, name: Literal
) -> Iterator[Problem]:
    """Yield a name whose letters are those of another language."""
    language = name.language or ""
    letters = {c for c in name.value if c.isalpha()}
    scripts = {c: unicodedata.name(c, "").partition(" ")[0] for c in letters}
    found = ""
    if language == "ru":
        found = "".join(sorted(letters & _KAZAKH))
    if _SCRIPTS[language] == "CYRILLIC" and letters and "CYRILLIC" not in scripts.values():
        found = "" if _is_brand(corpus, node, name.value) else name.value
    # Cyrillic letters in a German or English name are the shape's to tell
    found = found or "".join(sorted(c for c in letters if scripts[c] not in _KNOWN))
    if found:
        details = {"found": found, "language": language}
        yield Problem("name-script", node, predicates=(predicate,), value=name, details=details)


def _is_brand(corpus: Corpus, node: Subject, name: str) -> bool:
    """Return whether a name is an abbreviation, or what an organisation calls itself everywhere."""
    if len(name.split()) == 1 and (name.isupper() or not name.isalpha()):
        return True
    known = {
        o.value
        for predicate in _NAMES
        for o in corpus.data.objects(node, predicate)
        if isinstance(o, Literal) and o.language == "en"
    }
    return name in known and bool(corpus.classes(node) & _BRANDED)
