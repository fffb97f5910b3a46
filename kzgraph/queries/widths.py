"""How many columns of a terminal a text takes, and text that is safe to print there."""

from __future__ import annotations

from unicodedata import category, combining, east_asian_width

# what turns the writing around or does not show: a name could hide in it
_HIDDEN = frozenset("\u061c\u200b\u200e\u200f\u2028\u2029\ufeff") | frozenset(
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
)


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal.

    >>> [width(word) for word in ("Қазақстан", "哈萨克斯坦", "é")]
    [9, 10, 1]
    """
    if text.isascii():
        return len(text)
    columns = 0
    for char in text:
        if combining(char) or category(char) in ("Mn", "Me", "Cf"):
            continue
        columns += 2 if east_asian_width(char) in ("W", "F") else 1
    return columns


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return a text filled up with blanks to a width.

    >>> pad("7", 3, right=True)
    '  7'
    """
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def printable(text: str) -> str:
    r"""Return a text in one line, without what a terminal would obey.

    >>> printable("a\x1b[2Jb\nc")
    'a\\x1b[2Jb c'
    """
    if text.isascii() and text.isprintable():
        return text
    out = []
    for char in text:
        if char in "\n\t\r":
            out.append(" ")
        elif char in _HIDDEN or category(char) in ("Cc", "Cs", "Co", "Cn"):
            code = ord(char)
            out.append(f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
        else:
            out.append(char)
    return "".join(out)
