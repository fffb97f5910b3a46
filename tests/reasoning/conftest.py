"""Small random graphs of every rule form, and a naive second engine.

A form is a list of axioms that may be picked; its data uses the properties
(``g:lower``) and classes (``g:Upper``) that the picked axioms name. Each graph
has the vocabulary ``g:`` to itself and shares individuals with the others, so
that owlrl can close hundreds of graphs in one run.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations, product

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, Variable, parse

from kzgraph.reasoning import Rule, RuleSet
from kzgraph.reasoning import vocabulary as v
from kzgraph.reasoning.rules import Pattern

PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

SHARED = ("ex:a", "ex:b", "ex:c", "ex:Қазақстан", "_:n")
OWN = ("g:i", "g:j", "g:k")
LITERALS = ('"Алматы"@ru', '"5"^^xsd:integer', '"a \\"b\\""')


@dataclass(frozen=True)
class Form:
    """Axioms to pick from, how many to pick, and what the data is made of."""

    axioms: tuple[str, ...]
    most: int = 3
    always: str = ""
    properties: tuple[str, ...] = ()
    individuals: tuple[str, ...] = SHARED
    literals: tuple[str, ...] = LITERALS
    size: int = 6
    declared: str = ""


def _pairs(predicate: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"g:{a} {predicate} g:{b} ." for a, b in permutations(names, 2))


def _restriction(on: str, filler: str) -> str:
    return f"[ a owl:Restriction ; owl:onProperty {on} ; {filler} ]"


def _nested(outer: str, inner: str) -> str:
    return _restriction("g:p", f"{outer} {_restriction('g:q', inner)}")


def _restricted(filler: str) -> tuple[str, ...]:
    found = []
    for on, kind in product(("g:p", "g:q"), ("equivalentClass", "subClassOf")):
        vocabulary = "owl" if kind == "equivalentClass" else "rdfs"
        found.append(f"g:A {vocabulary}:{kind} {_restriction(on, filler)} .")
    found.append(f"{_restriction('g:p', filler)} rdfs:subClassOf g:C .")
    return tuple(found)


def _compared(fillers: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        f"g:R{n} owl:onProperty {on} ; {filler} ."
        for n, (on, filler) in enumerate(product(("g:p", "g:q"), fillers))
    )


def _chains(length: int) -> tuple[str, ...]:
    found = []
    for head, links in product("hp", product("hpq", repeat=length)):
        if length > 3 and len(set(links)) < 3:
            continue
        members = " ".join(f"g:{link}" for link in links)
        found.append(f"g:{head} owl:propertyChainAxiom ( {members} ) .")
    return tuple(found)


INVERSE_P, INVERSE_Q = "[ owl:inverseOf g:p ]", "[ owl:inverseOf g:q ]"
LINKS = ("g:p", INVERSE_P, "g:q", INVERSE_Q)
OPEN_PROPERTY = _pairs("rdfs:subPropertyOf", "pqr")

FORMS: dict[str, Form] = {
    "subclass": Form(_pairs("rdfs:subClassOf", "ABCD"), 4),
    "equivalent class": Form(
        _pairs("owl:equivalentClass", "ABC") + _pairs("rdfs:subClassOf", "ABCD"), 4
    ),
    "subproperty": Form(_pairs("rdfs:subPropertyOf", "pqrs"), 4),
    "equivalent property": Form(_pairs("owl:equivalentProperty", "pqr") + OPEN_PROPERTY, 3),
    "domain": Form(
        (
            "g:p rdfs:domain g:A .",
            "g:q rdfs:domain g:B .",
            "g:q rdfs:subPropertyOf g:p .",
            "g:A rdfs:subClassOf g:C .",
            "g:B owl:equivalentClass g:D .",
        ),
        4,
    ),
    "range": Form(
        (
            "g:p rdfs:range g:A .",
            "g:q rdfs:range g:B .",
            "g:p rdfs:range xsd:integer .",
            "g:q rdfs:subPropertyOf g:p .",
            "g:A rdfs:subClassOf g:C .",
        ),
        4,
    ),
    "inverse": Form(
        (
            "g:p owl:inverseOf g:q .",
            "g:p owl:inverseOf g:p .",
            "g:q owl:inverseOf g:r .",
            "g:q rdfs:subPropertyOf g:r .",
        ),
        literals=(),
    ),
    "anonymous inverse": Form(
        (
            "g:q rdfs:subPropertyOf [ owl:inverseOf g:p ] .",
            "[ owl:inverseOf g:p ] rdfs:subPropertyOf g:q .",
            "g:r owl:equivalentProperty [ owl:inverseOf g:p ] .",
            f"g:A owl:equivalentClass {_restriction(INVERSE_P, 'owl:hasValue ex:a')} .",
            f"g:B owl:equivalentClass {_restriction(INVERSE_Q, 'owl:someValuesFrom g:A')} .",
        ),
        literals=(),
    ),
    "symmetric": Form(
        ("g:p a owl:SymmetricProperty .", "g:q a owl:SymmetricProperty .", *OPEN_PROPERTY[:2])
    ),
    "transitive": Form(
        (
            "g:p a owl:TransitiveProperty .",
            "g:q a owl:TransitiveProperty .",
            "g:p owl:inverseOf g:q .",
            *OPEN_PROPERTY[:2],
        ),
        literals=(),
        size=8,
    ),
    **{
        f"chain of {length}": Form(_chains(length), 2, size=8 if length > 2 else 7)
        for length in range(1, 6)
    },
    "chain with inverses": Form(
        tuple(
            f"g:h owl:propertyChainAxiom ( {' '.join(links)} ) ."
            for links in [*product(LINKS, repeat=2), *product(LINKS, repeat=3)]
            if any("inverse" in link for link in links)
        ),
        2,
        literals=(),
        size=7,
    ),
    "has value": Form(
        _restricted("owl:hasValue g:i") + _restricted('owl:hasValue "5"^^xsd:integer')[:2],
        individuals=("g:i", "g:i", "ex:a", "ex:b", "_:n"),
        declared="properties",
    ),
    "some values": Form(_restricted("owl:someValuesFrom g:B"), size=9, declared="properties"),
    "some thing": Form(_restricted("owl:someValuesFrom owl:Thing"), declared="properties"),
    "all values": Form(
        _restricted("owl:allValuesFrom g:B"), literals=(), size=9, declared="properties"
    ),
    "nested restriction": Form(
        (
            f"g:A owl:equivalentClass {_nested('owl:someValuesFrom', 'owl:someValuesFrom g:B')} .",
            f"g:A rdfs:subClassOf {_nested('owl:allValuesFrom', 'owl:allValuesFrom g:C')} .",
            f"g:B owl:equivalentClass {_nested('owl:someValuesFrom', 'owl:hasValue ex:b')} .",
        ),
        literals=(),
        size=9,
        declared="properties",
    ),
    "compared some": Form(
        (
            *_compared(
                ("owl:someValuesFrom g:A", "owl:someValuesFrom g:B", "owl:someValuesFrom owl:Thing")
            ),
            "g:A rdfs:subClassOf g:B .",
            "g:p rdfs:subPropertyOf g:q .",
            "g:A rdfs:subClassOf g:R1 .",
        ),
        6,
        literals=(),
        declared="all",
    ),
    "compared all": Form(
        (
            *_compared(("owl:allValuesFrom g:A", "owl:allValuesFrom g:B")),
            "g:A rdfs:subClassOf g:B .",
            "g:p rdfs:subPropertyOf g:q .",
        ),
        5,
        literals=(),
        declared="properties",
    ),
    "compared value": Form(
        (
            *_compared(("owl:hasValue g:i", "owl:hasValue g:j")),
            "g:p rdfs:subPropertyOf g:q .",
            "g:q rdfs:subPropertyOf g:r .",
        ),
        5,
        individuals=("g:i", "g:j", "ex:a"),
        declared="properties",
    ),
    "intersection": Form(
        (
            "g:A owl:intersectionOf ( g:B g:C ) .",
            "g:A owl:equivalentClass [ owl:intersectionOf ( g:B g:C g:D ) ] .",
            "g:E rdfs:subClassOf [ owl:intersectionOf ( g:A g:B ) ] .",
            "g:D owl:intersectionOf ( g:E ) .",
        ),
        size=9,
    ),
    "union": Form(
        (
            "g:A owl:unionOf ( g:B g:C ) .",
            "g:D owl:equivalentClass [ owl:unionOf ( g:A g:E g:F ) ] .",
            "[ owl:unionOf ( g:B g:F ) ] rdfs:subClassOf g:E .",
        ),
    ),
    "enumeration": Form(
        (
            "g:A owl:oneOf ( ex:a ex:b ) .",
            "g:B owl:equivalentClass [ a owl:Class ; owl:oneOf ( ex:b ex:Қазақстан ) ] .",
            "g:A rdfs:subClassOf g:C .",
        ),
    ),
    "same as": Form(
        ("g:p rdfs:domain g:A .", "g:A rdfs:subClassOf g:B .", "g:p a owl:SymmetricProperty ."),
        properties=("owl:sameAs", "owl:sameAs", "g:q"),
        individuals=OWN,
        literals=(),
        always="g:i owl:sameAs g:j .",
        size=5,
    ),
    "annotation": Form(
        ("g:p rdfs:subPropertyOf rdfs:label .", "g:q rdfs:subPropertyOf g:p ."), most=2
    ),
}

SEPARATE = ("same as", "annotation", "enumeration", "range")

MIXED = Form(
    (
        *(
            axiom
            for name, form in FORMS.items()
            if name not in SEPARATE and "compared" not in name
            for axiom in form.axioms[:9]
            if '"' not in axiom
        ),
        "g:p rdfs:range g:B .",
        "g:h rdfs:range g:C .",
    ),
    most=7,
    literals=(),
    size=10,
    declared="all",
)


#: Forms that conclude nothing and contradict.
CONSTRAINTS: dict[str, Form] = {
    "disjoint classes": Form(
        (
            *_pairs("owl:disjointWith", "ABC")[:3],
            "g:D rdfs:subClassOf g:A .",
            "g:p rdfs:range g:B .",
        )
    ),
    "all disjoint classes": Form(
        (
            "[] a owl:AllDisjointClasses ; owl:members ( g:A g:B g:C ) .",
            "g:D rdfs:subClassOf g:A .",
        )
    ),
    "complement": Form(("g:A owl:complementOf g:B .", "g:C rdfs:subClassOf g:B .")),
    "nothing": Form(
        (
            "g:A rdfs:subClassOf owl:Nothing .",
            f"g:B rdfs:subClassOf {_restriction('g:p', 'owl:allValuesFrom owl:Nothing')} .",
        ),
        size=4,
    ),
    "irreflexive": Form(
        ("g:p a owl:IrreflexiveProperty .", "g:q rdfs:subPropertyOf g:p ."), size=3
    ),
    "asymmetric": Form(("g:p a owl:AsymmetricProperty .", "g:q rdfs:subPropertyOf g:p ."), size=3),
    "disjoint properties": Form(
        (*_pairs("owl:propertyDisjointWith", "pq"), "g:r rdfs:subPropertyOf g:q .")
    ),
    "all disjoint properties": Form(
        ("[] a owl:AllDisjointProperties ; owl:members ( g:p g:q g:last ) .",)
    ),
    "different": Form(
        ("g:p rdfs:domain g:A .",), properties=("owl:sameAs", "owl:differentFrom"), size=3
    ),
    "negative assertion": Form(
        (
            "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual g:i ;"
            " owl:assertionProperty g:p ; owl:targetIndividual g:j .",
            "g:q owl:inverseOf g:p .",
        ),
    ),
}


@dataclass(frozen=True)
class Graph:
    """The axioms and the data of one random graph."""

    ontology: list[Triple]
    data: list[Triple]


def read(text: str, *, graph: str = "g") -> list[Triple]:
    """Read Turtle in which g: is a vocabulary of the graph's own."""
    own = f"@prefix g: <https://example.org/{graph}/> .\n"
    return [quad.triple for quad in parse(PREFIXES + own + text, format=RdfFormat.TURTLE)]


