"""The lists under section 1260H as a table with a row for each period of a listing, as a public transcription has it.

Columns: Name (as printed), Clean Name, Alias, Previous Name, Parent Name, Note, Start date (of the edition that added
the company), End date (of the edition or notice that removed it, else empty), Source Url. Rows of one clean name are
one party; a row without an end that a later one follows goes on in that one.
Source of the form: github.com/opensanctions/opensanctions, datasets/us/dod_chinese_milcorps, its MAINTENANCE.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from lexloci.parties.events import Confidence, EventKind, ListEvent
from lexloci.parties.importers.file import ListFile, Reading, UnreadableListError, checked, csv_table, encoding_doubts
from lexloci.parties.importers.repair import names_of, party_key, tidy
from lexloci.parties.importers.section_1260h import CODE
from lexloci.parties.listing import ListedParty

HEADER: Final = (
    "Name", "Clean Name", "Alias", "Previous Name", "Parent Name", "Note", "Start date", "End date", "Source Url",
)  # fmt: skip
# The notice that would have removed companies was on public inspection on 2026-02-13 and withdrawn within an hour;
# the transcription closes rows on the day on which it would have been printed (data/SOURCES.md).
WITHDRAWN_NOTICE: Final = date(2026, 2, 17)
MARKS: Final = re.compile(r"(?:\*|(?<=\))\.|\s)+$")  # "*": was on the list before
SEVERAL: Final = re.compile(r",(?=\S)")  # "Knownsec,Beijing Knownsec" are two; "Co., Ltd." is one
FEWEST_EDITIONS: Final = 2


def read_1260h_periods(file: ListFile) -> Reading:
    """All companies of all editions; its day is that of its newest edition. UnreadableListError where it is cut off."""
    records, doubts = csv_table(file.content, (HEADER,))
    found: dict[str, ListedParty] = {}
    days = set()
    for raw in sorted(records, key=lambda raw: raw["Start date"]):  # what ends on a day comes before what begins on it
        party = _party(raw)
        days.add(date.fromisoformat(raw["Start date"]))
        before = found.get(party.key)
        found[party.key] = party if before is None else _joined(before, party)
    if len(days) < FEWEST_EDITIONS:
        raise UnreadableListError("all its rows begin on one day: a table of the periods has several editions")
    rows = list(found.values())
    title = {CODE: "Section 1260H list of Chinese military companies"}
    return Reading(checked(rows), (CODE,), max(days), (*doubts, *encoding_doubts(rows)), title)


def _party(raw: Mapping[str, str]) -> ListedParty:
    start = date.fromisoformat(raw["Start date"])
    events = [ListEvent(EventKind.ADDED, start, start, source=raw["Source Url"])]
    if raw["End date"]:
        end = date.fromisoformat(raw["End date"])
        if end <= start:
            raise ValueError(f"{raw['Name'][:60]}: ends on {end}, before it begins")
        withdrawn = end == WITHDRAWN_NOTICE
        confidence = Confidence.UNSETTLED if withdrawn else Confidence.SETTLED
        note = "the notice that would have removed it was withdrawn on 2026-02-13" if withdrawn else ""
        events.append(ListEvent(EventKind.REMOVED, end, end, confidence=confidence, note=note))
    aliases = (one for cell in (raw["Alias"], raw["Previous Name"]) for one in SEVERAL.split(cell))
    names = names_of(MARKS.sub("", tidy(raw["Clean Name"])), (MARKS.sub("", tidy(raw["Name"])), *aliases), CODE)
    if not names:
        raise ValueError("a row has no name")
    parent = tidy(raw["Parent Name"])
    remarks = "; ".join(one for one in (f"under {parent}" if parent else "", tidy(raw["Note"])) if one)
    return ListedParty(CODE, names, "Entity", key=party_key(names[0]), remarks=remarks, events=tuple(events))


def _joined(before: ListedParty, after: ListedParty) -> ListedParty:
    """One party of two rows: all its names, and what happened in both."""
    names = tuple(dict.fromkeys((*before.names, *after.names)))
    events = tuple(dict.fromkeys((*(before.events or ()), *(after.events or ()))))
    remarks = after.remarks or before.remarks
    return ListedParty(CODE, names, "Entity", key=before.key, remarks=remarks, events=events)
