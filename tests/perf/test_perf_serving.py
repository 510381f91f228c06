from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lexloci.catalogue import request_lengths
from lexloci.model.workload import Demand, Model, WorkloadKind
from lexloci.perf import ChipsNeeded, Infeasible, chips_needed, estimate
from lexloci.perf.serving import ServingSpeed, serving_speed
from lexloci.perf.serving_copies import best_served, kv_bytes_per_token, replica_sizes, uses_of

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
def test_mlperf_server_results_lie_inside_the_interval_of_a_job_with_the_same_limits(
    make_job, chip, weight_bytes, published
):
    model = replace(make_job("llama2-70b").model, weight_bytes_per_parameter=weight_bytes, kv_bytes_per_token=163840.0)
    speed = serving_speed(_serve(make_job, model, chip, workload=_demand(per_user=5.0)))
    assert isinstance(speed, ServingSpeed)
    assert speed.tokens_per_s.low <= published <= speed.tokens_per_s.high


def test_means_of_lengths_alone_widen_the_low_end_and_the_answer_says_so(make_job):
    sample = request_lengths("azure-2023-conversation")
    means = {
        "prompt_tokens": sum(sample.prompts) / len(sample.prompts),
        "answer_tokens": sum(sample.answers) / len(sample.answers),
    }
    alone, sampled = (
        serving_speed(_serve(make_job, workload=_demand(**given)))
        for given in (means, {"lengths": "azure-2023-conversation"})
    )
    widths = [one.tokens_per_s.low / one.tokens_per_s.point for one in (alone, sampled)]
    assert widths[0] < 0.9 * widths[1]
    assert alone.tokens_per_s.low <= sampled.tokens_per_s.point
    told = "only means of the lengths of requests are stated"
    assert [any(told in said for said in one.warnings) for one in (alone, sampled)] == [True, False]


@pytest.mark.parametrize(("prompt", "answer"), [(1.0, 1.0), (1.0, 4000.0), (4000.0, 1.0), (2e6, 1.0)])
def test_means_at_their_ends_give_a_figure_around_its_point_or_a_reason(make_job, prompt, answer):
    demand = _demand(prompt_tokens=prompt, answer_tokens=answer, prefix_cache_share=0.999)
    found = serving_speed(_serve(make_job, workload=demand))
    if prompt > 1e6:
        assert isinstance(found, Infeasible)
    else:
        assert 0.0 < found.tokens_per_s.low < found.tokens_per_s.point <= found.tokens_per_s.high


def test_means_beyond_the_context_are_told(make_job):
    model = replace(make_job("llama2-70b").model, context_tokens=8192)
    within, beyond = (
        serving_speed(_serve(make_job, model, workload=_demand(prompt_tokens=prompt, answer_tokens=100.0)))
        for prompt in (1000.0, 20000.0)
    )
    told = "longer than the context of 8192 tokens"
    assert [any(told in said for said in one.warnings) for one in (within, beyond)] == [False, True]


def test_prompts_found_in_a_cache_are_not_read_and_the_answer_says_so(make_job):
    long = {"prompt_tokens": 8000.0, "answer_tokens": 200.0}
    plain, cached = (
        serving_speed(_serve(make_job, workload=_demand(**long, prefix_cache_share=share))) for share in (0.0, 0.6)
    )
    assert cached.tokens_per_s.point > 1.2 * plain.tokens_per_s.point
    told = "60% of the prompts' tokens are found in a cache of prefixes, as stated, whose memory is not counted"
    assert any(told in one for one in cached.warnings)
    assert not any("cache of prefixes" in one for one in plain.warnings)


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


def test_a_limit_on_the_first_token_holds_the_round_trip_which_must_be_known(make_job):
    workload = _demand(max_first_token_s=4.0)
    unknown, known = (estimate(_serve(make_job, workload=workload, round_trip_ms=trip)) for trip in (None, 50.0))
    assert known.feasible
    assert not unknown.feasible
    assert "the round trip from asia to johor is not stated" in unknown.reason


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


def test_replicas_lie_on_powers_of_two_of_a_node_or_on_whole_nodes():
    assert replica_sizes(8, 64) == (1, 2, 4, 8, 16, 32, 64)
    assert replica_sizes(72, 144) == (1, 2, 4, 8, 16, 32, 64, 72, 144)
    assert replica_sizes(1, 4) == (1, 2, 4)
    assert replica_sizes(8, 6) == (1, 2, 4)


