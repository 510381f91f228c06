"""Under assumed licences: only those with a known lead time, only in time, and every one named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from plan_support import (
    AS_OF,
    job,
    placement,
    planned,
    pool,
    rulebook,
    serve,
    small,
    unlawful_days,
    with_jobs,
    with_pools,
)

from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.model.workload import DataCategory

LICENCE = "Chile licenses the use of chips (Invented Act, chile_operating_licence)"
IMPORT = "Chile licenses the supply of chips from February 2026 (Invented Act, chile_import_licence)"


def chile(**changes: object) -> Portfolio:
    return with_pools(pool(small(), "cl", **changes), "cl")


def test_without_the_assumption_a_licence_opens_nothing() -> None:
    made = planned(chile())
    assert placement(made) is None
    assert made.answers["train"][0].choices == ()


def test_the_job_starts_no_earlier_than_the_lead_time_and_names_the_licence() -> None:
    found = placement(planned(chile(), assume_granted=True))
    assert found is not None
    assert found.start == AS_OF + timedelta(days=30)
    assert found.conditional_on == (LICENCE,)
    assert found.outcome is Outcome.LICENCE_CASE_BY_CASE


def test_a_placement_that_needs_no_licence_is_not_conditional() -> None:
    made = planned(with_pools(small(), "nz", "is"), assume_granted=True)
    found = placement(made)
    assert found is not None
    assert found.conditional_on == ()
    assert unlawful_days(made, rulebook()) == []


def test_a_job_that_ends_before_the_licence_is_needed_is_not_conditional() -> None:
    portfolio = with_pools(pool(small(), "cl", site="auckland"), "cl")
    choice = planned(portfolio, assume_granted=True).answers["train"][0].choices[0]
    assert choice.conditional_on(AS_OF, date(2026, 12, 31)) == ()


def test_the_condition_covers_only_the_days_that_it_opens() -> None:
    choice = planned(chile(), assume_granted=True).answers["train"][0].choices[0]
    opened = AS_OF + timedelta(days=30)
    assert choice.windows == ((opened, date(2026, 12, 31)),)
    assert choice.conditional_on(AS_OF, opened) == ()
    assert choice.conditional_on(AS_OF, opened + timedelta(days=1)) == (LICENCE,)


def test_a_licence_whose_lead_time_is_unknown_opens_nothing() -> None:
    portfolio = job(with_pools(small(), "is"), "train", datasets=("clients",))
    datasets = tuple(replace(one, category=DataCategory.IMPORTANT, persons=None) for one in portfolio.datasets)
    made = planned(replace(portfolio, datasets=datasets), assume_granted=True)
    assert made.answers["train"][0].first_outcome is Outcome.LICENCE_CASE_BY_CASE
    assert placement(made) is None


def test_a_prohibition_and_a_human_review_are_opened_by_nothing() -> None:
    prohibited = job(chile(), "train", military_or_weapons_use=True)
    unknown = job(chile(), "train", military_or_weapons_use=None)
    for portfolio in (prohibited, unknown):
        assert placement(planned(portfolio, assume_granted=True)) is None


def test_a_supply_that_is_over_cannot_be_licensed_any_more() -> None:
    made = planned(chile(held_since=date(2026, 2, 1)), assume_granted=True)
    assert made.answers["train"][0].first_outcome is Outcome.LICENCE_PRESUMED_DENIED
    assert placement(made) is None


def test_a_supply_to_come_is_licensed_when_the_lead_time_ends_before_it() -> None:
    in_time = AS_OF + timedelta(days=60)
    found = placement(planned(chile(held_since=in_time), assume_granted=True))
    assert found is not None
    assert found.start == in_time
    assert found.conditional_on == (IMPORT, LICENCE)
    assert placement(planned(chile(held_since=in_time - timedelta(days=1)), assume_granted=True)) is None


def test_a_lead_time_longer_than_the_horizon_leaves_no_place() -> None:
    short = replace(chile(), horizon_until=AS_OF + timedelta(days=30))
    assert placement(planned(short, assume_granted=True)) is None


def test_each_licence_of_a_service_is_named_once() -> None:
    portfolio = with_jobs(chile(), serve("CL"))
    found = placement(planned(portfolio, assume_granted=True), "serve")
    assert found is not None
    assert found.conditional_on == (LICENCE,)


def test_the_last_years_of_the_calendar_are_no_error() -> None:
    portfolio = replace(chile(), as_of=date(9999, 12, 20), horizon_until=date(9999, 12, 31))
    assert planned(portfolio, assume_granted=True).plan.placements == ()
