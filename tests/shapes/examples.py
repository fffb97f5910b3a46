"""The examples of the shapes, put into one graph in which none meets another.

Each example is a file beside this one, ``<class>/valid.ttl`` or
``<class>/invalid-<rule>-<reason>.ttl``. What it takes for granted (a state, a
source, a passage) is in ``context.ttl``. To validate hundreds of them in one
run, every name gets the number of its example as a suffix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kzgraph.namespaces import KZR, WD
from kzgraph.validation.corpus import ONTOLOGY, USER, Corpus, SourceText
from kzgraph.validation.shapes import SH, Shapes, Violation, run_shapes

HERE = Path(__file__).parent
_SUFFIX = re.compile(r"-x(\d+)$")


@dataclass(frozen=True)
class Example:
    """A file with an example; ``rule`` is the one it breaks, None where it breaks none."""

    path: Path

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def reason(self) -> str:
        """What of the file's name follows ``invalid-``, empty for a valid one."""
        return self.path.stem.removeprefix("invalid-").removeprefix("valid")


def examples() -> list[Example]:
    return [Example(path) for path in sorted(HERE.glob("*/*.ttl"))]


def read(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path.read_bytes(), format=RdfFormat.TURTLE)]


def shape_files() -> list[Path]:
    from kzgraph import resources

    return sorted((resources.folder("ontology") / "shapes").glob("*.ttl"))


class Run:
    """All examples validated together: which example breaks which rules by which constraint."""

    def __init__(self) -> None:
        corpus = Corpus.read()
        self.shapes = Shapes(corpus.shapes)
        self.examples = examples()
        context: dict[object, list[Triple]] = {}
        for triple in read(HERE / "context.ttl"):
            context.setdefault(triple.subject, []).append(triple)
        data: list[Triple] = []
        own: set[NamedNode] = set()
        for number, example in enumerate(self.examples):
            triples = read(example.path)
            subjects = {t.subject for t in triples}
            pending = [t.object for t in triples]
            reached = set(subjects)
            while pending:
                node = pending.pop()
                if node in context and node not in reached:
                    reached.add(node)
                    triples += context[node]
                    pending += [t.object for t in context[node]]
            data += [_renamed(t, number) for t in triples]
            own |= {s for s in (_rename(x, number) for x in subjects) if isinstance(s, NamedNode)}
        self.rules_of: dict[str, set[tuple[str, str]]] = {e.name: set() for e in self.examples}
        whole = Corpus(
            [
                *(t for t in corpus.texts if t.kind == ONTOLOGY),
                SourceText(HERE, "examples", USER, "", data, {}),
            ]
        )
        computed = whole.closed.computed
        found = run_shapes(
            [*data, *computed, *corpus.own_ontology], self.shapes.targeted(whole, own)
        )
        for violation in found:
            number = _number(violation)
            example = self.examples[number]
            rule = violation.rule.value.partition("#")[2]
            self.rules_of[example.name].add((rule, violation.component))

    def constraints(self) -> set[tuple[str, str]]:
        """Return each rule with each constraint that it has of its own."""
        found: set[tuple[str, str]] = set()
        for rule in self.shapes.rules:
            for predicate in self.shapes.triples.predicates(rule):
                component = _COMPONENT.get(predicate.value.removeprefix(SH))
                if component:
                    found.add((rule.value.partition("#")[2], component))
        return found


_COMPONENT = {
    name: name[0].upper() + name[1:]
    for name in (
        "and", "class", "closed", "datatype", "disjoint", "equals", "hasValue", "in", "languageIn",
        "lessThanOrEquals", "maxCount", "maxInclusive", "maxLength", "minCount", "minInclusive",
        "node", "nodeKind", "not", "or", "pattern", "uniqueLang", "xone",
    )
} | {"qualifiedMinCount": "QualifiedMinCount"}  # fmt: skip


def _rename(term: object, number: int) -> object:
    if isinstance(term, NamedNode):
        if term.value.startswith(KZR):
            return NamedNode(f"{term.value}-x{number}")
        if term.value.startswith(WD + "Q"):
            return NamedNode(f"{term.value}{number:04}")
        if term.value.endswith("vocabulary/relation-example"):
            return NamedNode(f"{term.value}-x{number}")
    return term


def _renamed(triple: Triple, number: int) -> Triple:
    return Triple(
        _rename(triple.subject, number),  # type: ignore[arg-type]
        triple.predicate,
        _rename(triple.object, number),  # type: ignore[arg-type]
    )


def _number(violation: Violation) -> int:
    assert isinstance(violation.node, NamedNode)
    found = _SUFFIX.search(violation.node.value)
    assert found, violation
    return int(found.group(1))
