"""A place among the tokens of a Turtle text, and what to say when the text is wrong there.

The hints name the mistakes that people make: a full stop or a semicolon
forgotten, a prefix misspelt, a bracket left open.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from kzgraph.errors import SourceSyntaxError
from kzgraph.namespaces import PREFIXES
from kzgraph.rdf.tokens import Source, Token

TERM_KINDS: Final = frozenset(
    ("IRI", "NAME", "LABEL", "STRING", "LONG", "INTEGER", "DECIMAL", "DOUBLE", "WORD")
)


class Cursor:
    """A place among tokens, with what was read before it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = source.tokens()
        self.prefixes: dict[str, str] = {}
        self.at = 0  # the number of the next token that is no comment
        self.before = -1  # the number of the one before it
        self.depth = 0  # of brackets
        self.verb = 0  # the number of the predicate read last
        self._skip_comments()

    def _skip_comments(self) -> None:
        while self.tokens[self.at].kind == "COMMENT":
            self.at += 1

    def peek(self) -> Token:
        """Return the next token. Raises SourceSyntaxError where no token starts."""
        token = self.tokens[self.at]
        if token.kind == "BAD":
            raise self.source.bad_token_error(token)
        return token

    def next(self) -> Token:
        """Return the next token and go past it."""
        token = self.peek()
        self.before = self.at
        if token.kind != "END":
            self.at += 1
            self._skip_comments()
        return token

    def stands(self, mark: str) -> bool:
        """Return whether a mark such as ``;`` comes next."""
        token = self.tokens[self.at]
        return token.kind == "PUNCTUATION" and token.text == mark

    def error(self, message: str, token: Token, hint: str = "") -> SourceSyntaxError:
        """Return an error that points at a token."""
        return self.source.error(message, token.start, hint=hint)

    def error_after(self, message: str, hint: str = "") -> SourceSyntaxError:
        """Return an error that points behind the token read last."""
        token = self.tokens[self.before]
        return self.source.error(message, token.end, hint=hint)

    @staticmethod
    def shown(token: Token) -> str:
        """Return a token as a message names it."""
        if token.kind == "END":
            return "the end of the file"
        text = token.text if len(token.text) <= 40 else token.text[:37] + "..."
        return repr(text) if "\n" in text else text

    def hint_at_subject(self) -> str:
        """Return a hint for text after a full stop that goes on like the same subject."""
        previous = [t for t in self.tokens[: self.at] if t.kind != "COMMENT"][-2:]
        if any(token.text == "." for token in previous):
            return "if the subject before goes on, end the fact before with ; and not with ."
        return ""

    def at_error(self, token: Token) -> SourceSyntaxError:
        """Return the error for ``@`` and a word where a statement should start."""
        near = get_close_matches(token.text.lower(), ("@prefix", "@base"), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "@prefix and @base start a line"
        return self.error(f"{token.text} cannot start a statement", token, hint)

    def unclosed_error(self, opening: Token, mark: str) -> SourceSyntaxError:
        """Return the error for a bracket that is open where something else comes."""
        token = self.peek()
        line = self.source.line(opening.start)
        if mark == "]" and self._goes_on_like_a_fact():
            return self.error_after("a ; is missing here", "facts of one subject are joined by ;")
        return self.error(
            f"{opening.text} of line {line} is not closed before {self.shown(token)}",
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
        return following.kind in TERM_KINDS or following.text in ("[", "(")

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
            hint=f"end the subject with ' .' before {self.shown(verb)}",
        )

    def unfinished_error(self) -> SourceSyntaxError:
        """Return the error for a fact that is followed by neither ``;``, ``,`` nor ``.``"""
        token = self.peek()
        forgotten = self._forgotten_stop_error() if token.kind in TERM_KINDS else None
        if forgotten is not None:
            return forgotten
        last = self.tokens[self.before]
        if token.kind == "END":
            return self.error_after("the file ends inside a statement", "end the subject with ' .'")
        if token.text in ("]", ")"):
            return self.error(f"{token.text} closes nothing that is open", token)
        if token.text == "^^":
            return self.error("a datatype follows directly on its string", token)
        if token.kind == "AT" and token.text in ("@prefix", "@base"):
            return self.error_after("a full stop is missing here", "end the subject with ' .'")
        if token.kind == "AT":
            hint = "a string has a language or a datatype, not both, and only strings have them"
            return self.error(f"{token.text} cannot stand here", token, hint)
        if last.end == token.start and last.kind == token.kind == "INTEGER":
            hint = 'write a date in quotes, such as "2023-02-28"^^xsd:date'
            return self.error(f"a number ends before {token.text}", token, hint)
        same_line = self.source.line(last.end) == self.source.line(token.start)
        if same_line and last.kind == "STRING" and token.kind in ("WORD", "STRING"):
            hint = 'write \\" for a quotation mark inside a string'
            return self.error(f"the string ends before {self.shown(token)}", token, hint)
        if self.source.column(token.start) == 1 and token.kind in ("NAME", "IRI", "LABEL"):
            return self.error_after(
                "a full stop is missing here",
                f"end the subject with ' .' before {self.shown(token)}",
            )
        if self._goes_on_like_a_fact():
            return self.error_after("a ; is missing here", "facts of one subject are joined by ;")
        if token.kind in TERM_KINDS or token.text in ("[", "("):
            return self.error_after(
                "a mark is missing here",
                "a comma joins values, ; joins facts, a full stop ends the subject",
            )
        return self.error(f"{self.shown(token)} cannot stand here", token)

    def predicate_error(self) -> SourceSyntaxError:
        """Return the error for something other than a predicate where one has to stand."""
        token = self.peek()
        last = self.tokens[self.before]
        hint = ""
        if token.kind == "END":
            return self.error_after("the file ends inside a statement", "end the subject with ' .'")
        if token.kind == "WORD":
            return self.word_error(token)
        if token.text == ".":
            hint = "a subject needs at least one predicate with a value"
        elif token.text == ",":
            hint = "what holds for several subjects is written for each"
        elif last.text == ";" and token.kind in TERM_KINDS:
            hint = "values of one predicate are joined by a comma; or repeat the predicate"
        elif self.source.column(last.start) > 1:
            hint = self.hint_at_subject()
        return self.error(
            f"a predicate should stand here; there is {self.shown(token)}", token, hint
        )

    def word_error(self, token: Token) -> SourceSyntaxError:
        """Return the error for a bare word, which is no term."""
        word = token.text
        forgotten = self._forgotten_stop_error() if word == "a" else None
        if forgotten is not None:
            return forgotten
        known = {**PREFIXES, **self.prefixes}
        hint = "write a name as prefix:name, an IRI in <...>, a text in quotation marks"
        if word.lower() in ("true", "false"):
            hint = f"write {word.lower()}"
        elif word == "a":
            hint = "'a' stands for rdf:type only as a predicate"
        elif word.upper() in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "INSERT", "DELETE"):
            hint = "this looks like SPARQL, and Turtle is read here"
        elif word in known:
            hint = f"did you mean {word}:...?"
        return self.error(f"{word} is no term", token, hint)

    def prefix_error(self, prefix: str, token: Token) -> SourceSyntaxError:
        """Return the error for a prefix that was not declared before its use."""
        if prefix in PREFIXES:
            hint = f"add the line @prefix {prefix}: <{PREFIXES[prefix]}> ."
        else:
            known = list(dict.fromkeys((*self.prefixes, *PREFIXES)))
            near = get_close_matches(prefix, known, n=3, cutoff=0.5)
            if near:
                hint = "did you mean " + " or ".join(f"{name}:" for name in near) + "?"
            else:
                hint = f"declare it: @prefix {prefix}: <...> ."
        return self.error(f"the prefix {prefix}: is not declared", token, hint)
