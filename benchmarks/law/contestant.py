"""What a contestant gives: decisions of one row at a time, or of a whole table of rows.

A module of ``peers`` has a mapping ``SINGLE`` or ``VECTOR``, or both, from the names of its forms to the functions that
make them; ``roster.py`` lists all names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from benchmarks.law.rows import Rows
from numpy.typing import NDArray

from lexloci.law.rule import Rulebook

Answers = NDArray[np.uint8]


@dataclass(frozen=True)
class Answer:
    """What a contestant said about one row: the number of the outcome, and the rules that fired if it tells them."""

    outcome: int
    fired: frozenset[str] | None = None


@dataclass(frozen=True)
class Single:
    """Decides rows one at a time: ``decide`` is timed, on ``inputs`` in the form that the engine likes best.

    ``read`` makes an ``Answer`` of what it returned, untimed.
    """

    inputs: Sequence[Any]
    decide: Callable[[Any], Any]
    read: Callable[[Any], Answer]


@dataclass(frozen=True)
class Vector:
    """Decides a table: ``run`` is timed and gives an outcome a row; ``prepare`` is called before each run, untimed."""

    run: Callable[[], Answers]
    prepare: Callable[[], None] = field(default=lambda: None)


MakeSingle = Callable[[Rulebook, Rows], Single]
MakeVector = Callable[[Rulebook, Rows, int], Vector]
"""The last argument is the number of threads that may be used."""
MOST_TABLES = 64


def single_from_vector(vector: MakeVector) -> MakeSingle:
    """Decides each row as a table of one row; of the rows, the first ``MOST_TABLES`` alone."""

    def single(rulebook: Rulebook, rows: Rows) -> Single:
        tables = [vector(rulebook, _one(rows, place), 1) for place in range(min(len(rows), MOST_TABLES))]
        return Single(tables, lambda table: table.run(), lambda answers: Answer(int(answers[0])))

    return single


def _one(rows: Rows, place: int) -> Rows:
    cut = {name: column[place : place + 1] for name, column in rows.columns.items()}
    return Rows(cut, rows.on[place : place + 1], {})
