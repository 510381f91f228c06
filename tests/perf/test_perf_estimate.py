from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace
from math import isfinite

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from lexloci.catalogue import bundled_lengths
from lexloci.model.chip import Chip
from lexloci.model.estimate import Range
from lexloci.model.site import Site
from lexloci.model.workload import Demand, Model, Rollouts, TrainingMethod, TrainingPrecision, WorkloadKind
from lexloci.perf import ChipsNeeded, Infeasible, chips_needed, estimate
from lexloci.perf.calibration import SERVING, TRAINING, Calibration
from lexloci.perf.efficiency import fitted
from lexloci.perf.energy import FULL_LOAD, IDLE_SHARE, MEASURED_POWER, load_factor, loaded_w
from lexloci.perf.token_price import usd_per_million_tokens


def _ranges(answer):
    return {field.name: value for field in fields(answer) if isinstance(value := getattr(answer, field.name), Range)}


models = st.builds(
    Model,
    id=st.just("m"),
    name=st.just("M"),
    parameters=st.floats(1e6, 1e12),
    active_parameters=st.none() | st.floats(1e6, 1e12),
    layers=st.none() | st.integers(1, 300),
    hidden=st.none() | st.integers(64, 20000),
    kv_bytes_per_token=st.none() | st.floats(1, 1e6),
    context_tokens=st.integers(1, 200_000),
    weight_bytes_per_parameter=st.sampled_from([0.5, 1.0, 2.0, 4.0]),
)
chips = st.builds(
    Chip,
    id=st.sampled_from(["h100", "a800", "ascend-910b", "ascend-950dt", "novel"]),
    name=st.just(""),
    designer=st.sampled_from(["NVIDIA", "Huawei", "Novel"]),
    bf16_tflops=st.floats(10, 1e4),
    fp8_tflops=st.none() | st.floats(10, 1e4),
    fp4_tflops=st.none() | st.floats(10, 1e4),
    memory_gb=st.floats(8, 1000),
    memory_gb_per_s=st.floats(100, 1e5),
    scale_up_chips=st.integers(1, 9216),
    power_w=st.floats(50, 3000),
)
unstated = st.sampled_from([None] * 16 + ["bf16_tflops", "memory_gb", "memory_gb_per_s", "power_w"])
above_zero = st.floats(0, 1e6, exclude_min=True)
demands = st.builds(
    lambda rate, lengths, **fields: Demand("asia", ("SG",), **rate, **lengths, **fields),
    rate=st.fixed_dictionaries({"output_tokens_per_s": st.floats(1e-3, 1e6)})
    | st.fixed_dictionaries({"requests_per_s": st.floats(1e-4, 1e4)}),
    lengths=st.fixed_dictionaries({"input_tokens_per_output_token": st.floats(0, 100)})
    | st.fixed_dictionaries({"lengths": st.sampled_from(tuple(bundled_lengths()))})
    | st.fixed_dictionaries({"prompt_tokens": above_zero, "answer_tokens": above_zero}),
    tokens_per_s_per_user=st.floats(1e-3, 200),
    max_round_trip_ms=st.none() | st.floats(1, 500),
    max_first_token_s=st.none() | st.floats(1e-3, 1e4),
    mean_share=st.none() | st.floats(0, 1, exclude_min=True),
)
rollouts = st.builds(
    Rollouts,
    tokens_per_trained_token=above_zero,
    prompt_tokens=st.none() | above_zero,
    answer_tokens=st.none() | above_zero,
    tokens_per_s=st.none() | above_zero,
    chip_share=st.none() | st.floats(0, 1, exclude_min=True, exclude_max=True),
)
drafts = st.lists(st.floats(1e-3, 100), min_size=3, max_size=3).map(lambda factors: tuple(sorted(factors)))
OWN = (
    Calibration(2, "dense", tuple(fitted().logs().tolist()), 0.0, -0.1, 0.2, 3, "t", TRAINING, "Hopper"),
    Calibration(1, "mixture", (), 0.3, 0.2, 0.5, 3, "s", SERVING, "Hopper"),
)


