"""Shapes with fewer targets find what the shapes as they stand find."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kzgraph.namespaces import KZSH, PREFIXES, RDF_TYPE, kzr
from kzgraph.store.memory import TripleIndex
from kzgraph.validation.corpus import Corpus
from kzgraph.validation.shapes import Shapes, run_as_given, run_shapes
from kzgraph.validation.targets import TARGET_NODE, TARGETS, lifted, narrowed, within_reach

HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
RULE = NamedNode(KZSH + "XShape-rule")


def triples(text: str) -> TripleIndex:
    return TripleIndex(q.triple for q in parse(HEADER + text, format=RdfFormat.TURTLE))


def test_damaged_data_breaks_the_same_rules_either_way():
    corpus = Corpus.read()
    things = [n for n in corpus.data.subjects() if isinstance(n, NamedNode)]
    damaged: list[Triple] = []
    number = 0
    for node in things[:: max(6, len(things) // 500)]:
        for triple in corpus.data.describe(node):
            number += 1
            if triple.predicate == RDF_TYPE or number % 5:
                damaged.append(triple)
            if triple.predicate != RDF_TYPE and number % 11 == 0:
                damaged.append(Triple(node, triple.predicate, kzr("nothing")))
            if triple.predicate != RDF_TYPE and number % 13 == 0:
                damaged.append(Triple(node, triple.predicate, Literal("odd  text")))
    data = [*damaged, *corpus.own_ontology]
    found = run_shapes(data, corpus.shapes)
    assert set(found) == set(run_as_given(data, corpus.shapes))
    assert len({v.rule for v in found}) > 100


def test_from_some_things_the_shapes_see_all_that_they_look_at():
    corpus = Corpus.read()
    nodes = [n for n in corpus.data.subjects() if isinstance(n, NamedNode)][::50]
    broken = {t for n in nodes for t in corpus.data.describe(n) if len(str(t)) % 5 == 0}
    # what the things point to is broken as well, and what points to them
    broken |= {t for t in corpus.data if t.object in {*nodes} and len(str(t)) % 3 == 0}
    data = TripleIndex(t for t in corpus.data if t not in broken)
    shapes = Shapes(corpus.shapes).targeted(corpus, nodes)
    whole = run_shapes([*data, *corpus.own_ontology], shapes)
    part = within_reach(corpus.shapes, data, nodes)
    assert set(run_shapes([*part, *corpus.own_ontology], shapes)) == set(whole)
    assert len({v.rule for v in whole}) > 50 and len(part) < len(data)


def test_a_rule_of_a_class_gets_the_targets_of_its_class():
    shapes = lifted(
        triples("""
        kzsh:XShape a sh:NodeShape ; sh:targetClass kz:Topic ; sh:property kzsh:XShape-rule .
        kzsh:XShape-rule a sh:PropertyShape ; sh:path kz:date ; sh:minCount 1 .
    """)
    )
    assert [str(t) for t in shapes.objects(RULE, TARGETS[0])] == [
        "<https://w3id.org/kzgraph/ontology#Topic>"
    ]
    assert not list(shapes.pairs(NamedNode(PREFIXES["sh"] + "property")))


@pytest.mark.parametrize(
    "other",
    [
        "kzsh:XShape sh:closed true .",
        "kzsh:XShape sh:deactivated true .",
        "kzsh:YShape sh:targetClass kz:State ; sh:node kzsh:XShape .",
    ],
)
def test_what_means_more_than_its_targets_stays(other):
    shapes = triples(
        "kzsh:XShape sh:targetClass kz:Topic ; sh:property kzsh:XShape-rule . "
        f"kzsh:XShape-rule sh:path kz:date ; sh:minCount 1 . {other}"
    )
    assert set(lifted(shapes)) == set(shapes)


@pytest.mark.parametrize(
    ("alternatives", "left"),
    [
        ("sh:or ( [ sh:path kz:date ; sh:minCount 1 ] [ sh:path kz:of ; sh:minCount 1 ] )", "c"),
        ("sh:or ( [ sh:path kz:date ; sh:maxCount 0 ] )", "ad"),
        ("sh:or ( [ sh:path kz:of ; sh:hasValue kzr:a ] )", "acd"),
        ("sh:or ( [ sh:path kz:of ; sh:class kz:Topic ] )", "d"),
        ("sh:or ( [ sh:path kz:of ; sh:disjoint kz:other ] )", "b"),
        ("sh:or ( [ sh:path kz:of ; sh:equals kz:other ] )", "d"),
        ("sh:or ( [ sh:path ( kz:of kz:date ) ; sh:minCount 1 ] )", "acd"),
        ("sh:or ( [ sh:path [ sh:inversePath kz:of ] ; sh:maxCount 0 ] )", "a"),
        ("sh:or ( [ sh:not [ sh:path kz:of ; sh:hasValue kzr:a ] ] )", "b"),
        ("sh:or ( [ sh:property [ sh:path kz:date ; sh:minCount 1 ] ] )", "bc"),
        ("sh:xone ( [ sh:path kz:of ; sh:minCount 1 ] [ sh:path kz:date ; sh:minCount 1 ] )", "cd"),
        (
            "sh:or ( [ sh:path kz:of ; sh:qualifiedMinCount 1 ; "
            "sh:qualifiedValueShape [ sh:path kz:date ; sh:minCount 1 ] ] )",
            "acd",
        ),
        # a pattern is for pySHACL, and so is everything beside the alternatives
        ('sh:or ( [ sh:path kz:date ; sh:pattern "2" ] )', "abcd"),
        ("sh:nodeKind sh:IRI ; sh:or ( [ sh:path kz:date ; sh:minCount 1 ] )", ""),
    ],
)
def test_what_meets_a_plain_alternative_is_no_target(alternatives, left):
    data = triples("""
        kzr:a a kz:Topic ; kz:date "2" .
        kzr:b a kz:Topic ; kz:of kzr:a ; kz:other kzr:a .
        kzr:c a kz:Topic .
        kzr:d a kz:Topic ; kz:date "3" ; kz:of kzr:country-kaz .
    """)
    shapes = triples(f"kzsh:XShape-rule sh:targetClass kz:Topic ; {alternatives} .")
    targets = narrowed(shapes, data).objects(RULE, TARGET_NODE)
    assert {t.value for t in targets} == {kzr(name).value for name in left}
