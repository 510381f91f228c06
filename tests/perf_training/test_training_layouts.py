"""The layouts of a job: the next best are those of brute force, memory adds up, and what cannot be says why."""

from __future__ import annotations

from dataclasses import fields, replace
from math import inf, nan

import numpy as np
import pytest

from lexloci.model.workload import WorkloadKind
from lexloci.perf.efficiency import fitted
from lexloci.perf.job import Infeasible
from lexloci.perf.layer import Task
from lexloci.perf.layout import Layout
from lexloci.perf.layout_search import RECOMPUTE_CHOICES, best_layouts, too_large_layouts
from lexloci.perf.layout_space import space
from lexloci.perf.layouts import LaidOut, RefusedLayout, job_layouts
from lexloci.perf.machine import USABLE_BYTES_PER_GB, Machine
from lexloci.perf.memory import Memory, training_memory
from lexloci.perf.shape import Shape
from lexloci.perf.step import StepModel
from lexloci.perf.training import training_speed

RANKS = ("tensor", "pipeline", "context", "expert", "sharding")
A100 = Machine(1.0, 312e12, 624e12, 24 * USABLE_BYTES_PER_GB, 2039e9, 8.0, 300e9, 25e9, 108.0)
SMALL = Shape(24.0, 4096.0, 32.0, 8.0, 128.0, 11008.0, 32000.0, value_dim=128.0)
STEP = Task(8192.0, 48.0, 0.0, 3.0)
PLAIN = Layout(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, nan)


def _columns(chips, recompute):
    every = space(SMALL, A100, STEP, chips).layouts
    return replace(every, recompute=np.full(len(np.asarray(every.tensor)), recompute))


def _ranks(layouts):
    return list(zip(*(np.asarray(getattr(layouts, name)).tolist() for name in RANKS), strict=True))


@pytest.fixture(scope="module")
def every_layout():
    """Each layout of the space on 16 chips, with each recomputation: ranks, memory and time."""
    found = []
    for recompute in RECOMPUTE_CHOICES:
        layouts = _columns(16, recompute)
        used = np.asarray(training_memory(SMALL, layouts, STEP.sequence_tokens, STEP.batch_sequences).total)
        seconds = np.asarray(StepModel(SMALL, A100, layouts, STEP, fitted()).step().seconds)
        found += zip(_ranks(layouts), used, seconds, strict=True)
    return found


@pytest.mark.parametrize("keep", [1, 4, 12])
def test_the_next_best_are_those_that_trying_every_layout_finds(every_layout, keep):
    fastest = {}
    for ranks, used, seconds in every_layout:
        if used <= A100.memory_bytes:
            fastest[ranks] = min(seconds, fastest.get(ranks, inf))
    found = best_layouts(SMALL, A100, STEP, 16, fitted(), keep=keep).best
    assert [one.step_s for one in found] == pytest.approx(sorted(fastest.values())[:keep])


def test_layouts_that_no_chip_holds_are_counted_and_the_nearest_to_fitting_that_would_be_faster_are_told():
    layouts = _columns(16, RECOMPUTE_CHOICES[-1])
    used = np.asarray(training_memory(SMALL, layouts, STEP.sequence_tokens, STEP.batch_sequences).total)
    seconds = np.asarray(StepModel(SMALL, A100, layouts, STEP, fitted()).step().seconds)
    large = used > A100.memory_bytes
    limit = float(np.median(seconds[large]))
    count, found = too_large_layouts(SMALL, A100, STEP, 16, fitted(), faster_than_s=limit, keep=3)
    assert count == large.sum() > 3
    assert [one.memory_bytes for one in found] == sorted(one.memory_bytes for one in found)
    assert len({tuple(getattr(one.layout, name) for name in RANKS) for one in found}) == len(found) == 3
    for one in found:
        assert one.step_s < limit
        assert one.memory_bytes > A100.memory_bytes
    assert found[0].memory_bytes == used[large & (seconds < limit)].min()
    assert too_large_layouts(SMALL, A100, STEP, 16, fitted(), faster_than_s=0.0, keep=3) == (count, ())


def test_the_best_layout_is_the_one_that_the_estimate_of_the_job_rests_on(make_job):
    job = make_job(chips=1024, pool={"chips": 1024})
    found, speed = job_layouts(job, keep=2), training_speed(job)
    for end in ("point", "low", "high"):
        assert getattr(found.best[0].tokens_per_s, end) == pytest.approx(getattr(speed.tokens_per_s, end))
    assert found.best[0].step_s.point <= found.best[1].step_s.point
    assert f"tensor {found.best[0].layout.tensor:g}, pipeline" in " ".join(speed.warnings)


def test_the_memory_of_each_layout_adds_up_and_fits_and_intervals_hold_their_point(make_job):
    found = job_layouts(make_job("deepseek-v3", chips=2048), keep=5)
    assert len(found.best) == 5
    for one in found.best:
        parts = [getattr(one.memory, field.name) for field in fields(Memory)]
        assert all(part > 0 for part in parts)
        assert sum(parts) == pytest.approx(one.memory.total)
        assert one.memory.total <= found.memory_bytes
        assert one.layout.chips <= found.chips
        assert one.step_s.low <= one.step_s.point <= one.step_s.high
        tokens = found.batch_sequences * found.sequence_tokens
        assert one.tokens_per_s.point * one.step_s.point == pytest.approx(tokens)
        assert one.tokens_per_s.low * one.step_s.high == pytest.approx(tokens)


def test_a_model_that_fits_nowhere_has_no_layout_a_reason_and_those_nearest_to_fitting(make_job):
    found = job_layouts(make_job(chips=8))
    assert found.best == ()
    assert "a chip needs at least" in found.reason
    assert found.too_large_count == found.looked_at > 0
    assert all("GB and has 80 GB" in one.reason for one in found.too_large)
    assert len(found.too_large) == 3


def test_a_stated_layout_is_judged_with_the_least_recomputation_that_fits(make_job):
    job = make_job(chips=1024)
    first = job_layouts(job, keep=1).best[0]
    best = first.layout
    again = job_layouts(job, keep=1, stated=replace(best, recompute=nan)).stated
    assert isinstance(again, LaidOut)
    assert again.layout.recompute == best.recompute
    assert again.step_s.point == pytest.approx(first.step_s.point)
    wasteful = job_layouts(job, keep=1, stated=replace(best, recompute=2.0)).stated
    assert wasteful.step_s.point > again.step_s.point
    assert wasteful.memory.total < again.memory.total


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"tensor": 5.0}, "5 tensor ranks do not divide 128 heads"),
        ({"data": 2048.0}, "takes 2048 chips of 1024"),
        ({"tensor": 8.0, "pipeline": 16.0, "data": 7.0}, "do not divide into 7 at a time"),
        ({"data": 512.0, "sharding": 0.0}, "GB and has 80 GB"),
    ],
)
def test_a_stated_layout_that_cannot_be_says_why(make_job, changes, says):
    found = job_layouts(make_job(chips=1024), keep=1, stated=replace(PLAIN, **changes)).stated
    assert isinstance(found, RefusedLayout)
    assert says in found.reason


def test_a_service_and_a_chip_without_figures_have_no_layouts(make_job):
    serving = job_layouts(make_job("llama2-70b", chips=8, kind=WorkloadKind.SERVE))
    assert isinstance(serving, Infeasible)
    assert "does not train" in serving.reason
    bare = make_job(chips=64)
    unknown = job_layouts(replace(bare, chip=replace(bare.chip, memory_gb=None)))
    assert isinstance(unknown, Infeasible)
    assert "states no memory_gb" in unknown.reason
