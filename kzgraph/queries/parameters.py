"""Parameters as data: a value is parsed to a term, and only its serialised form is written.

Text that a user types never reaches a query. The term's own serialiser
escapes what could end a literal, and an IRI that could end early is no term.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import Literal, NamedNode

from kzgraph.errors import InputError, UnknownNameError, UsageError
from kzgraph.namespaces import EDTF_DATATYPE, XSD, expand, shrink
from kzgraph.queries.catalogue import Param, SavedQuery

Value = NamedNode | Literal
Resolve = Callable[[str, "NamedNode | None"], NamedNode]

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_INTEGER = r"[+-]?[0-9]{1,18}"
_DECIMAL = r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?"
_LIST_TYPES = frozenset({"iri", "date", "integer", "boolean", "edtf"})


def bind(query: SavedQuery, values: Mapping[str, Value | Iterable[Value]]) -> str:
    """Return the query's text with the VALUES lines of the given parameters replaced.

    A parameter may get several values. What is not given keeps its default. No
    other line changes, so that line numbers in messages stay the file's.

    Raises UnknownNameError for a parameter that the query does not have.
    """
    lines = query.text.split("\n")
    for name, given in values.items():
        param = query.params.get(name)
        if param is None:
            raise UnknownNameError("parameter", name, query.params, hint=_offer(query))
        one = isinstance(given, NamedNode | Literal | str) or not isinstance(given, Iterable)
        terms: list[object] = [given] if one else list(given)  # type: ignore[arg-type]
        if not terms:
            raise UsageError(f"the parameter {name} has no value")
        old = lines[param.line - 1]
        indent = old[: len(old) - len(old.lstrip())]
        written = " ".join(_written(name, term) for term in terms)
        lines[param.line - 1] = f"{indent}VALUES ?{name} {{ {written} }}"
    return "\n".join(lines)


def _written(name: str, term: object) -> str:
    """Return a term as SPARQL; only IRIs and literals are values."""
    if isinstance(term, NamedNode | Literal):
        return str(term)
    raise UsageError(f"the parameter {name} takes IRIs and literals, not {type(term).__name__}")


def _offer(query: SavedQuery) -> str:
    names = ", ".join(query.params)
    return f"{query.name} takes: {names}" if names else f"{query.name} takes no parameters"


def parse_value(param: Param, text: str, resolve: Resolve) -> Value:
    """Return the term that a user means by a text.

    A name, CURIE, IRI or QID goes to ``resolve`` together with the parameter's
    class, which restricts what it can be. Where there is a pick list, only its
    entries are values.

    Raises UsageError, or what ``resolve`` raises.
    """
    text = text.strip() if param.type != "string" else text
    value = _parsed(param, text, resolve)
    if param.choices:
        known = {_choice(param, choice): choice for choice in param.choices}
        if value not in known:
            raise UnknownNameError(
                f"value of {param.name}",
                text,
                param.choices,
                hint=f"one of: {', '.join(param.choices)}",
            )
    return value


def parse_values(param: Param, text: str, resolve: Resolve) -> list[Value]:
    """Return the terms of a comma-separated text; a text with commas may be one value.

    A name that holds a comma is tried whole first, and strings are never cut: their
    values are given one by one.
    """
    if "," not in text or param.type not in _LIST_TYPES:
        return [parse_value(param, text, resolve)]
    if param.type == "iri":
        try:
            return [parse_value(param, text, resolve)]
        except (UnknownNameError, InputError):
            pass  # no name holds this comma, so it separates
    pieces = [piece.strip() for piece in text.split(",")]
    if not all(pieces):
        raise UsageError(f"the values of {param.name} have a comma too many: {text!r}")
    return [parse_value(param, piece, resolve) for piece in pieces]


def written_iri(text: str) -> NamedNode:
    """Return the IRI that is written as a CURIE or in full, with or without brackets.

    >>> written_iri("kzr:country-kaz")
    <NamedNode value=https://w3id.org/kzgraph/id/country-kaz>
    """
    if text.startswith("<") and text.endswith(">"):
        return _node(text[1:-1], text)
    if re.match(r"(https?|urn|info|tag):", text):
        return _node(text, text)
    return expand(text)


def show_value(value: Value) -> str:
    """Return a value as a user would type it.

    >>> show_value(Literal("2023-02-28", datatype=NamedNode(XSD + "date")))
    '2023-02-28'
    """
    return shrink(value.value) if isinstance(value, NamedNode) else value.value


def _choice(param: Param, text: str) -> Value:
    return _parsed(param, text, lambda value, _: written_iri(value))


def _node(iri: str, text: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise InputError(f"{text!r} is no IRI: {error}") from error


def _parsed(param: Param, text: str, resolve: Resolve) -> Value:
    if not text and param.type != "string":
        raise UsageError(f"the parameter {param.name} has no value")
    if param.type == "iri":
        return resolve(text, expand(param.class_) if param.class_ else None)
    if param.type == "string":
        return _string(param, text)
    if param.type == "date":
        return _date(param, text)
    if param.type == "integer":
        if not re.fullmatch(_INTEGER, text):
            raise _wrong(param, text, "a whole number", "2012")
        return Literal(str(int(text)), datatype=NamedNode(XSD + "integer"))
    if param.type == "decimal":
        if not re.fullmatch(_DECIMAL, text):
            raise _wrong(param, text, "a number", "7.5")
        return Literal(text, datatype=NamedNode(XSD + "decimal"))
    if param.type == "boolean":
        if text.lower() not in ("true", "false"):
            raise _wrong(param, text, "true or false", "true")
        return Literal(text.lower(), datatype=NamedNode(XSD + "boolean"))
    if param.type == "edtf":
        return _edtf(param, text)
    raise UsageError(f"the parameter {param.name} has the unknown type {param.type}")


def _string(param: Param, text: str) -> Literal:
    """Return a text; one that no UTF-8 can hold is refused."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError(f"the value of {param.name} is no valid text: {error.reason}") from error
    return Literal(text)


def _date(param: Param, text: str) -> Literal:
    from datetime import date

    if re.fullmatch(_DATE, text):
        try:
            date.fromisoformat(text)
        except ValueError as error:
            raise UsageError(f"{param.name}: {text} is no day of the calendar: {error}") from error
        return Literal(text, datatype=NamedNode(XSD + "date"))
    raise _wrong(param, text, "a day", "2023-02-28")


def _edtf(param: Param, text: str) -> Literal:
    """Return a date as EDTF writes it."""
    from kzgraph.rdf.edtf import parse  # only where a date of this kind is given

    try:
        parse(text)
    except ValueError as error:
        raise _wrong(param, text, "a date of EDTF", "1992-10 or 2009/..") from error
    return Literal(text, datatype=EDTF_DATATYPE)


def _wrong(param: Param, text: str, kind: str, example: str) -> UsageError:
    return UsageError(f"{param.name} is {kind}, not {text!r}", hint=f"as in {param.name}={example}")
