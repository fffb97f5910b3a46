"""A malformed query: the place where it goes wrong, what belongs there, a hint."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from kzgraph.errors import SourceSyntaxError
from kzgraph.queries.guard import check_query, explain_syntax_error, prefix_line


def complaint(text):
    """Return what the user is told about a text that the engine refuses."""
    facts = check_query(text, path="q.rq")
    with pytest.raises(SyntaxError) as caught:
        Store().query(prefix_line(facts) + text)
    return explain_syntax_error(text, "q.rq", caught.value)


CASES = [
    # text, what the message says, line, column, hint
    ("ASK { ?s ?p }", "an object is expected here, not }", 1, 13, "three parts"),
    ("ASK { ?s kz:x }", "an object is expected here, not }", 1, 15, "three parts"),
    ("ASK { ?s }", "a predicate is expected here, not }", 1, 10, "three parts"),
    ("ASK { ?s 'x' ?o }", "a predicate is expected here, not 'x'", 1, 10, "three parts"),
    ("ASK {\n ?s ?p ?o\n ?a ?b ?c }", "a . or ; or } is expected here, not ?a", 3, 2, "full stop"),
    ("ASK { ?s ?p 'a' 'b' }", "a . or ; or } is expected here, not 'b'", 1, 17, "full stop"),
    ("ASK { ?s ?p ?o . . }", "a pattern or } is expected here, not .", 1, 18, ""),
    ("SELECT ?x ?y, ?z { ?x ?y ?z }", "the next column is expected here, not ,", 1, 13, "commas"),
    ("SELECT COUNT(*) { ?s ?p ?o }", "a column, as in ?state is expected", 1, 8, "(COUNT(...) AS"),
    ("SELECT ?s COUNT(?o) { ?s ?p ?o }", "a column or { is expected", 1, 11, "(COUNT(...) AS"),
    ("SELECT (COUNT(?s) ?n) { ?s ?p ?o }", "AS is expected here, not ?n", 1, 19, "AS ?n"),
    ("SELECT { ?s ?p ?o }", "a column, as in ?state is expected here, not {", 1, 8, ""),
    ("SELECT ?s WHERE ?s", "{ with the patterns is expected here, not ?s", 1, 17, ""),
    ("SELECT ?s ?p", "the query ends where { with the patterns is expected", 1, 13, ""),
    ("ASK { ?s ?p ?o FILTER ?s > 1 }", "a condition in brackets is expected", 1, 23, "FILTER ("),
    ("ASK { FILTER (?x = ) }", "a value, a variable or a function is expected", 1, 20, ""),
    ("ASK { FILTER (?x && ) }", "a value, a variable or a function is expected", 1, 21, ""),
    ("ASK { FILTER (?x == 1) }", "a value is expected here, not =", 1, 19, "one ="),
    ("ASK { FILTER (STR(?x, 1)) }", "STR takes 1 argument, not 2", 1, 15, ""),
    ("ASK { FILTER (IF(?x, 1)) }", "IF takes 3 arguments, not 2", 1, 15, ""),
    ("ASK { FILTER (REGEX(?x)) }", "REGEX takes 2 to 3 arguments, not 1", 1, 15, ""),
    ("ASK { FILTER (TRUE) }", "true is expected here, not TRUE", 1, 15, "written small"),
    ("ASK { BIND (1 ?x) }", "AS is expected here, not ?x", 1, 15, "BIND (... AS ?name)"),
    ("ASK { VALUES ?x 1 }", "{ is expected here, not 1", 1, 17, ""),
    ("ASK { VALUES ?x { ?y } }", "} is expected here, not ?y", 1, 19, "IRIs and literals"),
    ("ASK { OPTIONAL ?s ?p ?o }", "{ with patterns is expected here, not ?s", 1, 16, ""),
    ("SELECT * { ?s ?p ?o } ORDER ?s", "BY is expected here, not ?s", 1, 29, ""),
    ("SELECT * { ?s ?p ?o } ORDER BY ?s, ?p", "the next one is expected", 1, 34, "no commas"),
    ("SELECT * { ?s ?p ?o } GROUP BY", "the query ends where what to group by", 1, 31, ""),
    ("SELECT * { ?s ?p ?o } LIMIT ?x", "a whole number is expected here", 1, 29, ""),
    ("SELECT * { ?s ?p ?o } LIMIT 1 ORDER BY ?s", "the end of the query", 1, 31, "this order"),
    ("SELECT * { ?s ?p ?o } BIND (1 AS ?x)", "the end of the query", 1, 23, "inside the braces"),
    ("ASK { ?s ?p ?o } ?a ?b ?c", "the end of the query", 1, 18, "inside the braces"),
    ("ASK { ?s ?p <a> }", "<a> is no whole IRI", 1, 13, "with its scheme"),
    ("ASK { ?s kz:a/ ?o }", "a predicate is expected here, not ?o", 1, 16, ""),
    ("SELECT ?a ?a { ?a ?b ?c }", "?a is selected twice", 1, 11, ""),
    ("SELECT (1 AS ?a) { ?a ?b ?c }", "?a has a value from the patterns", 1, 14, "own"),
    ("SELECT ?a { ?a ?b ?c } GROUP BY ?b", "?a is selected, but neither", 1, 8, "GROUP BY"),
    ("ASK { BIND (1 AS ?x) BIND (2 AS ?x) }", "?x has a value before this BIND", 1, 33, "new name"),
    ("ASK { ?x ?p 1 BIND (2 AS ?x) }", "?x has a value before this BIND", 1, 26, "new name"),
]


@pytest.mark.parametrize(("text", "message", "line", "column", "hint"), CASES)
def test_a_complaint_names_the_place_and_what_belongs_there(text, message, line, column, hint):
    error = complaint(text)
    assert isinstance(error, SourceSyntaxError)
    assert str(error).startswith(f"q.rq:{line}:{column}: ")
    assert message in str(error).split("\n")[0]
    assert hint in error.hint


def test_the_line_is_quoted_with_a_caret():
    lines = str(complaint("ASK {\n  ?s kz:memberOf\n}")).split("\n")
    assert lines == ["q.rq:3:1: an object is expected here, not }", "    }", "    ^"]


def test_prefixes_that_were_added_do_not_move_the_place():
    with_prefix = complaint("ASK { ?s kz:x }")
    assert (with_prefix.line, with_prefix.column) == (1, 15)


def test_where_no_rule_is_known_to_be_broken_the_engines_place_has_to_do():
    text = "ASK {\n ?s kz:x ?o }"
    error = explain_syntax_error(text, "q.rq", SyntaxError("error at 2:5: expected OPTIONAL"))
    assert (error.line, error.column) == (2, 5)
    first = explain_syntax_error("ASK { ?s kz:x ?o }", "q.rq", SyntaxError("error at 1:54: x"))
    assert (first.line, first.column) == (
        1,
        54 - len("PREFIX kz: <https://w3id.org/kzgraph/ontology#> "),
    )
    assert explain_syntax_error(text, "q.rq", SyntaxError("something else")).line == 1
