"""Saved queries read from their files, with everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from kzgraph.queries.agreement import compare, read_body
from kzgraph.queries.catalogue import SavedQuery
from kzgraph.queries.faults import Fault, Reader
from kzgraph.queries.headers import read_header

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_folder(
    folder: Path, *, known: Collection[str] | None = None
) -> tuple[dict[str, SavedQuery], list[Fault]]:
    """Return the queries below a folder that can be read, and every fault in any file.

    With ``known``, the IRIs that something declares, others of our namespaces are faults.
    """
    queries: dict[str, SavedQuery] = {}
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*.rq"), key=lambda p: p.relative_to(folder).as_posix()):
        relative = path.relative_to(folder).as_posix()
        shown = f"{folder.name}/{relative}"
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            faults.append(Fault(shown, line, 1, "the file is not UTF-8"))
            continue
        query, found = read_query(text, path=relative, shown=shown, known=known)
        faults.extend(found)
        if query is None:
            continue
        if query.name in queries:
            other = f"{folder.name}/{queries[query.name].path}"
            faults.append(Fault(shown, 1, 1, f"the name {query.name} is taken by {other}"))
            continue
        queries[query.name] = query
    return queries, faults


def read_query(
    text: str, *, path: str, shown: str = "", known: Collection[str] | None = None
) -> tuple[SavedQuery | None, list[Fault]]:
    """Return the saved query in a text, None where it has no header, and its faults.

    ``path`` is the path below the folder of queries; it gives topic and name.
    ``shown`` is the path in messages.
    """
    reader = Reader(shown or path, text)
    topic, _, file = path.rpartition("/")
    name = file.removesuffix(".rq")
    if not _NAME.fullmatch(name):
        reader.say(1, f"the file name {name!r} is not in kebab-case", hint="who-says-what.rq")
    if not topic:
        reader.say(1, "the file lies in no folder; the folder is its topic")
    for number, line in enumerate(reader.lines, start=1):
        if "\t" in line:
            reader.say(number, "a tab; indent with blanks", column=line.index("\t") + 1)
    header = read_header(reader, quality=topic.split("/")[0] == "quality")
    body = read_body(reader)
    query = None
    if header is not None:
        compare(reader, header, body, known=known)
        query = SavedQuery(
            name=name,
            topic=topic,
            path=path,
            summary=header.summary,
            text=text,
            kind=body.facts.kind if body else "SELECT",
            columns=body.facts.variables if body else (),
            questions=header.questions,
            params=header.params,
            tags=header.tags,
            chart=header.chart,
            evidence=header.evidence,
            empty=header.empty,
        )
    return query, sorted(reader.faults, key=lambda fault: (fault.line, fault.column))