def draw(form: Form, chance: random.Random, *, graph: str) -> Graph:
    """Pick axioms of a form and make up data in their terms."""
    picked = chance.sample(form.axioms, min(len(form.axioms), chance.randint(1, form.most)))
    axioms = "\n".join((*picked, form.always))
    classes = sorted(set(re.findall(r"g:[A-Z]\w*", axioms)))
    properties = sorted(set(re.findall(r"g:[a-hl-z]\b", axioms)) | set(form.properties))
    everything = form.declared == "all" or chance.random() < 0.1
    if everything:
        axioms += "".join(f"\n{name} a owl:Class ." for name in classes)
    if everything or form.declared:
        axioms += "".join(f"\n{n} a owl:ObjectProperty ." for n in properties if n[0] == "g")
    lines = []
    for _ in range(form.size):
        subject, value = chance.choice(form.individuals), chance.choice(form.individuals)
        if classes and (not properties or chance.random() < 0.4):
            lines.append(f"{subject} a {chance.choice(classes)} .")
        else:
            if form.literals and chance.random() < 0.1:
                value = chance.choice(form.literals)
            lines.append(f"{subject} {chance.choice(properties)} {value} .")
    return Graph(read(axioms, graph=graph), read("\n".join(lines), graph=graph))


@pytest.fixture(scope="session")
def turtle() -> Callable[..., list[Triple]]:
    return read


