"""The days between which the relators of a corpus begin and end."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal

from kzgraph.store.memory import Subject, TripleIndex
from kzgraph.temporal.bounds import BEGIN_EARLIEST, BEGIN_LATEST, END_EARLIEST, END_LATEST

FIRST_DAY: Final = "0000"
LAST_DAY: Final = "9999-12-31"


class Days:
    """The first and last days of relators, as ISO dates that compare as text."""

    def __init__(self, computed: TripleIndex) -> None:
        self._index = computed

    def _day(self, node: Subject, bound: object, *, default: str) -> str:
        found = self._index.one(node, bound)  # type: ignore[arg-type]
        return found.value if isinstance(found, Literal) else default

    def first(self, node: Subject) -> str:
        """Return the first day on which a thing can have begun."""
        return self._day(node, BEGIN_EARLIEST, default=FIRST_DAY)

    def last_begin(self, node: Subject) -> str:
        """Return the last day on which it can have begun."""
        return self._day(node, BEGIN_LATEST, default=LAST_DAY)

    def last(self, node: Subject) -> str:
        """Return the last day on which it can have ended; a lasting event ends with its day."""
        return self._day(node, END_LATEST, default="") or self.last_begin(node)

    def certain(self, node: Subject) -> tuple[str, str]:
        """Return since when and until when a thing holds for certain; an open end is for good.

        The end lies before the beginning where it held at some moment of a longer time.
        """
        return self.last_begin(node), self._day(node, END_EARLIEST, default=LAST_DAY)
