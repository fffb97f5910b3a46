"""Reading tables: what is taken, and what is wrong with a file, all of it at once."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from kzgraph.exchange.tables import TableError, read_table


def table(tmp_path: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_quotes_line_breaks_and_delimiters_inside_quotes_are_read_as_csv_has_them(tmp_path):
    text = 'a,b\n"x, y","he said ""no"""\n"two\nlines",Қазақстан\n'
    read = read_table(table(tmp_path, text))
    wanted = list(csv.DictReader(io.StringIO(text)))
    assert [row.cells for row in read.rows] == [
        {k: v.strip() for k, v in row.items()} for row in wanted
    ]
    assert [row.line for row in read.rows] == [2, 3]


def test_a_quote_in_a_tab_separated_table_is_a_letter(tmp_path):
    read = read_table(table(tmp_path, 'a\tb\n"x\ty"\n', "t.tsv"))
    assert read.rows[0].cells == {"a": '"x', "b": 'y"'}


@pytest.mark.parametrize(
    "content", ["a,b\r\n1,2\r\n", "\ufeffa,b\n1,2\n", "a,b\n\n1,2\n\n", " a , b \n 1 , 2 "]
)
def test_what_spreadsheets_add_is_no_part_of_the_table(tmp_path, content):
    read = read_table(table(tmp_path, content))
    assert read.columns == ("a", "b")
    assert [row.cells for row in read.rows] == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("content", "row", "message"),
    [
        (b"", 0, "the file is empty"),
        (b"a,b\n", 0, "has a header and no rows"),
        (
            "a,b\n1,Қазақстан\n".encode("cp1251", "replace").replace(b"?", b"\xe0"),
            2,
            "is not UTF-8",
        ),
        ("a,b\n1,2\n".encode("utf-16"), 1, "UTF-16"),
        (b"a,b\n1,\0\n", 2, "NUL"),
        (b"a,a\n1,2\n", 1, "two columns have this name"),
        (b"a,\n1,2\n", 1, "a column has no name"),
        (b"a;b\n1;2\n", 1, "one column only"),
        (b'a,b\n1,"2\n', 2, "the quotes do not close"),
    ],
)
def test_a_file_that_is_no_table_says_why_and_where(tmp_path, content, row, message):
    path = table(tmp_path, content)
    try:
        problems = read_table(path).problems
    except TableError as error:
        problems = tuple(error.problems)
    assert [(p.row, message in p.message) for p in problems] == [(row, True)]
    assert all(p.file == str(path) for p in problems)


def test_every_ragged_row_is_reported_and_the_others_are_read(tmp_path):
    read = read_table(table(tmp_path, "a,b\n1\n2,3\n4,5,6\n"))
    assert [p.row for p in read.problems] == [2, 4]
    assert "1 cell, the header 2 columns" in read.problems[0].message
    assert [row.line for row in read.rows] == [3]


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_table_that_is_not_there_is_an_error_not_a_traceback(tmp_path, name):
    with pytest.raises(TableError, match=r"cannot be read|folder"):
        read_table(tmp_path / name)
