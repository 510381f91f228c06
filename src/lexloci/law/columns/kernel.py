"""The compiled loop that decides rows: the steps of ``run`` and ``tally`` over plain numbers.

It is compiled once for every plan, because it gets a plan as numbers and columns as addresses. Each
step passes over some rows by itself, so that it is compiled without a jump.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numba import carray, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from lexloci.law.columns import layout, tally
from lexloci.law.columns.layout import BITS
from lexloci.law.columns.machine_code import compiler
from lexloci.law.columns.tally import REVIEW, WORST
from lexloci.model import outcome as outcomes

Words = NDArray[np.uint64]
Bytes = NDArray[np.uint8]
Whole = NDArray[np.int64]
Entries = NDArray[np.uint16]

INNER = 1 << 13
"""Rows that each step passes over: few enough for the cache, and enough to read every column in long stretches."""
BYTES, SIXTEEN, CODES, FLOATS, RELATION = range(5)
"""What a column holds: places of 8 or 16 bits, codes of 8 bits that a list gives places, numbers, or numbers compared
with others (and the operator's place)."""
OPERATORS = ("==", "!=", "<", "<=", ">", ">=")
_BITS = np.uint64(BITS)
_ONE = np.uint64(1)
_compiled = compiler([Path(__file__), *(Path(str(one.__file__)) for one in (layout, tally, outcomes))])


class Reading(NamedTuple):
    """How the axes are read, a value for each: what they hold, bytes a value, places, codes that have a value.

    The bounds of axis i are ``bounds[bounds_at[i]:bounds_at[i + 1]]``; the place of code c is ``place_of[i, c]``.
    """

    kinds: Whole
    sizes: Whole
    radices: Whole
    counts: Whole
    bounds: NDArray[np.float64]
    bounds_at: Whole
    place_of: Bytes


class Looking(NamedTuple):
    """The tables. The axes of table i are ``axes[axes_at[i]:axes_at[i + 1]]``; all words stand one after another.

    ``offsets`` say where those of a table begin: side (possible, certain), table, word; -1 for none.
    """

    axes: Whole
    axes_at: Whole
    words: Words
    offsets: NDArray[np.int64]
    first_day: int
    standing: Words
    base: Words


class Counting(NamedTuple):
    """How outcomes are read off words (``columns_layout``): the severity of the highest bit of each word, and masks.

    ``is_plain`` says that whatever is possible is certain where no unknown fact matters.
    """

    severity: Bytes
    certain: Words
    possible: Words
    speaking: Words
    counters: Words
    against: Words
    is_open: bool
    is_plain: bool


class Room(NamedTuple):
    """Where words and entries are written; the words of all rows are kept where there is room for them."""

    possible: Words
    certain: Words
    entries: Entries


class Outcomes(NamedTuple):
    """Where the outcomes of rows are written."""

    outcome: Bytes
    certain: Bytes
    possible: Bytes


def _built_in(function: Callable[..., Any]) -> Callable[..., Any]:
    made: Callable[..., Any] = intrinsic(function)
    return made


@_built_in
def _pointer(_: Any, address: Any) -> Any:
    """An address as a pointer."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), code


@_built_in
def _leading_zeros(_: Any, word: Any) -> Any:
    """How many bits above the highest of a word are not set."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctlz(arguments[0], cgutils.false_bit)

    return types.uint64(word), code


@_compiled
def ends(days: Whole) -> tuple[int, int]:
    """The first and the last of some days, in one pass."""
    first = last = days[0]
    for day in days:
        first, last = min(first, day), max(last, day)
    return first, last


@_compiled
def decide(
    addresses: Whole,
    others: Whole,
    days: Whole,
    reading: Reading,
    looking: Looking,
    counting: Counting,
    room: Room,
    out: Outcomes,
) -> int:
    """Decides rows whose columns begin at some addresses; the axis with a place that has no value, else -1."""
    keeps = room.possible.shape[1] > INNER
    for start in range(0, len(out.outcome), INNER):
        stop = min(start + INNER, len(out.outcome))
        wrong = _enter(addresses, others, start, stop - start, reading, looking, room.entries)
        if wrong >= 0:
            return wrong
        at = start if keeps else 0
        possible = room.possible[:, at : at + stop - start]
        certain = possible
        _look(days[start:stop], looking, possible, room.entries)
        is_clear = _is_clear(possible[0])
        if keeps or not is_clear:
            certain = room.certain[:, at : at + stop - start]
            _make_certain(looking, possible, certain, room.entries)
        rows = Outcomes(out.outcome[start:stop], out.certain[start:stop], out.possible[start:stop])
        _count(possible, certain, counting, rows, is_clear and counting.is_plain)
    return -1


@_compiled
def _enter(
    addresses: Whole, others: Whole, start: int, rows: int, reading: Reading, looking: Looking, entries: Entries
) -> int:
    """Writes the entry of rows in each table; the axis with a place that has no value, else -1."""
    for table in range(len(looking.axes_at) - 1):
        own = entries[table, :rows]
        own[:] = 0
        for axis in looking.axes[looking.axes_at[table] : looking.axes_at[table + 1]]:
            skip = start * reading.sizes[axis]
            bounds = reading.bounds[reading.bounds_at[axis] : reading.bounds_at[axis + 1]]
            address, other, radix = addresses[axis] + skip, others[axis] + skip, np.uint16(reading.radices[axis])
            if reading.kinds[axis] == BYTES:
                if _add_bytes(address, radix, own) >= reading.counts[axis]:
                    return int(axis)
            elif reading.kinds[axis] == SIXTEEN:
                _add_sixteen(address, radix, own)
            elif reading.kinds[axis] == CODES:
                if _add_codes(address, radix, reading.place_of[axis], own) >= reading.counts[axis]:
                    return int(axis)
            elif reading.kinds[axis] == FLOATS:
                _add_floats(address, radix, bounds, own)
            else:
                _add_relation(address, other, reading.kinds[axis] - RELATION, radix, own)
    return -1


@_compiled
def _add_bytes(address: int, radix: np.uint16, entries: Entries) -> int:
    """Counts places into entries; the largest place."""
    places = carray(_pointer(address), (len(entries),), np.uint8)
    most = np.uint8(0)
    for row in range(len(entries)):
        most = max(most, places[row])
    for row in range(len(entries)):
        entries[row] = entries[row] * radix + places[row]
    return int(most)


@_compiled
def _add_codes(address: int, radix: np.uint16, place_of: Bytes, entries: Entries) -> int:
    """Counts the places of codes into entries; the largest code."""
    codes = carray(_pointer(address), (len(entries),), np.uint8)
    most = np.uint8(0)
    for row in range(len(entries)):
        most = max(most, codes[row])
    for row in range(len(entries)):
        entries[row] = entries[row] * radix + place_of[codes[row]]
    return int(most)


@_compiled
def _add_sixteen(address: int, radix: np.uint16, entries: Entries) -> None:
    places = carray(_pointer(address), (len(entries),), np.uint16)
    for row in range(len(entries)):
        entries[row] = entries[row] * radix + places[row]


@_compiled
def _add_floats(address: int, radix: np.uint16, bounds: NDArray[np.float64], entries: Entries) -> None:
    """Counts into entries how many bounds each number reaches; the last place for what is no number."""
    numbers = carray(_pointer(address), (len(entries),), np.float64)
    one, two, three = _three(bounds, 0)
    are_numbers = True
    for row in range(len(entries)):
        # Three in one pass; no number reaches what is no number, and what is none reaches no bound.
        number = numbers[row]
        are_numbers &= number == number  # noqa: PLR0124
        reached = np.uint16(number >= one) + np.uint16(number >= two) + np.uint16(number >= three)
        entries[row] = entries[row] * radix + reached
    for first in range(3, len(bounds), 3):
        one, two, three = _three(bounds, first)
        for row in range(len(entries)):
            number = numbers[row]
            entries[row] += np.uint16(number >= one) + np.uint16(number >= two) + np.uint16(number >= three)
    if not are_numbers:
        unknown = radix - np.uint16(1)
        for row in range(len(entries)):
            entries[row] += unknown if np.isnan(numbers[row]) else np.uint16(0)


@_compiled
def _three(bounds: NDArray[np.float64], first: int) -> tuple[float, float, float]:
    """Three bounds from a place on; no number for those that there are not."""
    one = bounds[first] if first < len(bounds) else np.nan
    two = bounds[first + 1] if first + 1 < len(bounds) else np.nan
    three = bounds[first + 2] if first + 2 < len(bounds) else np.nan
    return one, two, three


@_compiled
def _add_relation(address: int, other: int, operator: int, radix: np.uint16, entries: Entries) -> None:
    """Counts into entries the code of two numbers compared (``lexloci.law.coding.Relation``)."""
    numbers = carray(_pointer(address), (len(entries),), np.float64)
    others = carray(_pointer(other), (len(entries),), np.float64)
    for row in range(len(entries)):
        left, right = numbers[row], others[row]
        unknown = np.uint16(np.isnan(left)) + np.uint16(2) * np.uint16(np.isnan(right))
        known = np.uint16(3) + np.uint16(_compare(operator, left, right))
        entries[row] = entries[row] * radix + (unknown - np.uint16(1) if unknown else known)


@_compiled
def _compare(operator: int, left: float, right: float) -> bool:
    """Whether two numbers compare so, by the place of the operator in ``OPERATORS``."""
    if operator == 0:
        return left == right
    if operator == 1:
        return left != right
    if operator == 2:
        return left < right
    if operator == 3:
        return left <= right
    return left > right if operator == 4 else left >= right


@_compiled
def _look(days: Whole, looking: Looking, possible: Words, entries: Entries) -> None:
    """Writes the words that stay possible in rows."""
    last = looking.standing.shape[1] - 1
    for word in range(len(possible)):
        own = possible[word]
        if len(days):
            stands = looking.standing[word]
            for row in range(len(own)):
                own[row] = stands[np.uint64(min(max(days[row] - looking.first_day, 0), last))]
        else:
            own[:] = looking.base[word]
        for table in range(looking.offsets.shape[1]):
            begin = looking.offsets[0, table, word]
            if begin >= 0:
                looked, places = looking.words[begin:], entries[table]
                for row in range(len(own)):
                    own[row] &= looked[places[row]]


@_compiled
def _is_clear(word: Words) -> bool:
    """Whether no unknown fact matters in any row."""
    every = _ONE
    for one in word:
        every &= one
    return bool(every)


@_compiled
def _make_certain(looking: Looking, possible: Words, certain: Words, entries: Entries) -> None:
    """Writes the words that are certain: the possible ones, but for the rows in which an unknown fact matters."""
    for word in range(len(possible)):
        certain[word] = possible[word]
    for row in range(possible.shape[1]):
        if possible[0, row] & _ONE:
            continue
        for table in range(looking.offsets.shape[1]):
            for word in range(len(possible)):
                begin = looking.offsets[1, table, word]
                if begin >= 0:
                    certain[word, row] &= looking.words[begin + entries[table, row]]


@_compiled
def _count(
    possible_words: Words,
    certain_words: Words,
    counting: Counting,
    rows: Outcomes,
    is_alike: bool,  # noqa: FBT001 -- compiled functions take no argument by its name alone
) -> None:
    """Writes the outcome, the certain and the possible one of rows; ``is_alike``: both have the same severities."""
    outcome, certain, possible = rows.outcome, rows.certain, rows.possible
    _severities(certain_words, counting.certain, counting.severity, certain)
    if is_alike:
        possible[:] = certain
    else:
        _severities(possible_words, counting.possible, counting.severity, possible)
    found, other = np.empty(len(outcome), np.uint64), np.empty(len(outcome), np.uint64)
    outcome[:] = counting.is_open
    for body in range(len(counting.speaking)):
        _gather(certain_words, counting.speaking[body], found)
        for row in range(len(outcome)):
            outcome[row] |= found[row] == 0
    for conflict in range(len(counting.counters)):
        _gather(possible_words, counting.counters[conflict], found)
        _gather(possible_words, counting.against[conflict], other)
        for row in range(len(outcome)):
            outcome[row] |= (found[row] != 0) & (other[row] != 0)
    for row in range(len(outcome)):
        worst = max(possible[row], certain[row], np.uint8(outcome[row] * WORST))
        is_review = (worst != certain[row]) & (worst > np.uint8(1))
        possible[row] = worst
        outcome[row] = max(worst, np.uint8(is_review * REVIEW))


@_compiled
def _severities(words: Words, counted: Words, severity: Bytes, out: Bytes) -> None:
    """Writes the severity of the highest bit that counts."""
    out[:] = 0
    for word in range(len(counted)):
        own, of_bit, mask = words[word], severity[word], counted[word]
        for row in range(len(out)):
            out[row] = max(out[row], of_bit[_BITS - _leading_zeros(own[row] & mask)])


@_compiled
def _gather(words: Words, mask: Words, out: Words) -> None:
    """Writes the bits of a mask that are set in any word, one word over the other."""
    out[:] = 0
    for word in range(len(mask)):
        own, bits = words[word], mask[word]
        if bits:
            for row in range(len(out)):
                out[row] |= own[row] & bits
