"""A user's own measured runs: read with every mistake told, fitted, kept in a file, and used by the estimates."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from lexloci.case import template
from lexloci.cli.main import app
from lexloci.model.errors import InputError, LexlociError
from lexloci.model.workload import Demand, WorkloadKind
from lexloci.perf import chips_needed
from lexloci.perf.calibrating import calibrate, calibrate_serving, published_spread
from lexloci.perf.calibration import (
    SERVING,
    TRAINING,
    Calibration,
    calibration_document,
    kept_calibrations,
    read_calibrations,
)
from lexloci.perf.efficiency import fitted
from lexloci.perf.fitting import predicted_s
from lexloci.perf.machine import Generation
from lexloci.perf.measured_runs import read_measured_runs
from lexloci.perf.measured_serving import read_measured_serving
from lexloci.perf.serving import serving_speed
from lexloci.perf.serving_efficiency import fitted_efficiency
from lexloci.perf.serving_machine import ServingGeneration
from lexloci.perf.serving_prediction import predicted
from lexloci.perf.training_interval import Query, spreads, support_of
from lexloci.perf.training_rows import columns, training_rows

HEADER = (
    "chip,chips,layers,hidden,heads,kv_heads,ffn,vocab,seq_len,global_batch_seqs,micro_batch,tp,pp,date,step_time_s"
)
RUNS = f"""{HEADER}
h100-sxm,64,80,8192,64,8,28672,128256,8192,128,1,4,4,2026-05,15.2
h100-sxm,128,80,8192,64,8,28672,128256,8192,256,1,4,4,2026-05,15.4
h100-sxm,64,32,4096,32,8,14336,128256,8192,256,1,1,1,2026-05,3.9
"""


STAGED = "h100-sxm,64,32,4096,32,8,14336,128256,8192,256,1,1,x,2026-05,3.9\n"
"""A line whose pipeline stages, or virtual ones, are no number."""


def _slower(rows, factor):
    predicted = predicted_s(columns(rows), fitted())
    return [replace(row, step_s=float(s) * factor) for row, s in zip(rows, predicted, strict=True)]


def test_a_row_takes_what_it_does_not_state_from_the_catalogue():
    (row, *_) = read_measured_runs(RUNS, "runs.csv")
    assert row.machine["bf16_flop_per_s"] == 989.5e12
    assert row.machine["domain_chips"] == 8
    assert row.layout["data"] == 4
    assert row.id == "runs.csv:2"
    assert row.parameters == pytest.approx(70.55e9, rel=0.01)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("h100-sxm,64,80", "h100-sx,64,80"), 'runs.csv:2 chip: there is no chip "h100-sx"; did you mean h100-sxm?'),
        (("h100-sxm,64,80", "h100-sxm,many,80"), 'runs.csv:2 chips: "many" is no number'),
        (("h100-sxm,64,80", "h100-sxm,0,80"), "runs.csv:2 chips: is below one"),
        (("2026-05,15.2", "May,15.2"), 'runs.csv:2 date: "May" is no month'),
        (("2026-05,15.2", "2026-05,"), "runs.csv:2 step_time_s: is not stated; state it, or tokens_per_s_per_chip"),
        (("heads,kv_heads", "head,kv_heads"), "runs.csv:1 heads: is missing; add a column heads"),
        (("kv_heads", "kv_hats"), "runs.csv:1 kv_hats: is no column of measured runs"),
        (("128,1,4,4,2026", "128,0,4,4,2026"), "runs.csv:2 micro_batch: is below one"),
        (("2026-05,15.2", "2026-05,0"), "runs.csv:2 step_time_s: is zero; write a number above zero"),
        (("64,80,8192", "64,1e308,8192"), 'runs.csv:2 layers: "1e308" is no number of zero or more'),
        (("128,1,4,4,2026", "128,1,64,4,2026"), "runs.csv:2 its ranks take 256 chips of 64; mend them"),
        ((",pp,", ",vpp,"), 'runs.csv:5 vpp: "x" is no number of stages'),
        ((",kv_heads,", ",n_experts,"), "runs.csv:2 topk: is not stated beside n_experts; state it"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(change, says):
    with pytest.raises(InputError) as caught:
        read_measured_runs((RUNS + STAGED).replace(*change), "runs.csv")
    assert any(str(mistake).startswith(says) for mistake in caught.value.mistakes), caught.value


def test_a_file_without_runs_is_a_mistake():
    with pytest.raises(InputError, match="holds no runs"):
        read_measured_runs(HEADER + "\n", "runs.csv")
    untimed = [replace(row, step_s=None) for row in read_measured_runs(RUNS, "runs.csv")]
    with pytest.raises(LexlociError, match="no run states step_time_s"):
        calibrate(untimed, "runs.csv")


@pytest.mark.slow
def test_runs_that_are_slower_than_predicted_move_the_figures_and_many_of_them_narrow_the_interval():
    rows = [
        row for row in training_rows() if row.id.startswith("dgxc-llama3.1") and "gb200" not in row.id and row.step_s
    ]
    assert len(rows) > 15
    (found,) = calibrate(_slower(rows, 1.15), "mine")
    assert found.kind == "dense"
    assert found.generation == Generation.HOPPER
    from lexloci.perf.efficiency import Efficiency

    again = predicted_s(columns(rows), Efficiency.of(np.array(found.logs)))
    moved = np.median(again / predicted_s(columns(rows), fitted()))
    assert 1.08 < moved <= 1.16
    (few,) = calibrate(_slower(rows[:2], 1.15), "mine")
    assert found.high - found.low < few.high - few.low


@pytest.mark.slow
def test_the_command_writes_a_calibration_that_the_estimates_use(tmp_path, make_job):
    from lexloci.perf import estimate

    runs, kept = tmp_path / "runs.csv", tmp_path / "kept.json"
    runs.write_text(RUNS, encoding="utf-8")
    answer = CliRunner().invoke(app, ["calibrate", str(runs), "--output", str(kept)])
    assert answer.exit_code == 0, answer.output
    assert "training on Hopper, dense: 3 runs; 90 % interval of a step" in answer.output
    (calibration,) = read_calibrations(kept)
    job = make_job("llama3-405b", "h100-sxm", 1024)
    plain, own = estimate(job), estimate(replace(job, calibrations=(calibration,)))
    assert own.support.startswith("3 runs of runs.csv, and ")
    assert own.tokens_per_s != plain.tokens_per_s
    assert own.duration_s.high / own.duration_s.low < plain.duration_s.high / plain.duration_s.low
    elsewhere = make_job("llama3-405b", "b200", 1024)
    assert estimate(replace(elsewhere, calibrations=(calibration,))) == estimate(elsewhere)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{}", "is no calibration"),
        ("not json", "is no calibration"),
        ('{"format": "other", "calibrations": []}', "format 'other' is not"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_calibration_is_refused_in_a_line(tmp_path, content, says):
    path = tmp_path / "kept.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(LexlociError, match=says) as caught:
        read_calibrations(path)
    assert "\n" not in str(caught.value)


GOOD = Calibration(2, "dense", tuple(fitted().logs().tolist()), 0.0, -0.1, 0.1, 3, "r", TRAINING, "Hopper")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"logs": GOOD.logs[:-1]}, "of another release"),
        ({"low": 1.0}, "out of order"),
        ({"low": -math.inf}, "holds a figure that no run gives"),
        ({"logs": (math.nan, *GOOD.logs[1:])}, "holds a figure that no run gives"),
        ({"high": 800.0}, "holds a figure that no run gives"),
        ({"kind": "moe"}, "kind 'moe' is neither dense nor mixture"),
        ({"work": "copying"}, "work 'copying' is neither"),
    ],
)
def test_a_calibration_that_no_run_gives_is_refused(tmp_path, change, says):
    path = tmp_path / "kept.json"
    path.write_text(json.dumps(calibration_document([GOOD])), encoding="utf-8")
    assert read_calibrations(path) == (GOOD,)
    path.write_text(json.dumps(calibration_document([replace(GOOD, **change)])), encoding="utf-8")
    with pytest.raises(LexlociError, match=says):
        read_calibrations(path)


def test_a_calibration_made_beside_other_published_figures_is_refused(tmp_path):
    path = tmp_path / "kept.json"
    path.write_text(json.dumps(calibration_document([GOOD]) | {"figures": "0" * 16}), encoding="utf-8")
    with pytest.raises(LexlociError, match=r"published figures of another release; write it anew with: lexloci"):
        read_calibrations(path)


def test_a_calibration_never_makes_surer_what_lies_beyond_what_was_published(make_job):
    """The user's runs are of ordinary sizes; adapters, eight bits on Ampere or ten trillion parameters are not."""
    plain = Query(Generation.HOPPER, is_mixture=False, parameters=70e9, chips=512.0)
    width = _width(support_of(plain, GOOD).spread)
    assert width < _width(support_of(plain).spread)
    for change in ({"parameters": 1e13}, {"chips": 1e6}, {"unusual": "three published runs with LoRA"}):
        far = replace(plain, **change)
        assert support_of(far).spread.low >= support_of(far, GOOD).spread.low
        assert support_of(far).spread.high <= support_of(far, GOOD).spread.high
    workload = {"days": 30.0, "demand": Demand("asia", ("SG",), 100.0, 1.0, 10.0)}
    job = make_job("llama2-70b", "h100-sxm", 64, WorkloadKind.SERVE, workload)
    apart = replace(job, workload=replace(job.workload, prompts_apart=True))
    own = calibrate_serving(_served(0.9, 30), "mine")
    usual, split = (serving_speed(replace(one, calibrations=own)).tokens_per_s for one in (job, apart))
    assert split.high / split.low > 1.1 * usual.high / usual.low


