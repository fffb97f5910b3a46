"""Nothing the guard lets through ends the process; what it stops does.

Each text runs in a process of its own, because that process may die.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress

import pytest

from kzgraph.errors import QueryRefusedError
from kzgraph.queries.guard import check_query

PARSE = """
import sys, pyoxigraph
try:
    pyoxigraph.Store().query(sys.stdin.read())
except SyntaxError:
    pass
print("alive")
"""
# what ends a process with the usual stack of 8 MB
DEADLY = {
    "brackets": lambda n: "ASK { FILTER (" + "(" * n + "1" + ")" * n + ") }",
    "groups": lambda n: "ASK " + "{" * n + "?a ?b ?c" + "}" * n,
    "sub-selects": lambda n: "SELECT * {" * n + "?a ?b ?c" + "}" * n,
    "calls": lambda n: "ASK { FILTER (" + "STR(" * n + "1" + ")" * n + ") }",
    "conditions in conditions": lambda n: "ASK {" + "FILTER EXISTS { ?a ?b ?c " * n + "}" * n + "}",
    "negations": lambda n: "ASK { FILTER (" + "!" * n + "true) }",
    "paths": lambda n: "ASK { ?a " + "(" * n + "<http://p>" + ")" * n + " ?c }",
    "a long path": lambda n: "ASK { ?a " + "|".join(["<http://p>"] * n) + " ?c }",
    "blank nodes": lambda n: "ASK {" + "[ <http://p> " * n + "1" + "]" * n + "}",
    "a sum": lambda n: "ASK { FILTER (" + "+".join(["1"] * n) + ") }",
    "alternatives": lambda n: "ASK { FILTER (" + "||".join(["?a"] * n) + ") }",
    "unions": lambda n: "ASK { {}" + "UNION {}" * n + " }",
    "conditions": lambda n: "ASK {" + " FILTER (?a)" * n + "}",
    "triple terms": lambda n: "ASK { ?a ?b " + "<<( ?a ?b " * n + "1" + " )>>" * n + "}",
    "descriptions": lambda n: "DESCRIBE" + " <http://a>" * n,
}


def outcome(text):
    process = subprocess.run(
        [sys.executable, "-c", PARSE], input=text, capture_output=True, text=True, timeout=120
    )
    return "alive" if process.stdout.strip() == "alive" else f"died of {process.returncode}"


def largest_admitted(make):
    """Return the greatest number at which the guard admits a text."""
    low, high = 1, 20_000
    while high - low > 1:
        middle = (low + high) // 2
        try:
            check_query(make(middle))
            low = middle
        except QueryRefusedError:
            high = middle
    return low


@pytest.mark.parametrize("make", DEADLY.values(), ids=DEADLY)
def test_the_largest_admitted_text_leaves_the_process_alive(make):
    assert outcome(make(largest_admitted(make))) == "alive"


@pytest.mark.parametrize("make", DEADLY.values(), ids=DEADLY)
def test_a_text_that_ends_the_process_is_refused(make):
    text = make(20_000)
    with pytest.raises(QueryRefusedError):
        check_query(text)
    assert outcome(text).startswith("died"), "the engine bears this now; the limit may be raised"


def test_the_guard_itself_takes_no_more_than_seconds():
    room = 240_000
    texts = [
        "SELECT * {" + "a." * (room // 2),
        "SELECT " + "1" * room,
        "SELECT " + "a-" * (room // 2),
        "SELECT * { VALUES ?x { " + "kz:a\n" * (room // 5) + "} }",
        "SELECT * { VALUES ?x { 'service' " + "1 " * (room // 2) + "} }",
        "SELECT * {'''" + "a'" * (room // 2),
        "SELECT * { ?s <" + "a" * room,
    ]
    for text in texts:
        start = time.process_time()
        with suppress(ValueError):
            check_query(text)
        assert time.process_time() - start < 8, text[:20]
