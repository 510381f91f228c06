from __future__ import annotations

import gzip
import importlib.util
from datetime import date
from pathlib import Path

import pytest

from lexloci.model.errors import CatalogueError
from lexloci.perf import measurement_tables, table
from lexloci.perf import training_rows as training_module
from lexloci.perf.table import serving_runs
from lexloci.perf.training_rows import training_rows

ROOT = Path(__file__).parents[2]


def _tool(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def build():
    return _tool(ROOT / "tools" / "build_perf_tables.py")


def test_every_row_has_a_source_and_a_name_of_its_own():
    for rows in (training_rows(), serving_runs()):
        assert len({row.id for row in rows}) == len(rows) > 100
        assert all(row.source and row.dated and row.family for row in rows)


def test_the_tables_tell_their_date_and_their_limit_of_age():
    tables = measurement_tables()
    assert len(tables) == 2
    for name, dated, limit_days in tables:
        assert "csv.gz" in name
        assert dated == date(2026, 11, 22)
        assert limit_days == 365


@pytest.mark.parametrize(
    ("module", "name", "read"),
    [(table, table.SERVING_TABLE, serving_runs), (training_module, training_module.TRAINING_TABLE, training_rows)],
)
def test_a_missing_damaged_or_malformed_table_is_one_line_that_says_how_to_mend_it(
    monkeypatch, tmp_path, module, name, read
):
    monkeypatch.setattr(module, "_DATA", tmp_path)
    for content in (None, b"not gzip", gzip.compress(b"id,family\nx,y\n")):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(CatalogueError, match=name.split(".")[0]) as caught:
            read.__wrapped__()
        assert "\n" not in str(caught.value)


def test_the_tool_writes_the_table_and_refuses_a_wrong_call(build, tmp_path, capsys):
    for name, header in (("s", "model,weight_precision,chip"), ("a", "chip")):
        (tmp_path / name).write_text(header + "\n", encoding="utf-8")
    arguments = [str(tmp_path / name) for name in ("s", "a")]
    assert build.main([*arguments, str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.glob("*.gz")} == {table.SERVING_TABLE}
    assert "0 rows" in capsys.readouterr().out
    assert build.main(arguments) == 2


def test_the_same_training_tables_give_the_same_bytes_ordered_by_id(tmp_path):
    build = _tool(ROOT / "tools" / "build_training_tables.py")
    text = "id,source\nb,two\na,one\n"
    assert build.packed(text) == build.packed(text)
    assert gzip.decompress(build.packed(text)).decode() == "id,source\na,one\nb,two\n"
    assert build.main([]) == 2
