"""Relators from rows, each with the claim that vouches for it and the passage it rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.exchange.draft import Draft, RowError, column_of
from kzgraph.exchange.inventory import (
    CONTENT,
    EVIDENCE,
    IN_SOURCE,
    NOTES,
    NamingError,
    statements_of,
)
from kzgraph.exchange.mapping import Rule, Value
from kzgraph.exchange.naming import claim_on, kebab, located, slug, without_kind
from kzgraph.exchange.tables import Row
from kzgraph.namespaces import KZ, RDF_TYPE, kz, kzr, kzv, shrink
from kzgraph.store.memory import TripleIndex
from kzgraph.validation.corpus import SOURCE

Values = list[tuple[NamedNode, NamedNode | Literal]]
Said = frozenset[tuple[NamedNode, object]]

_TIMES: Final = ("interval", "heldAt", "date", "period")
# relators with one of these are told apart by their time from the start
_DATED: Final = frozenset({kz("period"), kz("date")})
_UNIT: Final = kz("unit")
_COPIES: Final = (kz("copyOf"), kz("mirrorOf"))


class Relators:
    """Adds relators, claims and passages to a draft."""

    def __init__(self, draft: Draft, *, review: str) -> None:
        self.draft = draft
        self._review = kzv(f"review-{review}")
        self._passages: dict[tuple[NamedNode, NamedNode, str], NamedNode] = {}
        self._read: set[NamedNode] = set()
        self._claims: dict[tuple[object, object], object] = {}
        data = draft.inventory.data
        for claim, relator in data.pairs(CONTENT):
            for passage in data.objects(claim, EVIDENCE):
                self._claims[(relator, passage)] = claim

    def add(self, row: Row, rule: Rule) -> None:
        """Add a relator, its claim and its passage. Raises RowError, and then adds nothing."""
        draft, known = self.draft, self.draft.inventory
        cls = draft.cls(row, rule)
        source = self._source(row)
        values = self._statements(row, rule, cls)
        said: Said = frozenset([(RDF_TYPE, cls), *((p, t) for p, t in values if p not in NOTES)])
        relator, new = self._relator(row, rule, cls, source, said, values)
        passage, passage_triples = self._passage(row, source)
        claim_triples = self._claim(row, source, relator, passage)
        name = cls.value.removeprefix(KZ)
        (draft.plan.added if new else draft.plan.known)[name] += 1
        draft.plan.rows.setdefault(relator, row)
        if new:
            file = draft.file(row, rule, cls, dict(values))
            known.file_of[relator] = file
            draft.add(Triple(relator, RDF_TYPE, cls), file)
            for prop, term in values:
                draft.add(Triple(relator, prop, term), file)
            known.relators[(source, said)] = relator
            draft.plan.relators.append(relator)
        file = known.file_of.get(passage) or "claims/" + shrink(source.value)[len("kzr:source-") :]
        for triple in (*passage_triples, *claim_triples):
            assert isinstance(triple.subject, NamedNode)
            known.file_of[triple.subject] = file
            draft.plan.rows.setdefault(triple.subject, row)
            draft.add(triple, file)

    def _source(self, row: Row) -> NamedNode:
        value = self.draft.mapping.source
        texts = value.texts(row)
        if not texts:
            hint = "nothing is taken over without one"
            raise RowError(value.column, "the row names no source", hint)
        try:
            return self.draft.inventory.find(texts[0], SOURCE)
        except NamingError as error:
            hint = error.hint
            if "is not known" in error.message:
                hint = "describe it first: kzgraph import SOURCES --mapping sources"
            raise RowError(value.column, error.message, hint) from error

    def _statements(self, row: Row, rule: Rule, cls: NamedNode) -> Values:
        """Return what a row says of a relator: property and value, in the order of the mapping."""
        wanted = dict(rule.values)
        notes, claim = self.draft.mapping.notes, self.draft.mapping.claim
        if rule.all_columns:
            used = {c for v in (*notes.values(), *claim.values()) for c in v.columns}
            for column in self.draft.table.columns:
                if column in self.draft.inventory.schema.properties and column not in used:
                    wanted.setdefault(column, Value(column=column, split="|"))
        for name, value in notes.items():
            prop, _, lang = name.partition(".")
            if prop == "dateNote":
                wanted[name] = replace(value, lang=lang)
        found = {
            pair: None
            for name, value in wanted.items()
            for pair in self.draft.values(row, name.partition(".")[0], value)
        }
        identifying = self.draft.inventory.schema.identifying.get(cls, [])
        given = {prop for prop, _ in found}
        if not given.isdisjoint(kz(name) for name in _TIMES):
            given |= _DATED  # several days are a date too
        if identifying and given.isdisjoint(identifying):
            names = ", ".join(shrink(p.value) for p in identifying)
            kind = shrink(cls.value)
            raise RowError("", f"the row does not say what the {kind} is about", f"fill {names}")
        return list(found)

    def _relator(
        self, row: Row, rule: Rule, cls: NamedNode, source: NamedNode, said: Said, values: Values
    ) -> tuple[NamedNode, bool]:
        """Return the node of a relator, and whether it is new."""
        inventory = self.draft.inventory
        known = inventory.relators.get((source, said))
        if known is not None:
            return known, False
        key = next(iter(rule.key.texts(row)), "") if rule.key else ""
        tag = inventory.tag(source)
        for stem in [key] if key else self._stems(cls, values):
            node = kzr(f"{stem}-said-{tag}")
            if not inventory.classes.get(node):
                return node, True
            if self._said(node) == said:
                return node, False
        raise RowError(
            column_of(rule.key) if rule.key else "",
            f"{shrink(node.value)} is there already and says something else",
            "correct the row, or give it an identifier of its own",
        )

    def _said(self, node: NamedNode) -> Said:
        new = self.draft.new.get(node)
        return statements_of(TripleIndex(new) if new else self.draft.inventory.data, node)

    def _stems(self, cls: NamedNode, values: Values) -> Iterator[str]:
        """Yield names for a relator, each longer than the one before.

        First its class and what it is about; then its time, which figures and events
        have from the start; at last a digest of everything.
        """
        name = kebab(cls.value.removeprefix(KZ))
        kind = self.draft.inventory.schema.kind(cls) or name
        parts = [name if name == kind or name.startswith(f"{kind}-") else kind]
        if kind in ("event", "action"):
            parts.append(name)
        for prop in self.draft.inventory.schema.identifying.get(cls, []):
            if prop == _UNIT or prop.value.removeprefix(KZ) in _TIMES:
                continue
            parts += [without_kind(t) for t in sorted(t.value for p, t in values if p == prop)]
        plainest = "-".join(parts)
        times = [slug(t.value) for name in _TIMES for p, t in values if p == kz(name)]
        dated = "-".join([plainest, *times])
        if _DATED.isdisjoint(p for p, _ in values):
            yield plainest
        yield dated
        everything = "|".join(sorted(f"{p.value} {t.value}" for p, t in values if p not in NOTES))
        yield f"{dated}-{hashlib.sha256(everything.encode()).hexdigest()[:6]}"

    def _passage(self, row: Row, source: NamedNode) -> tuple[NamedNode, list[Triple]]:
        """Return the passage that a row cites, and its statements where it is new."""
        prop, term, name = located(self._locator(row))
        inventory = self.draft.inventory
        if source not in self._read:
            self._read.add(source)
            for passage in inventory.data.subjects_of(IN_SOURCE, source):
                for triple in inventory.data.describe(passage):
                    if isinstance(triple.object, Literal) and isinstance(passage, NamedNode):
                        key = (source, triple.predicate, triple.object.value)
                        self._passages.setdefault(key, passage)
        key = (source, prop, term.value)
        known = self._passages.get(key)
        if known is not None:
            return known, []
        new = kzr(f"said-{inventory.tag(source)}-{name}")
        if inventory.classes.get(new):
            digest = hashlib.sha256(term.value.encode()).hexdigest()[:6]
            new = kzr(f"said-{inventory.tag(source)}-{name}-{digest}")
        self._passages[key] = new
        self.draft.plan.added["passages"] += 1
        return new, [
            Triple(new, RDF_TYPE, kz("Passage")),
            Triple(new, IN_SOURCE, source),
            Triple(new, prop, term),
        ]

    def _locator(self, row: Row) -> str:
        value = self.draft.mapping.locator
        text = next(iter(value.texts(row)), "") if value else ""
        if not text and self.draft.mapping.source.constant:
            # the table is itself the source; RFC 7111 counts its lines from 1, header included
            return f"row={row.line}"
        if not text:
            raise RowError(
                column_of(value) if value else "",
                "the row does not say where in the source it stands",
                "name the row, the page, the JSON pointer or the section",
            )
        return text

    def _claim(
        self, row: Row, source: NamedNode, relator: NamedNode, passage: NamedNode
    ) -> list[Triple]:
        """Return the statements of the claim that a row makes, none where it is there."""
        if (relator, passage) in self._claims:
            return []
        mapping = self.draft.mapping
        given = {name: next(iter(v.texts(row)), "") for name, v in mapping.claim.items()}
        data = self.draft.inventory.data
        publisher = data.node(source, kz("publisher"))
        # in the author's voice of a copy speaks the author of the original
        originals = [
            o for p in _COPIES for o in data.objects(source, p) if isinstance(o, NamedNode)
        ]
        author = next((a for o in originals if (a := data.node(o, kz("publisher")))), publisher)
        claimant = self._agent(given.get("claimant", ""), "claimant") or author
        reporter = self._agent(given.get("reporter", ""), "reporter") or publisher
        if claimant is None or reporter is None:
            raise RowError(
                column_of(mapping.source),
                f"{shrink(source.value)} has no publisher who would say it",
                "describe the publisher of the source",
            )
        claim = self._next_claim(passage)
        self._claims[(relator, passage)] = claim
        voice = "authors-voice" if claimant in (author, publisher) else "indirect-speech"
        attribution = given.get("attribution") or voice
        triples = [
            Triple(claim, RDF_TYPE, kz("Claim")),
            Triple(claim, kz("attribution"), kzv(f"attribution-{attribution}")),
            Triple(claim, kz("claimant"), claimant),
            Triple(claim, CONTENT, relator),
            Triple(claim, EVIDENCE, passage),
            Triple(claim, kz("extraction"), kzv("extraction-table")),
            Triple(claim, kz("reporter"), reporter),
            Triple(claim, kz("reviewState"), self._review),
            Triple(claim, kz("stance"), kzv("stance-asserts")),
        ]
        if given.get("modality"):
            triples.append(Triple(claim, kz("modality"), kzv(f"modality-{given['modality']}")))
        for name, value in mapping.notes.items():
            prop, _, lang = name.partition(".")
            if prop == "readingNote":
                for text in value.texts(row):
                    triples.append(Triple(claim, kz(prop), Literal(text, language=lang)))
        self.draft.plan.claims.append(claim)
        self.draft.plan.added["claims"] += 1
        return triples

    def _agent(self, text: str, role: str) -> NamedNode | None:
        if not text:
            return None
        try:
            return self.draft.inventory.find(text, kz("Agent"))
        except NamingError as error:
            column = column_of(self.draft.mapping.claim[role])
            raise RowError(column, error.message, error.hint) from error

    def _next_claim(self, passage: NamedNode) -> NamedNode:
        number = 1
        while self.draft.inventory.classes.get(claim_on(passage, number)):
            number += 1
        return claim_on(passage, number)


__all__ = ["Relators"]
