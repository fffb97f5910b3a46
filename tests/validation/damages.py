"""Kinds of damage that data comes to, each done to a real thing of the repository.

A kind is a function that looks for a thing it can damage and says which statements
go and which come. What belongs to one damage (a relator, its claims, their passages)
is used for no other one, so that all can be done at once and each finding has one cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.namespaces import EDTF_DATATYPE, OWL, PREF_LABEL, PREFIXES, RDF_TYPE, XSD, kz, kzr, kzv
from kzgraph.store.memory import Subject, Term
from kzgraph.validation.corpus import Corpus

ALT_LABEL = NamedNode(PREFIXES["skos"] + "altLabel")
EXACT = NamedNode(PREFIXES["skos"] + "exactMatch")
LANGUAGE = NamedNode(PREFIXES["dcterms"] + "language")
DECIMAL = NamedNode(XSD + "decimal")
UNIT = PREFIXES["unit"]
CLAIM, PASSAGE, SOURCE = kz("Claim"), kz("Passage"), kz("SourceDocument")
INDICATOR, VALUE, PERIOD = kz("indicator"), kz("value"), kz("period")
TIMES = (kz("interval"), kz("heldAt"), kz("date"))


@dataclass
class Damage:
    """What is done to which things: the statements that go, and those that come."""

    nodes: set[Subject]
    gone: list[Triple] = field(default_factory=list)
    come: list[Triple] = field(default_factory=list)


class Scene:
    """The data, as the kinds of damage look at it; what one has used is not there for others."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus, self.data = corpus, corpus.data
        self.used: set[Subject] = set()
        self.claims: dict[Term, list[Subject]] = {}
        for predicate in (kz("content"), kz("proposition")):
            for claim, said in self.data.pairs(predicate):
                self.claims.setdefault(said, []).append(claim)
        self.passages: dict[Term, list[Subject]] = {}
        for passage, source in self.data.pairs(kz("inSource")):
            self.passages.setdefault(source, []).append(passage)

    def free(self, cls: str, *having: NamedNode) -> Iterator[NamedNode]:
        """Yield things of a class that have some properties and are not damaged yet."""
        for node in self.corpus.instances(kz(cls)):
            if (
                isinstance(node, NamedNode)
                and all(self.data.objects(node, p) for p in having)
                and not self.around(node) & self.used
            ):
                yield node

    def facts(self, cls: str, *having: NamedNode) -> Iterator[NamedNode]:
        """Yield those that take part in inference."""
        facts = self.corpus.closed.gate.facts
        return (n for n in self.free(cls, *having) if n in facts)

    def around(self, node: Subject) -> set[Subject]:
        """Return a thing with its claims and their passages, or what a claim is about."""
        found: set[Subject] = {node}
        for claim in [*self.claims.get(node, ()), node]:
            found.add(claim)
            for predicate in (kz("evidence"), kz("content"), kz("proposition")):
                found.update(
                    o for o in self.data.objects(claim, predicate) if isinstance(o, NamedNode)
                )
        return found

    def take(self, *nodes: Subject) -> set[Subject]:
        """Return what belongs to some things and let no other damage have it."""
        found = {near for node in nodes for near in self.around(node)}
        self.used |= found
        return found

    def has(self, node: Subject, predicate: NamedNode) -> Triple:
        """Return the first statement of a property."""
        value = self.data.one(node, predicate)
        assert value is not None
        return Triple(node, predicate, value)

    def change(self, node: Subject, predicate: NamedNode, *values: Term) -> Damage:
        """Return the damage of giving other values for a property."""
        return Damage(
            self.take(node),
            [Triple(node, predicate, o) for o in self.data.objects(node, predicate)],
            [Triple(node, predicate, value) for value in values],
        )

    def add(self, node: Subject, predicate: NamedNode, *values: Term) -> Damage:
        """Return the damage of adding values to a property."""
        return Damage(self.take(node), [], [Triple(node, predicate, v) for v in values])

    def label(self, node: Subject, language: str) -> Literal | None:
        """Return the preferred name in a language."""
        return next(
            (
                o
                for o in self.data.objects(node, PREF_LABEL)
                if isinstance(o, Literal) and o.language == language
            ),
            None,
        )

    def relabel(self, cls: str, language: str, change: Callable[[str], str]) -> Damage | None:
        """Return the damage of changing a long enough name of some thing of a class."""
        for node in self.free(cls, PREF_LABEL):
            name = self.label(node, language)
            if name is not None and " " in name.value and change(name.value) != name.value:
                return Damage(
                    self.take(node),
                    [Triple(node, PREF_LABEL, name)],
                    [Triple(node, PREF_LABEL, Literal(change(name.value), language=language))],
                )
        return None


