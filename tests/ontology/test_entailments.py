"""What follows from one relator of each kind, and what does not."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kzgraph.namespaces import KZ, KZR, PREFIXES, RDF, kz, kzr
from kzgraph.reasoning.closure import close
from kzgraph.reasoning.engines import close_with_owlrl
from kzgraph.reasoning.rules import compile_ontology

from .test_profile import relator_classes

TYPE = NamedNode(RDF + "type")
HEAD = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("kz", "kzr", "kzv"))


def triples(text: str) -> list[Triple]:
    """Return the triples of a Turtle text with the usual prefixes."""
    return [q.triple for q in parse((HEAD + text).encode(), format=RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def rules(ontology):
    return compile_ontology(ontology.triples)


def edges(rules, text: str) -> set[tuple[str, str, str]]:
    """Return the edges of our own between things that follow, as local names."""
    closure = close(rules, triples(text))
    assert closure.inconsistencies == []
    return {
        (t.subject.value, t.predicate.value, t.object.value)
        for t, _ in closure.inferred
        if t.predicate != TYPE and t.predicate.value.startswith(KZ)
    }


def between(found: set[tuple[str, str, str]], *ends: str) -> set[str]:
    """Return ``a edge b`` for the edges among the things that are no relators."""
    names = {KZR + e for e in ends}
    return {
        f"{s.removeprefix(KZR)} {p.removeprefix(KZ)} {o.removeprefix(KZR)}"
        for s, p, o in found
        if s in names and o in names
    }


CASES = {
    "a full member": (
        "kzr:r a kz:Membership ; kz:memberState kzr:a ; kz:organisation kzr:b .",
        {"a memberOf b", "b hasMember a", "a participatesIn b"},
    ),
    "a member that is an organisation": (
        "kzr:r a kz:Membership ; kz:memberBody kzr:a ; kz:organisation kzr:b .",
        {"a memberOf b", "b hasMember a", "a participatesIn b"},
    ),
    "an observer is no member": (
        "kzr:r a kz:Membership ; kz:observerState kzr:a ; kz:organisation kzr:b .",
        {"a observerOf b", "a participatesIn b"},
    ),
    "an associate is no member": (
        "kzr:r a kz:Membership ; kz:associateState kzr:a ; kz:organisation kzr:b .",
        {"a associateOf b", "a participatesIn b"},
    ),
    "a minister is no member of the government": (
        "kzr:r a kz:OfficeHolding ; kz:officeHolder kzr:a ; kz:office kzr:b ;"
        " kz:onBehalfOf kzr:c .",
        {"a holdsOffice b", "a servesFor c", "b officeOf c"},
    ),
    "an affiliate": (
        "kzr:r a kz:Affiliation ; kz:affiliate kzr:a ; kz:affiliatedWith kzr:b .",
        {"a affiliatedTo b"},
    ),
    "a bound party": (
        "kzr:r a kz:TreatyParticipation ; kz:boundParty kzr:a ; kz:ofTreaty kzr:b .",
        {"a partyTo b", "a involvedInTreaty b"},
    ),
    "a signature binds nobody": (
        "kzr:r a kz:Signature ; kz:signatory kzr:a , kzr:c ; kz:ofTreaty kzr:b .",
        {"a signatoryOf b", "a involvedInTreaty b", "c signatoryOf b", "c involvedInTreaty b"},
    ),
    "a ratification binds nobody yet": (
        "kzr:r a kz:Ratification ; kz:ratifyingParty kzr:a ; kz:ofTreaty kzr:b .",
        {"a ratifierOf b", "a involvedInTreaty b"},
    ),
    "a ratification by a party that is left open": (
        "kzr:r a kz:Ratification ; kz:leavesOpen kz:ratifyingParty ; kz:ofTreaty kzr:b .",
        set(),
    ),
    "an entry into force names no party": (
        "kzr:r a kz:EntryIntoForce ; kz:ofTreaty kzr:b .",
        set(),
    ),
    "an extension": (
        "kzr:r a kz:Extension ; kz:extendedBy kzr:a ; kz:ofTreaty kzr:b .",
        {"a extenderOf b", "a involvedInTreaty b"},
    ),
    "a denunciation": (
        "kzr:r a kz:Denunciation ; kz:denouncingParty kzr:a ; kz:ofTreaty kzr:b .",
        {"a denouncerOf b", "a involvedInTreaty b"},
    ),
    "a lease": (
        "kzr:r a kz:Lease ; kz:lessor kzr:a ; kz:lessee kzr:b ; kz:leasedObject kzr:c ;"
        " kz:underTreaty kzr:d .",
        {"a leasesOut c", "b leases c", "b leasesUnder d"},
    ),
    "a holding": (
        "kzr:r a kz:Holding ; kz:holder kzr:a ; kz:issuer kzr:b .",
        {"a ownsShareOf b", "a hasInterestIn b"},
    ),
    "a joint venture": (
        "kzr:r a kz:JointVenture ; kz:venture kzr:c ; kz:venturePartner kzr:a , kzr:b .",
        {"a partnerIn c", "b partnerIn c", "a hasInterestIn c", "b hasInterestIn c"},
    ),
    "an interest through another company": (
        "kzr:r a kz:Holding ; kz:holder kzr:a ; kz:issuer kzr:b ."
        "kzr:q a kz:JointVenture ; kz:venture kzr:c ; kz:venturePartner kzr:b .",
        {
            "a ownsShareOf b",
            "a hasInterestIn b",
            "b partnerIn c",
            "b hasInterestIn c",
            "a hasInterestIn c",
        },
    ),
    "a border is symmetric, and nobody borders itself": (
        "kzr:r a kz:Border ; kz:firstSide kzr:a ; kz:secondSide kzr:b .",
        {"a borders b", "b borders a"},
    ),
    "two locations": (
        "kzr:r a kz:Location ; kz:located kzr:a ; kz:place kzr:b ."
        "kzr:q a kz:Location ; kz:located kzr:b ; kz:place kzr:c .",
        {
            "a locatedIn b",
            "b locatedIn c",
            "a locatedIn c",
            "b containsPlace a",
            "c containsPlace b",
            "c containsPlace a",
        },
    ),
    "a resource of a deposit is one of its country": (
        "kzr:r a kz:Occurrence ; kz:occurringResource kzr:a ; kz:occurrencePlace kzr:b ."
        "kzr:q a kz:Location ; kz:located kzr:b ; kz:place kzr:c .",
        {
            "b hasResource a",
            "c hasResource a",
            "a foundIn b",
            "a foundIn c",
            "b locatedIn c",
            "c containsPlace b",
        },
    ),
    "a capital": (
        "kzr:r a kz:Seat ; kz:seatOf kzr:a ; kz:seat kzr:b .",
        {"a hasSeat b"},
    ),
    "a succession": (
        "kzr:r a kz:Succession ; kz:predecessor kzr:a ; kz:successor kzr:b .",
        {"b successorOf a"},
    ),
    "participants of a meeting are not joined in pairs": (
        "kzr:r a kz:PressConference ; kz:participant kzr:a , kzr:b .",
        set(),
    ),
    "a visit": (
        "kzr:r a kz:Visit ; kz:visitor kzr:a ; kz:visited kzr:b .",
        {"a hasVisited b"},
    ),
    "a decision": (
        "kzr:r a kz:Decision ; kz:decider kzr:a ; kz:topic kzr:b .",
        {"a decidedOn b"},
    ),
    "a speech": (
        "kzr:r a kz:SpeechEvent ; kz:speaker kzr:a ; kz:topic kzr:b .",
        {"a spokeOn b"},
    ),
    "an opening": (
        "kzr:r a kz:Opening ; kz:opener kzr:a ; kz:opened kzr:b .",
        {"a hasOpened b"},
    ),
    "a launch": (
        "kzr:r a kz:Launch ; kz:launcher kzr:a ; kz:launched kzr:b ; kz:eventPlace kzr:c .",
        {"a hasLaunched b"},
    ),
    "a commemoration": (
        "kzr:r a kz:Commemoration ; kz:commemorator kzr:a ; kz:commemorated kzr:b .",
        {"a commemorates b"},
    ),
    "nuclear tests": (
        "kzr:r a kz:NuclearTesting ; kz:conductor kzr:a ; kz:eventPlace kzr:b .",
        {"a testedAt b"},
    ),
    "a figure for two things together": (
        "kzr:r a kz:Figure ; kz:about kzr:a , kzr:b ; kz:within kzr:c ; kz:relativeTo kzr:d .",
        set(),
    ),
    "a ranking": (
        "kzr:r a kz:Ranking ; kz:ranked kzr:a ; kz:rankScope kzr:b .",
        set(),
    ),
    "a name": (
        'kzr:r a kz:NameUse ; kz:named kzr:a ; kz:nameText "Nur-Sultan"@en .',
        set(),
    ),
    "a flight": (
        "kzr:r a kz:Spaceflight ; kz:flownBy kzr:a ; kz:eventPlace kzr:b .",
        set(),
    ),
    "a discovery": (
        "kzr:r a kz:Discovery ; kz:discovered kzr:a .",
        set(),
    ),
    "a famine": (
        "kzr:r a kz:Famine ; kz:affected kzr:a ; kz:eventPlace kzr:b .",
        set(),
    ),
    "a partner is no member": (
        "kzr:r a kz:Membership ; kz:partnerState kzr:a ; kz:organisation kzr:b .",
        {"a partnerOf b", "a participatesIn b"},
    ),
    "a dialogue partner is no partner": (
        "kzr:r a kz:Membership ; kz:dialoguePartnerState kzr:a ; kz:organisation kzr:b .",
        {"a dialoguePartnerOf b", "a participatesIn b"},
    ),
    "a participating state is no member": (
        "kzr:r a kz:Membership ; kz:participantState kzr:a ; kz:organisation kzr:b .",
        {"a participatingStateOf b", "a participatesIn b"},
    ),
    "a candidate does not take part": (
        "kzr:r a kz:Membership ; kz:candidateState kzr:a ; kz:organisation kzr:b .",
        {"a candidateOf b"},
    ),
    "an accession binds nobody yet": (
        "kzr:r a kz:Accession ; kz:accedingParty kzr:a ; kz:ofTreaty kzr:b .",
        {"a accededTo b", "a involvedInTreaty b"},
    ),
    "a termination names no party": (
        "kzr:r a kz:Termination ; kz:ofTreaty kzr:b .",
        set(),
    ),
    "an interest in a deposit through a company": (
        "kzr:r a kz:Holding ; kz:holder kzr:a ; kz:issuer kzr:b ."
        "kzr:q a kz:ParticipatingInterest ; kz:interestHolder kzr:b ; kz:asset kzr:c .",
        {
            "a ownsShareOf b",
            "a hasInterestIn b",
            "b sharesIn c",
            "b hasInterestIn c",
            "a hasInterestIn c",
        },
    ),
    "an operator owns nothing by operating": (
        "kzr:r a kz:Operation ; kz:operator kzr:a ; kz:operated kzr:b .",
        {"a operates b"},
    ),
    "an operating status": (
        "kzr:r a kz:OperatingStatus ; kz:statusOf kzr:a ; kz:status kzv:status-planned .",
        set(),
    ),
    "a commissioning": (
        "kzr:r a kz:Commissioning ; kz:commissioned kzr:a ; kz:stage kzv:stage-start .",
        set(),
    ),
    "a connection is symmetric, and its line joins both ends": (
        "kzr:r a kz:Connection ; kz:line kzr:a ; kz:startPoint kzr:b ; kz:endPoint kzr:c .",
        {"a connects b", "a connects c", "b connectedWith c", "c connectedWith b"},
    ),
    "a position": (
        "kzr:r a kz:Position ; kz:positioned kzr:a ; kz:latitude 45.5 ; kz:longitude 53.1 .",
        set(),
    ),
    "a founding": (
        "kzr:r a kz:Founding ; kz:founder kzr:a ; kz:founded kzr:b .",
        {"a hasFounded b"},
    ),
    "a dissolution": (
        "kzr:r a kz:Dissolution ; kz:dissolved kzr:a .",
        set(),
    ),
    "a birth": (
        "kzr:r a kz:Birth ; kz:born kzr:a ; kz:eventPlace kzr:b .",
        {"a bornIn b"},
    ),
    "a death": (
        "kzr:r a kz:Death ; kz:deceased kzr:a ; kz:eventPlace kzr:b .",
        {"a diedIn b"},
    ),
    "a recognition is not mutual": (
        "kzr:r a kz:Recognition ; kz:recogniser kzr:a ; kz:recognised kzr:b .",
        {"a recognises b"},
    ),
    "sides of diplomatic relations are not joined to themselves": (
        "kzr:r a kz:DiplomaticRelations ; kz:relationParty kzr:a , kzr:b .",
        set(),
    ),
    "sanctions": (
        "kzr:r a kz:SanctionListing ; kz:sanctioner kzr:a ; kz:sanctioned kzr:b ; kz:topic kzr:c .",
        {"a sanctions b"},
    ),
    "a declaration": (
        "kzr:r a kz:Declaration ; kz:declarer kzr:a ; kz:topic kzr:b .",
        {"a hasDeclared b"},
    ),
    "an election": (
        "kzr:r a kz:Election ; kz:electedOffice kzr:a ; kz:eventPlace kzr:b .",
        set(),
    ),
    "a referendum": (
        "kzr:r a kz:Referendum ; kz:topic kzr:a ; kz:eventPlace kzr:b .",
        set(),
    ),
    "unrest": (
        "kzr:r a kz:Unrest ; kz:topic kzr:a ; kz:eventPlace kzr:b .",
        set(),
    ),
    "a deployment": (
        "kzr:r a kz:Deployment ; kz:deployer kzr:a ; kz:eventPlace kzr:b ; kz:topic kzr:c .",
        {"a deployedIn b"},
    ),
    "an incident": (
        "kzr:r a kz:Incident ; kz:topic kzr:a ; kz:eventPlace kzr:b .",
        set(),
    ),
    "an official language": (
        "kzr:r a kz:OfficialLanguage ; kz:languageOf kzr:a ; kz:officialLanguage kzr:b .",
        {"a hasOfficialLanguage b"},
    ),
    "the capital of a region": (
        "kzr:a a kz:Region . kzr:r a kz:Seat ; kz:seatOf kzr:a ; kz:seat kzr:b .",
        {"a hasSeat b"},
    ),
    "a chairmanship": (
        "kzr:r a kz:Chairmanship ; kz:chair kzr:a ; kz:chaired kzr:b .",
        {"a hasChaired b"},
    ),
    "an adoption names no party": (
        "kzr:r a kz:Adoption ; kz:ofTreaty kzr:a ; kz:adoptionPlace kzr:b .",
        set(),
    ),
    "sources that depend on each other": (
        "kzr:a kz:copyOf kzr:b . kzr:b kz:derivedFrom kzr:c .",
        {"a dependsOn b", "b dependsOn c", "a dependsOn c"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_these_edges_follow_and_no_others(case, rules):
    text, expected = CASES[case]
    assert between(edges(rules, text), "a", "b", "c", "d") == expected


def test_every_kind_of_relator_has_a_case(ontology):
    abstract = {"Event", "TreatyAction", "Meeting"}
    wanted = {c.value.removeprefix(KZ) for c in relator_classes(ontology)} - abstract
    texts = " ".join(text for text, _ in CASES.values())
    assert {w for w in wanted if f"a kz:{w} " not in texts} == set()


PROPOSITION = """
kzr:claim a kz:Claim ; kz:claimant kzr:minister ; kz:stance kzv:stance-denies ;
    kz:proposition kzr:said .
