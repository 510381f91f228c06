"""Which layout of a model on a number of chips takes the least time, and the next best that differ.

Every layout of the space (``layout_space``) is looked at. What cannot be is dropped by rule (``why_not`` says which),
and for the rest a bound is computed that no step can beat: the layers and the logits with nothing computed again, and
the bubble of the pipeline. In the order of the bounds, memory and time are computed, until the bound of the next is
above the best that was found: nothing that is dropped could have won. Of recomputation the least that fits is taken:
more never saves time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from lexloci.perf.efficiency import Efficiency, Epoch
from lexloci.perf.layer import Task
from lexloci.perf.layout import Layout
from lexloci.perf.layout_space import Space, Vector, space
from lexloci.perf.machine import USABLE_BYTES_PER_GB, Machine, Precision
from lexloci.perf.memory import Memory, training_memory
from lexloci.perf.shape import Shape
from lexloci.perf.step import StepModel, unevenness

RECOMPUTE_CHOICES = (0.0, 1.0, 1.25, 1.5, 1.75, 2.0)
CHUNK = 512
_ROUNDING = 1.0 - 1e-9
"""A bound adds the same terms as a step in another order: it must not lie above by a rounding."""


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
    of_stage = tensor * float(layout.data) * float(layout.context)
    if float(layout.expert) > of_stage:
        return f"{float(layout.expert):g} expert ranks on the {of_stage:g} chips of a stage"
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
    looked_at = space(shape, machine, task, chips)
    every = looked_at.layouts
    if not len(looked_at):
        return SearchResult((), 0, 0, f"no layout of {chips} chips divides heads, layers and batch")
    bounds = lower_bound_s(shape, machine, looked_at, task, efficiency)
    found: dict[tuple[float, ...], Found] = {}
    limit, computed, least, above = inf, 0, inf, -inf
    while len(part := _next(bounds, above, limit, max(CHUNK, computed))):
        above = bounds[part[-1]]
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
    return SearchResult(best, len(looked_at), computed, reason)


def _next(bounds: Vector, above: float, limit: float, most: int) -> NDArray[np.intp]:
    """The places of the least bounds that lie above one and not above another, in order: at most so many, and ties."""
    left = np.flatnonzero((bounds > above) & (bounds <= limit))
    if len(left) > most:
        left = left[bounds[left] <= np.partition(bounds[left], most - 1)[most - 1]]
    return left[np.argsort(bounds[left], kind="stable")]


def too_large_layouts(
    shape: Shape, machine: Machine, task: Task, chips: int, efficiency: Efficiency, *, faster_than_s: float, keep: int
) -> tuple[int, tuple[Found, ...]]:
    """How many layouts no chip holds, and those of them that would be faster than a time, the least memory first.

    Everything is computed again, which takes the least memory; at most ``keep``, which differ in their ranks.
    """
    every = space(shape, machine, task, chips).layouts
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


@lru_cache(maxsize=4096)
def fewest_chips(shape: Shape, machine: Machine, task: Task, chips: int) -> int | None:
    """The fewest chips, at most ``chips``, on which a layout fits the memory with everything computed again, if any."""
    lean = space(shape, machine, task, chips, leanest=True).layouts
    full = replace(lean, recompute=np.full(len(np.asarray(lean.tensor)), RECOMPUTE_CHOICES[-1]))
    fits = _memory(shape, full, task) <= machine.memory_bytes
    return int(np.asarray(lean.chips)[fits].min()) if fits.any() else None


def lower_bound_s(shape: Shape, machine: Machine, layouts: Space, task: Task, efficiency: Efficiency) -> Vector:
    """A time that no step of each layout can beat, in seconds: layers, logits, bubble; nothing computed again."""
    model = StepModel(shape, machine, layouts.of_kind, task, efficiency)
    through = np.asarray(sum(model.layers().values()) + model.logits())[layouts.kind]
    layout = layouts.layouts
    turns = layout.micro_batches(task.batch_sequences) + (layout.pipeline - 1.0) / layout.virtual_stages
    waiting = 1.0 + unevenness(machine, layout, efficiency)
    bounds = through / layout.pipeline * turns * waiting * _ROUNDING
    return np.nan_to_num(bounds, nan=0.0, posinf=inf)  # figures beyond what can be computed bound nothing


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
    rest = np.flatnonzero(used <= machine.memory_bytes)
    for choice in RECOMPUTE_CHOICES[:-1]:
        if not len(rest):
            break
        tried = replace(_at(layouts, rest), recompute=np.full(len(rest), choice))
        needed = _memory(shape, tried, task)
        fits = needed <= machine.memory_bytes
        chosen[rest[fits]], used[rest[fits]] = choice, needed[fits]
        rest = rest[~fits]
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
