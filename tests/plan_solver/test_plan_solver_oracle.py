"""On tiny problems the solver finds what full enumeration finds, and every promise of a schedule holds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from plan_oracle import least_objective_usd
from plan_problems import problems

from lexloci.plan.check import violations
from lexloci.plan.greedy import greedy_slots
from lexloci.plan.problem import Problem, SolverStatus
from lexloci.plan.solve import lone_bound_usd, solve

ROUNDING_USD = 1e-3
QUIET = {"deadline": None, "derandomize": True, "suppress_health_check": [HealthCheck.too_slow]}


@settings(max_examples=300, **QUIET)
@given(problems())
def test_solver_reaches_the_least_objective_of_full_enumeration(problem: Problem) -> None:
    schedule = solve(problem)
    assert violations(problem, schedule) == ()
    assert schedule.status is SolverStatus.OPTIMAL
    assert schedule.objective_usd == pytest.approx(least_objective_usd(problem), abs=1e-6)
    assert 0.0 <= schedule.gap_usd <= ROUNDING_USD


@settings(max_examples=300, **QUIET)
@given(problems(most_jobs=4))
def test_greedy_keeps_every_condition_and_bound_is_below_the_optimum(problem: Problem) -> None:
    least_usd = least_objective_usd(problem)
    schedule = problem.schedule(greedy_slots(problem), lone_bound_usd(problem), SolverStatus.STOPPED)
    assert violations(problem, schedule) == ()
    assert lone_bound_usd(problem) <= least_usd + 1e-9
    assert schedule.objective_usd >= least_usd - 1e-9
    assert schedule.bound_usd <= schedule.objective_usd
    assert schedule.gap_usd == schedule.objective_usd - schedule.bound_usd
