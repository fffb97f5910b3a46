"""Relations as sorted arrays of integer pairs, and joins over whole relations at a time.

A pair of term numbers is one 64-bit code, the first in the high half, so that
sorting codes sorts by first, then second. A set of terms is a relation too:
its codes are the bare numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Table = dict[str, Ints]

SHIFT = 32
MASK = np.int64((1 << SHIFT) - 1)
EMPTY: Ints = np.empty(0, np.int64)


def encode(first: Ints, second: Ints) -> Ints:
    """Return the codes of pairs."""
    return (first << SHIFT) | second


def swap(codes: Ints) -> Ints:
    """Return the codes of the pairs turned round."""
    return ((codes & MASK) << SHIFT) | (codes >> SHIFT)


def distinct(codes: Ints) -> Ints:
    """Return the codes sorted, each once."""
    if len(codes) < 2:
        return codes
    ordered = np.sort(codes)
    keep = np.empty(len(ordered), np.bool_)
    keep[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered[keep]


class Relation:
    """Distinct codes in order; the order by second term is made when first asked for."""

    __slots__ = ("_turned", "codes")

    def __init__(self, codes: Ints) -> None:
        self.codes = codes
        self._turned: Ints | None = None

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def turned(self) -> Ints:
        """The codes of the pairs turned round, in order."""
        if self._turned is None:
            self._turned = np.sort(swap(self.codes))
        return self._turned

    def holds(self, codes: Ints) -> npt.NDArray[np.bool_]:
        """Return for each code whether it is in the relation."""
        if not len(self.codes):
            return np.zeros(len(codes), np.bool_)
        at = np.searchsorted(self.codes, codes)
        at[at == len(self.codes)] = 0
        found: npt.NDArray[np.bool_] = self.codes[at] == codes
        return found

    def add(self, new: Ints) -> None:
        """Take in codes that are distinct, sorted and not in the relation yet."""
        # a stable sort merges two sorted runs in one pass
        self.codes = np.sort(np.concatenate((self.codes, new)), kind="stable")
        if self._turned is not None:
            turned = np.concatenate((self._turned, np.sort(swap(new))))
            self._turned = np.sort(turned, kind="stable")


@dataclass(frozen=True, slots=True)
class Atom:
    """One condition of a rule over numbered terms; a name is a variable, a number a constant.

    ``key`` says which relation; for a set of terms ``value`` is the subject again.
    """

    key: int
    unary: bool
    subject: str | int
    value: str | int

    @property
    def variables(self) -> frozenset[str]:
        """The variables of the atom."""
        return frozenset(t for t in (self.subject, self.value) if isinstance(t, str))


Plan = tuple[tuple[Atom, frozenset[str]], ...]


def plan(body: tuple[Atom, ...], start: int, wanted: frozenset[str]) -> Plan:
    """Return the atoms in the order to join them, each with the variables still needed after it.

    From the start on, an atom whose variables are all bound comes first (it
    only narrows), then one that shares a variable with what is bound.
    """
    order = [body[start]]
    rest = [atom for n, atom in enumerate(body) if n != start]
    bound = body[start].variables
    while rest:
        rest.sort(key=lambda atom: (len(atom.variables - bound), not atom.variables & bound))
        order.append(rest.pop(0))
        bound |= order[-1].variables
    steps = []
    for n, atom in enumerate(order):
        later = frozenset[str]().union(*(a.variables for a in order[n + 1 :]))
        steps.append((atom, wanted | later))
    return tuple(steps)


def evaluate(steps: Plan, first: Ints, full: Callable[[int], Relation | None]) -> Table | None:
    """Return the bindings that satisfy all atoms, the first taken from ``first``.

    Columns have one length; None means that nothing satisfies them.
    """
    table: Table | None = None
    for atom, wanted in steps:
        if table is None:
            table = _scan(atom, first)
        else:
            relation = full(atom.key)
            if relation is None or not len(relation):
                return None
            table = _narrow(table, atom, relation)
        if not table or not len(next(iter(table.values()))):
            # a body of constants has no columns: its one row is kept as an empty name
            return None
        kept = {name: column for name, column in table.items() if name in wanted or not name}
        if len(kept) < len(table):
            table = _project(kept or {"": table[next(iter(table))][:1]})
    return table


def _scan(atom: Atom, codes: Ints) -> Table:
    columns: list[tuple[str | int, Ints]] = [(atom.subject, codes)]
    if not atom.unary:
        columns = [(atom.subject, codes >> SHIFT), (atom.value, codes & MASK)]
    keep: npt.NDArray[np.bool_] | None = None
    table: Table = {}
    for term, column in columns:
        wanted = table.get(term) if isinstance(term, str) else np.int64(term)
        if wanted is None:
            assert isinstance(term, str)
            table[term] = column
        else:
            same = column == wanted
            keep = same if keep is None else keep & same
    if not table:
        # constants only: one nameless row when the triple is there
        count = int(keep.sum()) if keep is not None else 0
        return {"": np.zeros(min(count, 1), np.int64)}
    return table if keep is None else {name: column[keep] for name, column in table.items()}


def _narrow(table: Table, atom: Atom, relation: Relation) -> Table:
    rows = len(next(iter(table.values())))
    subject = _column(table, atom.subject, rows)
    if atom.unary:
        if subject is None:
            raise AssertionError("a rule's body falls into unrelated parts")
        return _keep(table, relation.holds(subject))
    value = _column(table, atom.value, rows)
    if subject is not None and value is not None:
        return _keep(table, relation.holds(encode(subject, value)))
    if subject is not None:
        return _expand(table, subject, relation.codes, atom.value)
    if value is not None:
        return _expand(table, value, relation.turned, atom.subject)
    raise AssertionError("a rule's body falls into unrelated parts")


def _column(table: Mapping[str, Ints], term: str | int, rows: int) -> Ints | None:
    if isinstance(term, str):
        return table.get(term)
    return np.full(rows, term, np.int64)


def _keep(table: Table, rows: npt.NDArray[np.bool_]) -> Table:
    return {name: column[rows] for name, column in table.items()}


def _expand(table: Table, bound: Ints, codes: Ints, new: str | int) -> Table:
    """Join each row with the pairs that begin with its bound term."""
    low = np.searchsorted(codes, bound << SHIFT)
    counts = np.searchsorted(codes, (bound + 1) << SHIFT) - low
    row = np.repeat(np.arange(len(bound)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    result = {name: column[row] for name, column in table.items()}
    assert isinstance(new, str)
    result[new] = codes[low[row] + within] & MASK
    return result


def _project(table: Table) -> Table:
    """Drop repeated rows of a table of one or two columns; wider ones stay as they are."""
    names = list(table)
    if len(names) == 1:
        return {names[0]: distinct(table[names[0]])}
    if len(names) == 2:
        codes = distinct(encode(table[names[0]], table[names[1]]))
        return {names[0]: codes >> SHIFT, names[1]: codes & MASK}
    return table