@pytest.mark.parametrize("kind", WorkloadKind)
@given(
    model=models,
    chip=st.builds(lambda chip, name: replace(chip, **{name: None}) if name else chip, chips, unstated),
    count=st.integers(1, 20_000),
    pool=st.fixed_dictionaries(
        {"chips_per_node": st.integers(1, 72), "usd_per_chip_hour": st.sampled_from([0.0, 2.0, 3.5, 1e3, None])}
    ),
    workload=st.fixed_dictionaries(
        {
            "tokens": st.floats(1, 1e18) | st.floats(1e9, 1e14),
            "demand": demands,
            "days": st.just(10.0),
            "method": st.sampled_from(TrainingMethod),
            "precision": st.sampled_from([TrainingPrecision.BF16] * 2 + [TrainingPrecision.FP8, TrainingPrecision.FP4]),
            "batch_sequences": st.none() | st.integers(1, 10_000),
            "rollouts": st.none() | rollouts,
            "prompts_apart": st.booleans(),
            "drafting": st.none() | drafts,
        }
    ),
    own=st.sampled_from([(), OWN]),
)
def test_every_valid_job_gets_finite_figures_or_a_reason(make_job, model, chip, count, kind, pool, workload, own):
    pool = {"chips": count, **pool}
    path = {"gbps": 1.0, "usd_per_gb": 0.1, "round_trip_ms": 50.0, "calibrations": own}
    if kind is not WorkloadKind.POST_TRAIN:
        workload = workload | {"rollouts": None}
    job = make_job(model, chip, count, kind, workload, pool, **path)
    answer = estimate(job)
    event(f"{kind}: {'feasible' if answer.feasible else answer.reason.split()[0]}")
    for name, found in _ranges(answer).items():
        assert all(isfinite(figure) and figure >= 0 for figure in (found.low, found.point, found.high)), name
    if answer.feasible:
        assert answer.reason == ""
        assert answer.duration_s.point > 0
        assert answer.support
    else:
        assert answer.reason
        assert "\n" not in answer.reason
        assert all(found == Range(0.0, 0.0, 0.0) for found in _ranges(answer).values())
    needed = chips_needed(job)
    assert isinstance(needed, (ChipsNeeded, Infeasible))
    if isinstance(needed, ChipsNeeded):
        assert needed.chips <= count


@pytest.mark.slow
@given(
    size=st.floats(8, 11),
    active=st.floats(0.02, 1),
    demand=demands,
    per_user=st.floats(0.1, 20),
    first_s=st.floats(5, 60),
    apart=st.booleans(),
    drafting=st.none() | drafts,
    chip=st.sampled_from(["h100-sxm", "b200", "mi300x", "ascend-910b"]),
    own=st.sampled_from([(), OWN]),
)
def test_every_service_that_fits_its_chips_has_finite_figures_around_its_point(
    make_job, *, size, active, demand, per_user, first_s, apart, drafting, chip, own
):
    model = Model("m", "M", 10**size, active_parameters=10**size * active, context_tokens=4096)
    asked = replace(demand.scaled(1e-6), tokens_per_s_per_user=per_user, max_first_token_s=first_s)
    workload = {"days": 10.0, "demand": asked, "prompts_apart": apart, "drafting": drafting}
    job = make_job(model, chip, 64, WorkloadKind.SERVE, workload, calibrations=own, round_trip_ms=0.5)
    answer = estimate(job)
    event(f"{'feasible' if answer.feasible else answer.reason.split()[0]}")
    if not answer.feasible:
        return
    for name, found in _ranges(answer).items():
        assert all(isfinite(figure) for figure in (found.low, found.point, found.high)), name
        assert 0 <= found.low <= found.point <= found.high, name
    assert 0 < answer.utilisation.point <= answer.utilisation.high <= 1
    price = usd_per_million_tokens(answer)
    assert price is None or 0 <= price.low <= price.point <= price.high
    needed = chips_needed(job)
    assert isinstance(needed, ChipsNeeded)
    assert estimate(replace(job, chips=needed.chips)).feasible