Kind = Callable[[Scene], Damage | None]
KINDS: dict[str, Kind] = {}
# those that any thing of a class will do for
PLAIN: set[str] = set()


def kind(name: str) -> Callable[[Kind], Kind]:
    """Register a kind of damage under what happens."""

    def register(function: Kind) -> Kind:
        assert name not in KINDS
        KINDS[name] = function
        return function

    return register


def day(text: str) -> Literal:
    """Return a date of the data."""
    return Literal(text, datatype=EDTF_DATATYPE)


def number(text: str) -> Literal:
    """Return a number of the data."""
    return Literal(text, datatype=DECIMAL)


def _simple(
    name: str,
    cls: str,
    predicate: NamedNode,
    *values: Term,
    having: Iterable[NamedNode] = (),
    extra: bool = False,
) -> None:
    """Register: of a thing of a class, the property gets other values, or some more."""
    PLAIN.add(name)

    @kind(name)
    def damage(scene: Scene) -> Damage | None:
        wanted = tuple(having) if extra else (predicate, *having)
        node = next(
            scene.facts(cls, *wanted) if cls in _RELATORS else scene.free(cls, *wanted), None
        )
        if node is None:
            return None
        return (scene.add if extra else scene.change)(node, predicate, *values)


_RELATORS = frozenset(
    {"Relator", "Membership", "OfficeHolding", "Border", "Figure", "Signature", "Holding"}
    | {"Ratification", "Extension", "Position", "ParticipatingInterest", "Ranking", "Founding"}
)

# --- claims ---
_simple("a claim loses its stance", "Claim", kz("stance"))
_simple("a stance is misspelt", "Claim", kz("stance"), kzv("stance-asert"))
_simple("a claim denies what it has as content", "Claim", kz("stance"), kzv("stance-denies"),
        having=[kz("content")])  # fmt: skip
_simple("a review state is misspelt", "Claim", kz("reviewState"), kzv("review-acepted"))
_simple("a claim has no review state", "Claim", kz("reviewState"))
_simple("a claim has two review states", "Claim", kz("reviewState"), kzv("review-accepted"),
        kzv("review-rejected"))  # fmt: skip
_simple("a claim loses its claimant", "Claim", kz("claimant"))
_simple("a claim loses its evidence", "Claim", kz("evidence"))
_simple("a claim loses its attribution", "Claim", kz("attribution"))
_simple("a claim is deprecated without a reason", "Claim", kz("claimRank"),
        kzv("rank-deprecated"), extra=True)  # fmt: skip
_simple("the claimant is a treaty", "Claim", kz("claimant"), kzr("treaty-2014-eaeu"))
_simple("a claim was said after its source", "Claim", kz("saidAt"), day("2090"), extra=True,
        having=[kz("content")])  # fmt: skip

# --- relators ---
_simple("a membership has no organisation", "Membership", kz("organisation"))
_simple("a membership has two roles", "Membership", kz("observerState"), kzr("country-kaz"),
        extra=True, having=[kz("memberState")])  # fmt: skip
_simple("a state that nobody describes", "Membership", kz("memberState"), kzr("country-kza"))
_simple("a property is misspelt", "Membership", kz("memberSate"), kzr("country-kaz"), extra=True)
_simple("a property has the prefix of another vocabulary", "Membership",
        NamedNode(PREFIXES["skos"] + "memberState"), kzr("country-kaz"), extra=True)  # fmt: skip
