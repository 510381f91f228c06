"""The steps of room hold what the hours hold, and the labels of a chain find what the walk over all hours finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_problems import problems

from lexloci.plan.chains import Tree, branches
from lexloci.plan.compiled.engine import Search
from lexloci.plan.compiled.labels import best_chain
from lexloci.plan.compiled.room import Room, first_fit, room, take
from lexloci.plan.compiled.search import _limit, usd_of_tree
from lexloci.plan.compiled.tables import Starts, no_plan
from lexloci.plan.greedy import greedy_slots
from lexloci.plan.grid import Grid, GridJob, GridOption, Places
from lexloci.plan.neighbourhood import free_amounts
from lexloci.plan.problem import Problem


def hours_of(steps: Room, resource: int) -> list[int]:
    begins = steps.begin[resource, : steps.size[resource]]
    assert steps.free[resource, steps.size[resource] - 1] < 0
    return np.repeat(steps.free[resource, : begins.size - 1], np.diff(begins)).tolist()


def fits(option: GridOption, start: int, free: np.ndarray) -> bool:
    return option.may_start(start) and all(
        (free[resource, start : start + option.hours] >= amount).all() for resource, amount in option.uses
    )


def beginning(problem: Problem) -> tuple[Grid, Search]:
    grid, slots = Grid(problem), greedy_slots(problem)
    search = Search(grid, 1)
    search.begin_at(slots, problem.objective(slots).objective_usd)
    return grid, search


@given(problems())
def test_room_holds_what_a_plan_leaves_and_all_again_when_the_plan_is_taken_back(problem: Problem) -> None:
    grid, search = beginning(problem)
    free = free_amounts(grid, grid.places(search.slots()))
    for resource in range(len(grid.resources)):
        assert hours_of(search.room, resource) == free[resource].tolist()
    for job in range(len(grid.jobs)):
        if search.plan.option[job] >= 0:
            take(search.tables, search.plan.option[job], search.plan.start_h[job], search.room, -1)
    whole = room(grid.capacity, len(grid.jobs))
    assert (search.room.size == whole.size).all()
    for resource in range(len(grid.resources)):
        assert hours_of(search.room, resource) == grid.capacity[resource].tolist()


@given(problems(), st.integers(0, 30))
def test_the_first_fit_is_the_first_hour_at_which_an_option_fits(problem: Problem, begin: int) -> None:
    grid, search = beginning(problem)
    free = free_amounts(grid, grid.places(search.slots()))
    for number, option in enumerate(search.options):
        start, high = max(begin, option.first), option.after_last
        expected = next((hour for hour in range(start, high) if fits(option, hour, free)), max(start, high))
        found = first_fit(search.tables, number, start, high, search.room)
        assert max(start, found) == expected


def assert_least(search: Search, number: int, starts: Starts, expected: float) -> None:
    """Labels put the chain back for the cost expected, and for nothing below it; infinity: for nothing at all."""
    t, ground = search.tables, search.ground
    new, state = no_plan(len(search.grid.jobs)), np.zeros(2, dtype=np.int64)
    for most_usd, is_there in ((expected + 1e-6, expected < np.inf), (expected - 1e-3, False)):
        found = best_chain(
            t,
            ground.trees,
            number,
            starts,
            ground.rest,
            min(most_usd, 1e12),
            search.charged,
            0.0,
            search.room,
            search.work.labels,
            new,
            state,
        )
        assert found == is_there
        if found:
            assert usd_of_tree(t, ground.trees, number, new) == pytest.approx(expected, abs=1e-6)


@settings(max_examples=200)
@given(problems(), st.integers(0, 2**32))
def test_labels_find_the_cost_that_the_walk_over_all_hours_finds(problem: Problem, seed: int) -> None:
    grid, search = beginning(problem)
    t, ground, plan = search.tables, search.ground, search.plan
    starts = Starts(t.low.copy(), t.high.copy(), np.zeros(len(grid.jobs), dtype=np.int64))
    chains = [number for number in range(ground.least.size) if has_no_ties(search, number)]
    if not chains:
        return
    number = chains[seed % len(chains)]
    jobs = ground.trees.job[ground.trees.begin[number] : ground.trees.begin[number + 1]].tolist()
    for job in jobs:
        if plan.option[job] >= 0:
            take(t, plan.option[job], plan.start_h[job], search.room, -1)
            plan.option[job] = -1
    left = {job: place for job, place in grid.places(search.slots()).items() if job not in jobs}
    free = free_amounts(grid, left)

    def price_of(job: GridJob) -> list[np.ndarray]:
        return [
            np.array(
                [
                    option.usd + job.late_usd(hour + option.hours) if fits(option, hour, free) else np.inf
                    for hour in range(option.first, option.after_last)
                ]
            )
            for option in job.options
        ]

    expected = Tree(grid, branches(grid, jobs), price_of).usd
    assert expected < np.inf
    assert_least(search, number, starts, expected)


@settings(max_examples=300)
@given(problems(most_jobs=4), st.integers(0, 2**32))
def test_labels_lose_nothing_that_trying_everything_finds(problem: Problem, seed: int) -> None:
    """Ties with other chains too: what waits for a job elsewhere and has a place must not lose its predecessor."""
    grid, search = beginning(problem)
    t, ground, plan = search.tables, search.ground, search.plan
    if not ground.least.size:
        return
    number = seed % ground.least.size
    jobs = ground.trees.job[ground.trees.begin[number] : ground.trees.begin[number + 1]].tolist()
    jobs.sort(key=lambda job: len(before_all(grid, job)))
    for job in jobs:
        if plan.option[job] >= 0:
            take(t, plan.option[job], plan.start_h[job], search.room, -1)
            plan.option[job] = -1
    left = {job: place for job, place in grid.places(search.slots()).items() if job not in jobs}
    expected = least_by_trying(grid, left, jobs, free_amounts(grid, left))
    _limit(t, ground, number, plan, search.work.starts)
    assert_least(search, number, search.work.starts, expected)


def before_all(grid: Grid, job: int) -> set[int]:
    """All that a job waits for, directly or not."""
    found: set[int] = set()
    for other in grid.jobs[job].before:
        found |= {other} | before_all(grid, other)
    return found


def least_by_trying(
    grid: Grid, left: Places, jobs: list[int], free: np.ndarray, last: tuple[GridOption, int] | None = None
) -> float:
    """The least that the jobs of a chain can cost beside places that are kept: every option at every hour."""
    if not jobs:
        return 0.0
    followers = [other for job in jobs for other in grid.jobs[job].after if other in left]
    best = np.inf if followers else sum(grid.jobs[job].out_usd for job in jobs)
    job = grid.jobs[jobs[0]]
    chain_before = () if last is None else (last[0].job,)
    if any(other not in left for other in job.before if other not in chain_before):
        return best
    for option in job.options:
        for hour in range(option.first, option.after_last):
            before = [left[other] for other in job.before if other in left] + ([] if last is None else [last])
            after = [left[other] for other in job.after if other in left]
            if (
                fits(option, hour, free)
                and all(in_order(grid, one, (option, hour)) for one in before)
                and all(in_order(grid, (option, hour), one) for one in after)
            ):
                own_usd = option.usd + job.late_usd(hour + option.hours)
                best = min(best, own_usd + least_by_trying(grid, left, jobs[1:], free, (option, hour)))
    return float(best)


def in_order(grid: Grid, one: tuple[GridOption, int], other: tuple[GridOption, int]) -> bool:
    delay = grid.delay_h(one[0].job, one[0].site, other[0].site)
    return delay is not None and one[1] + one[0].hours + delay <= other[1]


def has_no_ties(search: Search, number: int) -> bool:
    begin, jobs = search.ground.outside.begin, search.ground.trees.job
    span = range(search.ground.trees.begin[number], search.ground.trees.begin[number + 1])
    return all(begin[jobs[at]] == begin[jobs[at] + 1] for at in span)
