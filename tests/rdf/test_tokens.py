"""Tokens of Turtle and the places where they stand."""

from __future__ import annotations

import pytest

from kzgraph.errors import SourceSyntaxError
from kzgraph.rdf.tokens import Source, unescape


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in Source(text, path="x.ttl").tokens()[:-1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kz:a.", [("NAME", "kz:a"), ("PUNCTUATION", ".")]),
        ("kz:a.b", [("NAME", "kz:a.b")]),
        (":", [("NAME", ":")]),
        ("kz:%20\\-x", [("NAME", "kz:%20\\-x")]),
        ("1.", [("INTEGER", "1"), ("PUNCTUATION", ".")]),
        ("1.e5", [("DOUBLE", "1.e5")]),
        ("-.5", [("DECIMAL", "-.5")]),
        ("+1E-3", [("DOUBLE", "+1E-3")]),
        ('""', [("STRING", '""')]),
        ('""""a"b"""', [("LONG", '""""a"b"""')]),
        ("'''a''b'''", [("LONG", "'''a''b'''")]),
        ('"a"@de-1996', [("STRING", '"a"'), ("AT", "@de-1996")]),
        ("_:a.b.", [("LABEL", "_:a.b"), ("PUNCTUATION", ".")]),
        ("<#x># y", [("IRI", "<#x>"), ("COMMENT", "# y")]),
        ("<a\\u0062c>", [("IRI", "<a\\u0062c>")]),
        ("қазақ:ел", [("NAME", "қазақ:ел")]),
    ],
)
def test_text_falls_into_tokens(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_and_columns_count_from_one_with_any_line_end(line_end: str) -> None:
    source = Source(f"ab{line_end}c d{line_end}", path="x.ttl")
    offset = source.text.index("d")
    assert (source.line(offset), source.column(offset)) == (2, 3)
    assert source.line_text(2) == "c d"
    assert source.line(len(source.text)) == 3


def test_columns_count_characters_and_not_bytes() -> None:
    source = Source("«Қаз» x", path="x.ttl")
    assert source.column(source.text.index("x")) == 7


def test_reading_stops_at_the_first_text_that_is_no_token() -> None:
    tokens = Source('kz:a "open\nkz:b', path="x.ttl").tokens()
    assert [token.kind for token in tokens] == ["NAME", "BAD"]


def test_a_very_long_line_is_not_printed_whole() -> None:
    error = Source("x" * 10_000, path="x.ttl").error("wrong", 3)
    assert len(str(error)) < 400
    assert "x.ttl:1:9001: wrong" in str(Source("x" * 10_000, path="x.ttl").error("wrong", 9000))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("a\\tb\\n\\r\\b\\f", "a\tb\n\r\b\f"),
        ("\\u0416\\U0001F600", "Ж😀"),
        ("\\\\u0041", "\\u0041"),
        ("\\\"\\'", "\"'"),
    ],
)
def test_escapes_stand_for_their_characters(raw: str, value: str) -> None:
    assert unescape(Source(raw, path="x.ttl"), raw, 0) == value


@pytest.mark.parametrize("raw", ["\\q", "\\u12", "\\uD800", "\\U00110000"])
def test_a_wrong_escape_is_named_with_its_place(raw: str) -> None:
    source = Source(f"ab{raw}", path="x.ttl")
    with pytest.raises(SourceSyntaxError) as caught:
        unescape(source, source.text, 0)
    assert caught.value.column == 3
