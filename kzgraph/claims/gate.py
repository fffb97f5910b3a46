"""Which relators take part in inference: the gate and the policy.

A relator counts when an accepted claim that is not deprecated asserts it. Under
the policy ``best`` a preferred relator keeps those of normal rank out that
answer the same question (slot) for an overlapping time. A relator that leaves
its time open is no rival: it fits whatever day the preferred one names.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.claims.slots import LEAVES_OPEN, TIMES, Slots
from kzgraph.errors import UnknownNameError
from kzgraph.namespaces import RDF_TYPE, kz, kzv
from kzgraph.store.memory import Subject, TripleIndex

POLICIES = ("best",)

CLAIM = kz("Claim")
CONTENT = kz("content")
FACT = kz("Fact")
SUPPORTED_BY = kz("supportedBy")
STANCE = kz("stance")
REVIEW_STATE = kz("reviewState")
CLAIM_RANK = kz("claimRank")
ASSERTS = kzv("stance-asserts")
ACCEPTED = kzv("review-accepted")
PREFERRED = kzv("rank-preferred")
NORMAL = kzv("rank-normal")
DEPRECATED = kzv("rank-deprecated")

# what a claim means when it does not say otherwise
DEFAULTS: tuple[tuple[NamedNode, NamedNode], ...] = (
    (CLAIM_RANK, NORMAL),
    (kz("modality"), kzv("modality-factual")),
    (kz("extraction"), kzv("extraction-manual")),
)


def claim_defaults(graph: TripleIndex) -> list[Triple]:
    """Return the rank, modality and extraction of claims that leave them out."""
    return [
        Triple(claim, predicate, value)
        for claim in graph.subjects_of(RDF_TYPE, CLAIM)
        for predicate, value in DEFAULTS
        if graph.one(claim, predicate) is None
    ]


@dataclass(frozen=True)
class Gate:
    """The outcome: who supports what, which relators are facts, which are withheld and why."""

    supported_by: list[Triple]
    facts: frozenset[Subject]
    withheld: dict[Subject, str] = field(default_factory=dict)

    def fact_triples(self) -> list[Triple]:
        """Return the mark ``a kz:Fact`` of each relator that takes part."""
        return [Triple(node, RDF_TYPE, FACT) for node in sorted(self.facts, key=str)]


def supporters(graph: TripleIndex) -> dict[Subject, list[Subject]]:
    """Return for each relator the accepted claims that assert it."""
    found: dict[Subject, list[Subject]] = defaultdict(list)
    for claim, relator in graph.pairs(CONTENT):
        if isinstance(relator, Literal):
            continue
        if graph.one(claim, STANCE) == ASSERTS and graph.one(claim, REVIEW_STATE) == ACCEPTED:
            found[relator].append(claim)
    return dict(found)


def rank_of(graph: TripleIndex, claims: list[Subject]) -> NamedNode:
    """Return the best rank among claims; a claim without one is of normal rank."""
    ranks = {graph.node(claim, CLAIM_RANK) or NORMAL for claim in claims}
    return next(rank for rank in (PREFERRED, NORMAL, DEPRECATED) if rank in ranks)


def apply_policy(
    graph: TripleIndex, relators: list[Subject], slots: Slots, *, policy: str = "best"
) -> Gate:
    """Return which of the relators take part under a policy.

    Raises UnknownNameError for a policy that is not there.
    """
    if policy not in POLICIES:
        raise UnknownNameError("policy", policy, POLICIES)
    claims = supporters(graph)
    withheld: dict[Subject, str] = {}
    ranks: dict[Subject, NamedNode] = {}
    for relator in relators:
        if relator not in claims:
            withheld[relator] = "no accepted claim asserts it"
            continue
        ranks[relator] = rank_of(graph, claims[relator])
        if ranks[relator] == DEPRECATED:
            withheld[relator] = "the claim for it is deprecated"
    for members in slots.members.values():
        preferred = [m for m in members if ranks.get(m) == PREFERRED]
        for member in members:
            if member in withheld or ranks.get(member) != NORMAL:
                continue
            if any(open_ in TIMES for open_ in graph.objects(member, LEAVES_OPEN)):
                continue
            rival = next((p for p in preferred if slots.overlap(p, member)), None)
            if rival is not None:
                withheld[member] = f"{rival.value} is preferred"
    return Gate(
        supported_by=[
            Triple(relator, SUPPORTED_BY, claim)
            for relator, supporting in claims.items()
            for claim in supporting
        ],
        facts=frozenset(r for r in relators if r not in withheld),
        withheld=withheld,
    )
