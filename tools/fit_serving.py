"""Fit the figures of serving to the shipped measurements and write them, with their intervals, for the package.

    python tools/fit_serving.py [--rows inference_runs.csv] [src/lexloci/perf/data]

Writes ``serving_fit.json``: every fitted figure with its value, what was believed before, the rows that speak for
its key, and the intervals by level, which come from refits without the rows that they predict. With ``--rows`` it
first packs that table (the columns are kept) into ``serving_rows.csv.gz``. Same input, same figures.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexloci.perf.chip_family import chip_family
from lexloci.perf.serving_efficiency import FIGURES, ServingEfficiency, prior_values, slots
from lexloci.perf.serving_fitting import fit_values
from lexloci.perf.serving_machine import Host, ServingGeneration, Stack, Tuning
from lexloci.perf.serving_prediction import predicted
from lexloci.perf.serving_rows import SERVING_TABLE, ServingRow, shipped_serving_rows

Vector = NDArray[np.float64]
MODES = ("load", "limits", "phase")
KINDS = (("dense", False), ("mixture", True))
ENOUGH_ERRORS = 20
STEPS_WITHOUT_A_GROUP = 3
"""From the fit to all rows, a fit without some of them is reached in a few steps."""
LOW, HIGH = 0.05, 0.95


def left_out_errors(rows: Sequence[ServingRow], values: Vector, group_of: Callable[[ServingRow], str]) -> list[float]:
    """Log of measured over predicted of every row, by a fit that has not seen its group."""
    errors = [0.0] * len(rows)
    for group in sorted({group_of(row) for row in rows}):
        seen = [row for row in rows if group_of(row) != group]
        places = [place for place, row in enumerate(rows) if group_of(row) == group]
        refitted = fit_values(seen, prior_values(), start=values, most=STEPS_WITHOUT_A_GROUP)
        speeds = predicted([rows[place] for place in places], ServingEfficiency.of(refitted))
        for place, speed in zip(places, speeds, strict=True):
            measured = rows[place].tokens_per_s_per_chip
            errors[place] = float(np.log((measured or 1.0) / max(float(speed), 1e-9)))
    return errors


def intervals(rows: Sequence[ServingRow], values: Vector) -> dict[str, dict[str, tuple[float, float]]]:
    """5th and 95th percentile of the errors by level, way of loading and kind of model; levels only widen."""
    groupings: tuple[Callable[[ServingRow], str], ...] = (
        lambda row: f"{row.family} {row.model}",
        lambda row: str(int(np.asarray(row.machine.generation))),
        lambda row: chip_family(row.chip.id, row.chip.designer).vendor,
    )
    found: dict[str, dict[str, tuple[float, float]]] = {}
    before: dict[str, tuple[float, float]] = {}
    for level, group_of in enumerate(groupings):
        errors = left_out_errors(rows, values, group_of)
        print(f"level {level}: {len(errors)} errors of rows left out", flush=True)
        cells = {
            f"{mode} {kind}": _quantiles(_cell(rows, errors, mode, is_mixture=mixture))
            for mode in MODES
            for kind, mixture in KINDS
        }
        for name, (low, high) in cells.items():
            last = before.get(name, (0.0, 0.0))
            cells[name] = (min(low, last[0]), max(high, last[1]))
        found[str(level)] = before = cells
    return found


def _cell(rows: Sequence[ServingRow], errors: list[float], mode: str, *, is_mixture: bool) -> list[float]:
    """Errors of a way of loading and a kind of model; where few, of the way; where few, of all rows of the kind."""
    paired = list(zip(rows, errors, strict=True))
    for chosen in (
        [error for row, error in paired if row.mode == mode and row.is_mixture == is_mixture],
        [error for row, error in paired if row.mode == mode],
        [error for row, error in paired if row.is_mixture == is_mixture],
    ):
        if len(chosen) >= ENOUGH_ERRORS:
            return chosen
    return errors


def _quantiles(errors: list[float]) -> tuple[float, float]:
    low, high = np.quantile(np.array(errors), [LOW, HIGH])
    return round(float(min(low, 0.0)), 4), round(float(max(high, 0.0)), 4)


def listed(rows: Sequence[ServingRow], values: Vector) -> dict[str, dict[str, dict[str, Any]]]:
    """Every figure and key with its value, what was believed, and the number of rows that speak for the key."""
    found: dict[str, dict[str, dict[str, Any]]] = {figure.name: {} for figure in FIGURES}
    for (figure, key), value in zip(slots(), values, strict=True):
        found[figure.name][key] = {
            "value": float(f"{min(value, figure.most):.6g}"),
            "believed": figure.prior,
            "rows": _rows_of(rows, figure.name, key),
        }
    return found


def _generation(row: ServingRow) -> str:
    return ServingGeneration(int(np.asarray(row.machine.generation))).name


def _rows_of(rows: Sequence[ServingRow], name: str, key: str) -> int:
    keys: dict[str, Callable[[ServingRow], str]] = {
        "exchange_us": lambda row: "mixture" if row.is_mixture else "dense",
        "host": lambda row: Host(int(np.asarray(row.machine.host))).name,
        "stack": lambda row: Stack(int(np.asarray(row.machine.stack))).name,
        "tuning": lambda row: Tuning(row.tuning).name,
    }
    if key == "all":
        return len(rows)
    of_row = keys.get(name, _generation)
    return len([row for row in rows if of_row(row).lower() == key])


def main(arguments: list[str]) -> int:
    """Fit, and write the files; 2 on wrong usage."""
    if "--rows" in arguments:
        place = arguments.index("--rows")
        table = Path(arguments[place + 1])
        SERVING_TABLE.write_bytes(gzip.compress(table.read_bytes(), compresslevel=9, mtime=0))
        del arguments[place : place + 2]
    if len(arguments) > 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0]) if arguments else SERVING_TABLE.parent
    rows = shipped_serving_rows()
    values = fit_values(rows, prior_values())
    figures = listed(rows, values)
    stored = {
        "made_by": "tools/fit_serving.py",
        "rows": len(rows),
        "figures": figures,
        "intervals": intervals(rows, values),
    }
    (folder / "serving_fit.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    for figure in FIGURES:
        for key, entry in figures[figure.name].items():
            told = f"{entry['value']:>9.4g}  believed {entry['believed']:<6g} {entry['rows']} rows"
            print(f"{figure.name:<16} {key:<14} {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
