"""Running rules over numbered terms until nothing new comes: semi-naive, round by round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from pyoxigraph import NamedNode, Variable

from kzgraph.reasoning import vocabulary as v
from kzgraph.reasoning.relations import (
    MASK,
    SHIFT,
    Atom,
    Ints,
    Plan,
    Relation,
    Table,
    distinct,
    encode,
    evaluate,
    plan,
)
from kzgraph.reasoning.rules import Pattern, Rule, RuleSet
from kzgraph.reasoning.schema import Term

T = TypeVar("T")

Columns = Mapping[T, tuple[list[int], list[int]]]


@dataclass(frozen=True, slots=True)
class CodedRule:
    """A rule over numbered terms, with a plan for each atom to start from."""

    rule: Rule
    head: Atom | None
    body: tuple[Atom, ...]
    plans: tuple[Plan, ...]


class Saturation(Generic[T]):
    """The relations of a graph, saturated by rules.

    ``numbers`` gives each term its number, in whatever spelling the caller
    has terms in; ``spell`` gives a rule's term in that spelling. Relations
    have the number of their predicate as key; the members of a class are a
    relation of their own, with the negative of the class's number less one.
    """

    def __init__(
        self,
        rules: RuleSet,
        numbers: dict[T, int],
        columns: Columns[T],
        spell: Callable[[Term], T],
        is_literal: Callable[[T], bool],
    ) -> None:
        self._numbers = numbers
        self._spell = spell
        self.full: dict[int, Relation] = {}
        self.history: dict[int, list[tuple[int, Ints]]] = defaultdict(list)
        self.type = self.number(v.TYPE)
        self.same_as = self.number(v.SAME_AS)
        self._load(columns)
        self._rules = [self._code(rule) for rule in rules.rules if _is_concrete(rule)]
        self._generic = [rule for rule in rules.rules if not _is_concrete(rule)]
        self._constraints = [self._code(rule) for rule in rules.constraints]
        self._literals = np.fromiter(map(is_literal, numbers), np.bool_, len(numbers))
        self._any_literal = bool(self._literals.any())

    def number(self, term: Term) -> int:
        """Return the number of a term of the rules, a new one if the graph lacks it."""
        return self._numbers.setdefault(self._spell(term), len(self._numbers))

    def _load(self, columns: Columns[T]) -> None:
        for predicate, (subjects, values) in columns.items():
            key = self._numbers.setdefault(predicate, len(self._numbers))
            first = np.array(subjects, np.int64)
            second = np.array(values, np.int64)
            if key != self.type:
                self.full[key] = Relation(distinct(encode(first, second)))
                continue
            codes = distinct(encode(second, first))
            classes, starts = np.unique(codes >> SHIFT, return_index=True)
            for kind, members in zip(classes, np.split(codes & MASK, starts[1:]), strict=True):
                self.full[-1 - int(kind)] = Relation(members)

    def _atom(self, pattern: Pattern, predicate: Term | None = None) -> Atom:
        subject = self._coded(pattern[0])
        on = predicate or pattern[1]
        assert isinstance(on, NamedNode)
        if on == v.TYPE:
            kind = self._coded(pattern[2])
            assert isinstance(kind, int)
            return Atom(-1 - kind, True, subject, subject)
        return Atom(self.number(on), False, subject, self._coded(pattern[2]))

    def _coded(self, term: Term | Variable) -> str | int:
        return term.value if isinstance(term, Variable) else self.number(term)

    def _code(self, rule: Rule) -> CodedRule:
        body = tuple(self._atom(pattern) for pattern in rule.body)
        head = None if rule.head is None else self._atom(rule.head)
        return _planned(rule, head, body)

    def _instances(self, key: int) -> Iterator[CodedRule]:
        """Yield the rules with a variable predicate, eq-rep-s and eq-rep-o, for one relation."""
        for rule in self._generic:
            assert rule.head is not None
            moves_subject = rule.name == "eq-rep-s"
            if key < 0 and not moves_subject:
                continue
            atoms = []
            for subject, predicate, value in (rule.head, *rule.body):
                first, second = self._coded(subject), self._coded(value)
                if isinstance(predicate, NamedNode):
                    atoms.append(Atom(self.number(predicate), False, first, second))
                elif key < 0:
                    atoms.append(Atom(key, True, first, first))
                else:
                    atoms.append(Atom(key, False, first, second))
            yield _planned(rule, atoms[0], tuple(atoms[1:]))

    def run(self) -> int:
        """Saturate the relations and return the number of the last round that brought something.

        All rules of a round see the same relations, so the round in which a
        triple comes in is the depth of its least proof.
        """
        waiting: dict[int, list[tuple[CodedRule, int]]] = defaultdict(list)
        seeds: list[CodedRule] = []

        def watch(rule: CodedRule) -> None:
            if not rule.body:
                seeds.append(rule)
            for start, atom in enumerate(rule.body):
                waiting[atom.key].append((rule, start))

        for rule in self._rules:
            watch(rule)
        generic_done: set[int] = set()
        delta = {key: relation.codes for key, relation in self.full.items()}
        number = 0
        while delta or (number == 0 and seeds):
            if self.same_as in self.full:
                for key in self.full.keys() - generic_done:
                    generic_done.add(key)
                    for rule in self._instances(key):
                        watch(rule)
            number += 1
            found: dict[int, list[Ints]] = defaultdict(list)
            if number == 1:
                for rule in seeds:
                    self._conclude(rule, {"": np.zeros(1, np.int64)}, found)
            for key, codes in delta.items():
                for rule, start in waiting.get(key, ()):
                    if number == 1 and start != self._smallest(rule):
                        # everything is new in the first round: one start finds it all
                        continue
                    table = evaluate(rule.plans[start], codes, self.full.get)
                    if table is not None:
                        self._conclude(rule, table, found)
            delta = self._take_in(found, number)
        return number - 1

    def _smallest(self, rule: CodedRule) -> int:
        sizes = [len(self.full.get(atom.key, ())) for atom in rule.body]
        return sizes.index(min(sizes))

    def _conclude(self, rule: CodedRule, table: Table, found: dict[int, list[Ints]]) -> None:
        head = rule.head
        assert head is not None
        rows = len(next(iter(table.values())))
        subject = _values(table, head.subject, rows)
        if head.unary:
            found[head.key].append(subject)
        else:
            found[head.key].append(encode(subject, _values(table, head.value, rows)))

    def _take_in(self, found: dict[int, list[Ints]], number: int) -> dict[int, Ints]:
        """Add what is new to the relations and return it."""
        delta: dict[int, Ints] = {}
        for key, parts in found.items():
            codes = distinct(parts[0] if len(parts) == 1 else np.concatenate(parts))
            known = self.full.get(key)
            if known is not None:
                codes = codes[~known.holds(codes)]
            if self._any_literal and len(codes):
                codes = codes[~self._literals[codes if key < 0 else codes >> SHIFT]]
            if key == self.same_as:
                codes = codes[(codes >> SHIFT) != (codes & MASK)]
            if not len(codes):
                continue
            if known is None:
                self.full[key] = Relation(codes)
            else:
                known.add(codes)
            self.history[key].append((number, codes))
            delta[key] = codes
        return delta

    def inferred(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield (round, subject, predicate, object) of each new triple, in numbers."""
        for key, found in self.history.items():
            for number, codes in found:
                if key < 0:
                    for subject in codes.tolist():
                        yield number, subject, self.type, -1 - key
                else:
                    first, second = (codes >> SHIFT).tolist(), (codes & MASK).tolist()
                    for subject, value in zip(first, second, strict=True):
                        yield number, subject, key, value

    def contradictions(self) -> Iterator[tuple[Rule, dict[str, int]]]:
        """Yield each constraint that is broken with the bindings that break it."""
        for coded in self._constraints:
            relations = [self.full.get(atom.key) for atom in coded.body]
            if any(relation is None for relation in relations):
                continue
            start = self._smallest(coded)
            first = self.full[coded.body[start].key].codes
            table = evaluate(coded.plans[start], first, self.full.get)
            if table is None:
                continue
            names = list(table)
            rows = zip(*(table[name].tolist() for name in names), strict=True)
            for row in rows:
                yield coded.rule, dict(zip(names, row, strict=True))


def _is_concrete(rule: Rule) -> bool:
    return not any(isinstance(pattern[1], Variable) for pattern in rule.body)


def _planned(rule: Rule, head: Atom | None, body: tuple[Atom, ...]) -> CodedRule:
    everything = frozenset[str]().union(*(atom.variables for atom in body))
    wanted = everything if head is None else head.variables
    plans = tuple(plan(body, start, wanted) for start in range(len(body)))
    return CodedRule(rule, head, body, plans)


def _values(table: Table, term: str | int, rows: int) -> Ints:
    if isinstance(term, str):
        return table[term]
    constant: npt.NDArray[np.int64] = np.full(rows, term, np.int64)
    return constant
