"""What the reasoner reads of the RDF, RDFS and OWL vocabularies, term by term.

Every term of these three vocabularies is in exactly one of four states:
it says something that the rules cover, it is an annotation that entails
nothing, it declares what kind of thing something is, or it is refused.
There is no fifth state, so no axiom can be overlooked in silence.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from kzgraph.namespaces import OWL, RDF, RDFS, XSD

VOCABULARIES: Final = (RDF, RDFS, OWL)

TYPE: Final = NamedNode(RDF + "type")
FIRST: Final = NamedNode(RDF + "first")
REST: Final = NamedNode(RDF + "rest")
NIL: Final = NamedNode(RDF + "nil")
SUB_CLASS: Final = NamedNode(RDFS + "subClassOf")
SUB_PROPERTY: Final = NamedNode(RDFS + "subPropertyOf")
DOMAIN: Final = NamedNode(RDFS + "domain")
RANGE: Final = NamedNode(RDFS + "range")
DATATYPE: Final = NamedNode(RDFS + "Datatype")
EQUIVALENT_CLASS: Final = NamedNode(OWL + "equivalentClass")
EQUIVALENT_PROPERTY: Final = NamedNode(OWL + "equivalentProperty")
INVERSE: Final = NamedNode(OWL + "inverseOf")
CHAIN: Final = NamedNode(OWL + "propertyChainAxiom")
ON_PROPERTY: Final = NamedNode(OWL + "onProperty")
HAS_VALUE: Final = NamedNode(OWL + "hasValue")
SOME_VALUES: Final = NamedNode(OWL + "someValuesFrom")
ALL_VALUES: Final = NamedNode(OWL + "allValuesFrom")
INTERSECTION: Final = NamedNode(OWL + "intersectionOf")
UNION: Final = NamedNode(OWL + "unionOf")
ONE_OF: Final = NamedNode(OWL + "oneOf")
COMPLEMENT: Final = NamedNode(OWL + "complementOf")
DISJOINT_CLASS: Final = NamedNode(OWL + "disjointWith")
DISJOINT_PROPERTY: Final = NamedNode(OWL + "propertyDisjointWith")
MEMBERS: Final = NamedNode(OWL + "members")
DISTINCT_MEMBERS: Final = NamedNode(OWL + "distinctMembers")
SOURCE_INDIVIDUAL: Final = NamedNode(OWL + "sourceIndividual")
ASSERTION_PROPERTY: Final = NamedNode(OWL + "assertionProperty")
TARGET_INDIVIDUAL: Final = NamedNode(OWL + "targetIndividual")
TARGET_VALUE: Final = NamedNode(OWL + "targetValue")
SAME_AS: Final = NamedNode(OWL + "sameAs")
DIFFERENT_FROM: Final = NamedNode(OWL + "differentFrom")
THING: Final = NamedNode(OWL + "Thing")
NOTHING: Final = NamedNode(OWL + "Nothing")
CLASS: Final = NamedNode(OWL + "Class")
SYMMETRIC: Final = NamedNode(OWL + "SymmetricProperty")
TRANSITIVE: Final = NamedNode(OWL + "TransitiveProperty")
IRREFLEXIVE: Final = NamedNode(OWL + "IrreflexiveProperty")
ASYMMETRIC: Final = NamedNode(OWL + "AsymmetricProperty")
ALL_DIFFERENT: Final = NamedNode(OWL + "AllDifferent")
ALL_DISJOINT_CLASSES: Final = NamedNode(OWL + "AllDisjointClasses")
ALL_DISJOINT_PROPERTIES: Final = NamedNode(OWL + "AllDisjointProperties")
NEGATIVE_ASSERTION: Final = NamedNode(OWL + "NegativePropertyAssertion")

#: Predicates whose triples are axioms: the rules are compiled from them.
AXIOM_PREDICATES: Final = frozenset(
    {
        SUB_CLASS,
        SUB_PROPERTY,
        DOMAIN,
        RANGE,
        EQUIVALENT_CLASS,
        EQUIVALENT_PROPERTY,
        INVERSE,
        CHAIN,
        ON_PROPERTY,
        HAS_VALUE,
        SOME_VALUES,
        ALL_VALUES,
        INTERSECTION,
        UNION,
        ONE_OF,
        COMPLEMENT,
        DISJOINT_CLASS,
        DISJOINT_PROPERTY,
        MEMBERS,
        DISTINCT_MEMBERS,
        SOURCE_INDIVIDUAL,
        ASSERTION_PROPERTY,
        TARGET_INDIVIDUAL,
        TARGET_VALUE,
    }
)

#: Classes of this vocabulary whose membership is an axiom about the member.
AXIOM_CLASSES: Final = frozenset(
    {
        SYMMETRIC,
        TRANSITIVE,
        IRREFLEXIVE,
        ASYMMETRIC,
        ALL_DIFFERENT,
        ALL_DISJOINT_CLASSES,
        ALL_DISJOINT_PROPERTIES,
        NEGATIVE_ASSERTION,
    }
)

#: Statements about things that the rules treat as data.
DATA_PREDICATES: Final = frozenset({TYPE, SAME_AS, DIFFERENT_FROM})

#: The cells of lists; what they hold counts through the axiom that names the list.
LIST_PREDICATES: Final = frozenset({FIRST, REST})

#: Annotations: they entail nothing, whatever they are put on.
ANNOTATIONS: Final = frozenset(
    {NamedNode(RDFS + name) for name in ("label", "comment", "seeAlso", "isDefinedBy")}
    | {
        NamedNode(OWL + name)
        for name in (
            "versionInfo",
            "versionIRI",
            "priorVersion",
            "backwardCompatibleWith",
            "incompatibleWith",
            "imports",
            "deprecated",
            "annotatedSource",
            "annotatedProperty",
            "annotatedTarget",
        )
    }
    | {NamedNode(RDF + name) for name in ("subject", "predicate", "object", "value")}
)

#: Declarations: a rule may conclude them, none starts from them.
DECLARATIONS: Final = frozenset(
    {
        NamedNode(OWL + name)
        for name in (
            "Ontology",
            "Class",
            "DeprecatedClass",
            "DeprecatedProperty",
            "ObjectProperty",
            "DatatypeProperty",
            "AnnotationProperty",
            "OntologyProperty",
            "NamedIndividual",
            "Restriction",
            "Axiom",
            "Annotation",
        )
    }
    | {NamedNode(RDFS + name) for name in ("Class", "Datatype", "Resource")}
    | {NamedNode(RDF + name) for name in ("Property", "List", "Statement")}
)

#: Datatypes outside XML Schema; membership in a datatype is not derived.
DATATYPES: Final = frozenset(
    {NamedNode(RDFS + "Literal")}
    | {NamedNode(RDF + n) for n in ("langString", "PlainLiteral", "XMLLiteral", "HTML", "JSON")}
    | {NamedNode(OWL + name) for name in ("real", "rational")}
)

_MERGES = (
    "it would merge two rival values into one thing; say it in a shape (sh:maxCount 1), "
    "which reports the rivals instead"
)
_SHAPE = "say it in a shape: rules conclude, they do not count"

#: Why a term is refused and what to write instead, for the terms people try.
HINTS: Final[dict[NamedNode, str]] = {
    NamedNode(OWL + "FunctionalProperty"): _MERGES,
    NamedNode(OWL + "InverseFunctionalProperty"): _MERGES,
    NamedNode(OWL + "hasKey"): "name the identifying properties with kz:identifiedBy; a key merges",
    NamedNode(OWL + "maxCardinality"): _MERGES,
    NamedNode(OWL + "maxQualifiedCardinality"): _MERGES,
    NamedNode(OWL + "cardinality"): _SHAPE,
    NamedNode(OWL + "qualifiedCardinality"): _SHAPE,
    NamedNode(OWL + "minCardinality"): _SHAPE,
    NamedNode(OWL + "minQualifiedCardinality"): _SHAPE,
    NamedNode(OWL + "onDatatype"): "restrict values in a shape (sh:minInclusive, sh:pattern ...)",
    NamedNode(OWL + "withRestrictions"): "restrict values in a shape (sh:minInclusive ...)",
    NamedNode(OWL + "disjointUnionOf"): "write owl:unionOf and owl:AllDisjointClasses",
    NamedNode(OWL + "ReflexiveProperty"): "OWL 2 RL has no reflexive properties",
    NamedNode(OWL + "hasSelf"): "OWL 2 RL has no owl:hasSelf",
}


def in_vocabulary(term: object) -> bool:
    """Return whether a term belongs to RDF, RDFS or OWL.

    >>> in_vocabulary(SUB_CLASS), in_vocabulary(NamedNode("https://example.org/a"))
    (True, False)
    """
    return isinstance(term, NamedNode) and term.value.startswith(VOCABULARIES)


def is_known_datatype(term: object) -> bool:
    """Return whether a term is one of the datatypes of XML Schema, RDF or OWL."""
    return isinstance(term, NamedNode) and (term in DATATYPES or term.value.startswith(XSD))
