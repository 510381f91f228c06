"""The rounds of a search: each is a fixed amount of work, and its outcome follows from the state before it alone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from math import fsum
from random import Random
from typing import TYPE_CHECKING, Any

from lexloci.plan.checkpoint import Arrays
from lexloci.plan.cp_model import CpSearch, Model
from lexloci.plan.grid import Grid, Places
from lexloci.plan.lagrange import Prices
from lexloci.plan.neighbourhood import freed_jobs, neighbourhood
from lexloci.plan.pricers import best_pricer, has_numba
from lexloci.plan.problem import Problem, Slot, SolverStatus

if TYPE_CHECKING:
    from lexloci.plan.compiled.engine import Search

Halt = Callable[[], bool]

# seconds of one core for each start that is priced, and for each step of the compiled search, measured at 500 workloads
_PLAIN_S_PER_START, _COMPILED_S_PER_START = 12e-9, 1.5e-9
_S_PER_STEP = 70e-9
_ROUND_S, _LEAST_ROUND_S, _ROUNDS_IN_LIMIT = 2.0, 0.2, 40
_BOUND_SHARE = 0.5  # of a round with one worker, until the prices have settled
_SETTLED_FACTOR = 5e-4
_CHUNK = 250  # rounds of the compiled search between two looks at the clock
_HOT, _COLD = 0.06, 0.0006  # temperatures as shares of what a tree costs on average when it is alone
_CP_WORK, _CP_JOBS = 0.02, (8, 12, 18, 25, 35)


class Rounds:
    """The state of a search over rounds; ``slots`` is its best plan, ``prices.bound_usd`` its bound."""

    def __init__(self, problem: Problem, seed: int, time_limit_s: float) -> None:
        self.problem = problem
        self.seed = seed
        self.limit_s = time_limit_s
        self.round_s = max(_LEAST_ROUND_S, min(_ROUND_S, time_limit_s / _ROUNDS_IN_LIMIT))
        self.grid = Grid(problem)
        self.search: Search | None = None
        self.beside: Search | None = None
        self.s_per_start = _PLAIN_S_PER_START
        if has_numba():
            from lexloci.plan.compiled.engine import Search

            self.search, self.s_per_start = Search(self.grid, seed), _COMPILED_S_PER_START
        self.starts = sum(option.after_last - option.first for job in self.grid.jobs for option in job.options)
        self.prices = Prices(self.grid, best_pricer(self.grid))
        self.number = 0
        self.work_s = 0.0
        self.slots: tuple[Slot, ...] = ()
        self.usd = 0.0

    @property
    def is_done(self) -> bool:
        """Whether the work is used up."""
        return self.work_s >= self.limit_s

    def begin_at(self, slots: tuple[Slot, ...], usd: float) -> None:
        """Take the plan to begin with."""
        self.slots, self.usd = slots, usd
        if self.search is not None:
            self.search.begin_at(slots, usd)

    def one(self, workers: int, halt: Halt) -> None:
        """One round; cut short where ``halt`` says so, with what was found until then."""
        settled = self.prices.is_exact or self.prices.factor < _SETTLED_FACTOR
        target_usd = self.usd
        if workers > 1 and not settled:
            self._heed_prices(self.search)  # those of now, however far the bound beside comes in the meantime
            with ThreadPoolExecutor(1) as beside:
                bound: Future[None] = beside.submit(self._raise_bound, self.round_s, target_usd, halt)
                self._improve(self.round_s, halt)
                bound.result()
        elif workers > 1 and self.search is not None:
            self._improve_by_two(self.search, self.round_s, halt)
        else:
            share = 0.0 if settled else _BOUND_SHARE
            if share:
                self._raise_bound(self.round_s * share, target_usd, halt)
            self._heed_prices(self.search)
            self._improve(self.round_s * (1 - share), halt)
        self.number += 1
        self.work_s += self.round_s

    def _heed_prices(self, *searches: Search | None) -> None:
        for search in searches:
            if search is not None:
                search.charged = self.prices.charged(self.prices.best)

    def _raise_bound(self, work_s: float, target_usd: float, halt: Halt) -> None:
        for _ in range(max(1, int(work_s / max(1e-9, self.starts * self.s_per_start)))):
            if halt() or self.prices.is_exact:
                return
            self.prices.step(target_usd)

    def _improve(self, work_s: float, halt: Halt) -> None:
        if self.search is None:
            self._improve_by_cp(work_s, halt)
        else:
            self._by_trees(self.search, work_s, halt)
            self._learn(self.search)

    def _improve_by_two(self, search: Search, work_s: float, halt: Halt) -> None:
        """Two searches side by side, which then go on from the cheaper plan."""
        other = self.beside = self.beside or search.beside()
        self._heed_prices(search, other)
        with ThreadPoolExecutor(1) as beside:
            done: Future[None] = beside.submit(self._by_trees, other, work_s, halt)
            self._by_trees(search, work_s, halt)
            done.result()
        search.exchange(other)
        self._learn(search)

    def _by_trees(self, search: Search, work_s: float, halt: Halt) -> None:
        done = self.work_s / self.limit_s
        temperature_usd = max(1e-9, search.usd_alone * _HOT * (_COLD / _HOT) ** done)
        until = search.steps + int(work_s / _S_PER_STEP)
        while search.steps < until and not halt():
            search.improve(_CHUNK, temperature_usd)

    def _learn(self, search: Search) -> None:
        if search.usd < self.usd:
            self.slots = search.slots()
            self.usd = self.problem.objective(self.slots).objective_usd

    def _improve_by_cp(self, work_s: float, halt: Halt) -> None:
        """CP-SAT on one neighbourhood after another, each with its own random numbers."""
        from lexloci.plan.solve import WORK_PER_S

        places = self.grid.places(self.slots)
        random = Random(f"{self.seed} {self.number}")
        left = work_s * WORK_PER_S
        while left > 0.0 and not halt():
            jobs = set(freed_jobs(self.grid, places, random, random.choice(_CP_JOBS)))
            found, work = cp_places(self.grid, places, jobs, min(left, _CP_WORK), self.seed)
            left -= max(work, _CP_WORK / 20)
            if found is not None:
                places = found
        usd = self.grid.usd_of(places, range(len(self.grid.jobs)))
        if usd < self.usd:
            self.slots = self.grid.slots(places)
            self.usd = self.problem.objective(self.slots).objective_usd

    def state(self) -> tuple[dict[str, Any], Arrays]:
        """All that the next round depends on."""
        prices = self.prices
        facts = {
            "number": self.number,
            "work_s": self.work_s,
            "bound_usd": prices.bound_usd,
            "factor": prices.factor,
            "stalled": prices.stalled,
            "is_exact": prices.is_exact,
            "slots": [[slot.job, slot.option, slot.start_h] for slot in self.slots],
        }
        arrays: Arrays = {"prices": prices.prices, "best_prices": prices.best}
        if prices.smooth is not None:
            arrays["smooth"] = prices.smooth
        if self.search is not None:
            arrays |= self.search.arrays()
        if self.beside is not None:
            arrays |= {f"beside_{name}": array for name, array in self.beside.arrays().items()}
        return facts, arrays

    def resume(self, facts: dict[str, Any], arrays: Arrays) -> None:
        """Go on from a state."""
        self.begin_at(tuple(Slot(job, option, start) for job, option, start in facts["slots"]), 0.0)
        self.usd = self.problem.objective(self.slots).objective_usd
        self.number, self.work_s = facts["number"], facts["work_s"]
        prices = self.prices
        prices.bound_usd, prices.factor = facts["bound_usd"], facts["factor"]
        prices.stalled, prices.is_exact = facts["stalled"], facts["is_exact"]
        prices.prices, prices.best = arrays["prices"], arrays["best_prices"]
        prices.smooth = arrays.get("smooth")
        if self.search is not None:
            self.search.resume(arrays, self.usd)
            if "beside_plan" in arrays:
                self.beside = self.search.beside()
                self.beside.resume({name: arrays[f"beside_{name}"] for name in self.search.arrays()}, self.usd)


def cp_places(grid: Grid, places: Places, jobs: set[int], work: float, seed: int) -> tuple[Places | None, float]:
    """Places that cost less with only these jobs moved (None: none found), and the deterministic work that it took."""
    near = neighbourhood(grid, places, jobs)
    if not near.problem.jobs:
        return None, 0.0
    search = CpSearch(Model(near.problem, near.present, near.drawn), work=work, seed=seed, workers=1)
    search.run(None, None, near.problem.schedule(near.present, 0.0, SolverStatus.STOPPED), 60.0)
    done = float(search.solver.deterministic_time)
    found = grid.places(search.slots())
    if not found and near.present:
        return None, done
    new = {job: place for job, place in places.items() if job not in jobs} | found
    whole = all(before in new for job in new for before in grid.jobs[job].before)
    gain = fsum((grid.usd_of(places, jobs), -grid.usd_of(new, jobs)))
    return (new, done) if whole and gain > 1e-6 else (None, done)
