"""How is a table of acts decided: which clauses may matter, which axes are read, which tables are looked up?

Every line of the rules that the rows decide says, at each place of its axes, which clauses may still
hold. Lines are put together in tables over as few looks as possible: a table is indexed by the places
of its axes, those of the last axis side by side, and gives the words of the clauses that stay possible
there, and certain. The decision of a row is an AND over the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

import numpy as np

from lexloci.law.clauses import Line
from lexloci.law.coding import atoms
from lexloci.law.columns.axis import Axis
from lexloci.law.columns.input import Coded, Column
from lexloci.law.columns.layout import CLEAR, Layout, Weighing, Words, counted, layout_of
from lexloci.law.columns.slots import SlotCodes, Slots
from lexloci.law.columns.table import Table, places_read, tables_of
from lexloci.law.columns.terms import terms_of
from lexloci.law.columns.truth import FALSE, TRUE, Atom, OpenLine, reduced, slots_by_name
from lexloci.law.fields import places_in
from lexloci.law.program import Program
from lexloci.law.tables import Epoch

_KEPT = "plans of columns"
_MOST_KEPT = 16
_NUMPY_BEGINS = date(1970, 1, 1).toordinal()
_MOST_DAYS_BEFORE = 1 << 15  # of a table of days that begins in 1970, so that no day has to be counted from another


@dataclass(frozen=True, eq=False)
class DayTable:
    """For each day from ``first`` (from 1970-01-01), the bits of the clauses that stand, an array for each word.

    Days before and after are as the first and the last.
    """

    first: int
    standing: Sequence[Words]


@dataclass(frozen=True, eq=False)
class Plan:
    """All that is needed to decide rows.

    ``possible`` and ``certain`` are the words of a row before any table is looked up.
    """

    layout: Layout
    axes: Sequence[Axis]
    tables: Sequence[Table]
    days: DayTable | None
    possible: Words
    certain: Words


@dataclass(frozen=True, eq=False)
class Draft:
    """A plan before its lines are in tables: ``lines`` are those of the terms, ``settled`` the codes of their slots."""

    layout: Layout
    lines: Sequence[OpenLine]
    settled: Mapping[int, SlotCodes]
    days: DayTable | None
    possible: Words
    certain: Words


@dataclass(frozen=True, eq=False)
class _Left:
    """The clauses that may hold in some row, certainly or possibly, and the lines that the rows decide."""

    certain: int
    possible: int
    lines: Sequence[OpenLine]


def plan_of(
    program: Program, slots: Slots, epochs: Sequence[Epoch], roles: frozenset[str], weighing: Weighing, entries: int
) -> Plan:
    """The plan for a table of acts whose days are in some epochs, with tables of up to about so many ``entries``.

    The last plans are kept, for other tables with columns of the same types and values.
    """
    kept = program.rulebook.kept.setdefault(_KEPT, {})
    types = frozenset((name, _type_of(column)) for name, column in slots.columns.items())
    key = (program, types, tuple(epoch.since for epoch in epochs), roles, weighing, entries)
    found: Plan | None = kept.get(key)
    if found is not None:
        return replace(found, axes=[axis.of(slots.columns) for axis in found.axes])
    made = _made_plan(program, slots, epochs, roles, weighing, entries)
    if len(kept) >= _MOST_KEPT:
        kept.pop(next(iter(kept)))
    none = {name: _no_rows(column) for name, column in slots.columns.items()}
    kept[key] = replace(made, axes=[axis.of(none) for axis in made.axes])
    return made


def _type_of(column: Column) -> Hashable:
    """What of a column the plan depends on: its type and values, and not its rows."""
    if isinstance(column, Coded):
        return column.codes.dtype, tuple((type(value), value) for value in column.values)
    return column.dtype if isinstance(column, np.ndarray) else (type(column), column)


def _no_rows(column: Column) -> Column:
    if isinstance(column, Coded):
        return Coded(column.codes[:0].copy(), column.values)
    return column[:0].copy() if isinstance(column, np.ndarray) else column


def _made_plan(
    program: Program, slots: Slots, epochs: Sequence[Epoch], roles: frozenset[str], weighing: Weighing, entries: int
) -> Plan:
    draft = draft_of(program, slots, epochs, roles, weighing, places_read)
    made = tables_of(draft.lines, draft.settled, draft.layout, draft.certain, entries)
    possible, certain = draft.possible & made.possible, draft.certain & made.certain
    days = draft.days
    if days is not None:
        days = DayTable(days.first, [word & base for word, base in zip(days.standing, possible, strict=True)])
    return Plan(draft.layout, made.axes, made.tables, days, possible, certain)


def draft_of(
    program: Program,
    slots: Slots,
    epochs: Sequence[Epoch],
    roles: frozenset[str],
    weighing: Weighing,
    places: Callable[[OpenLine, Mapping[int, SlotCodes]], int],
) -> Draft:
    """The draft of a plan; ``places`` says how many combinations of places a line reads (``columns_terms``)."""
    alive = reduce(int.__or__, [epoch.standing[weighing.layer] for epoch in epochs])
    left = _left(program, slots, alive & program.mask_of_roles(roles))
    found = counted(program, weighing, left.certain, left.possible)
    lines = [line for line in left.lines if line.clauses & found.clauses]
    settled = slots.settle(lines)
    terms = terms_of(list(places_in(found.clauses)), lines, lambda line: places(line, settled))
    layout = layout_of(program, weighing, found, terms.of_clause)
    possible, certain = (layout.words_of_clauses(mask & found.clauses) for mask in (left.possible, left.certain))
    possible[0] |= CLEAR
    days = _day_table(layout, epochs, weighing, left.possible)
    return Draft(layout, terms.lines, settled, days, possible, certain)


def _left(program: Program, slots: Slots, clauses: int) -> _Left:
    """What is left of some clauses once the facts that have one value in all rows are known."""
    certain = possible = clauses
    open_lines: list[OpenLine] = []
    codes = [slots.constant(place) for place in range(len(program.slots))]
    for line, mask in ((line, mask) for group in program.groups for line, mask in group.lines if mask & clauses):
        left = _reduced(line, mask, codes, slots)
        if isinstance(left, OpenLine):
            open_lines.append(left)
            continue
        certain &= certain if left == TRUE else ~mask
        possible &= ~mask if left == FALSE else possible
    lines = [line for line in open_lines if line.clauses & possible]
    return _Left(certain & possible, possible, lines)


def _reduced(line: Line, clauses: int, codes: Sequence[int | None], slots: Slots) -> OpenLine | int:
    """A line without what the facts of one value settle; its truth where that is all of it."""
    places = slots_by_name(line, slots.program)

    def known(atom: Atom) -> int | None:
        place = places[atom.fact]
        code = codes[place]
        return None if code is None else int(slots.truths.of(atom, place)[code])

    left = reduced(line.expression, known)
    if isinstance(left, int):
        return left
    read = {atom: places[atom.fact] for atom in atoms(left)}
    truths = {atom: slots.truths.of(atom, place) for atom, place in read.items()}
    return OpenLine(left, clauses, {atom.fact: place for atom, place in read.items()}, truths)


def _day_table(layout: Layout, epochs: Sequence[Epoch], weighing: Weighing, possible: int) -> DayTable | None:
    """The table of the days from the first change of the epochs until the last; None where nothing changes."""
    words = [layout.words_of_clauses(epoch.standing[weighing.layer] & possible) for epoch in epochs]
    if all((one == words[0]).all() for one in words):
        return None
    begins = [epoch.since.toordinal() - _NUMPY_BEGINS for epoch in epochs[1:]]
    first = 0 if 0 < begins[0] <= _MOST_DAYS_BEFORE else begins[0] - 1
    days = [until - since for since, until in zip((first, *begins), (*begins, begins[-1] + 1), strict=True)]
    columns = np.repeat(np.stack(words, axis=1), days, axis=1)
    columns[0] |= CLEAR
    return DayTable(first, [np.ascontiguousarray(column) for column in columns])
