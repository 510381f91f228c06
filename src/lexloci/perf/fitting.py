"""Fit the figures of efficiency to measured steps: least squares in logs, with what is believed before as rows.

    minimise  sum_i w_i h(log predicted_i / measured_i)^2 + sum_k ((x_k - prior_k) / spread_k)^2
              + sum over neighbouring epochs of ((d_k+1 - d_k) / smooth)^2,   d = x - prior

h grows linearly beyond ROBUST, so that a row that is wrong in its source does not decide. Every family of sources
weighs as many rows as it has, 12 at most, dense models and mixtures apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from lexloci.perf.efficiency import EPOCHS, FIGURES, GENERATIONS, Efficiency, places
from lexloci.perf.step import StepModel
from lexloci.perf.training_rows import Columns, TrainingRow, columns

ROBUST = 0.10
"""Error, in log, from which a row counts linearly."""

ROW_ERROR = 0.08
"""Error of a row, in log, that is expected of a good model: other releases of one stack differ by 3 to 16 %."""

MOST_ROWS = 12.0
"""Weight of a family of sources, however many rows it has."""

FIRMNESS = 1.5
"""By how much the spreads of FIGURES are divided: of 1, 1.3, 1.5, 1.75, 2 and 2.5 the one whose fits are nearest, at
the 90th percentile, to families of sources that they have not seen."""

_ENOUGH = 1e-4

Vector = NDArray[np.float64]


def predicted_s(rows: Columns, efficiency: Efficiency) -> Vector:
    """Step times of rows, in seconds."""
    model = StepModel(rows.shape, rows.machine, rows.layout, rows.task, efficiency)
    return np.asarray(model.step().seconds)


def row_weights(rows: Sequence[TrainingRow], most: float = MOST_ROWS) -> Vector:
    """Weight of each row: families of sources weigh alike above ``most`` rows, by kind of model."""
    keys = [(row.family, row.is_mixture) for row in rows]
    counts = {key: keys.count(key) for key in set(keys)}
    return np.array([min(counts[key], most) / counts[key] for key in keys])


def fit(
    rows: Sequence[TrainingRow],
    believed: Vector,
    start: Vector | None = None,
    *,
    firm: float = FIRMNESS,
    most: int = 40,
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

    point, free = (believed if start is None else start).copy(), _spoken_for(rows)

    def of_free(values: Vector) -> Vector:
        point[free] = values
        return residuals(point)

    found = least_squares(of_free, point[free], ftol=_ENOUGH, max_nfev=most)
    point[free] = found.x
    return point


def _spoken_for(rows: Sequence[TrainingRow]) -> list[int]:
    """Places of the figures whose generation or epoch some row has."""
    named = {GENERATIONS[int(row.machine["generation"])] for row in rows} | {"all"}
    named |= {EPOCHS[int(row.task["epoch"])] for row in rows}
    return [place.start + n for figure, place in places() for n, key in enumerate(figure.keys) if key in named]
