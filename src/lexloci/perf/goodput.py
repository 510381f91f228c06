"""Which share of a long training run is useful work, given checkpoints and failures.

``(1 - c/t) (1 - (t/2 + r)/M)`` with c the time a checkpoint takes, t the time between checkpoints,
r the time to detect a failure and restart, M the mean time between failures, all in seconds
(the first-order model of Young, CACM 17(9), 1974, with the restart added).
"""

from __future__ import annotations

from math import sqrt

GPU_DAYS_PER_FAILURE = 54 * 16384 / 419
"""Chip-days between unexpected interruptions, 2,111: 419 in 54 days on 16,384 H100.

Source: Llama 3 (arXiv:2407.21783, section 3.3.4, Table 5; July 2024).
"""

CHECKPOINT_BYTES_PER_PARAMETER = 14.0
"""Weights in two bytes; a master copy and two Adam moments in four each (arXiv:1910.02054, section 3.1)."""

STORAGE_BYTES_PER_S_PER_CHIP = 2e12 / 16384
"""Checkpoint bandwidth, 122 MB/s a chip: 2 TB/s sustained for 16,384 H100.

Source: Llama 3 (arXiv:2407.21783, section 3.3.1; July 2024). BLOOM's 2.3 TB in 40 s on 384 A100
(BigScience chronicles, 2022) is 150 MB/s a chip, the same order.
"""

RESTART_S = 600.0
"""Time to detect, diagnose and restart: less than 10 minutes (MegaScale, arXiv:2402.15627, section 6; February 2024).

Recalled from the paper and not read again; the interval of a failure-bound run does not hold its error.
"""


def mean_time_between_failures_s(chips: int) -> float:
    """How long, in seconds, ``chips`` chips run together before one unexpected interruption."""
    return GPU_DAYS_PER_FAILURE * 86400.0 / chips


def checkpoint_s(parameters: float, chips: int) -> float:
    """How long, in seconds, a full training state of ``parameters`` takes to store from ``chips`` chips."""
    return CHECKPOINT_BYTES_PER_PARAMETER * parameters / (STORAGE_BYTES_PER_S_PER_CHIP * chips)


def best_interval_s(checkpoint: float, mean_time_between_failures: float, restart: float = RESTART_S) -> float:
    """The time between checkpoints, in seconds, that wastes least: sqrt(2 c (M - r)); needs M > r."""
    return sqrt(2.0 * checkpoint * (mean_time_between_failures - restart))


def goodput(parameters: float, chips: int) -> float:
    """Useful share of the time, 0 to 1, at the best checkpoint interval; 0 where failures leave no progress."""
    checkpoint = checkpoint_s(parameters, chips)
    mean_time = mean_time_between_failures_s(chips)
    if mean_time <= RESTART_S:
        return 0.0
    interval = best_interval_s(checkpoint, mean_time)
    share = (1.0 - checkpoint / interval) * (1.0 - (interval / 2.0 + RESTART_S) / mean_time)
    return share if checkpoint < interval and share > 0.0 else 0.0
