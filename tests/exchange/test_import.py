"""Importing: rows become relators, claims and passages; what is wrong is said, and nothing lost."""

from __future__ import annotations

import pytest

from kzgraph.errors import UsageError
from kzgraph.exchange.importing import accept
from kzgraph.exchange.tables import TableError
from kzgraph.knowledge import open as open_graph

from .conftest import Take, files

HEADER = "state\torganisation\trole\tbegin\tend\theld_at\tsource\tlocator\n"
ROW = "Kasachstan\tSU\tmember\t2001\t..\t\tsource-gazette\tsecond line\n"


def problems(take: Take, text: str, mapping: str = "memberships", **options) -> list[tuple]:
    with pytest.raises(TableError) as caught:
        take(text, mapping, **options)
    return [(p.row, p.column, p.message) for p in caught.value.problems]


def test_a_row_becomes_a_relator_a_claim_and_a_passage(take, home):
    report = take(HEADER + ROW)
    assert report.added == {"Membership": 1, "claims": 1, "passages": 1}
    written = files(home)
    assert 'kz:interval "2001/.."^^edtf:EDTF' in written["data/actors/memberships/union.ttl"]
    claim = written["data/claims/gazette.ttl"]
    assert "kz:reviewState kzv:review-proposed" in claim
    assert "kz:claimant kzr:org-gazette" in claim
    assert 'kz:fragment "second line"' in claim


def test_importing_twice_changes_nothing(take, home):
    take(HEADER + ROW)
    before = files(home)
    report = take(HEADER + ROW)
    assert (report.added, report.known) == ({}, {"Membership": 1})
    assert files(home) == before


def test_a_second_table_of_the_same_source_finds_what_the_first_wrote(take):
    take(HEADER + ROW)
    other = ROW.replace("Kasachstan", "Türkiye")
    report = take(HEADER + other + ROW)
    assert (report.added["Membership"], report.known) == (1, {"Membership": 1})


@pytest.mark.parametrize(
    "name",
    ["Kazakhstan", "Kasachstan", "Казахстан", "Қазақстан", "kazakhstan", "KAZ", "Q232", "country-kaz", "kzr:country-kaz", "http://www.wikidata.org/entity/Q232"],
)  # fmt: skip
def test_a_state_is_found_by_name_in_four_languages_by_code_and_by_item(take, home, name):
    take(HEADER + ROW.replace("Kasachstan", name))
    assert "kzr:country-kaz" in files(home)["data/actors/memberships/union.ttl"]


def test_what_is_proposed_takes_no_part_until_it_is_accepted(take):
    take(HEADER + ROW)
    question = "SELECT ?o { kzr:country-kaz kz:memberOf ?o }"
    assert not open_graph().sparql(question).rows
    accepted = accept(["source-gazette"])
    assert len(accepted) == 1
    assert len(open_graph().sparql(question).rows) == 1
    with pytest.raises(UsageError, match="no proposed claim"):
        accept(["source-gazette"])


def test_a_table_that_was_reviewed_is_accepted_at_once(take, home):
    take(HEADER + ROW, accept=True)
    assert "review-accepted" in files(home)["data/claims/gazette.ttl"]


def test_a_dry_run_writes_nothing_and_shows_what_would_conflict(take, home):
    take(HEADER + ROW, accept=True)
    before = files(home)
    rival = ROW.replace("2001", "2003").replace("gazette", "almanac")
    report = take(HEADER + rival, dry_run=True)
    assert files(home) == before
    assert not report.written
    (conflict,) = report.conflicts
    assert {a.value for a in conflict.answers} == {"2001/..", "2003/.."}


def test_all_problems_of_a_table_come_in_one_run_and_nothing_is_written(take, home):
    before = files(home)
    text = HEADER + ROW + (
        "Kazachstan\tSU\tmember\t2001\t..\t\tsource-gazette\tline\n"
        "Türkiye\tSU\tmember\t2001-13\t..\t\tsource-gazette\tline\n"
        "Türkiye\tSU\tchairman\t2001\t..\t\tsource-gazette\tline\n"
        "Türkiye\tSU\tmember\t2001\t..\t\tsource-missing\tline\n"
        "Türkiye\tSU\tmember\t2001\t..\t\tsource-gazette\t\n"
    )  # fmt: skip
    found = problems(take, text)
    assert [(row, column) for row, column, _ in found] == [
        (3, "state"), (4, "begin, end"), (5, "role"), (6, "source"), (7, "locator"),
    ]  # fmt: skip
    assert files(home) == before


def test_partial_takes_the_good_rows_and_lists_the_others(take, home):
    bad = ROW.replace("Kasachstan", "Atlantis")
    report = take(HEADER + bad + ROW, partial=True)
    assert report.left_out == [2]
    assert report.added["Membership"] == 1
    assert report.problems[0].column == "state"


def test_a_name_of_two_things_lists_both_and_a_class_decides(take):
    table = "holder\tcompany\tpercent\theld_at\tsource\tlocator\nKazakhstan\tAltyn\t10\t2020\tsource-gazette\tx\n"
    ((row, column, message),) = problems(take, table, "holdings")
    assert (row, column) == (2, "company")
    assert "kzr:company-altyn, kzr:company-kumis" in message


