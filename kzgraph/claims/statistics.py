"""Numbers on the graph: how much there is, who says it, and how well it stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from kzgraph.claims.conflicts import KINDS, Conflict
from kzgraph.claims.origins import EVIDENCE, FACT, IN_SOURCE, SLOT, Origins
from kzgraph.namespaces import KZ, KZR, PREF_LABEL, PREFIXES, RDF_TYPE, RDFS, kz, shrink
from kzgraph.store.embedded import EmbeddedStore

LANGUAGES = ("en", "de", "ru", "kk")
_SUBCLASS = NamedNode(RDFS + "subClassOf")
_LINK = NamedNode(PREFIXES["skos"] + "exactMatch")
_RELATOR, _CLAIM, _ENTITY = kz("Relator"), kz("Claim"), kz("Entity")
_SOURCE = kz("SourceDocument")
# classes that are only ever inferred say nothing of what a thing is
_INFERRED = frozenset({FACT, kz("OfficeBearer")})


@dataclass(frozen=True)
class Statistics:
    """The counts; ``shares`` are between 0 and 1."""

    things: dict[str, int]
    relators: dict[str, int]
    facts: dict[str, int]
    sources: dict[str, int]
    stances: dict[str, int]
    origins: dict[str, int]
    conflicts: dict[str, int]
    labels: dict[str, float]
    linked: float
    totals: dict[str, int]

    @property
    def corroborated(self) -> float:
        """The share of questions of fact on which two or more independent origins speak."""
        several = sum(n for count, n in self.origins.items() if count != "1")
        return several / max(1, sum(self.origins.values()))

    def to_json(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {
            "totals": self.totals,
            "things": self.things,
            "relators": self.relators,
            "facts": self.facts,
            "claims_per_source": self.sources,
            "claims_per_stance": self.stances,
            "questions_per_number_of_origins": self.origins,
            "share_with_two_or_more_origins": round(self.corroborated, 4),
            "share_with_label": {k: round(v, 4) for k, v in self.labels.items()},
            "share_linked_to_wikidata": round(self.linked, 4),
            "conflicts": self.conflicts,
        }

    def markdown(self) -> str:
        """Return the numbers as tables for a page."""
        facts = sum(self.facts.values())
        lines = [
            "| what | how many |",
            "|---|---:|",
            *(f"| {name} | {count:,} |" for name, count in self.totals.items()),
            f"| questions of fact with two or more independent origins | {self.corroborated:.0%} |",
            *(f"| things with a label in {k} | {share:.0%} |" for k, share in self.labels.items()),
            f"| things linked to Wikidata | {self.linked:.0%} |",
            *(f"| where sources differ: {kind} | {n:,} |" for kind, n in self.conflicts.items()),
            "",
            "| relation | relators | facts |",
            "|---|---:|---:|",
            *(
                f"| {name} | {count:,} | {self.facts.get(name, 0):,} |"
                for name, count in self.relators.items()
                if count >= 10
            ),
            f"| others | {sum(n for n in self.relators.values() if n < 10):,} | "
            f"{facts - sum(self.facts.get(k, 0) for k, n in self.relators.items() if n >= 10):,} |",
        ]
        return "\n".join(lines)


def statistics(store: EmbeddedStore, found: Iterable[Conflict]) -> Statistics:
    """Return the counts of a closed graph; ``found`` are its conflicts.

    Classes are the narrowest ones. The share of labels and links is over things that
    have a name: all entities but sources.
    """
    parents = defaultdict(set)
    for triple in store.match(None, _SUBCLASS, None):
        if triple.subject != triple.object:
            parents[triple.subject].add(triple.object)
    types: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for triple in store.match(None, RDF_TYPE, None):
        subject, cls = triple.subject, triple.object
        if (
            isinstance(subject, NamedNode)
            and isinstance(cls, NamedNode)
            and cls.value.startswith(KZ)
            and subject.value.startswith(KZR)
        ):
            types[subject].add(cls)
    things: Counter[str] = Counter()
    relators: Counter[str] = Counter()
    facts: Counter[str] = Counter()
    named: list[NamedNode] = []
    slots: dict[object, set[NamedNode]] = defaultdict(set)
    origins = Origins.read(store)
    for node, classes in types.items():
        name = _narrowest(classes, parents)
        # a relator that is withheld takes no part in inference, so its superclasses are not there
        if any(c == _RELATOR or _RELATOR in parents[c] for c in classes):
            relators[name] += 1
            if FACT in classes:
                facts[name] += 1
                for slot in store.nodes(node, SLOT):
                    slots[slot] |= origins.of_relator(store, node)
        elif _ENTITY in classes:
            things[name] += 1
            if _SOURCE not in classes:
                named.append(node)
    claims = [node for node, classes in types.items() if _CLAIM in classes]
    per_source: Counter[str] = Counter()
    stances: Counter[str] = Counter()
    for claim in claims:
        stances.update(
            shrink(s.value)[len("kzv:stance-") :] for s in store.nodes(claim, kz("stance"))
        )
        read = {s for p in store.nodes(claim, EVIDENCE) for s in store.nodes(p, IN_SOURCE)}
        per_source.update(shrink(s.value) for s in read)
    spread = Counter(_size(len(found)) for found in slots.values())
    kinds = Counter(conflict.kind for conflict in found)
    labels = dict.fromkeys(LANGUAGES, 0)
    linked = 0
    for node in named:
        has = {
            t.object.language
            for t in store.match(node, PREF_LABEL, None)
            if isinstance(t.object, Literal)
        }
        for lang in LANGUAGES:
            labels[lang] += lang in has
        linked += store.one(node, _LINK) is not None
    total = max(1, len(named))
    return Statistics(
        things=_sorted(things),
        relators=_sorted(relators),
        facts=_sorted(facts),
        sources=_sorted(per_source),
        stances=_sorted(stances),
        origins={key: spread[key] for key in ("1", "2", "3 or more")},
        conflicts={kind: kinds[kind] for kind in KINDS},
        labels={lang: count / total for lang, count in labels.items()},
        linked=linked / total,
        totals={
            "things": len(named),
            "relators": sum(relators.values()),
            "facts": sum(facts.values()),
            "claims": len(claims),
            "passages": sum(kz("Passage") in classes for classes in types.values()),
            "propositions": sum(kz("Proposition") in classes for classes in types.values()),
            "source documents": things["SourceDocument"],
            "sources with claims": len(per_source),
        },
    )


def _narrowest(classes: set[NamedNode], parents: dict[Any, set[Any]]) -> str:
    own = {c for c in classes if c not in _INFERRED}
    above = {p for c in own for p in parents.get(c, ())}
    return min((c.value.removeprefix(KZ) for c in own - above), default="Entity")


def _size(count: int) -> str:
    return str(count) if count < 3 else "3 or more"


def _sorted(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
