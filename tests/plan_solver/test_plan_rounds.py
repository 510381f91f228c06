"""Rounds keep every condition, end at the optimum of small problems, repeat under a seed, and go on after a kill."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Self

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_instances import DATA, read_instance
from plan_oracle import least_objective_usd
from plan_problems import problems, quoted_problem, tiny_problem

from lexloci.model.errors import PlanError
from lexloci.plan.check import violations
from lexloci.plan.checkpoint import Checkpoint, fingerprint
from lexloci.plan.compiled.engine import Search, pieces
from lexloci.plan.greedy import greedy_slots
from lexloci.plan.grid import Grid
from lexloci.plan.neighbourhood import neighbourhood
from lexloci.plan.problem import Problem, SolverStatus
from lexloci.plan.rounds import Rounds, cp_places
from lexloci.plan.solve import solve, sound_part


@cache
def instance(name: str) -> Problem:
    return read_instance(DATA / f"{name}.json.gz")


def never() -> bool:
    return False


@pytest.mark.slow
def test_the_search_keeps_every_condition_and_mostly_ends_at_the_least_objective() -> None:
    reached = 0
    for seed in range(300):
        problem = tiny_problem(seed, most_jobs=3 if seed % 4 else 4)
        grid = Grid(problem)
        search = Search(grid, seed)
        slots = greedy_slots(problem)
        search.begin_at(slots, problem.objective(slots).objective_usd)
        search.improve(150, 1.0)
        schedule = problem.schedule(search.slots(), 0.0, SolverStatus.STOPPED)
        assert violations(problem, schedule) == (), seed
        assert schedule.objective_usd == pytest.approx(search.usd, abs=1e-6), seed
        least_usd = least_objective_usd(problem)
        assert schedule.objective_usd >= least_usd - 1e-9, seed
        reached += schedule.objective_usd <= least_usd + 1e-6
    assert reached >= 285


@given(problems(most_jobs=6))
def test_pieces_are_chains_that_hold_each_job_once(problem: Problem) -> None:
    grid = Grid(problem)
    found = pieces(grid)
    jobs = [branch.job for piece in found for branch in piece]
    assert sorted(jobs) == list(range(len(grid.jobs)))
    for piece in found:
        inside = {branch.job for branch in piece}
        followers = [sum(other in inside for other in grid.jobs[job].after) for job in inside]
        predecessors = [sum(other in inside for other in grid.jobs[job].before) for job in inside]
        assert sum(followers) == len(inside) - 1
        assert max(followers) <= 1
        assert max(predecessors) <= 1


@settings(max_examples=150)
@given(problems(most_jobs=5), st.integers(0, 2**32))
def test_a_neighbourhood_solved_is_a_sound_and_no_dearer_plan_of_the_whole(problem: Problem, seed: int) -> None:
    random = Random(seed)
    grid = Grid(problem)
    places = grid.places(greedy_slots(problem))
    jobs = {job.place for job in grid.jobs if random.random() < 0.6}
    found, _ = cp_places(grid, places, jobs, 1.0, seed=1)
    if found is None:
        return
    schedule = problem.schedule(grid.slots(found), 0.0, SolverStatus.STOPPED)
    assert violations(problem, schedule) == ()
    assert schedule.objective_usd < grid.usd_of(places, range(len(grid.jobs)))
    assert all(found.get(job) == places.get(job) for job in range(len(grid.jobs)) if job not in jobs)


@settings(max_examples=60)
@given(problems())
def test_the_neighbourhood_of_all_jobs_is_the_whole_problem(problem: Problem) -> None:
    grid = Grid(problem)
    places = grid.places(greedy_slots(problem))
    found, _ = cp_places(grid, places, set(range(len(grid.jobs))), 10.0, seed=1)
    best = places if found is None else found
    assert grid.usd_of(best, range(len(grid.jobs))) == pytest.approx(least_objective_usd(problem), abs=1e-6)
    near = neighbourhood(grid, places, range(len(grid.jobs)))
    assert len(near.present) == len(places)


@settings(max_examples=100)
@given(problems(), problems())
def test_what_is_kept_of_a_former_plan_is_sound_and_a_sound_plan_is_kept_whole(one: Problem, other: Problem) -> None:
    slots = greedy_slots(one)
    assert set(sound_part(one, slots)) == set(slots)
    kept = other.schedule(sound_part(other, slots), 0.0, SolverStatus.STOPPED)
    assert violations(other, kept) == ()


def test_a_warm_start_is_a_floor_under_the_answer() -> None:
    problem = instance("w20-seed0")
    best = solve(problem)
    again = solve(problem, time_limit_s=0.0, warm_start=best.slots)
    assert again.objective_usd == best.objective_usd


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "settled"), [(1, False), (2, False), (2, True)])
def test_the_same_seed_gives_the_same_rounds(workers: int, settled: bool) -> None:
    problem = instance("w100-seed0")
    ends = []
    for _ in range(2):
        rounds = Rounds(problem, seed=3, time_limit_s=2.0)
        slots = greedy_slots(problem)
        rounds.begin_at(slots, problem.objective(slots).objective_usd)
        rounds.prices.factor *= 0.0 if settled else 1.0
        for _ in range(4):
            rounds.one(workers, never)
        assert (rounds.beside is not None) == settled
        ends.append((rounds.slots, rounds.usd, rounds.prices.bound_usd))
    assert ends[0] == ends[1]


@pytest.mark.slow
def test_without_numba_the_rounds_are_sound_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    problem = instance("w100-seed0")
    rounds = Rounds(problem, seed=1, time_limit_s=200.0)
    assert rounds.search is None
    slots = greedy_slots(problem)
    begun_usd = problem.objective(slots).objective_usd
    rounds.begin_at(slots, begun_usd)
    for _ in range(2):
        rounds.one(1, never)
    schedule = problem.schedule(rounds.slots, rounds.prices.bound_usd, SolverStatus.WORK_LIMIT)
    assert violations(problem, schedule) == ()
    assert schedule.objective_usd < begun_usd


def test_numba_is_there_so_that_the_compiled_search_is_what_is_tested() -> None:
    assert importlib.util.find_spec("numba") is not None


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_rounds_taken_up_from_a_kept_state_go_on_as_they_would_have(tmp_path: Path, workers: int) -> None:
    problem = instance("w100-seed0")
    slots = greedy_slots(problem)
    straight = Rounds(problem, seed=1, time_limit_s=2.0)
    straight.begin_at(slots, problem.objective(slots).objective_usd)
    straight.prices.factor *= 2.0 - workers  # settled at once where there are two, so that both search
    for _ in range(3):
        straight.one(workers, never)
    assert (straight.beside is not None) == (workers == 2)
    file = Checkpoint(tmp_path / "state", problem, (1,))
    file.write(*straight.state())
    taken_up = Rounds(problem, seed=1, time_limit_s=2.0)
    taken_up.resume(*file.read())
    for _ in range(3):
        straight.one(workers, never)
        taken_up.one(workers, never)
        assert (straight.slots, straight.usd) == (taken_up.slots, taken_up.usd)
        assert straight.prices.bound_usd == taken_up.prices.bound_usd
        assert (straight.prices.prices == taken_up.prices.prices).all()


_KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from plan_instances import DATA, read_instance
from lexloci.plan.checkpoint import Checkpoint
from lexloci.plan.solve import solve
write, written = Checkpoint.write, []
def write_and_die(self, facts, arrays):
    write(self, facts, arrays)
    written.append(1)
    if len(written) == 3:
        os._exit(9)
Checkpoint.write = write_and_die
sys.modules["lexloci.plan.rounds"]._SETTLED_FACTOR = float(sys.argv[4])
problem = read_instance(DATA / "w100-seed0.json.gz")
solve(problem, time_limit_s=2.0, checkpoint=Path(sys.argv[2]), workers=int(sys.argv[3]), by_clock=False)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("workers", "settled"), [(1, 5e-4), (2, 5e-4), (2, 1e9)], ids=["one", "two, one for the bound", "two searches"]
)
def test_a_solve_that_was_killed_ends_as_it_would_have_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int, settled: float
) -> None:
    monkeypatch.setattr(sys.modules["lexloci.plan.rounds"], "_SETTLED_FACTOR", settled)
    problem = instance("w100-seed0")
    file = tmp_path / "state"
    arguments = [sys.executable, "-c", _KILLED, str(Path(__file__).parent), str(file), str(workers), str(settled)]
    assert subprocess.run(arguments, timeout=300, check=False).returncode == 9
    with np.load(file) as kept:
        assert ("beside_plan" in kept.files) == (settled > 1)
    resumed = solve(problem, time_limit_s=2.0, checkpoint=file, workers=workers, by_clock=False)
    assert not file.exists()
    straight = solve(problem, time_limit_s=2.0, workers=workers, by_clock=False)
    assert (resumed.slots, resumed.bound_usd) == (straight.slots, straight.bound_usd)


class OneAfterTheOther:
    """In the place of ``ThreadPoolExecutor``: what is handed in runs whole at once, or only when it is waited for."""

    is_at_once = True

    def __init__(self, _count: int) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.result()

    def submit(self, work: Callable[..., None], *given: object) -> OneAfterTheOther:
        self.waiting.append(lambda: work(*given))
        if self.is_at_once:
            self.result()
        return self

    def result(self) -> None:
        while self.waiting:
            self.waiting.pop()()


@pytest.mark.slow
@pytest.mark.parametrize("settled", [False, True])
def test_which_of_two_workers_is_faster_decides_nothing(monkeypatch: pytest.MonkeyPatch, settled: bool) -> None:
    monkeypatch.setattr(sys.modules["lexloci.plan.rounds"], "ThreadPoolExecutor", OneAfterTheOther)
    problem = instance("w100-seed0")
    slots = greedy_slots(problem)
    ends = []
    for is_at_once in (True, False):
        monkeypatch.setattr(OneAfterTheOther, "is_at_once", is_at_once)
        rounds = Rounds(problem, seed=1, time_limit_s=4.0)
        rounds.begin_at(slots, problem.objective(slots).objective_usd)
        rounds.prices.factor *= 0.0 if settled else 1.0
        for _ in range(4):
            rounds.one(2, never)
        ends.append((rounds.slots, rounds.usd, rounds.prices.bound_usd, rounds.search and rounds.search.steps))
    assert ends[0] == ends[1]


@pytest.mark.slow
@pytest.mark.parametrize("is_quoted", [False, True])
def test_compiling_takes_nothing_of_the_time_on_the_clock(monkeypatch: pytest.MonkeyPatch, is_quoted: bool) -> None:
    solving = sys.modules["lexloci.plan.solve"]
    now_s = [0.0]

    class Slow(Rounds):
        def __init__(self, problem: Problem, seed: int, time_limit_s: float) -> None:
            super().__init__(problem, seed, time_limit_s)
            now_s[0] += 3600.0

    monkeypatch.setattr(solving, "Rounds", Slow)
    monkeypatch.setattr(solving, "monotonic", lambda: now_s[0])
    monkeypatch.setattr(solving, "_shares", lambda _options: 1.0)
    problem = quoted_problem(0) if is_quoted else tiny_problem(0)
    assert solve(problem, time_limit_s=0.2).status in (SolverStatus.WORK_LIMIT, SolverStatus.OPTIMAL)
    assert now_s[0] > 0.0


def test_the_search_holds_none_of_its_arrays_and_frees_none() -> None:
    """Compiled loops do not count who holds an array (``loops.lent``): so they must neither keep nor release one."""
    problem = instance("w20-seed0")
    slots = greedy_slots(problem)
    search = Search(Grid(problem), 1)
    search.begin_at(slots, problem.objective(slots).objective_usd)
    held = [search.tables, search.ground.trees, search.ground.outside, search.ground.wish, search.plan, search.best]
    held += [search.room, search.work.labels, search.work.starts, search.work.new, search.work.old]
    arrays = [array for part in held for array in part] + [search.charged, search.state, search.work.usd]
    before = [sys.getrefcount(array) for array in arrays]
    for _ in range(50):
        search.improve(20, 1.0)
    assert [sys.getrefcount(array) for array in arrays] == before


def test_two_searches_go_on_from_the_cheaper_plan_with_random_numbers_of_their_own() -> None:
    problem = instance("w100-seed0")
    slots = greedy_slots(problem)
    one = Search(Grid(problem), 1)
    one.begin_at(slots, problem.objective(slots).objective_usd)
    other = one.beside()
    assert other.state[0] != one.state[0]
    other.improve(200, 1.0)
    assert set(one.slots()) == set(slots)
    best_usd, best = other.usd, other.slots()
    assert best_usd < one.usd
    states = int(one.state[0]), int(other.state[0])
    one.exchange(other)
    for search, state in zip((one, other), states, strict=True):
        assert (search.usd, search.slots(), search.state[0]) == (best_usd, best, state)
        assert search.present_usd() == pytest.approx(best_usd, rel=0.01)
    one.improve(50, 1.0)
    schedule = problem.schedule(one.slots(), 0.0, SolverStatus.STOPPED)
    assert violations(problem, schedule) == ()


def test_a_checkpoint_of_another_problem_or_a_damaged_one_is_refused_in_a_line(tmp_path: Path) -> None:
    problem = instance("w20-seed0")
    file = tmp_path / "state"
    Checkpoint(file, problem, (1,)).write({}, {"a": np.zeros(2)})
    for other in (Checkpoint(file, instance("w20-seed1"), (1,)), Checkpoint(file, problem, (2,))):
        with pytest.raises(PlanError, match=r"of another problem, seed or limit; remove it"):
            other.read()
    whole = file.read_bytes()
    for damaged in (b"", b"nonsense", whole[:-40]):
        file.write_bytes(damaged)
        with pytest.raises(PlanError, match="no checkpoint can be read") as refused:
            Checkpoint(file, problem, (1,)).read()
        assert "\n" not in str(refused.value)
    with pytest.raises(PlanError, match="no checkpoint can be written"):
        Checkpoint(tmp_path / "nowhere" / "state", problem, (1,)).write({}, {})
    assert sorted(tmp_path.iterdir()) == [file]


def test_the_fingerprint_tells_problems_apart() -> None:
    problem = instance("w20-seed0")
    others = [
        replace(problem, horizon_h=problem.horizon_h + 1),
        replace(problem, options=problem.options[:-1]),
        replace(problem, delay_h={}),
        replace(problem, jobs=(replace(problem.jobs[0], due_h=1), *problem.jobs[1:])),
        replace(problem, pools=problem.pools[::-1]),
    ]
    assert len({fingerprint(one) for one in (problem, *others)}) == 6
    assert fingerprint(problem) == fingerprint(read_instance(DATA / "w20-seed0.json.gz"))
