from __future__ import annotations

import gzip
import importlib.util
from datetime import date
from pathlib import Path

import pytest

from lexloci.model.errors import CatalogueError
from lexloci.perf import measurement_tables, serving_rows, training_rows

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "lexloci" / "perf" / "data"


def _tool(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_row_has_a_source_and_a_name_of_its_own():
    for rows in (training_rows.training_rows(), serving_rows.shipped_serving_rows()):
        assert len({row.id for row in rows}) == len(rows) > 100
        assert all(row.source and row.family for row in rows)
    assert all(row.dated for row in training_rows.training_rows())


def test_the_tables_that_are_told_ship_with_their_date_and_their_limit_of_age():
    tables = measurement_tables()
    assert len(tables) == 2
    for name, dated, limit_days in tables:
        assert (DATA / name.split("perf/data/")[1].strip(")")).is_file()
        assert dated == date(2026, 11, 22)
        assert limit_days == 365


def test_every_file_that_ships_is_told_among_the_sources():
    told = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    for path in DATA.iterdir():
        assert path.name in {"SOURCES.md", "__pycache__"} or f"`{path.name}`" in told


@pytest.mark.parametrize(
    "content",
    [None, b"not gzip", gzip.compress(b"id,family\nx,y\n")],
    ids=["missing", "damaged", "malformed"],  # the bytes of gzip hold the time: no name for a test
)
@pytest.mark.parametrize(
    ("module", "place", "value", "read"),
    [
        (serving_rows, "SERVING_TABLE", "serving_rows.csv.gz", serving_rows.shipped_serving_rows),
        (training_rows, "_DATA", "", training_rows.training_rows),
    ],
)
def test_a_missing_damaged_or_malformed_table_is_one_line_that_says_how_to_mend_it(
    monkeypatch, tmp_path, module, place, value, read, content
):
    name = value or training_rows.TRAINING_TABLE
    monkeypatch.setattr(module, place, tmp_path / value)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CatalogueError, match=name.split(".")[0]) as caught:
        read.__wrapped__()
    assert "\n" not in str(caught.value)


def test_the_same_training_tables_give_the_same_bytes_ordered_by_id(tmp_path):
    build = _tool(ROOT / "tools" / "build_training_tables.py")
    text = "id,source\nb,two\na,one\n"
    assert build.packed(text) == build.packed(text)
    assert gzip.decompress(build.packed(text)).decode() == "id,source\na,one\nb,two\n"
    assert build.main([]) == 2
