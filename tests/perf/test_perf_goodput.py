from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.perf import estimate
from lexloci.perf.goodput import (
    RESTART_S,
    best_interval_s,
    checkpoint_s,
    goodput,
    mean_time_between_failures_s,
)


def _share(checkpoint: float, interval: float, restart: float, mean_time: float) -> float:
    return (1 - checkpoint / interval) * (1 - (interval / 2 + restart) / mean_time)


def test_llama_3_was_interrupted_unexpectedly_every_3_1_hours():
    # arXiv:2407.21783: 419 unexpected interruptions in 54 days on 16,384 H100
    assert mean_time_between_failures_s(16384) / 3600 == pytest.approx(54 * 24 / 419)
    assert mean_time_between_failures_s(1) / 86400 == pytest.approx(2111, abs=1)


def test_llama_3_kept_more_than_90_percent_effective_training_time():
    assert 0.90 < goodput(405.85e9, 16384) < 0.96


def test_the_checkpoint_of_bloom_is_as_large_and_as_slow_as_published():
    # BigScience chronicles: 2.3 TB in 40 s on 384 A100
    assert pytest.approx(2.3e12, rel=0.1) == 14 * 176.2e9
    assert checkpoint_s(176.2e9, 384) == pytest.approx(40, rel=0.4)


@given(checkpoint=st.floats(0.1, 600), restart=st.floats(0, 1800), mean_time=st.floats(7200, 1e7))
def test_no_other_checkpoint_interval_wastes_less(checkpoint, restart, mean_time):
    best = best_interval_s(checkpoint, mean_time, restart)
    kept = _share(checkpoint, best, restart, mean_time)
    for factor in (0.5, 0.8, 0.95, 1.05, 1.25, 2.0):
        assert _share(checkpoint, best * factor, restart, mean_time) <= kept + 1e-12


@given(parameters=st.floats(1e9, 2e12), chips=st.integers(8, 10**7))
def test_goodput_is_a_share(parameters, chips):
    assert 0 <= goodput(parameters, chips) < 1


def test_more_chips_fail_more_often():
    kept = [goodput(405.85e9, chips) for chips in (1024, 4096, 16384, 65536)]
    assert kept == sorted(kept, reverse=True)


def test_where_failures_leave_no_progress_there_is_no_estimate(make_job):
    chips = 400_000
    assert mean_time_between_failures_s(chips) < RESTART_S
    assert goodput(405.85e9, chips) == 0
    answer = estimate(make_job(chips=chips))
    assert not answer.feasible
    assert "fail more often" in answer.reason


def test_the_time_of_a_run_holds_its_failures(make_job):
    answer = estimate(make_job(chips=16384, workload={"tokens": 1e13}))
    assert answer.duration_s.point * answer.tokens_per_s.point == pytest.approx(1e13)
    assert "useful work" in answer.warnings[0]
