"""The snapshot: built when it must be, opened when it can be, never half."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Quad, Store, Triple

from kzgraph import knowledge
from kzgraph.errors import InputError, SourceSyntaxError, StoreError
from kzgraph.namespaces import kz, kzr
from kzgraph.snapshot import opening
from kzgraph.snapshot.names import DIGEST, SNAPSHOT

MEMBER = Triple(kzr("country-kaz"), kz("memberOf"), kzr("org-eaeu"))
ROOT = Path(__file__).resolve().parents[2]


class Opener:
    """Opens the small home and notes what it was told on the way."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self) -> knowledge.KnowledgeGraph:
        self.said = []
        return knowledge.open(progress=self.said.append)

    @property
    def built(self) -> bool:
        """Whether the last opening had to build."""
        return any(words.startswith("closing") for words in self.said)


@pytest.fixture
def opener(small_home: Path) -> Opener:
    """Open the small home, which is not built yet."""
    return Opener()


@pytest.fixture
def snapshot(opener: Opener) -> Path:
    """The folder of a snapshot that was built and is closed again."""
    graph = opener()
    folder = graph.snapshot.folder
    graph.snapshot.index.connection.close()
    return folder


def data_file(home: Path) -> Path:
    """Return the small home's data."""
    return home / "data" / "small.ttl"


def test_the_first_opening_builds_and_the_second_does_not(opener: Opener) -> None:
    first = opener()
    assert opener.built
    assert first.snapshot.store.contains(MEMBER)
    second = opener()
    assert opener.said == []
    assert second.snapshot.folder == first.snapshot.folder
    assert second.snapshot.store.contains(MEMBER)


def test_the_store_says_from_which_files_it_was_made(opener: Opener) -> None:
    graph = opener()
    digest = graph.snapshot.digest
    assert [str(o.value) for o in graph.snapshot.store.objects(SNAPSHOT, DIGEST)] == [digest]
    assert graph.snapshot.folder.name == f"snapshot-{digest[:16]}"
    assert graph.release == digest[:12]


def test_a_changed_file_is_noticed(opener: Opener, small_home: Path, snapshot: Path) -> None:
    file = data_file(small_home)
    file.write_text(file.read_text("utf-8").replace("Eurasian Economic", "Other"), "utf-8")
    graph = opener()
    assert opener.built
    assert graph.snapshot.store.label(kzr("org-eaeu"), ("en",)) == "Other Union"
    assert graph.snapshot.folder != snapshot


def test_a_change_of_equal_length_is_noticed(
    opener: Opener, small_home: Path, snapshot: Path
) -> None:
    file = data_file(small_home)
    file.write_text(file.read_text("utf-8").replace("Russia", "RUSSIA"), "utf-8")
    opener()
    assert opener.built


@pytest.mark.parametrize("kind", ["data/more.ttl", "queries/organisations/more.rq"])
def test_a_new_file_and_a_removed_one_are_noticed(
    kind: str, opener: Opener, small_home: Path, snapshot: Path
) -> None:
    query = small_home / "queries/organisations/members.rq"
    source = query if kind.endswith(".rq") else small_home / "ontology/modules/core.ttl"
    shutil.copy(source, small_home / kind)
    if kind.endswith(".ttl"):
        (small_home / kind).write_text("", "utf-8")
    opener()
    assert opener.built
    (small_home / kind).unlink()
    opener()
    # the snapshot of before is still there, but only one is on record
    assert opener().snapshot.store.contains(MEMBER)


def test_files_that_take_no_part_are_not_looked_at(
    opener: Opener, small_home: Path, snapshot: Path
) -> None:
    (small_home / "data" / "notes.txt").write_text("a note", "utf-8")
    (small_home / "ontology" / "shapes").mkdir()
    (small_home / "ontology" / "shapes" / "a.ttl").write_text("", "utf-8")
    opener()
    assert not opener.built


