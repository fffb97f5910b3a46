"""What a question mentions: things by name, dates and numbers, each with its role.

A mention's *role* is how it is tied to the sentence: by a preposition, as a
genitive, as subject or object. Two questions with the same words and another
role ask for different things (what Russia says about Kazakhstan).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from kzgraph.queries.language import Language, Token
from kzgraph.queries.names import ACCEPTED, Match, NameIndex, Word

_LONGEST = 16  # words in a name
_ENTITY = "kz:Entity"
_CODE_KINDS = ("notation", "qid", "curie")

_PREPOSITIONS = {
    "en": {
        "of": "of", "with": "with", "by": "by", "from": "from", "to": "to", "into": "to",
        "in": "in", "at": "in", "within": "in", "on": "on", "about": "about", "over": "over",
        "between": "between", "among": "between", "against": "against", "before": "before",
        "after": "after", "since": "since", "until": "until", "till": "until", "for": "for",
        "through": "through", "without": "without", "during": "in", "concerning": "about",
        "regarding": "about",
    },
    "de": {
        "von": "of", "vom": "of", "mit": "with", "in": "in", "im": "in", "ins": "to",
        "aus": "from", "uber": "about", "gegen": "against", "nach": "to", "vor": "before",
        "zu": "to", "zum": "to", "zur": "to", "zwischen": "between", "unter": "between",
        "durch": "through", "bei": "in", "fur": "for", "an": "on", "am": "on", "auf": "on",
        "seit": "since", "bis": "until", "ohne": "without", "wahrend": "in", "ab": "since",
        "bezuglich": "about", "hinsichtlich": "about",
    },
}  # fmt: skip
_ARTICLES = {
    "en": frozenset(("the", "a", "an", "both", "all", "much", "many")),
    "de": frozenset(
        ("der", "die", "das", "des", "dem", "den", "ein", "eine", "einer", "eines", "einem",
         "einen", "beide", "beiden", "alle", "allen", "aller", "viel", "viele")
    ),
}  # fmt: skip
_CONJUNCTIONS = frozenset(("and", "und", "or", "oder", "sowie"))
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being"))
_WERDEN = frozenset(("wird", "werden", "wurde", "wurden", "worden"))
_HAVE = frozenset(("has", "have", "had"))
_IRREGULAR_PARTICIPLES = frozenset(("held", "led", "made", "sold", "said", "built", "met", "taken"))
YEAR_WORDS = frozenset(("year", "jahr", "jahre", "jahres"))

# a role that another word cannot stand in for
_STRONG = frozenset(
    ("about", "by", "from", "to", "against", "before", "after", "since", "until", "for", "through",
     "without", "over")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a question that names a thing, a date or a number."""

    start: int
    end: int
    kind: str
    text: str
    role: str = ""
    joined: bool = False
    matches: tuple[Match, ...] = ()
    value: str = ""


def roles_agree(asked: str, offered: str) -> bool:
    """Return whether a thing in one role can be meant by the other role."""
    if asked == offered:
        return True
    if {asked, offered} == {"subject", "object"}:
        return False
    return asked not in _STRONG and offered not in _STRONG


def find_mentions(
    tokens: Sequence[Token],
    lang: Language,
    names: NameIndex,
    *,
    classes: Collection[str] = (_ENTITY,),
) -> list[Mention]:
    """Return every mention in a question, overlapping ones included, longest first.

    Things are of one of the ``classes``: what saved queries take, not the terms
    by which they speak of it.
    """
    found = (
        find_things(tokens, lang, names, classes=classes)
        + _dates(tokens, lang)
        + _numbers(tokens, lang)
    )
    return sorted(found, key=lambda m: (m.start, -m.end))


def find_things(
    tokens: Sequence[Token],
    lang: Language,
    names: NameIndex,
    *,
    classes: Collection[str] = (_ENTITY,),
    longest: int = _LONGEST,
) -> list[Mention]:
    """Return the mentions of things; a stretch that can mean several keeps them all."""
    shouted = all(t.text.isupper() for t in tokens if t.kind == "word")
    quiet = not any(t.text[:1].isupper() for t in tokens[1:] if t.kind == "word")
    words = [Word.of(token.text.casefold()) for token in tokens]
    stretches = [
        (start, end)
        for start in range(len(tokens))
        for end in range(start + 1, min(start + longest, len(tokens)) + 1)
        if _can_be_name(tokens[start:end], shouted=shouted)
    ]
    by_phrase = names.phrases(
        [words[start:end] for start, end in stretches], classes=frozenset(classes)
    )
    found = []
    for number, matches in by_phrase.items():
        start, end = stretches[number]
        part = tokens[start:end]
        kept = tuple(
            m
            for m in matches
            if m.score >= ACCEPTED and _is_written_so(part, m, quiet=quiet, shouted=shouted)
        )
        if kept:
            found.append(_mention(tokens, start, end, kept, lang))
    for i, token in enumerate(tokens):
        if token.kind == "iri":
            matches = names.exact(token.text, classes=frozenset(classes))
            if matches:
                found.append(_mention(tokens, i, i + 1, tuple(matches), lang))
    return _with_conjunctions(tokens, found, _ARTICLES.get(lang.code, frozenset()))


