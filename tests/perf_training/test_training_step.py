"""The step model against published steps and against what no step can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.perf.collectives import Network
from lexloci.perf.efficiency import FIGURES, Efficiency, fitted, priors
from lexloci.perf.fitting import fit, predicted_s
from lexloci.perf.layer import Task
from lexloci.perf.layout import Layout
from lexloci.perf.machine import Machine
from lexloci.perf.operators import matrix_s, training_matrix_s
from lexloci.perf.shape import Shape
from lexloci.perf.step import StepModel
from lexloci.perf.training_rows import columns, training_rows
from lexloci.perf.vtrain_rows import vtrain_rows

H100 = Machine(2.0, 989.5e12, 1979e12, 80e9, 3350e9, 8.0, 450e9, 50e9, 132.0)


def _shape(draw_layers, width, experts):
    heads = width / 128.0
    return Shape(
        float(draw_layers), float(width), heads, heads, 128.0, 3.0 * width, 32000.0, experts=float(experts),
        top_k=float(min(experts, 2)), expert_ffn=float(width), value_dim=128.0,
    )  # fmt: skip


shapes = st.builds(_shape, st.integers(1, 128), st.integers(4, 128).map(lambda n: 128 * n), st.sampled_from([0, 8, 64]))
powers = st.sampled_from([1.0, 2.0, 4.0, 8.0])
layouts = st.builds(
    Layout,
    tensor=powers,
    pipeline=powers,
    data=st.integers(1, 512).map(float),
    context=st.sampled_from([1.0, 2.0]),
    expert=powers,
    expert_tensor=st.just(1.0),
    virtual_stages=st.sampled_from([1.0, 2.0, 4.0]),
    micro_batch=powers,
    sharding=st.sampled_from([0.0, 1.0, 2.0, 3.0]),
    sequence_parallel=st.sampled_from([0.0, 1.0]),
    recompute=st.sampled_from([0.0, 1.0, 1.5, 2.0]),
)
tasks = st.builds(
    Task,
    sequence_tokens=st.sampled_from([1024.0, 8192.0, 131072.0]),
    batch_sequences=st.integers(1, 8192).map(float),
    precision=st.sampled_from([0.0, 1.0, 2.0]),
    epoch=st.integers(0, 5).map(float),
)


@pytest.mark.slow
@given(shape=shapes, layout=layouts, task=tasks)
def test_a_step_is_finite_adds_up_and_takes_no_less_than_the_roofline(shape, layout, task):
    step = StepModel(shape, H100, layout, task, fitted()).step()
    seconds = float(step.seconds)
    assert np.isfinite(seconds)
    assert all(float(part) >= -1e-12 for part in step.parts.values()), step.parts
    assert seconds == pytest.approx(sum(float(part) for part in step.parts.values()))
    sequences = max(task.batch_sequences, layout.data * layout.micro_batch)
    tokens = sequences * task.sequence_tokens
    peak = float(layout.chips) * max(H100.bf16_flop_per_s, H100.low_precision_flop_per_s * (task.precision > 0))
    # no operation that the layout does not do: causal scores at most, routed experts with the tokens at hand
    assert seconds >= tokens * float(shape.training_flop_per_token(task.sequence_tokens)) / peak * (1 - 1e-9)


@pytest.mark.slow
@given(shape=shapes, layout=layouts, task=tasks)
def test_many_layouts_at_once_are_each_layout_by_itself(shape, layout, task):
    other = replace(layout, tensor=2.0, micro_batch=1.0, recompute=2.0)
    both = Layout(**{name: np.array([getattr(layout, name), getattr(other, name)]) for name in Layout.__slots__})
    together = np.asarray(StepModel(shape, H100, both, task, fitted()).step().seconds)
    for place, one in enumerate((layout, other)):
        assert together[place] == pytest.approx(float(StepModel(shape, H100, one, task, fitted()).step().seconds))


@pytest.mark.slow
@given(shape=shapes, layout=layouts, task=tasks)
def test_full_recomputation_and_a_slower_fabric_never_save_time(shape, layout, task):
    plain = replace(layout, recompute=0.0)
    slow = replace(H100, fabric_bytes_per_s=H100.fabric_bytes_per_s / 4.0)

    def seconds(machine, chosen):
        return float(StepModel(shape, machine, chosen, task, fitted()).step().seconds)

    assert seconds(H100, replace(layout, recompute=2.0)) >= seconds(H100, plain)
    assert seconds(slow, plain) >= seconds(H100, plain)


def test_pipeline_bubble_is_that_of_the_interleaved_schedule():
    # arXiv:2104.04473, section 2.2: (p - 1)/(v m) of the ideal time
    shape = _shape(64, 8192, 0)
    layout = Layout(8.0, 8.0, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 0.0)
    task = Task(2048.0, 32.0, 0.0, 3.0)
    parts = StepModel(shape, H100, layout, task, fitted()).step().parts
    ideal = sum(float(parts[name]) for name in parts if name.startswith(("matrix", "attention", "streamed")))
    ideal += float(parts["exchange within layers"]) + float(parts["waiting for the host"])
    ideal += float(parts["embedding and logits"]) + float(parts["exchange between stages"])
    assert float(parts["pipeline bubble"]) == pytest.approx(ideal * 7.0 / (2.0 * 32.0), rel=0.01)


@given(st.floats(1, 1e5), st.floats(1, 1e5), st.floats(1, 1e5))
def test_a_matrix_product_takes_at_least_its_operations_and_its_bytes(rows, columns_, inner):
    seconds = float(np.asarray(matrix_s(rows, columns_, inner, 1e15, 3e12, 132.0)))
    assert seconds >= 2 * rows * columns_ * inner / 1e15
    assert seconds >= 2 * (rows + columns_) * inner / 3e12
    _, backward = training_matrix_s(rows, columns_, inner, 1e15, 3e12, 132.0)
    assert float(np.asarray(backward)) >= 4 * rows * columns_ * inner / 1e15


def test_large_matrix_products_reach_the_peak_and_ragged_ones_do_not():
    whole = float(np.asarray(matrix_s(8192.0, 16384.0, 16384.0, 1e15, 3e12, 128.0)))
    assert whole == pytest.approx(2 * 8192 * 16384 * 16384 / 1e15, rel=0.02)
    ragged = float(np.asarray(matrix_s(129.0, 16384.0, 16384.0, 1e15, 3e13, 128.0)))
    assert ragged > 1.9 * 2 * 129 * 16384 * 16384 / 1e15


def test_collectives_move_what_the_ring_moves_and_cross_the_fabric_at_its_speed():
    network = Network(8.0, 450e9, 50e9)
    inside = float(network.gather_s(8e9, 8.0))
    assert inside == pytest.approx(8e9 * 7 / 8 / 450e9, rel=0.01)
    across = float(network.gather_s(8e9, 16.0, 8.0))  # one member in each domain: one adapter
    assert across == pytest.approx(8e9 * 15 / 16 / 50e9, rel=0.01)
    assert float(network.gather_s(8e9, 1.0)) == 0.0
    assert float(network.all_to_all_s(8e9, 64.0)) == pytest.approx(8e9 * 56 / 64 / 50e9, rel=0.01)


@pytest.mark.slow
def test_the_fit_finds_planted_figures_again():
    rows = [row for row in training_rows() if row.step_s and not row.is_mixture][::4]
    truth = priors()
    at = 0
    for figure in FIGURES:
        if figure.name == "gemm":
            truth[at + 2] += np.log(0.8)
        at += len(figure.keys)
    planted = predicted_s(columns(rows), Efficiency.of(truth))
    found = fit([replace(row, step_s=float(s)) for row, s in zip(rows, planted, strict=True)], priors(), most=8)
    again = predicted_s(columns(rows), Efficiency.of(found))
    assert np.median(np.abs(again / planted - 1.0)) < 0.01
    assert np.exp(found - priors())[2] == pytest.approx(0.8, rel=0.05)


def test_the_fit_that_ships_is_near_the_rows_that_it_saw():
    rows = [row for row in training_rows() if row.step_s]
    errors = np.abs(predicted_s(columns(rows), fitted()) / np.array([row.step_s for row in rows]) - 1.0)
    families = {row.family for row in rows}

    def error(*, mixture):
        by_family = [
            np.mean(chosen)
            for family in sorted(families)
            if len(
                chosen := [
                    e for e, r in zip(errors, rows, strict=True) if (r.family, r.is_mixture) == (family, mixture)
                ]
            )
            >= 5
        ]
        return float(np.mean(by_family))

    assert error(mixture=False) < 0.10
    assert error(mixture=True) < 0.18


def test_vtrain_single_node_points_are_met_within_fifteen_percent():
    rows = vtrain_rows()
    assert len(rows) == 1440
    errors = np.abs(predicted_s(columns(rows), fitted()) / np.array([row.step_s for row in rows]) - 1.0)
    assert np.mean(errors) < 0.15


def test_no_figure_is_keyed_on_more_than_a_generation_or_an_epoch():
    for figure in FIGURES:
        assert len(figure.keys) == len(figure.prior) in {1, 6, 7}
