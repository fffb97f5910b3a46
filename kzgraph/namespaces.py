"""The prefix table: which prefix stands for which IRI, everywhere in kzgraph."""

from __future__ import annotations

from pyoxigraph import NamedNode

from kzgraph.errors import InputError, UnknownPrefixError

KZ = "https://w3id.org/kzgraph/ontology#"
KZR = "https://w3id.org/kzgraph/id/"
KZV = "https://w3id.org/kzgraph/vocabulary/"
KZSH = "https://w3id.org/kzgraph/shapes#"
KZG = "https://w3id.org/kzgraph/graph/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
EDTF = "http://id.loc.gov/datatypes/edtf/"
WD = "http://www.wikidata.org/entity/"

PREFIXES: dict[str, str] = {
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": EDTF,
    "eli": "http://data.europa.eu/eli/ontology#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "kz": KZ,
    "kzg": KZG,
    "kzr": KZR,
    "kzsh": KZSH,
    "kzv": KZV,
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": SKOS,
    "unit": "http://qudt.org/vocab/unit/",
    "vann": "http://purl.org/vocab/vann/",
    "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
    "wd": WD,
    "xsd": XSD,
}

# longest namespace first, so that kzr: is not taken for a part of kz:
_BY_LENGTH = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


def expand(curie: str) -> NamedNode:
    """Return the IRI that a CURIE stands for.

    Only prefixes of the project's own table count, so that a CURIE means
    the same in a data file, in a saved query and on the command line.

    >>> expand("kzr:country-kaz")
    <NamedNode value=https://w3id.org/kzgraph/id/country-kaz>
    """
    prefix, colon, local = curie.partition(":")
    if not colon or prefix not in PREFIXES:
        raise UnknownPrefixError(curie, PREFIXES)
    try:
        return NamedNode(PREFIXES[prefix] + local)
    except ValueError as error:
        raise InputError(f"{curie!r} does not make an IRI: {error}") from error


def shrink(iri: str) -> str:
    """Return the CURIE of an IRI, or the IRI itself where no prefix fits.

    >>> shrink("https://w3id.org/kzgraph/id/country-kaz")
    'kzr:country-kaz'
    >>> shrink("https://example.org/x")
    'https://example.org/x'
    """
    for prefix, namespace in _BY_LENGTH:
        if iri.startswith(namespace):
            local = iri[len(namespace) :]
            if local and not any(c in local for c in "/#?:"):
                return f"{prefix}:{local}"
    return iri


def kz(local: str) -> NamedNode:
    """Return the ontology term of that local name."""
    return NamedNode(KZ + local)


def kzr(local: str) -> NamedNode:
    """Return the thing of that local name."""
    return NamedNode(KZR + local)


def kzv(local: str) -> NamedNode:
    """Return the vocabulary concept of that local name."""
    return NamedNode(KZV + local)


RDF_TYPE = NamedNode(RDF + "type")
PREF_LABEL = NamedNode(SKOS + "prefLabel")
ALT_LABEL = NamedNode(SKOS + "altLabel")
EXACT_MATCH = NamedNode(SKOS + "exactMatch")
EDTF_DATATYPE = NamedNode(EDTF + "EDTF")
