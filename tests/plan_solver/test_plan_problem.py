"""A problem says when an option may start, and refuses what has no meaning in one line that says how to mend it."""

from __future__ import annotations

import doctest
import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_problems import HORIZON_H, problems

from lexloci.model.errors import PlanError
from lexloci.plan import problem
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem, SitePower, Slot, SolverStatus

JOB = Job("train", usd_if_unplaced=1000.0, release_h=2, due_h=10, usd_per_hour_late=5.0)
OPTION = Option("train@a", "train", "a", "here", nodes=2, hours=3, usd=100.0, windows_h=((0, 24),))
POOL = PoolCapacity("a", "here", ((0, 24, 4),))
PROBLEM = Problem((JOB,), (OPTION,), (POOL,), horizon_h=24)


def test_the_example_of_the_module_is_true() -> None:
    assert doctest.testmod(problem).failed == 0


@given(problems())
def test_start_intervals_are_the_hours_at_which_the_option_fits_an_empty_world(problem: Problem) -> None:
    for option in problem.options:
        job = problem.job_by_id[option.job]
        said = {hour for first, end in problem.start_intervals(option) for hour in range(first, end)}
        limits = [limit.kw for limit in problem.power if limit.site == option.site]
        expected = set()
        for start in range(-2, HORIZON_H + 1):
            hours = range(start, start + option.hours)
            pool = next((pool for pool in problem.pools if pool.id == option.pool), None)
            fits = (
                start >= max(0, job.release_h)
                and start + option.hours <= HORIZON_H
                and any(first <= start and start + option.hours <= end for first, end in option.windows_h)
                and all(option.kw <= kw for kw in limits)
                and (
                    pool is None
                    or all(
                        any(
                            first <= hour < end and nodes >= option.nodes
                            for first, end, nodes in pool.nodes_by_interval
                        )
                        for hour in hours
                    )
                )
            )
            if fits:
                expected.add(start)
        assert said == expected


@given(problems())
def test_start_intervals_are_disjoint_and_in_order(problem: Problem) -> None:
    for option in problem.options:
        flat = [hour for interval in problem.start_intervals(option) for hour in interval]
        assert flat == sorted(set(flat))


def test_touching_windows_are_not_joined() -> None:
    option = replace(OPTION, windows_h=((0, 4), (4, 8)))
    problem = replace(PROBLEM, options=(option,))
    assert problem.start_intervals(option) == ((4, 6),)
    early = replace(PROBLEM, jobs=(replace(JOB, release_h=0),), options=(option,))
    assert early.start_intervals(option) == ((0, 2), (4, 6))


def test_a_pool_that_shrinks_but_keeps_enough_nodes_does_not_cut_a_run() -> None:
    pool = PoolCapacity("a", "here", ((0, 4, 4), (4, 8, 2), (8, 24, 1)))
    problem = replace(PROBLEM, pools=(pool,))
    assert pool.intervals_with(2) == ((0, 8),)
    assert pool.intervals_with(3) == ((0, 4),)
    assert pool.intervals_with(5) == ()
    assert pool.most_nodes == 4
    assert problem.start_intervals(OPTION) == ((2, 6),)


def test_a_pool_without_intervals_has_no_nodes() -> None:
    assert PoolCapacity("a", "here", ()).most_nodes == 0


def test_delay_is_zero_within_a_site_and_unknown_between_sites_unless_stated() -> None:
    own = replace(JOB, id="own", delay_h={("here", "there"): 7, ("here", "here"): 1})
    problem = Problem((JOB, own), (), (), horizon_h=24, delay_h={("here", "far"): 3})
    assert problem.delay_between("train", "here", "here") == 0
    assert problem.delay_between("train", "here", "far") == 3
    assert problem.delay_between("train", "here", "there") is None
    assert problem.delay_between("own", "here", "there") == 7
    assert problem.delay_between("own", "here", "here") == 1
    assert problem.delay_between("own", "here", "far") is None


def test_each_late_hour_costs_and_no_early_one_earns() -> None:
    assert PROBLEM.lateness_usd(JOB, 10) == 0.0
    assert PROBLEM.lateness_usd(JOB, 4) == 0.0
    assert PROBLEM.lateness_usd(JOB, 13) == 15.0
    assert PROBLEM.lateness_usd(replace(JOB, due_h=None), 13) == 0.0


