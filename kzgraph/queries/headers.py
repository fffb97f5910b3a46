"""The ``#+`` header of a saved query, read with the line of every entry."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml
from pyoxigraph import Literal, NamedNode

from kzgraph.errors import KzgraphError, UsageError
from kzgraph.namespaces import PREFIXES
from kzgraph.queries.catalogue import PARAM_TYPES, EvidenceSpec, Param
from kzgraph.queries.emptiness import EMPTY_KINDS, NOT_RECORDED
from kzgraph.queries.faults import Node, Reader
from kzgraph.queries.words import nearest

KEYS = ("summary", "question", "params", "tags", "chart", "evidence", "empty")
PARAM_KEYS = ("type", "class", "default", "choices", "label")
LANGUAGES = ("en", "de", "ru", "kk")
REQUIRED_LANGUAGES = ("en", "de")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MARKS = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)


@dataclass
class Header:
    """What a header says, and where.

    The nodes are kept by what they are about (a language, a parameter, an entry
    of evidence), so that a later check can point at the line.
    """

    summary: str = ""
    questions: dict[str, str] = field(default_factory=dict)
    params: dict[str, Param] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    chart: object = None
    evidence: tuple[EvidenceSpec, ...] = ()
    empty: str = NOT_RECORDED
    question_nodes: dict[str, Node] = field(default_factory=dict)
    param_nodes: dict[str, Node] = field(default_factory=dict)
    evidence_nodes: list[Node] = field(default_factory=list)


def read_header(reader: Reader, *, quality: bool = False) -> Header | None:
    """Return the header of a file; None where there is none or it is no YAML.

    A quality query is asked by nobody, so it needs no question.
    """
    node = _node(reader)
    if node is None:
        return None
    entries = _entries(reader, node, KEYS, "the header")
    header = Header()
    if "summary" in entries:
        header.summary = _text(reader, entries["summary"], "summary")
    else:
        reader.at(node, "the header has no summary", hint="summary: what the query answers")
    _questions(reader, header, node, entries.get("question"), required=not quality)
    if "params" in entries:
        for name, value in _entries(reader, entries["params"], (), "params").items():
            header.params[name] = _param(reader, name, value)
            header.param_nodes[name] = value
    header.tags = _texts(reader, entries.get("tags"), "tags")
    header.chart = entries["chart"].plain() if "chart" in entries else None
    _evidence(reader, header, entries.get("evidence"))
    if "empty" in entries:
        kind = _text(reader, entries["empty"], "empty")
        if kind in EMPTY_KINDS:
            header.empty = kind
        elif kind:
            message = f"empty: no rows cannot mean {kind}"
            reader.at(entries["empty"], message, hint=_offer(kind, EMPTY_KINDS))
    return header


def term_of(param: Param, text: str) -> NamedNode | Literal:
    """Return the term that a default or a choice of a header stands for."""
    from kzgraph.queries.parameters import parse_value, written_iri

    return parse_value(param, text, lambda value, _: written_iri(value))


def _node(reader: Reader) -> Node | None:
    """Return the header's mapping; None, and a fault, where there is none."""
    numbers = []
    pieces = []
    for number, line in enumerate(reader.lines, start=1):
        if line.startswith("#+"):
            numbers.append(number)
            pieces.append(line[2:].replace("\t", " "))
        elif numbers or line.strip():
            break
    if not numbers:
        reader.say(1, "there is no #+ header", hint="#+ summary: what the query answers")
        return None
    for late, line in enumerate(reader.lines[numbers[-1] :], start=numbers[-1] + 1):
        if line.startswith("#+"):
            reader.say(late, "this #+ line is cut off from the header", hint="keep it one block")
    first, last = numbers[0], numbers[-1]
    indent = min((len(p) - len(p.lstrip()) for p in pieces if p.strip()), default=0)
    text = "\n".join(piece[indent:] for piece in pieces)
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, _MARKS):
                reader.say(
                    first + token.start_mark.line,
                    "the header uses an anchor, an alias or a tag of YAML",
                    hint="a text that begins with & * or ! needs quotes",
                    column=3 + indent + token.start_mark.column,
                )
                return None
        composed = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reader.say(
            min(first + (mark.line if mark else 0), last),
            f"the header is no YAML: {error.problem or error.context}",
            hint='a text with a colon, { or # needs quotes: "..."',
            column=3 + indent + (mark.column if mark else 0),
        )
        return None
    except yaml.YAMLError as error:
        reader.say(first, f"the header is no YAML: {str(error).splitlines()[0]}")
        return None
    if composed is None:
        reader.say(first, "the header is empty", hint="it needs a summary and a question")
        return None
    return _converted(composed, first, 3 + indent)


def _converted(node: yaml.Node, line: int, column: int) -> Node:
    """Return a YAML node with its places in the file.

    Scalars stay as written, so that ``no`` is no boolean and a date no date.
    """
    here = (line + node.start_mark.line, column + node.start_mark.column)
    if isinstance(node, yaml.MappingNode):
        pairs = [(_converted(k, line, column), _converted(v, line, column)) for k, v in node.value]
        return Node(pairs, *here)
    if isinstance(node, yaml.SequenceNode):
        return Node([_converted(item, line, column) for item in node.value], *here)
    return Node(None if node.tag.endswith(":null") else str(node.value), *here)


