"""Names of things: labels, codes, case forms, transcriptions, slips of the pen."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kzgraph.errors import AmbiguousNameError, UnknownNameError, UsageError
from kzgraph.queries.names import NameEntry, NameIndex, write_names

ASK = Path(__file__).parent / "ask"
KZR = "https://w3id.org/kzgraph/id/"


def _table(name):
    lines = (ASK / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _index(*entries):
    connection = sqlite3.connect(":memory:")
    write_names(connection, entries)
    return NameIndex(connection)


@pytest.mark.parametrize(("text", "thing"), _table("spellings.tsv"))
def test_spelling_resolves_to_its_thing(text, thing, names):
    assert names.resolve(text).value == KZR + thing


@pytest.mark.parametrize(("text", "thing"), _table("misspelt.tsv"))
def test_slip_of_the_pen_is_not_accepted_but_offered(text, thing, names):
    assert names.lookup(text)[0].iri == KZR + thing
    try:
        assert names.resolve(text).value == KZR + thing  # a transcription by chance
    except UnknownNameError as error:
        assert f"(kzr:{thing})" in error.hint
        assert error.nearest


@pytest.mark.parametrize(
    "text", ["Atlantis", "Wakanda", "Gondor", "xyzzy", "Ruritania", "country-kzz", "Q999999", ""]
)
def test_unknown_name_is_refused(text, names):
    with pytest.raises(UnknownNameError):
        names.resolve(text)


@pytest.mark.parametrize("text", ["Иран", "Iran", "Iraq", "Irak", "Austria", "Australia", "Oman"])
def test_similar_names_of_different_things_are_kept_apart(text, names):
    found = names.exact(text)
    assert len({match.iri for match in found if match.score > 0.9}) == 1


@pytest.mark.parametrize("text", ["Токио", "Романа", "Irland", "Kasimir", "Russell", "Minski"])
def test_stem_in_common_does_not_make_a_name(text, names):
    assert [m for m in names.exact(text) if m.score >= 0.75] == []


def test_ambiguous_name_lists_its_candidates(names):
    with pytest.raises(AmbiguousNameError) as caught:
        names.resolve("Bush")
    assert {curie for curie, _ in caught.value.candidates} == {
        "kzr:person-bush-41",
        "kzr:person-bush-43",
    }
    assert "George W. Bush" in str(caught.value)


def test_class_decides_between_things_of_one_name():
    names = _index(
        NameEntry(KZR + "country-lux", "Luxembourg", "en", "pref", ("kz:State", "kz:Place")),
        NameEntry(KZR + "city-luxembourg", "Luxembourg", "en", "pref", ("kz:City", "kz:Place")),
    )
    assert names.resolve("Luxembourg", cls="kz:City").value == KZR + "city-luxembourg"
    with pytest.raises(AmbiguousNameError):
        names.resolve("Luxembourg", cls="kz:Place")


def test_name_of_another_class_is_said_to_be_one(names):
    with pytest.raises(UsageError, match="which is no State"):
        names.resolve("Rosatom", cls="kz:State")


def test_label_is_shown_in_the_language_asked_for(names):
    assert names.lookup("Russia", lang="de")[0].label == "Russland"
    assert names.lookup("KZ", lang="kk")[0].label == "Қазақстан"
    assert names.lookup("Kazakhstan")[0].lang == "en"


def test_match_says_why(names):
    assert names.lookup("Kasachstans")[0].why == "form of the label Kasachstan"
    assert names.lookup("KAZ")[0].why == "code"
    assert names.lookup("kasachische")[0].why == "form of the adjective kasachisch"
    assert names.lookup("Kasachtsan")[0].why == "spelt like Kasachstan"


def test_exact_label_comes_before_a_form(names):
    scores = [names.lookup(text)[0].score for text in ("Kasachstan", "Kasachstans", "kasachische")]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0


def test_thing_without_label_is_known_by_its_curie():
    curie = "kzr:membership-kaz-eaeu-said-rn2023"
    names = _index(NameEntry(KZR + curie[4:], curie, "", "curie", ("kz:Membership",)))
    assert names.resolve(curie).value == KZR + curie[4:]
    with pytest.raises(UnknownNameError, match="said-rn2024") as caught:
        names.resolve("kzr:membership-kaz-eaeu-said-rn2024")
    assert curie in caught.value.hint


@pytest.mark.parametrize("text", ["Kazahkstan", "Uzbekitsan", "Eurasian Econmic Union"])
def test_close_accepts_one_thing_within_a_letter_or_two(text, names):
    assert names.close(text) is not None


@pytest.mark.parametrize("text", ["Irna", "Irab", "Slovekia", "Austrila", "Omen", "Atlantis"])
def test_close_does_not_choose_between_near_names(text, names):
    assert names.close(text) is None


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE names; --", "%", "_", "\x00", "a" * 5000, "🇰🇿", "( )", "kzr:", "<>"]
)
def test_strange_text_is_only_an_unknown_name(text, names):
    with pytest.raises(UsageError):
        names.resolve(text)
    assert names.resolve("Kazakhstan").value == KZR + "country-kaz"


def test_exact_lookup_is_one_query(names):
    asked = []
    names._connection.set_trace_callback(asked.append)
    names.resolve("Kasachstans")
    names._connection.set_trace_callback(None)
    assert len(asked) == 1


def test_lookup_searches_its_index(names):
    plan = names._connection.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM names WHERE key IN ('=kazakhstan', '~kasahstan')"
    ).fetchall()
    assert "USING INDEX names_by_key" in str(plan)


def test_import_and_lookup_load_nothing_heavy():
    code = """
