"""Names that are spelt similarly, for "did you mean" and for slips of the pen.

Kept apart from ``names`` because rapidfuzz costs more to import than an exact
lookup takes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from kzgraph.queries.folding import folds, plain

if TYPE_CHECKING:
    from kzgraph.queries.name_table import NameRow
    from kzgraph.queries.names import Match

# keys that share letters with a key, of a length between two; the rows of keys
KeysLike = Callable[[str, int, int], list[str]]
RowsOf = Callable[[Sequence[str]], "Iterator[tuple[str, NameRow]]"]

_LOWEST = 0.6  # a suggestion shares at least this part of its letters
_MEASURED = 120  # spellings whose things are looked at
_SHORTEST_MISSPELT = 5  # letters of a name that can be told from another with a slip
_SAME_WORDS = 80  # of a hundred
_WHOLE_WORDS = 0.55  # what a suggestion is worth that only shares whole words


def slips_allowed(length: int) -> int:
    """Return how many letters may be wrong in a name of that length.

    None in a short one: Iran and Iraq, Oman and Roman are different names.
    """
    if length < 5:
        return 0
    return 1 if length < 10 else 2


def closest(
    text: str, keys_like: KeysLike, rows_of: RowsOf, *, classes: Collection[str] | None
) -> Match | None:
    """Return the one thing within the allowed slips of a text, or None.

    None too when another thing is as near, or nearly.
    """
    from kzgraph.queries.names import Match

    allowed = slips_allowed(len(plain(text)))
    distance_of: dict[str, int] = {}
    for mark, asked in _asked(text):
        if len(asked) < _SHORTEST_MISSPELT:
            continue
        shortest = max(len(asked) - allowed, _SHORTEST_MISSPELT)
        for key in keys_like(mark + asked, shortest, len(asked) + allowed):
            distance = OSA.distance(key[1:], asked, score_cutoff=allowed)
            if distance <= min(allowed, distance_of.get(key, allowed)):
                distance_of[key] = distance
    best: dict[str, tuple[int, NameRow]] = {}
    for key, row in rows_of(list(distance_of)):
        if classes is not None and row.classes.isdisjoint(classes):
            continue
        if row.iri not in best or distance_of[key] < best[row.iri][0]:
            best[row.iri] = (distance_of[key], row)
    ranked = sorted(best.values(), key=lambda item: item[0])
    if not ranked or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
        return None
    distance, row = ranked[0]
    score = round(0.89 - 0.03 * distance, 4)
    why = f"spelt like {row.form}"
    return Match(row.iri, row.label, row.lang, score, why, row.classes, row.kind, row.form)


def nearest(
    text: str,
    keys_like: KeysLike,
    rows_of: RowsOf,
    *,
    classes: Collection[str] | None,
    limit: int,
) -> list[Match]:
    """Return the things whose names are nearest to a text by their letters."""
    likeness_of: dict[str, float] = {}
    for mark, asked in _asked(text):
        wanted = mark + asked  # the mark counts as a letter: that is kinder to short names
        shortest, longest = ceil(len(wanted) * _LOWEST) - 1, int(len(wanted) / _LOWEST) - 1
        for key in keys_like(wanted, shortest, longest):
            likeness = OSA.normalized_similarity(key, wanted, score_cutoff=_LOWEST)
            if likeness >= max(_LOWEST, likeness_of.get(key, 0.0)):
                likeness_of[key] = likeness
    likely = sorted(likeness_of, key=lambda key: (-likeness_of[key], key))[:_MEASURED]
    return _best(
        (
            (row, 0.89 * likeness_of[key], f"spelt like {row.form}")
            for key, row in rows_of(likely)
            if classes is None or not row.classes.isdisjoint(classes)
        ),
        limit,
    )


def sharing_words(
    text: str,
    keys: Sequence[str],
    rows_of: RowsOf,
    *,
    classes: Collection[str] | None,
    limit: int,
) -> list[Match]:
    """Return the things in whose names a text's words are found, or the other way round."""
    asked = text.casefold()
    measured = (
        (row, fuzz.token_set_ratio(asked, row.form.casefold()))
        for _, row in rows_of(keys)
        if classes is None or not row.classes.isdisjoint(classes)
    )
    return _best(
        (
            (row, _WHOLE_WORDS * likeness / 100, f"shares words with {row.form}")
            for row, likeness in measured
            if likeness >= _SAME_WORDS
        ),
        limit,
    )


def _asked(text: str) -> list[tuple[str, str]]:
    """Return the keys of a text: as it is spelt and as it may sound."""
    return [("=", plain(text)), *(("~", skeleton) for skeleton in folds(text))]


def _best(found: Iterable[tuple[NameRow, float, str]], limit: int) -> list[Match]:
    from kzgraph.queries.names import Match

    best: dict[str, Match] = {}
    for row, score, why in found:
        # of things spelt alike the one that bears the name as its label comes first
        score -= (row.kind != "pref") * 0.001 + ("kz:Entity" not in row.classes) * 0.002
        if row.iri not in best or best[row.iri].score < score:
            best[row.iri] = Match(
                row.iri, row.label, row.lang, round(score, 4), why, row.classes, row.kind, row.form
            )
    return sorted(best.values(), key=lambda m: (-m.score, m.iri))[:limit]
