"""Predictions for rows of a table in the columns of the published measurements, with intervals and support.

Rows of serving are predicted in tokens a second and chip, rows of training in seconds a step with the layout that they
state. Which table it is, its columns say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lexloci.model.errors import CatalogueError, LexlociError
from lexloci.perf.calibration import SERVING, TRAINING, Calibration, calibration_for
from lexloci.perf.chip_family import chip_family
from lexloci.perf.efficiency import Efficiency, fitted
from lexloci.perf.fitting import predicted_s
from lexloci.perf.layer import Task
from lexloci.perf.machine import USABLE_BYTES_PER_GB, Generation
from lexloci.perf.measured_runs import completed_row
from lexloci.perf.serving import faster_by, with_own_runs
from lexloci.perf.serving_efficiency import fitted_efficiency
from lexloci.perf.serving_interval import asked_of_row, support_of
from lexloci.perf.serving_prediction import predicted
from lexloci.perf.serving_rows import ServingRow, serving_row
from lexloci.perf.training import unusual
from lexloci.perf.training_interval import Query
from lexloci.perf.training_interval import support_of as training_support_of
from lexloci.perf.training_rows import TrainingRow, columns, training_row, used_bytes

Calibrations = tuple[Calibration, ...]

FIELDS = ("id", "unit", "predicted", "low", "high", "measured", "error", "nearest", "notes")
SERVING_COLUMNS = {"weight_precision", "phase", "in_len"}
TRAINING_COLUMNS = {"chip", "layers", "hidden", "heads", "ffn", "vocab", "seq_len", "date"}


def row_estimates(rows: Sequence[dict[str, str]], names: Sequence[str], own: Calibrations = ()) -> list[dict[str, Any]]:
    """A prediction for each row, in its order; a row that cannot be read has none, and its note says why.

    ``own``: what the user's own measured runs say; rows on other chips or of other kinds keep the published figures.
    Raises LexlociError where the columns are those of no table that is known.
    """
    if set(names) >= TRAINING_COLUMNS:
        return [_trained(row, own) for row in rows]
    if not set(names) >= SERVING_COLUMNS:
        wanted = TRAINING_COLUMNS if "seq_len" in names else SERVING_COLUMNS
        lacking = ", ".join(sorted(wanted - set(names)))
        raise LexlociError(f"the table lacks {lacking}; name its columns as docs/how-to/estimate-a-workload.md says")
    read = [_read(row) for row in rows]
    good = [row for row in read if isinstance(row, ServingRow)]
    speeds = iter(predicted(good, fitted_efficiency())) if good else iter(())
    return [
        _told(row, float(next(speeds)), own) if isinstance(row, ServingRow) else _untold(raw.get("id") or "?", row)
        for raw, row in zip(rows, read, strict=True)
    ]


def _read(row: dict[str, str]) -> ServingRow | str:
    try:
        return serving_row(row)
    except LexlociError as error:
        return str(error)


def _untold(name: str, why: str) -> dict[str, Any]:
    return dict.fromkeys(FIELDS, "") | {"id": name, "notes": why}


def _told(row: ServingRow, speed: float, own: Calibrations) -> dict[str, Any]:
    if speed <= 0.0:
        return _untold(row.id, "the model does not fit these chips, or the limits cannot be kept")
    asked = asked_of_row(row)
    family = chip_family(f"{row.chip.id} {row.chip.name}", row.chip.designer).name
    runs = calibration_for(own, SERVING, asked.generation, family, is_mixture=row.is_mixture)
    support, speed = with_own_runs(support_of(asked), runs), speed * faster_by(runs)
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


def _trained(raw: dict[str, str], own: Calibrations) -> dict[str, Any]:
    """One row of training: seconds a step with its layout; without a prediction where it cannot be, and why."""
    name = raw.get("id") or "?"
    try:
        with np.errstate(all="ignore"):
            row = training_row(completed_row(raw))
            runs = _own_training(row, own)
            efficiency = Efficiency.of(np.array(runs.logs)) if runs else fitted()
            seconds = float(predicted_s(columns([row]), efficiency)[0])
            needed, has = used_bytes(row.shape, row.layout, row.task), row.machine["memory_bytes"]
    except CatalogueError as error:
        known = "write an id of the catalogue, such as h100-sxm"
        return _untold(name, f"{str(error).removeprefix('catalogue: ').partition(';')[0]}; {known}")
    except (KeyError, ValueError, TypeError, ArithmeticError) as error:
        return _untold(name, f"a figure is missing or wrong ({error}); mend the row")
    if needed > has:
        gigabytes = f"{needed / USABLE_BYTES_PER_GB:.1f} GB and has {has / USABLE_BYTES_PER_GB:.1f} GB"
        return _untold(name, f"the layout does not fit: a chip needs {gigabytes}")
    stated = np.array([*row.shape.values(), *row.layout.values(), *row.task.values(), row.chips - 1.0, seconds, needed])
    if not (np.isfinite(stated).all() and (stated >= 0.0).all() and seconds > 0.0 and row.parameters > 0.0):
        return _untold(name, "its figures give no time; mend them")
    if row.step_s is not None and not 0.0 < row.step_s < np.inf:
        return _untold(name, "what was measured is no time above zero; mend it, or leave it out")
    return _told_step(row, seconds, runs)


def _own_training(row: TrainingRow, own: Calibrations) -> Calibration | None:
    generation = int(row.machine["generation"])
    return calibration_for(own, TRAINING, generation, chip_family(row.chip).name, is_mixture=row.is_mixture)


def _told_step(row: TrainingRow, seconds: float, runs: Calibration | None) -> dict[str, Any]:
    generation = Generation(int(row.machine["generation"]))
    strange = unusual(Task(**row.task), generation)
    query = Query(generation, row.is_mixture, row.parameters, row.chips, searched=False, unusual=strange)
    support = training_support_of(query, runs)
    step = support.spread.around(seconds)
    return {
        "id": row.id,
        "unit": "s a step",
        "predicted": f"{step.point:.6g}",
        "low": f"{step.low:.6g}",
        "high": f"{step.high:.6g}",
        "measured": f"{row.step_s:.6g}" if row.step_s else "",
        "error": f"{step.point / row.step_s - 1.0:+.4f}" if row.step_s else "",
        "nearest": support.told,
        "notes": "; ".join(support.warnings),
    }
