"""Which layout of a model on a number of chips takes the least time, and the next best that differ.

Every layout of the space is looked at: ranks of tensor, pipeline, context and expert, micro-batch, virtual stages,
sharding. What cannot be is dropped by rule (``why_not`` says which), and for the rest a bound is computed that no step
can beat: the operations of the model over the peak that the generation reaches on the chips used, with the bubble of
the pipeline. In the order of the bounds, memory and time are computed, until the bound of the next is above the best
that was found: nothing that is dropped could have won. Of recomputation the least that fits is taken: more never
saves time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from itertools import product
from math import ceil, inf, isqrt

import numpy as np
from numpy.typing import NDArray

from lexloci.perf.efficiency import Efficiency, Epoch
from lexloci.perf.layout import Layout
from lexloci.perf.machine import USABLE_BYTES_PER_GB, Machine, Precision
from lexloci.perf.memory import Memory, training_memory
from lexloci.perf.shape import Shape
from lexloci.perf.step import StepModel, Task

RECOMPUTE_CHOICES = (0.0, 1.0, 1.25, 1.5, 1.75, 2.0)
CHUNK = 2048
_TENSOR_LIMIT = 16

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """One layout with its step time and the memory that a chip needs."""

    layout: Layout
    step_s: float
    memory_bytes: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best layouts, best first, each different in its ranks; how many were looked at, and how many computed."""

    best: tuple[Found, ...]
    looked_at: int
    computed: int
    reason: str = ""


def space(shape: Shape, machine: Machine, task: Task, chips: int, *, leanest: bool = False) -> Layout:
    """All layouts on at most ``chips`` chips that divide what they split, as arrays; recomputation left at none.

    Weights are sharded where there is one stage: a pipeline would gather them anew for each micro-batch.
    ``leanest``: only those of one sequence at a time on stages that are not interleaved, which need the least memory.
    """
    of_model = int(shape.heads), int(shape.layers), int(shape.experts)
    of_task = int(task.batch_sequences), float(task.sequence_tokens)
    most_tensor = min(_TENSOR_LIMIT, int(machine.domain_chips), chips)
    return Layout(*_columns(*of_model, *of_task, most_tensor, chips, leanest=leanest))


