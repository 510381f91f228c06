"""What the model predicts for rows that its fit has not seen: each family of sources, or generation, left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from scipy.stats import t as student

from lexloci.perf.efficiency import Efficiency, priors
from lexloci.perf.fitting import Vector, fit, predicted_s, row_weights
from lexloci.perf.layer import Task
from lexloci.perf.layout_search import best_layouts
from lexloci.perf.machine import Machine
from lexloci.perf.shape import Shape
from lexloci.perf.training_interval import Spread
from lexloci.perf.training_rows import TrainingRow, columns

INTERVAL_ROWS = 60.0
"""Weight of a family of sources in an interval, however many rows it has, as in serving: an interval is to hold a
share of the runs, so that one family of a single odd run must not set its end."""

ITERATIONS = 12
"""From the fit to all rows, a fit without some of them is reached in a few steps."""


def by_family(row: TrainingRow) -> str:
    """The family of sources of a row."""
    return row.family


def by_generation(row: TrainingRow) -> str:
    """The generation of the chip of a row."""
    return f"generation {row.machine['generation']:g}"


def by_fold(row: TrainingRow) -> str:
    """One of four folds of rows of all families, by the sum of the letters of a row's id."""
    return f"fold {sum(row.id.encode()) % 4}"


def left_out_fits(
    rows: Sequence[TrainingRow], group_of: Callable[[TrainingRow], str], start: Vector
) -> Iterable[tuple[str, Efficiency]]:
    """Each group with the figures fitted to the rows outside of it."""
    for group in sorted({group_of(row) for row in rows}):
        others = [row for row in rows if group_of(row) != group]
        yield group, Efficiency.of(fit(others, priors(), start, most=ITERATIONS))


def stated_s(rows: Sequence[TrainingRow], efficiency: Efficiency) -> Vector:
    """Step times with the layouts that the sources state, in seconds."""
    return predicted_s(columns(rows), efficiency)


def searched_s(rows: Sequence[TrainingRow], efficiency: Efficiency) -> Vector:
    """Step times with the best layout that the search finds, in seconds; NaN where none fits."""

    @cache
    def best(shape: Shape, machine: Machine, task: Task, chips: int) -> float:
        found = best_layouts(shape, machine, task, chips, efficiency).best
        return found[0].step_s if found else float("nan")

    return np.array(
        [best(Shape(**row.shape), Machine(**row.machine), Task(**row.task), int(row.chips)) for row in rows]
    )


def spread_of(rows: Sequence[TrainingRow], *predictions: Vector) -> Spread:
    """Median, 5 and 95 % quantile of the errors of one or more predictions of the same rows, each counting alike.

    A family weighs its rows, up to ``INTERVAL_ROWS``.
    """
    errors, weights = [], []
    for predicted in predictions:
        known = np.flatnonzero(np.isfinite(predicted)).tolist()
        chosen = [rows[place] for place in known]
        errors.append(np.log(np.array([row.step_s for row in chosen]) / predicted[known]))
        weights.append(row_weights(chosen, INTERVAL_ROWS))
    error, weight = np.concatenate(errors), np.concatenate(weights)
    order = np.argsort(error)
    reached = (np.cumsum(weight[order]) - weight[order] / 2.0) / weight.sum()
    middle, low, high = np.interp((0.5, 0.05, 0.95), reached, error[order])
    return Spread(float(middle), float(low), float(high))


def between_generations(rows: Sequence[TrainingRow], predicted: Vector) -> float:
    """How far a generation of chips that the fit has not seen may be off as a whole: half of a 90 % interval, in logs.

    The generations left out are a few draws, so that their quantiles say little of the next one: the interval is
    Student's for one draw more, from the median error of each. Raises ValueError for fewer than two generations.
    """
    errors: dict[str, list[float]] = {}
    for row, seconds in zip(rows, predicted, strict=True):
        if np.isfinite(seconds):
            errors.setdefault(by_generation(row), []).append(float(np.log(row.step_s / seconds)))
    middles = [float(np.median(of_one)) for of_one in errors.values()]
    if len(middles) < 2:
        raise ValueError("one generation of chips says nothing of another; give rows of two or more")
    return float(student.ppf(0.95, len(middles) - 1) * np.std(middles, ddof=1) * np.sqrt(1 + 1 / len(middles)))


def widened(spread: Spread, half: float) -> Spread:
    """The spread with a further error of its own, whose 90 % interval is ``half`` to each side, added in squares."""
    below, above = spread.middle - spread.low, spread.high - spread.middle
    return replace(
        spread, low=spread.middle - float(np.hypot(below, half)), high=spread.middle + float(np.hypot(above, half))
    )
