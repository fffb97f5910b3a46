"""What the engine says about a malformed query, put so that one can act on it.

The engine gives a place and a list of everything its grammar could have gone on
with, which names what is wrong only by chance. The tokens around the place say more.
"""

from __future__ import annotations

import re

from kzgraph.errors import SourceSyntaxError
from kzgraph.queries.guard import check_query, prefix_line
from kzgraph.queries.tokens import Token, scan, syntax_error

_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def explain(text: str, path: str, complaint: str) -> SourceSyntaxError:
    """Return the error for an engine's complaint about a query.

    ``text`` is the query as its author wrote it; the engine saw it behind the
    prefixes that ``guard.add_prefixes`` puts first.
    """
    found = _PLACE.match(complaint)
    if found is None:
        return syntax_error(complaint.splitlines()[0], text, 0, path=path)
    facts = check_query(text, path=path, allow_service=True, allow_from=True)
    line, column = int(found[1]), int(found[2])
    if line == 1:
        column = max(1, column - len(prefix_line(facts)))
    start = _offset(text, line, column)
    tokens = list(scan(text, path=path))
    message, hint, at = _reason(tokens, start, found[3])
    return syntax_error(message, text, at, path=path, hint=hint)


def _offset(text: str, line: int, column: int) -> int:
    """Return the offset of a place that is counted from 1."""
    start = 0
    for _ in range(line - 1):
        end = text.find("\n", start)
        if end < 0:
            break
        start = end + 1
    return min(start + column - 1, len(text))


def _reason(tokens: list[Token], start: int, expected: str) -> tuple[str, str, int]:
    """Return message, hint and place for a complaint at an offset."""
    if "SELECT contains a variable that is unbound" in expected:
        return _unbound(tokens)
    if "IRI parsing failed" in expected:
        iri = next((t for t in reversed(tokens) if t.kind == "iri" and t.start < start), None)
        if iri is not None:
            return (
                f"{iri.text} is no whole IRI",
                "write it with its scheme, as in <https://example.org/x>, or with a prefix",
                iri.start,
            )
    here = next((t for t in tokens if t.start + len(t.text) > start), None)
    if here is None:
        return "the query ends too early", "", tokens[-1].start
    before = next((t for t in reversed(tokens) if t.start < here.start), None)
    return f"{here.text} does not fit here", _hint(before, here), here.start


def _hint(before: Token | None, here: Token) -> str:
    if before is None:
        return ""
    ends = ("}", ".", ";")
    if here.text in ends and here.frame == "group" and before.kind in ("iri", "name", "var"):
        return "a pattern has three parts: subject, predicate, object"
    if before.kind in ("iri", "name", "var", "string", "number") and here.frame == "group":
        return "a . or ; may be missing before it"
    return f"after {before.text} something else is expected"


def _unbound(tokens: list[Token]) -> tuple[str, str, int]:
    """Return what is wrong with a projection that the grouping does not cover."""
    grouped: set[str] = set()
    inside = False
    for token in tokens:
        if token.word == "GROUP" and token.depth == 0:
            inside = True
        elif inside and token.word in ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"):
            break
        elif inside and token.kind == "var":
            grouped.add(token.text[1:])
    for token in tokens:
        if token.text == "{":
            break
        if token.kind == "var" and token.depth == 0 and token.text[1:] not in grouped:
            return (
                f"{token.text} is selected, but neither grouped nor counted",
                f"add it to GROUP BY, or select (SAMPLE({token.text}) AS {token.text}One)",
                token.start,
            )
    return "SELECT names a variable twice or one that grouping hides", "", tokens[0].start
