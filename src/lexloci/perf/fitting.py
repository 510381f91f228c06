"""Fit the figures of efficiency to measured steps: least squares in logs, with what is believed before as rows.

    minimise  sum_i w_i h(log predicted_i / measured_i)^2 + sum_k ((x_k - prior_k) / spread_k)^2
              + sum over neighbouring epochs of ((d_k+1 - d_k) / smooth)^2,   d = x - prior

h grows linearly beyond ROBUST, so that a row that is wrong in its source does not decide. Every family of sources
weighs as many rows as it has, 12 at most, dense models and mixtures apart. Levenberg-Marquardt with numerical
derivatives: about a second an iteration for 800 rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from lexloci.perf.efficiency import EPOCHS, FIGURES, GENERATIONS, Efficiency, places
from lexloci.perf.step import StepModel
from lexloci.perf.training_rows import Columns, TrainingRow, columns

ROBUST = 0.10
"""Error, in log, from which a row counts linearly."""

ROW_ERROR = 0.08
"""Error of a row, in log, that is expected of a good model: other releases of one stack differ by 3 to 16 %."""

MOST_ROWS = 12.0
"""Weight of a family of sources, however many rows it has."""

_STEP = 1e-4

Vector = NDArray[np.float64]


def predicted_s(rows: Columns, efficiency: Efficiency) -> Vector:
    """Step times of rows, in seconds."""
    model = StepModel(rows.shape, rows.machine, rows.layout, rows.task, efficiency)
    return np.asarray(model.step().seconds)


def row_weights(rows: Sequence[TrainingRow]) -> Vector:
    """Weight of each row: families of sources weigh alike above MOST_ROWS rows, by kind of model."""
    keys = [(row.family, row.is_mixture) for row in rows]
    counts = {key: keys.count(key) for key in set(keys)}
    return np.array([min(counts[key], MOST_ROWS) / counts[key] for key in keys])


def fit(
    rows: Sequence[TrainingRow], believed: Vector, start: Vector | None = None, *, firm: float = 1.0, most: int = 40
) -> Vector:
    """The logs of the figures that fit the rows best; ``firm`` divides the spreads of what is believed before.

    Figures of generations and epochs that no row has stay at what is believed.
    """
    table = columns(rows)
    weights = np.sqrt(row_weights(rows)) / ROW_ERROR
    spreads = np.concatenate([np.full(len(figure.keys), figure.spread) for figure in FIGURES]) / firm

    def residuals(logs: Vector) -> Vector:
        error = np.log(predicted_s(table, Efficiency.of(logs)) / table.step_s)
        robust = np.sign(error) * ROBUST * np.sqrt(2.0 * (np.sqrt(1.0 + (error / ROBUST) ** 2) - 1.0))
        drift = logs - believed
        smooth = [firm * np.diff(drift[place]) / figure.smooth for figure, place in places() if figure.smooth]
        return np.concatenate([weights * robust, drift / spreads, *smooth])

    return _levenberg_marquardt(residuals, believed if start is None else start, _spoken_for(rows), most)


def _spoken_for(rows: Sequence[TrainingRow]) -> list[int]:
    """Places of the figures whose generation or epoch some row has."""
    named = {GENERATIONS[int(row.machine["generation"])] for row in rows} | {"all"}
    named |= {EPOCHS[int(row.task["epoch"])] for row in rows}
    return [place.start + n for figure, place in places() for n, key in enumerate(figure.keys) if key in named]


def _levenberg_marquardt(residuals: Callable[[Vector], Vector], start: Vector, free: list[int], most: int) -> Vector:
    point, damping = start.copy(), 1e-3
    found = residuals(point)
    for _ in range(most):
        slopes = np.empty((len(found), len(free)))
        for column, place in enumerate(free):
            moved = point.copy()
            moved[place] += _STEP
            slopes[:, column] = (residuals(moved) - found) / _STEP
        normal, gradient = slopes.T @ slopes, slopes.T @ found
        better = False
        while not better and damping < 1e6:
            trial = point.copy()
            trial[free] -= np.linalg.solve(normal + damping * np.diag(np.diag(normal)), gradient)
            tried = residuals(trial)
            better = float(tried @ tried) < float(found @ found)
            damping *= 0.2 if better else 5.0
        if not better:
            break
        gain = 1.0 - float(tried @ tried) / float(found @ found)
        point, found = trial, tried
        if gain < 1e-4:
            break
    return point
