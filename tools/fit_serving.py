"""Fit the figures of serving to the shipped measurements and write them, with their intervals, for the package.

    python tools/fit_serving.py [--rows inference_runs.csv] [src/lexloci/perf/data]
    python tools/fit_serving.py --check    # fit, compare with the shipped figures, write nothing

Writes ``serving_fit.json``: every fitted figure with its value, what was believed before, the rows that speak for
its key, the intervals by level, which come from refits without the rows that they predict, and how much slower real
requests are than their means. With ``--rows`` it first packs that table (the columns are kept) into
``serving_rows.csv.gz``. Same input, same figures.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexloci.perf.chip_family import chip_family
from lexloci.perf.serving_efficiency import FIGURES, ServingEfficiency, fitted_efficiency, prior_values, slots
from lexloci.perf.serving_fitting import fit_values
from lexloci.perf.serving_machine import Host, ServingGeneration, Stack, Tuning
from lexloci.perf.serving_prediction import predicted
from lexloci.perf.serving_rows import SERVING_TABLE, ServingRow, shipped_serving_rows
from measure_means_alone import means_alone

Vector = NDArray[np.float64]
MODES = ("load", "limits", "phase")
KINDS = (("dense", False), ("mixture", True))
ENOUGH_OF_A_SOURCE = 4
"""Rows from which a source speaks for a way of loading and a kind of model."""
MOST_ROWS = 60
"""Rows that one source counts for in an interval, however many it has."""
MOST_APART = 0.02
LOW, HIGH = 0.05, 0.95


def left_out_errors(rows: Sequence[ServingRow], values: Vector, group_of: Callable[[ServingRow], str]) -> Vector:
    """Log of measured over predicted of every row, by a fit that has not seen its group."""
    errors = np.zeros(len(rows))
    for group in sorted({group_of(row) for row in rows}):
        seen = [row for row in rows if group_of(row) != group]
        places = [place for place, row in enumerate(rows) if group_of(row) == group]
        refitted = fit_values(seen, prior_values(), start=values)
        speeds = predicted([rows[place] for place in places], ServingEfficiency.of(refitted))
        measured = np.array([rows[place].tokens_per_s_per_chip for place in places], dtype=np.float64)
        errors[places] = np.log(measured / np.maximum(speeds, 1e-9))
    return errors


def _generation(row: ServingRow) -> str:
    return ServingGeneration(int(np.asarray(row.machine.generation))).name


def _fold(row: ServingRow) -> str:
    """One of four folds of rows of all sources and models, by the sum of the letters of a row's id."""
    return f"fold {sum(row.id.encode()) % 4}"


LEFT_OUT: tuple[tuple[Callable[[ServingRow], str], ...], ...] = (
    (_fold, lambda row: f"{row.family} {row.model}"),
    (lambda row: row.family,),
    (lambda row: row.chip.id,),
    (_generation, lambda row: chip_family(row.chip.id, row.chip.designer).vendor),
)
"""What is left out at each level of ``serving_interval``; where two ways are named, their errors count alike.

At the first a user's model may have been measured or not, so that rows of all models are left out, and whole models.
"""


