"""Every saved query against the repository's own graph, and against what would change it.

``<name>/case.toml`` names the parameters for which nothing is to be found
(``[empty]``) and one thing (a relator or a claim) without which the answer to the defaults is
another (``without``). ``<name>/expected.csv`` is the answer to the defaults;
``write_expected.py`` writes it anew, to be read line by line in the diff.
A query whose edge cases the repository does not hold has a small graph of its own.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
)

from kzgraph import resources
from kzgraph.namespaces import XSD, expand, kz, shrink
from kzgraph.queries.catalogue import SavedQuery, check_catalogue, load_catalogue
from kzgraph.queries.parameters import bind, parse_value, written_iri
from kzgraph.snapshot.closing import ClosedGraph, close_graph
from kzgraph.snapshot.sources import read_turtle

HERE = Path(__file__).parent
QUERIES = resources.folder("queries")
ANSWERS = {q.name: q for q in load_catalogue(QUERIES) if not q.is_quality}
CHECKS = {q.name: q for q in load_catalogue(QUERIES) if q.is_quality}
WITH_SMALL_GRAPH = sorted(path.parent.name for path in HERE.glob("*/small.ttl"))

# what the engines do differently, or what makes two runs differ; see the design, section 6
NOT_PORTABLE = re.compile(
    r"\b(NOW|RAND|UUID|STRUUID|BNODE|TZ|TIMEZONE|DESCRIBE|MINUS|GRAPH|SERVICE|GROUP_CONCAT|SAMPLE"
    r"|REGEX|ENCODE_FOR_URI|DATATYPE|BASE|OFFSET)\b"
)
CONTENTS = (kz("content"), kz("proposition"))
NUMBERS = {XSD + kind for kind in ("integer", "decimal", "double", "float")}

Table = tuple[list[str], list[list[str]]]


@cache
def case_of(name: str) -> dict[str, Any]:
    """Return what a query's folder says about it."""
    return tomllib.loads((HERE / name / "case.toml").read_text("utf-8"))


@cache
def triples_of(kind: str) -> tuple[Triple, ...]:
    """Return the triples of the ontology or of the data."""
    root = resources.folder(kind)
    return tuple(
        triple
        for path in resources.turtle_files()
        if path.is_relative_to(root)
        for triple in read_turtle(path)
    )


@cache
def closed() -> ClosedGraph:
    """Return the repository's graph, closed."""
    return close_graph(triples_of("ontology"), triples_of("data"))


# closing takes seconds, so several things are taken away at a time
BATCHES = 8


@cache
def batches() -> list[frozenset[str]]:
    """Return the things that are taken away, in batches."""
    things = sorted({case_of(name)["without"] for name in ANSWERS})
    return [frozenset(things[start::BATCHES]) for start in range(BATCHES)]


def batch_of(name: str) -> int:
    """Return in which batch the thing of a query is."""
    return next(i for i, things in enumerate(batches()) if case_of(name)["without"] in things)


@lru_cache(maxsize=1)
def store_without(batch: int) -> Store:
    """Return the closed graph of a repository that lacks some things and the claims on them."""
    data = triples_of("data")
    gone = {expand(thing) for thing in batches()[batch]}
    missing = gone - {t.subject for t in data}
    assert not missing, f"not in the data: {sorted(map(str, missing))}"
    on_them = {t.subject for t in data if t.predicate in CONTENTS and t.object in gone}
    gone |= on_them
    left = [t for t in data if t.subject not in gone and t.object not in gone]
    return store_of(close_graph(triples_of("ontology"), left, rules=closed().rules))


def store_of(graph: ClosedGraph) -> Store:
    """Return a closed graph as a store with one default graph."""
    store = Store()
    for triples in (graph.asserted, graph.computed, (t for t, _ in graph.closure.inferred)):
        store.bulk_extend(Quad(*t) for t in triples)
    return store


@pytest.fixture(scope="module")
def graph() -> Store:
    """The repository's closed graph, not to be written to."""
    return store_of(closed())


# RDFLib needs minutes and gigabytes for some queries over all of it
NTH = 20


@pytest.fixture(scope="module")
def part(stratify: Any) -> Store:
    """A part of the repository's graph, closed: the article and something of every class."""
    ontology = triples_of("ontology")
    data = stratify(closed(), [], nth=NTH)
    return store_of(close_graph(ontology, data, rules=closed().rules))


@pytest.fixture(scope="module")
def same_part_in_rdflib(part: Store) -> rdflib.Graph:
    """The same part in the second engine."""
    text = part.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    return rdflib.Graph().parse(data=text, format="nt")


def text_of(query: SavedQuery, values: dict[str, str]) -> str:
    """Return a query's text with parameters given as in a header."""
    return bind(
        query,
        {
            name: parse_value(query.params[name], value, lambda text, _: written_iri(text))
            for name, value in values.items()
        },
    )


def plain(term: NamedNode | Literal | BlankNode | Triple | None) -> str:
    """Return a cell as the expected files write it."""
    if term is None:
        return ""
    assert isinstance(term, NamedNode | Literal)
    return shrink(term.value) if isinstance(term, NamedNode) else term.value


def answer(store: Store, query: SavedQuery, **values: str) -> Table:
    """Return a query's columns and rows."""
    found: Any = store.query(text_of(query, values))
    return [v.value for v in found.variables], [[plain(cell) for cell in row] for row in found]


