"""Memory of a chip: no measured configuration is refused, and what cannot fit is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.perf.layout import Layout
from lexloci.perf.machine import USABLE_BYTES_PER_GB
from lexloci.perf.memory import in_flight, layer_activation_bytes, training_memory
from lexloci.perf.shape import Shape
from lexloci.perf.training_rows import columns, training_rows, used_bytes
from lexloci.perf.vtrain_rows import vtrain_rows

GPT3_22B = Shape(48.0, 6144.0, 64.0, 64.0, 96.0, 24576.0, 51200.0, gated=0.0, tied=1.0, value_dim=96.0)
ONE = Layout(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0)


@pytest.mark.slow
def test_no_published_configuration_is_declared_out_of_memory():
    rows = (*training_rows(), *vtrain_rows())
    assert len(rows) > 2000
    refused = [r.id for r in rows if used_bytes(r.shape, r.layout, r.task) > r.machine["memory_bytes"]]
    assert refused == []


@pytest.mark.parametrize(
    ("layers", "hidden", "ranks", "gigabytes"),
    [
        (126, 16384, 8, 80),  # Llama 3 405B on one node of H100
        (96, 12288, 8, 80),  # GPT-3 175B on eight A100: 16 bytes a parameter are 350 GB a chip
        (32, 4096, 1, 80),  # a 7B model with Adam on one A100 of 80 GB (arXiv:1910.02054: 16 bytes a parameter)
    ],
)
def test_what_states_alone_make_too_large_is_declared_so(layers, hidden, ranks, gigabytes):
    shape = Shape(float(layers), float(hidden), hidden / 128.0, 8.0, 128.0, 3.5 * hidden, 32000.0)
    layout = replace(ONE, tensor=float(ranks), recompute=2.0)
    used = training_memory(shape, layout, 2048.0, 1.0)
    assert float(used.total) > gigabytes * USABLE_BYTES_PER_GB


def test_states_are_sixteen_bytes_a_parameter_and_sharding_divides_what_it_says():
    layout = replace(ONE, data=64.0)
    for sharding, bytes_each in ((0.0, 16.0), (1.0, 4.0 + 12.0 / 64), (2.0, 2.0 + 14.0 / 64)):
        used = training_memory(GPT3_22B, replace(layout, sharding=sharding), 2048.0, 64.0)
        states = float(used.weights + used.gradients + used.optimiser)
        assert states == pytest.approx(bytes_each * float(GPT3_22B.parameters()), rel=1e-6)
    full = training_memory(GPT3_22B, replace(layout, sharding=3.0), 2048.0, 64.0)
    assert float(full.optimiser) == pytest.approx(12.0 * float(GPT3_22B.parameters()) / 64.0)


def test_activations_of_an_unfused_layer_are_those_of_the_published_formula():
    # arXiv:2205.05198, equation 1: s b h (34 + 5 a s / h); this count leaves out dropout masks (3 s b h)
    s, h, a = 2048.0, 6144.0, 64.0
    counted = float(layer_activation_bytes(GPT3_22B, ONE, s, unfused=1.0))
    assert counted == pytest.approx(s * h * (34.0 + 5.0 * a * s / h), rel=0.08)


def test_the_first_stage_holds_as_many_micro_batches_as_one_forward_one_backward_keeps():
    layout = replace(ONE, pipeline=8.0)
    assert float(in_flight(layout, 64.0)) == 8.0
    assert float(in_flight(layout, 4.0)) == 4.0
    # arXiv:2205.05198, section 4.2.3: 1 + (p - 1)/(p m) times as much with m interleaved stages
    assert float(in_flight(replace(layout, virtual_stages=4.0), 64.0)) == pytest.approx(8.0 * (1 + 7 / (8 * 4)))


ranks = st.sampled_from([1.0, 2.0, 4.0, 8.0])


@given(ranks, ranks, st.integers(1, 64).map(float), ranks, st.sampled_from([0.0, 1.0, 2.0, 3.0]), st.booleans())
def test_memory_adds_up_and_more_recomputation_or_sharding_never_needs_more(tensor, pipeline, data, micro, zero, low):
    def used(**changes):
        layout = replace(ONE, tensor=tensor, pipeline=pipeline, data=data, micro_batch=micro, sharding=zero, **changes)
        return training_memory(GPT3_22B, layout, 2048.0, 512.0, low_precision=float(low))

    plain = used()
    parts = plain.weights + plain.gradients + plain.optimiser + plain.activations + plain.reserved
    assert float(plain.total) == pytest.approx(float(parts))
    assert float(used(recompute=1.0).activations) <= float(plain.activations)
    if zero < 3.0:
        layout = replace(ONE, tensor=tensor, pipeline=pipeline, data=data, micro_batch=micro, sharding=zero + 1.0)
        more = training_memory(GPT3_22B, layout, 2048.0, 512.0, low_precision=float(low))
        assert float(more.gradients + more.optimiser) <= float(plain.gradients + plain.optimiser) * (1 + 1e-9)


def test_adapters_need_the_weights_and_little_more():
    layout = replace(ONE, tensor=8.0)
    whole = training_memory(GPT3_22B, layout, 2048.0, 1.0)
    adapted = training_memory(GPT3_22B, layout, 2048.0, 1.0, adapters_only=1.0)
    assert float(adapted.weights) == float(whole.weights)
    assert float(adapted.optimiser) == pytest.approx(0.01 * float(whole.optimiser))


def test_a_table_of_rows_is_every_row_by_itself():
    rows = training_rows()[::50]
    table = columns(rows)
    used = np.asarray(
        training_memory(
            table.shape,
            table.layout,
            table.task.sequence_tokens,
            table.task.batch_sequences,
            (np.asarray(table.task.epoch) == 0).astype(float),
            (np.asarray(table.task.precision) > 0).astype(float),
            table.task.adapters_only,
        ).total
    )
    for row, together in zip(rows, used, strict=True):
        assert together == pytest.approx(used_bytes(row.shape, row.layout, row.task))
