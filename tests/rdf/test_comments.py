"""Comments keep their place, or the file is refused."""

from __future__ import annotations

import pytest

from kzgraph.namespaces import KZ, KZR, RDF
from kzgraph.rdf.turtle import UnformattableError, format_turtle

HEAD = f"@prefix kz: <{KZ}> .\n@prefix kzr: <{KZR}> .\n"

KEPT = {
    "a header before the prefixes": f"# SPDX-License: x\n#\n# About.\n\n{HEAD}\n"
    "kzr:a\n    a kz:X ;\n    .\n",
    "two paragraphs of header": f"# one\n\n# two\n\n{HEAD}\nkzr:a\n    a kz:X ;\n    .\n",
    "on a prefix": f"{HEAD[:-1]} # things\n\nkzr:a\n    a kz:X ;\n    .\n",
    "above a subject": f"{HEAD}\n# about a\n# more\nkzr:a\n    a kz:X ;\n    .\n",
    "a heading after the prefixes": f"{HEAD}\n# Part one\n\nkzr:a\n    a kz:X ;\n    .\n",
    "a heading between subjects": f"{HEAD}\nkzr:a\n    a kz:X ;\n    .\n\n# Part two\n\n"
    "# about b\nkzr:b\n    a kz:X ;\n    .\n",
    "at the end of the file": f"{HEAD}\nkzr:a\n    a kz:X ;\n    .\n\n# the end\n",
    "on the lines of a subject": f"{HEAD}\nkzr:a # s\n    a kz:X ; # f\n    # above\n"
    "    kz:p 1 ;\n    # last\n    . # d\n",
    "inside a nested node": f"{HEAD}\nkzr:a\n    kz:p [ # open\n        # above\n"
    "        kz:q 1 ; # fact\n        # last\n    ] ; # close\n    .\n",
    "on the only fact of a node": f"{HEAD}\nkzr:a\n    kz:p [\n"
    "        kz:q 1 ; # why\n    ] ;\n    .\n",
    "behind a list": f"{HEAD}\nkzr:a\n    kz:p ( 1 2 ) ; # why\n    .\n",
    "in a node of a list": f"{HEAD}\nkzr:a\n    kz:p (\n        [\n            kz:q 1 ; # why\n"
    "        ]\n        2\n    ) ;\n    .\n",
    "in a list cell that is written out": f"{HEAD}@prefix rdf: <{RDF}> .\n\nkzr:a\n"
    "    kz:p [ # one\n        rdf:first 1 ;\n        rdf:rest () ;\n    ] ;\n    .\n",
    "in a node without facts": f"{HEAD}\nkzr:a\n    kz:p [ # nothing known\n    ] ;\n    .\n",
    "only comments": "# nothing\n\n# at all\n",
    "number signs in strings and IRIs": f'{HEAD}\nkzr:a\n    kz:p "# no" ; # yes\n    .\n',
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_comments_of_a_canonical_file_stay_where_they_are(text):
    assert format_turtle(text, path="x.ttl") == text


MOVED = {
    "comments go with their subjects": (
        "# about b\nkzr:b a kz:X . # end b\n# about a\nkzr:a a kz:X .",
        "# about a\nkzr:a\n    a kz:X ;\n    .\n\n# about b\nkzr:b\n    a kz:X ; # end b\n    .\n",
    ),
    "comments go with their facts": (
        "kzr:a\n    # two\n    kz:p 2 ; # second\n    kz:p 1 . # first",
        "kzr:a\n    kz:p 1 ; # first\n    # two\n    kz:p 2 ; # second\n    .\n",
    ),
    "a comment behind a comma": (
        "kzr:a kz:p 2 , # two\n    1 , # one\n    # three\n    3 .",
        "kzr:a\n    kz:p 1 ; # one\n    kz:p 2 ; # two\n    # three\n    kz:p 3 ;\n    .\n",
    ),
    "a comment on a one-line subject with several facts": (
        "kzr:a a kz:X ; kz:p 1 . # all of a",
        "kzr:a # all of a\n    a kz:X ;\n    kz:p 1 ;\n    .\n",
    ),
    "a comment above a subject that is described twice": (
        "# first\nkzr:a kz:p 2 .\n\n# second\nkzr:a kz:p 1 .",
        "# first\n# second\nkzr:a\n    kz:p 1 ;\n    kz:p 2 ;\n    .\n",
    ),
    "spaces behind a comment go": (
        "kzr:a kz:p 1 . # one  \t",
        "kzr:a\n    kz:p 1 ; # one\n    .\n",
    ),
}


@pytest.mark.parametrize(("text", "expected"), MOVED.values(), ids=MOVED.keys())
def test_comments_move_with_what_they_are_about(text, expected):
    formatted = format_turtle(HEAD + "\n" + text, path="x.ttl")
    assert formatted.partition("\n\n")[2] == expected
    assert format_turtle(formatted, path="x.ttl") == formatted


REFUSED = {
    "in a list": ("kzr:a kz:p (\n    1 # one\n    2 ) .", 5, "inside a list"),
    "on a line of its own in a list": ("kzr:a kz:p (\n    # one\n    1 ) .", 5, "inside a list"),
    "between predicate and value": ("kzr:a kz:p # why\n    1 .", 4, "middle of a fact"),
    "between a string and its language": ('kzr:a kz:p "x" # why\n@en .', 4, "several facts|middle"),
    "several facts on the line": (
        "kzr:a kz:p 1 ; kz:q 2 ; # both\n    kz:r 3 .",
        4,
        "several facts on its line",
    ),
    "several values on the line": ("kzr:a kz:p 1 , 2 ; # both\n kz:r 3 .", 4, "several facts"),
    "between prefixes": (
        f"@prefix a: <{KZ}> .\n# our own\n@prefix b: <{KZR}> .\nb:x a a:X .",
        5,
        "between the prefixes",
    ),
    "on a prefix that goes": (
        "@prefix x: <http://x.example/> . # mine\nkzr:a a kz:X .",
        4,
        "prefix x: is not used",
    ),
    "on a base": ("@base <http://x.example/> . # here\nkzr:a kz:p <y> .", 4, "no @base"),
    "a heading whose subjects change places": (
        "kzr:b a kz:X .\n\n# Part two\n\nkzr:a a kz:X .",
        6,
        "in another order",
    ),
    "a last comment whose subject moves": ("kzr:b a kz:X .\nkzr:a a kz:X .\n# end", 6, "order"),
    "above a node that moves into a fact": (
        "kzr:a kz:p _:n .\n\n# about n\n_:n kz:q 1 .",
        6,
        "moves into a fact",
    ),
    "two comments for one fact": (
        "kzr:a kz:p 1 . # one\nkzr:a kz:p 1 . # again",
        5,
        "comment of line 4",
    ),
    "before a semicolon": ("kzr:a kz:p 1\n    # odd\n    ; kz:q 2 .", 5, "middle of a fact"),
}


@pytest.mark.parametrize(("text", "line", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_comment_without_a_place_is_refused_by_line(text, line, reason):
    with pytest.raises(UnformattableError, match=reason) as caught:
        format_turtle(HEAD + "\n" + text, path="x.ttl")
    assert (caught.value.path, caught.value.line) == ("x.ttl", line)
    assert str(caught.value).startswith(f"x.ttl:{line}: the comment ")
    assert "above" in caught.value.hint
