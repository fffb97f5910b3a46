"""Slots: which relators answer the same question of fact."""

from __future__ import annotations

from typing import Any

import pytest

from kzgraph.claims.slots import span_of
from kzgraph.namespaces import kzr
from kzgraph.store.memory import TripleIndex


def interval(text: str) -> str:
    """Return an interval's Turtle."""
    return f'kz:interval "{text}"^^edtf:EDTF'


def same(close: Any, first: str, second: str) -> bool:
    """Return whether relators a and b, so written, share a slot."""
    slots = close(f"kzr:a {first} .\nkzr:b {second} .\n").slots.of
    a, b = slots.get(kzr("a")), slots.get(kzr("b"))
    return a is not None and a == b


def slot(close: Any, text: str) -> object:
    """Return the slot of relator a, so written."""
    return close(f"kzr:a {text} .").slots.of.get(kzr("a"))


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("kzr:kaz", "kzr:kaz", True),
        ("kzr:kaz", "kzr:rus", False),
    ],
)
def test_equal_values_of_identifying_properties_share_a_slot(
    first: str, second: str, shared: bool, close: Any
) -> None:
    text = "a kz:Membership ; kz:organisation kzr:o ; kz:memberState {0}"
    assert same(close, text.format(first), text.format(second)) is shared


def test_a_member_and_an_observer_answer_different_questions(close: Any) -> None:
    text = "a kz:Membership ; kz:organisation kzr:o ; kz:{0} kzr:kaz"
    assert not same(close, text.format("memberState"), text.format("observerState"))


def test_what_does_not_identify_makes_no_difference(close: Any) -> None:
    first = "a kz:Holding ; kz:holder kzr:h ; kz:issuer kzr:i ; kz:share 25.0"
    second = (
        "a kz:Holding ; kz:holder kzr:h ; kz:issuer kzr:i ; kz:shareMin 20.0 ; kz:shareMax 30.0"
    )
    assert same(close, first, second)


def test_relators_of_two_classes_do_not_share_a_slot(close: Any) -> None:
    first = 'a kz:Meeting ; kz:participant kzr:x ; kz:date "2023"^^edtf:EDTF'
    second = 'a kz:PressConference ; kz:participant kzr:x ; kz:date "2023"^^edtf:EDTF'
    assert not same(close, first, second)


def test_an_absent_optional_key_means_none(close: Any) -> None:
    text = (
        "a kz:Figure ; kz:about kzr:kaz ; kz:indicator kzv:indicator-reserves ; kz:unit unit:TONNE"
    )
    assert same(close, text, text)
    assert not same(close, text, f"{text} ; kz:resource kzr:resource-uranium")


def test_a_key_that_is_left_open_gives_no_slot(close: Any) -> None:
    known = "a kz:Ratification ; kz:ofTreaty kzr:t ; kz:ratifyingParty kzr:kaz"
    assert slot(close, known) is not None
    open_ = "a kz:Ratification ; kz:ofTreaty kzr:t ; kz:leavesOpen kz:ratifyingParty"
    assert slot(close, open_) is None
    assert not same(close, open_, open_)


def test_a_time_that_is_left_open_keeps_the_slot(close: Any) -> None:
    first = "a kz:Launch ; kz:launched kzr:s ; kz:leavesOpen kz:date"
    second = 'a kz:Launch ; kz:launched kzr:s ; kz:date "1957"^^edtf:EDTF'
    assert same(close, first, second)


def test_something_else_that_is_left_open_keeps_the_slot(close: Any) -> None:
    first = "a kz:Extension ; kz:ofTreaty kzr:t ; kz:leavesOpen kz:extendedBy"
    second = "a kz:Extension ; kz:ofTreaty kzr:t ; kz:extendedBy kzr:kaz"
    assert same(close, first, second)


def test_several_values_compare_as_a_set(close: Any) -> None:
    text = "a kz:Figure ; kz:indicator kzv:indicator-border-length ; kz:unit unit:KiloM ; {0}"
    both = text.format("kz:about kzr:kaz , kzr:rus")
    assert same(close, both, text.format("kz:about kzr:rus , kzr:kaz"))
    assert not same(close, both, text.format("kz:about kzr:kaz"))


