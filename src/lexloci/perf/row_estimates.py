"""Predictions for rows of a table in the columns of the published measurements, with intervals and support."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lexloci.model.errors import LexlociError
from lexloci.perf.serving_efficiency import fitted_efficiency
from lexloci.perf.serving_interval import asked_of_row, support_of
from lexloci.perf.serving_prediction import predicted
from lexloci.perf.serving_rows import ServingRow, serving_row

FIELDS = ("id", "unit", "predicted", "low", "high", "measured", "error", "nearest", "notes")
SERVING_COLUMNS = {"weight_precision", "phase", "in_len"}


def row_estimates(rows: Sequence[dict[str, str]], columns: Sequence[str]) -> list[dict[str, Any]]:
    """A prediction for each row, in its order; a row that cannot be read has none, and its note says why.

    Raises LexlociError where the columns are those of no table that is known.
    """
    if not set(columns) >= SERVING_COLUMNS:
        lacking = ", ".join(sorted(SERVING_COLUMNS - set(columns)))
        raise LexlociError(f"the table lacks {lacking}; name its columns as docs/how-to/estimate-a-workload.md says")
    read = [_read(row) for row in rows]
    good = [row for row in read if isinstance(row, ServingRow)]
    speeds = iter(predicted(good, fitted_efficiency())) if good else iter(())
    return [
        _told(row, float(next(speeds))) if isinstance(row, ServingRow) else _untold(raw.get("id") or "?", row)
        for raw, row in zip(rows, read, strict=True)
    ]


def _read(row: dict[str, str]) -> ServingRow | str:
    try:
        return serving_row(row)
    except LexlociError as error:
        return str(error)


def _untold(name: str, why: str) -> dict[str, Any]:
    return dict.fromkeys(FIELDS, "") | {"id": name, "notes": why}


def _told(row: ServingRow, speed: float) -> dict[str, Any]:
    if speed <= 0.0:
        return _untold(row.id, "the model does not fit these chips, or the limits cannot be kept")
    support = support_of(asked_of_row(row))
    measured = row.tokens_per_s_per_chip
    notes = [*support.warnings]
    if not row.shape_known:
        notes.append(f"the shape of {row.model} is not known: taken from its size")
    return {
        "id": row.id,
        "unit": f"{'prompt' if row.phase == 'prefill' else 'output'} tokens/s a chip",
        "predicted": f"{speed:.6g}",
        "low": f"{speed * support.low:.6g}",
        "high": f"{speed * support.high:.6g}",
        "measured": f"{measured:.6g}" if measured else "",
        "error": f"{speed / measured - 1.0:+.4f}" if measured else "",
        "nearest": support.nearest,
        "notes": "; ".join(notes),
    }
