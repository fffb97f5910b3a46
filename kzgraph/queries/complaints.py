"""What the engine says about a malformed query, put so that one can act on it.

The engine gives a place, often far behind the fault, and a list of everything its
grammar could have gone on with. The tokens are read again to find the place.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kzgraph.errors import SourceSyntaxError
from kzgraph.queries.grammar import departure
from kzgraph.queries.guard import check_query, prefix_line
from kzgraph.queries.tokens import Token, scan, syntax_error

_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class _Reason(NamedTuple):
    start: int
    message: str
    hint: str = ""


def explain(text: str, path: str, complaint: str) -> SourceSyntaxError:
    """Return the error for an engine's complaint about a query.

    ``text`` is the query as its author wrote it; the engine saw it behind the
    prefixes that ``guard.add_prefixes`` puts first. Where neither the grammar nor a
    rule about variables is broken, the engine's place has to do.
    """
    tokens = list(scan(text, path=path))
    reason = _of_grammar(tokens, text) or _of_variables(tokens) or _of_iris(tokens)
    if reason is None:
        reason = _Reason(_start(text, path, complaint), "the engine does not take the query here")
    return syntax_error(reason.message, text, reason.start, path=path, hint=reason.hint)


def _of_grammar(tokens: list[Token], text: str) -> _Reason | None:
    found = departure(tokens)
    if found is None:
        return None
    if found.index < len(tokens):
        return _Reason(tokens[found.index].start, found.message, found.hint)
    end = tokens[-1].start + len(tokens[-1].text) if tokens else 0
    return _Reason(end, found.message, found.hint)


def _of_iris(tokens: list[Token]) -> _Reason | None:
    """Return the first IRI without a scheme, when the query sets no base."""
    if any(t.word == "BASE" for t in tokens):
        return None
    for token in tokens:
        if token.kind == "iri" and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", token.text):
            hint = "write it with its scheme, as in <https://example.org/x>, or with a prefix"
            return _Reason(token.start, f"{token.text} is no whole IRI", hint)
    return None


def _of_variables(tokens: list[Token]) -> _Reason | None:
    """Return the first variable that is named twice, or that grouping hides."""
    columns = _columns(tokens)
    seen: set[str] = set()
    for token in columns:
        if token.text[1:] in seen:
            return _Reason(token.start, f"{token.text} is selected twice")
        seen.add(token.text[1:])
    computed = [t for t in columns if t.depth == 1]
    body = {t.text[1:] for t in tokens if t.kind == "var" and t.frame == "group"}
    for token in computed:
        if token.text[1:] in body:
            hint = "give the computed column a name of its own"
            return _Reason(token.start, f"{token.text} has a value from the patterns", hint)
    grouped = _grouped(tokens)
    if grouped is not None:
        for token in columns:
            if token.depth == 0 and token.text[1:] not in grouped:
                return _Reason(
                    token.start,
                    f"{token.text} is selected, but neither grouped nor counted",
                    f"add it to GROUP BY, or select (SAMPLE({token.text}) AS {token.text}One)",
                )
    return _bound_before(tokens)


def _columns(tokens: list[Token]) -> list[Token]:
    """Return the variables that the outer SELECT projects."""
    found = []
    last = ""
    inside = False
    for token in tokens:
        if token.text == "{":
            break
        inside = inside or token.word == "SELECT"
        if inside and token.kind == "var" and (token.depth == 0 or last == "AS"):
            found.append(token)
        last = token.word
    return found


def _grouped(tokens: list[Token]) -> set[str] | None:
    """Return the variables of the outer GROUP BY, None without one."""
    found: set[str] | None = None
    for token in tokens:
        if token.depth == 0 and token.word == "GROUP":
            found = set()
        elif found is not None and token.word in ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"):
            break
        elif found is not None and token.kind == "var":
            found.add(token.text[1:])
    return found


def _bound_before(tokens: list[Token]) -> _Reason | None:
    """Return the first BIND whose variable its own group has used before."""
    groups: list[set[str]] = [set()]
    binds = 0
    last = ""
    for token in tokens:
        if token.text == "{":
            groups.append(set())
        elif token.text == "}":
            inner = groups.pop() if len(groups) > 1 else set()
            groups[-1] |= inner
        elif token.word == "BIND":
            binds += 1
        elif token.kind == "var" and last == "AS" and binds:
            binds -= 1
            if token.text[1:] in groups[-1]:
                hint = "bind to a new name, and compare the two in a FILTER"
                return _Reason(token.start, f"{token.text} has a value before this BIND", hint)
            groups[-1].add(token.text[1:])
        elif token.kind == "var" and token.frame in ("group", "pattern"):
            groups[-1].add(token.text[1:])
        last = token.word
    return None


def _start(text: str, path: str, complaint: str) -> int:
    """Return the offset that the engine names."""
    found = _PLACE.match(complaint)
    if found is None:
        return 0
    facts = check_query(text, path=path, allow_service=True, allow_from=True)
    line, column = int(found[1]), int(found[2])
    if line == 1:
        column = max(1, column - len(prefix_line(facts)))
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, max(len(text) - 1, 0))
