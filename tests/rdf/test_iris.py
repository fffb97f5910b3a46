"""Relative IRIs and short names."""

from __future__ import annotations

import pytest

from kzgraph.rdf.iris import curie, is_relative, resolve

BASE = "http://a/b/c/d;p?q"

# RFC 3986, sections 5.4.1 and 5.4.2
RFC_EXAMPLES = {
    "g:h": "g:h",
    "g": "http://a/b/c/g",
    "./g": "http://a/b/c/g",
    "g/": "http://a/b/c/g/",
    "/g": "http://a/g",
    "//g": "http://g",
    "?y": "http://a/b/c/d;p?y",
    "g?y": "http://a/b/c/g?y",
    "#s": "http://a/b/c/d;p?q#s",
    "g#s": "http://a/b/c/g#s",
    "g?y#s": "http://a/b/c/g?y#s",
    ";x": "http://a/b/c/;x",
    "g;x": "http://a/b/c/g;x",
    "": "http://a/b/c/d;p?q",
    ".": "http://a/b/c/",
    "./": "http://a/b/c/",
    "..": "http://a/b/",
    "../": "http://a/b/",
    "../g": "http://a/b/g",
    "../..": "http://a/",
    "../../g": "http://a/g",
    "../../../g": "http://a/g",
    "../../../../g": "http://a/g",
    "/./g": "http://a/g",
    "/../g": "http://a/g",
    "g.": "http://a/b/c/g.",
    ".g": "http://a/b/c/.g",
    "g..": "http://a/b/c/g..",
    "..g": "http://a/b/c/..g",
    "./../g": "http://a/b/g",
    "./g/.": "http://a/b/c/g/",
    "g/./h": "http://a/b/c/g/h",
    "g/../h": "http://a/b/c/h",
    "g;x=1/./y": "http://a/b/c/g;x=1/y",
    "g;x=1/../y": "http://a/b/c/y",
    "g?y/../x": "http://a/b/c/g?y/../x",
    "g#s/../x": "http://a/b/c/g#s/../x",
}


@pytest.mark.parametrize(("reference", "expected"), RFC_EXAMPLES.items())
def test_references_resolve_as_the_rfc_says(reference: str, expected: str) -> None:
    assert resolve(reference, BASE) == expected


def test_a_base_without_path_gets_one() -> None:
    assert resolve("x", "http://a") == "http://a/x"


@pytest.mark.parametrize(
    ("text", "expected"), [("a/b:c", True), (":x", False), ("#a:b", True), ("1:x", False)]
)
def test_a_colon_in_the_first_segment_is_no_relative_iri(text: str, expected: bool) -> None:
    assert is_relative(text) is expected


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("https://w3id.org/kzgraph/id/country-kaz", ("kzr", "country-kaz")),
        ("https://w3id.org/kzgraph/ontology#", None),
        ("https://w3id.org/kzgraph/id/a.", None),
        ("https://w3id.org/kzgraph/id/a.b", ("kzr", "a.b")),
        ("https://w3id.org/kzgraph/id/a/b", None),
        ("https://w3id.org/kzgraph/id/-a", None),
        ("https://w3id.org/kzgraph/id/a%20b", None),
        ("https://w3id.org/kzgraph/id/қ", None),
        ("https://example.org/x", None),
    ],
)
def test_only_plain_local_names_are_shortened(iri: str, expected: tuple[str, str] | None) -> None:
    assert curie(iri) == expected
