"""The SHACL shapes run over the data by pySHACL, and their results read.

pySHACL gets the data, the ontology's modules and vocabularies and what the
build computes, in one graph: without the ontology a relator with no claim would
pass, because nobody would know that it is one. The alignments stay out: they
make our things instances of other vocabularies' classes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.namespaces import KZSH, RDF, shrink
from kzgraph.store.memory import Subject, Term, TripleIndex
from kzgraph.validation.corpus import Corpus, Problem
from kzgraph.validation.targets import (
    SH,
    TARGET_CLASS,
    TARGET_NODE,
    TARGET_SUBJECTS,
    prepared,
    sh,
    within_reach,
)

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node as RdflibNode

HINT: Final = NamedNode(KZSH + "hint")
_SEVERITIES: Final = {"Violation": "error", "Warning": "warning", "Info": "info"}


_PATH: Final = sh("path")
_MESSAGE: Final = sh("message")
_SEVERITY: Final = sh("severity")
_FIRST: Final = NamedNode(RDF + "first")
_NESTED: Final = (sh("or"), sh("and"), sh("xone"), sh("not"), sh("property"), sh("node"))
_COMPONENTS: Final = "ConstraintComponent"


@dataclass(frozen=True)
class Violation:
    """A result of a shape: which rule, on which thing, by which constraint."""

    rule: NamedNode
    node: Subject
    value: Term | None
    path: NamedNode | None
    component: str


class Shapes:
    """The shapes, with what their rules say."""

    def __init__(self, triples: TripleIndex) -> None:
        self.triples = triples

    @cached_property
    def rules(self) -> list[NamedNode]:
        """The named rules, in the order of the files."""
        return [
            node
            for node in self.triples.subjects()
            if isinstance(node, NamedNode) and self.triples.objects(node, _MESSAGE)
        ]

    def severity(self, rule: NamedNode) -> str:
        """Return ``error``, ``warning`` or ``info``."""
        level = self.triples.node(rule, _SEVERITY)
        return _SEVERITIES[level.value.removeprefix(SH) if level else "Violation"]

    def text(self, rule: NamedNode, predicate: NamedNode, lang: str) -> str:
        """Return the message or the hint of a rule in a language, else in English."""
        found = {
            o.language: o.value
            for o in self.triples.objects(rule, predicate)
            if isinstance(o, Literal)
        }
        return found.get(lang) or found.get("en", "")

    def message(self, rule: NamedNode, lang: str = "en") -> str:
        """Return what the rule says."""
        return self.text(rule, _MESSAGE, lang)

    def hint(self, rule: NamedNode, lang: str = "en") -> str:
        """Return what to do where data breaks the rule."""
        return self.text(rule, HINT, lang)

    def predicates(self, rule: Subject) -> tuple[NamedNode, ...]:
        """Return the properties that a rule looks at, in the order in which it names them."""
        found: dict[NamedNode, None] = {}
        seen: set[Subject] = set()

        def visit(node: Subject) -> None:
            if node in seen:
                return
            seen.add(node)
            for value in self.triples.objects(node, _PATH):
                self._path(value, found)
            for predicate in self.triples.predicates(node):
                if predicate in _NESTED or predicate.value.startswith(RDF):
                    for value in self.triples.objects(node, predicate):
                        if isinstance(value, NamedNode | BlankNode):
                            visit(value)

        visit(rule)
        return tuple(found)

    def _path(self, value: Term, found: dict[NamedNode, None]) -> None:
        """Collect the properties of a path that start at the thing itself."""
        if isinstance(value, NamedNode):
            found[value] = None
        elif isinstance(value, BlankNode) and self.triples.objects(value, _FIRST):
            # of a sequence only the first step starts at the thing
            self._path(self.triples.objects(value, _FIRST)[0], found)
        elif isinstance(value, BlankNode):
            for members in self.triples.objects(value, sh("alternativePath")):
                for member in self._members(members):
                    self._path(member, found)

    def _members(self, cell: Term) -> Iterator[Term]:
        while isinstance(cell, BlankNode):
            yield from self.triples.objects(cell, _FIRST)
            cell = next(iter(self.triples.objects(cell, NamedNode(RDF + "rest"))), cell)

    def targeted(self, corpus: Corpus, nodes: Iterable[Subject]) -> list[Triple]:
        """Return the shapes with the given nodes as targets instead of classes.

        So only these nodes are validated, while everything else can be looked at.
        """
        by_class: dict[Term, list[Subject]] = {}
        by_property: dict[Term, list[Subject]] = {}
        for node in nodes:
            for cls in corpus.classes(node):
                by_class.setdefault(cls, []).append(node)
            for predicate in corpus.data.predicates(node):
                by_property.setdefault(predicate, []).append(node)
        kept: list[Triple] = []
        for triple in self.triples:
            source = {TARGET_CLASS: by_class, TARGET_SUBJECTS: by_property}.get(triple.predicate)
            if source is None:
                kept.append(triple)
                continue
            kept += [
                Triple(triple.subject, TARGET_NODE, node)
                for node in source.get(triple.object, ())  # type: ignore[arg-type]
            ]
        return kept


class _Translation:
    """Terms of pyoxigraph as terms of RDFLib, each made once, and back."""

    def __init__(self) -> None:
        from rdflib import BNode, URIRef
        from rdflib import Literal as RdflibLiteral

        self._uri, self._blank, self._literal = URIRef, BNode, RdflibLiteral
        self._there: dict[object, RdflibNode] = {}
        self._back: dict[RdflibNode, Term] = {}

    def there(self, term: object) -> RdflibNode:
        known = self._there.get(term)
        if known is not None:
            return known
        made: RdflibNode
        if isinstance(term, NamedNode):
            made = self._uri(term.value)
        elif isinstance(term, BlankNode):
            made = self._blank(term.value)
        else:
            assert isinstance(term, Literal)
            # the author's spelling is kept: 1.50 stays 1.50
            made = (
                self._literal(term.value, lang=term.language)
                if term.language
                else self._literal(
                    term.value, datatype=self._uri(term.datatype.value), normalize=False
                )
            )
        self._there[term] = made
        self._back.setdefault(made, term)
        return made

    def back(self, node: RdflibNode | None) -> Term | None:
        return None if node is None else self._back.get(node)

    def graph(self, triples: Iterable[Triple]) -> rdflib.Graph:
        from rdflib import Graph

        graph = Graph(bind_namespaces="none")
        there = self.there
        graph.addN((there(t.subject), there(t.predicate), there(t.object), graph) for t in triples)
        return graph


def rdflib_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return triples as a graph of RDFLib, every literal spelt as it was."""
    return _Translation().graph(triples)


