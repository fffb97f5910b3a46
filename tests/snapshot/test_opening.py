"""The snapshot: built once, rebuilt when files change, whole or not there at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import kzgraph
from kzgraph.errors import SourceSyntaxError, StoreError
from kzgraph.snapshot.opening import cache_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A small project folder of its own, and a cache that nobody else uses."""
    place = tmp_path / "home"
    shutil.copytree(ROOT / "ontology", place / "ontology")
    (place / "data" / "actors").mkdir(parents=True)
    for name in ("states", "organisations", "memberships"):
        shutil.copy(ROOT / "data" / "actors" / f"{name}.ttl", place / "data" / "actors")
    shutil.copytree(ROOT / "data" / "claims", place / "data" / "claims")
    (place / "queries" / "organisations").mkdir(parents=True)
    shutil.copy(
        ROOT / "queries" / "organisations" / "shared-memberships.rq",
        place / "queries" / "organisations",
    )
    monkeypatch.setenv("KZGRAPH_HOME", str(place))
    monkeypatch.setenv("KZGRAPH_CACHE", str(tmp_path / "cache"))
    return place


def opened():
    """Open the graph; return it and what was said on the way."""
    said: list[str] = []
    return kzgraph.open(progress=said.append, in_command=True), said


def names(graph):
    answer = graph.query("shared-memberships")
    return [answer.name_of(row[-1]) for row in answer.rows]


def test_the_first_opening_builds_and_the_second_does_not(home):
    graph, said = opened()
    assert any("closing" in message for message in said)
    assert "Eurasian Economic Union" in names(graph)
    again, silent = opened()
    assert silent == []
    assert names(again) == names(graph)


def test_a_changed_file_is_noticed_and_a_touched_one_is_not_rebuilt(home):
    graph, _ = opened()
    file = home / "data" / "actors" / "memberships.ttl"
    os.utime(file, (1, 1))
    _, said = opened()
    assert said == []
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("kzr:org-cis ;", "kzr:org-un ;"), encoding="utf-8")
    changed, said = opened()
    assert said != []
    assert "Commonwealth of Independent States" in names(graph)
    assert "Commonwealth of Independent States" not in names(changed)


def test_a_file_that_comes_or_goes_is_noticed(home):
    opened()
    (home / "data" / "actors" / "more.ttl").write_text(
        "@prefix kz: <https://w3id.org/kzgraph/ontology#> .\n"
        "@prefix kzr: <https://w3id.org/kzgraph/id/> .\n"
        "kzr:person-x a kz:Person .\n"
    )
    _, said = opened()
    assert said != []
    (home / "data" / "actors" / "more.ttl").unlink()
    _, said = opened()
    assert said != []


def snapshot_folder() -> Path:
    state = json.loads((cache_folder() / "state.json").read_text())
    return cache_folder() / f"snapshot-{state['digest'][:16]}"


def cut_manifest(folder):
    for manifest in (folder / "store").glob("MANIFEST*"):
        manifest.write_bytes(b"")


def remove_store(folder):
    shutil.rmtree(folder / "store")


def garble_index(folder):
    (folder / "index.sqlite").write_bytes(b"not a database" * 1000)


def empty_index(folder):
    (folder / "index.sqlite").write_bytes(b"")


def remove_all(folder):
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "damage", [cut_manifest, remove_store, garble_index, empty_index, remove_all]
)
def test_a_damaged_snapshot_is_noticed_and_built_anew(home, damage):
    graph, _ = opened()
    expected = names(graph)
    del graph
    damage(snapshot_folder())
    again, said = opened()
    assert any("building it anew" in message for message in said)
    assert names(again) == expected


@pytest.mark.parametrize("state", ["", "{", "[]", '{"files": 3}'])
def test_a_broken_state_file_leads_to_a_build(home, state):
    opened()
    (cache_folder() / "state.json").write_text(state)
    _, said = opened()
    assert said != []


def test_a_cache_that_cannot_be_written_is_replaced_for_this_once(home, tmp_path, monkeypatch):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("KZGRAPH_CACHE", str(blocked))
    graph, said = opened()
    assert any("temporary folder" in message for message in said)
    assert "Eurasian Economic Union" in names(graph)
    assert blocked.read_text() == "a file where the folder should be"


def test_a_broken_file_is_named_and_the_old_snapshot_stays(home):
    opened()
    old = snapshot_folder()
    file = home / "data" / "actors" / "states.ttl"
    good = file.read_text(encoding="utf-8")
    file.write_text(good + "\nkzr:x a kz:State ;\n", encoding="utf-8")
    with pytest.raises(SourceSyntaxError, match=r"states\.ttl:\d+:\d+: "):
        opened()
    assert old.is_dir()
    assert [p.name for p in cache_folder().glob("new-*")] == []
    file.write_text(good, encoding="utf-8")
    _, said = opened()
    assert said == []


def test_a_folder_without_the_three_parts_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("KZGRAPH_HOME", str(tmp_path))
    with pytest.raises(StoreError, match="no folder ontology, data, queries"):
        kzgraph.open()


def program(words: str) -> list[str]:
    return [sys.executable, "-c", f"import kzgraph; {words}"]


def test_two_builds_at_once_both_end_well(home):
    asked = "print(len(kzgraph.open(in_command=True).query('shared-memberships')))"
    with ThreadPoolExecutor(3) as pool:
        done = list(
            pool.map(
                lambda _: subprocess.run(
                    program(asked), capture_output=True, text=True, check=False
                ),
                range(3),
            )
        )
    assert {d.stdout.strip() for d in done} == {"8"}
    assert [d.returncode for d in done] == [0, 0, 0]


def test_a_build_that_is_killed_leaves_the_old_snapshot_whole(home):
    graph, _ = opened()
    expected = names(graph)
    for delay in (0.2, 0.5, 0.8):
        process = subprocess.Popen(program("kzgraph.build()"), stderr=subprocess.DEVNULL)
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        again, said = opened()
        assert names(again) == expected
        assert said == []


def test_the_folder_may_vanish_while_the_graph_is_open(home):
    graph, _ = opened()
    expected = names(graph)
    shutil.rmtree(cache_folder())
    again, said = opened()
    assert said != []
    assert names(again) == expected


def test_owlrl_gives_the_same_answers(home):
    graph, _ = opened()
    other = kzgraph.open(reasoner="owlrl", in_command=True)
    assert names(other) == names(graph)
