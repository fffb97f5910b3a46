"""The pattern under an aggregate: what one row of a grouped query counted.

A count has no evidence of its own; the things that were counted have. So the
pattern of the query runs again with the row's values bound, and gives them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from kzgraph.queries.tokens import scan


def pattern_query(text: str, wanted: Sequence[str], row: Mapping[str, object]) -> str:
    """Return a query for the values of ``wanted`` in the pattern behind one row.

    ``text`` is a SELECT query. Its WHERE becomes a group of its own, joined with
    the row's values, so nothing in it can clash with them; grouping, HAVING and
    order fall away, since the row has passed them.
    """
    select = open_ = close = -1
    for token in scan(text):
        if token.depth == 0 and select < 0 and token.text.upper() == "SELECT":
            select = token.start
        elif token.depth == 0 and select >= 0 and token.text == "{" and open_ < 0:
            open_ = token.start
        elif token.depth == 0 and open_ >= 0 and token.text == "}" and close < 0:
            close = token.start + 1
    bound = {
        name: str(value) for name, value in row.items() if isinstance(value, NamedNode | Literal)
    }
    names = " ".join(f"?{name}" for name in bound)
    values = " ".join(bound.values())
    columns = " ".join(f"?{name}" for name in dict.fromkeys(wanted))
    return (
        f"{text[:select]}SELECT DISTINCT {columns} WHERE {{ "
        f"VALUES ({names}) {{ ({values}) }} {text[open_:close]} }} ORDER BY {columns}"
    )
