"""A proof in readable form: as text, as data, as a drawing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pyoxigraph import NamedNode, Triple

from kzgraph.claims.evidence import EvidenceReader
from kzgraph.claims.explanation import Explanation, explain, to_dot
from kzgraph.namespaces import RDF_TYPE, RDFS, kz, kzr, shrink
from kzgraph.reasoning.closure import Closure
from kzgraph.reasoning.proofs import prove
from kzgraph.store.memory import TripleIndex


class Rounds:
    """A closed graph as a prover wants it."""

    def __init__(self, repository: Any) -> None:
        closed = repository.closed
        self._closure: Closure = closed.closure
        self._rounds = dict(closed.closure.inferred)
        self._withheld = closed.gate.withheld
        self._asserted: TripleIndex = closed.asserted
        self._store = repository.store

    def match(self, subject: Any, predicate: Any, value: Any, /) -> Any:
        return self._store.match(subject, predicate, value)

    def round_of(self, triple: Triple, /) -> int | None:
        if triple in self._rounds:
            return int(self._rounds[triple])
        if triple.subject in self._withheld:
            return None
        return 0 if triple in self._asserted else None


@pytest.fixture(scope="module")
def explained(graph: Any) -> Any:
    """Explain a statement of the repository's graph."""
    source = Rounds(graph)

    def make(subject: NamedNode, predicate: NamedNode, value: NamedNode) -> Explanation:
        proof = prove(source, graph.closed.rules, Triple(subject, predicate, value))
        reader = EvidenceReader(graph.store, languages=("en", "de"))
        return explain(proof, reader, lambda t: f"file.ttl:{len(shrink(t.predicate.value))}")

    return make


@pytest.fixture(scope="module")
def member(explained: Any) -> Explanation:
    """Why Kazakhstan is a member of the EAEU."""
    found: Explanation = explained(kzr("country-kaz"), kz("memberOf"), kzr("org-eaeu"))
    return found


def leaves(step: Explanation) -> list[Explanation]:
    """Return the leaves of a proof."""
    return [x for p in step.premises for x in leaves(p)] if step.premises else [step]


def test_an_inferred_edge_names_its_rule_and_axiom(member: Explanation) -> None:
    assert (member.kind, member.rule) == ("inferred", "prp-spo2")
    assert member.axioms[0].startswith("kz:memberOf owl:propertyChainAxiom")
    assert "[file.ttl:" in member.axioms[0]
    assert member.sentence() == "Kazakhstan  member of  Eurasian Economic Union"


def test_the_leaves_of_a_membership_are_claims_with_passages(member: Explanation) -> None:
    for leaf in leaves(member):
        assert leaf.kind == "claims"
        assert leaf.claims
        assert all(c.passages for c in leaf.claims)
        assert leaf.place


def test_a_claim_that_two_leaves_rest_on_is_told_once(member: Explanation) -> None:
    assert len(leaves(member)) == 2
    assert len(member.claims_below()) == 1
    text = "\n".join(member.lines())
    assert text.count(member.claims_below()[0].id) == 1
    assert text.count("(1)") == 3  # at two leaves, and before the claim


def test_a_leaf_that_is_an_entry_of_the_catalogue_says_so(explained: Any) -> None:
    step = explained(kzr("country-kaz"), RDF_TYPE, kz("State"))
    assert step.kind == "description"
    assert "not claimed by a source" in step.lines()[0]
    assert step.claims == ()


def test_a_leaf_that_is_an_axiom_says_so(explained: Any) -> None:
    step = explained(kz("State"), NamedNode(RDFS + "subClassOf"), kz("Agent"))
    assert step.kind == "axiom"
    assert step.lines()[0].endswith("(ontology)  file.ttl:15")


def test_a_wider_class_rests_on_a_description_and_a_named_axiom(explained: Any) -> None:
    step = explained(kzr("country-kaz"), RDF_TYPE, kz("Agent"))
    assert step.kind == "inferred"
    assert step.sentence() == "Kazakhstan  is a  agent"
    assert any(leaf.kind == "description" for leaf in leaves(step))


def test_the_tree_of_a_proof_is_drawn_with_every_line_under_its_parent(
    member: Explanation,
) -> None:
    lines = member.lines()
    assert lines[0] == member.sentence()
    assert lines[1] == "│  prp-spo2, property chain"
    tree = [line for line in lines if re.match(r"[│├└ ]", line) and "[kzr:said" not in line]
    assert any(line.startswith("├─ ") for line in tree)
    assert any(line.startswith("└─ ") for line in tree)


def test_as_json_a_proof_has_the_same_leaves(member: Explanation) -> None:
    data = json.loads(json.dumps(member.to_json()))
    assert data["kind"] == "inferred"
    assert data["subject"] == {"id": "kzr:country-kaz", "label": "Kazakhstan"}
    assert "place" not in data

    def kinds(step: dict[str, Any]) -> list[str]:
        return [k for p in step.get("premises", ()) for k in kinds(p)] or [step["kind"]]

    assert kinds(data) == [leaf.kind for leaf in leaves(member)]


def test_as_dot_every_edge_joins_nodes_that_are_drawn(member: Explanation) -> None:
    dot = to_dot(member)
    assert dot.startswith("digraph proof {") and dot.endswith("}\n")
    drawn = set(re.findall(r"^  (\w+) \[", dot, re.M))
    for start, end in re.findall(r"^  (\w+) -> (\w+)", dot, re.M):
        assert {start, end} <= drawn
    assert dot.count("shape=note") == len({c.id for c in member.claims_below()})


def test_as_dot_quotation_marks_and_line_ends_do_not_break_a_label() -> None:
    from kzgraph.claims.evidence import Named

    step = Explanation(
        "description", Named("kzr:a", 'a "b" \\ c'), Named("kz:p", "p\nq"), Named("kzr:c", "c")
    )
    (label,) = re.findall(r"n0 \[label=(.*)\];", to_dot(step))
    assert label == '"a \\"b\\" \\\\ c  p\\nq  c"'


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        ("country-rus", "memberOf", "org-eaeu"),
        ("country-rus", "borders", "country-kaz"),
        ("person-tokayev", "holdsOffice", "office-president-kaz"),
        ("company-rosatom", "ownsShareOf", "company-uranium-one"),
        ("country-rus", "leases", "facility-baikonur"),
        ("org-eaeu", "hasMember", "country-kaz"),
        ("person-blinken", "takesPartIn", "event-2023-press-conference-astana"),
        ("country-sun", "hasLaunched", "artefact-sputnik-1"),
    ],
)
def test_every_edge_rests_on_claims_in_the_end(
    subject: str, predicate: str, value: str, explained: Any
) -> None:
    step = explained(kzr(subject), kz(predicate), kzr(value))
    assert step.claims_below()
    assert {leaf.kind for leaf in leaves(step)} <= {"claims", "axiom", "description"}
