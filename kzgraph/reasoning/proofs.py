"""Proofs, found backwards over a closure whose triples know their rounds.

A premise always has a lower round than the conclusion, so a least proof
cannot run in circles, and following the rounds down gives one of least depth.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple, Variable

from kzgraph.errors import NoAnswerError
from kzgraph.reasoning.rules import Pattern, Rule, RuleSet
from kzgraph.reasoning.schema import Term, display_triple
from kzgraph.reasoning.sources import MemorySource, StoreSource, TripleSource
from kzgraph.reasoning.vocabulary import TYPE

__all__ = [
    "ASSERTED",
    "Contradiction",
    "MemorySource",
    "NotEntailedError",
    "Proof",
    "StoreSource",
    "TripleSource",
    "last_steps",
    "prove",
    "prove_contradiction",
]

ASSERTED = "asserted"

Bindings = dict[str, Term]


class NotEntailedError(NoAnswerError):
    """A triple is neither asserted nor does it follow from what is."""

    def __init__(self, triple: Triple) -> None:
        self.triple = triple
        super().__init__(
            f"this is not so in the graph: {display_triple(triple)}",
            hint="kzgraph why-not says what is missing",
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a triple holds: the last rule, the axioms it comes from, and a proof of each premise.

    A triple that somebody wrote down is a leaf; its rule is ``asserted``.
    """

    conclusion: Triple
    rule: str = ASSERTED
    axioms: tuple[Triple, ...] = ()
    premises: tuple[Proof, ...] = ()

    @property
    def is_leaf(self) -> bool:
        """Whether the conclusion is asserted."""
        return self.rule == ASSERTED

    @property
    def depth(self) -> int:
        """The number of rules on the longest way from a leaf to the conclusion."""
        depths: dict[int, int] = {}
        for step in reversed(list(self.steps())):
            above = max((depths[id(premise)] for premise in step.premises), default=0)
            depths[id(step)] = 0 if step.is_leaf else 1 + above
        return depths[id(self)]

    def leaves(self) -> list[Triple]:
        """Return the asserted triples that the proof rests on, each once, as they come."""
        return list(dict.fromkeys(step.conclusion for step in self.steps() if step.is_leaf))

    def steps(self) -> Iterator[Proof]:
        """Yield the proof and each proof inside it once, every premise after its conclusions."""
        finished: dict[int, Proof] = {}
        stack: list[tuple[Proof, bool]] = [(self, False)]
        while stack:
            step, left = stack.pop()
            if left:
                finished[id(step)] = step
            elif id(step) not in finished:
                stack.append((step, True))
                stack.extend((premise, False) for premise in step.premises)
        return reversed(finished.values())


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why a graph contradicts itself: the constraint, its axioms, a proof of each premise."""

    rule: str
    axioms: tuple[Triple, ...]
    premises: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One way to reach a conclusion in a single step."""

    rule: Rule
    premises: tuple[Triple, ...]


def prove(source: TripleSource, rules: RuleSet, triple: Triple) -> Proof:
    """Return a proof of least depth; among those, the first in the order of rules and terms.

    Raises NotEntailedError when the triple does not hold.
    """
    return _Prover(source, rules).prove(triple)


def last_steps(
    source: TripleSource, rules: RuleSet, triple: Triple, *, limit: int = 20
) -> tuple[list[Proof], int]:
    """Return the ways in which the triple follows, least first, and how many there are.

    Ways differ in their last step; each is continued by the least proof of
    its premises that does not use the triple itself. An asserted triple has
    its own leaf as one of the ways. At most ``limit`` are returned, all are counted.
    """
    prover = _Prover(source, rules)
    number = prover.round_of(triple)
    found: list[Proof] = [Proof(triple)] if number == 0 else []
    total = len(found)
    for step in sorted(prover.steps(triple), key=prover.order):
        premises = prover.prove_without(step.premises, triple)
        if premises is None:
            continue
        total += 1
        if len(found) < limit:
            found.append(Proof(triple, step.rule.name, step.rule.axioms, premises))
    return found, total


def prove_contradiction(
    source: TripleSource, rules: RuleSet, rule: Rule, triples: Iterable[Triple]
) -> Contradiction:
    """Return a proof of least depth of each triple that a broken constraint speaks of."""
    prover = _Prover(source, rules)
    return Contradiction(rule.name, rule.axioms, tuple(prover.prove(t) for t in triples))


