"""What a foreign query may do: nothing outside, nothing changed, nothing that ends the process."""

from __future__ import annotations

import http.server
import threading

import pytest
from pyoxigraph import QueryBoolean, Store

from kzgraph.errors import QueryRefusedError, SourceSyntaxError
from kzgraph.namespaces import KZ, PREFIXES
from kzgraph.queries import guard
from kzgraph.queries.guard import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_PIECES,
    add_prefixes,
    check_query,
    prefix_line,
    unknown_terms,
)

ADDRESS = "<http://127.0.0.1:9/>"
# each of these calls SERVICE when pyoxigraph runs it
CALLS = {
    "plain": f"SELECT * {{ SERVICE {ADDRESS} {{ ?s ?p ?o }} }}",
    "silent": f"SELECT * {{ SERVICE SILENT {ADDRESS} {{ ?s ?p ?o }} }}",
    "lower case": f"select * {{ service {ADDRESS} {{ ?s ?p ?o }} }}",
    "without blanks": f"SELECT*{{SERVICE{ADDRESS}{{?s ?p ?o}}}}",
    "glued to silent": f"SELECT * {{ SERVICESILENT{ADDRESS}{{ ?s ?p ?o }} }}",
    "glued to a name": f"PREFIX : {ADDRESS} SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    "a prefix of that name": (
        f"PREFIX : {ADDRESS} PREFIX service: <http://z/> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}"
    ),
    "glued to a number": f"PREFIX : {ADDRESS} SELECT * {{ ?s ?p 1SERVICE:x {{ ?s ?p ?o }} }}",
    "behind a comparison that looks like an IRI": (
        f"SELECT * {{ ?a ?q ?b FILTER(?a<?b+'>' ) SERVICE {ADDRESS} {{?s ?p 'x'}} }}"
    ),
    "behind a carriage return": f"SELECT * {{ # c\r SERVICE {ADDRESS} {{ ?s ?p ?o }} }}",
    "behind a variable and a stop": f"SELECT * {{ ?s ?p ?x.SERVICE {ADDRESS} {{ ?s ?p ?o }} }}",
    "with a base": "BASE <http://127.0.0.1:9/> SELECT * { SERVICE<x>{ ?s ?p ?o } }",
    "in an option": f"SELECT * {{ ?s ?p ?o OPTIONAL {{ SERVICE {ADDRESS} {{ ?a ?b ?c }} }} }}",
    "in a sub-select": f"SELECT * {{ {{ SELECT * {{ SERVICE {ADDRESS} {{ ?s ?p ?o }} }} }} }}",
    "in a condition": f"ASK {{ ?s ?p ?o FILTER EXISTS {{ SERVICE {ADDRESS} {{ ?a ?b ?c }} }} }}",
    "in a construction": f"CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE {ADDRESS} {{ ?s ?p ?o }} }}",
}


@pytest.fixture
def listener():
    """A server on this machine that counts who comes."""

    class Handler(http.server.BaseHTTPRequestHandler):
        visits = 0

        def do_POST(self):
            Handler.visits += 1
            self.send_response(500)
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Handler.port = server.server_port
    yield Handler
    server.shutdown()
    server.server_close()


def run_unguarded(text, port):
    store = Store()
    store.update("INSERT DATA { <http://a> <http://p> 1 , <http://b> }")
    try:
        result = store.query(text.replace("127.0.0.1:9", f"127.0.0.1:{port}"))
        if not isinstance(result, QueryBoolean):
            list(result)
    except (OSError, SyntaxError):
        pass


@pytest.mark.parametrize("text", CALLS.values(), ids=CALLS)
def test_service_is_refused_with_its_place(text):
    with pytest.raises(QueryRefusedError, match=r"^-e:\d+:\d+: SERVICE would ask another server"):
        check_query(text)


@pytest.mark.parametrize("text", CALLS.values(), ids=CALLS)
def test_every_refused_form_of_service_does_go_out(text, listener):
    run_unguarded(text, listener.port)
    assert listener.visits > 0, "the engine no longer does this; the case is idle"


