"""Terms that a person writes in a statement: a property, an object."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import Literal, NamedNode

from kzgraph.errors import InputError, KzgraphError, UnknownNameError
from kzgraph.namespaces import KZ, OWL, RDF_TYPE, expand, kz, shrink
from kzgraph.queries.parameters import written_iri
from kzgraph.store.embedded import EmbeddedStore
from kzgraph.store.memory import Term

_OBJECT_PROPERTY = NamedNode(OWL + "ObjectProperty")
_DATATYPE_PROPERTY = NamedNode(OWL + "DatatypeProperty")


def property_of(text: str, store: EmbeddedStore, languages: Iterable[str]) -> NamedNode:
    """Return the property that a text means: ``a``, a CURIE, an IRI, or its label.

    ``memberOf`` and ``member of`` mean ``kz:memberOf``. Raises UnknownNameError
    with the nearest properties.
    """
    if text in ("a", "is a", "ist ein", "ist eine"):
        return RDF_TYPE
    if ":" in text:
        node = written_iri(text)
        if not node.value.startswith(KZ):
            return node
        if _is_property(store, node):
            return node
    elif _plain(text) and _is_property(store, kz(text)):
        return kz(text)
    known: dict[str, NamedNode] = {}
    for kind in (_OBJECT_PROPERTY, _DATATYPE_PROPERTY):
        for found in store.subjects(NamedNode(RDF_TYPE.value), kind):
            if isinstance(found, NamedNode) and found.value.startswith(KZ):
                known[shrink(found.value)] = found
                for language in languages:
                    known.setdefault(store.label(found, (language,)).casefold(), found)
    wanted = known.get(text.casefold())
    if wanted is None:
        raise UnknownNameError("property", text, known)
    return wanted


def _plain(text: str) -> bool:
    return text.isidentifier() and text.isascii()


def _is_property(store: EmbeddedStore, node: NamedNode) -> bool:
    kinds = store.objects(node, RDF_TYPE)
    return _OBJECT_PROPERTY in kinds or _DATATYPE_PROPERTY in kinds


def object_of(text: str, resolve: Callable[[str], NamedNode]) -> Term:
    """Return the object that a text means: a thing, a term, or a literal in double quotes.

    A literal may carry a language (``"Astana"@en``) or a datatype as a CURIE
    (``"2022"^^edtf:EDTF``).
    """
    if text.startswith('"'):
        body, quote, tail = text[1:].rpartition('"')
        if not quote:
            raise InputError(f"{text} has no closing quotation mark")
        if tail.startswith("@"):
            return _literal(body, language=tail[1:])
        if tail.startswith("^^"):
            return Literal(body, datatype=expand(tail[2:]))
        return Literal(body)
    try:
        return resolve(text)
    except KzgraphError:
        if ":" in text and not text.startswith("kzr:"):
            return written_iri(text)  # a class, a concept, another vocabulary's term
        raise


def _literal(body: str, *, language: str) -> Literal:
    try:
        return Literal(body, language=language)
    except ValueError as error:
        raise InputError(f"{language!r} is no language tag") from error
