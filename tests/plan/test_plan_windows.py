"""On which days work may run: segments between days of change, half-open windows, records that begin and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_support import (
    AS_OF,
    in_norway,
    job,
    placement,
    planned,
    pool,
    rulebook,
    small,
    unlawful_days,
    why_unplaced,
    with_pools,
)

from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Attestation, Authorisation, Reading
from lexloci.plan.options import earliest_start, lawful_windows
from lexloci.plan.planner import judge_for, with_question
from lexloci.plan.segments import Segment

JUNE = date(2026, 6, 1)


def alone(portfolio: Portfolio, name: str, **changes: object) -> Portfolio:
    """The portfolio with one pool, changed."""
    return with_pools(pool(portfolio, name, **changes), name)


def licence(granted: date, until: date | None = None) -> Portfolio:
    """Chile alone, with a licence to operate."""
    held = Authorisation("L1", "operating_licence", "Chile", "kiwi", ("cl",), granted, until)
    return replace(alone(small(), "cl"), authorisations=(held,))


def with_reading(option: str, until: date | None) -> Portfolio:
    """Norway alone, with a reading of the contested point."""
    reading = Reading("small.meaning", option, "counsel", date(2025, 1, 1), "adviser", until=until)
    return replace(alone(in_norway(small()), "is"), readings=(reading,))


def windows(portfolio: Portfolio, name: str) -> tuple[tuple[date, date], ...]:
    judge = judge_for(portfolio, rulebook())
    workload, one = portfolio.workloads[0], portfolio.pool_by_id[name]
    first = earliest_start(portfolio, workload, one)
    return lawful_windows(judge.segments(workload, one, first, portfolio.horizon_until))


def test_segments_touch_and_cover_the_horizon() -> None:
    portfolio = small()
    segments = judge_for(portfolio, rulebook()).segments(
        portfolio.workloads[0], portfolio.pool_by_id["is"], AS_OF, portfolio.horizon_until
    )
    assert segments[0].start == AS_OF
    assert segments[-1].end == portfolio.horizon_until
    assert all(one.end == other.start for one, other in pairwise(segments))
    assert all(one.start < one.end for one in segments)


def test_a_rule_that_begins_mid_horizon_closes_the_window_on_its_first_day() -> None:
    assert windows(small(), "is") == ((AS_OF, JUNE),)
    made = planned(alone(small(), "is"))
    found = placement(made)
    assert found is not None
    assert found.end <= JUNE


@pytest.mark.parametrize(("late", "fits"), [(0, True), (1, False)])
def test_a_job_lies_wholly_before_the_rule_or_has_no_place(late: int, *, fits: bool) -> None:
    made = planned(alone(small(), "is"))
    whole = placement(made)
    assert whole is not None
    days = (whole.end - whole.start).days
    assert 15 <= days <= 30
    release = JUNE - timedelta(days=days - late)
    made = planned(job(alone(small(), "is"), "train", release=release, max_chips=8))
    assert (placement(made) is not None) == fits
    if not fits:
        assert "leaving it out" in why_unplaced(made)


def test_a_licence_opens_its_days_half_open() -> None:
    held = licence(date(2026, 1, 1), date(2026, 4, 1))
    assert windows(held, "cl") == ((AS_OF, date(2026, 4, 1)),)
    assert windows(licence(date(2026, 1, 5)), "cl") == ((AS_OF, date(2026, 12, 31)),)
    assert unlawful_days(planned(held), rulebook()) == []


def test_a_licence_granted_after_the_plan_is_made_does_not_count_yet() -> None:
    assert windows(licence(date(2026, 1, 6)), "cl") == ()


def test_a_licence_that_ends_too_soon_leaves_the_job_without_a_place() -> None:
    hurried = placement(planned(licence(date(2026, 1, 1), AS_OF + timedelta(days=12))))
    assert hurried is not None
    made = planned(licence(date(2026, 1, 1), hurried.end - timedelta(days=1)))
    assert placement(made) is None


def test_a_licence_of_somebody_else_or_for_another_pool_opens_nothing() -> None:
    right = licence(date(2026, 1, 1))
    held = right.authorisations[0]
    portfolio = replace(right, pools=small().pools)
    for wrong in (replace(held, holder="frost"), replace(held, covers=("nz",)), replace(held, chips=15)):
        assert windows(replace(portfolio, authorisations=(wrong,)), "cl") == (), wrong
    assert windows(replace(portfolio, authorisations=(replace(held, chips=16),)), "cl")


def test_a_reading_counts_until_its_last_day_and_the_job_ends_before() -> None:
    until = date(2026, 3, 1)
    assert windows(with_reading("narrow", None), "is") == ((AS_OF, date(2026, 12, 31)),)
    assert windows(with_reading("narrow", until), "is") == ((AS_OF, until),)
    found = placement(planned(with_reading("narrow", until)))
    assert found is not None
    assert found.end <= until
    assert windows(with_reading("broad", until), "is") == ()


def test_an_attestation_counts_until_its_last_day() -> None:
    until = date(2026, 3, 1)
    portfolio = job(alone(small(), "is"), "train", military_or_weapons_use=None)
    assert windows(portfolio, "is") == ()
    fact = "workload.military_or_weapons_use"
    signed = Attestation(fact, False, ("train",), "officer", date(2026, 1, 2), "interview", until)
    assert windows(replace(portfolio, attestations=(signed,)), "is") == ((AS_OF, until),)


def test_a_law_not_yet_published_is_not_known() -> None:
    ban = date(2026, 9, 1)
    asked = with_question(alone(small(), "nz"), AS_OF, None, None)
    assert windows(asked, "nz") == ((AS_OF, date(2026, 12, 31)),)
    assert ban not in judge_for(asked, rulebook()).breakpoints
    known = with_question(alone(small(), "nz"), AS_OF, date(2026, 8, 15), None)
    assert windows(known, "nz") == ((AS_OF, ban),)
    assert ban in judge_for(known, rulebook()).breakpoints


def test_a_moved_day_moves_what_is_known_with_it() -> None:
    moved = with_question(replace(small(), known_at=date(2026, 1, 1)), date(2026, 8, 15), None, None)
    assert (moved.as_of, moved.known_at) == (date(2026, 8, 15), date(2026, 8, 15))
    both = with_question(small(), date(2026, 8, 15), date(2026, 8, 14), None)
    assert windows(both, "nz") == ((date(2026, 8, 15), date(2026, 12, 31)),)
    same = with_question(replace(small(), known_at=date(2026, 1, 1)), None, None, None)
    assert same.known_at == date(2026, 1, 1)


def test_work_starts_no_earlier_than_its_release_its_chips_and_its_lease() -> None:
    portfolio = small()
    workload = replace(portfolio.workloads[0], release=date(2026, 1, 20))
    days = {
        "available_from": date(2026, 2, 1),
        "held_since": date(2026, 2, 10),
        "leased_since": date(2026, 2, 20),
    }
    one = portfolio.pool_by_id["is"]
    assert earliest_start(portfolio, portfolio.workloads[0], one) == AS_OF
    assert earliest_start(portfolio, workload, one) == date(2026, 1, 20)
    for field, day in days.items():
        one = replace(one, **{field: day})
        assert earliest_start(portfolio, workload, one) == day
    assert earliest_start(portfolio, replace(workload, party="frost"), one) == date(2026, 2, 10)


def test_no_work_runs_before_the_chips_come_or_after_they_are_gone() -> None:
    stay = {"held_since": date(2026, 2, 1), "available_until": date(2026, 2, 25)}
    found = placement(planned(alone(small(), "nz", **stay)))
    assert found is not None
    assert date(2026, 2, 1) <= found.start
    assert found.end <= date(2026, 2, 25)
    stay["available_until"] = date(2026, 2, 5)
    assert placement(planned(alone(small(), "nz", **stay))) is None


def test_a_pool_that_is_gone_before_its_time_is_not_asked() -> None:
    made = planned(alone(small(), "nz", available_until=AS_OF))
    assert made.answers["train"] == ()
    assert why_unplaced(made) == "no pool is open to kiwi in its time"


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
OUTCOMES = st.sampled_from([one for one in Outcome if one is not Outcome.LICENCE_CASE_BY_CASE])


@given(st.sets(DAYS, min_size=2, max_size=8), st.lists(OUTCOMES, min_size=8, max_size=8))
def test_windows_hold_exactly_the_days_whose_answer_is_placeable(days: set[date], outcomes: list[Outcome]) -> None:
    answer = judge_for(small(), rulebook()).placement(small().workloads[0], small().pools[0], AS_OF)
    ordered = sorted(days)
    segments = [
        Segment(start, end, replace(answer, outcome=outcome))
        for start, end, outcome in zip(ordered, ordered[1:], outcomes, strict=False)
    ]
    found = lawful_windows(segments)
    for offset in range((ordered[-1] - ordered[0]).days):
        day = ordered[0] + timedelta(days=offset)
        lawful = any(one.start <= day < one.end and one.determination.outcome.is_placeable for one in segments)
        assert lawful == any(start <= day < end for start, end in found)
    assert all(end < start for (_, end), (start, _) in pairwise(found))
