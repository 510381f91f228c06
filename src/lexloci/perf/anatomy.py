"""What a job's chips hold and do: memory by part, the time of a step by part, and its place below the roofline."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from lexloci.perf.demanded import lengths_of
from lexloci.perf.efficiency import Efficiency, fitted
from lexloci.perf.job import Infeasible, JobSpec
from lexloci.perf.layouts import job_layouts
from lexloci.perf.machine import USABLE_BYTES_PER_GB, Generation
from lexloci.perf.serving import serving_speed
from lexloci.perf.serving_copies import demand_of, serving_of
from lexloci.perf.serving_step import PROMPT_PIECE_TOKENS, RESERVED_BYTES, Replica
from lexloci.perf.step import StepModel
from lexloci.perf.training import own_runs, posed

_PARTS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Point:
    """One kind of work of a chip: operations for each byte of memory, and operations a second that it reaches."""

    name: str
    flop_per_byte: float
    flop_per_s: float


@dataclass(frozen=True, slots=True)
class Anatomy:
    """One chip of a job: memory by part (bytes), its capacity, a step by part (seconds), peaks and points.

    ``gigabyte``: bytes of a GB as the chip's data sheet counts what a program sees.
    """

    title: str
    memory_bytes: tuple[tuple[str, float], ...]
    capacity_bytes: float
    step_s: tuple[tuple[str, float], ...]
    peak_flop_per_s: float
    peak_bytes_per_s: float
    points: tuple[Point, ...]
    gigabyte: float = 1e9


def serving_anatomy(job: JobSpec) -> Anatomy | Infeasible:
    """The chip of the copy that serves most: its memory, its step, and its two kinds of work below the roofline."""
    speed = serving_speed(job)
    if isinstance(speed, Infeasible):
        return speed
    copy, lengths = speed.copy, lengths_of(demand_of(job), job.model)
    replica = Replica(float(copy.chips), 1.0, copy.by_users, float(job.workload.prompts_apart))
    serving = serving_of(job, replica)
    chips, users = float(copy.chips), copy.users
    weights = _number(serving.weight_bytes_per_chip())
    cache = copy.cached_bytes / chips
    parts = {name: _number(value) for name, value in serving.step_parts(users, lengths.cached).items()}
    if not job.workload.prompts_apart:
        reading = users * _number(lengths.unread) / max(_number(lengths.output), 1.0)
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


def training_anatomy(job: JobSpec) -> Anatomy | Infeasible:
    """The chip of the fullest stage of the best layout: its memory, its step, and its work below the roofline.

    Both points lie at the intensity of the product into the feed-forward; the whole step is below by all else.
    """
    found = job_layouts(job, keep=1)
    if isinstance(found, Infeasible):
        return found
    if not found.best:
        return Infeasible(found.reason)
    shape, machine, task, _ = posed(job)
    layout, held = found.best[0].layout, found.best[0].memory
    own = own_runs(job, Generation(int(float(machine.generation))))
    efficiency = Efficiency.of(np.array(own.logs)) if own else fitted()
    step = StepModel(shape, machine, layout, task, efficiency).step()
    low = float(task.precision) > 0
    peak = _number(machine.low_precision_flop_per_s if low else machine.bf16_flop_per_s)
    tokens = _number(task.batch_sequences) * _number(task.sequence_tokens) / _number(layout.chips)
    products = 3.0 * tokens * _number(shape.matrix_flop_per_token())
    whole = tokens * _number(shape.training_flop_per_token(task.sequence_tokens))
    parts = {name: _number(seconds) for name, seconds in step.parts.items()}
    expected_s = found.best[0].step_s.point
    parts["beyond the model, by measured runs"] = max(0.0, expected_s - _number(step.seconds))
    rows = _number(layout.micro_batch) * _number(task.sequence_tokens) / _number(layout.context)
    width = _number(shape.ffn) or _number(shape.expert_ffn) * _number(shape.top_k)
    intensity = _intensity(rows, max(1.0, width / _number(layout.tensor)), _number(shape.hidden), 1.0 if low else 2.0)
    return Anatomy(
        title=f"{job.workload.id} on {_number(layout.chips):.0f} {job.chip.id}: a step of the best layout",
        memory_bytes=tuple((field.name, _number(getattr(held, field.name))) for field in fields(held)),
        capacity_bytes=_number(machine.memory_bytes),
        step_s=_largest(parts),
        peak_flop_per_s=peak,
        peak_bytes_per_s=_number(machine.memory_bytes_per_s),
        points=(
            Point("matrix products", intensity, products / parts["matrix products"]),
            Point("whole step", intensity, whole / max(expected_s, _number(step.seconds))),
        ),
        gigabyte=USABLE_BYTES_PER_GB,
    )


def _intensity(rows: float, columns: float, inner: float, operand_bytes: float) -> float:
    """Operations of a matrix product for each byte that it must move."""
    moved = (rows + columns) * inner * operand_bytes + rows * columns * 2.0
    return 2.0 * rows * columns * inner / moved


def _largest(parts: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """The largest parts of a step, the others added up."""
    ranked = sorted(((name, seconds) for name, seconds in parts.items() if seconds > 0.0), key=lambda one: -one[1])
    rest = sum(seconds for _, seconds in ranked[_PARTS_SHOWN:])
    return (*ranked[:_PARTS_SHOWN], ("the rest", rest)) if rest > 0.0 else tuple(ranked)


def _number(value: object) -> float:
    return float(np.asarray(value, dtype=np.float64))
