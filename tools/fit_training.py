"""Fit the figures of efficiency of training to the shipped measurements and write ``data/training_fit.json``.

    python tools/fit_training.py            # about ten minutes on one core, most of it for the intervals
    python tools/fit_training.py --check    # fit, compare with the shipped figures, write nothing

Rows: every published configuration with a step time or tokens a second, and every tenth of vTrain's points.
Nothing is fitted to a row, a publication, a code base or a model: see ``lexloci.perf.efficiency.FIGURES``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import lexloci.perf
from lexloci.perf.efficiency import EPOCHS, FIGURES, GENERATIONS, fitted, places, priors
from lexloci.perf.fitting import FIRMNESS, fit
from lexloci.perf.left_out import (
    between_generations,
    by_family,
    by_fold,
    by_generation,
    left_out_fits,
    searched_s,
    spread_of,
    stated_s,
    widened,
)
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
                "spread": float(f"{figure.spread / FIRMNESS:.3g}"),
                "rows": len(spoken := speaking_rows(rows, figure.keys, key)),
                "families": sorted({row.family for row in spoken}),
            }
            for key, value, believed in zip(figure.keys, values, figure.prior, strict=True)
        }
    return {"rows": len(rows), "figures": figures}


def runs(rows: list[TrainingRow]) -> list[list[object]]:
    """The published runs that the fit sees, as ``training_interval.CoveredRun`` holds them."""
    return [
        [r.id, r.source, int(r.machine["generation"]), r.is_mixture, float(f"{r.parameters:.4g}"), r.chips]
        for r in rows
        if r.family != "vtrain"
    ]


def spreads(rows: list[TrainingRow], logs: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    """The intervals by kind of model and by how the layout is known.

    ``known``: errors on rows of sources that were seen (four folds of rows) and on sources that were not (families
    left out), in equal parts, since a user's stack may be either. ``new``: errors on generations left out, and no
    narrower than ``known`` widened by how far whole generations are off (``widened``).
    """
    groups = {"fold": by_fold, "family": by_family, "generation": by_generation}
    predicted = {}
    for name, group_of in groups.items():
        stated, searched = np.empty(len(rows)), np.empty(len(rows))
        for group, efficiency in left_out_fits(rows, group_of, logs):
            places = [at for at, row in enumerate(rows) if group_of(row) == group]
            chosen = [rows[at] for at in places]
            stated[places], searched[places] = stated_s(chosen, efficiency), searched_s(chosen, efficiency)
            print(f"left out: {group}", file=sys.stderr)
        predicted[name, "stated"], predicted[name, "searched"] = stated, searched
    found = {}
    for kind, mixture in (("dense", False), ("mixture", True)):
        own = [at for at, row in enumerate(rows) if row.is_mixture is mixture and row.family != "vtrain"]
        chosen = [rows[at] for at in own]
        for name in ("stated", "searched"):
            fold, family, generation = (predicted[group, name][own] for group in groups)
            known = spread_of(chosen, fold, family)
            new = spread_of(chosen, generation)
            wide = widened(known, between_generations(chosen, generation))
            new = replace(new, low=min(new.low, wide.low), high=max(new.high, wide.high))
            for place, spread in (("known", known), ("new", new)):
                found[f"{kind} {name} {place}"] = {k: float(f"{v:.4g}") for k, v in asdict(spread).items()}
    return found


def main(arguments: list[str]) -> int:
    """Fit and write, or compare; 1 where the shipped figures differ."""
    rows = fitted_rows()
    logs = fit(rows, priors())
    if "--check" in arguments:
        apart = float(np.abs(logs - fitted().logs()).max())
        print(f"largest difference from the shipped figures: {apart:.2%}")
        return int(apart > 0.02)
    text = json.dumps(
        document(logs, rows) | {"runs": runs(rows), "spreads": spreads(rows, logs)}, indent=1, sort_keys=True
    )
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(FIGURES)} kinds of figures, {len(logs)} in all, from {len(rows)} rows")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
