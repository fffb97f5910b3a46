"""A Turtle document read into facts that know their tokens.

A document keeps for every fact which tokens it was written with, and for
every token which part of the document it belongs to. Positions, error
messages and the places of comments all come from there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.namespaces import RDF, XSD
from kzgraph.rdf.cursor import Cursor
from kzgraph.rdf.iris import is_absolute, is_relative, resolve
from kzgraph.rdf.tokens import Source, Token, unescape

MAX_DEPTH: Final = 100

Subject = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal

_RDF_TYPE: Final = NamedNode(RDF + "type")
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")
_SHORTHAND: Final = {
    "INTEGER": NamedNode(XSD + "integer"),
    "DECIMAL": NamedNode(XSD + "decimal"),
    "DOUBLE": NamedNode(XSD + "double"),
}
_BOOLEAN: Final = NamedNode(XSD + "boolean")


class Fact(NamedTuple):
    """A triple with the numbers of the tokens where its predicate and its object start."""

    subject: Subject
    predicate: NamedNode
    object: Term
    verb: int
    at: int


@dataclass(slots=True)
class Block:
    """One subject with what is said of it, from its first token to its full stop."""

    subject: Subject
    first: int
    last: int = -1


@dataclass(slots=True)
class Document:
    """What a Turtle text says and which token says what.

    ``ends`` names what a token closes and ``starts`` what it opens: a fact (its
    number), a node (``[`` and ``]``, the subject itself), or a part by its name.
    """

    source: Source
    tokens: list[Token]
    facts: list[Fact] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)
    directives: list[tuple[int, int, str | None]] = field(default_factory=list)
    labels: dict[BlankNode, str] = field(default_factory=dict)
    ends: dict[int, tuple[str, int | Subject]] = field(default_factory=dict)
    starts: dict[int, tuple[str, int | Subject]] = field(default_factory=dict)


def read(text: str, *, path: str) -> Document:
    """Return the document that a Turtle text holds.

    Raises SourceSyntaxError at the first place that does not follow the grammar.
    """
    reader = _Reader(Source(text, path=path))
    reader.read()
    return reader.document


class _Reader(Cursor):
    """What turns the tokens of one text into its facts."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.document = Document(source, self.tokens, prefixes=self.prefixes)
        self.base = ""
        # blank nodes of two files must not meet when their triples do
        self.scope = hashlib.sha256(source.path.encode("utf-8", "replace")).hexdigest()[:8]

    def read(self) -> None:
        """Read the whole text into the document."""
        while (token := self.peek()).kind != "END":
            word = token.text.lower() if token.kind == "WORD" else token.text
            if word in ("@prefix", "prefix"):
                self._prefix(sparql=word == "prefix")
            elif word in ("@base", "base"):
                self._base(sparql=word == "base")
            else:
                self._block()

    def _prefix(self, *, sparql: bool) -> None:
        first = self.at
        self.next()
        name = self.next()
        if name.kind != "NAME" or not name.text.endswith(":") or name.text.count(":") > 1:
            hint = "write @prefix kz: <https://w3id.org/kzgraph/ontology#> ."
            raise self.error(f"a prefix ends in a colon; here is {self.shown(name)}", name, hint)
        iri = self.next()
        if iri.kind != "IRI":
            raise self.error("the namespace of a prefix stands in <...>", iri)
        self.document.prefixes[name.text[:-1]] = self._iri(iri).value
        self._end_directive(first, name.text[:-1], sparql=sparql)

    def _base(self, *, sparql: bool) -> None:
        first = self.at
        self.next()
        iri = self.next()
        if iri.kind != "IRI":
            raise self.error("the base IRI stands in <...>", iri)
        self.base = self._iri(iri).value
        self._end_directive(first, None, sparql=sparql)

    def _end_directive(self, first: int, prefix: str | None, *, sparql: bool) -> None:
        if not sparql:
            if not self.stands("."):
                raise self.error_after("a full stop is missing after this line", "end it with ' .'")
            self.next()
        elif self.stands("."):
            word = self.tokens[first].text
            raise self.error(
                f"{word} without @ takes no full stop", self.peek(), f"write @{word.lower()}"
            )
        number = len(self.document.directives)
        self.document.directives.append((first, self.before, prefix))
        self.document.starts[first] = ("directive", number)
        self.document.ends[self.before] = ("directive", number)

    def _block(self) -> None:
        first = self.at
        token = self.peek()
        bare = self.stands("[")
        if token.kind in ("STRING", "LONG", *_SHORTHAND) or token.text in ("true", "false"):
            raise self.error("a value cannot be a subject", token, self.hint_at_subject())
        if token.kind == "WORD" and token.text == "a":
            raise self.error("'a' is a predicate; a subject is missing before it", token)
        if token.kind == "AT":
            raise self.at_error(token)
        if token.kind == "PUNCTUATION" and token.text not in "[(":
            raise self.error(
                f"a subject should start here; there is {token.text}",
                token,
                self.hint_at_subject(),
            )
        count = len(self.document.facts)
        subject = self._term()
        assert not isinstance(subject, Literal)
        block = Block(subject, first)
        self.document.blocks.append(block)
        self.document.starts[first] = ("block", subject)
        self.document.ends[self.before] = ("subject", subject)
        has_facts = bare and len(self.document.facts) > count
        if not (has_facts and self.stands(".")):
            self._facts(subject)
        if not self.stands("."):
            raise self.unfinished_error()
        self.next()
        block.last = self.before
        self.document.starts.setdefault(self.before, ("close", subject))
        self.document.ends[self.before] = ("close", subject)

    def _facts(self, subject: Subject) -> None:
        """Read predicates and objects up to the mark that closes them."""
        while True:
            verb = self.at
            predicate = self._predicate()
            self.verb = verb
            while True:
                self._fact(subject, predicate, verb)
                number = self.document.ends[self.before]
                if not self.stands(","):
                    break
                self.next()
                self.document.ends[self.before] = number
                if self.tokens[self.at].text in (".", ";", "]"):
                    raise self.error(
                        "a value is missing after the comma",
                        self.tokens[self.before],
                        "remove the comma, or write one more value",
                    )
            if not self.stands(";"):
                return
            while self.stands(";"):
                self.next()
                self.document.ends[self.before] = number
            if self.stands(".") or self.stands("]"):
                return

    def _predicate(self) -> NamedNode:
        token = self.peek()
        if token.kind == "WORD" and token.text == "a":
            self.next()
            return _RDF_TYPE
        if token.kind in ("IRI", "NAME"):
            self.next()
            return self._iri(token)
        raise self.predicate_error()

    def _fact(self, subject: Subject, predicate: NamedNode, verb: int) -> None:
        """Read one object and note the fact, before the facts nested in it."""
        at = self.at
        facts = self.document.facts
        number = len(facts)
        facts.append(Fact(subject, predicate, subject, verb, at))  # the object follows
        self.document.starts.setdefault(verb, ("fact", number))
        self.document.starts.setdefault(at, ("fact", number))
        value = self._term()
        facts[number] = Fact(subject, predicate, value, verb, at)
        self.document.ends[self.before] = ("fact", number)

    def _term(self) -> Term:
        token = self.next()
        if token.kind in ("NAME", "IRI"):
            return self._iri(token)
        if token.kind in ("STRING", "LONG"):
            return self._string(token)
        if token.kind in _SHORTHAND:
            return Literal(token.text, datatype=_SHORTHAND[token.kind])
        if token.kind == "LABEL":
            node = BlankNode(f"b{self.scope}l{token.text[2:]}")
            self.document.labels[node] = token.text
            return node
        if token.kind == "WORD":
            if token.text in ("true", "false"):
                return Literal(token.text, datatype=_BOOLEAN)
            raise self.word_error(token)
        if token.text == "[":
            return self._nested()
        if token.text == "(":
            return self._list()
        hint = ""
        if token.text in (";", ".", "]", ")"):
            hint = "the predicate before has no value"
        if token.kind == "AT":
            hint = "a language follows directly on its string"
        raise self.error(f"a value should stand here; there is {self.shown(token)}", token, hint)

    def _enter(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"brackets are nested more than {MAX_DEPTH} deep", token)

    def _nested(self) -> BlankNode:
        """Read what stands between ``[`` and ``]``."""
        opening = self.before
        token = self.tokens[opening]
        self._enter(token)
        node = BlankNode(f"b{self.scope}n{opening}")
        self.document.ends[opening] = ("open", node)
        if not self.stands("]"):
            self._facts(node)
            if not self.stands("]"):
                raise self.unclosed_error(token, "]")
        self.document.starts.setdefault(self.at, ("close", node))
        self.next()
        self.depth -= 1
        return node

    def _list(self) -> Subject:
        """Read what stands between ``(`` and ``)``."""
        opening = self.before
        token = self.tokens[opening]
        self._enter(token)
        self.document.ends[opening] = ("list", opening)
        facts = self.document.facts
        head: Subject = _NIL
        cell: BlankNode | None = None
        while not self.stands(")"):
            at = self.at
            self.document.starts[at] = ("list", opening)
            if self.tokens[at].text in (".", ";", ",", "]") or self.tokens[at].kind == "END":
                hint = "items of a list have no comma between them" if self.stands(",") else ""
                if hint:
                    raise self.error("a comma stands in a list", self.peek(), hint)
                raise self.unclosed_error(token, ")")
            node = BlankNode(f"b{self.scope}c{at}")
            if cell is None:
                head = node
            else:
                facts.append(Fact(cell, _REST, node, at, at))
            cell = node
            number = len(facts)
            facts.append(Fact(cell, _FIRST, cell, at, at))
            facts[number] = Fact(cell, _FIRST, self._term(), at, at)
            self.document.ends[self.before] = ("list", opening)
        if cell is not None:
            facts.append(Fact(cell, _REST, _NIL, self.at, self.at))
        self.document.starts[self.at] = ("list", opening)
        self.next()
        self.depth -= 1
        return head

    # -- terms

    def _iri(self, token: Token) -> NamedNode:
        if token.kind == "NAME":
            prefix, _, local = token.text.partition(":")
            namespace = self.document.prefixes.get(prefix)
            if namespace is None:
                raise self.prefix_error(prefix, token)
            iri = namespace + (_unescape_local(local) if "\\" in local else local)
        else:
            iri = unescape(self.source, token.text[1:-1], token.start + 1, iri=True)
            if not is_absolute(iri):
                if not self.base:
                    raise self.error(
                        f"{token.text} is a relative IRI and there is no @base",
                        token,
                        "write the whole IRI or a prefixed name",
                    )
                if not is_relative(iri):
                    raise self.error(f"{token.text} starts with no valid scheme", token)
                iri = resolve(iri, self.base)
        try:
            return NamedNode(iri)
        except ValueError as error:
            raise self.error(f"{self.shown(token)} makes no valid IRI: {error}", token) from error

    def _string(self, token: Token) -> Literal:
        quotes = 3 if token.kind == "LONG" else 1
        text = unescape(self.source, token.text[quotes:-quotes], token.start + quotes)
        following = self.tokens[self.at]
        if following.kind == "AT" and following.text not in ("@prefix", "@base"):
            self.next()
            try:
                return Literal(text, language=following.text[1:])
            except ValueError as error:
                raise self.error(
                    f"{following.text} is no language tag: {error}", following
                ) from error
        if self.stands("^^"):
            self.next()
            datatype = self.next()
            if datatype.kind not in ("IRI", "NAME"):
                raise self.error(f"a datatype is an IRI; here is {self.shown(datatype)}", datatype)
            return Literal(text, datatype=self._iri(datatype))
        return Literal(text)


def _unescape_local(local: str) -> str:
    """Return a local name without the backslashes before reserved characters."""
    kept: list[str] = []
    escaped = False
    for character in local:
        if character == "\\" and not escaped:
            escaped = True
            continue
        kept.append(character)
        escaped = False
    return "".join(kept)
