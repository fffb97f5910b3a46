"""From rows to statements: what a table adds, and everything that is wrong with it.

Nothing is written here. A row with a problem adds nothing; a row that says what
is there already adds nothing either, so importing twice changes nothing.
"""

from __future__ import annotations

from difflib import get_close_matches

from kzgraph.exchange.draft import Draft, Plan, RowError
from kzgraph.exchange.inventory import Inventory
from kzgraph.exchange.mapping import Mapping, Rule
from kzgraph.exchange.relators import Relators
from kzgraph.exchange.tables import Row, Table
from kzgraph.exchange.things import Things


def plan_table(table: Table, mapping: Mapping, inventory: Inventory, *, review: str) -> Plan:
    """Return what a table would add to what is there; ``plan.problems`` is what is wrong.

    All things come before all relators, so that a row may name what a later row
    makes.
    """
    draft = Draft(table, mapping, inventory)
    plan = draft.plan
    if not _columns_fit(draft):
        return plan
    bad = {problem.row for problem in plan.problems if problem.row} | _bad_keys(draft)
    things, relators = Things(draft), Relators(draft, review=review)
    makers = [(rule, things.add) for rule in mapping.things]
    makers += [(rule, relators.add) for rule in mapping.relators]
    for rule, add in makers:
        for row in table.rows:
            if row.line in bad or not rule.applies(row):
                continue
            try:
                add(row, rule)
            except RowError as error:
                draft.problem(row, error.column, error.message, error.hint)
                bad.add(row.line)
    for row in table.rows:
        if row.line not in bad and not any(rule.applies(row) for rule, _ in makers):
            column = next((c for rule, _ in makers for c in rule.when), "")
            hint = "add a [[relator]] or [[thing]] for it to the mapping, or delete the row"
            draft.problem(row, column, "no part of the mapping applies to this row", hint)
            bad.add(row.line)
    plan.problems.sort(key=lambda problem: problem.row)
    plan.left_out = sorted(bad)
    return plan


def _columns_fit(draft: Draft) -> bool:
    """Report columns that the mapping needs and the table lacks, or that look misspelt."""
    mapping, columns = draft.mapping, draft.table.columns
    needed = {*mapping.required, *mapping.source.columns}
    rules: tuple[Rule, ...] = (*mapping.things, *mapping.relators)
    needed.update(column for rule in rules for column in rule.when)
    missing = sorted(needed.difference(columns))
    for column in missing:
        near = get_close_matches(column, columns, n=1, cutoff=0.6)
        draft.problem(
            None,
            column,
            "the table has no such column, which the mapping needs",
            f"is it {near[0]!r}? Rename it, or correct the mapping"
            if near
            else f"its columns are: {', '.join(columns)}",
        )
    used = mapping.columns
    if any(rule.all_columns for rule in mapping.relators):
        used |= set(draft.inventory.schema.properties)
    strange = []
    for column in columns:
        near = [] if column in used else get_close_matches(column, sorted(used), n=1, cutoff=0.8)
        if near and near[0] not in columns:
            strange.append(column)
            hint = f"is it meant to be {near[0]!r}?"
            draft.problem(None, column, "the mapping says nothing of this column", hint)
    return not missing and not strange


def _bad_keys(draft: Draft) -> set[int]:
    """Report rows with an empty required cell, or with the key of an earlier row."""
    bad = set()
    first: dict[tuple[str, ...], Row] = {}
    key = draft.mapping.key
    for row in draft.table.rows:
        for column in draft.mapping.required:
            if not row[column]:
                draft.problem(row, column, "the cell is empty", "every row needs it")
                bad.add(row.line)
        values = tuple(row[column] for column in key)
        if key and first.setdefault(values, row) is not row:
            draft.problem(
                row,
                ", ".join(key),
                f"this row has the key of row {first[values].line}: {', '.join(values)}",
                "delete one of the two, or add a column to the key in the mapping",
            )
            bad.add(row.line)
    return bad


__all__ = ["Plan", "plan_table"]
