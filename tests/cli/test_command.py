"""The command as a person meets it: answers, messages, exit codes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kzgraph.cli.main import VERBS

QUERY = "shared-memberships"


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kzgraph.cli.main", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module", autouse=True)
def built(shared_cache):
    """Build before the tests, into their own cache, so that none of them tells of a build."""
    assert run("info", KZGRAPH_CACHE=str(shared_cache)).returncode == 0


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_examples(verb):
    done = run(verb, "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout
    assert f"kzgraph {verb}" in done.stdout


def test_the_bare_command_says_what_is_loaded_and_what_to_try():
    done = run()
    assert done.returncode == 0
    assert done.stdout.count("kzgraph ") >= 6


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["qurey", QUERY], 2, "did you mean query"),
        (["Which organisations"], 2, "kzgraph ask"),
        (["query", "shared-membership"], 2, "did you mean shared-memberships"),
        (["query", QUERY, "stat=Russia"], 2, "it takes partner, state"),
        (["query", QUERY, "state"], 2, "name=value"),
        (["query", QUERY, "state=Russia", "state=China"], 2, "twice"),
        (["query", QUERY, "state=Atlantisland"], 2, "there is no State"),
        (["query", QUERY, 'state=Atlantisland"} #'], 2, "there is no State"),
        (["query", QUERY, 'state=CN"} #'], 0, "Kazakhstan  China"),
        (["query", QUERY, "-f", "jsn"], 2, "one of: table, json"),
        (["query", QUERY, "--lang", "xx"], 2, "one of en, de, ru, kk"),
        (["sparql", "-e", "SELECT ?x { ?x kz:memberof ?o }"], 2, "did you mean kz:memberOf"),
        (["sparql", "-e", "SELECT ?x { ?x foo:bar ?o }"], 2, "the prefix foo: is not declared"),
        (["sparql", "-e", "SELECT ?x { ?x kz:memberOf "], 2, "-e:1:"),
        (["sparql", "-e", "INSERT DATA { kzr:a kz:b kzr:c }"], 2, "only reads"),
        (["sparql", "-e", "LOAD <file:///etc/passwd>"], 2, "LOAD"),
        (["sparql", "-e", "SELECT * {" + "{" * 5000 + "}" * 5000 + "}"], 2, "nest"),
        (["sparql", "no-such-file.rq"], 2, "no-such-file.rq"),
        (["sparql"], 2, "either a file or -e"),
        (["explain", "Kazakhstan", "memberof", "EAEU"], 2, "did you mean"),
        (["explain", "Kazakhstan", "member of", "EAEU"], 0, ""),
        (["explain", "Kazakhstan", "memberOff", "EAEU"], 2, "kz:memberOf"),
        (["explain", "Turkmenistan", "memberOf", "CIS"], 3, "not so in the graph"),
        (["explain", "kzr:org-eaeu", "kz:memberOf", "Kazakhstan"], 3, "not so in the graph"),
        (["show", "Nowheristan"], 2, "Nowheristan"),
        (["claims", "--stance", "denise"], 2, "denies"),
        (["claims", "--stance", "promises", "--about", "Uranium"], 3, "0 claims"),
        (["conflicts", "--kind", "quarrel"], 2, "one of: conflict"),
        (["queries", "--topic", "agreement"], 2, "the topics are"),
        (["format", "no-such-file.ttl"], 1, "no-such-file.ttl"),
        (["verify-locators", "--sources", "no-such-folder"], 2, "not a folder"),
        (["build", "--reasoner", "pellet"], 2, "pellet"),
        (["ask", "Who likes Kazakhstan?"], 2, "not understood"),
        (["query", "members-at-date", "at=1990-01-01"], 3, "no proof that there is none"),
        (
            ["query", "owners-behind", "company=kzr:company-rosatom", "--lang", "de"],
            3,
            "Keine Verbindung",
        ),
        (["query", "copies", "-f", "json"], 0, '"empty": null'),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_slip_gets_one_message_and_the_right_code(words, code, message):
    done = run(*words)
    assert done.returncode == code, done.stderr
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    if code == 2:
        assert done.stdout == ""
        assert done.stderr.count("error:") == 1


@pytest.mark.parametrize("form", ["SERVICE", "SERVICE SILENT"])
def test_a_query_cannot_reach_the_network(form):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        query = f"SELECT * {{ {form} <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        done = run("sparql", "-e", query)
        assert done.returncode == 2
        assert "offline" in done.stderr
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_query_that_runs_away_is_stopped_at_its_limit():
    product = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(4))
    started = time.monotonic()
    done = run("sparql", "--time-limit", "1", "-e", f"SELECT (COUNT(*) AS ?n) {{ {product} }}")
    assert done.returncode == 4
    assert "stopped after 1 s" in done.stderr
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("columns", ["*", "(COUNT(*) AS ?n)"])
def test_an_interrupt_ends_quietly_whatever_the_engine_is_doing(columns):
    product = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(3))
    query = f"SELECT {columns} {{ {product} }}"
    process = subprocess.Popen(
        [sys.executable, "-m", "kzgraph.cli.main", "sparql", "-e", query],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # a suite that runs in the background has interrupts ignored, and would hand that on
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.strip() == ""  # a line feed after the terminal's ^C, nothing else


@pytest.mark.parametrize("words", ["queries", "show Kazakhstan", "claims", "info"])
def test_a_closed_pipe_ends_quietly_and_is_no_finding(words):
    process = subprocess.Popen(
        [sys.executable, "-m", "kzgraph.cli.main", *words.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()  # before a word is written
    assert process.stderr is not None
    errors = process.stderr.read()
    assert process.wait(60) == 0
    assert errors == ""


def test_a_file_of_rubbish_writes_no_control_character_to_the_terminal(tmp_path):
    rubbish = tmp_path / "rubbish.ttl"
    rubbish.write_bytes(b"kzr:a \x1b[31m\x07\x9b red \xff\n")
    done = run("validate", str(rubbish))
    assert done.returncode == 2
    assert all(c.isprintable() or c == "\n" for c in done.stderr)


def test_what_is_like_nothing_is_offered_nothing():
    assert "did you mean" not in run("show", "bcdfghjklm").stderr
    assert "did you mean Uranium One" in run("show", "Uranium Won").stderr


def test_json_has_the_promised_fields_and_evidence_per_row():
    answer = json.loads(run("query", QUERY, "--evidence", "-f", "json").stdout)
    assert list(answer) == [
        "query", "parameters", "policy", "as_of", "columns", "rows", "evidence", "truncated",
        "empty", "release",
    ]  # fmt: skip
    assert len(answer["evidence"]) == len(answer["rows"]) > 8
    eaeu = next(
        parts
        for row, parts in zip(answer["rows"], answer["evidence"], strict=True)
        if row["organisation"]["id"] == "kzr:org-eaeu"
    )
    text = json.dumps(eaeu)
    assert "kzr:said-rn2023-p03-s02" in text
    assert '"chars": [937, 1158]' in text


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("Which organisations are Kazakhstan and Russia both members of?", QUERY),
        ("In welchen Organisationen sind Kasachstan und Russland beide Mitglied?", QUERY),
        ("Which organisations are Казахстан and Россия both members of?", QUERY),
        ("Was bestreitet Tleuberdi?", "denials-of-speaker"),
    ],
)
def test_a_question_is_answered_and_the_chosen_query_is_said(question, query):
    done = run("ask", question)
    assert done.returncode == 0
    assert f"kzgraph query {query}" in done.stderr


def test_the_answer_speaks_the_language_of_the_question():
    done = run("ask", "In welchen Organisationen sind Kasachstan und Russland beide Mitglied?")
    assert "Eurasische Wirtschaftsunion" in done.stdout


def test_kazakh_letters_leave_the_command_whole_in_any_locale():
    done = run("show", "Kazakhstan", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert "Қазақстан" in done.stdout


def test_an_answer_goes_to_a_file_by_its_suffix_and_leaves_no_half_one(tmp_path):
    target = tmp_path / "answer.csv"
    done = run("query", QUERY, "-o", str(target))
    assert done.returncode == 0
    assert done.stdout == ""
    assert target.read_text(encoding="utf-8").startswith("partner,partnerLabel")
    assert [p.name for p in tmp_path.iterdir()] == ["answer.csv"]
    missing = run("query", QUERY, "-o", str(tmp_path / "no" / "x.csv"))
    assert missing.returncode == 2
    assert "there is no folder" in missing.stderr
    strange = run("query", QUERY, "-o", str(tmp_path / "x.xyz"))
    assert strange.returncode == 2


@pytest.mark.parametrize("format_", ["json", "ndjson", "csv", "tsv", "md", "table"])
def test_two_runs_give_the_same_bytes(format_):
    first = run("query", QUERY, "-f", format_, PYTHONHASHSEED="1", TZ="Asia/Almaty")
    second = run("query", QUERY, "-f", format_, PYTHONHASHSEED="2", TZ="UTC", LC_ALL="C")
    assert first.stdout == second.stdout != ""


def test_explain_draws_a_proof_and_counts_the_ways():
    shown = run("explain", "Kazakhstan", "memberOf", "EAEU", "-f", "json", "--all")
    told = json.loads(shown.stdout)
    assert told["ways"] == len(told["proofs"]) > 1
    # each source has a membership of its own, and each is a way
    memberships = {proof["premises"][1]["subject"]["id"] for proof in told["proofs"]}
    assert len(memberships) == told["ways"]
    assert "kzr:membership-kaz-eaeu-said-rn2023" in memberships
    dot = run("explain", "Kazakhstan", "memberOf", "EAEU", "-f", "dot").stdout
    assert dot.startswith("digraph proof {")


def test_a_broken_file_is_named_with_line_and_column(tmp_path):
    broken = tmp_path / "broken.ttl"
    broken.write_text('@prefix kz: <https://w3id.org/kzgraph/ontology#> .\nkz:a kz:b "x ;\n')
    done = run("validate", str(broken))
    assert done.returncode == 2
    assert f"{broken}:2:11" in done.stderr
    formatted = run("format", str(broken))
    assert formatted.returncode == 1
    assert broken.read_text().endswith('"x ;\n')


def test_a_file_of_the_user_is_checked_and_located(tmp_path):
    mine = tmp_path / "mine.ttl"
    mine.write_text(
        "@prefix kz: <https://w3id.org/kzgraph/ontology#> .\n"
        "@prefix kzr: <https://w3id.org/kzgraph/id/> .\n\n"
        "kzr:membership-x\n    a kz:Membership ;\n    kz:memberState kzr:country-kaz ;\n    .\n"
    )
    done = run("validate", str(mine))
    assert done.returncode == 1
    assert f"{mine}:" in done.stdout
    assert "membership-x" in done.stdout


def test_passages_are_shown_from_the_readers_copy():
    seed = Path(__file__).resolve().parents[3] / "shared" / "seed"
    if not (seed / "article.de.txt").is_file():
        pytest.skip("the article is not at hand")
    done = run("verify-locators", "--sources", str(seed))
    assert done.returncode == 0
    with_text = run("claims", "--stance", "denies", "--sources", str(seed))
    assert "“" in with_text.stdout
    without = run("claims", "--stance", "denies")
    assert "“" not in without.stdout
    assert "--sources DIR" in without.stdout
