"""A Turtle document read into facts that know their tokens.

A document keeps for every fact which tokens it was written with, and for
every token which part of the document it belongs to. Positions, error
messages and the places of comments all come from there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.errors import SourceSyntaxError
from kzgraph.namespaces import PREFIXES, RDF, XSD
from kzgraph.rdf.iris import is_absolute, resolve
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
_TERM_KINDS: Final = frozenset(
    ("IRI", "NAME", "LABEL", "STRING", "LONG", "INTEGER", "DECIMAL", "DOUBLE", "WORD")
)


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
    directives: list[tuple[int, int, str]] = field(default_factory=list)
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


class _Reader:
    """The state of reading one text: a place among its tokens."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = source.tokens()
        self.document = Document(source, self.tokens)
        self.base = ""
        self.at = 0  # the number of the next token that is no comment
        self.before = -1  # the number of the one before it
        self.depth = 0
        self.verb = 0  # the number of the predicate read last
        # blank nodes of two files must not meet when their triples do
        self.scope = hashlib.sha256(source.path.encode("utf-8", "replace")).hexdigest()[:8]
        self._skip_comments()

    # -- tokens

    def _skip_comments(self) -> None:
        while self.tokens[self.at].kind == "COMMENT":
            self.at += 1

    def _peek(self) -> Token:
        token = self.tokens[self.at]
        if token.kind == "BAD":
            raise self.source.bad_token_error(token)
        return token

    def _next(self) -> Token:
        token = self._peek()
        self.before = self.at
        if token.kind != "END":
            self.at += 1
            self._skip_comments()
        return token

    def _is(self, mark: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == "PUNCTUATION" and token.text == mark

    # -- errors

    def _error(self, message: str, token: Token, hint: str = "") -> SourceSyntaxError:
        return self.source.error(message, token.start, hint=hint)

    def _after(self, message: str, hint: str = "") -> SourceSyntaxError:
        """Return an error that points behind the token read last."""
        token = self.tokens[self.before]
        return self.source.error(message, token.end, hint=hint)

    @staticmethod
    def _shown(token: Token) -> str:
        if token.kind == "END":
            return "the end of the file"
        text = token.text if len(token.text) <= 40 else token.text[:37] + "..."
        return repr(text) if "\n" in text else text

    # -- grammar

    def read(self) -> None:
        while (token := self._peek()).kind != "END":
            word = token.text.lower() if token.kind == "WORD" else token.text
            if word in ("@prefix", "prefix"):
                self._prefix(sparql=word == "prefix")
            elif word in ("@base", "base"):
                self._base(sparql=word == "base")
            else:
                self._block()

    def _prefix(self, *, sparql: bool) -> None:
        first = self.at
        self._next()
        name = self._next()
        if name.kind != "NAME" or not name.text.endswith(":") or name.text.count(":") > 1:
            hint = "write @prefix kz: <https://w3id.org/kzgraph/ontology#> ."
            raise self._error(f"a prefix ends in a colon; here is {self._shown(name)}", name, hint)
        iri = self._next()
        if iri.kind != "IRI":
            raise self._error("the namespace of a prefix stands in <...>", iri)
        self.document.prefixes[name.text[:-1]] = self._iri(iri).value
        self._end_directive(first, name.text[:-1], sparql=sparql)

    def _base(self, *, sparql: bool) -> None:
        first = self.at
        self._next()
        iri = self._next()
        if iri.kind != "IRI":
            raise self._error("the base IRI stands in <...>", iri)
        self.base = self._iri(iri).value
        self._end_directive(first, "", sparql=sparql)

    def _end_directive(self, first: int, prefix: str, *, sparql: bool) -> None:
        if not sparql:
            if not self._is("."):
                raise self._after("a full stop is missing after this line", "end it with ' .'")
            self._next()
        elif self._is("."):
            word = self.tokens[first].text
            raise self._error(
                f"{word} without @ takes no full stop", self._peek(), f"write @{word.lower()}"
            )
        number = len(self.document.directives)
        self.document.directives.append((first, self.before, prefix))
        self.document.starts[first] = ("directive", number)
        self.document.ends[self.before] = ("directive", number)

    def _block(self) -> None:
        first = self.at
        token = self._peek()
        bare = self._is("[")
        if token.kind in ("STRING", "LONG", *_SHORTHAND) or token.text in ("true", "false"):
            raise self._error("a value cannot be a subject", token, self._hint_at_subject())
        if token.kind == "WORD" and token.text == "a":
            raise self._error("'a' is a predicate; a subject is missing before it", token)
        if token.kind == "AT":
            raise self._at_error(token)
        if token.kind == "PUNCTUATION" and token.text not in "[(":
            raise self._error(
                f"a subject should start here; there is {token.text}",
                token,
                self._hint_at_subject(),
            )
        count = len(self.document.facts)
        subject = self._term()
        assert not isinstance(subject, Literal)
        block = Block(subject, first)
        self.document.blocks.append(block)
        self.document.starts[first] = ("block", subject)
        self.document.ends[self.before] = ("subject", subject)
        has_facts = bare and len(self.document.facts) > count
        if not (has_facts and self._is(".")):
            self._facts(subject)
        if not self._is("."):
            raise self._unfinished_error()
        self._next()
        block.last = self.before
        self.document.starts.setdefault(self.before, ("close", subject))
        self.document.ends[self.before] = ("close", subject)

    def _hint_at_subject(self) -> str:
        """Return a hint for text after a full stop that goes on like the same subject."""
        if self.before >= 0 and self.tokens[self.before].text == ".":
            return "if the subject before goes on, end the fact before with ; and not with ."
        return ""

    def _at_error(self, token: Token) -> SourceSyntaxError:
        near = get_close_matches(token.text.lower(), ("@prefix", "@base"), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "@prefix and @base start a line"
        return self._error(f"{token.text} cannot start a statement", token, hint)

    def _facts(self, subject: Subject) -> None:
        """Read predicates and objects up to the mark that closes them."""
        while True:
            verb = self.at
            predicate = self._predicate()
            self.verb = verb
            while True:
                self._fact(subject, predicate, verb)
                number = self.document.ends[self.before]
                if not self._is(","):
                    break
                self._next()
                self.document.ends[self.before] = number
                if self.tokens[self.at].text in (".", ";", "]"):
                    raise self._error(
                        "a value is missing after the comma",
                        self.tokens[self.before],
                        "remove the comma, or write one more value",
                    )
            if not self._is(";"):
                return
            while self._is(";"):
                self._next()
                self.document.ends[self.before] = number
            if self._is(".") or self._is("]"):
                return

    def _predicate(self) -> NamedNode:
        token = self._peek()
        if token.kind == "WORD" and token.text == "a":
            self._next()
            return _RDF_TYPE
        if token.kind in ("IRI", "NAME"):
            self._next()
            return self._iri(token)
        if token.kind == "WORD":
            raise self._word_error(token)
        hint = ""
        if token.text == ".":
            hint = "a subject needs at least one predicate with a value"
        elif self.tokens[self.before].text == ";" and token.kind in _TERM_KINDS:
            hint = "values of one predicate are joined by a comma; or repeat the predicate"
        raise self._error(
            f"a predicate should stand here; there is {self._shown(token)}", token, hint
        )

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
        token = self._next()
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
            raise self._word_error(token)
        if token.text == "[":
            return self._nested()
        if token.text == "(":
            return self._list()
        hint = ""
        if token.text in (";", ".", "]", ")"):
            hint = "the predicate before has no value"
        if token.kind == "AT":
            hint = "a language follows directly on its string"
        raise self._error(f"a value should stand here; there is {self._shown(token)}", token, hint)

    def _enter(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._error(f"brackets are nested more than {MAX_DEPTH} deep", token)

    def _nested(self) -> BlankNode:
        """Read what stands between ``[`` and ``]``."""
        opening = self.before
        token = self.tokens[opening]
        self._enter(token)
        node = BlankNode(f"b{self.scope}n{opening}")
        self.document.ends[opening] = ("open", node)
        if not self._is("]"):
            self._facts(node)
            if not self._is("]"):
                raise self._unclosed_error(token, "]")
        self.document.starts.setdefault(self.at, ("close", node))
        self._next()
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
        while not self._is(")"):
            at = self.at
            self.document.starts[at] = ("list", opening)
            if self.tokens[at].text in (".", ";", ",", "]") or self.tokens[at].kind == "END":
                hint = "items of a list have no comma between them" if self._is(",") else ""
                if hint:
                    raise self._error("a comma stands in a list", self._peek(), hint)
                raise self._unclosed_error(token, ")")
            node = BlankNode(f"b{self.scope}n{at}")
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
        self._next()
        self.depth -= 1
        return head

    # -- what is missing

    def _unclosed_error(self, opening: Token, mark: str) -> SourceSyntaxError:
        """Return the error for a bracket that is open where something else comes."""
        token = self._peek()
        line = self.source.line(opening.start)
        if mark == "]" and self._goes_on_like_a_fact():
            return self._after("a ; is missing here", "facts of one subject are joined by ;")
        return self._error(
            f"{opening.text} of line {line} is not closed before {self._shown(token)}",
            opening if token.kind == "END" else token,
            f"close it with {mark}",
        )

    def _goes_on_like_a_fact(self) -> bool:
        """Return whether the next tokens look like a predicate with a value."""
        token = self.tokens[self.at]
        if token.kind not in ("NAME", "IRI") and token.text != "a":
            return False
        following = next(
            (t for t in self.tokens[self.at + 1 :] if t.kind != "COMMENT"), self.tokens[-1]
        )
        return following.kind in _TERM_KINDS or following.text in ("[", "(")

    def _forgotten_stop_error(self) -> SourceSyntaxError | None:
        """Return the error for a subject that was read as a predicate, if it looks so."""
        verb = self.tokens[self.verb]
        previous = [t for t in self.tokens[: self.verb] if t.kind != "COMMENT"][-1:]
        if self.depth or self.source.column(verb.start) > 1 or not previous:
            return None
        if previous[0].text != ";":
            return None
        return self.source.error(
            "a full stop is missing here",
            previous[0].end,
            hint=f"end the subject with ' .' before {self._shown(verb)}",
        )

    def _unfinished_error(self) -> SourceSyntaxError:
        """Return the error for a fact that is followed by neither ``;``, ``,`` nor ``.``"""
        token = self._peek()
        forgotten = self._forgotten_stop_error() if token.kind in _TERM_KINDS else None
        if forgotten is not None:
            return forgotten
        last = self.tokens[self.before]
        if token.kind == "END":
            return self._after("the file ends inside a statement", "end the subject with ' .'")
        if token.text in ("]", ")"):
            return self._error(f"{token.text} closes nothing that is open", token)
        if token.text == "^^":
            return self._error("a datatype follows directly on its string", token)
        if token.kind == "AT" and token.text in ("@prefix", "@base"):
            return self._after("a full stop is missing here", "end the subject with ' .'")
        if token.kind == "AT":
            hint = "a string has a language or a datatype, not both, and only strings have them"
            return self._error(f"{token.text} cannot stand here", token, hint)
        same_line = self.source.line(last.end) == self.source.line(token.start)
        if same_line and last.kind == "STRING" and token.kind in ("WORD", "STRING"):
            hint = 'write \\" for a quotation mark inside a string'
            return self._error(f"the string ends before {self._shown(token)}", token, hint)
        if self.source.column(token.start) == 1 and token.kind in ("NAME", "IRI", "LABEL"):
            return self._after(
                "a full stop is missing here",
                f"end the subject with ' .' before {self._shown(token)}",
            )
        if self._goes_on_like_a_fact():
            return self._after("a ; is missing here", "facts of one subject are joined by ;")
        if token.kind in _TERM_KINDS or token.text in ("[", "("):
            return self._after(
                "a mark is missing here",
                "a comma joins values, ; joins facts, a full stop ends the subject",
            )
        return self._error(f"{self._shown(token)} cannot stand here", token)

    def _word_error(self, token: Token) -> SourceSyntaxError:
        word = token.text
        forgotten = self._forgotten_stop_error() if word == "a" else None
        if forgotten is not None:
            return forgotten
        known = {**PREFIXES, **self.document.prefixes}
        hint = "write a name as prefix:name, an IRI in <...>, a text in quotation marks"
        if word.lower() in ("true", "false"):
            hint = f"write {word.lower()}"
        elif word == "a":
            hint = "'a' stands for rdf:type only as a predicate"
        elif word in known:
            hint = f"did you mean {word}:...?"
        return self._error(f"{word} is no term", token, hint)

    # -- terms

    def _iri(self, token: Token) -> NamedNode:
        if token.kind == "NAME":
            prefix, _, local = token.text.partition(":")
            namespace = self.document.prefixes.get(prefix)
            if namespace is None:
                raise self._prefix_error(prefix, token)
            iri = namespace + (_unescape_local(local) if "\\" in local else local)
        else:
            iri = unescape(self.source, token.text[1:-1], token.start + 1, iri=True)
            if not is_absolute(iri):
                if not self.base:
                    raise self._error(
                        f"{token.text} is a relative IRI and there is no @base",
                        token,
                        "write the whole IRI or a prefixed name",
                    )
                iri = resolve(iri, self.base)
        try:
            return NamedNode(iri)
        except ValueError as error:
            raise self._error(f"{self._shown(token)} makes no valid IRI: {error}", token) from error

    def _prefix_error(self, prefix: str, token: Token) -> SourceSyntaxError:
        if prefix in PREFIXES:
            hint = f"add the line @prefix {prefix}: <{PREFIXES[prefix]}> ."
        else:
            known = list(dict.fromkeys((*self.document.prefixes, *PREFIXES)))
            near = get_close_matches(prefix, known, n=3, cutoff=0.5)
            if near:
                hint = "did you mean " + " or ".join(f"{name}:" for name in near) + "?"
            else:
                hint = f"declare it: @prefix {prefix}: <...> ."
        return self._error(f"the prefix {prefix}: is not declared", token, hint)

    def _string(self, token: Token) -> Literal:
        quotes = 3 if token.kind == "LONG" else 1
        text = unescape(self.source, token.text[quotes:-quotes], token.start + quotes)
        following = self.tokens[self.at]
        if following.kind == "AT" and following.text not in ("@prefix", "@base"):
            self._next()
            try:
                return Literal(text, language=following.text[1:])
            except ValueError as error:
                raise self._error(
                    f"{following.text} is no language tag: {error}", following
                ) from error
        if self._is("^^"):
            self._next()
            datatype = self._next()
            if datatype.kind not in ("IRI", "NAME"):
                raise self._error(
                    f"a datatype is an IRI; here is {self._shown(datatype)}", datatype
                )
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
