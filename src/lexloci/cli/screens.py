"""The commands that ask who a name may be, and that put on record what a person decided of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lexloci.cli.options import DAY, EXIT_NOT_PERMITTED, Json, KnownAt, day_of

if TYPE_CHECKING:
    from lexloci.parties.findings import Question

DECISIONS = "LEXLOCI_DECISIONS"


def _question(
    party: str, country: str | None, alias: Sequence[str] | None, identifier: Sequence[str] | None
) -> Question:
    """The party of the options. BadParameter for a country that is no code."""
    from lexloci.cli.party_rows import is_country
    from lexloci.parties.findings import Question

    if country and not is_country(country):
        raise typer.BadParameter(f"--country {country}: state the ISO code of two letters, such as CN")
    return Question(party, tuple(alias or ()), country.upper() if country else None, tuple(identifier or ()))


class Verdict(Enum):
    """What a person decided of a party and an entry."""

    MATCH = "match"
    NO_MATCH = "no-match"


Country = Annotated[str | None, typer.Option("--country", help="Where the party sits, ISO code.")]
Alias = Annotated[list[str] | None, typer.Option("--alias", help="Another name of the party; repeat it.")]
Identifier = Annotated[
    list[str] | None, typer.Option("--identifier", help="A registration number of the party; repeat it.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for command in (screen, decide):
        app.command()(command)


def screen(
    party: Annotated[
        str,
        typer.Argument(metavar="NAME|FILE", help="A name; or a CSV or Parquet file with a column name; - is a CSV."),
    ],
    threshold: Annotated[
        float, typer.Option("--threshold", min=0.01, max=1.0, help="The probability from which a candidate counts.")
    ] = 0.5,
    country: Country = None,
    alias: Alias = None,
    identifier: Identifier = None,
    on_list: Annotated[
        list[str] | None, typer.Option("--list", metavar="CODE", help="Only this list, such as EL; repeat it.")
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", envvar=DECISIONS, help="Decisions on record (lexloci decide) to apply."),
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", help="The day that is judged; default: the newest list's.", **DAY)
    ] = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Say who on the lists a name in any script may be: how probable, word by word, why not certain."""
    from lexloci.cli.asking import asking
    from lexloci.cli.screen import is_file, screen_file, screen_name

    how = asking(day_of(as_of), day_of(known_at), threshold, on_list or (), decisions)
    if is_file(party):
        if country or alias or identifier:
            raise typer.BadParameter("--country, --alias and --identifier go with a name; a file has columns of them")
        is_clear = screen_file(party, how, json)
    else:
        is_clear = screen_name(_question(party, country, alias, identifier), how, json)
    raise typer.Exit(0 if is_clear else EXIT_NOT_PERMITTED)


def decide(
    party: Annotated[str, typer.Argument(metavar="NAME", help="The party as it is screened.")],
    entry: Annotated[str, typer.Argument(metavar="LIST:ENTRY", help="The entry, such as EL:Sugon, or EL:#ID.")],
    verdict: Annotated[Verdict, typer.Argument(help="Whether the party is the entry's.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    by: Annotated[str, typer.Option("--by", help="Who decided.")],
    on: Annotated[datetime, typer.Option("--on", help="The day of the decision.", **DAY)],
    decisions: Annotated[
        Path, typer.Option("--decisions", envvar=DECISIONS, help="The file of decisions, which only grows.")
    ],
    country: Country = None,
    alias: Alias = None,
    identifier: Identifier = None,
) -> None:
    """Put on record that a party is or is not the party of an entry; it holds until the entry or the party changes."""
    from lexloci.cli.screen import decide as put_on_record

    question = _question(party, country, alias, identifier)
    put_on_record(question, entry, verdict is Verdict.MATCH, reason, by, on.date(), decisions)
