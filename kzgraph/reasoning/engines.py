"""Another engine for the same task: owlrl, the oracle that our own is measured against.

It is slow and thorough, works on the ontology and the data together, and
does not say when or why it inferred something.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.reasoning import vocabulary as v
from kzgraph.reasoning.closure import Closure, Inconsistency
from kzgraph.reasoning.rules import Rule
from kzgraph.reasoning.schema import Term

_ERROR = "http://www.daml.org/2002/03/agents/agent-ont#error"
_ERROR_CLASS = "http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage"


def close_with_owlrl(ontology: Iterable[Triple], triples: Iterable[Triple]) -> Closure:
    """Return what owlrl infers, every triple in round 1, as ``close`` would draw it.

    Left out as in our own closure: what holds of everything (that a thing is
    itself, a class its own subclass and one of owl:Thing ...).
    """
    asserted = {*ontology, *triples}
    entailed, complaints = entailed_by_owlrl(asserted)
    inferred = sorted((t for t in entailed - asserted if not is_trivial(t)), key=str)
    rule = Rule("owlrl", None, (), ())
    return Closure(
        [(triple, 1) for triple in inferred],
        [Inconsistency(rule, (), complaint) for complaint in sorted(complaints)],
    )


def is_trivial(triple: Triple) -> bool:
    """Return whether a triple says what holds of everything of its kind.

    >>> is_trivial(Triple(v.NOTHING, v.SUB_CLASS, NamedNode("https://example.org/a")))
    True
    """
    subject, predicate, value = triple
    if predicate in _REFLEXIVE and subject == value:
        return True
    if value == v.THING:
        return predicate in {v.TYPE, v.SUB_CLASS, v.DOMAIN, v.RANGE}
    return bool(subject == v.NOTHING and predicate == v.SUB_CLASS)


_REFLEXIVE = frozenset(
    {v.SAME_AS, v.SUB_CLASS, v.SUB_PROPERTY, v.EQUIVALENT_CLASS, v.EQUIVALENT_PROPERTY}
)


def entailed_by_owlrl(triples: Iterable[Triple]) -> tuple[set[Triple], list[str]]:
    """Return all triples of owlrl's closure that RDF can hold, and its complaints.

    Left out: axiomatic triples (those it derives from nothing), statements
    about datatypes, and that a thing is the same as itself.
    """
    graph = set(triples)
    datatypes = {t.subject for t in graph if t.predicate == v.TYPE and t.object == v.DATATYPE}
    raw, complaints = _expand(graph)

    def about_datatypes(triple: Triple) -> bool:
        subject, predicate, value = triple
        if predicate == v.TYPE and value == v.DATATYPE:
            return True
        concerned = value if predicate == v.TYPE else subject
        return concerned in datatypes or v.is_known_datatype(concerned)

    entailed = {
        triple
        for triple in raw - _axiomatic()
        if not (triple.predicate == v.SAME_AS and triple.subject == triple.object)
        and not about_datatypes(triple)
    }
    return entailed | graph, complaints


@cache
def _axiomatic() -> frozenset[Triple]:
    raw, _ = _expand(set())
    return frozenset(raw)


def _expand(triples: set[Triple]) -> tuple[set[Triple], list[str]]:
    # here, not above: rdflib and owlrl take a quarter of a second to import
    import owlrl
    import rdflib

    def outward(term: object) -> rdflib.term.Node:
        if isinstance(term, NamedNode):
            return rdflib.URIRef(term.value)
        if isinstance(term, BlankNode):
            return rdflib.BNode(term.value)
        assert isinstance(term, Literal)
        language = term.language
        datatype = None if language else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=language, datatype=datatype, normalize=False)

    def inward(node: object) -> Term:
        if isinstance(node, rdflib.URIRef):
            return NamedNode(str(node))
        if isinstance(node, rdflib.BNode):
            return BlankNode(str(node))
        assert isinstance(node, rdflib.Literal)
        if node.language:
            return Literal(str(node), language=node.language)
        if node.datatype is None:
            return Literal(str(node))
        return Literal(str(node), datatype=NamedNode(str(node.datatype)))

    graph = rdflib.Graph()
    for triple in triples:
        graph.add(tuple(outward(term) for term in triple))  # type: ignore[arg-type]
    owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False, rdfs_closure=False
    ).expand(graph)
    found: set[Triple] = set()
    complaints: list[str] = []
    for subject, predicate, value in graph:
        if str(predicate) == _ERROR:
            complaints.append(str(value))
        elif str(value) != _ERROR_CLASS and not isinstance(subject, rdflib.Literal):
            found.add(Triple(inward(subject), inward(predicate), inward(value)))  # type: ignore[arg-type]
    return found, complaints