def _width(spread):
    return spread.high - spread.low


# -- serving -------------------------------------------------------------------------------------------------------

SERVED = """model,params_total_b,chip,chips,weight_precision,phase,scenario,in_len,out_len,tp,value_per_chip
Llama 3.3 70B,70.6,h100-sxm,2,fp8,end-to-end,Offline max load,1000,1000,2,2102
Llama 3.3 70B,70.6,h100-sxm,4,fp8,end-to-end,Offline max load,500,2000,4,2400
Llama 3.3 70B,70.6,h100-sxm,8,fp8,end-to-end,Offline max load,128,2048,8,2500
"""


def _served(factor, count=3):
    """Measurements that are so many times as fast as is predicted."""
    rows = (read_measured_serving(SERVED, "served.csv") * count)[:count]
    said = predicted(rows, fitted_efficiency())
    return [replace(row, tokens_per_s_per_chip=float(s) * factor) for row, s in zip(rows, said, strict=True)]


def test_software_that_is_slower_moves_the_speed_the_more_the_more_runs_say_so_and_agreement_narrows():
    (few,), (many,) = calibrate_serving(_served(0.8, 2), "mine"), calibrate_serving(_served(0.8, 30), "mine")
    assert (few.work, few.kind, few.generation) == (SERVING, "dense", ServingGeneration.HOPPER)
    assert 0.8 < np.exp(many.middle) < np.exp(few.middle) < 0.9
    assert np.exp(many.middle) == pytest.approx(0.8, rel=0.02)
    assert many.high - many.low < few.high - few.low
    (torn,) = calibrate_serving([*_served(0.6, 10), *_served(1.6, 10)], "mine")
    assert torn.high - torn.low > many.high - many.low


