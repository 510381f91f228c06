"""How much a service can serve, on how many chips: a model's copies under limits on the time to each token.

The chips of a job hold as many copies as fit, of the size that serves most (``serving_copies``). What a copy serves is
in ``serving_batch``, what a step costs in ``serving_step``, what was fitted in ``serving_efficiency``, how sure the
figures are in ``serving_interval``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, exp, log

import numpy as np

from lexloci.model.estimate import Range
from lexloci.perf.calibration import SERVING, Calibration, calibration_for
from lexloci.perf.chip_family import chip_family
from lexloci.perf.demanded import asked_of, lengths_of, lengths_told
from lexloci.perf.job import ChipsNeeded, Infeasible, JobSpec
from lexloci.perf.serving_copies import (
    Candidate,
    best_served,
    demand_of,
    domain_of,
    first_token_s,
    replica_sizes,
    serving_of,
    uses_of,
)
from lexloci.perf.serving_interval import Asked, Support, support_of, unstated_interval, with_means_alone
from lexloci.perf.serving_machine import serving_generation
from lexloci.perf.serving_step import Replica


@dataclass(frozen=True, slots=True)
class ServingSpeed:
    """Output tokens a second of a number of chips, the copy that serves most, its share of the roofline, support."""

    tokens_per_s: Range
    copy: Candidate
    utilisation: Range
    support: str
    warnings: tuple[str, ...]

    @property
    def replica_chips(self) -> int:
        """Chips that hold one copy of the model."""
        return self.copy.chips


def serving_speed(job: JobSpec) -> ServingSpeed | Infeasible:
    """How many output tokens a second the chips of a job serve under its limits, or why they serve none.

    With drafted tokens the ends of the interval take the stated ends of their factor.
    """
    problem = _missing(job)
    if problem:
        return Infeasible(problem)
    drafting = job.workload.drafting or (1.0, 1.0, 1.0)
    found = {factor: best_served(job, job.chips, factor) for factor in set(drafting)}
    low, best, high = (found[factor] for factor in drafting)
    if best is None:
        return Infeasible(_why_not(job))
    own = own_runs(job)
    support = with_own_runs(_support(job), own)
    demand = demand_of(job)
    if demand.lengths is None and demand.prompt_tokens is not None:
        support = with_means_alone(support)
    most = best.tokens_per_s / best.share
    point = min(most, best.tokens_per_s * faster_by(own))
    drafted = high or best
    highest = drafted.tokens_per_s / best.tokens_per_s * point * support.high
    tokens_per_s = Range(
        point,
        min(point, point * support.low * (low.tokens_per_s / best.tokens_per_s if low else 0.0)),
        max(point, min(highest, drafted.tokens_per_s / drafted.share)),
    )
    warnings = support.warnings + best.told + _assumptions(job, best.copy.chips)
    asked = asked_of(demand, job.model).output_tokens_per_s
    if tokens_per_s.low < asked:
        warnings += (f"at the low end these chips serve {tokens_per_s.low:.0f} of {asked:.0f} tokens/s",)
    share = Range(*(min(1.0, speed / most) for speed in (point, tokens_per_s.low, tokens_per_s.high)))
    return ServingSpeed(tokens_per_s, best.copy, share, support.nearest, warnings)


def serving_chips_needed(job: JobSpec) -> ChipsNeeded | Infeasible:
    """The fewest chips, in whole nodes, that meet the demand at the point estimate; or why none do."""
    problem = _missing(job)
    if problem:
        return Infeasible(problem)
    asked = asked_of(demand_of(job), job.model).output_tokens_per_s / faster_by(own_runs(job))
    node = job.pool.chips_per_node
    best = 0
    limited_by = "demand"
    for use in uses_of(job, max(job.pool.chips, node), _likely(job)):
        needed = use.chips_for(asked)
        chips = ceil(needed / node) * node
        if not best or chips < best:
            one_copy = needed == use.least_chips and use.least_chips > 1
            best, limited_by = chips, "memory" if one_copy else "demand"
    if not best:
        return Infeasible(_why_not(job))
    if best > job.pool.chips:
        return Infeasible(f"the demand needs {best} {job.chip.id}; pool {job.pool.id} has {job.pool.chips}")
    return ChipsNeeded(best, limited_by)


def own_runs(job: JobSpec) -> Calibration | None:
    """What the user's own measurements say of a service; None where they say nothing."""
    chip = job.chip
    name = f"{chip.id} {chip.name}"
    return calibration_for(
        job.calibrations,
        SERVING,
        int(serving_generation(name, chip.designer)),
        chip_family(name, chip.designer).name,
        is_mixture=job.model.used_parameters < job.model.parameters,
    )


def faster_by(own: Calibration | None) -> float:
    """Speed by the user's own measurements over that by the published ones; 1 without any."""
    return exp(own.middle) if own else 1.0


def with_own_runs(support: Support, own: Calibration | None) -> Support:
    """The support with the interval of the user's own measurements, around a point that they moved.

    Where the published interval of what is asked is wider than that of an ordinary demand on such chips (other sizes,
    one phase), theirs is wider likewise: they need not have run that either.
    """
    if own is None:
        return support
    usual = unstated_interval(own.generation, own.family, is_mixture=own.kind == "mixture")
    low = exp((own.low - own.middle) * max(1.0, log(support.low) / log(usual[0])))
    high = exp((own.high - own.middle) * max(1.0, log(support.high) / log(usual[1])))
    nearest = f"{own.runs} runs of {own.name}, and {support.nearest}"
    return replace(support, low=low, high=high, nearest=nearest)


