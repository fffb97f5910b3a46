"""Evidence: passages inside their sources, claims beside their passages, copies known as copies."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from kzgraph.claims.evidence import parse_chars
from kzgraph.namespaces import KZR, PREFIXES, kz, kzv, shrink
from kzgraph.store.memory import Subject
from kzgraph.validation.corpus import CLAIM, PASSAGE, SOURCE, Corpus, Problem

CHARS: Final = kz("chars")
EVIDENCE: Final = kz("evidence")
IN_SOURCE: Final = kz("inSource")
PARAGRAPH: Final = kz("paragraph")
SENTENCE: Final = kz("sentence")
TEXT_LENGTH: Final = kz("textLength")
HASH: Final = kz("sourceSha256")
ADDRESS: Final = kz("address")
PUBLISHER: Final = kz("publisher")
ORIGINS: Final = (kz("copyOf"), kz("mirrorOf"), kz("derivedFrom"))
COPIES: Final = ORIGINS[:2]
LANGUAGE: Final = NamedNode(PREFIXES["dcterms"] + "language")
AUTHORS_VOICE: Final = kzv("attribution-authors-voice")
_NUMBERED: Final = re.compile(r"-p(\d+)-s(\d+)$")
_COLUMNS: Final = ("paragraph", "sentence", "start", "end", "sha256", "claims", "note")


def _text(corpus: Corpus, node: Subject | None, predicate: NamedNode) -> str:
    value = corpus.data.one(node, predicate) if node is not None else None
    return value.value if isinstance(value, Literal) else ""


def _number(corpus: Corpus, node: Subject | None, predicate: NamedNode) -> int | None:
    text = _text(corpus, node, predicate)
    return int(text) if text.isdigit() else None


def check_locators(corpus: Corpus) -> Iterator[Problem]:
    """Character ranges are not empty and end inside their source; names and numbers agree."""
    for passage in corpus.instances(PASSAGE):
        source = corpus.data.node(passage, IN_SOURCE)
        chars = parse_chars(_text(corpus, passage, CHARS))
        length = _number(corpus, source, TEXT_LENGTH)
        if chars and (chars[0] >= chars[1] or (length is not None and chars[1] > length)):
            yield Problem(
                "locator-outside",
                passage,
                predicates=(CHARS,),
                value=corpus.data.one(passage, CHARS),
                details={"length": str(length or "?")},
            )
        named = _NUMBERED.search(passage.value) if isinstance(passage, NamedNode) else None
        if named:
            for predicate, digits in zip((PARAGRAPH, SENTENCE), named.groups(), strict=True):
                said = _number(corpus, passage, predicate)
                if said is not None and said != int(digits):
                    yield Problem(
                        "passage-number",
                        passage,
                        predicates=(predicate,),
                        value=corpus.data.one(passage, predicate),
                        details={"property": shrink(predicate.value), "named": str(int(digits))},
                    )


def check_claim_names(corpus: Corpus) -> Iterator[Problem]:
    """A claim is named after one of its passages, so that they sort together."""
    for claim in corpus.instances(CLAIM):
        passages = [o for o in corpus.data.objects(claim, EVIDENCE) if isinstance(o, NamedNode)]
        if (
            isinstance(claim, NamedNode)
            and claim.value.startswith(KZR)
            and passages
            and not any(claim.value.startswith(f"{p.value}-c") for p in passages)
        ):
            yield Problem(
                "claim-name",
                claim,
                predicates=(EVIDENCE,),
                details={"passage": shrink(passages[0].value)},
            )


def check_copies(corpus: Corpus) -> Iterator[Problem]:
    """A copy is known as one, so that nobody counts it as a second witness."""
    data = corpus.data
    sources = list(corpus.instances(SOURCE))
    origins = {
        source: [
            o for prop in ORIGINS for o in data.objects(source, prop) if isinstance(o, NamedNode)
        ]
        for source in sources
    }
    for source in sources:
        seen: set[Subject] = set()
        pending: list[Subject] = list(origins[source])
        while pending:
            node = pending.pop()
            if node == source:
                yield Problem("copy-circle", source, predicates=ORIGINS)
                break
            if node not in seen:
                seen.add(node)
                pending += origins.get(node, [])
    for prop in (ADDRESS, HASH):
        by_value: dict[str, list[Subject]] = {}
        for source in sources:
            text = _text(corpus, source, prop)
            if prop == ADDRESS:
                text = _same_address(text)
            if text:
                by_value.setdefault(text, []).append(source)
        for twins in by_value.values():
            for source, other in zip(twins[1:], twins, strict=False):
                if other not in origins[source] and source not in origins[other]:
                    assert isinstance(other, NamedNode)
                    yield Problem(
                        "source-twice",
                        source,
                        predicates=(prop,),
                        value=data.one(source, prop),
                        details={"other": shrink(other.value)},
                    )
    yield from _copies_out_of_place(corpus)
    yield from _copied_voices(corpus)


def _copies_out_of_place(corpus: Corpus) -> Iterator[Problem]:
    """Yield copies that stand where their original does, and mirrors in another language."""
    data = corpus.data
    for prop in COPIES:
        for source, original in data.pairs(prop):
            if not isinstance(original, NamedNode) or source == original:
                continue
            details = {"other": shrink(original.value)}
            address = _same_address(_text(corpus, source, ADDRESS))
            if address and address == _same_address(_text(corpus, original, ADDRESS)):
                yield Problem(
                    "copy-address", source, predicates=(prop,), value=original, details=details
                )
            spoken, meant = (set(data.objects(n, LANGUAGE)) for n in (source, original))
            if spoken and meant and not spoken & meant:
                yield Problem(
                    "copy-language", source, predicates=(prop,), value=original, details=details
                )


def _same_address(address: str) -> str:
    """Return an address without what makes no other page of it.

    >>> _same_address("http://www.example.org/a/")
    'example.org/a'
    """
    return address.partition("://")[2].removeprefix("www.").partition("#")[0].rstrip("/")


def _copied_voices(corpus: Corpus) -> Iterator[Problem]:
    """Yield claims on a copy in the author's voice that name the copier as the author."""
    data = corpus.data
    for claim in corpus.instances(CLAIM):
        if data.one(claim, kz("attribution")) != AUTHORS_VOICE:
            continue
        claimant = data.one(claim, kz("claimant"))
        for passage in data.objects(claim, EVIDENCE):
            source = None if isinstance(passage, Literal) else data.node(passage, IN_SOURCE)
            if source is None:
                continue
            originals = [
                o for prop in COPIES for o in data.objects(source, prop) if isinstance(o, NamedNode)
            ]
            authors = [a for o in originals for a in data.objects(o, PUBLISHER)]
            if authors and claimant not in authors:
                yield Problem(
                    "copy-voice",
                    claim,
                    predicates=(kz("claimant"),),
                    value=claimant,
                    details={"author": corpus.show(authors[0])},
                )


