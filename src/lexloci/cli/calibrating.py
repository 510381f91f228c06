"""``lexloci calibrate``: what a user's own measured runs say of a chip and a software, kept in a file."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from math import exp
from pathlib import Path

import typer

from lexloci.cli.whole_file import whole_file
from lexloci.model.errors import LexlociError


def calibrate_file(file: str, output: Path, *, as_json: bool) -> None:
    """Fit to the runs of a file, write the calibrations, and tell what changed."""
    from lexloci.perf.calibrating import calibrate
    from lexloci.perf.calibration import FORMAT
    from lexloci.perf.measured_runs import read_measured_runs

    name = "standard input" if file == "-" else Path(file).name
    found = calibrate(read_measured_runs(_text(file), name), name)
    document = {"format": FORMAT, "calibrations": [asdict(one) for one in found]}
    with whole_file(output) as target:
        target.write(json.dumps(document, indent=1) + "\n")
    if as_json:
        typer.echo(json.dumps(document))
        return
    from lexloci.perf.machine import Generation
    from lexloci.perf.training_interval import spreads

    for one in found:
        published = spreads()[f"{one.kind} stated known"]
        before = f"x {exp(published.low):.2f} to x {exp(published.high):.2f}"
        generation = Generation(one.generation).name.lower().replace("_", " ")
        after = f"x {exp(one.low):.2f} to x {exp(one.high):.2f}"
        typer.echo(f"{generation}, {one.kind}: {one.runs} runs; 90 % interval of a step {after}, before {before}")


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LexlociError(f"{file}: cannot be read ({error}); name a CSV file of measured runs") from None
