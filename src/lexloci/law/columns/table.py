"""Which tables say, at the places of their axes, which clauses stay possible and which certain?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from lexloci.law.columns.axis import Axis, TruthAxis
from lexloci.law.columns.layout import CLEAR, Layout, Words
from lexloci.law.columns.slots import SlotCodes
from lexloci.law.columns.truth import FALSE, TRUE, Atom, OpenLine, Truths, truth

MOST_ENTRIES = 1 << 16
_ALL = np.uint64(2**64 - 1)


@dataclass(frozen=True, eq=False)
class Table:
    """For the places of some axes, the bits that stay possible and certain: an array for each word, None where all do.

    The lowest bit of the first word of ``possible`` is set where nothing that matters is only possible.
    """

    axes: tuple[int, ...]
    possible: Sequence[Words | None]
    certain: Sequence[Words | None]


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables for some lines and the axes that index them; the words of a row where a line reads no axis."""

    axes: Sequence[Axis]
    tables: Sequence[Table]
    possible: Words
    certain: Words


@dataclass(eq=False)
class _Part:
    """The words that stay possible and certain at the places of some axes: word by word, then axis by axis."""

    axes: tuple[int, ...]
    possible: Words
    certain: Words


def places_read(line: OpenLine, settled: Mapping[int, SlotCodes]) -> int:
    """How many combinations of places the axes of a line have."""
    return prod(axis.radix for axis in _axes(line, settled))


def _axes(line: OpenLine, settled: Mapping[int, SlotCodes]) -> tuple[Axis, ...]:
    return tuple(dict.fromkeys(axis for place in line.slots.values() for axis in settled[place].axes))


def tables_of(
    lines: Sequence[OpenLine],
    settled: Mapping[int, SlotCodes],
    layout: Layout,
    certain: Words,
    entries: int,
    most: int = MOST_ENTRIES,
) -> Tables:
    """The tables for some lines, of up to ``entries`` entries where a line alone does not ask for more, up to ``most``.

    ``certain`` are the bits that can be certain.
    """
    axes: dict[Axis, int] = {}
    parts: dict[tuple[int, ...], _Part] = {}
    for line in lines:
        read, truths = _line_truths(line, settled, most)
        places = tuple(axes.setdefault(axis, len(axes)) for axis in read)
        order = sorted(range(len(places)), key=places.__getitem__)
        _add_line(parts, tuple(places[axis] for axis in order), truths.transpose(order), layout.words_of(line.clauses))
    nowhere = parts.pop((), None)
    radices = [axis.radix for axis in axes]
    stakes = certain.copy()
    stakes[: layout.outcome_words] &= layout.certain
    packed = _packed(list(parts), radices, entries)
    return Tables(
        axes=tuple(axes),
        tables=[_table(wanted, [parts[one] for one in inside], radices, stakes) for wanted, inside in packed],
        possible=np.full(layout.words, _ALL) if nowhere is None else nowhere.possible,
        certain=np.full(layout.words, _ALL) if nowhere is None else nowhere.certain,
    )


def _line_truths(line: OpenLine, settled: Mapping[int, SlotCodes], most: int) -> tuple[tuple[Axis, ...], Truths]:
    """The axes of a line, and its truth at their places: an axis of the array for each."""
    used = {name: settled[place] for name, place in line.slots.items()}
    axes = _axes(line, settled)
    if prod(axis.radix for axis in axes) > most:
        by_atom = {atom: (line.truths[atom][used[atom.fact].codes], used[atom.fact].axes) for atom in line.truths}
        axis = TruthAxis(line.expression, by_atom)
        return (axis,), np.arange(axis.radix, dtype=np.uint8)

    def of_atom(atom: Atom) -> Any:
        one = used[atom.fact]
        return _spread(line.truths[atom][one.codes], one.axes, axes)

    shape = [axis.radix for axis in axes]
    return axes, np.broadcast_to(truth(line.expression, of_atom), shape)


def _spread(array: Any, axes: Sequence[object], wanted: Sequence[object]) -> Any:
    """An array over some axes as one over the wanted axes, among which they are; of length 1 along the others."""
    order = sorted(range(len(axes)), key=lambda place: wanted.index(axes[place]))
    lengths = dict(zip(axes, array.shape, strict=True))
    return array.transpose(order).reshape([lengths.get(axis, 1) for axis in wanted])


def _add_line(parts: dict[tuple[int, ...], _Part], axes: tuple[int, ...], truths: Truths, clauses: Words) -> None:
    """Takes the clauses of a line out of the words, where it is false and where it is not true."""
    part = parts.get(axes)
    if part is None:
        shape = (len(clauses), *truths.shape)
        part = parts[axes] = _Part(axes, np.full(shape, _ALL), np.full(shape, _ALL))
    for word, bits in enumerate(clauses):
        if bits:
            part.possible[word] &= np.where(truths == FALSE, ~bits, _ALL)
            part.certain[word] &= np.where(truths != TRUE, ~bits, _ALL)


def _packed(
    wanted: Sequence[tuple[int, ...]], radices: Sequence[int], entries: int
) -> Iterable[tuple[tuple[int, ...], list[tuple[int, ...]]]]:
    """Few sets of axes with up to ``entries`` places each, such that every wanted set is within one of them."""
    sizes = {axes: prod(radices[axis] for axis in axes) for axes in wanted}
    packed: list[tuple[frozenset[int], list[tuple[int, ...]]]] = []
    for axes in sorted(wanted, key=lambda axes: (-sizes[axes], axes)):
        best, growth = None, float("inf")
        for place, (union, _) in enumerate(packed):
            grown = prod(radices[axis] for axis in union.union(axes))
            ratio = grown / prod(radices[axis] for axis in union) - 1.0 / grown
            if grown <= max(entries, sizes[axes]) and ratio < growth:
                best, growth = place, ratio
        if best is None:
            packed.append((frozenset(axes), [axes]))
        else:
            union, inside = packed[best]
            packed[best] = union.union(axes), [*inside, axes]
    return [(tuple(sorted(union)), inside) for union, inside in packed]


def _table(axes: tuple[int, ...], parts: Sequence[_Part], radices: Sequence[int], stakes: Words) -> Table:
    """The table of some parts over the axes of all of them."""
    words = len(stakes)
    shape = (words, *(radices[axis] for axis in axes))
    possible, certain = np.full(shape, _ALL), np.full(shape, _ALL)
    for part in parts:
        spread = [words, *(radices[axis] if axis in part.axes else 1 for axis in axes)]
        possible &= part.possible.reshape(spread)
        certain &= part.certain.reshape(spread)
    flat_possible, flat_certain = possible.reshape(words, -1), certain.reshape(words, -1)
    at_stake = ((flat_possible ^ flat_certain) & stakes[:, None]).any(axis=0)
    flat_possible[0] &= np.where(at_stake, ~CLEAR, _ALL)
    return Table(axes, [_unless_all(word) for word in flat_possible], [_unless_all(word) for word in flat_certain])


def _unless_all(word: Words) -> Words | None:
    return None if (word == _ALL).all() else word