def check_sentence_tables(corpus: Corpus) -> Iterator[Problem]:
    """A table of sentences adds up with the passages and claims of its source."""
    for text in corpus.wanted:
        table = text.path.with_suffix(".sentences.tsv")
        sources = [s for s in text.subjects if SOURCE in corpus.classes(s)]
        if not table.is_file() or len(sources) != 1:
            continue
        for line, fault in _faults_of_table(corpus, table, sources[0]):
            yield Problem(
                "sentence-table",
                sources[0],
                source=text,
                line=line,
                path=text.name.removesuffix(text.path.name) + table.name,
                details={"fault": fault},
            )


def _faults_of_table(corpus: Corpus, table: Path, source: Subject) -> Iterator[tuple[int, str]]:
    data = corpus.data
    passages: dict[tuple[int, int], Subject] = {}
    claims: Counter[Subject] = Counter()
    for passage in corpus.instances(PASSAGE):
        chars = parse_chars(_text(corpus, passage, CHARS))
        if chars and data.node(passage, IN_SOURCE) == source:
            passages[chars] = passage
    for claim in corpus.instances(CLAIM):
        rests_on = [p for p in data.objects(claim, EVIDENCE) if isinstance(p, NamedNode)]
        named = [p for p in rests_on if str(claim).strip("<>").startswith(f"{p.value}-c")]
        claims.update((named or rests_on)[:1])
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
        if rows and tuple(rows[0]) != _COLUMNS:
            yield 1, f"the columns are {', '.join(rows[0])}, not {', '.join(_COLUMNS)}"
            return
    length = _number(corpus, source, TEXT_LENGTH)
    end = 0
    for line, row in enumerate(rows, 2):
        try:
            start, stop, count = int(row["start"]), int(row["end"]), int(row["claims"])
            place = int(row["paragraph"]), int(row["sentence"])
        except (TypeError, ValueError):
            yield line, "paragraph, sentence, start, end and claims are whole numbers"
            continue
        if not end <= start <= end + 1 or stop <= start:
            yield line, f"{start} to {stop} does not follow the row before, which ends at {end}"
        end = stop
        node = passages.pop((start, stop), None)
        if node is None:
            if count:
                yield line, f"{count} claims, but no passage has char={start},{stop}"
        else:
            if _text(corpus, node, kz("passageSha256")) != row["sha256"]:
                yield line, f"the hash is not that of {shrink(node.value)}"
            said = _number(corpus, node, PARAGRAPH), _number(corpus, node, SENTENCE)
            if said != place:
                yield line, f"{shrink(node.value)} says paragraph {said[0]}, sentence {said[1]}"
            if claims[node] != count:
                yield line, f"{count} claims in the table, {claims[node]} on {shrink(node.value)}"
        if not count and not row["note"]:
            yield line, "a sentence without claims has a note that says why"
    if length is not None and end != length:
        yield len(rows) + 1, f"the last sentence ends at {end}, the text at {length}"
    for chars, node in passages.items():
        yield (
            len(rows) + 1,
            f"{shrink(node.value)} (char={chars[0]},{chars[1]}) is no sentence here",
        )
