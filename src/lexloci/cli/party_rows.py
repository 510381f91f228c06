"""The parties of a file to screen, one by one as they are read: a CSV, or Parquet with the extra ``parquet``."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final, TextIO

from lexloci.parties.findings import BATCH, Question
from lexloci.parties.folding import ScreeningError

STDIN: Final = "-"
COLUMNS: Final = ("id", "name", "aliases", "country", "identifiers")


def rows_of(file: str) -> Iterator[tuple[str, Question]]:
    """The parties of a file, one by one: id (else the number of the row) and question. ScreeningError, in one line."""
    if file.lower().endswith(".parquet"):
        yield from _questions(file, _parquet_rows(file), 1)
        return
    try:
        with nullcontext(sys.stdin) if file == STDIN else Path(file).open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(_plain_lines(lines), strict=True)
            _check_columns(file, table.fieldnames or ())
            yield from _questions(file, table, 2)
    except UnicodeDecodeError:
        raise ScreeningError(f"{file}: not UTF-8; save the file as UTF-8 and screen it again") from None
    except csv.Error as error:
        raise ScreeningError(f"{file}: not CSV ({error}); give a table with a column name") from None
    except OSError as error:
        raise ScreeningError(f"{file}: cannot be read: {error.strerror}; name a file") from None


def _plain_lines(lines: TextIO) -> Iterator[str]:
    """The lines without null bytes, which no CSV holds and the reader refuses."""
    for line in lines:
        yield line.replace("\0", "")


def _questions(file: str, rows: Iterable[Mapping[str, Any]], first: int) -> Iterator[tuple[str, Question]]:
    for number, row in enumerate(rows, first):
        try:
            yield (
                _text(row.get("id"), "id") or str(number),
                Question(
                    _text(row["name"], "name"),
                    tuple(_parts(row.get("aliases"), "aliases")),
                    _text(row.get("country"), "country").upper() or None,
                    tuple(_parts(row.get("identifiers"), "identifiers")),
                ),
            )
        except ScreeningError as error:
            raise ScreeningError(f"{file}:{number}: {error}") from None


def _check_columns(file: str, columns: Sequence[str]) -> None:
    """ScreeningError where there is no column of names, or one that is read stands there twice."""
    if "name" not in columns:
        have = f"there are {', '.join(columns)}" if columns else "the table is empty"
        raise ScreeningError(f"{file}: no column name; {have}: name the column of the names so")
    twice = next((column for column in COLUMNS if columns.count(column) > 1), None)
    if twice is not None:
        raise ScreeningError(f"{file}: two columns {twice}; of which one would not be read: name one otherwise")


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
            _check_columns(file, names)
            asked = [name for name in COLUMNS if name in names]
            for batch in table.iter_batches(batch_size=BATCH, columns=asked):
                yield from batch.to_pylist()
    except FileNotFoundError:
        raise ScreeningError(f"{file}: cannot be read: No such file or directory; name a file") from None
    except (OSError, ArrowException) as error:
        raise ScreeningError(f"{file}: cannot be read as Parquet ({str(error).splitlines()[0]})") from None
