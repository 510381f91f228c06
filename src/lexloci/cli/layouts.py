"""The command ``layouts``: the best layouts of a training job, one that is asked for, and why others cannot be."""

from __future__ import annotations

import sys
from dataclasses import replace
from math import nan
from pathlib import Path

from lexloci.case import read_portfolio
from lexloci.cli.estimates import calibrated, chip_of, draw, job_named
from lexloci.cli.show import print_json, show
from lexloci.model.errors import LexlociError
from lexloci.model.workload import TrainingPrecision
from lexloci.perf.anatomy import training_anatomy
from lexloci.perf.job import Infeasible
from lexloci.perf.layout import Layout
from lexloci.perf.layouts import RefusedLayout, job_layouts
from lexloci.plan.shares import job_spec
from lexloci.report.layout_table import layout_notes, layout_table, layouts_json

_RANKS = ("tensor", "pipeline", "context", "data", "expert", "virtual_stages", "micro_batch")
_WORDS = {
    "recompute": {"none": 0.0, "selective": 1.0, "full": 2.0},
    "sharding": {"none": 0.0, "zero1": 1.0, "zero2": 2.0, "zero3": 3.0, "fsdp": 3.0},
}


def layouts_file(
    file: str,
    which: str,
    chips: int | None,
    keep: int,
    stated: str | None,
    precision: str | None,
    calibration: Path | None,
    svg: Path | None,
    *,
    as_json: bool,
) -> bool:
    """Print the layouts of one job; True where one can be, and where the stated one can be if one is stated."""
    portfolio = calibrated(read_portfolio(file), calibration)
    workload, pool = job_named(portfolio, which)
    if precision is not None:
        workload = replace(workload, precision=_precision(precision))
    most = min(pool.chips, workload.max_chips or pool.chips)
    if chips and chips > most:
        raise LexlociError(f"{which}: {chips} chips are asked and at most {most} may be used; ask for fewer")
    job = job_spec(portfolio, workload, pool, chip_of(portfolio, pool), chips or most)
    found = job_layouts(job, keep=keep, stated=layout_stated(stated, chips or most) if stated else None)
    if isinstance(found, Infeasible):
        raise LexlociError(f"{which}: {found.reason}")
    if as_json:
        print_json({"workload": workload.id, "pool": pool.id, **layouts_json(found)})
    else:
        show(layout_table(f"{workload.id} on {found.chips:,} chips of {pool.id}", found))
        for note in layout_notes(found):
            sys.stdout.write(f"{note}\n")
    if svg is not None:
        if not found.best:
            raise LexlociError(f"{which}: there is nothing to draw: {found.reason}")
        draw(training_anatomy(job), which, svg)
    return bool(found.best) and not isinstance(found.stated, RefusedLayout)


def _precision(text: str) -> TrainingPrecision:
    if text not in list(TrainingPrecision):
        raise LexlociError(f'--precision: "{text}" is none of {", ".join(TrainingPrecision)}')
    return TrainingPrecision(text)


def layout_stated(text: str, chips: int) -> Layout:
    """The layout of a text such as ``tensor=8,pipeline=4``. LexlociError naming what is wrong.

    What is left out is one; the data ranks take the chips that are left; weights are sharded where there is one
    stage, else optimiser states; ``recompute`` is NaN, for the least that fits.
    """
    given = dict(_part(part) for part in text.split(","))
    one = Layout(1.0, 1.0, nan, 1.0, 1.0, 1.0, 1.0, 1.0, nan, 1.0, nan)
    found = replace(one, **given)
    if "data" not in given:
        found = replace(found, data=max(1.0, chips // (found.tensor * found.pipeline * found.context)))
    return found if "sharding" in given else replace(found, sharding=3.0 if found.pipeline == 1.0 else 1.0)


def _part(part: str) -> tuple[str, float]:
    name, _, value = (piece.strip() for piece in part.partition("="))
    if name in _WORDS:
        if value not in _WORDS[name]:
            raise LexlociError(f'--layout: {name} "{value}" is none of {", ".join(_WORDS[name])}')
        return name, _WORDS[name][value]
    if name not in _RANKS:
        raise LexlociError(f'--layout: "{name}" is none of {", ".join((*_RANKS, *_WORDS))}')
    if not (value.isascii() and value.isdigit() and 0 < len(value) <= 9 and int(value) > 0):
        raise LexlociError(f'--layout: {name} "{value}" is no whole number from 1 on; write {name}=2')
    return name, float(value)
