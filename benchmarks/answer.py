"""From the shell to an answer, against a bare script on the same store.

The peer imports pyoxigraph, opens the snapshot's store for reading, runs the
text of the same saved query and prints the rows. Both run interleaved, each in
a process of its own, with byte code compiled before. Prints medians and ratios.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

BARE = """
import sys, pyoxigraph
store = pyoxigraph.Store.read_only(sys.argv[1])
for row in store.query(open(sys.argv[2], encoding="utf-8").read()):
    print(*row)
"""
QUERY = "shared-memberships"
ROUNDS = 25


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, PYTHONPYCACHEPREFIX=folder)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-m", "kzgraph.cli.main"]

        def run(words: list[str]) -> float:
            started = perf_counter()
            subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
            return perf_counter() - started

        told = subprocess.run(
            [*command, "info", "-f", "json"], env=environment, check=True, stdout=subprocess.PIPE
        )
        store = Path(json.loads(told.stdout)["snapshot"]) / "store"
        home = Path(json.loads(told.stdout)["data"])
        text = next((home / "queries").rglob(f"{QUERY}.rq"))
        script = Path(folder) / "bare.py"
        script.write_text(BARE, encoding="utf-8")
        contestants = {
            "bare pyoxigraph script": [sys.executable, str(script), str(store), str(text)],
            "kzgraph query -f json": [*command, "query", QUERY, "-f", "json"],
            "kzgraph query (table)": [*command, "query", QUERY],
            "kzgraph query --evidence": [*command, "query", QUERY, "--evidence", "-f", "json"],
            "kzgraph ask (table)": [
                *command,
                "ask",
                "Which organisations are Kazakhstan and Russia both members of?",
            ],
            "kzgraph --help": [*command, "--help"],
        }
        times: dict[str, list[float]] = {name: [] for name in contestants}
        for round_ in range(ROUNDS + 2):
            for name, words in contestants.items():
                taken = run(words)
                if round_ >= 2:  # the first rounds compile
                    times[name].append(taken)
    floor = statistics.median(times["bare pyoxigraph script"])
    print(f"{'':<28}{'median ms':>10}{'ratio':>8}   limit")
    limits = {"kzgraph query -f json": "4.5", "kzgraph query (table)": "6"}
    for name, taken_times in times.items():
        median = statistics.median(taken_times)
        print(f"{name:<28}{median * 1000:>10.1f}{median / floor:>8.2f}   {limits.get(name, '')}")


if __name__ == "__main__":
    main()
