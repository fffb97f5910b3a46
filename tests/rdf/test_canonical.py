"""The canonical form: one fact, one line, one order, and the same graph."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.errors import InputError
from kzgraph.namespaces import KZ, KZR, OWL, RDF, RDFS, SKOS, XSD
from kzgraph.rdf.turtle import (
    UnformattableError,
    check_turtle,
    format_turtle,
    statements,
    write_turtle,
)

PREFIXES = (
    f"@prefix kz: <{KZ}> .\n@prefix kzr: <{KZR}> .\n@prefix owl: <{OWL}> .\n"
    f"@prefix rdf: <{RDF}> .\n@prefix rdfs: <{RDFS}> .\n@prefix skos: <{SKOS}> .\n"
    f"@prefix xsd: <{XSD}> .\n"
)


def body(text: str) -> str:
    """Return the canonical form of facts, without its prefixes."""
    formatted = format_turtle(PREFIXES + text, path="x.ttl")
    head, _, rest = formatted.partition("\n\n")
    return rest if head.startswith("@prefix") else formatted


def test_the_example_of_the_house_style_is_canonical():
    text = f"""@prefix kz: <{KZ}> .
@prefix kzr: <{KZR}> .
@prefix skos: <{SKOS}> .

kzr:action-2014-eaeu-signature
    a kz:Signature ;
    kz:ofTreaty kzr:treaty-2014-eaeu ;
    kz:signatory kzr:country-blr ;
    kz:signatory kzr:country-kaz ;
    kz:signatory kzr:country-rus ;
    .

kzr:treaty-2014-eaeu
    a kz:MultilateralTreaty ;
    skos:prefLabel "Vertrag über die Eurasische Wirtschaftsunion"@de ;
    skos:prefLabel "Treaty on the Eurasian Economic Union"@en ;
    skos:prefLabel "Еуразиялық экономикалық одақ туралы шарт"@kk ;
    skos:prefLabel "Договор о Евразийском экономическом союзе"@ru ;
    .
"""
    assert format_turtle(text, path="x.ttl") == text
    assert check_turtle(text, path="x.ttl") == []


def test_only_used_prefixes_of_the_table_stay_and_stand_in_order():
    text = f"""@prefix zz: <https://example.org/> .
@prefix thing: <{KZR}> .
@prefix owl: <{OWL}> .
PREFIX xsd: <{XSD}>
thing:b zz:p "2023-02-28"^^xsd:date .
"""
    assert (
        format_turtle(text, path="x.ttl")
        == f"""@prefix kzr: <{KZR}> .
@prefix xsd: <{XSD}> .

kzr:b
    <https://example.org/p> "2023-02-28"^^xsd:date ;
    .
"""
    )


def test_type_comes_first_then_labels_then_predicates_by_curie():
    assert (
        body(
            'kzr:a skos:notation "A" ; kz:z 1 ; <http://z.example/p> 1 ; skos:altLabel "b"@en ;'
            ' rdfs:label "c" ; skos:prefLabel "a"@en ; rdfs:comment "d" ; a kz:B , kz:A .'
        )
        == """kzr:a
    a kz:A ;
    a kz:B ;
    skos:prefLabel "a"@en ;
    rdfs:label "c" ;
    skos:altLabel "b"@en ;
    <http://z.example/p> 1 ;
    kz:z 1 ;
    rdfs:comment "d" ;
    skos:notation "A" ;
    .
"""
    )


def test_values_stand_by_language_then_text():
    assert (
        body(
            'kzr:a kz:p "b"@en , "a"@ru , "z"@de , "a"@en , "n" , kzr:z , kzr:b , "ä"@en .',
        )
        == """kzr:a
    kz:p kzr:b ;
    kz:p kzr:z ;
    kz:p "n" ;
    kz:p "z"@de ;
    kz:p "a"@en ;
    kz:p "b"@en ;
    kz:p "ä"@en ;
    kz:p "a"@ru ;
    .
