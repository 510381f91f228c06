"""A listing is a fold over dated events: on both clocks, and open where an event is open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.model.fact import UNKNOWN
from lexloci.parties.events import Confidence, EventKind, ListEvent, begins_listed, fold
from lexloci.parties.lists import ListedParty, list_of, listed_parties
from lexloci.parties.row_form import as_array, event_as_object, event_from_object, from_array
from lexloci.parties.status import days_of_change, status

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
EVENTS = st.builds(
    ListEvent,
    st.sampled_from(EventKind),
    DAYS,
    DAYS,
    st.none() | DAYS,
    st.none() | DAYS,
    st.sampled_from(Confidence),
    note=st.text(max_size=5),
)


def event(kind: EventKind, day: str, **more: object) -> ListEvent:
    """An event that is published on the day on which it counts."""
    return ListEvent(kind, date.fromisoformat(day), date.fromisoformat(day), **more)  # type: ignore[arg-type]


def listed(
    events: list[ListEvent], day: str, known_at: str = "2030-01-01", *, before: bool | None = False
) -> bool | None:
    """What the events come to on a day, known then or ever."""
    return fold(events, before=before, as_of=date.fromisoformat(day), known_at=date.fromisoformat(known_at)).listed


def test_a_notice_on_public_inspection_is_open_until_it_is_withdrawn_or_published() -> None:
    filed = event(EventKind.ON_PUBLIC_INSPECTION, "2026-02-13")
    withdrawn, added = event(EventKind.WITHDRAWN, "2026-02-14"), event(EventKind.ADDED, "2026-02-15")
    assert listed([filed], "2026-02-12") is False
    assert listed([filed], "2026-03-01") is None
    assert listed([filed, withdrawn], "2026-02-13") is None
    assert listed([filed, withdrawn], "2026-02-14") is False
    assert listed([filed, withdrawn], "2026-03-01", known_at="2026-02-13") is None
    assert listed([filed, added], "2026-02-15") is True


def test_a_proposal_has_no_effect_but_is_told() -> None:
    standing = fold([event(EventKind.PROPOSED, "2025-10-07")], before=False, as_of=date.max, known_at=date.max)
    assert standing.listed is False
    assert [told.kind for told in standing.without_effect] == [EventKind.PROPOSED]


def test_a_suspension_holds_until_its_end_and_then_the_listing_counts_again() -> None:
    events = [
        event(EventKind.ADDED, "2025-04-04"),
        event(EventKind.SUSPENDED, "2025-05-14", effective_until=date(2025, 8, 12)),
    ]
    assert [listed(events, day) for day in ("2025-05-13", "2025-05-14", "2025-08-11", "2025-08-12")] == [
        True,
        False,
        False,
        True,
    ]


def test_an_interval_is_open_in_between() -> None:
    removed = event(EventKind.REMOVED, "2026-08-20", possible_from=date(2026, 8, 2))
    assert begins_listed([removed])
    assert [
        listed([removed], day, before=True) for day in ("2026-08-01", "2026-08-02", "2026-08-19", "2026-08-20")
    ] == [
        True,
        None,
        None,
        False,
    ]


@given(st.lists(EVENTS, max_size=6), st.sampled_from([True, False, None]), DAYS, DAYS)
def test_an_unsettled_event_never_settles_an_answer(
    events: list[ListEvent], before: bool | None, as_of: date, known_at: date
) -> None:
    open_only = [one for one in events if one.confidence is Confidence.UNSETTLED]
    assert fold(open_only, before=before, as_of=as_of, known_at=known_at).listed in (before, None)


@given(st.lists(EVENTS, max_size=6), DAYS, DAYS)
def test_what_is_published_later_changes_nothing(events: list[ListEvent], as_of: date, known_at: date) -> None:
    known = [one for one in events if one.known_from <= known_at]
    asked = {"before": False, "as_of": as_of, "known_at": known_at}
    assert fold(events, **asked) == fold(known, **asked)  # type: ignore[arg-type]


@given(st.lists(EVENTS, max_size=5), DAYS, DAYS)
def test_a_listing_changes_on_the_days_of_its_events_alone(
    events: list[ListEvent], as_of: date, known_at: date
) -> None:
    row = ListedParty("1260H", ("X",), events=tuple(events))
    which = list_of("1260H")
    day_before = as_of - timedelta(days=1)
    if as_of not in days_of_change(row, which):
        assert fold(events, before=False, as_of=as_of, known_at=known_at).listed == (
            fold(events, before=False, as_of=day_before, known_at=known_at).listed
        )


@given(EVENTS)
def test_an_event_can_be_written_and_read(one: ListEvent) -> None:
    assert event_from_object(event_as_object(one)) == one


def test_every_bundled_row_can_be_written_and_read() -> None:
    for party in listed_parties()[::17]:
        assert from_array(as_array(party)) == party
    by_edition = next(party for party in listed_parties() if party.name == "ByteDance")
    assert by_edition.events == ()
    assert from_array(as_array(by_edition)) == by_edition


APRIL = date(2025, 4, 4)
AGREED = {  # the words of China's Ministry of Commerce of 2025-05-14, 2025-08-12 and 2025-11-05
    date(2025, 3, 4): {date(2025, 11, 9): True, date(2025, 11, 10): False, date(2026, 11, 29): False},
    date(2025, 4, 4): {
        date(2025, 5, 13): True, date(2025, 5, 14): False, date(2025, 8, 12): False, date(2025, 11, 10): False,
        date(2026, 11, 9): False, date(2026, 11, 10): UNKNOWN,
    },
    date(2025, 4, 9): {date(2025, 5, 13): True, date(2025, 5, 14): False, date(2025, 8, 12): False},
}  # fmt: skip


@pytest.mark.parametrize("code", ["CN-ECL", "CN-UEL"])
def test_measures_of_spring_2025_are_suspended_and_ended_as_the_ministry_said(code: str) -> None:
    rows = [party for party in listed_parties() if party.list_code == code]
    added = [(row, row.events[0].effective_from) for row in rows if row.events]
    agreed = [(row, day) for row, day in added if day in AGREED]
    assert len(agreed) == {"CN-ECL": 15 + 16 + 12, "CN-UEL": 10 + 11 + 6}[code]
    for row, day in agreed:
        told = {asked: status(row, code, asked, date(2026, 11, 29)).value for asked in AGREED[day]}
        assert told == AGREED[day], row.name
    others = [row for row, day in added if day not in AGREED and row.name != "Illumina, Inc."]
    assert len(others) + len(agreed) >= len(rows) - 1
    assert all(status(row, code, date(2026, 7, 19), date(2026, 7, 19)).value is True for row in others)


def test_a_suspension_is_not_known_before_it_was_said() -> None:
    row = next(
        p for p in listed_parties() if p.list_code == "CN-ECL" and p.events and p.events[0].effective_from == APRIL
    )
    assert status(row, "CN-ECL", date(2025, 9, 1), date(2025, 6, 1)).value is True  # 90 days had been said by then
    assert status(row, "CN-ECL", date(2025, 9, 1), date(2025, 9, 1)).value is False
    assert "stay suspended for 90 days" in status(row, "CN-ECL", date(2025, 9, 1), date(2025, 9, 1)).origin


def test_illumina_is_open_since_its_measures_ended() -> None:
    row = next(party for party in listed_parties() if party.name == "Illumina, Inc.")
    days = (date(2025, 11, 9), date(2025, 11, 10))
    assert [status(row, "CN-UEL", day, date(2026, 7, 19)).value for day in days] == [True, UNKNOWN]


def test_meti_dates_nobody_before_its_edition() -> None:
    row = next(party for party in listed_parties() if party.list_code == "JP-EUL")
    assert status(row, "JP-EUL", date(2025, 9, 28), date(2026, 1, 1)).value is UNKNOWN
    assert status(row, "JP-EUL", date(2025, 9, 29), date(2026, 1, 1)).value is True
    assert status(row, "JP-EUL", date(2026, 1, 1), date(2025, 9, 1)).value is UNKNOWN


@pytest.mark.parametrize("name", ["Eoptolink", "Hua Hong", "RoboSense", "WuXi AppTec"])
def test_who_was_proposed_and_not_looked_up_is_not_cleared_by_the_next_edition(name: str) -> None:
    row = next(party for party in listed_parties() if party.list_code == "1260H" and party.name == name)
    assert status(row, "1260H", date(2025, 12, 1), date(2025, 12, 1)).value is False
    assert "a letter says" in status(row, "1260H", date(2025, 12, 1), date(2025, 12, 1)).origin
    assert status(row, "1260H", date(2026, 6, 8), date(2026, 6, 8)).value is UNKNOWN
