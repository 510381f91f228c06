"""Says which places are best for jobs that hang together as a tree, where every hour of every option has its price.

The price of an option that starts at hour ``t`` is its own, its lateness, what the resources that it uses charge
between ``t`` and its end, and infinity where it may not start. Along a tie between two jobs only two things count: the
site and the hour. So the best of a subtree is a function of these, and it is found job by job from the leaves to the
root, exactly (dynamic programming): with ``P[s][t]`` the least cost of a predecessor's subtree that ends at site ``s``
by hour ``t``, a successor that starts at ``t`` at site ``z`` adds ``min over s of P[s][t - delay(s, z)]``; for the
subtree of a successor the other way round. A job that is left out leaves out what waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from lexloci.plan.grid import Grid, GridJob, GridOption, Hours, Places

PriceOf = Callable[[GridJob], list[Hours]]
"""For a job: for each of its options the cost of each start in ``[first, after_last)``, infinity where forbidden."""


@dataclass(slots=True)
class Branch:
    """A job of a tree with what hangs below it; ``is_before``: it is a predecessor of the one above it."""

    job: int
    above: int | None
    is_before: bool
    below: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Seen:
    """What the walk from the leaves left behind at a job."""

    costs: list[Hours]
    out_usd: float
    by_site: dict[int, Hours]
    least: float


def branches(grid: Grid, jobs: Sequence[int]) -> list[Branch]:
    """A spanning tree of each group of these jobs that hangs together, leaves first; further ties are dropped."""
    inside = set(jobs)
    found: list[Branch] = []
    seen: set[int] = set()
    for root in reversed(jobs):
        if root in seen:
            continue
        seen.add(root)
        order = [Branch(root, None, is_before=False)]
        for branch in order:
            job = grid.jobs[branch.job]
            ties = [(other, True) for other in job.before] + [(other, False) for other in job.after]
            for other, is_before in ties:
                if other in inside and other not in seen:
                    seen.add(other)
                    branch.below.append(other)
                    order.append(Branch(other, branch.job, is_before))
        found += reversed(order)
    return found


class Tree:
    """The walk over the branches of one or several trees."""

    def __init__(self, grid: Grid, tree: Sequence[Branch], price_of: PriceOf) -> None:
        self.grid = grid
        self.tree = tree
        self.branch_of = {branch.job: branch for branch in tree}
        self.seen: dict[int, _Seen] = {}
        self.usd = 0.0
        for branch in tree:
            self._visit(branch, price_of)

    def _visit(self, branch: Branch, price_of: PriceOf) -> None:
        grid = self.grid
        job = grid.jobs[branch.job]
        costs = price_of(job)
        out_usd = job.out_usd
        for child in branch.below:
            out_usd += self._add_child(job, costs, child)
        seen = _Seen(costs, out_usd, {}, out_usd)
        if branch.above is None:
            for cost in costs:
                if cost.size:
                    seen.least = min(seen.least, float(cost.min()))
            self.usd += seen.least
        else:
            seen.by_site = _before(grid, job, costs) if branch.is_before else _after(grid, job, costs)
        self.seen[branch.job] = seen

    def _add_child(self, job: GridJob, costs: list[Hours], child: int) -> float:
        """Add to each start what the child's subtree costs at least; returns that cost where the job is left out."""
        below = self.seen[child]
        horizon = self.grid.horizon_h
        if self.branch_of[child].is_before:
            reach: dict[int, Hours] = {}
            for option, cost in zip(job.options, costs, strict=True):
                if option.site not in reach:
                    reach[option.site] = self._reach(child, option.site)
                np.add(cost, reach[option.site][option.first : option.after_last], out=cost)
            return min([below.out_usd, *(float(ends[horizon]) for ends in below.by_site.values())])
        room: dict[int, Hours] = {}
        for option, cost in zip(job.options, costs, strict=True):
            if option.site not in room:
                room[option.site] = self._room(job.place, child, option.site)
            ends = slice(option.first + option.hours, option.after_last + option.hours)
            np.add(cost, room[option.site][ends], out=cost)
        return below.out_usd

    def _reach(self, before: int, site: int) -> Hours:
        """For each start at ``site``: the least cost of the predecessor's subtree that lets it start by then."""
        least = np.full(self.grid.horizon_h + 1, np.inf)
        for from_site, ends in self.seen[before].by_site.items():
            delay = self.grid.delay_h(before, from_site, site)
            if delay is None or delay > self.grid.horizon_h:
                continue
            np.minimum(least[delay:], ends[: ends.size - delay], out=least[delay:])
        return least

    def _room(self, before: int, after: int, site: int) -> Hours:
        """For each end at ``site``: the least cost of the successor's subtree that starts after it, or is left out."""
        below = self.seen[after]
        least = np.full(self.grid.horizon_h + 1, below.out_usd)
        for to_site, starts in below.by_site.items():
            delay = self.grid.delay_h(before, site, to_site)
            if delay is None or delay > self.grid.horizon_h:
                continue
            np.minimum(least[: least.size - delay], starts[delay:], out=least[: least.size - delay])
        return least

    def places(self) -> Places:
        """The best places; of equal ones the first option and the earliest start."""
        found: Places = {}
        for branch in reversed(self.tree):
            limit = None if branch.above is None else found.get(branch.above)
            if branch.above is None or branch.is_before or limit is not None:
                self._choose(branch, limit, found)
        return found

    def _choose(self, branch: Branch, limit: tuple[GridOption, int] | None, found: Places) -> None:
        """Add the best place of a job to ``found``; ``limit`` is the place of the job above, where it has one."""
        seen = self.seen[branch.job]
        must = limit is not None and branch.is_before
        best_usd, best = (np.inf if must else seen.out_usd), None
        for option, cost in zip(self.grid.jobs[branch.job].options, seen.costs, strict=True):
            begin, end = 0, cost.size
            if limit is not None:
                begin, end = self._span(branch, option, limit)
            if begin >= end:
                continue
            place = begin + int(cost[begin:end].argmin())
            if cost[place] < best_usd:
                best_usd, best = float(cost[place]), (option, option.first + place)
        if best is not None:
            found[branch.job] = best

    def _span(self, branch: Branch, option: GridOption, above: tuple[GridOption, int]) -> tuple[int, int]:
        """The starts of an option, counted from its first, that the place of the job above allows."""
        other, start = above
        size = option.after_last - option.first
        if branch.is_before:
            delay = self.grid.delay_h(branch.job, option.site, other.site)
            return (0, 0) if delay is None else (0, min(size, start - delay - option.hours - option.first + 1))
        delay = self.grid.delay_h(other.job, other.site, option.site)
        return (0, 0) if delay is None else (max(0, start + other.hours + delay - option.first), size)


def _before(grid: Grid, job: GridJob, costs: list[Hours]) -> dict[int, Hours]:
    """By site: the least cost of ending there by each hour."""
    by_site: dict[int, Hours] = {}
    for option, cost in zip(job.options, costs, strict=True):
        ends = by_site.get(option.site)
        if ends is None:
            ends = by_site[option.site] = np.full(grid.horizon_h + 1, np.inf)
        span = ends[option.first + option.hours : option.after_last + option.hours]
        np.minimum(span, cost, out=span)
    for ends in by_site.values():
        np.minimum.accumulate(ends, out=ends)
    return by_site


def _after(grid: Grid, job: GridJob, costs: list[Hours]) -> dict[int, Hours]:
    """By site: the least cost of starting there at each hour or later."""
    by_site: dict[int, Hours] = {}
    for option, cost in zip(job.options, costs, strict=True):
        starts = by_site.get(option.site)
        if starts is None:
            starts = by_site[option.site] = np.full(grid.horizon_h + 1, np.inf)
        span = starts[option.first : option.after_last]
        np.minimum(span, cost, out=span)
    for site, starts in by_site.items():
        by_site[site] = np.minimum.accumulate(starts[::-1])[::-1]
    return by_site
