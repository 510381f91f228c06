"""Jobs that pause and jobs that run at two sites at once: the solver finds what full enumeration finds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from plan_oracle import least_objective_usd
from plan_problems import compound_problem, compound_problems

from lexloci.model.errors import PlanError
from lexloci.plan import solve as solving
from lexloci.plan.check import violations
from lexloci.plan.greedy import greedy_slots
from lexloci.plan.lone_bound import lone_bound_usd
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem, Share, Slot, SolverStatus
from lexloci.plan.repair import repair
from lexloci.plan.second_best import second_best
from lexloci.plan.solve import solve

A = PoolCapacity("a", "north", ((0, 30, 2),))
B = PoolCapacity("b", "south", ((0, 30, 2),))
PAUSED = Option("x@a", "x", "a", "north", 2, 20, 10.0, ((0, 30),), pauses_h=((6, 12),))
SPLIT = Option("x@a+b", "x", "a", "north", 2, 8, 10.0, ((0, 30),), also=(Share("b", "south", 2),))


def alone(option: Option, *others: Option) -> Problem:
    """One job with that option, and one more for each other."""
    names = [option.job, *(one.job for one in others)]
    jobs = tuple(Job(name, 1000.0, usd_per_hour_late=1.0, due_h=0) for name in dict.fromkeys(names))
    return Problem(jobs, (option, *others), (A, B), 30)


@settings(max_examples=60)
@given(compound_problems())
def test_solver_reaches_the_least_objective_of_full_enumeration(problem: Problem) -> None:
    schedule = solve(problem)
    assert violations(problem, schedule) == ()
    assert schedule.status is SolverStatus.OPTIMAL
    assert schedule.objective_usd == pytest.approx(least_objective_usd(problem), abs=1e-4)
    assert lone_bound_usd(problem) <= schedule.objective_usd + 1e-9


@settings(max_examples=60)
@given(compound_problems())
def test_greedy_keeps_every_condition(problem: Problem) -> None:
    slots = greedy_slots(problem)
    assert violations(problem, problem.schedule(slots, 0.0, SolverStatus.STOPPED)) == ()


def test_the_problems_hold_pauses_and_splits_that_are_taken() -> None:
    taken = [
        problem.option_by_id[slot.option]
        for problem in map(compound_problem, range(50))
        for slot in solve(problem).slots
    ]
    assert sum(bool(option.pauses_h) for option in taken) >= 8
    assert sum(bool(option.also) for option in taken) >= 8


def test_rounds_of_a_large_problem_are_sound_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "_FEW_OPTIONS", 0)
    monkeypatch.setattr(solving, "_MANY_OPTIONS", 0)
    for seed in range(12):
        problem = compound_problem(seed)
        schedule = solve(problem, time_limit_s=0.4)
        least_usd = least_objective_usd(problem)
        assert violations(problem, schedule) == (), seed
        assert schedule.bound_usd <= least_usd + 1e-6, seed
        assert schedule.objective_usd >= least_usd - 1e-6, seed


@settings(max_examples=25)
@given(compound_problems(2), compound_problems(2))
def test_repairs_and_second_bests_are_sound(before: Problem, after: Problem) -> None:
    former = solve(before)
    assert violations(after, repair(after, former.slots).schedule) == ()
    second = second_best(before, former)
    assert second is None or violations(before, second) == ()


def test_another_job_runs_while_one_is_paused() -> None:
    other = Option("y@a", "y", "a", "north", 2, 6, 10.0, ((0, 30),))
    schedule = solve(alone(PAUSED, other))
    assert {slot.job: slot.start_h for slot in schedule.slots} == {"x": 0, "y": 6}
    assert violations(alone(PAUSED, other), schedule) == ()
    late = replace(schedule, slots=(schedule.slots[0], Slot("y", "y@a", 7)))
    assert any("nodes run" in line for line in violations(alone(PAUSED, other), late))


def test_the_checker_refuses_a_pause_outside_of_the_job() -> None:
    problem = alone(PAUSED)
    slots = (Slot("x", "x@a", 8),)
    schedule = replace(problem.schedule((), 0.0, SolverStatus.STOPPED), slots=slots, unplaced=())
    assert any("its pause" in line for line in violations(problem, schedule))


def test_a_split_job_occupies_both_pools() -> None:
    other = Option("y@b", "y", "b", "south", 1, 6, 10.0, ((0, 8),))
    problem = alone(SPLIT, other)
    schedule = solve(problem)
    assert {slot.job: slot.start_h for slot in schedule.slots} == {"x": 6, "y": 0}
    both = replace(schedule, slots=(Slot("x", SPLIT.id, 0), Slot("y", "y@b", 0)))
    assert any("pool b" in line for line in violations(problem, both))


@pytest.mark.parametrize(
    "option",
    [
        replace(PAUSED, pauses_h=((6, 6),)),
        replace(PAUSED, pauses_h=((6, 8), (8, 9))),
        replace(SPLIT, also=(Share("b", "north", 1),)),
        replace(SPLIT, also=(Share("a", "north", 1),)),
        replace(SPLIT, also=(Share("z", "south", 1),)),
    ],
)
def test_an_option_without_meaning_is_refused(option: Option) -> None:
    with pytest.raises(PlanError, match=r"pause|share"):
        alone(option)
