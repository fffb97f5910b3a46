"""Where triples lie: in memory while a snapshot is built, on disk afterwards."""

from kzgraph.store.embedded import EmbeddedStore
from kzgraph.store.memory import TripleIndex

__all__ = ["EmbeddedStore", "TripleIndex"]
