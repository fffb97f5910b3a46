"""Stems: what is left of a word when its endings are taken off.

Names and ordinary words are treated apart. The stem of a *name* is meant to
be the same for every case form (Tokajew, Tokajews; Қазақстан, Қазақстанға):
endings are taken off until none is left, on the name as on the question, so
that it does not matter when a part of the name itself goes with them. The
stem of an ordinary *word* also joins number and tense (treaty, treaties;
unterzeichnet, unterzeichnen).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from kzgraph.queries.folding import bare, is_cyrillic, shared_start

# Kazakh writes the endings of an abbreviation after a hyphen: АҚШ-тың, БҰҰ-ға
_HYPHENED_ENDING = re.compile(
    r"(?<=\w)[-‐‑–]"
    r"(?:[ндт][ыі]ң|[ндт][ыі]|[ғқ]а|[гк]е|н[ае]|[дт][ае]|[дтн][ае]н|[мбп]ен"
    r"|[дт]ағы|[дт]егі|[лдт][аеы]р|[лдт][ыі][қк])$"
)
_POSSESSIVE = re.compile(r"['’‘ʼʻ`´](?:s)?$")

# longest first within a language; a stem keeps at least three letters
_NAME_ENDINGS: dict[str, tuple[str, ...]] = {
    "en": ("es", "s"),
    "de": ("innen", "ern", "en", "em", "er", "es", "in", "e", "n", "s"),
    "ru": (
        "иями", "ями", "ами", "ого", "его", "ому", "ему", "ыми", "ими", "иях", "ией",
        "ов", "ев", "ой", "ей", "ий", "ый", "ым", "им", "ом", "ем", "ых", "их", "ах", "ях",
        "ам", "ям", "ая", "яя", "ое", "ее", "ые", "ие", "ую", "юю", "ию", "ии", "ия", "ью",
        "а", "я", "о", "е", "ы", "и", "у", "ю", "ь", "й",
    ),
    "kk": (
        "ндағы", "ндегі", "дағы", "дегі", "тағы", "тегі",
        "ның", "нің", "дың", "дің", "тың", "тің", "нда", "нде", "дан", "ден", "тан", "тен",
        "нан", "нен", "мен", "бен", "пен", "лар", "лер", "дар", "дер", "тар", "тер",
        "лық", "лік", "дық", "дік", "тық", "тік",
        "ға", "ге", "қа", "ке", "на", "не", "ны", "ні", "ды", "ді", "ты", "ті",
        "да", "де", "та", "те", "сы", "сі", "ы", "і", "н",
    ),
}  # fmt: skip

_SHORTEST_NAME = 3
_SHORTEST_WORD = 3

# a Kazakh stem softens its last consonant before a vowel: одақ, одағы
_KAZAKH_HARDENED = str.maketrans({"ғ": "қ", "г": "к", "б": "п"})


def without_possessive(word: str) -> str:
    """Return a word without the English genitive.

    >>> without_possessive("Kazakhstan's"), without_possessive("United States'")
    ('Kazakhstan', 'United States')
    """
    return _POSSESSIVE.sub("", word)


def without_hyphened_ending(text: str) -> str:
    """Return a name without a Kazakh case ending that a hyphen sets apart.

    >>> without_hyphened_ending("АҚШ-тың"), without_hyphened_ending("Нұр-Сұлтан")
    ('АҚШ', 'Нұр-Сұлтан')
    """
    return _HYPHENED_ENDING.sub("", text)


def name_languages(word: str) -> tuple[str, ...]:
    """Return the languages whose endings a word can have, by its script."""
    return ("ru", "kk") if is_cyrillic(word) else ("de", "en")


@lru_cache(maxsize=4096)
def name_stem(word: str, lang: str) -> str:
    """Return the stem of one word of a name.

    >>> name_stem("Kasachstans", "de") == name_stem("Kasachstan", "de")
    True
    >>> name_stem("kasachischer", "de"), name_stem("Астаны", "ru"), name_stem("Тоқаевқа", "kk")
    ('kasachisch', 'астан', 'тоқаев')
    """
    stem = bare(without_possessive(word))
    if lang not in _NAME_ENDINGS or is_cyrillic(stem) != (lang in ("ru", "kk")):
        return stem
    stem = _without_endings(stem, _NAME_ENDINGS[lang], _SHORTEST_NAME)
    if lang == "kk":
        stem = stem[:-1] + stem[-1:].translate(_KAZAKH_HARDENED)
    return stem


def _without_endings(word: str, endings: tuple[str, ...], shortest: int) -> str:
    shortened = True
    while shortened:
        shortened = False
        for ending in endings:
            left = len(word) - len(ending) + (ending == "s")  # Öls is of Öl
            if word.endswith(ending) and left >= shortest:
                word = word[: -len(ending)]
                shortened = True
                break
    return word


# what a name may lose when it is inflected; anything longer is another name
_CITATION_ENDINGS: dict[str, frozenset[str]] = {
    "en": frozenset(("", "s", "es", "y")),
    "de": frozenset(("", "e", "en", "er", "es", "em", "n", "r", "s", "m")),
    "ru": frozenset(
        (
            "", "а", "я", "о", "е", "ы", "и", "ь", "й", "ия", "ий", "ый", "ой", "ая", "яя", "ое",
            "ее", "ые", "ие", "ья",
        )
    ),
    "kk": frozenset(("", "қ", "к", "п", "ы", "і", "сы", "сі")),
}  # fmt: skip


def is_form_of(word: str, name: str, lang: str) -> bool:
    """Return whether a word can be a case form of a word of a name.

    Equal stems are not enough, since stems are short: the two must agree up
    to the ending that the name itself has in its dictionary form.

    >>> is_form_of("Токаеву", "Токаев", "ru"), is_form_of("Токио", "Токаев", "ru")
    (True, False)
    """
    return ending_replaced(word, name) in _CITATION_ENDINGS.get(lang, frozenset(("",)))


def ending_replaced(word: str, name: str) -> str:
    """Return the ending of a name that a form of it has lost.

    >>> ending_replaced("Астаны", "Астана"), ending_replaced("Тоқаевқа", "Тоқаев")
    ('а', '')
    """
    other = bare(name)
    return other[shared_start(bare(without_possessive(word)), other) :]


_ENGLISH_WORD_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("iz(?=(?:e|es|ed|ing|ation|ations)$)", "is"),
        ("ies$", "y"), ("ied$", "y"), ("sses$", "ss"), ("(?<=[xh])es$", ""),
        ("(?<=[^su])s$", ""), ("(?<=[^aeiou]{2})ing$|(?<=[aeiouy][^aeiou])ing$", ""),
        ("(?<=[^e])ed$", ""), ("([bdgmnpt])\\1$", "\\1"), ("(?<=..)e$", ""),
    )
)  # fmt: skip

_GERMAN_UMLAUTS = str.maketrans({"ö": "oe", "ü": "ue"})
_GERMAN_WORD_ENDINGS = (
    "sten", "test", "tet", "ten", "ern", "est", "end", "ete", "en", "em", "er", "es", "et", "st",
    "te", "e", "n", "s", "t",
)  # fmt: skip


@lru_cache(maxsize=4096)
def word_stem(word: str, lang: str) -> str:
    """Return the stem of an ordinary word; of a language without rules, the bare word.

    >>> word_stem("treaties", "en") == word_stem("treaty", "en")
    True
    >>> word_stem("unterzeichnet", "de") == word_stem("unterzeichnen", "de")
    True
    """
    if lang == "de":
        # fordern and fördern are two words, Vertrag and Verträge are one
        word = unicodedata.normalize("NFC", word.casefold()).translate(_GERMAN_UMLAUTS)
        word = word.replace("ae", "a")
    stem = bare(without_possessive(word))
    if lang == "en":
        for pattern, replacement in _ENGLISH_WORD_RULES:
            shorter = pattern.sub(replacement, stem)
            if len(shorter) >= _SHORTEST_WORD:
                stem = shorter
        return stem
    if lang == "de":
        return _without_endings(stem, _GERMAN_WORD_ENDINGS, _SHORTEST_WORD)
    if lang in _NAME_ENDINGS:
        return name_stem(word, lang)
    return stem
