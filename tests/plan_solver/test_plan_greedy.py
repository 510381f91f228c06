"""The greedy schedule is sound at once, looks ahead along chains, and leaves out only what costs more to place."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice, pairwise
from math import inf
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_instances import DATA, read_instance
from plan_problems import compound_problems

from lexloci.plan.check import violations
from lexloci.plan.greedy import Profile, Serial, greedy_slots, improvements
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem, Slot, SolverStatus

POOLS = (PoolCapacity("a", "north", ((0, 100, 1),)), PoolCapacity("b", "north", ((0, 100, 1),)))


def run(job: str, pool: str, hours: int, usd: float) -> Option:
    return Option(f"{job}@{pool}", job, pool, "north", nodes=1, hours=hours, usd=usd, windows_h=((0, 100),))


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.integers(1, 4), st.integers(1, 2)), max_size=6),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_a_profile_agrees_with_counting_hour_by_hour(
    capacity: list[int], takes: list[tuple[int, int, int]], hours: int, amount: int
) -> None:
    profile = Profile(tuple((hour, hour + 1, nodes) for hour, nodes in enumerate(capacity)))
    free = list(capacity)
    for start, length, take in takes:
        run_h = range(start, start + length)
        if run_h.stop <= len(free) and all(free[hour] >= take for hour in run_h):
            assert profile.first_conflict_end(start, run_h.stop, take) is None
            profile.take(start, run_h.stop, take)
            for hour in run_h:
                free[hour] -= take
    for start in range(len(free) - hours + 1):
        lacking = [hour for hour in range(start, start + hours) if free[hour] < amount]
        end = profile.first_conflict_end(start, start + hours, amount)
        assert (end is None) == (not lacking)
        if end is not None:
            assert end > lacking[-1]
            assert all(free[hour] < amount for hour in range(lacking[-1], min(end, len(free))))


@settings(max_examples=300)
@given(compound_problems(most_jobs=5), st.integers(-1, 11), st.sampled_from([inf, 4, 7]))
def test_the_earliest_start_is_the_first_hour_at_which_a_plan_stays_sound(
    problem: Problem, ready_h: int, before_h: float
) -> None:
    """Beside a plan in part, an option without ties fits at an hour if the checker finds nothing wrong with that."""
    problem = replace(problem, quotes=())
    plan = [slot for slot in greedy_slots(problem) if not problem.job_by_id[slot.job].after][:2]
    serial = Serial(problem)
    for slot in plan:
        serial.place(problem.option_by_id[slot.option], slot.start_h)
    for option in problem.options:
        if option.job in serial.slots or problem.job_by_id[option.job].after:
            continue
        sound = (
            hour
            for hour in range(max(0, ready_h), problem.horizon_h)
            if hour < before_h and is_sound(problem, [*plan, Slot(option.job, option.id, hour)])
        )
        assert serial.earliest_start(option, max(0, ready_h), before_h) == next(sound, None)


def is_sound(problem: Problem, slots: list[Slot]) -> bool:
    return violations(problem, problem.schedule(slots, 0.0, SolverStatus.STOPPED)) == ()


def test_the_cheaper_option_is_taken_when_nothing_is_late() -> None:
    problem = Problem((Job("x", 500.0),), (run("x", "a", 5, 20.0), run("x", "b", 50, 10.0)), POOLS, horizon_h=100)
    assert greedy_slots(problem) == (Slot("x", "x@b", 0),)


def test_the_faster_option_is_taken_when_lateness_costs_more() -> None:
    job = Job("x", 500.0, due_h=10, usd_per_hour_late=1.0)
    problem = Problem((job,), (run("x", "a", 5, 20.0), run("x", "b", 50, 10.0)), POOLS, horizon_h=100)
    assert greedy_slots(problem) == (Slot("x", "x@a", 0),)


def test_the_faster_option_is_taken_when_a_job_that_waits_would_be_late() -> None:
    jobs = (Job("x", 500.0), Job("y", 500.0, due_h=10, usd_per_hour_late=1.0, after=("x",)))
    options = (run("x", "a", 5, 20.0), run("x", "b", 50, 10.0), run("y", "a", 5, 1.0))
    assert greedy_slots(Problem(jobs, options, POOLS, horizon_h=100)) == (Slot("x", "x@a", 0), Slot("y", "y@a", 5))


def test_a_job_dearer_than_its_penalty_is_left_out() -> None:
    assert greedy_slots(Problem((Job("x", 9.0),), (run("x", "a", 5, 10.0),), POOLS, horizon_h=100)) == ()


def test_a_dear_job_is_placed_for_the_sake_of_one_that_waits() -> None:
    problem = Problem(
        (Job("x", 9.0), Job("y", 50.0, after=("x",))),
        (run("x", "a", 5, 10.0), run("y", "a", 5, 1.0)),
        POOLS,
        horizon_h=100,
    )
    assert [slot.job for slot in greedy_slots(problem)] == ["x", "y"]


def test_a_predecessor_stated_twice_counts_once() -> None:
    jobs = (Job("x", 500.0), Job("y", 500.0, after=("x", "x")))
    problem = Problem(jobs, (run("x", "a", 5, 1.0), run("y", "a", 5, 1.0)), POOLS, horizon_h=100)
    assert greedy_slots(problem) == (Slot("x", "x@a", 0), Slot("y", "y@a", 5))


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json.gz")), ids=lambda path: path.name)
def test_greedy_on_a_fixed_instance_breaks_nothing_and_is_the_same_in_any_order_of_jobs(path: Path) -> None:
    problem = read_instance(path)
    slots = greedy_slots(problem)
    assert violations(problem, problem.schedule(slots, 0.0, SolverStatus.STOPPED)) == ()
    assert len(slots) >= 0.8 * len(problem.jobs)
    turned = replace(problem, jobs=problem.jobs[::-1], options=problem.options[::-1])
    assert greedy_slots(turned) == slots


def test_further_rounds_never_grow_dearer_break_nothing_and_follow_the_seed() -> None:
    problem = read_instance(DATA / "w100-seed0.json.gz")
    rounds = list(islice(improvements(problem, seed=3), 120))
    assert rounds[0] == greedy_slots(problem)
    usd = [problem.objective(slots).objective_usd for slots in rounds]
    assert all(after <= before for before, after in pairwise(usd))
    assert usd[-1] < 0.95 * usd[0]
    assert violations(problem, problem.schedule(rounds[-1], 0.0, SolverStatus.STOPPED)) == ()
    assert list(islice(improvements(problem, seed=3), 120)) == rounds
    assert list(islice(improvements(problem, seed=4), 120)) != rounds


def test_without_jobs_there_is_one_round() -> None:
    assert list(improvements(Problem((), (), (), horizon_h=5), seed=1)) == [()]
