"""The solver proves the fixed instances, keeps its limits, stops when told, and never returns nothing."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from plan_instances import DATA, read_instance

from lexloci.model.errors import PlanError
from lexloci.plan.check import violations
from lexloci.plan.cp_model import units_per_usd
from lexloci.plan.greedy import greedy_slots, list_schedules
from lexloci.plan.lone_bound import lone_bound_usd
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem, Slot, SolverStatus
from lexloci.plan.solve import solve

POOL = PoolCapacity("a", "north", ((0, 100, 4),))


def run(job: str, hours: int = 5, usd: float = 10.0, windows_h: tuple[tuple[int, int], ...] = ((0, 100),)) -> Option:
    return Option(f"{job}@a", job, "a", "north", nodes=4, hours=hours, usd=usd, windows_h=windows_h)


@cache
def instance(name: str) -> Problem:
    return read_instance(DATA / f"{name}.json.gz")


@pytest.mark.parametrize(("name", "optimum_usd"), [("w20-seed0", 201_554.04), ("w20-seed1", 150_665.25)])
def test_twenty_workloads_are_proven_optimal(name: str, optimum_usd: float) -> None:
    schedule = solve(instance(name))
    assert schedule.status is SolverStatus.OPTIMAL
    assert schedule.objective_usd == pytest.approx(optimum_usd, abs=0.01)
    assert 0.0 <= schedule.gap_usd < 0.01
    assert violations(instance(name), schedule) == ()


def test_the_search_beats_the_greedy_plan_that_it_starts_from() -> None:
    problem = instance("w20-seed0")
    assert solve(problem).objective_usd < 0.9 * problem.objective(greedy_slots(problem)).objective_usd


@pytest.mark.slow
def test_a_hundred_workloads_under_a_small_limit_get_a_sound_plan_no_worse_than_greedy() -> None:
    problem = instance("w100-seed0")
    schedule = solve(problem, time_limit_s=2.0)
    assert violations(problem, schedule) == ()
    assert schedule.status in (SolverStatus.WORK_LIMIT, SolverStatus.TIME_LIMIT)
    assert schedule.objective_usd <= problem.objective(greedy_slots(problem)).objective_usd
    assert lone_bound_usd(problem) <= schedule.bound_usd <= schedule.objective_usd
    # a plan found by another program (CP-SAT, 60 s, two workers) bounds the bound from above
    assert schedule.bound_usd <= 542_006


def test_same_seed_same_answer() -> None:
    first, second = (solve(instance("w20-seed0"), seed=7) for _ in range(2))
    assert first == second


def test_the_clock_ends_a_search_only_where_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine on which an hour passes between two looks at the clock, the work alone gives the usual answer."""
    usual = solve(instance("w20-seed0"), time_limit_s=1.0)
    hours = itertools.count(0, 3600)
    monkeypatch.setattr(sys.modules[solve.__module__], "monotonic", lambda: float(next(hours)))
    assert solve(instance("w20-seed0"), time_limit_s=1.0).status is SolverStatus.TIME_LIMIT
    assert solve(instance("w20-seed0"), time_limit_s=1.0, by_clock=False) == usual


def test_progress_never_grows_worse_and_ends_at_the_answer() -> None:
    seen: list[tuple[float, float]] = []
    schedule = solve(instance("w20-seed0"), progress=lambda objective, bound: seen.append((objective, bound)))
    assert len(seen) > 1
    for (objective, bound), (next_objective, next_bound) in itertools.pairwise(seen):
        assert next_objective <= objective
        assert next_bound >= bound
    assert seen[-1][0] == pytest.approx(schedule.objective_usd, abs=0.01)
    assert all(bound <= objective + 1e-6 for objective, bound in seen)


def test_the_first_plan_that_is_told_places_something() -> None:
    problem = instance("w20-seed0")
    seen: list[float] = []
    solve(problem, progress=lambda objective, _bound: seen.append(objective))
    assert seen[0] == problem.objective(next(list_schedules(problem))).objective_usd
    assert seen[0] < problem.objective(()).objective_usd


def test_an_error_in_progress_reaches_the_caller_and_ends_the_search() -> None:
    before = threading.active_count()

    def fail(_objective: float, _bound: float) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        solve(instance("w20-seed0"), progress=fail)
    assert threading.active_count() == before


def test_a_stop_set_before_gives_the_first_list_schedule() -> None:
    stop = threading.Event()
    stop.set()
    problem = instance("w100-seed0")
    schedule = solve(problem, stop=stop)
    assert schedule.status is SolverStatus.STOPPED
    first = next(list_schedules(problem))
    assert schedule.slots == tuple(sorted(first, key=lambda slot: (slot.start_h, slot.job)))
    assert violations(problem, schedule) == ()


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["greedy", "solver"])
def test_a_stop_set_during_the_search_ends_it_long_before_the_limit(phase: str) -> None:
    stop = threading.Event()
    problem = instance("w100-seed0")
    first_bound = lone_bound_usd(problem)
    bounds: list[float] = []

    def stop_in_phase(_objective: float, bound: float) -> None:
        bounds.append(bound)
        # only the solver raises the bound above that of each job alone
        if len(bounds) == 2 if phase == "greedy" else bound > first_bound:
            stop.set()

    schedule = solve(problem, time_limit_s=36_000.0, progress=stop_in_phase, stop=stop)
    assert schedule.status is SolverStatus.STOPPED
    assert violations(problem, schedule) == ()
    assert (schedule.bound_usd > first_bound) == (phase == "solver")


