"""The lists under section 1260H as a table of facts: a row a party, a column an edition, yes, no or not known.

Header: ``name``, ``first_listed``, a column for each edition (``on_2026-06-08`` or ``2026-06-08``), and
perhaps ``aliases`` (by "|"), ``removed``, ``note``. An empty cell leaves the edition open for the party. The
table is an extract: absence from it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from lexloci.parties.events import Confidence, EventKind, ListEvent
from lexloci.parties.importers.file import (
    ListFile,
    Reading,
    UnreadableListError,
    checked,
    csv_rows,
    each_row,
    encoding_doubts,
    end_doubts,
)
from lexloci.parties.importers.repair import names_of, party_key
from lexloci.parties.listing import ListedParty

CODE: Final = "1260H"
EDITION: Final = re.compile(r"^(?:on_)?(\d{4}-\d{2}-\d{2})$")
_CELLS: Final = {"yes": True, "no": False, "": None}


def row_of_1260h(row: Mapping[str, str]) -> ListedParty:
    """The party of one row with an event for each edition that changed its place. ValueError on another cell."""
    editions = sorted((match[1], row[name].strip().lower()) for name in row if (match := EDITION.match(name or "")))
    events: list[ListEvent] = []
    listed: bool | None = False
    if row["first_listed"]:
        events.append(_event(EventKind.ADDED, row["first_listed"]))
        listed = True
    for day, cell in editions:
        if cell not in _CELLS:
            raise ValueError(f'{row["name"]}: "{cell}" in the edition of {day}; write yes, no or nothing')
        now = _CELLS[cell]
        is_first = day == row["first_listed"]
        if (now is False and not listed) or day < row["first_listed"] or is_first:
            continue  # "yes" again is told: it settles what came between two editions
        kind = EventKind.ADDED if now or (now is None and not listed) else EventKind.REMOVED
        events.append(_event(kind, day, Confidence.UNSETTLED if now is None else Confidence.SETTLED))
        listed = now
    names = names_of(row["name"], (row.get("aliases") or "").split("|"), CODE)
    if not names:
        raise ValueError("a row has no name")
    return ListedParty(CODE, names, key=party_key(names[0]), events=tuple(events))


def _event(kind: EventKind, day: str, confidence: Confidence = Confidence.SETTLED) -> ListEvent:
    """An edition counts from its day and is known from it."""
    on = date.fromisoformat(day)
    note = "" if confidence is Confidence.SETTLED else "the edition was not read for it"
    return ListEvent(kind, on, on, confidence=confidence, note=note)


def read_1260h(file: ListFile) -> Reading:
    """The table of facts; its day is that of its newest edition. Absence from it says nothing."""
    records = csv_rows(file.content)
    _, header = next(records, (0, []))
    editions = [match[1] for name in header if (match := EDITION.match(name))]
    if not {"name", "first_listed"} <= set(header) or not editions:
        raise UnreadableListError("its header has changed: it needs name, first_listed and a column for each edition")
    raws = []
    for line, record in records:
        if len(record) != len(header):
            raise UnreadableListError(f"line {line}: {len(record)} fields instead of {len(header)}")
        raws.append(dict(zip(header, record, strict=True)))
    rows = list(each_row(raws, row_of_1260h))
    title = {CODE: "Section 1260H list of Chinese military companies"}
    newest = date.fromisoformat(max(editions))
    doubts = (*encoding_doubts(rows), *end_doubts(file.content))
    return Reading(checked(rows), (CODE,), newest, doubts, title, extracts=(CODE,))