_simple("a membership is called a border", "Membership", RDF_TYPE, kz("Border"))
_simple("a class is misspelt", "Membership", RDF_TYPE, kz("Membershop"))
_simple("a state has no time", "Membership", kz("interval"))
_simple("an interval ends before it begins", "Membership", kz("interval"), day("2015/2009"))
_simple("a month that is none", "Signature", kz("date"), day("1992-13"))
_simple("a date is a plain text", "Signature", kz("date"), Literal("29 May 2014"))
_simple("a treaty is signed a thousand years ago", "Signature", kz("date"), day("1014-05-29"))
_simple("a treaty is signed in a hundred years", "Signature", kz("date"), day("2114-05-29"))
_simple("an office has no holder", "OfficeHolding", kz("officeHolder"))
_simple("an office is held by a state", "OfficeHolding", kz("officeHolder"), kzr("country-kaz"))
_simple("an office is left open and given", "OfficeHolding", kz("leavesOpen"), kz("office"),
        extra=True, having=[kz("office")])  # fmt: skip
_simple("a note on a date in one language", "Relator", kz("dateNote"),
        Literal("Only English.", language="en"))  # fmt: skip
_simple("a fact is written on the thing itself", "State", kz("memberOf"), kzr("org-eaeu"),
        extra=True)  # fmt: skip
_simple("two things are the same by owl:sameAs", "City", NamedNode(OWL + "sameAs"),
        kzr("country-kaz"), extra=True)  # fmt: skip

# --- figures and shares ---
_simple("a figure has no indicator", "Figure", INDICATOR)
_simple("an indicator is misspelt", "Figure", INDICATOR, kzv("indicator-populaton"))
_simple("a figure has no unit", "Figure", kz("unit"))
_simple("a unit is of another kind", "Figure", kz("unit"), NamedNode(UNIT + "HectoPA"))
_simple("a number has a decimal comma", "Figure", VALUE, number("12,5"))
_simple("a number is a text", "Figure", VALUE, Literal("12.5"))
_simple("a figure measures nothing", "Figure", kz("about"))
_simple("a range is upside down", "Figure", kz("valueMin"), number("99999999999999.0"),
        having=[kz("valueMax")])  # fmt: skip
_simple("a company is held to 140 per cent", "Holding", kz("share"), number("140.0"))
_simple("an interest is below nothing", "ParticipatingInterest", kz("share"), number("-5.0"))
_simple("a rank is zero", "Ranking", kz("rank"), Literal("0", datatype=NamedNode(XSD + "integer")))
_simple("a latitude has lost its point", "Position", kz("latitude"), number("46572.0"))

# --- passages and sources ---
_simple("a passage is in no source", "Passage", kz("inSource"))
_simple("the characters end before they begin", "Passage", kz("chars"), Literal("char=90,10"))
_simple("the characters lie behind the end", "Passage", kz("chars"), Literal("char=10,99999999"))
_simple("a paragraph is another one", "Passage", kz("paragraph"),
        Literal("99", datatype=NamedNode(XSD + "integer")), having=[kz("chars")])  # fmt: skip
_simple("a source has no publisher", "SourceDocument", kz("publisher"))
_simple("a source has no language", "SourceDocument", LANGUAGE)
_simple("the language of a source is a word", "SourceDocument", LANGUAGE, Literal("english"))
_simple("the hash of a source is cut", "SourceDocument", kz("sourceSha256"), Literal("0a1b2c"))
_simple("the day of reading is none", "SourceDocument", kz("accessed"),
        Literal("2026-11-31", datatype=NamedNode(XSD + "date")))  # fmt: skip
_simple("a source is read before it comes out", "SourceDocument", kz("accessed"),
        Literal("1991-01-01", datatype=NamedNode(XSD + "date")),
        having=[kz("published")])  # fmt: skip
_simple("a source is a copy of what nobody describes", "SourceDocument", kz("copyOf"),
        kzr("source-nowhere"), extra=True)  # fmt: skip
