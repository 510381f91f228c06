from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lexloci.model.workload import Model, WorkloadKind
from lexloci.perf import ChipsNeeded, Infeasible, chips_needed, estimate
from lexloci.perf.table import training_runs
from lexloci.perf.training import (
    STATE_BYTES_PER_PARAMETER,
    TrainingSpeed,
    flop_per_token,
    measured,
    model_flop_per_token,
    training_fit,
    training_memory_bytes,
    training_speed,
)
from lexloci.perf.utilisation import Query, fit_utilisation

sizes = st.floats(1e9, 1e12)
chip_counts = st.integers(1, 4096).map(lambda nodes: 8 * nodes)
chip_ids = st.sampled_from(["h100-sxm", "b200", "mi300x", "ascend-910b"])


def _speed(job):
    speed = training_speed(job)
    assert isinstance(speed, TrainingSpeed), speed
    return speed


def test_operations_of_a_token_are_six_a_parameter_and_causal_attention():
    assert flop_per_token(175e9, 0, 0, 2048) == 6 * 175e9
    # GPT-3 175B at 2,048: attention adds 96 x 12288 x 2048 x 6 = 1.45e10, 1.4 % of 6 N
    assert flop_per_token(175e9, 96, 12288, 2048) / (6 * 175e9) == pytest.approx(1.0138, abs=1e-4)


def test_only_the_active_parameters_of_a_mixture_count_as_operations(make_job):
    job = make_job("deepseek-v3")
    assert model_flop_per_token(job.model) == pytest.approx(6 * 37e9 + 6 * 61 * 7168 * 4096)


def test_llama_3_405b_on_16384_h100_lies_inside_the_interval(make_job):
    # arXiv:2407.21783, Table 4: 400 TFLOP/s a GPU and 41 % BF16 MFU, counting full attention (12 L H s).
    tokens_per_s = 16384 * 400e12 / (6 * 405.85e9 + 12 * 126 * 16384 * 8192)
    speed = _speed(make_job("llama3-405b", "h100-sxm", 16384))
    assert speed.tokens_per_s.low <= tokens_per_s <= speed.tokens_per_s.high
    assert speed.tokens_per_s.point == pytest.approx(tokens_per_s, rel=0.25)


def test_llama_3_stays_inside_the_interval_when_its_own_rows_are_left_out():
    runs = tuple(measured(run) for run in training_runs())
    fit = fit_utilisation((run for run in runs if run.family != "llama3"), with_decline=True)
    own = [run for run in runs if run.id == "llama3-405b-16k"]
    assert len(own) == 1
    share = fit.judge(Query("Hopper", "NVIDIA", False, 405.85e9, 16384)).share
    assert share.low <= own[0].share <= share.high


def test_llama_31_405b_took_as_many_chip_hours_as_the_interval_says(make_job):
    # Model card: 30.84 million H100 hours for 15.6 T tokens; the card counts the whole run.
    hours = estimate(make_job("llama3-405b", "h100-sxm", 16384, workload={"tokens": 15.6e12})).duration_s
    assert hours.low <= 30.84e6 / 16384 * 3600 <= hours.high


def test_deepseek_v3_took_as_many_h800_hours_as_the_interval_says_though_its_run_is_not_among_the_rows(make_job):
    # arXiv:2412.19437, Table 1: 2.664 million H800 hours for 14.8 T tokens on 2,048 H800.
    assert not [run for run in training_runs() if run.model == "deepseek-v3" and run.chip == "H800"]
    answer = estimate(make_job("deepseek-v3", "h800-sxm", 2048, workload={"tokens": 14.8e12}))
    chip_hours = answer.duration_s.scaled(2048 / 3600)
    assert chip_hours.low <= 2.664e6 <= chip_hours.high


def test_pangu_ultra_moe_on_6000_ascend_lies_inside_the_interval_though_its_run_is_not_among_the_rows(make_job):
    # arXiv:2505.04519: 1.46 million tokens a second on 6,000 Ascend NPUs.
    assert not [run for run in training_runs() if "ultra-moe" in run.id]
    speed = _speed(make_job("pangu-ultra-moe", "ascend-910b", 6000))
    assert speed.tokens_per_s.low <= 1.46e6 <= speed.tokens_per_s.high
    assert any("published run" in warning for warning in speed.warnings)


@given(chips=chip_counts, tokens=st.floats(1e9, 1e14), chip=chip_ids)
def test_no_training_beats_the_roofline_of_its_chips(make_job, chips, tokens, chip):
    job = make_job("deepseek-v3", chip, chips, workload={"tokens": tokens})
    answer = estimate(job)
    assume(answer.feasible)
    at_peak = tokens * model_flop_per_token(job.model) / (chips * job.chip.bf16_tflops * 1e12)
    assert answer.duration_s.low >= at_peak * (1 - 1e-9)
    assert 0 < answer.utilisation.low <= answer.utilisation.high <= 1


@given(chips=chip_counts, tokens=st.floats(1e9, 1e13))
def test_twice_the_tokens_take_twice_the_time(make_job, chips, tokens):
    one = estimate(make_job(chips=chips, workload={"tokens": tokens}))
    two = estimate(make_job(chips=chips, workload={"tokens": 2 * tokens}))
    assume(one.feasible)
    assert two.duration_s.point == pytest.approx(2 * one.duration_s.point)
    assert two.tokens_per_s == one.tokens_per_s


