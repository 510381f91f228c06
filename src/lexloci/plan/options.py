"""Where may each workload run, on how many chips, how long, at what price, in which lawful windows?

An option is a workload on a number of chips of one pool. Its windows are the stretches of days in
which the law lets the whole job, leg by leg, start and run: segments between two days of change whose
determination is placeable, joined where they touch. Under ``assume_granted`` a licence that is
required opens its segment too, no earlier than its lead time, and the option is marked conditional.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from lexloci.catalogue import countries
from lexloci.model.chip import Chip
from lexloci.model.determination import FindingStatus
from lexloci.model.estimate import Estimate
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool, Site
from lexloci.model.workload import Dataset, Workload, WorkloadKind
from lexloci.perf import ChipsNeeded, Infeasible, JobSpec, chips_needed, estimate
from lexloci.plan.judge import Judge, Segment

SHARES = (1.0, 0.75, 0.5, 0.375, 0.25, 0.125, 0.0625)
"""Shares of a pool that a training job may take; a service takes what its demand needs."""


@dataclass(frozen=True)
class Choice:
    """A workload on a number of chips of one pool: estimate, price, hours and lawful windows of starts and ends."""

    workload: Workload
    pool: Pool
    estimate: Estimate
    hours: int
    usd: float
    windows: tuple[tuple[date, date], ...]
    conditional_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class PoolAnswer:
    """What a pool answers to a workload: the segments of the law, its choices, and why it has none."""

    pool: Pool
    segments: tuple[Segment, ...]
    choices: tuple[Choice, ...]
    why_not: str = ""

    @property
    def first_outcome(self) -> Outcome:
        """The outcome of the earliest start that is asked about."""
        return self.segments[0].determination.outcome


def answer_of(judge: Judge, workload: Workload, pool: Pool, assume_granted: bool) -> PoolAnswer | None:
    """What the pool answers to the workload; None where the pool is not open to its party or is gone before its time."""
    portfolio = judge.portfolio
    if workload.party not in (pool.users or (pool.holder,)):
        return None
    first = max(portfolio.as_of, *_known_days(workload.release, pool.available_from or pool.held_since))
    last = min(portfolio.horizon_until, pool.available_until or portfolio.horizon_until)
    if first >= last:
        return None
    segments = tuple(judge.segments(workload, pool, first, last))
    windows, conditional_on = _windows(judge, segments, assume_granted)
    estimates = estimates_of(portfolio, workload, pool, judge.chip(pool))
    feasible = [one for one in estimates if one.feasible]
    if not feasible:
        return PoolAnswer(pool, segments, (), estimates[0].reason)
    if not windows:
        return PoolAnswer(pool, segments, (), why_unlawful(segments[0]))
    moved = _moved_data(portfolio, workload, pool, judge.chip(pool))
    if isinstance(moved, str):
        return PoolAnswer(pool, segments, (), moved)
    extra_h, extra_usd = moved
    choices = tuple(
        Choice(
            workload,
            pool,
            one,
            max(1, ceil(one.duration_s.point / 3600) + extra_h),
            one.cost_usd.point + extra_usd,
            windows,
            conditional_on,
        )
        for one in feasible
    )
    return PoolAnswer(pool, segments, choices)


def _known_days(*days: date | None) -> list[date]:
    return [day for day in days if day is not None] or [date.min]


def lawful_windows(segments: Sequence[Segment]) -> tuple[tuple[date, date], ...]:
    """The stretches of placeable segments, joined where they touch."""
    return _joined([(one.start, one.end) for one in segments if one.determination.outcome.is_placeable])


def _windows(
    judge: Judge, segments: Sequence[Segment], assume_granted: bool
) -> tuple[tuple[tuple[date, date], ...], tuple[str, ...]]:
    """The lawful stretches; with ``assume_granted`` also those that a licence would open, and these licences."""
    if not assume_granted:
        return lawful_windows(segments), ()
    stretches: list[tuple[date, date]] = []
    conditions: dict[str, None] = {}
    for segment in segments:
        if segment.determination.outcome.is_placeable:
            stretches.append((segment.start, segment.end))
            continue
        licences = _licences(judge, segment)
        if licences:
            earliest = judge.question.as_of + timedelta(days=max(lead for _, lead in licences))
            stretches.append((max(segment.start, earliest), segment.end))
            conditions |= dict.fromkeys(text for text, _ in licences)
    return _joined(stretches), tuple(conditions)


def _joined(stretches: Sequence[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    joined: list[tuple[date, date]] = []
    for start, end in stretches:
        if start >= end:
            continue
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _licences(judge: Judge, segment: Segment) -> list[tuple[str, int]] | None:
    """The licences that would open a segment, each with its lead time in days.

    None where no licence would, or where the rulebook knows no lead time of one of them.
    """
    determination = segment.determination
    if not determination.outcome.is_licence:
        return None
    required = [
        finding
        for finding in determination.findings
        if finding.status is FindingStatus.FIRED and finding.outcome.is_licence
    ]
    leads = [(f"{one.title} ({one.citation.text})", judge.rulebook.rule(one.rule).lead_time_days) for one in required]
    return leads if leads and all(lead for _, lead in leads) else None


def why_unlawful(segment: Segment) -> str:
    """In a line, why the law does not let a job start in a segment."""
    determination = segment.determination
    if determination.outcome is Outcome.HUMAN_REVIEW:
        names = ", ".join(dict.fromkeys(missing.name for missing in determination.missing))
        return f"human review: {names}"
    for finding in determination.findings:
        if finding.status is FindingStatus.FIRED and finding.outcome is determination.outcome:
            return f"{finding.outcome.value}: {finding.title} ({finding.citation.text}): {finding.reason}"
    return str(determination.outcome.value)


def job_spec(portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip, chips: int) -> JobSpec:
    """The question to ``perf``: the workload on so many chips, with the grid and the network of the site."""
    site = portfolio.site_by_id[pool.site]
    region = portfolio.link(workload.demand.region, site.id) if workload.demand else None
    tariff, carbon = grid_of(site)
    return JobSpec(
        workload=workload,
        model=portfolio.model_by_id[workload.model],
        chip=chip,
        pool=pool,
        site=site,
        chips=chips,
        electricity_usd_per_kwh=tariff,
        carbon_g_per_kwh=carbon,
        round_trip_ms=region.round_trip_ms if region else None,
    )


def grid_of(site: Site) -> tuple[float, float]:
    """Tariff (USD/kWh) and carbon intensity (gCO2e/kWh) of a site: stated, else the catalogue's for its country."""
    country = countries()[site.country]
    tariff = (
        site.electricity_usd_per_kwh if site.electricity_usd_per_kwh is not None else country.electricity_usd_per_kwh
    )
    carbon = site.carbon_g_per_kwh if site.carbon_g_per_kwh is not None else country.carbon_g_per_kwh
    return tariff or 0.0, carbon or 0.0


