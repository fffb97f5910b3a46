"""What an import is about to add, and what its parts share while they add it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.exchange.cells import CellError, CellReader
from kzgraph.exchange.inventory import Inventory
from kzgraph.exchange.mapping import Mapping, Rule, Value
from kzgraph.exchange.naming import HOLE, slug, without_kind
from kzgraph.exchange.tables import Problem, Row, Table
from kzgraph.namespaces import kz
from kzgraph.validation.corpus import SOURCE


@dataclass
class Plan:
    """What an import would do: statements by file, counts, and problems."""

    table: str
    problems: list[Problem] = field(default_factory=list)
    additions: dict[str, list[Triple]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[NamedNode, Row] = field(default_factory=dict)
    relators: list[NamedNode] = field(default_factory=list)
    claims: list[NamedNode] = field(default_factory=list)
    added: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    left_out: list[int] = field(default_factory=list)

    @property
    def triples(self) -> Iterator[Triple]:
        """Every statement that is added."""
        for triples in self.additions.values():
            yield from triples


class RowError(Exception):
    """A row cannot be taken over."""

    def __init__(self, column: str, message: str, hint: str = "") -> None:
        self.column, self.message, self.hint = column, message, hint
        super().__init__(message)


class Draft:
    """The plan in the making, with the table, the mapping and what is there already."""

    def __init__(self, table: Table, mapping: Mapping, inventory: Inventory) -> None:
        self.table, self.mapping, self.inventory = table, mapping, inventory
        self.reader = CellReader(inventory, mapping)
        self.plan = Plan(table.name, problems=list(table.problems))
        # what this run adds, by node: a row may name what an earlier row made
        self.new: dict[NamedNode, set[Triple]] = defaultdict(set)
        self._places: dict[str, str] = tomllib.loads(
            (files("kzgraph.exchange") / "places.toml").read_text(encoding="utf-8")
        )
        self._unit_columns = {
            v.column for r in mapping.relators for n, v in r.values.items() if n == "unit"
        } | {"unit"}

    def problem(self, row: Row | None, column: str, message: str, hint: str = "") -> None:
        """Take note of a problem; without a row it is one of the header."""
        line = row.line if row else 1
        self.plan.problems.append(Problem(self.table.name, line, column, message, hint))

    def add(self, triple: Triple, file: str) -> bool:
        """Add a statement to a file unless it is there already; return whether it was new."""
        subject = triple.subject
        assert isinstance(subject, NamedNode)
        if triple in self.inventory.data or triple in self.new[subject]:
            return False
        self.new[subject].add(triple)
        self.inventory.learn(triple)
        self.plan.additions[file].append(triple)
        return True

    def one(self, row: Row, value: Value, what: str) -> str:
        """Return the one text of a value. Raises RowError where the cell is empty."""
        texts = value.texts(row)
        if not texts:
            raise RowError(column_of(value), f"the cell is empty: {what} is missing")
        return texts[0]

    def values(
        self, row: Row, name: str, value: Value
    ) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
        """Yield property and term for each text of a value. Raises RowError."""
        unit = next((row[c] for c in sorted(self._unit_columns) if row[c]), "")
        try:
            prop = self.reader.property(name)
            factor = self.reader.unit_of(unit) if unit else None
            for text in value.texts(row):
                yield prop.iri, self.reader.term(text, prop, value, unit=factor)
        except CellError as error:
            raise RowError(column_of(value), error.message, error.hint) from error

    def cls(self, row: Row, rule: Rule) -> NamedNode:
        """Return the class that a rule gives a row. Raises RowError."""
        try:
            return self.reader.cls(self.one(row, rule.cls, "the class"))
        except CellError as error:
            raise RowError(column_of(rule.cls), error.message, error.hint) from error

    def file(
        self,
        row: Row,
        rule: Rule,
        cls: NamedNode,
        values: dict[NamedNode, NamedNode | Literal] | None = None,
    ) -> str:
        """Return the file in which a new thing or relator goes.

        The mapping says it, or the nearest class in ``places.toml``. Raises RowError.
        """
        column = HOLE.fullmatch(rule.file)
        place = row[column[1]] if column else rule.file
        if not place and cls == SOURCE:
            place = "sources/{id}"
        if not place:
            line = self.inventory.schema.line(cls)
            names = [c.value.rpartition("#")[2] for c in line if isinstance(c, NamedNode)]
            place = next(self._places[n] for n in [*names, "Entity"] if n in self._places)

        def fill(hole: re.Match[str]) -> str:
            if hole[1] == "id" and rule.key:
                return self.one(row, rule.key, "the identifier").removeprefix("source-")
            term = (values or {}).get(kz(hole[1]))
            return without_kind(term.value) if term is not None else slug(row[hole[1]])

        place = HOLE.sub(fill, place).removesuffix(".ttl")
        if not re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)*", place):
            raise RowError(
                column[1] if column else "",
                f"{place!r} is no file of the data",
                "write it like actors/memberships/asean",
            )
        return place


def column_of(value: Value) -> str:
    """Return the columns of a value as one text."""
    return ", ".join(value.columns)
