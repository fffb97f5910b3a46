"""Terms: declared, on the things they are meant for, under the right prefixes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Final

from pyoxigraph import Literal, NamedNode

from kzgraph.namespaces import (
    KZ,
    KZG,
    KZR,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    WD,
    XSD,
    kz,
    shrink,
)
from kzgraph.store.memory import TripleIndex
from kzgraph.validation.corpus import USER, Corpus, Problem, SourceText

DOMAIN: Final = NamedNode(RDFS + "domain")
DOMAIN_INCLUDES: Final = NamedNode("https://schema.org/domainIncludes")
LEAVES_OPEN: Final = kz("leavesOpen")
SAME_AS: Final = NamedNode(OWL + "sameAs")
_UNION: Final = NamedNode(OWL + "unionOf")
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")

# namespaces whose terms need no declaration: the languages themselves, things, graphs
_FREE: Final = (RDF, RDFS, OWL, XSD, KZR, KZG, WD, "http://www.w3.org/ns/shacl#")
_OURS: Final = tuple(sorted({*PREFIXES.values()} - {*_FREE}, key=len, reverse=True))


def _namespace(iri: str) -> str:
    return next((n for n in _OURS if iri.startswith(n) and not iri.startswith(_FREE)), "")


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the up to three known names that differ least, letters swapped counting once.

    >>> nearest("country-kza", ["country-kgz", "country-kaz", "org-eaeu"])
    ['country-kaz', 'country-kgz']
    """
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    scorer = DamerauLevenshtein.normalized_similarity
    found = process.extract(name, sorted(known), scorer=scorer, limit=3, score_cutoff=0.7)
    return [choice for choice, _, _ in found]


def _is_local(name: str) -> bool:
    """Return whether a name is that of a term, not of a namespace or of a version of one."""
    return bool(name) and not any(mark in name for mark in "/#?")


def check_declared(corpus: Corpus) -> Iterator[Problem]:
    """Every term of our namespaces, and every borrowed property and class, is declared."""
    declared = {
        node.value
        for index in (corpus.ontology, corpus.shapes)
        for node in index.subjects()
        if isinstance(node, NamedNode) and index.types(node)
    }
    declared |= {
        node.value
        for text in corpus.texts
        if text.kind == USER
        for node in text.subjects
        if isinstance(node, NamedNode) and corpus.data.types(node)
    }
    for text in corpus.wanted:
        seen: set[NamedNode] = set()
        for triple in text.triples:
            used: list[NamedNode] = [triple.predicate]
            if isinstance(triple.object, NamedNode):
                used.append(triple.object)
            elif isinstance(triple.object, Literal):
                used.append(triple.object.datatype)
            for term in used:
                if term in seen or term.value in declared:
                    continue
                namespace = _namespace(term.value)
                if not namespace or not _is_local(term.value.removeprefix(namespace)):
                    continue
                seen.add(term)
                known = [d.removeprefix(namespace) for d in declared if d.startswith(namespace)]
                near = nearest(term.value.removeprefix(namespace), known)
                named = ", ".join(shrink(namespace + local) for local in near)
                line, column = _use(text, term)
                yield Problem(
                    "term-undeclared",
                    triple.subject if isinstance(triple.subject, NamedNode) else None,
                    value=term,
                    source=text,
                    line=line,
                    column=column,
                    details={
                        "term": shrink(term.value),
                        "near": named,
                    },
                )


def _use(text: SourceText, term: NamedNode) -> tuple[int, int]:
    """Return where a term is used first."""
    for statement in text.statements:
        value = statement.object
        kind = value.datatype if isinstance(value, Literal) else value
        if term in (statement.predicate, kind):
            return statement.line, statement.column
    return 1, 1


def check_prefixes(corpus: Corpus) -> Iterator[Problem]:
    """Every prefix stands for what the project's table says."""
    names = {iri: prefix for prefix, iri in PREFIXES.items()}
    for text in corpus.wanted:
        for prefix, iri in text.prefixes.items():
            meant = PREFIXES.get(prefix)
            line = _line_of_prefix(text, prefix)
            if meant == iri:
                continue
            if meant is not None:
                details = {"prefix": prefix, "iri": iri, "meant": meant}
                yield Problem("prefix-wrong", source=text, line=line, details=details)
                continue
            near = next((known for known in names if _nearly(iri, known)), None)
            if near is not None and near != iri:
                details = {"prefix": prefix, "iri": iri, "meant": near}
                yield Problem("prefix-wrong", source=text, line=line, details=details)
            elif text.kind != USER:
                details = {"prefix": prefix, "iri": iri}
                yield Problem("prefix-unknown", source=text, line=line, details=details)


