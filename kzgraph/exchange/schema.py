"""What the ontology and its shapes say of properties, for reading cells.

The shapes are the one place that says which values a property takes; a cell is
read as its property's shape has it, so a mapping never repeats a datatype.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from kzgraph.namespaces import KZ, KZV, OWL, PREF_LABEL, PREFIXES, RDF_TYPE, kz
from kzgraph.queries.folding import plain
from kzgraph.store.memory import Subject
from kzgraph.validation.corpus import Corpus

SH: Final = PREFIXES["sh"]
UNIT: Final = PREFIXES["unit"]
_PATH, _DATATYPE, _CLASS, _PATTERN, _TARGET_CLASS = (
    NamedNode(SH + name) for name in ("path", "datatype", "class", "pattern", "targetClass")
)
_CONCEPT: Final = NamedNode(PREFIXES["skos"] + "Concept")
_LANG_STRING: Final = NamedNode(PREFIXES["rdf"] + "langString")
_CLASS_TYPE: Final = NamedNode(OWL + "Class")
_PROPERTIES: Final = frozenset(
    NamedNode(OWL + name) for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)


@dataclass(frozen=True)
class Property:
    """A property as its shapes describe it: a datatype, a scheme of concepts, or a class."""

    iri: NamedNode
    datatype: NamedNode | None = None
    scheme: str = ""
    cls: NamedNode | None = None

    @property
    def name(self) -> str:
        """The local name, such as ``memberState``."""
        return self.iri.value.removeprefix(KZ)


class Schema:
    """The classes, properties, concepts and units that tables may speak of."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    @cached_property
    def classes(self) -> dict[str, NamedNode]:
        """Our own classes by local name."""
        found = self._corpus.own_ontology.subjects_of(RDF_TYPE, _CLASS_TYPE)
        return {
            c.value.removeprefix(KZ): c
            for c in found
            if isinstance(c, NamedNode) and c.value.startswith(KZ)
        }

    def line(self, cls: Subject) -> tuple[Subject, ...]:
        """Return a class and those above it."""
        return self._corpus.parents.get(cls, (cls,))

    def is_kind_of(self, cls: Subject, wanted: Subject) -> bool:
        """Return whether a class is another one or below it."""
        return wanted in self.line(cls)

    @cached_property
    def properties(self) -> dict[str, Property]:
        """Every property by local name, or by CURIE where it is not ours."""
        shapes = self._corpus.shapes
        found: dict[str, Property] = {}
        for shape, path in shapes.pairs(_PATH):
            if not isinstance(path, NamedNode):
                continue
            name = _name(path)
            datatype, cls = shapes.node(shape, _DATATYPE), shapes.node(shape, _CLASS)
            pattern = shapes.one(shape, _PATTERN)
            scheme = ""
            if cls == _CONCEPT and isinstance(pattern, Literal):
                scheme = pattern.value.rpartition("/vocabulary/")[2]
            known = found.get(name, Property(path))
            found[name] = Property(
                path,
                known.datatype or datatype,
                known.scheme or scheme,
                known.cls or (cls if cls != _CONCEPT else None),
            )
        for kind in _PROPERTIES:
            for prop in self._corpus.own_ontology.subjects_of(RDF_TYPE, kind):
                if isinstance(prop, NamedNode) and prop.value.startswith(KZ):
                    found.setdefault(_name(prop), Property(prop))
        return found

    @cached_property
    def _kinds(self) -> dict[Subject, str]:
        shapes = self._corpus.shapes
        found: dict[Subject, str] = {}
        for shape, pattern in shapes.pairs(_PATTERN):
            kind = re.search(r"/id/([a-z-]+)-\[a-z0-9\]", str(getattr(pattern, "value", "")))
            if kind:
                for cls in shapes.objects(shape, _TARGET_CLASS):
                    if isinstance(cls, NamedNode):
                        found[cls] = kind[1]
        return found

    def kind(self, cls: NamedNode) -> str:
        """Return how the names of a class's things begin, as its shape has it."""
        return next((self._kinds[c] for c in self.line(cls) if c in self._kinds), "")

    @cached_property
    def units(self) -> frozenset[str]:
        """The local names of the QUDT units that the ontology describes."""
        return frozenset(
            s.value.removeprefix(UNIT)
            for s in self._corpus.ontology.subjects()
            if isinstance(s, NamedNode) and s.value.startswith(UNIT)
        )

    @cached_property
    def concepts(self) -> dict[str, list[NamedNode]]:
        """Concepts by local name and by their labels, folded."""
        found: dict[str, list[NamedNode]] = defaultdict(list)
        for concept in self._corpus.ontology.subjects_of(RDF_TYPE, _CONCEPT):
            if not isinstance(concept, NamedNode) or not concept.value.startswith(KZV):
                continue
            found[concept.value.removeprefix(KZV)].append(concept)
            for label in self._corpus.ontology.objects(concept, PREF_LABEL):
                if isinstance(label, Literal) and concept not in found[plain(label.value)]:
                    found[plain(label.value)].append(concept)
        return dict(found)

    @cached_property
    def identifying(self) -> dict[Subject, list[NamedNode]]:
        """The properties that identify the slot of each relator class, its own or inherited."""
        own: dict[Subject, list[NamedNode]] = {}
        for cls, prop in self._corpus.own_ontology.pairs(kz("identifiedBy")):
            if isinstance(prop, NamedNode):
                own.setdefault(cls, []).append(prop)
        found: dict[Subject, list[NamedNode]] = {}
        for cls in self.classes.values():
            nearest = next((own[c] for c in self.line(cls) if c in own), [])
            found[cls] = sorted(nearest, key=lambda p: p.value)
        return found


def _name(prop: NamedNode) -> str:
    from kzgraph.namespaces import shrink

    return prop.value.removeprefix(KZ) if prop.value.startswith(KZ) else shrink(prop.value)