_simple("a person is a city", "Person", RDF_TYPE, kz("City"), extra=True)


@kind("a source is its own origin")
def _own_origin(scene: Scene) -> Damage | None:
    source = next(scene.free("SourceDocument"), None)
    return scene.add(source, kz("mirrorOf"), source) if source else None


@kind("a mirror is in another language than its original")
def _other_language(scene: Scene) -> Damage | None:
    for mirror in scene.free("SourceDocument", LANGUAGE):
        if scene.data.objects(mirror, kz("copyOf")) or scene.data.objects(mirror, kz("mirrorOf")):
            return scene.change(mirror, LANGUAGE, Literal("mn"))
    return None


@kind("a copy stands at the address of its original")
def _same_address(scene: Scene) -> Damage | None:
    for copy in scene.free("SourceDocument", kz("copyOf"), kz("address")):
        original = scene.data.node(copy, kz("copyOf"))
        address = scene.data.one(original, kz("address")) if original else None
        if address is not None:
            return scene.change(copy, kz("address"), address)
    return None


@kind("one address is described as two sources")
def _two_sources(scene: Scene) -> Damage | None:
    first, second, *_ = scene.free("SourceDocument", kz("address"))
    damage = scene.change(second, kz("address"), *scene.data.objects(first, kz("address")))
    damage.nodes |= scene.take(first)
    return damage


@kind("a source is older than what it tells")
def _old_source(scene: Scene) -> Damage | None:
    for source in scene.free("SourceDocument", kz("published")):
        told = {
            r
            for r, sources in scene.corpus.sources_of.items()
            if source in sources
            and scene.corpus.days.first(r) > "1950"
            and not scene.data.objects(r, kz("dateNote"))
        }
        if told and not told & scene.used:
            damage = scene.change(source, kz("published"), day("1900"))
            damage.nodes |= scene.take(*told)
            return damage
    return None


@kind("the locator of a passage is emptied")
def _no_locator(scene: Scene) -> Damage | None:
    for passage in scene.free("Passage"):
        kept = (RDF_TYPE, kz("inSource"))
        gone = [t for t in scene.data.describe(passage) if t.predicate not in kept]
        if gone:
            return Damage(scene.take(passage), gone)
    return None


def _deleted(scene: Scene, node: Subject, *, around: Subject) -> Damage:
    return Damage(scene.take(around, node), list(scene.data.describe(node)))


@kind("a claim is lost")
def _claim_lost(scene: Scene) -> Damage | None:
    for relator in scene.facts("Relator"):
        if len(scene.claims.get(relator, ())) == 1:
            return _deleted(scene, scene.claims[relator][0], around=relator)
    return None


@kind("a relator is lost")
def _relator_lost(scene: Scene) -> Damage | None:
    relator = next(scene.facts("Relator"), None)
    return _deleted(scene, relator, around=relator) if relator else None


@kind("a passage is lost")
def _passage_lost(scene: Scene) -> Damage | None:
    for relator in scene.facts("Relator"):
        for passage in scene.data.objects(scene.claims[relator][0], kz("evidence")):
            if isinstance(passage, NamedNode):
                return _deleted(scene, passage, around=relator)
    return None


@kind("the description of a source is lost")
def _source_lost(scene: Scene) -> Damage | None:
    for source in scene.free("SourceDocument"):
        passages = scene.passages.get(source, [])
        if passages and not {*passages} & scene.used:
            return Damage(scene.take(source, *passages), list(scene.data.describe(source)))
    return None


@kind("a person is lost")
def _person_lost(scene: Scene) -> Damage | None:
    for holding in scene.facts("OfficeHolding", kz("officeHolder")):
        person = scene.data.node(holding, kz("officeHolder"))
        if person is not None and person not in scene.used:
            return _deleted(scene, person, around=holding)
    return None


@kind("a proposition loses its claim")
def _proposition_alone(scene: Scene) -> Damage | None:
    for proposition in scene.free("Proposition"):
        if len(scene.claims.get(proposition, ())) == 1:
            return _deleted(scene, scene.claims[proposition][0], around=proposition)
    return None


