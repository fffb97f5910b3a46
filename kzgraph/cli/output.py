"""What the verbs share: options, opening the graph with progress, printing answers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kzgraph.errors import EXIT_NO_DATA, UnknownNameError, UsageError

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from kzgraph.knowledge import KnowledgeGraph
    from kzgraph.queries.answers import Answer

_Command = TypeVar("_Command", bound=Callable[..., Any])
DEFAULT_LIMIT = 30.0


def options(*chosen: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    """Return a decorator that adds options in the order given."""

    def add(command: _Command) -> _Command:
        for option in reversed(chosen):
            command = option(command)
        return command

    return add


lang_option: Callable[[Any], Any] = click.option(
    "--lang",
    envvar="KZGRAPH_LANG",
    metavar="LANG",
    help="Language of labels: en, de, ru, kk.",
)
sources_option: Callable[[Any], Any] = click.option(
    "--sources",
    metavar="DIR",
    help="Folder with the source files; shows the passages' text beside their locators.",
)
format_option: Callable[[Any], Any] = click.option(
    "-f",
    "--format",
    "format_",
    metavar="FORMAT",
    help="table, json, ndjson, csv, tsv, md or ttl.",
)
output_option: Callable[[Any], Any] = click.option(
    "-o", "--output", metavar="FILE", help="Write to a file; its suffix chooses the format."
)
limit_option: Callable[[Any], Any] = click.option(
    "--time-limit",
    "limit",
    type=click.FloatRange(min=0),
    default=DEFAULT_LIMIT,
    show_default=True,
    metavar="SECONDS",
    help="Stop a query that takes longer; 0 sets no limit.",
)
json_or_text: Callable[[Any], Any] = click.option(
    "-f", "--format", "format_", metavar="FORMAT", default="text", help="text or json."
)


def hint_at_namesakes(
    graph: KnowledgeGraph, text: str, thing: NamedNode, cls: str | None = None
) -> None:
    """Say on stderr what else a name can mean, for an answer that has no rows."""
    others = graph.names.namesakes(text, thing, cls=cls, lang=graph.languages[0])
    for other in others:
        click.echo(f"hint: {text} can also mean {other.label} ({other.curie})", err=True)


def open_graph(
    *,
    lang: str | None = None,
    sources: str | None = None,
    limit: float = DEFAULT_LIMIT,
    reasoner: str | None = None,
) -> KnowledgeGraph:
    """Return the graph; building its snapshot shows progress on stderr."""
    from kzgraph.knowledge import open as open_knowledge

    graph = open_knowledge(
        lang=lang or "en",
        sources=sources,
        limit=limit,
        reasoner=reasoner,
        progress=progress,
        in_command=True,
    )
    return graph


def progress(message: str) -> None:
    """Tell on stderr what is being done."""
    click.echo(f"kzgraph: {message}", err=True)


def chosen_format(format_: str | None, output: str | None, known: Iterable[str]) -> str:
    """Return the format that options ask for.

    Raises UnknownNameError for one that is not there.
    """
    names = list(known)
    if format_ is None:
        if output is None:
            return names[0]
        from kzgraph.queries.answers import format_of

        return format_of(output)
    if format_ not in names:
        raise UnknownNameError("format", format_, names, hint=f"one of: {', '.join(names)}")
    return format_


def text_or_json(format_: str) -> bool:
    """Return whether json is wanted; raise UnknownNameError for anything but text and json."""
    return chosen_format(format_, None, ("text", "json")) == "json"


def print_answer(answer: Answer, *, format_: str | None, output: str | None) -> None:
    """Print an answer, or write it to a file; end with code 3 when it has no rows."""
    from kzgraph.queries.answers import FORMATS, render

    chosen = chosen_format(format_, output, FORMATS)
    width = None
    if chosen == "table" and output is None and sys.stdout.isatty():
        width = _terminal_width()
    text = render(answer, chosen, terminal_width=width, color=wants_colour())
    write(text, output)
    if output is not None:
        rows = len(answer.rows)
        click.echo(f"{rows} row{'' if rows == 1 else 's'} -> {output}", err=True)
    if not answer.rows:
        if chosen not in ("table", "md") or output is not None:
            click.echo(answer.empty_words, err=True)
        raise click.exceptions.Exit(EXIT_NO_DATA)


def write(text: str, output: str | None) -> None:
    """Print a text, or write it whole to a file."""
    if output is None:
        click.echo(text, nl=False)
        return
    from kzgraph.rdf.files import write_file_atomically

    path = Path(output)
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", hint="make it first")
    write_file_atomically(path, text)


def print_json(data: Any) -> None:
    """Print plain data as JSON, letters as themselves."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def wants_colour() -> bool:
    """Return whether stdout takes colour: a terminal, unless NO_COLOR is set."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _terminal_width() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns
