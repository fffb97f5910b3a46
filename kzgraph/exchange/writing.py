"""New statements into the files of the data: merged, canonical, whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import Triple

from kzgraph.errors import StoreError
from kzgraph.rdf.files import read_text, write_file_atomically
from kzgraph.rdf.turtle import format_turtle, write_turtle

# a file cut off before the ones that build on it leaves nothing that hangs in the air
_ORDER = (
    "sources/",
    "actors/",
    "places/",
    "economy/",
    "agreements/",
    "events/",
    "links/",
    "claims/",
)


def merged_texts(folder: Path, additions: Mapping[str, Iterable[Triple]]) -> dict[Path, str]:
    """Return the text that each file would have, comments kept, in the order of writing."""
    found: dict[Path, str] = {}
    for name in sorted(additions, key=_rank):
        triples = list(additions[name])
        if not triples:
            continue
        path = folder / f"{name}.ttl"
        text = write_turtle(triples)
        if path.exists():
            text = format_turtle(read_text(path) + "\n" + text, path=str(path))
        found[path] = text
    return found


def write_texts(texts: Mapping[Path, str]) -> None:
    """Write files one after the other, each whole or not at all.

    Raises StoreError; the files written before stand, and importing again writes the
    rest.
    """
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{path.parent} cannot be made: {error.strerror}",
                hint="import into a checkout, or into a folder that KZGRAPH_HOME names",
            ) from error
        write_file_atomically(path, text)


def _rank(name: str) -> tuple[int, str]:
    place = next((i for i, start in enumerate(_ORDER) if name.startswith(start)), len(_ORDER))
    return place, name