def intervals(rows: Sequence[ServingRow], values: Vector) -> dict[str, dict[str, tuple[float, float]]]:
    """5th and 95th percentile of the errors by level, way of loading and kind of model; levels only widen."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    before: dict[str, tuple[float, float]] = {}
    for level, ways in enumerate(LEFT_OUT):
        errors = np.concatenate([left_out_errors(rows, values, group_of) for group_of in ways])
        asked = list(rows) * len(ways)
        print(f"level {level}: {len(errors)} errors of rows left out", flush=True)
        cells = {
            f"{mode} {kind}": _cell(asked, errors, mode, is_mixture=mixture)
            for mode in MODES
            for kind, mixture in KINDS
        }
        for name, (low, high) in cells.items():
            last = before.get(name, (0.0, 0.0))
            cells[name] = (min(low, last[0]), max(high, last[1]))
        found[str(level)] = before = cells
    return found


def _cell(rows: Sequence[ServingRow], errors: Vector, mode: str, *, is_mixture: bool) -> tuple[float, float]:
    """The interval of a way of loading and a kind of model: its own, drawn to the wider of the way's and the kind's.

    What a source has in common with itself another need not have, so that sources count and not rows: its own interval
    weighs as many as speak for it, the wider one a single source.
    """
    of_mode = np.array([row.mode == mode for row in rows], dtype=np.bool_)
    of_kind = np.array([row.is_mixture == is_mixture for row in rows], dtype=np.bool_)
    found = [_quantiles(errors[one], _chosen(rows, one)) for one in (of_mode, of_kind)]
    wide = np.array([min(low for low, _ in found), max(high for _, high in found)])
    both = of_mode & of_kind
    sources = len([n for n in _of_family(_chosen(rows, both)).values() if n >= ENOUGH_OF_A_SOURCE])
    if sources:
        wide = (wide + sources * np.array(_quantiles(errors[both], _chosen(rows, both)))) / (sources + 1)
    return round(float(wide[0]), 4), round(float(wide[1]), 4)


def _chosen(rows: Sequence[ServingRow], chosen: NDArray[np.bool_]) -> list[ServingRow]:
    return [row for row, is_chosen in zip(rows, chosen, strict=True) if is_chosen]


def _of_family(rows: Sequence[ServingRow]) -> Counter[str]:
    """Rows of each source, each once however often it was predicted."""
    return Counter({row.id: row.family for row in rows}.values())


def _quantiles(errors: Vector, rows: Sequence[ServingRow]) -> tuple[float, float]:
    """5th and 95th percentile, sources weighing alike above MOST_ROWS rows; never on one side of the point alone."""
    of_family = _of_family(rows)
    order = np.argsort(errors)
    weights = np.array([min(of_family[row.family], MOST_ROWS) / of_family[row.family] for row in rows])[order]
    reached = (np.cumsum(weights) - weights / 2.0) / weights.sum()
    low, high = np.interp((LOW, HIGH), reached, errors[order])
    return float(min(low, 0.0)), float(max(high, 0.0))


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


def differs(values: Vector) -> int:
    """Say how far the figures are from those that ship; 1 where by more than two in a hundred."""
    ships = fitted_efficiency()
    shipped = np.array([ships.figures[figure.name][figure.keys.index(key)] for figure, key in slots()])
    apart = float(np.abs(np.log(values / shipped)).max())
    print(f"largest difference from the shipped figures: {apart:.2%}")
    return int(apart > MOST_APART)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write the files, or compare; 1 where the shipped figures differ."""
    parser = argparse.ArgumentParser(description="Fit the figures of serving to the shipped measurements.")
    parser.add_argument("folder", nargs="?", type=Path, default=SERVING_TABLE.parent, help="where to write")
    parser.add_argument("--rows", type=Path, help="a table to pack into the package before the fit")
    parser.add_argument("--check", action="store_true", help="compare with the shipped figures, write nothing")
    asked = parser.parse_args(arguments)
    if asked.check and asked.rows:
        parser.error("--rows writes a table and --check writes nothing; leave one of them out")
    if not asked.folder.is_dir():
        parser.error(f"{asked.folder} is no folder; name one that is there")
    if asked.rows:
        SERVING_TABLE.write_bytes(gzip.compress(asked.rows.read_bytes(), compresslevel=9, mtime=0))
    rows = shipped_serving_rows()
    values = fit_values(rows, prior_values())
    if asked.check:
        return differs(values)
    figures = listed(rows, values)
    stored = {
        "made_by": "tools/fit_serving.py",
        "rows": len(rows),
        "figures": figures,
        "means_alone": means_alone(ServingEfficiency.of(values)),
        "intervals": intervals(rows, values),
    }
    (asked.folder / "serving_fit.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    for figure in FIGURES:
        for key, entry in figures[figure.name].items():
            told = f"{entry['value']:>9.4g}  believed {entry['believed']:<6g} {entry['rows']} rows"
            print(f"{figure.name:<16} {key:<14} {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
