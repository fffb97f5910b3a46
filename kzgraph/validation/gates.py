"""Count gates: how much there is at least, so that a loss of data is noticed.

``data/assertions.toml`` says for each class, source and language how many things,
claims and labels there are at least. Whoever removes data on purpose lowers the
number in the same commit.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from kzgraph.namespaces import KZ, KZR, PREF_LABEL, RDF_TYPE, kz
from kzgraph.validation.corpus import CLAIM, Corpus, Problem

FILE: Final = "data/assertions.toml"
_EVIDENCE, _IN_SOURCE = kz("evidence"), kz("inSource")
_HEADER: Final = """\
# At least so many there are; validation fails where a number has fallen.
# Written by kzgraph stats --gates. Lower a number only where data went on purpose.
"""


def counts(corpus: Corpus) -> dict[str, dict[str, int]]:
    """Return how many things of each class, claims on each source, labels in each language."""
    data = corpus.data
    classes: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for _, cls in data.pairs(RDF_TYPE):
        if isinstance(cls, NamedNode) and cls.value.startswith(KZ):
            classes[cls.value.removeprefix(KZ)] += 1
    for _, label in data.pairs(PREF_LABEL):
        if isinstance(label, Literal) and label.language:
            labels[label.language] += 1
    for claim in data.subjects_of(RDF_TYPE, CLAIM):
        passages = data.objects(claim, _EVIDENCE)
        read = {
            s.value.removeprefix(KZR)
            for p in passages
            if isinstance(p, NamedNode)
            for s in data.objects(p, _IN_SOURCE)
            if isinstance(s, NamedNode)
        }
        sources.update(read)
    return {"classes": dict(classes), "labels": dict(labels), "claims": dict(sources)}


def gates_text(corpus: Corpus) -> str:
    """Return the file of gates with the present counts."""
    lines = [_HEADER.rstrip()]
    for section, counted in counts(corpus).items():
        lines += ["", f"[{section}]"]
        lines += [f"{name} = {counted[name]}" for name in sorted(counted)]
    return "\n".join(lines) + "\n"


def check_gates(corpus: Corpus) -> Iterator[Problem]:
    """There is no less than the gates say; only for the whole, never for a user's files."""
    path = corpus.root / FILE if corpus.root else None
    if path is None or not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    try:
        wanted = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        yield _problem(corpus, path, 1, what=str(error), have="?", want="?")
        return
    have = counts(corpus)
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("["):
            section = line.strip("[] ")
            continue
        name = line.partition("=")[0].strip().strip('"')
        least = wanted.get(section, {}).get(name)
        if isinstance(least, int) and have.get(section, {}).get(name, 0) < least:
            found = have.get(section, {}).get(name, 0)
            what = f"{section}: {name}"
            yield _problem(corpus, path, number, what=what, have=str(found), want=str(least))


def _problem(corpus: Corpus, path: Path, line: int, *, what: str, have: str, want: str) -> Problem:
    return Problem(
        "count-gate",
        source=corpus.wanted[0],
        path=path.relative_to(corpus.root or path.parent).as_posix(),
        line=line,
        details={"what": what, "have": have, "want": want},
    )
