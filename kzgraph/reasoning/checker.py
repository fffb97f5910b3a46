"""An independent check of proofs: every step is replayed from the ontology's axioms.

Nothing here comes from the compiler of rules. Steps are held against the W3C's
own table: antecedents about the schema must follow from the axioms that the
step cites, the others must be its premises. What it says of lists is code here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from kzgraph.errors import KzgraphError
from kzgraph.reasoning.owl2rl import ROWS, Fact, read_term
from kzgraph.reasoning.proofs import ASSERTED, Contradiction, Proof
from kzgraph.reasoning.schema import display_triple

Bindings = dict[str, object]
IsLeaf = Callable[[Triple], bool]

_TYPE = read_term("rdf:type")
_FIRST = read_term("rdf:first")
_REST = read_term("rdf:rest")
_NIL = read_term("rdf:nil")
_THING = read_term("owl:Thing")
_NOTHING = read_term("owl:Nothing")
_SUB_CLASS = read_term("rdfs:subClassOf")
_SUB_PROPERTY = read_term("rdfs:subPropertyOf")
_INVERSE = read_term("owl:inverseOf")
_CHAIN = read_term("owl:propertyChainAxiom")
_INTERSECTION = read_term("owl:intersectionOf")
_UNION = read_term("owl:unionOf")
_ONE_OF = read_term("owl:oneOf")
_MEMBERS = read_term("owl:members")
_DISTINCT_MEMBERS = read_term("owl:distinctMembers")
_SAME_AS = read_term("owl:sameAs")
_DIFFERENT = read_term("owl:differentFrom")
_ALL_DIFFERENT = read_term("owl:AllDifferent")
_ALL_DISJOINT_CLASSES = read_term("owl:AllDisjointClasses")
_ALL_DISJOINT_PROPERTIES = read_term("owl:AllDisjointProperties")


class ProofError(KzgraphError):
    """A proof does not hold; ``step`` is the part of it where it breaks."""

    def __init__(self, reason: str, step: Proof | Contradiction) -> None:
        self.reason = reason
        self.step = step
        where = "false" if isinstance(step, Contradiction) else display_triple(step.conclusion)
        super().__init__(f"the proof breaks at {where} by {step.rule}: {reason}")


def check(proof: Proof, axioms: Iterable[Triple], is_leaf: IsLeaf) -> None:
    """Return when every step of a proof holds; raise ProofError at the first that does not.

    ``axioms`` are the triples of the ontology, ``is_leaf`` says whether a
    triple is asserted and takes part in inference.
    """
    Checker(axioms, is_leaf).check(proof)


class Checker:
    """Checks many proofs against one ontology."""

    def __init__(self, axioms: Iterable[Triple], is_leaf: IsLeaf) -> None:
        self._axioms = frozenset(axioms)
        self._is_leaf = is_leaf
        self._lists: dict[object, dict[object, object]] = {}
        for subject, predicate, value in self._axioms:
            if predicate in (_FIRST, _REST):
                self._lists.setdefault(subject, {})[predicate] = value
        self._schemas: dict[tuple[Triple, ...], set[tuple[str, Fact]]] = {}

    def check(self, proof: Proof) -> None:
        """Return when every step holds; raise ProofError at the first that does not."""
        below: dict[int, frozenset[Triple]] = {}
        opened: set[int] = set()
        stack = [proof]
        while stack:
            step = stack[-1]
            if id(step) in below:
                stack.pop()
                continue
            waiting = [premise for premise in step.premises if id(premise) not in below]
            if waiting and id(step) in opened:
                raise ProofError("it rests on itself", step)
            opened.add(id(step))
            if waiting:
                stack.extend(waiting)
                continue
            self._check_step(step)
            rests_on = frozenset[Triple]().union(
                *(below[id(premise)] | {premise.conclusion} for premise in step.premises)
            )
            if step.conclusion in rests_on:
                raise ProofError("it rests on itself", step)
            below[id(step)] = rests_on
            stack.pop()

    def check_contradiction(self, contradiction: Contradiction) -> None:
        """Return when the premises hold and contradict each other; else raise ProofError."""
        for premise in contradiction.premises:
            self.check(premise)
        self._check_rule(contradiction, None)

    def _check_step(self, step: Proof) -> None:
        if step.rule != ASSERTED:
            self._check_rule(step, tuple(step.conclusion))
        elif step.premises or step.axioms:
            raise ProofError("what is asserted has no premises", step)
        elif not self._is_leaf(step.conclusion):
            raise ProofError("nobody asserts it", step)

    def _check_rule(self, step: Proof | Contradiction, conclusion: Fact | None) -> None:
        strange = [axiom for axiom in step.axioms if axiom not in self._axioms]
        if strange:
            raise ProofError(f"no axiom of the ontology: {display_triple(strange[0])}", step)
        premises = [tuple(premise.conclusion) for premise in step.premises]
        if not self._holds(step.rule, step.axioms, premises, conclusion):
            raise ProofError("the conclusion does not follow from axioms and premises", step)

    def _holds(
        self,
        rule: str,
        axioms: tuple[Triple, ...],
        premises: Sequence[Fact],
        conclusion: Fact | None,
    ) -> bool:
        if rule.startswith("scm-"):
            return not premises and (rule, conclusion) in self._schema(axioms)
        if rule in _LIST_RULES:
            return _LIST_RULES[rule](self, axioms, premises, conclusion)
        schema = [fact for _, fact in self._schema(axioms)]
        inverses = _inverses(axioms)
        goals = [None] if conclusion is None else list(_readings(conclusion, inverses))
        facts = [list(_readings(premise, inverses)) for premise in premises]
        return any(
            _matches(antecedents, consequent, schema, facts, goal)
            for antecedents, consequent in ROWS.get(rule, ())
            for goal in goals
        )

    def _schema(self, axioms: tuple[Triple, ...]) -> set[tuple[str, Fact]]:
        """Return what some axioms entail about the schema, with the rule that says so."""
        if axioms in self._schemas:
            return self._schemas[axioms]
        found: set[tuple[str, Fact]] = {("", tuple(axiom)) for axiom in axioms}
        terms: set[object] = {t for axiom in axioms for t in (axiom.subject, axiom.object)}
        for axiom in axioms:
            if axiom.predicate in (_INTERSECTION, _UNION):
                for member in self._list(axiom.object):
                    terms.add(member)
                    if axiom.predicate == _INTERSECTION:
                        found.add(("scm-int", (axiom.subject, _SUB_CLASS, member)))
                    else:
                        found.add(("scm-uni", (member, _SUB_CLASS, axiom.subject)))
        for term in terms:
            found.add(("", (term, _SUB_CLASS, term)))
            found.add(("", (term, _SUB_PROPERTY, term)))
            found.add(("", (term, _SUB_CLASS, _THING)))
            found.add(("", (_NOTHING, _SUB_CLASS, term)))
        grown = True
        while grown:
            facts = list({fact for _, fact in found})
            new = {
                (rule, fact)
                for rule, rows in ROWS.items()
                if rule.startswith("scm-")
                for antecedents, consequent in rows
                if consequent is not None
                for bindings in _solutions(antecedents, facts, {})
                for fact in (_filled(consequent, bindings),)
            }
            grown = not {fact for _, fact in new} <= set(facts)
            found |= new
        self._schemas[axioms] = found
        return found

    def _list(self, head: object) -> list[object]:
        members: list[object] = []
        while head in self._lists and len(members) <= len(self._lists):
            cell = self._lists[head]
            members.append(cell.get(_FIRST))
            head = cell.get(_REST)
        return members if head == _NIL else []

    def _chain(
        self, axioms: tuple[Triple, ...], premises: Sequence[Fact], conclusion: Fact | None
    ) -> bool:
        """prp-spo2: the premises are the links of the chain, one after the other."""
        inverses = _inverses(axioms)
        for axiom in axioms:
            links = self._list(axiom.object) if axiom.predicate == _CHAIN else []
            if conclusion is None or not links or len(links) != len(premises):
                continue
            for start, head, end in _readings(conclusion, inverses):
                reached = {start}
                for link, premise in zip(links, premises, strict=True):
                    readings = _readings(premise, inverses)
                    reached = {o for s, p, o in readings if p == link and s in reached}
                if head == axiom.subject and end in reached:
                    return True
        return False

    def _intersection(
        self, axioms: tuple[Triple, ...], premises: Sequence[Fact], conclusion: Fact | None
    ) -> bool:
        """cls-int1: who is a member of every part is a member of the whole."""
        if conclusion is None:
            return False
        who = conclusion[0]
        return any(
            axiom.predicate == _INTERSECTION
            and conclusion == (who, _TYPE, axiom.subject)
            and bool(premises)
            and list(premises) == [(who, _TYPE, part) for part in self._list(axiom.object)]
            for axiom in axioms
        )

    def _part(
        self, axioms: tuple[Triple, ...], premises: Sequence[Fact], conclusion: Fact | None
    ) -> bool:
        """cls-int2: who is a member of the whole is a member of each part."""
        return len(premises) == 1 and any(
            axiom.predicate == _INTERSECTION
            and premises[0] == (premises[0][0], _TYPE, axiom.subject)
            and conclusion == (premises[0][0], _TYPE, part)
            for axiom in axioms
            for part in self._list(axiom.object)
        )

    def _union(
        self, axioms: tuple[Triple, ...], premises: Sequence[Fact], conclusion: Fact | None
    ) -> bool:
        """cls-uni: who is a member of a part is a member of the whole."""
        return len(premises) == 1 and any(
            axiom.predicate == _UNION
            and premises[0] == (premises[0][0], _TYPE, part)
            and conclusion == (premises[0][0], _TYPE, axiom.subject)
            for axiom in axioms
            for part in self._list(axiom.object)
        )

    def _enumeration(
        self, axioms: tuple[Triple, ...], premises: Sequence[Fact], conclusion: Fact | None
    ) -> bool:
        """cls-oo: what the list names is a member."""
        return not premises and any(
            axiom.predicate == _ONE_OF and conclusion == (member, _TYPE, axiom.subject)
            for axiom in axioms
            for member in self._list(axiom.object)
        )

    def _all_disjoint(
        self, axioms: tuple[Triple, ...], premises: Sequence[Fact], conclusion: Fact | None
    ) -> bool:
        """cax-adc, prp-adp, eq-diff2, eq-diff3: two members of a list that must not meet."""
        kinds = {a.object for a in axioms if a.predicate == _TYPE}
        inverses = _inverses(axioms)
        if conclusion is not None:
            return False
        for axiom in axioms:
            if axiom.predicate not in (_MEMBERS, _DISTINCT_MEMBERS):
                continue
            for one, other in combinations(self._list(axiom.object), 2):
                if _ALL_DIFFERENT in kinds and list(premises) == [(one, _SAME_AS, other)]:
                    return True
                if len(premises) != 2:
                    continue
                first, second = premises
                if _ALL_DISJOINT_CLASSES in kinds and first[0] == second[0]:
                    pair = ((first[0], _TYPE, one), (first[0], _TYPE, other))
                    if (first, second) == pair:
                        return True
                if _ALL_DISJOINT_PROPERTIES in kinds and any(
                    (s, p, o, q) == (t, one, u, other)
                    for s, p, o in _readings(first, inverses)
                    for t, q, u in _readings(second, inverses)
                ):
                    return True
        return False


_LIST_RULES: Final = {
    "prp-spo2": Checker._chain,
    "cls-int1": Checker._intersection,
    "cls-int2": Checker._part,
    "cls-uni": Checker._union,
    "cls-oo": Checker._enumeration,
    "cax-adc": Checker._all_disjoint,
    "prp-adp": Checker._all_disjoint,
    "eq-diff2": Checker._all_disjoint,
    "eq-diff3": Checker._all_disjoint,
}


def _inverses(axioms: Iterable[Triple]) -> dict[object, object]:
    """Return what the anonymous inverses among some axioms are the inverse of."""
    return {
        axiom.subject: axiom.object
        for axiom in axioms
        if axiom.predicate == _INVERSE and isinstance(axiom.subject, BlankNode)
    }


def _readings(fact: Fact, inverses: dict[object, object]) -> Iterator[Fact]:
    """Yield a fact and what it says of anonymous inverses of its property."""
    yield fact
    subject, predicate, value = fact
    for inverse, of in inverses.items():
        if of == predicate:
            yield value, inverse, subject


def _matches(
    antecedents: Sequence[Fact],
    consequent: Fact | None,
    schema: Sequence[Fact],
    premises: Sequence[Sequence[Fact]],
    goal: Fact | None,
) -> bool:
    """Return whether the antecedents can be met so that the consequent is the goal."""
    about_schema = [pattern for pattern in antecedents if _is_schema(pattern)]
    about_data = [pattern for pattern in antecedents if not _is_schema(pattern)]
    if len(about_data) != len(premises) or (consequent is None) != (goal is None):
        return False
    partial: list[Bindings] = [{}]
    for pattern, readings in zip(about_data, premises, strict=True):
        partial = [b for known in partial for b in _solutions([pattern], readings, known)]
    return any(
        consequent is None or _filled(consequent, bindings) == goal
        for known in partial
        for bindings in _solutions(about_schema, schema, known)
    )


def _solutions(
    patterns: Sequence[Fact], facts: Sequence[Fact], known: Bindings
) -> Iterator[Bindings]:
    """Yield every way to make all patterns facts, given what is known."""
    if not patterns:
        yield known
        return
    for fact in facts:
        bindings = dict(known)
        if all(
            bindings.setdefault(term, value) == value if isinstance(term, str) else term == value
            for term, value in zip(patterns[0], fact, strict=True)
        ):
            yield from _solutions(patterns[1:], facts, bindings)


def _filled(pattern: Fact, bindings: Bindings) -> Fact:
    subject, predicate, value = (
        bindings[term] if isinstance(term, str) else term for term in pattern
    )
    return subject, predicate, value


def _is_schema(pattern: Fact) -> bool:
    """Return whether a pattern is about axioms: owl and rdfs properties, kinds of property."""
    _, predicate, value = pattern
    if predicate == _TYPE:
        return isinstance(value, NamedNode) and value != _NOTHING
    return isinstance(predicate, NamedNode) and predicate not in (_SAME_AS, _DIFFERENT)
