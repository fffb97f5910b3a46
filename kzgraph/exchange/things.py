"""Things from rows: new ones, and what a row knows more of one that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.exchange.draft import Draft, RowError, column_of
from kzgraph.exchange.inventory import ALT_LABEL, EXACT_MATCH, NOTATION
from kzgraph.exchange.mapping import Rule, Value
from kzgraph.exchange.naming import HOLE, LOCAL_NAME, slug
from kzgraph.exchange.tables import Row
from kzgraph.namespaces import KZ, KZR, PREF_LABEL, RDF_TYPE, WD, kz, kzr, shrink
from kzgraph.validation.corpus import SOURCE

_LINKS = "links/wikidata"


class Things:
    """Adds things to a draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def add(self, row: Row, rule: Rule) -> None:
        """Add a thing, or names and links of one that is there. Raises RowError."""
        draft, known = self.draft, self.draft.inventory
        assert rule.key is not None
        cls = draft.cls(row, rule)
        node = kzr(self._local_name(row, rule.key))
        new = not known.classes.get(node)
        if not new and not self._same_kind(node, cls):
            is_a = shrink(known.classes[node][0].value)
            raise RowError(
                column_of(rule.key),
                f"{shrink(node.value)} is there already, as {is_a}, not {shrink(cls.value)}",
                "choose another identifier, or correct the class",
            )
        if new and not (rule.distinct and row[rule.distinct]):
            self._refuse_twin(row, rule, cls, node)
        triples = list(self._described(row, rule, node, cls, new=new))
        file = known.file_of.get(node) or draft.file(row, rule, cls)
        known.file_of[node] = file
        more = False
        for triple in triples:
            more |= draft.add(triple, _LINKS if triple.predicate == EXACT_MATCH else file)
        draft.plan.rows.setdefault(node, row)
        (draft.plan.added if new else draft.plan.known)[cls.value.removeprefix(KZ)] += 1
        if more and not new:
            draft.plan.added["known things with more names or links"] += 1

    def _same_kind(self, node: NamedNode, cls: NamedNode) -> bool:
        schema = self.draft.inventory.schema
        return any(
            schema.is_kind_of(own, cls) or schema.is_kind_of(cls, own)
            for own in self.draft.inventory.classes[node]
        )

    def _refuse_twin(self, row: Row, rule: Rule, cls: NamedNode, node: NamedNode) -> None:
        """Raise where a new thing bears the name of one of its kind: a duplicate, most likely."""
        for label in (*rule.labels.values(), *rule.other_labels.values()):
            for text in label.texts(row):
                for twin in self.draft.inventory.candidates(text):
                    if twin == node or not self._same_kind(twin, cls):
                        continue
                    hint = f"if it is the same thing, its identifier is {shrink(twin.value)[4:]}"
                    if rule.distinct:
                        hint += f"; if it is another, fill the column {rule.distinct}"
                    raise RowError(
                        column_of(label),
                        f"{text!r} is already the name of {shrink(twin.value)}",
                        hint,
                    )

    def _described(
        self, row: Row, rule: Rule, node: NamedNode, cls: NamedNode, *, new: bool
    ) -> Iterator[Triple]:
        if new:
            yield Triple(node, RDF_TYPE, cls)
        yield from self._labels(row, rule, node, new=new)
        if rule.codes:
            for text in rule.codes.texts(row):
                yield Triple(node, NOTATION, Literal(text))
        if rule.qid:
            for text in rule.qid.texts(row):
                yield self._link(rule.qid, node, text)
        for name, value in rule.values.items():
            for prop, term in self.draft.values(row, name.partition(".")[0], value):
                if prop == kz("address"):
                    self._refuse_address(value, node, term.value)
                yield Triple(node, prop, term)

    def _labels(self, row: Row, rule: Rule, node: NamedNode, *, new: bool) -> Iterator[Triple]:
        has = {o.language: o.value for o in self._known(node, PREF_LABEL) if isinstance(o, Literal)}
        labels = 0
        for lang, value in rule.labels.items():
            for text in value.texts(row):
                labels += 1
                if has.setdefault(lang, text) == text:
                    yield Triple(node, PREF_LABEL, Literal(text, language=lang))
                else:
                    yield Triple(node, ALT_LABEL, Literal(text, language=lang))
        if new and not labels:
            raise RowError("", "a new thing has no label", "give one in at least one language")
        for lang, value in rule.other_labels.items():
            for text in value.texts(row):
                if text != has.get(lang):
                    yield Triple(node, ALT_LABEL, Literal(text, language=lang))

    def _known(self, node: NamedNode, predicate: NamedNode) -> Iterator[NamedNode | Literal]:
        """Yield what the data and this run say of a thing."""
        for term in self.draft.inventory.data.objects(node, predicate):
            if isinstance(term, NamedNode | Literal):
                yield term
        for triple in self.draft.new.get(node, ()):
            if triple.predicate == predicate and isinstance(triple.object, NamedNode | Literal):
                yield triple.object

    def _refuse_address(self, value: Value, node: NamedNode, address: str) -> None:
        for twin in self.draft.inventory.candidates(address, SOURCE):
            if twin != node:
                raise RowError(
                    column_of(value),
                    f"this address is already that of {shrink(twin.value)}",
                    "use that source, or give the other address",
                )

    def _link(self, value: Value, node: NamedNode, text: str) -> Triple:
        column = column_of(value)
        if not re.fullmatch(r"Q[1-9]\d*", text):
            raise RowError(column, f"{text!r} is no Wikidata item", "it looks like Q232")
        other = self.draft.inventory.linked.get(text)
        if other is not None and other != node:
            raise RowError(
                column,
                f"{text} is already linked to {shrink(other.value)}",
                "two things cannot be one item; use that thing, or correct the item",
            )
        for linked in self._known(node, EXACT_MATCH):
            if linked.value != WD + text:
                raise RowError(
                    column,
                    f"{shrink(node.value)} is linked to {shrink(linked.value)} already",
                    "check which of the two items it is",
                )
        return Triple(node, EXACT_MATCH, NamedNode(WD + text))

    def _local_name(self, row: Row, value: Value) -> str:
        text = self.draft.one(row, value, "the identifier")
        if value.template:
            holes = {column: slug(row[column]) for column in value.columns}
            for column, part in holes.items():
                if not part:
                    raise RowError(
                        column,
                        f"{row[column]!r} gives no name in ASCII letters",
                        "give the identifier in a column of its own",
                    )
            text = HOLE.sub(lambda m: holes[m[1]], value.template)
        text = text.removeprefix("kzr:").removeprefix(KZR)
        if not LOCAL_NAME.fullmatch(text):
            raise RowError(
                column_of(value),
                f"{text!r} is no identifier",
                "lower case letters, digits and single hyphens, like company-chevron",
            )
        return text
