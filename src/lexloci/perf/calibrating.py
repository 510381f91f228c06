"""Fit the figures of efficiency to a user's own measured runs, starting from those fitted to the published ones.

The user's runs are rows like the published ones. What the published runs showed is what is believed before, more
firmly than before any row; so a few runs move the figures that they speak for and leave the others. How sure the
result is follows from the error on each run when it was left out, mixed with the published spread, which weighs as
much as ``PUBLISHED_WEIGHT`` runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt

import numpy as np

from lexloci.model.errors import LexlociError
from lexloci.perf.calibration import SERVING, TRAINING, Calibration
from lexloci.perf.chip_family import chip_family
from lexloci.perf.efficiency import Efficiency, fitted
from lexloci.perf.fitting import fit, predicted_s
from lexloci.perf.machine import Generation
from lexloci.perf.serving_efficiency import fitted_efficiency
from lexloci.perf.serving_interval import unstated_interval
from lexloci.perf.serving_prediction import predicted
from lexloci.perf.serving_rows import ServingRow
from lexloci.perf.training_interval import Spread, spreads
from lexloci.perf.training_rows import TrainingRow, columns

PUBLISHED_WEIGHT = 4.0
FIRMNESS = 2.0
_QUANTILE = 1.645
_MOST_LEFT_OUT = 12


def calibrate(rows: Sequence[TrainingRow], name: str) -> tuple[Calibration, ...]:
    """One calibration for each family of chips and kind of model in the runs. LexlociError where no run has a time."""
    timed = [row for row in rows if row.step_s]
    if not timed:
        raise LexlociError(f"{name}: no run states step_time_s or tokens_per_s_per_chip; state one in each row")
    groups = sorted({_group(row) for row in timed})
    return tuple(_calibrated([row for row in timed if _group(row) == group], group, name) for group in groups)


def _group(row: TrainingRow) -> tuple[int, bool, str]:
    generation = int(row.machine["generation"])
    return generation, row.is_mixture, chip_family(row.chip).name


def _calibrated(rows: list[TrainingRow], group: tuple[int, bool, str], name: str) -> Calibration:
    generation, mixture, family = group
    kind = "mixture" if mixture else "dense"
    believed = fitted().logs()
    logs = fit(rows, believed, firm=FIRMNESS, most=10)
    errors = np.array(_left_out_errors(rows))
    published = published_spread(generation, kind)
    prior = ((published.high - published.low) / (2.0 * _QUANTILE)) ** 2
    spread = sqrt((PUBLISHED_WEIGHT * prior + float(np.sum(errors**2))) / (PUBLISHED_WEIGHT + len(errors)))
    half = _QUANTILE * spread
    kept = tuple(float(f"{one:.6g}") for one in logs)
    return Calibration(generation, kind, kept, 0.0, -half, half, len(rows), name, TRAINING, family)


def published_spread(generation: int, kind: str) -> Spread:
    """How sure the published runs make a step of training before the user's own, for a stated layout."""
    return spreads()[f"{kind} stated {'new' if generation == Generation.OTHER else 'known'}"]


def calibrate_serving(rows: Sequence[ServingRow], name: str) -> tuple[Calibration, ...]:
    """The same for measurements of serving: by how much a user's own software is faster or slower, and how sure.

    One published measurement that errs by nothing stands beside the user's. LexlociError where none can be used.
    """
    said = predicted(rows, fitted_efficiency()) if rows else ()
    errors: dict[tuple[int, bool, str], list[float]] = {}
    for row, speed in zip(rows, said, strict=True):
        if row.tokens_per_s_per_chip and speed > 0.0:
            generation = int(np.asarray(row.machine.generation))
            family = chip_family(f"{row.chip.id} {row.chip.name}", row.chip.designer).name
            errors.setdefault((generation, row.is_mixture, family), []).append(log(row.tokens_per_s_per_chip / speed))
    if not errors:
        raise LexlociError(f"{name}: no measurement fits its chips and states value_per_chip; state it in each row")
    return tuple(_faster(found, group, name) for group, found in sorted(errors.items()))


def _faster(errors: list[float], group: tuple[int, bool, str], name: str) -> Calibration:
    generation, mixture, family = group
    kind = "mixture" if mixture else "dense"
    count, total = len(errors), sum(errors)
    middle = total / (count + 1.0)
    left_out = [error - (total - error) / count for error in errors]
    low, high = unstated_interval(generation, family, is_mixture=mixture)
    prior = (log(high / low) / (2.0 * _QUANTILE)) ** 2
    spread = sqrt((PUBLISHED_WEIGHT * prior + sum(error**2 for error in left_out)) / (PUBLISHED_WEIGHT + count))
    half = _QUANTILE * spread
    return Calibration(generation, kind, (), middle, middle - half, middle + half, count, name, SERVING, family)


def _left_out_errors(rows: list[TrainingRow]) -> list[float]:
    """Error, in log, on each run (on about twelve evenly chosen ones, if more) by the fit to the others."""
    believed, found = fitted().logs(), []
    for place in range(0, len(rows), max(1, -(-len(rows) // _MOST_LEFT_OUT))):
        others = rows[:place] + rows[place + 1 :]
        logs = fit(others, believed, firm=FIRMNESS, most=4) if others else believed
        table = columns([rows[place]])
        found.append(float(np.log(table.step_s / predicted_s(table, Efficiency.of(logs)))[0]))
    return found
