"""Which layouts of a model on a number of chips are worth a look: all that divide what they split.

Ranks of tensor, pipeline, context and expert, micro-batch, virtual stages, sharding. The rows come in a fixed order,
and those for fewer chips are those for more of which each takes few enough: one space is made for all numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from lexloci.perf.layer import Task
from lexloci.perf.layout import Layout
from lexloci.perf.machine import Machine
from lexloci.perf.shape import Shape

_TENSOR_LIMIT = 16

Vector = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Space:
    """Layouts as arrays, recomputation left at none; which of them have layers alike, and one of each such kind.

    The layers of two layouts take the same time for a micro-batch where tensor, context and expert ranks and the
    micro-batch are the same: ``kind`` gives the place in ``of_kind`` for each layout.
    """

    layouts: Layout
    kind: NDArray[np.intp]
    of_kind: Layout

    def __len__(self) -> int:
        return len(self.kind)


def space(shape: Shape, machine: Machine, task: Task, chips: int, *, leanest: bool = False) -> Space:
    """All layouts on at most ``chips`` chips that divide what they split.

    Weights are sharded where there is one stage: a pipeline would gather them anew for each micro-batch, or keep them
    and the gradients whole, which needs no less memory than without.
    ``leanest``: only those of one sequence at a time on stages that are not interleaved, which need the least memory.
    """
    of_model = int(shape.heads), int(shape.layers), int(shape.experts)
    of_task = int(task.batch_sequences), float(task.sequence_tokens)
    most_tensor = min(_TENSOR_LIMIT, int(machine.domain_chips))
    # One space, on the next power of four, is cut to every number of chips below it: a plan asks for dozens of them.
    rows, kind, of_kind = _rows(*of_model, *of_task, most_tensor, _at_least(chips), leanest=leanest)
    held = np.flatnonzero(rows[:4].prod(axis=0) <= chips)
    return Space(_layouts(rows[:, held]), kind[held], _layouts(of_kind))


def _at_least(chips: int) -> int:
    """The least power of four that is not below a number of chips."""
    return 1 << 2 * -(-(chips - 1).bit_length() // 2)


def _layouts(rows: Vector) -> Layout:
    """Layouts of rows of tensor, context, pipeline and data ranks, micro-batch, expert ranks, stages and sharding."""
    tensor, context, pipeline, data, micro_batch, expert, stages, sharding = rows
    one, none = np.broadcast_to(1.0, tensor.shape), np.broadcast_to(0.0, tensor.shape)
    return Layout(tensor, pipeline, data, context, expert, one, stages, micro_batch, sharding, one, none)


@lru_cache(maxsize=24)  # up to some 10 MB each
def _rows(
    heads: int, layers: int, experts: int, batch: int, sequence: float, most_tensor: int, chips: int, *, leanest: bool
) -> tuple[Vector, NDArray[np.intp], Vector]:
    """The rows of ``_layouts`` of a space; the kind of each, and a row for each kind. Not to be written to."""
    tensors = [t for t in _powers(most_tensor) if heads % t == 0]
    contexts = [c for c in _powers(int(sequence // 4096) or 1) if c <= 64]
    pipelines = [p for p in range(1, min(layers, chips) + 1) if layers % p == 0 or p in (2, 4, 8, 16, 32, 64)]
    ranks = np.meshgrid(tensors, contexts, pipelines, _divisors(batch), indexing="ij")
    rows = np.stack(ranks, axis=-1).reshape(-1, 4).astype(np.int64)
    rows = rows[rows.prod(axis=1) <= chips]
    rows = _crossed(rows, [1] if leanest else _powers(min(8, batch)))
    rows = rows[batch % (rows[:, 3] * rows[:, 4]) == 0]
    rows = _with_expert_ranks(rows, experts)
    rows = _crossed(rows, [1] if leanest else sorted({v for p in pipelines for v in _virtual(layers, p)}))
    rows = rows[_is_virtual(layers, pipeline=rows[:, 2], stages=rows[:, 6])]
    rows = _crossed(rows, [1, 3])
    rows = rows[(rows[:, 7] == 1) | (rows[:, 2] == 1)]
    columns = np.ascontiguousarray(rows.T, dtype=float)
    alike = np.ravel_multi_index(tuple(rows[:, [0, 1, 4, 5]].T), rows[:, [0, 1, 4, 5]].max(axis=0, initial=0) + 1)
    _, first, kind = np.unique(alike, return_index=True, return_inverse=True)
    of_kind = columns[:, first]
    for made in (columns, kind, of_kind):
        made.setflags(write=False)
    return columns, kind, of_kind


def _crossed(rows: Counts, choices: Sequence[int]) -> Counts:
    """Each row with each choice as a further column, the choices of the first row first."""
    return np.column_stack([rows.repeat(len(choices), axis=0), np.tile(np.asarray(choices, dtype=np.int64), len(rows))])


def _divisors(number: int) -> list[int]:
    low = [d for d in range(1, isqrt(number) + 1) if number % d == 0]
    return sorted({*low, *(number // d for d in low)})


@cache
def _powers(most: int) -> tuple[int, ...]:
    return tuple(2**n for n in range(max(most, 1).bit_length()))


def _with_expert_ranks(rows: Counts, experts: int) -> Counts:
    """Rows with their expert ranks: the three largest powers of two that divide the ranks of a stage.

    The first, second and fourth columns are the ranks of a stage: tensor, context and data.
    """
    if not experts:
        return _crossed(rows, [1])
    ranks = rows[:, 0] * rows[:, 1] * rows[:, 3]
    largest = np.minimum(ranks & -ranks, 2 ** (experts.bit_length() - 1))
    rows = _crossed(rows, [4, 2, 1])
    rows[:, -1] = largest.repeat(3) // rows[:, -1]
    return rows[rows[:, -1] > 0]


def _virtual(layers: int, pipeline: int) -> tuple[int, ...]:
    """Numbers of interleaved stages on each chip of a pipeline that are worth a try."""
    if pipeline == 1:
        return (1,)
    each = -(-layers // pipeline)
    return tuple(sorted({1, *(v for v in (2, 4, each) if each % v == 0 and v * pipeline <= layers)}))


def _is_virtual(layers: int, pipeline: Counts, stages: Counts) -> NDArray[np.bool_]:
    """Which numbers of stages are among those of ``_virtual`` for their pipeline."""
    each = -(-layers // pipeline)
    tried = (stages == 2) | (stages == 4) | (stages == each)
    found: NDArray[np.bool_] = (stages == 1) | (
        tried & (pipeline > 1) & (each % stages == 0) & (stages * pipeline <= layers)
    )
    return found
