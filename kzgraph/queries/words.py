"""The words of SPARQL, and the nearest of them to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_CHANGES = "INSERT DELETE LOAD CLEAR DROP CREATE COPY MOVE ADD WITH USING INTO"
UPDATES = frozenset(_CHANGES.split())
_KEYWORDS = (
    "BASE PREFIX VERSION SELECT CONSTRUCT DESCRIBE ASK DISTINCT REDUCED FROM NAMED WHERE ORDER BY "
    "ASC DESC LIMIT OFFSET VALUES UNDEF OPTIONAL GRAPH UNION MINUS FILTER BIND AS GROUP HAVING "
    "NOT IN EXISTS TRUE FALSE SEPARATOR SERVICE SILENT DEFAULT ALL TO DATA LATERAL"
)
_FUNCTIONS = (
    "STR LANG LANGMATCHES LANGDIR DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT "
    "STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH "
    "DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 "
    "COALESCE IF STRLANG STRLANGDIR STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC "
    "HASLANG HASLANGDIR REGEX SUBSTR REPLACE COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT TRIPLE "
    "SUBJECT PREDICATE OBJECT ISTRIPLE ADJUST"
)
AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
WORDS = frozenset((*_KEYWORDS.split(), *_FUNCTIONS.split(), *UPDATES))


def nearest(word: str, known: Iterable[str], *, count: int = 1) -> list[str]:
    """Return the known words most like a word, the best first; none when none is like it."""
    from difflib import get_close_matches

    lowered = {k.lower(): k for k in sorted(known)}
    return [lowered[k] for k in get_close_matches(word.lower(), list(lowered), n=count, cutoff=0.6)]


def nearest_word(word: str) -> list[str]:
    """Return the words of SPARQL most like a misspelt one.

    >>> nearest_word("SELCT")
    ['SELECT']
    """
    return nearest(word, WORDS - UPDATES - {"SERVICE"})
