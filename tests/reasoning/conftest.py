"""Small graphs in Turtle, read the way the build reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import RdfFormat, Triple, parse

PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture(scope="session")
def turtle() -> Callable[[str], list[Triple]]:
    def read(text: str) -> list[Triple]:
        return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]

    return read
