"""What a foreign query may do here, decided before an engine sees it.

Oxigraph goes out to the network for SERVICE, and its parser ends the whole
process on deep nesting and on chains of thousands. Neither can be caught, so
the text is cut into tokens and judged first. The engine reads ``SERVICE:x``
and ``1SERVICE:x`` as a call too: hence the letters are looked for in every
word and prefix, not only the word itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from kzgraph.errors import QueryRefusedError, SourceSyntaxError
from kzgraph.namespaces import KZ, KZR, KZV, PREFIXES
from kzgraph.queries.tokens import Places, Token, clipped, position, scan, syntax_error
from kzgraph.queries.words import FORMS, UPDATES, WORDS, nearest, nearest_word

MAX_BYTES = 256 * 1024
# Oxigraph's parser dies at some 800 nested calls and its planner at some 1,600
# patterns on a stack of 8 MB; on 1 MB at an eighth of that.
MAX_DEPTH = 64
MAX_PIECES = 300
_OWN = (KZ, KZR, KZV)
_COUNTED = "FILTER OPTIONAL UNION MINUS BIND VALUES GRAPH EXISTS LATERAL AS IN SELECT"
_COUNTED_WORDS = frozenset(_COUNTED.split())
_VALUES_OF_PATTERNS = frozenset({"string", "number", "iri", "name", "bnode", "var", "close"})


class TermUse(NamedTuple):
    """A prefixed name in a query, its IRI, and where it stands."""

    text: str
    iri: str
    start: int
    line: int
    column: int


class UnknownTerm(NamedTuple):
    """A term of our namespaces that nothing declares, and the nearest one that is."""

    text: str
    iri: str
    line: int
    column: int
    nearest: str


@dataclass(frozen=True)
class QueryFacts:
    """What the guard found out about a query.

    ``variables`` are the projected ones, empty for ``SELECT *``; ``appearing`` are all of
    them as they first appear; ``declared`` maps the prefixes that the query itself
    declares; ``missing`` are known prefixes that it uses without declaring them;
    ``unbound`` are columns that no pattern mentions.
    """

    kind: str
    variables: tuple[str, ...] = ()
    declared: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    terms: tuple[TermUse, ...] = ()
    ordered: bool = False
    appearing: tuple[str, ...] = ()
    unbound: tuple[str, ...] = ()


def check_query(
    text: str, *, path: str = "-e", allow_service: bool = False, allow_from: bool = False
) -> QueryFacts:
    """Return the facts of a query that may run.

    Raises QueryRefusedError for what does not run here (SERVICE, updates, FROM,
    too large, too deep), SourceSyntaxError for what is no SPARQL.

    >>> check_query("SELECT ?s { ?s a kz:State }").missing
    ('kz',)
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise QueryRefusedError(
            f"{path}: the query has {size:,} bytes; at most {MAX_BYTES:,} are read"
        )
    tokens = _judged(text, path=path, allow_service=allow_service, allow_from=allow_from)
    if not allow_service and "service" in text.lower():
        _look_for_service_otherwise(text, path)
    kind = _kind(tokens, text, path)
    declared = _declared(tokens, text)
    uses, missing = _uses(tokens, text, declared, path)
    columns = _projection(tokens) if kind == "SELECT" else ()
    names = Counter(t.text[1:] for t in tokens if t.kind == "var")
    computed = {b.text[1:] for a, b in pairwise(tokens) if a.word == "AS"}
    return QueryFacts(
        kind=kind,
        variables=columns,
        declared=declared,
        missing=missing,
        terms=uses,
        ordered=any(t.word == "ORDER" and t.depth == 0 for t in tokens),
        appearing=tuple(names),
        unbound=tuple(c for c in columns if names[c] == 1 and c not in computed),
    )


def add_prefixes(text: str, *, path: str = "-e") -> str:
    """Return the query with the known prefixes that it uses and does not declare.

    They go before the first character of the first line, so that every line keeps
    its number.

    >>> add_prefixes("SELECT ?s { ?s a kz:State }")
    'PREFIX kz: <https://w3id.org/kzgraph/ontology#> SELECT ?s { ?s a kz:State }'
    """
    return prefix_line(check_query(text, path=path, allow_service=True, allow_from=True)) + (
        text.removeprefix("\ufeff")
    )


