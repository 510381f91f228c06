from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lexloci.model.workload import Demand, Model, WorkloadKind
from lexloci.perf import ChipsNeeded, Infeasible, chips_needed, estimate
from lexloci.perf.roofline import Load, prompt_flop
from lexloci.perf.serving import (
    ServingSpeed,
    kv_bytes_per_token,
    measured_serving,
    replica_sizes,
    roofline_of,
    roofline_tokens_per_s,
    serving_speed,
)
from lexloci.perf.table import serving_runs

SERVE = WorkloadKind.SERVE


def _demand(tokens_per_s=1000.0, ratio=1.0, per_user=20.0, **fields):
    return {"days": 30.0, "demand": Demand("asia", ("SG",), tokens_per_s, ratio, per_user, **fields)}


def _serve(make_job, model="llama2-70b", chip="h100-sxm", chips=8, workload=None, **fields):
    return make_job(model, chip, chips, SERVE, workload or _demand(), **fields)


@pytest.mark.parametrize(
    ("chip", "weight_bytes", "published"),
    [
        # MLPerf Inference, Llama2-70B, server: 294 prompt and 294 output tokens, at most 200 ms a token.
        ("h100-sxm", 1.0, 21605.8),  # v4.1, DGX H100, 8 GPUs, FP8
        ("mi300x", 1.0, 24670.7),  # v5.1, median of four submissions, 8 GPUs, FP8
        ("b200", 0.5, 99175.5),  # v5.1, 8 GPUs, FP4
    ],
)
def test_mlperf_server_results_lie_inside_the_interval_though_no_server_row_was_used(
    make_job, chip, weight_bytes, published
):
    model = replace(make_job("llama2-70b").model, weight_bytes_per_parameter=weight_bytes)
    assert not [run for run in serving_runs() if run.id.endswith("Server")]
    speed = serving_speed(_serve(make_job, model, chip, workload=_demand(per_user=5.0)))
    assert isinstance(speed, ServingSpeed)
    assert speed.tokens_per_s.low <= published <= speed.tokens_per_s.high


def test_pangu_pro_decoding_on_four_ascend_with_456_users_takes_its_published_time_at_its_share_of_the_roofline():
    # arXiv:2505.21411, Table 6: 1,148 tokens a second and card at a batch of 456 on four 800I A2: 99.31 ms a token
    run = next(run for run in serving_runs() if run.id.endswith("b456"))
    assert run.tokens_per_s / run.users == pytest.approx(1 / 0.09931, rel=0.01)
    share = run.tokens_per_s / roofline_tokens_per_s(run)
    assert share == measured_serving(run).share
    assert 0.2 < share < 0.7