def run_shapes(data: Iterable[Triple], shapes: Iterable[Triple]) -> list[Violation]:
    """Return what the shapes find in the data, once per rule, thing, value and path."""
    known = TripleIndex(data)
    return run_as_given(known, prepared(TripleIndex(shapes), known))


def run_as_given(data: Iterable[Triple], shapes: Iterable[Triple]) -> list[Violation]:
    """Return the same with the shapes as they stand, which takes several times as long."""
    import pyshacl

    translation = _Translation()
    with _quiet("rdflib.term"):
        _, results, _ = pyshacl.validate(
            translation.graph(data),
            shacl_graph=translation.graph(shapes),
            inference="none",
            inplace=True,
        )
    return list(dict.fromkeys(_results(results, translation)))


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keep a logger from warning, for a while: of ill-typed literals the shapes tell more."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _results(report: rdflib.Graph, translation: _Translation) -> Iterator[Violation]:
    from rdflib import Namespace

    terms = Namespace(SH)
    # only the results of the report itself: pySHACL nests further ones under sh:detail
    for result in report.objects(None, terms.result):
        rule = translation.back(report.value(result, terms.sourceShape))
        node = translation.back(report.value(result, terms.focusNode))
        if not isinstance(rule, NamedNode) or not isinstance(node, NamedNode | BlankNode):
            continue
        path = report.value(result, terms.resultPath)
        component = str(report.value(result, terms.sourceConstraintComponent) or "")
        value = translation.back(report.value(result, terms.value))
        yield Violation(
            rule,
            node,
            None if value == node else value,
            NamedNode(str(path)) if path is not None and str(path).startswith("http") else None,
            component.removeprefix(SH).removesuffix(_COMPONENTS),
        )


def check_shapes(
    corpus: Corpus, computed: Iterable[Triple], *, nodes: Iterable[Subject] | None = None
) -> Iterator[Problem]:
    """Yield the problems that the shapes find, in all of the data or on some things."""
    shapes = Shapes(corpus.shapes)
    known = TripleIndex([*corpus.data, *computed])
    wanted: Iterable[Triple] = shapes.triples
    if nodes is not None:
        nodes = list(nodes)
        wanted = shapes.targeted(corpus, nodes)
        known = within_reach(shapes.triples, known, nodes)
    data = [*known, *corpus.own_ontology]
    seen: set[tuple[Term | None, ...]] = set()
    for found in run_shapes(data, wanted):
        predicates = (found.path,) if found.path else shapes.predicates(found.rule)
        key = (found.rule, found.node, found.value)
        if key in seen:
            continue
        seen.add(key)
        repeated = found.component == "MaxCount" and found.path is not None
        yield Problem(
            shrink(found.rule.value),
            found.node,
            predicates=predicates,
            value=found.value,
            values=tuple(corpus.data.objects(found.node, predicates[0])) if repeated else (),
        )
