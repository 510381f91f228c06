"""How are rows decided with NumPy: a block of rows after another, so that what is in hand stays in the cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from lexloci.law.columns.axis import Axis, Places
from lexloci.law.columns.layout import BITS, CLEAR, Layout, Words
from lexloci.law.columns.plan import Plan
from lexloci.law.columns.tally import Severities, Tally

BLOCK = 1 << 16
"""Rows that are decided together."""


@dataclass(frozen=True, eq=False)
class Decided:
    """What is written for every row: three outcomes, and the words of the clauses that fire where they are asked."""

    outcome: Severities
    certain: Severities
    possible: Severities
    certain_clauses: Words | None
    possible_clauses: Words | None


def ends(days: NDArray[np.int64]) -> tuple[int, int]:
    """The first and the last of some days."""
    blocks = [days[start : start + BLOCK] for start in range(0, len(days), BLOCK)]
    return int(min(block.min() for block in blocks)), int(max(block.max() for block in blocks))


def fire(layout: Layout, words: Sequence[Words] | Words, counted: Words, out: Words) -> None:
    """Writes the clauses of rows, a bit for each in the order of the program; ``counted`` are those that may be."""
    for place in range(layout.firing_words):
        word = layout.outcome_words + place
        out[:, place] = words[word] & counted[word]
    for clause, word, bits in layout.gathered:
        holds = (words[word] & counted[word] & bits) != 0
        out[:, clause // BITS] |= holds.astype(np.uint64) << np.uint64(clause % BITS)


def _runs(axes: Sequence[Axis]) -> list[list[Axis]]:
    """The axes of a table in order, cut so that the places of each run together fit into bytes where they can."""
    runs: list[list[Axis]] = []
    size = 0
    for axis in axes:
        size *= axis.radix
        if runs and size <= 256:
            runs[-1].append(axis)
        else:
            runs.append([axis])
            size = axis.radix
    return runs


class Worker:
    """Decides rows by a plan; one for each thread, because it has its own buffers."""

    def __init__(self, plan: Plan, days: NDArray[np.int64] | None) -> None:
        self.plan = plan
        self.days = days
        self.tally = Tally(plan.layout, plan.possible, plan.certain, BLOCK)
        self.words = [np.empty(BLOCK, np.uint64) for _ in range(plan.layout.words)]
        self.looked = np.empty(BLOCK, np.uint64)
        self.entry = np.empty(BLOCK, np.intp)
        self.low = np.empty(BLOCK, np.uint8)
        self.narrow = np.empty(BLOCK, np.uint8)
        self.wide = np.empty(BLOCK, np.uint16)
        self.spare = np.empty(BLOCK, np.bool_)
        self.entries = [np.empty(BLOCK, np.uint16) for _ in plan.tables]
        self.runs = [_runs([plan.axes[place] for place in table.axes]) for table in plan.tables]

    def decide(self, start: int, stop: int, out: Decided) -> None:
        """Decides the rows from ``start`` to ``stop``."""
        for first in range(start, stop, BLOCK):
            self._block(first, min(first + BLOCK, stop), out)

    def _block(self, start: int, stop: int, out: Decided) -> None:
        rows = slice(start, stop)
        possible, certain = self.masks(start, stop)
        self.tally.count(possible, certain, (out.outcome[rows], out.certain[rows], out.possible[rows]))
        if out.possible_clauses is not None and out.certain_clauses is not None:
            fire(self.plan.layout, possible, self.plan.possible, out.possible_clauses[rows])
            fire(self.plan.layout, certain, self.plan.certain, out.certain_clauses[rows])

    def masks(self, start: int, stop: int) -> tuple[Sequence[Words], Sequence[Words]]:
        """The words that stay possible in some rows, and those of which a bit that can be certain is certain.

        The same words twice where no unknown fact matters.
        """
        rows = stop - start
        possible = [word[:rows] for word in self.words]
        self._stand(possible, start, stop)
        for table, runs, entries in zip(self.plan.tables, self.runs, self.entries, strict=True):
            self._enter(runs, entries[:rows], start, stop)
            np.copyto(self.entry[:rows], entries[:rows])
            for word, looked in zip(possible, table.possible, strict=True):
                if looked is not None:
                    # Entries are within their table; "wrap" checks that in less time than "clip", "raise" needs a copy.
                    np.take(looked, self.entry[:rows], out=self.looked[:rows], mode="wrap")
                    np.bitwise_and(word, self.looked[:rows], out=word)
        if np.bitwise_and.reduce(possible[0]) & CLEAR:
            return possible, possible
        return possible, self._certain(possible)

    def _stand(self, possible: Sequence[Words], start: int, stop: int) -> None:
        """The words of the clauses that stand on the day of each row."""
        days = self.plan.days
        if days is None or self.days is None:
            for word, base in zip(possible, self.plan.possible, strict=True):
                word[:] = base
            return
        day = self.days[start:stop]
        if days.first:
            day = np.subtract(day, days.first, out=self.entry[: stop - start])
        for word, standing in zip(possible, days.standing, strict=True):
            np.take(standing, day, out=word, mode="clip")

    def _enter(self, runs: Sequence[Sequence[Axis]], out: Places, start: int, stop: int) -> None:
        """Writes the entry of each row in a table: its places along the axes, those of the last axis side by side."""
        for number, run in enumerate(runs):
            places = self._places(run, start, stop)
            if number == 0:
                np.copyto(out, places)
            else:
                np.multiply(out, prod(axis.radix for axis in run), out=out)
                np.add(out, places, out=out)

    def _places(self, run: Sequence[Axis], start: int, stop: int) -> Places:
        """The places of each row along some axes together, which are few enough for bytes, or of one axis."""
        rows = stop - start
        spare = self.spare[:rows]
        first, *others = run
        room: Places = self.narrow if first.radix <= 256 else self.wide
        found = first.places(start, stop, room[:rows], spare)
        for axis in others:
            np.multiply(found, axis.radix, out=self.low[:rows])
            found = self.low[:rows]
            np.add(found, axis.places(start, stop, self.narrow[:rows], spare), out=found)
        return found

    def _certain(self, possible: Sequence[Words]) -> Sequence[Words]:
        """The words where a bit that can be certain is certain: other than possible where an unknown fact matters."""
        rows = np.flatnonzero((possible[0] & CLEAR) == 0)
        certain = [word.copy() for word in possible]
        found = [word[rows] for word in certain]
        for table, entries in zip(self.plan.tables, self.entries, strict=True):
            entry = entries[rows]
            for word, looked in zip(found, table.certain, strict=True):
                if looked is not None:
                    np.bitwise_and(word, looked[entry], out=word)
        for word, value in zip(certain, found, strict=True):
            word[rows] = value
        return certain
