"""Where a query leaves the grammar of SPARQL, and what belongs there.

The engine decides whether a query is one; it says only that it gave up, often
far behind the place. This reads the tokens once more, left to right, and stops at
the first that cannot go on. It is asked only after the engine has refused.
"""

from __future__ import annotations

from collections.abc import Callable

from kzgraph.queries.tokens import Token, clipped
from kzgraph.queries.words import AGGREGATES

_PATTERNS = frozenset(
    {"OPTIONAL", "MINUS", "GRAPH", "SERVICE", "FILTER", "BIND", "VALUES", "LATERAL"}
)
# name -> least and most arguments; None: any number
_ARITY: dict[str, tuple[int, int | None]] = {
    "BNODE": (0, 1),
    "COALESCE": (1, None),
    "CONCAT": (0, None),
    "IF": (3, 3),
    "NOW": (0, 0),
    "RAND": (0, 0),
    "REGEX": (2, 3),
    "REPLACE": (3, 4),
    "STRLANGDIR": (3, 3),
    "STRUUID": (0, 0),
    "SUBSTR": (2, 3),
    "TRIPLE": (3, 3),
    "UUID": (0, 0),
}
_TWO = "ADJUST CONTAINS LANGMATCHES SAMETERM STRAFTER STRBEFORE STRDT STRENDS STRLANG STRSTARTS"
_ONE = (
    "STR LANG LANGDIR DATATYPE BOUND IRI URI ABS CEIL FLOOR ROUND STRLEN UCASE LCASE "
    "ENCODE_FOR_URI YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ MD5 SHA1 SHA256 SHA384 SHA512 "
    "ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC HASLANG HASLANGDIR SUBJECT PREDICATE OBJECT ISTRIPLE"
)
_ARITY.update(dict.fromkeys(_TWO.split(), (2, 2)))
_ARITY.update(dict.fromkeys(_ONE.split(), (1, 1)))
_COMPARES = frozenset({"=", "!=", "<", ">", "<=", ">="})
_TERMS = frozenset({"iri", "name"})


class Departure(Exception):  # noqa: N818 - it ends a reading; no caller sees it as an error
    """The token at which the grammar is left; ``index`` may lie behind the last one."""

    def __init__(self, index: int, message: str, hint: str = "") -> None:
        self.index = index
        self.message = message
        self.hint = hint
        super().__init__(message)


def departure(tokens: list[Token]) -> Departure | None:
    """Return where the tokens leave the grammar, None when they do not."""
    try:
        _Grammar(tokens).query()
    except Departure as found:
        return found
    return None


