"""Says below which cost no schedule can get: the capacities are priced instead of kept, and the prices are searched.

With a price ``p[r][b] >= 0`` for a unit of resource ``r`` in each hour of block ``b``, the capacities drop out of the
problem and its components fall apart; each is solved exactly by ``plan.chains``. For any such prices

    bound(p) = sum over components of the least (cost + prices paid) - sum over r, b of p[r][b] * capacity[r][b]

is at most the objective of every schedule: a schedule that keeps the capacities pays no more in prices than the second
sum. Ties beyond the spanning tree of a component are dropped, which can only lower the bound. What the best places use
beyond the capacity is a subgradient; ``Prices.step`` follows it, smoothed, with Polyak's step towards the cost of the
best schedule (M. L. Fisher, Management Science 27, 1981; B. Polyak, 1969).

The prices are worth something by themselves: what one more unit of a resource in an hour would save, in USD, where the
bound is tight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Protocol

import numpy as np

from lexloci.plan.chains import Branch, Tree, branches
from lexloci.plan.grid import Amounts, Grid, GridJob, Hours

_BLOCKS = 720  # 6 hours at 180 days; 12 hours gave a bound lower by 0.01 % at 500 workloads, at the same cost
_FIRST_STEP, _SHRINK, _PATIENCE, _GAIN = 0.1, 0.7, 8, 2e-5
_SMOOTHING = 0.7
_ROUNDING = 1e-11  # of the sums; a sum of n doubles that is rounded at each step is off by less than n * 1.2e-16 of it


class Pricer(Protocol):
    """Finds the best places of all components at given prices."""

    def least(self, charged: Hours, used: Amounts) -> Sequence[float]:
        """The least cost of each component with what it pays; adds what its places use to ``used`` [resource, hour].

        ``charged[r, h]``: what a unit of ``r`` pays from hour 0 to ``h``.
        """


class PlainPricer:
    """A ``Pricer`` of NumPy alone."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.forest: list[list[Branch]] = [branches(grid, component) for component in grid.components]

    def least(self, charged: Hours, used: Amounts) -> list[float]:
        """See ``Pricer``."""

        def price_of(job: GridJob) -> list[Hours]:
            return priced(self.grid, job, charged)

        found = []
        for branches_of_one in self.forest:
            tree = Tree(self.grid, branches_of_one, price_of)
            found.append(tree.usd)
            for option, start in tree.places().values():
                for resource, amount in option.uses:
                    used[resource, start : start + option.hours] += amount
        return found


def priced(grid: Grid, job: GridJob, charged: Hours) -> list[Hours]:
    """What each start of each option of a job costs with the prices that it pays, in USD."""
    ends = np.arange(grid.horizon_h + 1)
    late = np.maximum(ends - job.due_h, 0) * job.usd_per_hour_late
    costs = []
    for option in job.options:
        begins = slice(option.first, option.after_last)
        finishes = slice(option.first + option.hours, option.after_last + option.hours)
        cost = late[finishes] + option.usd
        for resource, amount in option.uses:
            cost += amount * (charged[resource, finishes] - charged[resource, begins])
        for begin, end in option.gaps:
            cost[begin - option.first : end - option.first] = np.inf
        costs.append(cost)
    return costs


@dataclass
class Prices:
    """The search for the best prices: what is known after so many steps. ``prices[resource, block]`` in USD an hour."""

    grid: Grid
    pricer: Pricer
    prices: Hours = field(init=False)
    best: Hours = field(init=False)
    bound_usd: float = 0.0
    smooth: Hours | None = None
    factor: float = _FIRST_STEP
    stalled: int = 0
    is_exact: bool = False

    def __post_init__(self) -> None:
        horizon = self.grid.horizon_h
        self.block_h = max(1, -(-horizon // _BLOCKS))
        self.begins = np.arange(0, max(1, horizon), self.block_h)
        shape = (len(self.grid.resources), self.begins.size)
        self.capacity = self._by_block(self.grid.capacity)
        self.prices = np.zeros(shape)
        self.best = np.zeros(shape)

    def _by_block(self, hourly: Amounts) -> Hours:
        if not hourly.size:
            return np.zeros((hourly.shape[0], self.begins.size))
        return np.add.reduceat(hourly, self.begins, axis=1).astype(np.float64)

    def charged(self, prices: Hours) -> Hours:
        """What a unit of each resource pays from hour 0 to each hour."""
        horizon = self.grid.horizon_h
        charged = np.zeros((len(self.grid.resources), horizon + 1))
        np.cumsum(np.repeat(prices, self.block_h, axis=1)[:, :horizon], axis=1, out=charged[:, 1:])
        return charged

    def value(self, prices: Hours) -> tuple[float, Hours]:
        """The bound at these prices, in USD, and by how much each block is over or under its capacity."""
        used = np.zeros_like(self.grid.capacity)
        least = self.pricer.least(self.charged(prices), used)
        paid = float((prices * self.capacity).sum())
        total = fsum(least)
        slack = _ROUNDING * (fsum(abs(one) for one in least) + abs(paid))
        return total - paid - slack, self._by_block(used) - self.capacity

    def step(self, target_usd: float) -> None:
        """One more pair of prices tried; ``target_usd`` is the cost of the best schedule known."""
        if self.is_exact:
            return
        value, over = self.value(self.prices)
        if value > self.bound_usd:
            self.stalled = 0 if value - self.bound_usd > _GAIN * abs(self.bound_usd) else self.stalled + 1
            self.bound_usd, self.best = value, self.prices.copy()
        else:
            self.stalled += 1
        if self.stalled >= _PATIENCE:
            self.stalled, self.factor = 0, self.factor * _SHRINK
            self.prices = self.best.copy()
        self.smooth = over if self.smooth is None else _SMOOTHING * self.smooth + (1 - _SMOOTHING) * over
        way = np.where((self.prices <= 0.0) & (self.smooth < 0.0), 0.0, self.smooth)
        length = float((way * way).sum())
        if length == 0.0 or value >= target_usd:
            self.is_exact = True
            return
        self.prices = np.maximum(0.0, self.prices + self.factor * (target_usd - value) / length * way)
