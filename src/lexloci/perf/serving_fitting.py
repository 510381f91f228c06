"""How the figures of serving follow from measurements: the most likely values, given what is believed before.

The figures x (in log) minimise

    sum over rows of w rho(log(predicted / measured)) + sum over figures of ((x - believed) / firmness)^2

rho is the pseudo-Huber loss (errors beyond 10 % count by their size, not its square), so that one odd row does not
bend the model; w = min(2, sqrt(60 / rows of the source)) keeps one large source from deciding alone. Minimised by
damped Gauss-Newton steps with differences for derivatives; no figure passes its physical limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from lexloci.perf.serving_efficiency import ServingEfficiency, resemblance, slots
from lexloci.perf.serving_prediction import asking, predicted_of
from lexloci.perf.serving_rows import ServingRow

HUBER_WIDTH = 0.1
MOST_STEPS = 60
_ENOUGH = 1e-4
_INSIDE = 1e-6
_LEAST_SPEED = 1e-9
_FARTHEST = 3.0
Vector = NDArray[np.float64]


def fit_values(
    rows: Sequence[ServingRow],
    believed: Vector,
    firmness: Vector | None = None,
    start: Vector | None = None,
    *,
    most: int = MOST_STEPS,
) -> Vector:
    """The figures, in the order of ``slots``, that suit the measured rows best; ``believed`` where no row speaks.

    ``firmness``: how firmly they are believed, in log; not given: as FIGURES says. ``start``: where to begin,
    ``most``: steps at most. Rows without a measurement do not count.
    """
    measured = [row for row in rows if row.tokens_per_s_per_chip is not None]
    centre = np.log(believed)
    if not measured:
        return believed
    problem = _Problem(measured, centre, resemblance() if firmness is None else np.diag(1.0 / firmness))
    most_logs = np.log(np.array([figure.most for figure, _ in slots()]))
    begin = np.minimum(centre if start is None else np.log(start), most_logs - _INSIDE)
    found = least_squares(problem.residuals, begin, bounds=(-np.inf, most_logs), ftol=_ENOUGH, max_nfev=most)
    return np.asarray(np.exp(found.x))


class _Problem:
    """The weighted residuals of a vector of figures (in log)."""

    def __init__(self, rows: Sequence[ServingRow], centre: Vector, believed: NDArray[np.float64]) -> None:
        self.asked = asking(rows)
        self.target = np.log(np.array([row.tokens_per_s_per_chip for row in rows], dtype=np.float64))
        of_family = Counter(row.family for row in rows)
        self.weight = np.array([min(2.0, (60.0 / of_family[row.family]) ** 0.5) for row in rows])
        self.centre, self.believed = centre, believed

    def errors(self, logs: Vector) -> Vector:
        """Log of predicted over measured, of each row."""
        speed = predicted_of(self.asked, ServingEfficiency.of(np.exp(logs)))
        errors: Vector = np.clip(np.log(np.maximum(speed, _LEAST_SPEED)) - self.target, -_FARTHEST, _FARTHEST)
        return errors

    def residuals(self, logs: Vector) -> Vector:
        """Square roots of the terms of the sum."""
        errors = self.errors(logs)
        loss = 2.0 * (np.sqrt(1.0 + (errors / HUBER_WIDTH) ** 2) - 1.0)
        return np.concatenate([np.sign(errors) * np.sqrt(loss * self.weight), self.believed @ (logs - self.centre)])
