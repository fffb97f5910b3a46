"""Imports point one way, and starting up loads nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "kzgraph"
# a room may import from its own layer and from those below it
LAYERS = (
    {"errors", "namespaces", "resources"},
    {"rdf"},
    {"store"},
    {"reasoning", "temporal"},
    {"claims"},
    {"snapshot"},
    {"queries", "validation"},
    {"exchange"},
    {"knowledge"},
    {"cli"},
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
HEAVY = {"rdflib", "pyshacl", "owlrl", "SPARQLWrapper", "rich", "yaml", "rapidfuzz"}


def imports(path: Path) -> list[tuple[str, bool]]:
    """Return the modules that a file imports, and whether at its top."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    checking = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    inside = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in checking:
            continue
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) not in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, id(node) not in inside))
    return found


def modules() -> list[Path]:
    return sorted(
        p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py" or p.parent != PACKAGE
    )


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_from_below(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for module, _ in imports(path):
        parts = module.split(".")
        if parts[0] != "kzgraph" or len(parts) == 1:
            continue
        assert LEVEL[parts[1]] <= LEVEL[room], f"{room} imports {module}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_heavy_packages_are_imported_where_they_are_used(path: Path) -> None:
    heavy = {m.split(".")[0] for m, top in imports(path) if top} & HEAVY
    if path.relative_to(PACKAGE).as_posix() in {
        "queries/headers.py",
        "queries/reading.py",
        "queries/faults.py",
        "queries/similarity.py",
    }:
        heavy -= {"yaml", "rapidfuzz"}  # modules that are themselves loaded late
    assert heavy == set()


@pytest.mark.parametrize(
    "code",
    [
        "import kzgraph",
        "from kzgraph.cli.main import _run; _run(['--help'])",
        "from kzgraph.cli.main import _run; _run(['query', 'shared-memberships', '-f', 'json'])",
    ],
    ids=["import", "help", "query"],
)
def test_starting_up_loads_nothing_heavy(code: str) -> None:
    """The query comes after a build, so that it measures an answer from the snapshot."""
    program = (
        f"import sys\n{code}\n"
        "print(sorted({'rdflib','numpy','pyshacl','owlrl','yaml','rich','SPARQLWrapper'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    if "query" in code:
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stderr.strip() == "[]"
