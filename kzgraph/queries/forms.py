"""An answer as text for other programs and for documents."""

from __future__ import annotations

import csv
import io
import re

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kzgraph.errors import UsageError
from kzgraph.namespaces import PREFIXES, XSD, shrink
from kzgraph.queries.answers import Answer, dump, numbered_evidence
from kzgraph.queries.run import Term
from kzgraph.queries.widths import printable

_BARE = {XSD + "integer", XSD + "decimal", XSD + "boolean"}
_BARE_FORM = re.compile(r"[+-]?[0-9]+|[+-]?[0-9]*\.[0-9]+|true|false")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~#])")


def ndjson(answer: Answer) -> str:
    """Return a line of JSON per row: its cells and its evidence."""
    data = answer.to_json()
    evidence = data["evidence"] or [[] for _ in answer.rows]
    return "".join(
        dump({"row": row, "evidence": items}) + "\n"
        for row, items in zip(data["rows"], evidence, strict=True)
    )


def csv_text(answer: Answer) -> str:
    """Return RFC 4180 text: SPARQL's CSV form with a label column beside each named one."""
    records = answer.records()
    columns = _columns(answer)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow("" if record[c] is None else record[c] for c in columns)
    return out.getvalue()


def tsv_text(answer: Answer) -> str:
    """Return SPARQL's TSV form: terms as in Turtle, with label columns as in CSV."""
    named = answer.label_columns()
    lines = ["\t".join(f"?{column}" for column in _columns(answer))]
    for row in answer.rows:
        cells = []
        for column, cell in zip(answer.columns, row, strict=True):
            cells.append("" if cell is None else _tsv(cell))
            if column in named:
                label = answer.labels.get(cell.value) if isinstance(cell, NamedNode) else None
                cells.append("" if label is None else _tsv(Literal(label)))
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def _tsv(term: Term) -> str:
    if isinstance(term, Literal) and term.datatype.value in _BARE:
        return term.value if _BARE_FORM.fullmatch(term.value) else str(term)
    return str(term).replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")


def _columns(answer: Answer) -> list[str]:
    named = answer.label_columns()
    out = []
    for column in answer.columns:
        out.append(column)
        if column in named:
            out.append(f"{column}Label")
    return out


def markdown(answer: Answer) -> str:
    """Return a section of Markdown: the question, the rows, what they rest on."""
    parts = []
    if answer.question:
        parts.append(f"**{_escaped(answer.question)}**")
    if answer.rows:
        lines = ["| " + " | ".join(_escaped(c) for c in answer.columns) + " |"]
        lines.append("|" + " --- |" * len(answer.columns))
        for row in answer.rows:
            lines.append("| " + " | ".join(_markdown_cell(answer, cell) for cell in row) + " |")
        parts.append("\n".join(lines))
    elif answer.empty_words:
        parts.append(_escaped(answer.empty_words))
    parts.append(f"*{_escaped(footer(answer))}*")
    for number, words, lines in numbered_evidence(answer):
        listed = "\n".join(f"   - {_escaped(line.strip())}" for line in lines)
        parts.append(f"{number}. {_escaped(words)}\n{listed}".rstrip())
    return "\n\n".join(parts) + "\n"


def _markdown_cell(answer: Answer, term: Term | None) -> str:
    name = _escaped(answer.name_of(term))
    if isinstance(term, NamedNode) and re.match(r"https?://", term.value):
        target = term.value.replace("(", "%28").replace(")", "%29").replace("|", "%7C")
        return f"[{name}]({target})"
    return name


def _escaped(text: str) -> str:
    """Return a text in which Markdown reads nothing."""
    return _MARKDOWN.sub(r"\\\1", printable(text))


def footer(answer: Answer) -> str:
    """Return what the answer rests on, in a line.

    >>> footer(Answer("q", ("x",), ((None,),), release="2026.11"))
    '1 row; policy best; release 2026.11'
    """
    count = len(answer.rows)
    parts = [f"{count} row{'' if count == 1 else 's'}"]
    if answer.truncated:
        parts[0] = f"the first {parts[0]}; there are more"
    parts.append(f"policy {answer.policy}")
    if answer.as_of:
        parts.append(f"as of {answer.as_of}")
    if answer.release:
        parts.append(f"release {answer.release}")
    return "; ".join(parts)


def turtle(answer: Answer) -> str:
    """Return the statements of the answer as Turtle, sorted.

    Raises UsageError when it has rows only: those are no statements.
    """
    if not answer.statements and answer.rows:
        raise UsageError(
            "the rows of a SELECT have no Turtle form",
            hint="ask for evidence too, and the statements behind the rows are written; "
            "or use CONSTRUCT",
        )
    triples = sorted(set(answer.statements), key=_order)
    used = {shrink(iri).partition(":")[0] for triple in triples for iri in _iris(triple)}
    prefixes = {prefix: iri for prefix, iri in PREFIXES.items() if prefix in used}
    written = serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes)
    assert written is not None
    return written.decode()


def _order(triple: Triple) -> tuple[str, str, str]:
    return str(triple.subject), str(triple.predicate), str(triple.object)


def _iris(triple: Triple) -> list[str]:
    found = []
    for part in (triple.subject, triple.predicate, triple.object):
        if isinstance(part, NamedNode):
            found.append(part.value)
        elif isinstance(part, Literal):
            found.append(part.datatype.value)
    return found