"""
    )


def test_subjects_stand_by_iri_and_the_description_of_the_file_first():
    text = body(
        "kzr:b a kz:X . kzr:a a kz:X . <http://z.example/> a kz:X . "
        "<https://w3id.org/kzgraph/ontology/x> a owl:Ontology . [] a kz:X . _:l kz:p _:l ."
    )
    first_lines = [line for line in text.split("\n") if line and not line.startswith(" ")]
    assert first_lines == [
        "<https://w3id.org/kzgraph/ontology/x>",
        "<http://z.example/>",
        "kzr:a",
        "kzr:b",
        "_:l",
        "[]",
    ]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("21300", "21300"),
        ("21300.0", "21300.0"),
        ("-.50", "-.50"),
        ("+007", "+007"),
        ('"21300"^^xsd:decimal', '"21300"^^xsd:decimal'),
        ('"21300.0"^^xsd:decimal', "21300.0"),
        ('"5"^^xsd:integer', "5"),
        ('" 5"^^xsd:integer', '" 5"^^xsd:integer'),
        ('"x"^^xsd:integer', '"x"^^xsd:integer'),
        ("1e3", '"1e3"^^xsd:double'),
        ("true", "true"),
        ('"false"^^xsd:boolean', "false"),
        ('"1"^^xsd:boolean', '"1"^^xsd:boolean'),
        ('"x"^^xsd:string', '"x"'),
        ("'it''s'".replace("''", "\\'"), '"it\'s"'),
        ("'say \"x\"'", '"say \\"x\\""'),
        ('"a\\tb\\\\c\\u0000"', '"a\\tb\\\\c\\u0000"'),
        ('"""one line"""', '"one line"'),
        ('"x"@EN-gb', '"x"@en-gb'),
        ('"2009/.."^^<http://id.loc.gov/datatypes/edtf/EDTF>', '"2009/.."^^edtf:EDTF'),
        ('"x"^^<https://e.example/d>', '"x"^^<https://e.example/d>'),
        (f"<{KZR}a>", "kzr:a"),
        (f"<{KZR}a/b>", f"<{KZR}a/b>"),
        ("kzr:a\\,b", f"<{KZR}a,b>"),
        ("()", "()"),
        ("( 1 2 )", "( 1 2 )"),
        ("[]", "[]"),
        ("[ kz:q 1 ]", "[ kz:q 1 ]"),
    ],
)
def test_each_value_has_one_form(written: str, canonical: str):
    assert body(f"kzr:a kz:p {written} .") == f"kzr:a\n    kz:p {canonical} ;\n    .\n"


def test_strings_with_line_feeds_stand_in_long_quotes():
    text = r"""kzr:a kz:p "SELECT ?x\n  \"\"\"q\" \\ \r\n\"" ; kz:q 1 ."""
    assert (
        body(text)
        == """kzr:a
    kz:p \"\"\"SELECT ?x
  \\"\\""q" \\\\ \\r
\\\"\"\"\" ;
    kz:q 1 ;
    .
"""
    )


def test_nodes_nest_one_level_deeper_and_short_ones_stay_on_the_line():
    assert (
        body(
            "kzr:a kz:p [ kz:q [ kz:r 2 ] ; a kz:X ] ;"
            " owl:propertyChainAxiom ( [ owl:inverseOf kz:m ] kz:o ) ; kz:l ( [ kz:a 1 , 2 ] 3 ) ."
        )
        == """kzr:a
    kz:l (
        [
            kz:a 1 ;
            kz:a 2 ;
        ]
        3
    ) ;
    kz:p [
        a kz:X ;
        kz:q [ kz:r 2 ] ;
    ] ;
    owl:propertyChainAxiom ( [ owl:inverseOf kz:m ] kz:o ) ;
    .
"""
    )


def test_a_list_that_is_too_long_for_a_line_has_an_item_on_each():
    items = [f"kzr:quite-a-long-name-{number:02}" for number in range(6)]
    lines = "".join(f"        {item}\n" for item in items)
    assert (
        body(f"kzr:a kz:p ({' '.join(items)}) .") == f"kzr:a\n    kz:p (\n{lines}    ) ;\n    .\n"
    )


def test_a_node_keeps_its_label_only_where_it_needs_one():
    assert (
        body(
            "_:b kz:p _:c . _:c kz:q 1 . kzr:a kz:p _:b . kzr:d kz:p _:e , _:e2 . kzr:f kz:p _:e ."
        )
        == """kzr:a
    kz:p [ kz:p [ kz:q 1 ] ] ;
    .

