"""A synthetic world in the project's own terms, of any size, the same each time.

``python benchmarks/world.py TRIPLES FILE.nt`` writes N-Triples: states, organisations,
people, companies, and the relators between them, with labels and dates.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from kzgraph.namespaces import EDTF, KZ, KZR, RDF, SKOS

# how many of each thing there are for every hundred memberships
_SHARES = {
    "country": 8, "org": 12, "person": 30, "office": 12, "company": 20, "treaty": 25,
    "place": 40, "resource": 3,
}  # fmt: skip
_CLASSES = {
    "country": "State", "org": "InternationalOrganisation", "person": "Person",
    "office": "Office", "company": "Company", "treaty": "MultilateralTreaty",
    "place": "Territory", "resource": "Resource",
}  # fmt: skip
# class of relator: how many for a hundred memberships, and its roles
_RELATORS: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {
    "Membership": (100, (("memberState", "country"), ("organisation", "org"))),
    "OfficeHolding": (
        60,
        (("officeHolder", "person"), ("office", "office"), ("onBehalfOf", "country")),
    ),
    "Signature": (60, (("signatory", "country"), ("signatory", "country"), ("ofTreaty", "treaty"))),
    "Ratification": (40, (("ratifyingParty", "country"), ("ofTreaty", "treaty"))),
    "Holding": (50, (("holder", "company"), ("issuer", "company"))),
    "Border": (15, (("firstSide", "country"), ("secondSide", "country"))),
    "Location": (40, (("located", "place"), ("place", "place"))),
    "Occurrence": (30, (("occurringResource", "resource"), ("occurrencePlace", "place"))),
}
_PER_UNIT = 1880  # triples that a hundred memberships bring, about


def world(triples: int, *, seed: int = 7) -> Iterator[str]:
    """Yield about so many lines of N-Triples.

    Locations point from a thing to an earlier one and holdings to a near one, so
    that transitive closures stay as shallow as in a real world.
    """
    chance = random.Random(seed)
    unit = max(triples / _PER_UNIT, 0.2)
    counts = {kind: max(4, int(share * unit)) for kind, share in _SHARES.items()}
    for kind, count in counts.items():
        for number in range(count):
            subject = f"<{KZR}{kind}-{number}>"
            yield f"{subject} <{RDF}type> <{KZ}{_CLASSES[kind]}> .\n"
            for language, word in (("en", "No."), ("de", "Nr."), ("ru", "№"), ("kk", "нөмір")):
                yield f'{subject} <{SKOS}prefLabel> "{kind} {word} {number}"@{language} .\n'
    for name, (share, roles) in _RELATORS.items():
        for number in range(max(4, int(share * unit))):
            subject = f"<{KZR}{name.lower()}-{number}>"
            yield f"{subject} <{RDF}type> <{KZ}{name}> .\n"
            first: int | None = None
            for role, kind in roles:
                count = counts[kind]
                thing = chance.randrange(count)
                if name in ("Location", "Holding"):
                    thing = first // 4 if first is not None else 1 + chance.randrange(count - 1)
                first = thing
                yield f"{subject} <{KZ}{role}> <{KZR}{kind}-{thing}> .\n"
            year = chance.randint(1991, 2025)
            yield f'{subject} <{KZ}interval> "{year}/.."^^<{EDTF}EDTF> .\n'


def write_world(triples: int, path: Path, *, seed: int = 7) -> int:
    """Write a world into a file and return how many triples it has."""
    lines = list(dict.fromkeys(world(triples, seed=seed)))
    with path.open("w", encoding="utf-8") as out:
        out.writelines(lines)
    return len(lines)


if __name__ == "__main__":
    print(write_world(int(float(sys.argv[1])), Path(sys.argv[2])))
