"""A user's own measurements of serving, as a CSV file with a header, in the names of the table that ships.

A row needs the columns of ``serving_rows.NEEDED`` but for ``id``, and ``value_per_chip``: output tokens a second of one
chip, or tokens of the prompt where ``phase`` is prefill.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from math import isfinite

from lexloci.model.chip import Chip
from lexloci.model.errors import InputError, LexlociError, Mistake
from lexloci.perf.serving_names import NO_CHIPS
from lexloci.perf.serving_rows import NEEDED, ServingRow, serving_row

VALUE = "value_per_chip"
TELLING = frozenset({"weight_precision", "phase", "in_len"})
"""Columns by which a table is one of serving."""
PHASES = ("end-to-end", "prefill", "decode")


def is_of_serving(text: str) -> bool:
    """Whether a CSV has the columns of serving."""
    return set(csv.DictReader(io.StringIO(text)).fieldnames or ()) >= TELLING


def read_measured_serving(text: str, name: str, own: Mapping[str, Chip] = NO_CHIPS) -> tuple[ServingRow, ...]:
    """The measurements of a file. InputError with every mistake in it, by line and column."""
    reader = csv.DictReader(io.StringIO(text))
    header = reader.fieldnames or ()
    needed = [column for column in (*NEEDED, VALUE) if column != "id"]
    mistakes = [
        Mistake(name, 1, column, "is missing", f"add a column {column}") for column in needed if column not in header
    ]
    found: list[ServingRow] = []
    for row in () if mistakes else reader:
        line = reader.line_num
        full = {key: value or "" for key, value in row.items() if key}
        full["id"] = full.get("id") or f"{name}:{line}"
        wrong = _wrong(full)
        if wrong:
            mistakes.append(Mistake(name, line, *wrong))
            continue
        try:
            found.append(serving_row(full, own))
        except LexlociError as error:
            message, _, mend = str(error).partition(": ")[2].partition("; ")
            mistakes.append(Mistake(name, line, "", message or str(error), mend))
    if not found and not mistakes:
        mistakes.append(Mistake(name, 0, "", "holds no runs", "add one row for each measurement"))
    if mistakes:
        raise InputError(tuple(mistakes))
    return tuple(found)


def _wrong(row: dict[str, str]) -> tuple[str, str, str] | None:
    """The first column that is wrong, why, and how to mend it."""
    if row["phase"] not in PHASES:
        return "phase", f'"{row["phase"]}" is unknown', f"write {', '.join(PHASES)}"
    for column in ("params_total_b", "chips", "in_len", VALUE):
        if not _is_above_zero(row[column]):
            return column, f'"{row[column]}" is no number above zero', "write one"
    return None


def _is_above_zero(text: str) -> bool:
    try:
        return isfinite(float(text)) and float(text) > 0.0
    except ValueError:
        return False
