"""The parties of a file to screen, one by one as they are read: a CSV, or Parquet with the extra ``parquet``."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Any, Final, TextIO

from lexloci.parties.findings import BATCH, Question
from lexloci.parties.folding import ScreeningError, check_name

STDIN: Final = "-"
COLUMNS: Final = ("id", "name", "aliases", "country", "identifiers")
DELIMITERS: Final = (",", ";", "\t")  # spreadsheets of half of Europe write the second
SHOWN: Final = 10


def rows_of(file: str) -> Iterator[tuple[str, Question]]:
    """The parties of a file, one by one: id (else the number of the row) and question. ScreeningError, in one line."""
    if file.lower().endswith(".parquet"):
        yield from _questions(file, enumerate(_parquet_rows(file), 1))
        return
    try:
        with nullcontext(sys.stdin) if file == STDIN else Path(file).open(encoding="utf-8-sig", newline="") as lines:
            yield from _questions(file, _csv_rows(file, _plain_lines(lines)))
    except UnicodeDecodeError:
        raise ScreeningError(f"{file}: not UTF-8; save the file as UTF-8 and screen it again") from None
    except csv.Error as error:
        raise ScreeningError(f"{file}: not CSV ({error}); give a table with a column name") from None
    except OSError as error:
        raise ScreeningError(f"{file}: cannot be read: {error.strerror}; name a file") from None


def _plain_lines(lines: TextIO) -> Iterator[str]:
    """The lines without null bytes, which no CSV holds and the reader refuses, and without a mark of byte order."""
    for number, line in enumerate(lines):
        plain = line.replace("\0", "")
        yield plain.removeprefix("\ufeff") if number == 0 else plain


def _csv_rows(file: str, lines: Iterator[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows by their number in the table, its heading and its empty rows counted, as a spreadsheet counts them.

    ScreeningError for a row with more cells than the heading has: a name cut at its comma would be half a name.
    """
    first, heading = next(((number, line) for number, line in enumerate(lines, 1) if line.strip()), (1, ""))
    delimiter = next((one for one in DELIMITERS if "name" in _columns(_cells(heading, one))), DELIMITERS[0])
    table = csv.reader(chain([heading], lines), delimiter=delimiter, strict=True)
    columns = _columns(next(table, []))
    _check_columns(file, columns)
    for number, cells in enumerate(table, first + 1):
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise ScreeningError(
                f"{file}:{number}: {len(cells)} cells where the table has {len(columns)} columns; put a name that "
                f"holds {delimiter!r} in quotation marks"
            )
        if cells:
            yield number, dict(zip(columns, cells, strict=False))


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _columns(names: Iterable[str]) -> list[str]:
    """The names of columns as they are looked for: "Name " is name."""
    return [name.strip().lower() for name in names]


def _questions(file: str, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[tuple[str, Question]]:
    no_countries: list[str] = []
    for number, row in rows:
        try:
            name, aliases = _text(row.get("name"), "name"), tuple(_parts(row.get("aliases"), "aliases"))
            for one in (name, *aliases):
                check_name(one)  # here, where the number of the row is known
            country = _text(row.get("country"), "country").strip()
            key, numbers = _text(row.get("id"), "id"), tuple(_parts(row.get("identifiers"), "identifiers"))
        except ScreeningError as error:
            raise ScreeningError(f"{file}:{number}: {error}") from None
        if country and not is_country(country):
            no_countries.append(f"{number} ({country})")
        yield key or str(number), Question(name, aliases, country.upper() if is_country(country) else None, numbers)
    if no_countries:
        shown = ", ".join(no_countries[:SHOWN]) + (" ..." if len(no_countries) > SHOWN else "")
        sys.stderr.write(
            f"{file}: the countries of {len(no_countries)} rows are no ISO codes of two letters, such as CN, and were "
            f"not used: {shown}\n"
        )


def is_country(text: str) -> bool:
    """Whether a text may be an ISO code of a country."""
    return len(text) == 2 and text.isascii() and text.isalpha()


def _check_columns(file: str, columns: Sequence[str]) -> None:
    """ScreeningError where there is no column of names, or one that is read stands there twice; tells which are not."""
    if "name" not in columns:
        have = f"there are {', '.join(columns)}" if columns else "the table is empty"
        raise ScreeningError(f"{file}: no column name; {have}: name the column of the names so")
    twice = next((column for column in COLUMNS if columns.count(column) > 1), None)
    if twice is not None:
        raise ScreeningError(f"{file}: two columns {twice}; of which one would not be read: name one otherwise")
    others = ", ".join(column for column in columns if column and column not in COLUMNS)
    if others:
        sys.stderr.write(f"{file}: columns that are not read: {others}; read are {', '.join(COLUMNS)}\n")


def _text(cell: object, column: str) -> str:
    """A cell as text, "" where it is empty. ScreeningError for a list, bytes or whatever is no single value.

    A table with empty cells may hold whole numbers as floating ones, and what is empty as no number.
    """
    if cell is None or cell != cell:  # noqa: PLR0124 - no number is unlike itself
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if not isinstance(cell, str | int | float):
        raise ScreeningError(f"column {column} holds a {type(cell).__name__}, not a text; write it as text")
    return str(cell)


def _parts(cell: object, column: str) -> list[str]:
    """The values of a cell that holds several: a list, or a text parted by "|"."""
    parts = cell if isinstance(cell, list) else _text(cell, column).split("|")
    return [text for part in parts if (text := _text(part, column).strip())]


def _parquet_rows(file: str) -> Iterator[Mapping[str, Any]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise ScreeningError(
            f'{file}: reading Parquet needs pyarrow; pip install "lexloci[parquet]", or give a CSV file'
        ) from None
    try:
        with parquet.ParquetFile(file) as table:
            names = table.schema_arrow.names
            column_of = dict(zip(names, _columns(names), strict=True))
            _check_columns(file, _columns(names))
            asked = [name for name in names if column_of[name] in COLUMNS]
            for batch in table.iter_batches(batch_size=BATCH, columns=asked):
                yield from ({column_of[name]: cell for name, cell in row.items()} for row in batch.to_pylist())
    except FileNotFoundError:
        raise ScreeningError(f"{file}: cannot be read: No such file or directory; name a file") from None
    except (OSError, ArrowException) as error:
        raise ScreeningError(f"{file}: cannot be read as Parquet ({str(error).splitlines()[0]})") from None
