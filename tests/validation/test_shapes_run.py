from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kzgraph.namespaces import KZSH, PREFIXES, kz, kzr
from kzgraph.store.memory import TripleIndex
from kzgraph.validation.corpus import Corpus
from kzgraph.validation.shapes import Shapes, run_shapes

HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(HEADER + text, format=RdfFormat.TURTLE)]


RULE = NamedNode(KZSH + "XShape-rule")


def test_a_result_with_details_counts_once():
    shapes = triples("""
        kzsh:XShape-rule a sh:NodeShape ; sh:targetClass kz:Topic ; sh:node kzsh:Y .
        kzsh:Y a sh:NodeShape ; sh:property [ sh:path kz:date ; sh:minCount 1 ] ;
            sh:property [ sh:path kz:topic ; sh:minCount 1 ] .
    """)
    found = run_shapes(triples("kzr:topic-a a kz:Topic ."), shapes)
    assert [(v.rule, v.node, v.component) for v in found] == [(RULE, kzr("topic-a"), "Node")]


def test_a_value_keeps_the_spelling_of_the_file():
    shapes = triples("""
        kzsh:XShape a sh:NodeShape ; sh:targetClass kz:Figure ; sh:property kzsh:XShape-rule .
        kzsh:XShape-rule a sh:PropertyShape ; sh:path kz:value ; sh:maxInclusive 1 .
    """)
    [found] = run_shapes(triples("kzr:figure-a a kz:Figure ; kz:value 1.50 ."), shapes)
    assert found.value == Literal("1.50", datatype=NamedNode(PREFIXES["xsd"] + "decimal"))
    assert found.path == kz("value")


def test_an_ill_typed_date_is_found():
    shapes = triples("""
        kzsh:XShape a sh:NodeShape ; sh:targetClass kz:Passage ; sh:property kzsh:XShape-rule .
        kzsh:XShape-rule a sh:PropertyShape ; sh:path kz:accessed ; sh:datatype xsd:date .
    """)
    data = triples('kzr:said-a a kz:Passage ; kz:accessed "2026-13-45"^^xsd:date .')
    assert [v.component for v in run_shapes(data, shapes)] == ["Datatype"]


@pytest.mark.parametrize(
    ("shape", "predicates"),
    [
        ("sh:path kz:date", ["date"]),
        ("sh:path ( kz:ofTreaty kz:signatory )", ["ofTreaty"]),
        ("sh:path [ sh:inversePath kz:content ]", []),
        ("sh:path [ sh:alternativePath ( kz:date kz:period ) ]", ["date", "period"]),
        ("sh:or ( [ sh:path kz:date ] [ sh:not [ sh:path kz:period ] ] )", ["date", "period"]),
    ],
)
def test_the_properties_that_a_rule_looks_at_are_read_from_it(shape, predicates):
    shapes = Shapes(TripleIndex(triples(f"kzsh:XShape-rule {shape} .")))
    assert shapes.predicates(RULE) == tuple(kz(p) for p in predicates)


def test_a_message_in_a_language_that_is_not_there_comes_in_english():
    shapes = Shapes(TripleIndex(triples('kzsh:XShape-rule sh:message "So."@en , "So!"@de .')))
    assert shapes.message(RULE, "de") == "So!"
    assert shapes.message(RULE, "kk") == "So."
    assert shapes.hint(RULE) == ""
    assert shapes.severity(RULE) == "error"


def test_only_the_things_asked_for_become_targets():
    corpus = Corpus.read()
    shapes = Shapes(corpus.shapes)
    targeted = shapes.targeted(corpus, [kzr("country-kaz")])
    targets = {
        t.predicate.value.partition("#")[2]: t.object for t in targeted if "target" in str(t)
    }
    assert targets == {"targetNode": kzr("country-kaz")}
    shaped = {
        t.subject.value.removeprefix(KZSH)
        for t in targeted
        if t.predicate.value.endswith("targetNode") and isinstance(t.subject, NamedNode)
    }
    assert {"StateShape", "EntityShape", "PlaceShape", "WikidataLinkShape"} <= shaped
    assert "PersonShape" not in shaped
