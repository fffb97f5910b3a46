"""Each saved query against a point lookup of the same size, on the same store, in one run.

The peer looks as many things up as the query has rows: their labels, by IRI. Both
are read to the end; medians of several rounds. Prints the time of every query,
the slowest first, and the ratio.
"""

from __future__ import annotations

import statistics
import sys
from time import perf_counter

import kzgraph
from kzgraph.namespaces import PREF_LABEL

ROUNDS = 7
LIMIT = 15.0


def main() -> None:
    """Measure and print."""
    graph = kzgraph.open()
    store = graph.snapshot.store
    things = [str(t.subject) for t in store.match(None, PREF_LABEL, None)]
    assert things, "an empty store is no measure"

    def lookup(rows: int) -> str:
        wanted = " ".join(things[i % len(things)] for i in range(rows))
        found = f"VALUES ?thing {{ {wanted} }} ?thing {PREF_LABEL} ?label"
        return f"SELECT ?thing ?label {{ {found} }} LIMIT {rows}"

    def read(text: str) -> int:
        return sum(1 for _ in store.query(text))

    table = []
    for saved in graph.catalogue:
        name, query = saved.name, saved.text
        rows = read(query)
        peer = lookup(max(1, rows))
        own: list[float] = []
        other: list[float] = []
        for _ in range(ROUNDS):
            for text, times in ((query, own), (peer, other)):
                started = perf_counter()
                read(text)
                times.append(perf_counter() - started)
        mine, theirs = statistics.median(own), statistics.median(other)
        table.append((mine / theirs, mine * 1000, theirs * 1000, rows, name))
    table.sort(reverse=True)
    print(f"{len(store):,} statements, {len(table)} saved queries")
    print(f"{'query':<44}{'rows':>6}{'ms':>9}{'lookup':>9}{'ratio':>8}")
    for ratio, mine, theirs, rows, name in table:
        mark = "  over the limit" if ratio > LIMIT else ""
        print(f"{name:<44}{rows:>6}{mine:>9.2f}{theirs:>9.2f}{ratio:>8.1f}{mark}")


if __name__ == "__main__":
    sys.exit(main())
