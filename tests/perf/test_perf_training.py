from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lexloci.model.workload import Model, Rollouts, TrainingMethod, TrainingPrecision, WorkloadKind
from lexloci.perf import ChipsNeeded, Infeasible, chips_needed, estimate
from lexloci.perf.calibration import SERVING, Calibration
from lexloci.perf.generating import generation_speed, judging_share
from lexloci.perf.layouts import job_layouts
from lexloci.perf.serving_machine import ServingGeneration
from lexloci.perf.training import TrainingSpeed, flop_per_token, model_flop_per_token, training_speed
from lexloci.perf.training_rows import training_rows

FP8 = TrainingPrecision.FP8
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


def test_llama_31_405b_took_as_many_chip_hours_as_the_interval_says(make_job):
    # Model card: 30.84 million H100 hours for 15.6 T tokens; the card counts the whole run.
    hours = estimate(make_job("llama3-405b", "h100-sxm", 16384, workload={"tokens": 15.6e12})).duration_s
    assert hours.low <= 30.84e6 / 16384 * 3600 <= hours.high


def test_deepseek_v3_took_as_many_h800_hours_as_the_interval_says_though_its_run_is_not_among_the_rows(make_job):
    # arXiv:2412.19437, Table 1: 2.664 million H800 hours for 14.8 T tokens on 2,048 H800, in FP8.
    assert not [row for row in training_rows() if row.is_mixture and row.id.startswith("deepseek-v3")]
    job = make_job("deepseek-v3", "h800-sxm", 2048, workload={"tokens": 14.8e12, "precision": FP8})
    chip_hours = estimate(job).duration_s.scaled(2048 / 3600)
    assert chip_hours.low <= 2.664e6 <= chip_hours.high


def test_pangu_ultra_moe_on_6000_ascend_lies_inside_the_interval_though_its_run_is_not_among_the_rows(make_job):
    # arXiv:2505.04519: 1.46 million tokens a second on 6,000 Ascend NPUs.
    assert not [row for row in training_rows() if "ultra-moe" in row.id]
    speed = _speed(make_job("pangu-ultra-moe", "ascend-910b", 6000))
    assert speed.tokens_per_s.low <= 1.46e6 <= speed.tokens_per_s.high
    assert any("outside the published" in warning for warning in speed.warnings)


@pytest.mark.slow
@given(chips=chip_counts, tokens=st.floats(1e9, 1e14), chip=chip_ids)
def test_no_training_beats_the_roofline_of_its_chips(make_job, chips, tokens, chip):
    job = make_job("deepseek-v3", chip, chips, workload={"tokens": tokens})
    answer = estimate(job)
    assume(answer.feasible)
    at_peak = tokens * model_flop_per_token(job.model) / (chips * job.chip.bf16_tflops * 1e12)
    assert answer.duration_s.low >= at_peak * (1 - 1e-9)
    assert 0 < answer.utilisation.low <= answer.utilisation.high <= 1


@pytest.mark.slow
@given(chips=chip_counts, tokens=st.floats(1e9, 1e13))
def test_twice_the_tokens_take_twice_the_time(make_job, chips, tokens):
    one = estimate(make_job(chips=chips, workload={"tokens": tokens}))
    two = estimate(make_job(chips=chips, workload={"tokens": 2 * tokens}))
    assume(one.feasible)
    assert two.duration_s.point == pytest.approx(2 * one.duration_s.point)
    assert two.tokens_per_s == one.tokens_per_s


@pytest.mark.parametrize("chip", ["h100-sxm", "b200"])
def test_the_fewest_chips_that_memory_asks_for_are_enough(make_job, chip):
    model = replace(make_job("deepseek-v3").model, context_tokens=2048)
    job = make_job(model, chip, 8, pool={"chips": 4096}, workload={"batch_sequences": 96})
    needed = chips_needed(job)
    assert isinstance(needed, ChipsNeeded)
    assert estimate(replace(job, chips=needed.chips)).feasible
    assert not estimate(replace(job, chips=needed.chips - job.pool.chips_per_node)).feasible


def test_chips_that_no_layout_uses_neither_fail_nor_draw_the_power_of_work(make_job):
    small, large = (estimate(make_job(chips=chips, workload={"batch_sequences": 96})) for chips in (8192, 65536))
    working = next(note for note in large.warnings if "65536 chips work" in note)
    used = int(working.split()[0])
    assert used <= 96 * 16 * 126
    assert large.duration_s.point <= small.duration_s.point
    assert large.busy.point == pytest.approx(small.busy.point * used / 65536, rel=0.15)
    assert large.busy.high == pytest.approx(used / 65536)
    full = estimate(make_job(chips=128))
    assert full.busy.high == 1.0
    assert not any("chips work" in note for note in full.warnings)


