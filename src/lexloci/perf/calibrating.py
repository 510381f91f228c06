"""Fit the figures of efficiency to a user's own measured runs, starting from those fitted to the published ones.

The user's runs are rows like the published ones. What the published runs showed is what is believed before, more
firmly than before any row; so a few runs move the figures that they speak for and leave the others. How sure the
result is follows from the error on each run when it was left out, mixed with the published spread, which weighs as
much as ``PUBLISHED_WEIGHT`` runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from lexloci.model.errors import LexlociError
from lexloci.perf.calibration import Calibration
from lexloci.perf.efficiency import Efficiency, fitted
from lexloci.perf.fitting import fit, predicted_s
from lexloci.perf.training_interval import spreads
from lexloci.perf.training_rows import TrainingRow, columns

PUBLISHED_WEIGHT = 4.0
FIRMNESS = 2.0
_QUANTILE = 1.645
_MOST_LEFT_OUT = 12


def calibrate(rows: Sequence[TrainingRow], name: str) -> tuple[Calibration, ...]:
    """One calibration for each generation and kind of model among the runs. LexlociError where no run has a time."""
    timed = [row for row in rows if row.step_s]
    if not timed:
        raise LexlociError(f"{name}: no run states step_time_s or tokens_per_s_per_chip; state one in each row")
    groups = sorted({(int(row.machine["generation"]), row.is_mixture) for row in timed})
    return tuple(
        _calibrated([r for r in timed if (int(r.machine["generation"]), r.is_mixture) == group], group, name)
        for group in groups
    )


def _calibrated(rows: list[TrainingRow], group: tuple[int, bool], name: str) -> Calibration:
    generation, mixture = group
    kind = "mixture" if mixture else "dense"
    believed = fitted().logs()
    logs = fit(rows, believed, firm=FIRMNESS, most=10)
    errors = np.array(_left_out_errors(rows))
    published = spreads()[f"{kind} stated known"]
    prior = ((published.high - published.low) / (2.0 * _QUANTILE)) ** 2
    spread = sqrt((PUBLISHED_WEIGHT * prior + float(np.sum(errors**2))) / (PUBLISHED_WEIGHT + len(errors)))
    half = _QUANTILE * spread
    return Calibration(generation, kind, tuple(float(f"{one:.6g}") for one in logs), 0.0, -half, half, len(rows), name)


def _left_out_errors(rows: list[TrainingRow]) -> list[float]:
    """Error, in log, on each run (on about twelve evenly chosen ones, if more) by the fit to the others."""
    believed, found = fitted().logs(), []
    for place in range(0, len(rows), max(1, -(-len(rows) // _MOST_LEFT_OUT))):
        others = rows[:place] + rows[place + 1 :]
        logs = fit(others, believed, firm=FIRMNESS, most=4) if others else believed
        table = columns([rows[place]])
        found.append(float(np.log(table.step_s / predicted_s(table, Efficiency.of(logs)))[0]))
    return found
