"""The house rules: what shapes cannot say, because it is about files, terms or whole graphs.

Each rule has a name, a severity, what it says and how to keep it, in English
and German; ``check`` runs some of them or all. The checks themselves are in
``terms``, ``layout``, ``texts``, ``gates``, ``chronology``, ``lifetimes``, ``amounts``,
``provenance``, ``profile`` and ``consistency``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from kzgraph.errors import UnknownNameError
from kzgraph.validation import (
    amounts,
    chronology,
    consistency,
    gates,
    layout,
    lifetimes,
    profile,
    provenance,
    terms,
    texts,
)
from kzgraph.validation.corpus import Corpus, Problem

Check = Callable[[Corpus], Iterator[Problem]]


_NEAR: Final = {"en": "did you mean {near}?", "de": "gemeint war vielleicht: {near}"}


@dataclass(frozen=True)
class HouseRule:
    """A rule: its severity, and per language what it says and what to do."""

    name: str
    severity: str
    messages: Mapping[str, str]
    hints: Mapping[str, str]

    def message(self, lang: str, details: Mapping[str, str]) -> str:
        """Return what is wrong."""
        return (self.messages.get(lang) or self.messages["en"]).format_map(details)

    def hint(self, lang: str, details: Mapping[str, str]) -> str:
        """Return what to do; what a check suggests goes before the rule's own advice."""
        if details.get("near"):
            return (_NEAR.get(lang) or _NEAR["en"]).format_map(details)
        return details.get("hint") or (self.hints.get(lang) or self.hints["en"]).format_map(details)


@cache
def _read_rules() -> dict[str, HouseRule]:
    import tomllib
    from importlib.resources import files

    text = files("kzgraph.validation").joinpath("house-rules.toml").read_text(encoding="utf-8")
    return {
        name: HouseRule(
            name,
            entry["severity"],
            {lang: words["rule"] for lang, words in entry.items() if lang != "severity"},
            {lang: words["hint"] for lang, words in entry.items() if lang != "severity"},
        )
        for name, entry in tomllib.loads(text).items()
    }


HOUSE_RULES: Final = _read_rules()

# each check and the rules that it guards
CHECKS: Final[tuple[tuple[Check, tuple[str, ...]], ...]] = (
    (terms.check_declared, ("term-undeclared",)),
    (terms.check_prefixes, ("prefix-wrong", "prefix-unknown")),
    (terms.check_domains, ("property-misplaced",)),
    (terms.check_left_open, ("left-open-misplaced", "left-open-given")),
    (terms.check_identity, ("same-as",)),
    (layout.check_canonical, ("not-canonical",)),
    (layout.check_blank_nodes, ("blank-node",)),
    (layout.check_described_once, ("described-twice",)),
    (layout.check_described, ("thing-undescribed",)),
    (layout.check_replaced, ("thing-replaced",)),
    (texts.check_texts, ("text-garbled", "name-script")),
    (gates.check_gates, ("count-gate",)),
    (chronology.check_dates, ("date-unusable",)),
    (chronology.check_date_notes, ("date-note-missing",)),
    (chronology.check_rivals, ("rivals-in-office",)),
    (chronology.check_treaty_order, ("before-signature", "extension-too-short")),
    (chronology.check_event_order, ("order-circle", "order-against-dates")),
    (chronology.check_said_before_published, ("said-after-published",)),
    (chronology.check_years, ("year-implausible",)),
    (chronology.check_source_dates, ("date-after-source", "read-before-published")),
    (
        lifetimes.check_lives,
        ("office-outside-life", "membership-outside-life", "end-before-beginning"),
    ),
    (amounts.check_shares, ("shares-above-whole",)),
    (amounts.check_border_lengths, ("border-length-twice",)),
    (amounts.check_percentages, ("share-out-of-range",)),
    (amounts.check_series, ("figure-out-of-series",)),
    (provenance.check_locators, ("locator-outside", "passage-number")),
    (provenance.check_claim_names, ("claim-name",)),
    (
        provenance.check_copies,
        ("copy-circle", "copy-address", "copy-language", "copy-voice", "source-twice"),
    ),
    (provenance.check_sentence_tables, ("sentence-table",)),
    (profile.check_profile, ("owl-profile",)),
    (profile.check_documented, ("term-undocumented",)),
    (profile.check_modules, ("import-missing",)),
    (consistency.check_consistent, ("contradiction",)),
)


def check_house_rules(corpus: Corpus, rules: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield where the house rules are broken: those named, or all.

    Raises UnknownNameError for a rule that is not there.
    """
    wanted = set(rules)
    for name in wanted - HOUSE_RULES.keys():
        raise UnknownNameError("house rule", name, HOUSE_RULES)
    for run, names in CHECKS:
        if wanted and not wanted & set(names):
            continue
        for problem in run(corpus):
            if not wanted or problem.rule in wanted:
                yield problem
