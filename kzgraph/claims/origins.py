"""Origins: who stands behind a source, so that two mirrors of one page are one voice.

A source that copies, mirrors or draws on another has that one's origin. Sources
of one publisher are one voice too: a statistics office that says a number on two
pages has said it once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kzgraph.namespaces import kz
from kzgraph.store.embedded import EmbeddedStore

DRAWS_ON = (kz("copyOf"), kz("mirrorOf"), kz("derivedFrom"))
PUBLISHER, IN_SOURCE, EVIDENCE = kz("publisher"), kz("inSource"), kz("evidence")
SUPPORTED_BY, SLOT, FACT = kz("supportedBy"), kz("slot"), kz("Fact")


@dataclass(frozen=True)
class Origins:
    """The origins of every source: publishers, or sources whose publisher is not told."""

    of: dict[NamedNode, frozenset[NamedNode]]

    @classmethod
    def read(cls, store: EmbeddedStore) -> Origins:
        """Return the origins of all sources of a store."""
        drawn: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for predicate in DRAWS_ON:
            for triple in store.match(None, predicate, None):
                if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
                    drawn[triple.subject].append(triple.object)
        publishers = {
            t.subject: t.object
            for t in store.match(None, PUBLISHER, None)
            if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode)
        }
        of = {}
        for source in {*drawn, *publishers, *(s for ss in drawn.values() for s in ss)}:
            roots, seen, pending = set(), {source}, [source]
            while pending:
                node = pending.pop()
                further = [n for n in drawn.get(node, ()) if n not in seen]
                if not drawn.get(node):
                    roots.add(publishers.get(node, node))
                seen.update(further)
                pending += further
            of[source] = frozenset(roots)
        return cls(of)

    def of_claim(self, store: EmbeddedStore, claim: NamedNode) -> frozenset[NamedNode]:
        """Return the origins of a claim, by way of its passages."""
        found: set[NamedNode] = set()
        for passage in store.nodes(claim, EVIDENCE):
            for source in store.nodes(passage, IN_SOURCE):
                found |= self.of.get(source, frozenset({source}))
        return frozenset(found)

    def of_relator(self, store: EmbeddedStore, relator: NamedNode) -> frozenset[NamedNode]:
        """Return the origins of the accepted claims on a relator."""
        return frozenset().union(
            *(self.of_claim(store, claim) for claim in store.nodes(relator, SUPPORTED_BY))
        )
