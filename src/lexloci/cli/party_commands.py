"""The commands about parties by themselves: who owns them, and what a listing of one would reach."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lexloci.cli.options import (
    DAY,
    EXIT_NOT_PERMITTED,
    AsOf,
    BasisOption,
    FileArgument,
    Json,
    KnownAt,
    basis_of,
    day_of,
)


class OwnershipRuleName(StrEnum):
    """The rules on ownership, by id (parties/ownership/rules.py)."""

    OFAC = "ofac"
    BIS = "bis"
    EU = "eu"
    UK = "uk"
    NS_CMIC = "ns-cmic"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(own)
    app.command()(reach)


def own(
    file: Annotated[
        str,
        typer.Argument(
            metavar="GRAPH",
            help="Who owns whom: JSON, YAML or CSV, BODS, FollowTheMoney, GLEIF RR-CDF; - reads standard input.",
        ),
    ],
    rule: Annotated[
        OwnershipRuleName, typer.Option("--rule", help="Whose rule on ownership.")
    ] = OwnershipRuleName.OFAC,
    as_of: AsOf = None,
    seed: Annotated[list[str] | None, typer.Option("--seed", metavar="ID", help="A listed party; repeat it.")] = None,
    possible_seed: Annotated[
        list[str] | None, typer.Option("--possible-seed", metavar="ID", help="A party that may be listed; repeat it.")
    ] = None,
    party: Annotated[
        str | None,
        typer.Option("--party", metavar="ID", help="Show the owners of this party; exit 3 unless it is clear."),
    ] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="Also draw the owners of --party here.")] = None,
    json: Json = False,
) -> None:
    """Say who is owned by listed parties: caught, clear or for review, with the holdings and sums that prove it."""
    from lexloci.cli.own import own_file

    is_clear = own_file(file, rule.value, day_of(as_of), (seed or (), possible_seed or ()), party, svg, json)
    raise typer.Exit(0 if is_clear else EXIT_NOT_PERMITTED)


def reach(
    file: FileArgument,
    party: Annotated[str, typer.Option("--party", metavar="ID|NAME", help="The party that is supposed to be listed.")],
    list_code: Annotated[str, typer.Option("--list", metavar="LIST", help="EL, MEU, DPL, UVL, SDN, CMIC or 1260H.")],
    on: Annotated[
        datetime | None, typer.Option("--on", help="First day of the listing; default: the file's.", **DAY)
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    basis: BasisOption = None,
    prices: Annotated[
        str | None, typer.Option("--prices", metavar="FILE", help="CSV of date, security, market: adds an event study.")
    ] = None,
    security: Annotated[
        str | None, typer.Option("--security", metavar="COLUMN", help="Column of the security.")
    ] = None,
    market: Annotated[str | None, typer.Option("--market", metavar="COLUMN", help="Column of the market.")] = None,
    rows_before: Annotated[int, typer.Option("--rows-before", min=0, help="Rows of the window before the day.")] = 1,
    rows_after: Annotated[int, typer.Option("--rows-after", min=0, help="Rows of the window after the day.")] = 1,
    json: Json = False,
) -> None:
    """Show what a listing would reach: affiliates, contracts, chips, workloads, the answers that change and their days.

    Nothing is published: the portfolio is judged as it is, and as if the party came on the list.
    """
    from lexloci.cli.reach import reach_file

    question = (day_of(as_of), day_of(known_at), basis_of(basis))
    reach_file(
        file, (party, list_code), day_of(on), question, (prices, security, market), (rows_before, rows_after), json
    )
