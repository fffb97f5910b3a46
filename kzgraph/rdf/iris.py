"""IRIs in Turtle: relative ones resolved, known ones shortened."""

from __future__ import annotations

import re
from typing import Final

from kzgraph.namespaces import PREFIXES

_PARTS: Final = re.compile(
    r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.S
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# narrower than Turtle allows, so that no local name ever needs an escape
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_BY_LENGTH: Final = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


def is_absolute(iri: str) -> bool:
    """Return whether an IRI names its scheme."""
    return _SCHEME.match(iri) is not None


def is_relative(reference: str) -> bool:
    """Return whether a text without scheme can be resolved: no colon in its first segment."""
    return ":" not in re.split(r"[/?#]", reference, maxsplit=1)[0]


def resolve(reference: str, base: str) -> str:
    """Return the absolute IRI of a reference, by RFC 3986 section 5.2.

    >>> resolve("../d", "http://example.org/a/b/c")
    'http://example.org/a/d'
    >>> resolve("#x", "http://example.org/a")
    'http://example.org/a#x'
    """
    scheme, authority, path, query, fragment = _split(reference)
    base_scheme, base_authority, base_path, base_query, _ = _split(base)
    if scheme is not None:
        return _join(scheme, authority, _without_dots(path), query, fragment)
    if authority is not None:
        return _join(base_scheme, authority, _without_dots(path), query, fragment)
    if not path:
        query = base_query if query is None else query
        return _join(base_scheme, base_authority, base_path, query, fragment)
    if not path.startswith("/"):
        if base_authority is not None and not base_path:
            path = "/" + path
        else:
            path = base_path[: base_path.rfind("/") + 1] + path
    return _join(base_scheme, base_authority, _without_dots(path), query, fragment)


def curie(iri: str) -> tuple[str, str] | None:
    """Return prefix and local name of an IRI as Turtle writes them, or None where none fits.

    >>> curie("https://w3id.org/kzgraph/id/country-kaz")
    ('kzr', 'country-kaz')
    >>> curie("https://w3id.org/kzgraph/graph/agreements/treaties") is None
    True
    """
    for prefix, namespace in _BY_LENGTH:
        if iri.startswith(namespace):
            local = iri[len(namespace) :]
            return (prefix, local) if _LOCAL.fullmatch(local) else None
    return None


_Parts = tuple[str | None, str | None, str, str | None, str | None]


def _split(iri: str) -> _Parts:
    match = _PARTS.fullmatch(iri)
    assert match is not None  # every text matches, all parts are optional
    scheme, authority, path, query, fragment = match.groups()
    return scheme, authority, path or "", query, fragment


def _join(
    scheme: str | None, authority: str | None, path: str, query: str | None, fragment: str | None
) -> str:
    return "".join(
        (
            "" if scheme is None else f"{scheme}:",
            "" if authority is None else f"//{authority}",
            path,
            "" if query is None else f"?{query}",
            "" if fragment is None else f"#{fragment}",
        )
    )


def _without_dots(path: str) -> str:
    """Return a path with its ``.`` and ``..`` segments carried out."""
    if "." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for position, segment in enumerate(segments):
        last = position == len(segments) - 1
        if segment == "..":
            if len(kept) > 1 or (kept and kept[0] != ""):
                kept.pop()
            if last:
                kept.append("")
        elif segment == ".":
            if last:
                kept.append("")
        else:
            kept.append(segment)
    return "/".join(kept)
