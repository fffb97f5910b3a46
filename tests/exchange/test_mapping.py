"""Mappings: what is shipped can be followed, and what cannot be followed is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from kzgraph.errors import SourceSyntaxError, UnknownNameError
from kzgraph.exchange.mapping import MappingError, Value, find_mapping, read_mapping, shipped
from kzgraph.exchange.tables import Row

MINIMAL = '[source]\ncolumn = "s"\n[[relator]]\nclass = "Membership"\nset.memberState = "state"\n'


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "m.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_mapping_can_be_read_and_says_what_it_is_for(name):
    mapping = read_mapping(find_mapping(name))
    assert mapping.title
    assert set(mapping.required) <= mapping.columns


@pytest.mark.parametrize(
    ("text", "where", "hint"),
    [
        ("[tabel]\n" + MINIMAL, "tabel", "did you mean table"),
        (MINIMAL + 'clas = "x"\n', r"relator\[1\].clas", "did you mean class"),
        ('[source]\ncolumn = "s"\n', "", "add"),
        ('[[relator]]\nclass = "Membership"\n', "source", "column"),
        ('[source]\ncolumn = "s"\n[[relator]]\nset.a = "b"\n', r"relator\[1\].class", "class ="),
        ('[[thing]]\nclass = "State"\n', r"thing\[1\].id", "id ="),
        (MINIMAL + "set.organisation = { }\n", "organisation", ""),
        (MINIMAL + 'set.organisation = { column = "a", is = "b" }\n', "organisation", ""),
        (MINIMAL + "set.organisation = 3\n", "organisation", ""),
        ('[table]\nkey = "a"\n' + MINIMAL, "table.key", ""),
        ('relator = 1\n[source]\nis = "x"\n', "relator", r"\[\[relator\]\]"),
        (MINIMAL + "[units]\nx = 1\n", "units.x", ""),
    ],
)
def test_a_mistake_in_a_mapping_names_the_key(tmp_path, text, where, hint):
    with pytest.raises(MappingError, match=where) as caught:
        read_mapping(write(tmp_path, text))
    import re

    assert re.search(hint, caught.value.hint + str(caught.value))


def test_what_is_not_toml_is_shown_with_its_line(tmp_path):
    with pytest.raises(SourceSyntaxError) as caught:
        read_mapping(write(tmp_path, '[source]\ncolumn = "s\n'))
    assert (caught.value.line, caught.value.column) == (2, 12)


def test_a_mapping_that_is_not_shipped_names_those_that_are():
    with pytest.raises(UnknownNameError) as caught:
        find_mapping("membership")
    assert "memberships" in caught.value.hint


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (Value(column="a"), ["1"]),
        (Value(column="b"), []),
        (Value(column="b", default="x"), ["x"]),
        (Value(constant="k"), ["k"]),
        (Value(template="{a}/{b}"), ["1/"]),
        (Value(template="{b}/{b}"), []),
        (Value(column="c", split="|"), ["x", "y"]),
        (Value(column="c", split="|", words={"x": "X"}), ["X", "y"]),
    ],
)
def test_a_value_gives_the_texts_of_a_row(value, texts):
    assert value.texts(Row(2, {"a": "1", "b": "", "c": "x | y"})) == texts
