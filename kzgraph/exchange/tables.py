"""Tables as analysts keep them: CSV or TSV, read whole, with every fault of the file at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kzgraph.errors import InputError

# what a file may be at most; beyond that it is no table that somebody reviews row by row
LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a table: where, what, and what to do.

    ``row`` is the line of the file, counted from 1 (the header is line 1);
    0 where the whole file is meant.
    """

    file: str
    row: int
    column: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.row:
            where += f":{self.row}"
        if self.column:
            where += f": column {self.column}"
        return f"{where}: {self.message}" + (f"\n  hint: {self.hint}" if self.hint else "")

    def to_json(self) -> dict[str, object]:
        """Return the problem as plain values."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "message": self.message,
            "hint": self.hint,
        }


class TableError(InputError):
    """A table cannot be taken over; ``problems`` has every fault of it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = f"{len(problems)} problems" if len(problems) > 1 else "1 problem"
        super().__init__(
            "\n".join(map(str, problems)) + f"\n{count}; nothing was written",
            hint="mend the table, or take the good rows alone with --partial",
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line where it starts, its cells by column, stripped."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """A table: the columns in their order, the rows that are whole, and the faults found."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read_table(path: Path, *, delimiter: str = "", quoted: bool | None = None) -> Table:
    """Return a table read from a UTF-8 file whose first line names the columns.

    The delimiter is a tab for ``.tsv`` and ``.tab``, else a comma, where the mapping
    names none; tab-separated files have no quotes (IANA text/tab-separated-values),
    others follow RFC 4180. Rows with too few or too many cells are problems, not
    rows. Raises TableError when nothing of the file can be read.
    """
    name = str(path)
    text = _text(path, name)
    by_tabs = path.suffix.lower() in {".tsv", ".tab"}
    delimiter = delimiter or ("\t" if by_tabs else ",")
    if quoted is None:
        quoted = delimiter != "\t"
    lines = _records(text, delimiter=delimiter, quoted=quoted, name=name)
    try:
        _, header = next(lines)
    except StopIteration:
        raise TableError(
            [Problem(name, 0, "", "the file is empty", "the first line names the columns")]
        ) from None
    columns = tuple(cell.strip() for cell in header)
    problems = _header_problems(name, columns, header, delimiter)
    if problems:
        raise TableError(problems)
    rows = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            problems.append(_ragged(name, line, len(cells), len(columns), delimiter))
            continue
        rows.append(Row(line, {c: v.strip() for c, v in zip(columns, cells, strict=True)}))
    if not rows and not problems:
        problems.append(Problem(name, 0, "", "the table has a header and no rows"))
    return Table(name, columns, tuple(rows), tuple(problems))


def _text(path: Path, name: str) -> str:
    try:
        if path.is_dir():
            raise TableError([Problem(name, 0, "", "this is a folder, not a table")])
        if path.stat().st_size > LARGEST:
            hint = f"split it; a table may have {LARGEST // 1024 // 1024} MB"
            raise TableError([Problem(name, 0, "", "the file is too large", hint)])
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise TableError([Problem(name, 0, "", f"cannot be read: {reason}")]) from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        hint = "save the table as UTF-8 (in a spreadsheet: CSV UTF-8)"
        raise TableError([Problem(name, 1, "", "the file is in UTF-16", hint)])
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise TableError(
            [Problem(name, line, "", "a NUL byte: this is no text", "export the table as CSV")]
        )
    try:
        # spreadsheets mark UTF-8 with a byte order mark; it is no part of the first column
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(
            [
                Problem(
                    name,
                    line,
                    "",
                    f"byte 0x{content[error.start]:02X} is not UTF-8",
                    "save the table as UTF-8; it may be Windows-1251 or Latin-1",
                )
            ]
        ) from error


def _records(
    text: str, *, delimiter: str, quoted: bool, name: str
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line where it starts, cells) of each record."""
    if not quoted:
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
            if line:
                yield number, line.split(delimiter)
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(
                [
                    Problem(
                        name,
                        start,
                        "",
                        f"the quotes do not close: {error}",
                        'write a quote inside a cell twice: ""',
                    )
                ]
            ) from error
        if cells:
            yield start, cells
        start = reader.line_num + 1


def _header_problems(
    name: str, columns: tuple[str, ...], header: list[str], delimiter: str
) -> list[Problem]:
    found = []
    for place, column in enumerate(columns, start=1):
        if not column:
            found.append(
                Problem(name, 1, str(place), "a column has no name", "name it or delete it")
            )
        elif columns.index(column) != place - 1:
            found.append(Problem(name, 1, column, "two columns have this name", "rename one"))
    if len(columns) == 1:
        other = next((d for d in ("\t", ";", ",") if d != delimiter and d in header[0]), "")
        if other:
            shown = {"\t": "a tab", ";": "a semicolon", ",": "a comma"}[other]
            found = [
                Problem(
                    name,
                    1,
                    "",
                    "the line of column names has one column only",
                    f"it seems divided by {shown}: say delimiter under [table] in the mapping",
                )
            ]
    return found


def _ragged(name: str, line: int, have: int, want: int, delimiter: str) -> Problem:
    shown = "tab" if delimiter == "\t" else repr(delimiter)
    word = "cell" if have == 1 else "cells"
    return Problem(
        name,
        line,
        "",
        f"the row has {have} {word}, the header {want} columns",
        f"look for a missing or a stray {shown}",
    )
