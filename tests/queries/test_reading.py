"""Every fault of a saved query is found, each in a file that is sound but for it."""

from __future__ import annotations

import pytest

from kzgraph.queries.reading import read_folder, read_query

SOUND = """\
#+ summary: Members of an organisation
#+ question:
#+   en: Who is a member of {body} at {at}?
#+   de: Wer ist Mitglied von {body} am {at}?
#+ params:
#+   body: {type: iri, class: "kz:Organisation", default: "kzr:org-eaeu"}
#+   at: {type: date, default: "2023-02-28"}
#+ tags: [membership]
#+ evidence: [membership, "state kz:memberOf body"]

PREFIX kz: <https://w3id.org/kzgraph/ontology#>
PREFIX kzr: <https://w3id.org/kzgraph/id/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

SELECT ?body ?state ?membership
WHERE {
  VALUES ?body { kzr:org-eaeu }
  VALUES ?at { "2023-02-28"^^xsd:date }
  ?membership a kz:Membership ;
    kz:memberState ?state ;
    kz:organisation ?body ;
    kz:beginLatest ?from .
  FILTER (?from <= ?at)
}
ORDER BY ?state ?membership
"""


def faults(text, path="organisations/members-of.rq"):
    return read_query(text, path=path)[1]


def test_the_sound_file_has_no_faults():
    query, found = read_query(SOUND, path="organisations/members-of.rq")
    assert found == []
    assert (query.name, query.topic) == ("members-of", "organisations")
    assert query.empty == "not-recorded"
    assert (query.params["body"].line, query.params["at"].line) == (17, 18)