class _Prover:
    """Rules indexed by what they conclude, over one source."""

    def __init__(self, source: TripleSource, rules: RuleSet) -> None:
        self._source = source
        self._by_predicate: dict[NamedNode, list[Rule]] = {}
        self._by_class: dict[object, list[Rule]] = {}
        self._generic: list[Rule] = []
        self._proofs: dict[Triple, Proof] = {}
        self._rank = {id(rule): rank for rank, rule in enumerate(rules.rules)}
        self._rounds: dict[Triple, int | None] = {}
        for rule in rules.rules:
            assert rule.head is not None
            _, predicate, value = rule.head
            if isinstance(predicate, Variable):
                self._generic.append(rule)
            elif predicate == TYPE and not isinstance(value, Variable):
                self._by_class.setdefault(value, []).append(rule)
            else:
                self._by_predicate.setdefault(predicate, []).append(rule)

    def round_of(self, triple: Triple) -> int:
        """Return the round of a triple; raise NotEntailedError when it has none."""
        number = self._round(triple)
        if number is None:
            raise NotEntailedError(triple)
        return number

    def _round(self, triple: Triple) -> int | None:
        if triple not in self._rounds:
            self._rounds[triple] = self._source.round_of(triple)
        return self._rounds[triple]

    def steps(self, triple: Triple) -> Iterator[Step]:
        """Yield every way to reach the triple in one step from triples of the graph."""
        predicate, value = triple.predicate, triple.object
        concluding = [
            *(self._by_class.get(value, ()) if predicate == TYPE else ()),
            *self._by_predicate.get(predicate, ()),
            *self._generic,
        ]
        seen: set[tuple[int, tuple[Triple, ...]]] = set()
        for rule in concluding:
            assert rule.head is not None
            bindings = _unify(rule.head, triple)
            if bindings is None:
                continue
            for premises in self._solve(rule.body, bindings):
                key = (id(rule), premises)
                if triple not in premises and key not in seen:
                    seen.add(key)
                    yield Step(rule, premises)

    def _solve(self, body: tuple[Pattern, ...], bindings: Bindings) -> Iterator[tuple[Triple, ...]]:
        """Yield the instances of a body in the graph, in the order of its patterns."""
        order = _join_order(body, frozenset(bindings))
        chosen: list[Triple | None] = [None] * len(body)

        def search(depth: int, bound: Bindings) -> Iterator[tuple[Triple, ...]]:
            if depth == len(order):
                yield tuple(triple for triple in chosen if triple is not None)
                return
            pattern = body[order[depth]]
            subject, predicate, value = (_bound(term, bound) for term in pattern)
            if isinstance(subject, Literal):
                return
            assert predicate is None or isinstance(predicate, NamedNode)
            for triple in self._source.match(subject, predicate, value):
                extended = _unify(pattern, triple, bound)
                # what has no round is kept out of inference, though it is in the store
                if extended is not None and self._round(triple) is not None:
                    chosen[order[depth]] = triple
                    yield from search(depth + 1, extended)

        return search(0, bindings)

    def order(self, step: Step) -> tuple[int, int, int, list[str]]:
        """Return what steps are sorted by: depth, weight, rule, premises."""
        rounds = [self.round_of(premise) for premise in step.premises]
        return (
            max(rounds, default=0),
            sum(rounds),
            self._rank[id(step.rule)],
            [str(premise) for premise in step.premises],
        )

    def least_step(self, triple: Triple) -> Step:
        """Return the first of the steps whose premises all came in before the triple."""
        number = self.round_of(triple)
        earlier = (
            step
            for step in self.steps(triple)
            if all(self.round_of(premise) < number for premise in step.premises)
        )
        step = min(earlier, key=self.order, default=None)
        if step is None:
            raise NotEntailedError(triple)
        return step

    def prove(self, triple: Triple) -> Proof:
        """Return the least proof; without recursion, since chains of rules can be long."""
        steps: dict[Triple, Step | None] = {}
        waiting = [triple]
        while waiting:
            goal = waiting.pop()
            if goal in steps or goal in self._proofs:
                continue
            if self.round_of(goal) == 0:
                steps[goal] = None
                continue
            step = steps[goal] = self.least_step(goal)
            waiting.extend(step.premises)
        for goal in sorted(steps, key=self.round_of):
            found = steps[goal]
            self._proofs[goal] = Proof(goal) if found is None else self._assemble(goal, found)
        return self._proofs[triple]

    def _assemble(self, goal: Triple, step: Step) -> Proof:
        premises = tuple(self._proofs[premise] for premise in step.premises)
        return Proof(goal, step.rule.name, step.rule.axioms, premises)

    def prove_without(self, goals: Iterable[Triple], avoided: Triple) -> tuple[Proof, ...] | None:
        """Return the least proof of each goal that does not use a triple, or None."""
        proofs = []
        for goal in goals:
            proof = self.prove(goal)
            # what came in no later than the avoided triple cannot rest on it
            if self.round_of(goal) > self.round_of(avoided) and _uses(proof, avoided):
                detour = self._detour(goal, avoided)
                if detour is None:
                    return None
                proof = detour
            proofs.append(proof)
        return tuple(proofs)

    def _detour(self, goal: Triple, avoided: Triple) -> Proof | None:
        """Return the least proof of a goal in the graph without one triple, or None.

        All that the goal can rest on is collected, then settled from the
        leaves up, shallowest first, until the goal is settled.
        """
        users: dict[Triple, list[tuple[Triple, Step]]] = {}
        pending: dict[int, int] = {}
        kept: list[Step] = []
        seen: set[Triple] = {goal}
        ready: list[tuple[tuple[int, str, int, list[str]], int, Triple, Step | None]] = []

        def push(depth: int, triple: Triple, step: Step | None) -> None:
            rank = -1 if step is None else self._rank[id(step.rule)]
            premises = [] if step is None else [str(premise) for premise in step.premises]
            order = (depth, str(triple), rank, premises)
            heapq.heappush(ready, (order, len(kept), triple, step))

        waiting = [goal]
        while waiting:
            triple = waiting.pop()
            if self.round_of(triple) == 0:
                push(0, triple, None)
                continue
            for step in self.steps(triple):
                if avoided in step.premises:
                    continue
                distinct = set(step.premises)
                kept.append(step)
                pending[id(step)] = len(distinct)
                if not distinct:
                    push(1, triple, step)
                for premise in distinct:
                    users.setdefault(premise, []).append((triple, step))
                    if premise not in seen:
                        seen.add(premise)
                        waiting.append(premise)
        settled: dict[Triple, Proof] = {}
        while ready:
            order, _, triple, found = heapq.heappop(ready)
            if triple in settled:
                continue
            if found is None:
                settled[triple] = Proof(triple)
            else:
                premises = tuple(settled[premise] for premise in found.premises)
                settled[triple] = Proof(triple, found.rule.name, found.rule.axioms, premises)
            if triple == goal:
                return settled[triple]
            for conclusion, step in users.get(triple, ()):
                pending[id(step)] -= 1
                if not pending[id(step)] and conclusion not in settled:
                    push(order[0] + 1, conclusion, step)
        return None


def _uses(proof: Proof, triple: Triple) -> bool:
    return any(step.conclusion == triple for step in proof.steps())


def _bound(term: Term | Variable, bindings: Bindings) -> Term | None:
    return bindings.get(term.value) if isinstance(term, Variable) else term


def _unify(pattern: Pattern, triple: Triple, bindings: Bindings | None = None) -> Bindings | None:
    """Return the bindings extended so that the pattern becomes the triple, or None."""
    extended = dict(bindings or {})
    for term, value in zip(pattern, triple, strict=True):
        if not isinstance(term, Variable):
            if term != value:
                return None
        elif extended.setdefault(term.value, value) != value:
            return None
    return extended


def _join_order(body: tuple[Pattern, ...], bound: frozenset[str]) -> tuple[int, ...]:
    """Return the order to match patterns in: always one with the fewest unbound terms."""
    order: list[int] = []
    rest = list(range(len(body)))
    while rest:
        rest.sort(key=lambda n: len(_names(body[n]) - bound))
        order.append(rest.pop(0))
        bound |= _names(body[order[-1]])
    return tuple(order)


def _names(pattern: Pattern) -> frozenset[str]:
    return frozenset(term.value for term in pattern if isinstance(term, Variable))
