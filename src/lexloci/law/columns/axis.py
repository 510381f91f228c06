"""At which place of a short list does the value of each row fall? An axis says so, a block of rows at a time.

The tables of ``lexloci.law.columns.plan`` are indexed by places. An axis with up to 256 places gives
bytes, one with more gives 16 bits a row.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil, floor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lexloci.law.coding import Relation
from lexloci.law.columns.input import Coded, Column, value_at
from lexloci.law.columns.truth import Atom, Truths, truth
from lexloci.law.expression import Expression
from lexloci.model.errors import LexlociError
from lexloci.model.fact import ABSENT, UNKNOWN, Value

Places = NDArray[np.unsignedinteger[Any]]
Number = np.integer[Any] | np.floating[Any]
_MOST_SUMMED = 12  # beyond so many limits a binary search is faster than a comparison with each
EXACT = 2**53  # whole numbers up to here are floats too


def places_type(radix: int) -> type[np.uint8 | np.uint16]:
    """The type of the places of an axis."""
    return np.uint8 if radix <= 256 else np.uint16


class Axis(Protocol):
    """Something that gives each row a place from 0 up to ``radix``; ``name`` is a fact that it reads."""

    @property
    def name(self) -> str:
        """A fact whose column it reads."""

    @property
    def radix(self) -> int:
        """How many places there are."""

    def places(self, start: int, stop: int, out: Places, spare: NDArray[np.bool_]) -> Places:
        """The places of some rows: written into ``out``, or others that are only read."""

    def of(self, columns: Mapping[str, Any]) -> Axis:
        """The same axis over other columns of the same types and values."""


@dataclass(frozen=True, eq=False)
class FlagAxis:
    """A column of truth values: false, true."""

    name: str
    column: NDArray[np.bool_]
    radix: int = field(default=2, init=False)

    def places(self, start: int, stop: int, out: Places, spare: NDArray[np.bool_]) -> Places:  # noqa: ARG002
        """See ``Axis``; LexlociError for bytes that are no truth values."""
        places = self.column[start:stop].view(np.uint8)
        if np.maximum.reduce(places) > 1:
            raise LexlociError(f"column {self.name}: holds other bytes than 0 and 1; give truth values: column != 0")
        return places

    def of(self, columns: Mapping[str, Any]) -> FlagAxis:
        """See ``Axis``."""
        return FlagAxis(self.name, columns[self.name])


@dataclass(frozen=True, eq=False)
class CodedAxis:
    """A column of codes: the place of a code is in ``table``; without one it is the code itself."""

    name: str
    column: Coded
    radix: int
    table: Places | None

    def places(self, start: int, stop: int, out: Places, spare: NDArray[np.bool_]) -> Places:  # noqa: ARG002
        """See ``Axis``; LexlociError for a code that has no value."""
        codes = self.column.codes[start:stop]
        check_codes(self.name, codes, len(self.column.values), start)
        if self.table is None:
            return codes.view(np.uint8)
        if codes.dtype == out.dtype == np.uint8:
            return np.frombuffer(codes.tobytes().translate(self._translation), np.uint8)
        np.take(self.table, codes, out=out, mode="clip")
        return out

    @cached_property
    def _translation(self) -> bytes:
        """The table for all bytes: Python puts bytes for bytes in half the time of a look into an array."""
        table = np.zeros(256, np.uint8)
        if self.table is not None:
            table[: len(self.table)] = self.table[:256]  # a code of 8 bits reaches no further
        return table.tobytes()

    def of(self, columns: Mapping[str, Any]) -> CodedAxis:
        """See ``Axis``."""
        return replace(self, column=columns[self.name])


def check_codes(name: str, codes: NDArray[Any], count: int, start: int) -> None:
    """Raises LexlociError where a code has no value."""
    if np.maximum.reduce(codes) >= count or (codes.dtype.kind == "i" and np.minimum.reduce(codes) < 0):
        place = int(np.flatnonzero((codes < 0) | (codes >= count))[0])
        raise LexlociError(
            f"column {name}: code {codes[place]} in row {start + place} has no value; give codes from 0 to {count - 1}"
        )


@dataclass(frozen=True, eq=False)
class NumberAxis:
    """A column of numbers: how many of ``bounds`` it reaches; one place more for no number, in a column of floats."""

    name: str
    column: NDArray[Any]
    bounds: Sequence[Number]

    @property
    def may_be_unknown(self) -> bool:
        """Whether a row may hold no number."""
        return self.column.dtype.kind == "f"

    @property
    def radix(self) -> int:
        """How many places there are."""
        return len(self.bounds) + 1 + self.may_be_unknown

    def places(self, start: int, stop: int, out: Places, spare: NDArray[np.bool_]) -> Places:
        """See ``Axis``."""
        numbers = self.column[start:stop]
        if len(self.bounds) > _MOST_SUMMED or out.dtype == np.uint16:
            out[:] = np.searchsorted(np.array(self.bounds), numbers, side="right")
        else:
            if not self.bounds:
                out[:] = 0
            for bound in self.bounds[:1]:
                np.greater_equal(numbers, bound, out=out.view(np.bool_))
            for bound in self.bounds[1:]:
                np.add(out, np.greater_equal(numbers, bound, out=spare).view(np.uint8), out=out)
        if self.may_be_unknown and np.isnan(np.minimum.reduce(numbers)):
            out[np.isnan(numbers, out=spare)] = len(self.bounds) + 1
        return out

    def of(self, columns: Mapping[str, Any]) -> NumberAxis:
        """See ``Axis``."""
        return replace(self, column=columns[self.name])


def least(dtype: np.dtype[Any], limit: float, *, above: bool) -> Number | None:
    """The least number of a type that reaches a limit (or is above it), so that comparing with it is exact.

    None where the type has none.
    """
    if dtype.kind == "f":
        return _least_float(dtype, limit, above=above)
    if limit in (float("inf"), float("-inf")):
        whole = int(np.iinfo(dtype).max) + 1 if limit > 0 else int(np.iinfo(dtype).min)
    else:
        whole = floor(limit) + 1 if above else ceil(limit)
    number: Number | None = dtype.type(max(whole, np.iinfo(dtype).min)) if whole <= np.iinfo(dtype).max else None
    return number


def _least_float(dtype: np.dtype[Any], limit: float, *, above: bool) -> Number | None:
    with np.errstate(over="ignore"):
        try:
            number = dtype.type(limit)
        except OverflowError:
            number = dtype.type(np.inf if limit > 0 else -np.inf)
    exact: Callable[[Any, Any], bool] = operator.le if above else operator.lt
    if exact(number.item(), limit):
        if number == np.inf:
            return None
        number = np.nextafter(number, dtype.type(np.inf))
    return number  # type: ignore[no-any-return]


@dataclass(frozen=True, eq=False)
class RelationAxis:
    """Two facts compared with each other, of which one is a column of numbers: the code of the relation."""

    relation: Relation
    left: Column
    right: Column
    radix: int = field(default=5, init=False)

    @property
    def name(self) -> str:
        """The fact on the left."""
        return self.relation.left

    def places(self, start: int, stop: int, out: Places, spare: NDArray[np.bool_]) -> Places:  # noqa: ARG002
        """See ``Axis``."""
        left, left_kind = self._left.block(start, stop)
        right, right_kind = self._right.block(start, stop)
        _COMPARE[self.relation.atom.operator](left, right, out=out.view(np.bool_))
        np.add(out, 3, out=out)
        if np.ndim(left_kind) or np.ndim(right_kind) or left_kind != right_kind or left_kind < _FIRST_KIND:
            self._mend(start, out, *np.broadcast_arrays(left_kind, right_kind, out)[:2])
        return out

    def of(self, columns: Mapping[str, Any]) -> RelationAxis:
        """See ``Axis``."""
        return RelationAxis(self.relation, columns[self.relation.left], columns[self.relation.right])

    def _mend(self, start: int, out: Places, left: NDArray[np.uint8], right: NDArray[np.uint8]) -> None:
        """Writes the code of the rows that a plain comparison cannot tell, the strongest reason last."""
        out[left != right] = 0
        unknown = (left == _UNKNOWN) + 2 * (right == _UNKNOWN).astype(np.uint8)
        np.copyto(out, unknown - np.uint8(1), where=unknown > 0, casting="unsafe")
        out[(left == _ABSENT) | (right == _ABSENT)] = 3 + (self.relation.atom.operator == "!=")
        for row in np.flatnonzero((left == _LARGE) | (right == _LARGE)).tolist():
            values = value_at(self.left, start + row), value_at(self.right, start + row)
            out[row] = self.relation.code(*values)

    @cached_property
    def _ranks(self) -> Mapping[tuple[type, Value], float]:
        """The order of the values that are no numbers, among those of their kind on both sides."""
        given: dict[type, set[Any]] = {}
        for column in (self.left, self.right):
            for value in column.values if isinstance(column, Coded) else (column,):
                if not isinstance(value, np.ndarray):
                    given.setdefault(type(value), set()).add(value)
        given = {kind: values for kind, values in given.items() if kind not in (bool, int, float, type(UNKNOWN))}
        return {(kind, value): float(place) for kind, some in given.items() for place, value in enumerate(sorted(some))}

    @cached_property
    def _kinds(self) -> dict[type, int]:
        kinds = dict.fromkeys((float, bool, *(kind for kind, _ in self._ranks)))
        return {kind: _FIRST_KIND + place for place, kind in enumerate(kinds)}

    @cached_property
    def _left(self) -> _Side:
        return _Side(self.relation.left, self.left, self._ranks, self._kinds)

    @cached_property
    def _right(self) -> _Side:
        return _Side(self.relation.right, self.right, self._ranks, self._kinds)


_UNKNOWN, _ABSENT, _LARGE, _FIRST_KIND = range(4)
_COMPARE: Mapping[str, np.ufunc] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


class _Side:
    """One of two facts that are compared: for each row a number, and of which kind its value is."""

    def __init__(
        self, name: str, column: Column, ranks: Mapping[tuple[type, Value], float], kinds: Mapping[type, int]
    ) -> None:
        self.name = name
        self.column = column
        self.kinds = kinds
        values = column.values if isinstance(column, Coded) else () if isinstance(column, np.ndarray) else (column,)
        coded = [_number(value, ranks, kinds) for value in values]
        self.numbers = np.array([number for number, _ in coded], np.float64)
        self.kind_of = np.array([kind for _, kind in coded], np.uint8)

    def block(self, start: int, stop: int) -> tuple[Any, Any]:
        """The numbers of some rows, and the kind of each or of all."""
        column = self.column
        if isinstance(column, Coded):
            codes = column.codes[start:stop]
            check_codes(self.name, codes, len(column.values), start)
            return self.numbers[codes], self.kind_of[codes]
        if not isinstance(column, np.ndarray):
            return self.numbers[0], self.kind_of[0]
        part = column[start:stop]
        if part.dtype == np.bool_:
            return part.view(np.uint8), self.kinds[bool]
        if part.dtype.kind == "f":
            number = self.kinds[float]
            if not np.isnan(np.minimum.reduce(part)):
                return part, number
            return part, np.where(np.isnan(part), np.uint8(_UNKNOWN), np.uint8(number))
        large = (part > EXACT) | (part < -EXACT) if part.dtype.itemsize == 8 else np.False_
        number = self.kinds[float]
        return part.astype(np.float64), np.where(large, np.uint8(_LARGE), np.uint8(number)) if large.any() else number


def _number(value: Value, ranks: Mapping[tuple[type, Value], float], kinds: Mapping[type, int]) -> tuple[float, int]:
    if value is UNKNOWN or value is ABSENT:
        return 0.0, _UNKNOWN if value is UNKNOWN else _ABSENT
    if isinstance(value, bool):
        return float(value), kinds[bool]
    if isinstance(value, int | float):
        return (0.0, _LARGE) if isinstance(value, int) and abs(value) > EXACT else (float(value), kinds[float])
    return ranks[type(value), value], kinds[type(value)]


@dataclass(frozen=True, eq=False)
class TruthAxis:
    """A line that reads too many places at once for a table: 0 false, 1 unknown, 2 true, atom by atom."""

    expression: Expression
    tables: Mapping[Atom, tuple[Truths, tuple[Axis, ...]]]
    radix: int = field(default=3, init=False)

    @property
    def name(self) -> str:
        """One of the facts of the line."""
        return next(axis.name for _, axes in self.tables.values() for axis in axes)

    def places(self, start: int, stop: int, out: Places, spare: NDArray[np.bool_]) -> Places:
        """See ``Axis``."""

        def of_atom(atom: Atom) -> Any:
            table, axes = self.tables[atom]
            rows = [axis.places(start, stop, np.empty(len(out), places_type(axis.radix)), spare) for axis in axes]
            return table[tuple(rows)]

        out[:] = truth(self.expression, of_atom)
        return out

    def of(self, columns: Mapping[str, Any]) -> TruthAxis:
        """See ``Axis``."""
        tables = {
            atom: (truths, tuple(axis.of(columns) for axis in axes)) for atom, (truths, axes) in self.tables.items()
        }
        return TruthAxis(self.expression, tables)