def test_a_step_is_bound_by_memory_for_one_user_and_by_arithmetic_for_thousands():
    load = Load(70e9, 70e9, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    roofline = load.on(8, 1979.0, 80.0, 3350.0)
    assert roofline.step_s(1) == pytest.approx(70e9 / (8 * 3350e9))
    assert roofline.step_s(4096) == pytest.approx(4096 * 2 * 70e9 / (8 * 1979e12))
    assert roofline.most_users() > 1e300


def test_a_few_users_touch_few_experts_of_a_mixture_and_many_touch_all():
    load = Load(671e9, 37e9, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    roofline = load.on(16, 1e9, 1e9, 3350.0)
    assert roofline.step_s(1) == pytest.approx(37e9 / (16 * 3350e9))
    assert roofline.step_s(2000) == pytest.approx(671e9 / (16 * 3350e9))


def test_prompts_cost_two_operations_a_parameter_and_causal_attention():
    assert prompt_flop(70e9, 80 * 8192, 0) == 140e9
    # sum over positions of 4 L H t is 2 L H p^2, so 2 L H p a token
    assert prompt_flop(70e9, 80 * 8192, 1000) - 140e9 == pytest.approx(2 * 80 * 8192 * 1000)


@given(users=st.floats(1, 1e5), active=st.floats(1e9, 1e11), cache=st.floats(1e3, 1e6), ratio=st.floats(0, 10))
def test_more_users_take_longer_and_yield_more(users, active, cache, ratio):
    load = Load(1e11, active, 80 * 8192.0, 1.0, cache, 1000.0, 500.0, ratio)
    roofline = load.on(8, 1979.0, 80.0, 3350.0)
    assert roofline.step_s(2 * users) >= roofline.step_s(users)
    assert 2 * users / roofline.step_s(2 * users) >= users / roofline.step_s(users) * (1 - 1e-9)


@given(step_ms=st.floats(0.01, 1000), cache=st.floats(1e3, 1e6))
def test_the_most_users_within_a_time_keep_it_and_slightly_more_do_not(step_ms, cache):
    roofline = Load(7e10, 7e10, 80 * 8192.0, 1.0, cache, 1000.0, 500.0, 2.0).on(8, 1979.0, 80.0, 3350.0)
    users = roofline.users_within(step_ms / 1000)
    if users == 0:
        assert roofline.step_s(1) > step_ms / 1000
        return
    assert roofline.step_s(users) <= step_ms / 1000
    assert users >= roofline.most_users() * (1 - 1e-6) or roofline.step_s(users * 1.001 + 1) > step_ms / 1000


@given(
    demand=st.floats(1, 1e6),
    ratio=st.floats(0, 20),
    per_user=st.floats(1, 60),
    chip=st.sampled_from(["h100-sxm", "b200", "mi300x", "ascend-910b"]),
    model=st.sampled_from(["llama2-70b", "deepseek-v3"]),
)
def test_the_chips_needed_meet_the_demand(make_job, demand, ratio, per_user, chip, model):
    workload = _demand(demand, ratio, per_user)
    pool = {"chips": 10**7}
    needed = chips_needed(_serve(make_job, model, chip, workload=workload, pool=pool))
    assume(isinstance(needed, ChipsNeeded))
    assert needed.chips % 8 == 0
    answer = estimate(_serve(make_job, model, chip, needed.chips, workload, pool=pool))
    assert answer.feasible, answer.reason
    assert answer.tokens_per_s.point >= demand * (1 - 1e-9)


@given(nodes=st.integers(1, 200), more=st.integers(1, 50), per_user=st.floats(5, 50))
def test_more_chips_never_serve_less_and_impatient_users_never_let_them_serve_more(make_job, nodes, more, per_user):
    def speed(count, user_speed):
        found = serving_speed(_serve(make_job, chips=8 * count, workload=_demand(1.0, 1.0, user_speed)))
        return found.tokens_per_s.point if isinstance(found, ServingSpeed) else 0.0

    assert speed(nodes + more, per_user) >= speed(nodes, per_user)
    assert speed(nodes, per_user * 1.5) <= speed(nodes, per_user) * (1 + 1e-6)


def test_no_service_beats_the_arithmetic_of_its_chips(make_job):
    job = _serve(make_job, workload=_demand(1.0, 3.0, 5.0))
    speed = serving_speed(job)
    operations_per_output = 2 * job.model.parameters * (1 + 3.0)
    assert speed.tokens_per_s.high <= 8 * job.chip.fp8_tflops * 1e12 / operations_per_output


def test_a_replica_leaves_the_scale_up_domain_only_where_the_model_does_not_fit_in_it(make_job):
    small = serving_speed(_serve(make_job, "llama2-70b", "h100-sxm", 64))
    assert small.replica_chips <= 8
    assert not any("several nodes" in warning for warning in small.warnings)
    large = serving_speed(_serve(make_job, "deepseek-v3", "h100-sxm", 64))
    assert large.replica_chips > 8
    assert any("several nodes" in warning for warning in large.warnings)


def test_a_model_that_no_replica_can_hold_is_refused_with_its_size(make_job):
    model = Model("huge", "Huge", 2e13, layers=200, hidden=20000, context_tokens=4096)
    job = _serve(make_job, model, chips=8)
    answer = estimate(job)
    assert not answer.feasible
    assert "huge needs 40000 GB" in answer.reason
    assert isinstance(chips_needed(job), Infeasible)


def test_a_user_speed_beyond_the_memory_bandwidth_is_refused_with_the_speed_that_is_possible(make_job):
    answer = estimate(_serve(make_job, chips=8, workload=_demand(1.0, 1.0, 5000.0)))
    assert not answer.feasible
    assert "one user of llama2-70b sees at most" in answer.reason


def test_chips_that_cannot_meet_the_demand_are_refused_with_what_they_serve(make_job):
    answer = estimate(_serve(make_job, chips=8, workload=_demand(1e6)))
    assert not answer.feasible
    assert "use more chips" in answer.reason
    needed = chips_needed(_serve(make_job, chips=8, workload=_demand(1e6)))
    assert isinstance(needed, Infeasible)
    assert "pool pool has 8" in needed.reason


@pytest.mark.parametrize(
    ("round_trip_ms", "limit", "feasible", "says"),
    [
        (34.0, 100.0, True, ""),
        (199.0, 100.0, False, "199 ms"),
        (None, 100.0, False, "not stated"),
        (None, None, True, ""),
    ],
)
def test_the_round_trip_to_the_users_is_kept_and_an_unknown_one_never_passes(
    make_job, round_trip_ms, limit, feasible, says
):
    workload = _demand(max_round_trip_ms=limit)
    answer = estimate(_serve(make_job, workload=workload, round_trip_ms=round_trip_ms))
    assert answer.feasible is feasible
    assert says in answer.reason


@pytest.mark.parametrize(
    ("workload", "says"), [({"days": 30.0, "demand": None}, "demand"), (_demand() | {"days": None}, "days")]
)
def test_a_service_without_demand_or_days_gives_no_estimate(make_job, workload, says):
    answer = estimate(_serve(make_job, workload=workload))
    assert not answer.feasible
    assert f"states no {says}" in answer.reason


@pytest.mark.parametrize("field", ["memory_gb", "memory_gb_per_s"])
def test_a_chip_without_memory_figures_serves_nothing_and_names_the_figure(make_job, field):
    chip = replace(make_job().chip, **{field: None})
    assert field in estimate(_serve(make_job, chip=chip)).reason


def test_the_cache_of_a_token_is_as_stated_else_that_of_full_attention():
    assert kv_bytes_per_token(Model("m", "M", 70e9, kv_bytes_per_token=163840.0)) == 163840
    assert kv_bytes_per_token(Model("m", "M", 70e9, layers=80, hidden=8192)) == 2 * 2 * 80 * 8192
    # GPT-3 175B: 96 layers of 12,288, from its parameters alone
    assert kv_bytes_per_token(Model("m", "M", 175e9)) == pytest.approx(4 * 96 * 12288, rel=0.05)


def test_lower_precision_weights_use_faster_arithmetic_where_the_chip_has_it(make_job):
    b200, h100 = make_job(chip="b200").chip, make_job(chip="h100-sxm").chip

    def peak(weight_bytes, chip):
        model = Model("m", "M", 70e9, weight_bytes_per_parameter=weight_bytes)
        return roofline_of(model, chip, 1.0, 1).flop_per_s / 1e12

    assert [peak(size, b200) for size in (2.0, 1.0, 0.5)] == pytest.approx([2250, 4500, 9000])
    assert [peak(size, h100) for size in (2.0, 1.0, 0.5)] == pytest.approx([989.5, 1979, 1979])


def test_replicas_lie_on_powers_of_two_of_a_node_or_on_whole_nodes():
    assert replica_sizes(8, 64) == (1, 2, 4, 8, 16, 32, 64)
    assert replica_sizes(72, 144) == (1, 2, 4, 8, 16, 32, 64, 72, 144)
    assert replica_sizes(1, 4) == (1, 2, 4)
    assert replica_sizes(8, 6) == (1, 2, 4)
