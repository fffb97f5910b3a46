from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kzgraph import resources
from kzgraph.errors import InputError, SourceSyntaxError, UnknownNameError
from kzgraph.namespaces import PREFIXES
from kzgraph.validation import validate

HEADER = "".join(
    f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("edtf", "kz", "kzr", "kzv", "skos")
)
LINES = HEADER.count("\n")

# a membership with everything that belongs to it: the claim, the passage, the source
RIGHT = """
kzr:membership-kaz-eaeu-said-mine a kz:Membership ;
  kz:heldAt "2023"^^edtf:EDTF ;
  kz:memberState kzr:country-kaz ;
  kz:organisation kzr:org-eaeu .
kzr:said-mine-p1-c1 a kz:Claim ;
  kz:attribution kzv:attribution-indirect-speech ;
  kz:claimant kzr:person-tokayev ;
  kz:content kzr:membership-kaz-eaeu-said-mine ;
  kz:evidence kzr:said-mine-p1 ;
  kz:reporter kzr:org-russland-news ;
  kz:reviewState kzv:review-accepted ;
  kz:stance kzv:stance-asserts .
kzr:said-mine-p1 a kz:Passage ;
  kz:fragment "first paragraph" ;
  kz:inSource kzr:source-2023-russland-news .
"""


def check(tmp_path: Path, text: str, **options):
    path = tmp_path / "mine.ttl"
    path.write_text(HEADER + text, encoding="utf-8")
    return validate([path], **options)


def rules(report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_the_repository_has_no_findings():
    report = validate()
    assert [line for finding in report.findings for line in finding.lines()] == []
    assert report.files > 50 and report.rules > 300


def test_a_users_file_may_refer_to_the_things_of_the_project(tmp_path):
    report = check(tmp_path, RIGHT)
    assert report.findings == []
    assert report.files == 1


def test_a_relator_without_a_claim_is_found_only_because_the_ontology_is_there(tmp_path):
    report = check(tmp_path, RIGHT.partition("kzr:said")[0])
    assert rules(report) == {"kzsh:RelatorShape-supportedBy"}
    [finding] = report.findings
    assert (finding.line, finding.label) == (LINES + 2, "membership")
    assert finding.path == str(tmp_path / "mine.ttl")


def test_a_wrong_value_is_shown_with_its_line_its_name_and_a_hint(tmp_path):
    report = check(tmp_path, RIGHT.replace("kzr:org-eaeu", "kzr:person-tokayev"), lang="de")
    # and because it is a person, it cannot be the organisation that the axioms make of it
    assert rules(report) == {"kzsh:MembershipShape-organisation", "contradiction"}
    [finding] = [f for f in report.findings if f.rule.startswith("kzsh:")]
    assert finding.line == LINES + 5
    assert finding.property == "kz:organisation"
    assert finding.value == "kzr:person-tokayev (Kassym-Schomart Tokajew)"
    assert finding.message.startswith("Eine Mitgliedschaft")
    assert finding.hint


def test_a_value_given_twice_is_shown_with_its_rival(tmp_path):
    report = check(tmp_path, RIGHT.replace("kzr:org-eaeu", "kzr:org-eaeu , kzr:org-csto"))
    [finding] = report.findings
    assert "kzr:org-eaeu" in finding.value and "kzr:org-csto" in finding.value


def test_what_nobody_describes_is_reported_once_and_with_the_nearest(tmp_path):
    report = check(tmp_path, RIGHT.replace("kzr:org-eaeu", "kzr:org-eeau"))
    assert rules(report) == {"thing-undescribed"}
    assert "kzr:org-eaeu" in report.findings[0].hint


def test_findings_about_other_files_are_not_reported(tmp_path):
    report = check(tmp_path, "kzr:country-kaz skos:altLabel 'Казaхстан'@ru .")
    assert rules(report) == {"kzsh:EntityShape-label-script"}
    assert {f.path for f in report.findings} == {str(tmp_path / "mine.ttl")}


def test_a_file_of_the_project_can_be_checked_alone():
    path = next((resources.folder("data") / "actors").glob("*.ttl"))
    report = validate([path])
    assert report.findings == [] and report.files == 1


def test_a_prefix_that_is_nearly_right_is_found(tmp_path):
    path = tmp_path / "mine.ttl"
    path.write_text("@prefix kz: <https://w3id.org/kzgraph/ontology/> .\n<urn:a> a kz:State .\n")
    report = validate([path])
    assert rules(report) == {"prefix-wrong"}
    assert report.findings[0].line == 1
    assert PREFIXES["kz"] in report.findings[0].hint


def test_an_axiom_that_the_reasoner_does_not_cover_is_a_finding(tmp_path):
    report = check(tmp_path, "kz:mine a <http://www.w3.org/2002/07/owl#FunctionalProperty> .")
    assert "owl-profile" in rules(report)


def test_an_empty_file_is_in_order(tmp_path):
    assert check(tmp_path, "").findings == []


def test_a_file_that_is_not_turtle_is_refused_with_the_place(tmp_path):
    with pytest.raises(SourceSyntaxError) as caught:
        check(tmp_path, "kzr:a kz:b [ .")
    assert caught.value.line == LINES + 1


def test_turtle_of_a_later_version_is_refused_with_the_place(tmp_path):
    with pytest.raises(SourceSyntaxError) as caught:
        check(tmp_path, "kzr:a kz:b <<( kzr:a kz:b kzr:c )>> .")
    assert caught.value.line == LINES + 1


def test_an_ill_typed_literal_is_reported_and_nothing_is_logged(tmp_path, caplog):
    text = RIGHT.replace("kz:fragment", 'kz:accessed "2026-13-45"^^xsd:date ; kz:fragment')
    report = check(tmp_path, f"@prefix xsd: <{PREFIXES['xsd']}> ." + text)
    assert rules(report) == {"kzsh:PassageShape-accessed"}
    assert caplog.records == []


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="not there"):
        validate([tmp_path / "nothing.ttl"])


def test_a_language_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnknownNameError, match="'fr'"):
        check(tmp_path, "", lang="fr")


def test_progress_is_told(tmp_path):
    told: list[str] = []
    check(tmp_path, "", progress=told.append)
    assert told[0] == "reading the files"
    assert "shapes" in told[-1]


def test_two_runs_give_the_same_report(tmp_path):
    text = RIGHT.replace("kz:Membership", "kz:Person").replace("2023", "20233")
    one, two = (json.dumps(check(tmp_path, text).to_json()) for _ in range(2))
    assert one == two and json.loads(one)["counts"]["error"] > 2


def test_validation_is_imported_without_the_libraries_that_only_runs_need():
    code = (
        "import sys, kzgraph.validation; print({'rdflib', 'pyshacl', 'rapidfuzz'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
