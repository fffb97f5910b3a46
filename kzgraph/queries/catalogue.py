"""The saved queries: what each one asks, takes and gives.

These records are read from a snapshot at every start, so nothing here needs
YAML or the tokenizer; ``load_catalogue`` and ``check_catalogue`` bring them in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from kzgraph.errors import SourceSyntaxError, UnknownNameError, UsageError
from kzgraph.queries.emptiness import NOT_RECORDED

if TYPE_CHECKING:
    from pathlib import Path

PARAM_TYPES = ("iri", "string", "date", "integer", "decimal", "boolean", "edtf")


class QueryHeaderError(SourceSyntaxError):
    """A saved query whose header or parameter lines do not follow the rules."""


class Finding(NamedTuple):
    """Something wrong in a saved query, with its place; lines and columns count from 1."""

    path: str
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{self.path}:{self.line}: {self.message}{hint}"


@dataclass(frozen=True)
class Param:
    """A parameter: a variable whose VALUES line the runner replaces.

    ``default`` is written as in the header, a CURIE or a plain value; None leaves
    the variable open (``UNDEF``), so that every value fits. ``line`` is the
    line of the file that holds VALUES. ``labels`` say what to enter, by language.
    """

    name: str
    type: str
    class_: str = ""
    default: str | None = None
    choices: tuple[str, ...] = ()
    line: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the parameter as plain data."""
        return {
            "type": self.type,
            "class": self.class_,
            "default": self.default,
            "choices": list(self.choices),
            "line": self.line,
            "labels": dict(self.labels),
        }

    @classmethod
    def from_json(cls, name: str, data: Mapping[str, Any]) -> Param:
        """Return the parameter that ``to_json`` gave."""
        return cls(
            name=name,
            type=data["type"],
            class_=data["class"],
            default=data["default"],
            choices=tuple(data["choices"]),
            line=data["line"],
            labels=dict(data["labels"]),
        )


