"""Running queries: forms of results, limits, and a worker that can be killed."""

from __future__ import annotations

import time

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kzgraph.errors import LimitError, QueryRefusedError, SourceSyntaxError
from kzgraph.queries.run import run, run_foreign, run_in_worker

EX = "http://example.org/"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "store"
    store = Store(str(path))
    store.extend(
        Quad(NamedNode(f"{EX}{i}"), NamedNode(EX + "p"), Literal(str(i))) for i in range(400)
    )
    store.flush()
    return path


@pytest.fixture
def store(place):
    return Store.read_only(str(place))


def test_a_select_gives_columns_rows_and_whether_there_are_more(store):
    rows = run(store, "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s", max_rows=10)
    assert rows.columns == ("s", "o")
    assert (len(rows.rows), rows.truncated) == (10, True)
    assert run(store, "SELECT ?s { ?s ?p '3' }", max_rows=10).truncated is False


def test_ask_and_construct_have_forms_of_their_own(store):
    asked = run(store, "ASK { ?s ?p '3' }")
    assert (asked.kind, asked.rows[0][0].value) == ("answer", "true")
    built = run(store, "CONSTRUCT { ?s a ?s } WHERE { ?s ?p '3' }")
    assert built.kind == "triples"
    assert len(built.triples()) == 1


def test_a_deadline_is_seen_between_rows(store):
    with pytest.raises(LimitError):
        run(store, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", deadline=0.2)


def test_foreign_text_is_refused_before_the_engine_sees_it(store):
    with pytest.raises(QueryRefusedError):
        run_foreign(store, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    with pytest.raises(SourceSyntaxError):
        run_foreign(store, "SELECT * { ?s ?p")


def test_a_worker_gives_the_same_rows(place, store):
    text = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
    assert run_in_worker(place, text, 30).rows == run(store, text).rows


def test_a_worker_that_runs_away_is_ended_and_this_process_lives(place):
    product = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(5))
    started = time.monotonic()
    with pytest.raises(LimitError):
        run_in_worker(place, f"SELECT (COUNT(*) AS ?n) {{ {product} }}", 1)
    assert time.monotonic() - started < 20


def test_a_worker_passes_on_what_is_wrong_with_a_query(place):
    with pytest.raises(QueryRefusedError):
        run_in_worker(place, "DELETE WHERE { ?s ?p ?o }", 10)
    with pytest.raises(SourceSyntaxError) as caught:
        run_in_worker(place, "SELECT * {\n ?s ?p }", 10)
    assert caught.value.line == 2
