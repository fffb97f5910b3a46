"""The axioms of an ontology, read once and checked for what the rules cover."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.errors import InputError
from kzgraph.namespaces import shrink
from kzgraph.reasoning import vocabulary as v

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


class UnsupportedAxiomError(InputError):
    """An axiom says something that the rules do not cover; ``axiom`` is its triple."""

    def __init__(self, what: str, axiom: Triple, *, hint: str = "") -> None:
        self.what = what
        self.axiom = axiom
        self.node = axiom.subject
        super().__init__(f"{what}, in: {display_triple(axiom)}", hint=hint)


def display(term: object) -> str:
    """Return a term as Turtle would have it, with a CURIE where the prefix is known.

    >>> display(v.SUB_CLASS)
    'rdfs:subClassOf'
    """
    if isinstance(term, NamedNode):
        short = shrink(term.value)
        return short if short != term.value else f"<{term.value}>"
    return str(term)


def display_triple(triple: Triple) -> str:
    """Return a triple as one line of Turtle without the full stop."""
    predicate = "a" if triple.predicate == v.TYPE else display(triple.predicate)
    return f"{display(triple.subject)} {predicate} {display(triple.object)}"


@dataclass(frozen=True, slots=True)
class PropertyExpression:
    """A property or the inverse of one; ``axioms`` say what an anonymous inverse stands for."""

    iri: NamedNode
    inverse: bool
    axioms: tuple[Triple, ...]


class Schema:
    """The axioms among some triples, sorted, so that files may be read in any order.

    Raises UnsupportedAxiomError for a term of the RDF, RDFS or OWL vocabulary
    that the rules do not cover, so that no axiom is silently without effect.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_predicate: dict[NamedNode, list[Triple]] = defaultdict(list)
        self._by_subject: dict[tuple[NamedNode, Term], list[Triple]] = defaultdict(list)
        self._typed: dict[NamedNode, list[Triple]] = defaultdict(list)
        self._cells: dict[Node, dict[NamedNode, list[Term]]] = defaultdict(dict)
        self._declared: set[Term] = {v.THING, v.NOTHING}
        self._datatypes: set[Term] = set()
        axioms: dict[Triple, None] = {}
        for triple in triples:
            predicate = triple.predicate
            if predicate == v.TYPE:
                if self._read_type(triple):
                    axioms[triple] = None
            elif predicate in v.AXIOM_PREDICATES:
                if triple not in axioms:
                    axioms[triple] = None
                    self._by_predicate[predicate].append(triple)
                    self._by_subject[predicate, _node(triple)].append(triple)
            elif predicate in v.LIST_PREDICATES:
                values = self._cells[_node(triple)].setdefault(predicate, [])
                if _term(triple) not in values:
                    values.append(_term(triple))
                axioms[triple] = None
            elif predicate not in v.DATA_PREDICATES | v.ANNOTATIONS and v.in_vocabulary(predicate):
                raise UnsupportedAxiomError(
                    f"{display(predicate)} is not covered by the rules",
                    triple,
                    hint=v.HINTS.get(predicate, ""),
                )
        self.axioms: tuple[Triple, ...] = tuple(sorted(axioms, key=str))
        for found in (*self._by_predicate.values(), *self._typed.values()):
            found.sort(key=str)
        self._inverses = {
            triple.subject: triple
            for triple in self._by_predicate[v.INVERSE]
            if isinstance(triple.subject, BlankNode)
        }

    def _read_type(self, triple: Triple) -> bool:
        kind = triple.object
        if not v.in_vocabulary(kind):
            return False
        assert isinstance(kind, NamedNode)
        if kind in v.AXIOM_CLASSES:
            if triple not in self._typed[kind]:
                self._typed[kind].append(triple)
            return True
        if kind == v.CLASS:
            self._declared.add(_node(triple))
        elif kind == v.DATATYPE:
            self._datatypes.add(_node(triple))
        elif kind not in v.DECLARATIONS | {v.THING, v.NOTHING}:
            raise UnsupportedAxiomError(
                f"{display(kind)} is not covered by the rules", triple, hint=v.HINTS.get(kind, "")
            )
        return False

    def triples(self, predicate: NamedNode) -> list[Triple]:
        """Return the axioms with this predicate."""
        return self._by_predicate.get(predicate, [])

    def typed(self, kind: NamedNode) -> list[Triple]:
        """Return the axioms ``x rdf:type kind``."""
        return self._typed.get(kind, [])

    def of(self, subject: Term, predicate: NamedNode) -> list[Triple]:
        """Return the axioms of a subject with a predicate."""
        return self._by_subject.get((predicate, subject), [])

    def is_declared(self, term: Term) -> bool:
        """Return whether a term is declared an owl:Class."""
        return term in self._declared

    def is_datatype(self, term: Term) -> bool:
        """Return whether a term is a datatype, by its vocabulary or by declaration."""
        return term in self._datatypes or v.is_known_datatype(term)

    def ends(self, axiom: Triple) -> tuple[Node, Node]:
        """Return subject and object of an axiom between two classes or two properties."""
        value = _term(axiom)
        if isinstance(value, Literal):
            raise UnsupportedAxiomError("a literal is no class and no property", axiom)
        return _node(axiom), value

    def subject(self, axiom: Triple) -> Node:
        """Return what an axiom is about."""
        return _node(axiom)

    def value(self, axiom: Triple) -> Term:
        """Return what an axiom says of its subject."""
        return _term(axiom)

    def members(self, axiom: Triple) -> list[Term]:
        """Return what the list at the axiom's object holds, in order."""
        found: list[Term] = []
        seen: set[Term] = set()
        cell = axiom.object
        while cell != v.NIL:
            slots = self._cells.get(cell, {}) if isinstance(cell, Node) else {}
            firsts, rests = slots.get(v.FIRST, []), slots.get(v.REST, [])
            if len(firsts) != 1 or len(rests) != 1 or cell in seen:
                raise UnsupportedAxiomError(
                    "the list is broken", axiom, hint="each cell has one rdf:first, one rdf:rest"
                )
            assert isinstance(cell, Node)
            seen.add(cell)
            found.append(firsts[0])
            cell = rests[0]
        if not found:
            raise UnsupportedAxiomError("the list is empty", axiom, hint="name its members")
        return found

    def property(self, term: Term, axiom: Triple) -> PropertyExpression:
        """Return the property that a term of an axiom stands for, itself or inverted."""
        if isinstance(term, NamedNode):
            if v.in_vocabulary(term):
                raise UnsupportedAxiomError(
                    f"{display(term)} cannot be given a meaning of its own",
                    axiom,
                    hint="make axioms about properties of your own",
                )
            return PropertyExpression(term, False, ())
        inverse = self._inverses.get(term) if isinstance(term, BlankNode) else None
        if inverse is None or not isinstance(inverse.object, NamedNode):
            raise UnsupportedAxiomError(
                f"{display(term)} is no property",
                axiom,
                hint="name a property, or write [ owl:inverseOf ex:property ]",
            )
        return PropertyExpression(inverse.object, True, (inverse,))

    def super_property(self, term: Term, axiom: Triple) -> PropertyExpression:
        """Return the property that an axiom concludes; annotations may be concluded too."""
        if isinstance(term, NamedNode) and term in v.ANNOTATIONS:
            return PropertyExpression(term, False, ())
        return self.property(term, axiom)

    def class_from(self, term: Term, axiom: Triple) -> Node:
        """Return a class that a rule starts from.

        Raises UnsupportedAxiomError for a class of the vocabulary itself: what
        holds of everything, or of every class, is beyond rules over the data.
        """
        if isinstance(term, Literal) or v.in_vocabulary(term):
            raise UnsupportedAxiomError(
                f"no rule starts from membership in {display(term)}",
                axiom,
                hint="name a class of your own",
            )
        return term

    def class_to(self, term: Term, axiom: Triple) -> Node:
        """Return a class that a rule may conclude membership in."""
        concluded = v.DECLARATIONS | {v.THING, v.NOTHING}
        if isinstance(term, Literal) or (v.in_vocabulary(term) and term not in concluded):
            raise UnsupportedAxiomError(
                f"membership in {display(term)} cannot be concluded",
                axiom,
                hint="say of each property what it is",
            )
        return term

    def restrictions(self, filler: NamedNode) -> Iterator[tuple[Triple, Triple]]:
        """Yield (onProperty axiom, filler axiom) of the restrictions of one kind."""
        for axiom in self.triples(filler):
            on = self.of(_node(axiom), v.ON_PROPERTY)
            if len(on) != 1:
                raise UnsupportedAxiomError(
                    "a restriction needs exactly one owl:onProperty", axiom, hint="add or drop it"
                )
            yield on[0], axiom


def _node(triple: Triple) -> Node:
    if not isinstance(triple.subject, Node):
        raise UnsupportedAxiomError("a quoted triple takes no part in reasoning", triple)
    return triple.subject


def _term(triple: Triple) -> Term:
    if not isinstance(triple.object, Term):
        raise UnsupportedAxiomError("a quoted triple takes no part in reasoning", triple)
    return triple.object
