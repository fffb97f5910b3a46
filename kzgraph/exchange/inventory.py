"""What is there already: the things of the graph by every name they bear, and their files."""

from __future__ import annotations

from collections import defaultdict
from difflib import get_close_matches
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.errors import KzgraphError
from kzgraph.exchange.schema import Schema
from kzgraph.namespaces import KZR, PREF_LABEL, PREFIXES, RDF_TYPE, WD, expand, kz, shrink
from kzgraph.queries.folding import plain
from kzgraph.store.memory import Subject, TripleIndex
from kzgraph.validation.corpus import DATA, Corpus

ALT_LABEL: Final = NamedNode(PREFIXES["skos"] + "altLabel")
NOTATION: Final = NamedNode(PREFIXES["skos"] + "notation")
EXACT_MATCH: Final = NamedNode(PREFIXES["skos"] + "exactMatch")
ADDRESS: Final = kz("address")
CONTENT, EVIDENCE, IN_SOURCE = kz("content"), kz("evidence"), kz("inSource")
NOTES: Final = frozenset({kz("dateNote"), kz("readingNote")})


class NamingError(Exception):
    """A name in a table means nothing, or several things."""

    def __init__(self, message: str, hint: str) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


class Inventory:
    """Things by identifier, Wikidata item, code, address and label; a run adds what it mints."""

    def __init__(self, corpus: Corpus) -> None:
        self.schema = Schema(corpus)
        self.data = corpus.data
        self.classes: dict[Subject, list[NamedNode]] = defaultdict(list)
        self.file_of: dict[Subject, str] = {}
        self.linked: dict[str, NamedNode] = {}
        self._named: dict[str, list[NamedNode]] = defaultdict(list)
        for text in corpus.texts:
            if text.kind != DATA:
                continue
            name = text.name.removeprefix("data/").removesuffix(".ttl")
            links = name.startswith("links/")
            for triple in text.triples:
                self.learn(triple)
                if not links and not isinstance(triple.subject, Triple):
                    self.file_of.setdefault(triple.subject, name)

    def learn(self, triple: Triple) -> None:
        """Take note of a statement on a thing."""
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode):
            return
        if triple.predicate == RDF_TYPE and isinstance(value, NamedNode):
            self.classes[subject].append(value)
        elif triple.predicate == EXACT_MATCH and isinstance(value, NamedNode):
            self.linked[value.value.removeprefix(WD)] = subject
        elif isinstance(value, Literal):
            if triple.predicate in (PREF_LABEL, ALT_LABEL, NOTATION):
                self._add(plain(value.value), subject)
            elif triple.predicate == ADDRESS:
                self._add(address_key(value.value), subject)

    def _add(self, key: str, subject: NamedNode) -> None:
        if subject not in self._named[key]:
            self._named[key].append(subject)

    def is_a(self, thing: Subject, cls: NamedNode | None) -> bool:
        """Return whether a thing is of a class; every thing is where no class is asked for."""
        return cls is None or any(
            self.schema.is_kind_of(own, cls) for own in self.classes.get(thing, ())
        )

    def candidates(self, text: str, cls: NamedNode | None = None) -> list[NamedNode]:
        """Return the things of a class that bear a name, a code or an address."""
        key = address_key(text) if "://" in text else plain(text)
        return [t for t in self._named.get(key, ()) if self.is_a(t, cls)]

    def find(self, text: str, cls: NamedNode | None = None) -> NamedNode:
        """Return the one thing of a class that a text names.

        The text is a local name (``country-kaz``), a CURIE, an IRI, a Wikidata item, a
        code, or a label in any language. Raises NamingError where it is none, or several.
        """
        known = self._by_identifier(text)
        if known is not None:
            if not self.is_a(known, cls):
                is_a = ", ".join(shrink(c.value) for c in self.classes[known])
                raise NamingError(
                    f"{text} is of the class {is_a}, wanted is {_class_name(cls)}",
                    "name another thing, or correct the mapping",
                )
            return known
        found = self.candidates(text, cls)
        if len(found) == 1:
            return found[0]
        if found:
            shown = ", ".join(sorted(shrink(t.value) for t in found))
            raise NamingError(
                f"{text!r} names {len(found)} things: {shown}",
                "write the one that is meant by its identifier, or give a class in the mapping",
            )
        raise NamingError(f"{text!r} is not known as {_class_name(cls)}", self._hint(text, cls))

    def _by_identifier(self, text: str) -> NamedNode | None:
        if text.startswith("Q") and text[1:].isdigit():
            return self.linked.get(text)
        node = None
        try:
            if text.startswith("http"):
                node = NamedNode(text)
            elif ":" in text and " " not in text:
                node = expand(text)
            elif " " not in text and text.isascii():
                node = NamedNode(KZR + text)
        except (KzgraphError, ValueError):
            return None
        if node is not None and node.value.startswith(WD):
            return self.linked.get(node.value.removeprefix(WD))
        return node if node in self.classes else None

    def _hint(self, text: str, cls: NamedNode | None) -> str:
        names = [n for n, things in self._named.items() if any(self.is_a(t, cls) for t in things)]
        near = get_close_matches(plain(text), names, n=3, cutoff=0.75)
        near += [
            n
            for n in self._locals(cls)
            if n not in near and n in get_close_matches(text, [n], cutoff=0.85)
        ][:2]
        if near:
            return f"did you mean {', '.join(near)}? If it is new, add it to a table of things"
        return "correct the name, or add the thing first: kzgraph import THINGS --mapping things"

    def _locals(self, cls: NamedNode | None) -> list[str]:
        return [
            t.value.removeprefix(KZR)
            for t in self.classes
            if isinstance(t, NamedNode) and self.is_a(t, cls)
        ]

    @cached_property
    def tags(self) -> dict[NamedNode, str]:
        """The short word for each source that the names of its relators end in."""
        found: dict[NamedNode, str] = {}
        for claim, relator in self.data.pairs(CONTENT):
            passage = self.data.node(claim, EVIDENCE)
            source = self.data.node(passage, IN_SOURCE) if passage else None
            if source and isinstance(relator, NamedNode) and "-said-" in relator.value:
                found.setdefault(source, relator.value.rpartition("-said-")[2])
        return found

    def tag(self, source: NamedNode) -> str:
        """Return the short word for a source, a new one where none of its claims is there."""
        return self.tags.get(source) or source.value.removeprefix(KZR).removeprefix("source-")

    @cached_property
    def relators(self) -> dict[tuple[NamedNode, frozenset[tuple[NamedNode, object]]], NamedNode]:
        """Relators by source and by what they say, so that the same is not written twice."""
        found = {}
        for claim, relator in self.data.pairs(CONTENT):
            passage = self.data.node(claim, EVIDENCE)
            source = self.data.node(passage, IN_SOURCE) if passage else None
            if source and isinstance(relator, NamedNode):
                found[(source, statements_of(self.data, relator))] = relator
        return found


def statements_of(data: TripleIndex, node: Subject) -> frozenset[tuple[NamedNode, object]]:
    """Return what is said of a relator, its notes apart."""
    return frozenset(
        (t.predicate, t.object) for t in data.describe(node) if t.predicate not in NOTES
    )


def address_key(address: str) -> str:
    """Return a web address in the form in which two of one page are equal."""
    bare = address.strip().partition("#")[0].partition("://")[2] or address.strip()
    return "//" + bare.removeprefix("www.").rstrip("/")


def _class_name(cls: NamedNode | None) -> str:
    return shrink(cls.value) if cls is not None else "any thing"
