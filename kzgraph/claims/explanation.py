"""A proof in readable form: down to claims with passages, named axioms, descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode, Triple

from kzgraph.claims.evidence import ClaimView, EvidenceReader, Named
from kzgraph.namespaces import KZ, RDF_TYPE, RDFS, kz, shrink
from kzgraph.reasoning.proofs import Proof

PlaceOf = Callable[[Triple], str]

# what the OWL 2 RL rules (OWL 2 Profiles, section 4.3) do, in a few words
RULE_WORDS = {
    "prp-dom": "domain of the property",
    "prp-rng": "range of the property",
    "prp-symp": "symmetric property",
    "prp-trp": "transitive property",
    "prp-spo1": "wider property",
    "prp-spo2": "property chain",
    "prp-eqp1": "equivalent property",
    "prp-eqp2": "equivalent property",
    "prp-inv1": "inverse property",
    "prp-inv2": "inverse property",
    "cax-sco": "wider class",
    "cax-eqc1": "equivalent class",
    "cax-eqc2": "equivalent class",
    "cls-int1": "intersection of classes",
    "cls-int2": "intersection of classes",
    "cls-uni": "union of classes",
    "cls-svf1": "some value in a class",
    "cls-svf2": "some value",
    "cls-avf": "all values in a class",
    "cls-hv1": "a given value",
    "cls-hv2": "a given value",
    "cls-oo": "one of a list",
    "eq-sym": "same things",
    "eq-trans": "same things",
    "eq-rep-s": "same things",
    "eq-rep-o": "same things",
    "scm-sco": "wider class",
    "scm-spo": "wider property",
}


@dataclass(frozen=True)
class Explanation:
    """One step of a proof with names: what holds, by which rule, from what.

    ``kind`` is ``inferred``, or for a leaf ``claims`` (somebody says so),
    ``axiom`` (the ontology says so) or ``description`` (a catalogue entry of a
    thing, not claimed by a source). ``place`` is file and line where it stands.
    """

    kind: str
    subject: Named
    predicate: Named
    object: Named
    rule: str = ""
    axioms: tuple[str, ...] = ()
    place: str = ""
    claims: tuple[ClaimView, ...] = ()
    premises: tuple[Explanation, ...] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        """Return the tree, without empty fields."""
        fields: dict[str, Any] = {
            "kind": self.kind,
            "subject": self.subject.to_json(),
            "predicate": self.predicate.to_json(),
            "object": self.object.to_json(),
            "rule": self.rule,
            "axioms": list(self.axioms),
            "place": self.place,
            "claims": [c.to_json() for c in self.claims],
            "premises": [p.to_json() for p in self.premises],
        }
        return {k: v for k, v in fields.items() if v not in ("", [])}

    def sentence(self) -> str:
        """Return the statement in words."""
        return f"{self.subject.label}  {self.predicate.label}  {self.object.label}"

    def lines(self) -> list[str]:
        """Return the proof as a tree, and below it each claim that it rests on, once."""
        claims = self.claims_below()
        numbers = {claim.id: number for number, claim in enumerate(claims, 1)}
        out = list(self._lines("", "", numbers))
        for claim in claims:
            first, *rest = claim.lines()
            out.append(f"({numbers[claim.id]}) {first}")
            out += ["    " + line for line in rest]
        return out

    def _lines(self, lead: str, below: str, numbers: Mapping[str, int]) -> Iterator[str]:
        text = f"{lead}{self.sentence()}"
        if self.kind == "axiom":
            text += "  (ontology)"
        elif self.kind == "description":
            text += "  (description, not claimed by a source)"
        if self.claims:
            text += "  " + " ".join(f"({numbers[claim.id]})" for claim in self.claims)
        if self.place and self.kind != "inferred":
            text += f"  {self.place}"
        yield text
        inner = below + ("│  " if self.premises else "   ")
        if self.rule:
            words = RULE_WORDS.get(self.rule)
            yield f"{inner}{self.rule}" + (f", {words}" if words else "")
        for axiom in self.axioms:
            yield f"{inner}{axiom}"
        for number, premise in enumerate(self.premises):
            last = number == len(self.premises) - 1
            yield from premise._lines(
                below + ("└─ " if last else "├─ "), below + ("   " if last else "│  "), numbers
            )

    def claims_below(self) -> list[ClaimView]:
        """Return the claims at the leaves, each once."""
        found: dict[str, ClaimView] = {}
        for claim in self.claims:
            found[claim.id] = claim
        for premise in self.premises:
            for claim in premise.claims_below():
                found[claim.id] = claim
        return list(found.values())


def explain(proof: Proof, reader: EvidenceReader, place_of: PlaceOf) -> Explanation:
    """Return a proof with names, places and, at its leaves, the claims."""
    subject, predicate, object_ = proof.conclusion
    words = (_name(reader, subject), _name(reader, predicate), _name(reader, object_))
    if not proof.is_leaf:
        return Explanation(
            "inferred",
            *words,
            rule=proof.rule,
            axioms=tuple(_axiom(axiom, place_of) for axiom in proof.axioms),
            premises=tuple(explain(p, reader, place_of) for p in proof.premises),
        )
    claims = (
        reader.store.nodes(subject, kz("supportedBy")) if isinstance(subject, NamedNode) else []
    )
    if claims:
        return Explanation(
            "claims",
            *words,
            place=place_of(proof.conclusion),
            claims=tuple(reader.claim(claim) for claim in claims),
        )
    in_ontology = isinstance(subject, NamedNode) and subject.value.startswith(KZ)
    return Explanation(
        "axiom" if in_ontology else "description",
        *words,
        place=place_of(proof.conclusion),
    )


def _name(reader: EvidenceReader, node: object) -> Named:
    if node == RDF_TYPE:
        return Named("rdf:type", "is a")
    if isinstance(node, NamedNode) and node.value.startswith(RDFS):
        return Named(shrink(node.value), shrink(node.value))
    return reader.named(node)  # type: ignore[arg-type]


def _axiom(axiom: Triple, place_of: PlaceOf) -> str:
    words = " ".join(
        shrink(term.value) if isinstance(term, NamedNode) else "[…]" if _blank(term) else str(term)
        for term in (axiom.subject, axiom.predicate, axiom.object)
    )
    place = place_of(axiom)
    return f"{words}  [{place}]" if place else words


def _blank(term: object) -> bool:
    return type(term).__name__ == "BlankNode"


def to_dot(*proofs: Explanation) -> str:
    """Return proofs as one Graphviz graph: each statement and each claim is drawn once."""
    lines = ["digraph proof {", "  rankdir=TB; node [shape=box, fontname=sans-serif];"]
    ids: dict[tuple[str, ...], str] = {}
    edges: dict[str, None] = {}
    style = {"inferred": "", "axiom": ", style=dashed", "claims": ", style=bold"}

    def claim_node(claim: ClaimView) -> str:
        if (claim.id,) not in ids:
            name = ids[(claim.id,)] = f"n{len(ids)}"
            where = "; ".join(f"{p.source.label}, {p.locator}" for p in claim.passages)
            label = f"{claim.claimant.label}: {claim.stance.label}\n{where}"
            lines.append(f"  {name} [shape=note, label={_quote(label)}];")
        return ids[(claim.id,)]

    def node(step: Explanation) -> str:
        key = (step.subject.id, step.predicate.id, step.object.id)
        if key not in ids:
            name = ids[key] = f"n{len(ids)}"
            lines.append(f"  {name} [label={_quote(step.sentence())}{style.get(step.kind, '')}];")
        for premise in step.premises:
            edges[f"  {ids[key]} -> {node(premise)} [label={_quote(step.rule)}];"] = None
        for claim in step.claims:
            edges[f"  {ids[key]} -> {claim_node(claim)} [style=dotted];"] = None
        return ids[key]

    for proof in proofs:
        node(proof)
    return "\n".join([*lines, *edges, "}"]) + "\n"


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
