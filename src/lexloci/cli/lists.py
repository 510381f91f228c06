"""The commands about the lists of parties: show them, take a new file up, compare, decide on what lies aside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from lexloci.cli.options import DAY, EXIT_ERROR, BasisOption, FileArgument, Json, basis_of, day_of

EXIT_WORSE = 3
app = typer.Typer(help="Keep the lists of parties current: show, update, compare, decide on what lies aside.")

FormatOption = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="Its format; default: recognised by its content.")
]
Dated = Annotated[
    datetime | None, typer.Option("--dated", help="The day of the file, where it does not say it itself.", **DAY)
]


@app.command(name="show")
def show_lists(
    code: Annotated[
        str | None, typer.Argument(metavar="[LIST]", help="The code of a list, such as EL; default: all lists.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", help="The day that is asked about; default: that of the list.", **DAY)
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option("--known-at", help="What was published by this day; default: the day asked about.", **DAY),
    ] = None,
    json: Json = False,
) -> None:
    """Show the lists in use; or of one list what it entails, and each party with its standing on a day."""
    from lexloci.cli.list_answers import show_all, show_one

    days = (day_of(as_of), day_of(known_at))
    if code is None:
        show_all(*days, json)
    else:
        show_one(code, *days, json)


@app.command()
def update(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file as it is published; - reads standard input.")],
    format_name: FormatOption = None,
    dated: Dated = None,
    json: Json = False,
) -> None:
    """Take a new file up as the newest good one, or set it aside and say why; ends with 1 where it lies aside."""
    from lexloci.cli.list_updates import update_from

    is_good = update_from(file, format_name, day_of(dated), json)
    raise typer.Exit(0 if is_good else EXIT_ERROR)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A file, a day of a recorded list, bundled or current.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="As OLD.")],
    code: Annotated[str | None, typer.Option("--list", metavar="CODE", help="This list alone.")] = None,
    json: Json = False,
) -> None:
    """Show what differs between two snapshots, by party: who came, who went, whose entry was amended and how."""
    from lexloci.cli.list_updates import diff_lists

    diff_lists(old, new, code, json)


@app.command()
def quarantine(
    accept: Annotated[
        str | None, typer.Option("--accept", metavar="ID", help="Take this file up all the same; --by and --reason.")
    ] = None,
    drop: Annotated[
        str | None, typer.Option("--drop", metavar="ID", help="Throw this file away; --by and --reason.")
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "",
    json: Json = False,
) -> None:
    """Show the files that were not taken up and why, or decide on one; each decision is recorded."""
    from lexloci.cli.list_updates import decide_on, show_quarantine

    if accept is None and drop is None:
        show_quarantine(json)
        return
    if accept is not None and drop is not None:
        raise typer.BadParameter("give --accept or --drop, not both")
    if not by.strip() or not reason.strip():
        raise typer.BadParameter("a decision needs --by NAME and --reason TEXT")
    decide_on(accept or drop or "", by, reason, is_accepted=accept is not None)


def register(root: typer.Typer) -> None:
    """Adds the command that tells what a new list changes for a portfolio."""
    root.command()(watch)


def watch(
    file: FileArgument,
    new_list: Annotated[str, typer.Argument(metavar="NEW_LIST_FILE", help="The new file of a list, as published.")],
    format_name: FormatOption = None,
    dated: Dated = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", help="The day that is judged; default: the later of both files' days.", **DAY),
    ] = None,
    basis: BasisOption = None,
    json: Json = False,
) -> None:
    """Tell what a new list changes for a portfolio: parties, pools, answers; ends with 3 where anything got worse.

    The list is not taken up: `lexloci lists update` does that.
    """
    from lexloci.cli.watching import watch_file

    got_worse = watch_file(file, new_list, (format_name, day_of(dated)), (day_of(as_of), basis_of(basis)), json)
    raise typer.Exit(EXIT_WORSE if got_worse else 0)