def _asked(**fields):
    return {"days": 30.0, "demand": Demand("asia", ("SG",), tokens_per_s_per_user=20.0, **fields)}


def test_requests_a_second_are_tokens_a_second_by_the_answers_of_their_lengths(make_job):
    sample = request_lengths("azure-2023-conversation")
    answer = sum(sample.answers) / len(sample.answers)
    requests = _asked(requests_per_s=20.0, lengths=sample.name)
    tokens = _asked(output_tokens_per_s=20.0 * answer, lengths=sample.name)
    one, other = (estimate(_serve(make_job, chips=64, workload=asked)) for asked in (requests, tokens))
    assert one == other
    assert one.feasible
    assert any(
        note.startswith("requests as in azure-2023-conversation: 1142 tokens of prompt") for note in one.warnings
    )
    assert chips_needed(_serve(make_job, chips=64, workload=requests)).chips >= 8


def test_means_of_requests_replace_the_context(make_job):
    short = _serve(make_job, workload=_asked(output_tokens_per_s=100.0, prompt_tokens=100.0, answer_tokens=100.0))
    long = _serve(make_job, workload=_asked(output_tokens_per_s=100.0, prompt_tokens=1000.0, answer_tokens=100.0))
    assert serving_speed(short).tokens_per_s.point > serving_speed(long).tokens_per_s.point


@pytest.mark.parametrize("apart", [False, True])
def test_a_tighter_limit_on_the_first_token_never_serves_more_and_an_impossible_one_says_why(make_job, apart):
    def speed(limit, trip_ms=0.0):
        asked = _asked(output_tokens_per_s=1.0, lengths="azure-2023-conversation", max_first_token_s=limit)
        job = _serve(make_job, chips=64, workload=asked | {"prompts_apart": apart}, round_trip_ms=trip_ms)
        found = serving_speed(job)
        return found.tokens_per_s.point if isinstance(found, ServingSpeed) else found.reason

    speeds = [speed(limit) for limit in (8.0, 2.0, 0.8)]
    assert speeds == sorted(speeds, reverse=True)
    assert speed(2.0, 500.0) == speed(1.5)
    assert "for 0.05 s to the first token" in speed(0.05)


def test_prompts_read_apart_meet_the_demand_and_no_split_of_the_chips_serves_more(make_job):
    asked = _asked(output_tokens_per_s=1000.0, lengths="azure-2023-code") | {"prompts_apart": True}
    job = _serve(make_job, chips=256, workload=asked)
    needed = chips_needed(job)
    assert isinstance(needed, ChipsNeeded)
    answer = estimate(replace(job, chips=needed.chips))
    assert answer.feasible
    assert answer.tokens_per_s.point >= 1000.0
    assert any("prompts are read on" in note for note in answer.warnings)
    best = best_served(job, 256, 1.0)
    for use in uses_of(job, 256, 1.0):
        for reading in range(1, 256 // use.reading_chips):
            rest = (256 - reading * use.reading_chips) // use.copy.chips
            fed = min(reading * use.fed_tokens_per_s, rest * use.copy.tokens_per_s)
            assert fed <= best.tokens_per_s * (1 + 1e-9)
    assert 0.0 < best.share <= 1.0


def test_drafted_tokens_speed_a_service_up_and_their_range_widens_the_interval(make_job):
    plain = serving_speed(_serve(make_job, workload=_demand(100.0)))
    sure = serving_speed(_serve(make_job, workload=_demand(100.0) | {"drafting": (1.5, 1.5, 1.5)}))
    unsure = serving_speed(_serve(make_job, workload=_demand(100.0) | {"drafting": (1.0, 1.5, 2.0)}))
    assert plain.tokens_per_s.point < sure.tokens_per_s.point == unsure.tokens_per_s.point
    assert unsure.tokens_per_s.low < sure.tokens_per_s.low
    assert unsure.tokens_per_s.high >= sure.tokens_per_s.high
    assert any("drafted tokens: 1.5 times as fast (1 to 2)" in note for note in unsure.warnings)


def test_the_high_end_holds_what_the_high_factor_of_drafted_tokens_gives(make_job):
    job = _serve(make_job, chips=64, workload=_demand(10.0, 0.05) | {"drafting": (1.0, 1.0, 10.0)})
    found = serving_speed(job)
    assert found.tokens_per_s.high >= best_served(job, 64, 10.0).tokens_per_s > found.tokens_per_s.point
    assert found.utilisation.high <= 1.0
