"""Which relators count: the gate and the policy best."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import Triple

from kzgraph.claims.gate import apply_policy, claim_defaults, rank_of
from kzgraph.claims.slots import Slots
from kzgraph.errors import UnknownNameError
from kzgraph.namespaces import RDF_TYPE, kz, kzr, kzv
from kzgraph.store.memory import TripleIndex

from .conftest import claim

MEMBER = "kzr:{0} a kz:Membership ; kz:memberState kzr:kaz ; kz:organisation kzr:o ; {1} .\n"


def member(name: str, time: str = "") -> str:
    """Return the Turtle of a membership of one state in one organisation."""
    return MEMBER.format(name, time)


def interval(text: str) -> str:
    """Return an interval's Turtle."""
    return f'kz:interval "{text}"^^edtf:EDTF'


def test_a_relator_counts_when_an_accepted_claim_asserts_it(facts: Any) -> None:
    assert facts(member("m") + claim("s-c1", "m")) == {"m"}


def test_a_relator_that_nobody_claims_does_not_count(close: Any) -> None:
    closed = close(member("m"))
    assert closed.gate.facts == frozenset()
    assert closed.gate.withheld == {kzr("m"): "no accepted claim asserts it"}
    assert not [t for t, _ in closed.closure.inferred if t.predicate == kz("memberOf")]


@pytest.mark.parametrize("review", ["proposed", "rejected", "superseded"])
def test_a_claim_that_is_not_accepted_carries_nothing(review: str, close: Any) -> None:
    closed = close(member("m") + claim("s-c1", "m", review=review))
    assert closed.gate.facts == frozenset()
    assert closed.gate.supported_by == []


def test_one_accepted_claim_among_others_is_enough(close: Any) -> None:
    closed = close(
        member("m") + claim("s-c1", "m", review="rejected") + claim("s-c2", "m", review="accepted")
    )
    assert closed.gate.facts == {kzr("m")}
    assert closed.gate.supported_by == [Triple(kzr("m"), kz("supportedBy"), kzr("s-c2"))]


def test_a_deprecated_relator_stays_in_the_data_and_out_of_inference(close: Any) -> None:
    closed = close(member("m") + claim("s-c1", "m", rank="deprecated"))
    assert closed.gate.withheld == {kzr("m"): "the claim for it is deprecated"}
    assert Triple(kzr("m"), kz("memberState"), kzr("kaz")) in closed.asserted
    assert not [t for t, _ in closed.closure.inferred if t.subject == kzr("kaz")]


def test_a_relator_with_a_deprecated_and_a_normal_claim_counts(facts: Any) -> None:
    text = member("m") + claim("s-c1", "m", rank="deprecated") + claim("s-c2", "m")
    assert facts(text) == {"m"}


def test_a_preferred_relator_keeps_a_normal_one_of_the_same_time_out(close: Any) -> None:
    closed = close(
        member("old", interval("2010/2020")) + claim("s-c1", "old")
        + member("new", interval("2015/..")) + claim("t-c1", "new", rank="preferred")
    )  # fmt: skip
    assert closed.gate.facts == {kzr("new")}
    assert closed.gate.withheld == {kzr("old"): f"{kzr('new').value} is preferred"}


def test_a_preferred_relator_leaves_one_of_another_time_alone(facts: Any) -> None:
    text = (
        member("old", interval("1992/1998")) + claim("s-c1", "old")
        + member("new", interval("2003/..")) + claim("t-c1", "new", rank="preferred")
    )  # fmt: skip
    assert facts(text) == {"old", "new"}


def test_a_preferred_relator_leaves_one_of_another_slot_alone(facts: Any) -> None:
    text = (
        member("m") + claim("s-c1", "m")
        + "kzr:n a kz:Membership ; kz:memberState kzr:rus ; kz:organisation kzr:o .\n"
        + claim("t-c1", "n", rank="preferred")
    )  # fmt: skip
    assert facts(text) == {"m", "n"}


def test_two_preferred_relators_stand_side_by_side(facts: Any) -> None:
    text = (
        member("m", interval("2010/..")) + claim("s-c1", "m", rank="preferred")
        + member("n", interval("2011/..")) + claim("t-c1", "n", rank="preferred")
    )  # fmt: skip
    assert facts(text) == {"m", "n"}


