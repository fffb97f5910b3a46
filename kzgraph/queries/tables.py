"""An answer as a table for people: plain when piped, fitted to a terminal otherwise."""

from __future__ import annotations

from kzgraph.queries.answers import Answer, is_number, numbered_evidence
from kzgraph.queries.forms import footer
from kzgraph.queries.widths import pad, printable, width


def plain_table(answer: Answer) -> str:
    """Return aligned columns without colour, as wide as they need to be."""
    parts = []
    if answer.question:
        parts.append(printable(answer.question))
    if answer.rows:
        parts.append("\n".join(_aligned(answer)))
    elif answer.empty_words:
        parts.append(printable(answer.empty_words))
    parts.append(footer(answer))
    parts += _evidence(answer)
    return "\n\n".join(parts) + "\n"


def _cells(answer: Answer) -> list[list[str]]:
    """Return the cells as text; rows with evidence are numbered."""
    rows = [[printable(answer.name_of(cell)) or "-" for cell in row] for row in answer.rows]
    if answer.evidence:
        return [[str(number), *row] for number, row in enumerate(rows, 1)]
    return rows


def _headings(answer: Answer) -> list[str]:
    return ["#", *answer.columns] if answer.evidence else list(answer.columns)


def _numeric(answer: Answer) -> list[bool]:
    """Return for each column whether it holds numbers, which stand to the right."""
    found = [
        any(is_number(row[place]) for row in answer.rows)
        and all(row[place] is None or is_number(row[place]) for row in answer.rows)
        for place in range(len(answer.columns))
    ]
    return [True, *found] if answer.evidence else found


def _aligned(answer: Answer) -> list[str]:
    headings, rows, right = _headings(answer), _cells(answer), _numeric(answer)
    widths = [
        max(width(heading), *(width(row[place]) for row in rows))
        for place, heading in enumerate(headings)
    ]
    lines = [headings, ["-" * columns for columns in widths], *rows]
    return [
        "  ".join(
            pad(cell, columns, right=to_right)
            for cell, columns, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    ]


def _evidence(answer: Answer) -> list[str]:
    """Return a paragraph per row: its number, what it says, and what it rests on."""
    parts = []
    for number, words, lines in numbered_evidence(answer):
        below = "".join(f"\n    {printable_line(line)}" for line in lines)
        parts.append(f"[{number}] {printable(words)}{below}")
    return parts


def printable_line(line: str) -> str:
    """Return a line that keeps its indent and holds nothing a terminal would obey."""
    text = line.lstrip(" ")
    return " " * (len(line) - len(text)) + printable(text)


def terminal_table(answer: Answer, terminal_width: int, *, color: bool = False) -> str:
    """Return a table that fits a terminal's width; long cells are folded."""
    from io import StringIO

    from rich.console import Console  # a fifth of a second's fifth: only here
    from rich.table import Table
    from rich.text import Text

    out = StringIO()
    console = Console(
        file=out,
        width=max(terminal_width, 20),
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    if answer.question:
        console.print(Text(printable(answer.question), style="bold"))
    if answer.rows:
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for heading, to_right in zip(_headings(answer), _numeric(answer), strict=True):
            table.add_column(
                Text(heading), justify="right" if to_right else "left", overflow="fold"
            )
        for row in _cells(answer):
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)
    elif answer.empty_words:
        console.print(Text(printable(answer.empty_words)))
    console.print(Text(footer(answer), style="dim"))
    for part in _evidence(answer):
        console.print()
        console.print(Text(part), soft_wrap=True)
    return out.getvalue()