@pytest.mark.slow
@given(one=chip_counts, other=chip_counts, chip=chip_ids)
def test_more_chips_never_train_fewer_tokens_a_second_since_some_may_stay_idle(make_job, one, other, chip):
    few, many = sorted((one, other))
    small, large = (training_speed(make_job("deepseek-v3", chip, chips)) for chips in (few, many))
    if not isinstance(small, TrainingSpeed):
        return
    assert isinstance(large, TrainingSpeed)
    if [w for w in small.warnings if "widened" in w] == [w for w in large.warnings if "widened" in w]:
        assert large.tokens_per_s.point >= small.tokens_per_s.point * (1 - 1e-12)


@pytest.mark.slow
@given(parameters=sizes, node=st.sampled_from([1, 4, 8]))
def test_the_fewest_chips_fit_and_one_node_less_does_not(make_job, parameters, node):
    model = Model("m", "M", parameters, layers=64, hidden=8192)
    job = make_job(model, "h100-sxm", 8, pool={"chips": 4096, "chips_per_node": node})
    needed = chips_needed(job)
    assert isinstance(needed, ChipsNeeded)
    assert needed.chips % node == 0
    assert isinstance(training_speed(replace(job, chips=needed.chips)), TrainingSpeed)
    if needed.chips > node:
        fewer = training_speed(replace(job, chips=needed.chips - node))
        assert isinstance(fewer, Infeasible)
        assert "GB" in fewer.reason or "divides" in fewer.reason
    # 14 bytes of weights, gradients and optimiser a parameter lie somewhere
    assert needed.chips * 80 * 2**30 >= 14.0 * parameters


def test_405b_is_declared_too_large_to_train_on_one_node(make_job):
    answer = estimate(make_job("llama3-405b", "h100-sxm", 8))
    assert not answer.feasible
    assert "needs at least" in answer.reason
    assert "80 GB" in answer.reason
    too_few = chips_needed(make_job("llama3-405b", "h100-sxm", 8, pool={"chips": 64}))
    assert isinstance(too_few, Infeasible)
    assert "all 64 chips" in too_few.reason


@pytest.mark.parametrize("field", ["bf16_tflops", "memory_gb", "memory_gb_per_s", "power_w"])
def test_a_chip_without_a_figure_gives_no_estimate_and_names_the_figure(make_job, field):
    chip = replace(make_job().chip, **{field: None})
    answer = estimate(make_job(chip=chip))
    assert not answer.feasible
    assert field in answer.reason
    assert answer.duration_s.high == answer.cost_usd.high == 0


def test_a_chip_of_no_measured_generation_is_told_and_less_sure(make_job):
    chip = replace(make_job().chip, id="x1", name="Novel X1", designer="Novel")
    known, unknown = _speed(make_job()), _speed(make_job(chip=chip))
    assert any("no measurement of this chip's generation" in warning for warning in unknown.warnings)
    assert unknown.utilisation.high / unknown.utilisation.low > known.utilisation.high / known.utilisation.low


def test_sizes_outside_the_published_runs_widen_the_interval_and_say_so(make_job):
    model = Model("m", "M", 5e12, active_parameters=100e9, layers=100, hidden=12288)
    inside, outside = _speed(make_job("deepseek-v3", "h100-sxm", 2048)), _speed(make_job(model, "h100-sxm", 16384))
    assert not any("outside" in warning for warning in inside.warnings)
    assert any("outside the published" in warning for warning in outside.warnings)
    ratios = [found.tokens_per_s.high / found.tokens_per_s.low for found in (inside, outside)]
    assert ratios[1] >= ratios[0]


def test_post_training_and_a_missing_shape_are_named_as_assumptions(make_job):
    model = Model("m", "M", 70e9)
    speed = _speed(make_job(model, chips=1024, kind=WorkloadKind.POST_TRAIN))
    assert any("generates" in warning for warning in speed.warnings)
    assert any("typical shape" in warning for warning in speed.warnings)


def _tuned(make_job, kind=WorkloadKind.FINE_TUNE, chip="h100-sxm", chips=64, **workload):
    return make_job("llama2-70b", chip, chips, kind, workload={"tokens": 1e9, **workload})