def test_a_file_that_was_only_touched_is_hashed_once_and_not_built(
    opener: Opener, small_home: Path, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(data_file(small_home), ns=(1, 1))
    hashed: list[Path] = []
    kept = opening.file_hash
    monkeypatch.setattr(opening, "file_hash", lambda path: hashed.append(path) or kept(path))
    opener()
    assert not opener.built
    assert hashed == [data_file(small_home)]
    opener()
    assert len(hashed) == 1


def cut_manifest(folder: Path) -> None:
    (manifest,) = (folder / "store").glob("MANIFEST-*")
    manifest.write_bytes(manifest.read_bytes()[:40])


def empty_manifest(folder: Path) -> None:
    (manifest,) = (folder / "store").glob("MANIFEST-*")
    manifest.write_bytes(b"")


def remove_current(folder: Path) -> None:
    (folder / "store" / "CURRENT").unlink()


def remove_tables(folder: Path) -> None:
    for file in (folder / "store").glob("*.sst"):
        file.unlink()


def cut_tables(folder: Path) -> None:
    for file in (folder / "store").glob("*.sst"):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty_store(folder: Path) -> None:
    shutil.rmtree(folder / "store")
    (folder / "store").mkdir()


def remove_store(folder: Path) -> None:
    shutil.rmtree(folder / "store")


def remove_digest(folder: Path) -> None:
    store = Store(str(folder / "store"))
    for quad in list(store.quads_for_pattern(SNAPSHOT, DIGEST, None, DefaultGraph())):
        store.remove(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    store.flush()
    del store


def garble_index(folder: Path) -> None:
    (folder / "index.sqlite").write_bytes(b"no database" * 1000)


def empty_index(folder: Path) -> None:
    (folder / "index.sqlite").write_bytes(b"")


def remove_index(folder: Path) -> None:
    (folder / "index.sqlite").unlink()


def cut_index(folder: Path) -> None:
    file = folder / "index.sqlite"
    file.write_bytes(file.read_bytes()[:4096])


def other_digest_in_index(folder: Path) -> None:
    with sqlite3.connect(folder / "index.sqlite") as connection:
        connection.execute("UPDATE meta SET value = 'other' WHERE key = 'digest'")
    connection.close()


def vanish(folder: Path) -> None:
    shutil.rmtree(folder)


def leave_a_file_in_its_place(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file", "utf-8")


@pytest.mark.parametrize(
    "damage",
    [
        cut_manifest, empty_manifest, remove_current, remove_tables, cut_tables, empty_store,
        remove_store, remove_digest, garble_index, empty_index, remove_index, cut_index,
        other_digest_in_index, vanish, leave_a_file_in_its_place,
    ],
    ids=lambda f: f.__name__.replace("_", " "),
)  # fmt: skip
def test_a_damaged_snapshot_is_noticed_and_built_anew(
    damage: Callable[[Path], None], opener: Opener, snapshot: Path
) -> None:
    damage(snapshot)
    graph = opener()
    assert opener.built
    assert any("damaged" in words for words in opener.said)
    assert graph.snapshot.store.contains(MEMBER)
    assert graph.query("members").rows
    opener()
    assert not opener.built


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '{"digest": 5}', '{"files": {"data/small.ttl": null}}',
        '{"files": []}',
    ],
)  # fmt: skip
def test_a_damaged_record_is_made_anew(text: str, opener: Opener, snapshot: Path) -> None:
    record = snapshot.parent / "state.json"
    kept = json.loads(record.read_text("utf-8"))
    record.write_text(text, "utf-8")
    assert opener().snapshot.store.contains(MEMBER)
    assert json.loads(record.read_text("utf-8"))["digest"] == kept["digest"]


@pytest.mark.parametrize("entry", [None, 5, [], [1], [1, 2], {"a": 1}])
def test_a_damaged_line_of_the_record_is_made_anew(
    entry: object, opener: Opener, snapshot: Path
) -> None:
    record = snapshot.parent / "state.json"
    kept = json.loads(record.read_text("utf-8"))
    kept["files"]["data/small.ttl"] = entry
    record.write_text(json.dumps(kept), "utf-8")
    assert opener().snapshot.store.contains(MEMBER)


def test_a_cache_that_cannot_be_written_is_said_and_done_without(
    small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "no-folder"
    place.write_text("a file", "utf-8")
    monkeypatch.setenv("KZGRAPH_CACHE", str(place))
    opener = Opener()
    graph = opener()
    assert any("cannot be written" in words for words in opener.said)
    assert graph.snapshot.store.contains(MEMBER)
    again = opener()
    assert not opener.built  # this process knows where it put it
    assert again.snapshot.folder == graph.snapshot.folder


def test_a_temporary_snapshot_does_not_outlive_its_process(
    small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "no-folder"
    place.write_text("a file", "utf-8")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = run_python(
        "import kzgraph; print(kzgraph.open().snapshot.folder)",
        KZGRAPH_CACHE=str(place),
        TMPDIR=str(temporary),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().startswith(str(temporary))
    assert list(temporary.iterdir()) == []


def test_a_snapshot_that_fits_is_opened_without_writing_anything(
    opener: Opener, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def contents() -> dict[str, int]:
        return {str(p): p.stat().st_mtime_ns for p in snapshot.parent.rglob("*")}

    before = contents()
    graph = opener()
    assert graph.query("members").rows
    assert contents() == before


def test_a_full_disk_is_said_and_leaves_nothing_behind(
    opener: Opener, small_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kzgraph.snapshot import build

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build.index, "create", full)
    with pytest.raises(StoreError, match="No space left on device") as caught:
        opener()
    assert "KZGRAPH_CACHE" in caught.value.hint
    assert [p.name for p in small_cache.rglob("new-*")] == []


def run_python(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, with the environment of the test."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


OPEN = """
import kzgraph
from kzgraph.namespaces import kz, kzr
from pyoxigraph import Triple
said = []
graph = kzgraph.open(progress=said.append)
assert graph.snapshot.store.contains(Triple(kzr("country-kaz"), kz("memberOf"), kzr("org-eaeu")))
assert graph.query("members").rows
print(sum(words.startswith("closing") for words in said))
"""


def test_several_processes_at_once_build_one_snapshot(small_home: Path, small_cache: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    ends = [process.communicate(timeout=120) for process in processes]
    assert [p.returncode for p in processes] == [0] * 4, [e for _, e in ends]
    assert sum(int(out) for out, _ in ends) == 1  # the others waited and took it
    (cache,) = small_cache.iterdir()
    assert len(list(cache.glob("snapshot-*"))) == 1
    assert list(cache.glob("new-*")) == []


KILLED = """
import os, signal
from kzgraph.snapshot import {module}
kept = {module}.{name}
def killed(*words, **options):
    {before}
    os.kill(os.getpid(), signal.SIGKILL)
{module}.{name} = killed
import kzgraph
kzgraph.build()
"""


@pytest.mark.parametrize(
    ("module", "name", "before"),
    [
        ("build", "read_sources", "pass"),
        ("build", "close_graph", "pass"),
        ("build.EmbeddedStore", "create", "kept(*words, **options)"),
        ("index", "write", "kept(*words, **options)"),
        ("build", "swap_in", "pass"),
        ("opening", "_write_state", "pass"),
        ("opening", "_remove_old", "pass"),
    ],
)
def test_a_build_that_is_killed_leaves_the_old_snapshot_whole(
    module: str, name: str, before: str, opener: Opener, snapshot: Path
) -> None:
    code = KILLED.format(module=module, name=name, before=before)
    code = code.replace("import build.EmbeddedStore", "import build")
    done = run_python(code)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert opener().snapshot.store.contains(MEMBER)
    assert not opener.built


def test_what_a_killed_build_leaves_is_swept_up_later(opener: Opener, snapshot: Path) -> None:
    left = snapshot.parent / "new-1-abc"
    left.mkdir()
    (left / "store").mkdir()
    fresh = snapshot.parent / "new-2-abc"  # perhaps of a build that runs now
    fresh.mkdir()
    hour_ago = time.time() - 3700
    os.utime(left, (hour_ago, hour_ago))
    knowledge.build()
    assert not left.exists()
    assert fresh.exists()


def test_old_snapshots_go_after_an_hour_and_not_before(
    opener: Opener, small_home: Path, snapshot: Path
) -> None:
    hour_ago = time.time() - 3700
    file = data_file(small_home)
    file.write_text(file.read_text("utf-8").replace("Russia", "RUSSIA"), "utf-8")
    second = opener().snapshot.folder
    assert snapshot.exists()
    os.utime(snapshot, (hour_ago, hour_ago))
    file.write_text(file.read_text("utf-8").replace("RUSSIA", "Ruthenia"), "utf-8")
    opener()
    assert not snapshot.exists()
    assert second.exists()


def test_a_reader_goes_on_while_the_snapshot_is_built_anew(opener: Opener, snapshot: Path) -> None:
    reader = opener()
    knowledge.build()
    assert reader.query("members").rows
    assert reader.snapshot.store.contains(MEMBER)


def test_a_held_lock_is_waited_for_and_named_in_the_end(
    opener: Opener, small_cache: Path, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    monkeypatch.setattr(opening, "_LOCK_PATIENCE", 0.2)
    with (snapshot.parent / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        said: list[str] = []
        with pytest.raises(StoreError, match="another process has held") as caught:
            knowledge.build(progress=said.append)
    assert "another build is running; waiting for it" in said
    assert "KZGRAPH_CACHE" in caught.value.hint
    assert list(snapshot.parent.glob("new-*")) == []


def test_a_home_without_its_folders_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KZGRAPH_HOME", str(tmp_path))
    with pytest.raises(StoreError, match="has no folder ontology, data, queries") as caught:
        knowledge.open()
    assert "KZGRAPH_HOME" in str(caught.value)
    assert caught.value.hint


def test_a_home_that_is_empty_has_nothing_to_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ontology", "data", "queries"):
        (tmp_path / "home" / name).mkdir(parents=True)
    monkeypatch.setenv("KZGRAPH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KZGRAPH_CACHE", str(tmp_path / "cache"))
    graph = knowledge.open()
    assert len(graph.snapshot.store) == 1
    assert graph.claims() == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("@prefix kzr: <https://w3id.org/kzgraph/id/> .\nkzr:a kzr:b .\n", "broken.ttl:2:13"),
        ("kzr:a kzr:b kzr:c .\n", "broken.ttl:1:1"),
    ],
)
def test_a_broken_data_file_is_named_with_line_and_column_and_changes_nothing(
    text: str, where: str, opener: Opener, small_home: Path, snapshot: Path
) -> None:
    broken = small_home / "data" / "broken.ttl"
    broken.write_text(text, "utf-8")
    with pytest.raises(SourceSyntaxError) as caught:
        opener()
    assert where in caught.value.message
    assert "^" in caught.value.message
    assert caught.value.hint
    assert snapshot.is_dir()
    broken.unlink()
    assert opener().snapshot.folder == snapshot
    assert not opener.built


def test_a_data_file_that_is_not_utf_8_is_named(
    opener: Opener, small_home: Path, snapshot: Path
) -> None:
    (small_home / "data" / "latin.ttl").write_bytes("# Köln\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.ttl"):
        opener()


def test_a_broken_query_is_named_with_its_line(
    opener: Opener, small_home: Path, snapshot: Path
) -> None:
    (small_home / "queries" / "broken.rq").write_text("#+ summary: [\n\nSELECT * {}\n", "utf-8")
    with pytest.raises(InputError, match=r"broken\.rq:\d+"):
        opener()


def test_a_file_that_goes_away_while_it_is_read_is_an_error_of_ours(
    opener: Opener, small_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small_home / "data" / "gone.ttl").symlink_to(small_home / "nowhere.ttl")
    with pytest.raises((InputError, StoreError), match=r"gone\.ttl"):
        opener()


def test_the_build_tells_what_it_left_out(opener: Opener, small_home: Path) -> None:
    file = data_file(small_home)
    file.write_text(
        file.read_text("utf-8") + "kzr:country-rus kz:memberOf kzr:org-eaeu .\n", "utf-8"
    )
    graph = opener()
    assert not graph.snapshot.store.contains(
        Triple(kzr("country-rus"), kz("memberOf"), kzr("org-eaeu"))
    )
    (words,) = [w for w in opener.said if "left out" in w]
    assert "kzr:country-rus kz:memberOf kzr:org-eaeu" in words


def test_two_homes_have_two_snapshots(
    opener: Opener, small_home: Path, small_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opener().snapshot.folder
    other = small_home.parent / "other"
    shutil.copytree(small_home, other)
    monkeypatch.setenv("KZGRAPH_HOME", str(other))
    second = opener().snapshot.folder
    assert opener.built
    assert first.parent != second.parent
    monkeypatch.setenv("KZGRAPH_HOME", str(small_home))
    opener()
    assert not opener.built


def test_another_version_of_the_program_builds_anew(
    opener: Opener, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MADE_BY", "kzgraph 9.9, snapshot format 9, ")
    from kzgraph.snapshot import build

    monkeypatch.setattr(build, "MADE_BY", "kzgraph 9.9, snapshot format 9, ")
    opener()
    assert opener.built


def test_the_other_reasoner_s_snapshot_is_used_until_the_files_change(
    opener: Opener, small_home: Path, snapshot: Path
) -> None:
    report = knowledge.build(reasoner="owlrl")
    graph = opener()
    assert not opener.built
    assert graph.snapshot.digest == report.digest
    assert graph.snapshot.index.meta("reasoner") == "owlrl"
    assert graph.snapshot.store.contains(MEMBER)
    assert graph.explain("Kazakhstan", "memberOf", "kzr:org-eaeu").proof.claims_below()
    file = data_file(small_home)
    file.write_text(file.read_text("utf-8").replace("Russia", "RUSSIA"), "utf-8")
    assert opener().snapshot.index.meta("reasoner") == "kzgraph"


def test_a_reasoner_that_is_asked_for_is_built(opener: Opener, snapshot: Path) -> None:
    graph = knowledge.open(reasoner="owlrl")
    assert graph.snapshot.index.meta("reasoner") == "owlrl"
    assert knowledge.open(reasoner="kzgraph").snapshot.index.meta("reasoner") == "kzgraph"


def test_the_report_of_a_build_counts_what_the_store_holds(opener: Opener) -> None:
    report = knowledge.build()
    graph = opener()
    counts = report.counts
    assert counts["triples"] == len(graph.snapshot.store)
    assert counts["facts"] == 1
    assert counts["withheld"] == 0
    assert set(report.seconds) == {"read", "close", "store", "index"}
    assert json.loads(graph.snapshot.index.meta("counts")) == counts


def test_contradictions_are_reported_and_the_snapshot_stands(
    opener: Opener, small_home: Path
) -> None:
    file = data_file(small_home)
    file.write_text(file.read_text("utf-8") + "kzr:country-kaz a kz:Claim .\n", "utf-8")
    report = knowledge.build()
    assert report.inconsistencies
    assert "Claim" in str(report.inconsistencies[0])


def test_a_snapshot_s_meta_data_say_what_it_is(opener: Opener) -> None:
    index: Any = opener().snapshot.index
    assert index.meta("policy") == "best"
    assert index.meta("nothing") == ""
