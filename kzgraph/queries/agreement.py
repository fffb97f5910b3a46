"""Whether the header of a saved query and the query below it say the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import NamedTuple

import pyoxigraph

from kzgraph.errors import InputError, KzgraphError, SourceSyntaxError
from kzgraph.namespaces import PREFIXES
from kzgraph.queries.catalogue import PARAM_TYPES, Param
from kzgraph.queries.faults import Reader
from kzgraph.queries.guard import (
    QueryFacts,
    check_query,
    explain_syntax_error,
    prefix_line,
    unknown_terms,
)
from kzgraph.queries.headers import Header, term_of
from kzgraph.queries.tokens import Token, position, scan
from kzgraph.queries.words import AGGREGATES, nearest

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Body:
    """The query below a header: its facts and its tokens."""

    facts: QueryFacts
    tokens: list[Token]


class _Block(NamedTuple):
    """``VALUES ?name { values }`` with its first and its last token."""

    name: str
    first: Token
    values: list[Token]
    last: Token


def read_body(reader: Reader) -> Body | None:
    """Return the query of a file, None, and a fault, where it may not run or does not parse."""
    try:
        facts = check_query(reader.text, path=reader.path)
        pyoxigraph.Store().query(prefix_line(facts) + reader.text)
    except SourceSyntaxError as error:
        reader.take(error)
        return None
    except InputError as error:
        reader.say(_line_in(error.message), error.message, hint=error.hint)
        return None
    except SyntaxError as error:
        reader.take(explain_syntax_error(reader.text, reader.path, error))
        return None
    return Body(facts, list(scan(reader.text, path=reader.path)))


def _line_in(message: str) -> int:
    """Return the line that a refusal names at its beginning."""
    found = re.match(r"[^\n]*?:(\d+):\d+: ", message)
    return int(found[1]) if found else 1


def compare(
    reader: Reader, header: Header, body: Body | None, *, known: Collection[str] | None = None
) -> None:
    """Note where header and query disagree, and fill in the lines of the parameters.

    ``known`` are the IRIs that something declares; others of our namespaces are faults.
    """
    _placeholders(reader, header)
    if body is None:
        return
    _prefixes(reader, body.facts)
    _shape(reader, body)
    _values_lines(reader, header, body)
    _evidence(reader, header, body)
    for term in unknown_terms(body.facts, known) if known is not None else ():
        hint = f"did you mean {term.nearest}?" if term.nearest else ""
        reader.say(term.line, f"nothing declares {term.text}", hint=hint, column=term.column)


def _placeholders(reader: Reader, header: Header) -> None:
    """Note placeholders of a question that are no params, and params it does not name."""
    for language, text in header.questions.items():
        node = header.question_nodes[language]
        named = _PLACEHOLDER.findall(text)
        for name in dict.fromkeys(named):
            if name not in header.params:
                close = nearest(name, header.params)
                hint = f"did you mean {{{close[0]}}}?" if close else ""
                reader.at(node, f"question {language}: {{{name}}} is no param", hint=hint)
        for name, param in header.params.items():
            # an open parameter only narrows the answer; the question may leave it out
            if name not in named and param.default is not None:
                reader.at(
                    node,
                    f"question {language}: the param {name} is not in it",
                    hint=f"put {{{name}}} where its value belongs",
                )


def _prefixes(reader: Reader, facts: QueryFacts) -> None:
    for prefix in facts.missing:
        use = next(t for t in facts.terms if t.text.startswith(f"{prefix}:"))
        reader.say(
            use.line,
            f"the prefix {prefix}: is not declared, so the file runs nowhere else",
            hint=f"PREFIX {prefix}: <{PREFIXES[prefix]}>",
            column=use.column,
        )
    for prefix, iri in facts.declared.items():
        if prefix in PREFIXES and PREFIXES[prefix] != iri:
            line = next((n for n, s in enumerate(reader.lines, 1) if f"<{iri}>" in s), 1)
            reader.say(
                line,
                f"the prefix {prefix}: stands for something else in this project",
                hint=f"PREFIX {prefix}: <{PREFIXES[prefix]}>",
            )


def _shape(reader: Reader, body: Body) -> None:
    """Note a SELECT without named columns or without an order."""
    if body.facts.kind != "SELECT":
        return
    select = next(t for t in body.tokens if t.word == "SELECT")
    line = position(reader.text, select.start).line
    if not body.facts.variables:
        reader.say(line, "SELECT * names no columns", hint="name each variable after SELECT")
    for name in body.facts.unbound:
        close = nearest(name, [n for n in body.facts.appearing if n != name])
        token = next(t for t in body.tokens if t.text[1:] == name and t.kind == "var")
        place = position(reader.text, token.start)
        reader.say(
            place.line,
            f"?{name} is selected, but no pattern mentions it",
            hint=f"did you mean ?{close[0]}?" if close else "",
            column=place.column,
        )
    if not body.facts.ordered:
        reader.say(
            line,
            "the rows have no order",
            hint="ORDER BY ends in something unique, so that two runs agree",
        )


def _values_lines(reader: Reader, header: Header, body: Body) -> None:
    """Note where VALUES lines and params disagree; fill in the lines."""
    found = {block.name: block for block in _first_values(body.tokens)}
    for name, param in header.params.items():
        if name not in found:
            later = any(
                a.word == "VALUES" and b.kind == "var" and b.text[1:] == name
                for a, b in pairwise(body.tokens)
            )
            reader.at(
                header.param_nodes[name],
                f"param {name}: "
                + ("its VALUES line is not first in WHERE" if later else "it has no VALUES line"),
                hint=f"the first lines after WHERE {{ are VALUES ?{name} {{ ... }} and the like",
            )
            continue
        block = found[name]
        line = position(reader.text, block.first.start).line
        header.params[name] = replace(param, line=line)
        if not _fills_its_line(reader.text, block):
            reader.say(line, f"VALUES ?{name} does not fill one line of its own")
        elif param.type in PARAM_TYPES:
            _default(reader, param, line, block, body.facts)


def _fills_its_line(text: str, block: _Block) -> bool:
    """Return whether a VALUES block has one line to itself, which can be replaced."""
    before = text[: block.first.start].rpartition("\n")[2]
    inside = text[block.first.start : block.last.start]
    after = text[block.last.start + 1 :].partition("\n")[0]
    return "\n" not in inside and not before.strip() and not after.strip()


def _first_values(tokens: list[Token]) -> Iterator[_Block]:
    """Yield the VALUES blocks of one variable that stand first in WHERE."""
    groups = [i for i, t in enumerate(tokens) if t.text == "{" and t.depth == 0]
    template = groups and any(t.word == "CONSTRUCT" for t in tokens[: groups[0]])
    if template:
        groups = groups[1:]
    if not groups:
        return
    at = groups[0] + 1
    while at + 2 < len(tokens):
        word, variable, brace = tokens[at : at + 3]
        if word.word != "VALUES" or variable.kind != "var" or brace.text != "{":
            return
        end = next(i for i in range(at + 3, len(tokens)) if tokens[i].text == "}")
        yield _Block(variable.text[1:], word, tokens[at + 3 : end], tokens[end])
        at = end + 1


def _default(reader: Reader, param: Param, line: int, block: _Block, facts: QueryFacts) -> None:
    """Note when the VALUES line holds something else than the header's default."""
    written = ""
    if block.values:
        last = block.values[-1]
        written = reader.text[block.values[0].start : last.start + len(last.text)]
    if param.default is None:
        if written.upper() != "UNDEF":
            reader.say(
                line,
                f"param {param.name} has no default, but its VALUES line holds {written}",
                hint=f"VALUES ?{param.name} {{ UNDEF }}, or a default in the header",
            )
        return
    try:
        expected = term_of(param, param.default)
    except KzgraphError:
        return  # noted at the header's line
    if _term(written, facts) != expected:
        reader.say(
            line,
            f"param {param.name}: the VALUES line holds {written or 'nothing'}, "
            f"the header's default is {param.default}",
        )


