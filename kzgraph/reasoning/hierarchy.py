"""The hierarchies of classes and properties, closed: the ``scm-*`` rules of OWL 2 RL.

What everybody knows is left out: that a class is a subclass of itself and of
owl:Thing, that owl:Nothing is a subclass of it, and the like for properties.
So nothing is concluded from membership in owl:Nothing: it is a contradiction,
and reported as one.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from kzgraph.reasoning import vocabulary as v
from kzgraph.reasoning.schema import Node, Schema, Term

Axioms = tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step up a hierarchy: ``rule`` names it for members, ``schema_rule`` for the schema."""

    lower: Node
    upper: Node
    rule: str
    schema_rule: str
    axioms: Axioms


@dataclass(frozen=True, slots=True)
class SchemaFact:
    """A triple about the schema that the axioms entail."""

    triple: Triple
    rule: str
    axioms: Axioms


class Hierarchy:
    """Steps from lower to upper nodes and, by breadth-first search, the shortest ways up."""

    def __init__(self) -> None:
        self.steps: dict[tuple[Node, Node], Step] = {}
        self._up: dict[Node, list[Step]] = defaultdict(list)
        self._ways: dict[Node, dict[Term, tuple[Step, ...]]] = {}

    def add(self, step: Step) -> bool:
        """Add a step unless it is known already or leads nowhere; return whether it was added."""
        key = (step.lower, step.upper)
        if step.lower == step.upper or key in self.steps:
            return False
        self.steps[key] = step
        self._up[step.lower].append(step)
        self._ways.clear()
        return True

    def ways(self, lower: Term) -> dict[Term, tuple[Step, ...]]:
        """Return every node above this one with the shortest way to it."""
        if not isinstance(lower, Node) or lower not in self._up:
            return {}
        if lower not in self._ways:
            found: dict[Term, tuple[Step, ...]] = {}
            queue: deque[tuple[Node, tuple[Step, ...]]] = deque([(lower, ())])
            while queue:
                node, way = queue.popleft()
                for step in self._up.get(node, ()):
                    if step.upper != lower and step.upper not in found:
                        found[step.upper] = (*way, step)
                        queue.append((step.upper, found[step.upper]))
            self._ways[lower] = found
        return self._ways[lower]

    def nodes(self) -> list[Node]:
        """Return the nodes that have something above them."""
        return list(self._up)


def _axioms_of(way: tuple[Step, ...]) -> Axioms:
    return tuple(dict.fromkeys(axiom for step in way for axiom in step.axioms))


def close_classes(schema: Schema, properties: Hierarchy) -> Hierarchy:
    """Return the hierarchy of classes, restrictions compared with one another included."""
    classes = Hierarchy()
    for axiom in schema.triples(v.SUB_CLASS):
        _add_class(classes, schema, axiom, axiom.subject, axiom.object, "cax-sco", "scm-sco")
    for axiom in schema.triples(v.EQUIVALENT_CLASS):
        lower, upper = axiom.subject, axiom.object
        _add_class(classes, schema, axiom, lower, upper, "cax-eqc1", "scm-eqc1")
        _add_class(classes, schema, axiom, upper, lower, "cax-eqc2", "scm-eqc1")
    for axiom in schema.triples(v.INTERSECTION):
        for member in schema.members(axiom):
            _add_class(classes, schema, axiom, axiom.subject, member, "cls-int2", "scm-int")
    for axiom in schema.triples(v.UNION):
        for member in schema.members(axiom):
            _add_class(classes, schema, axiom, member, axiom.subject, "cls-uni", "scm-uni")
    restrictions = {
        kind: list(schema.restrictions(kind)) for kind in (v.SOME_VALUES, v.ALL_VALUES, v.HAS_VALUE)
    }
    compared = {kind: list(_neighbours(found, properties)) for kind, found in restrictions.items()}
    grown = True
    while grown:
        # one comparison can make another hold, through the filler of a nested restriction
        grown = False
        for kind, pairs in compared.items():
            for one, other in pairs:
                for step in _compare(kind, one, other, schema, classes, properties):
                    grown = classes.add(step) or grown
    return classes


def _add_class(
    classes: Hierarchy,
    schema: Schema,
    axiom: Triple,
    lower: object,
    upper: object,
    rule: str,
    schema_rule: str,
) -> None:
    assert isinstance(lower, Term) and isinstance(upper, Term)
    if schema.is_datatype(lower) and schema.is_datatype(upper):
        return
    if lower == v.NOTHING or (upper == v.THING and rule == "cax-sco"):
        return
    start = schema.class_from(lower, axiom)
    if upper == v.THING:
        schema.class_from(upper, axiom)
    classes.add(Step(start, schema.class_to(upper, axiom), rule, schema_rule, (axiom,)))


Restriction = tuple[Triple, Triple]


def _neighbours(
    found: list[Restriction], properties: Hierarchy
) -> Iterator[tuple[Restriction, Restriction]]:
    """Yield the pairs of restrictions on the same property or on one and a property above it."""
    by_property: dict[Term, list[Restriction]] = defaultdict(list)
    for restriction in found:
        by_property[_object(restriction[0])].append(restriction)
    for restriction in found:
        on = _object(restriction[0])
        for reached in (on, *properties.ways(on)):
            for other in by_property.get(reached, ()):
                if other != restriction:
                    yield restriction, other