@pytest.mark.parametrize(
    "name", ["plain", "silent", "lower case", "without blanks", "in an option", "in a condition"]
)
def test_service_passes_where_the_caller_allows_it(name):
    assert check_query(CALLS[name], allow_service=True)


def test_the_second_look_finds_service_where_the_first_misread_the_context(monkeypatch):
    text = f"ASK {{ ?a ?q ?b FILTER(?a<?b+'>' ) SERVICE {ADDRESS} {{?s ?p 'kz:x'}} }}#'"
    real = guard.scan

    def naive(text, *, path="-e", less="context"):
        return real(text, path=path, less="iri" if less == "context" else less)

    monkeypatch.setattr(guard, "scan", naive)
    assert "SERVICE" not in [token.word for token in naive(text)]
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        check_query(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x> {}' }",
        'SELECT * { ?s ?p """ } SERVICE <http://x> {} """ }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://x> {}",
        "SELECT * { ?s <http://example.org/service> ?service }",
        "SELECT * { ?s kz:service ?o }",
        "SELECT * { ?s ?p ?o FILTER (CONTAINS(?o, 'service') && ?o < 'x' && ?o > 'a') }",
        "SELECT * { ?s ?p ?o FILTER (?o<'service' && ?o>'a') }",
    ],
)
def test_the_word_service_may_stand_in_texts_names_and_comments(text):
    assert check_query(text).kind == "SELECT"


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { kz:a kz:b 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "DELETE DATA { kz:a kz:b 1 }",
        "LOAD <http://x/>",
        "LOAD SILENT <file:///x.ttl>",
        "CLEAR ALL",
        "drop all",
        "CREATE GRAPH <http://x>",
        "COPY <http://a> TO <http://b>",
        "MOVE <http://a> TO <http://b>",
        "ADD <http://a> TO <http://b>",
        "WITH <http://a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o } ; DROP ALL",
        "PREFIX x: <http://x/> INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_refused_in_a_sentence(text):
    with pytest.raises(QueryRefusedError, match="changes data; kzgraph only reads"):
        check_query(text)


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED", "from"])
@pytest.mark.parametrize("graph", ["<http://x/g>", "<file:///etc/passwd>", "kzg:sources"])
def test_from_is_refused_and_explained(clause, graph):
    text = f"SELECT * {clause} {graph} {{ ?s ?p ?o }}"
    with pytest.raises(QueryRefusedError, match="FROM is not read; everything lies in one default"):
        check_query(text)
    assert check_query(text, allow_from=True)


# limits ------------------------------------------------------------------------------------


def test_a_query_is_bounded_in_bytes_not_letters():
    head, tail = "SELECT * { VALUES ?x { '", "' } }"
    room = MAX_BYTES - len(head) - len(tail)
    assert check_query(head + "x" * room + tail)
    with pytest.raises(QueryRefusedError, match="at most 262,144 are read"):
        check_query(head + "x" * (room + 1) + tail)
    with pytest.raises(QueryRefusedError, match="at most 262,144 are read"):
        check_query(head + "қ" * (room // 2 + 1) + tail)


@pytest.mark.parametrize(
    ("opener", "closer"), [("(", ")"), ("STR(", ")"), ("IF(true,", ",1)"), ("EXISTS {", "}")]
)
def test_brackets_nest_to_a_depth_and_no_deeper(opener, closer):
    def nested(depth):
        return (
            "ASK { FILTER ("
            + opener * depth
            + "?a ?b ?c"[: 8 if "{" in opener else 2]
            + (closer * depth + ") }")
        )

    deepest = MAX_DEPTH - 2
    assert check_query(nested(deepest))
    with pytest.raises(QueryRefusedError, match=f"deeper than {MAX_DEPTH} brackets"):
        check_query(nested(deepest + 1))


@pytest.mark.parametrize(
    "chain",
    [
        lambda n: "ASK { FILTER (" + "+".join(["1"] * n) + ") }",
        lambda n: "ASK { FILTER (" + "||".join(["?a"] * n) + ") }",
        lambda n: "ASK { FILTER (" + "!" * n + "true) }",
        lambda n: "ASK { FILTER (1" + " -1" * n + ") }",
        lambda n: "ASK { ?s " + "/".join(["kz:p"] * n) + " ?o }",
        lambda n: "ASK { ?s " + "|".join(["kz:p"] * n) + " ?o }",
        lambda n: "ASK { ?s ?p ?o" + " . ?s ?p ?o" * n + " }",
        lambda n: "ASK { ?s ?p ?o" + " ; ?p ?o" * n + " }",
        lambda n: "ASK { ?s ?p ?o" + " , ?o" * n + " }",
        lambda n: "ASK { ?s ?p (" + "1 " * n + ") }",
        lambda n: "ASK { ?s ?p (" + "kz:x " * n + ") }",
        lambda n: "ASK { {} " + "UNION {}" * n + " }",
        lambda n: "ASK { " + "OPTIONAL {}" * n + " }",
        lambda n: "ASK { " + "FILTER (?a) " * n + " }",
        lambda n: "ASK { " + "FILTER EXISTS {} " * n + " }",
        lambda n: "ASK { " + "VALUES ?a { 1 } " * n + " }",
        lambda n: "ASK { " + "".join(f"BIND (1 AS ?x{i}) " for i in range(n)) + " }",
        lambda n: "SELECT " + "".join(f"(1 AS ?x{i}) " for i in range(n)) + " {}",
        lambda n: "DESCRIBE " + "kz:x " * n,
        lambda n: "SELECT * { ?a ?b ?c } ORDER BY " + "(?a) " * n,
    ],
)
def test_chains_are_bounded(chain):
    assert check_query(chain(MAX_PIECES // 8))
    with pytest.raises(QueryRefusedError, match=f"more than {MAX_PIECES} patterns"):
        check_query(chain(MAX_PIECES + 2))


@pytest.mark.parametrize(
    "text",
    [
        "ASK { VALUES ?x { " + "kz:a " * 5000 + "} }",
        "ASK { VALUES (?x ?y) { " + "(kz:a 1) " * 5000 + "} }",
        "ASK { FILTER (?x IN (" + "kz:a, " * 5000 + "kz:b)) }",
        "ASK { FILTER (?x NOT IN (" + "'a', " * 5000 + "'b')) }",
        "ASK { BIND (CONCAT(" + "'a', " * 5000 + "'b') AS ?x) }",
        "ASK {}" + "#\n" * 5000,
    ],
)
def test_lists_of_values_may_be_long(text):
    assert check_query(text)


# facts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT * {}", "SELECT"),
        ("ask {}", "ASK"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("DESCRIBE kz:x", "DESCRIBE"),
        ("PREFIX a: <http://a/> ASK { { SELECT * {} } }", "ASK"),
    ],
)
def test_the_form_is_the_outer_one(text, kind):
    assert check_query(text).kind == kind


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT ?a $b WHERE { ?a ?p ?b }", ("a", "b")),
        ("SELECT DISTINCT ?a (COUNT(?b) AS ?n) { ?a ?p ?b }", ("a", "n")),
        ("SELECT ?a { { SELECT ?c { ?c ?p ?a } } }", ("a",)),
        ("SELECT * { ?a ?p ?b }", ()),
        ("ASK { ?a ?p ?b }", ()),
    ],
)
def test_the_columns_are_those_of_the_outer_select(text, names):
    assert check_query(text).variables == names


def test_a_column_that_no_pattern_mentions_is_found():
    facts = check_query("SELECT ?a ?lable (1 AS ?n) { ?a ?p ?label }")
    assert facts.unbound == ("lable",)
    assert facts.appearing == ("a", "lable", "n", "p", "label")


def test_an_order_counts_only_outside():
    assert check_query("SELECT ?a { ?a ?p ?b } ORDER BY ?a").ordered
    assert not check_query("SELECT ?a { { SELECT ?a { ?a ?p ?b } ORDER BY ?a } }").ordered


def test_known_prefixes_are_added_and_no_line_moves():
    text = "SELECT ?s\nWHERE { ?s a kz:State ; skos:prefLabel ?l }"
    ready = add_prefixes(text)
    assert ready == (
        f"PREFIX kz: <{KZ}> PREFIX skos: <{PREFIXES['skos']}> SELECT ?s\n"
        "WHERE { ?s a kz:State ; skos:prefLabel ?l }"
    )
    Store().query(ready)


def test_a_declared_prefix_is_left_alone_and_means_what_it_says():
    text = "PREFIX kz: <http://other/> ASK { ?s kz:x ?o }"
    facts = check_query(text)
    assert add_prefixes(text) == text
    assert facts.declared == {"kz": "http://other/"}
    assert [use.iri for use in facts.terms] == ["http://other/x"]


def test_prefixes_go_before_a_header_and_behind_a_byte_order_mark():
    ready = add_prefixes("\ufeff#+ summary: x\nASK { ?s a kz:State }")
    assert ready.startswith("PREFIX kz: <")
    Store().query(ready)


@pytest.mark.parametrize(
    ("text", "message", "hint", "place"),
    [
        ("ASK { ?s a kzz:State }", "the prefix kzz: is not declared", "did you mean kz:?", (1, 12)),
        ("ASK {\n ?s sko:x 1 }", "the prefix sko: is not declared", "did you mean skos:?", (2, 5)),
        ("ASK { ?s :x 1 }", "the prefix : is not declared", "known: dcterms", (1, 10)),
        ("SELCT * {}", "SELCT is no word of SPARQL", "did you mean SELECT?", (1, 1)),
        ("ASK { ?s memberOf ?o }", "memberOf is no word", "a name needs a prefix", (1, 10)),
        ("ASK { OPTINAL {} }", "OPTINAL is no word", "did you mean OPTIONAL?", (1, 7)),
        ("PREFIX kz <http://x> ASK {}", "a prefix ends in a colon", "PREFIX kz: <...>", (1, 8)),
        ("PREFIX kz: http://x ASK {}", "stands for an IRI in < and >", "kz: <...>", (1, 12)),
        ("", "there is no query here", "begins with SELECT", (1, 1)),
        ("# nothing", "there is no query here", "begins with SELECT", (1, 1)),
        ("{ ?s ?p ?o }", "this is no query", "begins with SELECT", (1, 1)),
        ("kz:x", "this is no query", "begins with SELECT", (1, 1)),
    ],
)
def test_what_is_no_sparql_is_pointed_at_with_a_hint(text, message, hint, place):
    with pytest.raises(SourceSyntaxError) as caught:
        check_query(text, path="q.rq")
    error = caught.value
    assert message in str(error)
    assert hint in error.hint
    assert (error.path, error.line, error.column) == ("q.rq", *place)


def test_the_word_a_is_a_predicate_in_small_letters_only():
    assert check_query("ASK { ?s a ?o }")
    with pytest.raises(SourceSyntaxError, match="A is no word"):
        check_query("ASK { ?s A ?o }")


# terms -------------------------------------------------------------------------------------


def test_a_misspelt_term_of_ours_is_found_with_its_place_and_the_nearest():
    facts = check_query("ASK {\n  ?s kz:memberof ?o ; rdfs:lable ?l . kzr:country-kaz a kz:State }")
    known = {KZ + "memberOf", KZ + "State", PREFIXES["kzr"] + "country-kaz"}
    (found,) = unknown_terms(facts, known)
    assert (found.text, found.iri) == ("kz:memberof", KZ + "memberof")
    assert (found.line, found.column, found.nearest) == (2, 6, "kz:memberOf")


def test_a_term_without_anything_near_has_no_suggestion():
    (found,) = unknown_terms(check_query("ASK { ?s kz:qqqq ?o }"), {KZ + "memberOf"})
    assert found.nearest == ""


def test_an_escaped_name_stands_for_the_plain_iri():
    facts = check_query("ASK { ?s kz:a\\,b ?o }")
    assert facts.terms[0].iri == KZ + "a,b"


def test_a_query_that_lacks_nothing_gets_nothing():
    assert prefix_line(check_query("ASK { ?s ?p ?o }")) == ""