def _nearly(iri: str, known: str) -> bool:
    """Return whether an IRI looks like a slip in writing a known one."""

    def bare(text: str) -> str:
        return text.lower().partition("://")[2].removeprefix("www.").rstrip("#/")

    if iri == known:
        return True
    one, other = bare(iri), bare(known)
    return one == other or (len(other) > 15 and SequenceMatcher(None, one, other).ratio() > 0.94)


def _line_of_prefix(text: SourceText, prefix: str) -> int:
    for number, line in enumerate(text.text.splitlines(), 1):
        words = line.split()
        if len(words) > 2 and words[0].lower().lstrip("@") == "prefix" and words[1] == f"{prefix}:":
            return number
    return 1


def domains(corpus: Corpus) -> dict[NamedNode, set[NamedNode]]:
    """Return for each property the classes that it is meant for, where any are named."""
    found: dict[NamedNode, set[NamedNode]] = {}
    for predicate in (DOMAIN, DOMAIN_INCLUDES):
        for prop, cls in corpus.ontology.pairs(predicate):
            if isinstance(prop, NamedNode):
                found.setdefault(prop, set()).update(_union(corpus.ontology, cls))
    return found


def _union(ontology: TripleIndex, cls: object) -> Iterable[NamedNode]:
    """Return a class, or the members of a union of classes."""
    if isinstance(cls, NamedNode):
        return [cls]
    members: list[NamedNode] = []
    cell = ontology.one(cls, _UNION)  # type: ignore[arg-type]
    while cell is not None and cell != NamedNode(RDF + "nil"):
        assert not isinstance(cell, Literal)
        first = ontology.node(cell, _FIRST)
        members += [first] if first else []
        cell = ontology.one(cell, _REST)
    return members


def check_domains(corpus: Corpus) -> Iterator[Problem]:
    """A property stands on things of the classes that it is meant for.

    Where it does not, the reasoner would conclude that the thing is of that
    class: one slip, and a border becomes a membership.
    """
    meant = {p: classes for p, classes in domains(corpus).items() if p.value.startswith(KZ)}
    for node in corpus.data.subjects():
        classes = corpus.classes(node)
        if not any(corpus.ontology.types(cls) for cls in classes):
            continue  # what a thing is must be known first; other rules say so
        for predicate in corpus.data.predicates(node):
            wanted = meant.get(predicate)
            if wanted and not wanted & classes:
                yield Problem(
                    "property-misplaced",
                    node,
                    predicates=(predicate,),
                    details={
                        "property": shrink(predicate.value),
                        "classes": _names(wanted),
                        "have": _names(
                            c for c in corpus.data.types(node) if isinstance(c, NamedNode)
                        ),
                    },
                )


def _names(classes: Iterable[NamedNode]) -> str:
    return ", ".join(sorted(shrink(c.value) for c in classes))


def check_left_open(corpus: Corpus) -> Iterator[Problem]:
    """What a relator leaves open is one of its own properties, and is not also given."""
    meant = domains(corpus)
    for node, prop in corpus.data.pairs(LEAVES_OPEN):
        if not isinstance(prop, NamedNode):
            continue
        details = {"property": shrink(prop.value)}
        if corpus.data.objects(node, prop):
            yield Problem(
                "left-open-given", node, predicates=(LEAVES_OPEN,), value=prop, details=details
            )
        wanted = meant.get(prop, set())
        if wanted and not wanted & corpus.classes(node):
            details["classes"] = _names(wanted)
            yield Problem(
                "left-open-misplaced", node, predicates=(LEAVES_OPEN,), value=prop, details=details
            )


def check_identity(corpus: Corpus) -> Iterator[Problem]:
    """No owl:sameAs in data: it merges things, and floods the closure."""
    for node, other in corpus.data.pairs(SAME_AS):
        yield Problem("same-as", node, predicates=(SAME_AS,), value=other)
