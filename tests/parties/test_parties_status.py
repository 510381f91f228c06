"""Listing in time: by citation, by snapshot, by edition; on both clocks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.model.fact import UNKNOWN, Value
from lexloci.parties.federal_register import RegisterCitation, Window, citations, first_published, window_of
from lexloci.parties.lists import ListedParty, list_of, listed_parties
from lexloci.parties.status import RELEASED_BEFORE_PRINT, listed_since, status

DAYS = st.dates(date(2015, 1, 1), date(2027, 12, 31))
ORDER: dict[Value, int] = {False: 0, UNKNOWN: 1, True: 2}
SNAPSHOT = date(2026, 7, 31)


def row_of(code: str, name: str) -> ListedParty:
    """The first row of a list under a name."""
    return next(party for party in listed_parties() if party.list_code == code and name in party.names)


def value_on(code: str, name: str, day: date, known_at: date | None = None) -> Value:
    """The value of the status of a named row."""
    return status(row_of(code, name), code, day, known_at or day).value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90 FR 14046", [(90, 14046, None)]),
        ("84 FR 54002; 85 FR 44159", [(84, 54002, None), (85, 44159, None)]),
        ("80FR 69852", [(80, 69852, None)]),
        ("84  FR 21233, 84 fr 40241", [(84, 21233, None), (84, 40241, None)]),
        ("77 FR 61249 No. 195", [(77, 61249, None)]),
        ("76 FR no. 242 pg. 78146, 77 FR 58006 (no. 182)", [(76, 78146, None), (77, 58006, None)]),
        ("76 FR No. 197 (10/12/2011)", [(76, None, date(2011, 10, 12))]),
        ("85 FR 51603, 8/20/20. 85 FR 52901", [(85, 51603, date(2020, 8, 20)), (85, 52901, None)]),
        ("72 F.R. 1/30/07", [(72, None, date(2007, 1, 30))]),
        ("81.F.R. 22576 4/18/2016", [(81, 22576, date(2016, 4, 18))]),
        ("85 FR 83420; 88 FR", [(85, 83420, None), (88, None, None)]),
        ("Vol. 59, No. 44, 03/07/1994", []),
        ("", []),
    ],
)
def test_citations_are_read_in_every_spelling_of_the_list(text: str, expected: list[tuple[int, int, date]]) -> None:
    assert [(c.volume, c.page, c.printed) for c in citations(text)] == expected


def test_the_known_misprint_is_repaired() -> None:
    assert [c.volume for c in citations("87 FR 37423; 87 FR 77505")] == [83, 87]


def test_a_printed_day_outside_the_year_of_its_volume_is_not_believed() -> None:
    assert citations("87 F.R. 22406 4/13/2023")[0].printed is None
    assert citations("73 FR 54503 (13/45/08)")[0].printed is None


def test_every_citation_of_the_entity_list_but_the_empty_ones_is_read() -> None:
    for party in listed_parties():
        if party.list_code in ("EL", "MEU"):
            assert (first_published(party.citation) is None) == (party.citation == ""), party


def test_a_checked_citation_is_a_day_and_another_lies_between_its_neighbours() -> None:
    assert window_of(RegisterCitation(90, 14046, None)) == Window(date(2025, 3, 28), date(2025, 3, 28))
    assert window_of(RegisterCitation(89, 51653, None)) == Window(date(2024, 5, 14), date(2024, 12, 31))
    assert window_of(RegisterCitation(84, 54002, None)) == Window(date(2019, 1, 1), date(2019, 12, 31))


@given(st.integers(60, 91), st.integers(1, 110000), st.integers(1, 110000))
def test_windows_stay_in_the_year_of_the_volume_and_rise_with_the_pages(volume: int, one: int, other: int) -> None:
    low, high = sorted((one, other))
    first, second = (window_of(RegisterCitation(volume, page, None)) for page in (low, high))
    for window in (first, second):
        assert window.earliest <= window.latest
        assert window.earliest.year == window.latest.year == 1935 + volume
    assert first.earliest <= second.earliest
    assert first.latest <= second.latest


@pytest.mark.parametrize("name", ["Inspur Taiwan", "Nettrix Information Industry Co., Ltd."])
def test_a_dated_row_is_listed_from_its_day_and_open_in_the_days_of_its_release(name: str) -> None:
    printed = date(2025, 3, 28)
    assert value_on("EL", name, printed) is True
    assert value_on("EL", name, printed - timedelta(days=1)) is UNKNOWN
    assert value_on("EL", name, printed - RELEASED_BEFORE_PRINT) is UNKNOWN
    assert value_on("EL", name, printed - RELEASED_BEFORE_PRINT - timedelta(days=1)) is False


def test_what_was_not_published_by_then_does_not_count_on_a_later_day() -> None:
    assert value_on("EL", "Inspur Taiwan", date(2026, 1, 1), known_at=date(2025, 3, 1)) is False
    assert value_on("EL", "Inspur Taiwan", date(2025, 3, 1), known_at=date(2026, 1, 1)) is False


def test_a_citation_without_a_day_leaves_its_year_open() -> None:
    name = "Huawei Cloud Singapore"  # 85 FR 51603, without a checked day
    assert value_on("EL", name, date(2019, 12, 1)) is False
    assert value_on("EL", name, date(2020, 7, 1)) is UNKNOWN
    assert value_on("EL", name, date(2020, 12, 31)) is True


def test_an_undated_row_is_unknown_before_the_snapshot_and_listed_from_it() -> None:
    for code in ("SDN", "UVL", "CMIC"):
        row = next(party for party in listed_parties() if party.list_code == code)
        assert status(row, code, SNAPSHOT, SNAPSHOT).value is True
        before = status(row, code, SNAPSHOT - timedelta(days=1), SNAPSHOT)
        assert before.value is UNKNOWN
        assert "does not date it" in before.origin
        assert status(row, code, SNAPSHOT, SNAPSHOT - timedelta(days=1)).value is UNKNOWN


def test_a_denial_order_is_never_cleared_by_the_day_of_its_notice() -> None:
    row = next(party for party in listed_parties() if party.citation == "58 F.R. 42719 8/11/93")
    assert status(row, "DPL", date(1993, 8, 11), SNAPSHOT).value is True
    assert status(row, "DPL", date(1993, 8, 10), SNAPSHOT).value is UNKNOWN
    assert status(row, "DPL", date(1980, 1, 1), SNAPSHOT).value is UNKNOWN


def test_absence_counts_as_not_listed_and_says_so() -> None:
    fact = status(None, "EL", date(2025, 1, 1), SNAPSHOT)
    assert fact.value is False
    assert "absence from the snapshot of 2026-07-31 counts as not listed" in fact.origin
    assert "before it too" in fact.origin
    assert "before it too" not in status(None, "EL", SNAPSHOT, SNAPSHOT).origin


def test_absence_from_an_extract_is_unknown() -> None:
    fact = status(None, "1260H", SNAPSHOT, SNAPSHOT)
    assert fact.value is UNKNOWN
    assert "extract of 34 parties" in fact.origin


def test_alibaba_is_on_1260h_from_the_edition_of_june_2026() -> None:
    name = "Alibaba Group Holding Limited"
    assert value_on("1260H", name, date(2026, 6, 7)) is False
    assert value_on("1260H", name, date(2026, 6, 8)) is True
    assert value_on("1260H", name, date(2026, 8, 1), known_at=date(2026, 6, 1)) is False
    assert listed_since(row_of("1260H", name), SNAPSHOT, SNAPSHOT) == date(2026, 6, 8)
    assert listed_since(row_of("1260H", name), date(2026, 6, 7), SNAPSHOT) is None


def test_proposals_have_no_effect_and_are_told_once_they_were_known() -> None:
    row = row_of("1260H", "Alibaba Group Holding Limited")
    told = {day: status(row, "1260H", day, day) for day in (date(2025, 10, 6), date(2025, 10, 7), date(2026, 2, 13))}
    assert all(fact.value is False for fact in told.values())
    assert "without effect" not in told[date(2025, 10, 6)].origin
    assert "a letter says" in told[date(2025, 10, 7)].origin
    assert "withdrawn" in told[date(2026, 2, 13)].origin


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("Tencent", date(2025, 1, 6), False),
        ("Tencent", date(2025, 1, 7), True),
        ("Tencent", date(2026, 8, 1), True),
        ("Huawei", date(2021, 6, 2), False),
        ("Huawei", date(2022, 1, 1), True),
        ("Beijing Megvii Technology Co. Ltd.", date(2024, 6, 1), True),
        ("Beijing Megvii Technology Co. Ltd.", date(2025, 1, 7), False),
        ("Beijing Megvii Technology Co. Ltd.", date(2026, 6, 8), UNKNOWN),
        ("CEC", date(2025, 12, 31), True),
        ("CEC", date(2026, 6, 8), UNKNOWN),
        ("YMTC", date(2026, 2, 16), True),
        ("YMTC", date(2026, 2, 17), UNKNOWN),
        ("CXMT", date(2026, 7, 1), UNKNOWN),
        ("ByteDance", date(2026, 7, 1), False),
    ],
)
def test_1260h_follows_its_editions(name: str, day: date, expected: Value) -> None:
    assert value_on("1260H", name, day) is expected


@given(st.data(), DAYS, DAYS, DAYS)
def test_more_knowledge_never_unlists(data: st.DataObject, as_of: date, one: date, other: date) -> None:
    row = data.draw(st.sampled_from(SAMPLE))
    early, late = sorted((one, other))
    before, after = (status(row, row.list_code, as_of, known).value for known in (early, late))
    assert ORDER[before] <= ORDER[after]


@given(st.data(), DAYS, DAYS)
def test_both_clocks_bind_and_the_answer_is_one_of_three(data: st.DataObject, as_of: date, known_at: date) -> None:
    row = data.draw(st.sampled_from(SAMPLE))
    fact = status(row, row.list_code, as_of, known_at)
    assert fact.value in (True, False, UNKNOWN)
    day = min(as_of, known_at)
    assert fact.value is status(row, row.list_code, day, day).value
    assert list_of(row.list_code).title in fact.origin
    assert row.name in fact.origin


SAMPLE = [party for party in listed_parties()[::211] if party.events is None]
