"""The search finds what brute force finds, loses nothing by its bounds, and gives a reason where nothing fits."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from lexloci.perf.efficiency import fitted
from lexloci.perf.layer import Task
from lexloci.perf.layout import Layout
from lexloci.perf.layout_search import (
    RECOMPUTE_CHOICES,
    best_layouts,
    fewest_chips,
    lower_bound_s,
    why_not,
)
from lexloci.perf.layout_space import space
from lexloci.perf.machine import USABLE_BYTES_PER_GB, Machine
from lexloci.perf.memory import training_memory
from lexloci.perf.shape import Shape
from lexloci.perf.step import StepModel

A100 = Machine(1.0, 312e12, 624e12, 80 * USABLE_BYTES_PER_GB, 2039e9, 8.0, 300e9, 25e9, 108.0)
GPT3 = Shape(96.0, 12288.0, 96.0, 96.0, 128.0, 49152.0, 51200.0, gated=0.0, tied=1.0, value_dim=128.0)
MIXTURE = Shape(
    24.0, 2048.0, 16.0, 4.0, 128.0, 6144.0, 32000.0, experts=16.0, top_k=2.0, expert_ffn=1024.0, value_dim=128.0
)
SMALL = Shape(24.0, 4096.0, 32.0, 8.0, 128.0, 11008.0, 32000.0, value_dim=128.0)
STEP = Task(2048.0, 64.0, 0.0, 3.0)


def _one(layouts, place):
    return Layout(**{f.name: float(np.asarray(getattr(layouts, f.name))[place]) for f in fields(Layout)})


def _brute_force(shape, machine, task, chips):
    """The least step time over the whole space and all recomputation that fits, one layout at a time."""
    every = space(shape, machine, task, chips).layouts
    best = float("inf")
    for place in range(len(np.asarray(every.tensor))):
        for recompute in RECOMPUTE_CHOICES:
            layout = replace(_one(every, place), recompute=recompute)
            used = training_memory(shape, layout, task.sequence_tokens, task.batch_sequences)
            if float(used.total) <= machine.memory_bytes:
                best = min(best, float(StepModel(shape, machine, layout, task, fitted()).step().seconds))
    return best


@pytest.mark.slow
@pytest.mark.parametrize("shape", [SMALL, MIXTURE])
@pytest.mark.parametrize("gigabytes", [24, 80])
def test_the_search_finds_what_trying_every_layout_finds(shape, gigabytes):
    machine = replace(A100, memory_bytes=gigabytes * USABLE_BYTES_PER_GB)
    task = replace(STEP, batch_sequences=16.0)
    found = best_layouts(shape, machine, task, 8, fitted())
    assert found.best[0].step_s == pytest.approx(_brute_force(shape, machine, task, 8))


def test_no_step_beats_its_bound_and_most_layouts_need_not_be_computed():
    every = space(GPT3, A100, replace(STEP, batch_sequences=1536.0), 1024)
    task = replace(STEP, batch_sequences=1536.0)
    bounds = lower_bound_s(GPT3, A100, every, task, fitted())
    assert (np.asarray(StepModel(GPT3, A100, every.layouts, task, fitted()).step().seconds) >= bounds).all()
    found = best_layouts(GPT3, A100, task, 1024, fitted())
    assert found.looked_at == len(bounds) > 2796
    assert found.computed < found.looked_at / 4


@pytest.mark.slow
@settings(max_examples=25)
@given(st.integers(1, 64), st.integers(1, 64))
def test_chips_that_may_stay_idle_never_slow_the_best(few, more):
    small, large = (best_layouts(SMALL, A100, STEP, chips, fitted()).best for chips in (few, few + more))
    if small:
        assert large
        assert large[0].step_s <= small[0].step_s * (1 + 1e-12)
    fewest = fewest_chips(SMALL, A100, STEP, few)
    assert (fewest is not None) == bool(small)
    if fewest is not None:
        assert best_layouts(SMALL, A100, STEP, fewest, fitted()).best
        assert not best_layouts(SMALL, A100, STEP, fewest - 1, fitted()).best


@pytest.mark.slow
@given(st.sampled_from([SMALL, MIXTURE, GPT3]), st.integers(0, 10**6))
def test_every_layout_of_the_space_is_valid_but_for_its_memory(shape, place):
    every = space(shape, A100, STEP, 64).layouts
    layout = replace(_one(every, place % len(np.asarray(every.tensor))), recompute=2.0)
    reason = why_not(shape, A100, layout, STEP, 64)
    assert reason == "" or "GB" in reason


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"tensor": 5.0}, "5 tensor ranks do not divide 96 heads"),
        ({"pipeline": 128.0, "data": 1.0}, "takes 1024 chips of 64"),
        ({"pipeline": 16.0, "virtual_stages": 8.0, "data": 1.0, "tensor": 4.0}, "128 virtual stages for 96 layers"),
        ({"expert": 4.0}, "4 expert ranks for 0 experts"),
        ({"data": 3.0}, "64 sequences do not divide into 3 at a time"),
        ({"data": 8.0}, "a chip needs"),
    ],
)
def test_an_invalid_layout_gets_its_reason(changes, says):
    layout = replace(Layout(8.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0), **changes)
    assert says in why_not(GPT3, A100, layout, STEP, 64)


@given(
    shape=st.sampled_from([SMALL, MIXTURE]),
    ranks=st.tuples(*(st.integers(1, most) for most in (9, 26, 66, 5, 18, 4, 9))),
    chips=st.sampled_from([64, 4096]),
)
def test_a_layout_has_a_reason_exactly_where_it_splits_what_cannot_be_split(shape, ranks, chips):
    tensor, pipeline, data, context, expert, stages, micro = (float(rank) for rank in ranks)
    layout = Layout(tensor, pipeline, data, context, expert, 1.0, stages, micro, 1.0, 1.0, 2.0)
    can_be = (
        tensor * pipeline * data * context <= chips
        and shape.heads % tensor == 0
        and pipeline * stages <= shape.layers
        and expert <= max(1.0, shape.experts)
        and expert <= tensor * data * context
        and STEP.batch_sequences % (data * micro) == 0
        and STEP.sequence_tokens % context == 0
    )
    event(f"{can_be}")
    reason = why_not(shape, replace(A100, memory_bytes=1e15), layout, STEP, chips)
    assert (reason == "") == can_be
    assert "\n" not in reason


def test_the_next_best_differ_in_their_ranks_and_come_in_order():
    found = best_layouts(GPT3, A100, replace(STEP, batch_sequences=1536.0), 1024, fitted(), keep=5).best
    assert len(found) == 5
    ranks = {(f.layout.tensor, f.layout.pipeline, f.layout.context, f.layout.expert, f.layout.sharding) for f in found}
    assert len(ranks) == 5
    assert [f.step_s for f in found] == sorted(f.step_s for f in found)
    alone = best_layouts(GPT3, A100, replace(STEP, batch_sequences=1536.0), 1024, fitted()).best
    assert alone[0].step_s == found[0].step_s


def test_a_model_that_no_layout_holds_gets_the_least_memory_as_its_reason():
    found = best_layouts(GPT3, A100, STEP, 8, fitted())
    assert found.best == ()
    assert "at least" in found.reason
    assert "has 80 GB" in found.reason
