"""The verbs on the snapshot: build, info; and the welcome of the bare command."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from kzgraph import __version__
from kzgraph.cli.output import json_or_text, open_graph, print_json, progress, text_or_json
from kzgraph.errors import EXIT_FINDINGS, InputError, UnknownNameError
from kzgraph.rdf.files import read_text, write_file_atomically

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


@click.command(
    epilog="""\b
Examples:
  kzgraph stats
  kzgraph stats -f json
  kzgraph stats --write README.md
  kzgraph stats --check README.md"""
)
@click.option("--write", metavar="FILE", help="Write the numbers into a page, between its marks.")
@click.option("--check", metavar="FILE", help="Say whether the numbers in a page are still true.")
@click.option("--gates", is_flag=True, help="Write the counts to data/assertions.toml.")
@json_or_text
def stats(write: str | None, check: str | None, gates: bool, format_: str) -> None:
    """Count things, relators and claims; show how many rest on two or more origins.

    A page has its numbers between the lines "<!-- stats -->" and "<!-- end of stats -->".
    Validation fails where there is less than data/assertions.toml says (--gates writes it).
    """
    as_json = text_or_json(format_)
    if gates:
        _write_gates()
        return
    counted = open_graph().statistics()
    if write or check:
        path = Path(write or check or "")
        old = read_text(path)
        new = _with_numbers(old, counted.markdown(), path)
        if check and new != old:
            click.echo(f"{path}: the numbers are no longer true")
            click.echo(f"hint: kzgraph stats --write {path}", err=True)
            raise click.exceptions.Exit(EXIT_FINDINGS)
        if write and new != old:
            write_file_atomically(path, new)
        return
    if as_json:
        print_json(counted.to_json())
        return
    for title, numbers in (
        ("", counted.totals),
        ("things by class", counted.things),
        ("relators by class", counted.relators),
        ("questions of fact by number of independent origins", counted.origins),
        ("claims by stance", counted.stances),
        ("where sources differ", counted.conflicts),
        ("claims by source, the first 15", dict(list(counted.sources.items())[:15])),
    ):
        if title:
            click.echo(f"\n{title}")
        for name, count in numbers.items():
            click.echo(f"{count:>9,}  {name}")
    click.echo("\nshares")
    click.echo(f"{counted.corroborated:>9.0%}  questions of fact with two or more origins")
    for lang, share in counted.labels.items():
        click.echo(f"{share:>9.0%}  things with a label in {lang}")
    click.echo(f"{counted.linked:>9.0%}  things linked to Wikidata")


def _write_gates() -> None:
    from kzgraph import resources
    from kzgraph.validation.corpus import Corpus
    from kzgraph.validation.gates import FILE, gates_text

    write_file_atomically(resources.home() / FILE, gates_text(Corpus.read()))
    click.echo(f"wrote {FILE}")


_BEGIN, _END = "<!-- stats -->", "<!-- end of stats -->"


def _with_numbers(text: str, numbers: str, path: Path) -> str:
    """Return a page with its numbers written anew."""
    head, begin, rest = text.partition(_BEGIN)
    _, end, tail = rest.partition(_END)
    if not begin or not end:
        raise InputError(
            f"{path} has no place for the numbers",
            hint=f"put the lines {_BEGIN} and {_END} where they belong",
        )
    return f"{head}{begin}\n{numbers}\n{end}{tail}"


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
