"""What must be read again, as tables for the terminal and as JSON (docs/reference/output.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from lexloci.rulebook.audit import AuditedSource

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_MOST_NAMES = 6


def audit_tables(sources: Sequence[AuditedSource], known_at: date) -> list[RenderableType]:
    """What is past its review date, what is next, and what is to be confirmed; ``sources`` in order of their end."""
    from rich.text import Text

    past = [one for one in sources if one.is_past(known_at)]
    parts: list[RenderableType] = []
    if past:
        title = f"to be read again: {len(past)} of {len(sources)} sources are past their review date on {known_at}"
        parts.append(_table(title, past, lambda one: one.holds))
    else:
        parts.append(Text(f"none of {len(sources)} sources is past its review date on {known_at}"))
    parts.append(Text(_next(sources, known_at)))
    confirm = [one for one in sources if one.is_to_be_confirmed]
    title = f"to be confirmed: {len(confirm)} sources hold something of which neither text nor quotation was seen"
    parts.append(_table(title, confirm, lambda one: one.to_confirm))
    return parts


def audit_json(sources: Sequence[AuditedSource], known_at: date) -> list[dict[str, Any]]:
    """Every source in order of its end."""
    return [
        {
            "kind": one.kind,
            "id": one.id,
            "title": one.title,
            "read_by": one.by,
            "read_on": one.on.isoformat(),
            "where": one.where,
            "level": one.level.name.lower() if one.level else None,
            "until": one.until.isoformat(),
            "is_past": one.is_past(known_at),
            "holds": list(one.holds),
            "to_confirm": list(one.to_confirm),
            "is_to_be_confirmed": one.is_to_be_confirmed,
        }
        for one in sources
    ]


def _next(sources: Sequence[AuditedSource], known_at: date) -> str:
    """Which sources stop deciding next."""
    coming = [one for one in sources if not one.is_past(known_at)]
    if not coming:
        return "no source decides any more"
    day = coming[0].until
    ids = [one.id for one in coming if one.until == day]
    return f"next: {_names(ids)} decide until {day}"


def _table(title: str, sources: Sequence[AuditedSource], names: Callable[[AuditedSource], Sequence[str]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", show_lines=True)
    for head in ("decides until", "source", "what rests on it", "last read", "where", "level"):
        table.add_column(head, overflow="fold")
    for one in sources:
        table.add_row(
            one.until.isoformat(),
            Text(f"{one.id}\n{one.title}"),
            Text(_names(names(one))),
            Text(f"{one.on.isoformat()}\n{one.by}".rstrip()),
            Text(one.where),
            one.level.name.lower() if one.level else one.kind,
        )
    return table


def _names(names: Sequence[str]) -> str:
    """The first names, and how many more there are: the JSON has all of them."""
    more = len(names) - _MOST_NAMES
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown} and {more} more" if more > 0 else shown