kzr:d
    kz:p [] ;
    kz:p _:e ;
    .

kzr:f
    kz:p _:e ;
    .
"""
    )


def test_nodes_in_a_circle_keep_their_labels():
    assert (
        body("_:a kz:p _:b . _:b kz:p _:a ; kz:q [ kz:r _:s ] . _:s kz:p _:s .")
        == """_:a
    kz:p _:b ;
    .

_:b
    kz:p _:a ;
    kz:q [ kz:r _:s ] ;
    .

_:s
    kz:p _:s ;
    .
"""
    )


def test_a_list_with_an_extra_fact_is_written_out():
    text = body("kzr:a kz:p [ rdf:first 1 ; rdf:rest () ; kz:q 2 ] .")
    assert "rdf:first 1 ;" in text
    assert "rdf:rest () ;" in text


def test_an_empty_text_stays_empty():
    assert format_turtle("", path="x.ttl") == ""
    assert format_turtle(f"@prefix kz: <{KZ}> .\n\n", path="x.ttl") == ""


def test_a_chain_of_labelled_nodes_too_deep_to_nest_is_refused():
    chain = "".join(f"_:n{i} kz:p _:n{i + 1} .\n" for i in range(5000))
    with pytest.raises(UnformattableError, match="nested more than 100 deep"):
        body("kzr:a kz:p _:n0 .\n" + chain)


def test_findings_name_the_lines_that_differ():
    text = f"""@prefix kz: <{KZ}> .
@prefix kzr: <{KZR}> .

kzr:a
    a kz:X ;
    kz:q 2 , 3 ;
    .
"""
    (finding,) = check_turtle(text, path="x.ttl")
    assert (finding.path, finding.line) == ("x.ttl", 6)
    assert finding.message == "here is 'kz:q 2 , 3 ;'; canonical is 'kz:q 2 ;'"


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (lambda t: t.replace("\n", "\r\n"), 1, "CR LF"),
        (lambda t: t.rstrip("\n"), 7, "no line feed at its end"),
        (lambda t: t.replace("\n\n", "\n"), 3, "a line belongs here: an empty line"),
        (lambda t: t + "\n", 8, "not belong here"),
        (lambda t: t.replace("    a kz:X ;\n", "").replace("    .", "    a kz:X ;\n    ."), 5, ""),
        (lambda t: t.replace("    kz:q", "    kz:q "), 6, "spaces or line breaks"),
        (lambda t: f"@prefix owl: <{OWL}> .\n" + t, 1, "not belong here"),
    ],
)
def test_each_departure_from_the_form_is_found(change, line, message):
    facts = "kzr:a\n    a kz:X ;\n    kz:q 2 ;\n    .\n"
    text = f"@prefix kz: <{KZ}> .\n@prefix kzr: <{KZR}> .\n\n{facts}"
    assert check_turtle(text, path="x.ttl") == []
    finding = check_turtle(change(text), path="x.ttl")[0]
    assert finding.line == line
    assert message in finding.message


# -- writing from triples


def test_written_triples_are_canonical_and_read_back(oracle, same_graph):
    node = BlankNode()
    triples = [
        Triple(NamedNode(KZR + "b"), NamedNode(KZ + "p"), node),
        Triple(node, NamedNode(KZ + "q"), Literal("x", language="kk")),
        Triple(NamedNode(KZR + "a"), NamedNode(KZ + "p"), node),
    ]
    text = write_turtle(reversed(triples))
    assert text == write_turtle(triples)
    assert format_turtle(text, path="x.ttl") == text
    assert same_graph(oracle(text), [(t.subject, t.predicate, t.object) for t in triples])


def test_the_text_of_a_graph_does_not_depend_on_names_of_blank_nodes():
    def graph(names: list[str]) -> list[Triple]:
        p, nodes = NamedNode(KZ + "p"), [BlankNode(name) for name in names]
        return [Triple(a, p, b) for a, b in zip(nodes, nodes[1:] + nodes[:1], strict=True)]

    assert write_turtle(graph(["a", "b", "c"])) == write_turtle(graph(["z", "q", "m"]))


def test_triple_terms_are_refused():
    inner = Triple(NamedNode(KZR + "a"), NamedNode(KZ + "p"), NamedNode(KZR + "b"))
    with pytest.raises(InputError, match=r"RDF 1\.2"):
        write_turtle([Triple(NamedNode(KZR + "a"), NamedNode(KZ + "p"), inner)])


# -- for all graphs

iris = st.sampled_from(
    [KZR + "a", KZR + "b", KZ + "C", KZ, RDFS + "label", SKOS + "prefLabel", "https://x.example/y"]
).map(NamedNode)
nodes = st.sampled_from("abcdef").map(BlankNode)
predicates = st.sampled_from(
    [RDF + "type", RDF + "first", RDF + "rest", KZ + "p", KZ + "q", SKOS + "prefLabel", "urn:x:p"]
).map(NamedNode)
texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ['"', '""', '"""', "\\", "a\nb", 'x\n"', "#", "\r\n", "\ufeff", "1", "1.0", "true", "'"]
)
literals = (
    texts.map(Literal)
    | st.builds(lambda t, lang: Literal(t, language=lang), texts, st.sampled_from(["en", "DE-at"]))
    | st.builds(
        lambda t, d: Literal(t, datatype=NamedNode(d)),
        texts,
        st.sampled_from([XSD + "integer", XSD + "decimal", XSD + "boolean", XSD + "double", KZ]),
    )
)
graphs = st.lists(
    st.builds(
        Triple, iris | nodes, predicates, iris | nodes | literals | st.just(NamedNode(RDF + "nil"))
    ),
    max_size=14,
)


