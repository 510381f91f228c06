"""The commands that ask how fast, how long and at what cost, and know no law; their options alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lexloci.cli.options import EXIT_NOT_PERMITTED, FileArgument, Json

CalibrationOption = Annotated[
    Path | None, typer.Option("--calibration", help="A file of `lexloci calibrate`; default: the portfolio's.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(estimate)
    app.command()(layouts)


def estimate(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A portfolio, or a CSV in the columns of the tables; - reads it."),
    ],
    which: Annotated[
        str | None,
        typer.Argument(metavar="[WORKLOAD@POOL]", help="One job, or JOB@POOL+POOL at several sites; default: all."),
    ] = None,
    chips: Annotated[
        int | None, typer.Option("--chips", min=1, help="On so many chips; default: those needed.")
    ] = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Also draw the job's memory, step and roofline here.")
    ] = None,
    calibration: CalibrationOption = None,
    json: Json = False,
) -> None:
    """Say how fast, how long, at what cost and energy: with a 90 % interval and the nearest published run."""
    from lexloci.cli.estimates import estimate_file

    complete = estimate_file(file, which, chips, svg, calibration, as_json=json)
    raise typer.Exit(0 if complete else EXIT_NOT_PERMITTED)


def layouts(
    file: FileArgument,
    which: Annotated[str, typer.Argument(metavar="WORKLOAD@POOL", help="A training job.")],
    chips: Annotated[
        int | None, typer.Option("--chips", min=1, help="On at most so many chips; default: all of the pool.")
    ] = None,
    keep: Annotated[int, typer.Option("--keep", min=1, max=100, help="How many layouts that differ.")] = 3,
    layout: Annotated[
        str | None,
        typer.Option("--layout", help="Judge this one too, such as tensor=8,pipeline=4,recompute=full."),
    ] = None,
    precision: Annotated[
        str | None, typer.Option("--precision", help="Train in it, such as fp8; default: as the portfolio says.")
    ] = None,
    calibration: CalibrationOption = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Also draw the best layout's memory, step and roofline here.")
    ] = None,
    json: Json = False,
) -> None:
    """Find the best layouts of a training job, with step time and memory of a chip, and say why others cannot be."""
    from lexloci.cli.layouts import layouts_file

    possible = layouts_file(file, which, chips, keep, layout, precision, calibration, svg, as_json=json)
    raise typer.Exit(0 if possible else EXIT_NOT_PERMITTED)