# --- names ---
@kind("a thing loses its English name")
def _no_english(scene: Scene) -> Damage | None:
    for node in scene.free("Person", PREF_LABEL):
        name = scene.label(node, "en")
        if name is not None:
            return Damage(scene.take(node), [Triple(node, PREF_LABEL, name)])
    return None


@kind("a thing has two names in a language")
def _two_names(scene: Scene) -> Damage | None:
    node = next(scene.free("Organisation", PREF_LABEL))
    return scene.add(node, PREF_LABEL, Literal("Another Name", language="en"))


@kind("another name is the same name")
def _same_name(scene: Scene) -> Damage | None:
    node = next(n for n in scene.free("Organisation", PREF_LABEL) if scene.label(n, "en"))
    return scene.add(node, ALT_LABEL, scene.label(node, "en") or Literal(""))


@kind("a name has no language")
def _no_language(scene: Scene) -> Damage | None:
    return scene.add(next(scene.free("Organisation")), ALT_LABEL, Literal("Another Name"))


@kind("a name is in a language that is not ours")
def _kz_for_kk(scene: Scene) -> Damage | None:
    node = next(scene.free("Organisation"))
    return scene.add(node, ALT_LABEL, Literal("Атауы", language="kz"))


@kind("a name has two blanks")
def _two_blanks(scene: Scene) -> Damage | None:
    return scene.relabel("Organisation", "en", lambda name: name.replace(" ", "  ", 1))


@kind("a name ends with a blank")
def _trailing_blank(scene: Scene) -> Damage | None:
    return scene.relabel("Organisation", "de", lambda name: name + " ")


@kind("a Cyrillic word has a Latin letter")
def _mixed_scripts(scene: Scene) -> Damage | None:
    return scene.relabel("Person", "ru", lambda name: name.replace("о", "o").replace("а", "a"))


@kind("a Russian name is read in the wrong encoding")
def _mojibake(scene: Scene) -> Damage | None:
    return scene.relabel("Person", "ru", lambda name: name.encode().decode("latin-1"))


@kind("a German umlaut is read in the wrong encoding")
def _umlaut(scene: Scene) -> Damage | None:
    def spoil(name: str) -> str:
        return name.encode().decode("cp1252", errors="replace")

    return scene.relabel("Organisation", "de", spoil)


@kind("a name has an HTML entity")
def _entity(scene: Scene) -> Damage | None:
    return scene.relabel("Organisation", "en", lambda name: name.replace(" ", "&nbsp;", 1))


@kind("a name has a letter that was lost")
def _lost_letter(scene: Scene) -> Damage | None:
    return scene.relabel("Organisation", "de", lambda name: "\ufffd" + name[1:])


@kind("an English name is in Cyrillic")
def _cyrillic(scene: Scene) -> Damage | None:
    return scene.relabel("Person", "en", lambda name: "Имя Фамилия")


@kind("a Russian name is in Latin letters")
def _latin(scene: Scene) -> Damage | None:
    return scene.relabel("Person", "ru", lambda name: "Imya Familiya")


@kind("a Russian name is Kazakh")
def _kazakh(scene: Scene) -> Damage | None:
    return scene.relabel("Person", "ru", lambda name: "Қасым Жомарт")


@kind("two things have one item of Wikidata")
def _shared_item(scene: Scene) -> Damage | None:
    first, second, *_ = scene.free("Entity", EXACT)
    damage = scene.change(second, EXACT, *scene.data.objects(first, EXACT))
    damage.nodes |= scene.take(first)
    return damage


@kind("a thing has two items of Wikidata")
def _two_items(scene: Scene) -> Damage | None:
    return scene.add(next(scene.free("Entity", EXACT)), EXACT, NamedNode(PREFIXES["wd"] + "Q1"))


@kind("an item of Wikidata is a page")
def _page(scene: Scene) -> Damage | None:
    page = NamedNode("https://www.wikidata.org/wiki/Q232")
    return scene.change(next(scene.free("Entity", EXACT)), EXACT, page)