def role_of(
    tokens: Sequence[Token], start: int, end: int, lang: Language, *, adjective: bool = False
) -> str:
    """Return the role of a stretch of a sentence."""
    if adjective or re.search(r"['’](?:s)?$", tokens[end - 1].text):
        return "of"
    articles = _ARTICLES.get(lang.code, frozenset())
    i = start - 1
    article = ""
    while i >= 0 and (tokens[i].low in articles or lang.title(tokens[i])):
        article = tokens[i].low if tokens[i].low in articles else article
        i -= 1
    before = tokens[i] if i >= 0 else None
    preposition = _PREPOSITIONS.get(lang.code, {}).get(before.low) if before else None
    if preposition == "of" and lang.code == "de":
        preposition = _role_of_von(tokens, i, start)
    passive = lang.code == "en" and _is_passive(_clause(tokens, start))
    if preposition:
        return "subject" if passive and preposition == "by" else preposition
    if lang.code == "de":
        return "of" if article in ("des", "der") and i >= 0 else "bare"
    if before is not None and before.asks:
        return "asked"  # how much uranium ...
    subject = before is None or before.low in lang.auxiliary
    if passive:
        subject = not subject
    return "subject" if subject else "object"


def _role_of_von(tokens: Sequence[Token], at: int, start: int) -> str:
    """Return what German *von* says: of a noun, by whom in the passive, else from."""
    before = tokens[at - 1] if at else None
    if before is None or (before.content and before.text[:1].isupper()) or before.kind == "slot":
        return "of"
    passive = any(token.low in _WERDEN for token in _clause(tokens, start))
    return "bare" if passive else "from"


def _mention(
    tokens: Sequence[Token], start: int, end: int, matches: tuple[Match, ...], lang: Language
) -> Mention:
    adjective = matches[0].kind == "demonym"
    role = role_of(tokens, start, end, lang, adjective=adjective)
    last = tokens[end - 1].low
    if role == "bare" and last.endswith("s") and matches[0].why.startswith("form of"):
        role = "of"  # Kasachstans
    text = " ".join(token.text for token in tokens[start:end])
    return Mention(start, end, "thing", text, role, matches=matches)


def _with_conjunctions(
    tokens: Sequence[Token], mentions: list[Mention], articles: frozenset[str]
) -> list[Mention]:
    """Give what follows "and" the role of what precedes it, and mark both as joined."""
    result = sorted(mentions, key=lambda m: m.start)
    for i, later in enumerate(result):
        at = later.start - 1
        while at >= 0 and tokens[at].low in articles:
            at -= 1
        if at < 1 or tokens[at].low not in _CONJUNCTIONS:
            continue
        for j in range(i):
            earlier = result[j]
            if earlier.end == at:
                role = earlier.role if later.role in ("object", "bare", "subject") else later.role
                result[i] = replace(later, role=role, joined=True)
                result[j] = replace(earlier, joined=True)
    return result


def _can_be_name(part: Sequence[Token], *, shouted: bool) -> bool:
    if any(token.kind not in ("word", "number") for token in part):
        return False
    if all(token.kind == "number" for token in part):
        return False
    return not any(
        _is_small_word(token) and (shouted or not token.text.isupper() or len(token.text) < 2)
        for token in (part[0], part[-1])
    )


def _is_small_word(token: Token) -> bool:
    return token.kind == "word" and (token.function or token.negation or bool(token.asks))


def _is_written_so(part: Sequence[Token], match: Match, *, quiet: bool, shouted: bool) -> bool:
    """Return whether a match fits the way it is written in running text.

    Codes are written in capitals there, and a proper name is not found in a
    word in lower case unless the whole question is written so.
    """
    if match.kind == "curie":
        return len(part) > 1
    if match.kind in _CODE_KINDS:
        return all(t.text.isupper() or t.kind == "number" for t in part) and not shouted
    if len(part) == 1 and len(part[0].low) < 2:
        return False
    if quiet or part[0].text[:1].isupper():
        return True
    return match.form[:1].islower()


