"""What looks wrong and is right: the house rules say nothing of it."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from kzgraph.namespaces import PREFIXES
from kzgraph.validation.corpus import DATA, ONTOLOGY, Corpus, SourceText
from kzgraph.validation.hygiene import check_house_rules
from tests.validation.test_hygiene import CONTEXT

HEADER = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
RULES = (
    "before-signature", "border-length-twice", "copy-address", "copy-language",
    "date-after-source", "end-before-beginning", "figure-out-of-series",
    "membership-outside-life", "name-script", "office-outside-life", "rivals-in-office",
    "share-out-of-range", "shares-above-whole", "text-garbled", "year-implausible",
)  # fmt: skip
# each a relator or more; every one is claimed by the example source of March 2023
RIGHT = {
    "a share sold to another one": """
        kzr:holding-a1 a kz:Holding ; kz:holder kzr:company-first ; kz:issuer kzr:company-fourth ;
            kz:interval "2001/2004"^^edtf:EDTF ; kz:share 60.0 .
        kzr:holding-a2 a kz:Holding ; kz:holder kzr:company-second ; kz:issuer kzr:company-fourth ;
            kz:interval "2006/2010"^^edtf:EDTF ; kz:share 60.0 .""",
    "shares that come to a hundred with rounding": """
        kzr:holding-b1 a kz:Holding ; kz:holder kzr:company-first ; kz:issuer kzr:company-third ;
            kz:heldAt "2004"^^edtf:EDTF ; kz:share 66.7 .
        kzr:holding-b2 a kz:Holding ; kz:holder kzr:company-second ; kz:issuer kzr:company-third ;
            kz:heldAt "2004"^^edtf:EDTF ; kz:share 33.4 .""",
    "a share told twice": """
        kzr:participating-interest-1 a kz:ParticipatingInterest ; kz:asset kzr:facility-first ;
            kz:interestHolder kzr:company-first ; kz:heldAt "2004"^^edtf:EDTF ; kz:share 60.0 .
        kzr:participating-interest-2 a kz:ParticipatingInterest ; kz:asset kzr:facility-first ;
            kz:interestHolder kzr:company-first ; kz:heldAt "2004"^^edtf:EDTF ; kz:share 61.0 .""",
    "an office in the year of birth of which the day is not known, and one until death": """
        kzr:event-birth-1 a kz:Birth ; kz:born kzr:person-first ; kz:date "1950"^^edtf:EDTF .
        kzr:event-death-1 a kz:Death ; kz:deceased kzr:person-first ;
            kz:date "2010-03-02"^^edtf:EDTF .
        kzr:office-holding-1 a kz:OfficeHolding ; kz:office kzr:office-first ;
            kz:officeHolder kzr:person-first ; kz:interval "1995/2010-03-02"^^edtf:EDTF .
        kzr:office-holding-2 a kz:OfficeHolding ; kz:office kzr:office-second ;
            kz:officeHolder kzr:person-first ; kz:interval "1995/"^^edtf:EDTF .
        kzr:office-holding-3 a kz:OfficeHolding ; kz:office kzr:office-second ;
            kz:officeHolder kzr:person-first ; kz:heldAt "2010"^^edtf:EDTF .""",
    "a membership from the year of founding, and one that was inherited": """
        kzr:event-founding-1 a kz:Founding ; kz:founded kzr:org-eaeu ;
            kz:date "2001-05"^^edtf:EDTF .
        kzr:membership-1 a kz:Membership ; kz:memberState kzr:country-kaz ;
            kz:organisation kzr:org-eaeu ; kz:interval "2001/.."^^edtf:EDTF .
        kzr:event-founding-2 a kz:Founding ; kz:founded kzr:org-csto ; kz:date "2002"^^edtf:EDTF .
        kzr:succession-1 a kz:Succession ; kz:predecessor kzr:org-eaeu ;
            kz:successor kzr:org-csto ; kz:date "2002"^^edtf:EDTF .
        kzr:membership-2 a kz:Membership ; kz:memberState kzr:country-kaz ;
            kz:organisation kzr:org-csto ; kz:interval "1994/.."^^edtf:EDTF .""",
    "a treaty adopted before it is signed": """
        kzr:action-1 a kz:Adoption ; kz:ofTreaty kzr:treaty-2001-first ;
            kz:date "2001-01"^^edtf:EDTF .
        kzr:action-2 a kz:Signature ; kz:ofTreaty kzr:treaty-2001-first ;
            kz:signatory kzr:country-kaz ; kz:date "2001-03"^^edtf:EDTF .
        kzr:action-3 a kz:Ratification ; kz:ofTreaty kzr:treaty-2001-first ;
            kz:ratifyingParty kzr:country-kaz ; kz:date "2001"^^edtf:EDTF .""",
    "a treaty of many that one joins late": """
        kzr:treaty-1950-many a kz:MultilateralTreaty ; skos:prefLabel "Treaty of many"@en .
        kzr:action-4 a kz:Accession ; kz:ofTreaty kzr:treaty-1950-many ;
            kz:accedingParty kzr:country-rus ; kz:date "1954"^^edtf:EDTF .
        kzr:action-5 a kz:Signature ; kz:ofTreaty kzr:treaty-1950-many ;
            kz:signatory kzr:country-kaz ; kz:date "2004"^^edtf:EDTF .""",
    "what was to come, with a note": """
        kzr:action-6 a kz:EntryIntoForce ; kz:ofTreaty kzr:treaty-2002-second ;
            kz:date "2024"^^edtf:EDTF ; kz:dateNote "It was to come."@en , "Es stand bevor."@de .""",
    "what began on the day after the source in another zone of time": """
        kzr:action-7 a kz:Signature ; kz:ofTreaty kzr:treaty-2002-third ;
            kz:signatory kzr:country-kaz ; kz:date "2023-04-01"^^edtf:EDTF .""",
    "a series that grows a hundredfold, and a growth above a hundred per cent": """
        kzr:figure-1 a kz:Figure ; kz:about kzr:country-kaz ; kz:period "2001"^^edtf:EDTF ;
            kz:indicator kzv:indicator-production ; kz:unit unit:TONNE ; kz:value 10.0 .
        kzr:figure-2 a kz:Figure ; kz:about kzr:country-kaz ; kz:period "2002"^^edtf:EDTF ;
            kz:indicator kzv:indicator-production ; kz:unit unit:TONNE ; kz:value 1000.0 .
        kzr:figure-3 a kz:Figure ; kz:about kzr:country-kaz ; kz:period "2003"^^edtf:EDTF ;
            kz:indicator kzv:indicator-production ; kz:unit unit:TONNE ; kz:value 2000.0 .
        kzr:figure-4 a kz:Figure ; kz:about kzr:country-kaz ; kz:period "2003"^^edtf:EDTF ;
            kz:indicator kzv:indicator-inflation ; kz:unit unit:PERCENT ; kz:value 1500.0 .""",
    "names of organisations that are the same everywhere": """
        kzr:company-uranium a kz:Company ; skos:prefLabel "Uranium One"@en , "Uranium One"@ru .
        kzr:org-bp a kz:Organisation ; skos:prefLabel "British Petroleum"@en , "BP"@ru .
        kzr:city-name a kz:City ; skos:prefLabel "O‘zbekiston, Ürümqi & Türkiye"@en .""",
}


def claims(text: str) -> str:
    """Return a claim of the example source for every relator of a text."""
    found = []
    for number, line in enumerate(text.splitlines()):
        name, _, rest = line.strip().partition(" a kz:")
        if rest and "prefLabel" not in line:
            found.append(
                f"kzr:said-example-para-9-c{number} a kz:Claim ; kz:content {name} ; "
                "kz:attribution kzv:attribution-authors-voice ; kz:claimant kzr:org-outlet ; "
                "kz:evidence kzr:said-example-para-9 ; kz:reporter kzr:org-outlet ; "
                "kz:reviewState kzv:review-accepted ; kz:stance kzv:stance-asserts ."
            )
    return "\n".join(found)


@pytest.fixture(scope="module")
def ontology() -> list[SourceText]:
    return [t for t in Corpus.read().texts if t.kind == ONTOLOGY]


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_no_finding(ontology, name):
    context = SourceText.read(CONTEXT, name="context.ttl", kind=DATA)
    text = HEADER + RIGHT[name] + "\n" + claims(RIGHT[name])
    mine = SourceText(
        CONTEXT.with_name("right.ttl"),
        "right.ttl",
        DATA,
        text,
        [q.triple for q in parse(text, format=RdfFormat.TURTLE)],
        dict(PREFIXES),
    )
    corpus = Corpus([*ontology, context, mine], wanted=[mine])
    assert [(p.rule, str(p.node)) for p in check_house_rules(corpus, RULES)] == []
