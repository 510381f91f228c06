"""Was a party on a list on a day, by what was published by a day.

Invariants:
- more knowledge never turns listed into not listed by itself: only an edition of the list does;
- a day before what dates a row is not listed; between the first and the last day that the citation
  leaves open it is unknown; from then on it is listed;
- a snapshot says nothing of the days before it: an undated row is unknown there.

Worked example: 90 FR 14046 was published on 2025-03-28. On 2025-04-01, known then: listed. On
2025-03-26: unknown, for a rule of the Bureau of Industry and Security is often in force some days
before it is printed. On 2025-03-01: not listed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from lexloci.model.fact import UNKNOWN, Fact
from lexloci.parties.events import Confidence, EventKind, ListEvent, Standing, begins_listed, fold
from lexloci.parties.federal_register import Window, first_published
from lexloci.parties.lists import ListedParty, PartyList, list_of

# A rule is public, and may be in force, from its release. 88 FR 73458 was released on 2023-10-17 and
# printed on 2023-10-25, the longest gap among the rules that docs and rulebook cite (87 FR 62186: 6 days).
RELEASED_BEFORE_PRINT: Final = timedelta(days=8)
DATED_BY_CITATION: Final = ("EL", "MEU")
CITED_LATER: Final = ("DPL",)  # an order binds from its signing; its notice is printed weeks later


def status(
    entry: ListedParty | None, list_code: str, as_of: date, known_at: date, which: PartyList | None = None
) -> Fact:
    """Whether a party is on a list on ``as_of``, by what was published by ``known_at``: True, False or UNKNOWN.

    ``entry`` is its row of that list, None where it has none; ``which`` is the list, by default the one in
    use. Days are half-open: the day of listing counts.
    """
    which = which or list_of(list_code)
    if entry is None:
        return _absent(which, as_of)
    if entry.events is None:
        return _by_window(entry, which, as_of, known_at)
    return _by_events(entry, which, as_of, known_at)


def listed_since(entry: ListedParty, as_of: date, known_at: date) -> date | None:
    """Since when a row with dated events has been listed without a break; None where it is not listed."""
    events = entry.events or ()
    since = None
    for day in sorted({day for event in events for day in event.days if day <= as_of}):
        is_listed = fold(events, before=False, as_of=day, known_at=known_at).listed
        since = (since or day) if is_listed else None
    return since


def days_of_change(entry: ListedParty, which: PartyList | None = None) -> frozenset[date]:
    """The days on which a row may be listed otherwise than the day before: of its events, or of its citation."""
    days = frozenset(day for event in entry.events or () for day in event.days)
    if entry.events is not None and not begins_listed(entry.events):
        return days
    window = _window(entry, which or list_of(entry.list_code))
    return days | {window.earliest, window.latest}


def _absent(which: PartyList, as_of: date) -> Fact:
    if not which.complete:
        return Fact(
            UNKNOWN,
            f"{which.title}: only an extract of {which.parties} parties, to {which.dated.isoformat()}, is at hand; "
            "absence from it says nothing",
        )
    before = ", for a day before it too" if as_of < which.dated else ""
    return Fact(
        False,
        f"{which.title}: absence from the snapshot of {which.dated.isoformat()} counts as not listed{before}",
    )


def _by_window(entry: ListedParty, which: PartyList, as_of: date, known_at: date) -> Fact:
    """The answer for a row that only the snapshot and its citations date."""
    day = min(as_of, known_at)
    window = _window(entry, which)
    row = f'{which.title} of {which.dated.isoformat()}, entry "{entry.name}"'
    if entry.citation:
        row += f", {entry.citation}"
    if day >= window.latest:
        return Fact(True, f"{row}: listed on {day.isoformat()}, {_dated_text(window, entry, which)}")
    if day < window.earliest:
        return Fact(False, f"{row}: not yet listed on {day.isoformat()}, {_dated_text(window, entry, which)}")
    return Fact(
        UNKNOWN, f"{row}: whether it was listed on {day.isoformat()} is not known, {_dated_text(window, entry, which)}"
    )


def _by_events(entry: ListedParty, which: PartyList, as_of: date, known_at: date) -> Fact:
    """The answer for a row with dated events; one that was listed before the first of them is dated by its citation."""
    events = entry.events or ()
    before: bool | None = False
    if begins_listed(events):
        value = _by_window(entry, which, as_of, known_at).value
        before = None if value is UNKNOWN else bool(value)
    standing = fold(events, before=before, as_of=as_of, known_at=known_at)
    text = f'{which.title}, entry "{entry.name}": {_standing_text(standing, as_of, known_at)}.'
    text += "".join(f" {_event_text(event)}: {event.note}" for event in standing.without_effect)
    return Fact(UNKNOWN if standing.listed is None else standing.listed, text)


def _standing_text(standing: Standing, as_of: date, known_at: date) -> str:
    day = min(as_of, known_at).isoformat()
    words = {True: "listed", False: "not listed", None: "whether it is listed is open"}[standing.listed]
    if standing.last is None:
        return f"{words} on {day}, nothing published by then says otherwise"
    note = f" ({standing.last.note})" if standing.last.note else ""
    return f"{words} on {day}: {_event_text(standing.last)}{note}"


def _event_text(event: ListEvent) -> str:
    """An event in words: its day, what happened, how sure."""
    sure = "" if event.confidence is Confidence.SETTLED else ", unsettled"
    until = f" until {event.effective_until.isoformat()}" if event.effective_until else ""
    if event.first_day < event.effective_from:
        since = "since when is not known" if event.first_day == date.min else f"perhaps since {event.first_day}"
        sure = f", {since}{sure}"
    effect = ", without effect" if event.kind in (EventKind.PROPOSED, EventKind.WITHDRAWN) else ""
    return f"{event.kind.value} {event.effective_from.isoformat()}{until}{sure}{effect}"


def _window(entry: ListedParty, which: PartyList) -> Window:
    """Between which days the row came on the list: by its citation where the list is dated so, else unknown."""
    undated = Window(date.min, entry.seen_on or which.dated)
    published = first_published(entry.citation) if which.code in (*DATED_BY_CITATION, *CITED_LATER) else None
    if published is None or published.latest > which.dated:
        return undated
    if which.code in CITED_LATER:
        return Window(date.min, published.latest)
    return Window(published.earliest - RELEASED_BEFORE_PRINT, published.latest)


def _dated_text(window: Window, entry: ListedParty, which: PartyList) -> str:
    if window.earliest == date.min and window.latest == (entry.seen_on or which.dated):
        return "the list does not date it, so it is known from the day of the snapshot only"
    if window.earliest == date.min:
        return f"its notice was published by {window.latest.isoformat()}"
    printed = window.earliest + RELEASED_BEFORE_PRINT
    if printed == window.latest:
        return f"published on {printed.isoformat()}, perhaps in force up to {RELEASED_BEFORE_PRINT.days} days earlier"
    return f"published between {printed.isoformat()} and {window.latest.isoformat()}"
