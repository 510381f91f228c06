"""On tiny problems the solver finds what full enumeration finds, and every promise of a schedule holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from plan_oracle import least_objective_usd
from plan_problems import problems, tiny_problem

from lexloci.plan.check import violations
from lexloci.plan.cp_model import CpSearch, Model
from lexloci.plan.greedy import greedy_slots
from lexloci.plan.lone_bound import lone_bound_usd
from lexloci.plan.problem import Problem, SolverStatus
from lexloci.plan.solve import solve

ROUNDING_USD = 1e-3


@settings(max_examples=100)
@given(problems())
def test_solver_reaches_the_least_objective_of_full_enumeration(problem: Problem) -> None:
    schedule = solve(problem)
    assert violations(problem, schedule) == ()
    assert schedule.status is SolverStatus.OPTIMAL
    assert schedule.objective_usd == pytest.approx(least_objective_usd(problem), abs=1e-6)
    assert 0.0 <= schedule.gap_usd <= ROUNDING_USD


@pytest.mark.parametrize("seeds", [range(100), range(100, 200)], ids=str)
def test_the_model_alone_without_greedy_reaches_the_least_objective_and_proves_it(seeds: range) -> None:
    for seed in seeds:
        problem = tiny_problem(seed)
        search = CpSearch(Model(problem), work=60.0, seed=1, workers=1)
        nothing = problem.schedule((), 0.0, SolverStatus.STOPPED)
        status = search.run(None, None, nothing, 600.0)
        schedule = problem.schedule(search.slots(), search.bound_usd(), status)
        assert violations(problem, schedule) == (), seed
        assert status is SolverStatus.OPTIMAL, seed
        assert schedule.objective_usd == pytest.approx(least_objective_usd(problem), abs=1e-6), seed
        assert schedule.gap_usd <= ROUNDING_USD, seed
        assert search.bound_usd() <= schedule.objective_usd + 1e-9, seed


@settings(max_examples=100)
@given(problems())
def test_greedy_keeps_every_condition_and_the_lone_bound_is_below_the_optimum(problem: Problem) -> None:
    least_usd = least_objective_usd(problem)
    schedule = problem.schedule(greedy_slots(problem), lone_bound_usd(problem), SolverStatus.STOPPED)
    assert violations(problem, schedule) == ()
    assert lone_bound_usd(problem) <= least_usd + 1e-9
    assert schedule.objective_usd >= least_usd - 1e-9
    assert schedule.bound_usd <= schedule.objective_usd
    assert schedule.gap_usd == schedule.objective_usd - schedule.bound_usd


def test_the_tiny_problems_are_hard_enough_to_tell_right_from_wrong() -> None:
    tiny = [tiny_problem(seed) for seed in range(150)]
    greedy_usd = [problem.objective(greedy_slots(problem)).objective_usd for problem in tiny]
    assert sum(usd > lone_bound_usd(problem) for problem, usd in zip(tiny, greedy_usd, strict=True)) >= 25
    assert sum(usd > least_objective_usd(problem) + 1e-9 for problem, usd in zip(tiny, greedy_usd, strict=True)) >= 10
