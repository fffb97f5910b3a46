"""Questions against the saved queries and the things of the repository itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pyoxigraph
import pytest

from kzgraph.errors import NotUnderstoodError
from kzgraph.knowledge import name_entries
from kzgraph.queries.ask import understand
from kzgraph.queries.catalogue import load_catalogue
from kzgraph.queries.names import NameIndex, write_names
from kzgraph.resources import folder, turtle_files
from kzgraph.store.memory import TripleIndex

CASES = (Path(__file__).parent / "ask" / "catalogue.tsv").read_text(encoding="utf-8")
QUERIES = [query for query in load_catalogue(folder("queries")) if not query.is_quality]


@pytest.fixture(scope="module")
def names():
    triples = {
        quad.triple
        for path in turtle_files()
        for quad in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
    }
    connection = sqlite3.connect(":memory:")
    write_names(connection, name_entries(TripleIndex(triples)))
    return NameIndex(connection)


def _cases(section):
    """Return the lines below each heading of that name, which may go on with a colon."""
    parts = [part.partition("\n") for part in f"\n{CASES}".split("\n# ")]
    return [
        line.split("\t")
        for heading, _, lines in parts
        if heading.partition(":")[0] == section
        for line in lines.splitlines()
        if line
    ]


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_saved_question_is_understood_as_itself(query, lang, names):
    question, expected = query.questions[lang], {}
    for name, param in query.params.items():
        if "{" + name + "}" in question and param.default is not None:
            expected[name] = str(param.default)
            found = names.lookup(expected[name], lang=lang) if param.type == "iri" else []
            label = found[0].label if found else expected[name]
            question = question.replace("{" + name + "}", label)
    understood = understand(question, QUERIES, names)
    assert understood.query.name == query.name
    assert understood.parameters == expected


@pytest.mark.parametrize(("question", "query", "parameters"), _cases("understood"))
def test_paraphrase_is_understood(question, query, parameters, names):
    understood = understand(question, QUERIES, names)
    found = {k: v.removeprefix("kzr:") for k, v in understood.parameters.items()}
    assert understood.query.name == query
    assert found == dict(pair.split("=") for pair in parameters.split())


@pytest.mark.parametrize(("question",), _cases("not understood"))
def test_near_miss_is_not_understood(question, names):
    with pytest.raises(NotUnderstoodError) as caught:
        understand(question, QUERIES, names)
    assert len(caught.value.nearest) >= 2
