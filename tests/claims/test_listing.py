"""Who says what: claims by stance, thing and claimant."""

from __future__ import annotations

from typing import Any

import pytest

from kzgraph.claims.evidence import EvidenceReader
from kzgraph.claims.listing import list_claims, stances
from kzgraph.errors import UnknownNameError
from kzgraph.namespaces import kzr


@pytest.fixture(scope="module")
def reader(graph: Any) -> EvidenceReader:
    """Read the repository's graph."""
    return EvidenceReader(graph.store)


def test_the_stances_are_those_of_the_vocabulary(reader: EvidenceReader) -> None:
    assert stances(reader.store) == [
        "asks", "asserts", "demands", "denies", "evaluates", "fears", "hopes", "intends",
        "orders", "predicts", "promises", "refuses-to-recognise", "warns",
    ]  # fmt: skip


def test_claims_can_be_picked_by_stance(reader: EvidenceReader) -> None:
    found = list_claims(reader, stance="denies")
    assert len(found) >= 4
    assert {c.stance.id for c in found} == {"kzv:stance-denies"}


def test_claims_can_be_picked_by_claimant(reader: EvidenceReader) -> None:
    found = list_claims(reader, by=kzr("person-tleuberdi"))
    assert {c.claimant.id for c in found} == {"kzr:person-tleuberdi"}
    assert {c.stance.id for c in found} >= {"kzv:stance-asserts", "kzv:stance-denies"}


def test_claims_can_be_picked_by_what_they_are_about(reader: EvidenceReader) -> None:
    found = list_claims(reader, about=kzr("territory-crimea"))
    assert found
    assert any(c.stance.id == "kzv:stance-refuses-to-recognise" for c in found)


def test_a_claim_is_about_the_relator_that_it_asserts(reader: EvidenceReader) -> None:
    found = list_claims(reader, about=kzr("membership-kaz-eaeu-said-rn2023"))
    assert "kzr:said-rn2023-p03-s02-c1" in [c.id for c in found]


def test_several_conditions_hold_together(reader: EvidenceReader) -> None:
    found = list_claims(reader, stance="asserts", about=kzr("org-eaeu"), by=kzr("person-tleuberdi"))
    assert [c.id for c in found] == ["kzr:said-rn2023-p03-s02-c1"]


def test_claims_come_in_the_order_in_which_they_are_said(reader: EvidenceReader) -> None:
    found = [c.id for c in list_claims(reader) if c.id.startswith("kzr:said-rn2023-p15-s01-")]
    assert found == [f"kzr:said-rn2023-p15-s01-c{n}" for n in range(1, 12)]


def test_a_stance_that_is_not_there_is_named_with_the_others(reader: EvidenceReader) -> None:
    with pytest.raises(UnknownNameError, match="there is no stance 'deny'") as caught:
        list_claims(reader, stance="deny")
    assert "denies" in caught.value.hint
    assert caught.value.nearest[0] == "denies"


def test_nothing_to_list_is_an_empty_list(reader: EvidenceReader) -> None:
    assert list_claims(reader, by=kzr("country-kgz")) == []
