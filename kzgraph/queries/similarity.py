"""Names that are spelt similarly, for "did you mean" and for slips of the pen.

Kept apart from ``names`` because rapidfuzz costs more to import than an exact
lookup takes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from kzgraph.queries.folding import folds, plain

if TYPE_CHECKING:
    from kzgraph.queries.name_table import NameRow
    from kzgraph.queries.names import Match

_LOWEST = 0.6  # a suggestion shares at least this part of its letters
_WHOLE_WORDS = 0.55  # what a suggestion is worth that only shares whole words


def slips_allowed(length: int) -> int:
    """Return how many letters may be wrong in a name of that length.

    None in a short one: Iran and Iraq, Oman and Roman are different names.
    """
    if length < 5:
        return 0
    return 1 if length < 10 else 2


def closest(
    text: str, rows: Iterable[tuple[str, NameRow]], *, classes: Collection[str] | None
) -> Match | None:
    """Return the one thing within the allowed slips of a text, or None.

    None too when another thing is as near, or nearly.
    """
    from kzgraph.queries.names import Match

    asked = [("=", plain(text)), *(("~", skeleton) for skeleton in folds(text))]
    allowed = slips_allowed(len(asked[0][1]))
    distances: dict[str, tuple[int, NameRow]] = {}
    for key, row in rows:
        if classes is not None and row.classes.isdisjoint(classes):
            continue
        for mark, skeleton in asked:
            if key[0] != mark or min(len(key) - 1, len(skeleton)) < 5:
                continue
            distance = OSA.distance(key[1:], skeleton, score_cutoff=allowed + 1)
            if row.iri not in distances or distance < distances[row.iri][0]:
                distances[row.iri] = (distance, row)
    ranked = sorted(distances.values(), key=lambda item: item[0])
    if not ranked or ranked[0][0] > allowed:
        return None
    if len(ranked) > 1 and ranked[1][0] == ranked[0][0]:
        return None
    distance, row = ranked[0]
    score = round(0.89 - 0.03 * distance, 4)
    why = f"spelt like {row.form}"
    return Match(row.iri, row.label, row.lang, score, why, row.classes, row.kind, row.form)


def nearest(
    text: str,
    rows: Iterable[tuple[str, NameRow]],
    *,
    classes: Collection[str] | None,
    limit: int,
) -> list[Match]:
    """Return the things whose names are nearest to a text, by letters, then by words."""
    from kzgraph.queries.names import Match

    by_key: dict[str, list[NameRow]] = {}
    for key, row in rows:
        if classes is None or not row.classes.isdisjoint(classes):
            by_key.setdefault(key, []).append(row)
    keys: dict[str, list[str]] = {"=": [], "~": []}
    for key in by_key:
        keys[key[0]].append(key)
    best: dict[str, Match] = {}

    def keep(row: NameRow, score: float, why: str) -> None:
        # of things spelt alike the one that bears the name as its label comes first
        score -= (row.kind != "pref") * 0.001 + ("kz:Entity" not in row.classes) * 0.002
        if row.iri not in best or best[row.iri].score < score:
            best[row.iri] = Match(
                row.iri, row.label, row.lang, round(score, 4), why, row.classes, row.kind, row.form
            )

    for mark, asked in [("=", plain(text)), *(("~", skeleton) for skeleton in folds(text))]:
        for key, likeness, _ in process.extract(
            mark + asked,
            keys[mark],
            scorer=OSA.normalized_similarity,
            limit=limit * 6,
            score_cutoff=_LOWEST,
        ):
            for row in by_key[key]:
                keep(row, 0.89 * likeness, f"spelt like {row.form}")
    if not best:
        forms = {row.form.casefold(): row for rows_ in by_key.values() for row in rows_}
        for form, likeness, _ in process.extract(
            text.casefold(), list(forms), scorer=fuzz.token_set_ratio, limit=limit, score_cutoff=80
        ):
            row = forms[form]
            keep(row, _WHOLE_WORDS * likeness / 100, f"shares words with {row.form}")
    return sorted(best.values(), key=lambda m: (-m.score, m.iri))[:limit]