def _likely(job: JobSpec) -> float:
    return job.workload.drafting[1] if job.workload.drafting else 1.0


def _support(job: JobSpec) -> Support:
    lengths = lengths_of(demand_of(job), job.model)
    mode = "phase" if job.workload.prompts_apart else "limits"
    return published_support(job, mode, float(lengths.prompt), float(lengths.output))


def published_support(job: JobSpec, mode: str, prompt_tokens: float, output_tokens: float) -> Support:
    """What published runs say of serving the job's model on its chips in a mode, with requests of these lengths."""
    serving = serving_of(job, Replica(1.0, 1.0, 0.0))
    return support_of(
        Asked(
            chip=job.chip.id,
            software="",
            generation=int(np.asarray(serving.machine.generation)),
            vendor=chip_family(f"{job.chip.id} {job.chip.name}", job.chip.designer).vendor,
            is_mixture=job.model.used_parameters < job.model.parameters,
            mode=mode,
            parameters=job.model.parameters,
            weight_bytes=job.model.weight_bytes_per_parameter,
            prompt_tokens=prompt_tokens,
            output_tokens=output_tokens,
        )
    )


def _missing(job: JobSpec) -> str:
    """What is not stated and must be, as one line; empty where nothing is missing."""
    demand, chip = job.workload.demand, job.chip
    if demand is None:
        return f"workload {job.workload.id} states no demand; state it under workloads"
    for name, value in (
        ("memory_gb", chip.memory_gb),
        ("memory_gb_per_s", chip.memory_gb_per_s),
        ("bf16_tflops", chip.bf16_tflops),
    ):
        if value is None:
            return f"chip {chip.id} states no {name}; state it under chips"
    limit = demand.max_round_trip_ms
    if (limit is not None or demand.max_first_token_s is not None) and job.round_trip_ms is None:
        path = f"the round trip from {demand.region} to {job.site.id}"
        return f"{path} is not stated; state it under links, or latitude and longitude of both"
    if limit is not None and job.round_trip_ms is not None and job.round_trip_ms > limit:
        path = f"the round trip from {demand.region} to {job.site.id}"
        how = " (its high end by distance)" if job.round_trip_estimated else ""
        return f"{path} is {job.round_trip_ms:.4g} ms{how}; at most {limit:g} ms is asked"
    return ""


def _why_not(job: JobSpec) -> str:
    """Why no copy serves: its memory, the speed of one user, or the first token."""
    demand, lengths = demand_of(job), lengths_of(demand_of(job), job.model)
    most = replica_sizes(job.pool.chips_per_node, max(job.chips, job.pool.chips_per_node))[-1]
    serving = serving_of(job, Replica(float(most), 1.0, 0.0))
    if float(np.asarray(lengths.most_users(serving))) < 1.0:
        needed = job.model.parameters * job.model.weight_bytes_per_parameter / 1e9
        held = float(np.asarray(serving.machine.memory_bytes)) * most / 1e9
        return (
            f"{job.model.id} needs {needed:.0f} GB and the cache of one user; {most} {job.chip.id} hold {held:.0f} GB"
        )
    fastest = _likely(job) / float(np.asarray(serving.step_s(1.0, lengths.cached)))
    if fastest < demand.tokens_per_s_per_user:
        return (
            f"one user of {job.model.id} sees at most {fastest:.1f} tokens/s on {most} {job.chip.id}; "
            f"{demand.tokens_per_s_per_user:g} are asked"
        )
    reading = float(lengths.long_prompt * serving.prompt_token_s(lengths.long_prompt))
    trip = f" beside {job.round_trip_ms:.0f} ms to the users" if job.round_trip_ms else ""
    among = "apart from" if job.workload.prompts_apart else "between"
    return (
        f"reading a prompt of {float(lengths.long_prompt):.0f} tokens of {job.model.id} {among} others takes too long "
        f"on {most} {job.chip.id} ({reading:.1f} s alone) for {first_token_s(demand):g} s to the first token{trip} and "
        f"{demand.tokens_per_s_per_user:g} tokens/s; use faster chips, shorter requests or a higher limit"
    )


def _assumptions(job: JobSpec, replica: int) -> tuple[str, ...]:
    demand = demand_of(job)
    options = "set for one phase" if job.workload.prompts_apart else "with default options"
    notes = [
        lengths_told(demand, job.model),
        f"first token within {first_token_s(demand):g} s, software {options} as of 2025",
    ]
    if job.workload.drafting:
        low, likely, high = job.workload.drafting
        notes.append(f"drafted tokens: {likely:g} times as fast ({low:g} to {high:g}), as stated, at any load")
    if job.model.kv_bytes_per_token is None:
        notes.append("kv_bytes_per_token not stated: that of its published shape, else full attention, in two bytes")
    if job.chip.interconnect_gb_per_s is None and replica > 1:
        notes.append("interconnect_gb_per_s not stated: chips of a copy exchange over PCIe 4.0")
    if replica > domain_of(job):
        notes.append("one copy spans several nodes: no measurement of that speaks here")
    if job.round_trip_ms is None:
        notes.append("round trip to the users not stated")
    if job.round_trip_estimated is not None:
        trip = job.round_trip_estimated
        far = f"{trip.point:.0f} ms ({trip.low:.0f} to {trip.high:.0f}) by their distance"
        notes.append(f"round trip from {demand.region} not stated: {far}; {trip.high:.0f} ms counted")
    return tuple(notes)