def _clause(tokens: Sequence[Token], at: int) -> Sequence[Token]:
    """Return the part of a sentence around a place, up to ", and" on either side."""
    cuts = [i for i, t in enumerate(tokens) if t.after_pause and t.low in _CONJUNCTIONS]
    start = max((cut for cut in cuts if cut <= at), default=0)
    end = min((cut for cut in cuts if cut > at), default=len(tokens))
    return tokens[start:end]


def preposition_of_question(tokens: Sequence[Token], lang: Language) -> str:
    """Return the role of what is asked for: *in* which, which ... a member *of*."""
    prepositions = _PREPOSITIONS.get(lang.code, {})
    for i, token in enumerate(tokens):
        if token.asks:
            before = prepositions.get(tokens[i - 1].low, "") if i else ""
            clause = _clause(tokens, i)
            return before or (prepositions.get(clause[-1].low, "") if lang.code == "en" else "")
    return ""


def _is_passive(tokens: Sequence[Token]) -> bool:
    lows = [token.low for token in tokens]
    if any(low in _HAVE for low in lows):
        return False
    first = next((i for i, low in enumerate(lows) if low in _BE), None)
    return first is not None and any(
        token.content and (token.low.endswith("ed") or token.low in _IRREGULAR_PARTICIPLES)
        for token in tokens[first + 1 :]
    )


# ---- dates and numbers -----------------------------------------------------


def _dates(tokens: Sequence[Token], lang: Language) -> list[Mention]:
    found = []
    for i in range(len(tokens)):
        for length in (3, 2, 1):
            part = tokens[i : i + length]
            value = _date_value(part, lang) if len(part) == length else ""
            if value:
                start = i
                while start > 0 and tokens[start - 1].low in YEAR_WORDS:
                    start -= 1
                role = date_role(tokens, start, lang)
                text = " ".join(t.text for t in tokens[start : i + length])
                found.append(Mention(start, i + length, "date", text, role, value=value))
                break
    return found


def _date_value(part: Sequence[Token], lang: Language) -> str:
    """Return the date of one to three tokens as in EDTF, or nothing."""
    kinds = [token.kind for token in part]
    lows = [token.low for token in part]
    if kinds == ["date"]:
        if "." in part[0].text:
            day, month, year = part[0].text.split(".")
            return f"{year}-{int(month):02}-{int(day):02}" if _valid(month, day) else ""
        pieces = part[0].text.split("-")
        return part[0].text if _valid(pieces[1], pieces[2] if len(pieces) > 2 else "1") else ""
    if kinds == ["number"] and _is_year(lows[0]):
        return lows[0]
    months = [lang.months.get(low, 0) for low in lows]
    if len(part) == 2 and months[0] and _is_year(lows[1]):
        return f"{lows[1]}-{months[0]:02}"
    if len(part) == 3 and kinds[0] == "number" and months[1] and _is_year(lows[2]):
        day = lows[0].rstrip(".")
        return f"{lows[2]}-{months[1]:02}-{int(day):02}" if _valid("1", day) else ""
    if len(part) == 3 and months[0] and kinds[1] == "number" and _is_year(lows[2]):
        return f"{lows[2]}-{months[0]:02}-{int(lows[1]):02}" if _valid("1", lows[1]) else ""
    return ""


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and 1000 <= int(text) <= 2199


def _valid(month: str, day: str) -> bool:
    return month.isdigit() and day.isdigit() and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def date_role(tokens: Sequence[Token], start: int, lang: Language) -> str:
    """Return how a date is tied to a sentence: at, since, before, after or until."""
    i = start - 1
    articles = _ARTICLES.get(lang.code, frozenset())
    while i >= 0 and tokens[i].low in articles | YEAR_WORDS:
        i -= 1
    before = tokens[i].low if i >= 0 else ""
    if before in ("between", "zwischen"):
        return "since"
    if before in _CONJUNCTIONS and any(t.low in ("between", "zwischen") for t in tokens[:i]):
        return "until"
    # "as of", "at"; longest meaning first: "bis zum" is not "zum"
    two = tokens[i - 1].low if i >= 1 else ""
    for role in ("until", "before", "after", "since"):
        if before in lang.time[role] or (before in articles | {"zum"} and two in lang.time[role]):
            return role
    return "at"


def _numbers(tokens: Sequence[Token], lang: Language) -> list[Mention]:
    found = []
    for i, token in enumerate(tokens):
        if token.kind == "number":
            thousands, decimal = (".", ",") if lang.code == "de" else (",", ".")
            value = token.text.replace("\u00a0", "").replace(thousands, "").replace(decimal, ".")
            found.append(Mention(i, i + 1, "number", token.text, value=value))
    return found