def test_a_service_follows_the_users_own_measurements_in_speed_interval_and_chips(make_job):
    workload = {"days": 30.0, "demand": Demand("asia", ("SG",), 20000.0, 1.0, 10.0)}
    job = make_job("llama2-70b", "h100-sxm", 64, WorkloadKind.SERVE, workload)
    own = replace(job, calibrations=calibrate_serving(_served(0.5, 30), "mine"))
    before, after = serving_speed(job), serving_speed(own)
    factor = np.exp(own.calibrations[0].middle)
    assert after.tokens_per_s.point == pytest.approx(factor * before.tokens_per_s.point)
    assert after.support.startswith("30 runs of mine, and ")
    ratio = [one.tokens_per_s.high / one.tokens_per_s.low for one in (after, before)]
    assert ratio[0] < ratio[1]
    assert chips_needed(own).chips > chips_needed(job).chips
    elsewhere = make_job("llama2-70b", "b200", 64, WorkloadKind.SERVE, workload)
    assert serving_speed(replace(elsewhere, calibrations=own.calibrations)) == serving_speed(elsewhere)


def test_runs_on_a_chip_that_nobody_measured_hold_for_its_family_alone(make_job):
    rows = read_measured_serving(SERVED.replace("h100-sxm", "mtt-s5000"), "mine")
    (own,) = calibrate_serving(rows, "mine")
    assert (own.generation, own.family) == (0, "mtt-s5000 Moore Threads MTT S5000")
    assert own.holds_for(SERVING, 0, own.family, is_mixture=False)
    assert not own.holds_for(SERVING, 0, "another", is_mixture=False)
    (trained,) = calibrate(read_measured_runs(RUNS.replace("h100-sxm", "mtt-s5000"), "mine"), "mine")
    assert (trained.work, trained.generation, trained.family) == (TRAINING, 0, "mtt-s5000")
    assert published_spread(trained.generation, "dense") == spreads()["dense stated new"]
    assert published_spread(Generation.HOPPER, "dense") == spreads()["dense stated known"]