# --- times that cannot be together ---
def _known(
    scene: Scene, predicate: NamedNode, cls: NamedNode | None = None
) -> dict[Term, list[Subject]]:
    """Return the things with such an event that no other damage touches, with the events."""
    found: dict[Term, list[Subject]] = {}
    for node, thing in scene.data.pairs(predicate):
        if node in scene.corpus.closed.gate.facts and (
            cls is None or cls in scene.corpus.classes(node)
        ):
            found.setdefault(thing, []).append(node)
    return {thing: nodes for thing, nodes in found.items() if not scene.used & {*nodes}}


def _before(scene: Scene, cls: str) -> Damage | None:
    signed = _known(scene, kz("ofTreaty"), kz("Signature"))
    for action in scene.facts(cls, kz("ofTreaty"), kz("date")):
        treaty = scene.has(action, kz("ofTreaty")).object
        if treaty in signed:
            scene.used |= {*signed[treaty]}
            return scene.change(action, kz("date"), day("1901"))
    return None


@kind("a treaty is ratified before it is signed")
def _ratified(scene: Scene) -> Damage | None:
    return _before(scene, "Ratification")


@kind("a treaty is in force before it is signed")
def _in_force(scene: Scene) -> Damage | None:
    return _before(scene, "EntryIntoForce")


@kind("a treaty is extended into the past")
def _into_past(scene: Scene) -> Damage | None:
    action = next(scene.facts("Extension", kz("extendedUntil"), kz("date")), None)
    return scene.change(action, kz("extendedUntil"), day("1950")) if action else None


def _moved(scene: Scene, cls: str, of: str, event: str, when: str) -> Damage | None:
    known = _known(scene, kz(event))
    heirs = {thing for _, thing in scene.data.pairs(kz("successor"))}
    for relator in scene.facts(cls, kz(of)):
        thing = scene.has(relator, kz(of)).object
        if thing in known and thing not in heirs:
            scene.used |= {*known[thing]}
            gone = [t for t in scene.data.describe(relator) if t.predicate in TIMES]
            time = kz("interval") if "/" in when else kz("heldAt")
            return Damage(scene.take(relator), gone, [Triple(relator, time, day(when))])
    return None


@kind("an office is held before birth")
def _unborn(scene: Scene) -> Damage | None:
    return _moved(scene, "OfficeHolding", "officeHolder", "born", "1801/1805")


@kind("an office is held after death")
def _dead(scene: Scene) -> Damage | None:
    return _moved(scene, "OfficeHolding", "officeHolder", "deceased", "2025-02")


@kind("a membership is older than the organisation")
def _unfounded(scene: Scene) -> Damage | None:
    return _moved(scene, "Membership", "organisation", "founded", "1801/..")


@kind("a membership outlives the organisation")
def _dissolved(scene: Scene) -> Damage | None:
    return _moved(scene, "Membership", "organisation", "dissolved", "2025-02")


@kind("events follow one another in a circle")
def _circle(scene: Scene) -> Damage | None:
    for later, earlier in scene.data.pairs(kz("after")):
        if isinstance(earlier, NamedNode) and not {later, earlier} & scene.used:
            damage = scene.add(earlier, kz("after"), later)
            damage.nodes |= scene.take(later)
            return damage
    return None


# --- borders and amounts ---
@kind("a border has one side twice")
def _one_side(scene: Scene) -> Damage | None:
    border = next(scene.facts("Border", kz("firstSide"), kz("secondSide")))
    return scene.change(border, kz("secondSide"), *scene.data.objects(border, kz("firstSide")))


@kind("a border has lost a side")
def _lost_side(scene: Scene) -> Damage | None:
    return scene.change(next(scene.facts("Border", kz("secondSide"))), kz("secondSide"))