def test_a_thing_of_the_wrong_class_is_refused(take):
    ((_, column, message),) = problems(take, HEADER + ROW.replace("SU", "company-kumis"))
    assert column == "organisation"
    assert "kz:Company, wanted is kz:InternationalOrganisation" in message


def test_two_rows_with_one_key_are_reported(take):
    ((row, _, message),) = problems(take, HEADER + ROW + ROW)
    assert row == 3
    assert "key of row 2" in message


@pytest.mark.parametrize(
    ("header", "column", "hint"),
    [(HEADER.replace("organisation", "organization"), "organisation", "organization"), (HEADER.replace("\tsource", "\tquelle"), "source", "columns are")],
)  # fmt: skip
def test_a_missing_column_is_named(take, header, column, hint):
    with pytest.raises(TableError) as caught:
        take(header + ROW)
    assert column in {p.column for p in caught.value.problems}
    assert any(hint in p.hint for p in caught.value.problems)


FIGURES = "about\tindicator\tperiod\tvalue\tunit\tsource\tlocator\n"


def test_the_unit_of_the_table_multiplies_its_amounts(take, home):
    row = "Kazakhstan\tproduction\t2020\t18.75\tthousand tonnes\tsource-gazette\tx\n"
    take(FIGURES + row, "figures")
    text = next(t for n, t in files(home).items() if "figures" in n)
    assert "kz:value 18750.0 ;" in text
    assert "kz:unit unit:TONNE ;" in text


@pytest.mark.parametrize(
    ("cell", "column", "message"),
    [
        (("2020", "1,234", "km"), "value", "is not a number"),
        (("2020", "12", "furlongs"), "unit", "is not known"),
        (("20.02.2020", "12", "km"), "period", "is no date"),
        (("2020-02-30", "12", "km"), "period", "is no date"),
        (("2020", "12 %", "km"), "value", "is not a number"),
        (("2020", "nan", "km"), "value", "is not a number"),
    ],
)
def test_a_cell_that_cannot_be_read_says_what_it_should_be(take, cell, column, message):
    row = "Kazakhstan\tindicator-border-length\t{}\t{}\t{}\tsource-gazette\tx\n".format(*cell)
    found = problems(take, FIGURES + row, "figures")
    assert column in {c for _, c, _ in found}
    assert message in " ".join(m for _, _, m in found)


def test_a_row_that_breaks_a_shape_is_refused_with_its_row(take):
    # "between" needs two ends
    header = FIGURES.replace("value", "comparator\tvalue")
    row = (
        "Kazakhstan\tindicator-border-length\t2020\tcomparator-between\t12\tkm\tsource-gazette\tx\n"
    )
    found = problems(take, header + row, "figures")
    assert {r for r, _, _ in found} == {2}
    assert "kzsh:FigureShape-between" in found[0][2]


THINGS = "id\tclass\tlabel_en\talt_en\tqid\tdistinct\n"


def test_a_new_thing_gets_its_labels_and_its_link(take, home):
    take(THINGS + "country-arm\tState\tArmenia\tRepublic of Armenia | Hayastan\tQ399\t\n", "things")
    written = files(home)
    assert 'skos:altLabel "Hayastan"@en' in written["data/actors/states.ttl"]
    assert "skos:exactMatch wd:Q399" in written["data/links/wikidata.ttl"]
    assert take(THINGS + "country-arm\tState\tArmenia\t\tQ399\t\n", "things").added == {}


def test_a_known_thing_gets_what_is_new_where_it_stands(take, home):
    report = take(THINGS + "country-tur\tState\tTurkey\t\t\t\n", "things")
    assert report.added == {"known things with more names or links": 1}
    assert 'skos:altLabel "Turkey"@en' in files(home)["data/small.ttl"]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("company-altyn-2\tCompany\tAltyn\t\t\t", "label_en", "already the name of"),
        ("country-kaz-2\tState\tX\t\tQ232\t", "qid", "already linked to kzr:country-kaz"),
        ("country-kaz\tState\t\t\tQ1\t", "qid", "linked to wd:Q232"),
        ("country-kaz\tCompany\tX\t\t\t", "id", "is there already, as kz:State"),
        ("Country KAZ\tState\tX\t\t\t", "id", "is no identifier"),
        ("country-x\tState\t\t\t\t", "", "has no label"),
        ("country-x\tStaet\tX\t\t\t", "class", "no class"),
        ("country-x\tState\tX\t\tP31\t", "qid", "no Wikidata item"),
    ],
)
def test_no_duplicate_is_minted_silently(take, row, column, message):
    ((line, where, text),) = problems(take, THINGS + row + "\n", "things")
    assert (line, where) == (2, column)
    assert message in text


def test_another_thing_of_the_same_name_has_to_be_called_distinct(take):
    report = take(THINGS + "company-altyn-2\tCompany\tAltyn\t\t\tyes\n", "things")
    assert report.added == {"Company": 1}