@lru_cache(maxsize=256)  # a portfolio asks again and again about the same model on as many chips of another kind
def _columns(
    heads: int, layers: int, experts: int, batch: int, sequence: float, most_tensor: int, chips: int, *, leanest: bool
) -> tuple[Vector, ...]:
    """The columns of ``space``, not to be written to."""
    tensors = [t for t in _powers(most_tensor) if heads % t == 0]
    contexts = [c for c in _powers(int(sequence // 4096) or 1) if c <= 64]
    pipelines = [p for p in range(1, min(layers, chips) + 1) if layers % p == 0 or p in (2, 4, 8, 16, 32, 64)]
    divisors = _divisors(batch)
    rows = []
    for t, c, p in product(tensors, contexts, pipelines):
        room = chips // (t * c * p)
        stages = (1.0,) if leanest else _virtual(layers, p)
        shardings = (1.0, 3.0) if p == 1 or leanest else (1.0,)
        for d in (d for d in divisors if d <= room):
            experts_stages_shardings = tuple(product(_expert_ranks(experts, t * d * c), stages, shardings))
            for b in (b for b in _powers(1 if leanest else min(8, batch // d)) if batch % (d * b) == 0):
                rows += [(t, p, d, c, e, 1.0, v, b, z, 1.0, 0.0) for e, v, z in experts_stages_shardings]
    columns = np.array(rows, dtype=float).T if rows else np.empty((11, 0))
    columns.setflags(write=False)
    return tuple(columns)


def _divisors(number: int) -> list[int]:
    low = [d for d in range(1, isqrt(number) + 1) if number % d == 0]
    return sorted({*low, *(number // d for d in low)})


@cache
def _powers(most: int) -> tuple[int, ...]:
    return tuple(2**n for n in range(max(most, 1).bit_length()))


@cache
def _expert_ranks(experts: int, ranks: int) -> tuple[float, ...]:
    """Expert ranks: powers of two that divide the experts and fit among the ranks of a stage; the two largest."""
    if not experts:
        return (1.0,)
    found = tuple(float(e) for e in _powers(min(experts, ranks)) if ranks % e == 0)
    return found[-3:]


def _virtual(layers: int, pipeline: int) -> tuple[float, ...]:
    if pipeline == 1:
        return (1.0,)
    each = -(-layers // pipeline)
    return tuple(sorted({1.0, *(float(v) for v in (2, 4, each) if each % v == 0 and v * pipeline <= layers)}))


def why_not(shape: Shape, machine: Machine, layout: Layout, task: Task, chips: int) -> str:
    """Why one layout cannot be, in a line; empty where it can. Memory is the last reason that is looked for."""
    tensor, pipeline = float(layout.tensor), float(layout.pipeline)
    if float(layout.chips) > chips:
        return f"it takes {float(layout.chips):g} chips of {chips}"
    if float(shape.heads) % tensor:
        return f"{tensor:g} tensor ranks do not divide {float(shape.heads):g} heads"
    if pipeline > float(shape.layers):
        return f"{pipeline:g} stages for {float(shape.layers):g} layers"
    if float(layout.virtual_stages) * pipeline > float(shape.layers):
        return f"{float(layout.virtual_stages) * pipeline:g} virtual stages for {float(shape.layers):g} layers"
    if float(layout.expert) > max(1.0, float(shape.experts)):
        return f"{float(layout.expert):g} expert ranks for {float(shape.experts):g} experts"
    if float(layout.expert) > tensor * float(layout.data) * float(layout.context):
        return f"{float(layout.expert):g} expert ranks on the {tensor * float(layout.data):g} chips of a stage"
    if float(task.batch_sequences) % (float(layout.data) * float(layout.micro_batch)):
        each = float(layout.data) * float(layout.micro_batch)
        return f"{float(task.batch_sequences):g} sequences do not divide into {each:g} at a time"
    if float(task.sequence_tokens) % float(layout.context):
        return f"{float(task.sequence_tokens):g} tokens do not divide over {float(layout.context):g} context ranks"
    used, capacity = float(np.asarray(_memory(shape, layout, task))), float(machine.memory_bytes)
    if used > capacity:
        return _too_large("", used, capacity)
    return ""


def best_layouts(
    shape: Shape, machine: Machine, task: Task, chips: int, efficiency: Efficiency, *, keep: int = 1
) -> SearchResult:
    """The ``keep`` best layouts on at most ``chips`` chips whose ranks differ; none and a reason where none fits."""
    every = space(shape, machine, task, chips)
    if not len(np.asarray(every.tensor)):
        return SearchResult((), 0, 0, f"no layout of {chips} chips divides heads, layers and batch")
    bounds = lower_bound_s(shape, machine, every, task, efficiency)
    order = np.argsort(bounds, kind="stable")
    found: dict[tuple[float, ...], Found] = {}
    limit, computed, least = inf, 0, inf
    for begin in range(0, len(order), CHUNK):
        part = order[begin : begin + CHUNK]
        if bounds[part[0]] > limit:
            break
        part = part[bounds[part] <= limit]
        computed += len(part)
        chosen, used = _least_recompute(shape, machine, _at(every, part), task)
        least = min(least, float(used.min()))
        fits = used <= machine.memory_bytes
        if not fits.any():
            continue
        chosen, used = _at(chosen, np.flatnonzero(fits)), used[fits]
        seconds = np.asarray(StepModel(shape, machine, chosen, task, efficiency).step().seconds)
        _keep_best(found, chosen, seconds, used, keep)
        limit = sorted(one.step_s for one in found.values())[keep - 1] if len(found) >= keep else inf
    best = tuple(sorted(found.values(), key=lambda one: one.step_s)[:keep])
    reason = "" if best else _too_large("at least ", least, float(machine.memory_bytes))
    return SearchResult(best, len(order), computed, reason)


def too_large_layouts(
    shape: Shape, machine: Machine, task: Task, chips: int, efficiency: Efficiency, *, faster_than_s: float, keep: int
) -> tuple[int, tuple[Found, ...]]:
    """How many layouts no chip holds, and those of them that would be faster than a time, the least memory first.

    Everything is computed again, which takes the least memory; at most ``keep``, which differ in their ranks.
    """
    every = space(shape, machine, task, chips)
    full = replace(every, recompute=np.full(len(np.asarray(every.tensor)), RECOMPUTE_CHOICES[-1]))
    used = _memory(shape, full, task)
    places = np.flatnonzero(used > machine.memory_bytes)
    if not len(places):
        return 0, ()
    large, needed = _at(full, places), used[places]
    seconds = np.asarray(StepModel(shape, machine, large, task, efficiency).step().seconds)
    order = np.argsort(needed, kind="stable")
    chosen = _first_of_each(large, order[seconds[order] < faster_than_s], keep).values()
    return len(places), tuple(Found(one_of(large, p), float(seconds[p]), float(needed[p])) for p in chosen)


def with_least_recompute(shape: Shape, machine: Machine, layout: Layout, task: Task) -> Layout:
    """One layout with the least recomputation that fits; with all of it where none does."""
    column = Layout(**{f.name: np.array([float(getattr(layout, f.name))]) for f in fields(Layout)})
    return one_of(_least_recompute(shape, machine, column, task)[0], 0)


def _too_large(bound: str, used: float, capacity: float) -> str:
    return f"a chip needs {bound}{ceil(used / USABLE_BYTES_PER_GB)} GB and has {capacity / USABLE_BYTES_PER_GB:.0f} GB"


def fits_at_all(shape: Shape, machine: Machine, task: Task, chips: int) -> bool:
    """Whether any layout on at most ``chips`` chips fits the memory, everything computed again."""
    lean = space(shape, machine, task, chips, leanest=True)
    full = replace(lean, recompute=np.full(len(np.asarray(lean.tensor)), RECOMPUTE_CHOICES[-1]))
    return bool((_memory(shape, full, task) <= machine.memory_bytes).any())


def lower_bound_s(shape: Shape, machine: Machine, layouts: Layout, task: Task, efficiency: Efficiency) -> Vector:
    """A time that no step of each layout can beat, in seconds: products at their peak, and the bubble."""
    model = StepModel(shape, machine, layouts, task, efficiency)
    fastest = np.maximum(model.product_flop_per_s, model.bf16_flop_per_s)
    tokens = task.batch_sequences * task.sequence_tokens
    work = 3.0 * tokens * shape.matrix_flop_per_token() / (layouts.chips * fastest)
    if float(task.adapters_only) > 0:
        work = work / 2.0
    bubble = (layouts.pipeline - 1.0) / (layouts.virtual_stages * layouts.micro_batches(task.batch_sequences))
    return np.asarray(work * (1.0 + bubble))


def _keep_best(
    found: dict[tuple[float, ...], Found], layouts: Layout, seconds: Vector, used: Vector, keep: int
) -> None:
    """Put the fastest of a chunk among those found, one for each set of ranks."""
    for ranks, place in _first_of_each(layouts, np.argsort(seconds, kind="stable"), keep).items():
        if ranks not in found or float(seconds[place]) < found[ranks].step_s:
            found[ranks] = Found(one_of(layouts, place), float(seconds[place]), float(used[place]))


def _first_of_each(layouts: Layout, order: NDArray[np.intp], keep: int) -> dict[tuple[float, ...], int]:
    """The first places in an order whose ranks differ, at most ``keep``."""
    names = ("tensor", "pipeline", "context", "expert", "sharding")
    ranks = np.stack([np.asarray(getattr(layouts, name)) for name in names], axis=1)
    found: dict[tuple[float, ...], int] = {}
    for place in order:
        found.setdefault(tuple(float(rank) for rank in ranks[place]), int(place))
        if len(found) == keep:
            break
    return found


def one_of(layouts: Layout, place: int) -> Layout:
    """One of many layouts."""
    return Layout(**{f.name: float(np.asarray(getattr(layouts, f.name))[place]) for f in fields(Layout)})


def _least_recompute(shape: Shape, machine: Machine, layouts: Layout, task: Task) -> tuple[Layout, Vector]:
    """Each layout with the least recomputation that fits, and the memory that it needs then."""
    chosen = np.full(len(np.asarray(layouts.tensor)), RECOMPUTE_CHOICES[-1])
    used = np.asarray(_memory(shape, replace(layouts, recompute=chosen), task)) + 0.0
    for choice in RECOMPUTE_CHOICES[-2::-1]:
        needed = np.asarray(_memory(shape, replace(layouts, recompute=np.full(len(chosen), choice)), task))
        fits = needed <= machine.memory_bytes
        chosen, used = np.where(fits, choice, chosen), np.where(fits, needed, used)
    return replace(layouts, recompute=chosen), used


def _memory(shape: Shape, layout: Layout, task: Task) -> Vector:
    return np.asarray(memory_of(shape, layout, task).total)


def memory_of(shape: Shape, layout: Layout, task: Task) -> Memory:
    """What one chip of a layout holds at the height of a step of a task, by part."""
    unfused = (np.asarray(task.epoch) == Epoch.UNFUSED).astype(float)
    low = (np.asarray(task.precision) > Precision.BF16).astype(float)
    return training_memory(shape, layout, task.sequence_tokens, task.batch_sequences, unfused, low, task.adapters_only)


def _at(layouts: Layout, places: NDArray[np.intp]) -> Layout:
    return Layout(**{f.name: np.asarray(getattr(layouts, f.name))[places] for f in fields(Layout)})
