"""Who says what: claims picked by stance, by what they are about and by who makes them."""

from __future__ import annotations

from pyoxigraph import NamedNode

from kzgraph.claims.evidence import ClaimView, EvidenceReader, reading_order
from kzgraph.errors import UnknownNameError
from kzgraph.namespaces import RDF_TYPE, kz, kzv
from kzgraph.store.embedded import EmbeddedStore

STANCE_PREFIX = "stance-"
_CONTENTS = (kz("content"), kz("proposition"))


def list_claims(
    reader: EvidenceReader,
    *,
    stance: str | None = None,
    about: NamedNode | None = None,
    by: NamedNode | None = None,
) -> list[ClaimView]:
    """Return the claims that fit, in the order of their passages.

    ``stance`` is the local name without its prefix, such as ``denies``. A claim is
    about whatever its relator or proposition names, itself included.

    Raises UnknownNameError for a stance that is not there.
    """
    store = reader.store
    if stance is not None:
        known = stances(store)
        if stance not in known:
            raise UnknownNameError("stance", stance, known, hint=f"one of: {', '.join(known)}")
        found = store.subjects(kz("stance"), kzv(STANCE_PREFIX + stance))
    else:
        found = store.subjects(RDF_TYPE, kz("Claim"))
    return [
        reader.claim(claim)
        for claim in sorted((c for c in found if isinstance(c, NamedNode)), key=reading_order)
        if (by is None or by in store.objects(claim, kz("claimant")))
        and (about is None or _is_about(store, claim, about))
    ]


def stances(store: EmbeddedStore) -> list[str]:
    """Return the stances that the vocabulary has, without their prefix."""
    scheme = NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
    names = {
        triple.subject.value.rpartition("/")[2]
        for triple in store.match(None, scheme, None)
        if isinstance(triple.subject, NamedNode)
    }
    return sorted(
        name.removeprefix(STANCE_PREFIX) for name in names if name.startswith(STANCE_PREFIX)
    )


def _is_about(store: EmbeddedStore, claim: NamedNode, about: NamedNode) -> bool:
    for predicate in _CONTENTS:
        for content in store.nodes(claim, predicate):
            if content == about or next(store.match(content, None, about), None) is not None:
                return True
    return False
