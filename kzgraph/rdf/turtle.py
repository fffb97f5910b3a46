"""Turtle in and out: statements with their places, and the canonical form.

>>> text = "@prefix kz: <https://w3id.org/kzgraph/ontology#> . kz:State a kz:Class ."
>>> statements(text, path="example.ttl")[0].column
63
>>> print(format_turtle(text, path="example.ttl"), end="")
@prefix kz: <https://w3id.org/kzgraph/ontology#> .
<BLANKLINE>
kz:State
    a kz:Class ;
    .
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    Triple,
)

from kzgraph.errors import InputError
from kzgraph.rdf.canonical import CanonicalWriter
from kzgraph.rdf.comments import UnformattableError, place
from kzgraph.rdf.grammar import Subject, Term, read

__all__ = [
    "FormatFinding",
    "Statement",
    "UnformattableError",
    "check_turtle",
    "format_turtle",
    "statements",
    "write_turtle",
]


class Statement(NamedTuple):
    """A triple with the place of its object; ``subject_line`` is where its subject starts."""

    subject: Subject
    predicate: NamedNode
    object: Term
    line: int
    column: int
    subject_line: int


class FormatFinding(NamedTuple):
    """A line that is not as the canonical form has it."""

    path: str
    line: int
    message: str


def statements(text: str, *, path: str) -> list[Statement]:
    """Return every triple of a Turtle text with its place, in the order of the text.

    Blank nodes get labels that differ from file to file, so that the triples
    of several files can be put together. Raises SourceSyntaxError.
    """
    document = read(text, path=path)
    source, tokens = document.source, document.tokens
    lines = {block.subject: source.line(tokens[block.first].start) for block in document.blocks}
    found = []
    for fact in document.facts:
        start = tokens[fact.at].start
        line = source.line(start)
        subject_line = lines.get(fact.subject)
        if subject_line is None:
            subject_line = source.line(tokens[fact.verb].start)
        found.append(Statement(*fact[:3], line, source.column(start), subject_line))
    return found


def format_turtle(text: str, *, path: str) -> str:
    """Return a Turtle text in its canonical form, which says the same.

    Comments are kept. Raises UnformattableError for a comment that cannot be,
    and SourceSyntaxError for text that is not Turtle.
    """
    document = read(text, path=path)
    writer = CanonicalWriter(
        (fact[:3] for fact in document.facts), labels=document.labels, comments=place(document)
    )
    return writer.text()


def check_turtle(text: str, *, path: str) -> list[FormatFinding]:
    """Return where a Turtle text differs from its canonical form; nothing when it is canonical.

    Raises what ``format_turtle`` raises.
    """
    wanted = format_turtle(text, path=path)
    if text == wanted:
        return []
    if "\r" in text and text.replace("\r\n", "\n") == wanted:
        return [FormatFinding(path, 1, "lines end in CR LF; the canonical form has LF alone")]
    have_lines, want_lines = _lines(text), _lines(wanted)
    matcher = SequenceMatcher(None, have_lines, want_lines)
    findings = []
    for kind, have, have_end, want, want_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        line = max(1, min(have + 1, len(have_lines)))
        findings.append(
            FormatFinding(
                path, line, _difference(have_lines[have:have_end], want_lines[want:want_end])
            )
        )
    return findings


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their line feeds; other characters end no line."""
    *whole, rest = text.split("\n")
    return [line + "\n" for line in whole] + ([rest] if rest else [])


def _difference(have: list[str], want: list[str]) -> str:
    """Return in words what one stretch of lines has and should have."""
    if not have:
        lines = f"{len(want)} lines belong" if len(want) > 1 else "a line belongs"
        return f"{lines} here: {_shown(want)}"
    if not want:
        lines = f"{len(have)} lines do" if len(have) > 1 else "this line does"
        return f"{lines} not belong here: {_shown(have)}"
    if [line.rstrip("\n") for line in have] == [line.rstrip("\n") for line in want]:
        return "the last line has no line feed at its end"
    if "".join(have).split() == "".join(want).split():
        return "spaces or line breaks are not canonical"
    return f"here is {_shown(have)}; canonical is {_shown(want)}"


def _shown(lines: list[str]) -> str:
    first = next((line.strip() for line in lines if line.strip()), "")
    if not first:
        return "an empty line"
    return repr(first if len(first) <= 70 else first[:67] + "...")


def write_turtle(triples: Iterable[Triple]) -> str:
    """Return triples as canonical Turtle.

    The same graph gives the same text, whatever its blank nodes are called.
    """
    facts: list[tuple[Subject, NamedNode, Term]] = []
    blank = False
    for triple in triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            raise InputError(f"triple terms (RDF 1.2) cannot be written as Turtle 1.1: {triple}")
        blank = blank or isinstance(subject, BlankNode) or isinstance(value, BlankNode)
        facts.append((subject, predicate, value))
    if blank:
        facts = _with_canonical_labels(facts)
    return CanonicalWriter(facts).text()


def _with_canonical_labels(
    facts: list[tuple[Subject, NamedNode, Term]],
) -> list[tuple[Subject, NamedNode, Term]]:
    dataset = Dataset(Quad(*fact) for fact in facts)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [(quad.subject, quad.predicate, quad.object) for quad in dataset]
