"""Turtle text as tokens that know where they stand.

The grammar is that of Turtle 1.1. Comments are tokens too, because the
canonical form keeps them. Text that starts no token becomes one ``BAD`` token
with the reason, so that a reader which goes from left to right always reports
the first mistake of a file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, NamedTuple

from kzgraph.errors import SourceSyntaxError

_BASE_CHARS: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_CHARS: Final = _BASE_CHARS + "_\\-0-9\u00b7\u0300-\u036f\u203f-\u2040"
_ESCAPED_CHAR: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_PREFIX: Final = rf"(?:[{_BASE_CHARS}](?:[{_NAME_CHARS}.]*[{_NAME_CHARS}])?)?"
_LOCAL: Final = (
    rf"(?:(?:[{_BASE_CHARS}_:0-9]|{_ESCAPED_CHAR})"
    rf"(?:(?:[{_NAME_CHARS}.:]|{_ESCAPED_CHAR})*(?:[{_NAME_CHARS}:]|{_ESCAPED_CHAR}))?)?"
)

_TOKEN: Final = re.compile(
    rf"""
    (?P<SPACE>[\ \t\r\n]+)
  | (?P<COMMENT>\#[^\r\n]*)
  | (?P<IRI><(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
  | (?P<LONG>\"\"\"(?:[^"\\]++|\\[\s\S]|"(?!""))*+\"\"\"|'''(?:[^'\\]++|\\[\s\S]|'(?!''))*+''')
  | (?P<STRING>"(?!"")(?:[^"\\\r\n]++|\\[^\r\n])*+"
      |'(?!'')(?:[^'\\\r\n]++|\\[^\r\n])*+')
  | (?P<AT>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<LABEL>_:[{_BASE_CHARS}_0-9](?:[{_NAME_CHARS}.]*[{_NAME_CHARS}])?)
  | (?P<NAME>{_PREFIX}:{_LOCAL})
  | (?P<DOUBLE>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+)
  | (?P<DECIMAL>[+-]?[0-9]*\.[0-9]+)
  | (?P<INTEGER>[+-]?[0-9]+)
  | (?P<WORD>[{_BASE_CHARS}](?:[{_NAME_CHARS}]*))
  | (?P<PUNCTUATION>\^\^|[\[\]();,.])
  | (?P<BAD>[\s\S])
    """,
    re.VERBOSE,
)
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


# characters of a source line that a message shows
LONGEST_SHOWN: Final = 160


class Token(NamedTuple):
    """A piece of a text: its kind, itself, and where it starts and ends."""

    kind: str
    text: str
    start: int
    end: int


class Source:
    """A text under its file name, with its lines and its tokens."""

    def __init__(self, text: str, *, path: str) -> None:
        self.text = text
        self.path = path
        self._line_starts = [0, *(m.end() for m in _LINE_END.finditer(text))]

    def line(self, offset: int) -> int:
        """Return the line of a place in the text; the first line is 1."""
        return bisect_right(self._line_starts, offset)

    def column(self, offset: int) -> int:
        """Return the column of a place in the text, in characters; the first column is 1."""
        return offset - self._line_starts[self.line(offset) - 1] + 1

    def line_text(self, line: int) -> str:
        """Return a line without its line end."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def error(self, message: str, offset: int, *, hint: str = "") -> SourceSyntaxError:
        """Return the error that says what is wrong at a place in the text."""
        line, column = self.line(offset), self.column(offset)
        shown = self.line_text(line)
        if len(shown) > LONGEST_SHOWN:
            # a line that fills the screen shows nothing; far out the column must do
            shown = shown[:LONGEST_SHOWN] + "..." if column <= LONGEST_SHOWN else ""
        return SourceSyntaxError(
            message, path=self.path, line=line, column=column, source_line=shown, hint=hint
        )

    def tokens(self) -> list[Token]:
        """Return the tokens up to the end or to the first text that starts none.

        The last token is of the kind ``END`` or ``BAD``; space between tokens is left out.
        """
        found: list[Token] = []
        if self.text.startswith("\ufeff"):  # which could begin a name
            return [Token("BAD", "\ufeff", 0, 1)]
        for match in _TOKEN.finditer(self.text):
            kind = match.lastgroup or "BAD"
            if kind == "SPACE":
                continue
            found.append(Token(kind, match.group(), match.start(), match.end()))
            if kind == "BAD":
                return found
        found.append(Token("END", "", len(self.text), len(self.text)))
        return found

    def bad_token_error(self, token: Token) -> SourceSyntaxError:
        """Return the error that explains why no token starts here."""
        start = token.start
        rest = self.text[start:]
        character = token.text
        line_rest = rest.split("\n", 1)[0].rstrip("\r")
        if rest.startswith(('"""', "'''")):
            return self.error(
                "this long string is never closed",
                start,
                hint=f"close it with {rest[:3]}",
            )
        if character in "\"'":
            return self.error(
                "this string is not closed on its line",
                start,
                hint=f"close it with {character}, or write {character * 3} around several lines",
            )
        if character == "<":
            return self._bad_iri_error(start, line_rest)
        if character == "@":
            return self.error("after @ comes a language such as @en, or prefix or base", start)
        if rest.startswith("_:"):
            return self.error("a blank node needs a label after _:", start)
        if character == "\ufeff":
            return self.error(
                "the file starts with a byte order mark (U+FEFF)"
                if start == 0
                else "there is a byte order mark (U+FEFF) in the text",
                start,
                hint="save the file as UTF-8 without BOM",
            )
        if character == "^":
            return self.error("a datatype is written after ^^", start)
        if character in "{}|":
            return self.error(
                f"{character!r} belongs to SPARQL, TriG or RDF 1.2, not to Turtle 1.1", start
            )
        if character in "“”„«»‘’":
            return self.error(
                f"{character} is a typographic quotation mark", start, hint='strings stand in "..."'
            )
        name = character if character.isprintable() and character != " " else ""
        shown = f"{name} (U+{ord(character):04X})" if name else f"U+{ord(character):04X}"
        before = self.text[start - 1 : start]
        in_name = start > 0 and not before.isspace() and character in "/&?=*+$!~%\\"
        hint = "write the whole IRI in <...> if this belongs to the name" if in_name else ""
        return self.error(f"the character {shown} cannot stand here", start, hint=hint)

    def _bad_iri_error(self, start: int, line_rest: str) -> SourceSyntaxError:
        """Return the error for a ``<`` that starts no IRI."""
        if line_rest.startswith(("<?xml", "<!")):
            return self.error("this is XML or HTML, and Turtle is read here", start)
        if line_rest.startswith("<<"):
            return self.error("triple terms (RDF 1.2) are not used in kzgraph's files", start)
        close = line_rest.find(">")
        for at, character in enumerate(line_rest[1 : close if close > 0 else None], start + 1):
            if character == "\\":
                return self.error("in an IRI only \\uXXXX and \\UXXXXXXXX are escapes", at)
            if character <= " " or character in '<"{}|^`':
                hint = "close the IRI with >" if close < 0 else "write it percent-encoded"
                shown = "a space" if character == " " else repr(character)
                return self.error(f"an IRI cannot hold {shown}", at, hint=hint)
        return self.error("this IRI is not closed", start, hint="close it with >")


_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[\s\S])")
_SIMPLE_ESCAPES: Final = {
    "t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\",
}  # fmt: skip


def unescape(source: Source, raw: str, start: int, *, iri: bool = False) -> str:
    """Return the characters that a string or an IRI stands for.

    ``start`` is the place of ``raw`` in the source, for the message about a
    wrong escape.
    """
    if "\\" not in raw:
        return raw

    def replace(match: re.Match[str]) -> str:
        code = match.group(1)
        if code[0] in "uU" and len(code) > 1:
            number = int(code[1:], 16)
            if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
                raise source.error(f"\\{code} is not a character of Unicode", start + match.start())
            return chr(number)
        if not iri and code in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[code]
        shown = code if code.isprintable() else repr(code)
        raise source.error(
            f"\\{shown} is not an escape",
            start + match.start(),
            hint='write \\\\ for a backslash; escapes are \\t \\n \\r \\" \\\\ \\uXXXX',
        )

    return _ESCAPE.sub(replace, raw)