def _term(written: str, facts: QueryFacts) -> object:
    """Return the one term that is written so, None where it is not one term."""
    prefixes = {**PREFIXES, **facts.declared}
    text = f"SELECT ?x {{ VALUES ?x {{ {written} }} }}"
    rows = pyoxigraph.Store().query(text, prefixes=prefixes)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    found = [row["x"] for row in rows]
    return found[0] if len(found) == 1 else None


def _evidence(reader: Reader, header: Header, body: Body) -> None:
    """Note evidence that names a variable which a row does not supply.

    Where rows are grouped, the pattern is run again per row, so that any of its
    variables will do.
    """
    facts = body.facts
    if facts.kind != "SELECT" or not facts.variables:
        return
    known = set(facts.variables)
    if _is_grouped(body.tokens):
        known |= {t.text[1:] for t in body.tokens if t.kind == "var"}
    for node, spec in zip(header.evidence_nodes, header.evidence, strict=True):
        for variable in spec.variables:
            if variable not in known:
                close = nearest(variable, known)
                hint = f"did you mean {close[0]}?" if close else f"add ?{variable} after SELECT"
                reader.at(node, f"evidence names {variable}, which is not selected", hint=hint)


def _is_grouped(tokens: list[Token]) -> bool:
    """Return whether a row of the outer SELECT stands for many."""
    head = takewhile(lambda token: token.text != "{", tokens)
    return any(t.word in AGGREGATES for t in head) or any(
        t.word == "GROUP" and t.depth == 0 for t in tokens
    )
