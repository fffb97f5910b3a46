"""Damage of ninety kinds is done to the repository's own data; nearly all of it is noticed.

All that concerns single things is done at once, each to things of its own, and is
looked for in one run. What concerns whole files is done one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.errors import InputError
from kzgraph.namespaces import PREF_LABEL, RDF_TYPE, kz
from kzgraph.rdf.turtle import statements
from kzgraph.store.memory import Subject
from kzgraph.validation import gates, layout, terms
from kzgraph.validation.corpus import DATA, ONTOLOGY, Corpus, SourceText
from kzgraph.validation.hygiene import check_house_rules
from kzgraph.validation.shapes import check_shapes
from tests.validation.damages import KINDS, PLAIN, Damage, Scene

# what nobody can notice from the data alone, and why
UNNOTICED = {
    "the sides of a border change places": "the sides have no order: both say the same",
    "a figure that stands alone is a thousand times as much": "no other figure to compare with",
    "a year is a hundred years too early": "nothing says since when a place lies where it lies",
}


@cache
def repository() -> Corpus:
    return Corpus.read()


@cache
def damages() -> dict[str, Damage | None]:
    scene = Scene(repository())
    # what needs a certain constellation chooses first
    return {name: KINDS[name](scene) for name in sorted(KINDS, key=lambda name: name in PLAIN)}


def damaged(corpus: Corpus, done: list[Damage]) -> Corpus:
    """Return the corpus after all that damage, which looks at the damaged things alone."""
    gone = {t for damage in done for t in damage.gone}
    texts: dict[Path, SourceText] = {t.path: t for t in corpus.texts}
    come: dict[Path, list[Triple]] = {}
    for damage in done:
        for triple in damage.come:
            come.setdefault(_file_of(corpus, damage, triple.subject), []).append(triple)
    wanted = []
    for path, text in texts.items():
        kept = [t for t in text.triples if t not in gone]
        if len(kept) < len(text.triples) or path in come:
            texts[path] = replace(text, triples=kept + come.get(path, []))
            wanted.append(texts[path])
    whole = Corpus(texts.values(), wanted=wanted, root=corpus.root)
    whole.whole = False
    whole.wanted_nodes = frozenset(n for damage in done for n in damage.nodes)
    return whole


def _file_of(corpus: Corpus, damage: Damage, node: Subject | Triple) -> Path:
    assert not isinstance(node, Triple)
    files = corpus.files_of.get(node) or [
        f for near in damage.nodes for f in corpus.files_of.get(near, ())
    ]
    return files[0].path


@pytest.fixture(scope="module")
def noticed() -> dict[str, set[str]]:
    """For each kind of damage, the rules that it breaks."""
    done = {name: damage for name, damage in damages().items() if damage is not None}
    corpus = damaged(repository(), list(done.values()))
    problems = [
        *check_house_rules(corpus),
        *check_shapes(corpus, corpus.closed.computed, nodes=corpus.wanted_nodes),
    ]
    broken: dict[Subject | None, set[str]] = {}
    for problem in problems:
        broken.setdefault(problem.node, set()).add(problem.rule)
    return {
        name: {rule for node in damage.nodes for rule in broken.get(node, ())}
        for name, damage in done.items()
    }


def test_the_data_has_something_for_nearly_every_kind_of_damage(noticed):
    assert len(noticed) >= 0.9 * len(KINDS) > 80


def test_no_two_kinds_of_damage_touch_one_thing():
    seen: set[Subject] = set()
    for damage in damages().values():
        if damage is not None:
            assert not seen & damage.nodes
            seen |= damage.nodes


def test_all_damage_is_noticed_but_what_nobody_can_notice(noticed):
    assert {name for name, rules in noticed.items() if not rules} <= set(UNNOTICED)
    assert len(UNNOTICED) <= 0.05 * (len(KINDS) + len(FILE_KINDS))


def test_what_nobody_can_notice_is_a_kind_of_damage():
    assert set(UNNOTICED) <= set(KINDS)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("an office is held before birth", "office-outside-life"),
        ("an office is held after death", "office-outside-life"),
        ("a membership is older than the organisation", "membership-outside-life"),
        ("a treaty is ratified before it is signed", "before-signature"),
        ("the shares of an asset come to more than the whole", "shares-above-whole"),
        ("one source gives two lengths of a border", "border-length-twice"),
        ("a figure of a series is a thousand times as much", "figure-out-of-series"),
        ("a source is older than what it tells", "date-after-source"),
        ("a treaty is signed in a hundred years", "date-after-source"),
        ("a unit is of another kind", "kzsh:FigureShape-fits"),
        ("a mirror is in another language than its original", "copy-language"),
        ("a source is its own origin", "copy-circle"),
        ("two things have one item of Wikidata", "kzsh:WikidataLinkShape-shared"),
        ("a Russian name is read in the wrong encoding", "text-garbled"),
        ("a claim is lost", "kzsh:RelatorShape-supportedBy"),
        ("a passage is lost", "thing-undescribed"),
    ],
)
def test_a_kind_of_damage_breaks_the_rule_that_is_made_for_it(noticed, name, rule):
    if name not in noticed:
        pytest.skip("the data has nothing that can be damaged like this")
    assert rule in noticed[name]


# --- whole files ---


def some_file() -> SourceText:
    """Return a file of the data with enough in it to lose something."""
    return next(t for t in repository().texts if t.kind == DATA and len(t.text.splitlines()) > 100)


def _alone(text: SourceText, content: str, prefixes: dict[str, str] | None = None) -> set[str]:
    """Return the rules of layout and terms that a file breaks with another content."""
    ontology = [t for t in repository().texts if t.kind == ONTOLOGY]
    changed = SourceText(
        text.path, text.name, DATA, content, text.triples, prefixes or dict(text.prefixes)
    )
    corpus = Corpus([*ontology, changed], wanted=[changed])
    checks = (layout.check_canonical, terms.check_prefixes)
    return {p.rule for check in checks for p in check(corpus)}


def cut(text: SourceText) -> set[str]:
    half = text.text[: len(text.text) // 2]
    try:
        statements(half.rstrip(" .;\n"), path=text.name)
    except InputError:
        return {"syntax"}
    return set()


def conflict_marks(text: SourceText) -> set[str]:
    lines = text.text.splitlines()
    try:
        statements("\n".join([*lines[:20], "<<<<<<< HEAD", *lines[20:]]), path=text.name)
    except InputError:
        return {"syntax"}
    return set()


def line_twice(text: SourceText) -> set[str]:
    lines = text.text.splitlines(keepends=True)
    number = next(n for n, line in enumerate(lines) if line.startswith("    kz:"))
    return _alone(text, "".join([*lines[:number], lines[number], *lines[number:]]))


def tab(text: SourceText) -> set[str]:
    return _alone(text, text.text.replace("    ", "\t", 1))


def windows_lines(text: SourceText) -> set[str]:
    return _alone(text, text.text.replace("\n", "\r\n"))


def unsorted(text: SourceText) -> set[str]:
    head, *blocks = text.text.split("\n\n")
    return _alone(text, "\n\n".join([head, *reversed(blocks)]))


def wrong_prefix(text: SourceText) -> set[str]:
    return _alone(text, text.text, text.prefixes | {"kz": "https://w3id.org/kzgraph/ontology/"})


def _gates(kept: Callable[[Triple], bool]) -> set[str]:
    """Return the gates that no longer hold when statements are lost."""
    before = gates.counts(repository())
    texts = [
        replace(t, triples=[x for x in t.triples if kept(x)]) if t.kind == DATA else t
        for t in repository().texts
    ]
    after = gates.counts(Corpus(texts))
    return {
        f"{section}: {name}"
        for section, counted in before.items()
        for name, number in counted.items()
        if after[section].get(name, 0) < number
    }


def source_lost(text: SourceText) -> set[str]:
    lost = next(t for t in repository().texts if "claims" in t.path.parts and len(t.triples) > 50)
    gone = {*lost.triples}
    return _gates(lambda t: t not in gone)


def half_of_a_class(text: SourceText) -> set[str]:
    borders = list(repository().instances(kz("Border")))
    gone = {*borders[::2]}
    return _gates(lambda t: t.subject not in gone)


def language_lost(text: SourceText) -> set[str]:
    def kept(triple: Triple) -> bool:
        value = triple.object
        return not (
            triple.predicate == PREF_LABEL and isinstance(value, Literal) and value.language == "kk"
        )

    return _gates(kept)


def classes_lost(text: SourceText) -> set[str]:
    def kept(triple: Triple) -> bool:
        return not (triple.predicate == RDF_TYPE and triple.object == NamedNode(kz("City").value))

    return _gates(kept)


FILE_KINDS = {
    "a file is cut in the middle": cut,
    "a file has the marks of a merge": conflict_marks,
    "a line stands twice": line_twice,
    "a line is indented with a tab": tab,
    "the lines end as on Windows": windows_lines,
    "the things of a file are out of order": unsorted,
    "a prefix stands for the wrong namespace": wrong_prefix,
    "the claims of a source are lost": source_lost,
    "half of the borders are lost": half_of_a_class,
    "the Kazakh names are lost": language_lost,
    "the cities lose their class": classes_lost,
}


@pytest.mark.parametrize("name", FILE_KINDS)
def test_damage_of_a_whole_file_is_noticed(name):
    assert FILE_KINDS[name](some_file())
