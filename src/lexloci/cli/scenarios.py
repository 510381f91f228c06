"""The commands that ask what a change does: compare, replay, simulate, robust."""

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

ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="A file of events with their odds (YAML).")]
Samples = Annotated[int, typer.Option("--samples", min=1, help="How many samples are drawn.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed draws the same samples.")]
Level = Annotated[float, typer.Option("--level", min=0.5, max=0.999, help="The level of value at risk and CVaR.")]
Keep = Annotated[
    Path | None,
    typer.Option("--keep", metavar="FILE", help="Append finished work here; a run that was stopped goes on from it."),
]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes that share the work.")]
Ray = Annotated[
    str | None,
    typer.Option("--ray", metavar="ADDRESS", help="Share the work on this Ray cluster; local starts one (extra ray)."),
]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for command in (compare, replay, simulate, robust):
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
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="FILE", help="Against the world in which its events happen.")
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option("--event", metavar="ID", help="Only these events of the scenario; may be repeated."),
    ] = None,
    basis: BasisOption = None,
    time_limit: TimeLimit = 10.0,
    json: Json = False,
) -> None:
    """Show what a change does: two days, rulebooks, portfolios or a scenario: what moved, cost, energy, and why.

    Two days: compare FILE BEFORE AFTER. The events of a scenario happen on the first of their days. Exit 3: the second
    plan leaves a workload without a place.
    """
    from lexloci.cli.compare import Asked, compare_sides

    if (before is None) != (after is None):
        raise typer.BadParameter("give two days, BEFORE and AFTER, or none")
    if event and scenario is None:
        raise typer.BadParameter("--event names events of a scenario; give --scenario too")
    world = (scenario, tuple(event or ())) if scenario else None
    days = (day_of(before), day_of(after))
    asked = Asked(file, other, days, (before_rulebook, rulebook), tuple(suppose or ()), world, basis_of(basis))
    if not asked.differs:
        raise typer.BadParameter("nothing to compare: give two days, --with, --rulebook, --suppose or --scenario")
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


def simulate(
    file: FileArgument,
    scenario: ScenarioArgument,
    samples: Samples = 200,
    seed: Seed = 1,
    level: Level = 0.95,
    basis: BasisOption = None,
    keep: Keep = None,
    workers: Workers = 1,
    ray: Ray = None,
    time_limit: TimeLimit = 10.0,
    json: Json = False,
) -> None:
    """Show what the plan may come to where events happen by their odds: cost, delay, work without a place, the worst.

    The plan ignores all events, and is mended on the day of each. Exit 3: some sample leaves work without a place.
    """
    from lexloci.cli.futures import Run, simulate_files

    run = Run(samples, seed, level, keep, workers, ray, time_limit)
    placed_all = simulate_files(file, scenario, basis_of(basis), run, json)
    raise typer.Exit(0 if placed_all else EXIT_NOT_PERMITTED)


def robust(
    file: FileArgument,
    scenario: ScenarioArgument,
    samples: Samples = 200,
    seed: Seed = 1,
    level: Level = 0.95,
    candidates: Annotated[
        int, typer.Option("--candidates", min=0, help="Plans that are tried beside the one that ignores all events.")
    ] = 6,
    basis: BasisOption = None,
    keep: Keep = None,
    workers: Workers = 1,
    ray: Ray = None,
    time_limit: TimeLimit = 10.0,
    json: Json = False,
) -> None:
    """Find the plan, and the lease to sign, that is good whatever comes: mean, worst cases and regret of each.

    Plans of a set are followed through all futures and mended as these unfold; regret is against foresight. Exit 3: the
    plan of least mean cost leaves work without a place in some sample.
    """
    from lexloci.cli.futures import Run, robust_files

    run = Run(samples, seed, level, keep, workers, ray, time_limit)
    placed_all = robust_files(file, scenario, basis_of(basis), candidates, run, json)
    raise typer.Exit(0 if placed_all else EXIT_NOT_PERMITTED)