def test_a_schedule_sums_its_parts_sorts_its_slots_and_never_states_a_bound_above_the_objective() -> None:
    other = Job("serve", usd_if_unplaced=50.0)
    second = replace(OPTION, id="serve@a", job="serve", usd=7.0)
    out = Job("out", usd_if_unplaced=11.0)
    problem = Problem((JOB, out, other), (OPTION, second), (POOL,), horizon_h=24)
    schedule = problem.schedule((Slot("train", "train@a", 9), Slot("serve", "serve@a", 0)), 1e9, SolverStatus.STOPPED)
    assert [slot.job for slot in schedule.slots] == ["serve", "train"]
    assert schedule.unplaced == ("out",)
    assert (schedule.parts.cost_usd, schedule.parts.lateness_usd, schedule.parts.unplaced_usd) == (107.0, 10.0, 11.0)
    assert schedule.objective_usd == schedule.bound_usd == 128.0
    assert schedule.gap_usd == 0.0


@given(st.integers(0, 10**7))
def test_power_counts_in_whole_watts_rounded_to_the_safe_side(watts: int) -> None:
    assert replace(OPTION, kw=watts / 1000).watts == SitePower("here", watts / 1000).watts == watts
    assert replace(OPTION, kw=(watts + 0.25) / 1000).watts == watts + 1
    assert SitePower("here", (watts + 0.75) / 1000).watts == watts


def test_jobs_in_order_puts_each_job_after_its_predecessors() -> None:
    jobs = (Job("c", 1.0, after=("b", "a")), Job("b", 1.0, after=("a",)), Job("a", 1.0))
    assert [job.id for job in Problem(jobs, (), (), horizon_h=1).jobs_in_order] == ["a", "b", "c"]


def job(**changes: object) -> Callable[[], Problem]:
    return lambda: replace(PROBLEM, jobs=(replace(JOB, **changes),))


def option(**changes: object) -> Callable[[], Problem]:
    return lambda: replace(PROBLEM, options=(replace(OPTION, **changes),))


def pool(*intervals: tuple[int, int, int]) -> Callable[[], Problem]:
    return lambda: replace(PROBLEM, pools=(replace(POOL, nodes_by_interval=intervals),))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: replace(PROBLEM, jobs=(JOB, JOB)), "jobs 'train': stated twice"),
        (lambda: replace(PROBLEM, options=(OPTION, OPTION)), "options 'train@a': stated twice"),
        (lambda: replace(PROBLEM, pools=(POOL, POOL)), "pools 'a': stated twice"),
        (lambda: replace(PROBLEM, power=(SitePower("x", 1.0), SitePower("x", 2.0))), "power 'x': stated twice"),
        (lambda: replace(PROBLEM, power=(SitePower("x", -1.0),)), "power of site 'x' is -1.0 kW"),
        (lambda: replace(PROBLEM, power=(SitePower("x", math.nan),)), "power of site 'x' is nan kW"),
        (lambda: replace(PROBLEM, horizon_h=-1), "horizon_h is -1"),
        (lambda: replace(PROBLEM, delay_h={("a", "b"): -1}), "delay_h from 'a' to 'b' is -1"),
        (job(delay_h={("a", "b"): -1}), "job 'train': delay_h from 'a' to 'b' is -1"),
        (job(usd_if_unplaced=-1.0), "job 'train': usd_if_unplaced is -1.0"),
        (job(usd_if_unplaced=math.inf), "job 'train': usd_if_unplaced is inf"),
        (job(usd_per_hour_late=math.nan), "job 'train': usd_per_hour_late is nan"),
        (job(after=("nobody",)), "job 'train': after 'nobody', which is no job"),
        (job(after=("train",)), "'train' before 'train'"),
        (option(job="nobody"), "option 'train@a': job 'nobody' is no job"),
        (option(hours=0), "option 'train@a': hours is 0"),
        (option(usd=-1.0), "option 'train@a': usd is -1.0"),
        (option(kw=math.inf), "option 'train@a': kw is inf"),
        (option(windows_h=((3, 3),)), "window [3, 3) is empty"),
        (option(pool=None), "2 nodes of no pool"),
        (option(pool="z"), "pool 'z' is no pool"),
        (option(site="there"), "pool 'a' is not at site 'there'"),
        (option(nodes=0), "0 nodes of pool 'a'"),
        (pool((0, 0, 1)), "interval (0, 0, 1)"),
        (pool((0, 4, -1)), "interval (0, 4, -1)"),
        (pool((0, 4, 1), (3, 5, 1)), "interval (3, 5, 1)"),
    ],
)
def test_what_has_no_meaning_is_refused_in_one_line(make: Callable[[], Problem], said: str) -> None:
    with pytest.raises(PlanError) as refused:
        make()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_circle_of_jobs_is_named() -> None:
    jobs = (Job("a", 1.0, after=("c",)), Job("b", 1.0, after=("a",)), Job("c", 1.0, after=("b",)))
    with pytest.raises(
        PlanError,
        match=r"circle.*'a' before 'b' before 'c'|circle.*'b' before 'c' before 'a'|"
        r"circle.*'c' before 'a' before 'b'",
    ):
        Problem(jobs, (), (), horizon_h=1)
