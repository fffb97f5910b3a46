"""kzgraph: answers about Kazakhstan in the world, each with its proof and its source.

>>> import kzgraph
>>> graph = kzgraph.open()                                       # doctest: +SKIP
>>> graph.query("shared-memberships", state="Russia")            # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["KnowledgeGraph", "KzgraphError", "__version__", "build", "open"]

if TYPE_CHECKING:
    from kzgraph.errors import KzgraphError
    from kzgraph.knowledge import KnowledgeGraph, build, open


def __getattr__(name: str) -> Any:
    """Load the public names when they are asked for; ``import kzgraph`` stays quick."""
    if name == "KzgraphError":
        from kzgraph.errors import KzgraphError

        return KzgraphError
    if name in __all__:
        from kzgraph import knowledge

        return getattr(knowledge, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
