"""What the tests of Turtle share: the oracle parser and a comparison of graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyoxigraph
import pytest

Terms = tuple[Any, Any, Any]


@pytest.fixture(scope="session")
def oracle() -> Callable[[str], list[Terms]]:
    """Return what pyoxigraph reads from a Turtle text."""

    def read(text: str) -> list[Terms]:
        quads = pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)
        return [(quad.subject, quad.predicate, quad.object) for quad in quads]

    return read


@pytest.fixture(scope="session")
def same_graph() -> Callable[[Iterable[Terms], Iterable[Terms]], bool]:
    """Return whether two lists of triples are one graph, by RDFC-1.0."""

    def canonical(triples: Iterable[Terms]) -> pyoxigraph.Dataset:
        dataset = pyoxigraph.Dataset(pyoxigraph.Quad(*triple[:3]) for triple in triples)
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        return dataset

    return lambda first, second: canonical(first) == canonical(second)
