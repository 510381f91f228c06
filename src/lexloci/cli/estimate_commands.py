"""The commands that ask how fast, how long and at what cost, and know no law; their options alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lexloci.cli.options import EXIT_NOT_PERMITTED, Json


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(estimate)


def estimate(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A portfolio, or a CSV in the columns of the tables; - reads it."),
    ],
    which: Annotated[
        str | None, typer.Argument(metavar="[WORKLOAD@POOL]", help="One job; default: each workload on each pool.")
    ] = None,
    chips: Annotated[
        int | None, typer.Option("--chips", min=1, help="On so many chips; default: those needed.")
    ] = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Also draw the job's memory, step and roofline here.")
    ] = None,
    json: Json = False,
) -> None:
    """Say how fast, how long, at what cost and energy: with a 90 % interval and the nearest published run."""
    from lexloci.cli.estimates import estimate_file

    complete = estimate_file(file, which, chips, svg, as_json=json)
    raise typer.Exit(0 if complete else EXIT_NOT_PERMITTED)
