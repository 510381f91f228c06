"""The space of layouts is that of plain loops, in their order, for every number of chips."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.perf.layer import Task
from lexloci.perf.layout_space import space
from lexloci.perf.machine import USABLE_BYTES_PER_GB, Machine
from lexloci.perf.shape import Shape

MACHINE = Machine(1.0, 312e12, 624e12, 80 * USABLE_BYTES_PER_GB, 2039e9, 8.0, 300e9, 25e9, 108.0)
SHAPE = Shape(24.0, 4096.0, 32.0, 8.0, 128.0, 11008.0, 32000.0, value_dim=128.0)
TASK = Task(8192.0, 48.0, 0.0, 3.0)
POWERS = [2**n for n in range(12)]


def _by_loops(shape, machine, task, chips, *, leanest):
    """Rows of tensor, context, pipeline, data, micro-batch, expert, stages, sharding: what divides and finds room."""
    batch, layers = int(task.batch_sequences), int(shape.layers)
    for tensor in (t for t in POWERS if t <= min(16, machine.domain_chips) and shape.heads % t == 0):
        for context in (c for c in POWERS if c <= min(64, max(1, task.sequence_tokens // 4096))):
            for pipeline in range(1, layers + 1):
                if layers % pipeline and pipeline not in (2, 4, 8, 16, 32, 64):
                    continue
                for data in (d for d in range(1, batch + 1) if batch % d == 0):
                    if tensor * context * pipeline * data > chips:
                        continue
                    for micro_batch in (1, 2, 4, 8)[: 1 if leanest else 4]:
                        if batch % (data * micro_batch):
                            continue
                        for rest in _rest(shape, layers, pipeline, tensor * context * data, leanest=leanest):
                            yield tensor, context, pipeline, data, micro_batch, *rest


def _rest(shape, layers, pipeline, ranks, *, leanest):
    """Expert ranks, stages on each chip, sharding."""
    experts = [e for e in POWERS if e <= shape.experts and ranks % e == 0][-3:] or [1]
    each = -(-layers // pipeline)
    stages = {1, *(v for v in (2, 4, each) if pipeline > 1 and each % v == 0 and v * pipeline <= layers)}
    for expert in experts:
        for interleaved in [1] if leanest else sorted(stages):
            for sharding in [1, 3] if pipeline == 1 else [1]:
                yield expert, interleaved, sharding


@pytest.mark.parametrize("leanest", [False, True])
@given(
    layers=st.integers(1, 40),
    heads=st.sampled_from([1, 12, 25, 32, 64]),
    experts=st.sampled_from([0, 1, 3, 8, 60]),
    batch=st.sampled_from([1, 3, 24, 48, 97]),
    sequence=st.sampled_from([512, 5000, 16384]),
    domain=st.sampled_from([1, 6, 8, 72]),
    chips=st.integers(1, 80),
)
def test_the_space_is_that_of_plain_loops(leanest, layers, heads, experts, batch, sequence, domain, chips):
    shape = replace(SHAPE, layers=float(layers), heads=float(heads), experts=float(experts))
    task = replace(TASK, batch_sequences=float(batch), sequence_tokens=float(sequence))
    machine = replace(MACHINE, domain_chips=float(domain))
    expected = list(_by_loops(shape, machine, task, chips, leanest=leanest))
    found = space(shape, machine, task, chips, leanest=leanest)
    of_found = found.layouts
    columns = (
        of_found.tensor,
        of_found.context,
        of_found.pipeline,
        of_found.data,
        of_found.micro_batch,
        of_found.expert,
        of_found.virtual_stages,
        of_found.sharding,
    )
    assert np.stack(columns, axis=1).tolist() == [list(row) for row in expected]
    assert len(found) == len(expected)


def test_layouts_of_one_kind_have_alike_what_decides_the_time_of_a_layer():
    found = space(replace(SHAPE, experts=8.0), MACHINE, TASK, 64)
    for name in ("tensor", "context", "expert", "micro_batch"):
        assert (getattr(found.of_kind, name)[found.kind] == getattr(found.layouts, name)).all()
    for name in ("expert_tensor", "sequence_parallel", "recompute"):
        assert len(set(getattr(found.layouts, name).tolist())) == 1
