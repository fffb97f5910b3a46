"""An answer: rows of terms with their names, what it rests on, and its forms.

``render`` writes it as table, json, ndjson, csv, tsv, md or ttl. All but the
table are the same on every machine: no width, no colour, no clock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.errors import UnknownNameError, UsageError
from kzgraph.namespaces import XSD, shrink
from kzgraph.queries.emptiness import empty_words

if TYPE_CHECKING:
    from kzgraph.queries.run import Row, Term

FORMATS = ("table", "json", "ndjson", "csv", "tsv", "md", "ttl")
SUFFIXES = {"json": "json", "ndjson": "ndjson", "jsonl": "ndjson", "csv": "csv", "tsv": "tsv"} | {
    "md": "md",
    "ttl": "ttl",
    "txt": "table",
}
_STRING = XSD + "string"
_INTEGERS = frozenset(
    XSD + name for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger")
)
_NUMBERS = _INTEGERS | {XSD + name for name in ("decimal", "double", "float")}


class Evidence(Protocol):
    """What stands behind a row; the room of claims supplies it."""

    def to_json(self) -> Any:
        """Return it as plain data."""

    def lines(self) -> list[str]:
        """Return it as lines of text."""


@dataclass(frozen=True)
class Answer:
    """The rows that a query gave, ready to be shown.

    ``query`` is the name of a saved query or the text of a free one; ``question``
    its wording with the values in it. ``labels`` map an IRI to what it is called
    in the reader's language. ``evidence`` holds a list per row, and nothing when it
    was not asked for. ``statements`` are the triples of the answer as RDF: those of
    CONSTRUCT, or what the rows rest on. ``empty`` is what no rows mean, one of
    ``EMPTY_KINDS``, and nothing for a free query; ``language`` is the reader's.
    """

    query: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    question: str = ""
    parameters: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    policy: str = "best"
    as_of: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[tuple[Evidence, ...], ...] = ()
    truncated: bool = False
    release: str = ""
    statements: tuple[Triple, ...] = ()
    empty: str = ""
    language: str = "en"

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def __str__(self) -> str:
        from kzgraph.queries.tables import plain_table

        return plain_table(self)

    def to_table(self) -> str:
        """Return the answer as a plain table."""
        return str(self)

    def to_text(self, format_: str) -> str:
        """Return the answer in one of ``FORMATS``; see ``render``."""
        return render(self, format_)

    @property
    def is_empty(self) -> bool:
        """Whether there are no rows, rather than none that were asked for."""
        return not self.rows and not self.truncated

    @property
    def empty_words(self) -> str:
        """What no rows mean, in a sentence; nothing where there are rows."""
        return empty_words(self.empty, self.language) if self.is_empty else ""

    def name_of(self, term: Term | None) -> str:
        """Return what a reader calls a term: its label, else its CURIE or its value."""
        if term is None:
            return ""
        if isinstance(term, NamedNode):
            return self.labels.get(term.value) or shrink(term.value)
        if isinstance(term, Literal):
            return term.value
        if isinstance(term, Triple):
            parts = (term.subject, term.predicate, term.object)
            return "<< " + " ".join(self.name_of(part) for part in parts) + " >>"
        return f"_:{term.value}"

    def records(self) -> list[dict[str, str | None]]:
        """Return the rows as flat texts: a column's value, and ``xLabel`` where it has a name.

        IRIs are written in full, so that the records join with other data.
        """
        named = self.label_columns()
        out = []
        for row in self.rows:
            record: dict[str, str | None] = {}
            for column, cell in zip(self.columns, row, strict=True):
                record[column] = None if cell is None else flat(cell)
                if column in named:
                    label = self.labels.get(cell.value) if isinstance(cell, NamedNode) else None
                    record[f"{column}Label"] = label
            out.append(record)
        return out

    def label_columns(self) -> frozenset[str]:
        """Return the columns that hold something with a label."""
        return frozenset(
            column
            for place, column in enumerate(self.columns)
            if f"{column}Label" not in self.columns
            and any(
                isinstance(row[place], NamedNode) and row[place].value in self.labels  # type: ignore[union-attr]
                for row in self.rows
            )
        )

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain data, the same for command, web and agents."""
        return {
            "query": self.query,
            "parameters": {
                name: [self.cell(term) for term in terms] for name, terms in self.parameters.items()
            },
            "policy": self.policy,
            "as_of": self.as_of,
            "columns": list(self.columns),
            "rows": [self._row(row) for row in self.rows],
            "evidence": [[item.to_json() for item in items] for items in self.evidence],
            "truncated": self.truncated,
            "empty": self.empty if self.is_empty and self.empty else None,
            "release": self.release,
        }

    def cell(self, term: Term | None) -> Any:
        """Return a term as JSON: ``id``, ``iri`` and ``label`` of a thing, ``value`` of a literal.

        Values keep their spelling, so that no number is rounded; ``datatype`` is left
        out for plain text.
        """
        if term is None:
            return None
        if isinstance(term, NamedNode):
            cell = {"id": shrink(term.value), "iri": term.value}
            label = self.labels.get(term.value)
            return cell if label is None else cell | {"label": label}
        if isinstance(term, Literal):
            if term.language:
                return {"value": term.value, "language": term.language}
            if term.datatype.value == _STRING:
                return {"value": term.value}
            return {"value": term.value, "datatype": shrink(term.datatype.value)}
        if isinstance(term, Triple):
            parts = (term.subject, term.predicate, term.object)
            return {"triple": [self.cell(part) for part in parts]}
        return {"id": f"_:{term.value}"}

    def _row(self, row: Row) -> dict[str, Any]:
        return {c: self.cell(cell) for c, cell in zip(self.columns, row, strict=True)}

    def to_pandas(self) -> Any:
        """Return the rows as a pandas data frame; numbers become numbers.

        Raises UsageError where pandas is not installed.
        """
        return _package("pandas").DataFrame(self._typed(), columns=self._frame_columns())

    def to_polars(self) -> Any:
        """Return the rows as a polars data frame; numbers become numbers.

        Raises UsageError where polars is not installed.
        """
        records = self._typed()
        return _package("polars").DataFrame(
            {column: [record[column] for record in records] for column in self._frame_columns()}
        )

    def _frame_columns(self) -> list[str]:
        named = self.label_columns()
        return [
            name
            for column in self.columns
            for name in ((column, f"{column}Label") if column in named else (column,))
        ]

    def _typed(self) -> list[dict[str, Any]]:
        """Return the records, with numbers for the columns that hold nothing else."""
        records: list[dict[str, Any]] = list(self.records())
        for place, column in enumerate(self.columns):
            kinds = {_number_kind(row[place]) for row in self.rows if row[place] is not None}
            if len(kinds) == 1 and (kind := kinds.pop()) is not None:
                for record in records:
                    if record[column] is not None:
                        record[column] = kind(record[column])
        return records


