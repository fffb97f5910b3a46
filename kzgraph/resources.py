"""Where the shipped ontology, data and queries lie.

In a checkout they are the folders beside the package; in a wheel they lie
under ``kzgraph/_bundle``. Only this module knows that. ``KZGRAPH_HOME`` names
another folder with the same three folders in it.
"""

from __future__ import annotations

import os
from pathlib import Path

from kzgraph.errors import StoreError

FOLDERS = ("ontology", "data", "queries")


def home() -> Path:
    """Return the folder that holds ``ontology/``, ``data/`` and ``queries/``.

    Raises StoreError when none has them.
    """
    named = os.environ.get("KZGRAPH_HOME")
    if named:
        root = Path(named)
        missing = [f for f in FOLDERS if not (root / f).is_dir()]
        if missing:
            raise StoreError(
                f"KZGRAPH_HOME is {named!r}, which has no folder {', '.join(missing)}",
                hint="unset it, or point it to a folder with ontology/, data/ and queries/",
            )
        return root
    package = Path(__file__).resolve().parent
    checkout = package.parent
    # an editable install can leave a stale copy in _bundle, so the checkout wins
    if (checkout / "pyproject.toml").is_file() and (checkout / "ontology").is_dir():
        return checkout
    bundle = package / "_bundle"
    if bundle.is_dir():
        return bundle
    raise StoreError(
        "the ontology, data and queries of kzgraph are not where they belong",
        hint="install kzgraph again: pip install --force-reinstall .",
    )


def files_under(kind: str, suffix: str) -> list[tuple[str, os.DirEntry[str]]]:
    """Return (name relative to home, entry) of the files of a kind that end in a suffix, sorted.

    A walk by hand: it runs before every answer, and ``Path.rglob`` is ten times slower.
    """
    found: list[tuple[str, os.DirEntry[str]]] = []
    waiting = [(kind, os.fspath(home() / kind))]
    while waiting:
        name, path = waiting.pop()
        with os.scandir(path) as entries:
            for entry in entries:
                inner = f"{name}/{entry.name}"
                if entry.is_dir():
                    waiting.append((inner, entry.path))
                elif entry.name.endswith(suffix):
                    found.append((inner, entry))
    return sorted(found, key=lambda item: item[0])


def folder(kind: str) -> Path:
    """Return the folder of one kind: ``ontology``, ``data`` or ``queries``."""
    return home() / kind


def turtle_files() -> list[Path]:
    """Return every Turtle file of the ontology and the data, in a fixed order.

    Shapes validate and do not take part in the graph; they are left out.
    """
    return [Path(entry.path) for _, entry in graph_files()]


def graph_files() -> list[tuple[str, os.DirEntry[str]]]:
    """Return (name relative to home, entry) of the files that ``turtle_files`` returns."""
    return [
        (name, entry)
        for kind in ("data", "ontology")
        for name, entry in files_under(kind, ".ttl")
        if "/shapes/" not in name
    ]


def graph_name(path: Path) -> str:
    """Return the local name of a file's named graph, such as ``agreements/treaties``."""
    relative = path.relative_to(home()).with_suffix("")
    parts = relative.parts[1:] if relative.parts[0] == "data" else relative.parts
    return "/".join(parts)