import sqlite3, sys
from kzgraph.queries.names import NameEntry, NameIndex, write_names
connection = sqlite3.connect(":memory:")
write_names(connection, [NameEntry("https://w3id.org/kzgraph/id/city-x", "Astana", "en")])
NameIndex(connection).resolve("Astana")
heavy = ("yaml", "rich", "numpy", "rdflib", "rapidfuzz", "click")
print([name for name in heavy if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("АҚШ-тың", "country-usa"),
        ("Токаев Касым-Жомарт", "person-tokayev"),
        ("Касым-Жомарт Кемелевич Токаев", "person-tokayev"),
        ("Kassym-Jomart Kemelevich Tokayev", "person-tokayev"),
        ("Tokayev, Kassym-Jomart", "person-tokayev"),
        ("Kazachstan", "country-kaz"),
    ],
)
def test_ending_after_hyphen_order_and_patronymic_are_understood(text, thing, names):
    assert names.resolve(text).value == KZR + thing


def test_name_in_brackets_of_a_title_is_not_the_name_of_the_document():
    names = _index(
        NameEntry(KZR + "country-mmr", "Burma", "en", "alt", ("kz:State",)),
        NameEntry(KZR + "source-mmr", "Myanmar (Burma)", "en", "pref", ("kz:SourceDocument",)),
    )
    assert [match.iri for match in names.exact("Burma")] == [KZR + "country-mmr"]


def test_plus_sign_tells_two_names_apart():
    names = _index(
        NameEntry(KZR + "org-opec", "OPEC", "en", "pref", ("kz:Organisation",)),
        NameEntry(KZR + "org-opec-plus", "OPEC+", "en", "pref", ("kz:Organisation",)),
    )
    assert names.resolve("OPEC").value == KZR + "org-opec"
    assert names.resolve("OPEC+").value == KZR + "org-opec-plus"


def test_a_preferred_label_goes_before_another_and_the_other_is_a_namesake():
    names = _index(
        NameEntry(KZR + "city-baikonur", "Baikonur", "en", "pref", ("kz:City", "kz:Entity")),
        NameEntry(KZR + "facility-baikonur", "Cosmodrome", "en", "pref", ("kz:Entity",)),
        NameEntry(KZR + "facility-baikonur", "Baikonur", "en", "alt", ("kz:Entity",)),
    )
    town = names.resolve("Baikonur")
    assert town.value == KZR + "city-baikonur"
    assert [m.label for m in names.namesakes("Baikonur", town)] == ["Cosmodrome"]
    assert names.namesakes("Baikonur", town, cls="kz:City") == []


def test_search_for_similar_names_reads_no_whole_table(names):
    asked = []
    names._connection.set_trace_callback(asked.append)
    names.similar("Kazahkstan")
    names.similar("kzr:country-kzz")
    names._connection.set_trace_callback(None)
    for statement in asked:
        plan = names._connection.execute("EXPLAIN QUERY PLAN " + statement).fetchall()
        assert not any(row[3].startswith("SCAN names") for row in plan), statement
