"""The closure of some triples under a rule set, with the round in which each triple came in.

Asserted triples have round 0; round n holds what follows from rounds below n
and not from less. So the round of a triple is the depth of its least proof.
Rules run semi-naively, only over what the last round brought, and whole
relations at a time, over numbered terms in numpy.

A literal never becomes the subject of a triple, not even in passing: nothing
follows by way of "5 is the age of x" or of 5 being a member of a class.
Literals are compared as terms, as the store spells them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, Triple, Variable

from kzgraph.errors import InputError
from kzgraph.reasoning import vocabulary as v
from kzgraph.reasoning.relations import MASK, SHIFT
from kzgraph.reasoning.rules import Pattern, Rule, RuleSet, read_term
from kzgraph.reasoning.saturation import Saturation
from kzgraph.reasoning.schema import Term, UnsupportedAxiomError, display

__all__ = ["Closure", "Counts", "Inconsistency", "close", "close_ntriples"]


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Triples that cannot all be true, and the constraint that they break.

    ``note`` is what another engine said of it, for want of rule and triples.
    """

    rule: Rule
    triples: tuple[Triple, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """What follows from some triples: each new triple with its round, and what contradicts."""

    inferred: list[tuple[Triple, int]]
    inconsistencies: list[Inconsistency]


@dataclass(frozen=True, slots=True)
class Counts:
    """How a closure over a file went."""

    asserted: int
    inferred: int
    rounds: int
    inconsistencies: int


def close(rules: RuleSet, triples: Iterable[Triple]) -> Closure:
    """Return what follows from the triples by the rules.

    The triples may include the ontology's own; an axiom that the rules do not
    know raises UnsupportedAxiomError, because it would be without effect.
    """
    numbers: dict[Term, int] = {}
    columns: dict[Term, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for subject, predicate, value in triples:
        first = numbers.get(subject)
        if first is None:
            first = numbers[subject] = len(numbers)
        second = numbers.get(value)
        if second is None:
            second = numbers[value] = len(numbers)
        pairs = columns[predicate]
        pairs[0].append(first)
        pairs[1].append(second)
    graph = Saturation(rules, numbers, columns, lambda term: term, _is_literal)
    terms = list(numbers)
    _check_coverage(graph, rules, terms.__getitem__)
    graph.run()
    inferred = [
        (Triple(terms[s], terms[p], terms[o]), number)  # type: ignore[arg-type]
        for number, s, p, o in graph.inferred()
    ]
    found: dict[tuple[str, frozenset[Triple]], Inconsistency] = {}
    for rule, bindings in graph.contradictions():
        broken = tuple(_instance(pattern, bindings, terms) for pattern in rule.body)
        # symmetric constraints find each contradiction from both sides
        found.setdefault((rule.name, frozenset(broken)), Inconsistency(rule, broken))
    return Closure(inferred, sorted(found.values(), key=_inconsistency_key))


def close_ntriples(rules: RuleSet, source: Path, target: Path | None = None) -> Counts:
    """Close a file of N-Triples without making a Python object of each term.

    The file is as pyoxigraph writes it: one triple a line, single spaces. What
    follows is written to ``target`` when one is given, in no particular order.
    """
    numbers: dict[bytes, int] = {}
    number = numbers.setdefault
    columns: dict[bytes, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    asserted = 0
    with source.open("rb") as lines:
        for line in lines:
            parts = line.split(b" ", 2)
            if len(parts) != 3 or not parts[2].endswith(b" .\n"):
                raise InputError(
                    f"{source}: line {asserted + 1} is not a plain line of N-Triples",
                    hint="write the file with pyoxigraph.serialize",
                )
            pairs = columns[parts[1]]
            pairs[0].append(number(parts[0], len(numbers)))
            pairs[1].append(number(parts[2][:-3], len(numbers)))
            asserted += 1
    graph = Saturation(
        rules,
        numbers,
        columns,
        lambda term: str(term).encode(),
        lambda text: text.startswith(b'"'),
    )
    terms = list(numbers)
    _check_coverage(graph, rules, lambda number: _term(read_term(terms[number].decode())))
    rounds = graph.run()
    inferred = sum(len(new) for found in graph.history.values() for _, new in found)
    if target is not None:
        with target.open("wb") as out:
            for _, s, p, o in graph.inferred():
                out.write(b"%b %b %b .\n" % (terms[s], terms[p], terms[o]))
    return Counts(asserted, inferred, rounds, sum(1 for _ in graph.contradictions()))


def _is_literal(term: Term) -> bool:
    return isinstance(term, Literal)


def _term(term: Term | Variable) -> Term:
    assert not isinstance(term, Variable)
    return term


def _instance(pattern: Pattern, bindings: dict[str, int], terms: list[Term]) -> Triple:
    subject, predicate, value = (
        terms[bindings[term.value]] if isinstance(term, Variable) else term for term in pattern
    )
    return Triple(subject, predicate, value)  # type: ignore[arg-type]


def _inconsistency_key(found: Inconsistency) -> tuple[str, list[str]]:
    return found.rule.name, [str(triple) for triple in found.triples]


def _check_coverage(
    graph: Saturation[Term] | Saturation[bytes], rules: RuleSet, term_of: Callable[[int], Term]
) -> None:
    """Raise UnsupportedAxiomError for what the graph says and the rules cannot follow."""
    known = set(rules.axioms)
    for key, relation in graph.full.items():
        term = term_of(-1 - key if key < 0 else key)
        if not v.in_vocabulary(term):
            continue
        harmless = (
            v.DECLARATIONS | {v.THING, v.NOTHING}
            if key < 0
            else v.DATA_PREDICATES | v.ANNOTATIONS | v.LIST_PREDICATES
        )
        if term in harmless:
            continue
        for code in relation.codes.tolist():
            if key < 0:
                triple = Triple(term_of(code), v.TYPE, term)  # type: ignore[arg-type]
            else:
                subject, value = term_of(code >> SHIFT), term_of(code & int(MASK))
                triple = Triple(subject, term, value)  # type: ignore[arg-type]
            if triple not in known:
                raise UnsupportedAxiomError(
                    "an axiom among the data would be without effect",
                    triple,
                    hint="move it into the ontology",
                )
    _check_equalities(graph, rules, term_of)


def _meaningful(rules: RuleSet) -> set[object]:
    """Return the terms that the rules are about; individuals that only differ are not."""
    found: set[object] = set()
    for rule in rules.rules:
        for pattern in (rule.head, *rule.body):
            found.update(pattern or ())
    for rule in rules.constraints:
        for _, predicate, value in rule.body:
            found.add(value if predicate == v.TYPE else predicate)
    for axiom in rules.axioms:
        if axiom.predicate not in _ABOUT_INDIVIDUALS:
            found.update((axiom.subject, axiom.object))
    return found


_ABOUT_INDIVIDUALS = v.LIST_PREDICATES | {
    v.SOURCE_INDIVIDUAL,
    v.TARGET_INDIVIDUAL,
    v.TARGET_VALUE,
}


def _check_equalities(
    graph: Saturation[Term] | Saturation[bytes], rules: RuleSet, term_of: Callable[[int], Term]
) -> None:
    equal = graph.full.get(graph.same_as)
    if equal is None:
        return
    used = {term_of(-1 - key if key < 0 else key) for key in graph.full} | _meaningful(rules)
    for code in equal.codes.tolist():
        subject, value = term_of(code >> SHIFT), term_of(code & int(MASK))
        triple = Triple(subject, v.SAME_AS, value)  # type: ignore[arg-type]
        if subject == value:
            continue
        if isinstance(value, Literal):
            raise UnsupportedAxiomError("a thing is no literal", triple, hint="name a thing")
        for term in (subject, value):
            if term in used:
                raise UnsupportedAxiomError(
                    f"{display(term)} has a meaning in the ontology and cannot be equated",
                    triple,
                    hint="use owl:equivalentClass or owl:equivalentProperty in the ontology",
                )
