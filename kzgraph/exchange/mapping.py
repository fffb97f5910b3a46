"""Mappings: what the columns of a table mean, in TOML.

A mapping says which rows make which things and relators::

    title = "Memberships of states in organisations"

    [table]
    required = ["state", "organisation", "source"]
    key = ["state", "organisation", "source"]

    [source]
    column = "source"            # or: is = "source-2024-my-table"
    locator = "where"            # a column; without it, the row of this table

    [[relator]]
    when = { role = "member" }
    class = "Membership"
    file = "actors/memberships/{organisation}"
    set.memberState = "state"
    set.organisation = "organisation"
    set.interval = "{begin}/{end}"

The value of a property is a column, or a table with ``column``, ``is`` (a
constant), ``template``, ``default`` (for empty cells), ``split`` (what divides
several values), ``map`` (words of the table to values) or ``class`` (of which
class the thing named must be). A text with braces is a template.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from kzgraph.errors import InputError, SourceSyntaxError, UnknownNameError
from kzgraph.exchange.naming import HOLE
from kzgraph.exchange.tables import Row

LANGUAGES = ("en", "de", "ru", "kk")


class MappingError(InputError):
    """A mapping says something that cannot be followed; ``where`` is the key in it."""

    def __init__(self, path: str, where: str, message: str, *, hint: str = "") -> None:
        self.path, self.where = path, where
        super().__init__(
            f"{path}: {where}: {message}" if where else f"{path}: {message}", hint=hint
        )


@dataclass(frozen=True)
class Value:
    """Where the value of a property comes from, and how its text is read."""

    column: str = ""
    constant: str = ""
    template: str = ""
    default: str = ""
    split: str = ""
    words: Dict[str, str] = field(default_factory=dict)
    cls: str = ""
    lang: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that take part, in their order."""
        return (self.column,) if self.column else tuple(HOLE.findall(self.template))

    def texts(self, row: Row) -> list[str]:
        """Return the texts that a row gives, none where the cells are empty."""
        if self.constant:
            return [self.constant]
        if self.template:
            holes = {name: row[name] for name in self.columns}
            if holes and not any(holes.values()):
                return []
            return [HOLE.sub(lambda m: holes[m[1]], self.template)]
        text = row[self.column] or self.default
        parts = [p.strip() for p in text.split(self.split)] if self.split else [text]
        return [self.words.get(p, p) for p in parts if p]


@dataclass(frozen=True)
class Rule:
    """A thing or a relator that rows make."""

    cls: Value
    when: Dict[str, tuple[str, ...]]
    values: Dict[str, Value]
    all_columns: bool = False
    file: str = ""
    key: Value | None = None
    labels: Dict[str, Value] = field(default_factory=dict)
    other_labels: Dict[str, Value] = field(default_factory=dict)
    codes: Value | None = None
    qid: Value | None = None
    distinct: str = ""

    def applies(self, row: Row) -> bool:
        """Return whether a row makes this thing or relator."""
        return all(row[column] in wanted for column, wanted in self.when.items())


@dataclass(frozen=True)
class Unit:
    """What a unit of the table stands for: a QUDT unit, and how many of it."""

    unit: str
    times: str = "1"


@dataclass(frozen=True)
class Mapping:
    """A mapping, read and checked in itself."""

    path: str
    title: str
    delimiter: str
    quoted: bool | None
    required: tuple[str, ...]
    key: tuple[str, ...]
    source: Value
    locator: Value | None
    claim: Dict[str, Value]
    notes: Dict[str, Value]
    things: tuple[Rule, ...]
    relators: tuple[Rule, ...]
    units: Dict[str, Unit]

    @property
    def columns(self) -> set[str]:
        """Every column that the mapping names."""
        found = {*self.required, *self.key, *self.source.columns}
        for value in self._values():
            found.update(value.columns)
        for rule in (*self.things, *self.relators):
            found.update(rule.when)
            found.update(HOLE.findall(rule.file))
            if rule.distinct:
                found.add(rule.distinct)
        return found

    def _values(self) -> Iterable[Value]:
        if self.locator:
            yield self.locator
        yield from self.claim.values()
        yield from self.notes.values()
        for rule in (*self.things, *self.relators):
            yield rule.cls
            yield from rule.values.values()
            yield from rule.labels.values()
            yield from rule.other_labels.values()
            for value in (rule.key, rule.codes, rule.qid):
                if value:
                    yield value


