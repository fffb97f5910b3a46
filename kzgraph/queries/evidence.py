"""What carries each row of an answer: proofs of its edges, claims on its nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Triple

from kzgraph.claims.evidence import ClaimView, EvidenceReader, Named
from kzgraph.claims.explanation import Explanation, PlaceOf, explain
from kzgraph.errors import NoAnswerError
from kzgraph.namespaces import expand
from kzgraph.queries.catalogue import EvidenceSpec, SavedQuery
from kzgraph.queries.pattern import pattern_query
from kzgraph.queries.run import Rows, Term, run
from kzgraph.reasoning.proofs import last_steps
from kzgraph.reasoning.rules import RuleSet
from kzgraph.snapshot.opening import ClosedSource

# of what a row counted, so many are shown
_MOST_BEHIND_A_ROW = 50


@dataclass(frozen=True)
class NodeEvidence:
    """A node of a row (a relator, a proposition, a claim) and the claims on it."""

    node: Named
    claims: tuple[ClaimView, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the node with its claims."""
        return {
            "kind": "node",
            "node": self.node.to_json(),
            "claims": [c.to_json() for c in self.claims],
        }

    def lines(self) -> list[str]:
        """Return the node and its claims as text."""
        out = [self.node.label if self.node.label == self.node.id else _both(self.node)]
        for claim in self.claims:
            out += ["   " + line for line in claim.lines()]
        if not self.claims:
            out.append("   no claim of a source (a description or a computed node)")
        return out


@dataclass(frozen=True)
class EdgeEvidence:
    """An edge of a row: its least proof, and the other ways in which it follows.

    ``total`` counts all ways; at most twenty are shown.
    """

    proof: Explanation
    others: tuple[Explanation, ...] = ()
    total: int = 1

    def to_json(self) -> dict[str, Any]:
        """Return the least proof in full and the claims of the others."""
        return {
            "kind": "edge",
            "proof": self.proof.to_json(),
            "others": [
                {"rule": other.rule, "claims": [c.to_json() for c in other.claims_below()]}
                for other in self.others
            ],
            "ways": self.total,
        }

    def lines(self) -> list[str]:
        """Return the least proof as a tree, then who else leads there."""
        out = self.proof.lines()
        told = {c.id for c in self.proof.claims_below()}
        for other in self.others:
            fresh = [c for c in other.claims_below() if c.id not in told]
            told |= {c.id for c in fresh}
            for claim in fresh:
                out += ["   also " + claim.lines()[0]]
                out += ["   " + line for line in claim.lines()[1:]]
        hidden = self.total - 1 - len(self.others)
        if hidden > 0:
            out.append(f"   and {hidden} more ways (kzgraph explain --all)")
        return out


Evidence = NodeEvidence | EdgeEvidence


class Backing:
    """Finds the evidence of rows in a closed graph."""

    def __init__(
        self, source: ClosedSource, rules: RuleSet, reader: EvidenceReader, place_of: PlaceOf
    ) -> None:
        self._source = source
        self._rules = rules
        self._reader = reader
        self._place_of = place_of

    def edge(self, triple: Triple, *, limit: int = 20) -> EdgeEvidence:
        """Return how an edge follows.

        Raises NotEntailedError when it does not hold.
        """
        proofs, total = last_steps(self._source, self._rules, triple, limit=limit)
        shown = [explain(proof, self._reader, self._place_of) for proof in proofs]
        return EdgeEvidence(shown[0], tuple(shown[1:]), total)

    def node(self, node: NamedNode) -> NodeEvidence:
        """Return the claims on a node."""
        return NodeEvidence(self._reader.named(node), tuple(self._reader.claims_of(node)))

    def row(
        self, query: SavedQuery, row: Mapping[str, Term | None], text: str
    ) -> tuple[Evidence, ...]:
        """Return the evidence of one row, as the query's header names it.

        Where that is behind an aggregate, the pattern (of ``text``, the query with its
        parameters) runs again for the row; see ``queries.pattern``.
        """
        parts: dict[str, Evidence] = {}
        for bindings in self._bindings(query, row, text):
            for spec in query.evidence:
                key = " ".join(str(bindings.get(part, part)) for part in spec)
                if key not in parts and (part := self._part(spec, bindings)) is not None:
                    parts[key] = part
        return tuple(parts.values())

    def _bindings(
        self, query: SavedQuery, row: Mapping[str, Term | None], text: str
    ) -> Iterator[Mapping[str, Term | None]]:
        hidden = [v for spec in query.evidence for v in spec.variables if v not in row]
        if not hidden:
            yield row
            return
        rows = run(
            self._reader.store,
            pattern_query(text, hidden, row),
            max_rows=_MOST_BEHIND_A_ROW,
            path=query.path,
        )
        for found in rows.rows:
            yield {**row, **dict(zip(rows.columns, found, strict=True))}

    def _part(self, spec: EvidenceSpec, row: Mapping[str, Term | None]) -> Evidence | None:
        if not spec.is_edge:
            node = row.get(spec.subject)
            return self.node(node) if isinstance(node, NamedNode) else None
        subject, object_ = _end(spec.subject, row), _end(spec.object, row)
        if subject is None or object_ is None:
            return None
        try:
            return self.edge(Triple(subject, expand(spec.predicate), object_))
        except NoAnswerError:
            return None  # the row comes from another branch of the query

    def rows(self, query: SavedQuery, rows: Rows, text: str) -> tuple[tuple[Evidence, ...], ...]:
        """Return the evidence of each row."""
        return tuple(
            self.row(query, dict(zip(rows.columns, row, strict=True)), text) for row in rows.rows
        )


def _end(name: str, row: Mapping[str, Term | None]) -> NamedNode | None:
    if ":" in name:
        return expand(name)
    value = row.get(name)
    return value if isinstance(value, NamedNode) else None


def _both(node: Named) -> str:
    return f"{node.label}  [{node.id}]"
