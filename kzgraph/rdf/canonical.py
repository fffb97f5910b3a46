"""The canonical form of a Turtle file: one fact, one line.

The order: prefixes A to Z, only those of the project's table that are used;
the file's own description first (an ontology, a concept scheme), then the
subjects by IRI; of each subject ``a``, then the labels, then the other
predicates as CURIEs A to Z; the values of a predicate by language, then text.
The predicate is repeated on every line and the full stop stands alone.

Literals keep the author's spelling. ``xsd:integer``, ``xsd:decimal`` and
``xsd:boolean`` are written bare where their spelling allows it (``21300``,
``21300.0``, ``true``), every other one in quotes with its datatype
(``"21300"^^xsd:decimal``). Strings with line feeds stand in long quotes.

A blank node that one fact uses is nested in that fact; one with a single
short fact stays on its line. A list keeps its order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.namespaces import OWL, PREFIXES, RDF, RDFS, SKOS, XSD
from kzgraph.rdf.comments import Comment, Comments, FactKey, UnformattableError
from kzgraph.rdf.grammar import MAX_DEPTH, Subject, Term
from kzgraph.rdf.iris import curie

LINE_WIDTH: Final = 100
_INDENT: Final = "    "

_TYPE: Final = NamedNode(RDF + "type")
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")
_LEADING: Final = {
    _TYPE: 0,
    NamedNode(SKOS + "prefLabel"): 1,
    NamedNode(RDFS + "label"): 2,
    NamedNode(SKOS + "altLabel"): 3,
    NamedNode(SKOS + "hiddenLabel"): 4,
}
_FILE_HEADERS: Final = (NamedNode(OWL + "Ontology"), NamedNode(SKOS + "ConceptScheme"))
_BARE: Final = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_STRING: Final = XSD + "string"
_ESCAPED: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff"\\]')
_LONG_ESCAPED: Final = re.compile(r'[\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\\]|"(?="|\Z)')
_ESCAPES: Final = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}

_Fact = tuple[NamedNode, Term]
_SortKey = tuple[int, str, int, str, str]


def literal_text(literal: Literal, datatype: str) -> str:
    """Return a literal as canonical Turtle; ``datatype`` is its datatype as it is to appear.

    >>> literal_text(Literal("21300", datatype=NamedNode(XSD + "integer")), "xsd:integer")
    '21300'
    >>> literal_text(Literal("21300", datatype=NamedNode(XSD + "decimal")), "xsd:decimal")
    '"21300"^^xsd:decimal'
    """
    value = literal.value
    if literal.language:
        return f"{_quoted(value)}@{literal.language}"
    iri = literal.datatype.value
    if iri == _STRING:
        return _quoted(value)
    bare = _BARE.get(iri)
    if bare is not None and bare.fullmatch(value):
        return value
    return f"{_quoted(value)}^^{datatype}"


def _quoted(value: str) -> str:
    if "\n" in value:
        return f'"""{_LONG_ESCAPED.sub(_escape, value)}"""'
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


class CanonicalWriter:
    """The canonical text of one graph, with the comments that belong to its parts."""

    def __init__(
        self,
        triples: Iterable[FactKey],
        *,
        labels: Mapping[BlankNode, str] | None = None,
        comments: Comments | None = None,
    ) -> None:
        self._comments = comments or Comments()
        self._labels = labels or {}
        self._facts: dict[Subject, list[_Fact]] = {}
        for subject, predicate, value in dict.fromkeys(triples):
            self._facts.setdefault(subject, []).append((predicate, value))
        self._uses: Counter[BlankNode] = Counter()
        self._user: dict[BlankNode, Subject] = {}
        for subject, facts in self._facts.items():
            for _, value in facts:
                if isinstance(value, BlankNode):
                    self._uses[value] += 1
                    self._user[value] = subject
        self._labelled = self._find_labelled()
        self._prefixes: set[str] = set()
        self._depth = 0

    def text(self) -> str:
        """Return the whole text, with one line feed at its end.

        Raises UnformattableError when a comment would lose its place.
        """
        blocks = self._blocks()
        self._check_places([subject for subject, _ in blocks])
        groups = [[c.text for c in paragraph] for paragraph in self._comments.header]
        prefixes = [self._prefix_line(prefix) for prefix in sorted(self._prefixes)]
        if prefixes:
            groups.append(prefixes)
        groups.extend(self._sections(None, blocks[0][0] if blocks else None))
        for position, (subject, lines) in enumerate(blocks):
            groups.append(lines)
            following = blocks[position + 1][0] if position + 1 < len(blocks) else None
            groups.extend(self._sections(subject, following))
        return "\n".join("\n".join(group) + "\n" for group in groups)

    # -- which blank nodes stand where

    def _find_labelled(self) -> set[BlankNode]:
        """Return the blank nodes that need a label: used twice, or in a circle."""
        labelled = {node for node, uses in self._uses.items() if uses > 1}
        settled: set[BlankNode] = set()
        for start in self._uses:
            path: dict[BlankNode, None] = {}
            node: Subject | None = start
            while (
                isinstance(node, BlankNode)
                and node not in settled
                and node not in labelled
                and node not in path
            ):
                path[node] = None
                node = self._user.get(node)
            if isinstance(node, BlankNode) and node in path:
                steps = list(path)
                labelled.update(steps[steps.index(node) :])
            settled.update(path)
        return labelled

    def _is_nested(self, subject: Subject) -> bool:
        return (
            isinstance(subject, BlankNode)
            and self._uses[subject] == 1
            and subject not in self._labelled
        )

    def _label(self, node: BlankNode) -> str:
        return self._labels.get(node) or f"_:{node.value}"

    # -- blocks

    def _blocks(self) -> list[tuple[Subject, list[str]]]:
        """Return the subjects that stand on their own, in order, each with its lines."""
        named: list[tuple[tuple[int, str], Subject, list[str]]] = []
        for subject in self._facts:
            if self._is_nested(subject):
                continue
            lines = self._block(subject)
            if isinstance(subject, NamedNode):
                header = any((_TYPE, kind) in self._facts[subject] for kind in _FILE_HEADERS)
                key = (0 if header else 1, subject.value)
            elif subject in self._labelled:
                key = (2, self._label(subject))
            else:
                key = (3, "\n".join(lines))
            named.append((key, subject, lines))
        named.sort(key=lambda item: item[0])
        return [(subject, lines) for _, subject, lines in named]

    def _block(self, subject: Subject) -> list[str]:
        if isinstance(subject, NamedNode):
            name = self._iri(subject)
        else:
            name = self._label(subject) if subject in self._labelled else "[]"
        above = self._comments.above_block.get(subject, ())
        return [
            *(comment.text for comment in above),
            name + _behind(self._comments.on_open.get(subject)),
            *self._fact_lines(subject, _INDENT),
            f"{_INDENT}.{_behind(self._comments.on_close.get(subject))}",
        ]

    def _fact_lines(self, subject: Subject, indent: str) -> list[str]:
        """Return the lines of all facts of a subject, and the comments among them."""
        entries: list[tuple[_SortKey, list[str]]] = []
        for predicate, value in self._facts.get(subject, ()):
            key: FactKey = (subject, predicate, value)
            verb = "a" if predicate == _TYPE else self._iri(predicate)
            room = LINE_WIDTH - len(indent) - len(verb) - 3
            lines = self._value(value, indent, room)
            text = "\n".join(lines)
            lines = [f"{indent}{verb} {lines[0]}", *lines[1:]]
            lines[-1] += " ;" + _behind(self._comments.on_fact.get(key))
            above = [indent + comment.text for comment in self._comments.above_fact.get(key, ())]
            kind, language, text = _value_order(value, text)
            rank = _LEADING.get(predicate, len(_LEADING))
            entries.append(((rank, verb, kind, language, text), above + lines))
        entries.sort(key=lambda entry: entry[0])
        lines = [line for _, entry in entries for line in entry]
        above_close = self._comments.above_close.get(subject, ())
        return lines + [indent + comment.text for comment in above_close]

    # -- values

    def _value(self, value: Term, indent: str, room: int) -> list[str]:
        """Return the lines of a value; all but the first carry their own indentation."""
        if isinstance(value, NamedNode):
            return ["()"] if value == _NIL else [self._iri(value)]
        if isinstance(value, Literal):
            language = value.language
            datatype = "" if language else self._datatype(value)
            return literal_text(value, datatype).split("\n")
        if value in self._labelled:
            return [self._label(value)]
        if self._depth >= MAX_DEPTH:
            raise UnformattableError(
                f"blank nodes are nested more than {MAX_DEPTH} deep",
                path=self._comments.path,
                line=1,
            )
        self._depth += 1
        items = self._list_items(value)
        lines = (
            self._nested(value, indent, room) if items is None else self._list(items, indent, room)
        )
        self._depth -= 1
        return lines

    def _nested(self, node: BlankNode, indent: str, room: int) -> list[str]:
        facts = self._facts.get(node, [])
        if not facts and not self._has_comments(node, facts):
            return ["[]"]
        inner = self._fact_lines(node, indent + _INDENT)
        if len(facts) == len(inner) == 1 and not self._has_comments(node, facts):
            short = f"[ {inner[0].strip().removesuffix(' ;')} ]"
            if len(short) <= room:
                return [short]
        opening = _behind(self._comments.on_open.get(node))
        return [f"[{opening}", *inner, f"{indent}]"]

    def _list(self, items: list[Term], indent: str, room: int) -> list[str]:
        inner = indent + _INDENT
        lines = [self._value(item, inner, LINE_WIDTH - len(inner)) for item in items]
        if all(len(item) == 1 for item in lines):
            short = f"( {' '.join(item[0] for item in lines)} )"
            if len(short) <= room:
                return [short]
        spread = [line for first, *rest in lines for line in (inner + first, *rest)]
        return ["(", *spread, f"{indent})"]

    def _list_items(self, head: BlankNode) -> list[Term] | None:
        """Return the items of a well-formed list, or None where the node starts none."""
        items: list[Term] = []
        cell: Term = head
        seen: set[Term] = set()
        while cell != _NIL:
            if not isinstance(cell, BlankNode) or cell in seen or not self._is_nested(cell):
                return None
            seen.add(cell)
            facts = self._facts.get(cell, [])
            values = dict(facts)
            if len(facts) != 2 or set(values) != {_FIRST, _REST}:
                return None
            if self._has_comments(cell, facts):
                return None
            items.append(values[_FIRST])
            cell = values[_REST]
        return items

    def _has_comments(self, node: BlankNode, facts: list[_Fact]) -> bool:
        """Return whether comments stand within a node, so that it cannot be written shorter."""
        comments = self._comments
        return (
            node in comments.on_open
            or node in comments.above_close
            or any(
                (node, *fact) in comments.on_fact or (node, *fact) in comments.above_fact
                for fact in facts
            )
        )

    # -- names

    def _iri(self, node: NamedNode) -> str:
        short = curie(node.value)
        if short is None:
            return f"<{node.value}>"
        self._prefixes.add(short[0])
        return f"{short[0]}:{short[1]}"

    def _datatype(self, literal: Literal) -> str:
        """Return the datatype as it is written, noting its prefix only where it is written."""
        iri = literal.datatype.value
        bare = _BARE.get(iri)
        if iri == _STRING or (bare is not None and bare.fullmatch(literal.value)):
            return ""
        return self._iri(literal.datatype)

    def _prefix_line(self, prefix: str) -> str:
        behind = _behind(self._comments.on_prefix.get(prefix))
        return f"@prefix {prefix}: <{PREFIXES[prefix]}> .{behind}"

    # -- comments

    def _sections(self, before: Subject | None, after: Subject | None) -> list[list[str]]:
        """Return the free comment paragraphs between two neighbouring subjects."""
        return [
            [comment.text for comment in paragraph]
            for section in self._comments.sections
            if (section.before, section.after) == (before, after)
            for paragraph in section.paragraphs
        ]

    def _check_places(self, order: list[Subject]) -> None:
        """Raise UnformattableError when the new order leaves a comment without its place."""
        comments = self._comments
        neighbours = set(zip([None, *order], [*order, None], strict=True))
        for section in comments.sections:
            if (section.before, section.after) not in neighbours:
                raise comments.refuse(
                    section.paragraphs[0][0],
                    "the subjects before and after it are put in another order",
                )
        standing = set(order)
        for subject, above in comments.above_block.items():
            if subject not in standing:
                raise comments.refuse(above[0], "the blank node below it moves into a fact")
        for subject, comment in comments.on_close.items():
            if subject not in standing:
                raise comments.refuse(comment, "the blank node before it moves into a fact")
        for prefix, comment in comments.on_prefix.items():
            if prefix not in self._prefixes:
                raise comments.refuse(comment, f"the prefix {prefix}: is not used and goes")


def _behind(comment: Comment | None) -> str:
    return "" if comment is None else f" {comment.text}"


def _value_order(value: Term, text: str) -> tuple[int, str, str]:
    """Return what the values of one predicate are sorted by: kind, language, text."""
    if isinstance(value, Literal):
        return 1, value.language or "", value.value + "\0" + text
    return (0 if isinstance(value, NamedNode) else 2), "", text
