"""Running a query: rows of terms, within limits.

The engine cannot be interrupted: a signal is seen only when it returns to
Python, and no call cancels it. So a command bounds itself with
``process_deadline``, which ends the process, and a program that must live on
uses ``run_in_worker``, which ends another one.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    Triple,
)

from kzgraph.errors import EXIT_INTERRUPTED, EXIT_UNFINISHED, LimitError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

Term = NamedNode | Literal | BlankNode | Triple
Row = tuple[Term | None, ...]

_BOOLEAN = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
_PATIENCE = 1.0  # seconds that Python has to see an interrupt by itself
TRIPLE_COLUMNS = ("subject", "predicate", "object")


class Queryable(Protocol):
    """What a query runs on: the embedded store, or a remote one behind the same call."""

    def query(self, text: str) -> Any:
        """Return the engine's result for a text, unread."""


@dataclass(frozen=True)
class Rows:
    """What a query gave.

    ``kind`` is ``rows`` for SELECT, ``answer`` for ASK (one row, one column), or
    ``triples`` for CONSTRUCT and DESCRIBE (three columns). A cell is None where
    the variable is unbound. ``truncated`` says that more rows were there.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    truncated: bool = False
    kind: str = "rows"

    def in_order(self, columns: Iterable[str]) -> Rows:
        """Return the same rows with these columns first, as far as they are there."""
        order = [c for c in columns if c in self.columns]
        order += [c for c in self.columns if c not in order]
        places = [self.columns.index(c) for c in order]
        rows = tuple(tuple(row[place] for place in places) for row in self.rows)
        return Rows(tuple(order), rows, self.truncated, self.kind)

    def triples(self) -> tuple[Triple, ...]:
        """Return the statements of CONSTRUCT and DESCRIBE, none for other forms."""
        if self.kind != "triples":
            return ()
        return tuple(Triple(*row) for row in self.rows)  # type: ignore[arg-type]


def run(
    store: Queryable,
    text: str,
    *,
    deadline: float | None = None,
    max_rows: int | None = None,
    path: str = "-e",
) -> Rows:
    """Return what a query gives on a store.

    ``deadline`` are the seconds it may take, looked at between rows only: one long
    step of the engine is not bounded by it (see above). The text runs as it is;
    foreign text goes through ``run_foreign``.

    Raises LimitError after the deadline, SourceSyntaxError for a query that does
    not parse, StoreError when the store cannot be read.
    """
    return _run(store, text, text, deadline=deadline, max_rows=max_rows, path=path)


def run_foreign(
    store: Queryable,
    text: str,
    *,
    deadline: float | None = None,
    max_rows: int | None = None,
    path: str = "-e",
    allow_service: bool = False,
) -> Rows:
    """Return what a query that somebody typed gives, known prefixes added.

    Raises QueryRefusedError for what may not run here, else as ``run`` does.
    """
    from kzgraph.queries.guard import check_query, prefix_line  # not for saved queries

    facts = check_query(text, path=path, allow_service=allow_service)
    ready = prefix_line(facts) + text.removeprefix("\ufeff")
    rows = _run(store, ready, text, deadline=deadline, max_rows=max_rows, path=path)
    if facts.kind == "SELECT" and not facts.variables:
        return rows.in_order(facts.appearing)
    return rows


def _run(
    store: Queryable,
    text: str,
    written: str,
    *,
    deadline: float | None,
    max_rows: int | None,
    path: str,
) -> Rows:
    """Run a text; messages speak of the text as it was written."""
    end = None if deadline is None else time.monotonic() + deadline
    try:
        result = store.query(text)
        if isinstance(result, QueryBoolean):
            cell = Literal("true" if result else "false", datatype=_BOOLEAN)
            return Rows(("answer",), ((cell,),), kind="answer")
        if isinstance(result, QuerySolutions):
            columns = tuple(variable.value for variable in result.variables)
            found, truncated = _taken(result, end, deadline, max_rows)
            return Rows(columns, tuple(tuple(row) for row in found), truncated)
        found, truncated = _taken(result, end, deadline, max_rows)
        triples = dict.fromkeys((t.subject, t.predicate, t.object) for t in found)
        return Rows(TRIPLE_COLUMNS, tuple(triples), truncated, kind="triples")
    except SyntaxError as error:
        from kzgraph.queries.guard import explain_syntax_error

        raise explain_syntax_error(written, path, error) from error
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the store could not answer: {error}") from error


def _taken(
    result: Any, end: float | None, deadline: float | None, max_rows: int | None
) -> tuple[list[Any], bool]:
    """Return at most ``max_rows`` of a result, and whether there were more."""
    found: list[Any] = []
    # a for loop, so that a signal is seen between rows
    for item in result:
        if max_rows is not None and len(found) >= max_rows:
            return found, True
        found.append(item)
        if end is not None and time.monotonic() > end:
            raise over_time(deadline or 0)
    return found, False


def over_time(seconds: float) -> LimitError:
    """Return the error for a query that took longer than it may."""
    return LimitError(
        f"the query was stopped after {seconds:g} s",
        hint="bind more of its variables, or allow it more time",
    )


@contextmanager
def process_deadline(seconds: float | None) -> Iterator[None]:
    """End the whole process when the block takes too long, or when it is interrupted.

    After the limit it ends with a message and code 4; a Ctrl-C that the engine keeps
    from being seen ends it with code 130. For a command only: nothing is cleaned up,
    and half-written output stays half written. None or 0 sets no limit.
    """
    import signal
    import threading

    done = threading.Event()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    in_main = threading.current_thread() is threading.main_thread()
    # a signal's number is written here at once, whatever the engine is doing
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False) if in_main else -1

    def watch() -> None:
        import select

        end = time.monotonic() + seconds if seconds else None
        interrupted = False
        while not interrupted and not done.is_set():
            left = None if end is None else max(end - time.monotonic(), 0)
            ready, _, _ = select.select([reading], [], [], left)
            if not ready:
                break
            interrupted = os.read(reading, 1) == bytes([signal.SIGINT])
        # in time, Python itself raises KeyboardInterrupt
        if done.wait(_PATIENCE if interrupted else 0):
            return
        if interrupted:
            os._exit(EXIT_INTERRUPTED)
        error = over_time(seconds or 0)
        # not through sys.stderr, whose lock another thread may hold
        os.write(2, f"error: {error.message}\nhint: {error.hint}\n".encode())
        os._exit(EXIT_UNFINISHED)

    watcher = threading.Thread(target=watch, daemon=True, name="kzgraph-deadline")
    watcher.start()
    try:
        yield
    finally:
        done.set()
        if in_main:
            signal.set_wakeup_fd(before)
        os.write(writing, b"\0")
        watcher.join()
        os.close(reading)
        os.close(writing)


def run_in_worker(
    store_path: Path,
    text: str,
    seconds: float,
    *,
    max_rows: int | None = None,
    max_bytes: int = 256 * 1024 * 1024,
    memory: int | None = 4 * 1024**3,
    path: str = "-e",
    allow_service: bool = False,
) -> Rows:
    """Return what a foreign query gives, run in a process that is killed on the limit.

    ``max_bytes`` bounds the answer, ``memory`` the worker's address space where
    the system can do that. A worker that dies (a query the engine cannot stand) is
    an error like any other and takes nothing with it.

    Raises LimitError, and what ``run_foreign`` raises.
    """
    from kzgraph.queries.worker import Request, ask_worker

    request = Request(
        store=str(store_path),
        text=text,
        path=path,
        seconds=seconds,
        max_rows=max_rows,
        max_bytes=max_bytes,
        memory=memory,
        allow_service=allow_service,
    )
    return ask_worker(request, python=sys.executable)
