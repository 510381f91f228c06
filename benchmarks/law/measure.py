"""How long a call takes, on the wall and on the processor, and how much memory it needs at its height."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.law.contestant import Answers, Single, Vector

LEAST_LAPS = 5
STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Laps:
    """Single decisions: their number, median and 99th percentile on the wall, and processor time of each."""

    decisions: int
    p50_us: float
    p99_us: float
    cpu_us: float


def timed_decisions(single: Single, inputs: Sequence[Any], start: int, seconds: float, most: int) -> Laps:
    """Decides one input after the other, around the list from ``start``, until the time is over.

    At least ``LEAST_LAPS`` and at most ``most`` decisions.
    """
    laps: list[int] = []
    clock = time.perf_counter_ns
    decide, count = single.decide, len(inputs)
    place, end = start, clock() + int(seconds * 1e9)
    cpu = time.process_time_ns()
    while True:
        before = clock()
        decide(inputs[place % count])
        after = clock()
        laps.append(after - before)
        place += 1
        if len(laps) >= most or (after > end and len(laps) >= LEAST_LAPS):
            break
    spent = time.process_time_ns() - cpu
    p50, p99 = np.quantile(laps, (0.5, 0.99))
    return Laps(len(laps), float(p50) / 1e3, float(p99) / 1e3, spent / len(laps) / 1e3)


@dataclass(frozen=True)
class Run:
    """One table: seconds on the wall, on the processor (all threads), and the bytes needed at the height of it."""

    wall_s: float
    cpu_s: float
    peak_bytes: int | None


def timed_run(vector: Vector) -> tuple[Run, Answers]:
    """Decides the table once. Memory is what the process grew by at most; None where the system does not tell."""
    vector.prepare()
    before = _resident_bytes("VmRSS") if _forget_peak() else None
    wall, cpu = time.perf_counter(), time.process_time()
    answers = vector.run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = None if before is None else max(0, _resident_bytes("VmHWM") - before)
    return Run(wall, cpu, peak), answers


def timed(call: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of a call on the wall and on the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def _forget_peak() -> bool:
    """Whether Linux starts to watch for the peak of memory anew."""
    try:
        CLEAR.write_text("5", encoding="ascii")
    except OSError:
        return False
    return STATUS.exists()


def _resident_bytes(key: str) -> int:
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith(f"{key}:"))
    return int(line.split()[1]) * 1024
