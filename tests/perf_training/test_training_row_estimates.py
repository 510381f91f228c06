"""Rows of training in a table: predicted as the benchmark predicts them, and never a traceback, NaN or guess."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.model.errors import LexlociError
from lexloci.perf.efficiency import fitted
from lexloci.perf.left_out import stated_s
from lexloci.perf.row_estimates import FIELDS, row_estimates
from lexloci.perf.training_interval import spreads
from lexloci.perf.training_rows import TRAINING_TABLE, table_text, training_rows

OWN = {
    "id": "mine", "chip": "h100-sxm", "chips": "64", "layers": "32", "hidden": "4096", "heads": "32", "kv_heads": "8",
    "ffn": "14336", "vocab": "128256", "seq_len": "8192", "global_batch_seqs": "128", "tp": "2", "date": "2026-03",
}  # fmt: skip


def _estimate(**changes):
    row = OWN | changes
    (found,) = row_estimates([row], list(row))
    assert tuple(found) == FIELDS
    return found


@pytest.mark.slow
def test_the_rows_that_ship_are_predicted_as_the_benchmark_predicts_them():
    rows = list(csv.DictReader(io.StringIO(table_text(TRAINING_TABLE))))[::9]
    shipped = {row.id: row for row in training_rows()}
    chosen = [shipped[row["id"]] for row in rows]
    for row, found, seconds in zip(chosen, row_estimates(rows, list(rows[0])), stated_s(chosen, fitted()), strict=True):
        kind = "mixture" if row.is_mixture else "dense"
        middles = [math.exp(spreads()[f"{kind} stated {part}"].middle) for part in ("known", "new")]
        assert float(found["predicted"]) / seconds == pytest.approx(middles[0], rel=1e-4) or (
            float(found["predicted"]) / seconds == pytest.approx(middles[1], rel=1e-4)
        )
        assert float(found["low"]) <= float(found["predicted"]) <= float(found["high"])
        assert bool(found["measured"]) == bool(row.step_s)


def test_a_row_of_ones_own_is_predicted_with_what_it_leaves_out_filled_in():
    found = _estimate()
    assert found["unit"] == "s a step"
    assert (found["measured"], found["error"]) == ("", "")
    measured = _estimate(step_time_s=found["predicted"])
    assert float(measured["error"]) == pytest.approx(0, abs=1e-3)
    twice = _estimate(global_batch_seqs="256")
    assert 1.7 < float(twice["predicted"]) / float(found["predicted"]) < 2.1
    assert found["nearest"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"chip": "Zeus-1"}, 'there is no chip "Zeus-1"; write an id of the catalogue'),
        ({"layers": "many"}, "a figure is missing or wrong"),
        ({"heads": "0"}, "missing or wrong"),
        ({"precision": "int3"}, "missing or wrong"),
        (
            {"layers": "320", "hidden": "32768", "pp": "1", "tp": "1", "recompute": "full", "ffn": "131072"},
            "does not fit",
        ),
    ],
)
def test_a_row_that_has_no_prediction_says_why(changes, says):
    found = _estimate(**changes)
    assert found["predicted"] == found["low"] == found["high"] == ""
    assert says in found["notes"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"task": "lora"}, "runs with LoRA"), ({"chip": "a100-sxm-80gb", "precision": "fp8"}, "no measurement of FP8")],
)
def test_a_row_of_a_kind_that_was_hardly_measured_is_less_sure_and_says_so(changes, says):
    strange, plain = _estimate(**changes), _estimate(chip=changes.get("chip", OWN["chip"]))
    assert says in strange["notes"]
    width = [float(found["high"]) / float(found["low"]) for found in (strange, plain)]
    assert width[0] > width[1]


def test_a_table_that_lacks_a_column_of_training_is_refused_by_its_names():
    with pytest.raises(LexlociError, match="lacks chip, vocab; name its columns"):
        row_estimates([], [name for name in OWN if name not in {"chip", "vocab"}])


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(
            sorted({*OWN, "pp", "ep", "cp", "n_experts", "topk", "moe_ffn", "vpp", "step_time_s", "recompute"})
        ),
        st.sampled_from(["", "0", "-1", "1", "3", "nan", "inf", "1e308", "abc", "2026", "full", "interleaved"]),
    )
)
def test_no_row_gives_a_traceback_or_a_figure_that_is_none(changes):
    found = _estimate(**changes)
    if not found["predicted"]:
        assert found["notes"]
        return
    figures = [float(found[name]) for name in ("low", "predicted", "high")]
    if found["measured"]:
        assert math.isfinite(float(found["error"]))
    assert np.isfinite(figures).all()
    assert 0 < figures[0] <= figures[1] <= figures[2]
