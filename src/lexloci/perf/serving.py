"""How much a service can serve, on how many chips: a model's copies under limits on the time to each token.

A copy of the model lies on a power of two of a node's chips, or on whole nodes, within a scale-up domain where one
suffices; the chips of a job hold as many copies as fit, of the size that serves most. What a copy serves is in
``serving_batch``, what a step costs in ``serving_step``, what was fitted in ``serving_efficiency``, how sure the
figures are in ``serving_interval``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from lexloci.model.estimate import Range
from lexloci.model.workload import Demand, Model
from lexloci.perf.chip_family import chip_family
from lexloci.perf.job import ChipsNeeded, Infeasible, JobSpec
from lexloci.perf.served_shape import ServedShape, shape_in_portfolio
from lexloci.perf.serving_batch import Lengths, speed_under_limits
from lexloci.perf.serving_efficiency import fitted_efficiency
from lexloci.perf.serving_interval import Asked, Support, support_of
from lexloci.perf.serving_machine import machine_of
from lexloci.perf.serving_step import Precision, Replica, Serving

MOST_NODES_A_REPLICA = 16
FIRST_TOKEN_S = 6.0
"""Limit on the time to the first token where none is stated: MLPerf Inference's for Llama 3.1 405B (v5.0, 2025)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A size of a copy: its chips, tokens a second, users at once, time per token, share of the roofline, cache.

    ``by_users``: 1 where each chip runs attention for its own users, 0 where it is split over the chips.
    """

    chips: int
    tokens_per_s: float
    users: float
    token_s: float
    roofline_share: float
    cached_bytes: float
    by_users: float = 0.0


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
    """How many output tokens a second the chips of a job serve under its limits, or why they serve none."""
    problem = _missing(job)
    if problem:
        return Infeasible(problem)
    found = _candidates(job, job.chips)
    best = max(found, key=lambda one: job.chips // one.chips * one.tokens_per_s, default=None)
    if best is None:
        return Infeasible(_why_not(job))
    support = _support(job)
    total = job.chips // best.chips * best.tokens_per_s
    tokens_per_s = support.around(total, total / best.roofline_share)
    demand = _demand(job)
    warnings = support.warnings + _assumptions(job, best.chips)
    if tokens_per_s.low < demand.output_tokens_per_s:
        asked = demand.output_tokens_per_s
        warnings += (f"at the low end these chips serve {tokens_per_s.low:.0f} of {asked:.0f} tokens/s",)
    share = support.around(best.roofline_share, 1.0)
    return ServingSpeed(tokens_per_s, best, share, support.nearest, warnings)


def serving_chips_needed(job: JobSpec) -> ChipsNeeded | Infeasible:
    """The fewest chips, in whole nodes, that meet the demand at the point estimate; or why none do."""
    problem = _missing(job)
    if problem:
        return Infeasible(problem)
    demand = _demand(job)
    node = job.pool.chips_per_node
    best = 0
    limited_by = "demand"
    for copy in _candidates(job, max(job.pool.chips, node)):
        copies = ceil(demand.output_tokens_per_s / copy.tokens_per_s)
        chips = ceil(copies * copy.chips / node) * node
        if not best or chips < best:
            best, limited_by = chips, "memory" if copies == 1 and copy.chips > 1 else "demand"
    if not best:
        return Infeasible(_why_not(job))
    if best > job.pool.chips:
        return Infeasible(f"the demand needs {best} {job.chip.id}; pool {job.pool.id} has {job.pool.chips}")
    return ChipsNeeded(best, limited_by)


def lengths_of(job: JobSpec) -> Lengths:
    """Tokens of prompt and answer: the context of the model, shared as the demand says."""
    ratio = _demand(job).input_tokens_per_output_token
    prompt = job.model.context_tokens * ratio / (1.0 + ratio)
    return Lengths.fixed(prompt, job.model.context_tokens - prompt)


def serving_of(job: JobSpec, replica: Replica) -> Serving:
    """The job's model on a copy's chips. The chip must state its arithmetic, memory and bandwidth."""
    shape = shape_in_portfolio(job.model)
    machine = machine_of(job.chip, job.pool.internode_gbps_per_chip, _domain(job))
    return Serving(shape, _precision(job.model, shape), machine, replica, fitted_efficiency())


def kv_bytes_per_token(model: Model) -> float:
    """Key-value cache of one token, in bytes: as stated, else two bytes for each value that the shape keeps.

    Where no shape is known, full attention is taken: the most that a model of this size keeps; models with grouped
    or latent attention keep 4 to 60 times less and should state theirs.
    """
    shape = shape_in_portfolio(model)
    return float(shape.layers * shape.cache_elements * _precision(model, shape).cache_bytes)


def _precision(model: Model, shape: ServedShape) -> Precision:
    kept = float(shape.layers * shape.cache_elements)
    cache = model.kv_bytes_per_token / kept if model.kv_bytes_per_token is not None else 2.0
    return Precision(model.weight_bytes_per_parameter, model.weight_bytes_per_parameter, cache)


def replica_sizes(chips_per_node: int, most: int) -> tuple[int, ...]:
    """The numbers of chips that may hold one copy: powers of two within a node, then 1, 2, 4 ... 16 whole nodes."""
    within = [1 << power for power in range(chips_per_node.bit_length()) if 1 << power < chips_per_node]
    beyond = [chips_per_node << power for power in range(MOST_NODES_A_REPLICA.bit_length())]
    return tuple(size for size in (*within, *beyond) if size <= most)


def _candidates(job: JobSpec, most: int) -> list[Candidate]:
    """Sizes of a copy that serve under the limits; sizes beyond a scale-up domain only where none within it serves."""
    sizes = replica_sizes(job.pool.chips_per_node, most)
    domain = _domain(job)
    within = [size for size in sizes if size <= domain]
    found = _evaluated(job, within) if within else []
    return found or _evaluated(job, [size for size in sizes if size > domain])


def _evaluated(job: JobSpec, sizes: list[int]) -> list[Candidate]:
    if not sizes:
        return []
    demand, lengths = _demand(job), lengths_of(job)
    mixture = job.model.used_parameters < job.model.parameters
    ways = (0.0, 1.0) if mixture else (0.0,)
    replica = Replica(
        tensor=np.array([float(size) for size in sizes for _ in ways]),
        stages=np.ones(len(sizes) * len(ways)),
        by_users=np.array([way for _ in sizes for way in ways]),
    )
    serving = serving_of(job, replica)
    trip_s = (job.round_trip_ms or 0.0) / 1000.0
    first_s = max(FIRST_TOKEN_S - trip_s, 0.0)
    # the demand states the mean speed of a user, the limit is one on the 99th percentile
    each_s = 1.0 / demand.tokens_per_s_per_user / float(np.asarray(serving.efficiency.at("limit_head")))
    speed = speed_under_limits(serving, lengths, first_s, each_s)
    users = np.maximum(speed.users, 1.0)
    least = serving.roofline_step_s(users, lengths.cached)
    least = least + users * lengths.prompt / max(lengths.output, 1.0) * serving.roofline_prompt_token_s()
    cached = users * lengths.cached * serving.cache_bytes_per_token()
    found: dict[int, Candidate] = {}
    for place, size in enumerate(size for size in sizes for _ in ways):
        tokens = float(np.asarray(speed.tokens_per_s)[place])
        share = tokens * float(np.asarray(least)[place]) / float(users[place])
        if tokens > 0.0 and (size not in found or tokens > found[size].tokens_per_s):
            found[size] = Candidate(
                size,
                tokens,
                float(users[place]),
                float(np.asarray(speed.token_s)[place]),
                min(share, 1.0),
                float(np.asarray(cached)[place]),
                float(np.asarray(replica.by_users)[place]),
            )
    return list(found.values())


def _domain(job: JobSpec) -> int:
    return max(job.chip.scale_up_chips, job.pool.chips_per_node)


def _demand(job: JobSpec) -> Demand:
    if job.workload.demand is None:
        raise ValueError(f"workload {job.workload.id} states no demand")
    return job.workload.demand


def _support(job: JobSpec) -> Support:
    serving = serving_of(job, Replica(1.0, 1.0, 0.0))
    lengths = lengths_of(job)
    return support_of(
        Asked(
            generation=int(np.asarray(serving.machine.generation)),
            vendor=chip_family(f"{job.chip.id} {job.chip.name}", job.chip.designer).vendor,
            is_mixture=job.model.used_parameters < job.model.parameters,
            mode="limits",
            parameters=job.model.parameters,
            weight_bytes=job.model.weight_bytes_per_parameter,
            prompt_tokens=float(lengths.prompt),
            output_tokens=float(lengths.output),
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
    if limit is not None and job.round_trip_ms is None:
        return f"the round trip from {demand.region} to {job.site.id} is not stated; state it under links"
    if limit is not None and job.round_trip_ms is not None and job.round_trip_ms > limit:
        path = f"the round trip from {demand.region} to {job.site.id}"
        return f"{path} is {job.round_trip_ms:g} ms; at most {limit:g} ms is asked"
    return ""


def _why_not(job: JobSpec) -> str:
    """Why no copy serves: its memory, the speed of one user, or the first token."""
    demand, lengths = _demand(job), lengths_of(job)
    most = replica_sizes(job.pool.chips_per_node, max(job.chips, job.pool.chips_per_node))[-1]
    serving = serving_of(job, Replica(float(most), 1.0, 0.0))
    if float(np.asarray(serving.most_users(lengths.cached))) < 1.0:
        needed = job.model.parameters * job.model.weight_bytes_per_parameter / 1e9
        held = float(np.asarray(serving.machine.memory_bytes)) * most / 1e9
        return (
            f"{job.model.id} needs {needed:.0f} GB and the cache of one user; {most} {job.chip.id} hold {held:.0f} GB"
        )
    fastest = 1.0 / float(np.asarray(serving.step_s(1.0, lengths.cached)))
    if fastest < demand.tokens_per_s_per_user:
        return (
            f"one user of {job.model.id} sees at most {fastest:.1f} tokens/s on {most} {job.chip.id}; "
            f"{demand.tokens_per_s_per_user:g} are asked"
        )
    reading = float(lengths.prompt * serving.prompt_token_s(lengths.prompt))
    return (
        f"reading a prompt of {float(lengths.prompt):.0f} tokens of {job.model.id} between others takes too long on "
        f"{most} {job.chip.id} ({reading:.1f} s alone) for {FIRST_TOKEN_S:g} s to the first token and "
        f"{demand.tokens_per_s_per_user:g} tokens/s; use faster chips or a shorter context"
    )


def _assumptions(job: JobSpec, replica: int) -> tuple[str, ...]:
    notes = [
        f"every request fills the context of {job.model.context_tokens} tokens",
        f"first token within {FIRST_TOKEN_S:g} s, software with default options as of 2025",
    ]
    if job.model.kv_bytes_per_token is None:
        notes.append("kv_bytes_per_token not stated: that of its published shape, else full attention, in two bytes")
    if job.chip.interconnect_gb_per_s is None and replica > 1:
        notes.append("interconnect_gb_per_s not stated: chips of a copy exchange over PCIe 4.0")
    if replica > _domain(job):
        notes.append("one copy spans several nodes: no measurement of that speaks here")
    if job.round_trip_ms is None:
        notes.append("round trip to the users not stated")
    return tuple(notes)