def prefix_line(facts: QueryFacts) -> str:
    """Return the declarations that a query lacks, as one line with a blank at its end."""
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in facts.missing)


def unknown_terms(facts: QueryFacts, known: Collection[str]) -> list[UnknownTerm]:
    """Return the terms of our own namespaces that are not among the known IRIs."""
    found = []
    for use in facts.terms:
        space = next((s for s in _OWN if use.iri.startswith(s)), None)
        if space is None or use.iri == space or use.iri in known:
            continue
        prefix = use.text.partition(":")[0]
        same = {f"{prefix}:{iri[len(space) :]}" for iri in known if iri.startswith(space)}
        close = nearest(use.text, same)
        found.append(
            UnknownTerm(use.text, use.iri, use.line, use.column, close[0] if close else "")
        )
    return found


def explain_syntax_error(text: str, path: str, error: SyntaxError) -> SourceSyntaxError:
    """Return the engine's complaint as an error that quotes the line and says more.

    ``text`` is the query as its author wrote it, without added prefixes.
    """
    from kzgraph.queries.complaints import explain

    return explain(text, path, str(error))


def _judged(text: str, *, path: str, allow_service: bool, allow_from: bool) -> list[Token]:
    """Return the tokens, each one admitted."""
    tokens: list[Token] = []
    pieces = 0
    for token in scan(text, path=path):
        if not allow_service and _calls_service(token):
            raise _service(text, token, path)
        if token.word in UPDATES:
            raise QueryRefusedError(
                f"{_place(text, token, path)}: {token.word} changes data; kzgraph only reads, "
                "so updates do not run",
                hint="the data are the Turtle files; edit them and the next command sees it",
            )
        if token.word == "FROM" and not allow_from:
            raise QueryRefusedError(
                f"{_place(text, token, path)}: FROM is not read; everything lies in one default "
                "graph, and nothing is fetched",
                hint="leave the FROM line out",
            )
        if len(tokens) > 1 and tokens[-2].word == "PREFIX" and token.kind != "iri":
            hint = f"PREFIX {tokens[-1].text} <...>"
            raise syntax_error(
                "a prefix stands for an IRI in < and >", text, token.start, path=path, hint=hint
            )
        if token.kind != "name" and tokens and tokens[-1].word == "PREFIX":
            hint = f"PREFIX {token.text}: <...>" if token.kind == "word" else "PREFIX kz: <...>"
            raise syntax_error("a prefix ends in a colon", text, token.start, path=path, hint=hint)
        if token.kind == "word" and token.text != "a" and token.word not in WORDS:
            raise _unknown_word(text, token, path)
        if token.depth >= MAX_DEPTH and token.kind == "open":
            raise QueryRefusedError(
                f"{_place(text, token, path)}: the query nests deeper than {MAX_DEPTH} brackets"
            )
        pieces += _weight(token, tokens[-1] if tokens else None)
        if pieces > MAX_PIECES:
            raise QueryRefusedError(
                f"{_place(text, token, path)}: the query has more than {MAX_PIECES} patterns, "
                "conditions and operators",
                hint="a list of values belongs in VALUES or IN (...), which may be long",
            )
        tokens.append(token)
    return tokens


def _calls_service(token: Token) -> bool:
    if token.kind == "name":
        return "service" in token.text.partition(":")[0].lower()
    return token.kind == "word" and "SERVICE" in token.word


def _service(text: str, token: Token, path: str) -> QueryRefusedError:
    return QueryRefusedError(
        f"{_place(text, token, path)}: SERVICE would ask another server; queries here stay offline",
        hint="a prefix with these letters is refused too; rename it" if ":" in token.text else "",
    )


def _look_for_service_otherwise(text: str, path: str) -> None:
    """Refuse a text that calls SERVICE when ``<`` is read in another way."""
    for less in ("iri", "operator"):
        try:
            for token in scan(text, path=path, less=less):
                if _calls_service(token):
                    raise _service(text, token, path)
        except SourceSyntaxError:
            continue


