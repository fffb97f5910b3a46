"""The verbs on the snapshot: build, info; and the welcome of the bare command."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version

import click

from kzgraph import __version__
from kzgraph.cli.output import json_or_text, open_graph, print_json, progress, text_or_json
from kzgraph.errors import EXIT_FINDINGS, UnknownNameError

_REASONERS = ("kzgraph", "owlrl")


@click.command(
    epilog="""\b
Examples:
  kzgraph build
  kzgraph build --check
  kzgraph build --reasoner owlrl"""
)
@click.option("--check", is_flag=True, help="Count the kept snapshot in full and compare.")
@click.option(
    "--reasoner",
    default="kzgraph",
    metavar="NAME",
    show_default=True,
    help="kzgraph, or owlrl (minutes instead of a blink; the oracle of the tests).",
)
@json_or_text
def build(check: bool, reasoner: str, format_: str) -> None:
    """Build the snapshot anew: read every file, close the graph, index it.

    The other verbs build it by themselves when files have changed.
    """
    as_json = text_or_json(format_)
    if reasoner not in _REASONERS:
        raise UnknownNameError("reasoner", reasoner, _REASONERS)
    if check:
        _check(as_json)
        return
    from kzgraph.knowledge import build as build_knowledge

    report = build_knowledge(reasoner=reasoner, progress=progress)
    if as_json:
        print_json(
            {
                "digest": report.digest,
                "counts": report.counts,
                "seconds": {k: round(v, 3) for k, v in report.seconds.items()},
                "inconsistencies": [str(i) for i in report.inconsistencies],
            }
        )
    else:
        for name, count in report.counts.items():
            click.echo(f"{name:<12}{count:>10,}")
        click.echo(" ".join(f"{k} {v:.2f} s" for k, v in report.seconds.items()), err=True)
        for found in report.inconsistencies:
            click.echo(f"inconsistent: {found}")
    if report.inconsistencies:
        raise click.exceptions.Exit(EXIT_FINDINGS)


def _check(as_json: bool) -> None:
    graph = open_graph()
    expected = json.loads(graph.snapshot.index.meta("counts"))["triples"]
    found = len(graph.snapshot.store)
    if as_json:
        print_json({"expected": expected, "found": found})
    else:
        click.echo(f"{found:,} statements, {expected:,} expected")
    if found != expected:
        click.echo("hint: kzgraph build makes it anew", err=True)
        raise click.exceptions.Exit(EXIT_FINDINGS)


@click.command(epilog="\b\nExample:\n  kzgraph info -f json")
@json_or_text
def info(format_: str) -> None:
    """Show versions, paths and counts."""
    as_json = text_or_json(format_)
    from kzgraph import resources

    graph = open_graph()
    facts = {
        "kzgraph": __version__,
        "python": sys.version.split()[0],
        **{
            name: _version(name)
            for name in ("pyoxigraph", "rdflib", "pyshacl", "owlrl", "sparqlwrapper")
        },
        "data": str(resources.home()),
        "snapshot": str(graph.snapshot.folder),
        "digest": graph.snapshot.digest,
        "reasoner": graph.snapshot.index.meta("reasoner"),
        "policy": graph.snapshot.index.meta("policy"),
    }
    counts = json.loads(graph.snapshot.index.meta("counts"))
    if as_json:
        print_json({**facts, "counts": counts})
        return
    for name, value in facts.items():
        click.echo(f"{name:<14} {value}")
    for name, count in counts.items():
        click.echo(f"{name:<14} {count:,}")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def welcome() -> None:
    """Print what is loaded and five things to try."""
    graph = open_graph()
    counts = json.loads(graph.snapshot.index.meta("counts"))
    click.echo(
        f"kzgraph {__version__}: {counts['facts']:,} facts from {counts['files']:,} files, "
        f"{len(graph.catalogue):,} saved queries"
    )
    click.echo("Try:")
    for line in (
        'kzgraph ask "Which organisations are Kazakhstan and Russia both members of?"',
        'kzgraph ask "Was bestreitet Tleuberdi?" --evidence',
        "kzgraph show Tokayev",
        "kzgraph explain Kazakhstan memberOf EAEU",
        "kzgraph queries",
    ):
        click.echo(f"  {line}")