def flat(term: Term) -> str:
    """Return a term as bare text, as SPARQL's CSV form does.

    >>> flat(Literal("Astana", language="en"))
    'Astana'
    """
    if isinstance(term, NamedNode | Literal):
        return term.value
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(term)


def is_number(term: Term | None) -> bool:
    """Return whether a term is a number."""
    return isinstance(term, Literal) and term.datatype.value in _NUMBERS


def _number_kind(term: Term | None) -> Callable[[str], int | float] | None:
    if not isinstance(term, Literal) or term.datatype.value not in _NUMBERS:
        return None
    return int if term.datatype.value in _INTEGERS else float


def _package(name: str) -> Any:
    """Return an optional package; none of them is needed for anything else here."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(
            f"{name} is not installed, and this form of the answer needs it",
            hint=f"pip install {name}; records() gives the same rows without it",
        ) from error


def render(
    answer: Answer,
    format_: str,
    *,
    terminal_width: int | None = None,
    color: bool = False,
) -> str:
    """Return the answer in a format, its last line ended.

    An answer without rows says what that means in the forms that people read, and
    as ``empty`` in JSON. With a ``terminal_width`` the table is fitted to it, else it is plain.

    Raises UnknownNameError for a format that is not there.
    """
    if format_ == "json":
        return dump(answer.to_json(), indent=2) + "\n"
    if format_ == "table":
        from kzgraph.queries import tables

        if terminal_width is not None:
            return tables.terminal_table(answer, terminal_width, color=color)
        return tables.plain_table(answer)
    if format_ not in FORMATS:
        raise UnknownNameError("format", format_, FORMATS, hint=f"one of: {', '.join(FORMATS)}")
    from kzgraph.queries import forms

    if format_ == "md":
        return forms.markdown(answer)
    writers = {
        "ndjson": forms.ndjson,
        "csv": forms.csv_text,
        "tsv": forms.tsv_text,
        "ttl": forms.turtle,
    }
    return writers[format_](answer)


def format_of(path: str) -> str:
    """Return the format that a file's suffix asks for.

    >>> format_of("members.csv")
    'csv'
    """
    suffix = path.rpartition(".")[2].lower() if "." in path else ""
    if suffix not in SUFFIXES:
        raise UsageError(
            f"no format is known for {path!r}",
            hint=f"name it with -f, or end the file with one of: {', '.join(sorted(SUFFIXES))}",
        )
    return SUFFIXES[suffix]


def dump(data: Any, *, indent: int | None = None) -> str:
    """Return JSON in which every letter stands as itself, the same each time."""
    return json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False)


def numbered_evidence(answer: Answer) -> Iterable[tuple[int, str, list[str]]]:
    """Yield (number, row in words, lines) of the evidence of each row, counted from 1."""
    for number, (row, items) in enumerate(zip(answer.rows, answer.evidence, strict=False), 1):
        words = ", ".join(answer.name_of(cell) for cell in row if cell is not None)
        yield number, words, [line for item in items for line in item.lines()]
