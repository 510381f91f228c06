"""Training one model on pools at several sites that exchange their weights seldom: time, speed, energy and cost.

Each site trains on its own pool with the best layout that it has; all take the same number of inner steps, so the
slowest decides the phase (``multi_site`` has the formulas). The sites exchange in a ring in the order given, over the
slowest of its links. Failures stop all: goodput is that of all the chips together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from lexloci.model.estimate import Estimate, Range
from lexloci.model.workload import Exchange, TrainingMethod
from lexloci.perf.energy import resources
from lexloci.perf.estimate import TOO_FAR, infeasible, power_note
from lexloci.perf.goodput import goodput
from lexloci.perf.job import Infeasible, JobSpec
from lexloci.perf.memory import ADAPTER_SHARE
from lexloci.perf.multi_site import MultiSite, all_reduce_s, phases
from lexloci.perf.training import TrainingSpeed, batch_tokens, training_speed


@dataclass(frozen=True, slots=True)
class RingLink:
    """One link of the ring: bandwidth one way, round trip, and the price of what the site before it sends over it."""

    gbps: float
    round_trip_ms: float
    usd_per_gb: float


def estimate_across(jobs: Sequence[JobSpec], links: Sequence[RingLink]) -> Estimate:
    """The estimate of one workload on the chips of all jobs together; ``links[i]`` leads from site i to the next.

    ``feasible=False`` with a reason where a site cannot train it or a figure is not stated.
    """
    first = replace(jobs[0], chips=sum(job.chips for job in jobs))
    name = "+".join(job.pool.id for job in jobs)

    def refused(reason: str) -> Estimate:
        return replace(infeasible(first, reason), pool=name)

    if first.workload.rollouts is not None:
        return refused("rollouts across sites are not modelled; name one pool")
    tokens = first.workload.tokens
    if tokens is None:
        return refused(f"workload {first.workload.id} states no tokens; state them under workloads")
    most = first.workload.max_chips
    if most is not None and first.chips > most:
        return refused(f"workload {first.workload.id} allows {most} chips, the pools have {first.chips}")
    speeds: list[TrainingSpeed] = []
    for job in jobs:
        speed = training_speed(job)
        if isinstance(speed, Infeasible):
            return refused(f"{job.pool.id}: {speed.reason}")
        speeds.append(speed)
    working = sum(speed.working_chips for speed in speeds)
    kept = goodput(first.model.parameters, working)
    if kept == 0.0:
        return refused(f"{working} chips fail more often than a run can restart; use fewer chips")
    return _together(jobs, links, speeds, kept, tokens, name)


def _together(
    jobs: Sequence[JobSpec],
    links: Sequence[RingLink],
    speeds: Sequence[TrainingSpeed],
    kept: float,
    tokens: float,
    name: str,
) -> Estimate:
    exchange = jobs[0].workload.exchange or Exchange()
    batch = batch_tokens(jobs[0])
    trained = jobs[0].model.parameters * (ADAPTER_SHARE if jobs[0].workload.method is TrainingMethod.LORA else 1.0)
    volume = trained * exchange.bytes_per_parameter
    slow_gbps, far_ms = min(link.gbps for link in links), max(link.round_trip_ms for link in links)
    taken_s = all_reduce_s(volume, len(jobs), slow_gbps, far_ms)

    def split(end: str) -> tuple[float, MultiSite]:
        step_s = batch / min(getattr(speed.tokens_per_s, end) for speed in speeds)
        found = phases(exchange.inner_steps * step_s, taken_s, volume, len(jobs), exchange)
        return len(jobs) * batch / step_s * found.utilisation, found

    (point, found), (low, slow), (high, fast) = split("point"), split("low"), split("high")
    raw = Range(point, min(low, point), max(high, point))  # alike, but for a rounding, where the links alone decide
    useful = raw.scaled(kept)
    needed = tokens * exchange.token_penalty
    duration = Range(needed / useful.point, needed / useful.high, needed / useful.low)
    first = replace(jobs[0], chips=sum(job.chips for job in jobs))
    too_far = replace(infeasible(first, TOO_FAR), pool=name)
    if not isfinite(duration.high):
        return too_far
    exchanges = needed / (len(jobs) * batch * exchange.inner_steps)
    egress_usd = sum(exchanges * found.bytes_per_exchange / 1e9 * link.usd_per_gb for link in links)
    share = found.utilisation * kept
    busy = Range(share, min(share, fast.utilisation * kept), max(share, slow.utilisation))
    busy = busy.scaled(sum(speed.working_chips for speed in speeds) / first.chips)  # the others rest
    energy = carbon = cost = Range(0.0, 0.0, 0.0)
    for job in jobs:
        used = resources(job, duration, busy)
        if isinstance(used, Infeasible):
            return replace(infeasible(first, used.reason), pool=name)
        energy, carbon = _sum(energy, used.energy_kwh), _sum(carbon, used.carbon_kg)
        cost = _sum(cost, used.cost_usd)
    cost = _sum(cost, Range(egress_usd, egress_usd, egress_usd))
    if not all(isfinite(figure) for figure in (duration.high, energy.high, carbon.high, cost.high)):
        return too_far
    return Estimate(
        workload=first.workload.id,
        pool=name,
        chips=first.chips,
        feasible=True,
        reason="",
        duration_s=duration,
        tokens_per_s=useful,
        utilisation=_share(speeds, raw),
        utilisation_of="MFU",
        busy=busy,
        energy_kwh=energy,
        carbon_kg=carbon,
        cost_usd=cost,
        support="; ".join(dict.fromkeys(speed.support for speed in speeds)),
        warnings=(*_told(jobs, speeds, exchange, found, kept, egress_usd), power_note(busy)),
    )


def _share(speeds: Sequence[TrainingSpeed], together: Range) -> Range:
    """MFU over all chips: each site's tokens a second at MFU 1 follow from its own speed and its own MFU."""
    roof = sum(speed.tokens_per_s.point / speed.utilisation.point for speed in speeds)
    return Range(*(min(1.0, value / roof) for value in (together.point, together.low, together.high)))


