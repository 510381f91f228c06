"""Files to screen as people have them: other delimiters, headings, halves of names; nothing is passed over unsaid."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from lexloci.cli.party_rows import rows_of
from lexloci.parties.findings import Question
from lexloci.parties.folding import ScreeningError


@pytest.fixture
def read(tmp_path: Path):
    """Writes a table and gives what is read of it."""

    def rows(table: str, encoding: str = "utf-8") -> Iterator[tuple[str, Question]]:
        file = tmp_path / "parties.csv"
        file.write_bytes(table.encode(encoding))
        return rows_of(str(file))

    return rows


@pytest.mark.parametrize(
    "table",
    [
        "name,country\nSugon,CN\n",
        "name;country\nSugon;CN\n",
        "name\tcountry\r\nSugon\tCN\r\n",
        '"country";"name"\n"cn";"Sugon"\n',
        "Name, COUNTRY \nSugon, cn \n",
        "\n\nname,country\nSugon,CN\n",
        "name,country,\nSugon,CN,,\n",
    ],
)
def test_a_table_is_read_however_its_cells_are_parted_and_its_columns_capitalised(read, table: str) -> None:
    ((_, question),) = read(table)
    assert question == Question("Sugon", country="CN")


def test_a_mark_of_byte_order_is_no_part_of_the_heading(read, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one.name for _, one in read("name\nSugon\n", "utf-8-sig")] == ["Sugon"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\ufeffname\nSugon\n"))
    assert [one.name for _, one in rows_of("-")] == ["Sugon"]


def test_a_name_cut_at_its_comma_is_refused_and_not_screened_by_half(read) -> None:
    with pytest.raises(ScreeningError, match=r"parties\.csv:3: 3 cells where the table has 2.*quotation marks"):
        list(read("name,country\nSugon,CN\nBeijing, Sugon Ltd,CN\n"))


def test_a_row_counts_as_a_spreadsheet_counts_it(read) -> None:
    assert [key for key, _ in read('name,country\n\nSugon,CN\n"In\nspur",CN\nHygon,CN\n')] == ["3", "4", "5"]


def test_columns_that_are_not_read_are_named(read, capsys: pytest.CaptureFixture[str]) -> None:
    list(read("name,Alias,vat\nQuiet Bakery,Sugon,1\n"))
    assert "columns that are not read: alias, vat; read are id, name, aliases" in capsys.readouterr().err
    list(read("id,name\n1,Quiet Bakery\n"))
    assert capsys.readouterr().err == ""


def test_a_name_that_cannot_be_screened_is_told_by_its_row(read) -> None:
    with pytest.raises(ScreeningError, match=r"parties\.csv:3: name 'AAAA.*10000 letters"):
        list(read("name\nSugon\n" + "A" * 10_000 + "\n"))


def test_a_country_that_is_no_code_is_not_used_and_told(read, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(read("name,country\nSugon,China\nInspur,cn\nHygon,\n"))
    assert [one.country for _, one in rows] == [None, "CN", None]
    assert "the countries of 1 rows are no ISO codes of two letters, such as CN" in capsys.readouterr().err
