"""A demand that grows is planned in steps, each for its own days and its own chips, and the plan says it is assumed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_support import AS_OF, changed, job, placement, planned, pool, serve, small, with_jobs, with_pools

from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Attestation, Authorisation
from lexloci.model.workload import AdoptionPoint
from lexloci.plan.adoption import highest_share, share_on, with_steps
from lexloci.report.json_form import plan_json

CURVE = (AdoptionPoint(date(2026, 1, 5), 10.0), AdoptionPoint(date(2026, 12, 31), 90.0))


def growing(step_days: int = 120, peak: float = 24_000.0, **changes: object) -> Portfolio:
    """The small portfolio with a service whose demand grows over the year, and nothing else to run."""
    service = serve("NZ", output_tokens_per_s=peak)
    demand = replace(service.demand, adoption=CURVE, adoption_step_days=step_days)
    wanted = replace(service, days=None, demand=demand, **changes)
    return replace(with_jobs(small(), wanted), workloads=(wanted,))


def test_each_step_runs_in_its_days_for_the_highest_demand_in_them() -> None:
    made = planned(growing())
    steps = sorted(made.plan.placements, key=lambda one: one.start)
    assert made.plan.unplaced == ()
    assert [one.start for one in steps] == [AS_OF, AS_OF + timedelta(120), AS_OF + timedelta(240)]
    assert [one.end for one in steps[:-1]] == [one.start for one in steps[1:]]
    assert steps[-1].end == made.portfolio.horizon_until
    asked = [made.portfolio.workload_by_id[one.workload].demand.output_tokens_per_s for one in steps]
    assert asked == pytest.approx([24_000 * highest_share(CURVE, one.start, one.end) for one in steps])
    assert [one.chips for one in steps] == sorted(one.chips for one in steps)
    assert steps[0].chips < steps[-1].chips


def test_a_plan_says_that_the_growth_is_an_assumption() -> None:
    made = planned(growing())
    (words,) = made.plan.assumptions
    assert words.startswith(
        "serve: demand is assumed to grow: 10 % on 2026-01-05, 90 % on 2026-12-31 of 24,000 tokens/s"
    )
    assert plan_json(made.plan)["assumptions"] == [words]
    assert planned(small()).plan.assumptions == ()


def test_steps_go_elsewhere_when_their_place_is_gone_and_are_left_out_where_there_is_none() -> None:
    gone = date(2026, 9, 1)
    before = planned(growing())
    taken = {one.pool for one in before.plan.placements}
    portfolio = growing()
    for name in taken:
        portfolio = pool(portfolio, name, available_until=gone)
    made = planned(portfolio)
    assert all(one.pool not in taken or one.end <= gone for one in made.plan.placements)
    assert {one.workload for one in made.plan.placements} & {one.workload for one in before.plan.placements}
    moved = [one for one in made.plan.placements if one.end > gone]
    assert moved or made.plan.unplaced


def test_records_that_name_the_service_name_its_steps_and_what_waits_for_it_waits_for_all() -> None:
    portfolio = growing()
    later = replace(small().workloads[0], id="later", after=("serve",))
    portfolio = with_steps(with_jobs(portfolio, later))
    names = tuple(one.id for one in portfolio.workloads if one.id.startswith("serve~"))
    assert len(names) == 3
    assert portfolio.workload_by_id["later"].after == names
    assert with_steps(portfolio) == portfolio


def test_the_cost_of_leaving_a_service_out_is_spread_over_its_steps() -> None:
    portfolio = with_steps(growing(usd_if_unplaced=1000.0))
    assert sum(one.usd_if_unplaced for one in portfolio.workloads) == pytest.approx(1000.0)


def test_a_service_before_its_curve_has_the_first_share_and_a_step_without_demand_is_none() -> None:
    flat = (AdoptionPoint(date(2026, 6, 1), 0.0), AdoptionPoint(date(2026, 12, 1), 50.0))
    assert share_on(flat, date(2026, 1, 1)) == 0.0
    assert share_on(flat, date(2027, 1, 1)) == 0.5
    portfolio = growing()
    demand = replace(portfolio.workloads[0].demand, adoption=flat, adoption_step_days=60)
    steps = with_steps(changed(portfolio, "workloads", "serve", demand=demand)).workloads
    assert steps[0].release == AS_OF + timedelta(120)


@given(
    st.lists(st.tuples(st.integers(1, 80), st.integers(0, 100)), min_size=1, max_size=5),
    st.integers(-20, 300),
    st.integers(1, 90),
)
def test_the_highest_share_is_that_of_the_highest_day(points, first: int, days: int) -> None:
    day, curve = AS_OF, []
    for gap, percent in points:
        day += timedelta(gap)
        curve.append(AdoptionPoint(day, float(percent)))
    begin = AS_OF + timedelta(first)
    each = [share_on(tuple(curve), begin + timedelta(offset)) for offset in range(days)]
    assert highest_share(tuple(curve), begin, begin + timedelta(days)) == pytest.approx(max(each))


def test_a_workload_that_must_end_by_a_day_ends_by_then_or_is_left_out() -> None:
    free = placement(planned(small()))
    whole_days = (free.end - free.start).days
    tight = planned(job(small(), "train", must_end=AS_OF + timedelta(whole_days)))
    assert placement(tight).end <= AS_OF + timedelta(whole_days)
    assert planned(job(small(), "train", must_end=AS_OF + timedelta(1))).plan.unplaced


def test_a_licence_that_names_the_service_opens_each_of_its_steps() -> None:
    chile = with_pools(growing(), "cl")
    assert planned(chile).plan.placements == ()
    held = Authorisation("L", "operating_licence", "Chile", "kiwi", ("cl", "serve"), date(2025, 1, 1))
    made = planned(replace(chile, authorisations=(held,)))
    assert {one.pool for one in made.plan.placements} == {"cl"}
    assert made.plan.unplaced == ()


def test_a_service_that_does_not_begin_within_the_horizon_is_told_as_left_out() -> None:
    portfolio = growing(release=small().horizon_until + timedelta(1))
    assert [one.workload for one in planned(portfolio).plan.unplaced] == ["serve"]


def test_a_record_about_a_service_without_demand_speaks_of_nothing_else() -> None:
    never = (AdoptionPoint(date(2026, 6, 1), 0.0),)
    portfolio = growing()
    demand = replace(portfolio.workloads[0].demand, adoption=never)
    portfolio = changed(portfolio, "workloads", "serve", demand=demand)
    train = replace(small().workloads[0], military_or_weapons_use=None)
    said = Attestation("workload.military_or_weapons_use", False, ("serve", "kiwi"), "she", date(2025, 1, 1), "a file")
    made = planned(replace(with_jobs(portfolio, train), attestations=(said,)))
    assert [one.workload for one in made.plan.unplaced] == ["train"]
