"""How much of a service must run when its demand grows: one workload for each step of the curve.

The demand that a portfolio states is the peak; ``adoption`` gives shares of it on dated points, straight lines between
them, the first before and the last after. Time is cut into steps, and each becomes a workload that runs exactly in its
step, on the chips that the highest demand in it needs. So a service may grow in a pool, spread over several, or move
when the law does. The curve is an assumption of whoever wrote the portfolio, and every plan says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from lexloci.model.portfolio import Portfolio
from lexloci.model.workload import AdoptionPoint, Demand, Workload


def with_steps(portfolio: Portfolio) -> Portfolio:
    """The portfolio in which each service whose demand grows is one workload for each step within the horizon.

    What waits for such a service waits for all of its steps; records that name it name them instead. One that does not
    begin within the horizon stays as it is, to be told as left out. Applied twice it changes nothing more.
    """
    growing = [job for job in portfolio.workloads if job.demand and job.demand.adoption]
    steps = {job.id: tuple(_steps(portfolio, job)) for job in growing if _begins(portfolio, job)}
    if not steps:
        return portfolio
    workloads = tuple(
        replace(step, after=_named(step.after, steps))
        for job in portfolio.workloads
        for step in steps.get(job.id, (job,))
    )
    attestations = tuple(replace(one, about=_told(one.about, steps)) for one in portfolio.attestations)
    held = tuple(replace(one, covers=_told(one.covers, steps)) for one in portfolio.authorisations)
    return replace(portfolio, workloads=workloads, attestations=attestations, authorisations=held)


def assumptions_of(portfolio: Portfolio) -> tuple[str, ...]:
    """What a plan of the portfolio assumes about demand, in a line for each service."""
    return tuple(
        f"{job.id}: demand is assumed to grow: "
        + ", ".join(f"{point.percent:g} % on {point.on}" for point in job.demand.adoption)
        + f" of {job.demand.peak_told}, evenly between these days; chips are planned for "
        f"{job.demand.adoption_step_days} days at a time"
        for job in portfolio.workloads
        if job.demand and job.demand.adoption
    )


def share_on(curve: tuple[AdoptionPoint, ...], day: date) -> float:
    """The share of the peak demand on a day, 0 to 1."""
    if day <= curve[0].on:
        return curve[0].percent / 100
    for one, other in pairwise(curve):
        if day <= other.on:
            way = (day - one.on).days / (other.on - one.on).days
            return (one.percent + way * (other.percent - one.percent)) / 100
    return curve[-1].percent / 100


def highest_share(curve: tuple[AdoptionPoint, ...], first: date, last: date) -> float:
    """The highest share on the days ``[first, last)``, 0 to 1."""
    inside = [point.percent / 100 for point in curve if first <= point.on < last]
    return max(share_on(curve, first), share_on(curve, last - timedelta(days=1)), *inside)


def _begins(portfolio: Portfolio, job: Workload) -> bool:
    first, last = _days(portfolio, job)
    return first < last


def _days(portfolio: Portfolio, job: Workload) -> tuple[date, date]:
    """The days ``[first, last)`` on which a service runs."""
    first = max(portfolio.as_of, job.release or portfolio.as_of)
    last = min(portfolio.horizon_until, job.must_end or portfolio.horizon_until)
    return first, last if job.days is None else min(last, first + timedelta(days=round(job.days)))


def _steps(portfolio: Portfolio, job: Workload) -> Iterator[Workload]:
    demand = job.demand
    if demand is None:
        return
    first, last = _days(portfolio, job)
    whole = max(1, (last - first).days)
    while first < last:
        end = min(last, first + timedelta(days=demand.adoption_step_days))
        share = highest_share(demand.adoption, first, end)
        if share > 0.0:
            yield _step(job, demand, first, end, share, whole)
        first = end


def _step(job: Workload, demand: Demand, first: date, end: date, share: float, whole_days: int) -> Workload:
    days = (end - first).days
    begin = job.release if job.release and job.release > first else first
    return replace(
        job,
        id=f"{job.id}~{first}",
        name=f"{job.name}, {share * 100:.3g} % of its peak from {first} on",
        demand=replace(demand.scaled(share), adoption=()),
        release=begin,
        must_end=end,
        days=float(days),
        usd_if_unplaced=None if job.usd_if_unplaced is None else job.usd_if_unplaced * days / whole_days,
    )


def _named(after: tuple[str, ...], steps: dict[str, tuple[Workload, ...]]) -> tuple[str, ...]:
    """The names with those of its steps instead of a service's own; a licence that covers an unknown name is void."""
    return tuple(name for one in after for name in ([step.id for step in steps[one]] if one in steps else [one]))


def _told(names: tuple[str, ...], steps: dict[str, tuple[Workload, ...]]) -> tuple[str, ...]:
    """The same for a record; one about a service without any step still names it, and so speaks of nothing else."""
    return tuple(name for one in names for name in (_named((one,), steps) or (one,)))