def _entries(reader: Reader, node: Node, known: tuple[str, ...], what: str) -> dict[str, Node]:
    """Return a mapping's entries by key; says which keys are unknown or stand twice."""
    if not node.is_mapping:
        reader.at(node, f"{what}: here belong keys with values", hint="key: value")
        return {}
    found: dict[str, Node] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in found:
            reader.at(key, f"{what}: the key {name} stands twice")
        elif known and name not in known:
            reader.at(key, f"{what}: unknown key {name}", hint=_offer(name, known))
        else:
            found[name] = value
    return found


def _offer(word: str, known: tuple[str, ...]) -> str:
    close = nearest(word, known)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"


def _text(reader: Reader, node: Node, what: str) -> str:
    if isinstance(node.value, str) and node.value.strip():
        return node.value.strip()
    reader.at(node, f"{what} is no text")
    return ""


def _texts(reader: Reader, node: Node | None, what: str) -> tuple[str, ...]:
    """Return a list of texts; one text counts as a list of one."""
    if node is None:
        return ()
    if isinstance(node.value, list) and node.value and node.is_mapping:
        reader.at(node, f"{what} is no list", hint="[one, two]")
        return ()
    items = node.value if isinstance(node.value, list) else [node]
    return tuple(text for item in items if (text := _text(reader, item, f"{what}: an entry")))


def _questions(
    reader: Reader, header: Header, top: Node, node: Node | None, *, required: bool
) -> None:
    if node is None:
        if required:
            reader.at(top, "the header has no question", hint="question: with en and de below")
        return
    header.question_nodes = _entries(reader, node, LANGUAGES, "question")
    for language, value in header.question_nodes.items():
        text = _text(reader, value, f"question {language}")
        if text:
            header.questions[language] = text
    for language in REQUIRED_LANGUAGES:
        if required and language not in header.question_nodes:
            reader.at(node, f"the question is missing in {language}")


def _param(reader: Reader, name: str, node: Node) -> Param:
    what = f"param {name}"
    fields = _entries(reader, node, PARAM_KEYS, what)
    if not _VARIABLE.fullmatch(name):
        reader.at(node, f"{what}: this is no name for a variable")
    type_ = "string"
    if "type" not in fields:
        reader.at(node, f"{what} has no type", hint=f"one of: {', '.join(PARAM_TYPES)}")
    else:
        type_ = str(fields["type"].value)
        if type_ not in PARAM_TYPES:
            reader.at(
                fields["type"], f"{what}: unknown type {type_}", hint=_offer(type_, PARAM_TYPES)
            )
    class_ = ""
    if "class" in fields:
        class_ = _text(reader, fields["class"], f"{what}: class")
        _curie(reader, fields["class"], class_, f"{what}: class")
        if type_ != "iri":
            reader.at(fields["class"], f"{what} has a class, so its type is iri, not {type_}")
    default = fields["default"].value if "default" in fields else None
    if isinstance(default, list):
        reader.at(fields["default"], f"{what}: the default is one value, not a list")
    labels = fields["label"].plain() if "label" in fields else {}
    if not isinstance(labels, dict):
        reader.at(
            fields["label"], f"{what}: label is a text per language", hint="{en: ..., de: ...}"
        )
    param = Param(
        name=name,
        type=type_,
        class_=class_,
        default=default if isinstance(default, str) else None,
        choices=_texts(reader, fields.get("choices"), f"{what}: choices"),
        labels=labels if isinstance(labels, dict) else {},
    )
    _values(reader, param, fields)
    return param


def _values(reader: Reader, param: Param, fields: dict[str, Node]) -> None:
    """Say which of a parameter's default and choices are no values of its type."""
    if param.type not in PARAM_TYPES:
        return
    what = f"param {param.name}"
    choices = fields.get("choices")
    listed = choices.value if choices is not None and isinstance(choices.value, list) else []
    bare = Param(name=param.name, type=param.type, class_="")
    for choice in listed:
        if isinstance(choice, Node) and isinstance(choice.value, str):
            _value(reader, bare, choice, choice.value, f"{what}: a choice")
    if param.default is not None:
        _value(reader, bare, fields["default"], param.default, f"{what}: the default")
        if param.choices and param.default not in param.choices:
            reader.at(fields["default"], f"{what}: the default is not among the choices")


def _value(reader: Reader, param: Param, node: Node, text: str, what: str) -> None:
    try:
        term_of(param, text)
    except KzgraphError as error:
        reader.at(node, f"{what} is no {param.type}: {error.message}", hint=error.hint)


def _curie(reader: Reader, node: Node, text: str, what: str) -> None:
    prefix, colon, local = text.partition(":")
    if text and (not colon or not local or prefix not in PREFIXES):
        close = nearest(prefix, PREFIXES)
        hint = f"did you mean {close[0]}:?" if colon and close else "as in kz:State"
        reader.at(node, f"{what} is no CURIE of the prefix table: {text}", hint=hint)


def _evidence(reader: Reader, header: Header, node: Node | None) -> None:
    if node is None:
        return
    if isinstance(node.value, list) and node.value and node.is_mapping:
        reader.at(node, "evidence is no list", hint="[action, 'state kz:memberOf organisation']")
        return
    specs = []
    for item in node.value if isinstance(node.value, list) else [node]:
        text = _text(reader, item, "evidence: an entry")
        if not text:
            continue
        try:
            spec = EvidenceSpec.parse(text)
        except UsageError as error:
            reader.at(item, error.message)
            continue
        for part in spec:
            if ":" in part:
                _curie(reader, item, part, "evidence: a part")
        specs.append(spec)
        header.evidence_nodes.append(item)
    header.evidence = tuple(specs)
