"""What stands behind a relator or a claim: who says it, how, and where it is written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from kzgraph.errors import InputError
from kzgraph.namespaces import RDF_TYPE, kz, shrink
from kzgraph.store.embedded import EmbeddedStore
from kzgraph.store.memory import Term

_SUPPORTED_BY = kz("supportedBy")
_CLAIM = kz("Claim")
_CONTENT = kz("content")
_PROPOSITION = kz("proposition")
_MAX_SOURCE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Named:
    """A thing and what it is called in the reader's language."""

    id: str
    label: str

    def to_json(self) -> dict[str, str]:
        """Return the CURIE and the label."""
        return {"id": self.id, "label": self.label}


@dataclass(frozen=True)
class Passage:
    """Where something is written: a source, a place in it and the hash of what stood there.

    ``chars`` are code points from 0, the end exclusive (RFC 5147). ``text`` is
    there only when the reader supplied the source's file.
    """

    id: str
    source: Named
    locator: str
    chars: tuple[int, int] | None = None
    paragraph: int | None = None
    sentence: int | None = None
    sha256: str = ""
    address: str = ""
    text: str | None = None
    text_note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return everything known of the place, without empty fields."""
        fields: dict[str, Any] = {
            "id": self.id,
            "source": self.source.to_json(),
            "locator": self.locator,
            "paragraph": self.paragraph,
            "sentence": self.sentence,
            "chars": list(self.chars) if self.chars else None,
            "sha256": self.sha256,
            "address": self.address,
            "text": self.text,
            "text_note": self.text_note,
        }
        return {k: v for k, v in fields.items() if v not in (None, "")}


@dataclass(frozen=True)
class ClaimView:
    """A claim in readable form."""

    id: str
    claimant: Named
    reporter: Named
    stance: Named
    attribution: Named
    modality: Named
    rank: Named
    review: Named
    says: Named
    said_at: str = ""
    notes: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        """Return the claim with its passages."""
        fields: dict[str, Any] = {
            "id": self.id,
            "claimant": self.claimant.to_json(),
            "reporter": self.reporter.to_json(),
            "stance": self.stance.to_json(),
            "attribution": self.attribution.to_json(),
            "modality": self.modality.to_json(),
            "rank": self.rank.to_json(),
            "review": self.review.to_json(),
            "says": self.says.to_json(),
            "said_at": self.said_at,
            "notes": list(self.notes),
            "passages": [p.to_json() for p in self.passages],
        }
        return {k: v for k, v in fields.items() if v not in ("", [])}

    def lines(self) -> list[str]:
        """Return the claim as text: who says it and how, then each passage."""
        who = self.claimant.label
        if self.reporter.id != self.claimant.id:
            who += f", reported by {self.reporter.label}"
        how = f"{self.stance.label}, {self.attribution.label}"
        if self.said_at:
            how += f", said {self.said_at}"
        if self.rank.id != "kzv:rank-normal":
            how += f", {self.rank.label}"
        if self.review.id != "kzv:review-accepted":
            how += f", {self.review.label}"
        out = [f"{who} ({how})  [{self.id}]"]
        out += [f"  note: {note}" for note in self.notes]
        for passage in self.passages:
            out.append(f"  {passage.source.label}, {passage.locator}  [{passage.id}]")
            if passage.address:
                out.append(f"    {passage.address}")
            if passage.text is not None:
                out.append(f"    “{passage.text}”")
            elif passage.text_note:
                out.append(f"    {passage.text_note}")
        return out


class SourceFolder:
    """The files a reader has at hand; found by their hash, whatever their names."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InputError(
                f"{folder} is not a folder", hint="--sources takes the folder with the source files"
            )
        self.folder = folder
        self._by_hash: dict[str, Path] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.stat().st_size <= _MAX_SOURCE_BYTES:
                self._by_hash[hashlib.sha256(path.read_bytes()).hexdigest()] = path

    def text(self, sha256: str) -> str | None:
        """Return the text of the file with this hash, None where it is not here.

        A byte order mark is no part of the text. Raises InputError when the file is not UTF-8.
        """
        path = self._by_hash.get(sha256)
        if path is None:
            return None
        try:
            return path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"{path} is not UTF-8 (byte {error.start})") from error

    def file(self, sha256: str) -> Path | None:
        """Return the file with this hash, None where it is not here."""
        return self._by_hash.get(sha256)