BREAKS = [
    # what is replaced, by what, the fault's line, its message, its hint
    ("#+ summary:", "#+ sumary:", 1, "the header: unknown key sumary", "did you mean summary?"),
    ("#+ summary: Members of an organisation\n", "", 1, "the header has no summary", "answers"),
    ("Members of an organisation\n", "\n", 1, "summary is no text", ""),
    (
        "#+ tags:",
        "#+ empty: no-rote\n#+ tags:",
        8,
        "empty: no rows cannot mean no-rote",
        "did you mean no-route?",
    ),
    ("#+ tags: [membership]\n", "#+ tags: [a]\n#+ tags: [b]\n", 9, "the key tags stands twice", ""),
    ("#+   de: Wer ist Mitglied von {body} am {at}?\n", "", 3, "the question is missing in de", ""),
    ("#+   en: Who is a member of {body} at {at}?\n", "", 3, "the question is missing in en", ""),
    ("#+   de: Wer", "#+   dt: Wer", 4, "question: unknown key dt", "known: en, de, ru, kk"),
    ("of {body} at", "of {bodi} at", 3, "{bodi} is no param", "did you mean {body}?"),
    ("of {body} at", "of it at", 3, "question en: the param body is not in it", "put {body}"),
    ("am {at}?", "heute?", 4, "question de: the param at is not in it", ""),
    ("type: iri", "type: irri", 6, "param body: unknown type irri", "did you mean iri?"),
    ("type: iri, ", "", 6, "param body has no type", "one of: iri, string"),
    ("type: date", "typ: date", 7, "param at: unknown key typ", "did you mean type?"),
    ('"kz:Organisation"', '"Organisation"', 6, "class is no CURIE of the prefix table", "kz:State"),
    ('"kz:Organisation"', '"kzz:Organisation"', 6, "class is no CURIE", "did you mean kz:?"),
    ("{type: date,", '{type: date, class: "kz:X",', 7, "so its type is iri, not date", ""),
    ('default: "kzr:org-eaeu"', 'default: "org-eaeu"', 6, "the default is no iri", ""),
    ('default: "2023-02-28"', 'default: "2023-02-30"', 7, "the default is no date", ""),
    (
        'default: "2023-02-28"',
        'default: "2023-03-01"',
        18,
        "the header's default is 2023-03-01",
        "",
    ),
    (', default: "2023-02-28"', "", 18, "has no default, but its VALUES line holds", "UNDEF"),
    (
        'default: "2023-02-28"',
        'default: "2023-02-28", choices: ["2024-01-01"]',
        7,
        "the default is not among the choices",
        "",
    ),
    (
        'default: "2023-02-28"',
        'default: "2023-02-28", choices: ["2023-02-28", "soon"]',
        7,
        "param at: a choice is no date",
        "",
    ),
    ('default: "2023-02-28"', "default: [1, 2]", 7, "the default is one value, not a list", ""),
    ('default: "2023-02-28"', 'default: "2023-02-28", label: x', 7, "label is a text per", "{en:"),
    ("#+   at: {", "#+   a-t: {", 7, "param a-t: this is no name for a variable", ""),
    ("tags: [membership]", "tags: {a: b}", 8, "tags is no list", "[one, two]"),
    ("tags: [membership]", "tags: [[a]]", 8, "tags: an entry is no text", ""),
    (
        "evidence: [membership,",
        "evidence: [member,",
        9,
        "names member, which is not",
        "membership?",
    ),
    ("state kz:memberOf body", "stat kz:memberOf body", 9, "names stat, which is not", "state?"),
    (
        "state kz:memberOf body",
        "state kzz:memberOf body",
        9,
        "evidence: a part is no CURIE",
        "kz:?",
    ),
    ("state kz:memberOf body", "state memberOf body", 9, "evidence is a variable, or an edge", ""),
    ("#+ evidence: [membership, ", "#+ evidence: {a: b}\n#+ x: [", 9, "evidence is no list", ""),
    ("SELECT ?body ?state ?membership", "SELECT *", 15, "SELECT * names no columns", "name each"),
    ("ORDER BY ?state ?membership\n", "", 15, "the rows have no order", "unique"),
    (
        "SELECT ?body ?state",
        "SELECT ?body ?stat",
        15,
        "?stat is selected, but no pattern",
        "?state?",
    ),
    (
        "  VALUES ?body { kzr:org-eaeu }\n",
        "",
        6,
        "param body: it has no VALUES line",
        "the first lines after WHERE",
    ),
    (
        "  VALUES ?body { kzr:org-eaeu }\n",
        "  ?body a kz:Organisation .\n  VALUES ?body { kzr:org-eaeu }\n",
        6,
        "param body: its VALUES line is not first in WHERE",
        "the first lines after WHERE",
    ),
    (
        "{ kzr:org-eaeu }",
        "{ kzr:org-eaeu kzr:org-cis }",
        17,
        "the VALUES line holds kzr:org-eaeu",
        "",
    ),
    ("{ kzr:org-eaeu }", "{ }", 17, "the VALUES line holds nothing", ""),
    ("{ kzr:org-eaeu }", "{\n    kzr:org-eaeu }", 17, "does not fill one line of its own", ""),
    ("{ kzr:org-eaeu }", "{ kzr:org-eaeu } # one", 17, "does not fill one line of its own", ""),
    ("  VALUES ?body", "  ?x a kz:X . VALUES ?body", 6, "not first in WHERE", ""),
    (
        "WHERE {\n  VALUES ?body",
        "WHERE { VALUES ?body",
        16,
        "does not fill one line of its own",
        "",
    ),
    (
        "PREFIX kzr: <https://w3id.org/kzgraph/id/>\n",
        "",
        16,
        "the prefix kzr: is not",
        "PREFIX kzr:",
    ),
    ("kzgraph/id/>", "kzgraph/id#>", 12, "the prefix kzr: stands for something else", "/id/>"),
    ("  FILTER (?from", "  FILTR (?from", 23, "FILTR is no word of SPARQL", "did you mean FILTER?"),
    ("kz:memberState ?state", "kz:memberState", 20, "an object is expected here", "three parts"),
    ("  FILTER (", "  SERVICE <http://x/> {} FILTER (", 23, "SERVICE would ask another", ""),
    ("  ?membership a", "\t?membership a", 19, "a tab; indent with blanks", ""),
    ("#+ tags: [membership]", "#+ tags: [membership", 9, "the header is no YAML", "needs quotes"),
    ("en: Who is a", "en: {body}: who is a", 3, "the header is no YAML", "needs quotes"),
    ("tags: [membership]", "tags: &x [membership]", 8, "an anchor, an alias or a tag", "quotes"),
    (
        "tags: [membership]",
        "tags: !!python/name:os.system x",
        8,
        "an anchor, an alias or a tag",
        "",
    ),
    ("#+ tags:", "\n#+ tags:", 9, "this #+ line is cut off from the header", "one block"),
    ("#+ question:\n", "#+ question: x\n", 3, "the header is no YAML", ""),
]


