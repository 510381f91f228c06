"""Two rules that anyone could use: 40 % MFU for everything, and the median MFU of the chip in other sources."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from benchmarks.perf.score import Vector

from lexloci.perf.shape import Shape
from lexloci.perf.training_rows import TrainingRow


def ideal_s(row: TrainingRow) -> float:
    """Step time at the full peak of the row's precision, causal attention, in seconds."""
    tokens = row.task["batch_sequences"] * row.task["sequence_tokens"]
    flop = float(np.asarray(Shape(**row.shape).training_flop_per_token(row.task["sequence_tokens"])))
    low = row.task["precision"] > 0
    peak = row.machine["low_precision_flop_per_s" if low else "bf16_flop_per_s"]
    return tokens * flop / (row.chips * peak)


def forty_percent(rows: Sequence[TrainingRow]) -> Vector:
    """40 % of the peak for everything."""
    return np.array([ideal_s(row) / 0.40 for row in rows])


def median_of_others(rows: Sequence[TrainingRow], known: Sequence[TrainingRow]) -> Vector:
    """The median MFU of other families on the same chip, precision and kind; of the kind where there is none."""
    shares = [(row, ideal_s(row) / row.step_s) for row in known if row.step_s]
    cells: dict[tuple[str, tuple[float, ...]], float] = {}
    predicted = []
    for row in rows:
        levels = [(*_cell(row),), (row.task["precision"], row.is_mixture), (row.is_mixture,)]
        cell = (row.family, levels[0])
        if cell not in cells:
            for place, wanted in enumerate(levels):
                own = [
                    share
                    for other, share in shares
                    if other.family != row.family
                    and (_cell(other), _cell(other)[-2:], _cell(other)[-1:])[place] == wanted
                ]
                if own:
                    cells[cell] = float(np.median(own))
                    break
            else:
                cells[cell] = 0.4
        predicted.append(ideal_s(row) / cells[cell])
    return np.array(predicted)


def _cell(row: TrainingRow) -> tuple[float, ...]:
    return (row.machine["bf16_flop_per_s"], row.task["precision"], row.is_mixture)
