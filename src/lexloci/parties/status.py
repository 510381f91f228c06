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
from lexloci.parties.federal_register import Window, first_published
from lexloci.parties.lists import ListedParty, PartyList, list_of

# A rule is public, and may be in force, from its release. 88 FR 73458 was released on 2023-10-17 and
# printed on 2023-10-25, the longest gap among the rules that docs and rulebook cite (87 FR 62186: 6 days).
RELEASED_BEFORE_PRINT: Final = timedelta(days=8)
DATED_BY_CITATION: Final = ("EL", "MEU")
CITED_LATER: Final = ("DPL",)  # an order binds from its signing; its notice is printed weeks later


def status(entry: ListedParty | None, list_code: str, as_of: date, known_at: date) -> Fact:
    """Whether a party is on a list on ``as_of``, by what was published by ``known_at``: True, False or UNKNOWN.

    ``entry`` is its row of that list, None where it has none. Days are half-open: the day of listing counts.
    """
    which = list_of(list_code)
    if entry is None:
        return _absent(which, as_of)
    day = min(as_of, known_at)
    if entry.changes is not None:
        return _by_edition(entry, which, day)
    window = _window(entry, which)
    row = f'{which.title} of {which.dated.isoformat()}, entry "{entry.name}"'
    if entry.citation:
        row += f", {entry.citation}"
    if day >= window.latest:
        return Fact(True, f"{row}: listed on {day.isoformat()}, {_dated_text(window, which)}")
    if day < window.earliest:
        return Fact(False, f"{row}: not yet listed on {day.isoformat()}, {_dated_text(window, which)}")
    return Fact(
        UNKNOWN, f"{row}: whether it was listed on {day.isoformat()} is not known, {_dated_text(window, which)}"
    )


def listed_since(entry: ListedParty, as_of: date, known_at: date) -> date | None:
    """Since when a row of a list by edition has been listed without a break; None where it is not listed."""
    day = min(as_of, known_at)
    since = None
    for change in entry.changes or ():
        if change.on <= day:
            since = (since or change.on) if change.listed else None
    return since


def days_of_change(entry: ListedParty) -> frozenset[date]:
    """The days on which a row may be listed otherwise than the day before: of its editions, or of its citation."""
    if entry.changes is not None:
        return frozenset(change.on for change in entry.changes)
    window = _window(entry, list_of(entry.list_code))
    return frozenset((window.earliest, window.latest))


def _absent(which: PartyList, as_of: date) -> Fact:
    if not which.complete:
        return Fact(
            UNKNOWN,
            f"{which.title}: only an extract of {which.parties} parties, to {which.dated.isoformat()}, is bundled; "
            "absence from it says nothing",
        )
    before = ", for a day before it too" if as_of < which.dated else ""
    return Fact(
        False,
        f"{which.title}: absence from the snapshot of {which.dated.isoformat()} counts as not listed{before}",
    )


def _by_edition(entry: ListedParty, which: PartyList, day: date) -> Fact:
    passed = [change for change in entry.changes or () if change.on <= day]
    note = "".join(f" {text}" for text in entry.notes if date.fromisoformat(text[:10]) <= day)
    row = f'{which.title}, entry "{entry.name}"'
    if not passed:
        return Fact(False, f"{row}: no edition to {day.isoformat()} has it.{note}")
    last = passed[-1]
    if last.listed is None:
        return Fact(UNKNOWN, f"{row}: the sources leave open whether it is listed from {last.on.isoformat()}.{note}")
    words = "listed" if last.listed else "not listed"
    return Fact(last.listed, f"{row}: {words} as of the edition of {last.on.isoformat()}.{note}")


def _window(entry: ListedParty, which: PartyList) -> Window:
    """Between which days the row came on the list: by its citation where the list is dated so, else unknown."""
    undated = Window(date.min, which.dated)
    published = first_published(entry.citation) if which.code in (*DATED_BY_CITATION, *CITED_LATER) else None
    if published is None or published.latest > which.dated:
        return undated
    if which.code in CITED_LATER:
        return Window(date.min, published.latest)
    return Window(published.earliest - RELEASED_BEFORE_PRINT, published.latest)


def _dated_text(window: Window, which: PartyList) -> str:
    if window.earliest == date.min and window.latest == which.dated:
        return "the list does not date it, so it is known from the day of the snapshot only"
    if window.earliest == date.min:
        return f"its notice was published by {window.latest.isoformat()}"
    printed = window.earliest + RELEASED_BEFORE_PRINT
    if printed == window.latest:
        return f"published on {printed.isoformat()}, perhaps in force up to {RELEASED_BEFORE_PRINT.days} days earlier"
    return f"published between {printed.isoformat()} and {window.latest.isoformat()}"