def test_eight_bits_are_faster_and_four_bits_need_a_chip_that_has_them(make_job):
    sixteen, eight = _speed(make_job()), _speed(make_job(workload={"precision": FP8}))
    assert eight.tokens_per_s.point > 1.1 * sixteen.tokens_per_s.point
    assert any("FP8" in warning for warning in eight.warnings)
    refused = training_speed(make_job(workload={"precision": TrainingPrecision.NVFP4}))
    assert isinstance(refused, Infeasible)
    assert "states no fp4_tflops, which nvfp4 needs" in refused.reason
    four = _speed(make_job(chip="b200", chips=4096, workload={"precision": TrainingPrecision.NVFP4}))
    assert four.tokens_per_s.point > _speed(make_job(chip="b200", chips=4096)).tokens_per_s.point


def test_a_precision_that_was_never_measured_on_a_generation_is_told_and_less_sure(make_job):
    sixteen, eight = (
        _speed(make_job(Model("m", "M", 8e9), "ascend-910b", 16, workload={"precision": precision}))
        for precision in (TrainingPrecision.BF16, FP8)
    )
    assert not any("interval of generations left out" in warning for warning in sixteen.warnings)
    assert "no measurement of FP8 on this chip's generation: interval of generations left out" in eight.warnings
    assert eight.tokens_per_s.high / eight.tokens_per_s.low > sixteen.tokens_per_s.high / sixteen.tokens_per_s.low


def test_adapters_fit_on_fewer_chips_are_faster_and_less_sure_than_all_weights(make_job):
    lora = {"method": TrainingMethod.LORA}
    whole, adapters = (chips_needed(_tuned(make_job, **method)) for method in ({}, lora))
    assert adapters.chips < whole.chips
    full, few = _speed(_tuned(make_job)), _speed(_tuned(make_job, **lora))
    # forward and gradients of the inputs: 4 operations a weight of 6
    assert 1.2 < few.tokens_per_s.point / full.tokens_per_s.point < 1.7
    assert any("LoRA: adapters" in warning for warning in few.warnings)
    assert few.tokens_per_s.high / few.tokens_per_s.low > full.tokens_per_s.high / full.tokens_per_s.low
    assert few.utilisation.high <= 1.0


def test_chips_that_generate_and_train_in_turn_add_both_times_up(make_job):
    alone = _speed(_tuned(make_job, WorkloadKind.POST_TRAIN)).tokens_per_s.point
    rollouts = Rollouts(2.0, prompt_tokens=500, answer_tokens=2000)
    job = _tuned(make_job, WorkloadKind.POST_TRAIN, rollouts=rollouts)
    made, _ = generation_speed(job, rollouts, 64)
    mixed = _speed(job)
    assert 1.0 / mixed.tokens_per_s.point == pytest.approx(1.0 / alone + 2.0 / made.point)
    share = mixed.tokens_per_s.point * 2.0 / made.point
    assert f"the chips generate for {share:.0%} of the time" in mixed.warnings[0]
    measured = _speed(_tuned(make_job, WorkloadKind.POST_TRAIN, rollouts=Rollouts(2.0, tokens_per_s=made.point)))
    assert measured.tokens_per_s.point == pytest.approx(mixed.tokens_per_s.point)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_chips_that_are_split_are_as_fast_as_the_slower_part(make_job, share):
    rollouts = Rollouts(1.0, prompt_tokens=500, answer_tokens=2000, chip_share=share)
    job = _tuned(make_job, WorkloadKind.POST_TRAIN, chips=128, rollouts=rollouts)
    apart = int(128 * share)
    made, _ = generation_speed(job, rollouts, apart)
    trained = _speed(_tuned(make_job, WorkloadKind.POST_TRAIN, chips=128 - apart)).tokens_per_s.point
    assert _speed(job).tokens_per_s.point == pytest.approx(min(made.point, trained))
    needed = chips_needed(job)
    assert estimate(replace(job, chips=needed.chips)).feasible


def test_reference_and_reward_models_read_what_was_generated_beside_training(make_job):
    plain = Rollouts(2.0, prompt_tokens=500, answer_tokens=2000)
    judged = replace(plain, reference_parameters=70e9, reward_parameters=7e9)
    model = _tuned(make_job, WorkloadKind.POST_TRAIN, rollouts=plain).model
    before = _speed(_tuned(make_job, WorkloadKind.POST_TRAIN, rollouts=plain))
    after = _speed(_tuned(make_job, WorkloadKind.POST_TRAIN, rollouts=judged))
    alone = _speed(_tuned(make_job, WorkloadKind.POST_TRAIN)).tokens_per_s.point
    # two operations a parameter, of six to train, over 1.25 tokens for each of the two generated for one trained
    more = (70e9 + 7e9) / model.used_parameters * 2.0 / 6.0 * 2.0 * 1.25
    assert 1.0 / after.tokens_per_s.point == pytest.approx(1.0 / before.tokens_per_s.point + more / alone)
    told = f"reference and reward passes: {more:.0%} of the time to train; memory of the reference and reward model not"
    assert any(told in note for note in after.warnings)
    assert "reference and reward passes not stated: not counted" in before.warnings
    one = _speed(_tuned(make_job, WorkloadKind.POST_TRAIN, rollouts=replace(plain, reference_parameters=70e9)))
    assert any(note.endswith("; reward passes not stated: not counted") for note in one.warnings)
    assert one.utilisation == before.utilisation


