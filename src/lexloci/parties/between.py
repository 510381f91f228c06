"""What becomes of each row of a list between two snapshots: who came, who went, who stayed as it was, in events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from lexloci.parties.difference import Difference, as_printed, by_party, printed
from lexloci.parties.events import EventKind, ListEvent
from lexloci.parties.federal_register import first_published
from lexloci.parties.listing import ListedParty
from lexloci.parties.status import DATED_BY_CITATION

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Between:
    """What happened between two snapshots: their days, the file of the later one, when it was recorded."""

    earlier: date
    later: date
    file: str
    sha256: str
    recorded: str

    def event(self, kind: EventKind, possible_from: date | None, note: str = "") -> ListEvent:
        """An event that is sure from the later snapshot on."""
        return ListEvent(
            kind,
            self.later,
            self.later,
            possible_from=possible_from if possible_from is None or possible_from < self.later else None,
            note=note,
            source=self.file,
            sha256=self.sha256,
            recorded=self.recorded,
        )


def dated_rows(
    old: list[ListedParty], new: list[ListedParty], between: Between, found: Difference
) -> tuple[list[ListedParty], list[ListedParty]]:
    """The new rows with what is known of their past, and the old rows that they end."""
    added = {(rows[0].list_code, rows[0].key) for rows in found.added}
    amended = {(one.after[0].list_code, one.after[0].key) for one in found.amended}
    before = by_party(old)
    several = {printed(row): row for own in before.values() if len(own) > 1 for row in own}
    rows = []
    for row in new:
        key = (row.list_code, row.key)
        if key in added:
            rows.append(_arrived(row, between))
        elif key in amended:
            came = between.event(EventKind.ADDED, between.earlier + _DAY, "its entry was amended")
            rows.append(row if row.events is not None else replace(row, events=(came,), seen_on=between.later))
        else:
            own = before[key]
            rows.append(_carried(several.get(printed(row), own[0]) if len(own) > 1 else own[0], row, between.earlier))
    gone = between.event(EventKind.REMOVED, between.earlier + _DAY)
    changed = between.event(EventKind.REMOVED, None, "its entry was amended")
    past = [_ended(row, gone, between.earlier) for rows_of in found.removed for row in rows_of]
    past += [_ended(row, changed, between.earlier) for one in found.amended for row in one.before]
    return rows, past


def _arrived(row: ListedParty, between: Between) -> ListedParty:
    """A party that the earlier snapshot had not: it came on between the two days, unless its citation dates it."""
    if row.events is not None:
        return row
    if row.list_code in DATED_BY_CITATION and first_published(row.citation) is not None:
        return replace(row, seen_on=between.later)
    return replace(row, events=(between.event(EventKind.ADDED, between.earlier + _DAY),), seen_on=between.later)


def _carried(old: ListedParty, new: ListedParty, earlier: date) -> ListedParty:
    """A party that both have alike: the new row, with what the old one was dated by."""
    if new.events is not None:
        return new
    if old.seen_on is not None and _is_same(old, new):
        return old
    return replace(new, events=old.events, seen_on=old.seen_on or earlier)


def _is_same(old: ListedParty, new: ListedParty) -> bool:
    """Whether two rows say the same to the letter, but for what dates them."""
    return (
        as_printed(old, new)
        and old.identifiers == new.identifiers
        and old.remarks == new.remarks
        and old.relations == new.relations
    )


def _ended(row: ListedParty, event: ListEvent, earlier: date) -> ListedParty:
    return replace(row, events=(*(row.events or ()), event), seen_on=row.seen_on or earlier)
