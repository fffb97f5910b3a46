"""A thing and all that is known of it: its edges, its relators, what is said of it and by it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from kzgraph.claims.evidence import ClaimView, EvidenceReader, Named
from kzgraph.namespaces import ALT_LABEL, EXACT_MATCH, KZ, KZR, PREF_LABEL, RDF_TYPE, kz, shrink
from kzgraph.store.embedded import EmbeddedStore

_FACT = kz("Fact")
_HIDDEN = {
    RDF_TYPE, kz("supportedBy"), kz("slot"), kz("beginEarliest"), kz("beginLatest"),
    kz("endEarliest"), kz("endLatest"), kz("dateNote"), kz("readingNote"), PREF_LABEL,
}  # fmt: skip


@dataclass(frozen=True)
class RelatorView:
    """A relator in one line, whether it counts as a fact, and how many speak for it."""

    id: str
    kind: str
    words: str
    fact: bool
    claims: int
    sources: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the fields."""
        return {
            "id": self.id,
            "kind": self.kind,
            "words": self.words,
            "fact": self.fact,
            "claims": self.claims,
            "sources": list(self.sources),
        }


@dataclass(frozen=True)
class Portrait:
    """What the graph holds on one thing."""

    thing: Named
    classes: tuple[str, ...]
    names: dict[str, list[str]]
    links: tuple[str, ...]
    edges: dict[str, list[Named]]
    relators: tuple[RelatorView, ...]
    spoken_of: tuple[ClaimView, ...]
    says: tuple[ClaimView, ...]

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "thing": self.thing.to_json(),
            "classes": list(self.classes),
            "names": self.names,
            "links": list(self.links),
            "edges": {k: [n.to_json() for n in v] for k, v in self.edges.items()},
            "relators": [r.to_json() for r in self.relators],
            "spoken_of": [c.to_json() for c in self.spoken_of],
            "says": [c.to_json() for c in self.says],
        }


def portray(node: NamedNode, reader: EvidenceReader) -> Portrait:
    """Return the portrait of a thing that the store describes."""
    store = reader.store
    names: dict[str, list[str]] = defaultdict(list)
    for predicate in (PREF_LABEL, ALT_LABEL):
        for literal in store.objects(node, predicate):
            if isinstance(literal, Literal):
                names[literal.language or ""].append(literal.value)
    edges: dict[str, list[Named]] = defaultdict(list)
    for triple in store.match(node, None, None):
        if (
            triple.predicate.value.startswith(KZ)
            and triple.predicate not in _HIDDEN
            and isinstance(triple.object, NamedNode)
            and triple.object.value.startswith(KZR)
            and not _is_relator(store, triple.object)
        ):
            edges[reader.named(triple.predicate).label].append(reader.named(triple.object))
    relators: dict[str, RelatorView] = {}
    spoken, says = {}, {}
    for triple in store.match(None, None, node):
        subject = triple.subject
        if not isinstance(subject, NamedNode):
            continue
        if _is_relator(store, subject) and triple.predicate.value.startswith(KZ):
            relators[subject.value] = relator_view(reader, subject)
        elif triple.predicate in (kz("saysSubject"), kz("saysObject")):
            for claim in store.subjects(kz("proposition"), subject):
                spoken[str(claim)] = reader.claim(claim)  # type: ignore[arg-type]
        elif triple.predicate == kz("claimant"):
            says[subject.value] = reader.claim(subject)
    if _is_relator(store, node):
        relators[node.value] = relator_view(reader, node)
    return Portrait(
        thing=reader.named(node),
        classes=tuple(
            sorted(
                reader.named(c).label
                for c in store.nodes(node, RDF_TYPE)
                if c.value.startswith(KZ) and c != _FACT
            )
        ),
        names=dict(sorted(names.items())),
        links=tuple(shrink(link.value) for link in store.nodes(node, EXACT_MATCH)),
        edges={k: sorted(v, key=lambda n: n.label) for k, v in sorted(edges.items())},
        relators=tuple(sorted(relators.values(), key=lambda r: (r.kind, r.id))),
        spoken_of=tuple(spoken[k] for k in sorted(spoken)),
        says=tuple(says[k] for k in sorted(says)),
    )


def _is_relator(store: EmbeddedStore, node: NamedNode) -> bool:
    return kz("Relator") in store.objects(node, RDF_TYPE) or bool(
        store.node(node, kz("supportedBy"))
    )


def relator_view(reader: EvidenceReader, node: NamedNode) -> RelatorView:
    """Return a relator in one line: its roles and values."""
    store = reader.store
    classes = [c for c in store.nodes(node, RDF_TYPE) if c.value.startswith(KZ)]
    narrow = narrowest(store, [c for c in classes if c != _FACT])
    parts = []
    for triple in sorted(
        store.match(node, None, None), key=lambda t: (str(t.predicate), str(t.object))
    ):
        if triple.predicate in _HIDDEN or not triple.predicate.value.startswith(KZ):
            continue
        if isinstance(triple.object, (NamedNode, Literal)) and _is_role(store, triple.predicate):
            value = reader.named(triple.object).label
            parts.append(f"{reader.named(triple.predicate).label}: {value}")
    claims = store.nodes(node, kz("supportedBy"))
    sources = {
        reader.named(source).label
        for claim in claims
        for passage in store.nodes(claim, kz("evidence"))
        if (source := store.node(passage, kz("inSource"))) is not None
    }
    return RelatorView(
        id=shrink(node.value),
        kind=reader.named(narrow).label if narrow else "",
        words="; ".join(dict.fromkeys(parts)),
        fact=_FACT in classes,
        claims=len(claims),
        sources=tuple(sorted(sources)),
    )


def _is_role(store: EmbeddedStore, predicate: NamedNode) -> bool:
    """Return whether a property is written by hand, not an inferred wider one."""
    return not predicate.value.endswith(("Within", "In")) or bool(
        store.text(predicate, NamedNode("http://www.w3.org/2004/02/skos/core#example"))
    )


def narrowest(store: EmbeddedStore, classes: list[NamedNode]) -> NamedNode | None:
    """Return the class that has no narrower class beside it, None where there is none."""
    sub = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    for candidate in classes:
        if not any(
            other != candidate and next(store.match(other, sub, candidate), None) is not None
            for other in classes
        ):
            return candidate
    return classes[0] if classes else None
