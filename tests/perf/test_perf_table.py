from __future__ import annotations

import gzip
import importlib.util
from datetime import date
from pathlib import Path

import pytest

from lexloci.model.errors import CatalogueError
from lexloci.perf import measurement_tables, table
from lexloci.perf.table import serving_runs, training_runs

ROOT = Path(__file__).parents[2]


def _tool(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def build():
    return _tool(ROOT / "tools" / "build_perf_tables.py")


RAW = {
    "id": "r", "family": "f", "core": "1", "task": "pretrain", "model": "m", "arch": "dense", "params_total_b": "7",
    "params_active_b": "7", "layers": "32", "hidden": "4096", "seq_len": "4096", "chip": "H100-SXM", "chips": "64",
    "peak_tflops": "989.5", "precision": "bf16", "global_batch_seqs": "512", "tflops_per_chip": "", "tflops_kind": "",
    "mfu_pct": "", "step_time_s": "", "derived_step_time_s": "", "tokens_per_s_per_chip": "", "chip_hours": "",
    "software": "s", "date": "2026-01", "source": "paper",
}  # fmt: skip


def test_every_row_has_a_source_and_a_name_of_its_own():
    for rows in (training_runs(), serving_runs()):
        assert len({row.id for row in rows}) == len(rows) > 100
        assert all(row.source and row.dated and row.family for row in rows)


def test_training_rows_are_of_sixteen_bit_runs_with_a_speed_or_a_published_utilisation():
    for run in training_runs():
        assert run.precision in {"bf16", "fp16"}
        assert (run.tokens_per_s_per_chip is None) is (run.basis == "published")
        assert run.basis in {"rate", "step", "run", "published"}
        assert 0 < run.active_parameters <= run.parameters


def test_the_tables_tell_their_date_and_their_limit_of_age():
    tables = measurement_tables()
    assert len(tables) == 2
    for name, dated, limit_days in tables:
        assert "csv.gz" in name
        assert dated == date(2026, 11, 22)
        assert limit_days == 365


def test_a_missing_damaged_or_malformed_table_is_one_line_that_says_how_to_mend_it(monkeypatch, tmp_path):
    monkeypatch.setattr(table, "_DATA", tmp_path)
    for content in (None, b"not gzip", gzip.compress(b"id,family\nx,y\n")):
        if content is not None:
            (tmp_path / table.TRAINING_TABLE).write_bytes(content)
        with pytest.raises(CatalogueError, match=r"training_runs.*reinstall lexloci") as caught:
            training_runs.__wrapped__()
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "tokens_per_s", "utilisation", "basis"),
    [
        ({"tokens_per_s_per_chip": "9000", "step_time_s": "1"}, "9000", "", "rate"),
        ({"tokens_per_s_per_chip": "9000", "chip_hours": "100"}, "9000", "", "run"),
        ({"step_time_s": "4"}, "8192", "", "step"),
        ({"derived_step_time_s": "8"}, "4096", "", "step"),
        ({"tflops_per_chip": "494.75", "tflops_kind": "model"}, "", "0.5", "published"),
        ({"tflops_per_chip": "494.75", "tflops_kind": "hardware", "mfu_pct": "41"}, "", "0.41", "published"),
    ],
)
def test_speed_comes_from_tokens_then_from_steps_and_only_then_as_published(
    build, given, tokens_per_s, utilisation, basis
):
    (row,) = build.training_table([RAW | given])
    assert (row["tokens_per_s_per_chip"], row["published_utilisation"], row["basis"]) == (
        tokens_per_s,
        utilisation,
        basis,
    )


def test_rows_of_other_precisions_tasks_or_without_a_speed_are_left_out(build):
    fast = {"tokens_per_s_per_chip": "9000"}
    assert build.training_table([RAW | fast | {"precision": "fp8"}]) == []
    assert build.training_table([RAW | fast | {"task": "lora"}]) == []
    assert build.training_table([RAW]) == []


def test_a_cell_with_few_core_rows_is_filled_to_eight_and_a_full_one_is_not(build):
    def rows(core, others):
        fast = {"tokens_per_s_per_chip": "9000"}
        kept = [RAW | fast | {"id": f"core{n:02}"} for n in range(core)]
        return kept + [RAW | fast | {"id": f"other{n:02}", "core": "0"} for n in range(others)]

    assert len(build.training_table(rows(3, 50))) == 8
    assert len(build.training_table(rows(20, 50))) == 20
    assert len(build.training_table(rows(0, 4))) == 4
    spread = [row["id"] for row in build.training_table(rows(6, 40))]
    assert spread[-2:] == ["other10", "other30"]


def test_the_same_rows_give_the_same_bytes(build):
    rows = build.training_table([RAW | {"step_time_s": "4"}])
    assert build.packed(rows, build.TRAINING_COLUMNS) == build.packed(rows, build.TRAINING_COLUMNS)
    assert b"8192" in gzip.decompress(build.packed(rows, build.TRAINING_COLUMNS))


def test_the_tool_writes_both_tables_and_refuses_a_wrong_call(build, tmp_path, capsys):
    for name, header in (("t", RAW), ("s", {"model": "", "weight_precision": "", "chip": ""}), ("a", {"chip": ""})):
        (tmp_path / name).write_text(",".join(header) + "\n", encoding="utf-8")
    arguments = [str(tmp_path / name) for name in ("t", "s", "a")]
    assert build.main([*arguments, str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.glob("*.gz")} == {table.TRAINING_TABLE, table.SERVING_TABLE}
    assert "0 rows" in capsys.readouterr().out
    assert build.main(arguments) == 2
