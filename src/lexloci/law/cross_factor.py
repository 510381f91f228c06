"""The classes of the rows of some entities: which words they have, and how classes of several are combined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexloci.law.columns.layout import CLEAR, Words
from lexloci.law.columns.run import BLOCK
from lexloci.law.columns.table import Table
from lexloci.law.columns.tally import OUTCOMES, Severities, Tally

_MOST_MERGED = 1 << 20  # combinations of classes of which it is tried which are alike
_EXACT = 2**53  # up to here floats count exactly


@dataclass(frozen=True, eq=False)
class Lookups:
    """What is looked up for a combination: the tables that several entities index, and how its words are counted.

    ``parts`` says for each table how many entities index it.
    """

    tables: Sequence[Table]
    parts: Sequence[int]
    tally: Tally


@dataclass(frozen=True, eq=False)
class Factor:
    """Classes: their words that stay possible and that are certain, word by word, and how many rows each has.

    ``entries`` are, for a table that several entities index, what these rows add to its entry; ``parts`` how many
    entities are in that already.
    """

    possible: Words
    certain: Words
    rows: NDArray[Any]
    entries: Mapping[int, NDArray[np.int64]]
    parts: Mapping[int, int]

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.rows)

    def only(self, chosen: NDArray[np.intp] | slice) -> Factor:
        """Some of the classes."""
        entries = {table: entry[chosen] for table, entry in self.entries.items()}
        return Factor(self.possible[:, chosen], self.certain[:, chosen], self.rows[chosen], entries, self.parts)


@dataclass(frozen=True, eq=False)
class Block:
    """Some classes of each factor, combined all with all: their outcomes in the ``order`` of the factors."""

    slices: tuple[slice, ...]
    order: Sequence[int]
    rows: Sequence[NDArray[Any]]
    outcomes: Severities

    @property
    def cube(self) -> Severities:
        """The outcomes with an axis for each factor, in their own order."""
        shape = [len(self.rows[place]) for place in self.order]
        return self.outcomes.reshape(shape).transpose(np.argsort(self.order))

    def counts(self) -> Iterator[tuple[int, int]]:
        """How many combinations of rows have each outcome that occurs."""
        ordered = [self.rows[place] for place in self.order]
        if prod(int(one.sum()) for one in ordered) < _EXACT:
            weights = reduce(np.multiply.outer, [one.astype(np.float64) for one in ordered])
            found = np.bincount(self.outcomes, weights.ravel(), len(OUTCOMES))
            yield from ((place, int(count)) for place, count in enumerate(found) if count)
            return
        for place in np.unique(self.outcomes).tolist():
            left = (self.outcomes == place).reshape([len(one) for one in ordered]).astype(object)
            for one in reversed(ordered):
                left = left.dot(one.astype(object))
            yield place, int(left)


def collapsed(factor: Factor, counted: Words) -> tuple[Factor, NDArray[np.intp]]:
    """The factor with alike classes as one, and the new class of each; ``counted`` are the bits that can be certain."""
    certain = factor.certain & counted[:, None]
    possible = factor.possible.copy()
    is_clear = ((possible & counted[:, None]) == certain).all(axis=0)
    possible[0] = np.where(is_clear, possible[0] | CLEAR, possible[0] & ~CLEAR)
    keys = [*possible, *certain, *factor.entries.values()]
    classes = np.zeros(factor.classes, np.intp)
    for key in keys:
        values, number = np.unique(key, return_inverse=True)
        if len(values) > 1:
            # Two columns of small numbers are one column of pairs, numbered through again.
            classes = np.unique(classes * len(values) + number.reshape(-1), return_inverse=True)[1].reshape(-1)
    _, first = np.unique(classes, return_index=True)
    rows = np.zeros(len(first), factor.rows.dtype)
    np.add.at(rows, classes, factor.rows)
    entries = {table: entry[first] for table, entry in factor.entries.items()}
    return Factor(possible[:, first], certain[:, first], rows, entries, factor.parts), classes


def merged(factors: Sequence[Factor], lookups: Lookups) -> list[Factor]:
    """Fewer factors for the same product: the smallest are combined, and of alike combinations one class is made."""
    left = sorted(factors, key=lambda factor: factor.classes)
    while len(left) > 1 and left[0].classes * left[1].classes <= _MOST_MERGED:
        both, _ = collapsed(_combine(left[0], left[1], lookups), lookups.tally.certain)
        left = sorted([both, *left[2:]], key=lambda factor: factor.classes)
    return left


def _combine(one: Factor, other: Factor, lookups: Lookups) -> Factor:
    """Every class of a factor with every class of another."""
    factors = (one, other)
    exact = int(one.rows.sum()) * int(other.rows.sum()) < 2**63
    rows = [factor.rows if exact else factor.rows.astype(object) for factor in factors]
    parts = {table: one.parts.get(table, 0) + other.parts.get(table, 0) for table in {*one.parts, *other.parts}}
    whole = [table for table, count in parts.items() if count == lookups.parts[table]]
    possible, certain = _words(factors, lookups, whole)
    entries = {table: _entries(factors, table) for table in sorted(parts) if table not in whole}
    return Factor(
        np.array(possible),
        np.array(certain()),
        np.multiply.outer(*rows).ravel(),
        entries,
        {table: parts[table] for table in entries},
    )


def _words(
    factors: Sequence[Factor], lookups: Lookups, tables: Sequence[int]
) -> tuple[list[Words], Callable[[], list[Words]]]:
    """The words of all classes of some factors together: possible, and when they are asked for, certain."""
    entries = {table: _entries(factors, table) for table in tables}

    def combined_words(of: Callable[[Factor], Words], looked: Callable[[Table], Sequence[Words | None]]) -> list[Words]:
        words = []
        for place in range(len(of(factors[0]))):
            word = reduce(np.bitwise_and.outer, [of(factor)[place] for factor in factors]).ravel()
            for table, entry in entries.items():
                looked_word = looked(lookups.tables[table])[place]
                if looked_word is not None:
                    word &= looked_word[entry]
            words.append(word)
        return words

    possible = combined_words(lambda factor: factor.possible, lambda table: table.possible)
    return possible, lambda: combined_words(lambda factor: factor.certain, lambda table: table.certain)


def _entries(factors: Sequence[Factor], table: int) -> NDArray[np.int64]:
    """The entry of a table, or what these factors add to it, for all their classes together."""
    parts = [factor.entries.get(table, np.zeros(factor.classes, np.int64)) for factor in factors]
    found: NDArray[np.int64] = reduce(np.add.outer, parts).ravel()
    return found


def combined(factors: Sequence[Factor], lookups: Lookups) -> Iterator[Block]:
    """All combinations of the classes of some factors, in blocks of bounded size."""
    order = sorted(range(len(factors)), key=lambda place: factors[place].classes)
    steps: dict[int, int] = {}
    room = BLOCK
    for place in reversed(order):
        steps[place] = max(1, min(factors[place].classes, room))
        room //= steps[place]
    tables = range(len(lookups.tables))
    for slices in product(*(_slices(factors[place].classes, steps[place]) for place in range(len(factors)))):
        chosen = [factor.only(some) for factor, some in zip(factors, slices, strict=True)]
        whole = [table for table in tables if any(table in factor.parts for factor in factors)]
        possible, certain = _words([chosen[place] for place in order], lookups, whole)
        outcome = np.empty((3, len(possible[0])), np.uint8)
        is_clear = bool(np.bitwise_and.reduce(possible[0]) & CLEAR)
        lookups.tally.count(possible, possible if is_clear else certain(), (outcome[0], outcome[1], outcome[2]))
        yield Block(slices, order, [one.rows for one in chosen], outcome[0])


def _slices(count: int, step: int) -> list[slice]:
    return [slice(start, min(start + step, count)) for start in range(0, count, step)]