@given(one=chip_counts, other=chip_counts, chip=chip_ids)
def test_more_chips_train_more_tokens_a_second_while_none_fails_but_never_more_for_each_chip(
    make_job, one, other, chip
):
    few, many = sorted((one, other))
    small, large = (training_speed(make_job("deepseek-v3", chip, chips)) for chips in (few, many))
    assume(few < many and isinstance(small, TrainingSpeed) and isinstance(large, TrainingSpeed))
    assert large.tokens_per_s.point > small.tokens_per_s.point
    assert large.tokens_per_s.point / many <= small.tokens_per_s.point / few * (1 + 1e-12)


@given(parameters=sizes, chips=chip_counts)
def test_memory_is_sixteen_bytes_a_parameter_and_never_grows_with_the_chips(make_job, parameters, chips):
    chip = make_job().chip
    bare = Model("m", "M", parameters)
    assert training_memory_bytes(bare, chip, chips) * chips == pytest.approx(STATE_BYTES_PER_PARAMETER * parameters)
    shaped = Model("m", "M", parameters, layers=48, hidden=8192, context_tokens=32768)
    assert training_memory_bytes(shaped, chip, chips) > training_memory_bytes(bare, chip, chips)
    assert training_memory_bytes(shaped, chip, 2 * chips) <= training_memory_bytes(shaped, chip, chips)


@given(parameters=sizes, node=st.sampled_from([1, 4, 8]))
def test_the_fewest_chips_fit_and_one_node_less_does_not(make_job, parameters, node):
    model = Model("m", "M", parameters, layers=64, hidden=8192)
    job = make_job(model, "h100-sxm", 8, pool={"chips": 4096, "chips_per_node": node})
    needed = chips_needed(job)
    assert isinstance(needed, ChipsNeeded)
    assert needed.chips % node == 0
    assert training_memory_bytes(model, job.chip, needed.chips) <= 80e9
    fewer = needed.chips - node
    assert fewer == 0 or training_memory_bytes(model, job.chip, fewer) > 80e9


def test_no_published_run_is_declared_too_large_for_its_chips(make_job):
    memory_gb = {"A100-80G": 80, "A100-40G": 40, "A800": 80, "H100-SXM": 80, "H100-96G-HBM2e-500W": 96, "H800": 80,
                 "GB200": 186, "GB300": 279, "B200": 180, "B300": 270, "TPUv3": 32, "TPUv4": 32, "TPUv5e": 16,
                 "TPUv5p": 95, "TPUv6e": 32, "Ascend-910B(A2)": 64, "Ascend-910C(A3)": 128}  # fmt: skip
    domain = {"TPUv3": 1024, "TPUv4": 4096, "TPUv5e": 256, "TPUv5p": 8960, "TPUv6e": 256, "GB200": 72, "GB300": 72}
    checked = 0
    for run in training_runs():
        if run.chips is None:
            continue
        model = Model("m", "M", run.parameters, layers=run.layers, hidden=run.hidden, context_tokens=run.context_tokens)
        chip = replace(make_job().chip, memory_gb=memory_gb[run.chip], scale_up_chips=domain.get(run.chip, 8))
        assert training_memory_bytes(model, chip, run.chips) <= memory_gb[run.chip] * 1e9, run.id
        checked += 1
    assert checked > 80


def test_405b_is_declared_too_large_to_train_on_one_node(make_job):
    answer = estimate(make_job("llama3-405b", "h100-sxm", 8))
    assert not answer.feasible
    assert "needs at least" in answer.reason
    assert "80 GB" in answer.reason
    too_few = chips_needed(make_job("llama3-405b", "h100-sxm", 8, pool={"chips": 64}))
    assert isinstance(too_few, Infeasible)
    assert "all 64 chips" in too_few.reason


@pytest.mark.parametrize("field", ["bf16_tflops", "memory_gb", "power_w"])
def test_a_chip_without_a_figure_gives_no_estimate_and_names_the_figure(make_job, field):
    chip = replace(make_job().chip, **{field: None})
    answer = estimate(make_job(chip=chip))
    assert not answer.feasible
    assert field in answer.reason
    assert answer.duration_s.high == answer.cost_usd.high == 0


def test_an_unknown_chip_is_judged_from_all_and_says_so(make_job):
    chip = replace(make_job().chip, id="x1", name="Novel X1", designer="Novel")
    known, unknown = _speed(make_job()), _speed(make_job(chip=chip))
    assert any("chips of all vendors" in warning for warning in unknown.warnings)
    assert unknown.utilisation.high / unknown.utilisation.low > known.utilisation.high / known.utilisation.low


def test_sizes_outside_the_published_runs_widen_the_interval_and_say_so(make_job):
    inside = training_fit().judge(Query("Hopper", "NVIDIA", True, 236e9, 1024))
    outside = training_fit().judge(Query("Hopper", "NVIDIA", True, 5e12, 1024))
    assert not inside.warnings
    assert "outside the published" in outside.warnings[0]
    assert outside.share.high / outside.share.low > inside.share.high / inside.share.low


def test_post_training_and_a_missing_shape_are_named_as_assumptions(make_job):
    model = Model("m", "M", 70e9)
    speed = _speed(make_job(model, chips=1024, kind=WorkloadKind.POST_TRAIN))
    assert any("generates" in warning for warning in speed.warnings)
    assert any("attention" in warning for warning in speed.warnings)
