"""The closure against owlrl's: whole processes at 10,000 triples, then the growth.

Both read the project's ontology modules and the same synthetic world from files
and write what follows. They run in one session, one after the other, twice.
The results at 10,000 are compared triple by triple. ``--part`` is what the
processes run; nobody needs it by hand.
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

from world import write_world

SIZES = (100_000, 1_000_000)


def ours(ontology: str, world: str, out: str) -> None:
    """Close with the project's rules and write what is new."""
    from pyoxigraph import RdfFormat, parse

    from kzgraph.reasoning.closure import close_ntriples
    from kzgraph.reasoning.rules import compile_ontology

    rules = compile_ontology(q.triple for q in parse(path=ontology, format=RdfFormat.N_TRIPLES))
    started = perf_counter()
    counts = close_ntriples(rules, Path(world), Path(out))
    print(
        json.dumps(
            {
                "asserted": counts.asserted,
                "inferred": counts.inferred,
                "rounds": counts.rounds,
                "inconsistencies": counts.inconsistencies,
                "closing": perf_counter() - started,
            }
        )
    )


def theirs(ontology: str, world: str, out: str) -> None:
    """Close with owlrl over rdflib and write everything."""
    import owlrl
    import rdflib

    graph = rdflib.Graph()
    graph.parse(ontology, format="nt")
    graph.parse(world, format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    graph.serialize(out, format="nt", encoding="utf-8")
    print(json.dumps({"triples": len(graph)}))


def differences(ontology: Path, world: Path) -> tuple[int, int]:
    """Return how many triples only we and only owlrl find, trivial ones left out."""
    from pyoxigraph import RdfFormat, parse

    from kzgraph.reasoning.closure import close
    from kzgraph.reasoning.engines import close_with_owlrl
    from kzgraph.reasoning.rules import compile_ontology

    schema = [q.triple for q in parse(path=str(ontology), format=RdfFormat.N_TRIPLES)]
    data = [q.triple for q in parse(path=str(world), format=RdfFormat.N_TRIPLES)]
    own = {t for t, _ in close(compile_ontology(schema), [*schema, *data]).inferred}
    oracle = {t for t, _ in close_with_owlrl(schema, data).inferred}
    return len(own - oracle), len(oracle - own)


def write_ontology(path: Path) -> int:
    """Write the ontology's modules and vocabularies as N-Triples; alignments stay out."""
    from pyoxigraph import RdfFormat, serialize

    from kzgraph.resources import home, turtle_files
    from kzgraph.snapshot.sources import read_turtle

    triples = [
        triple
        for file in turtle_files()
        if file.relative_to(home()).parts[:2] == ("ontology", "modules")
        for triple in read_turtle(file)
    ]
    path.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    return len(triples)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = dict(os.environ, PYTHONPYCACHEPREFIX=name)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        ontology = folder / "ontology.nt"

        def run(part: str, world: Path) -> tuple[float, dict[str, float]]:
            words = [sys.executable, __file__, "--part", part, str(ontology), str(world)]
            started = perf_counter()
            done = subprocess.run(
                [*words, str(folder / f"{part}.nt")],
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
            )
            return perf_counter() - started, json.loads(done.stdout)

        print(f"ontology: {write_ontology(ontology):,} triples")
        small = folder / "world.nt"
        size = write_world(10_000, small)
        run("ours", small)  # compiles byte code
        own, other = [], []
        for _ in range(2):
            own.append(run("ours", small)[0])
            other.append(run("theirs", small)[0])
        ratio = statistics.median(other) / statistics.median(own)
        print(
            f"{size:,} triples, whole process: kzgraph {statistics.median(own):.2f} s, "
            f"owlrl {statistics.median(other):.1f} s, ratio {ratio:.0f} (at least 100 wanted)"
        )
        more, less = differences(ontology, small)
        print(f"against owlrl: {more} triples too many, {less} too few")
        for wanted in SIZES:
            size = write_world(wanted, small)
            taken, told = run("ours", small)
            print(
                f"{size:,} triples: {taken:.2f} s, of it closing {told['closing']:.2f} s; "
                f"{told['inferred']:,} inferred in {told['rounds']} rounds"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        {"ours": ours, "theirs": theirs}[sys.argv[2]](*sys.argv[3:6])
    else:
        main()
