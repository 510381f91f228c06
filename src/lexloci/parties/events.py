"""What happened to a party's place on a list, and what that makes of it on a day, by what was published by a day.

A list is a series of dated events. ``fold`` runs through those that were published by ``known_at`` and
begin to count by ``as_of``. Invariants:

- a proposal has no effect; a filing for public inspection leaves the listing open until it is published
  or withdrawn, and a withdrawal leaves all as it was;
- an event whose day is known as an interval leaves the days of the interval open;
- an event that is not settled (sources disagree, or nobody read the primary text) never clears a party and
  never lists one: where it would change the answer, the answer is open, and open is never "not listed".

Worked example: on public inspection on 2026-02-13 and withdrawn an hour later. Known on 2026-02-12: as
before. On 2026-02-13, with both known: as before; with the filing alone known: open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EventKind(StrEnum):
    """What happened."""

    PROPOSED = "proposed"
    ON_PUBLIC_INSPECTION = "on public inspection"
    WITHDRAWN = "withdrawn"
    ADDED = "added"
    AMENDED = "amended"
    REMOVED = "removed"
    SUSPENDED = "suspended"
    REIMPOSED = "reimposed"


class Confidence(StrEnum):
    """How far an event can be relied on; only a settled one changes an answer."""

    SETTLED = "settled"
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class ListEvent:
    """One dated event of a party on a list.

    ``published`` is when it surely was known, ``effective_from`` the first day on which it surely counts,
    ``possible_from`` the first day on which it may count already where only an interval is known, and
    ``effective_until`` the first day on which it no longer does (a suspension). ``recorded``, ``source``
    and ``sha256`` say when it was written down here, from which file.
    """

    kind: EventKind
    published: date
    effective_from: date
    effective_until: date | None = None
    possible_from: date | None = None
    confidence: Confidence = Confidence.SETTLED
    citation: str = ""
    note: str = ""
    source: str = ""
    sha256: str = ""
    recorded: str = ""

    @property
    def first_day(self) -> date:
        """The first day on which it may count."""
        return self.possible_from or self.effective_from

    @property
    def known_from(self) -> date:
        """The first day on which it may have been known: what may count earlier was perhaps published earlier."""
        return min(self.possible_from or self.published, self.published)

    @property
    def days(self) -> frozenset[date]:
        """The days on which it may begin or cease to count or to be known; not the first day of all time."""
        days = {self.published, self.effective_from, self.first_day, self.effective_until}
        return frozenset(day for day in days if day is not None and day != date.min)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a fold comes to: listed, not listed or open (None); the event that decided; what had no effect."""

    listed: bool | None
    last: ListEvent | None = None
    without_effect: tuple[ListEvent, ...] = ()


_AFTER = {
    EventKind.ADDED: True,
    EventKind.REIMPOSED: True,
    EventKind.REMOVED: False,
    EventKind.SUSPENDED: False,
}
_WITHOUT_EFFECT = (EventKind.PROPOSED, EventKind.WITHDRAWN)


def begins_listed(events: Sequence[ListEvent]) -> bool:
    """Whether the first event that matters presupposes a listing: a row that is removed had been on the list."""
    first = next((event for event in in_order(events) if event.kind in _AFTER or event.kind is EventKind.AMENDED), None)
    return first is not None and first.kind not in (EventKind.ADDED, EventKind.REIMPOSED)


def fold(events: Iterable[ListEvent], *, before: bool | None, as_of: date, known_at: date) -> Standing:
    """What the events published by ``known_at`` make of a listing on ``as_of``; ``before`` is what was so first."""
    listed, last, pending = before, None, None
    told: list[ListEvent] = []
    for event in in_order(events):
        if event.known_from > known_at or event.first_day > as_of:
            continue
        if event.kind in _WITHOUT_EFFECT:
            told.append(event)
            if event.kind is EventKind.WITHDRAWN:
                pending = None
        elif event.kind is EventKind.ON_PUBLIC_INSPECTION:
            pending = event
        elif event.kind in _AFTER and not (event.effective_until and event.effective_until <= as_of):
            pending, now = None, _after(event, min(as_of, known_at), was=listed)
            listed, last = now, (last if now is listed else event)
    if pending is not None:
        return Standing(None, pending, tuple(told))
    return Standing(listed, last, tuple(told))


def _after(event: ListEvent, day: date, *, was: bool | None) -> bool | None:
    new = _AFTER[event.kind]
    if new is was:
        return was
    is_sure = event.confidence is Confidence.SETTLED and (event.possible_from is None or event.effective_from <= day)
    return new if is_sure else None


def in_order(events: Iterable[ListEvent]) -> list[ListEvent]:
    """The events by the day on which they count; those of one day by the day of publication, then as they stand."""
    return sorted(events, key=lambda event: (event.effective_from, event.published))
