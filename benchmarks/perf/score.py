"""How far predictions are off: mean absolute error by family and by chip, averaged over families, and coverage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lexloci.perf.training_rows import TrainingRow

FEW = 5
"""Families of fewer rows are printed and not averaged."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """The error of a set of rows."""

    rows: int
    families: int
    family_average: float
    ninetieth: float


def errors(rows: Sequence[TrainingRow], predicted: Vector) -> Vector:
    """Error of each predicted step time as a share of the measured one; NaN where there is no prediction."""
    return np.abs(predicted / np.array([row.step_s for row in rows]) - 1.0)


def score(rows: Sequence[TrainingRow], off: Vector) -> Score | None:
    """Error averaged over families of at least ``FEW`` rows, and its 90th percentile over rows; None without any."""
    known = np.isfinite(off)
    means = [m for n, m in by(rows, off, lambda row: row.family).values() if n >= FEW]
    if not means:
        return None
    return Score(int(known.sum()), len(means), float(np.mean(means)), float(np.quantile(off[known], 0.9)))


def by(rows: Sequence[TrainingRow], off: Vector, key: Callable[[TrainingRow], str]) -> dict[str, tuple[int, float]]:
    """Number of rows and mean error by a key, in its order."""
    groups: dict[str, list[float]] = {}
    for row, error in zip(rows, off, strict=True):
        if np.isfinite(error):
            groups.setdefault(key(row), []).append(float(error))
    return {name: (len(found), float(np.mean(found))) for name, found in sorted(groups.items())}


def told(title: str, found: Score | None, target: float | None = None, ninetieth: float | None = None) -> str:
    """One line of the report, with the targets and whether they are met."""
    if found is None:
        return f"{title:<52} no family of {FEW} rows"
    line = f"{title:<52} {found.family_average:6.1%} over {found.families:2} families, 90th percentile "
    line += f"{found.ninetieth:6.1%}, {found.rows} rows"
    for name, limit, value in (("", target, found.family_average), ("90th ", ninetieth, found.ninetieth)):
        if limit is not None:
            line += f"; {name}target {limit:.0%} {'met' if value <= limit else 'NOT MET'}"
    return line
