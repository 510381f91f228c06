"""One training at several sites, from the step that is predicted to the share of the time that trains."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lexloci.model.workload import Exchange, Model, Rollouts, WorkloadKind
from lexloci.perf import estimate
from lexloci.perf.across import RingLink, estimate_across
from lexloci.perf.multi_site import all_reduce_s
from lexloci.perf.training import training_speed

NODES = 14
PARAMETERS = 10.2e9
INTELLECT = Model("intellect-1", "INTELLECT-1", PARAMETERS, layers=42, hidden=4096, context_tokens=8192)
TRIP_MS = 100.0


def _node(make_job, **workload):
    """One of INTELLECT-1's nodes, 8 H100, with 128 sequences a step.

    The batch follows from what was published: 38 minutes for 100 steps at an MFU of 43.3 % are
    22.8 x 8 x 989.5e12 x 0.433 operations, over 6 N + 12 L H s for each token: 1.0 million tokens.
    """
    stated = {"tokens": 1e12, "batch_sequences": 128, "exchange": Exchange(1.0, 100)}
    return make_job(INTELLECT, "h100-sxm", 8, workload=stated | workload)


def _link_that_takes(seconds):
    """The bandwidth with which an exchange of INTELLECT-1 takes so long."""
    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if all_reduce_s(PARAMETERS, NODES, middle, TRIP_MS) > seconds else (low, middle)
    return RingLink(high, TRIP_MS, 0.0)


@pytest.mark.parametrize(("all_reduce", "published"), [(103.0, 95.7), (382.0, 85.6), (469.0, 83.0)])
def test_intellect_1_trains_its_published_share_of_the_time_with_the_step_that_is_predicted(
    make_job, all_reduce, published
):
    # arXiv:2412.01152, table 2: exchanges in the United States, with Europe, in the whole world
    found = estimate_across([_node(make_job)] * NODES, [_link_that_takes(all_reduce)] * NODES)
    assert found.feasible, found.reason
    told = next(note for note in found.warnings if note.endswith("of the time trains"))
    assert float(told.split("%", maxsplit=1)[0]) == pytest.approx(published, abs=3.0)


def test_the_step_of_a_node_lies_inside_its_interval(make_job):
    tokens, speed = 128 * 8192, training_speed(_node(make_job)).tokens_per_s
    assert tokens / speed.high <= 22.8 <= tokens / speed.low


def test_the_figures_of_many_sites_hold_their_points_and_power_rests_while_they_wait(make_job):
    slow, fast = (
        estimate_across([_node(make_job)] * NODES, [_link_that_takes(seconds)] * NODES) for seconds in (2000.0, 20.0)
    )
    assert slow.busy.point < fast.busy.point <= 1.0
    assert slow.duration_s.point > fast.duration_s.point
    draw = [one.energy_kwh.point / one.duration_s.point for one in (slow, fast)]
    assert draw[0] < draw[1]
    # chips that compute more slowly wait for a smaller share of the time, and the other way round
    assert slow.busy.low < slow.busy.point < slow.busy.high


@given(
    gbps=st.floats(1e-3, 1e5),
    trip_ms=st.floats(0, 1000),
    steps=st.integers(1, 10**6),
    overlap=st.floats(0, 1),
    nbytes=st.floats(1e-3, 8),
    tokens=st.floats(1, 1e18),
)
@example(gbps=1.0, trip_ms=0.0, steps=1, overlap=1.0, nbytes=1.0, tokens=1.0)  # the links alone decide the speed
def test_several_sites_have_finite_figures_around_their_points(
    make_job, *, gbps, trip_ms, steps, overlap, nbytes, tokens
):
    exchange = Exchange(nbytes, steps, overlap, 1.1)
    found = estimate_across([_node(make_job, tokens=tokens, exchange=exchange)] * 3, [RingLink(gbps, trip_ms, 0.1)] * 3)
    assert found.feasible, found.reason
    for one in (found.duration_s, found.tokens_per_s, found.energy_kwh, found.carbon_kg, found.cost_usd, found.busy):
        assert 0.0 <= one.low <= one.point <= one.high < float("inf")
    alone = estimate(_node(make_job, tokens=tokens))
    assert found.tokens_per_s.point <= 3.0 * alone.tokens_per_s.point / alone.busy.point


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"max_chips": 100}, "allows 100 chips, the pools have 112"),
        ({"tokens": None}, "states no tokens"),
        ({"tokens": 1e308, "exchange": Exchange(1.0, 100, token_penalty=1e3)}, "too large or too small to compute"),
        ({"rollouts": Rollouts(tokens_per_s=5.0)}, "rollouts across sites are not modelled"),
    ],
)
def test_what_sites_cannot_do_together_is_refused_with_its_reason(make_job, change, says):
    found = estimate_across([_node(make_job, **change)] * NODES, [_link_that_takes(100.0)] * NODES)
    assert not found.feasible
    assert says in found.reason
    assert found.pool.count("+") == NODES - 1


def test_a_site_that_cannot_hold_the_model_is_named(make_job):
    huge = make_job("llama3-405b", "h100-sxm", 8, WorkloadKind.PRE_TRAIN)
    found = estimate_across([huge, huge], [_link_that_takes(100.0)] * 2)
    assert found.reason.startswith("pool: training llama3-405b on 8 h100-sxm")
