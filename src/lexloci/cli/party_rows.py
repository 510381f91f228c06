"""The parties of a file to screen, one by one as they are read: a CSV, or Parquet with the extra ``parquet``."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final, TextIO

from lexloci.parties.findings import BATCH, Question
from lexloci.parties.folding import ScreeningError

STDIN: Final = "-"


def rows_of(file: str) -> Iterator[tuple[str, Question]]:
    """The parties of a file, one by one: id (else the number of the row) and question. ScreeningError, in one line."""
    if file.lower().endswith(".parquet"):
        yield from _questions(file, _parquet_rows(file), 1)
        return
    try:
        with nullcontext(sys.stdin) if file == STDIN else Path(file).open(encoding="utf-8-sig", newline="") as lines:
            yield from _questions(file, csv.DictReader(_plain_lines(lines)), 2)
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
        if "name" not in row:
            raise _without_names(file, row)
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


def _without_names(file: str, columns: Iterable[object]) -> ScreeningError:
    have = ", ".join(map(str, columns))
    return ScreeningError(f"{file}: no column name; there are {have}: name the column of the names so")


def _text(cell: object, column: str) -> str:
    """A cell as text, "" where it is empty. ScreeningError for a list, bytes or whatever is no single value."""
    if cell is None:
        return ""
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
            if "name" not in names:
                raise ScreeningError(
                    f"{file}: no column name; there are {', '.join(names)}: name the column of the names so"
                )
            asked = [name for name in ("id", "name", "aliases", "country", "identifiers") if name in names]
            for batch in table.iter_batches(batch_size=BATCH, columns=asked):
                yield from batch.to_pylist()
    except FileNotFoundError:
        raise ScreeningError(f"{file}: cannot be read: No such file or directory; name a file") from None
    except (OSError, ArrowException) as error:
        raise ScreeningError(f"{file}: cannot be read as Parquet ({str(error).splitlines()[0]})") from None
