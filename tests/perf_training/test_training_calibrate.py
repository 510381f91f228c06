"""A user's own measured runs: read with every mistake told, fitted, kept in a file, and used by the estimates."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from lexloci.cli.main import app
from lexloci.model.errors import InputError, LexlociError
from lexloci.perf.calibrating import calibrate
from lexloci.perf.calibration import read_calibrations
from lexloci.perf.efficiency import fitted
from lexloci.perf.fitting import predicted_s
from lexloci.perf.machine import Generation
from lexloci.perf.measured_runs import read_measured_runs
from lexloci.perf.training_rows import columns, training_rows

HEADER = (
    "chip,chips,layers,hidden,heads,kv_heads,ffn,vocab,seq_len,global_batch_seqs,micro_batch,tp,pp,date,step_time_s"
)
RUNS = f"""{HEADER}
h100-sxm,64,80,8192,64,8,28672,128256,8192,128,1,4,4,2026-05,15.2
h100-sxm,128,80,8192,64,8,28672,128256,8192,256,1,4,4,2026-05,15.4
h100-sxm,64,32,4096,32,8,14336,128256,8192,256,1,1,1,2026-05,3.9
"""


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
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(change, says):
    with pytest.raises(InputError) as caught:
        read_measured_runs(RUNS.replace(*change), "runs.csv")
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
    assert "hopper, dense: 3 runs; 90 % interval" in answer.output
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


def test_a_calibration_of_another_release_or_out_of_order_is_refused(tmp_path):
    good = {"generation": 2, "kind": "dense", "middle": 0.0, "low": -0.1, "high": 0.1, "runs": 3, "name": "r"}
    logs = list(fitted().logs())
    for change, says in (({"logs": logs[:-1]}, "of another release"), ({"logs": logs, "low": 1.0}, "out of order")):
        path = tmp_path / "kept.json"
        document = {"format": "lexloci calibration 1", "calibrations": [good | change]}
        path.write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(LexlociError, match=says):
            read_calibrations(path)