def test_what_h100_showed_is_not_said_of_h20_whose_arithmetic_is_cut(make_job):
    workload = {"days": 30.0, "demand": Demand("asia", ("SG",), 1000.0, 1.0, 10.0)}
    h100 = make_job("llama2-70b", "h100-sxm", 64, WorkloadKind.SERVE, workload)
    h20 = replace(h100, chip=replace(h100.chip, id="h20", name="NVIDIA H20", bf16_tflops=148.0, fp8_tflops=296.0))
    own = calibrate_serving(_served(0.5, 30), "mine")
    assert serving_speed(replace(h20, calibrations=own)) == serving_speed(h20)
    assert serving_speed(replace(h100, calibrations=own)) != serving_speed(h100)
    cut = calibrate_serving(read_measured_serving(SERVED.replace("h100-sxm", "h20"), "mine"), "mine")
    assert [one.family for one in cut] == ["Hopper, compute cut"]
    assert serving_speed(replace(h100, calibrations=cut)) == serving_speed(h100)


OWN_CHIP = """chips:
  - id: zeus-1
    name: Zeus One
    designer: Zeus
    bf16_tflops: 500
    fp8_tflops: 1000
    memory_gb: 96
    memory_gb_per_s: 3000
    interconnect_gb_per_s: 400
    power_w: 600
"""


def test_a_chip_known_from_its_data_sheet_alone_is_wider_and_its_own_runs_move_it(tmp_path):
    portfolio, kept = tmp_path / "zeus.yaml", tmp_path / "kept.json"
    text = template().replace("chip: h100-sxm", "chip: zeus-1", 1).replace("\npools:", f"\n{OWN_CHIP}pools:", 1)
    portfolio.write_text(text, encoding="utf-8")
    files = []
    for name, table in (("training.csv", RUNS), ("serving.csv", SERVED)):
        files.append(tmp_path / name)
        files[-1].write_text(table.replace("h100-sxm", "zeus-1"), encoding="utf-8")
    job = ["estimate", str(portfolio), "tune-assistant@johor-h100", "--chips", "16", "--json"]
    (unknown,) = json.loads(CliRunner().invoke(app, job).output)
    assert any("no measurement of this chip's generation" in note for note in unknown["warnings"])
    told = ["calibrate", *map(str, files), "--output", str(kept)]
    refused = CliRunner().invoke(app, told)
    assert "zeus-1" in str(refused.exception)
    answer = CliRunner().invoke(app, [*told, "--portfolio", str(portfolio)])
    assert answer.exit_code == 0, answer.output
    assert "training on zeus-1, dense: 3 runs" in answer.output
    assert "serving on zeus-1 Zeus One, dense: 3 runs" in answer.output
    (own,) = json.loads(CliRunner().invoke(app, [*job, "--calibration", str(kept)]).output)
    assert own["support"].startswith("3 runs of training.csv, and ")
    assert own["tokens_per_s"] != unknown["tokens_per_s"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("h100-sxm,2,", "zeus-1,2,"), 'served.csv:2 chip "zeus-1" is not in the catalogue; write an id'),
        (
            ("end-to-end,Offline max load,1000", "both,Offline max load,1000"),
            'served.csv:2 phase: "both" is unknown; write',
        ),
        ((",2102", ",fast"), 'served.csv:2 value_per_chip: "fast" is no number above zero; write one'),
        ((",tp,value_per_chip", ",tp,value"), "served.csv:1 value_per_chip: is missing; add a column value_per_chip"),
        (("fp8,end-to-end,Offline max load,1000", "int2,end-to-end,Offline max load,1000"), "served.csv:2"),
        (("h100-sxm,2,", "h100-sxm,0.5,"), 'served.csv:2 chips "0.5" is no number from 1 to 1e+12; mend the figure'),
        ((",2,2102", ",0,2102"), 'served.csv:2 tp "0" is no number from 1 to 1e+12; mend the figure'),
        ((",2,2102", ",nan,2102"), 'served.csv:2 tp "nan" is no number from 1'),
    ],
)
def test_a_mistake_in_a_measurement_of_serving_is_told_with_its_line(change, says):
    with pytest.raises(InputError) as caught:
        read_measured_serving(SERVED.replace(*change, 1), "served.csv")
    assert any(says in str(mistake) for mistake in caught.value.mistakes), caught.value