def test_judging_weighs_more_beside_adapters_and_an_absurd_size_is_refused(make_job):
    measured = Rollouts(1.0, tokens_per_s=1e9, chip_share=0.5, reference_parameters=70e9)
    job = _tuned(make_job, WorkloadKind.POST_TRAIN, chips=128, rollouts=measured)
    lora = replace(job, workload=replace(job.workload, method=TrainingMethod.LORA))
    assert judging_share(job, measured) == pytest.approx(70e9 / job.model.used_parameters / 3.0)
    assert judging_share(lora, measured) == pytest.approx(70e9 / job.model.used_parameters / 2.0)
    trained = _speed(_tuned(make_job, WorkloadKind.POST_TRAIN, chips=64)).tokens_per_s.point
    slowed = trained / (1.0 + judging_share(job, measured))
    assert _speed(job).tokens_per_s.point == pytest.approx(slowed)
    absurd = replace(measured, reward_parameters=1e300)
    assert "check their units" in estimate(_tuned(make_job, WorkloadKind.POST_TRAIN, chips=128, rollouts=absurd)).reason


def test_answers_of_hardly_any_length_add_no_passes_where_no_model_judges(make_job):
    job = make_job("llama2-70b", "h100-sxm", 64, WorkloadKind.POST_TRAIN, {"tokens": 1e9})
    tiny = Rollouts(prompt_tokens=1.0, answer_tokens=2e-313)
    assert judging_share(job, tiny) == 0.0


def test_layouts_of_split_chips_are_those_of_the_chips_that_train(make_job):
    rollouts = Rollouts(1.0, prompt_tokens=500, answer_tokens=2000, chip_share=0.5)
    found = job_layouts(_tuned(make_job, WorkloadKind.POST_TRAIN, chips=128, rollouts=rollouts))
    assert found.chips == 64
    assert max(float(one.layout.chips) for one in found.best) <= 64


def test_generating_follows_the_users_own_measurements_of_serving(make_job):
    rollouts = Rollouts(1.0, prompt_tokens=500, answer_tokens=2000)
    job = _tuned(make_job, WorkloadKind.POST_TRAIN, rollouts=rollouts)
    own = Calibration(ServingGeneration.HOPPER, "dense", (), -0.2, -0.3, -0.1, 9, "mine", SERVING, "Hopper")
    before, _ = generation_speed(job, rollouts, 64)
    after, notes = generation_speed(replace(job, calibrations=(own,)), rollouts, 64)
    assert after.point == pytest.approx(before.point * exp(-0.2))
    assert notes[0].startswith("generating rests on 9 runs of mine, and ")


def test_rollouts_that_no_chip_can_hold_or_that_state_no_lengths_are_refused(make_job):
    assert "state no lengths" in estimate(_tuned(make_job, WorkloadKind.POST_TRAIN, rollouts=Rollouts())).reason
    never = Rollouts(tokens_per_s=5e-324)
    assert "check their units" in estimate(_tuned(make_job, WorkloadKind.POST_TRAIN, rollouts=never)).reason
    long = Rollouts(prompt_tokens=1e8, answer_tokens=1e8)
    assert "to generate" in estimate(_tuned(make_job, WorkloadKind.POST_TRAIN, rollouts=long)).reason


def test_the_share_of_the_peak_is_told_by_each_convention_with_its_name(make_job):
    answer = estimate(make_job("llama3-405b", "h100-sxm", 16384))
    shares = dict(answer.shares_of_peak)
    assert list(shares) == ["MFU, causal attention", "MFU, full attention", "HFU, full attention"]
    assert shares["MFU, causal attention"] == answer.utilisation
    # 405B at 8,192 tokens: attention is 6 x 126 x 16384 x 8192 of 6 x 405.85e9 operations a token, 4.2 %; full, twice
    ratio = shares["MFU, full attention"].point / shares["MFU, causal attention"].point
    assert ratio == pytest.approx((1 + 0.0833) / (1 + 0.0417), rel=0.01)
    assert shares["HFU, full attention"].point >= shares["MFU, full attention"].point
    lora = estimate(_tuned(make_job, method=TrainingMethod.LORA))
    assert [name for name, _ in lora.shares_of_peak] == ["MFU, causal attention, 4 operations a weight"]
