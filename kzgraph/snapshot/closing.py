"""From asserted triples to the closed graph: bounds, slots, policy, gate, closure.

Pure: triples in, triples with rounds out. Nothing here touches a file.

What the build derives (support, slots, bounds, facts, direct edges) is never
taken from the data, where no claim would stand behind it: such statements are
left out, and ``ClosedGraph.left_out`` names them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Triple

from kzgraph.claims.gate import CLAIM, FACT, SUPPORTED_BY, Gate, apply_policy, claim_defaults
from kzgraph.claims.slots import BOUNDS, IDENTIFIED_BY, SLOT, Slots, compute_slots
from kzgraph.namespaces import KZ, RDF_TYPE, RDFS, kz, kzv
from kzgraph.reasoning.closure import Closure, close
from kzgraph.reasoning.rules import RuleSet, compile_ontology
from kzgraph.store.memory import Subject, TripleIndex, uncollected
from kzgraph.temporal.bounds import TIME_PROPERTIES, derive_bounds

SUBCLASS_OF = NamedNode(RDFS + "subClassOf")
TEMPORAL_KIND = kz("temporalKind")
STATE_KIND = kzv("temporal-state")
RELATOR = kz("Relator")
DERIVED = frozenset({SUPPORTED_BY, SLOT, *BOUNDS})
# besides relators, what our own properties may be written on
DESCRIBED = (CLAIM, kz("Passage"), kz("Proposition"), kz("SourceDocument"))

Closer = Callable[[RuleSet, Iterable[Triple]], Closure]


@dataclass(frozen=True)
class ClassTree:
    """The class hierarchy as far as relators need it."""

    ancestors: dict[NamedNode, list[NamedNode]]

    @classmethod
    def of(cls, schema: TripleIndex) -> ClassTree:
        """Return each class's ancestors, itself first, nearest before farther."""
        parents: dict[NamedNode, list[NamedNode]] = {}
        for child, parent in schema.pairs(SUBCLASS_OF):
            if isinstance(child, NamedNode) and isinstance(parent, NamedNode):
                parents.setdefault(child, []).append(parent)
        ancestors: dict[NamedNode, list[NamedNode]] = {}
        for start in {*parents, *(p for ps in parents.values() for p in ps)}:
            line, seen = [start], {start}
            for node in line:
                for parent in parents.get(node, ()):
                    if parent not in seen:
                        seen.add(parent)
                        line.append(parent)
            ancestors[start] = line
        return cls(ancestors)

    def line(self, node: NamedNode) -> list[NamedNode]:
        """Return a class and its ancestors."""
        return self.ancestors.get(node, [node])

    def inherited(
        self, schema: TripleIndex, predicate: NamedNode
    ) -> dict[NamedNode, list[NamedNode]]:
        """Return what each class says with an annotation, else its nearest ancestor."""
        found: dict[NamedNode, list[NamedNode]] = {}
        for cls_, line in self.ancestors.items():
            for ancestor in line:
                values = [
                    o for o in schema.objects(ancestor, predicate) if isinstance(o, NamedNode)
                ]
                if values:
                    found[cls_] = values
                    break
        return found


@dataclass(frozen=True)
class ClosedGraph:
    """A graph closed under a policy.

    ``asserted`` are the given triples, ``computed`` what the build adds to them
    (defaults, support, bounds, slots, facts), ``closure`` what the rules infer.
    """

    asserted: TripleIndex
    computed: list[Triple]
    closure: Closure
    rules: RuleSet
    gate: Gate
    slots: Slots
    left_out: list[Triple] = field(default_factory=list)


def close_graph(
    ontology: Iterable[Triple],
    data: Iterable[Triple],
    *,
    policy: str = "best",
    closer: Closer = close,
    rules: RuleSet | None = None,
) -> ClosedGraph:
    """Return the graph of an ontology and data, closed under a policy."""
    with uncollected():
        return _close_graph(TripleIndex(ontology), TripleIndex(data), policy, closer, rules)


def _close_graph(
    schema: TripleIndex,
    given: TripleIndex,
    policy: str,
    closer: Closer,
    rules: RuleSet | None,
) -> ClosedGraph:
    rules = rules or compile_ontology(schema)
    tree = ClassTree.of(schema)
    relator_classes = _relator_classes(given, tree)
    graph, left_out = _without_derived(given, relator_classes)
    kinds = {
        cls: values[0].value.rpartition("/")[2]
        for cls, values in tree.inherited(schema, TEMPORAL_KIND).items()
    }
    bounds = list(derive_bounds(_dated(graph), kinds))
    slots = compute_slots(
        graph,
        relator_classes,
        _keys(schema),
        events=frozenset(
            relator
            for relator, classes in relator_classes.items()
            if classes and kinds.get(classes[0]) != STATE_KIND.value.rpartition("/")[2]
        ),
        bounds=TripleIndex(bounds),
    )
    gate = apply_policy(graph, list(relator_classes), slots, policy=policy)
    computed = [
        *claim_defaults(graph),
        *bounds,
        *gate.supported_by,
        *slots.triples(),
        *gate.fact_triples(),
    ]
    schema.take_over(graph)
    withheld = relator_classes.keys() - gate.facts
    admitted = (
        t for node in schema.subjects() if node not in withheld for t in schema.describe(node)
    )
    closure = closer(rules, admitted)
    return ClosedGraph(schema, computed, closure, rules, gate, slots, left_out)


def _dated(graph: TripleIndex) -> Iterator[Triple]:
    """Yield the triples from which bounds follow: classes and dates."""
    for predicate in (RDF_TYPE, *TIME_PROPERTIES):
        for node, value in graph.pairs(predicate):
            yield Triple(node, predicate, value)


def _keys(schema: TripleIndex) -> dict[NamedNode, list[NamedNode]]:
    """Return the identifying properties that each class names itself."""
    keys: dict[NamedNode, list[NamedNode]] = {}
    for cls_, key in schema.pairs(IDENTIFIED_BY):
        if isinstance(cls_, NamedNode) and isinstance(key, NamedNode):
            keys.setdefault(cls_, []).append(key)
    return keys


def _without_derived(
    graph: TripleIndex, relators: Container[Subject]
) -> tuple[TripleIndex, list[Triple]]:
    """Return the statements that may be written, and those that only the build may make."""
    described = {node for kind in DESCRIBED for node in graph.subjects_of(RDF_TYPE, kind)}
    unwanted = {
        Triple(node, predicate, value)
        for predicate in graph.all_predicates()
        if predicate in DERIVED or predicate == RDF_TYPE or predicate.value.startswith(KZ)
        for node, value in graph.pairs(predicate)
        if predicate in DERIVED
        or (
            value == FACT
            if predicate == RDF_TYPE
            else node not in relators and node not in described
        )
    }
    if not unwanted:
        return graph, []
    left_out = [triple for triple in graph if triple in unwanted]
    return TripleIndex(t for t in graph if t not in unwanted), left_out


def _relator_classes(graph: TripleIndex, tree: ClassTree) -> dict[Subject, list[NamedNode]]:
    """Return each relator with its classes, the narrowest first."""
    relators: dict[Subject, list[NamedNode]] = {}
    for node, cls in graph.pairs(RDF_TYPE):
        if isinstance(cls, NamedNode) and RELATOR in tree.line(cls):
            known = relators.setdefault(node, [])
            known += [c for c in tree.line(cls) if c not in known]
    for classes in relators.values():
        classes.sort(key=lambda c: -len(tree.line(c)))
    return relators
