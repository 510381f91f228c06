"""What one more unit of a capacity would save: the prices of the bound, summed over time.

The prices of ``plan.lagrange`` nearly solve the dual problem: with one more unit of a resource in an hour the bound
falls by that hour's price. So their sum estimates what one more node of a pool, or one more watt at a site, would save;
the estimate is as good as the bound is tight.
"""

from __future__ import annotations

from dataclasses import dataclass

from lexloci.plan.grid import Grid
from lexloci.plan.lagrange import Prices
from lexloci.plan.pricers import best_pricer
from lexloci.plan.problem import HourInterval, Problem


@dataclass(frozen=True, slots=True)
class CapacityPrice:
    """A resource (pool, or site with limited power) with what one more unit of it would save, in USD.

    ``usd_per_unit``: over the whole horizon (a node; a watt). ``scarce_h``: from the first hour in which it has a price
    to the last, None where it has none.
    """

    resource: str
    is_pool: bool
    usd_per_unit: float
    scarce_h: HourInterval | None


def capacity_prices(problem: Problem, target_usd: float, steps: int = 100) -> tuple[CapacityPrice, ...]:
    """The prices of all resources after so many steps, dearest first; ``target_usd``: the best objective known."""
    grid = Grid(problem)
    search = Prices(grid, best_pricer(grid))
    for _ in range(steps):
        search.step(target_usd)
    found = []
    for place, name in enumerate(grid.resources):
        blocks = search.best[place]
        scarce = blocks.nonzero()[0]
        hours = None
        if scarce.size:
            end = min(problem.horizon_h, (int(scarce[-1]) + 1) * search.block_h)
            hours = (int(scarce[0]) * search.block_h, end)
        usd = float(search.charged(search.best)[place, -1])
        found.append(CapacityPrice(name, place < grid.pool_count, usd, hours))
    return tuple(sorted(found, key=lambda one: -one.usd_per_unit))
