"""The command ``lexloci``: ask the law, plan, compare, explain, check, begin, look into the rulebook.

Results go to standard output, messages and progress to standard error. Exit codes: 0 answered;
1 an error, in one line; 2 wrong use; 3 a plan leaves a workload without a place, the law answers
anything but permitted (with or without duties) for what was asked, or a decided case gets another
answer than it expects. Everything heavy is imported inside the commands, so that ``--help`` stays quick.
"""

from __future__ import annotations

import gc
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from lexloci import __version__
from lexloci.cli.estimate_commands import register as register_estimates
from lexloci.cli.lists import app as lists_app
from lexloci.cli.lists import register as register_lists
from lexloci.cli.options import (
    DAY,
    EXIT_ERROR,
    EXIT_NOT_PERMITTED,
    AsOf,
    AssumeGranted,
    BasisOption,
    FileArgument,
    Json,
    KnownAt,
    Report,
    TimeLimit,
    basis_of,
    day_of,
)
from lexloci.cli.party_commands import register as register_party_commands
from lexloci.cli.rules import app as rules_app
from lexloci.cli.scenarios import register as register_scenarios
from lexloci.cli.screens import register as register_screening

EXIT_STOPPED: Final = 130
COLLECTOR = (100_000, 50, 1000)
"""How seldom Python looks for left-over objects: what a command makes it keeps until it ends."""
app = typer.Typer(
    name="lexloci",
    help="Where may each AI job lawfully run, on which chips, with which data, on which date; why; at what cost?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(lists_app, name="lists", no_args_is_help=True)
app.add_typer(rules_app, name="rules", no_args_is_help=True)


Objective = Annotated[
    str,
    typer.Option(
        "--objective",
        help="What is made small, such as cost=1,lateness=1 (the default); licences/cost: one, then the other.",
    ),
]
Pareto = Annotated[str, typer.Option("--pareto", help="Print the front between two measures, such as cost,carbon.")]
Insight = Annotated[
    bool, typer.Option("--insight", help="Also: what rules cost, capacities are worth, comes second, clashes.")
]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same plan.")]
CheckpointFile = Annotated[
    Path | None, typer.Option("--checkpoint", help="Keep finished rounds of the search here, and go on from them.")
]
Between = Annotated[
    tuple[datetime, datetime] | None,
    typer.Option("--between", help="Also show what changes between the plans of these two days.", **DAY),
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lexloci {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _shown: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """See the module."""


@app.command()
def init(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="Where to write it; - prints it.")] = "-",
) -> None:
    """Write a small commented portfolio that runs: lexloci init portfolio.yaml."""
    from lexloci.cli.begin import write_template

    write_template(file)


@app.command()
def check(file: FileArgument) -> None:
    """Read a portfolio and report every mistake at once, by line and field, with the mend."""
    from lexloci.case import check as check_portfolio
    from lexloci.plan.record_names import wrong_records

    mistakes = check_portfolio(file, further=wrong_records)
    if mistakes:
        for mistake in mistakes:
            typer.echo(str(mistake), err=True)
        raise typer.Exit(EXIT_ERROR)
    typer.echo(f"{file}: no mistakes")


@app.command()
def determine(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A portfolio, or acts as CSV, YAML or JSON; - reads standard input.")
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    basis: BasisOption = None,
    json: Json = False,
) -> None:
    """Say what the law answers: for each workload in each pool, or for each act."""
    from lexloci.cli.answers import determine_file

    permitted = determine_file(file, day_of(as_of), day_of(known_at), basis_of(basis), json)
    raise typer.Exit(0 if permitted else EXIT_NOT_PERMITTED)


@app.command()
def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A portfolio or a file of acts.")],
    which: Annotated[str, typer.Argument(metavar="ID", help="WORKLOAD@POOL of the portfolio, or the id of an act.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    basis: BasisOption = None,
    json: Json = False,
) -> None:
    """Show one determination as a tree: legs, rules, facts read, what is missing, who adopted which reading."""
    from lexloci.cli.answers import explain_one

    permitted = explain_one(file, which, day_of(as_of), day_of(known_at), basis_of(basis), json)
    raise typer.Exit(0 if permitted else EXIT_NOT_PERMITTED)


@app.command()
def calendar(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A portfolio or a file of acts; - reads standard input.")],
    which: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="WORKLOAD@POOL or the id of an act; needed where the file has several."),
    ] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", help="First day; default: all days, of a placement its earliest start.", **DAY),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", help="First day after; default: all days, of a placement the horizon.", **DAY),
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option("--known-at", help="Judge all days by this day's knowledge; default: the file's.", **DAY),
    ] = None,
    basis: BasisOption = None,
    json: Json = False,
) -> None:
    """Show when the answer changes: since when which outcome counts, and which rule began or ended it.

    An act is done on each day in turn. Where no day of knowledge is given, each day is judged by what was known on it.
    A placement starts on each day in turn, known by the portfolio's own day.
    """
    from lexloci.cli.calendars import calendar_file, show_calendar

    show_calendar(calendar_file(file, which, (day_of(first), day_of(until)), day_of(known_at), basis_of(basis)), json)


@app.command()
def plan(
    file: FileArgument,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    basis: BasisOption = None,
    assume_granted: AssumeGranted = False,
    time_limit: TimeLimit = 10.0,
    report: Report = None,
    between: Between = None,
    objective: Objective = "",
    pareto: Pareto = "",
    insight: Insight = False,
    seed: Seed = 1,
    checkpoint: CheckpointFile = None,
    json: Json = False,
) -> None:
    """Find the best lawful plan: what runs where, when, on which chips, at what cost, and why not elsewhere."""
    from lexloci.cli.plans import More, plan_file

    placed_all = plan_file(
        file,
        (day_of(as_of), day_of(known_at), basis_of(basis)),
        assume_granted=assume_granted,
        time_limit_s=time_limit,
        report=report,
        between=(between[0].date(), between[1].date()) if between else None,
        as_json=json,
        more=More(objective, pareto, insight, seed, checkpoint),
    )
    raise typer.Exit(0 if placed_all else EXIT_NOT_PERMITTED)


register_estimates(app)
register_party_commands(app)
register_scenarios(app)
register_screening(app)
register_lists(app)


@app.command()
def calibrate(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Your measured runs of training or serving as CSV; - reads them."),
    ],
    output: Annotated[Path, typer.Option("--output", help="Where to write the calibration.")],
    portfolio: Annotated[
        str | None, typer.Option("--portfolio", help="Runs may be on the chips that this portfolio describes.")
    ] = None,
    json: Json = False,
) -> None:
    """Narrow the estimates of training and serving by your own measured runs on a chip."""
    from lexloci.cli.calibrating import calibrate_files

    calibrate_files(files, output, portfolio, as_json=json)


def _open_what_is_closed() -> None:
    """A stream that the caller closed (``<&-``) is empty, not missing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open as long as it runs


def main() -> None:
    """Run the command; an error that is the user's to mend is told in its own words, without a traceback."""
    from lexloci.model.errors import LexlociError

    gc.set_threshold(*COLLECTOR)
    _open_what_is_closed()
    try:
        app()
    except LexlociError as error:
        typer.echo(error, err=True)
        sys.exit(EXIT_ERROR)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_ERROR)
    except KeyboardInterrupt:
        _stop()
    except SystemExit as end:
        if end.code == EXIT_STOPPED:  # typer turns an interrupt into it, without a word
            _stop()
        raise


def _stop() -> NoReturn:
    typer.echo("stopped", err=True)
    sys.exit(EXIT_STOPPED)
