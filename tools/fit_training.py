"""Fit the figures of efficiency of training to the shipped measurements and write ``data/training_fit.json``.

    python tools/fit_training.py            # a minute on one core
    python tools/fit_training.py --check    # fit, compare with the shipped figures, write nothing

Rows: every published configuration with a step time or tokens a second, and every tenth of vTrain's points.
Nothing is fitted to a row, a publication, a code base or a model: see ``lexloci.perf.efficiency.FIGURES``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

import lexloci.perf
from lexloci.perf.efficiency import EPOCHS, FIGURES, GENERATIONS, fitted, places, priors
from lexloci.perf.fitting import fit
from lexloci.perf.training_rows import TrainingRow, training_rows
from lexloci.perf.vtrain_rows import vtrain_rows

TARGET = Path(lexloci.perf.__file__).parent / "data" / "training_fit.json"
EVERY = 10


def fitted_rows() -> list[TrainingRow]:
    """The rows that the fit sees."""
    return [row for row in training_rows() if row.step_s] + list(vtrain_rows()[::EVERY])


def speaking_rows(rows: list[TrainingRow], keys: tuple[str, ...], key: str) -> list[TrainingRow]:
    """The rows that speak for a key: those of its generation or epoch; all for a figure that holds everywhere."""
    if keys == GENERATIONS:
        return [row for row in rows if GENERATIONS[int(row.machine["generation"])] == key]
    if keys == EPOCHS:
        return [row for row in rows if EPOCHS[int(row.task["epoch"])] == key]
    return rows


def document(logs: np.typing.NDArray[np.float64], rows: list[TrainingRow]) -> dict[str, object]:
    """What is written: each figure with its value, what was believed before, and the rows that speak for it."""
    figures = {}
    for figure, place in places():
        values = np.exp(logs[place])
        figures[figure.name] = {
            key: {
                "value": float(f"{value:.5g}"),
                "before": believed,
                "spread": figure.spread,
                "rows": len(spoken := speaking_rows(rows, figure.keys, key)),
                "families": sorted({row.family for row in spoken}),
            }
            for key, value, believed in zip(figure.keys, values, figure.prior, strict=True)
        }
    return {"rows": len(rows), "figures": figures}


def main(arguments: list[str]) -> int:
    """Fit and write, or compare; 1 where the shipped figures differ."""
    rows = fitted_rows()
    logs = fit(rows, priors())
    if "--check" in arguments:
        apart = float(np.abs(logs - fitted().logs()).max())
        print(f"largest difference from the shipped figures: {apart:.2%}")
        return int(apart > 0.02)
    text = json.dumps(document(logs, rows), indent=1, sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(FIGURES)} kinds of figures, {len(logs)} in all, from {len(rows)} rows")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
