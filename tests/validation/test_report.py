from __future__ import annotations

from kzgraph.validation.report import Finding, Report

ERROR = Finding(
    "error",
    "data/memberships.ttl",
    41,
    5,
    "kzsh:RelatorShape-supportedBy",
    "A relation rests on a claim.",
    hint="Add one.",
    node="kzr:membership-x",
    label="membership",
)
WARNING = Finding(
    "warning",
    "data/memberships.ttl",
    57,
    15,
    "kzsh:RelatorShape-heldAt",
    "Dates are EDTF.",
    node="kzr:membership-x",
    property="kz:heldAt",
    value='"last spring"',
)
ABOUT_A_FILE = Finding("error", "a.ttl", 1, 1, "prefix-wrong", "The prefix is wrong.")


def test_a_finding_reads_as_place_and_thing_then_rule_then_hint():
    assert list(ERROR.lines()) == [
        "data/memberships.ttl:41  error    membership (kzr:membership-x)",
        "    A relation rests on a claim.  [kzsh:RelatorShape-supportedBy]",
        "    hint: Add one.",
    ]


def test_a_finding_shows_the_statement_that_is_wrong():
    assert list(WARNING.lines("de")) == [
        "data/memberships.ttl:57  Warnung  kzr:membership-x",
        "    Dates are EDTF.  [kzsh:RelatorShape-heldAt]",
        '    Wert: kz:heldAt "last spring"',
    ]


def test_a_finding_about_a_file_is_headed_by_its_rule():
    assert next(ABOUT_A_FILE.lines()) == "a.ttl:1  error    prefix-wrong"


def test_json_leaves_out_what_is_empty():
    assert ABOUT_A_FILE.to_json() == {
        "severity": "error",
        "path": "a.ttl",
        "line": 1,
        "column": 1,
        "rule": "prefix-wrong",
        "message": "The prefix is wrong.",
    }


def test_a_report_counts_by_severity_and_conforms_without_errors():
    assert Report([WARNING], files=2, rules=9).conforms
    report = Report([ERROR, WARNING, ERROR], files=2, rules=9)
    assert not report.conforms
    assert report.to_json()["counts"] == {"error": 2, "warning": 1, "info": 0}
    assert report.summary() == "2 errors, 1 warning in 2 files, 9 rules"


def test_a_clean_report_says_so_in_the_language_asked_for():
    assert Report([], files=1, rules=9).summary() == "no findings in 1 file, 9 rules"
    german = Report([], files=1, rules=9, lang="de").summary()
    assert german == "nichts zu beanstanden in 1 Datei, 9 Regeln"


def test_findings_are_ordered_by_place_and_the_gravest_comes_first():
    note = Finding("info", "data/memberships.ttl", 41, 5, "z", "m")
    found = sorted([WARNING, note, ERROR, ABOUT_A_FILE], key=Finding.sort_key)
    assert found == [ABOUT_A_FILE, ERROR, note, WARNING]
