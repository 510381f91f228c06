"""What a table of acts is given as: for each fact a column of values, or one value for all rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexloci.law.rule import Rulebook
from lexloci.model.act import Role
from lexloci.model.errors import LexlociError
from lexloci.model.fact import UNKNOWN, NoValue, Value

MOST_VALUES = 1 << 16
_PLAIN = (bool, int, float, str, date, NoValue)


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of few different values: ``codes`` (whole numbers from 0, one a row) are places in ``values``.

    ``values`` may hold UNKNOWN and ABSENT; a number that is none (nan) is UNKNOWN.
    """

    codes: NDArray[Any]
    values: tuple[Value, ...]

    def __len__(self) -> int:
        return len(self.codes)


Column = NDArray[Any] | Coded | Value
"""Truth values (all known), numbers (nan: unknown), codes of few values, or one value for all rows."""


def checked_columns(rulebook: Rulebook, columns: Mapping[str, Column]) -> dict[str, Column]:
    """The columns by fact, in one form; LexlociError where one cannot be read as what it should be."""
    return {name: _checked(rulebook, name, column) for name, column in columns.items()}


def _checked(rulebook: Rulebook, name: str, column: Column) -> Column:
    domain = _domain(rulebook, name)
    if isinstance(column, Coded):
        codes = np.asarray(column.codes)
        if codes.ndim != 1 or codes.dtype.kind not in "iu":
            raise LexlociError(f"column {name}: its codes are {_shape(codes)}; give whole numbers, one a row")
        if not 0 < len(column.values) <= MOST_VALUES:
            raise LexlociError(f"column {name}: has {len(column.values)} values; give 1 to {MOST_VALUES}, or numbers")
        return Coded(codes, tuple(_value(name, value, domain) for value in column.values))
    if isinstance(column, np.ndarray) and column.ndim:
        if column.ndim != 1 or column.dtype.kind not in "biuf" or column.dtype.itemsize > 8:
            raise LexlociError(
                f"column {name}: is {_shape(column)}; give truth values or numbers, one a row, or Coded(codes, values)"
            )
        return column.astype(column.dtype.newbyteorder("="), copy=False)
    return _value(name, column, domain)


def _shape(array: NDArray[Any]) -> str:
    return f"an array of {array.dtype} in {array.ndim} dimension{'' if array.ndim == 1 else 's'}"


def _domain(rulebook: Rulebook, name: str) -> tuple[str, ...]:
    """The texts that a fact may have; empty where any may be."""
    point = name.removeprefix("reading.")
    if point != name and point in rulebook.points:
        return tuple(rulebook.points[point].options)
    if name in rulebook.vocabulary:
        return rulebook.vocabulary[name].domain
    known = [*rulebook.vocabulary, *(f"reading.{one}" for one in rulebook.points)]
    raise LexlociError(f"column {name}: the vocabulary has no such fact; {_mend(name, known, 'name one that it has')}")


def _mend(name: str, known: Iterable[str], otherwise: str) -> str:
    close = get_close_matches(name, list(known), 1)
    return f"did you mean {close[0]}?" if close else otherwise


def _value(name: str, value: Any, domain: tuple[str, ...]) -> Value:
    plain: Any = value.item() if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0 else value
    if not isinstance(plain, _PLAIN):
        raise LexlociError(f"column {name}: {plain!r} is no value of a fact; give a truth value, number, text or day")
    if isinstance(plain, float) and plain != plain:  # noqa: PLR0124 -- the only value that is not itself
        return UNKNOWN
    if domain and isinstance(plain, str) and plain not in domain:
        mend = _mend(plain, domain, f"give one of: {', '.join(domain)}")
        raise LexlociError(f"column {name}: {plain!r} is none of its values; {mend}")
    return plain


def rows_of(columns: Mapping[str, Column], on: date | NDArray[Any]) -> int:
    """How many rows the columns have; LexlociError where they differ, or nothing says so."""
    lengths = {name: len(column) for name, column in columns.items() if isinstance(column, np.ndarray | Coded)}
    if not isinstance(on, date):
        lengths["on"] = len(on)
    if not lengths:
        raise LexlociError("columns: no column says how many rows there are; give one fact, or the days, as an array")
    if len(set(lengths.values())) > 1:
        (first, most), *_, (other, least) = sorted(lengths.items(), key=lambda item: -item[1])
        raise LexlociError(
            f"columns: {first} has {most} rows and {other} has {least}; give each a value for every row, or one for all"
        )
    return next(iter(lengths.values()))


def is_array(column: Column) -> bool:
    """Whether it has a value for each row."""
    return isinstance(column, np.ndarray | Coded)


def checked_days(on: date | NDArray[Any]) -> date | NDArray[np.datetime64]:
    """The day of all rows, or of each; LexlociError for what is no day."""
    if isinstance(on, np.ndarray):
        if on.ndim != 1 or on.dtype != np.dtype("datetime64[D]"):
            raise LexlociError(f"on: is {_shape(on)}; give one date, or days: on.astype('datetime64[D]')")
        return on
    if type(on) is not date:
        raise LexlociError(f"on: {on!r} is no date; give datetime.date(year, month, day), or an array of days")
    return on


def checked_roles(parties: Iterable[str]) -> frozenset[str]:
    """The roles that take part; LexlociError for a name of none."""
    roles = frozenset(parties)
    known = [role.value for role in Role]
    for name in sorted(roles.difference(known)):
        raise LexlociError(f"parties: {name!r} is no role; {_mend(name, known, 'give some of: ' + ', '.join(known))}")
    return roles


def value_at(column: Column, row: int) -> Value:
    """The value of a column in a row."""
    if isinstance(column, Coded):
        return column.values[int(column.codes[row])]
    if isinstance(column, np.ndarray):
        value: Value = column[row].item()
        return UNKNOWN if value != value else value  # noqa: PLR0124 -- the only value that is not itself
    return column
