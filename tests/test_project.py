"""What a stranger meets: the README's commands, the wheel, the files of the repository."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("kzgraph ")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_readme_works_as_written(line):
    words = shlex.split(line)
    done = subprocess.run(
        [sys.executable, "-m", "kzgraph.cli.main", *words[1:]],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_readme_has_commands_to_try():
    assert len(COMMANDS) > 10
    assert "make ask" in README
    assert "make test" in README


def test_the_python_example_of_the_readme_runs():
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "Eurasische Wirtschaftsunion" in done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    if not (ROOT / ".git").exists():
        pytest.skip("built from a checkout only")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_carries_ontology_data_and_queries(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for kind in ("ontology", "data", "queries"):
        shipped = {
            n.removeprefix("kzgraph/_bundle/")
            for n in names
            if n.startswith(f"kzgraph/_bundle/{kind}/")
        }
        wanted = {p.relative_to(ROOT).as_posix() for p in (ROOT / kind).rglob("*") if p.is_file()}
        assert shipped == wanted
    assert "kzgraph/py.typed" in names
    tables = {
        p.relative_to(ROOT).as_posix()
        for p in (ROOT / "kzgraph").rglob("*")
        if p.suffix in (".toml", ".tsv", ".txt", ".json", ".yaml")
    }
    assert {"kzgraph/queries/demonyms.tsv", "kzgraph/exchange/places.toml"} <= tables
    assert "kzgraph/exchange/mappings/memberships.toml" in tables
    assert tables <= set(names)
    assert any(n.endswith("licenses/LICENSES/CC-BY-4.0.txt") for n in names)
    assert not any("tests/" in n for n in names)


def test_the_wheel_answers_in_a_place_of_its_own(wheel, tmp_path):
    """Its packages come from here, so that nothing is fetched; its own code and data do not."""

    def run(python, *words, **environment):
        return subprocess.run(
            [str(python), "-m", "kzgraph.cli.main", *words],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout

    place = tmp_path / "elsewhere"
    venv.create(place, with_pip=False)
    site = next((place / "lib").glob("python*")) / "site-packages"
    zipfile.ZipFile(wheel).extractall(site)
    here = next(p for p in sys.path if p.endswith("site-packages"))
    (site / "borrowed.pth").write_text(here)
    own = {"KZGRAPH_CACHE": str(tmp_path / "cache"), "PYTHONPATH": ""}
    for words in (["query", "shared-memberships", "-f", "json"], ["import", "--mappings"]):
        there = run(place / "bin" / "python", *words, **own)
        assert there == run(sys.executable, *words, PYTHONPATH=str(ROOT))
        assert there
    assert (site / "kzgraph" / "_bundle" / "data").is_dir()


def tracked():
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not in a checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name]


def test_no_file_names_this_machine_or_a_registry():
    # written in pieces, so that this file does not find itself
    forbidden = re.compile(
        "|".join(
            ["/" + "work/", "/" + "root/", "/" + "home/", "pypi" + r"\.org", "files" + r"\.python"]
        )
    )
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="ignore") if path.is_file() else ""
        found += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if forbidden.search(line)
        ]
    assert found == []


def test_every_pinned_package_has_hashes_and_no_index():
    text = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    assert "index-url" not in text
    assert "--find-links" not in text
    pins = re.findall(r"^([a-z0-9][\w.-]*)==\S+ \\$", text, re.MULTILINE)
    assert {"rdflib", "pyshacl", "owlrl", "sparqlwrapper", "pyoxigraph", "hatchling"} <= set(pins)
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