def estimates_of(portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip) -> list[Estimate]:
    """Estimates of the workload on the shares of the pool worth having; one infeasible one where nothing fits."""
    needed = chips_needed(job_spec(portfolio, workload, pool, chip, pool.chips))
    if isinstance(needed, Infeasible):
        refused = estimate(job_spec(portfolio, workload, pool, chip, pool.chips))
        return [replace(refused, feasible=False, reason=needed.reason)]
    sizes = _sizes(workload, pool, needed)
    found = [estimate(job_spec(portfolio, workload, pool, chip, size)) for size in sizes]
    return sorted(found, key=lambda one: (not one.feasible, one.chips))


def _sizes(workload: Workload, pool: Pool, needed: ChipsNeeded) -> list[int]:
    """Numbers of chips in whole nodes: what a service needs; for training, shares of the pool that hold the model."""
    if workload.kind is WorkloadKind.SERVE:
        return [needed.chips]
    node = pool.chips_per_node
    most = min(pool.chips, workload.max_chips or pool.chips) // node * node
    sizes = {max(needed.chips, int(most * share) // node * node) for share in SHARES}
    return sorted(size for size in sizes if size <= most) or [needed.chips]


def estimate_copy(
    portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip, to: str, volume: float, departure: str = ""
) -> Estimate:
    """Time and price of moving a volume (bytes) from the pool's site (or ``departure``) to another over their link."""
    origin = departure or pool.site
    link = portfolio.link(origin, to)
    here = origin == to
    as_copy = JobSpec(
        workload=Workload(workload.id, workload.name, workload.party, WorkloadKind.COPY, workload.model),
        model=portfolio.model_by_id[workload.model],
        chip=chip,
        pool=pool,
        site=portfolio.site_by_id[pool.site],
        chips=0,
        electricity_usd_per_kwh=0.0,
        carbon_g_per_kwh=0.0,
        bytes=0.0 if here else volume,
        gbps=1.0 if here else link.gbps if link else None,
        round_trip_ms=link.round_trip_ms if link else None,
        usd_per_gb=0.0 if here else link.usd_per_gb if link else None,
    )
    return estimate(as_copy)


def _moved_data(portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip) -> tuple[int, float] | str:
    """Hours and USD of bringing the datasets to the pool's site; why they cannot be brought."""
    hours, usd = 0, 0.0
    for dataset in _elsewhere(portfolio, workload, pool):
        if dataset.located_at is None:
            continue
        moved = estimate_copy(portfolio, workload, pool, chip, dataset.located_at, dataset.bytes)
        if not moved.feasible:
            return f"{dataset.name} cannot be brought from {dataset.located_at}: {moved.reason}"
        hours += ceil(moved.duration_s.point / 3600)
        usd += moved.cost_usd.point
    return hours, usd


def _elsewhere(portfolio: Portfolio, workload: Workload, pool: Pool) -> list[Dataset]:
    datasets = [portfolio.dataset_by_id[name] for name in workload.datasets]
    return [dataset for dataset in datasets if dataset.located_at not in (None, pool.site)]
