"""The verbs that check: validate, verify-locators, format."""

from __future__ import annotations

from pathlib import Path

import click

from kzgraph.cli.output import (
    json_or_text,
    lang_option,
    open_graph,
    options,
    print_json,
    progress,
    text_or_json,
)
from kzgraph.errors import EXIT_FINDINGS, InputError, KzgraphError, UsageError


@click.command(
    epilog="""\b
Examples:
  kzgraph validate
  kzgraph validate my-data.ttl more.ttl
  kzgraph validate --lang de -f json"""
)
@click.argument("files", nargs=-1)
@options(json_or_text, lang_option)
def validate(files: tuple[str, ...], format_: str, lang: str | None) -> None:
    """Check files against the SHACL shapes and the house rules; without files, everything.

    Your own files are checked together with the graph; only what concerns them is
    reported: file and line, the thing, the value, the rule and how to mend it.
    """
    as_json = text_or_json(format_)
    from kzgraph.validation import validate as check

    report = check([Path(file) for file in files] or None, lang=lang or "en", progress=progress)
    if as_json:
        print_json(report.to_json())
    else:
        for line in report.lines():
            click.echo(line)
        click.echo(report.summary(), err=True)
    if report.findings:
        raise click.exceptions.Exit(EXIT_FINDINGS)


@click.command(
    "verify-locators", epilog="\b\nExample:\n  kzgraph verify-locators --sources ~/articles"
)
@click.option(
    "--sources", required=True, metavar="DIR", help="Folder with the source files, found by hash."
)
@json_or_text
def verify_locators(sources: str, format_: str) -> None:
    """Hash every located passage again and report what no longer fits.

    A source whose file is not in the folder is counted, not reported as a fault.
    """
    as_json = text_or_json(format_)
    report = open_graph(sources=sources).verify_locators()
    if as_json:
        print_json(
            {
                "verified": report.verified,
                "findings": [vars(f) for f in report.findings],
                "absent": report.absent,
            }
        )
    else:
        for finding in report.findings:
            click.echo(f"{finding.passage}  {finding.source}: {finding.problem}")
        for source, count in report.absent.items():
            click.echo(f"not at hand: {source}, {count} passages", err=True)
        click.echo(
            f"{report.verified} passages verified, {len(report.findings)} findings", err=True
        )
    if report.findings or not report.verified:
        raise click.exceptions.Exit(EXIT_FINDINGS)


@click.command(
    "format",
    epilog="""\b
Examples:
  kzgraph format my-data.ttl
  kzgraph format --check""",
)
@click.argument("files", nargs=-1)
@click.option("--check", is_flag=True, help="Change nothing; report what is not canonical.")
def format_files(files: tuple[str, ...], check: bool) -> None:
    """Write Turtle files in the canonical form: one fact, one line, in a fixed order.

    Comments are kept; a file whose comments cannot be kept is left as it is and
    reported. With --check and no files, the project's own files are checked.
    """
    paths = [Path(file) for file in files]
    if not paths:
        if not check:
            raise UsageError("name the files to format", hint="kzgraph format FILE ...")
        from kzgraph import resources

        paths = sorted(
            path for kind in ("ontology", "data") for path in resources.folder(kind).rglob("*.ttl")
        )
    troubled = 0
    for path in paths:
        try:
            troubled += _format(path, check=check)
        except KzgraphError as error:
            troubled += 1
            click.echo(f"error: {error.message}", err=True)
            if error.hint:
                click.echo(f"hint: {error.hint}", err=True)
    click.echo(f"{len(paths)} files, {troubled} with findings" if check else "", err=True, nl=check)
    if troubled:
        raise click.exceptions.Exit(EXIT_FINDINGS)


def _format(path: Path, *, check: bool) -> int:
    """Format or check one file; return 1 where there is something to report."""
    from kzgraph.rdf.files import read_text, write_file_atomically
    from kzgraph.rdf.turtle import check_turtle, format_turtle

    if path.is_dir():
        raise InputError(f"{path} is a folder", hint=f"kzgraph format {path}/*.ttl")
    text = read_text(path)
    if check:
        findings = check_turtle(text, path=str(path))
        for finding in findings:
            click.echo(f"{finding.path}:{finding.line}: {finding.message}")
        return 1 if findings else 0
    formatted = format_turtle(text, path=str(path))
    if formatted != text:
        write_file_atomically(path, formatted)
        click.echo(f"formatted {path}", err=True)
    return 0
