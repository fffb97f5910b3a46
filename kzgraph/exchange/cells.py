"""Cells: the text of a cell as a term, read as the shape of its property has it."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal, NamedNode

from kzgraph.errors import KzgraphError
from kzgraph.exchange.inventory import Inventory, NamingError
from kzgraph.exchange.mapping import Mapping, Unit, Value
from kzgraph.exchange.schema import UNIT, Property
from kzgraph.namespaces import EDTF, KZV, PREFIXES, XSD, expand, kz
from kzgraph.queries.folding import plain
from kzgraph.temporal.bounds import bounds_of_date

_EDTF: Final = NamedNode(EDTF + "EDTF")
_DECIMAL, _INTEGER = NamedNode(XSD + "decimal"), NamedNode(XSD + "integer")
_STRING, _DATE, _URI = (NamedNode(XSD + n) for n in ("string", "date", "anyURI"))
_BOOLEAN: Final = NamedNode(XSD + "boolean")
_LANG_STRING: Final = NamedNode(PREFIXES["rdf"] + "langString")
_LICENSE: Final = NamedNode(PREFIXES["dcterms"] + "license")
_UNIT: Final = kz("unit")
_LEAVES_OPEN: Final = kz("leavesOpen")
# what a unit of the table multiplies
_AMOUNTS: Final = frozenset({kz("value"), kz("valueMin"), kz("valueMax")})
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_GROUPED = re.compile(r"[+-]?\d{1,3}([ \u00a0\u202f,.]\d{3})+([.,]\d+)?")


class CellError(Exception):
    """A cell cannot be read as its property needs it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


class CellReader:
    """Reads cells; names are looked up in the inventory."""

    def __init__(self, inventory: Inventory, mapping: Mapping) -> None:
        self.inventory, self.mapping = inventory, mapping

    def property(self, name: str) -> Property:
        """Return a property by its local name or CURIE."""
        known = self.inventory.schema.properties
        if ":" in name and not name.startswith("kz:"):
            # another vocabulary's property may have no shape of ours
            return known.get(name) or Property(expand(name))
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, n=3, cutoff=0.6)
            hint = f"did you mean {', '.join(near)}?" if near else "see ontology/modules"
            raise CellError(f"there is no property {name!r}", hint)
        return known[name]

    def term(
        self, text: str, prop: Property, value: Value, *, unit: Unit | None = None
    ) -> NamedNode | Literal:
        """Return the text of a cell as a term.

        ``unit`` is the unit of the row, which multiplies amounts. Raises CellError.
        """
        if prop.iri == _UNIT:
            return self._unit(text)
        if prop.iri == _LEAVES_OPEN:
            return self.property(text.removeprefix("kz:")).iri
        if prop.scheme:
            return self._concept(text, prop.scheme)
        if value.lang or prop.datatype == _LANG_STRING:
            return Literal(text, language=value.lang or "en")
        if prop.datatype is not None:
            return self._literal(text, prop, unit)
        if prop.iri == _LICENSE or (prop.cls is None and text.startswith(("http://", "https://"))):
            return NamedNode(text)
        cls = self._class(value.cls) if value.cls else prop.cls
        try:
            return self.inventory.find(text, cls)
        except NamingError as problem:
            raise CellError(problem.message, problem.hint) from problem

    def _class(self, name: str) -> NamedNode:
        known = self.inventory.schema.classes
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, n=3, cutoff=0.6)
            raise CellError(
                f"there is no class {name!r}", f"did you mean {', '.join(near)}?" if near else ""
            )
        return known[name]

    def cls(self, name: str) -> NamedNode:
        """Return a class by its local name."""
        return self._class(name.removeprefix("kz:"))

    def unit_of(self, text: str) -> Unit:
        """Return what a unit of the table stands for."""
        if text in self.mapping.units:
            return self.mapping.units[text]
        return Unit(text.removeprefix("unit:"))

    def _unit(self, text: str) -> NamedNode:
        name = self.unit_of(text).unit
        if name not in self.inventory.schema.units:
            from difflib import get_close_matches

            known = sorted(self.inventory.schema.units)
            near = get_close_matches(name, known, n=3, cutoff=0.5) or known
            raise CellError(
                f"the unit {text!r} is not known",
                f"write a QUDT unit like {', '.join(near[:9])}, or add it to the mapping's [units]",
            )
        return NamedNode(UNIT + name)

    def _concept(self, text: str, scheme: str) -> NamedNode:
        concepts = self.inventory.schema.concepts
        name = text.removeprefix("kzv:")
        for key in (name, scheme + name, plain(text)):
            fitting = [c for c in concepts.get(key, ()) if c.value.startswith(KZV + scheme)]
            if len(fitting) == 1:
                return fitting[0]
        from difflib import get_close_matches

        known = [
            k for k, cs in concepts.items() if any(c.value.startswith(KZV + scheme) for c in cs)
        ]
        near = get_close_matches(text, known, n=3, cutoff=0.5)
        raise CellError(
            f"{text!r} is no {scheme.rstrip('-')}",
            f"did you mean {', '.join(near)}?"
            if near
            else f"known are: {', '.join(sorted(known)[:12])}",
        )

    def _literal(self, text: str, prop: Property, unit: Unit | None) -> Literal:
        if prop.datatype == _EDTF:
            return self._date(text, prop)
        if prop.datatype == _DECIMAL:
            number = _number(text)
            if unit is not None and prop.iri in _AMOUNTS:
                number *= Decimal(unit.times)
            return Literal(decimal_text(number), datatype=_DECIMAL)
        if prop.datatype == _INTEGER:
            number = _number(text)
            if number != number.to_integral_value():
                raise CellError(f"{text!r} is not a whole number")
            return Literal(str(int(number)), datatype=_INTEGER)
        if prop.datatype == _DATE:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                raise CellError(f"{text!r} is not a day", _day_hint(text))
            self._date(text, Property(kz("date")))
            return Literal(text, datatype=_DATE)
        if prop.datatype == _URI:
            if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", text):
                raise CellError(f"{text!r} is not a web address", "write https://...")
            return Literal(text, datatype=_URI)
        if prop.datatype == _BOOLEAN:
            if text not in ("true", "false"):
                raise CellError(f"{text!r} is neither true nor false")
            return Literal(text, datatype=_BOOLEAN)
        return Literal(text)

    def _date(self, text: str, prop: Property) -> Literal:
        try:
            bounds_of_date(prop.iri, text)
        except KzgraphError as error:
            raise CellError(error.message, _day_hint(text) or error.hint) from error
        return Literal(text, datatype=_EDTF)


def _day_hint(text: str) -> str:
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first:
        day, month, year = day_first.groups()
        return f"write year, month, day: {year}-{month:0>2}-{day:0>2}"
    return ""


def _number(text: str) -> Decimal:
    """Return a number written with a point, without groups of thousands."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        if _GROUPED.fullmatch(text):
            hint = "write it without groups of thousands and with a decimal point: 1234567.5"
        else:
            hint = "write digits and a decimal point, the unit in its own column"
        raise CellError(f"{text!r} is not a number", hint) from None
    if not number.is_finite():
        raise CellError(f"{text!r} is not a number")
    return number


def decimal_text(number: Decimal) -> str:
    """Return a decimal as Turtle has it, with a point and no exponent."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0")
    return text + "0" if text.endswith(".") else text if "." in text else text + ".0"


__all__ = ["CellError", "CellReader", "decimal_text"]