def _told(
    jobs: Sequence[JobSpec],
    speeds: Sequence[TrainingSpeed],
    exchange: Exchange,
    found: MultiSite,
    kept: float,
    egress_usd: float,
) -> list[str]:
    waited = f"{found.exchange_s:,.0f} s, of which {found.exposed_s:,.0f} s are waited for"
    sent = f"{found.bytes_per_exchange / 1e9:,.0f} GB over each link"
    notes = [
        f"{len(jobs)} sites exchange every {exchange.inner_steps} steps, after {found.inner_phase_s:,.0f} s: {waited}",
        f"{found.utilisation:.1%} of the time trains",
        f"each exchange sends {sent}; {egress_usd:,.0f} USD in all, in the cost",
        f"{kept:.1%} of the time is useful work, the rest goes to checkpoints and failures",
    ]
    if jobs[0].workload.exchange is None:
        notes.append("exchange not stated: 4 bytes a parameter every 100 steps, nothing hidden")
    if exchange.token_penalty == 1.0:
        notes.append("a token is taken to teach as much as in plain training: state token_penalty under exchange")
    fastest, slowest = (pick(speeds, key=lambda one: one.tokens_per_s.point) for pick in (max, min))
    if slowest.tokens_per_s.point < 0.98 * fastest.tokens_per_s.point:
        pool = jobs[list(speeds).index(slowest)].pool.id
        notes.append(f"{pool} is the slowest and the others wait for it")
    for job, speed in zip(jobs, speeds, strict=True):
        notes += [f"{job.pool.id}: {warning}" for warning in speed.warnings]
    return list(dict.fromkeys(notes))


def _sum(one: Range, other: Range) -> Range:
    return Range(one.point + other.point, one.low + other.low, one.high + other.high)
