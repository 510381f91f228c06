"""Which layouts train a job's model on its chips: the best, the next best that differ, and why others cannot be.

The search is that of ``layout_search``, the interval that of ``training_interval``: the same for every layout that the
search found. Of the layouts that no chip holds, those that would be faster than the best are told, nearest to fitting
first: they say what more memory would be worth.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import inf

import numpy as np

from lexloci.model.estimate import Range
from lexloci.perf.efficiency import Efficiency, fitted
from lexloci.perf.generating import training_chips
from lexloci.perf.job import Infeasible, JobSpec
from lexloci.perf.layer import Task
from lexloci.perf.layout import Layout
from lexloci.perf.layout_search import (
    Found,
    best_layouts,
    memory_of,
    too_large_layouts,
    why_not,
    with_least_recompute,
)
from lexloci.perf.machine import Generation, Machine
from lexloci.perf.memory import Memory
from lexloci.perf.shape import Shape
from lexloci.perf.step import StepModel
from lexloci.perf.training import is_mixture, own_runs, posed, unstated, unusual
from lexloci.perf.training_interval import Query, Support, support_of


@dataclass(frozen=True, slots=True)
class LaidOut:
    """One layout that can be: time of a step in seconds, tokens a second without failures, and a chip's memory."""

    layout: Layout
    step_s: Range
    tokens_per_s: Range
    memory: Memory


@dataclass(frozen=True, slots=True)
class RefusedLayout:
    """One layout that cannot be, and why."""

    layout: Layout
    reason: str


@dataclass(frozen=True, slots=True)
class JobLayouts:
    """The layouts of one job, best first.

    ``stated``: the layout that was asked for, if one was. ``too_large``: those that no chip holds and that would be
    faster than the best, of ``too_large_count`` that no chip holds among ``looked_at``. ``reason``: why none can be.
    """

    chips: int
    batch_sequences: float
    sequence_tokens: float
    memory_bytes: float
    best: tuple[LaidOut, ...]
    stated: LaidOut | RefusedLayout | None
    too_large: tuple[RefusedLayout, ...]
    too_large_count: int
    looked_at: int
    reason: str
    support: str
    notes: tuple[str, ...]


def job_layouts(job: JobSpec, *, keep: int = 3, stated: Layout | None = None) -> JobLayouts | Infeasible:
    """The ``keep`` best layouts of a training job that differ in their ranks, and why others cannot be.

    ``stated`` is judged beside them; where its ``recompute`` is NaN it takes the least that fits. Infeasible where a
    figure of the chip is not stated or the job does not train.
    """
    if not job.workload.kind.is_training:
        return Infeasible(f"workload {job.workload.id} does not train; ask `lexloci estimate` about it")
    problem = unstated(job)
    if problem:
        return Infeasible(problem)
    shape, machine, task, notes = posed(job)
    chips = training_chips(job, job.chips)
    generation = Generation(int(float(machine.generation)))
    own = own_runs(job, generation)
    efficiency = Efficiency.of(np.array(own.logs)) if own else fitted()
    result = best_layouts(shape, machine, task, chips, efficiency, keep=keep)
    mixture = is_mixture(job.model.parameters, job.model.used_parameters)
    query = Query(generation, mixture, job.model.parameters, chips, unusual=unusual(task, generation))
    support = support_of(query, own)
    fastest = result.best[0].step_s if result.best else inf
    count, large = too_large_layouts(shape, machine, task, chips, efficiency, faster_than_s=fastest, keep=keep)
    return JobLayouts(
        chips=chips,
        batch_sequences=float(task.batch_sequences),
        sequence_tokens=float(task.sequence_tokens),
        memory_bytes=float(machine.memory_bytes),
        best=tuple(_laid_out(one, support, shape, task) for one in result.best),
        stated=_judged(stated, (shape, machine, task), chips, support, efficiency) if stated else None,
        too_large=tuple(RefusedLayout(one.layout, why_not(shape, machine, one.layout, task, chips)) for one in large),
        too_large_count=count,
        looked_at=result.looked_at,
        reason=result.reason,
        support=support.told,
        notes=(*support.warnings, *notes),
    )


def _judged(
    stated: Layout, question: tuple[Shape, Machine, Task], chips: int, support: Support, efficiency: Efficiency
) -> LaidOut | RefusedLayout:
    """A layout that a person states, with the interval of the others, so that they compare; or why it cannot be."""
    shape, machine, task = question
    layout = stated
    if np.isnan(stated.recompute):
        layout = with_least_recompute(shape, machine, stated, task)
    reason = why_not(shape, machine, layout, task, chips)
    if reason:
        return RefusedLayout(layout, reason)
    seconds = float(np.asarray(StepModel(shape, machine, layout, task, efficiency).step().seconds))
    return _laid_out(Found(layout, seconds, 0.0), support, shape, task)


def _laid_out(one: Found, support: Support, shape: Shape, task: Task) -> LaidOut:
    step = support.spread.around(one.step_s)
    tokens = float(task.batch_sequences) * float(task.sequence_tokens)
    held = memory_of(shape, one.layout, task)
    parts = {field.name: float(np.asarray(getattr(held, field.name))) for field in fields(Memory)}
    speed = Range(tokens / step.point, tokens / step.high, tokens / step.low)
    return LaidOut(one.layout, step, speed, Memory(**parts))
