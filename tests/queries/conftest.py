"""A small world of things with names in four languages, shared by the tests of this room."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import pytest

from kzgraph.queries.names import NameEntry, NameIndex, write_names

KZR = "https://w3id.org/kzgraph/id/"
THINGS = Path(__file__).parent / "ask" / "things.tsv"


def name_entries():
    """Yield the entries of ``ask/things.tsv``."""
    with THINGS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            iri, classes = KZR + row["thing"], tuple(row["classes"].split())
            for lang in ("en", "de", "ru", "kk"):
                if row[lang]:
                    yield NameEntry(iri, row[lang], lang, "pref", classes)
            for pair in filter(None, row["alt"].split("|")):
                lang, _, form = pair.partition(":")
                yield NameEntry(iri, form, lang, "alt", classes)
            for code in row["codes"].split():
                yield NameEntry(iri, code, "", "notation", classes)
            if row["qid"]:
                yield NameEntry(iri, row["qid"], "", "qid", classes)


@pytest.fixture(scope="session")
def names():
    """The index of the small world."""
    connection = sqlite3.connect(":memory:")
    write_names(connection, name_entries())
    return NameIndex(connection)
