"""The names for people behind the ids of a portfolio; an id that the portfolio lacks stands for itself."""

from __future__ import annotations

from dataclasses import dataclass

from lexloci.model.plan import Placement
from lexloci.model.portfolio import Portfolio


@dataclass(frozen=True, slots=True)
class Names:
    """Looks up names in a portfolio."""

    portfolio: Portfolio

    def workload(self, workload_id: str) -> str:
        """The name of a workload."""
        workload = self.portfolio.workload_by_id.get(workload_id)
        return workload.name if workload else workload_id

    def site(self, site_id: str) -> str:
        """The name of a site."""
        site = self.portfolio.site_by_id.get(site_id)
        return site.name if site else site_id

    def chip_of(self, pool_id: str) -> str:
        """The name of the chips of a pool, else the id of the chip, else of the pool."""
        pool = self.portfolio.pool_by_id.get(pool_id)
        if pool is None:
            return pool_id
        return next((chip.name for chip in self.portfolio.chips if chip.id == pool.chip), pool.chip)

    def pool(self, pool_id: str) -> str:
        """A pool as its site and its chips."""
        pool = self.portfolio.pool_by_id.get(pool_id)
        return f"{self.site(pool.site)}: {self.chip_of(pool_id)} ({pool_id})" if pool else pool_id

    def chips(self, placement: Placement) -> str:
        """How many of which chips a placement has; a copy has none, and comes from where its pool stands."""
        if placement.chips:
            return f"{placement.chips:,} × {self.chip_of(placement.pool)}"
        pool = self.portfolio.pool_by_id.get(placement.pool)
        return f"copy from {self.site(pool.site) if pool else placement.pool}"
