"""Statements of a Turtle text: the triples that others read too, with their places."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.errors import SourceSyntaxError
from kzgraph.namespaces import PREFIXES
from kzgraph.rdf.turtle import UnformattableError, format_turtle, statements

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path for folder in ("ontology", "data", "tests") for path in (ROOT / folder).rglob("*.ttl")
)

E = "@prefix e: <http://e/> .\n"

RIGHT = {
    "an empty text": "",
    "only comments": "# a\n\n# b",
    "only prefixes": E,
    "a redefined prefix": E + "e:a e:b e:c . @prefix e: <http://f/> . e:a e:b e:c .",
    "SPARQL prefix": "PREFIX e: <http://e/> pReFiX f: <http://f/> e:a f:b e:c .",
    "the empty prefix": "@prefix : <http://e/> . :a : :b .",
    "a base": "@base <http://e/x/y?q#f> . <> <a> <../b> , <#c> , <?d> , <//h/p> , </r> .",
    "a base on a base": "@base <http://e/x/> . BASE <y/> <a> <b> <c> .",
    "a prefix relative to the base": "@base <http://e/x/> . @prefix p: <p#> . p:a p:b p:c .",
    "a for type": E + "e:a a e:b ; a e:c .",
    "many semicolons": E + "e:a e:b e:c ;; e:d e:f ; ; .",
    "objects with commas": E + "e:a e:b e:c,e:d , e:f.",
    "no space at all": E + "e:a<http://e/p>\"x\"@en,'y';a<http://e/C>.<http://e/b>a<http://e/C>.",
    "strings": E + r"""e:a e:b "x", 'y', "it's", 'say "x"', "", '' .""",
    "long strings": E + 'e:a e:b """x\ny""", \'\'\'a\n\'b\'\'c\'\'\', """"q""", """""" .',
    "escapes": E + r'e:a e:b "\t\b\n\r\f\"\'\\ \u0416 \U0001F600" .',
    "escapes in long strings": E + r'e:a e:b """a\"""b\\""" .',
    "characters of four languages": E + 'e:a e:b "ä"@de, "Қазақстан"@kk, "Россия"@ru, "a"@en .',
    "languages": E + 'e:a e:b "x"@en, "x"@en-GB, "x"@EN-gb, "x"@de-1996, "x"@sl-rozaj-biske .',
    "datatypes": E + "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    'e:a e:b "2012"^^xsd:gYear, "x"^^<http://e/d>, "x"^^xsd:string, "1" ^^ xsd:integer .',
    "integers": E + "e:a e:b 1, +1, -1, 007 .",
    "decimals": E + "e:a e:b 1.0, +.5, -1.50, 00.10 .",
    "doubles": E + "e:a e:b 1e0, 1.e5, .5E-3, -1.5e+10 .",
    "a number before the full stop": E + "e:a e:b 1. e:c e:d 1.5.",
    "booleans": E + "e:a e:b true, false .",
    "blank node labels": E + "_:a e:b _:a.b . _:1 e:b _:a , _:ä.",
    "anonymous nodes": E + "[] e:b [] , [ ] , [\n# c\n] .",
    "a node as the whole sentence": E + "[ e:a e:b ] . [ e:a e:c ; e:d 1 ] e:f e:g .",
    "nodes in nodes": E + "e:a e:b [ e:c [ e:d [ e:e 1 ; ] ; e:f 2 ] ; ] .",
    "lists": E + "e:a e:b (), ( 1 ), (1 'a' e:x true), ((1) (()) [e:p (2)]) .",
    "lists as subjects": E + "(1 2) e:b 3 . () e:b 4 .",
    "local names": E + r"e:1 e:a.b e:a:b , e:%20 , e:a\,b , e:a\/b , e: , e:_ .",
    "names of other scripts": "@prefix қ: <http://e/> . қ:а қ:б қ:в·г .",
    "IRIs with escapes": r"<http://e/\u00e9> <http://e/\U000000e9> <http://e/é> .",
    "comments everywhere": E + "# 1\ne:a # 2\n e:b # 3\n e:c # 4\n , # 5\n e:d # 6\n . # 7",
    "a number sign inside": E + '<http://e/#a> e:b "# no comment" .',
    "CR LF": (E + "e:a e:b e:c .\n").replace("\n", "\r\n"),
    "a carriage return in a long string": E + 'e:a e:b """a\r\nb""" .',
    "tabs": E + "\te:a\te:b\te:c\t.",
    "the same triple twice": E + "e:a e:b e:c , e:c .",
    "any prefix can be a keyword": "@prefix a: <http://e/> . a:a a a:a . "
    "@prefix true: <http://e/> . true:a a:prefix a:base .",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_triples_are_those_that_pyoxigraph_reads(text, oracle, same_graph):
    assert same_graph(statements(text, path="x.ttl"), oracle(text))


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_the_canonical_form_of_hard_cases_says_the_same(text, oracle, same_graph):
    try:
        formatted = format_turtle(text, path="x.ttl")
    except UnformattableError:
        assert "#" in text
        return
    assert same_graph(oracle(formatted), oracle(text))
    assert format_turtle(formatted, path="x.ttl") == formatted


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_turtle_file_of_the_project_reads_alike_in_both(path, oracle, same_graph):
    text = path.read_text(encoding="utf-8")
    assert same_graph(statements(text, path=path.name), oracle(text))
    formatted = format_turtle(text, path=path.name)
    assert same_graph(oracle(formatted), oracle(text))