@settings(deadline=None)
@given(graphs)
def test_every_graph_is_written_so_that_it_reads_back_and_stays(oracle, same_graph, graph):
    text = write_turtle(graph)
    assert same_graph(oracle(text), [(t.subject, t.predicate, t.object) for t in graph])
    assert same_graph(statements(text, path="x.ttl"), oracle(text))
    assert format_turtle(text, path="x.ttl") == text


@settings(deadline=None)
@given(graphs, st.randoms(use_true_random=False))
def test_formatting_does_not_depend_on_the_order_of_the_text(graph, chance: random.Random):
    lines = [f"{t.subject} {t.predicate} {t.object} ." for t in graph]
    first = format_turtle("\n".join(lines), path="x.ttl")
    chance.shuffle(lines)
    assert format_turtle("\n".join(lines), path="x.ttl") == first


SNIPPETS = [
    "kzr:a a kz:X ; kz:p 1 , 2 .",
    "kzr:b\n    kz:p [\n        kz:q 1 ;\n        kz:r [ kz:s 2 ] ;\n    ] ;\n    .",
    "kzr:c\n    kz:p ( 1 [ kz:q 2 ] ) ;\n    kz:q '''x\ny''' ;\n    .",
    "_:l kz:p _:l .",
    "kzr:e kz:p [\n    rdf:first 1 ;\n    rdf:rest [\n    rdf:first 2 ; rdf:rest ()\n    ]\n] .",
    "[] kz:p 1 .",
    "kzr:a\n    kz:z 3 ;\n    .",
    "kzr:d kz:p _:m . _:m kz:q 1 .",
]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(SNIPPETS), max_size=5),
    st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.booleans()), max_size=6),
)
def test_comments_are_all_kept_or_the_text_is_refused(oracle, same_graph, snippets, inserted):
    lines = (PREFIXES + "\n" + "\n\n".join(snippets)).split("\n")
    for number, (at, own_line, gap) in enumerate(inserted):
        at %= len(lines)
        if "'''" in lines[at] or (at and "'''x" in lines[at - 1]):
            continue
        comment = f"# comment {number}"
        if own_line:
            lines[at:at] = [comment, ""] if gap else [comment]
        elif "#" not in lines[at]:
            lines[at] = f"{lines[at]} {comment}"
    text = "\n".join(lines)
    try:
        formatted = format_turtle(text, path="x.ttl")
    except UnformattableError as error:
        assert "#" in lines[error.line - 1]
        return
    assert same_graph(oracle(formatted), oracle(text))
    for number in range(len(inserted)):
        assert formatted.count(f"# comment {number}") == text.count(f"# comment {number}")
    assert format_turtle(formatted, path="x.ttl") == formatted
