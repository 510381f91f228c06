"""Leases and purchases: the solver takes what full enumeration takes, and the checker refuses what breaks a quote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from plan_oracle import least_objective_usd
from plan_problems import quoted_problem, quoted_problems

from lexloci.model.errors import PlanError
from lexloci.plan import solve as solving
from lexloci.plan.check import violations
from lexloci.plan.lone_bound import lone_bound_usd
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem, SolverStatus
from lexloci.plan.quotes import Quote
from lexloci.plan.solve import solve

HORIZON_H = 40
POOL = PoolCapacity("a", "north", ())


def leased(*quotes: Quote, hours: int = 10, window: tuple[int, int] = (0, HORIZON_H)) -> Problem:
    """One job of two nodes in a pool that has nothing but what is leased."""
    option = Option("x@a", "x", "a", "north", nodes=2, hours=hours, usd=5.0, windows_h=(window,))
    return Problem((Job("x", 1000.0),), (option,), (POOL,), HORIZON_H, quotes=quotes)


@settings(max_examples=50)
@given(quoted_problems())
def test_solver_reaches_the_least_objective_of_full_enumeration_with_quotes(problem: Problem) -> None:
    schedule = solve(problem)
    assert violations(problem, schedule) == ()
    assert schedule.status is SolverStatus.OPTIMAL
    assert schedule.objective_usd == pytest.approx(least_objective_usd(problem), abs=1e-4)
    assert lone_bound_usd(problem) <= schedule.objective_usd + 1e-9


def test_the_quoted_problems_take_quotes_and_the_price_of_them_decides() -> None:
    solved = [(problem, solve(problem)) for problem in map(quoted_problem, range(40))]
    assert sum(bool(schedule.quotes) for _, schedule in solved) >= 10
    free = [solve(problem.widest).objective_usd for problem, _ in solved]
    assert sum(usd + 0.01 < one.objective_usd for usd, (_, one) in zip(free, solved, strict=True)) >= 10


def test_rounds_of_a_large_problem_with_quotes_are_sound_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "_FEW_OPTIONS", 0)
    monkeypatch.setattr(solving, "_MANY_OPTIONS", 0)
    reached = 0
    for seed in range(12):
        problem = quoted_problem(seed)
        schedule = solve(problem, time_limit_s=0.4)
        least_usd = least_objective_usd(problem)
        assert violations(problem, schedule) == (), seed
        assert schedule.bound_usd <= least_usd + 1e-6, seed
        assert schedule.objective_usd >= least_usd - 1e-6, seed
        reached += schedule.objective_usd <= least_usd + 1e-6
    assert reached >= 8


def test_a_lease_is_paid_for_its_minimum_term_though_the_job_is_shorter() -> None:
    schedule = solve(leased(Quote("q", "a", 2, (0, 20), least_hours=25, usd_per_hour=2.0)))
    assert schedule.parts.quotes_usd == 50.0
    assert [(one.quote, one.end_h - one.start_h) for one in schedule.quotes] == [("q", 25)]


def test_a_term_that_passes_the_horizon_is_paid_whole() -> None:
    schedule = solve(leased(Quote("q", "a", 2, (35, 36), least_hours=100, usd_per_hour=2.0), hours=3))
    assert schedule.quotes[0].end_h == 135
    assert schedule.parts.quotes_usd == 200.0


def test_of_dated_and_sized_steps_the_cheapest_that_serves_is_taken() -> None:
    early = Quote("early", "a", 2, (0, 10), least_hours=20, usd_per_hour=3.0)
    late = Quote("late", "a", 2, (10, 30), least_hours=20, usd_per_hour=2.0)
    small = Quote("small", "a", 1, (0, 30), least_hours=1, usd_per_hour=0.1)
    large = Quote("large", "a", 8, (0, 30), least_hours=20, usd_per_hour=1.5)
    assert solve(leased(early, late, small)).quotes[0].quote == "late"
    assert solve(leased(early, late, small, window=(0, 12))).quotes[0].quote == "early"
    assert solve(leased(early, late, small, large)).quotes[0].quote == "large"
    assert solve(leased(small)).unplaced == ("x",)


def test_a_purchase_is_there_after_its_lead_time_and_is_paid_once() -> None:
    bought = Quote("buy", "a", 2, (15, 16), usd=300.0)
    schedule = solve(leased(bought))
    assert schedule.slots[0].start_h >= 15
    assert schedule.parts.quotes_usd == 300.0
    assert solve(leased(replace(bought, usd=1500.0))).unplaced == ("x",)
    assert solve(leased(bought, window=(0, 20))).unplaced == ("x",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start_h": 30}, "outside"),
        ({"end_h": 14}, "minimum term"),
        ({"usd": 1.0}, "computed"),
        ({"quote": "other"}, "no such quote"),
        ({"start_h": 9, "end_h": 34}, "steps of 2"),
    ],
)
def test_the_checker_refuses_a_quote_that_is_not_kept(change, said: str) -> None:
    problem = leased(Quote("q", "a", 2, (0, 20), least_hours=25, usd_per_hour=2.0, step_h=2, last_end_h=38))
    schedule = solve(problem)
    broken = replace(schedule, quotes=(replace(schedule.quotes[0], **change),))
    assert any(said in line for line in violations(problem, broken))


def test_the_checker_refuses_two_quotes_of_a_pool_and_nodes_that_nobody_leased() -> None:
    quotes = (Quote("q", "a", 2, (0, 20), usd=1.0), Quote("r", "a", 2, (0, 20), usd=2.0))
    problem = leased(*quotes)
    schedule = solve(problem)
    both = replace(schedule, quotes=(*schedule.quotes, replace(schedule.quotes[0], quote="r", usd=2.0)))
    assert any("more than one quote" in line for line in violations(problem, both))
    assert any("nodes run" in line for line in violations(problem, replace(schedule, quotes=())))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pool": "b"}, "no pool"),
        ({"nodes": 0}, "too small"),
        ({"begins_h": (3, 3)}, "holds no hour"),
        ({"usd": float("inf")}, "no finite figure"),
    ],
)
def test_a_quote_without_meaning_is_refused_in_a_line(change, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        leased(replace(Quote("q", "a", 2, (0, 20)), **change))