WRONG = [
    "e:a e:b",
    "e:a e:b .",
    "e:a e:b e:c",
    "e:a e:b e:c ,",
    "e:a e:b e:c ;",
    "e:a e:b , e:c .",
    "e:a ; .",
    "e:a .",
    ".",
    "e:a e:b e:c . .",
    "e:a e:b e:c e:d .",
    "e:a e:b e:c ] .",
    "e:a e:b [ e:c .",
    "e:a e:b ( e:c .",
    "e:a e:b [ ; ] .",
    "e:a e:b ( 1 , 2 ) .",
    "[] .",
    "( 1 ) .",
    '"x" e:b e:c .',
    "1 e:b e:c .",
    "true e:b e:c .",
    'e:a "x" e:c .',
    "e:a _:b e:c .",
    "e:a [] e:c .",
    "e:a e:b a .",
    "a e:b e:c .",
    "e:a e:b True .",
    "e:a e:b foo .",
    'e:a e:b "x" .. ',
    'e:a e:b "x\n" .',
    "e:a e:b 'x .",
    'e:a e:b """x" .',
    'e:a e:b """x"""" .',
    'e:a e:b "x"@ .',
    'e:a e:b "x"@en- .',
    'e:a e:b "x"@abcdefghijk .',
    'e:a e:b "x"^^ .',
    'e:a e:b "x"^^"y" .',
    'e:a e:b "x"@en^^e:d .',
    "e:a e:b 1^^e:d .",
    'e:a e:b "\\q" .',
    'e:a e:b "\\uD800" .',
    'e:a e:b "\\u12" .',
    "e:a e:b <http://e/ x> .",
    "e:a e:b <http://e/\\u0020> .",
    "e:a e:b <http://e/{x}> .",
    "e:a e:b <x> .",
    "e:a e:b <http://e .",
    "e:a e:b f:c .",
    "e:a e:b e:· .",
    "e:a e:b e:\\x .",
    "e:a e:b _: .",
    "e:a e:b _:-a .",
    "@prefix f <http://f/> .",
    "@prefix f: <http://f/>",
    "@prefix f: e:x .",
    "@prefix f.: <http://f/> .",
    "@PREFIX f: <http://f/> .",
    "PREFIX f: <http://f/> .",
    "@base e:x .",
    "@bas <http://f/> .",
    "e:a is e:b .",
    "GRAPH e:a { e:a e:b e:c }",
    "e:a => e:b .",
    "e:a e:b ?x .",
    "e:a e:b \ufeff .",
]


@pytest.mark.parametrize("text", WRONG)
def test_what_pyoxigraph_refuses_is_refused_with_a_place(text, oracle):
    with pytest.raises(SyntaxError):
        oracle(E + text)
    with pytest.raises(SourceSyntaxError) as caught:
        statements(E + text, path="x.ttl")
    error = caught.value
    assert 2 <= error.line <= 3
    assert error.source_line == (E + text).split("\n")[error.line - 1]
    assert str(error).startswith(f"x.ttl:{error.line}:{error.column}: ")


