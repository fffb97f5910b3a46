"""The verbs that ask: ask, queries, query, sparql."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kzgraph.cli.output import (
    format_option,
    hint_at_namesakes,
    lang_option,
    limit_option,
    open_graph,
    options,
    output_option,
    print_answer,
    print_json,
    sources_option,
    text_or_json,
)
from kzgraph.errors import EXIT_FINDINGS, InputError, UsageError
from kzgraph.namespaces import expand

evidence_option = click.option(
    "--evidence", is_flag=True, help="Print what carries each row: proofs, claims, passages."
)
answer_options = options(format_option, output_option, lang_option, sources_option, limit_option)


@click.command(
    epilog="""\b
Examples:
  kzgraph ask "Which organisations are Kazakhstan and Russia both members of?"
  kzgraph ask "Was bestreitet Tleuberdi?" --evidence --sources ~/articles"""
)
@click.argument("question", nargs=-1, required=True)
@evidence_option
@answer_options
def ask(
    question: tuple[str, ...],
    evidence: bool,
    format_: str | None,
    output: str | None,
    lang: str | None,
    sources: str | None,
    limit: float,
) -> None:
    """Answer a question in English or German.

    Names may be in any of the four languages and inflected. The saved query and
    the parameters that were chosen are said on stderr. A question that is not
    understood is never guessed at: the nearest questions are shown instead.
    """
    graph = open_graph(lang=lang, sources=sources, limit=limit)
    understood = graph.understand(" ".join(question))
    if lang is None:
        graph = graph.in_language(understood.language)
    chosen = "".join(f" {name}={value}" for name, value in understood.parameters.items())
    click.echo(f"kzgraph query {understood.query.name}{chosen}", err=True)
    for written, match in understood.corrected.items():
        click.echo(f"read {written!r} as {match.label} ({match.curie})", err=True)
    answer = graph.run_query(understood.query.name, understood.parameters, evidence=evidence)
    if not answer.rows:
        for written, match in understood.matched_names.items():
            for name, value in understood.parameters.items():
                if value == match.curie:
                    cls = understood.query.params[name].class_ or None
                    hint_at_namesakes(graph, written, expand(value), cls)
    print_answer(answer, format_=format_, output=output)


@click.command(
    epilog="""\b
Examples:
  kzgraph queries
  kzgraph queries --topic agreements --lang de
  kzgraph queries --check my-queries/"""
)
@click.argument("folder", required=False, metavar="[FOLDER]")
@click.option("--topic", metavar="TOPIC", help="Only the queries of one topic.")
@click.option("--check", is_flag=True, help="Check headers and texts; FOLDER for your own.")
@click.option("-f", "--format", "format_", metavar="FORMAT", default="text", help="text or json.")
@lang_option
def queries(
    folder: str | None, topic: str | None, check: bool, format_: str, lang: str | None
) -> None:
    """List the saved queries by topic, a line each, or check them."""
    as_json = text_or_json(format_)
    if check:
        _check_queries(folder, as_json=as_json)
        return
    if folder is not None:
        raise UsageError("a folder goes with --check", hint=f"kzgraph queries --check {folder}")
    graph = open_graph(lang=lang)
    catalogue = graph.catalogue
    topics = [t for t in catalogue.topics() if topic is None or t == topic]
    if topic is not None and not topics:
        from kzgraph.errors import UnknownNameError

        known = catalogue.topics()
        raise UnknownNameError("topic", topic, known, hint=f"the topics are: {', '.join(known)}")
    if as_json:
        print_json([q.to_json() for t in topics for q in catalogue.of_topic(t)])
        return
    for name in topics:
        click.echo(name)
        for query in catalogue.of_topic(name):
            click.echo(f"  {query.name:<32} {graph.question_of(query)}")
            for param in query.params.values():
                words = f"{param.name}={param.default}" if param.default else f"{param.name}=…"
                click.echo(f"  {'':<32}   {words}")


def _check_queries(folder: str | None, *, as_json: bool) -> None:
    from kzgraph import resources
    from kzgraph.queries.catalogue import check_catalogue

    place = Path(folder) if folder is not None else resources.folder("queries")
    if not place.is_dir():
        raise InputError(f"{place} is not a folder", hint="name a folder with .rq files")
    findings = check_catalogue(place)
    if as_json:
        print_json([f._asdict() for f in findings])
    else:
        for finding in findings:
            click.echo(str(finding))
        count = len(list(place.rglob("*.rq")))
        click.echo(f"{count} queries, {len(findings)} findings", err=True)
    if findings:
        raise click.exceptions.Exit(EXIT_FINDINGS)


@click.command(
    epilog="""\b
Examples:
  kzgraph query shared-memberships state=Belarus
  kzgraph query members-at-date organisation=EAEU at=2023-02-28 -f json
  kzgraph query shared-memberships state=Weissrussland --evidence -o answer.md"""
)
@click.argument("name")
@click.argument("parameters", nargs=-1, metavar="[PARAM=VALUE]...")
@evidence_option
@answer_options
def query(
    name: str,
    parameters: tuple[str, ...],
    evidence: bool,
    format_: str | None,
    output: str | None,
    lang: str | None,
    sources: str | None,
    limit: float,
) -> None:
    """Run a saved query.

    A parameter that is left out keeps its default. Things are named by label in
    any of the four languages, by CURIE, IRI or QID; several are separated by commas.
    """
    values: dict[str, str] = {}
    for written in parameters:
        key, equals, value = written.partition("=")
        if not equals or not key or not value:
            raise UsageError(
                f"a parameter is written name=value, not {written!r}",
                hint=f"kzgraph queries lists the parameters of {name}",
            )
        if key in values:
            raise UsageError(
                f"the parameter {key} is given twice", hint="separate several values by commas"
            )
        values[key] = value
    graph = open_graph(lang=lang, sources=sources, limit=limit)
    answer = graph.run_query(name, values, evidence=evidence)
    print_answer(answer, format_=format_, output=output)


@click.command(
    epilog="""\b
Examples:
  kzgraph sparql -e 'SELECT ?o { kzr:country-kaz kz:memberOf ?o }'
  kzgraph sparql question.rq -f csv
  kzgraph sparql - < question.rq"""
)
@click.argument("file", required=False)
@click.option("-e", "--execute", "text", metavar="TEXT", help="The query itself.")
@click.option("--max-rows", type=click.IntRange(min=1), metavar="N", help="Stop after N rows.")
@click.option(
    "--allow-service", is_flag=True, help="Let the query call other endpoints on the network."
)
@answer_options
def sparql(
    file: str | None,
    text: str | None,
    max_rows: int | None,
    allow_service: bool,
    format_: str | None,
    output: str | None,
    lang: str | None,
    sources: str | None,
    limit: float,
) -> None:
    """Run free SPARQL 1.1 on the closed graph; known prefixes are added.

    Reads a file, TEXT, or with - the standard input. Updates are refused, and so
    is SERVICE unless it is allowed.
    """
    if (file is None) == (text is None):
        raise UsageError("give either a file or -e TEXT", hint="kzgraph sparql --help")
    path = "-e"
    if file is not None:
        path = file
        text = _read(file)
    assert text is not None
    graph = open_graph(lang=lang, sources=sources, limit=limit)
    answer = graph.sparql(text, max_rows=max_rows, path=path, allow_service=allow_service)
    print_answer(answer, format_=format_, output=output)


def _read(file: str) -> str:
    from kzgraph.rdf.files import decode, read_text

    if file == "-":
        return decode(sys.stdin.buffer.read(), path="standard input")
    return read_text(Path(file))
