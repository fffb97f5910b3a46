"""The rules that an ontology stands for, compiled once, each with the axioms behind it.

Compiling turns OWL 2 RL's rules about *any* axiom into rules about *these*
axioms: ``kz:State rdfs:subClassOf kz:Place`` becomes "who is a kz:State is a
kz:Place", named ``cax-sco`` as in the W3C's table. A property chain of any
length is one rule. What the rules do not cover is refused, never skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    RdfFormat,
    Triple,
    Variable,
    parse,
)

from kzgraph.errors import InputError
from kzgraph.reasoning import vocabulary as v
from kzgraph.reasoning.hierarchy import (
    Axioms,
    Hierarchy,
    close_classes,
    close_properties,
    schema_facts,
)
from kzgraph.reasoning.schema import (
    Node,
    PropertyExpression,
    Schema,
    Term,
    UnsupportedAxiomError,
)

__all__ = ["Pattern", "Rule", "RuleSet", "UnsupportedAxiomError", "compile_ontology"]

Pattern = tuple[Term | Variable, NamedNode | Variable, Term | Variable]

FORMAT = 1

X, Y, Z, P = Variable("x"), Variable("y"), Variable("z"), Variable("p")

#: Conclusions that hold of everything; they are never drawn.
_TRIVIAL = frozenset({v.THING})


@dataclass(frozen=True, slots=True)
class Rule:
    """``head`` follows from ``body``; with no head, the body is a contradiction.

    ``name`` is the name of the rule in OWL 2 RL, ``axioms`` the triples of the
    ontology that it comes from (lists and anonymous classes by their first triple).
    """

    name: str
    head: Pattern | None
    body: tuple[Pattern, ...]
    axioms: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything that the reasoner needs to know of an ontology.

    ``rules`` conclude, ``constraints`` contradict, ``axioms`` are all triples
    of the ontology that bear meaning. Rules without a body hold by the axioms
    alone: the schema's own consequences and the members of enumerations.
    """

    axioms: tuple[Triple, ...]
    rules: tuple[Rule, ...]
    constraints: tuple[Rule, ...]

    def to_json(self) -> str:
        """Return the rules as JSON text; from_json gives an equal rule set back."""
        numbers: dict[str, int] = {}

        def number(term: object) -> int:
            return numbers.setdefault(str(term), len(numbers))

        def triple(terms: Triple | Pattern) -> list[int]:
            return [number(term) for term in terms]

        def rule(given: Rule) -> list[object]:
            head = None if given.head is None else triple(given.head)
            return [given.name, head, [*map(triple, given.body)], [*map(triple, given.axioms)]]

        content = {
            "axioms": [*map(triple, self.axioms)],
            "rules": [*map(rule, self.rules)],
            "constraints": [*map(rule, self.constraints)],
        }
        return json.dumps(
            {"format": FORMAT, "terms": list(numbers), **content},
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> RuleSet:
        """Return the rule set that to_json wrote.

        Raises InputError when the text is something else or of another version.
        """
        try:
            content = json.loads(text)
            if content["format"] != FORMAT:
                raise InputError(
                    f"rules of format {content['format']}, this version reads {FORMAT}",
                    hint="build the snapshot again: kzgraph build",
                )
            # what a term may be in which place was settled when the rules were compiled
            terms: list[Any] = [read_term(term) for term in content["terms"]]

            def triple(numbers: list[int]) -> Triple:
                return Triple(*(terms[n] for n in numbers))

            def pattern(numbers: list[int]) -> Pattern:
                subject, predicate, value = (terms[n] for n in numbers)
                return subject, predicate, value

            def rule(given: list[Any]) -> Rule:
                name, head, body, axioms = given
                return Rule(
                    name,
                    None if head is None else pattern(head),
                    tuple(map(pattern, body)),
                    tuple(map(triple, axioms)),
                )

            return cls(
                tuple(map(triple, content["axioms"])),
                tuple(map(rule, content["rules"])),
                tuple(map(rule, content["constraints"])),
            )
        except (KeyError, IndexError, TypeError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(
                f"this text holds no rules: {error}", hint="build the snapshot again: kzgraph build"
            ) from error


def read_term(text: str) -> Term | Variable:
    """Return the term or variable that a text in the manner of N-Triples stands for.

    >>> read_term('"Kasachstan"@de')
    <Literal value=Kasachstan language=de>
    """
    if text.startswith("?"):
        return Variable(text[1:])
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    if text.startswith("_:"):
        return BlankNode(text[2:])
    line = f"<urn:s> <urn:p> {text} ."
    term = next(iter(parse(line, format=RdfFormat.N_TRIPLES))).object
    assert isinstance(term, Literal)
    return term


def compile_ontology(triples: Iterable[Triple]) -> RuleSet:
    """Return the rules that the axioms among some triples stand for.

    Labels, definitions and statements about things pass unread. Raises
    UnsupportedAxiomError for an axiom that the rules do not cover.
    """
    schema = Schema(triples)
    properties = close_properties(schema)
    classes = close_classes(schema, properties)
    rules = [
        *_equality_rules(),
        *_property_rules(schema, properties),
        *_class_rules(schema, classes),
        *(
            Rule(fact.rule, tuple(fact.triple), (), fact.axioms)
            for fact in schema_facts(schema, classes, properties)
        ),
    ]
    return RuleSet(schema.axioms, _distinct(rules), _distinct(_constraints(schema)))


def _distinct(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Keep of rules that say the same the one with the fewest axioms, then sort by name."""
    kept: dict[tuple[Pattern | None, tuple[Pattern, ...]], Rule] = {}
    for rule in rules:
        if rule.head in rule.body or (
            rule.head and rule.head[1] == v.TYPE and rule.head[2] in _TRIVIAL
        ):
            continue
        known = kept.get((rule.head, rule.body))
        if known is None or (len(rule.axioms), rule.name) < (len(known.axioms), known.name):
            kept[rule.head, rule.body] = rule
    return tuple(sorted(kept.values(), key=_sort_key))


def _sort_key(rule: Rule) -> tuple[str, list[str], list[str]]:
    return (
        rule.name,
        [str(term) for term in rule.head or ()],
        [str(term) for atom in rule.body for term in atom],
    )


def _edge(on: PropertyExpression, subject: Term | Variable, value: Term | Variable) -> Pattern:
    """Return the pattern of a property between two terms, turned round for an inverse."""
    return (value, on.iri, subject) if on.inverse else (subject, on.iri, value)


def _member(of: Node, who: Term | Variable = X) -> Pattern:
    return (who, v.TYPE, of)


def _equality_rules() -> Iterator[Rule]:
    """eq-ref is left out: that a thing is itself is no news. eq-rep-p is refused by the closure."""
    yield Rule("eq-sym", (Y, v.SAME_AS, X), ((X, v.SAME_AS, Y),), ())
    yield Rule("eq-trans", (X, v.SAME_AS, Z), ((X, v.SAME_AS, Y), (Y, v.SAME_AS, Z)), ())
    yield Rule("eq-rep-s", (Y, P, Z), ((X, v.SAME_AS, Y), (X, P, Z)), ())
    yield Rule("eq-rep-o", (X, P, Z), ((Y, v.SAME_AS, Z), (X, P, Y)), ())


def _property_rules(schema: Schema, properties: Hierarchy) -> Iterator[Rule]:
    for step in properties.steps.values():
        low = schema.property(step.lower, step.axioms[0])
        high = schema.super_property(step.upper, step.axioms[0])
        why = (*step.axioms, *low.axioms, *high.axioms)
        yield Rule(step.rule, _edge(high, X, Y), (_edge(low, X, Y),), why)
    for predicate, name, who in ((v.DOMAIN, "prp-dom", X), (v.RANGE, "prp-rng", Y)):
        for axiom in schema.triples(predicate):
            of = schema.class_to(schema.ends(axiom)[1], axiom)
            on = schema.property(schema.subject(axiom), axiom)
            if not schema.is_datatype(of):
                why = (axiom, *on.axioms)
                yield Rule(name, _member(of, who), (_edge(on, X, Y),), why)
    for axiom in schema.triples(v.INVERSE):
        first, second = schema.ends(axiom)
        if isinstance(first, BlankNode):
            # only a name for the inverse; nothing follows until an axiom uses it
            schema.property(first, axiom)
            continue
        one, other = schema.property(first, axiom), schema.property(second, axiom)
        why = (axiom, *other.axioms)
        yield Rule("prp-inv1", _edge(other, Y, X), (_edge(one, X, Y),), why)
        yield Rule("prp-inv2", _edge(one, Y, X), (_edge(other, X, Y),), why)
    for axiom in schema.typed(v.SYMMETRIC):
        on = schema.property(schema.subject(axiom), axiom)
        yield Rule("prp-symp", _edge(on, Y, X), (_edge(on, X, Y),), (axiom, *on.axioms))
    for axiom in schema.typed(v.TRANSITIVE):
        on = schema.property(schema.subject(axiom), axiom)
        body = (_edge(on, X, Y), _edge(on, Y, Z))
        yield Rule("prp-trp", _edge(on, X, Z), body, (axiom, *on.axioms))
    for axiom in schema.triples(v.CHAIN):
        on = schema.property(schema.subject(axiom), axiom)
        links = [schema.property(term, axiom) for term in schema.members(axiom)]
        nodes = [Variable(f"u{n}") for n in range(len(links) + 1)]
        chain = tuple(_edge(link, nodes[n], nodes[n + 1]) for n, link in enumerate(links))
        why = (axiom, *on.axioms, *(a for link in links for a in link.axioms))
        yield Rule("prp-spo2", _edge(on, nodes[0], nodes[-1]), chain, tuple(dict.fromkeys(why)))


def _class_rules(schema: Schema, classes: Hierarchy) -> Iterator[Rule]:
    for step in classes.steps.values():
        yield Rule(step.rule, _member(step.upper), (_member(step.lower),), step.axioms)
    for axiom in schema.triples(v.INTERSECTION):
        of = schema.class_to(schema.subject(axiom), axiom)
        parts = [schema.class_from(part, axiom) for part in schema.members(axiom)]
        yield Rule("cls-int1", _member(of), tuple(_member(part) for part in parts), (axiom,))
    for on_axiom, axiom in schema.restrictions(v.SOME_VALUES):
        on, of, filler, why = _restriction(schema, on_axiom, axiom)
        if schema.is_datatype(filler):
            raise UnsupportedAxiomError(
                "membership in a datatype is not derived", axiom, hint="ask for owl:Thing instead"
            )
        if filler == v.THING:
            yield Rule("cls-svf2", _member(of), (_edge(on, X, Y),), why)
        elif filler != v.NOTHING:
            some = schema.class_from(filler, axiom)
            yield Rule("cls-svf1", _member(of), (_edge(on, X, Y), _member(some, Y)), why)
    for on_axiom, axiom in schema.restrictions(v.ALL_VALUES):
        on, of, filler, why = _restriction(schema, on_axiom, axiom)
        if not schema.is_datatype(filler):
            every = schema.class_to(filler, axiom)
            yield Rule("cls-avf", _member(every, Y), (_member(of), _edge(on, X, Y)), why)
    for on_axiom, axiom in schema.restrictions(v.HAS_VALUE):
        on, of, filler, why = _restriction(schema, on_axiom, axiom)
        if on.inverse and isinstance(filler, Literal):
            raise UnsupportedAxiomError("a literal has no properties of its own", axiom)
        yield Rule("cls-hv1", _edge(on, X, filler), (_member(of),), why)
        yield Rule("cls-hv2", _member(of), (_edge(on, X, filler),), why)
    for axiom in schema.triples(v.ONE_OF):
        of = schema.class_to(schema.subject(axiom), axiom)
        for member in schema.members(axiom):
            if isinstance(member, Literal):
                raise UnsupportedAxiomError(
                    "an enumeration of literals is a datatype", axiom, hint="list them in a shape"
                )
            yield Rule("cls-oo", _member(of, member), (), (axiom,))


def _restriction(
    schema: Schema, on_axiom: Triple, axiom: Triple
) -> tuple[PropertyExpression, Node, Term, Axioms]:
    on = schema.property(schema.value(on_axiom), on_axiom)
    of = schema.class_from(schema.subject(axiom), axiom)
    return on, of, schema.value(axiom), (on_axiom, axiom, *on.axioms)


def _constraints(schema: Schema) -> Iterator[Rule]:
    yield Rule("eq-diff1", None, ((X, v.SAME_AS, Y), (X, v.DIFFERENT_FROM, Y)), ())
    # everything is the same as itself, which is not written down
    yield Rule("eq-diff1", None, ((X, v.DIFFERENT_FROM, X),), ())
    yield Rule("cls-nothing2", None, (_member(v.NOTHING),), ())
    for axiom in schema.triples(v.DISJOINT_CLASS):
        yield _disjoint_classes("cax-dw", schema, schema.ends(axiom), (axiom,), axiom)
    for axiom in schema.triples(v.COMPLEMENT):
        yield _disjoint_classes("cls-com", schema, schema.ends(axiom), (axiom,), axiom)
    for axiom, why, pair in _pairs(schema, v.ALL_DISJOINT_CLASSES, (v.MEMBERS,)):
        yield _disjoint_classes("cax-adc", schema, pair, why, axiom)
    for axiom, why, (one, other) in _pairs(
        schema, v.ALL_DIFFERENT, (v.MEMBERS, v.DISTINCT_MEMBERS)
    ):
        if isinstance(one, Literal) or isinstance(other, Literal):
            raise UnsupportedAxiomError("literals differ by themselves", axiom)
        if one == other:
            raise UnsupportedAxiomError("the list names a thing twice", axiom)
        name = "eq-diff2" if axiom.predicate == v.MEMBERS else "eq-diff3"
        yield Rule(name, None, ((one, v.SAME_AS, other),), why)
    for axiom in schema.triples(v.DISJOINT_PROPERTY):
        yield _disjoint_properties("prp-pdw", schema, schema.ends(axiom), (axiom,), axiom)
    for axiom, why, pair in _pairs(schema, v.ALL_DISJOINT_PROPERTIES, (v.MEMBERS,)):
        yield _disjoint_properties("prp-adp", schema, pair, why, axiom)
    for axiom in schema.typed(v.IRREFLEXIVE):
        on = schema.property(schema.subject(axiom), axiom)
        yield Rule("prp-irp", None, (_edge(on, X, X),), (axiom, *on.axioms))
    for axiom in schema.typed(v.ASYMMETRIC):
        on = schema.property(schema.subject(axiom), axiom)
        body = (_edge(on, X, Y), _edge(on, Y, X))
        yield Rule("prp-asyp", None, body, (axiom, *on.axioms))
    yield from _negative_assertions(schema)


def _pairs(
    schema: Schema, kind: NamedNode, lists: tuple[NamedNode, ...]
) -> Iterator[tuple[Triple, Axioms, tuple[Term, Term]]]:
    """Yield the pairs of members of each axiom of one kind, with the axioms to cite."""
    for declared in schema.typed(kind):
        found = [a for p in lists for a in schema.of(schema.subject(declared), p)]
        if not found:
            raise UnsupportedAxiomError(
                "it names no members", declared, hint="add owl:members ( ... )"
            )
        for axiom in found:
            for one, other in combinations(schema.members(axiom), 2):
                yield axiom, (declared, axiom), (one, other)


def _disjoint_classes(
    name: str, schema: Schema, pair: tuple[Term, Term], why: Axioms, axiom: Triple
) -> Rule:
    one, other = (schema.class_from(term, axiom) for term in pair)
    return Rule(name, None, (_member(one), _member(other)), why)


def _disjoint_properties(
    name: str, schema: Schema, pair: tuple[Term, Term], why: Axioms, axiom: Triple
) -> Rule:
    one, other = (schema.property(term, axiom) for term in pair)
    cited = (*why, *one.axioms, *other.axioms)
    return Rule(name, None, (_edge(one, X, Y), _edge(other, X, Y)), cited)


def _negative_assertions(schema: Schema) -> Iterator[Rule]:
    for axiom in schema.triples(v.SOURCE_INDIVIDUAL):
        subject = schema.subject(axiom)
        for on_axiom in schema.of(subject, v.ASSERTION_PROPERTY):
            on = schema.property(schema.value(on_axiom), on_axiom)
            for target, name in ((v.TARGET_INDIVIDUAL, "prp-npa1"), (v.TARGET_VALUE, "prp-npa2")):
                for value_axiom in schema.of(subject, target):
                    why = (axiom, on_axiom, value_axiom, *on.axioms)
                    atom = _edge(on, schema.value(axiom), schema.value(value_axiom))
                    yield Rule(name, None, (atom,), why)
