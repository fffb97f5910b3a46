"""The command ``kzgraph``: its verbs, each loaded when it is used, and its errors."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from kzgraph import __version__
from kzgraph.errors import EXIT_INTERRUPTED, EXIT_UNFINISHED, EXIT_USAGE, KzgraphError

# verb: (module, what it does); the module holds the click command of that name
VERBS: dict[str, tuple[str, str]] = {
    "ask": ("asking", "Answer a question in English or German."),
    "queries": ("asking", "List the saved queries, or check their headers."),
    "query": ("asking", "Run a saved query."),
    "sparql": ("asking", "Run free SPARQL; known prefixes are added."),
    "show": ("showing", "Show all that is known of a thing."),
    "explain": ("showing", "Prove a statement, down to the passages."),
    "claims": ("showing", "List who says what."),
    "conflicts": ("showing", "List where sources disagree."),
    "validate": ("checking", "Check files against the shapes and the house rules."),
    "verify-locators": ("checking", "Check that passages still say what was read."),
    "format": ("checking", "Write Turtle in the canonical form."),
    "import": ("exchanging", "Turn a table into things, relations and claims."),
    "accept": ("exchanging", "Accept proposed claims."),
    "build": ("building", "Build the snapshot anew."),
    "stats": ("building", "Count what there is and how well it stands."),
    "info": ("building", "Show paths, versions and counts."),
}

EXAMPLES = """\b
Examples:
  kzgraph ask "Which organisations are Kazakhstan and Russia both members of?"
  kzgraph query shared-memberships state=Belarus --evidence
  kzgraph show EAEU
  kzgraph explain Kazakhstan memberOf EAEU
  kzgraph claims --stance denies

Exit codes: 0 answered or clean; 1 findings; 2 wrong usage or bad input;
3 understood, nothing in the data; 4 could not finish; 130 interrupted."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb's command, None where there is no such verb."""
        if cmd_name not in VERBS:
            return None
        module = import_module(f"kzgraph.cli.{VERBS[cmd_name][0]}")
        found = vars(module).values()
        command = next(c for c in found if isinstance(c, click.Command) and c.name == cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest verbs when there is no such one."""
        if args and args[0] not in VERBS:
            from kzgraph.errors import UnknownNameError

            raise UnknownNameError(
                "verb",
                args[0],
                VERBS,
                hint=_verb_hint(args[0]),
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs from the table, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, words) for verb, (_, words) in VERBS.items()])


def _verb_hint(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, VERBS, n=3, cutoff=0.5)
    if near:
        return f"did you mean {', '.join(near)}?"
    if " " in word:
        return f'a question goes with the verb ask: kzgraph ask "{word}"'
    return f"the verbs are: {', '.join(VERBS)}"


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="kzgraph")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def main(ctx: click.Context, debug: bool) -> None:
    """Ask relational questions about Kazakhstan in the world; each answer leads to its sources."""
    ctx.obj = {"debug": debug}
    if ctx.invoked_subcommand is None:
        from kzgraph.cli.building import welcome

        welcome()


def run(argv: list[str] | None = None) -> None:
    """Run the command and end the process with its exit code."""
    code = _run(sys.argv[1:] if argv is None else argv)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close_quietly()
    sys.exit(code)


def _run(argv: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Kazakh letters leave the program whole, whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    stdout = sys.stdout
    try:
        result: Any = main.main(args=argv, prog_name="kzgraph", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.UsageError as error:
        _tell(error.format_message(), _usage_hint(error))
        return EXIT_USAGE
    except click.ClickException as error:
        _tell(error.format_message(), "")
        return EXIT_USAGE
    except (click.Abort, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except SystemExit as ended:
        # when the reader of a pipe has gone, click silences stdout and ends with 1,
        # which here would mean findings
        if ended.code == 1 and sys.stdout is not stdout:
            return 0
        raise
    except KzgraphError as error:
        if "--debug" in argv:
            raise
        _tell(error.message, error.hint)
        return error.exit_code
    except MemoryError:
        _tell("there is not enough memory for this", "ask for less at once")
        return EXIT_UNFINISHED


def _usage_hint(error: click.UsageError) -> str:
    name = error.ctx.command_path if error.ctx else "kzgraph"
    return f"{name} --help"


def _tell(message: str, hint: str) -> None:
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)


def _close_quietly() -> None:
    """Leave a closed pipe without a word; Python would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    run()
