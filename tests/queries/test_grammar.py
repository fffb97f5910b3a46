"""The grammar that points at faults finds none in queries that the engine takes."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from kzgraph import resources
from kzgraph.queries.grammar import departure
from kzgraph.queries.guard import add_prefixes
from kzgraph.queries.tokens import scan

SOUND = [
    "SELECT * {}",
    "SELECT DISTINCT ?a (COUNT(DISTINCT ?b) AS ?n) WHERE { ?a ?p ?b } GROUP BY ?a",
    "SELECT REDUCED ?a { ?a ?p ?b }",
    "SELECT ?k { ?a ?p ?b } GROUP BY (STR(?a) AS ?k) HAVING (COUNT(*) > 1) (SUM(?b) < 3)",
    "SELECT ?a { ?a ?p ?b } GROUP BY ?a STR(?b) ORDER BY DESC(?a) ASC(STR(?a)) ?a (?a) LIMIT 1",
    "SELECT * { ?a ?p ?b } LIMIT 1 OFFSET 2",
    "SELECT * { ?a ?p ?b } OFFSET 2 LIMIT 1",
    "SELECT * { ?a ?p ?b } VALUES ?a { kz:x UNDEF 'x'@en 'y'^^xsd:date 1 -1 true }",
    "SELECT * { VALUES (?a ?b) { (1 2) (UNDEF kz:x) } }",
    "SELECT * { VALUES () { } }",
    "BASE <http://x/> PREFIX a: <y> ASK { a:x <z> 1 }",
    "ASK { ?a kz:p ?z , kz:q . ?a kz:p ?b ; kz:q ?c ; ; . }",
    "ASK { ?a kz:p 1 , 2 ; a kz:C . [] kz:q [ kz:r (1 'x' [ kz:s ?z ]) ] . [ kz:a 1 ] }",
    "ASK { (1 2) kz:p () }",
    "ASK { ?a kz:p/^kz:q|!(kz:r|^kz:s)/(kz:t)+/kz:u?/a* ?b . ?a !a ?b . ?a ^kz:p ?b . ?a !^kz:p ?b }",
    "ASK { { ?a ?p ?b } UNION { ?a ?q ?b } UNION {} . OPTIONAL { ?a ?r ?c } MINUS { ?a ?s ?b } }",
    "ASK { GRAPH ?g { ?a ?p ?b } GRAPH kzg:x { } }",
    "ASK { { SELECT ?a { ?a ?p ?b } ORDER BY ?a LIMIT 1 } }",
    "ASK { { SELECT ?a { ?a ?p ?b } VALUES ?a { 1 } } }",
    "ASK { FILTER EXISTS { ?a ?p ?b } FILTER NOT EXISTS { ?a ?p ?b } FILTER (!EXISTS {}) }",
    "ASK { FILTER (?a IN (1, 2) || ?a NOT IN () && !(?b != -1 + 2 * 3 / 4 - ?c)) }",
    "ASK { FILTER REGEX(?a, 'x', 'i') FILTER xsd:integer(?a) FILTER (xsd:date(1)) }",
    "ASK { BIND (IF(BOUND(?a), STR(?a), COALESCE(?b, 'x'@en)) AS ?z) FILTER (NOW() > ?z) }",
    "ASK { BIND (CONCAT() AS ?a) BIND (BNODE() AS ?b) BIND (SUBSTR('abc', 1, 2) AS ?c) }",
    "SELECT (GROUP_CONCAT(DISTINCT ?a; SEPARATOR=', ') AS ?l) (SAMPLE(?a) AS ?s) { ?a ?p ?b }",
    "CONSTRUCT { ?a kz:p [ kz:q 1 ] . } WHERE { ?a ?p ?b }",
    "CONSTRUCT WHERE { ?a ?p ?b }",
    "CONSTRUCT {} { ?a ?p ?b }",
    "DESCRIBE kz:x ?a { ?a ?p ?b }",
    "DESCRIBE <http://x>",
    "DESCRIBE * { ?a ?p ?b }",
    "ASK { << ?a ?p ?b >> kz:q 1 . ?a ?p <<( ?a ?p ?b )>> }",
    "ASK { ?a kz:p ?b {| kz:q 1 |} ; kz:r ?c ~ ?id }",
    "ASK { ?a ?p ?b FILTER (?a = ?b) ?c ?q ?d BIND (1 AS ?x) ?e ?r ?f }",
    "ASK { ?a ?p +5 , -1.5e3 , .5 , 'x'^^<http://t> }",
    "ASK { FILTER (+?a > - ?b) FILTER (true) }",
]


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_query_does_not_leave_the_grammar(text):
    Store().query(add_prefixes(text))
    assert departure(list(scan(text))) is None


def test_no_saved_query_leaves_the_grammar():
    files = sorted(resources.folder("queries").rglob("*.rq"))
    assert files
    for path in files:
        assert departure(list(scan(path.read_text(encoding="utf-8")))) is None, path.name
