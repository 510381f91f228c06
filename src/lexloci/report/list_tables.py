"""Lists, their rows, differences and the quarantine as tables for the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from lexloci.model.fact import UNKNOWN, Fact
from lexloci.parties.consequences import Consequence
from lexloci.parties.difference import Difference
from lexloci.parties.listing import ListedParty, PartyList
from lexloci.parties.quarantine import Quarantined
from lexloci.report.plain import plain

if TYPE_CHECKING:
    from rich.table import Table

MOST_SHOWN = 50


def lists_table(lists: Iterable[PartyList], known_at: date | None) -> Table:
    """Each list: its code, title, day, age where a day is given, rows, scripts, licence and source."""
    table = _table(f"Lists of parties{f', age on {known_at}' if known_at else ''}")
    for name in ("list", "title", "of", "age", "rows", "scripts", "licence", "source, sum"):
        table.add_column(name, overflow="fold")
    for one in lists:
        age = one.age_at(known_at) if known_at else None
        stale = ", too old" if age and age.is_stale else ""
        rows = str(one.parties) + ("" if one.complete else ", an extract")
        _add(
            table,
            one.code,
            one.title,
            one.dated.isoformat(),
            f"{age.age_days} days{stale}" if age else f"limit {one.limit_days}",
            rows,
            " ".join(one.scripts),
            one.licence,
            f"{_place(one.source)}, {one.sha256[:12]}",
        )
    return table


def rows_table(rows: Sequence[tuple[ListedParty, Fact]], as_of: date, known_at: date) -> Table:
    """The parties of a list with their standing on a day; the first fifty."""
    rest = f"; the first {MOST_SHOWN}, --json has all" if len(rows) > MOST_SHOWN else ""
    table = _table(f"{len(rows)} rows on {as_of}, as known on {known_at}{rest}")
    for name in ("names", "countries", "listed", "citation, events"):
        table.add_column(name, overflow="fold")
    for row, fact in rows[:MOST_SHOWN]:
        events = [f"{event.kind.value} {event.effective_from}" for event in row.events or ()]
        listed = "open" if fact.value is UNKNOWN else "yes" if fact.value is True else "no"
        _add(
            table, "; ".join(row.names[:6]), " ".join(row.countries), listed, "; ".join((_place(row.citation), *events))
        )
    return table


def consequences_table(entails: Iterable[Consequence], on: date) -> Table:
    """What a list entails for which act; what does not apply yet on the day is marked."""
    table = _table("What the list entails (the rulebook decides)")
    for name in ("act", "since", "consequence", "provision", "source"):
        table.add_column(name, overflow="fold")
    for one in entails:
        since = f"{one.since}{'' if one.is_in_force(on) else ', not yet'}" if one.since else ""
        _add(table, one.acts, since, one.text, one.citation, one.verification.value)
    return table


def update_table(lists: Iterable[PartyList], differences: Mapping[str, Difference]) -> Table:
    """Which lists a file renewed, and how many parties came, went and were amended."""
    table = _table("Lists renewed")
    for name in ("list", "title", "of", "rows", "added", "removed", "amended"):
        table.add_column(name, overflow="fold")
    for one in lists:
        found = differences.get(one.code)
        counts = [len(found.added), len(found.removed), len(found.amended)] if found else ["new", "", ""]
        _add(table, one.code, one.title, one.dated.isoformat(), str(one.parties), *map(str, counts))
    return table


def difference_table(code: str, found: Difference) -> Table:
    """Who came, who went, whose entry was amended; fifty of each."""
    counts = f"{len(found.added)} added, {len(found.removed)} removed, {len(found.amended)} amended"
    table = _table(f"{code}: {counts}")
    for name in ("what", "party", "countries", "in what"):
        table.add_column(name, overflow="fold")
    for what, parties in (("added", found.added), ("removed", found.removed)):
        for rows in parties[:MOST_SHOWN]:
            _add(table, what, rows[0].name, " ".join(rows[0].countries), rows[0].citation)
    for one in found.amended[:MOST_SHOWN]:
        _add(table, "amended", one.after[0].name, " ".join(one.after[0].countries), ", ".join(one.what))
    return table


def quarantine_table(waiting: Iterable[Quarantined]) -> Table:
    """What lies aside: id, file, since when, why, and whether a person may accept it."""
    table = _table("Set aside")
    for name in ("id", "file", "given", "why", "may be accepted"):
        table.add_column(name, overflow="fold")
    for one in waiting:
        may = "yes" if one.acceptable else "no"
        _add(table, one.id, one.file, one.recorded, ("; ".join(one.reasons)), may)
    return table


def _place(source: str) -> str:
    """Where a source lies, short enough for a table: the host of its address, or its own words."""
    address = re.search(r"https?://([^/\s]+)", source)
    return address[1] if address else source


def _add(table: Table, *cells: str) -> None:
    """A row of texts as they stand: brackets in a name are no markup, and what reverses the reading is shown."""
    from rich.text import Text

    table.add_row(*(Text(plain(cell)) for cell in cells))


def _table(title: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    return Table(title=Text(title), title_justify="left", header_style="bold")
