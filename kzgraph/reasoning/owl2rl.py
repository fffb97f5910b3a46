"""The rules of OWL 2 RL as the W3C has them (OWL 2 Profiles, section 4.3, tables 4 to 9).

The checker replays proofs by this table, the compiler of rules does not read
it: two ways to the same rules, so that a slip in one shows in the other. Rules
about lists are not here, the checker spells them out.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from kzgraph.namespaces import OWL, RDF, RDFS

#: A triple, or a pattern: a variable is a text that starts with a question mark.
Fact = tuple[object, object, object]

# antecedents > consequent
_TABLE: Final = """
eq-sym        ?x owl:sameAs ?y > ?y owl:sameAs ?x
eq-trans      ?x owl:sameAs ?y , ?y owl:sameAs ?z > ?x owl:sameAs ?z
eq-rep-s      ?s owl:sameAs ?t , ?s ?p ?o > ?t ?p ?o
eq-rep-o      ?o owl:sameAs ?t , ?s ?p ?o > ?s ?p ?t
eq-diff1      ?x owl:sameAs ?y , ?x owl:differentFrom ?y > false
eq-diff1      ?x owl:differentFrom ?x > false
prp-dom       ?p rdfs:domain ?c , ?x ?p ?y > ?x rdf:type ?c
prp-rng       ?p rdfs:range ?c , ?x ?p ?y > ?y rdf:type ?c
prp-irp       ?p rdf:type owl:IrreflexiveProperty , ?x ?p ?x > false
prp-symp      ?p rdf:type owl:SymmetricProperty , ?x ?p ?y > ?y ?p ?x
prp-asyp      ?p rdf:type owl:AsymmetricProperty , ?x ?p ?y , ?y ?p ?x > false
prp-trp       ?p rdf:type owl:TransitiveProperty , ?x ?p ?y , ?y ?p ?z > ?x ?p ?z
prp-spo1      ?p rdfs:subPropertyOf ?q , ?x ?p ?y > ?x ?q ?y
prp-eqp1      ?p owl:equivalentProperty ?q , ?x ?p ?y > ?x ?q ?y
prp-eqp2      ?p owl:equivalentProperty ?q , ?x ?q ?y > ?x ?p ?y
prp-pdw       ?p owl:propertyDisjointWith ?q , ?x ?p ?y , ?x ?q ?y > false
prp-inv1      ?p owl:inverseOf ?q , ?x ?p ?y > ?y ?q ?x
prp-inv2      ?p owl:inverseOf ?q , ?x ?q ?y > ?y ?p ?x
prp-npa1      ?n owl:sourceIndividual ?i , ?n owl:assertionProperty ?p , ?n owl:targetIndividual ?j , ?i ?p ?j > false
prp-npa2      ?n owl:sourceIndividual ?i , ?n owl:assertionProperty ?p , ?n owl:targetValue ?j , ?i ?p ?j > false
cls-nothing2  ?x rdf:type owl:Nothing > false
cls-com       ?c owl:complementOf ?d , ?x rdf:type ?c , ?x rdf:type ?d > false
cls-svf1      ?r owl:onProperty ?p , ?r owl:someValuesFrom ?c , ?x ?p ?y , ?y rdf:type ?c > ?x rdf:type ?r
cls-svf2      ?r owl:onProperty ?p , ?r owl:someValuesFrom owl:Thing , ?x ?p ?y > ?x rdf:type ?r
cls-avf       ?r owl:onProperty ?p , ?r owl:allValuesFrom ?c , ?x rdf:type ?r , ?x ?p ?y > ?y rdf:type ?c
cls-hv1       ?r owl:onProperty ?p , ?r owl:hasValue ?v , ?x rdf:type ?r > ?x ?p ?v
cls-hv2       ?r owl:onProperty ?p , ?r owl:hasValue ?v , ?x ?p ?v > ?x rdf:type ?r
cax-sco       ?c rdfs:subClassOf ?d , ?x rdf:type ?c > ?x rdf:type ?d
cax-eqc1      ?c owl:equivalentClass ?d , ?x rdf:type ?c > ?x rdf:type ?d
cax-eqc2      ?c owl:equivalentClass ?d , ?x rdf:type ?d > ?x rdf:type ?c
cax-dw        ?c owl:disjointWith ?d , ?x rdf:type ?c , ?x rdf:type ?d > false
scm-sco       ?a rdfs:subClassOf ?b , ?b rdfs:subClassOf ?c > ?a rdfs:subClassOf ?c
scm-eqc1      ?a owl:equivalentClass ?b > ?a rdfs:subClassOf ?b
scm-eqc1      ?a owl:equivalentClass ?b > ?b rdfs:subClassOf ?a
scm-eqc2      ?a rdfs:subClassOf ?b , ?b rdfs:subClassOf ?a > ?a owl:equivalentClass ?b
scm-spo       ?a rdfs:subPropertyOf ?b , ?b rdfs:subPropertyOf ?c > ?a rdfs:subPropertyOf ?c
scm-eqp1      ?a owl:equivalentProperty ?b > ?a rdfs:subPropertyOf ?b
scm-eqp1      ?a owl:equivalentProperty ?b > ?b rdfs:subPropertyOf ?a
scm-eqp2      ?a rdfs:subPropertyOf ?b , ?b rdfs:subPropertyOf ?a > ?a owl:equivalentProperty ?b
scm-dom1      ?p rdfs:domain ?c , ?c rdfs:subClassOf ?d > ?p rdfs:domain ?d
scm-dom2      ?q rdfs:domain ?c , ?p rdfs:subPropertyOf ?q > ?p rdfs:domain ?c
scm-rng1      ?p rdfs:range ?c , ?c rdfs:subClassOf ?d > ?p rdfs:range ?d
scm-rng2      ?q rdfs:range ?c , ?p rdfs:subPropertyOf ?q > ?p rdfs:range ?c
scm-hv        ?a owl:hasValue ?v , ?a owl:onProperty ?p , ?b owl:hasValue ?v , ?b owl:onProperty ?q , ?p rdfs:subPropertyOf ?q > ?a rdfs:subClassOf ?b
scm-svf1      ?a owl:someValuesFrom ?y , ?a owl:onProperty ?p , ?b owl:someValuesFrom ?z , ?b owl:onProperty ?p , ?y rdfs:subClassOf ?z > ?a rdfs:subClassOf ?b
scm-svf2      ?a owl:someValuesFrom ?y , ?a owl:onProperty ?p , ?b owl:someValuesFrom ?y , ?b owl:onProperty ?q , ?p rdfs:subPropertyOf ?q > ?a rdfs:subClassOf ?b
scm-avf1      ?a owl:allValuesFrom ?y , ?a owl:onProperty ?p , ?b owl:allValuesFrom ?z , ?b owl:onProperty ?p , ?y rdfs:subClassOf ?z > ?a rdfs:subClassOf ?b
scm-avf2      ?a owl:allValuesFrom ?y , ?a owl:onProperty ?p , ?b owl:allValuesFrom ?y , ?b owl:onProperty ?q , ?p rdfs:subPropertyOf ?q > ?b rdfs:subClassOf ?a
"""  # noqa: E501


def read_term(text: str) -> object:
    if text.startswith("?"):
        return text
    prefix, local = text.split(":")
    return NamedNode({"owl": OWL, "rdf": RDF, "rdfs": RDFS}[prefix] + local)


def _read_pattern(text: str) -> Fact:
    subject, predicate, value = map(read_term, text.split())
    return subject, predicate, value


def _read_table() -> dict[str, list[tuple[list[Fact], Fact | None]]]:
    rows: dict[str, list[tuple[list[Fact], Fact | None]]] = {}
    for line in _TABLE.strip().splitlines():
        name, _, rule = line.partition(" ")
        antecedents, _, consequent = rule.partition(" > ")
        rows.setdefault(name, []).append(
            (
                [_read_pattern(part) for part in antecedents.split(" , ")],
                None if consequent == "false" else _read_pattern(consequent),
            )
        )
    return rows


#: Rule name -> its forms: antecedents, and a consequent or None for "false".
ROWS: Final = _read_table()
