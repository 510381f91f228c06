from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.catalogue.chips import chips
from lexloci.perf.served_shape import shape_named, shape_of_size
from lexloci.perf.serving_batch import NO_LIMIT, Lengths, Way, run_speed, speed_under_limits, token_s, users_within
from lexloci.perf.serving_efficiency import fitted_efficiency
from lexloci.perf.serving_machine import machine_of
from lexloci.perf.serving_step import Precision, Replica, Serving

CHIPS = ("h100-sxm", "b200", "gb200", "mi300x", "ascend-910b3", "rtx-pro-6000-server", "tpu-v5p", "mtt-s5000", "l40s")
LLAMA = shape_named("Llama 3.3 70B", 70.6e9, 70.6e9)[0]
DEEPSEEK = shape_named("deepseek-v3", 671e9, 37e9)[0]
SCOUT = shape_named("Llama 4 Scout", 109e9, 17e9)[0]


def _serving(shape=LLAMA, chip="h100-sxm", tensor=8.0, stages=1.0, by_users=0.0, weight_bytes=1.0, cache_bytes=1.0):
    machine = machine_of(chips()[chip], 400.0)
    precision = Precision(weight_bytes, weight_bytes, cache_bytes)
    return Serving(shape, precision, machine, Replica(tensor, stages, by_users), fitted_efficiency())


servings = st.builds(
    _serving,
    shape=st.sampled_from([LLAMA, DEEPSEEK, SCOUT])
    | st.builds(lambda size, share: shape_of_size(size, size * share), st.floats(1e9, 2e12), st.floats(0.02, 1.0)),
    chip=st.sampled_from(CHIPS),
    tensor=st.sampled_from([1.0, 2.0, 4.0, 8.0, 32.0]),
    stages=st.sampled_from([1.0, 2.0, 4.0]),
    by_users=st.sampled_from([0.0, 1.0]),
    weight_bytes=st.sampled_from([0.5625, 1.0, 2.0]),
    cache_bytes=st.sampled_from([1.0, 2.0]),
)


@given(serving=servings, users=st.floats(1, 1e5), context=st.floats(1, 1e5))
def test_no_step_is_faster_than_the_data_sheet_allows(serving, users, context):
    step = float(serving.step_s(users, context))
    assert np.isfinite(step)
    assert step >= float(serving.roofline_step_s(users, context)) * (1 - 1e-9)


@given(serving=servings, prompt=st.floats(1, 1e5))
def test_no_prompt_is_read_faster_than_the_peak_allows(serving, prompt):
    assert float(serving.prompt_token_s(prompt)) >= float(serving.roofline_prompt_token_s()) * (1 - 1e-9)


@given(serving=servings, users=st.floats(1, 1e5), context=st.floats(1, 1e5), more=st.floats(1.0, 10.0))
def test_more_users_or_longer_contexts_never_shorten_a_step(serving, users, context, more):
    step = float(serving.step_s(users, context))
    assert float(serving.step_s(users * more, context)) >= step * (1 - 1e-9)
    assert float(serving.step_s(users, context * more)) >= step * (1 - 1e-9)


@given(
    serving=servings,
    more=st.floats(1.0, 4.0),
    prompt=st.floats(1, 20000),
    output=st.floats(1, 4000),
    each_ms=st.floats(5, 500),
)
def test_more_memory_never_means_fewer_users(serving, more, prompt, output, each_ms):
    lengths = Lengths.fixed(prompt, output)
    larger = replace(serving, machine=replace(serving.machine, memory_bytes=serving.machine.memory_bytes * more))
    few, many = (max(float(one.most_users(prompt)), 0.0) for one in (serving, larger))  # below 0: it does not fit
    assert many >= few * (1 - 1e-9)
    small = speed_under_limits(serving, lengths, NO_LIMIT, each_ms / 1000)
    large = speed_under_limits(larger, lengths, NO_LIMIT, each_ms / 1000)
    assert float(large.users) >= float(small.users) * (1 - 1e-6)


@given(
    serving=servings,
    prompt=st.floats(1, 20000),
    output=st.floats(1, 4000),
    each_ms=st.floats(5, 500),
    first_s=st.floats(0.1, 20),
)
def test_what_serves_keeps_its_limits_and_stays_below_the_roofline(serving, prompt, output, each_ms, first_s):
    lengths = Lengths.fixed(prompt, output)
    speed = speed_under_limits(serving, lengths, first_s, each_ms / 1000)
    served, users = float(speed.tokens_per_s), float(speed.users)
    assert np.isfinite([served, users, float(speed.token_s), float(speed.busy)]).all()
    if served == 0.0:
        return
    assert float(token_s(serving, users, lengths)) <= each_ms / 1000
    assert users <= float(serving.most_users(lengths.cached)) * (1 + 1e-9)
    assert served <= users / float(serving.roofline_step_s(users, lengths.cached)) * (1 + 1e-9)
    patient = speed_under_limits(serving, lengths, first_s * 2, each_ms / 1000)
    assert float(patient.tokens_per_s) >= served * (1 - 1e-9)


