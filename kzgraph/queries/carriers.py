"""What carries each row: the bindings that evidence is looked up for.

A row of a plain query is its own binding. A row that counts or sums stands for
many: there the pattern is run once more without the grouping, and its
bindings are dealt out to the rows by the group's key.
"""

from __future__ import annotations

from collections.abc import Mapping

from kzgraph.errors import UsageError
from kzgraph.queries.catalogue import SavedQuery
from kzgraph.queries.run import Queryable, Row, Rows, Term, run
from kzgraph.queries.tokens import Token, scan

Binding = Mapping[str, "Term | None"]
_ENDS = frozenset({"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})


def carriers(
    store: Queryable, query: SavedQuery, text: str, rows: Rows, *, max_bindings: int = 10_000
) -> tuple[tuple[Binding, ...], ...]:
    """Return the bindings behind each row, in the rows' order.

    ``text`` is the query as it ran, with its parameters bound. All of a query's
    bindings are fetched with one more query at most.

    >>> from kzgraph.queries.catalogue import EvidenceSpec
    >>> plain = SavedQuery("x", "t", "t/x.rq", "", "", evidence=(EvidenceSpec("a"),))
    >>> carriers(None, plain, "SELECT ?a { ?a ?b ?c }", Rows(("a",), ((None,),)))
    (({'a': None},),)
    """
    wanted = tuple(dict.fromkeys(v for spec in query.evidence for v in spec.variables))
    here = tuple(dict(zip(rows.columns, row, strict=True)) for row in rows.rows)
    if not wanted or (rows.kind == "rows" and set(wanted) <= set(rows.columns)):
        return tuple((binding,) for binding in here)
    again, keys = ungrouped(text, wanted, path=query.path)
    found = run(store, again, max_rows=max_bindings, path=query.path)
    by_key: dict[Row, list[Binding]] = {}
    for row in found.rows:
        binding = dict(zip(found.columns, row, strict=True))
        by_key.setdefault(tuple(binding[key] for key in keys), []).append(binding)
    if rows.kind == "answer":
        # what is so has bindings, what is not has none
        return (tuple(by_key.get((), ())),)
    missing = [key for key in keys if key not in rows.columns]
    if missing:
        raise UsageError(
            f"{query.name} groups by {', '.join(missing)} without selecting it, so its rows "
            "cannot be told apart"
        )
    return tuple(tuple(by_key.get(tuple(row[key] for key in keys), ())) for row in here)


def ungrouped(
    text: str, variables: tuple[str, ...], *, path: str = "-e"
) -> tuple[str, tuple[str, ...]]:
    """Return a query for the bindings of some variables, and the keys they are grouped by.

    It keeps prefixes and patterns of the given SELECT or ASK and drops its columns,
    grouping, conditions on groups, order and limits.

    >>> ungrouped("SELECT ?a (COUNT(?b) AS ?n) WHERE { ?a ?p ?b } GROUP BY ?a", ("b",))
    ('SELECT DISTINCT ?a ?b WHERE { { ?a ?p ?b } } ORDER BY ?a ?b', ('a',))
    """
    tokens = list(scan(text, path=path))
    form = next(t for t in tokens if t.word in ("SELECT", "ASK"))
    opened = next(i for i, t in enumerate(tokens) if t.text == "{" and t.start > form.start)
    closed = next(i for i in range(opened, len(tokens)) if _closes(tokens[i]))
    keys, computed = _keys(text, tokens[closed + 1 :])
    columns = " ".join(f"?{name}" for name in dict.fromkeys((*keys, *variables)))
    body = text[tokens[opened].start : tokens[closed].start + 1]
    binds = "".join(f" BIND({part})" for part in computed)
    return (
        f"{text[: form.start]}SELECT DISTINCT {columns} WHERE {{ {body}{binds} }} "
        f"ORDER BY {columns}",
        keys,
    )


def _closes(token: Token) -> bool:
    return token.text == "}" and token.depth == 0


def _keys(text: str, tokens: list[Token]) -> tuple[tuple[str, ...], list[str]]:
    """Return the variables that the rows are grouped by, and how the computed ones arise."""
    names: list[str] = []
    computed: list[str] = []
    inside = False
    start = 0
    named = ""
    for token in tokens:
        if token.depth == 0 and token.word in _ENDS:
            if inside:
                break
            inside = token.word == "GROUP"
        elif not inside:
            continue
        elif token.kind == "var" and token.depth == 0:
            names.append(token.text[1:])
        elif token.kind == "open" and token.depth == 0:
            start, named = token.start + 1, ""
        elif token.word == "AS" and token.depth == 1:
            named = "?"
        elif token.kind == "var" and token.depth == 1 and named == "?":
            named = token.text[1:]
        elif token.kind == "close" and token.depth == 0 and named:
            names.append(named)
            computed.append(text[start : token.start].strip())
    return tuple(names), computed
