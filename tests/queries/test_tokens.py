"""SPARQL in tokens: what is a word, what is a text, what a sign means where it stands."""

from __future__ import annotations

import pytest

from kzgraph.errors import SourceSyntaxError
from kzgraph.queries.tokens import Places, Position, clipped, position, scan


def kinds(text):
    return [(token.kind, token.text) for token in scan(text)]


@pytest.mark.parametrize(
    "written",
    [
        "'SERVICE'",
        '"SERVICE"',
        "'''SERVICE'''",
        '"""SERVICE"""',
        "'it\\'s'",
        '"a\\"b"',
        "'''a'b''c'''",
        '"""a"b""c"""',
        "'''a\nb'''",
        '"\\t\\b\\n\\r\\f\\\\\\"\\\'"',
        "'\\u049a\\U0001F600'",
        "''",
        '""',
        "''''''",
        '"# no comment"',
        "'}'",
    ],
)
def test_a_quoted_text_is_one_token(written):
    assert kinds(f"?x {written} ?y") == [("var", "?x"), ("string", written), ("var", "?y")]


@pytest.mark.parametrize(
    "written",
    [
        "'open",
        '"open',
        "'''open''",
        '"""open""',
        "'a\nb'",
        '"a\nb"',
        "'\\x'",
        "'\\u12'",
        # an engine that cannot take the escape would read '' and go on behind it
        "'''a\\x'''",
        "'''a\\uD800'''",
        "'''a\\U00110000'''",
    ],
)
def test_a_text_that_does_not_end_or_has_a_false_escape_is_no_text(written):
    with pytest.raises(SourceSyntaxError, match="this text is not closed") as caught:
        list(scan(f"?x {written}"))
    assert (caught.value.line, caught.value.column) == (1, 4)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_comment_ends_with_its_line(end):
    assert kinds(f"?x # SERVICE '{end}?y") == [("var", "?x"), ("var", "?y")]


@pytest.mark.parametrize("other", ["\x0b", "\x0c", "\x85", "\u2028"])
def test_no_other_sign_ends_a_comment(other):
    assert kinds(f"?x # SERVICE{other}?y") == [("var", "?x")]


def test_a_hash_in_an_iri_begins_no_comment():
    assert kinds("<http://x#a> ?y")[1] == ("var", "?y")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kz:memberOf", "kz:memberOf"),
        (":x", ":x"),
        ("kz:", "kz:"),
        ("a.b:c", "a.b:c"),
        ("kz:a.b", "kz:a.b"),
        ("kz:%41b", "kz:%41b"),
        ("kz:a\\,b", "kz:a\\,b"),
        ("kz:a:b", "kz:a:b"),
        ("kz:қазақ", "kz:қазақ"),
        ("kz:2014", "kz:2014"),
    ],
)
def test_a_prefixed_name_is_one_token(text, expected):
    assert kinds(text) == [("name", expected)]


def test_a_full_stop_at_the_end_is_no_part_of_a_name():
    assert kinds("kz:a.") == [("name", "kz:a"), ("mark", ".")]
    assert kinds("_:a.") == [("bnode", "_:a"), ("mark", ".")]


@pytest.mark.parametrize("number", ["1", "1.5", ".5", "1e5", "1.e5", "1.5E-3", "007"])
def test_a_number_is_one_token(number):
    assert kinds(number) == [("number", number)]


def test_words_glued_to_numbers_and_variables_come_apart():
    assert kinds("1SERVICE") == [("number", "1"), ("word", "SERVICE")]
    assert kinds("?xSERVICE") == [("var", "?xSERVICE")]


def test_language_tags_are_one_token_each():
    assert kinds("'x'@de-AT")[1] == ("lang", "@de-AT")
    assert kinds("'x'@ar--rtl")[1] == ("lang", "@ar--rtl")


@pytest.mark.parametrize("mark", ["^^", "&&", "||", "!=", "<=", ">=", "="])
def test_a_sign_of_two_letters_is_one_token(mark):
    assert ("mark", mark) in kinds(f"SELECT * {{ FILTER (?a {mark} ?b) }}")


