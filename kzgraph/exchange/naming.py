"""Names for what an import makes: identifiers, passages, files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

from pyoxigraph import Literal, NamedNode

from kzgraph.namespaces import XSD, kz

LOCAL_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# what stands for a column in a template
HOLE: Final = re.compile(r"\{([^{}]*)\}")


def row_only(place: str) -> str:
    """Return the column when a place is one column and nothing else."""
    match = HOLE.fullmatch(place)
    return match[1] if match else ""


def claim_on(passage: NamedNode, number: int) -> NamedNode:
    """Return the name of a claim on a passage."""
    return NamedNode(f"{passage.value}-c{number}")


def located(text: str) -> tuple[NamedNode, Literal, str]:
    """Return a locator as property, value and a short name.

    ``row=12`` is a row (RFC 7111), ``/a/b`` a JSON pointer (RFC 6901), ``page=3`` a
    page; anything else says in words which part of a page it is.
    """
    if re.fullmatch(r"row=[1-9]\d*", text):
        return kz("row"), Literal(text), text.replace("=", "-")
    if text.startswith("/"):
        return kz("jsonPointer"), Literal(text), short(slug(text.removesuffix("/text")), text)
    page = re.fullmatch(r"page=([1-9]\d*)", text)
    if page:
        number = Literal(page[1], datatype=NamedNode(XSD + "integer"))
        return kz("page"), number, f"page-{page[1]}"
    return kz("fragment"), Literal(text), short(slug(text), text)


def slug(text: str) -> str:
    """Return a text in lower case ASCII letters, digits and hyphens; empty where it has none.

    >>> slug("Türkiye, 1992~"), slug("Қазақстан")
    ('turkiye-1992', '')
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    ascii_ = decomposed.encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_))


def short(name: str, text: str) -> str:
    """Return a name of at most 48 letters, which stays unlike others by a digest of the text."""
    if name and len(name) <= 48 and slug(text):
        return name
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    head = name[:41].rstrip("-")
    return f"{head}-{digest}" if head else f"part-{digest}"


def kebab(name: str) -> str:
    """Return a class name in words: ``OfficeHolding`` is ``office-holding``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


_KINDS: Final = re.compile(
    r"^(?:country|org|person|office|company|treaty|deposit|mine|region|city|resource|infrastructure"
    r"|facility|topic|people|indicator|ministry|government|outlet|language|religion|territory|status|stage)-"
)


def without_kind(term: str) -> str:
    """Return the name of a thing without namespace and kind: ``kaz`` of ``country-kaz``."""
    local = re.split(r"[/#]", term)[-1]
    return slug(_KINDS.sub("", local)) or slug(term)
