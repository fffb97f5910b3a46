"""Small worlds of relators and claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyoxigraph import NamedNode

from kzgraph.namespaces import kzr
from kzgraph.snapshot.closing import ClosedGraph, close_graph


def claim(
    name: str,
    content: str,
    *,
    stance: str = "asserts",
    review: str = "accepted",
    rank: str = "",
    more: str = "",
) -> str:
    """Return the Turtle of a claim on a relator or, after ``proposition:``, on a proposition."""
    kind, _, what = content.rpartition(":")
    line = f"kz:claimRank kzv:rank-{rank} ;" if rank else ""
    return f"""
    kzr:{name} a kz:Claim ; kz:attribution kzv:attribution-authors-voice ;
        kz:claimant kzr:org-paper ; kz:reporter kzr:org-paper ; kz:{kind or "content"} kzr:{what} ;
        kz:evidence kzr:{name.partition("-c")[0]} ; kz:reviewState kzv:review-{review} ;
        kz:stance kzv:stance-{stance} ; {line} {more} .
    """


@pytest.fixture(scope="session")
def close(graph: Any, turtle: Any) -> Callable[[str], ClosedGraph]:
    """Close a small graph under the repository's ontology."""

    def make(text: str) -> ClosedGraph:
        return close_graph(graph.ontology, turtle(text), rules=graph.closed.rules)

    return make


@pytest.fixture(scope="session")
def facts(close: Any) -> Callable[[str], set[str]]:
    """Return the local names of the relators of a small graph that count."""

    def find(text: str) -> set[str]:
        return {local(node) for node in close(text).gate.facts}

    return find


def local(node: Any) -> str:
    """Return the last part of an IRI."""
    assert isinstance(node, NamedNode)
    return node.value.removeprefix(kzr("").value)
