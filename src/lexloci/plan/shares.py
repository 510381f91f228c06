"""On how many chips of a pool may a workload run, and what does each number take? Each answer is worked out once.

The estimates of a workload in a pool depend on what it is to do and on what the pool is, not on who they are: workloads
that differ only in name, party, data and dates share them, and so do pools of one site and kind. Names stand in what an
estimate says in words; so it is asked under names that no portfolio has, and told under those of who asks.

Invariant: what is told is what ``estimates_of`` says (``tests/plan/test_plan_shares.py`` asks both).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from lexloci.catalogue import chip as catalogue_chip
from lexloci.model.chip import Chip
from lexloci.model.estimate import Estimate, Range
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool, Site
from lexloci.model.workload import Demand, Workload, WorkloadKind
from lexloci.perf import ChipsNeeded, Infeasible, JobSpec, chips_needed, estimate
from lexloci.perf.calibration import kept_calibrations
from lexloci.perf.estimate import TOO_FAR
from lexloci.perf.latency import round_trip_ms
from lexloci.plan.electricity import grid_of, with_grid

SHARES = (1.0, 0.75, 0.5, 0.375, 0.25, 0.125, 0.0625)
"""Shares of a pool that a training job may take; a service takes what its demand needs."""
OF_WORKLOAD = (
    "kind",
    "model",
    "tokens",
    "method",
    "precision",
    "batch_sequences",
    "exchange",
    "rollouts",
    "demand",
    "prompts_apart",
    "drafting",
    "days",
    "max_chips",
)
"""Fields of a workload that its estimates are made from."""
OF_POOL = (
    "site",
    "chip",
    "chips",
    "chips_per_node",
    "internode_gbps_per_chip",
    "power_included",
    "usd_per_chip_hour",
    "quotes",
)
"""The same of a pool; of its quotes only whether there are any."""
_A_JOB, _A_POOL = "\N{SYMBOL FOR START OF TEXT}job", "\N{SYMBOL FOR START OF TEXT}pool"


@dataclass
class KeptEstimates:
    """The estimates of the workloads of one portfolio; ``asked`` counts those that were worked out."""

    portfolio: Portfolio
    asked: int = 0
    _jobs: dict[str, tuple[Workload, int]] = field(default_factory=dict)
    _pools: dict[str, tuple[Pool, int]] = field(default_factory=dict)
    _numbers: dict[Hashable, int] = field(default_factory=dict)
    _found: dict[tuple[int, int], list[Estimate]] = field(default_factory=dict)
    _refusals: dict[tuple[int, int], tuple[float | None, str]] = field(default_factory=dict)
    _sizeless: dict[str, int] = field(default_factory=dict)

    def of(self, workload: Workload, pool: Pool) -> list[Estimate]:
        """What ``estimates_of`` says of the workload in the pool."""
        key = (self._job(workload), self._pool(pool))
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._asked(workload, pool, enough=False)
        return [_told(one, workload, pool) for one in found]

    def refusal(self, workload: Workload, pool: Pool) -> str:
        """Why no share of the pool would do; empty where one does.

        Of the tokens to train on it depends only where none are stated, or where so many are that no figure holds what
        they take: what does for more of them does for fewer.
        """
        self._job(workload)
        key, tokens = (self._sizeless[workload.id], self._pool(pool)), workload.tokens
        known, found = self._refusals.get(key, (None, ""))
        if known is None or (tokens or 0.0) > known or found == TOO_FAR:
            first = self._asked(workload, pool, enough=True)[0]
            found = "" if first.feasible else first.reason
            self._refusals[key] = tokens or 0.0, found
        return _named(found, workload, pool)

    def _asked(self, workload: Workload, pool: Pool, *, enough: bool) -> list[Estimate]:
        self.asked += 1
        nameless, nowhere = replace(workload, id=_A_JOB), replace(pool, id=_A_POOL)
        return estimates_of(self.portfolio, nameless, nowhere, chip_of(self.portfolio, pool), enough=enough)

    def _job(self, workload: Workload) -> int:
        known = self._jobs.get(workload.id)
        if known is None or known[0] is not workload:
            key = tuple(getattr(workload, name) for name in OF_WORKLOAD)
            known = self._jobs[workload.id] = workload, self._numbers.setdefault(key, len(self._numbers))
            sizeless = (
                workload.tokens is None,
                *(one for name, one in zip(OF_WORKLOAD, key, strict=True) if name != "tokens"),
            )
            self._sizeless[workload.id] = self._numbers.setdefault(sizeless, len(self._numbers))
        return known[1]

    def _pool(self, pool: Pool) -> int:
        known = self._pools.get(pool.id)
        if known is None or known[0] is not pool:
            key = tuple(bool(pool.quotes) if name == "quotes" else getattr(pool, name) for name in OF_POOL)
            known = self._pools[pool.id] = pool, self._numbers.setdefault(key, len(self._numbers))
        return known[1]


def _told(found: Estimate, workload: Workload, pool: Pool) -> Estimate:
    """The estimate under the names of who asks."""
    warnings = tuple([_named(one, workload, pool) for one in found.warnings])
    reason = _named(found.reason, workload, pool)
    return replace(found, workload=workload.id, pool=pool.id, reason=reason, warnings=warnings)


def _named(text: str, workload: Workload, pool: Pool) -> str:
    return text.replace(_A_JOB, workload.id).replace(_A_POOL, pool.id)


def chip_of(portfolio: Portfolio, pool: Pool) -> Chip:
    """The chip of a pool: the portfolio's own row, else the catalogue's."""
    own = next((chip for chip in portfolio.chips if chip.id == pool.chip), None)
    return own or catalogue_chip(pool.chip)


def job_spec(portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip, chips: int) -> JobSpec:
    """The question to ``perf``: the workload on so many chips, with the grid and the network of the site."""
    site = portfolio.site_by_id[pool.site]
    trip_ms, by_distance = _round_trip(portfolio, workload.demand, site)
    tariff, carbon = grid_of(site)  # what is unknown is refused or warned of by estimates_of
    return JobSpec(
        workload=workload,
        model=portfolio.model_by_id[workload.model],
        chip=chip,
        pool=replace(pool, usd_per_chip_hour=0.0) if pool.quotes else pool,  # a quote is paid whatever runs
        site=site,
        chips=chips,
        electricity_usd_per_kwh=tariff or 0.0,
        carbon_g_per_kwh=carbon or 0.0,
        round_trip_ms=trip_ms,
        round_trip_estimated=by_distance,
        calibrations=kept_calibrations(portfolio.calibration) if portfolio.calibration else (),
    )


def _round_trip(portfolio: Portfolio, demand: Demand | None, site: Site) -> tuple[float | None, Range | None]:
    """Round trip in ms from the users to a site: as stated, else the high end of what their distance says."""
    if demand is None:
        return None, None
    link = portfolio.link(demand.region, site.id)
    if link is not None and link.round_trip_ms is not None:
        return link.round_trip_ms, None
    if demand.latitude is None or demand.longitude is None or site.latitude is None or site.longitude is None:
        return None, None
    trip = round_trip_ms((demand.latitude, demand.longitude), (site.latitude, site.longitude))
    return trip.high, trip


def estimates_of(
    portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip, *, enough: bool = False
) -> list[Estimate]:
    """Estimates of the workload on the shares of the pool worth having; one infeasible one where nothing fits.

    ``enough``: the first that is feasible is enough, for who asks whether any is.
    """
    needed = chips_needed(job_spec(portfolio, workload, pool, chip, pool.chips))
    if isinstance(needed, Infeasible):
        refused = estimate(job_spec(portfolio, workload, pool, chip, pool.chips))
        return [replace(refused, feasible=False, reason=needed.reason)]
    sizes = _sizes(workload, pool, needed)
    site = portfolio.site_by_id[pool.site]
    found: list[Estimate] = []
    for size in sizes:
        found.append(with_grid(estimate(job_spec(portfolio, workload, pool, chip, size)), pool, site))
        if enough and found[-1].feasible:
            break
    return sorted(found, key=lambda one: (not one.feasible, one.chips))


def _sizes(workload: Workload, pool: Pool, needed: ChipsNeeded) -> list[int]:
    """Numbers of chips in whole nodes: what a service needs; for training, shares of the pool that hold the model."""
    if workload.kind is WorkloadKind.SERVE:
        return [needed.chips]
    node = pool.chips_per_node
    most = min(pool.chips, workload.max_chips or pool.chips) // node * node
    sizes = {max(needed.chips, int(most * share) // node * node) for share in SHARES}
    return sorted(size for size in sizes if size <= most) or [needed.chips]
