"""The numbers of ``kzgraph stats`` are those that another way of counting gives."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from pyoxigraph import Literal

from kzgraph.claims.conflicts import conflicts
from kzgraph.claims.evidence import EvidenceReader
from kzgraph.claims.statistics import Statistics, statistics
from kzgraph.namespaces import KZ, PREF_LABEL, RDF_TYPE, kz


@pytest.fixture(scope="module")
def counted(graph: Any) -> Statistics:
    return statistics(graph.store, conflicts(EvidenceReader(graph.store)))


def test_classes_are_counted_as_the_files_name_them(graph: Any, counted: Statistics) -> None:
    asserted = Counter(o.value.removeprefix(KZ) for _, o in graph.closed.asserted.pairs(RDF_TYPE))
    for name, count in {**counted.things, **counted.relators}.items():
        assert count == asserted[name], name
    assert counted.totals["claims"] == asserted["Claim"]
    assert counted.totals["facts"] == len(graph.closed.gate.facts)


def test_shares_of_labels_are_counted_over_things_with_a_name(
    graph: Any, counted: Statistics
) -> None:
    sources = set(graph.closed.asserted.subjects_of(RDF_TYPE, kz("SourceDocument")))
    named = {
        s
        for s, o in graph.closed.asserted.pairs(PREF_LABEL)
        if isinstance(o, Literal) and o.language == "kk" and s not in sources
    }
    entities = counted.totals["things"]
    assert counted.labels["kk"] == pytest.approx(len(named & things(graph)) / entities)


def things(graph: Any) -> set[Any]:
    return set(graph.everything.subjects_of(RDF_TYPE, kz("Entity")))


def test_one_mirror_more_is_no_voice_more(closed_store: Any) -> None:
    text = """
    kzr:m a kz:Membership ; kz:memberState kzr:a ; kz:organisation kzr:o ; kz:heldAt "2001"^^edtf:EDTF .
    kzr:n a kz:Membership ; kz:memberState kzr:a ; kz:organisation kzr:o ; kz:heldAt "2002"^^edtf:EDTF .
    """
    for name, relator in (("x", "m"), ("y", "n")):
        text += f"""
        kzr:source-{name} a kz:SourceDocument ; kz:publisher kzr:org-{name} .
        kzr:said-{name} a kz:Passage ; kz:inSource kzr:source-{name} .
        kzr:said-{name}-c1 a kz:Claim ; kz:content kzr:{relator} ; kz:evidence kzr:said-{name} ;
            kz:stance kzv:stance-asserts ; kz:reviewState kzv:review-accepted .
        """
    two = statistics(closed_store(text), [])
    one = statistics(closed_store(text + "kzr:source-y kz:mirrorOf kzr:source-x ."), [])
    assert (two.origins["2"], two.origins["1"]) == (1, 0)
    assert (one.origins["2"], one.origins["1"]) == (0, 1)
    assert (two.corroborated, one.corroborated) == (1.0, 0.0)


def test_the_page_is_written_between_its_marks_and_checked(command: Any, tmp_path: Any) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- stats -->\nold\n<!-- end of stats -->\nafter\n")
    assert command("stats", "--check", page).code == 1
    assert command("stats", "--write", page).code == 0
    text = page.read_text()
    assert text.startswith("before\n<!-- stats -->\n| what | how many |")
    assert text.endswith("\n<!-- end of stats -->\nafter\n")
    assert command("stats", "--check", page).code == 0
    page.write_text("no place")
    done = command("stats", "--write", page)
    assert (done.code, page.read_text()) == (2, "no place")