@pytest.mark.parametrize(
    "text",
    ["e:a e:b << e:a e:b e:c >> .", 'e:a e:b "x"@en--ltr .', "e:a e:b e:c {| e:d 1 |} ."],
)
def test_rdf_1_2_is_refused_although_pyoxigraph_reads_it(text, oracle):
    oracle(E + text)
    with pytest.raises(SourceSyntaxError):
        statements(E + text, path="x.ttl")


MISTAKES = {
    "full stop forgotten": (
        "e:a\n    a e:X ;\n    e:p 1\n\ne:b\n    a e:X ;\n    .\n",
        (4, 10, "full stop is missing", "before e:b"),
    ),
    "full stop forgotten after a semicolon": (
        "e:a\n    a e:X ;\n\ne:b\n    a e:X ;\n    .\n",
        (3, 12, "full stop is missing", "before e:b"),
    ),
    "full stop forgotten after a semicolon, no type": (
        "e:a\n    e:p 1 ;\n\ne:b\n    e:p 2 ;\n    .\n",
        (3, 12, "full stop is missing", "before e:b"),
    ),
    "full stop forgotten at the end": (
        "e:a\n    e:p 1 ;\n",
        (3, 12, "the file ends inside a statement", "' .'"),
    ),
    "full stop forgotten before a prefix": (
        "e:a e:p 1\n@prefix f: <http://f/> .",
        (2, 10, "full stop is missing", "' .'"),
    ),
    "semicolon forgotten": (
        "e:a\n    a e:X\n    e:p 1 ;\n    .\n",
        (3, 10, "a ; is missing", "joined by ;"),
    ),
    "semicolon forgotten in a node": (
        "e:a e:p [ e:q 1 e:r 2 ] .",
        (2, 16, "a ; is missing", "joined by ;"),
    ),
    "full stop for a semicolon": (
        "e:a a e:X .\n    e:p 1 .\n",
        (3, 9, "a predicate should stand here", "end the fact before with ;"),
    ),
    "comma without value": ("e:a e:p 1 ,\n    .\n", (2, 11, "after the comma", "remove the comma")),
    "comma between subjects": ("e:a , e:b e:p 1 .", (2, 5, "a predicate should", "for each")),
    "comma in a list": ("e:a e:p ( 1, 2 ) .", (2, 12, "comma stands in a list", "no comma")),
    "comma between values forgotten": (
        "e:a e:p 'x'\n    'y' .",
        (2, 12, "a mark is missing", "a comma joins values"),
    ),
    "unknown prefix near a known one": (
        "e:a kzz:p 1 .",
        (2, 5, "prefix kzz: is not declared", "did you mean kz:"),
    ),
    "known prefix not declared": (
        "e:a owl:p 1 .",
        (2, 5, "prefix owl: is not declared", f"add the line @prefix owl: <{PREFIXES['owl']}> ."),
    ),
    "unclosed string": ('e:a e:p "x ;\n    .\n', (2, 9, "not closed on its line", 'with "')),
    "unclosed long string": ('e:a e:p """x ;\n    .\n', (2, 9, "never closed", 'with """')),
    "quotation mark in a string": (
        'e:a e:p "say "x" now" .',
        (2, 15, "the string ends before x", '\\"'),
    ),
    "unclosed bracket": ("e:a e:p [ e:q 1 .", (2, 17, "[ of line 2 is not closed", "with ]")),
    "unclosed parenthesis": ("e:a e:p ( 1 .", (2, 13, "( of line 2 is not closed", "with )")),
    "typographic quotation marks": ("e:a e:p „x“ .", (2, 9, "typographic", '"..."')),
    "bare date": ("e:a e:p 2023-02-28 .", (2, 13, "a number ends before -02", "^^xsd:date")),
    "capital boolean": ("e:a e:p True .", (2, 9, "True is no term", "write true")),
    "slash in a name": ("e:a e:p e:b/c .", (2, 12, "the character / ", "whole IRI")),
    "SPARQL": ("SELECT * WHERE {}", (2, 1, "SELECT is no term", "SPARQL")),
    "space in an IRI": ("e:a e:p <http://e/a b> .", (2, 20, "cannot hold a space", "percent")),
    "@prefix misspelt": ("@prefx f: <http://f/> .", (2, 1, "@prefx", "did you mean @prefix?")),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES.keys())
def test_common_mistakes_get_their_place_and_a_hint(text, expected):
    line, column, message, hint = expected
    with pytest.raises(SourceSyntaxError) as caught:
        statements(E + text, path="x.ttl")
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert message in error.message
    assert hint in error.hint
    caret = str(error).rsplit("\n", 1)[1]
    assert caret.index("^") == 4 + column - 1