def _weight(token: Token, last: Token | None) -> int:
    """Return how many steps of the engine's recursion a token may cost."""
    if token.frame in ("data", "variables"):
        return 0
    if token.kind == "open":
        return 1
    if token.kind == "mark":
        # the commas of IN (...) and of calls are a flat list
        return 0 if token.text in (",", "^^") and token.frame == "expression" else 1
    if token.kind == "word":
        return 1 if token.word in _COUNTED_WORDS else 0
    if last is not None and token.kind in _VALUES_OF_PATTERNS and token.kind != "close":
        beside = last.kind in _VALUES_OF_PATTERNS
        if beside and token.frame in ("pattern", "expression"):
            return 2  # a member of a list is two triples
        if beside and token.frame == "top":
            return 1
    return 0


def _place(text: str, token: Token, path: str) -> str:
    line, column = position(text, token.start)
    return f"{path}:{line}:{column}"


def _unknown_word(text: str, token: Token, path: str) -> SourceSyntaxError:
    close = nearest_word(token.text[:80])
    hint = (
        f"did you mean {' or '.join(close)}?" if close else "a name needs a prefix, as in kz:name"
    )
    return syntax_error(
        f"{clipped(token.text)} is no word of SPARQL", text, token.start, path=path, hint=hint
    )


def _kind(tokens: list[Token], text: str, path: str) -> str:
    """Return the query's form; there must be one."""
    for token in tokens:
        if token.word in FORMS:
            return token.word
        if token.kind == "open":
            break
    start = tokens[0].start if tokens else 0
    raise syntax_error(
        "this is no query" if tokens else "there is no query here",
        text,
        start,
        path=path,
        hint="a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE",
    )


def _declared(tokens: list[Token], text: str) -> dict[str, str]:
    """Return the prefixes that the query declares."""
    found = {}
    for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if word.word == "PREFIX" and name.kind == "name" and iri.kind == "iri":
            found[name.text.removesuffix(":")] = iri.text[1:-1]
    return found


def _uses(
    tokens: list[Token], text: str, declared: dict[str, str], path: str
) -> tuple[tuple[TermUse, ...], tuple[str, ...]]:
    """Return the prefixed names and the known prefixes among them that are not declared."""
    uses = []
    missing = set()
    places = Places(text)
    for last, token in zip([None, *tokens], tokens, strict=False):
        if token.kind != "name" or (last is not None and last.word == "PREFIX"):
            continue
        prefix, _, local = token.text.partition(":")
        space = declared.get(prefix)
        if space is None:
            space = PREFIXES.get(prefix)
            if space is None:
                raise _unknown_prefix(text, token, prefix, declared, path)
            missing.add(prefix)
        line, column = places.of(token.start)
        iri = space + _unescaped(local)
        uses.append(TermUse(token.text, iri, token.start, line, column))
    return tuple(uses), tuple(sorted(missing))


def _unescaped(local: str) -> str:
    r"""Return a local name without the backslashes of its escapes.

    >>> _unescaped(r"a\,b")
    'a,b'
    """
    return local.replace("\\", "")


def _unknown_prefix(
    text: str, token: Token, prefix: str, declared: Iterable[str], path: str
) -> SourceSyntaxError:
    close = nearest(prefix[:80], {*PREFIXES, *declared}) if prefix else []
    hint = f"did you mean {close[0]}:?" if close else f"known: {', '.join(sorted(PREFIXES))}"
    return syntax_error(
        f"the prefix {clipped(prefix)}: is not declared", text, token.start, path=path, hint=hint
    )


def _projection(tokens: list[Token]) -> tuple[str, ...]:
    """Return the variables of the outer SELECT, in order."""
    names = []
    inside = False
    last = ""
    for token in tokens:
        if token.word == "SELECT":
            inside = True
        elif inside and (token.word in ("WHERE", "FROM") or token.text == "{"):
            break
        elif (
            inside
            and token.kind == "var"
            and (token.depth == 0 or (token.depth == 1 and last == "AS"))
        ):
            names.append(token.text[1:])
        last = token.word
    return tuple(names)