def small_answer(name: str) -> Table:
    """Return a query's answer on the small graph in its folder."""
    data = read_turtle(HERE / name / "small.ttl")
    small = close_graph(triples_of("ontology"), data, rules=closed().rules)
    return answer(store_of(small), ANSWERS[name], **case_of(name).get("small", {}))


def read_table(path: Path) -> Table:
    """Return the columns and rows of an expected file."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return head, rows


def test_the_catalogue_has_no_findings() -> None:
    assert [str(finding) for finding in check_catalogue(QUERIES)] == []


def test_every_query_has_its_case() -> None:
    assert {path.parent.name for path in HERE.glob("*/case.toml")} == set(ANSWERS)
    assert {path.stem for path in HERE.glob("quality/*.ttl")} == set(CHECKS)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_query_gives_the_expected_answer(name: str, graph: Store) -> None:
    expected = read_table(HERE / name / "expected.csv")
    assert expected[1], "an answer for the defaults has rows"
    assert answer(graph, ANSWERS[name]) == expected


@pytest.mark.parametrize("name", [name for name in ANSWERS if ANSWERS[name].params])
def test_a_query_finds_nothing_where_there_is_nothing(name: str, graph: Store) -> None:
    assert answer(graph, ANSWERS[name], **case_of(name)["empty"])[1] == []


@pytest.mark.parametrize("name", sorted(ANSWERS, key=batch_of))
def test_without_one_thing_the_answer_is_another(name: str) -> None:
    without = store_without(batch_of(name))
    assert answer(without, ANSWERS[name]) != read_table(HERE / name / "expected.csv")


@pytest.mark.parametrize("name", WITH_SMALL_GRAPH)
def test_a_query_gives_the_expected_answer_on_a_small_graph(name: str) -> None:
    assert small_answer(name) == read_table(HERE / name / "small.csv")


@pytest.mark.parametrize("name", [*ANSWERS, *CHECKS])
def test_rdflib_gives_the_same_rows(
    name: str, part: Store, same_part_in_rdflib: rdflib.Graph
) -> None:
    query = {**ANSWERS, **CHECKS}[name]
    found: Any = part.query(query.text)
    ours = [[comparable(cell) for cell in row] for row in found]
    theirs = [[comparable(cell) for cell in row] for row in same_part_in_rdflib.query(query.text)]
    if not ours and "GROUP BY" in query.text:
        # where there is nothing to group RDFLib gives a group all the same, with nothing counted
        theirs = [row for row in theirs if None not in row]
    assert ours == theirs


def comparable(term: Any) -> object:
    """Return a cell of either engine by value: numbers as numbers, the rest as written."""
    if term is None:
        return None
    datatype = getattr(getattr(term, "datatype", None), "value", getattr(term, "datatype", None))
    text = getattr(term, "value", term) if isinstance(term, NamedNode | Literal) else str(term)
    return Decimal(text).normalize() if str(datatype) in NUMBERS else text


@pytest.mark.parametrize("name", ANSWERS)
def test_every_row_is_carried_by_a_claim_a_relator_or_an_edge(name: str, graph: Store) -> None:
    query = ANSWERS[name]
    assert query.evidence
    found: Any = graph.query(query.text)
    columns = {v.value for v in found.variables}
    for row in found:
        carried = 0
        # two edges between the same ends are two ways in which the row may come about
        ends = Counter(spec.variables for spec in query.evidence if spec.is_edge)
        for spec in query.evidence:
            if not columns.issuperset(spec.variables):
                carried += 1  # a grouped row, whose pattern is run again
                continue
            first, last = (
                expand(p) if ":" in p else p and row[p] for p in (spec.subject, spec.object)
            )
            if first is None or last is None:
                continue
            if spec.is_edge:
                ways = [(expand(spec.predicate), last)]
            else:
                ways = [(kz("evidence"), None), (kz("supportedBy"), None)]
            holds = any(
                next(graph.quads_for_pattern(first, predicate, end), None)
                for predicate, end in ways
            )
            alternative = spec.is_edge and ends[spec.variables] > 1
            assert holds or alternative, f"nothing carries {spec} in {row}"
            carried += holds
        assert carried, f"nothing carries {row}"


@pytest.mark.parametrize("name", [*ANSWERS, *CHECKS])
def test_a_query_keeps_to_what_every_engine_does_alike(name: str) -> None:
    text = {**ANSWERS, **CHECKS}[name].text
    body = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    assert NOT_PORTABLE.findall(body) == []


def test_no_two_queries_ask_the_same_but_for_a_constant() -> None:
    shapes: dict[str, str] = {}
    for query in [*ANSWERS.values(), *CHECKS.values()]:
        body = query.text.partition("SELECT")[2]
        names = dict.fromkeys(re.findall(r"\?\w+", body))
        for number, variable in enumerate(names):
            body = re.sub(re.escape(variable) + r"\b", f"?{number}", body)
        body = re.sub(r"kz[rv]:[\w-]+|\"[^\"]*\"(\^\^\S+)?|\b\d+\b", "_", body)
        shape = " ".join(body.split())
        assert shape not in shapes, f"{query.name} and {shapes.get(shape)} have one shape"
        shapes[shape] = query.name


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_finds_nothing_in_the_graph(name: str, graph: Store) -> None:
    assert answer(graph, CHECKS[name])[1] == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_finds_what_is_wrong(name: str) -> None:
    bad = Store()
    bad.extend(Quad(*triple) for triple in read_turtle(HERE / "quality" / f"{name}.ttl"))
    assert answer(bad, CHECKS[name])[1] != []
