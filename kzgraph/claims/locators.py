"""Do passages still say what was read? Hashes every located passage again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kzgraph.claims.evidence import SourceFolder, parse_chars
from kzgraph.namespaces import RDF_TYPE, kz, shrink
from kzgraph.store.embedded import EmbeddedStore


@dataclass(frozen=True)
class LocatorFinding:
    """A passage that cannot be confirmed, and why."""

    passage: str
    source: str
    problem: str


@dataclass(frozen=True)
class LocatorReport:
    """What came of the check: ``verified`` passages, findings, and sources not at hand."""

    verified: int
    findings: list[LocatorFinding]
    absent: dict[str, int]


def verify_locators(store: EmbeddedStore, sources: SourceFolder) -> LocatorReport:
    """Return which character-located passages still hash to what was read.

    A source whose file is not in the folder is counted in ``absent`` with the
    number of its passages; that is no finding.
    """
    verified = 0
    findings: list[LocatorFinding] = []
    absent: dict[str, int] = {}
    for passage in store.subjects(RDF_TYPE, kz("Passage")):
        fragment = store.text(passage, kz("chars"))
        source = store.one(passage, kz("inSource"))
        if not fragment or not isinstance(source, NamedNode):
            continue
        name, curie = shrink(passage.value), shrink(source.value)
        chars = parse_chars(fragment)
        if chars is None:
            findings.append(LocatorFinding(name, curie, f"{fragment!r} is no character range"))
            continue
        whole = sources.text(store.text(source, kz("sourceSha256")))
        if whole is None:
            absent[curie] = absent.get(curie, 0) + 1
            continue
        start, end = chars
        if not start < end <= len(whole):
            findings.append(
                LocatorFinding(name, curie, f"{fragment} leaves the text (0-{len(whole)})")
            )
            continue
        found = hashlib.sha256(whole[start:end].encode()).hexdigest()
        if found != store.text(passage, kz("passageSha256")):
            findings.append(LocatorFinding(name, curie, f"{fragment} hashes to {found[:12]}…"))
            continue
        verified += 1
    return LocatorReport(verified, findings, absent)
