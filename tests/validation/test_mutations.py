"""Whatever is put wrong in the repository's own data is found.

Of every class and property that the data uses one thing is copied, the copy's
value is made wrong in several ways, and each copy must be reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.namespaces import RDF_TYPE, kz, kzr, shrink
from kzgraph.store.memory import Subject
from kzgraph.validation.corpus import USER, Corpus, SourceText
from kzgraph.validation.hygiene import check_house_rules
from kzgraph.validation.shapes import check_shapes

# what leads to a thing is copied with it, or the copy would be without its claim
CARRIERS = (kz("content"), kz("proposition"), kz("evidence"), kz("inSource"))
WRONG = {
    "a thing that nobody describes": kzr("country-nowhere"),
    "a text with odd spaces": Literal(" odd  text"),
    "a passage": None,
}


def copies(corpus: Corpus) -> Iterator[tuple[str, NamedNode, list[Triple]]]:
    """Yield what is wrong, the copy, and the triples that make it up."""
    data = corpus.data
    first: dict[tuple[object, NamedNode], NamedNode] = {}
    for node in data.subjects():
        for cls in data.types(node):
            for predicate in data.predicates(node):
                if predicate != RDF_TYPE and isinstance(node, NamedNode):
                    first.setdefault((cls, predicate), node)
    bearers: dict[tuple[NamedNode, object], Subject] = {}
    for carrier in CARRIERS:
        for bearer, borne in data.pairs(carrier):
            bearers.setdefault((carrier, borne), bearer)
    passage = next(n for n in corpus.instances(kz("Passage")) if isinstance(n, NamedNode))
    number = 0
    for (cls, predicate), node in first.items():
        for wrong, value in WRONG.items():
            if predicate == kz("evidence") and value is None:
                continue  # there a passage is right
            number += 1
            copy = NamedNode(f"{node.value}-m{number}")
            made = [
                Triple(copy, t.predicate, t.object)
                for t in data.describe(node)
                if t.predicate != predicate
            ]
            made.append(Triple(copy, predicate, value or passage))
            for carrier in CARRIERS:
                bearer = bearers.get((carrier, node))
                if isinstance(bearer, NamedNode):
                    made += [
                        Triple(
                            NamedNode(f"{bearer.value}-m{number}"),
                            t.predicate,
                            copy if t.object == node else t.object,
                        )
                        for t in data.describe(bearer)
                    ]
            assert isinstance(cls, NamedNode)
            yield f"{shrink(cls.value)} {shrink(predicate.value)}: {wrong}", copy, made


@pytest.fixture(scope="module")
def unnoticed() -> list[str]:
    """What was put wrong and nobody noticed."""
    corpus = Corpus.read()
    made = list(copies(corpus))
    wrong = SourceText(
        Path("wrong.ttl"), "wrong.ttl", USER, "", [t for _, _, ts in made for t in ts], {}
    )
    whole = Corpus([*corpus.texts, wrong], wanted=[wrong])
    nodes = [copy for _, copy, _ in made]
    problems = [
        *check_house_rules(whole),
        *check_shapes(whole, whole.closed.computed, nodes=nodes),
    ]
    # names of copies and files are wrong anyway
    told = {p.node for p in problems if not p.rule.endswith("-iri") and p.rule != "claim-name"}
    assert len(made) > 500
    return [what for what, copy, _ in made if copy not in told]


def test_whatever_is_put_wrong_is_noticed(unnoticed):
    assert unnoticed == []