class EvidenceReader:
    """Reads claims and passages out of a closed graph."""

    def __init__(
        self,
        store: EmbeddedStore,
        *,
        languages: Iterable[str] = ("en",),
        sources: SourceFolder | None = None,
    ) -> None:
        self.store = store
        self.languages = tuple(languages)
        self.sources = sources
        self._passages: dict[Term, Passage] = {}
        self._texts: dict[str, str | None] = {}

    def named(self, node: Term | None) -> Named:
        """Return a node with its label; None gives an empty name."""
        if node is None:
            return Named("", "")
        if isinstance(node, Literal):
            return Named(node.value, node.value)
        return Named(shrink(node.value), self.store.label(node, self.languages))

    def claims_of(self, node: Term) -> list[ClaimView]:
        """Return the claims on a relator, or the claim itself when the node is one."""
        if not isinstance(node, NamedNode):
            return []
        if _CLAIM in self.store.objects(node, RDF_TYPE):
            return [self.claim(node)]
        found = self.store.nodes(node, _SUPPORTED_BY)
        if not found:
            saying = (
                *self.store.subjects(_CONTENT, node),
                *self.store.subjects(_PROPOSITION, node),
            )
            found = [claim for claim in saying if isinstance(claim, NamedNode)]
        return [self.claim(claim) for claim in sorted(found, key=reading_order)]

    def claim(self, claim: NamedNode) -> ClaimView:
        """Return one claim in readable form."""
        one = self.store.node
        says = one(claim, _PROPOSITION) or one(claim, _CONTENT)
        return ClaimView(
            id=shrink(claim.value),
            claimant=self.named(one(claim, kz("claimant"))),
            reporter=self.named(one(claim, kz("reporter"))),
            stance=self.named(one(claim, kz("stance"))),
            attribution=self.named(one(claim, kz("attribution"))),
            modality=self.named(one(claim, kz("modality"))),
            rank=self.named(one(claim, kz("claimRank"))),
            review=self.named(one(claim, kz("reviewState"))),
            says=self.named(says),
            said_at=self.store.text(claim, kz("saidAt")),
            notes=tuple(self._notes(claim, says)),
            passages=tuple(self.passage(p) for p in self.store.nodes(claim, kz("evidence"))),
        )

    def _notes(self, *nodes: Term | None) -> Iterable[str]:
        for node in nodes:
            if not isinstance(node, NamedNode):
                continue
            for predicate in (kz("rankReason"), kz("dateNote"), kz("readingNote")):
                texts = {
                    o.language or "": o.value
                    for o in self.store.objects(node, predicate)
                    if isinstance(o, Literal)
                }
                language = next((x for x in (*self.languages, "en", *texts) if x in texts), None)
                if language is not None:
                    yield texts[language]

    def passage(self, passage: NamedNode) -> Passage:
        """Return one passage; its text where the source's file is at hand."""
        if passage not in self._passages:
            self._passages[passage] = self._read_passage(passage)
        return self._passages[passage]

    def _read_passage(self, passage: NamedNode) -> Passage:
        text_of = self.store.text
        source = self.store.node(passage, kz("inSource"))
        chars = parse_chars(text_of(passage, kz("chars")))
        paragraph = _number(text_of(passage, kz("paragraph")))
        sentence = _number(text_of(passage, kz("sentence")))
        parts = []
        if paragraph is not None:
            parts.append(f"paragraph {paragraph}")
        if sentence is not None:
            parts.append(f"sentence {sentence}")
        if chars:
            parts.append(f"characters {chars[0]}-{chars[1]}")
        for name, word in (
            ("row", ""),
            ("jsonPointer", "JSON pointer "),
            ("page", "page "),
            ("fragment", ""),
        ):
            value = text_of(passage, kz(name))
            if value:
                parts.append(word + value)
        accessed = text_of(passage, kz("accessed")) or (
            text_of(source, kz("accessed")) if source is not None else ""
        )
        if accessed:
            parts.append(f"read {accessed}")
        text, note = self._text(source, chars, text_of(passage, kz("passageSha256")))
        return Passage(
            id=shrink(passage.value),
            source=self.named(source),
            locator=", ".join(parts),
            chars=chars,
            paragraph=paragraph,
            sentence=sentence,
            sha256=text_of(passage, kz("passageSha256")),
            address=text_of(source, kz("address")) if source is not None else "",
            text=text,
            text_note=note,
        )

    def _text(
        self, source: NamedNode | None, chars: tuple[int, int] | None, sha256: str
    ) -> tuple[str | None, str]:
        if source is None or chars is None:
            return None, ""
        wanted = self.store.text(source, kz("sourceSha256"))
        if self.sources is None:
            return None, "text not shipped; --sources DIR shows it from your copy of the source"
        if wanted not in self._texts:
            self._texts[wanted] = self.sources.text(wanted)
        whole = self._texts[wanted]
        if whole is None:
            return (
                None,
                f"no file in {self.sources.folder} has the SHA-256 {wanted[:12]}… of the source",
            )
        text = whole[chars[0] : chars[1]]
        if sha256 and hashlib.sha256(text.encode()).hexdigest() != sha256:
            return None, "the passage's hash does not fit; kzgraph verify-locators tells more"
        return text, ""


def parse_chars(fragment: str) -> tuple[int, int] | None:
    """Return start and end of an RFC 5147 character range, None where it is none.

    >>> parse_chars("char=937,1158")
    (937, 1158)
    """
    name, _, numbers = fragment.partition("=")
    start, comma, end = numbers.partition(",")
    if name != "char" or not comma or not _is_number(start) or not _is_number(end):
        return None
    return int(start), int(end)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _number(text: str) -> int | None:
    return int(text) if _is_number(text) else None


def reading_order(node: NamedNode) -> list[tuple[int, str]]:
    """Return a key that sorts claims as they are said: the tenth after the ninth.

    >>> sorted([NamedNode("x:c10"), NamedNode("x:c9")], key=reading_order)[0]
    <NamedNode value=x:c9>
    """
    parts = re.split(r"(\d+)", node.value)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
