"""A process that runs one foreign query and may be killed.

``python -m kzgraph.queries.worker`` reads a request as one line of JSON and
writes the answer as lines of JSON: columns, rows, end. A line that does not
come means that the worker died.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from kzgraph.errors import (
    InputError,
    KzgraphError,
    LimitError,
    QueryRefusedError,
    SourceSyntaxError,
    StoreError,
)
from kzgraph.queries.guard import check_query
from kzgraph.queries.run import Row, Rows, Term, over_time, process_deadline, run_foreign
from kzgraph.store.embedded import EmbeddedStore

_GRACE = 2.0  # seconds after which a worker whose parent is gone ends itself


@dataclass(frozen=True)
class Request:
    """What a worker is asked for; see ``run.run_in_worker``."""

    store: str
    text: str
    path: str
    seconds: float
    max_rows: int | None
    max_bytes: int
    memory: int | None
    allow_service: bool


def ask_worker(request: Request, *, python: str) -> Rows:
    """Return the rows that a new worker gives, or raise what went wrong there."""
    # refused before a process is started
    check_query(request.text, path=request.path, allow_service=request.allow_service)
    package = str(Path(__file__).resolve().parents[2])
    search = os.pathsep.join(p for p in (package, os.environ.get("PYTHONPATH", "")) if p)
    process = subprocess.Popen(
        [python, "-P", "-m", "kzgraph.queries.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": search},
    )
    assert process.stdin is not None and process.stdout is not None
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(request.seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(asdict(request)).encode() + b"\n")
            process.stdin.close()
        return _read(process, request, late)
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()
        process.wait()


def _read(process: subprocess.Popen[bytes], request: Request, late: threading.Event) -> Rows:
    """Return the rows that a worker writes."""
    assert process.stdout is not None
    columns: tuple[str, ...] = ()
    kind = "rows"
    rows: list[Row] = []
    for line in process.stdout:
        if not line.endswith(b"\n"):
            break  # killed in the middle of a line
        message = json.loads(line)
        if "row" in message:
            rows.append(tuple(None if cell is None else _decoded(cell) for cell in message["row"]))
        elif "columns" in message:
            columns, kind = tuple(message["columns"]), message["kind"]
        elif "end" in message:
            return Rows(columns, tuple(rows), message["truncated"], kind)
        else:
            raise _raised(message, request)
    code = process.wait()
    if late.is_set():
        raise over_time(request.seconds)
    raise LimitError(
        f"the query ended its worker process (code {code}): it needs more memory or depth than "
        "there is",
        hint="ask for less at once",
    )


def _raised(message: dict[str, Any], request: Request) -> KzgraphError:
    """Return the error that a worker reports."""
    if message["error"] == "SourceSyntaxError":
        # the parser says it again, with the place; on an empty store there is nothing to run
        try:
            run_foreign(Store(), request.text, path=request.path, allow_service=True)
        except SourceSyntaxError as error:
            return error
    kinds: dict[str, type[KzgraphError]] = {
        "LimitError": LimitError,
        "StoreError": StoreError,
        "QueryRefusedError": QueryRefusedError,
    }
    return kinds.get(message["error"], InputError)(message["message"], hint=message["hint"])


def _encoded(term: Term) -> list[Any]:
    """Return a term as JSON: its kind and its parts."""
    if isinstance(term, NamedNode):
        return ["iri", term.value]
    if isinstance(term, BlankNode):
        return ["blank", term.value]
    if isinstance(term, Literal):
        if term.language:
            return ["text", term.value, term.language]
        return ["literal", term.value, term.datatype.value]
    return ["triple", _encoded(term.subject), _encoded(term.predicate), _encoded(term.object)]


def _decoded(data: list[Any]) -> Term:
    """Return the term that ``_encoded`` gave."""
    kind, *parts = data
    if kind == "iri":
        return NamedNode(parts[0])
    if kind == "blank":
        return BlankNode(parts[0])
    if kind == "text":
        return Literal(parts[0], language=parts[1])
    if kind == "literal":
        return Literal(parts[0], datatype=NamedNode(parts[1]))
    subject, predicate, object_ = (_decoded(part) for part in parts)
    return Triple(subject, predicate, object_)  # type: ignore[arg-type]


def _limit(memory: int | None) -> None:
    """Bound the address space of this process where the system can."""
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def main() -> None:
    """Answer the one request on standard input."""
    request = Request(**json.loads(sys.stdin.buffer.readline()))
    _limit(request.memory)
    left = request.max_bytes

    def say(message: dict[str, Any]) -> None:
        nonlocal left
        line = json.dumps(message).encode() + b"\n"
        left -= len(line)
        if left < 0 and "row" in message:
            raise LimitError(f"the answer is larger than {request.max_bytes:,} bytes")
        sys.stdout.buffer.write(line)

    with process_deadline(request.seconds + _GRACE):
        try:
            rows = run_foreign(
                EmbeddedStore.open(Path(request.store)),
                request.text,
                max_rows=request.max_rows,
                path=request.path,
                allow_service=request.allow_service,
            )
            say({"columns": rows.columns, "kind": rows.kind})
            for row in rows.rows:
                say({"row": [None if cell is None else _encoded(cell) for cell in row]})
            say({"end": True, "truncated": rows.truncated})
        except KzgraphError as error:
            say({"error": type(error).__name__, "message": error.message, "hint": error.hint})
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
