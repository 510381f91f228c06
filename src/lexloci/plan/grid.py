"""Turns a problem into arrays over the hours: what the bound and the local search both count with.

A *resource* is a pool (its nodes) or a site with a power limit (its watts): something of which every hour has a fixed
amount. An option uses fixed amounts of at most two of them while it runs. Jobs that wait for each other hang together
in a *component*; where the ties of a component form a tree, it is solved exactly by ``plan.chains``.

Ids become places in lists, so that the inner loops meet no strings. Hours, USD and half-open intervals as in
``plan.problem``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lexloci.plan.problem import HourInterval, Problem, Slot

Hours = NDArray[np.float64]
Amounts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GridOption:
    """An option that can start at some hour: hull ``[first, after_last)`` of its starts, gaps in the hull, uses."""

    place: int
    job: int
    site: int
    hours: int
    usd: float
    first: int
    after_last: int
    gaps: tuple[HourInterval, ...]
    uses: tuple[tuple[int, int], ...]

    def may_start(self, hour: int) -> bool:
        """Whether windows, release, horizon and empty pools let it start at that hour."""
        return self.first <= hour < self.after_last and not any(begin <= hour < end for begin, end in self.gaps)


@dataclass(frozen=True, slots=True)
class GridJob:
    """A job: its options that can run, what waits for what, what being out or late costs."""

    place: int
    options: tuple[GridOption, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    out_usd: float
    due_h: int
    usd_per_hour_late: float

    def late_usd(self, end_h: int) -> float:
        """The cost of ending at that hour, in USD."""
        return self.usd_per_hour_late * max(0, end_h - self.due_h)


Places = dict[int, tuple[GridOption, int]]
"""Jobs by place, each with the option taken and its start; a job that is not in it is left out."""


class Grid:
    """The problem as arrays; ``capacity[resource]`` holds the amount of each hour."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.horizon_h = problem.horizon_h
        self.job_place = {job.id: place for place, job in enumerate(problem.jobs)}
        self.sites = list(dict.fromkeys(option.site for option in problem.options))
        site_place = {site: place for place, site in enumerate(self.sites)}
        self.resources = [pool.id for pool in problem.pools] + [limit.site for limit in problem.power]
        self.pool_count = len(problem.pools)
        self._pool_place = {pool.id: place for place, pool in enumerate(problem.pools)}
        self._power_place = {limit.site: self.pool_count + place for place, limit in enumerate(problem.power)}
        self.capacity: Amounts = self._capacity()
        successors: list[list[int]] = [[] for _ in problem.jobs]
        for job in problem.jobs:
            for before in dict.fromkeys(job.after):
                successors[self.job_place[before]].append(self.job_place[job.id])
        place_of_option = {option.id: place for place, option in enumerate(problem.options)}
        self.jobs: list[GridJob] = []
        self.option_at: dict[int, GridOption] = {}
        for place, job in enumerate(problem.jobs):
            options = []
            for option in problem.options_by_job[job.id]:
                starts = problem.start_intervals(option)
                if not starts:
                    continue
                made = GridOption(
                    place_of_option[option.id],
                    place,
                    site_place[option.site],
                    option.hours,
                    option.usd,
                    starts[0][0],
                    starts[-1][1],
                    tuple((one[1], other[0]) for one, other in pairwise(starts)),
                    self._uses(option.pool, option.nodes, option.site, option.watts),
                )
                options.append(made)
                self.option_at[made.place] = made
            self.jobs.append(
                GridJob(
                    place,
                    tuple(options),
                    tuple(self.job_place[before] for before in dict.fromkeys(job.after)),
                    tuple(successors[place]),
                    job.usd_if_unplaced,
                    self.horizon_h if job.due_h is None else job.due_h,
                    0.0 if job.due_h is None else job.usd_per_hour_late,
                )
            )
        self._delays: dict[tuple[int, int, int], int | None] = {}

    def _capacity(self) -> Amounts:
        capacity = np.zeros((len(self.resources), self.horizon_h), dtype=np.int64)
        for place, pool in enumerate(self.problem.pools):
            for start, end, nodes in pool.nodes_by_interval:
                capacity[place, max(0, start) : max(0, end)] = nodes
        for place, limit in enumerate(self.problem.power):
            capacity[self.pool_count + place] = limit.watts
        return capacity

    def _uses(self, pool: str | None, nodes: int, site: str, watts: int) -> tuple[tuple[int, int], ...]:
        uses = [] if pool is None else [(self._pool_place[pool], nodes)]
        if site in self._power_place and watts:
            uses.append((self._power_place[site], watts))
        return tuple(uses)

    def delay_h(self, before: int, from_site: int, to_site: int) -> int | None:
        """Hours that the result of a job takes between two sites; None where it cannot be moved."""
        key = (before, from_site, to_site)
        if key not in self._delays:
            job = self.problem.jobs[before].id
            self._delays[key] = self.problem.delay_between(job, self.sites[from_site], self.sites[to_site])
        return self._delays[key]

    @cached_property
    def components(self) -> tuple[tuple[int, ...], ...]:
        """The jobs that hang together, each group with predecessors first; groups in the order of the problem."""
        seen: set[int] = set()
        found = []
        rank = {self.job_place[job.id]: place for place, job in enumerate(self.problem.jobs_in_order)}
        for job in range(len(self.jobs)):
            if job in seen:
                continue
            group, edge = {job}, [job]
            while edge:
                one = self.jobs[edge.pop()]
                new = [other for other in (*one.before, *one.after) if other not in group]
                group.update(new)
                edge += new
            seen |= group
            found.append(tuple(sorted(group, key=rank.__getitem__)))
        return tuple(found)

    def usd_of(self, places: Places, jobs: Iterable[int]) -> float:
        """What these jobs cost in all, in USD: price and lateness of those with a place, the others left out."""
        total = 0.0
        for place in jobs:
            job = self.jobs[place]
            taken = places.get(place)
            total += job.out_usd if taken is None else taken[0].usd + job.late_usd(taken[1] + taken[0].hours)
        return total

    def slots(self, places: Places) -> tuple[Slot, ...]:
        """The places as slots of the problem, in the order of its jobs."""
        problem = self.problem
        return tuple(
            Slot(problem.jobs[job].id, problem.options[option.place].id, start)
            for job, (option, start) in sorted(places.items())
        )

    def places(self, slots: Iterable[Slot]) -> Places:
        """Slots of the problem as places."""
        by_id = {option.id: place for place, option in enumerate(self.problem.options)}
        return {self.job_place[slot.job]: (self.option_at[by_id[slot.option]], slot.start_h) for slot in slots}