# the reading of < --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?a ?p ?b FILTER (?a<?b&&?c>?d) }",
        "ASK { ?a ?p ?b FILTER (?a<?b+'>') }",
        "ASK { ?a ?p ?b FILTER (?a<kz:x#>\n) }",
        "ASK { ?a ?p ?b FILTER (STR(?a)<STR(?b)) FILTER (?c>?d) }",
        "ASK { ?a ?p ?b FILTER kz:f(?a<?b&&?c>?d) }",
        "ASK { ?a ?p ?b FILTER STR(?a<?b&&?c>?d) }",
        "ASK { ?a ?p ?b BIND (?a<?b&&?c>?d AS ?e) }",
        "SELECT (?a<?b&&?c>?d AS ?e) { ?a ?p ?b }",
        "SELECT * { { SELECT ?x (?a<?b&&?c>?d AS ?e) { ?a ?p ?b } } }",
        "SELECT * { { SELECT ?a { ?a ?p ?b } GROUP BY (?a<?b&&?c>?d) } }",
        "SELECT * { { SELECT ?a { ?a ?p ?b } HAVING (?a<?b&&?c>?d) } }",
        "SELECT * { { SELECT ?a { ?a ?p ?b } ORDER BY (?a<?b&&?c>?d) } }",
        "SELECT * { ?a ?p ?b } ORDER BY DESC(?a<?b&&?c>?d)",
        "ASK { FILTER (EXISTS { ?a ?p ?b }<?b&&?c>?d) }",
        "ASK { FILTER (?a IN (1)<?b&&?c>?d) }",
        "ASK { FILTER (true<?b&&?c>?d) }",
        "ASK { FILTER (1<?b&&?c>?d) }",
        "ASK { FILTER ('x'@en<?b&&?c>?d) }",
        "ASK { FILTER (kz:x<?b&&?c>?d) }",
    ],
)
def test_after_a_value_in_an_expression_a_bracket_compares(query):
    assert all(kind != "iri" for kind, _ in kinds(query))
    assert ("mark", "<") in kinds(query)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s <http://p#x> ?o }",
        "ASK { ?s ?p 1 . <http://p#x> ?q ?o }",
        "ASK { ?s ?p (?a <http://p#x>) }",
        "ASK { ?s (<http://q>|<http://p#x>) ?o }",
        "ASK { ?s ?p [ ?q <http://p#x> ] }",
        "ASK { FILTER (?a = ?b) <http://p#x> ?p ?o }",
        "ASK { FILTER (?a IN (<http://p#x>)) }",
        "ASK { FILTER (COUNT(DISTINCT <http://p#x>) > 1) }",
        "ASK { FILTER (?a = <http://p#x>) }",
        "ASK { FILTER (EXISTS { ?s <http://p#x> ?o }) }",
        "ASK { BIND (<<( ?s <http://p#x> ?o )>> AS ?t) }",
        "ASK { << ?s <http://p#x> ?o >> ?q ?z }",
        "ASK { ?s kz:p (1 2) ; <http://p#x> ?o }",
        "ASK { ?s a (1 <http://p#x>) }",
        "ASK { VALUES ?x { 1 <http://p#x> } }",
        "ASK { VALUES (?x ?y) { (1 <http://p#x>) } }",
        "SELECT * { ?s ?p ?o } ORDER BY ?s <http://p#x>(?o)",
        "ASK { ?s ?p ?o {| ?q <http://p#x> |} }",
    ],
)
def test_elsewhere_a_bracket_opens_an_iri(query):
    assert ("iri", "<http://p#x>") in kinds(query)


def test_the_other_readings_look_at_no_context():
    text = "ASK { FILTER (?a<?b+1&&?c>?d) ?s ?p (?o <http://p#x>) }"
    assert [t.text for t in scan(text, less="iri") if t.kind == "iri"] == [
        "<?b+1&&?c>",
        "<http://p#x>",
    ]
    assert [t.text for t in scan(text, less="operator") if t.kind == "iri"] == []


# brackets ----------------------------------------------------------------------------------


def test_frames_and_depths_follow_the_brackets():
    text = "SELECT (1 AS ?x) { VALUES ?v { 2 } VALUES (?u) { (3) } ?s (4 5) [ ?p 6 ] FILTER (7) }"
    numbers = {t.text: (t.frame, t.depth) for t in scan(text) if t.kind == "number"}
    assert numbers == {
        "1": ("expression", 1),
        "2": ("data", 2),
        "3": ("data", 3),
        "4": ("pattern", 2),
        "5": ("pattern", 2),
        "6": ("pattern", 2),
        "7": ("expression", 2),
    }


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("ASK { ?s ?p ?o", r"this \{ is never closed", 5),
        ("ASK { ?s ?p [ ?o ?q }", r"this \} does not close the \[ of line 1, column 13", 21),
        ("ASK { } }", r"this \} closes nothing", 9),
        ("ASK { ?s ?p (1 ]", r"this \] does not close the \( of line 1, column 13", 16),
        ("ASK { << ?s ?p ?o }", r"does not close the <<", 19),
    ],
)
def test_a_bracket_without_its_partner_is_pointed_at(text, message, column):
    with pytest.raises(SourceSyntaxError, match=message) as caught:
        list(scan(text))
    assert caught.value.column == column


@pytest.mark.parametrize("text", ["ASK { ?s <http://a b> 1 }", "ASK { ?s <a\\u0041> 1 }"])
def test_an_iri_with_a_wrong_sign_is_pointed_at(text):
    with pytest.raises(SourceSyntaxError, match="this IRI is not closed or holds") as caught:
        list(scan(text))
    assert caught.value.column == 10


@pytest.mark.parametrize("sign", ["\\", "\x00", "\x0c", "\u00a0", "ſ", "`", "$ "])
def test_a_sign_without_meaning_is_named(sign):
    with pytest.raises(SourceSyntaxError, match="has no meaning in SPARQL here") as caught:
        list(scan(f"ASK {{ {sign} }}"))
    assert caught.value.column == 7


def test_a_byte_order_mark_is_passed_over():
    assert kinds("\ufeffASK") == [("word", "ASK")]


# places ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "expected"),
    [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (4, (3, 1)), (5, (3, 2))],
)
def test_places_count_from_one(start, expected):
    assert position("ab\n\ncd", start) == Position(*expected)
    assert Places("ab\n\ncd").of(start) == Position(*expected)


def test_a_long_line_is_not_quoted_and_a_long_word_is_clipped():
    with pytest.raises(SourceSyntaxError) as caught:
        list(scan("ASK { " + "?x " * 500 + "`"))
    assert caught.value.source_line == ""
    assert len(clipped("x" * 1000)) == 41
