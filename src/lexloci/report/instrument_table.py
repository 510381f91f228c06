"""The instruments of law that the rulebook holds, one by one, for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lexloci.rulebook.instrument import HELD_KINDS, Instrument

if TYPE_CHECKING:
    from rich.table import Table


def instrument_table(instruments: Sequence[Instrument]) -> Table:
    """Each instrument: how it is modelled, what of it is left out, since when its source is verified, and how far."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"{len(instruments)} instruments of law", title_justify="left", show_lines=True)
    for head in ("instrument", "how", "left out, or why", "verified"):
        table.add_column(head, overflow="fold")
    for one in instruments:
        verified = f"{one.read.on.isoformat()}\n{one.read.level.name.lower()}"
        table.add_row(Text(f"{one.id}\n{one.title}"), one.status.value, Text(one.left_out), verified)
    return table


def instrument_json(one: Instrument) -> dict[str, Any]:
    """An instrument (docs/reference/output.md)."""
    return {
        "id": one.id,
        "folder": one.folder,
        "title": one.title,
        "citation": one.citation.text,
        "url": one.citation.url,
        "dated": one.dated.isoformat(),
        "status": one.status.value,
        **{kind: list(getattr(one, kind)) for kind in HELD_KINDS},
        "policy_targets": [
            {
                "id": target.id,
                "meaning": target.meaning,
                "unit": target.unit,
                "year": target.year,
                "more_than": target.more_than,
            }
            for target in one.targets
        ],
        "left_out": one.left_out,
        "read_by": one.read.by,
        "read_on": one.read.on.isoformat(),
        "where": one.read.where,
        "level": one.read.level.name.lower(),
    }
