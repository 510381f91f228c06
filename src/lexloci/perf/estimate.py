"""How long a job takes, at what speed, with how much energy, carbon and money, each with a 90 % interval."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from lexloci.model.estimate import Estimate, Range
from lexloci.model.workload import Demand, WorkloadKind
from lexloci.perf.copying import copy_cost_usd, copy_duration_s, reached_gbps
from lexloci.perf.demanded import asked_of
from lexloci.perf.energy import FULL_LOAD, MEASURED_POWER, load_factor, resources
from lexloci.perf.job import ChipsNeeded, Infeasible, JobSpec
from lexloci.perf.serving import ServingSpeed, serving_chips_needed, serving_speed
from lexloci.perf.training import TrainingSpeed, training_chips_needed, training_speed

TOO_FAR = "the figures of the job are too large or too small to compute; check their units"
_ZERO = Range(0.0, 0.0, 0.0)


def estimate(job: JobSpec) -> Estimate:
    """Time, throughput, energy, carbon and cost of a job; ``feasible=False`` with a reason where there is no figure.

    A figure that is not stated (price, power, tokens ...) makes the job infeasible with that reason: it is
    never taken as zero. Raises only on a broken installation (CatalogueError).
    """
    kind = job.workload.kind
    if kind is WorkloadKind.COPY:
        return _copy(job)
    problem = _wrong_chips(job)
    if problem:
        return infeasible(job, problem)
    return _serve(job) if kind is WorkloadKind.SERVE else _train(job)


def chips_needed(job: JobSpec) -> ChipsNeeded | Infeasible:
    """The smallest number of chips, in whole nodes of the pool, that can do a job; or why none can.

    Training: by memory. Serving: by demand and memory. A copy needs none. ``job.chips`` is not read.
    """
    kind = job.workload.kind
    if kind is WorkloadKind.COPY:
        return ChipsNeeded(0, "a copy needs no chips")
    needed = serving_chips_needed(job) if kind is WorkloadKind.SERVE else training_chips_needed(job)
    most = job.workload.max_chips
    if isinstance(needed, ChipsNeeded) and most is not None and needed.chips > most:
        return Infeasible(
            f"workload {job.workload.id} needs {needed.chips} {job.chip.id} and allows {most}; raise max_chips"
        )
    return needed


def _train(job: JobSpec) -> Estimate:
    tokens = job.tokens if job.tokens is not None else job.workload.tokens
    if tokens is None:
        return infeasible(job, f"workload {job.workload.id} states no tokens; state them under workloads")
    speed = training_speed(job)
    if isinstance(speed, Infeasible):
        return infeasible(job, speed.reason)
    useful = speed.tokens_per_s.scaled(speed.goodput)
    duration = Range(tokens / useful.point, tokens / useful.high, tokens / useful.low)
    notes = (f"{speed.goodput:.1%} of the time is useful work, the rest goes to checkpoints and failures",)
    # Work that a failure undoes draws power too; chips that no layout uses rest.
    busy = Range(speed.goodput, speed.goodput, 1.0).scaled(speed.working_chips / job.chips)
    found = _with_resources(job, duration, replace(speed, warnings=notes + speed.warnings), busy)
    if not found.feasible:
        return found
    return replace(found, tokens_per_s=useful, utilisation_of="MFU", shares_of_peak=speed.shares_of_peak)


def _serve(job: JobSpec) -> Estimate:
    if job.workload.days is None:
        return infeasible(job, f"workload {job.workload.id} states no days; state them under workloads")
    speed = serving_speed(job)
    if isinstance(speed, Infeasible):
        return infeasible(job, speed.reason)
    demand = job.workload.demand
    asked = asked_of(demand, job.model).output_tokens_per_s if demand else 0.0
    if speed.tokens_per_s.point < asked:
        served = f"{job.chips} {job.chip.id} serve {speed.tokens_per_s.point:.0f} tokens/s"
        return infeasible(job, f"{served} of the {asked:.0f} asked; use more chips")
    busy = _busy(demand, asked, speed.tokens_per_s)
    seconds = job.workload.days * 86400.0
    duration = Range(seconds, seconds, seconds)
    return _with_resources(job, duration, speed, busy)


def _busy(demand: Demand | None, asked: float, tokens_per_s: Range) -> Range:
    """Share of full load at which a service works on average; full load where its mean demand is not stated.

    Batches that are half full take nearly as long as full ones, so the chips may work all the time; or rest for the
    whole of what is not asked, on chips as fast as the interval allows. The point lies between.
    """
    if demand is None or demand.mean_share is None:
        return FULL_LOAD
    load = min(1.0, demand.mean_share * asked / tokens_per_s.point)
    return Range((1.0 + load) / 2.0, min(load, demand.mean_share * asked / tokens_per_s.high), 1.0)


def _copy(job: JobSpec) -> Estimate:
    volume = job.bytes if job.bytes is not None else job.model.weight_bytes
    if job.gbps is None:
        return infeasible(job, "the bandwidth of the path is not stated; state gbps under links")
    if job.usd_per_gb is None:
        return infeasible(
            job, "the price of moving data is not stated; state usd_per_gb under links, or cloud_region of both sites"
        )
    if job.round_trip_ms is None and job.sent.held_back:
        return infeasible(
            job,
            "the round trip of the path is not stated, and window_bytes or loss hold a copy back by it; state "
            "round_trip_ms under links, or latitude and longitude of both sites",
        )
    duration = copy_duration_s(volume, job.gbps, job.round_trip_ms, job.sent)
    if job.round_trip_estimated is not None:
        low, high = (
            copy_duration_s(volume, job.gbps, trip, job.sent)
            for trip in (job.round_trip_estimated.low, job.round_trip_estimated.high)
        )
        duration = Range(duration.point, low.low, high.high)
    cost = copy_cost_usd(volume, job.usd_per_gb)
    notes = ["the whole stated bandwidth is free for the copy", "energy of the network not counted"]
    if job.round_trip_ms is None:
        notes.append("round trip not stated: the start of the copy (seconds) is not counted")
    reached = reached_gbps(job.gbps, job.round_trip_ms, job.sent)
    if reached < job.gbps:
        notes.append(f"{job.sent.streams} streams reach {reached:.3g} of {job.gbps:g} Gbit/s")
    return Estimate(
        workload=job.workload.id,
        pool=job.pool.id,
        chips=0,
        feasible=True,
        reason="",
        duration_s=duration,
        tokens_per_s=_ZERO,
        utilisation=_ZERO,
        utilisation_of="",
        energy_kwh=_ZERO,
        carbon_kg=_ZERO,
        cost_usd=Range(cost, cost, cost),
        support="bandwidth and price as stated",
        warnings=tuple(notes),
    )


def _with_resources(
    job: JobSpec,
    duration: Range,
    speed: TrainingSpeed | ServingSpeed,
    busy: Range,
) -> Estimate:
    """The estimate of a job of a speed, with what it uses while its chips work for a share of the time."""
    used = resources(job, duration, busy)
    if isinstance(used, Infeasible):
        return infeasible(job, used.reason)
    if not all(isfinite(figure) for figure in (duration.high, used.energy_kwh.high, used.cost_usd.high)):
        return infeasible(job, TOO_FAR)
    return Estimate(
        workload=job.workload.id,
        pool=job.pool.id,
        chips=job.chips,
        feasible=True,
        reason="",
        duration_s=duration,
        tokens_per_s=speed.tokens_per_s,
        utilisation=speed.utilisation,
        utilisation_of="share of the roofline",
        energy_kwh=used.energy_kwh,
        carbon_kg=used.carbon_kg,
        cost_usd=used.cost_usd,
        support=speed.support,
        warnings=(*speed.warnings, power_note(busy)),
        busy=busy,
    )


def power_note(busy: Range) -> str:
    """What the energy rests on, in a line."""
    told = f"server power from {len(MEASURED_POWER)} published measurements"
    if busy.low >= 1.0:
        return f"{told}, at full load throughout"
    share = load_factor(busy)
    power = f"{share.point:.0%} ({share.low:.0%} to {share.high:.0%}) of that under full load"
    return f"{told}; chips at work for {busy.point:.0%} of the time draw {power}"


def _wrong_chips(job: JobSpec) -> str:
    most = job.workload.max_chips
    if job.chips < 1:
        return f"workload {job.workload.id} needs at least one chip"
    if job.chips > job.pool.chips:
        return f"pool {job.pool.id} has {job.pool.chips} chips, {job.chips} are asked"
    if most is not None and job.chips > most:
        return f"workload {job.workload.id} allows {most} chips, {job.chips} are asked"
    return ""


def infeasible(job: JobSpec, reason: str) -> Estimate:
    """The estimate of a job that has no figure, with the reason."""
    return Estimate(
        workload=job.workload.id,
        pool=job.pool.id,
        chips=job.chips,
        feasible=False,
        reason=reason,
        duration_s=_ZERO,
        tokens_per_s=_ZERO,
        utilisation=_ZERO,
        utilisation_of="",
        energy_kwh=_ZERO,
        carbon_kg=_ZERO,
        cost_usd=_ZERO,
        support="",
    )