def _compare(
    kind: NamedNode,
    one: Restriction,
    other: Restriction,
    schema: Schema,
    classes: Hierarchy,
    properties: Hierarchy,
) -> Iterator[Step]:
    """Yield the subclass steps between two restrictions: scm-hv, scm-svf*, scm-avf*."""
    (on1, has1), (on2, has2) = one, other
    property1, property2 = _object(on1), _object(on2)
    filler1, filler2 = _object(has1), _object(has2)
    lower, upper = on1.subject, on2.subject
    assert isinstance(lower, Node) and isinstance(upper, Node)
    cited = (on1, has1, on2, has2)
    way = properties.ways(property1).get(property2, ())
    if filler1 == filler2:
        axioms = tuple(dict.fromkeys((*cited, *_axioms_of(way))))
        if kind == v.HAS_VALUE:
            yield Step(lower, upper, "cax-sco", "scm-hv", axioms)
        elif kind == v.SOME_VALUES:
            yield Step(lower, upper, "cax-sco", "scm-svf2", axioms)
        else:
            yield Step(upper, lower, "cax-sco", "scm-avf2", axioms)
    elif property1 == property2 and kind != v.HAS_VALUE:
        above = classes.ways(filler1).get(filler2)
        trivial = (filler2 == v.THING and schema.is_declared(filler1)) or (
            filler1 == v.NOTHING and schema.is_declared(filler2)
        )
        if above is not None or trivial:
            axioms = tuple(dict.fromkeys((*cited, *_axioms_of(above or ()))))
            name = "scm-svf1" if kind == v.SOME_VALUES else "scm-avf1"
            yield Step(lower, upper, "cax-sco", name, axioms)


def close_properties(schema: Schema) -> Hierarchy:
    """Return the hierarchy of properties."""
    properties = Hierarchy()
    for axiom in schema.triples(v.SUB_PROPERTY):
        lower, upper = schema.ends(axiom)
        schema.property(lower, axiom)
        schema.super_property(upper, axiom)
        properties.add(Step(lower, upper, "prp-spo1", "scm-spo", (axiom,)))
    for axiom in schema.triples(v.EQUIVALENT_PROPERTY):
        lower, upper = schema.ends(axiom)
        schema.property(lower, axiom)
        schema.property(upper, axiom)
        properties.add(Step(lower, upper, "prp-eqp1", "scm-eqp1", (axiom,)))
        properties.add(Step(upper, lower, "prp-eqp2", "scm-eqp1", (axiom,)))
    return properties


def schema_facts(schema: Schema, classes: Hierarchy, properties: Hierarchy) -> list[SchemaFact]:
    """Return every schema triple that follows and is not asserted, in the order found."""
    facts: dict[Triple, SchemaFact] = {}
    asserted = set(schema.axioms)

    def conclude(subject: Node, predicate: NamedNode, value: Term, rule: str, why: Axioms) -> None:
        triple = Triple(subject, predicate, value)
        if triple not in asserted and value != v.THING:
            facts.setdefault(triple, SchemaFact(triple, rule, tuple(dict.fromkeys(why))))

    for hierarchy, sub, equivalent, kind in (
        (classes, v.SUB_CLASS, v.EQUIVALENT_CLASS, "eqc2"),
        (properties, v.SUB_PROPERTY, v.EQUIVALENT_PROPERTY, "eqp2"),
    ):
        longer = "scm-sco" if sub == v.SUB_CLASS else "scm-spo"
        for lower in hierarchy.nodes():
            for upper, way in hierarchy.ways(lower).items():
                rule = way[0].schema_rule if len(way) == 1 else longer
                conclude(lower, sub, upper, rule, _axioms_of(way))
                back = hierarchy.ways(upper).get(lower)
                if back is not None:
                    why = (*_axioms_of(way), *_axioms_of(back))
                    conclude(lower, equivalent, upper, f"scm-{kind}", why)
    below: dict[Term, list[tuple[Node, tuple[Step, ...]]]] = defaultdict(list)
    for lower in properties.nodes():
        for upper, way in properties.ways(lower).items():
            below[upper].append((lower, way))
    for predicate, name in ((v.DOMAIN, "dom"), (v.RANGE, "rng")):
        for axiom in schema.triples(predicate):
            on, value = schema.ends(axiom)
            above = classes.ways(value)
            for lower, down in ((on, ()), *below.get(on, ())):
                inherited = _axioms_of(down)
                if down:
                    conclude(lower, predicate, value, f"scm-{name}2", (axiom, *inherited))
                for upper, way in above.items():
                    why = (axiom, *inherited, *_axioms_of(way))
                    conclude(lower, predicate, upper, f"scm-{name}1", why)
    return list(facts.values())


def _object(axiom: Triple) -> Term:
    value = axiom.object
    assert isinstance(value, Term)
    return value