def test_the_earliest_mistake_of_a_text_is_reported():
    with pytest.raises(SourceSyntaxError) as caught:
        statements(E + 'e:a e:b .\ne:c e:d "open\n', path="x.ttl")
    assert caught.value.line == 2


@pytest.mark.parametrize("opening", ["[ e:p ", "( "])
def test_deep_nesting_is_refused_and_does_not_end_the_process(opening):
    with pytest.raises(SourceSyntaxError, match="nested more than 100 deep"):
        statements(E + "e:a e:b " + opening * 200_000, path="x.ttl")


def test_places_are_those_of_objects_and_first_lines_of_subjects():
    text = E + "e:a\n    e:p 1 ,\n        [ e:q 2 ] ;\n    e:r ( 3 ) .\n"
    found = {
        (s.predicate.value.rpartition("/")[2], str(s.object)): (s.line, s.column, s.subject_line)
        for s in statements(text, path="x.ttl")
        if isinstance(s.object, Literal)
    }
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert found[("p", f'"1"{integer}')] == (3, 9, 2)
    assert found[("q", f'"2"{integer}')] == (4, 15, 4)
    assert found[("22-rdf-syntax-ns#first", f'"3"{integer}')] == (5, 11, 5)


def test_triples_come_in_the_order_of_the_text():
    text = E + "e:b e:p 2 . e:a e:p 1 , 0 ."
    assert [s.object.value for s in statements(text, path="x.ttl")] == ["2", "1", "0"]


def test_blank_nodes_of_two_files_are_different_and_of_one_file_stable():
    text = E + "_:x e:p [] ."
    first = {s.subject for s in statements(text, path="a.ttl")}
    assert first == {s.subject for s in statements(text, path="a.ttl")}
    assert not first & {s.subject for s in statements(text, path="b.ttl")}
    assert all(isinstance(node, BlankNode) for node in first)


def test_a_label_never_meets_a_node_without_one(oracle, same_graph):
    text = E + "[] e:p 1 . _:n5 e:p 2 . _:c5 e:p ( 1 [] ) . _:b e:p [ e:q [] ] ."
    assert same_graph(statements(text, path="x.ttl"), oracle(text))


def test_literals_keep_the_spelling_of_the_author():
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    (statement,) = statements(E + "e:a e:b 007 .", path="x.ttl")
    assert statement.object == Literal("007", datatype=integer)


def test_where_pyoxigraph_leaves_the_grammar_ours_follows_it(oracle):
    joined = "PREFIX e: <http://e/> e:a e:b true.PREFIX f: <http://f/> f:a f:b f:c ."
    with pytest.raises(SyntaxError):  # it reads true.PREFIX as one word
        oracle(joined)
    assert len(statements(joined, path="x.ttl")) == 2

    dots = "@base <http://e/a/b/../c> . <d> <d> <d> ."
    # RFC 3986 takes the dots out after the paths are joined
    assert oracle(dots)[0][0].value == "http://e/a/b/../d"
    assert statements(dots, path="x.ttl")[0].subject.value == "http://e/a/d"


INSERTED = [
    *".;,[]()<>\"'@#:\\ \n\tabkxz019-+e_^%{}|é",
    *('"""', "'''", "^^", "@prefix ", "a ", "true", "<http://e/>", "\\u0041", "_:b1", " . "),
]


@pytest.mark.parametrize("seed", range(8))
def test_damaged_texts_are_judged_as_pyoxigraph_judges_them(seed, oracle, same_graph):
    chance = random.Random(seed)
    texts = [text for text in RIGHT.values() if len(text) > 40]
    for _ in range(150):
        text = chance.choice(texts)
        for _ in range(chance.choice((1, 1, 2, 3))):
            at = chance.randrange(len(text))
            cut = at + chance.choice((0, 0, 1, 2, 5))
            text = text[:at] + chance.choice(("", *INSERTED)) + text[cut:]
        if "--" in text or "VERSION" in text or "<<" in text or "{|" in text:
            continue  # RDF 1.2
        try:
            expected = oracle(text)
        except SyntaxError:
            with pytest.raises(SourceSyntaxError):
                statements(text, path="x.ttl")
            continue
        assert same_graph(statements(text, path="x.ttl"), expected), text
