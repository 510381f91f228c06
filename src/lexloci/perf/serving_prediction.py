"""What the model says of measurements: tokens a second of a chip, for many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lexloci.perf.serving_batch import run_speed, share_of_run, speed_under_limits
from lexloci.perf.serving_efficiency import ServingEfficiency
from lexloci.perf.serving_machine import Tuning
from lexloci.perf.serving_rows import Columns, ServingRow, columns
from lexloci.perf.serving_step import Serving

BENCHMARK_S = 600.0
"""Least time of a run of MLPerf Inference, Offline and Server: ten minutes (inference rules v5.1, scenarios)."""
BENCHMARK_REQUESTS = 5000.0
"""Requests that it works off at least: its smallest set for language models has 4,388 (DeepSeek-R1, v5.1)."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Rows made ready to be predicted again and again: by way of loading, their places and their columns."""

    count: int
    parts: tuple[tuple[str, NDArray[np.intp], Columns], ...]


def asking(rows: Sequence[ServingRow]) -> Asking:
    """The rows as columns, one set for each way of loading."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        way = row.phase if row.mode == "phase" else "run" if row.requests > 0 else "limits"
        places.setdefault(way, []).append(place)
    parts = tuple(
        (way, np.array(where, dtype=np.intp), columns([rows[place] for place in where]))
        for way, where in sorted(places.items())
    )
    return Asking(len(rows), parts)


def predicted(rows: Sequence[ServingRow], efficiency: ServingEfficiency) -> NDArray[np.float64]:
    """Tokens a second and chip of each row (of the prompt where the phase is prefill); 0 where nothing fits."""
    return predicted_of(asking(rows), efficiency)


def predicted_of(asked: Asking, efficiency: ServingEfficiency) -> NDArray[np.float64]:
    """As ``predicted``, for rows that were made ready once: of the sizes of a copy, the best counts."""
    best = np.zeros(asked.count)
    for way, where, table in asked.parts:
        serving = Serving(table.shape, table.precision, table.machine, table.replica, efficiency)
        speed = _copy_speed(way, table, serving) * efficiency.at("tuning", table.tuning) / serving.replica.chips
        np.maximum.at(best, where[table.row], np.asarray(speed, dtype=np.float64))
    return best


def _copy_speed(way: str, table: Columns, serving: Serving) -> NDArray[np.float64]:
    """Tokens a second of one copy at default tuning."""
    if way == "run":
        speed = run_speed(serving, table.lengths, table.requests).tokens_per_s
    elif way == "limits":
        found = speed_under_limits(serving, table.lengths, table.first_s, table.each_s)
        together = found.tokens_per_s * table.copies
        share = share_of_run(serving, table.lengths, found.users, together, BENCHMARK_S, BENCHMARK_REQUESTS)
        benchmarked = (table.tuning == Tuning.TUNED_2024) | (table.tuning == Tuning.TUNED_2025)
        speed = found.tokens_per_s * np.where(benchmarked, share, 1.0)
    elif way == "prefill":
        speed = np.where(serving.free_bytes() > 0, 1.0 / serving.prompt_token_s(table.lengths.prompt), 0.0)
    else:
        room = np.maximum(serving.most_users(table.lengths.cached), 0.0)
        users = np.maximum(np.where(table.users > 0, table.users, room), 1.0)
        factor = np.where(table.speculates > 0, serving.efficiency.at("speculation"), 1.0)
        decode = users / serving.step_s(users, table.lengths.cached) * factor
        speed = np.where(serving.free_bytes() > 0, decode, 0.0)
    return np.asarray(speed, dtype=np.float64)