@pytest.mark.parametrize(("old", "new", "line", "message", "hint"), BREAKS)
def test_each_break_is_found_at_its_line(old, new, line, message, hint):
    assert SOUND.count(old) >= 1
    found = faults(SOUND.replace(old, new, 1))
    fitting = [f for f in found if message in f.message]
    assert fitting, [f"{f.line}: {f.message}" for f in found]
    assert fitting[0].line == line
    assert hint in fitting[0].hint
    assert fitting[0].source_line == SOUND.replace(old, new, 1).split("\n")[line - 1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ASK {}\n", "there is no #+ header"),
        ("", "there is no #+ header"),
        ("#+\n\nASK {}\n", "the header is empty"),
        ("#+ just a text\n\nASK {}\n", "the header: here belong keys with values"),
        ("#+ - a\n#+ - b\n\nASK {}\n", "the header: here belong keys with values"),
    ],
)
def test_a_file_without_a_proper_header_is_a_finding(text, message):
    assert message in [f.message for f in faults(text)]


def test_a_fault_has_the_column_of_its_key():
    (fault,) = faults(SOUND.replace("type: date", "type: dat"))
    assert (fault.line, fault.column) == (7, SOUND.split("\n")[6].index("date") + 1)


def test_a_quality_query_needs_no_question():
    text = "#+ summary: Nothing without a source\n\nSELECT ?x { ?x ?p ?y } ORDER BY ?x\n"
    assert faults(text, "quality/x.rq") == []
    assert [f.message for f in faults(text, "people/x.rq")] == ["the header has no question"]


def test_an_open_parameter_may_stay_out_of_the_question():
    text = (
        SOUND.replace(', default: "2023-02-28"', "")
        .replace(" at {at}?", "?")
        .replace(" am {at}?", "?")
    )
    assert faults(text.replace('{ "2023-02-28"^^xsd:date }', "{ UNDEF }")) == []


def test_rows_that_count_may_rest_on_any_variable_of_the_pattern():
    counted = SOUND.replace(
        "SELECT ?body ?state ?membership", "SELECT ?body (COUNT(?state) AS ?n)"
    ).replace("ORDER BY ?state ?membership", "GROUP BY ?body\nORDER BY ?body")
    assert faults(counted) == []
    whole = counted.replace("GROUP BY ?body\nORDER BY ?body", "ORDER BY ?n").replace("?body (", "(")
    assert faults(whole) == []
    wrong = counted.replace("evidence: [membership,", "evidence: [nobody,")
    assert [f.message for f in faults(wrong)] == ["evidence names nobody, which is not selected"]


def test_a_construction_has_its_values_in_the_second_braces():
    text = SOUND.replace("SELECT ?body ?state ?membership", "CONSTRUCT { ?state kz:x ?body }")
    assert [f for f in faults(text) if "VALUES" in f.message] == []


@pytest.mark.parametrize("path", ["Members.rq", "x/Members_Of.rq", "x/members-.rq", "x/ä.rq"])
def test_a_file_name_is_in_kebab_case(path):
    assert any("is not in kebab-case" in f.message for f in faults(SOUND, path))


def test_a_file_outside_a_topic_is_a_finding():
    assert [f.message for f in faults(SOUND, "members-of.rq")] == [
        "the file lies in no folder; the folder is its topic"
    ]


def test_windows_line_ends_are_read_alike():
    assert faults(SOUND.replace("\n", "\r\n")) == []


def test_a_name_counts_once_in_all_topics(tmp_path):
    for topic in ("a", "b"):
        (tmp_path / topic).mkdir()
        (tmp_path / topic / "members-of.rq").write_text(SOUND, encoding="utf-8")
    queries, found = read_folder(tmp_path)
    assert list(queries) == ["members-of"]
    (fault,) = found
    assert fault.path == f"{tmp_path.name}/b/members-of.rq"
    assert "is taken by" in fault.message and "a/members-of.rq" in fault.message


def test_a_file_that_is_no_utf8_is_a_finding_at_its_line(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.rq").write_bytes(b"#+ summary: x\n# \xff\n")
    (fault,) = read_folder(tmp_path)[1]
    assert (fault.line, fault.message) == (2, "the file is not UTF-8")
