"""Which spellings of names have letters or words in common with a text.

For each run of three letters, and for each word, the table lists the spellings that have
it. The spellings are numbered by length, so that of a list only the stretch with lengths
near the text's is read. What comes out are candidates; how near they are is measured by
``similarity``.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from kzgraph.queries.folding import bare, tokens

_RUN = 3  # letters
_EDGE = "\x01" * (_RUN - 1)
_CANDIDATES = 250
_RAREST = 4  # words of a text that are looked for


def write_spellings(connection: sqlite3.Connection) -> None:
    """Write the tables of runs and words anew, from the table of names."""
    words: dict[str, set[str]] = {}
    for key, form in connection.execute(
        "SELECT key, form FROM names"
        " WHERE stem_lang = '' AND kind NOT IN ('curie', 'qid', 'given') ORDER BY rowid"
    ):
        own = words.setdefault(key, set())
        if key[0] == "=":
            own.update(map(bare, tokens(form)))
    lists: dict[str, array[int]] = {}
    keys = sorted(words, key=lambda key: (len(key), key))
    for number, key in enumerate(keys):
        for part in _runs(key).union("#" + word for word in words[key]):
            lists.setdefault(part, array("I")).append(number)
    connection.execute("DROP TABLE IF EXISTS spellings")
    connection.execute("DROP TABLE IF EXISTS spelling_parts")
    connection.execute(
        "CREATE TABLE spellings (number INTEGER PRIMARY KEY, key TEXT NOT NULL,"
        " length INTEGER NOT NULL)"
    )
    connection.execute("CREATE TABLE spelling_parts (part TEXT PRIMARY KEY, numbers BLOB NOT NULL)")
    connection.executemany(
        "INSERT INTO spellings VALUES (?, ?, ?)",
        ((number, key, len(key) - 1) for number, key in enumerate(keys)),
    )
    connection.execute("CREATE INDEX spellings_by_length ON spellings (length)")
    connection.executemany(
        "INSERT INTO spelling_parts VALUES (?, ?)",
        ((part, lists[part].tobytes()) for part in sorted(lists)),
    )


def keys_like(connection: sqlite3.Connection, key: str, shortest: int, longest: int) -> list[str]:
    """Return the keys of a length that share most runs of letters with a key."""
    first = _first_number(connection, shortest)
    last = _first_number(connection, longest + 1)
    shared: Counter[int] = Counter()
    for numbers in _lists(connection, _runs(key)):
        shared.update(numbers[bisect_left(numbers, first) : bisect_left(numbers, last)])
    return _keys(connection, [number for number, _ in shared.most_common(_CANDIDATES)])


def keys_with_words(connection: sqlite3.Connection, words: Iterable[str]) -> list[str]:
    """Return the keys of names that have most of the rarest of these words, short ones first."""
    lists = sorted(_lists(connection, {"#" + bare(word) for word in words}), key=len)[:_RAREST]
    shared: Counter[int] = Counter()
    for numbers in lists:
        shared.update(numbers)
    ranked = sorted(shared, key=lambda number: (-shared[number], number))
    return _keys(connection, ranked[:_CANDIDATES])


def _runs(key: str) -> set[str]:
    """Return the runs of three letters in a key, each with the key's mark before it."""
    padded = _EDGE + key[1:] + _EDGE
    return {key[0] + padded[i : i + _RUN] for i in range(len(padded) - _RUN + 1)}


def _first_number(connection: sqlite3.Connection, length: int) -> int:
    """Return the number of the first spelling of a length, or of the next greater one."""
    row = connection.execute(
        "SELECT number FROM spellings WHERE length >= ? ORDER BY length, number LIMIT 1", (length,)
    ).fetchone()
    if row is None:
        row = connection.execute("SELECT coalesce(max(number), -1) + 1 FROM spellings").fetchone()
    number: int = row[0]
    return number


def _lists(connection: sqlite3.Connection, parts: set[str]) -> list[array[int]]:
    some = sorted(parts)[:900]  # a text of a thousand letters is like no name
    marks = ",".join("?" * len(some))
    found = []
    for (blob,) in connection.execute(
        f"SELECT numbers FROM spelling_parts WHERE part IN ({marks})", some
    ):
        numbers = array("I")
        numbers.frombytes(blob)
        found.append(numbers)
    return found


def _keys(connection: sqlite3.Connection, numbers: list[int]) -> list[str]:
    marks = ",".join("?" * len(numbers))
    keys = dict(
        connection.execute(
            f"SELECT number, key FROM spellings WHERE number IN ({marks})", numbers
        ).fetchall()
    )
    return [keys[number] for number in numbers]