def test_a_name_is_told_from_the_same_letters_in_another_language(close: Any) -> None:
    text = 'a kz:NameUse ; kz:named kzr:city ; kz:nameText "Astana"@{0}'
    assert same(close, text.format("de"), text.format("de"))
    assert not same(close, text.format("de"), text.format("en"))


def test_a_relator_of_which_nothing_identifying_is_known_has_no_slot(close: Any) -> None:
    assert slot(close, "a kz:Holding ; kz:share 10.0") is None


def test_a_relator_whose_class_names_nothing_identifying_has_no_slot(close: Any) -> None:
    assert slot(close, "a kz:Event ; kz:participant kzr:x") is None


def test_a_class_without_keys_of_its_own_takes_those_of_the_wider_one(
    graph: Any, turtle: Any
) -> None:
    from kzgraph.snapshot.closing import close_graph

    own = turtle("kzr:Own rdfs:subClassOf kz:Membership .")
    text = "kzr:a a kzr:Own ; kz:memberState kzr:kaz ; kz:organisation kzr:o ."
    narrow = close_graph([*graph.ontology, *own], turtle(text)).slots.of[kzr("a")]
    wide = close_graph(graph.ontology, turtle(text.replace("kzr:Own", "kz:Membership")))
    assert narrow == wide.slots.of[kzr("a")]


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("1992/1998", "2003/..", False),
        ("1992/2003", "2003/..", True),
        ("../2003-05", "2003-06/..", False),
        ("1992/..", "1999/2001", True),
    ],
)
def test_times_compare_by_overlap(first: str, second: str, overlap: bool, close: Any) -> None:
    text = "kzr:{0} a kz:Membership ; kz:memberState kzr:k ; kz:organisation kzr:o ; {1} .\n"
    slots = close(text.format("a", interval(first)) + text.format("b", interval(second))).slots
    assert slots.of[kzr("a")] == slots.of[kzr("b")]
    assert slots.overlap(kzr("a"), kzr("b")) is overlap
    assert slots.overlap(kzr("b"), kzr("a")) is overlap


def test_what_holds_on_a_day_may_hold_at_any_time(close: Any) -> None:
    text = "kzr:{0} a kz:Membership ; kz:memberState kzr:k ; kz:organisation kzr:o ; {1} .\n"
    slots = close(
        text.format("a", 'kz:heldAt "2023-02-28"^^edtf:EDTF')
        + text.format("b", 'kz:interval "1992/1998"^^edtf:EDTF')
    ).slots
    assert slots.overlap(kzr("a"), kzr("b"))


def test_two_days_of_one_launch_meet_and_two_days_of_two_meetings_do_not(close: Any) -> None:
    launch = 'kzr:{0} a kz:Launch ; kz:launched kzr:s ; kz:date "{1}"^^edtf:EDTF .\n'
    slots = close(launch.format("a", "1957") + launch.format("b", "1959")).slots
    assert slots.overlap(kzr("a"), kzr("b"))
    meeting = 'kzr:{0} a kz:Meeting ; kz:participant kzr:x , kzr:y ; kz:date "{1}"^^edtf:EDTF .\n'
    slots = close(meeting.format("a", "2022") + meeting.format("b", "2023")).slots
    assert slots.of[kzr("a")] == slots.of[kzr("b")]
    assert not slots.overlap(kzr("a"), kzr("b"))


def test_an_unknown_time_may_be_any(turtle: Any) -> None:
    assert span_of(TripleIndex(), kzr("a")) == ("0000-01-01", "9999-12-31")
    index = TripleIndex(turtle('kzr:a kz:beginEarliest "1991-01-01"^^xsd:date .'))
    assert span_of(index, kzr("a")) == ("1991-01-01", "9999-12-31")


def test_a_slot_s_name_does_not_depend_on_the_order_of_the_files(graph: Any, turtle: Any) -> None:
    from kzgraph.snapshot.closing import close_graph

    backwards = close_graph(
        list(reversed(graph.ontology)), list(reversed(graph.data)), rules=graph.closed.rules
    )
    assert backwards.slots.of == graph.closed.slots.of
    assert backwards.gate == graph.closed.gate or backwards.gate.facts == graph.closed.gate.facts


def test_the_repository_s_sources_meet_in_slots(graph: Any) -> None:
    shared = [members for members in graph.closed.slots.members.values() if len(members) > 1]
    assert len(shared) >= 20