def test_measurements_without_one_that_fits_are_refused():
    with pytest.raises(InputError, match="holds no runs"):
        read_measured_serving(SERVED.splitlines()[0] + "\n", "served.csv")
    with pytest.raises(LexlociError, match="no measurement fits its chips"):
        calibrate_serving([], "served.csv")


def test_one_command_keeps_training_and_serving_and_both_commands_take_the_file(tmp_path):
    """The portfolio may name it too, its path from the portfolio's folder."""
    examples = Path(__file__).parents[2] / "examples" / "calibration"
    kept = tmp_path / "kept.json"
    files = [str(examples / name) for name in ("training.csv", "serving.csv")]
    answer = CliRunner().invoke(app, ["calibrate", *files, "--output", str(kept)])
    assert answer.exit_code == 0, answer.output
    assert [one.work for one in read_calibrations(kept)] == [TRAINING, SERVING]
    first = tmp_path / "first.yaml"
    first.write_text(template(), encoding="utf-8")
    job = ["tune-assistant@johor-h100", "--json"]

    def told(*arguments):
        answer = CliRunner().invoke(app, [*arguments])
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.output)

    plain = told("estimate", str(first), *job)
    own = told("estimate", str(first), *job, "--calibration", str(kept))
    assert own[0]["support"].startswith("6 runs of training.csv, and ")
    assert own[0]["tokens_per_s"] != plain[0]["tokens_per_s"]
    for file in files:  # a row of the same chip and kind follows the runs, in its figure, its interval and its support
        with_runs = CliRunner().invoke(app, ["estimate", file, "--calibration", str(kept)]).output.splitlines()
        without = CliRunner().invoke(app, ["estimate", file]).output.splitlines()
        assert all(f" runs of {Path(file).name}, and " in row for row in with_runs[1:])
        assert all(" runs of " not in row for row in without[1:])
        assert [row.split(",")[2] for row in with_runs] != [row.split(",")[2] for row in without]
    laid = [told("layouts", str(first), *job, *more) for more in ((), ("--calibration", str(kept)))]
    assert laid[1]["support"].startswith("6 runs of training.csv, and ")
    assert laid[0]["best"][0]["step_s"] != laid[1]["best"][0]["step_s"]
    named = tmp_path / "named.yaml"
    named.write_text(template().replace("lexloci: 1\n", "lexloci: 1\ncalibration: kept.json\n", 1), encoding="utf-8")
    assert told("estimate", str(named), *job) == own
    kept.unlink()
    kept_calibrations.cache_clear()
    refused = CliRunner().invoke(app, ["estimate", str(named), *job])
    assert "kept.json: cannot be read" in str(refused.exception)
