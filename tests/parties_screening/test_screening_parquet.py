"""A batch in Parquet is screened as the same batch in CSV; what is no such batch is refused in a line."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner, Result

from lexloci.cli.main import app
from lexloci.cli.party_rows import rows_of
from lexloci.model.errors import LexlociError

NAMES = ("Sophgo Technologies", "Meta Platforms", "中科曙光", "Huawei Technologies Co., Ltd.")


def run(*arguments: str, given: str | None = None) -> Result:
    """The command with arguments and standard input."""
    return CliRunner().invoke(app, list(arguments), input=given, env={"COLUMNS": "200"})


@pytest.fixture
def write(tmp_path: Path):
    """Writes columns as a Parquet file of small row groups, and returns where."""

    def to_disk(columns: dict[str, object], **more: object) -> str:
        file = tmp_path / "parties.parquet"
        parquet.write_table(pa.table(columns), file, row_group_size=more.pop("row_group_size", 3))
        return str(file)

    return to_disk


def test_parquet_is_screened_as_the_same_table_in_csv(write) -> None:
    many = [*NAMES, *(f"Sample Trading {number}" for number in range(300))]  # more than one batch
    numbers = list(range(len(many)))
    of_parquet = run("screen", write({"other": numbers, "name": many, "id": numbers, "country": ["CN"] * len(many)}))
    out = io.StringIO()
    csv.writer(out).writerows(
        [("id", "name", "country"), *((n, name, "CN") for n, name in zip(numbers, many, strict=True))]
    )
    of_csv = run("screen", "-", given=out.getvalue())
    assert (of_parquet.exit_code, of_csv.exit_code) == (3, 3)
    assert of_parquet.stdout == of_csv.stdout
    rows = list(csv.DictReader(io.StringIO(of_parquet.stdout)))
    assert {"0", "2", "3"} <= {row["id"] for row in rows}
    assert "1" not in {row["id"] for row in rows}


def test_aliases_may_be_a_column_of_lists_and_a_row_without_a_name_is_told(write) -> None:
    answer = run("screen", write({"name": ["Nobody Such", None], "aliases": [["Sophgo Technologies", None], None]}))
    assert answer.exit_code == 3
    assert next(csv.DictReader(io.StringIO(answer.stdout)))["id"] == "1"
    assert "of 1 rows nobody knows whether they are clear: no name of it can be read" in answer.stderr
    assert answer.stderr.splitlines()[0].endswith(": 2")
    clear = write({"name": pa.array([], pa.string())})
    assert run("screen", clear).exit_code == 0


def test_numbers_that_a_table_with_empty_cells_holds_as_floating_ones_are_whole(write) -> None:
    numbers = [float("nan"), 91110000123456.0]
    file = write({"name": pa.array([float("nan"), 7.0]), "id": [1.0, 2.0], "identifiers": pa.array(numbers)})
    (_, nobody), (number, somebody) = rows_of(file)
    assert (nobody.name, nobody.identifiers) == ("", ())
    assert (number, somebody.name, somebody.identifiers) == ("2", "7", ("91110000123456",))


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"title": ["x"]}, "no column name; there are title: name the column of the names so"),
        ({"name": [["a", "b"]]}, "parquet:1: column name holds a list, not a text; write it as text"),
        ({"name": [b"\xff\xfe"]}, "parquet:1: column name holds a bytes"),
        ({"name": ["x" * 5000]}, "letters"),
    ],
)
def test_a_table_that_cannot_be_screened_is_refused_in_a_line_and_writes_nothing(
    columns: dict[str, object], says: str, write
) -> None:
    answer = run("screen", write(columns))
    assert isinstance(answer.exception, LexlociError)
    assert says in str(answer.exception)
    assert "\n" not in str(answer.exception)
    if "letters" not in says:
        assert answer.stdout == ""


def test_a_file_that_is_cut_off_or_not_there_is_refused_in_a_line(write, tmp_path: Path) -> None:
    whole = Path(write({"name": list(NAMES)}))
    content = whole.read_bytes()
    for cut in (b"", b"PAR1", content[:-1], content[: len(content) // 2], content[:-12] + b"\xff" * 4 + content[-8:]):
        whole.write_bytes(cut)
        answer = run("screen", str(whole))
        assert isinstance(answer.exception, LexlociError)
        assert "cannot be read as Parquet" in str(answer.exception)
        assert "\n" not in str(answer.exception)
    missing = run("screen", str(tmp_path / "none.parquet"))
    assert "none.parquet: cannot be read: No such file or directory" in str(missing.exception)


def test_without_pyarrow_the_extra_is_named(write, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write({"name": list(NAMES)})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = run("screen", file)
    assert isinstance(answer.exception, LexlociError)
    assert str(answer.exception).endswith(
        'parties.parquet: reading Parquet needs pyarrow; pip install "lexloci[parquet]", or give a CSV file'
    )