def test_a_preferred_claim_that_is_not_accepted_outranks_nothing(facts: Any) -> None:
    text = (
        member("m") + claim("s-c1", "m")
        + member("n") + claim("t-c1", "n", rank="preferred", review="proposed")
    )  # fmt: skip
    assert facts(text) == {"m"}


def test_a_preferred_day_outranks_another_day_of_the_same_event(facts: Any) -> None:
    launch = 'kzr:{0} a kz:Launch ; kz:launched kzr:sputnik ; kz:date "{1}"^^edtf:EDTF .\n'
    text = (
        launch.format("right", "1957-10-04") + claim("s-c1", "right", rank="preferred")
        + launch.format("wrong", "1959") + claim("t-c1", "wrong")
    )  # fmt: skip
    assert facts(text) == {"right"}


def test_an_event_without_a_day_is_no_rival_of_the_preferred_day(facts: Any) -> None:
    text = (
        'kzr:dated a kz:Launch ; kz:launched kzr:sputnik ; kz:date "1957-10-04"^^edtf:EDTF .\n'
        + claim("s-c1", "dated", rank="preferred")
        + "kzr:undated a kz:Launch ; kz:launched kzr:sputnik ; kz:leavesOpen kz:date .\n"
        + claim("t-c1", "undated")
    )
    assert facts(text) == {"dated", "undated"}


def test_a_claim_gets_the_defaults_that_it_leaves_out(turtle: Any) -> None:
    graph = TripleIndex(
        turtle("kzr:c a kz:Claim . kzr:d a kz:Claim ; kz:claimRank kzv:rank-preferred .")
    )
    found = {(t.subject, t.predicate, t.object) for t in claim_defaults(graph)}
    manual, factual = kzv("extraction-manual"), kzv("modality-factual")
    assert found == {
        (kzr("c"), kz("claimRank"), kzv("rank-normal")),
        (kzr("c"), kz("modality"), factual),
        (kzr("c"), kz("extraction"), manual),
        (kzr("d"), kz("modality"), factual),
        (kzr("d"), kz("extraction"), manual),
    }


def test_the_best_rank_of_several_claims_counts(turtle: Any) -> None:
    graph = TripleIndex(
        turtle(
            """kzr:a kz:claimRank kzv:rank-deprecated . kzr:b kz:claimRank kzv:rank-preferred .
            kzr:c a kz:Claim ."""
        )
    )
    assert rank_of(graph, [kzr("a")]) == kzv("rank-deprecated")
    assert rank_of(graph, [kzr("a"), kzr("c")]) == kzv("rank-normal")
    assert rank_of(graph, [kzr("c"), kzr("a"), kzr("b")]) == kzv("rank-preferred")


def test_a_policy_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnknownNameError, match="there is no policy 'beste'") as caught:
        apply_policy(TripleIndex(), [], Slots({}, {}, {}), policy="beste")
    assert caught.value.nearest == ["best"]


def test_the_facts_are_marked_and_nothing_else(close: Any) -> None:
    closed = close(member("m") + claim("s-c1", "m") + member("n"))
    marked = [t.subject for t in closed.computed if t.object == kz("Fact")]
    assert marked == [kzr("m")]


def test_a_relator_of_two_classes_needs_a_claim_all_the_same(close: Any) -> None:
    closed = close(
        "kzr:m a kz:Membership , kz:Claim ; kz:memberState kzr:a ; kz:organisation kzr:o ."
    )
    assert closed.gate.facts == frozenset()
    assert not [t for t, _ in closed.closure.inferred if t.predicate == kz("memberOf")]


def test_a_class_of_the_reader_s_own_under_a_relator_is_gated_too(graph: Any, turtle: Any) -> None:
    from kzgraph.snapshot.closing import close_graph

    own = turtle("kzr:Own rdfs:subClassOf kz:Membership .")
    data = turtle("kzr:m a kzr:Own ; kz:memberState kzr:a ; kz:organisation kzr:o .")
    closed = close_graph([*graph.ontology, *own], data)
    assert closed.gate.withheld == {kzr("m"): "no accepted claim asserts it"}
    assert Triple(kzr("m"), RDF_TYPE, kz("Fact")) not in closed.computed
