"""What an answer without rows means, as a word for programs and a sentence for people.

"Not recorded", "nobody" and "no connection" are different answers. A saved query
says in its header which of them no rows stand for.
"""

from __future__ import annotations

NOT_RECORDED = "not-recorded"
NONE = "none"
NO_ROUTE = "no-route"
EMPTY_KINDS = (NOT_RECORDED, NONE, NO_ROUTE)

_WORDS = {
    "en": {
        NOT_RECORDED: "Not recorded: the graph holds no fact that answers this. "
        "That is no proof that there is none.",
        NONE: "None: all that is recorded on this was looked at, and nothing fits.",
        NO_ROUTE: "No connection: nothing that is recorded leads there.",
        "": "No rows.",
    },
    "de": {
        NOT_RECORDED: "Nicht verzeichnet: Der Graph enthält keine Tatsache, die das beantwortet. "
        "Das beweist nicht, dass es keine gibt.",
        NONE: "Keine: Alles, was dazu verzeichnet ist, wurde geprüft, und nichts trifft zu.",
        NO_ROUTE: "Keine Verbindung: Nichts, was verzeichnet ist, führt dorthin.",
        "": "Keine Zeilen.",
    },
}


def empty_words(kind: str, language: str) -> str:
    """Return the sentence for an answer without rows, in English where a language has none.

    ``kind`` is one of ``EMPTY_KINDS``, or empty for a query that says nothing of it.

    >>> empty_words(NO_ROUTE, "en")
    'No connection: nothing that is recorded leads there.'
    """
    return _WORDS.get(language, _WORDS["en"])[kind]
