"""States the problem that is left when all jobs but a few keep their places, and which few are worth freeing together.

The jobs that keep their places take their nodes from the pools and their watts from the sites; their neighbours in the
order of work are cut at these places, so that chains may be cut through: what a placed predecessor or successor allows
becomes part of the windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import numpy as np

from lexloci.plan.grid import Amounts, Grid, GridOption, Places
from lexloci.plan.problem import HourInterval, Job, Option, PoolCapacity, Problem, Slot

_MUST_RUN_USD = 1e7


@dataclass(frozen=True)
class Neighbourhood:
    """The problem of the jobs that are free, where they are now, and the watts that others draw at each site."""

    problem: Problem
    present: tuple[Slot, ...]
    drawn: Mapping[str, tuple[tuple[int, int, int], ...]]


def free_amounts(grid: Grid, places: Places) -> Amounts:
    """What is free of each resource in each hour."""
    free = grid.capacity.copy()
    for option, start in places.values():
        for resource, amount in option.uses:
            free[resource, start : start + option.hours] -= amount
    return free


def neighbourhood(grid: Grid, places: Places, jobs: Iterable[int]) -> Neighbourhood:
    """The problem in which only these jobs may move, be placed or be left out."""
    whole = grid.problem
    freed = _that_can_run(grid, places, set(jobs))
    kept = {job: place for job, place in places.items() if job not in freed}
    free = free_amounts(grid, kept)
    in_order = sorted(freed)
    options = [option for job in in_order for option in _cut_options(grid, kept, freed, job)]
    pools = {option.pool for option in options if option.pool is not None}
    problem = Problem(
        jobs=tuple(_cut_job(grid, kept, freed, job) for job in in_order),
        options=tuple(options),
        pools=tuple(_left(grid, pool, free, place) for place, pool in enumerate(whole.pools) if pool.id in pools),
        horizon_h=whole.horizon_h,
        delay_h=whole.delay_h,
        power=whole.power,
    )
    present = grid.slots({job: places[job] for job in in_order if job in places})
    return Neighbourhood(problem, present, _drawn(grid, kept.values()))


def _that_can_run(grid: Grid, places: Places, jobs: set[int]) -> set[int]:
    """Those of the jobs whose predecessors are placed or are themselves of these."""
    while True:
        stuck = {job for job in jobs if any(one not in jobs and one not in places for one in grid.jobs[job].before)}
        if not stuck:
            return jobs
        jobs = jobs - stuck


def _cut_job(grid: Grid, kept: Places, freed: set[int], place: int) -> Job:
    job = grid.problem.jobs[place]
    must_run = any(after in kept for after in grid.jobs[place].after)
    return replace(
        job,
        after=tuple(before for before in job.after if grid.job_place[before] in freed),
        usd_if_unplaced=_MUST_RUN_USD if must_run else job.usd_if_unplaced,
    )


def _cut_options(grid: Grid, kept: Places, freed: set[int], job: int) -> list[Option]:
    cut = []
    for one in grid.jobs[job].options:
        begin, end = _allowed(grid, kept, freed, one)
        option = grid.problem.options[one.place]
        windows = tuple(
            (max(start, begin), min(stop, end))
            for start, stop in option.windows_h
            if max(start, begin) < min(stop, end)
        )
        if any(stop - start >= option.hours for start, stop in windows):
            cut.append(replace(option, windows_h=windows))
    return cut


def _allowed(grid: Grid, kept: Places, freed: set[int], option: GridOption) -> HourInterval:
    """The hours in which the kept neighbours of its job let the option run; empty where they do not."""
    begin, end = 0, grid.horizon_h
    job = grid.jobs[option.job]
    for before in job.before:
        if before not in freed:
            other, start = kept[before]
            delay = grid.delay_h(before, other.site, option.site)
            begin = grid.horizon_h if delay is None else max(begin, start + other.hours + delay)
    for after in job.after:
        if after in kept:
            other, start = kept[after]
            delay = grid.delay_h(job.place, option.site, other.site)
            end = 0 if delay is None else min(end, start - delay)
    return begin, end


def _left(grid: Grid, pool: PoolCapacity, free: Amounts, place: int) -> PoolCapacity:
    """The pool with what the kept jobs leave of it."""
    hourly = free[place]
    turns = [0, *(np.flatnonzero(np.diff(hourly)) + 1).tolist(), grid.horizon_h]
    steps = tuple((start, end, int(hourly[start])) for start, end in pairwise(turns) if hourly[start] > 0)
    return replace(pool, nodes_by_interval=steps)


def _drawn(grid: Grid, kept: Iterable[tuple[GridOption, int]]) -> dict[str, tuple[tuple[int, int, int], ...]]:
    drawn: dict[str, list[tuple[int, int, int]]] = {limit.site: [] for limit in grid.problem.power}
    for option, start in kept:
        site = grid.sites[option.site]
        watts = sum(amount for resource, amount in option.uses if resource >= grid.pool_count)
        if watts:
            drawn[site].append((start, start + option.hours, watts))
    return {site: tuple(steps) for site, steps in drawn.items()}


def freed_jobs(grid: Grid, places: Places, random: Random, count: int) -> list[int]:
    """About so many jobs worth freeing together: whole chains, or the jobs of some hours, of one pool, or both."""
    kind = random.random()
    movable = [job.place for job in grid.jobs if job.options]
    if len(movable) <= count:
        return movable
    if kind < 0.2:
        return _chains(grid, random.sample(movable, len(movable)), count)
    seed = random.choice(movable)
    option, start = places.get(seed, (grid.jobs[seed].options[0], grid.jobs[seed].options[0].first))
    middle = start + option.hours / 2
    near = sorted(movable, key=lambda job: (_distance(places, job, middle), job))
    if kind < 0.6:
        wanted = {random.choice(grid.jobs[seed].options).uses[:1] for _ in range(3)} | {option.uses[:1]}
        pools = {uses[0][0] for uses in wanted if uses}
        near = [job for job in near if job == seed or _on(places, job, pools)]
    if kind < 0.8:
        return _chains(grid, near, count)
    return sorted(near[:count])


def _chains(grid: Grid, jobs: Sequence[int], count: int) -> list[int]:
    """The first of these jobs with the components in which they are, up to so many."""
    component_of = {job: component for component in grid.components for job in component}
    found: dict[int, None] = {}
    for job in jobs:
        if len(found) >= count:
            break
        found.update(dict.fromkeys(component_of[job] if len(component_of[job]) <= count else (job,)))
    return sorted(found)


def _distance(places: Places, job: int, middle: float) -> float:
    if job not in places:
        return 0.0
    option, start = places[job]
    return max(0.0, start - middle, middle - start - option.hours)


def _on(places: Places, job: int, pools: set[int]) -> bool:
    return job not in places or any(resource in pools for resource, _ in places[job][0].uses)
