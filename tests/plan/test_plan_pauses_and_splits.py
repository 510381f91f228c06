"""A job that pauses between lawful stretches, and one that runs at two sites whose laws both permit it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import ceil

import pytest
from plan_support import AS_OF, changed, job, placement, planned, pool, rulebook, small, with_pools

from lexloci.law.rule import Rulebook, Standing, Turn
from lexloci.model.plan import Placement
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Link
from lexloci.model.workload import Exchange
from lexloci.plan.paths import estimate_over_sites
from lexloci.plan.planner import Planned, judge_for, make_plan
from lexloci.plan.shares import job_spec
from lexloci.report.json_form import plan_json


def home() -> Portfolio:
    """New Zealand alone, for a job on eight chips."""
    return job(with_pools(small(), "nz"), "train", max_chips=8)


def banned_between(first: int, last: int) -> Rulebook:
    """The invented rulebook with a ban on training in New Zealand from one day of the plan to another."""
    turns = tuple(
        Turn(AS_OF + timedelta(day), standing, date(2025, 1, 1), None, "invented")
        for day, standing in ((first, Standing.IN_FORCE), (last, Standing.NOT_IN_FORCE))
    )
    rules = tuple(replace(rule, turns=turns) if rule.id == "small.autumn_ban" else rule for rule in rulebook().rules)
    return replace(rulebook(), rules=rules)


def days_needed() -> int:
    """Whole days that the job runs."""
    return ceil(taken(planned(home())).estimate.duration_s.point / 86400)


def taken(made: Planned) -> Placement:
    found = placement(made)
    assert found is not None
    return found


def test_a_job_that_may_pause_runs_before_and_after_a_ban() -> None:
    half = days_needed() // 2 + 2
    portfolio = replace(home(), horizon_until=AS_OF + timedelta(2 * half + 25))
    book = banned_between(half, half + 20)
    assert make_plan(portfolio, book).plan.unplaced
    made = make_plan(job(portfolio, "train", may_pause=True, restart_hours=6.0), book)
    found = taken(made)
    assert found.pauses == ((AS_OF + timedelta(half), AS_OF + timedelta(half + 20)),)
    judge = judge_for(made.portfolio, book)
    workload, stands = made.portfolio.workload_by_id["train"], made.portfolio.pool_by_id["nz"]
    for offset in range((found.end - found.start).days):
        day = found.start + timedelta(offset)
        lawful = judge.placement(workload, stands, day).outcome.is_placeable
        paused = any(first <= day < last for first, last in found.pauses)
        assert lawful is not paused, day
    assert all(leg.outcome.is_placeable for leg in found.determination.legs)
    (told,) = plan_json(made.plan)["placements"][0]["pauses"]
    assert told == {"start": found.pauses[0][0].isoformat(), "end": found.pauses[0][1].isoformat()}


def test_each_pause_costs_its_hours_of_work() -> None:
    half = days_needed() // 2 + 4
    portfolio = replace(home(), horizon_until=AS_OF + timedelta(2 * half + 22))
    book = banned_between(half, half + 20)
    free = taken(make_plan(job(portfolio, "train", may_pause=True), book))
    dear = taken(make_plan(job(portfolio, "train", may_pause=True, restart_hours=24.0), book))
    hours = ceil(free.estimate.duration_s.point / 3600)
    assert dear.cost_usd == pytest.approx(free.cost_usd * (1 + 24 / hours), rel=1e-3)
    assert dear.end >= free.end
    assert make_plan(job(portfolio, "train", may_pause=True, restart_hours=500.0), book).plan.unplaced


def test_a_job_that_fits_whole_is_not_paused_where_a_pause_costs() -> None:
    whole = days_needed() + 1
    made = make_plan(job(home(), "train", may_pause=True, restart_hours=1.0), banned_between(whole, whole + 20))
    assert taken(made).pauses == ()


def two_sites(gbps: float = 100.0, **changes: object) -> Portfolio:
    """The pool in New Zealand and the one in Iceland, linked, for a job that is in a hurry."""
    both = with_pools(small(), "nz", "is")
    links = (Link(("auckland", "reykjavik"), gbps=gbps, round_trip_ms=250.0, usd_per_gb=0.01),)
    hurried = {"deadline": date(2026, 1, 6), "usd_per_day_late": 1e4, "may_split": True}
    return job(replace(both, links=links), "train", **{**hurried, **changes})


def test_a_hurried_job_is_split_over_two_sites_and_takes_the_time_of_the_model_of_several_sites() -> None:
    alone = taken(planned(two_sites(may_split=False)))
    made = planned(two_sites())
    found = taken(made)
    assert alone.also == ()
    assert {found.pool, found.also[0].pool} == {"nz", "is"}
    assert (found.chips, found.also[0].chips) == (16, 16)
    judge, workload = made.judge, made.portfolio.workload_by_id["train"]
    pools = [made.portfolio.pool_by_id[name] for name in (found.pool, found.also[0].pool)]
    specs = [job_spec(made.portfolio, workload, one, judge.chip(one), 16) for one in pools]
    both = estimate_over_sites(made.portfolio, specs)
    assert found.estimate.duration_s == both.duration_s
    assert found.cost_usd == pytest.approx(both.cost_usd.point)
    assert both.duration_s.point < 0.7 * alone.estimate.duration_s.point
    assert plan_json(made.plan)["placements"][0]["also"] == [
        {"pool": found.also[0].pool, "site": found.also[0].site, "chips": 16}
    ]


def test_both_sites_and_the_exchange_are_judged() -> None:
    found = taken(planned(two_sites()))
    legs = {leg.id.partition(":")[0] for leg in found.determination.legs}
    assert {"train@nz", "train@is"} <= legs
    assert any("weights" in leg.id for leg in found.determination.legs)


@pytest.mark.parametrize(
    "changes",
    [
        {"gbps": 1e-4},
        {"max_chips": 16},
        {"exchange": Exchange(token_penalty=50.0)},
    ],
)
def test_a_slow_link_few_chips_or_a_costly_method_leave_it_on_one_site(changes) -> None:
    assert taken(planned(two_sites(**changes))).also == ()


def test_without_a_link_or_with_a_law_against_one_site_it_stays_on_one() -> None:
    assert taken(planned(replace(two_sites(), links=()))).also == ()
    in_norway = changed(two_sites(), "pools", "is", site="oslo")
    links = (Link(("auckland", "oslo"), gbps=100.0, round_trip_ms=250.0, usd_per_gb=0.01),)
    assert taken(planned(replace(in_norway, links=links))).also == ()


def test_a_split_job_needs_room_in_both_pools() -> None:
    portfolio = pool(two_sites(), "is", available_until=AS_OF + timedelta(2))
    assert taken(planned(portfolio)).also == ()
