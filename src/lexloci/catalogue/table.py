"""Which tables are bundled, where each comes from and how old it is; and the way to read their rows.

Every file in ``data/`` is named in ``data/tables.csv`` with its source, licence, date and SHA-256.
A file that is missing, altered or not named there is refused: a compliance answer must not rest on a
table that nobody can trace. Age counts from ``dated``, the day on which the source was taken or
published, to the day that the caller judges by; this module never asks what day it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from lexloci.model.errors import CatalogueError

DATA: Final = Path(__file__).parent / "data"
INDEX: Final = "tables.csv"


@dataclass(frozen=True, slots=True)
class Table:
    """A bundled table: what it holds, who says so, under which licence, as of which day.

    ``limit_days`` is the age past which an answer that used it goes to human review.
    """

    name: str
    file: str
    title: str
    source: str
    licence: str
    dated: date
    limit_days: int
    sha256: str

    def age_days(self, on: date) -> int:
        """How many days old the table is on a day; negative for a day before its date."""
        return (on - self.dated).days

    def is_past_limit(self, on: date) -> bool:
        """Whether the table is too old on a day to decide anything."""
        return self.age_days(on) > self.limit_days

    def __str__(self) -> str:
        return f"{self.title} ({self.dated.isoformat()}, {self.licence})"


@lru_cache(maxsize=1)
def tables() -> tuple[Table, ...]:
    """All bundled tables, in the order of the index. Raises CatalogueError if the index is malformed."""
    return tuple(_table_from(row, line) for line, row in enumerate(_parse(_read(INDEX), INDEX), start=2))


def table(name: str) -> Table:
    """The bundled table of a name. Raises CatalogueError, naming the tables there are, if there is none."""
    for known in tables():
        if known.name == name:
            return known
    names = ", ".join(known.name for known in tables())
    raise CatalogueError(f'catalogue: there is no table "{name}"; the tables are {names}')


def read_bytes(name: str) -> bytes:
    """The content of a table's file as shipped, unpacked if it is gzipped.

    Raises CatalogueError if the file is missing or its SHA-256 is not the one in the index.
    """
    import hashlib

    known = table(name)
    content = _read(known.file)
    if hashlib.sha256(content).hexdigest() != known.sha256:
        raise CatalogueError(
            f"catalogue/data/{known.file}: altered, its SHA-256 is not the one in {INDEX}; reinstall lexloci"
        )
    if not known.file.endswith(".gz"):
        return content
    import gzip

    return gzip.decompress(content)


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a table stored as CSV, each a mapping from column to text. Raises as ``read_bytes``."""
    return _parse(read_bytes(name), table(name).file)


def number(text: str) -> float | None:
    """The number in a cell; None where the cell is blank, which means unknown."""
    return float(text) if text else None


def closest(text: str, names: Sequence[str]) -> str | None:
    """The name that most resembles what was written, ignoring case; None if none comes near."""
    from difflib import get_close_matches

    by_fold = {name.casefold(): name for name in names}
    found = get_close_matches(text.casefold(), list(by_fold), n=1, cutoff=0.7)
    return by_fold[found[0]] if found else None


def _read(file: str) -> bytes:
    try:
        return (DATA / file).read_bytes()
    except OSError as error:
        raise CatalogueError(f"catalogue/data/{file}: cannot be read ({error.strerror}); reinstall lexloci") from error


def _parse(content: bytes, file: str) -> list[dict[str, str]]:
    import csv
    import io

    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise CatalogueError(f"catalogue/data/{file}: row {line} has the wrong number of cells; reinstall lexloci")
    return rows


def _table_from(row: dict[str, str], line: int) -> Table:
    try:
        return Table(
            name=row["table"],
            file=row["file"],
            title=row["title"],
            source=row["source"],
            licence=row["licence"],
            dated=date.fromisoformat(row["dated"]),
            limit_days=int(row["limit_days"]),
            sha256=row["sha256"],
        )
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"catalogue/data/{INDEX}: row {line}: {error}; reinstall lexloci") from error