def test_cost_is_the_price_of_the_chip_hours_when_power_is_included(make_job):
    answer = estimate(make_job(chips=1024, pool={"usd_per_chip_hour": 2.07}))
    hours = answer.duration_s.scaled(1024 / 3600)
    assert answer.cost_usd.point == pytest.approx(2.07 * hours.point)
    assert answer.cost_usd.low == pytest.approx(2.07 * hours.low)
    assert answer.cost_usd.high == pytest.approx(2.07 * hours.high)


def test_electricity_is_added_where_the_price_leaves_it_out(make_job):
    pool = {"usd_per_chip_hour": 1.5}
    held = estimate(make_job(chips=1024, pool=pool))
    bare = estimate(make_job(chips=1024, pool=pool | {"power_included": False}, electricity_usd_per_kwh=0.192))
    for end in ("low", "point", "high"):
        extra = getattr(bare.cost_usd, end) - getattr(held.cost_usd, end)
        assert extra == pytest.approx(0.192 * getattr(bare.energy_kwh, end))


def test_energy_is_power_times_time_and_grows_with_the_pue(make_job):
    lean = estimate(make_job(chips=1024, site=Site("s", "S", "SG", "o", pue=1.0)))
    lavish = estimate(make_job(chips=1024, site=Site("s", "S", "SG", "o", pue=1.5)))
    hours = lean.duration_s.point / 3600
    drawn = loaded_w(700.0).point * load_factor(lean.busy).point
    assert lean.energy_kwh.point == pytest.approx(1024 * drawn / 1000 * hours)
    assert lavish.energy_kwh.point == pytest.approx(1.5 * lean.energy_kwh.point)
    assert lavish.carbon_kg.point == pytest.approx(0.6 * lavish.energy_kwh.point)


def test_an_eight_b200_server_draws_what_mlperf_measured_within_the_range():
    # MLPerf Inference v5.1 with power: 10.40, 9.89 and 9.44 kW for eight chips of 1,000 W
    said = loaded_w(1000.0).scaled(8 / 1000)
    for measured_kw in (10.40, 9.89, 9.44):
        assert said.low <= measured_kw <= said.high
        assert said.point == pytest.approx(measured_kw, rel=0.12)
    assert all(one.name and one.factor > 1 for one in MEASURED_POWER)


def test_a_measured_system_that_is_left_out_is_told_by_the_others():
    # The light 8B model and the small TPU v4 beside its host; the greatest instant of a server lies above the means.
    for place, inside in ((4, True), (7, True), (6, False)):
        system = MEASURED_POWER[place]
        said = loaded_w(system.design_w, without=system.chip).scaled(system.chips)
        assert (said.low <= system.measured_w <= said.high) is inside
        assert said.point == pytest.approx(system.measured_w, rel=0.16)
    # by hand: the seven others' mean log of (378.5 - 150)/192 and the like
    assert loaded_w(192.0, without="TPU v4").point == pytest.approx(367, abs=1)


@pytest.mark.parametrize("chip", sorted({system.chip for system in MEASURED_POWER}))
def test_nothing_of_a_chip_tells_its_own_power_when_it_is_left_out(chip, monkeypatch):
    before = loaded_w(700.0, without=chip)
    others = [replace(one, measured_w=9.0 * one.measured_w) if one.chip == chip else one for one in MEASURED_POWER]
    monkeypatch.setattr("lexloci.perf.energy.MEASURED_POWER", tuple(others))
    assert loaded_w(700.0, without=chip) == before
    assert loaded_w(700.0) != before


@given(busy=st.floats(0, 1))
def test_power_follows_the_share_of_the_time_at_work_from_idle_to_full(busy):
    found = load_factor(Range(busy, busy, busy))
    assert IDLE_SHARE.low <= found.low <= found.point <= found.high <= 1.0
    assert load_factor(FULL_LOAD) == FULL_LOAD
    idle = load_factor(Range(0.0, 0.0, 0.0))
    assert (idle.point, idle.low, idle.high) == (IDLE_SHARE.point, IDLE_SHARE.low, IDLE_SHARE.high)


