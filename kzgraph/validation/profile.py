"""The ontology: within OWL 2 RL, every module loadable alone, every term explained."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.namespaces import KZ, KZV, OWL, PREFIXES, RDF, RDF_TYPE, RDFS, SKOS, shrink
from kzgraph.store.memory import Subject, Term, TripleIndex
from kzgraph.validation.corpus import ONTOLOGY, RDFS_LABEL, SUBCLASS_OF, Corpus, Problem, SourceText

_IMPORTS: Final = NamedNode(OWL + "imports")
_ONTOLOGY: Final = NamedNode(OWL + "Ontology")
_DEFINED_BY: Final = NamedNode(RDFS + "isDefinedBy")
_DEFINITION: Final = NamedNode(SKOS + "definition")
_EXAMPLE: Final = NamedNode(SKOS + "example")
_STATUS: Final = NamedNode(PREFIXES["vs"] + "term_status")
_CHAIN: Final = NamedNode(OWL + "propertyChainAxiom")
_INVERSE: Final = NamedNode(OWL + "inverseOf")
_SUBPROPERTY: Final = NamedNode(RDFS + "subPropertyOf")
_STATUSES: Final = ("unstable", "testing", "stable", "archaic")
_TERM_KINDS: Final = frozenset(
    NamedNode(OWL + kind)
    for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
_KINDS_APART: Final = tuple(
    NamedNode(OWL + kind)
    for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)

# what neither OWL 2 RL nor this ontology has, and why not
_FORBIDDEN_PREDICATES: Final = {
    "hasSelf": "OWL 2 RL has no self restrictions",
    "disjointUnionOf": "OWL 2 RL has no disjoint unions",
    "cardinality": "OWL 2 RL has no exact cardinalities",
    "minCardinality": "OWL 2 RL has no minimal cardinalities",
    "maxCardinality": "it would merge rival values; limits on data are shapes",
    "qualifiedCardinality": "OWL 2 RL has no exact cardinalities",
    "minQualifiedCardinality": "OWL 2 RL has no minimal cardinalities",
    "maxQualifiedCardinality": "it would merge rival values; limits on data are shapes",
    "hasKey": "it would merge rival values; kz:identifiedBy names what identifies",
    "onDatatype": "OWL 2 RL has no restricted datatypes; limits on data are shapes",
    "datatypeComplementOf": "OWL 2 RL has no complements of datatypes",
    "topObjectProperty": "OWL 2 RL has no universal property",
}
_FORBIDDEN_TYPES: Final = {
    "ReflexiveProperty": "OWL 2 RL has no reflexive properties",
    "FunctionalProperty": "it would merge rival values; limits on data are shapes",
    "InverseFunctionalProperty": "it would merge rival values; limits on data are shapes",
}
# class expressions that may only narrow (left of a subclass axiom) or only widen (right of it)
_ONLY_LEFT: Final = tuple(NamedNode(OWL + p) for p in ("unionOf", "someValuesFrom", "oneOf"))
_ONLY_RIGHT: Final = tuple(NamedNode(OWL + p) for p in ("allValuesFrom", "complementOf"))


def check_profile(corpus: Corpus) -> Iterator[Problem]:
    """The ontology stays within OWL 2 RL, and what the reasoner does not cover is named."""
    ontology = corpus.ontology
    problem = partial(Problem, "owl-profile")
    _ = corpus.closed
    if corpus.axiom_error is not None:
        axiom = corpus.axiom_error.axiom
        yield problem(
            axiom.subject if isinstance(axiom.subject, NamedNode) else None,
            predicates=(axiom.predicate,),
            source=_text_with(corpus, axiom),
            details={"reason": corpus.axiom_error.message, "hint": corpus.axiom_error.hint},
        )
    for triple in ontology:
        node = triple.subject
        assert isinstance(node, NamedNode | BlankNode)
        local = triple.predicate.value.removeprefix(OWL)
        reason = _FORBIDDEN_PREDICATES.get(local, "")
        if triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode):
            reason = _FORBIDDEN_TYPES.get(triple.object.value.removeprefix(OWL), "")
        if not reason:
            continue
        owner = _owner(ontology, node)
        yield problem(
            owner,
            predicates=(triple.predicate,),
            source=_text_with(corpus, triple),
            details={"reason": f"{shrink(triple.predicate.value)}: {reason}", "hint": ""},
        )
    yield from _check_positions(corpus)
    yield from _check_kinds(corpus)
    yield from _check_simple(corpus)


def _text_with(corpus: Corpus, triple: Triple) -> SourceText | None:
    return next((t for t in corpus.texts if triple in t.triples), None)


def _owner(ontology: TripleIndex, node: Subject) -> NamedNode | None:
    """Return the named term that a node without a name is a part of."""
    seen: set[Subject] = set()
    pending: list[Subject] = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, NamedNode):
            return current
        if current in seen:
            continue
        seen.add(current)
        pending += [t.subject for t in ontology if t.object == current and _is_node(t.subject)]  # type: ignore[misc]
    return None


def _is_node(term: object) -> bool:
    return isinstance(term, NamedNode | BlankNode)


def _check_positions(corpus: Corpus) -> Iterator[Problem]:
    """Yield class expressions on a side of an axiom where OWL 2 RL does not have them."""
    ontology = corpus.ontology
    thing = NamedNode(OWL + "Thing")
    for child, parent in ontology.pairs(SUBCLASS_OF):
        named = parent if isinstance(parent, NamedNode) else None
        for side, forbidden, where in (
            (child, _ONLY_RIGHT, "left"),
            (parent, _ONLY_LEFT, "right"),
        ):
            for predicate in forbidden:
                if _is_node(side) and ontology.objects(side, predicate):  # type: ignore[arg-type]
                    yield Problem(
                        "owl-profile",
                        _owner(ontology, child) or named,
                        predicates=(SUBCLASS_OF,),
                        details={
                            "reason": f"{shrink(predicate.value)}, {where} of rdfs:subClassOf",
                            "hint": "",
                        },
                    )
        if child == thing:
            yield Problem(
                "owl-profile",
                parent if isinstance(parent, NamedNode) else None,
                details={"reason": "owl:Thing on the left of rdfs:subClassOf", "hint": ""},
            )
    for predicate in (NamedNode(RDFS + "domain"), NamedNode(RDFS + "range")):
        for prop, cls in ontology.pairs(predicate):
            for expression in _ONLY_LEFT:
                if _is_node(cls) and ontology.objects(cls, expression):  # type: ignore[arg-type]
                    yield Problem(
                        "owl-profile",
                        prop,
                        predicates=(predicate,),
                        details={
                            "reason": f"{shrink(expression.value)} in {shrink(predicate.value)}",
                            "hint": "document it with schema:domainIncludes or rangeIncludes",
                        },
                    )


def _check_kinds(corpus: Corpus) -> Iterator[Problem]:
    """Yield terms that are declared as two kinds of term at once."""
    for node in corpus.ontology.subjects():
        kinds = [k for k in _KINDS_APART if k in corpus.ontology.types(node)]
        if len(kinds) > 1:
            yield Problem(
                "owl-profile",
                node,
                predicates=(RDF_TYPE,),
                value=kinds[1],
                details={
                    "reason": "it is declared as " + " and ".join(shrink(k.value) for k in kinds),
                    "hint": "",
                },
            )


def _check_simple(corpus: Corpus) -> Iterator[Problem]:
    """Yield characteristics that only simple properties may have, and chains in a circle.

    A property is not simple when a chain or transitivity leads to it, or to one below it.
    """
    ontology = corpus.ontology
    above: dict[Subject, set[Subject]] = {}
    for low, high in ontology.pairs(_SUBPROPERTY):
        if isinstance(high, NamedNode):
            above.setdefault(low, set()).add(high)
    for one, other in ontology.pairs(_INVERSE):
        if isinstance(one, NamedNode) and isinstance(other, NamedNode):
            above.setdefault(one, set()).add(other)
            above.setdefault(other, set()).add(one)
    composed = {
        node
        for node in ontology.subjects()
        if NamedNode(OWL + "TransitiveProperty") in ontology.types(node)
        or ontology.objects(node, _CHAIN)
    }
    complex_, pending = set(composed), list(composed)
    while pending:
        fresh = above.get(pending.pop(), set()) - complex_
        complex_ |= fresh
        pending += fresh
    for kind in ("IrreflexiveProperty", "AsymmetricProperty"):
        for node in sorted(complex_, key=str):
            if NamedNode(OWL + kind) in ontology.types(node):
                yield Problem(
                    "owl-profile",
                    node,
                    predicates=(RDF_TYPE,),
                    value=NamedNode(OWL + kind),
                    details={
                        "reason": f"owl:{kind} on a property that chains or transitivity lead to",
                        "hint": "",
                    },
                )
    for node, chain in ontology.pairs(_CHAIN):
        members = _list(ontology, chain)
        inner = members[1:-1] if len(members) > 2 else []
        if members and (node in inner or (len(members) > 2 and members[0] == node == members[-1])):
            yield Problem(
                "owl-profile",
                node,
                predicates=(_CHAIN,),
                details={"reason": "the chain holds the property itself in its middle", "hint": ""},
            )


def _list(ontology: TripleIndex, cell: Term) -> list[Term]:
    members: list[Term] = []
    while isinstance(cell, BlankNode):
        members += ontology.objects(cell, NamedNode(RDF + "first"))
        rest = ontology.objects(cell, NamedNode(RDF + "rest"))
        if not rest:
            break
        cell = rest[0]
    return members


def check_documented(corpus: Corpus) -> Iterator[Problem]:
    """Every own term has labels, definitions, an example, a status and its module."""
    for text in corpus.texts:
        if text.kind != ONTOLOGY:
            continue
        module = next((n for n in text.subjects if _ONTOLOGY in corpus.ontology.types(n)), None)
        index = TripleIndex(text.triples)
        for node in text.subjects:
            if not isinstance(node, NamedNode) or not node.value.startswith(KZ):
                continue
            if not _TERM_KINDS & set(index.types(node)):
                continue
            missing = [
                *_missing_languages(index, node, RDFS_LABEL, ("en", "de", "ru", "kk")),
                *_missing_languages(index, node, _DEFINITION, ("en", "de")),
                *_missing_languages(index, node, _EXAMPLE, ("en",)),
            ]
            status = index.one(node, _STATUS)
            if not isinstance(status, Literal) or status.value not in _STATUSES:
                missing.append("vs:term_status")
            if index.one(node, _DEFINED_BY) != module:
                missing.append("rdfs:isDefinedBy of this module")
            if missing:
                yield Problem(
                    "term-undocumented",
                    node,
                    source=text,
                    details={"missing": ", ".join(missing)},
                )


def _missing_languages(
    index: TripleIndex, node: NamedNode, predicate: NamedNode, languages: tuple[str, ...]
) -> Iterator[str]:
    given = {o.language for o in index.objects(node, predicate) if isinstance(o, Literal)}
    for language in languages:
        if language not in given:
            yield f"{shrink(predicate.value)} @{language}"


def check_modules(corpus: Corpus) -> Iterator[Problem]:
    """A module imports whatever declares the terms that it uses, so that it loads alone."""
    modules: dict[NamedNode, SourceText] = {}
    declared: dict[str, NamedNode] = {}
    for text in corpus.texts:
        if text.kind != ONTOLOGY:
            continue
        index = TripleIndex(text.triples)
        module = next((n for n in text.subjects if _ONTOLOGY in index.types(n)), None)
        if not isinstance(module, NamedNode):
            continue
        modules[module] = text
        for node in text.subjects:
            if isinstance(node, NamedNode) and index.types(node):
                declared.setdefault(node.value, module)
    for module, text in modules.items():
        reached, pending = {module}, [module]
        while pending:
            for imported in corpus.ontology.objects(pending.pop(), _IMPORTS):
                if not isinstance(imported, NamedNode) or imported in reached:
                    continue
                if imported not in modules:
                    yield Problem(
                        "import-missing",
                        module,
                        predicates=(_IMPORTS,),
                        value=imported,
                        source=text,
                        details={"term": shrink(imported.value), "module": "no file"},
                    )
                reached.add(imported)
                pending.append(imported)
        told: set[NamedNode] = set()
        for triple in text.triples:
            for term in (triple.predicate, triple.object):
                if not isinstance(term, NamedNode) or not term.value.startswith((KZ, KZV)):
                    continue
                home = declared.get(term.value)
                if home is None or home in reached or home in told or term in modules:
                    continue
                told.add(home)
                subject = triple.subject
                yield Problem(
                    "import-missing",
                    subject if isinstance(subject, NamedNode) else module,
                    predicates=(triple.predicate,),
                    value=term,
                    source=text,
                    details={"term": shrink(term.value), "module": shrink(home.value)},
                )