kzr:said a kz:Proposition ; kz:saysSubject kzr:a ; kz:saysObject kzr:b ;
    kz:saysRelation kzv:relation-feels-threatened-by ; kz:concernsRelator kzr:r .
"""


def test_a_proposition_entails_nothing_about_its_parts(rules):
    closure = close(rules, triples(PROPOSITION))
    parts = {kzr("a"), kzr("b"), kzr("r")}
    assert not [t for t, _ in closure.inferred if parts & {t.subject, t.object}]


def test_a_claim_entails_nothing_about_the_relator_that_it_asserts(rules):
    """What the gate withholds must not come back through the claim."""
    text = "kzr:claim a kz:Claim ; kz:claimant kzr:minister ; kz:content kzr:r ."
    closure = close(rules, triples(text))
    assert not [t for t, _ in closure.inferred if kzr("r") in {t.subject, t.object}]


def test_whoever_holds_an_office_is_an_office_bearer(rules):
    text, _ = CASES["a minister is no member of the government"]
    inferred = {t for t, _ in close(rules, triples(text)).inferred}
    assert Triple(kzr("a"), TYPE, kz("OfficeBearer")) in inferred
    assert Triple(kzr("a"), TYPE, kz("Person")) in inferred


WRONG = {
    "a person in a role of states": (
        "kzr:a a kz:Person . kzr:r a kz:Membership ; kz:memberState kzr:a ."
    ),
    "a state in a role of organisations": (
        "kzr:a a kz:State . kzr:r a kz:Membership ; kz:memberBody kzr:a ."
    ),
    "an unnamed agent in an office": (
        "kzr:a a kz:UnnamedAgent . kzr:r a kz:OfficeHolding ; kz:officeHolder kzr:a ."
    ),
    "a treaty with two parties and with more": (
        "kzr:a a kz:BilateralTreaty , kz:MultilateralTreaty ."
    ),
    "a thing that is a relator": "kzr:a a kz:City , kz:Border .",
    "a claim that is its own passage": "kzr:a kz:evidence kzr:a .",
    "an event after itself": "kzr:a kz:after kzr:a .",
    "two events each after the other": "kzr:a kz:after kzr:b . kzr:b kz:after kzr:a .",
    "an event before and after another": "kzr:a kz:after kzr:b ; kz:before kzr:b .",
    "an event that is part of itself": "kzr:a kz:partOfEvent kzr:a .",
    "a source that copies itself": "kzr:a kz:copyOf kzr:a .",
}


@pytest.mark.parametrize("case", WRONG)
def test_a_contradiction_is_found(case, rules):
    assert close(rules, triples(WRONG[case])).inconsistencies


def test_owlrl_draws_the_same_conclusions_from_all_cases_together(ontology, rules):
    """One run of the oracle: each case under names of its own."""
    text = ""
    for number, (case, _) in enumerate(CASES.values()):
        text += case.replace("kzr:", f"kzr:n{number}-") + "\n"
    given = triples(text)
    ours = close(rules, given)
    theirs = close_with_owlrl(ontology.triples, given)
    assert theirs.inconsistencies == []

    def about_things(closure):
        return {t for t, _ in closure.inferred if t.subject.value.startswith(KZR)}

    assert about_things(ours) == about_things(theirs)


def test_owlrl_closes_the_ontology_alone_without_a_complaint(ontology):
    closure = close_with_owlrl(ontology.triples, [])
    assert closure.inconsistencies == []
    assert closure.inferred
