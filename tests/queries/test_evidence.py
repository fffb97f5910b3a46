"""Every row of every saved question leads to claims, and from there to passages."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Store

import kzgraph
from kzgraph.errors import SourceSyntaxError
from kzgraph.namespaces import expand
from kzgraph.queries.pattern import pattern_query

GROUPED = """\
PREFIX ex: <http://example.org/>
# a } and a SELECT in a comment
SELECT ?state (COUNT(DISTINCT ?treaty) AS ?treaties) ("}" AS ?brace)
WHERE {
  VALUES ?kind { ex:signed }
  { SELECT DISTINCT ?state ?treaty ?kind { ?state ?kind ?treaty } }
  BIND (STR(?treaty) AS ?text)
}
GROUP BY ?state
HAVING (COUNT(DISTINCT ?treaty) > 1)
ORDER BY ?state
"""


@pytest.fixture(scope="module")
def graph():
    return kzgraph.open(in_command=True)


def passages(part):
    if part["kind"] == "node":
        return [p for claim in part["claims"] for p in claim["passages"]]
    found, waiting = [], [part["proof"]]
    while waiting:
        step = waiting.pop()
        found += [p for claim in step.get("claims", []) for p in claim["passages"]]
        waiting += step.get("premises", [])
    return found


def test_every_row_of_every_question_leads_to_a_passage(graph):
    bare = []
    rows = 0
    for query in graph.catalogue:
        if query.is_quality:
            continue
        answer = graph.query(query.name, evidence=True)
        assert len(answer.evidence) == len(answer.rows)
        for row, parts in zip(answer.rows, answer.evidence, strict=True):
            rows += 1
            if not any(passages(part.to_json()) for part in parts):
                bare.append((query.name, [answer.name_of(cell) for cell in row]))
    assert rows > 200
    # that nobody asserts it is an answer too, and nothing stands behind nothing
    assert [b for b in bare if "0" not in b[1]] == []


def test_a_count_is_followed_to_the_things_that_were_counted(graph):
    answer = graph.query("treaty-partners", evidence=True)
    for row, parts in zip(answer.rows, answer.evidence, strict=True):
        treaties = {
            part.to_json()["proof"]["object"]["id"]
            for part in parts
            if part.to_json()["kind"] == "edge"
        }
        # at most fifty are shown behind one row
        assert len(treaties) == min(int(row[-1].value), 50)


def test_the_pattern_gives_what_a_row_counted_whatever_stands_in_comments_and_strings():
    store = Store()
    ex = "http://example.org/"
    store.update(
        f"PREFIX ex: <{ex}> INSERT DATA {{ ex:a ex:signed ex:x , ex:y . ex:b ex:signed ex:z }}"
    )
    row = {"state": NamedNode(ex + "a"), "treaties": Literal(2), "brace": Literal("}")}
    found = store.query(pattern_query(GROUPED, ["treaty"], row))
    assert [solution["treaty"] for solution in found] == [NamedNode(ex + "x"), NamedNode(ex + "y")]


def test_an_edge_that_follows_in_several_ways_shows_them_all(graph):
    evidence = graph.explain("Kazakhstan", "memberOf", "EAEU", every=True)
    assert evidence.total == 1 + len(evidence.others) > 1
    claimants = {
        claim.claimant.id
        for proof in (evidence.proof, *evidence.others)
        for claim in proof.claims_below()
    }
    assert "kzr:person-tleuberdi" in claimants
    assert evidence.proof.object.id == "kzr:org-eaeu"
    assert expand(evidence.proof.object.id).value.endswith("org-eaeu")


def test_a_misspelt_term_is_named_and_not_answered_with_no_rows(graph):
    with pytest.raises(SourceSyntaxError, match="kz:memberof is not in the graph") as caught:
        graph.sparql("SELECT ?x {\n  ?x kz:memberof ?o\n}")
    assert (caught.value.line, caught.value.column) == (2, 6)
    assert "kz:memberOf" in caught.value.hint