@kind("the sides of a border change places")
def _swapped(scene: Scene) -> Damage | None:
    border = next(scene.facts("Border", kz("firstSide"), kz("secondSide")))
    first, second = (scene.data.objects(border, kz(p)) for p in ("firstSide", "secondSide"))
    damage = scene.change(border, kz("firstSide"), *second)
    other = scene.change(border, kz("secondSide"), *first)
    return Damage(damage.nodes, damage.gone + other.gone, damage.come + other.come)


def _figures(scene: Scene) -> dict[tuple[object, ...], list[NamedNode]]:
    series: dict[tuple[object, ...], list[NamedNode]] = {}
    identifying = ("indicator", "about", "unit", "resource", "within", "counterpart", "relativeTo")
    for figure in scene.facts("Figure", INDICATOR, VALUE, PERIOD):
        key = tuple(frozenset(scene.data.objects(figure, kz(p))) for p in identifying)
        if float(scene.has(figure, VALUE).object.value) > 0:  # type: ignore[union-attr]
            series.setdefault(key, []).append(figure)
    return series


def _times_thousand(scene: Scene, figure: NamedNode) -> Damage:
    value = float(scene.has(figure, VALUE).object.value)  # type: ignore[union-attr]
    return scene.change(figure, VALUE, number(f"{value * 1000:.3f}"))


@kind("a figure of a series is a thousand times as much")
def _thousandfold(scene: Scene) -> Damage | None:
    figures = next((f for f in _figures(scene).values() if len(f) > 3), None)
    return _times_thousand(scene, figures[0]) if figures else None


@kind("a figure that stands alone is a thousand times as much")
def _alone(scene: Scene) -> Damage | None:
    percent = NamedNode(UNIT + "PERCENT")
    for (_, _, units, *_), figures in _figures(scene).items():
        if len(figures) == 1 and percent not in units:  # type: ignore[operator]
            return _times_thousand(scene, figures[0])
    return None


@kind("a share of a population is 140 per cent")
def _too_much(scene: Scene) -> Damage | None:
    for figure in scene.facts("Figure", VALUE, kz("within")):
        if scene.data.one(figure, kz("unit")) == NamedNode(UNIT + "PERCENT"):
            return scene.change(figure, VALUE, number("140.0"))
    return None


@kind("the shares of an asset come to more than the whole")
def _too_many(scene: Scene) -> Damage | None:
    first: dict[Term, NamedNode] = {}
    for interest in scene.facts("ParticipatingInterest", kz("share"), kz("asset")):
        asset = scene.has(interest, kz("asset")).object
        assert isinstance(asset, NamedNode)
        other = first.setdefault(asset, interest)
        times = [scene.corpus.days.certain(n) for n in (interest, other)]
        sources = [{*scene.corpus.sources_of.get(n, ())} for n in (interest, other)]
        if other != interest and times[0] == times[1] and sources[0] & sources[1]:
            damage = scene.change(interest, kz("share"), number("99.0"))
            more = scene.change(other, kz("share"), number("98.0"))
            return Damage(
                damage.nodes | more.nodes, damage.gone + more.gone, damage.come + more.come
            )
    return None


@kind("one source gives two lengths of a border")
def _two_lengths(scene: Scene) -> Damage | None:
    for figure in scene.facts("Figure", VALUE):
        if scene.data.one(figure, INDICATOR) == kzv("indicator-border-length"):
            twin = NamedNode(f"{figure.value}-twin")
            claim = scene.claims[figure][0]
            assert isinstance(claim, NamedNode)
            nodes = scene.take(figure)
            said = NamedNode(f"{claim.value}9")
            come = [
                Triple(twin, t.predicate, number("9.0") if t.predicate == VALUE else t.object)
                for t in scene.data.describe(figure)
            ]
            come += [
                Triple(said, t.predicate, twin if t.object == figure else t.object)
                for t in scene.data.describe(claim)
            ]
            return Damage({*nodes, twin}, [], come)
    return None


@kind("a year is a hundred years too early")
def _century(scene: Scene) -> Damage | None:
    for location in scene.facts("Location", kz("heldAt")):
        return scene.change(location, kz("heldAt"), day("1925"))
    return None