class EvidenceSpec(NamedTuple):
    """What carries a row: a node in a variable, or an edge between two.

    For a node only ``subject`` is set. Subject and object are variables without
    question mark, or CURIEs; the predicate is a CURIE.
    """

    subject: str
    predicate: str = ""
    object: str = ""

    @property
    def is_edge(self) -> bool:
        """Whether a proof of the edge carries the row, rather than a node."""
        return bool(self.predicate)

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that the row must supply."""
        return tuple(p for p in (self.subject, self.object) if p and ":" not in p)

    def __str__(self) -> str:
        return " ".join(part for part in self if part)

    @classmethod
    def parse(cls, text: str) -> EvidenceSpec:
        """Return the entry that a header writes as one text.

        >>> EvidenceSpec.parse("?state kz:memberOf organisation").variables
        ('state', 'organisation')
        """
        parts = [part.lstrip("?") for part in text.split()]
        if len(parts) == 1 and parts[0] and ":" not in parts[0]:
            return cls(parts[0])
        if len(parts) == 3 and ":" in parts[1] and all(parts):
            return cls(*parts)
        raise UsageError(
            f"evidence is a variable, or an edge as in 'state kz:memberOf organisation': {text!r}"
        )


@dataclass(frozen=True)
class SavedQuery:
    """A question the graph promises to answer, and the query that does.

    ``text`` is the whole file, header included, so that its lines are the file's.
    ``columns`` are the projected variables; empty for ``SELECT *`` and other forms.
    ``empty`` is what no rows mean, one of ``EMPTY_KINDS``.
    """

    name: str
    topic: str
    path: str
    summary: str
    text: str
    kind: str = "SELECT"
    columns: tuple[str, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Param] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    chart: Any = None
    evidence: tuple[EvidenceSpec, ...] = ()
    empty: str = NOT_RECORDED

    @property
    def is_quality(self) -> bool:
        """Whether this is a check that must find nothing, rather than a question."""
        return self.topic.split("/")[0] == "quality"

    def question(self, language: str, values: Mapping[str, str] | None = None) -> str:
        """Return the question in a language, else in English, else the summary.

        ``values`` are put for the placeholders; without one the default stays.
        """
        text = self.questions.get(language) or self.questions.get("en") or self.summary
        for name, param in self.params.items():
            shown = (values or {}).get(name)
            if shown is None:
                shown = param.default if param.default is not None else "…"
            text = text.replace("{" + name + "}", shown)
        return text

    def to_json(self) -> dict[str, Any]:
        """Return the query as plain data for a snapshot."""
        return {
            "name": self.name,
            "topic": self.topic,
            "path": self.path,
            "summary": self.summary,
            "kind": self.kind,
            "columns": list(self.columns),
            "questions": dict(self.questions),
            "params": {name: param.to_json() for name, param in self.params.items()},
            "tags": list(self.tags),
            "chart": self.chart,
            "evidence": [str(spec) for spec in self.evidence],
            "empty": self.empty,
            "text": self.text,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SavedQuery:
        """Return the query that ``to_json`` gave."""
        return cls(
            name=data["name"],
            topic=data["topic"],
            path=data["path"],
            summary=data["summary"],
            kind=data["kind"],
            columns=tuple(data["columns"]),
            questions=dict(data["questions"]),
            params={name: Param.from_json(name, p) for name, p in data["params"].items()},
            tags=tuple(data["tags"]),
            chart=data["chart"],
            evidence=tuple(EvidenceSpec.parse(text) for text in data["evidence"]),
            empty=data.get("empty", NOT_RECORDED),
            text=data["text"],
        )


@dataclass(frozen=True)
class Catalogue:
    """All saved queries, by name."""

    queries: Mapping[str, SavedQuery] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.queries)

    def __iter__(self) -> Iterator[SavedQuery]:
        return iter(self.queries.values())

    def __contains__(self, name: object) -> bool:
        return name in self.queries

    def get(self, name: str) -> SavedQuery:
        """Return the query of that name; ``topic/name`` and ``name.rq`` will do as well.

        Raises UnknownNameError with the nearest names.
        """
        plain = name.removesuffix(".rq").rpartition("/")[2]
        try:
            return self.queries[plain]
        except KeyError:
            raise UnknownNameError("query", name, self.queries) from None

    def topics(self) -> list[str]:
        """Return the topics that have a query."""
        return sorted({query.topic for query in self})

    def of_topic(self, topic: str) -> list[SavedQuery]:
        """Return the queries of a topic; raises UnknownNameError where there is none."""
        found = [query for query in self if query.topic == topic]
        if not found:
            raise UnknownNameError("topic", topic, self.topics())
        return found

    def to_json(self) -> list[dict[str, Any]]:
        """Return all queries as plain data for a snapshot."""
        return [query.to_json() for query in self]

    @classmethod
    def from_json(cls, data: list[dict[str, Any]]) -> Catalogue:
        """Return the catalogue that ``to_json`` gave."""
        return cls({entry["name"]: SavedQuery.from_json(entry) for entry in data})


def load_catalogue(folder: Path) -> Catalogue:
    """Return the saved queries below a folder, sorted by topic and name.

    Raises QueryHeaderError for the first that does not follow the rules.
    """
    from kzgraph.queries.reading import read_folder  # YAML and tokens: not at every start

    queries, findings = read_folder(folder)
    if findings:
        raise findings[0].error()
    return Catalogue(queries)


def check_catalogue(folder: Path, *, known: Collection[str] | None = None) -> list[Finding]:
    """Return everything that is wrong with the saved queries below a folder.

    ``known`` are the IRIs of all terms and things; with it, a term of our own
    namespaces that nothing declares is a finding too.
    """
    from kzgraph.queries.reading import read_folder

    return [finding.plain() for finding in read_folder(folder, known=known)[1]]
