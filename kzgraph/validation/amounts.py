"""Amounts: shares that add up, lengths of borders, percentages, figures out of their series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import Final

from pyoxigraph import Literal, NamedNode

from kzgraph.namespaces import PREFIXES, kz, kzv, shrink
from kzgraph.store.memory import Subject, Term
from kzgraph.validation.corpus import Corpus, Problem

# of each kind of share: the whole, and who holds the part
WHOLES: Final = ((kz("issuer"), kz("holder")), (kz("asset"), kz("interestHolder")))
SHARE: Final = kz("share")
SHARE_MIN: Final = kz("shareMin")
SHARES: Final = (SHARE, SHARE_MIN)
INDICATOR: Final = kz("indicator")
ABOUT: Final = kz("about")
UNIT: Final = kz("unit")
VALUE: Final = kz("value")
VALUES: Final = (VALUE, kz("valueMin"), kz("valueMax"))
BORDER_LENGTH: Final = kzv("indicator-border-length")
PERCENT: Final = NamedNode(PREFIXES["unit"] + "PERCENT")
# what makes two figures a series: everything that identifies them but their period
_SERIES: Final = (
    INDICATOR,
    ABOUT,
    UNIT,
    kz("resource"),
    kz("within"),
    kz("counterpart"),
    kz("relativeTo"),
)
# rounded shares may come to a little more than the whole
_ROUNDING: Final = Decimal(1)
# a slip of thousand and million, not a good year
_FACTOR: Final = 500
_FEWEST: Final = 3


def _number(value: Term | None) -> Decimal | None:
    try:
        return Decimal(value.value) if isinstance(value, Literal) else None
    except InvalidOperation:
        return None


def check_shares(corpus: Corpus) -> Iterator[Problem]:
    """What one source says of the shares of one whole at one time is not above 100 per cent."""
    data, facts = corpus.data, corpus.closed.gate.facts
    for whole_of, holder_of in WHOLES:
        groups: dict[tuple[Term, NamedNode], list[Subject]] = {}
        for node, whole in data.pairs(whole_of):
            if node in facts:
                for source in corpus.sources_of.get(node, ()):
                    groups.setdefault((whole, source), []).append(node)
        for (whole, source), nodes in groups.items():
            found = _above_whole(corpus, nodes, holder_of)
            if found is not None:
                node, total, day = found
                yield Problem(
                    "shares-above-whole",
                    node,
                    predicates=SHARES,
                    value=data.one(node, SHARE) or data.one(node, SHARE_MIN),
                    details={
                        "total": f"{total.normalize():f}",
                        "day": day,
                        "whole": corpus.show(whole),
                        "source": corpus.show(source),
                    },
                )


def _above_whole(
    corpus: Corpus, nodes: Iterable[Subject], holder_of: NamedNode
) -> tuple[Subject, Decimal, str] | None:
    """Return the last share of those that come to more than the whole, their sum, and when."""
    held: list[tuple[str, str, Term | None, Decimal, Subject]] = []
    for node in nodes:
        shares = [_number(corpus.data.one(node, p)) for p in SHARES]
        share = next((s for s in shares if s is not None), None)
        if share is not None:
            holder = corpus.data.one(node, holder_of)
            held.append((*corpus.days.certain(node), holder, share, node))
    if sum(share for *_, share, _ in held) <= 100 + _ROUNDING:
        return None
    # a share held at some moment of a year meets one of the same year, and one held all year
    for begin, end in sorted({(begin, end) for begin, end, *_ in held}):
        first, last = min(begin, end), begin
        together: dict[Term | None, tuple[Decimal, Subject]] = {}
        for other_begin, other_end, holder, share, node in held:
            same = (other_begin, other_end) == (begin, end)
            if same or (other_begin <= first and last <= other_end):
                # a holder counts once, though a source may name the share twice
                known = together.get(holder) if holder is not None else None
                key = holder if holder is not None else node
                if known is None or known[0] < share:
                    together[key] = (share, node)
        total = sum((share for share, _ in together.values()), Decimal(0))
        if total > 100 + _ROUNDING:
            return max((n for _, n in together.values()), key=str), total, begin
    return None


def check_border_lengths(corpus: Corpus) -> Iterator[Problem]:
    """One source gives one length of one border."""
    data, facts = corpus.data, corpus.closed.gate.facts
    first: dict[tuple[object, ...], tuple[Decimal, Subject]] = {}
    for node, indicator in data.pairs(INDICATOR):
        if indicator != BORDER_LENGTH or node not in facts:
            continue
        value = _number(data.one(node, VALUE))
        if value is None:
            continue
        sides = frozenset(data.objects(node, ABOUT))
        for source in corpus.sources_of.get(node, ()):
            key = (source, sides, data.one(node, UNIT), data.one(node, kz("period")))
            length, other = first.setdefault(key, (value, node))
            if length != value:
                assert isinstance(other, NamedNode)
                yield Problem(
                    "border-length-twice",
                    node,
                    predicates=(VALUE,),
                    value=data.one(node, VALUE),
                    details={"other": shrink(other.value), "length": str(length)},
                )


def check_percentages(corpus: Corpus) -> Iterator[Problem]:
    """A share in per cent lies between 0 and 100, whether or not the whole is named."""
    data = corpus.data
    for node, indicator in data.pairs(INDICATOR):
        if not isinstance(indicator, NamedNode) or not _is_share(indicator):
            continue
        if data.one(node, UNIT) != PERCENT or data.objects(node, kz("within")):
            continue  # where the whole is named, the shape of figures says so
        for predicate in VALUES:
            value = data.one(node, predicate)
            number = _number(value)
            if number is not None and not 0 <= number <= 100:
                yield Problem("share-out-of-range", node, predicates=(predicate,), value=value)


def _is_share(indicator: NamedNode) -> bool:
    return indicator.value.endswith(("-share", "-turnout"))


def check_series(corpus: Corpus) -> Iterator[Problem]:
    """No figure is a thousand times what all the others of its series say."""
    data, facts = corpus.data, corpus.closed.gate.facts
    series: dict[tuple[object, ...], list[tuple[Decimal, Subject]]] = {}
    for node, _ in data.pairs(INDICATOR):
        value = _number(data.one(node, VALUE))
        if value is not None and value > 0 and node in facts:
            key = tuple(frozenset(data.objects(node, predicate)) for predicate in _SERIES)
            series.setdefault(key, []).append((value, node))
    for found in series.values():
        if len(found) < _FEWEST:
            continue
        usual = median(value for value, _ in found)
        for value, node in found:
            if value > usual * _FACTOR or value * _FACTOR < usual:
                yield Problem(
                    "figure-out-of-series",
                    node,
                    predicates=(VALUE,),
                    value=data.one(node, VALUE),
                    details={"usual": f"{usual:f}", "number": str(len(found))},
                )
