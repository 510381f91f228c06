"""Which axes decide a slot of a program, and which code does it have at each place of them?

A fact that has one value in all rows has one code and no axis, so that its lines are settled before a
row is touched. Values that no open line tells apart share a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexloci.law.coding import UNKNOWN_CODE, Attribute, Relation
from lexloci.law.columns.axis import Axis, CodedAxis, FlagAxis, NumberAxis, Places, RelationAxis, least, places_type
from lexloci.law.columns.input import Coded, Column, is_array
from lexloci.law.columns.truth import OpenLine, atom_truths
from lexloci.law.program import Program
from lexloci.model.fact import Value

MOST_PAIRS = 1 << 12  # a comparison of two facts with more pairs of values is made row by row
_RAW_GROWTH = 4  # how much longer than needed a list of places may be, where that spares looking them up

Codes = NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class SlotCodes:
    """The codes of a slot, an array with one dimension for each of its axes."""

    axes: tuple[Axis, ...]
    codes: Codes


class Slots:
    """The slots of a program for a table of acts: ``columns`` by fact, every fact that a slot reads among them.

    Two facts with more than ``most_pairs`` pairs of values are compared row by row.
    """

    def __init__(self, program: Program, columns: Mapping[str, Column], most_pairs: int = MOST_PAIRS) -> None:
        self.most_pairs = most_pairs
        self.program = program
        self.columns = columns
        self.truths = atom_truths(program)

    def constant(self, place: int) -> int | None:
        """The code of a slot that has one code in all rows."""
        slot = self.program.slots[place]
        if isinstance(slot, Relation):
            left, right = self.columns[slot.left], self.columns[slot.right]
            return None if is_array(left) or is_array(right) else slot.code(left, right)  # type: ignore[arg-type]
        column = self.columns[slot.name]
        return None if is_array(column) else slot.code(column)  # type: ignore[arg-type]

    def settle(self, lines: Sequence[OpenLine]) -> Mapping[int, SlotCodes]:
        """The codes of every slot that the lines read; a place of an axis for what they tell apart."""
        return _Settling(self, lines).slots


class _Settling:
    """Builds the axes for some lines."""

    def __init__(self, slots: Slots, lines: Sequence[OpenLine]) -> None:
        self.parent = slots
        self.program = slots.program
        self.columns = slots.columns
        self.lines = lines
        read = dict.fromkeys(place for line in lines for place in line.slots.values())
        self.relations = [place for place in read if isinstance(self.program.slots[place], Relation)]
        self.attribute_of = {self.program.slots[place].name: place for place in read if place not in self.relations}
        self._axes: dict[str, tuple[Axis | None, Sequence[Value]]] = {}
        self.slots = {place: self._codes(place) for place in read}

    def _codes(self, place: int) -> SlotCodes:
        constant = self.parent.constant(place)
        if constant is not None:
            return SlotCodes((), np.array(constant, np.uint16))
        slot = self.program.slots[place]
        return self._relation(slot) if isinstance(slot, Relation) else self._attribute(slot, place)

    def _attribute(self, slot: Attribute, place: int) -> SlotCodes:
        column = self.columns[slot.name]
        if _few_values(column) is None:
            return _number_codes(slot, column, self._classes[place])  # type: ignore[arg-type]
        axis, values = self._few(slot.name)
        codes = np.array([slot.code(value) for value in values], np.uint16)
        return SlotCodes((), codes[0]) if axis is None else SlotCodes((axis,), codes)

    def _relation(self, slot: Relation) -> SlotCodes:
        if not self._is_paired(slot):
            axis = RelationAxis(slot, self.columns[slot.left], self.columns[slot.right])
            return SlotCodes((axis,), np.arange(axis.radix, dtype=np.uint16))
        (left_axis, left), (right_axis, right) = self._few(slot.left), self._few(slot.right)
        if slot.left == slot.right:
            codes = np.array([slot.code(value, value) for value in left], np.uint16)
        else:
            codes = _pair_codes(slot, tuple(left), tuple(right))
        axes = tuple(dict.fromkeys(axis for axis in (left_axis, right_axis) if axis is not None))
        return SlotCodes(axes, codes.reshape([axis.radix for axis in axes]))

    def _is_paired(self, slot: Relation) -> bool:
        """Whether the relation can be told from the pair of values, of which there are few."""
        left, right = (_few_values(self.columns[name]) for name in (slot.left, slot.right))
        return left is not None and right is not None and len(left) * len(right) <= self.parent.most_pairs

    def _few(self, name: str) -> tuple[Axis | None, Sequence[Value]]:
        """The axis of a column of few values (None where all rows are alike), and a value for each place."""
        found = self._axes.get(name)
        if found is None:
            found = self._axes[name] = self._few_places(name, self.columns[name])
        return found

    def _few_places(self, name: str, column: Column) -> tuple[Axis | None, Sequence[Value]]:
        values = _few_values(column) or ()
        keys = [self._key(name, value) for value in values]
        first = {key: place for place, key in reversed(list(enumerate(keys)))}
        kept = sorted(first.values())
        if len(kept) == 1:
            return None, (values[0],)
        if not isinstance(column, Coded):
            return FlagAxis(name, column), values  # type: ignore[arg-type]
        if column.codes.dtype.itemsize == 1 and len(values) <= _RAW_GROWTH * len(kept):
            return CodedAxis(name, column, len(values), None), values
        place_of = {keys[place]: new for new, place in enumerate(kept)}
        table: Places = np.array([place_of[key] for key in keys], places_type(len(kept)))
        return CodedAxis(name, column, len(kept), table), [values[place] for place in kept]

    def _key(self, name: str, value: Value) -> Any:
        """What the lines tell apart: two values of a fact with one key are one place."""
        place = self.attribute_of.get(name)
        slot = None if place is None else self.program.slots[place]
        said = self._classes[place][slot.code(value)] if place is not None and isinstance(slot, Attribute) else None
        return said, (type(value), value) if name in self._paired else None

    @cached_property
    def _paired(self) -> frozenset[str]:
        """The facts whose every value counts, because they are compared with another fact."""
        slots = [self.program.slots[place] for place in self.relations]
        return frozenset(
            name
            for slot in slots
            if isinstance(slot, Relation) and self._is_paired(slot)
            for name in (slot.left, slot.right)
        )

    @cached_property
    def _classes(self) -> Mapping[int, NDArray[np.intp]]:
        """For each slot, the codes that the atoms of the lines tell apart: a number for each code."""
        said: dict[int, dict[Any, Any]] = {}
        for line in self.lines:
            for atom, truths in line.truths.items():
                said.setdefault(line.slots[atom.fact], {})[atom] = truths
        return {
            place: np.unique(np.stack(list(truths.values())), axis=1, return_inverse=True)[1].reshape(-1)
            for place, truths in said.items()
        }


def _pair_codes(slot: Relation, left: tuple[Value, ...], right: tuple[Value, ...]) -> Codes:
    """The code of each pair of values."""
    pairs = len(left) * len(right)
    each, other = np.divmod(np.arange(pairs), len(right))
    axis = RelationAxis(slot, Coded(each, left), Coded(other, right))
    return axis.places(0, pairs, np.empty(pairs, np.uint8), np.empty(pairs, np.bool_)).astype(np.uint16)


def _few_values(column: Column) -> Sequence[Value] | None:
    """The values that a column may have; None for a column of numbers."""
    if isinstance(column, Coded):
        return column.values
    if isinstance(column, np.ndarray):
        return (False, True) if column.dtype == np.bool_ else None
    return (column,)


def _number_codes(slot: Attribute, column: NDArray[Any], classes: NDArray[np.intp]) -> SlotCodes:
    """The axis of a column of numbers: a bound wherever the lines tell the numbers below it from those above."""
    codes = [slot.code(0.0) if not slot.cuts else slot.first_number]
    bounds: list[Any] = []
    for bound, code in _steps(slot, column.dtype):
        if classes[code] != classes[codes[-1]]:
            bounds.append(bound)
            codes.append(code)
    axis = NumberAxis(slot.name, column, bounds)
    if axis.may_be_unknown:
        codes.append(UNKNOWN_CODE)
    if len({int(classes[code]) for code in codes}) == 1:
        return SlotCodes((), np.array(codes[0], np.uint16))
    return SlotCodes((axis,), np.array(codes, np.uint16))


def _steps(slot: Attribute, dtype: np.dtype[Any]) -> Iterable[tuple[Any, int]]:
    """The least number of the type that has each code, in order; codes that none has are left out."""
    found: dict[Any, int] = {}
    for place, cut in enumerate(slot.cuts):
        for above in (False, True):
            bound = least(dtype, cut, above=above)
            if bound is not None:
                found[bound] = slot.first_number + 2 * place + 1 + above
    return found.items()