def test_two_sources_with_one_address_are_one(take):
    header = "id\ttitle_en\ttitle_de\tpublisher\taddress\tlanguage\tlicence_note_en\tlicence_note_de\taccessed\n"
    row = "source-other\tA\tB\torg-gazette\thttp://www.gazette.example/report/\ten\tx\ty\t2026-11-01\n"
    ((_, column, message),) = problems(take, header + row, "sources")
    assert column == "address"
    assert "kzr:source-gazette" in message


OWN = """
title = "Wells"
[source]
is = "source-gazette"
[[thing]]
id = "deposit-{name}"
class = "Deposit"
label.en = "name"
label.de = "name"
[[relator]]
class = "Location"
set.located = { column = "name", class = "Deposit" }
set.place = { column = "where", class = "State" }
set.heldAt = { is = "2020" }
"""


def test_a_mapping_of_ones_own_makes_things_and_relators_from_one_row(take, home):
    report = take("name,where\nWell One,Kazakhstan\n", OWN, name="t.csv")
    assert report.added["Deposit"] == report.added["Location"] == 1
    assert 'kz:row "row=2"' in files(home)["data/claims/gazette.ttl"]


def test_a_property_that_is_not_there_is_a_problem_of_the_row(take):
    mapping = OWN.replace("set.place", "set.plaec")
    found = problems(take, "name,where\nWell,Kazakhstan\n", mapping, name="t.csv")
    assert "there is no property 'plaec'" in found[0][2]


def test_a_name_without_ascii_letters_needs_an_identifier(take):
    found = problems(take, "name,where\nҚұдық,Kazakhstan\n", OWN, name="t.csv")
    assert found[0][1:] == ("name", "'Құдық' gives no name in ASCII letters")


def test_notes_go_where_they_belong(take, home):
    header = HEADER.strip() + "\tdate_note_en\tdate_note_de\treading_note_en\treading_note_de\n"
    take(header + ROW.strip() + "\tabout\tetwa\tread so\tso gelesen\n")
    written = files(home)
    assert 'kz:dateNote "etwa"@de' in written["data/actors/memberships/union.ttl"]
    assert 'kz:readingNote "read so"@en' in written["data/claims/gazette.ttl"]


def test_a_file_outside_the_data_is_refused(take):
    header = "id\tclass\tlabel_en\tfile\n"
    ((_, column, _),) = problems(take, header + "topic-x\tTopic\tX\t../../evil\n", "things")
    assert column == "file"


def test_comments_in_a_file_are_kept(take, home):
    path = home / "data/small.ttl"
    path.write_text(
        path.read_text("utf-8").replace("kzr:country-tur\n", "# a comment\nkzr:country-tur\n"),
        "utf-8",
    )
    take(THINGS + "country-tur\tState\tTurkey\t\t\t\n", "things")
    assert "# a comment" in path.read_text("utf-8")


def test_the_command_lists_mappings_and_says_what_it_did(command, home, tmp_path):
    table = tmp_path / "t.tsv"
    table.write_text(HEADER + ROW, "utf-8")
    listed = command("import", "--mappings")
    assert "memberships" in listed.out
    done = command("import", table, "--mapping", "memberships")
    assert done.code == 0
    assert "1  Membership" in done.out
    assert "kzgraph accept" in done.err
    bad = command("import", table.with_name("none.tsv"), "--mapping", "memberships")
    assert bad.code == 2
    assert "cannot be read" in bad.err
    assert "Traceback" not in bad.err
    assert command("import", table).code == 2
    assert command("accept", "source-gazette").code == 0
    assert command("accept", "nothing-here").code == 2


def test_a_mapping_error_is_one_message(command, home, tmp_path):
    (tmp_path / "t.csv").write_text("a\n1\n")
    (tmp_path / "m.toml").write_text("[tabel]\n")
    done = command("import", tmp_path / "t.csv", "--mapping", tmp_path / "m.toml")
    assert done.code == 2
    assert "did you mean table?" in done.err


def test_what_a_copy_says_is_said_by_the_author_of_the_original(take, home):
    copy = DATA_OF_A_COPY
    path = home / "data/small.ttl"
    path.write_text(path.read_text("utf-8") + copy, "utf-8")
    take(HEADER + ROW.replace("source-gazette", "source-copy"))
    claim = files(home)["data/claims/copy.ttl"]
    assert "kz:claimant kzr:org-gazette" in claim
    assert "kz:reporter kzr:org-copier" in claim


DATA_OF_A_COPY = """
kzr:org-copier
    a kz:MediaOutlet ;
    skos:prefLabel "Copier"@en ;
    .
kzr:source-copy
    a kz:SourceDocument ;
    skos:prefLabel "Copy"@en ;
    dcterms:language "en" ;
    kz:accessed "2026-11-01"^^xsd:date ;
    kz:address "https://copier.example/report"^^xsd:anyURI ;
    kz:copyOf kzr:source-gazette ;
    kz:licenceNote "No licence is stated."@en ;
    kz:publisher kzr:org-copier ;
    .
"""
