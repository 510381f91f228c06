"""The index of the bundled tables: complete, true to the files, and refused when it is not."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.catalogue import Table, table, tables
from lexloci.catalogue.table import DATA, INDEX, closest, number, read_bytes, read_rows
from lexloci.model.errors import CatalogueError

NOT_TABLES = {INDEX, "SOURCES.md"}


def module():
    return sys.modules["lexloci.catalogue.table"]


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the data folder that a test may spoil."""
    for file in DATA.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(module(), "DATA", tmp_path)
    tables.cache_clear()
    yield tmp_path
    tables.cache_clear()


def test_every_file_is_in_the_index_and_every_entry_has_its_file():
    assert {known.file for known in tables()} == {file.name for file in DATA.iterdir()} - NOT_TABLES


def test_names_and_files_stand_once():
    assert len({known.name for known in tables()}) == len(tables()) == len({known.file for known in tables()})


@pytest.mark.parametrize("known", tables(), ids=lambda known: known.name)
def test_each_file_has_the_hash_in_the_index(known):
    assert hashlib.sha256((DATA / known.file).read_bytes()).hexdigest() == known.sha256


@pytest.mark.parametrize("known", tables(), ids=lambda known: known.name)
def test_each_table_says_where_it_comes_from_and_is_described(known):
    assert known.title
    assert known.source
    assert known.licence
    assert known.limit_days > 0
    assert date(2018, 1, 1) <= known.dated <= date(2026, 11, 22)
    assert f"## {known.file}" in (DATA / "SOURCES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["chips", "grids", "electricity_prices", "rental_prices", "chinese_provinces"])
def test_what_moves_is_good_for_a_year(name):
    assert table(name).limit_days == 365


def test_electricity_prices_are_dated_by_their_oldest_row():
    oldest = min(int(row["year"]) for row in read_rows("electricity_prices"))
    assert table("electricity_prices").dated.year == oldest


def test_the_data_fits_in_a_package():
    assert sum(file.stat().st_size for file in DATA.iterdir()) < 500_000


def test_age_counts_to_the_day_that_is_judged_and_never_to_today():
    known = table("chips")
    assert known.age_days(known.dated) == 0
    assert known.age_days(known.dated + timedelta(days=40)) == 40
    assert known.age_days(known.dated - timedelta(days=3)) == -3


@given(days=st.integers(-2000, 4000), limit=st.integers(1, 1000))
def test_a_table_is_past_its_limit_from_the_day_after_it(days, limit):
    known = Table("t", "t.csv", "title", "source", "licence", date(2026, 1, 1), limit, "")
    assert known.is_past_limit(date(2026, 1, 1) + timedelta(days=days)) == (days > limit)


def test_the_text_of_a_table_names_title_date_and_licence():
    assert str(table("rental_prices")) == "Published rental offers of chips (2026-05-24, MIT)"


def test_an_unknown_table_is_refused_with_the_names_there_are():
    with pytest.raises(CatalogueError, match='there is no table "chip"; the tables are chips, countries'):
        table("chip")


def test_an_altered_file_is_refused(copied):
    with (copied / "chips.csv").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(CatalogueError, match=r"catalogue/data/chips\.csv: altered"):
        read_rows("chips")


def test_a_missing_file_is_refused(copied):
    (copied / "world.json.gz").unlink()
    with pytest.raises(CatalogueError, match=r"catalogue/data/world\.json\.gz: cannot be read"):
        read_bytes("world")


def test_a_missing_index_is_refused(copied):
    (copied / INDEX).unlink()
    with pytest.raises(CatalogueError, match=r"tables\.csv: cannot be read"):
        tables()


@pytest.mark.parametrize(
    ("old", "new"), [("2026-05-24", "24 May 2026"), (",365,", ",a year,"), (",limit_days", ",limit"), (",365,", ",")]
)
def test_a_malformed_index_is_refused_with_its_row(copied, old, new):
    text = (copied / INDEX).read_text(encoding="utf-8").replace(old, new)
    (copied / INDEX).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"tables\.csv: row \d+"):
        tables()


def test_every_error_is_one_line(copied):
    (copied / "chips.csv").write_bytes(b"")
    with pytest.raises(CatalogueError) as caught:
        read_rows("chips")
    assert "\n" not in str(caught.value)


def test_a_blank_cell_is_unknown_and_not_zero():
    assert number("") is None
    assert number("0") == 0.0
    assert number("2.5") == 2.5


def test_the_closest_name_ignores_case_and_keeps_the_spelling_of_the_list():
    assert closest("MALAYSA", ["Malaysia", "Mali"]) == "Malaysia"
    assert closest("xyz", ["Malaysia", "Mali"]) is None
    assert closest("", ["Malaysia"]) is None


@given(st.sampled_from([row["name"] for row in read_rows("countries")]))
def test_a_name_is_closest_to_itself(name):
    assert closest(name, [row["name"] for row in read_rows("countries")]) == name


def test_importing_the_catalogue_loads_nothing_heavy_and_reads_no_table():
    program = (
        "import sys, lexloci.catalogue as c; "
        "heavy = {'pydantic', 'numpy', 'ortools', 'rich', 'rapidfuzz', 'yaml', 'typer'} & set(sys.modules); "
        "assert not heavy, heavy; "
        "assert sys.modules['lexloci.catalogue.table'].tables.cache_info().currsize == 0"
    )
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(source)}
    )
    assert done.returncode == 0, done.stderr
