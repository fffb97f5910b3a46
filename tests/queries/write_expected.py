"""Write the expected answers of the saved queries anew: python tests/queries/write_expected.py

Read the diff line by line before it is committed; an answer that was written is not yet right.
"""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def saved() -> Any:
    """Return the module of the tests, which knows how a query is run."""
    spec = importlib.util.spec_from_file_location("saved", HERE / "test_saved_queries.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(path: Path, table: tuple[list[str], list[list[str]]]) -> None:
    """Write one answer."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([table[0], *table[1]])


def main() -> None:
    """Write every answer."""
    tests = saved()
    graph = tests.store_of(tests.closed())
    for name, query in tests.ANSWERS.items():
        write(HERE / name / "expected.csv", tests.answer(graph, query))
    for name in tests.WITH_SMALL_GRAPH:
        write(HERE / name / "small.csv", tests.small_answer(name))


if __name__ == "__main__":
    main()
