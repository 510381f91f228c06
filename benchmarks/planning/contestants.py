"""Who plans: lexloci, CP-SAT alone, GRASP, list rules. Each tells of every better plan and ends with its best."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.planning.grasp import grasp

from lexloci.plan.cp_model import CpSearch, Model
from lexloci.plan.greedy import list_schedules
from lexloci.plan.instance import read_instance
from lexloci.plan.problem import Problem, Slot, SolverStatus
from lexloci.plan.rounds import Rounds
from lexloci.plan.solve import solve

Tell = Callable[[float], None]
SMALLEST = Path(__file__).parent / "instances" / "w20-seed0.json.gz"


class Found(NamedTuple):
    """The slots of the best plan, and the bound that was proved (None: the contestant proves none)."""

    slots: tuple[Slot, ...]
    bound_usd: float | None


def compile_loops() -> None:
    """One round on the smallest instance: numba compiles once for an installation, whatever the instance."""
    problem = read_instance(SMALLEST)
    rounds = Rounds(problem, 1, 1.0)
    rounds.begin_at((), problem.objective(()).objective_usd)
    rounds.one(1, lambda: False)


def lexloci(problem: Problem, limit_s: float, seed: int, tell: Tell) -> Found:
    """``lexloci.plan.solve`` with two workers, stopped by the clock where its work is not done by then."""
    stop = threading.Event()
    timer = threading.Timer(limit_s, stop.set)
    timer.daemon = True
    timer.start()
    schedule = solve(
        problem, time_limit_s=limit_s, seed=seed, workers=2, stop=stop, progress=lambda usd, _bound: tell(usd)
    )
    timer.cancel()
    return Found(schedule.slots, schedule.bound_usd)


def cp_sat(problem: Problem, limit_s: float, seed: int, tell: Tell) -> Found:
    """OR-tools CP-SAT on the whole problem, two workers, without a hint."""
    begun = time.monotonic()
    search = CpSearch(Model(problem), work=1e9, seed=seed, workers=2)
    nothing = problem.schedule((), 0.0, SolverStatus.STOPPED)
    left_s = limit_s - (time.monotonic() - begun)
    out_usd = nothing.objective_usd
    search.run(lambda usd, _bound: tell(usd) if usd < out_usd else None, None, nothing, left_s)
    return Found(search.slots(), search.bound_usd())


def grasp_alone(problem: Problem, limit_s: float, seed: int, tell: Tell) -> Found:
    """GRASP until the time is up."""
    end = time.monotonic() + limit_s
    best: tuple[Slot, ...] = ()
    for slots in grasp(problem, seed):
        if slots is not best:
            best = slots
            tell(problem.objective(best).objective_usd)
        if time.monotonic() >= end:
            break
    return Found(best, None)


def list_rules(problem: Problem, _limit_s: float, _seed: int, tell: Tell) -> Found:
    """The best of a few priority rules, each a serial schedule; it does not use more time."""
    found: list[tuple[float, tuple[Slot, ...]]] = []
    for slots in list_schedules(problem):
        usd = problem.objective(slots).objective_usd
        tell(usd)
        found.append((usd, slots))
    return Found(min(found, key=lambda one: one[0])[1], None)


CONTESTANTS = {"lexloci": lexloci, "CP-SAT alone": cp_sat, "GRASP": grasp_alone, "list rules": list_rules}