@given(serving=servings, limit_ms=st.floats(1, 1000), most=st.floats(1, 1e6))
def test_the_users_within_a_limit_are_the_most_that_keep_it(serving, limit_ms, most):
    lengths, limit = Lengths.fixed(1000.0, 500.0), limit_ms / 1000
    users = float(users_within(serving, most, lengths, limit))
    if users == 0.0:
        assert float(token_s(serving, 1.0, lengths)) > limit
        return
    assert float(token_s(serving, users, lengths)) <= limit
    assert users >= most * (1 - 1e-6) or float(token_s(serving, users * 1.01, lengths)) > limit


@given(serving=servings, requests=st.floats(10, 1e5))
def test_a_run_is_never_faster_than_one_with_more_requests_by_more_than_its_last_batch(serving, requests):
    lengths = Lengths.fixed(1000.0, 1000.0)
    speed = run_speed(serving, lengths, requests)
    endless = run_speed(serving, lengths, requests * 1000.0)
    assert float(speed.tokens_per_s) <= float(endless.tokens_per_s) * 1.05


def test_prompts_on_other_chips_let_more_users_generate_within_the_same_limit():
    serving, lengths = _serving(), Lengths.fixed(4000.0, 500.0)
    together = users_within(serving, 1e6, lengths, 0.05)
    apart = users_within(serving, 1e6, lengths, 0.05, Way(prompts_apart=1.0))
    assert float(apart) > float(together) > 0


def test_one_user_of_llama_70b_on_eight_h100_waits_for_its_weights_and_the_starts():
    # 70.6 GB over 8 x 3.35 TB/s is 2.6 ms; single streams of 70B in FP8 on 8 H100 see 80 to 150 a second
    step = float(_serving().step_s(1.0, 1000.0))
    assert 1 / 200 < step < 1 / 60


def test_a_model_twice_the_memory_holds_no_user():
    assert float(_serving(DEEPSEEK, tensor=1.0).most_users(1000.0)) < 1.0
    assert float(_serving(DEEPSEEK, tensor=16.0, by_users=1.0).most_users(1000.0)) > 1.0


def test_attention_by_users_keeps_all_attention_weights_on_each_chip_and_deals_the_experts():
    split, whole = _serving(DEEPSEEK, tensor=16.0), _serving(DEEPSEEK, tensor=16.0, by_users=1.0)
    always = DEEPSEEK.always + 2.0 * DEEPSEEK.vocabulary
    assert whole.weight_bytes_per_chip() - split.weight_bytes_per_chip() == pytest.approx(always * 15 / 16)


def test_the_projection_to_the_vocabulary_is_waited_for_by_all_stages():
    one, four = (_serving(stages=stages, tensor=1.0) for stages in (1.0, 4.0))
    bare = replace(LLAMA, vocabulary=0.0)
    alone, held = (float(each.step_s(4.0, 1000.0)) for each in (replace(four, shape=bare), four))
    once = float(one.step_s(1.0, 1000.0)) - float(replace(one, shape=bare).step_s(1.0, 1000.0))
    assert held - alone == pytest.approx(4.0 * once)


def test_chips_that_serve_one_phase_send_a_token_only_where_its_experts_are():
    gathers = _serving(DEEPSEEK, tensor=8.0, by_users=1.0)
    sends = replace(gathers, replica=replace(gathers.replica, apart=1.0))
    many = replace(gathers, shape=replace(DEEPSEEK, active_experts=256.0))
    each = [float(np.asarray(one._exchange_s(64.0))) for one in (gathers, sends, many)]
    assert each[1] / each[0] == pytest.approx(1.0 - (1.0 - 1.0 / 8.0) ** 8)
    assert each[2] == pytest.approx(each[0])


def test_scores_are_computed_in_the_bits_of_the_cache():
    eight, sixteen = (_serving(DEEPSEEK, cache_bytes=held, by_users=1.0) for held in (1.0, 2.0))
    assert float(eight._attention_s(64.0, 1e4)) < float(sixteen._attention_s(64.0, 1e4))
    assert float(eight.prompt_token_s(1e5)) < float(sixteen.prompt_token_s(1e5))


def test_a_host_of_each_chip_reads_the_prompts_of_its_own_users():
    split, users = (_serving(DEEPSEEK, tensor=8.0, by_users=way) for way in (0.0, 1.0))
    assert (split.ranks(), users.ranks()) == (1.0, 8.0)


def test_a_run_has_no_more_requests_in_flight_than_the_benchmark_allows():
    serving = replace(_serving(shape_of_size(1e9, 1e9), tensor=1.0))
    assert float(run_speed(serving, Lengths.fixed(1.0, 10.0), 30000.0).users) == 4096.0


def test_limited_attention_reads_no_more_than_its_window():
    assert float(SCOUT.seen_tokens(8192.0)) == 8192
    assert float(SCOUT.seen_tokens(32768.0)) == 0.25 * 32768 + 0.75 * 8192


def test_fp4_weights_compute_in_16_bits_where_the_chip_has_no_fp4():
    hopper, blackwell = _serving(weight_bytes=0.5625), _serving(chip="b200", weight_bytes=0.5625)
    assert float(hopper._peak(0.5625)) == 989.5e12
    assert float(blackwell._peak(0.5625)) == 9000e12
    assert float(hopper._peak(2.0)) == 989.5e12


@pytest.mark.parametrize("field", ["bf16_tflops", "memory_gb", "memory_gb_per_s"])
def test_a_chip_without_its_data_sheet_is_refused(field):
    with pytest.raises(ValueError, match="states no"):
        machine_of(replace(chips()["h100-sxm"], **{field: None}), 400.0)