@pytest.fixture(scope="session")
def draw_graphs() -> Callable[[str, int], list[Graph]]:
    """Draw random graphs of one form, the same each time; each has a namespace of its own."""

    def draw_many(form: str, count: int) -> list[Graph]:
        chance = random.Random(f"{form} of kzgraph")
        chosen = {**FORMS, **CONSTRAINTS, "mixed": MIXED}[form]
        if form in CONSTRAINTS:
            # so that a complaint names the graph that it is about
            chosen = replace(chosen, individuals=OWN, literals=())
        return [draw(chosen, chance, graph=f"{form}-{n}".replace(" ", "-")) for n in range(count)]

    return draw_many


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "form" in metafunc.fixturenames:
        metafunc.parametrize("form", [*FORMS, "mixed"])
    if "constraint" in metafunc.fixturenames:
        metafunc.parametrize("constraint", CONSTRAINTS)


@pytest.fixture(scope="session")
def with_trivial() -> Callable[[Iterable[Triple]], set[Triple]]:
    """Put back what holds of all that is declared, which our closure leaves out."""

    property_kinds = {
        NamedNode("http://www.w3.org/2002/07/owl#ObjectProperty"),
        NamedNode("http://www.w3.org/2002/07/owl#DatatypeProperty"),
    }

    def put_back(triples: Iterable[Triple]) -> set[Triple]:
        found = set(triples)
        declared = {t.object: set() for t in found if t.predicate == v.TYPE}
        for triple in found:
            if triple.predicate == v.TYPE:
                declared[triple.object].add(triple.subject)
        classes = declared.get(v.CLASS, set())
        for kind in classes:
            found |= {
                Triple(kind, v.SUB_CLASS, kind),
                Triple(kind, v.EQUIVALENT_CLASS, kind),
                Triple(kind, v.SUB_CLASS, v.THING),
                Triple(v.NOTHING, v.SUB_CLASS, kind),
            }
        for kind in property_kinds & declared.keys():
            for on in declared[kind]:
                found |= {Triple(on, v.SUB_PROPERTY, on), Triple(on, v.EQUIVALENT_PROPERTY, on)}
        for subject, predicate, value in list(found):
            if value in classes and predicate in {v.TYPE, v.SUB_CLASS, v.DOMAIN, v.RANGE}:
                found.add(Triple(subject, predicate, v.THING))
            if predicate == v.SUB_CLASS and subject in classes:
                found.add(Triple(v.NOTHING, v.SUB_CLASS, value))
        # that nothing is something follows from no axiom at all
        return found - {Triple(v.NOTHING, v.SUB_CLASS, v.THING)}

    return put_back


