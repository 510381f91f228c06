"""The commands that ask what a change does: compare, replay."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from lexloci.cli.options import (
    DAY,
    EXIT_NOT_PERMITTED,
    FORMATS,
    BasisOption,
    FileArgument,
    Json,
    TimeLimit,
    basis_of,
    day_of,
)

_FORMS_OF_DAY = {"formats": FORMATS}


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for command in (compare, replay):
        app.command()(command)


def compare(
    file: FileArgument,
    before: Annotated[
        datetime | None, typer.Argument(metavar="[BEFORE]", help="The first day, YYYY-MM-DD.", formats=FORMATS)
    ] = None,
    after: Annotated[
        datetime | None, typer.Argument(metavar="[AFTER]", help="The second day, YYYY-MM-DD.", formats=FORMATS)
    ] = None,
    other: Annotated[
        str | None, typer.Option("--with", metavar="FILE", help="Against the plan of this portfolio.")
    ] = None,
    rulebook: Annotated[
        Path | None,
        typer.Option("--rulebook", metavar="PATH", help="Against the law of this rulebook: a folder or compiled file."),
    ] = None,
    before_rulebook: Annotated[
        Path | None,
        typer.Option(
            "--before-rulebook", metavar="PATH", help="The rulebook of the first plan; default: the one in use."
        ),
    ] = None,
    suppose: Annotated[
        list[str] | None,
        typer.Option(
            "--suppose",
            metavar="SCENARIO[=DAY]",
            help="Against the law with this bill or draft, from DAY on (default: its as_of); may be repeated.",
        ),
    ] = None,
    basis: BasisOption = None,
    time_limit: TimeLimit = 10.0,
    json: Json = False,
) -> None:
    """Show what a change does: two days, rulebooks or portfolios: answers and work that moved, cost, energy, and why.

    Two days: compare FILE BEFORE AFTER. Exit 3: the second plan leaves a workload without a place.
    """
    from lexloci.cli.compare import Asked, compare_sides

    if (before is None) != (after is None):
        raise typer.BadParameter("give two days, BEFORE and AFTER, or none")
    asked = Asked(
        file, other, (day_of(before), day_of(after)), (before_rulebook, rulebook), tuple(suppose or ()), basis_of(basis)
    )
    if not asked.differs:
        raise typer.BadParameter("nothing to compare: give two days, --with, --rulebook or --suppose")
    placed_all = compare_sides(asked, time_limit, json)
    raise typer.Exit(0 if placed_all else EXIT_NOT_PERMITTED)


def replay(
    file: FileArgument,
    first: Annotated[datetime, typer.Option("--from", help="The first day.", **DAY)],
    until: Annotated[
        datetime | None, typer.Option("--until", help="The first day after; default: the file's as_of.", **DAY)
    ] = None,
    basis: BasisOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="Also write the shares by month here: .csv, or all of it: .json."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", help="Also write the story as a picture here: .svg.")
    ] = None,
    time_limit: TimeLimit = 10.0,
    json: Json = False,
) -> None:
    """Tell where the work would lawfully have gone since a day, and which rule bent its way; shares by month.

    The same work is asked anew on each day of change, with the law, the records and the chips of that day.
    """
    from lexloci.cli.replays import replay_file

    replay_file(file, (first.date(), day_of(until)), basis_of(basis), (output, picture), time_limit, json)
