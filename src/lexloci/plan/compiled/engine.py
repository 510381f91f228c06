"""The compiled loops behind Python calls: a pricer for the bound, and the present plan of a search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy

import numpy as np

from lexloci.plan.chains import Branch, branches
from lexloci.plan.compiled.room import room, take
from lexloci.plan.compiled.search import Ground, scratch, search
from lexloci.plan.compiled.tables import Ints, Plan, Ties, Trees, no_plan, outside, tables, trees
from lexloci.plan.compiled.walk import walk_all
from lexloci.plan.grid import Amounts, Grid, Hours, Places
from lexloci.plan.problem import Slot

_MOST_JOBS_OF_A_PIECE = 8
_MOST_OUT = 8  # of 4, 8 the best at 500 workloads
_FIRST_STATE, _SPREAD, _MASK = 88172645463325252, 0x9E3779B97F4A7C15, 2**63 - 1


class CompiledPricer:
    """A ``lagrange.Pricer`` of compiled loops."""

    def __init__(self, grid: Grid) -> None:
        self.tables, ties = tables(grid)
        self.trees = trees([branches(grid, component) for component in grid.components], ties)
        self.plan = no_plan(len(grid.jobs))

    def least(self, charged: Hours, used: Amounts) -> list[float]:
        """See ``lagrange.Pricer``."""
        usd = np.zeros(self.trees.begin.size - 1)
        walk_all(self.tables, self.trees, charged, self.plan, used, usd)
        return [float(one) for one in usd]


def pieces(grid: Grid) -> list[list[Branch]]:
    """The chains that are put back as one: of a component that is a chain all jobs, of another one chain after another.

    The jobs of a chain follow each other, so two of them never run at once and cannot take each other's room.
    """
    found: list[list[Branch]] = []
    for component in grid.components:
        left = list(component)
        while left:
            piece = _chain(grid, left)
            left = [job for job in left if job not in piece]
            found.append(branches(grid, piece))
    return found


def _chain(grid: Grid, jobs: list[int]) -> list[int]:
    """The first of these jobs and those that follow it one by one, each tied to the one before it alone."""
    chain, allowed = [jobs[0]], set(jobs)
    while len(chain) < _MOST_JOBS_OF_A_PIECE:
        following = (one for one in grid.jobs[chain[-1]].after if one in allowed)
        new = next((one for one in following if sum(other in chain for other in grid.jobs[one].before) == 1), None)
        if new is None:
            break
        chain.append(new)
    return chain


class Search:
    """A plan that is made better by taking trees out and putting them back (``compiled.search``)."""

    def __init__(self, grid: Grid, seed: int) -> None:
        self.grid = grid
        self.tables, ties = tables(grid)
        forest = pieces(grid)
        self.options = [option for job in grid.jobs for option in job.options]
        self.number = {option.place: place for place, option in enumerate(self.options)}
        tree_of = np.zeros(len(grid.jobs), dtype=np.int64)
        for number, tree in enumerate(forest):
            for branch in tree:
                tree_of[branch.job] = number
        arrays = trees(forest, ties)
        self.charged = np.zeros((len(grid.resources), grid.horizon_h + 1))
        least, wish = self._alone(arrays, no_plan(len(grid.jobs)))
        rest = self._rest(forest, ties)
        self.ground = Ground(arrays, tree_of, outside(grid, forest, ties), least, rest, wish, _MOST_OUT)
        self.room = room(grid.capacity, len(grid.jobs))
        self.work = scratch(self.tables, len(forest), _MOST_JOBS_OF_A_PIECE)
        self.state: Ints = np.array([(_FIRST_STATE ^ (seed * _SPREAD)) & _MASK or 1, 0], dtype=np.int64)
        self.plan, self.best = no_plan(len(grid.jobs)), no_plan(len(grid.jobs))
        self.usd = float("inf")
        self.improve(0, 1.0)  # compiles the loops, or loads them compiled

    def _alone(self, arrays: Trees, wish: Plan) -> tuple[Hours, Plan]:
        """What each tree costs when it is alone, and where it is then."""
        least = np.zeros(arrays.begin.size - 1)
        walk_all(self.tables, arrays, self.charged, wish, np.zeros_like(self.grid.capacity), least)
        return least, wish

    def _rest(self, forest: list[list[Branch]], ties: Ties) -> Hours:
        """For each job of each chain: what those after it cost at least."""
        rests = [[one.job for one in tree[place + 1 :]] for tree in forest for place in range(len(tree))]
        arrays = trees([branches(self.grid, rest) for rest in rests], ties)
        return self._alone(arrays, no_plan(len(self.grid.jobs)))[0]

    @property
    def steps(self) -> int:
        """How many options were tried after what goes before them: a measure of work."""
        return int(self.state[1])

    @property
    def usd_alone(self) -> float:
        """What a tree costs on average when it is alone."""
        return float(self.ground.least.mean()) if self.ground.least.size else 0.0

    def beside(self) -> Search:
        """A second search from the present plan, with random numbers of its own."""
        other = copy(self)
        other.state = np.array([(int(self.state[0]) * _SPREAD + 1) & _MASK or 1, 0], dtype=np.int64)
        other.plan, other.best = no_plan(len(self.grid.jobs)), no_plan(len(self.grid.jobs))
        other.work = scratch(self.tables, self.ground.least.size, _MOST_JOBS_OF_A_PIECE)
        other.resume({**self.arrays(), "random": other.state}, self.usd)
        return other

    def exchange(self, other: Search) -> None:
        """Both go on from the cheaper of their present plans, and know the cheaper of their best ones."""
        cheap = self if self.present_usd() <= other.present_usd() else other
        best = self if self.usd <= other.usd else other
        arrays = {"plan": np.stack(cheap.plan), "best_plan": np.stack(best.best)}
        for one in (self, other):
            one.resume({**arrays, "random": one.state.copy()}, best.usd)

    def present_usd(self) -> float:
        """What the present plan costs."""
        t, option = self.tables, self.plan.option
        is_in = option >= 0
        taken = option[is_in]
        late = np.maximum(0, self.plan.start_h[is_in] + t.hours[taken] - t.due[is_in])
        return float(t.out_usd[~is_in].sum() + (t.usd[taken] + t.rate[is_in] * late).sum())

    def begin_at(self, slots: Iterable[Slot], usd: float) -> None:
        """Take a plan as the present one and the best."""
        self.plan.option[:], self.plan.start_h[:] = -1, 0
        for job, (option, start) in self.grid.places(slots).items():
            self.plan.option[job], self.plan.start_h[job] = self.number[option.place], start
        self.best.option[:], self.best.start_h[:] = self.plan
        self._recount()
        self.usd = usd

    def _recount(self) -> None:
        self.room = room(self.grid.capacity, len(self.grid.jobs))
        for option, start in zip(self.plan.option.tolist(), self.plan.start_h.tolist(), strict=True):
            if option >= 0:
                take(self.tables, option, start, self.room, 1)

    def improve(self, rounds: int, temperature_usd: float) -> None:
        """So many rounds more."""
        if not self.ground.least.size:
            return
        self.usd = search(
            self.tables,
            self.ground,
            rounds,
            temperature_usd,
            self.plan,
            self.best,
            self.charged,
            self.room,
            self.work,
            self.state,
        )

    def arrays(self) -> dict[str, Ints]:
        """All that the next rounds depend on, to be kept."""
        return {
            "plan": np.stack(self.plan),
            "best_plan": np.stack(self.best),
            "random": self.state.copy(),
        }

    def resume(self, arrays: Mapping[str, Ints], usd: float) -> None:
        """Go on from what ``arrays`` gave."""
        self.plan.option[:], self.plan.start_h[:] = arrays["plan"]
        self.best.option[:], self.best.start_h[:] = arrays["best_plan"]
        self.state[:] = arrays["random"]
        self._recount()
        self.usd = usd

    def slots(self) -> tuple[Slot, ...]:
        """The best plan."""
        places: Places = {
            job: (self.options[option], start)
            for job, (option, start) in enumerate(zip(*(part.tolist() for part in self.best), strict=True))
            if option >= 0
        }
        return self.grid.slots(places)
