"""The verbs that take tables in: import, accept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kzgraph.cli.output import json_or_text, options, print_json, progress, text_or_json
from kzgraph.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from kzgraph.exchange.importing import ImportReport


@click.command(
    "import",
    epilog="""\b
Examples:
  kzgraph import memberships.tsv --mapping memberships --dry-run
  kzgraph import sources.tsv --mapping sources
  kzgraph import my-table.csv --mapping my-mapping.toml
  kzgraph import --mappings

What is imported is proposed: no answer rests on it until it has been accepted
(kzgraph accept SOURCE), or the table was imported with --accept.""",
)
@click.argument("table", required=False)
@click.option(
    "--mapping",
    metavar="FILE",
    help="What the columns mean: a TOML file, or the name of a shipped one.",
)
@click.option("--mappings", "list_them", is_flag=True, help="List the shipped mappings.")
@click.option(
    "--dry-run", is_flag=True, help="Write nothing; show what would be added and conflict."
)
@click.option(
    "--partial", is_flag=True, help="Leave out the rows with problems and take the others."
)
@click.option("--accept", is_flag=True, help="The table has been reviewed: accept its claims.")
@options(json_or_text)
def import_(
    table: str | None,
    mapping: str | None,
    list_them: bool,
    dry_run: bool,
    partial: bool,
    accept: bool,
    format_: str,
) -> None:
    """Turn a table (CSV or TSV) into things, relations and claims of the data."""
    as_json = text_or_json(format_)
    from kzgraph.exchange.mapping import find_mapping, read_mapping, shipped

    if list_them:
        for name, path in shipped().items():
            rules = read_mapping(path)
            click.echo(f"{name:<18} {rules.title}")
            click.echo(f"{'':<18} columns: {', '.join(sorted(rules.columns))}")
        return
    if table is None or mapping is None:
        raise UsageError(
            "name the table and the mapping",
            hint="kzgraph import TABLE --mapping FILE; --mappings lists the shipped ones",
        )
    from kzgraph.exchange.importing import import_table

    report = import_table(
        Path(table),
        find_mapping(mapping),
        dry_run=dry_run,
        partial=partial,
        accept=accept,
        progress=progress,
    )
    if as_json:
        print_json(report.to_json())
    else:
        _tell(report, dry_run=dry_run, accepted=accept)
    if report.problems:
        raise click.exceptions.Exit(EXIT_FINDINGS)


def _tell(report: ImportReport, *, dry_run: bool, accepted: bool) -> None:
    would = "would add" if dry_run else "added"
    if report.added:
        click.echo(f"{would}:")
        for name, count in report.added.items():
            click.echo(f"  {count:>6}  {name}")
    else:
        click.echo("nothing new: what the table says is there already")
    if report.known:
        listed = ", ".join(f"{count} {name}" for name, count in report.known.items())
        click.echo(f"already there: {listed}")
    for name in report.files:
        click.echo(f"  {'would change' if dry_run else 'wrote'} {name}")
    if report.conflicts:
        click.echo(f"would conflict: {len(report.conflicts)}")
        for conflict in report.conflicts:
            click.echo(f"  {conflict.kind}: {conflict.about}")
            for answer in conflict.answers:
                click.echo(f"    {answer.value}  ({answer.relator.id})")
    elif dry_run and report.added:
        click.echo("would conflict: nothing")
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    for problem in report.problems:
        click.echo(str(problem), err=True)
    if report.left_out:
        rows = ", ".join(map(str, report.left_out))
        click.echo(f"left out, by line of the table: {rows}", err=True)
    if report.claims and not dry_run and not accepted:
        click.echo("the claims are proposed; kzgraph accept SOURCE accepts them", err=True)


@click.command(
    epilog="""\b
Examples:
  kzgraph accept source-2024-vlast-eu-sanctions
  kzgraph accept kzr:said-2024-vlast-eu-sanctions-row-3-c1"""
)
@click.argument("names", nargs=-1, required=True)
def accept(names: tuple[str, ...]) -> None:
    """Accept proposed claims: single ones, or all those of a source.

    Only then do answers, proofs and inference rest on them.
    """
    from kzgraph.exchange.importing import accept as accept_claims

    accepted = accept_claims(names, progress=progress)
    for claim in accepted:
        click.echo(f"accepted kzr:{claim.value.rpartition('/')[2]}")
    click.echo(f"{len(accepted)} claims accepted", err=True)
