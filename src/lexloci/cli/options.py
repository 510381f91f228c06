"""The options that several commands share, their exit codes, and what their values mean."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lexloci.cli.rules import Layer

if TYPE_CHECKING:
    from lexloci.model.portfolio import Basis

EXIT_ERROR = 1
EXIT_NOT_PERMITTED = 3

FORMATS = ["%Y-%m-%d"]
DAY: dict[str, Any] = {"formats": FORMATS, "metavar": "YYYY-MM-DD"}
FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="A portfolio (YAML or JSON); - reads standard input.")
]
AsOf = Annotated[datetime | None, typer.Option("--as-of", help="The day that is judged; default: the file's.", **DAY)]
KnownAt = Annotated[
    datetime | None, typer.Option("--known-at", help="Law and lists count as published by this day.", **DAY)
]
BasisOption = Annotated[Layer | None, typer.Option("--basis", help="Which layer of the law governs.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")]
AssumeGranted = Annotated[
    bool,
    typer.Option("--assume-granted", help="Place work also where a licence with a known lead time is needed; marked."),
]
TimeLimit = Annotated[float, typer.Option("--time-limit", min=0.1, help="Seconds of one core for the search.")]
Report = Annotated[Path | None, typer.Option("--report", help="Also write one self-contained HTML report here.")]


def day_of(moment: datetime | None) -> date | None:
    """The day of an option; None where it is not given."""
    return moment.date() if moment else None


def basis_of(layer: Layer | None) -> Basis | None:
    """The layer of an option; None where it is not given."""
    from lexloci.model.portfolio import Basis

    return Basis(layer.value) if layer else None