class _Grammar:
    """Reads tokens by the productions of SPARQL 1.1, triple terms included."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    # the token at hand

    @property
    def text(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    @property
    def kind(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    @property
    def word(self) -> str:
        return self.tokens[self.at].word if self.at < len(self.tokens) else ""

    def fail(self, expected: str, hint: str = "") -> Departure:
        if self.at >= len(self.tokens):
            return Departure(self.at, f"the query ends where {expected} is expected", hint)
        return Departure(self.at, f"{expected} is expected here, not {clipped(self.text)}", hint)

    def take(self, text: str, *, hint: str = "") -> None:
        """Go past a token that must be this one."""
        if not self.has(text):
            raise self.fail(text, hint)

    def has(self, *texts: str) -> bool:
        """Go past a token if it is one of these, words in any case; say whether it was."""
        if self.at < len(self.tokens) and (self.text in texts or self.word in texts):
            self.at += 1
            return True
        return False

    def kinds(self, *kinds: str) -> bool:
        if self.kind in kinds:
            self.at += 1
            return True
        return False

    def variable(self, what: str = "a variable") -> None:
        if not self.kinds("var"):
            raise self.fail(what)

    # the query

    def query(self) -> None:
        while True:
            if self.has("PREFIX"):
                if not (self.kind == "name" and self.text.endswith(":")):
                    raise self.fail("a prefix with its colon", "PREFIX kz: <...>")
                self.at += 1
                self.address()
            elif self.has("BASE"):
                self.address()
            elif not self.has("VERSION"):
                break
            elif not self.kinds("string"):
                raise self.fail("a version in quotes")
        if self.has("SELECT"):
            self.select()
        elif self.has("ASK"):
            self.where()
        elif self.has("CONSTRUCT"):
            if self.text == "{":
                self.template()
            self.where()
        elif self.has("DESCRIBE"):
            self.describe()
        else:
            raise self.fail("SELECT, ASK, CONSTRUCT or DESCRIBE")
        self.modifiers()
        if self.has("VALUES"):
            self.data()
        if self.at < len(self.tokens):
            raise self.leftover()

    def leftover(self) -> Departure:
        """Return what is wrong with a token behind the end of the query."""
        if self.word in _PATTERNS or self.kind in ("var", "iri", "name"):
            return self.fail("the end of the query", "patterns belong inside the braces of WHERE")
        order = "GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET come in this order"
        if self.word in ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"):
            return self.fail("the end of the query", order)
        return self.fail("the end of the query")

    def address(self) -> None:
        if not self.kinds("iri"):
            raise self.fail("an IRI in < and >")

    def select(self) -> None:
        self.has("DISTINCT", "REDUCED")
        if not self.has("*"):
            if self.kind != "var" and self.text != "(":
                hint = ""
                if self.word in AGGREGATES or self.word in _ARITY:
                    hint = f"a computed column needs brackets and a name: ({self.word}(...) AS ?n)"
                raise self.fail("a column, as in ?state", hint)
            while self.kind == "var" or self.text == "(":
                if not self.kinds("var"):
                    self.named()
            if self.text == ",":
                raise self.fail("the next column", "blanks stand between columns, no commas")
            if self.word in AGGREGATES:
                hint = f"a computed column needs brackets and a name: ({self.word}(...) AS ?n)"
                raise self.fail("a column or {", hint)
        self.where()

    def named(self) -> None:
        """Read (expression AS ?name)."""
        self.take("(")
        self.expression()
        self.take("AS", hint="a computed column needs a name: (... AS ?n)")
        self.variable("the name of the column")
        self.take(")")

    def describe(self) -> None:
        if not self.has("*"):
            if not self.kinds("var", "iri", "name"):
                raise self.fail("what to describe")
            while self.kinds("var", "iri", "name"):
                pass
        if self.text == "{" or self.word in ("WHERE", "FROM"):
            self.where()

    def where(self) -> None:
        while self.has("FROM"):
            self.has("NAMED")
            if not self.kinds("iri", "name"):
                raise self.fail("the IRI of a graph")
        self.has("WHERE")
        self.group("{ with the patterns")

    def modifiers(self) -> None:
        if self.has("GROUP"):
            self.take("BY")
            self.several(self.group_condition, "what to group by")
        if self.has("HAVING"):
            self.several(self.constraint_if, "a condition in brackets")
        if self.has("ORDER"):
            self.take("BY")
            self.several(self.order_condition, "what to order by")
        for _ in range(2):
            if self.has("LIMIT", "OFFSET") and not self.kinds("number"):
                raise self.fail("a whole number")

    def several(self, one: Callable[[], bool], what: str) -> None:
        if not one():
            raise self.fail(what)
        while one():
            pass
        if self.text == ",":
            raise self.fail("the next one", "blanks stand between them, no commas")

    def group_condition(self) -> bool:
        if self.kinds("var"):
            return True
        if self.has("("):
            self.expression()
            if self.has("AS"):
                self.variable()
            self.take(")")
            return True
        return self.call_if()

    def order_condition(self) -> bool:
        if self.kinds("var"):
            return True
        if self.has("ASC", "DESC"):
            self.take("(", hint="as in DESC(?date)")
            self.expression()
            self.take(")")
            return True
        return self.constraint_if()

    # patterns

    def group(self, what: str = "{") -> None:
        if not self.has("{"):
            raise self.fail(what)
        if self.has("SELECT"):
            self.select()
            self.modifiers()
            if self.has("VALUES"):
                self.data()
        else:
            self.patterns()
        if not self.has("}"):
            raise self.fail(*self.after_pattern())

    def after_pattern(self) -> tuple[str, str]:
        """Return what is expected where a pattern neither goes on nor ends."""
        before = self.tokens[self.at - 1] if self.at else None
        if before is not None and before.kind in ("iri", "name", "var", "string", "number"):
            return "a . or ; or }", "a full stop stands between patterns"
        return "a pattern or }", ""

    def patterns(self) -> None:
        while self.at < len(self.tokens) and self.text != "}":
            if self.word in _PATTERNS or self.text == "{":
                self.pattern()
                self.has(".")
                continue
            if not self.subject_if():
                return
            self.properties(required=self.tokens[self.at - 1].text not in ("]", ">>"))
            if not self.has(".") and self.word not in _PATTERNS and self.text not in ("{", "}"):
                raise self.fail(*self.after_pattern())

    def pattern(self) -> None:
        if self.text == "{":
            self.group()
            while self.has("UNION"):
                self.group("{ after UNION")
        elif self.has("OPTIONAL", "MINUS", "LATERAL"):
            self.group("{ with patterns")
        elif self.has("GRAPH", "SERVICE"):
            self.has("SILENT")
            if not self.kinds("var", "iri", "name"):
                raise self.fail("an IRI or a variable")
            self.group("{ with patterns")
        elif self.has("FILTER"):
            if not self.constraint_if():
                raise self.fail("a condition in brackets", "FILTER (?a != ?b)")
        elif self.has("BIND"):
            self.take("(")
            self.expression()
            self.take("AS", hint="BIND (... AS ?name)")
            self.variable()
            self.take(")")
        else:
            self.at += 1
            self.data()

    def data(self) -> None:
        """Read what follows VALUES."""
        if self.kinds("var"):
            self.take("{")
            while self.value_if():
                pass
        else:
            self.take("(", hint="VALUES ?name { ... }")
            while self.kinds("var"):
                pass
            self.take(")")
            self.take("{")
            while self.has("("):
                while self.value_if():
                    pass
                self.take(")", hint="values are IRIs and literals, with blanks between them")
        self.take("}", hint="values are IRIs and literals, with blanks between them")

    def value_if(self) -> bool:
        return self.has("UNDEF") or self.kinds("iri", "name") or self.literal_if()

    def template(self) -> None:
        self.take("{")
        while self.at < len(self.tokens) and self.text != "}":
            if not self.subject_if():
                raise self.fail("a pattern or }")
            self.properties(required=self.tokens[self.at - 1].text not in ("]", ">>"))
            if not self.has("."):
                break
        self.take("}")

    def subject_if(self) -> bool:
        return self.node_if()

    def node_if(self) -> bool:
        """Read a term, a collection, a blank node or a triple term."""
        if self.kinds("var", "iri", "name", "bnode") or self.literal_if():
            return True
        if self.has("["):
            self.properties(required=False)
            self.take("]")
            return True
        if self.has("("):
            while self.node_if():
                pass
            self.take(")")
            return True
        if self.has("<<"):
            inner = self.has("(")
            for what in ("a subject", "a predicate", "an object"):
                if not (self.has("a") if what == "a predicate" else False) and not self.node_if():
                    raise self.fail(what)
            if self.has("~"):
                self.kinds("var", "iri", "name", "bnode")
            if inner:
                self.take(")")
            self.take(">>")
            return True
        return False

    def properties(self, *, required: bool) -> None:
        """Read predicates with their objects."""
        three = "a pattern has three parts: subject, predicate, object"
        if not self.verb_if():
            if required:
                raise self.fail("a predicate", three)
            return
        while True:
            while True:
                if not self.node_if():
                    raise self.fail("an object", three)
                self.annotations()
                if not self.has(","):
                    break
            while self.has(";"):
                if self.text == ";":
                    continue
                if self.verb_if():
                    break
            else:
                return
            if self.tokens[self.at - 1].text == ";":
                return

    def annotations(self) -> None:
        while True:
            if self.has("~"):
                self.kinds("var", "iri", "name", "bnode")
            elif self.has("{|"):
                self.properties(required=True)
                self.take("|}")
            else:
                return

    def verb_if(self) -> bool:
        return self.kinds("var") or self.path_if()

    def path_if(self) -> bool:
        """Read a path of predicates."""
        start = self.at
        if not self.step_if():
            if self.at != start:
                raise self.fail("a predicate")
            return False
        while self.has("/", "|"):
            if not self.step_if():
                raise self.fail("a predicate")
        return True

    def step_if(self) -> bool:
        self.has("^")
        if self.has("!"):
            if self.has("("):
                while self.has("^", "|") or self.kinds("iri", "name") or self.has("a"):
                    pass
                self.take(")")
            else:
                self.has("^")
                if not (self.kinds("iri", "name") or self.has("a")):
                    raise self.fail("a predicate")
        elif self.has("("):
            if not self.path_if():
                raise self.fail("a predicate")
            self.take(")")
        elif not (self.kinds("iri", "name") or (self.text == "a" and self.has("a"))):
            return False
        self.has("?", "*", "+")
        return True

    # expressions

    def constraint_if(self) -> bool:
        if self.has("("):
            self.expression()
            self.take(")", hint="a bracket closes the condition")
            return True
        return self.call_if()

    def call_if(self) -> bool:
        """Read a call of a function."""
        if self.kind in _TERMS:
            self.at += 1
            self.arguments("the function", (0, None))
            return True
        return self.builtin_if()

    def expression(self) -> None:
        while True:
            self.comparison()
            if not self.has("||", "&&"):
                return

    def comparison(self) -> None:
        self.sum()
        if self.text in _COMPARES and self.kind == "mark":
            double = self.text == "="
            self.at += 1
            if double and self.text == "=":
                raise self.fail("a value", "equality is written with one =")
            self.sum()
        elif self.word in ("IN", "NOT"):
            self.has("NOT")
            self.take("IN")
            self.arguments("IN", (0, None))

    def sum(self) -> None:
        self.unary()
        while self.has("+", "-", "*", "/"):
            self.unary()

    def unary(self) -> None:
        while self.has("!", "+", "-"):
            pass
        self.primary()

    def primary(self) -> None:
        if self.has("("):
            self.expression()
            self.take(")")
        elif self.kinds("var") or self.literal_if():
            return
        elif self.kind in _TERMS:
            self.at += 1
            if self.text == "(":
                self.arguments("the function", (0, None))
        elif self.text == "<<":
            self.node_if()
        elif not self.builtin_if():
            raise self.fail("a value, a variable or a function")

    def literal_if(self) -> bool:
        if self.kinds("string"):
            if self.has("^^"):
                if not self.kinds("iri", "name"):
                    raise self.fail("the datatype")
            else:
                self.kinds("lang")
            return True
        if self.text in ("+", "-") and self.at + 1 < len(self.tokens):
            if self.tokens[self.at + 1].kind != "number":
                return False
            self.at += 2
            return True
        if self.word in ("TRUE", "FALSE") and not self.text.islower():
            raise self.fail(self.text.lower(), "true and false are written small")
        return self.kinds("number") or self.has("true", "false")

    def builtin_if(self) -> bool:
        if self.has("EXISTS"):
            self.group("{ with patterns")
            return True
        if self.word == "NOT":
            self.at += 1
            self.take("EXISTS")
            self.group("{ with patterns")
            return True
        name = self.word
        if name in AGGREGATES:
            self.at += 1
            self.aggregate(name)
            return True
        if name in _ARITY:
            self.at += 1
            self.arguments(name, _ARITY[name])
            return True
        return False

    def aggregate(self, name: str) -> None:
        self.take("(")
        self.has("DISTINCT")
        if not (name == "COUNT" and self.has("*")):
            self.expression()
        if name == "GROUP_CONCAT" and self.has(";"):
            self.take("SEPARATOR")
            self.take("=")
            if not self.kinds("string"):
                raise self.fail("a text")
        self.take(")")

    def arguments(self, name: str, allowed: tuple[int, int | None]) -> None:
        start = self.at - 1
        self.take("(", hint=f"the arguments of {name} stand in brackets")
        count = 0
        self.has("DISTINCT")
        if not self.has(")"):
            while True:
                self.expression()
                count += 1
                if not self.has(","):
                    break
            self.take(")")
        least, most = allowed
        if count < least or (most is not None and count > most):
            takes = str(least) if most == least else f"{least} or more"
            if most is not None and most != least:
                takes = f"{least} to {most}"
            plural = "" if takes == "1" else "s"
            raise Departure(start, f"{name} takes {takes} argument{plural}, not {count}")