def test_a_service_that_is_asked_less_on_average_draws_less_and_is_less_sure(make_job):
    def energy(share):
        demand = Demand("asia", ("SG",), 10000.0, 1.0, 5.0, mean_share=share)
        return estimate(make_job("llama2-70b", "h100-sxm", 64, WorkloadKind.SERVE, {"days": 30.0, "demand": demand}))

    unknown, full, half = energy(None), energy(1.0), energy(0.5)
    assert half.energy_kwh.point < full.energy_kwh.point < unknown.energy_kwh.point
    assert half.energy_kwh.high == unknown.energy_kwh.high  # half-full batches may take as long as full ones
    assert half.energy_kwh.low < full.energy_kwh.low
    assert half.busy.low < 2.0 * half.busy.point - 1.0  # chips as fast as the interval allows rest more
    assert half.carbon_kg.low < full.carbon_kg.low
    assert any("full load throughout" in note for note in unknown.warnings)
    assert any("of that under full load" in note for note in half.warnings)


def test_training_rests_while_it_saves_and_restarts(make_job):
    answer = estimate(make_job(chips=16384))
    assert answer.busy.low == answer.busy.point < 1.0 == answer.busy.high
    assert any(f"chips at work for {answer.busy.point:.0%} of the time" in note for note in answer.warnings)


def test_a_pool_without_a_price_gives_no_estimate(make_job):
    answer = estimate(make_job(pool={"usd_per_chip_hour": None}))
    assert not answer.feasible
    assert "usd_per_chip_hour" in answer.reason


def test_free_chips_cost_nothing(make_job):
    assert estimate(make_job(pool={"usd_per_chip_hour": 0.0})).cost_usd.high == 0


def test_training_without_tokens_gives_no_estimate_and_stated_tokens_win(make_job):
    bare = make_job(workload={"tokens": None})
    assert "states no tokens" in estimate(bare).reason
    assert estimate(replace(bare, tokens=1e12)).duration_s == estimate(make_job()).duration_s


@pytest.mark.parametrize(
    ("count", "workload", "pool", "says"),
    [
        (0, {}, {}, "at least one chip"),
        (1024, {}, {"chips": 512}, "has 512 chips, 1024 are asked"),
        (1024, {"max_chips": 512}, {}, "allows 512 chips"),
    ],
)
def test_chips_that_are_not_there_or_not_allowed_give_no_estimate(make_job, count, workload, pool, says):
    answer = estimate(make_job(chips=count, workload={"tokens": 1e12, **workload}, pool=pool))
    assert not answer.feasible
    assert says in answer.reason


def test_chips_needed_keeps_the_limit_of_the_workload(make_job):
    job = make_job(chips=8, workload={"max_chips": 16}, pool={"chips": 4096})
    needed = chips_needed(job)
    assert isinstance(needed, Infeasible)
    assert "raise max_chips" in needed.reason


def test_the_same_job_gets_the_same_answer(make_job):
    assert estimate(make_job()) == estimate(make_job())


def test_the_room_loads_nothing_heavy():
    code = (
        "import sys, lexloci.perf; "
        "heavy = {'pydantic', 'ortools', 'rich', 'typer', 'yaml', 'pandas'} & set(sys.modules); "
        "law = [n for n in sys.modules if n.startswith(('lexloci.law', 'lexloci.rulebook', 'lexloci.parties'))]; "
        "raise SystemExit(str(sorted(heavy) + law) if heavy or law else 0)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


@given(cost=st.floats(1, 1e9), speed=st.floats(1, 1e6), days=st.floats(1, 1000))
def test_the_price_of_tokens_holds_its_point_where_the_ends_are_the_point(make_job, cost, speed, days):
    sure = {"cost_usd": cost, "tokens_per_s": speed, "duration_s": days * 86400.0}
    found = replace(estimate(make_job()), **{name: Range(value, value, value) for name, value in sure.items()})
    price = usd_per_million_tokens(found)
    assert price.low == price.point == price.high == pytest.approx(1e6 * cost / (speed * days * 86400.0))
