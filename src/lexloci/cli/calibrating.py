"""``lexloci calibrate``: what a user's own measured runs say of a chip and a software, kept in a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from math import exp
from pathlib import Path

import typer

from lexloci.case import read_portfolio
from lexloci.case.input_file import file_label, read_text
from lexloci.cli.whole_file import whole_file
from lexloci.model.chip import Chip
from lexloci.model.errors import LexlociError
from lexloci.perf.calibration import SERVING, Calibration, calibration_document


def calibrate_files(files: Sequence[str], output: Path, portfolio: str | None, *, as_json: bool) -> None:
    """Fit to the runs of each file, write the calibrations, and tell what changed.

    Runs may be on chips that a ``portfolio`` describes.
    """
    own = {chip.id: chip for chip in read_portfolio(portfolio).chips} if portfolio else {}
    found = [one for file in files for one in _calibrated(file, own)]
    document = calibration_document(found)
    with whole_file(output) as target:
        target.write(json.dumps(document, indent=1) + "\n")
    if as_json:
        typer.echo(json.dumps(document))
        return
    for one in found:
        typer.echo(_told(one))


def _calibrated(file: str, own: Mapping[str, Chip]) -> tuple[Calibration, ...]:
    """The calibrations of one table of runs: of training or of serving, as its columns say."""
    from lexloci.perf.calibrating import calibrate, calibrate_serving
    from lexloci.perf.measured_runs import read_measured_runs
    from lexloci.perf.measured_serving import is_of_serving, read_measured_serving

    text = read_text(file, byte_order_mark=True)
    name = file_label(file if file == "-" else Path(file).name)
    try:
        if is_of_serving(text):
            return calibrate_serving(read_measured_serving(text, name, own), name)
        return calibrate(read_measured_runs(text, name, own), name)
    except csv.Error as error:
        raise LexlociError(f"{name}: is no CSV file ({error}); mend it") from None


def _told(one: Calibration) -> str:
    runs = f"{one.runs} run{'' if one.runs == 1 else 's'}"
    after = f"x {exp(one.low):.2f} to x {exp(one.high):.2f}"
    if one.work == SERVING:
        from lexloci.perf.serving_interval import unstated_interval

        low, high = unstated_interval(one.generation, one.family, is_mixture=one.kind == "mixture")
        before = f"x {low:.2f} to x {high:.2f}"
        moved = f"{exp(one.middle):.2f} times as fast as published"
        return (
            f"serving on {one.family}, {one.kind}: {runs}; {moved}; 90 % interval of the speed {after}, before {before}"
        )
    from lexloci.perf.calibrating import published_spread

    published = published_spread(one.generation, one.kind)
    before = f"x {exp(published.low):.2f} to x {exp(published.high):.2f}"
    return f"training on {one.family}, {one.kind}: {runs}; 90 % interval of a step {after}, before {before}"
