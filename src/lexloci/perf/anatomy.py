"""What a job's chips hold and do: memory by part, the time of a step by part, and its place below the roofline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lexloci.perf.demanded import lengths_of
from lexloci.perf.job import Infeasible, JobSpec
from lexloci.perf.serving import serving_speed
from lexloci.perf.serving_copies import demand_of, serving_of
from lexloci.perf.serving_step import PROMPT_PIECE_TOKENS, RESERVED_BYTES, Replica


@dataclass(frozen=True, slots=True)
class Point:
    """One kind of work of a chip: operations for each byte of memory, and operations a second that it reaches."""

    name: str
    flop_per_byte: float
    flop_per_s: float


@dataclass(frozen=True, slots=True)
class Anatomy:
    """One chip of a job: memory by part (bytes), its capacity, a step by part (seconds), peaks and points."""

    title: str
    memory_bytes: tuple[tuple[str, float], ...]
    capacity_bytes: float
    step_s: tuple[tuple[str, float], ...]
    peak_flop_per_s: float
    peak_bytes_per_s: float
    points: tuple[Point, ...]


def serving_anatomy(job: JobSpec) -> Anatomy | Infeasible:
    """The chip of the copy that serves most: its memory, its step, and its two kinds of work below the roofline."""
    speed = serving_speed(job)
    if isinstance(speed, Infeasible):
        return speed
    copy, lengths = speed.copy, lengths_of(demand_of(job), job.model)
    replica = Replica(float(copy.chips), 1.0, copy.by_users)
    serving = serving_of(job, replica)
    chips, users = float(copy.chips), copy.users
    weights = _number(serving.weight_bytes_per_chip())
    cache = copy.cached_bytes / chips
    parts = {name: _number(value) for name, value in serving.step_parts(users, lengths.cached).items()}
    if not job.workload.prompts_apart:
        reading = users * _number(lengths.prompt) / max(_number(lengths.output), 1.0)
        parts["reading prompts"] = reading * _number(serving.mixed_prompt_token_s(lengths.read_prompt))
    flop = _number(serving.flop_per_token()) / chips
    moved = _number(serving.moved_bytes(users, lengths.cached))
    step = _number(serving.step_s(users, lengths.cached))
    prompt_s = _number(serving.mixed_prompt_token_s(lengths.read_prompt))
    return Anatomy(
        title=f"{job.workload.id} on {job.chips} {job.chip.id}: copies of {copy.chips} chips, {users:.0f} users each",
        memory_bytes=(("weights", weights), ("cache of users", cache), ("runtime", RESERVED_BYTES)),
        capacity_bytes=_number(serving.machine.memory_bytes),
        step_s=tuple(parts.items()),
        peak_flop_per_s=_number(serving.peak_flop_per_s()),
        peak_bytes_per_s=_number(serving.machine.memory_bytes_per_s),
        points=(
            Point("generating", flop * users / moved, flop * users / step),
            Point("reading prompts", flop * PROMPT_PIECE_TOKENS / weights, flop / prompt_s),
        ),
    )


def _number(value: object) -> float:
    return float(np.asarray(value, dtype=np.float64))
