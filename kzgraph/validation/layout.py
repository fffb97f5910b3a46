"""Files: canonical, without blank nodes, each thing described once and somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from kzgraph.errors import SourceSyntaxError
from kzgraph.namespaces import KZR, OWL, PREFIXES, RDF_TYPE, shrink
from kzgraph.rdf.turtle import UnformattableError, check_turtle
from kzgraph.store.memory import Subject
from kzgraph.validation.corpus import DATA, USER, Corpus, Problem, SourceText
from kzgraph.validation.terms import nearest

REPLACED_BY: Final = NamedNode(PREFIXES["dcterms"] + "isReplacedBy")
DEPRECATED: Final = NamedNode(OWL + "deprecated")


def check_canonical(corpus: Corpus) -> Iterator[Problem]:
    """The project's files are in the canonical form; a user's may be in any."""
    for text in corpus.wanted:
        wrong = any(PREFIXES.get(prefix) != iri for prefix, iri in text.prefixes.items())
        if text.kind == USER or wrong:  # about wrong prefixes another rule says more
            continue
        try:
            differences = check_turtle(text.text, path=text.name)
        except UnformattableError as error:
            details = {"difference": str(error)}
            yield Problem("not-canonical", source=text, line=1, details=details)
            continue
        except SourceSyntaxError:
            continue  # reading the file has said so
        for found in differences[:1]:
            yield Problem(
                "not-canonical",
                source=text,
                line=found.line,
                details={"difference": found.message, "file": text.name},
            )


def check_blank_nodes(corpus: Corpus) -> Iterator[Problem]:
    """Everything in data has a name: what has none cannot be cited, compared or corrected."""
    for text in corpus.wanted:
        if text.kind not in (DATA, USER):
            continue
        if not any(
            isinstance(term, BlankNode) for t in text.triples for term in (t.subject, t.object)
        ):
            continue
        seen: set[BlankNode] = set()
        for statement in text.statements:
            for term in (statement.object, statement.subject):
                if isinstance(term, BlankNode) and term not in seen:
                    seen.add(term)
                    node = statement.subject
                    yield Problem(
                        "blank-node",
                        node if isinstance(node, NamedNode) else None,
                        source=text,
                        line=statement.line,
                        column=statement.column,
                    )


def check_described_once(corpus: Corpus) -> Iterator[Problem]:
    """A thing is described in one file of the data; links stand apart."""
    seen: dict[Subject, SourceText] = {}
    for text in corpus.texts:
        if text.kind != DATA or "links" in text.path.parts:
            continue
        for node in text.subjects:
            first = seen.setdefault(node, text)
            if first is not text:
                line, column = text.line_of(node)
                yield Problem(
                    "described-twice",
                    node,
                    source=text,
                    line=line,
                    column=column,
                    details={"other": f"{first.name}:{first.line_of(node)[0]}"},
                )


def check_described(corpus: Corpus) -> Iterator[Problem]:
    """Everything that is named is described: it has a class, in some file."""
    described = {
        node
        for node in corpus.data.subjects()
        if isinstance(node, NamedNode) and corpus.data.types(node)
    }
    names = [node.value.removeprefix(KZR) for node in described]
    for text in corpus.wanted:
        if text.kind not in (DATA, USER):
            continue
        seen: set[object] = set()
        for triple in text.triples:
            for term in (triple.subject, triple.object):
                if (
                    not isinstance(term, NamedNode)
                    or not term.value.startswith(KZR)
                    or term in described
                    or term in seen
                    or triple.predicate == RDF_TYPE
                ):
                    continue
                seen.add(term)
                near = nearest(term.value.removeprefix(KZR), names)
                subject = triple.subject
                assert isinstance(subject, NamedNode | BlankNode)
                yield Problem(
                    "thing-undescribed",
                    subject,
                    predicates=(triple.predicate,),
                    value=term,
                    source=text,
                    details={
                        "thing": shrink(term.value),
                        "near": ", ".join(f"kzr:{name}" for name in near),
                    },
                )


def check_replaced(corpus: Corpus) -> Iterator[Problem]:
    """A thing whose name was a mistake is no longer named; its replacement is."""
    replaced = {
        node: new for node, new in corpus.data.pairs(REPLACED_BY) if isinstance(new, NamedNode)
    }
    for node, _ in corpus.data.pairs(DEPRECATED):
        replaced.setdefault(node, NamedNode(KZR))
    for triple in corpus.data if replaced else ():
        if not isinstance(triple.object, NamedNode) or not isinstance(triple.subject, NamedNode):
            continue
        new = replaced.get(triple.object)
        if new is not None:
            yield Problem(
                "thing-replaced",
                triple.subject,
                predicates=(triple.predicate,),
                value=triple.object,
                details={"new": shrink(new.value) if new.value != KZR else ""},
            )
