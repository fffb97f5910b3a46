"""What pySHACL is handed: the same shapes, with as few calls as the same findings need.

pySHACL pays for each thing that one shape passes on to another, and for the report
of each alternative that fails, even where the next one holds. Two changes spare it
most of this and leave every finding as it is: the targets of a class's shape go to
its property shapes themselves (``lifted``), and a thing that meets a plain
alternative of a rule is no target of it (``narrowed``). Where only some things are
looked at, it gets what can be seen from them (``within_reach``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.namespaces import KZSH, RDF, RDF_TYPE, RDFS
from kzgraph.store.memory import Subject, Term, TripleIndex

SH: Final = "http://www.w3.org/ns/shacl#"


def sh(local: str) -> NamedNode:
    """Return the SHACL term of that local name."""
    return NamedNode(SH + local)


TARGET_CLASS: Final = sh("targetClass")
TARGET_SUBJECTS: Final = sh("targetSubjectsOf")
TARGET_NODE: Final = sh("targetNode")
TARGETS: Final = (TARGET_CLASS, TARGET_SUBJECTS, TARGET_NODE, sh("targetObjectsOf"))
PATH: Final = sh("path")
PROPERTY: Final = sh("property")
OR: Final = sh("or")
XONE: Final = sh("xone")
_NOT: Final = sh("not")
_MIN: Final = sh("minCount")
_MAX: Final = sh("maxCount")
_VALUE: Final = sh("hasValue")
_QUALIFIED: Final = sh("qualifiedValueShape")
_QUALIFIED_MIN: Final = sh("qualifiedMinCount")
_CLASS: Final = sh("class")
_EQUALS: Final = sh("equals")
_DISJOINT: Final = sh("disjoint")
_INVERSE: Final = sh("inversePath")
_SUBCLASS: Final = NamedNode(RDFS + "subClassOf")
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
# the longest path, what is asked of the things at its end, and their classes
_REACH: Final = 5
# what may stand beside an alternative and says nothing of its own about a thing
_SILENT: Final = frozenset(
    {*TARGETS, RDF_TYPE, OR, XONE, sh("message"), sh("severity"), NamedNode(KZSH + "hint")}
)


def lifted(shapes: TripleIndex) -> TripleIndex:
    """Return the shapes with the targets of a class's shape on its property shapes themselves.

    It means the same. What another shape refers to, is closed or switched off stays.
    """
    named: set[object] = {t.object for t in shapes if t.predicate != PROPERTY}
    # reached through a property shape, its own targets do not say all
    named |= {rule for shape, rule in shapes.pairs(PROPERTY) if shapes.objects(shape, PATH)}
    held = {s for name in ("closed", "deactivated") for s, _ in shapes.pairs(sh(name))}
    targets: dict[object, list[tuple[NamedNode, Term]]] = {}
    for predicate in TARGETS:
        for shape, target in shapes.pairs(predicate):
            if shape not in named and shape not in held and not shapes.objects(shape, PATH):
                targets.setdefault(shape, []).append((predicate, target))
    found: list[Triple] = []
    for triple in shapes:
        rule, own = triple.object, targets.get(triple.subject)
        if own and triple.predicate == PROPERTY and isinstance(rule, NamedNode | BlankNode):
            found += [Triple(rule, predicate, target) for predicate, target in own]
        else:
            found.append(triple)
    return TripleIndex(found)


def narrowed(shapes: TripleIndex, data: TripleIndex) -> TripleIndex:
    """Return the shapes without the targets that meet a rule of alternatives for certain.

    Only rules that are alternatives and nothing else, and only alternatives that ask
    for a count, a value or a class, are looked at; what is left goes to pySHACL.
    """
    met = _Alternatives(shapes, data)
    left: dict[Subject, list[Subject]] = {}
    for predicate in (OR, XONE):
        for shape, _ in shapes.pairs(predicate):
            targeted = any(shapes.objects(shape, target) for target in TARGETS)
            if targeted and set(shapes.predicates(shape)) <= _SILENT:
                left[shape] = [n for n in met.targets(shape) if not met.holds(shape, n)]
    return TripleIndex(
        [
            *(t for t in shapes if t.subject not in left or t.predicate not in TARGETS),
            *(Triple(shape, TARGET_NODE, n) for shape, nodes in left.items() for n in nodes),
        ]
    )


def within_reach(shapes: TripleIndex, data: TripleIndex, nodes: Iterable[Subject]) -> TripleIndex:
    """Return the part of the data that the shapes can look at from some things.

    A path of theirs leads along properties, and back along those of inverse paths.
    """
    back = [p for _, p in shapes.pairs(_INVERSE) if isinstance(p, NamedNode)]
    sources: dict[Term, list[Subject]] = {}
    for predicate in dict.fromkeys(back):
        for subject, value in data.pairs(predicate):
            sources.setdefault(value, []).append(subject)
    seen: dict[Subject, None] = {}
    frontier: dict[Subject, None] = dict.fromkeys(nodes)
    for _ in range(_REACH):
        seen.update(frontier)
        following: dict[Subject, None] = {}
        for node in frontier:
            following.update(dict.fromkeys(sources.get(node, ())))
            for triple in data.describe(node):
                if isinstance(triple.object, NamedNode | BlankNode):
                    following[triple.object] = None
        frontier = {node: None for node in following if node not in seen}
    return TripleIndex(triple for node in seen for triple in data.describe(node))


class _Alternatives:
    """Which things meet the alternatives of a rule, as far as counts, values and classes tell."""

    def __init__(self, shapes: TripleIndex, data: TripleIndex) -> None:
        self._shapes, self._data = shapes, data
        self._instances: dict[Term, list[Subject]] = {}
        for node, cls in data.pairs(RDF_TYPE):
            self._instances.setdefault(cls, []).append(node)
        self._below: dict[Term, list[Subject]] = {}
        for child, parent in data.pairs(_SUBCLASS):
            self._below.setdefault(parent, []).append(child)
        self._inverse: dict[NamedNode, dict[Term, list[Term]]] = {}
        self._members_of: dict[Term, frozenset[Subject]] = {}

    def targets(self, shape: Subject) -> Iterator[Subject]:
        """Yield what a shape is about, each thing once."""
        found: dict[Term, None] = {}
        for cls in self._shapes.objects(shape, TARGET_CLASS):
            found.update(dict.fromkeys(self._of_class(cls)))
        for predicate in self._shapes.objects(shape, TARGET_SUBJECTS):
            assert isinstance(predicate, NamedNode)
            found.update((node, None) for node, _ in self._data.pairs(predicate))
        for predicate in self._shapes.objects(shape, sh("targetObjectsOf")):
            assert isinstance(predicate, NamedNode)
            found.update((value, None) for _, value in self._data.pairs(predicate))
        found.update(dict.fromkeys(self._shapes.objects(shape, TARGET_NODE)))
        yield from (n for n in found if isinstance(n, NamedNode | BlankNode))

    def _of_class(self, cls: Term) -> Iterator[Subject]:
        classes: dict[Term, None] = {cls: None}
        pending = [cls]
        while pending:
            for below in self._below.get(pending.pop(), ()):
                if below not in classes:
                    classes[below] = None
                    pending.append(below)
        for each in classes:
            yield from self._instances.get(each, ())

    def holds(self, shape: Subject, node: Subject) -> bool:
        """Return whether a thing meets all alternatives of a shape for certain."""
        for cell in self._shapes.objects(shape, OR):
            if not any(self._meets(member, node) for member in self._members(cell)):
                return False
        for cell in self._shapes.objects(shape, XONE):
            answers = [self._meets(member, node) for member in self._members(cell)]
            if None in answers or answers.count(True) != 1:
                return False
        return True

    def _members(self, cell: Term) -> Iterator[Term]:
        while isinstance(cell, BlankNode):
            yield from self._shapes.objects(cell, _FIRST)
            cell = next(iter(self._shapes.objects(cell, _REST)), cell)

    def _meets(self, shape: Term, node: Subject) -> bool | None:
        """Return whether a thing meets a shape; None where that is for pySHACL to tell."""
        if not isinstance(shape, BlankNode):
            return None
        path = self._shapes.one(shape, PATH)
        values = self._values(path, [node]) if path is not None else None
        if path is not None and values is None:
            return None
        answers: list[bool | None] = []
        for predicate in self._shapes.predicates(shape):
            if predicate in (PATH, RDF_TYPE):
                continue
            for said in self._shapes.objects(shape, predicate):
                if values is not None and predicate == _QUALIFIED:
                    answers.append(self._enough(shape, said, values))
                elif values is not None and predicate == _QUALIFIED_MIN:
                    continue  # together with what it counts
                elif values is not None:
                    answers.append(self._allows(predicate, said, values, node))
                elif predicate == PROPERTY:
                    answers.append(self._meets(said, node))
                elif predicate == _NOT:
                    inner = self._meets(said, node)
                    answers.append(None if inner is None else not inner)
                else:
                    answers.append(None)
        if False in answers:
            return False
        return None if None in answers else True

    def _enough(self, shape: BlankNode, wanted: Term, values: list[Term]) -> bool | None:
        """Return whether enough of the values are of a wanted shape."""
        least = self._shapes.one(shape, _QUALIFIED_MIN)
        if not isinstance(least, Literal) or any(isinstance(v, Literal) for v in values):
            return None
        answers = [self._meets(wanted, v) for v in values if not isinstance(v, Literal)]
        if answers.count(True) >= int(least.value):
            return True
        return None if None in answers else False

    def _allows(
        self, predicate: NamedNode, said: Term, values: list[Term], node: Subject
    ) -> bool | None:
        """Return whether a constraint allows the values; None for one that is not known here."""
        if isinstance(said, Literal):
            if predicate == _MIN:
                return len(values) >= int(said.value)
            # a number may be the same and spelt otherwise
            return len(values) <= int(said.value) if predicate == _MAX else None
        if predicate == _VALUE:
            return said in values
        if predicate == _CLASS:
            return all(self._is_a(value, said) for value in values)
        if predicate in (_EQUALS, _DISJOINT) and isinstance(said, NamedNode):
            others = set(self._data.objects(node, said))
            if any(isinstance(value, Literal) for value in (*values, *others)):
                return None
            return others == {*values} if predicate == _EQUALS else others.isdisjoint(values)
        return None

    def _values(self, path: Term, start: list[Term]) -> list[Term] | None:
        """Return what a path leads to from some things; None for a path of another kind."""
        found: dict[Term, None] = {}
        if isinstance(path, NamedNode):
            for node in start:
                if not isinstance(node, Literal):
                    found.update(dict.fromkeys(self._data.objects(node, path)))
            return list(found)
        assert isinstance(path, BlankNode)
        if self._shapes.objects(path, _FIRST):
            values: list[Term] | None = start
            for step in self._members(path):
                values = None if values is None else self._values(step, values)
            return values
        inverse = self._shapes.objects(path, _INVERSE)
        if len(inverse) != 1 or not isinstance(inverse[0], NamedNode):
            return None
        known = self._inverse.get(inverse[0])
        if known is None:
            known = self._inverse[inverse[0]] = {}
            for subject, value in self._data.pairs(inverse[0]):
                known.setdefault(value, []).append(subject)
        for node in start:
            found.update(dict.fromkeys(known.get(node, ())))
        return list(found)

    def _is_a(self, value: Term, cls: Term) -> bool:
        """Return whether a value is an instance of a class or of one below it."""
        known = self._members_of.get(cls)
        if known is None:
            known = self._members_of[cls] = frozenset(self._of_class(cls))
        return value in known


def prepared(shapes: TripleIndex, data: TripleIndex) -> TripleIndex:
    """Return the shapes as pySHACL finds the same with them in the least time."""
    return narrowed(lifted(shapes), data)