class Naive:
    """A second engine by brute force: every rule on every combination of triples."""

    def instances(
        self, rules: RuleSet, known: Iterable[Triple]
    ) -> Iterator[tuple[Triple, Rule, tuple[Triple, ...]]]:
        """Yield every conclusion that some known triples give, with rule and premises."""
        facts = list(known)
        for rule in rules.rules:
            for bindings, premises in self._matches(rule.body, facts, {}):
                subject, predicate, value = (
                    bindings[term.value] if isinstance(term, Variable) else term
                    for term in rule.head or ()
                )
                same = predicate == v.SAME_AS and subject == value
                if isinstance(subject, NamedNode | BlankNode) and not same:
                    yield Triple(subject, predicate, value), rule, premises

    def _matches(
        self, body: tuple[Pattern, ...], facts: list[Triple], bindings: dict[str, object]
    ) -> Iterator[tuple[dict[str, object], tuple[Triple, ...]]]:
        if not body:
            yield bindings, ()
            return
        for triple in facts:
            extended = dict(bindings)
            if all(
                extended.setdefault(term.value, value) == value
                if isinstance(term, Variable)
                else term == value
                for term, value in zip(body[0], triple, strict=True)
            ):
                for found, premises in self._matches(body[1:], facts, extended):
                    yield found, (triple, *premises)

    def rounds(
        self, rules: RuleSet, triples: Iterable[Triple], *, without: Triple | None = None
    ) -> dict[Triple, int]:
        """Return each triple of the closure with its breadth-first depth, never using one."""
        rounds = dict.fromkeys((t for t in triples if t != without), 0)
        number = 0
        grown = True
        while grown:
            number += 1
            new = {c for c, _, _ in self.instances(rules, rounds)} - set(rounds) - {without}
            rounds |= dict.fromkeys(new, number)
            grown = bool(new)
        return rounds


@pytest.fixture(scope="session")
def naive() -> Naive:
    return Naive()
