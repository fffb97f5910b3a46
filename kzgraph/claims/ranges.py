"""What a number may stand for: rounding, comparators, ranges that meet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

INFINITY = Decimal("Infinity")


@dataclass(frozen=True)
class Range:
    """The values that a figure allows; an open end does not belong to it."""

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    def meets(self, other: Range) -> bool:
        """Return whether one value fits both.

        >>> more_than_5 = Range(Decimal(5), INFINITY, low_open=True)
        >>> more_than_5.meets(Range(Decimal(5), Decimal(5)))
        False
        """
        return _reaches(self, other) and _reaches(other, self)

    def apart(self, other: Range) -> Decimal:
        """Return how far two ranges are from each other, as a share of the greater end.

        >>> Range(Decimal(98), Decimal(98)).apart(Range(Decimal(100), Decimal(100)))
        Decimal('0.02')
        """
        if self.meets(other):
            return Decimal(0)
        low, high = sorted((min(self.high, other.high), max(self.low, other.low)))
        size = max(abs(low), abs(high))
        return (high - low) / size if size and size.is_finite() else INFINITY


def _reaches(first: Range, second: Range) -> bool:
    """Return whether the first begins before the second has ended."""
    if first.low == second.high:
        return not (first.low_open or second.high_open)
    return first.low < second.high


def rounding_range(value: Decimal) -> tuple[Decimal, Decimal]:
    """Return what a round number may stand for: half a step of its last digit that counts.

    Never more than a tenth of it: about 100 is not 51.

    >>> rounding_range(Decimal("7600"))
    (Decimal('7550'), Decimal('7650'))
    >>> rounding_range(Decimal("0.5"))
    (Decimal('0.45'), Decimal('0.55'))
    >>> rounding_range(Decimal("100"))
    (Decimal('90'), Decimal('110'))
    """
    exponent = value.normalize().as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    slack = min(step / 2, abs(value) / 10)
    return (_plain(value - slack), _plain(value + slack))


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def figure_range(value: Decimal, comparator: str) -> Range:
    """Return the values that a figure allows, given its comparator's local name."""
    match comparator.removeprefix("comparator-"):
        case "approximately":
            return Range(*rounding_range(value))
        case "more-than":
            return Range(value, INFINITY, low_open=True)
        case "at-least":
            return Range(value, INFINITY)
        case "less-than":
            return Range(-INFINITY, value, high_open=True)
        case "at-most":
            return Range(-INFINITY, value)
        case _:
            return Range(value, value)


def phrase(value: Decimal, comparator: str) -> str:
    """Return a figure in words.

    >>> phrase(Decimal(7600), "comparator-approximately")
    'about 7,600'
    """
    word = {
        "approximately": "about ",
        "more-than": "more than ",
        "less-than": "less than ",
        "at-least": "at least ",
        "at-most": "at most ",
    }.get(comparator.removeprefix("comparator-"), "")
    return f"{word}{value:,}"
