"""kzgraph: answers about Kazakhstan in the world, each with its proof and its source."""

__version__ = "0.1.0"
__all__ = ["__version__"]