_INTERRUPTED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from plan_instances import DATA, read_instance
from lexloci.plan.check import violations
from lexloci.plan.lone_bound import lone_bound_usd
from lexloci.plan.solve import solve
problem = read_instance(DATA / sys.argv[3])
first_bound = lone_bound_usd(problem)
bounds = []
def interrupt(objective, bound):
    bounds.append(bound)
    if len(bounds) == 2 if sys.argv[2] == "greedy" else bound > first_bound:
        os.kill(os.getpid(), signal.SIGINT)
schedule = solve(problem, time_limit_s=36000.0, progress=interrupt)
print(schedule.status.value, len(violations(problem, schedule)))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="os.kill with SIGINT ends the process at once there")
@pytest.mark.parametrize(("phase", "name"), [("greedy", "w20-seed0"), ("solver", "w100-seed0")])
def test_ctrl_c_returns_the_best_plan_so_far(phase: str, name: str) -> None:
    arguments = [sys.executable, "-c", _INTERRUPTED, str(Path(__file__).parent), phase, f"{name}.json.gz"]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "stopped 0\n", done.stderr


def test_an_interrupt_while_loops_are_compiled_loses_none_of_the_list_schedules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules[solve.__module__], "Rounds", interrupted)
    problem = instance("w100-seed0")
    told: list[float] = []
    schedule = solve(problem, progress=lambda objective, _bound: told.append(objective))
    best_usd = min(problem.objective(slots).objective_usd for slots in list_schedules(problem))
    assert schedule.status is SolverStatus.STOPPED
    assert schedule.objective_usd == told[-1] == best_usd


def test_no_jobs_cost_nothing() -> None:
    schedule = solve(Problem((), (), (), horizon_h=0))
    assert (schedule.slots, schedule.unplaced, schedule.objective_usd) == ((), (), 0.0)
    assert schedule.status is SolverStatus.OPTIMAL


@pytest.mark.parametrize(
    "options",
    [
        (),
        (run("x", windows_h=()),),
        (run("x", windows_h=((0, 4), (4, 8))),),
        (run("x", windows_h=((98, 200),)),),
        (replace(run("x"), nodes=5),),
    ],
    ids=["no option", "no window", "windows too short", "past the horizon", "more nodes than the pool"],
)
def test_a_job_that_can_never_run_is_left_out_with_all_that_wait_for_it(options: tuple[Option, ...]) -> None:
    jobs = (Job("x", 100.0), Job("y", 70.0, after=("x",)), Job("z", 60.0, after=("y",)), Job("free", 50.0))
    problem = Problem(jobs, (*options, run("y"), run("z"), run("free")), (POOL,), horizon_h=100)
    schedule = solve(problem)
    assert schedule.unplaced == ("x", "y", "z")
    assert schedule.slots == (Slot("free", "free@a", 0),)
    assert schedule.objective_usd == 240.0
    assert schedule.status is SolverStatus.OPTIMAL


def test_the_job_whose_late_hours_cost_more_goes_first() -> None:
    jobs = (Job("x", 100.0, due_h=5, usd_per_hour_late=1.0), Job("y", 100.0, due_h=6, usd_per_hour_late=9.0))
    options = (run("x", hours=5, windows_h=((0, 20),)), run("y", hours=6, windows_h=((0, 20),)))
    schedule = solve(Problem(jobs, options, (POOL,), horizon_h=20))
    assert schedule.slots == (Slot("y", "y@a", 0), Slot("x", "x@a", 6))
    assert schedule.parts.lateness_usd == 6.0


def test_a_transfer_delay_moves_the_successor() -> None:
    there = replace(run("y"), id="y@b", pool="b", site="south")
    problem = Problem(
        (Job("x", 100.0), Job("y", 100.0, due_h=0, usd_per_hour_late=0.1, after=("x",))),
        (run("x"), there),
        (POOL, PoolCapacity("b", "south", ((0, 100, 4),))),
        horizon_h=100,
        delay_h={("north", "south"): 7},
    )
    assert solve(problem).slots == (Slot("x", "x@a", 0), Slot("y", "y@b", 12))
    nowhere = replace(problem, delay_h={})
    assert solve(nowhere).unplaced == ("y",)


def test_money_is_counted_in_millionths_unless_the_sums_are_too_great() -> None:
    problem = Problem((Job("x", 100.0),), (run("x"),), (POOL,), horizon_h=100)
    assert units_per_usd(problem) == 10**6
    assert units_per_usd(replace(problem, jobs=(Job("x", 1e12),))) == 10**3
    dear = replace(problem, jobs=(Job("x", 1e12),), options=(run("x", usd=0.12345),))
    schedule = solve(dear)
    assert schedule.objective_usd == 0.12345
    assert schedule.bound_usd <= 0.12345


def test_sums_past_what_can_be_counted_are_refused_with_a_mend() -> None:
    problem = Problem((Job("x", 1e17),), (run("x"),), (POOL,), horizon_h=100)
    with pytest.raises(PlanError, match="past what can be counted; state smaller figures"):
        units_per_usd(problem)


def test_the_lone_bound_counts_the_lateness_that_predecessors_force() -> None:
    jobs = (Job("x", 100.0), Job("y", 100.0, due_h=5, usd_per_hour_late=2.0, after=("x",)))
    problem = Problem(jobs, (run("x"), run("y")), (POOL,), horizon_h=100)
    assert lone_bound_usd(problem) == 30.0


def test_importing_the_solver_does_not_import_ortools() -> None:
    code = "import sys, lexloci.plan.solve; print(any(name.split('.')[0] == 'ortools' for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"