def shipped() -> dict[str, Path]:
    """Return the mappings that kzgraph brings along, by name."""
    folder = Path(str(files("kzgraph.exchange") / "mappings"))
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def find_mapping(name: str) -> Path:
    """Return the file of a mapping: a path, or the name of one that is shipped."""
    path = Path(name)
    if path.suffix or path.exists():
        return path
    known = shipped()
    if name not in known:
        raise UnknownNameError(
            "mapping", name, known, hint=f"a file, or one of: {', '.join(known)}"
        )
    return known[name]


def read_mapping(path: Path) -> Mapping:
    """Return a mapping.

    Raises SourceSyntaxError where the file is not TOML, and MappingError with the
    key where it says what cannot be followed.
    """
    from kzgraph.rdf.files import read_text

    text = read_text(path)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 1)
        raise SourceSyntaxError(
            str(error).partition(" (at ")[0],
            path=str(path),
            line=line,
            column=column,
            source_line=[*text.split("\n"), ""][line - 1],
            hint="a mapping is written in TOML 1.0",
        ) from error
    return _Reader(str(path)).mapping(raw)


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path

    def fail(self, where: str, message: str, hint: str = "") -> MappingError:
        return MappingError(self.path, where, message, hint=hint)

    def only(self, raw: Dict[str, Any], where: str, known: Iterable[str]) -> None:
        allowed = list(known)
        for name in raw:
            if name not in allowed:
                near = get_close_matches(name, allowed, n=1, cutoff=0.6)
                hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(allowed)}"
                raise self.fail(f"{where}.{name}" if where else name, "is not known", hint)

    def mapping(self, raw: Dict[str, Any]) -> Mapping:
        self.only(raw, "", ("title", "table", "source", "claim", "thing", "relator", "units"))
        table = self.part(raw, "table")
        self.only(table, "table", ("delimiter", "quoted", "required", "key"))
        source = self.part(raw, "source")
        self.only(source, "source", ("column", "is", "locator"))
        claim = self.part(raw, "claim")
        self.only(claim, "claim", ("claimant", "reporter", "attribution", "modality", "notes"))
        notes = claim.pop("notes", {})
        things = self.rules(raw, "thing")
        relators = self.rules(raw, "relator")
        if not things and not relators:
            raise self.fail("", "makes neither things nor relators", "add [[thing]] or [[relator]]")
        if relators and not ("column" in source or "is" in source):
            raise self.fail(
                "source",
                "says of no relator which source it rests on",
                'add column = "source", or is = "source-..." for the table itself',
            )
        return Mapping(
            path=self.path,
            title=str(raw.get("title", "")),
            delimiter=self.text(table, "table", "delimiter"),
            quoted=table.get("quoted"),
            required=self.names(table, "table", "required"),
            key=self.names(table, "table", "key"),
            source=Value(
                column=self.text(source, "source", "column"),
                constant=self.text(source, "source", "is"),
            ),
            locator=self.value(source["locator"], "source.locator")
            if "locator" in source
            else None,
            claim={name: self.value(v, f"claim.{name}") for name, v in claim.items()},
            notes={name: self.value(v, f"claim.notes.{name}") for name, v in notes.items()},
            things=things,
            relators=relators,
            units={
                name: self.unit(v, f"units.{name}") for name, v in self.part(raw, "units").items()
            },
        )

    def part(self, raw: Dict[str, Any], name: str) -> dict[str, Any]:
        found = raw.get(name, {})
        if not isinstance(found, dict):
            raise self.fail(name, "is a table of its own", f"write [{name}]")
        return dict(found)

    def text(self, raw: Dict[str, Any], where: str, name: str) -> str:
        found = raw.get(name, "")
        if not isinstance(found, str):
            raise self.fail(f"{where}.{name}", "is a text in quotes")
        return found

    def names(self, raw: Dict[str, Any], where: str, name: str) -> tuple[str, ...]:
        found = raw.get(name, [])
        if isinstance(found, str) or not all(isinstance(x, str) for x in found):
            raise self.fail(f"{where}.{name}", 'is a list of column names, like ["state", "year"]')
        return tuple(found)

    def rules(self, raw: Dict[str, Any], kind: str) -> tuple[Rule, ...]:
        found = raw.get(kind, [])
        if not isinstance(found, list):
            raise self.fail(kind, "is a list of tables", f"write [[{kind}]]")
        return tuple(self.rule(r, f"{kind}[{i}]", kind) for i, r in enumerate(found, start=1))

    def rule(self, raw: Dict[str, Any], where: str, kind: str) -> Rule:
        known = ["class", "when", "set", "columns", "file", "id"]
        if kind == "thing":
            known += ["label", "other", "code", "qid", "distinct"]
        self.only(raw, where, known)
        if "class" not in raw:
            raise self.fail(f"{where}.class", "is missing", 'such as class = "Membership"')
        if kind == "thing" and "id" not in raw:
            raise self.fail(f"{where}.id", "is missing", 'such as id = "company-{name}"')
        when = raw.get("when", {})
        values = raw.get("set", {})
        cls = raw["class"]
        return Rule(
            cls=Value(constant=cls) if isinstance(cls, str) else self.value(cls, f"{where}.class"),
            when={c: tuple([v] if isinstance(v, str) else v) for c, v in when.items()},
            values={p: self.value(v, f"{where}.set.{p}") for p, v in values.items()},
            all_columns=bool(raw.get("columns", False)),
            file=self.text(raw, where, "file"),
            key=self.value(raw["id"], f"{where}.id") if "id" in raw else None,
            labels=self.by_language(raw, where, "label"),
            other_labels=self.by_language(raw, where, "other"),
            codes=self.value(raw["code"], f"{where}.code") if "code" in raw else None,
            qid=self.value(raw["qid"], f"{where}.qid") if "qid" in raw else None,
            distinct=self.text(raw, where, "distinct"),
        )

    def by_language(self, raw: Dict[str, Any], where: str, name: str) -> dict[str, Value]:
        found = raw.get(name, {})
        self.only(found, f"{where}.{name}", LANGUAGES)
        return {lang: self.value(v, f"{where}.{name}.{lang}") for lang, v in found.items()}

    def value(self, raw: Any, where: str) -> Value:
        if isinstance(raw, str):
            return Value(template=raw) if "{" in raw else Value(column=raw)
        if not isinstance(raw, dict):
            raise self.fail(where, 'is a column name or a table like { column = "x" }')
        known = ("column", "is", "template", "default", "split", "map", "class", "lang")
        self.only(raw, where, known)
        if sum(name in raw for name in ("column", "is", "template")) != 1:
            raise self.fail(where, "has exactly one of column, is and template")
        words = raw.get("map", {})
        if not all(isinstance(v, str) for v in words.values()):
            raise self.fail(f"{where}.map", "maps words to texts")
        return Value(
            column=self.text(raw, where, "column"),
            constant=self.text(raw, where, "is"),
            template=self.text(raw, where, "template"),
            default=self.text(raw, where, "default"),
            split=self.text(raw, where, "split"),
            words=words,
            cls=self.text(raw, where, "class"),
            lang=self.text(raw, where, "lang"),
        )

    def unit(self, raw: Any, where: str) -> Unit:
        if isinstance(raw, str):
            return Unit(raw)
        if not isinstance(raw, dict) or "unit" not in raw:
            raise self.fail(where, 'is a unit or { unit = "CCY_USD", times = 1000000 }')
        self.only(raw, where, ("unit", "times"))
        return Unit(str(raw["unit"]), str(raw.get("times", 1)))
