"""How are rows decided with Numba: by the same tables as with NumPy, in one compiled loop (``columns_kernel``).

Columns that the loop cannot read itself are turned into places by NumPy first, a block at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexloci.law.columns.axis import Axis, CodedAxis, FlagAxis, NumberAxis, RelationAxis, places_type
from lexloci.law.columns.kernel import (
    BYTES,
    CODES,
    FLOATS,
    INNER,
    OPERATORS,
    RELATION,
    SIXTEEN,
    Counting,
    Looking,
    Outcomes,
    Reading,
    Room,
    decide,
    ends,
)
from lexloci.law.columns.layout import BITS, Words
from lexloci.law.columns.plan import Plan
from lexloci.law.columns.run import BLOCK, Decided, fire
from lexloci.law.columns.tally import Tally

__all__ = ["Worker", "ends"]


class Worker:
    """Decides rows by a plan; one for each thread, because it has its own buffers."""

    def __init__(self, plan: Plan, days: NDArray[np.int64] | None) -> None:
        self.plan = plan
        self.days = np.empty(0, np.int64) if days is None or plan.days is None else np.ascontiguousarray(days)
        self.readers = [_Reader(axis) for axis in plan.axes]
        self.prepared = [reader for reader in self.readers if reader.is_prepared]
        self.steps = _whole(0 if reader.is_prepared else reader.values.itemsize for reader in self.readers)
        self.addresses = _whole(reader.values.ctypes.data for reader in self.readers)
        self.others = _whole(reader.other.ctypes.data for reader in self.readers)
        self.numbers = (_reading(self.readers), _looking(plan), _counting(plan))
        shape = (plan.layout.words, BLOCK if plan.layout.firing_words else INNER)
        entries = np.empty((max(len(plan.tables), 1), INNER), np.uint16)
        self.room = Room(np.empty(shape, np.uint64), np.empty(shape, np.uint64), entries)

    def decide(self, start: int, stop: int, out: Decided) -> None:
        """Decides the rows from ``start`` to ``stop``."""
        for first in range(start, stop, BLOCK):
            self._block(first, min(first + BLOCK, stop), out)

    def _block(self, start: int, stop: int, out: Decided) -> None:
        rows = slice(start, stop)
        for reader in self.prepared:
            reader.prepare(start, stop)
        addresses, others = self.addresses + start * self.steps, self.others + start * self.steps
        written = Outcomes(out.outcome[rows], out.certain[rows], out.possible[rows])
        wrong = decide(addresses, others, self.days[rows], *self.numbers, self.room, written)
        if wrong >= 0:
            self.readers[wrong].refuse(start, stop)
        if out.possible_clauses is not None and out.certain_clauses is not None:
            layout, count = self.plan.layout, stop - start
            fire(layout, self.room.possible[:, :count], self.plan.possible, out.possible_clauses[rows])
            fire(layout, self.room.certain[:, :count], self.plan.certain, out.certain_clauses[rows])


class _Reader:
    """How the loop reads an axis: its values and what they are, and what they are compared with.

    ``count`` is the number of codes, or places, that have a value. What the loop cannot read is prepared.
    """

    def __init__(self, axis: Axis) -> None:
        self.axis = axis
        self.bounds: Sequence[float] = ()
        self.place_of = np.zeros(256, np.uint8)
        self.count = axis.radix
        self.kind, values, other = self._readable(axis)
        self.is_prepared = values is None or not values.flags.c_contiguous
        if values is None or self.is_prepared:
            values = np.empty(BLOCK, places_type(axis.radix))
            self.kind = BYTES if values.dtype == np.uint8 else SIXTEEN
            self.spare = np.empty(BLOCK, np.bool_)
        self.values: NDArray[Any] = values
        self.other = values if other is None else other

    def _readable(self, axis: Axis) -> tuple[int, NDArray[Any] | None, NDArray[Any] | None]:
        """What a column holds that the loop can read, the column, and the other one that it is compared with."""
        match axis:
            case FlagAxis(_, column):
                return BYTES, column.view(np.uint8), None
            case CodedAxis(_, column, _, None):
                return BYTES, column.codes.view(np.uint8), None
            case CodedAxis(_, column, _, np.ndarray() as table) if (
                column.codes.dtype.itemsize == table.dtype.itemsize == 1
            ):
                self.count = len(table)
                self.place_of[: len(table)] = table[:256]  # a code of 8 bits reaches no further
                return CODES, column.codes.view(np.uint8), None
            case NumberAxis(_, column, bounds) if column.dtype == np.float64:
                self.bounds = [float(bound) for bound in bounds]
                return FLOATS, column, None
            case RelationAxis(relation, np.ndarray() as left, np.ndarray() as right) if (
                left.dtype == right.dtype == np.float64 and right.flags.c_contiguous
            ):
                return RELATION + OPERATORS.index(relation.atom.operator), left, right
        return BYTES, None, None

    def prepare(self, start: int, stop: int) -> None:
        """Writes the places of some rows where the loop reads them."""
        rows = stop - start
        found = self.axis.places(start, stop, self.values[:rows], self.spare[:rows])
        if not np.shares_memory(found, self.values):
            self.values[:rows] = found

    def refuse(self, start: int, stop: int) -> None:
        """Raises the error of a code that has no value."""
        rows = stop - start
        self.axis.places(start, stop, np.empty(rows, np.uint8), np.empty(rows, np.bool_))


def _whole(numbers: Any) -> NDArray[np.int64]:
    return np.array(list(numbers), np.int64)


def _ends(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *lengths], dtype=np.int64)


def _reading(readers: Sequence[_Reader]) -> Reading:
    """The axes in numbers."""
    return Reading(
        kinds=_whole(reader.kind for reader in readers),
        sizes=_whole(reader.values.itemsize for reader in readers),
        radices=_whole(reader.axis.radix for reader in readers),
        counts=_whole(reader.count for reader in readers),
        bounds=np.array([bound for reader in readers for bound in reader.bounds], np.float64),
        bounds_at=_ends([len(reader.bounds) for reader in readers]),
        place_of=np.array([reader.place_of for reader in readers], np.uint8).reshape(len(readers), 256),
    )


def _looking(plan: Plan) -> Looking:
    """The tables in numbers."""
    words = plan.layout.words
    offsets = np.full((2, len(plan.tables), words), -1, np.int64)
    parts: list[Words] = [np.empty(0, np.uint64)]
    end = 0
    for place, table in enumerate(plan.tables):
        for side, looked in enumerate((table.possible, table.certain)):
            for word, entries in enumerate(looked):
                if entries is not None:
                    offsets[side, place, word] = end
                    parts.append(entries)
                    end += len(entries)
    days = plan.days
    return Looking(
        axes=_whole(axis for table in plan.tables for axis in table.axes),
        axes_at=_ends([len(table.axes) for table in plan.tables]),
        words=np.concatenate(parts),
        offsets=offsets,
        first_day=0 if days is None else days.first,
        standing=np.empty((words, 0), np.uint64) if days is None else np.stack(list(days.standing)),
        base=plan.possible,
    )


def _counting(plan: Plan) -> Counting:
    """The layout in numbers."""
    layout = plan.layout
    words = layout.outcome_words
    severity = np.zeros((words, BITS + 1), np.uint8)
    for word, levels in enumerate(layout.levels):
        for bit, level in levels:
            severity[word, int(bit).bit_length() :] = level
    certain = layout.certain & plan.certain[:words]
    return Counting(
        severity=severity,
        certain=certain,
        possible=layout.possible & plan.possible[:words],
        speaking=np.array([body & certain for body in layout.speaking], np.uint64),
        counters=_rows([counter for counter, _ in layout.conflicts], words),
        against=_rows([against for _, against in layout.conflicts], words),
        is_open=layout.is_open,
        is_plain=Tally(layout, plan.possible, plan.certain, 0).is_plain,
    )


def _rows(masks: Sequence[Words], words: int) -> Words:
    return np.array(masks, np.uint64).reshape(len(masks), words)
