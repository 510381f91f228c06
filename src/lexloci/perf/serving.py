"""How much a service can serve: the roofline of its chips, scaled by what published services reach of it.

A replica (one copy of the model) lies on a power of two of a node's chips, or on whole nodes, within a scale-up
domain where it fits one; the chips of a job hold as many replicas as fit, of the size that serves most. The
share of the roofline is the median of published measurements over their own roofline (``roofline.py``), each
model of each source counted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cbrt, ceil

from lexloci.model.chip import Chip
from lexloci.model.estimate import Range
from lexloci.model.workload import Demand, Model
from lexloci.perf.chip_family import chip_family
from lexloci.perf.job import ChipsNeeded, Infeasible, JobSpec
from lexloci.perf.roofline import Load, Roofline, prompt_flop
from lexloci.perf.table import ServingRun, serving_runs
from lexloci.perf.training import is_mixture
from lexloci.perf.utilisation import Judged, Measured, Query, UtilisationFit, fit_utilisation

MOST_NODES_A_REPLICA = 16


@dataclass(frozen=True, slots=True)
class ServingSpeed:
    """Output tokens a second of a number of chips, chips of a replica, share of the roofline, what it rests on."""

    tokens_per_s: Range
    replica_chips: int
    utilisation: Range
    support: str
    warnings: tuple[str, ...]


def serving_speed(job: JobSpec) -> ServingSpeed | Infeasible:
    """How many output tokens a second the chips of a job serve at the user's speed, or why they serve none."""
    problem = _missing(job)
    if problem:
        return Infeasible(problem)
    demand = _demand(job)
    judged = _judged(job)
    best = _best_replica(job, job.chips, judged.share.point)
    if best is None:
        return Infeasible(_why_not(job, judged.share.point))
    chips, speed = best
    copies = job.chips // chips
    roofline = roofline_of(job.model, job.chip, demand.input_tokens_per_output_token, chips)
    low, high = (
        copies * _tokens_per_s(roofline, demand.tokens_per_s_per_user, share)
        for share in (judged.share.low, judged.share.high)
    )
    warnings = judged.warnings + _assumptions(job, chips)
    if low < demand.output_tokens_per_s:
        warnings += (f"at the low end these chips serve {low:.0f} of {demand.output_tokens_per_s:.0f} tokens/s",)
    return ServingSpeed(Range(copies * speed, low, high), chips, judged.share, judged.support, warnings)


def serving_chips_needed(job: JobSpec) -> ChipsNeeded | Infeasible:
    """The fewest chips, in whole nodes, that meet the demand at the point estimate; or why none do."""
    problem = _missing(job)
    if problem:
        return Infeasible(problem)
    demand = _demand(job)
    share = _judged(job).share.point
    node = job.pool.chips_per_node
    best = 0
    limited_by = "demand"
    for replica, speed in _replicas(job, max(job.pool.chips, node), share):
        copies = ceil(demand.output_tokens_per_s / speed)
        chips = ceil(copies * replica / node) * node
        if not best or chips < best:
            best, limited_by = chips, "memory" if copies == 1 and replica > 1 else "demand"
    if not best:
        return Infeasible(_why_not(job, share))
    if best > job.pool.chips:
        return Infeasible(f"the demand needs {best} {job.chip.id}; pool {job.pool.id} has {job.pool.chips}")
    return ChipsNeeded(best, limited_by)


def roofline_of(model: Model, chip: Chip, input_tokens_per_output_token: float, chips: int) -> Roofline:
    """The roofline of a replica on ``chips`` chips; requests fill the model's whole context between them."""
    prompt = model.context_tokens * input_tokens_per_output_token / (1.0 + input_tokens_per_output_token)
    load = Load(
        parameters=model.parameters,
        active_parameters=model.used_parameters,
        layers_times_hidden=(model.layers or 0) * (model.hidden or 0),
        weight_bytes_per_parameter=model.weight_bytes_per_parameter,
        kv_bytes_per_token=kv_bytes_per_token(model),
        prompt_tokens=prompt,
        output_tokens=model.context_tokens - prompt,
        input_tokens_per_output_token=input_tokens_per_output_token,
    )
    peak = _peak_tflops(model, chip) or 0.0
    return load.on(chips, peak, chip.memory_gb or 0.0, chip.memory_gb_per_s or 0.0)


def kv_bytes_per_token(model: Model) -> float:
    """Key-value cache of one token, in bytes: as stated, else for full attention: two vectors a layer, two bytes each.

    Full attention is the most that a model of this shape keeps; models with grouped or latent attention
    keep 4 to 60 times less and should state theirs. Without a shape: layers x width of a dense model of this
    size, N = 12 L H^2 with L = H / 128 (GPT-3's shape, arXiv:2005.14165, Table 2.1; 2020).
    """
    if model.kv_bytes_per_token is not None:
        return model.kv_bytes_per_token
    if model.layers is not None and model.hidden is not None:
        return 4.0 * model.layers * model.hidden
    hidden = cbrt(model.used_parameters * 128.0 / 12.0)
    return 4.0 * hidden * hidden / 128.0


def _peak_tflops(model: Model, chip: Chip) -> float | None:
    """The fastest arithmetic that the stored weights allow, in TFLOP/s."""
    if model.weight_bytes_per_parameter <= 0.6 and chip.fp4_tflops:
        return chip.fp4_tflops
    if model.weight_bytes_per_parameter <= 1.1 and chip.fp8_tflops:
        return chip.fp8_tflops
    return chip.bf16_tflops


def replica_sizes(chips_per_node: int, most: int) -> tuple[int, ...]:
    """The numbers of chips that may hold one copy: powers of two within a node, then 1, 2, 4 ... 16 whole nodes."""
    within = [1 << power for power in range(chips_per_node.bit_length()) if 1 << power < chips_per_node]
    beyond = [chips_per_node << power for power in range(MOST_NODES_A_REPLICA.bit_length())]
    return tuple(size for size in (*within, *beyond) if size <= most)


def _replicas(job: JobSpec, most: int, share: float) -> list[tuple[int, float]]:
    """Sizes of a replica that serve at the user's speed, each with its tokens a second.

    Sizes beyond a scale-up domain (or node) only where none within it serves: the network is not modelled.
    """
    demand = _demand(job)
    domain = _domain(job)
    found: list[tuple[int, float]] = []
    for size in replica_sizes(job.pool.chips_per_node, most):
        if size > domain and found and found[-1][0] <= domain:
            break
        roofline = roofline_of(job.model, job.chip, demand.input_tokens_per_output_token, size)
        speed = _tokens_per_s(roofline, demand.tokens_per_s_per_user, share)
        if speed > 0.0:
            found.append((size, speed))
    return found


def _domain(job: JobSpec) -> int:
    return max(job.chip.scale_up_chips, job.pool.chips_per_node)


def _best_replica(job: JobSpec, chips: int, share: float) -> tuple[int, float] | None:
    return max(_replicas(job, chips, share), key=lambda found: chips // found[0] * found[1], default=None)


def _tokens_per_s(roofline: Roofline, tokens_per_s_per_user: float, share: float) -> float:
    users = roofline.users_within(share / tokens_per_s_per_user)
    return users * share / roofline.step_s(users) if users else 0.0


def _demand(job: JobSpec) -> Demand:
    if job.workload.demand is None:
        raise ValueError(f"workload {job.workload.id} states no demand")
    return job.workload.demand


def _missing(job: JobSpec) -> str:
    """What is not stated and must be, as one line; empty where nothing is missing."""
    demand, chip = job.workload.demand, job.chip
    if demand is None:
        return f"workload {job.workload.id} states no demand; state it under workloads"
    for name, value in (("memory_gb", chip.memory_gb), ("memory_gb_per_s", chip.memory_gb_per_s)):
        if value is None:
            return f"chip {chip.id} states no {name}; state it under chips"
    if _peak_tflops(job.model, chip) is None:
        return f"chip {chip.id} states no bf16_tflops; state it under chips"
    limit = demand.max_round_trip_ms
    if limit is not None and job.round_trip_ms is None:
        return f"the round trip from {demand.region} to {job.site.id} is not stated; state it under links"
    if limit is not None and job.round_trip_ms is not None and job.round_trip_ms > limit:
        path = f"the round trip from {demand.region} to {job.site.id}"
        return f"{path} is {job.round_trip_ms:g} ms; at most {limit:g} ms is asked"
    return ""


def _why_not(job: JobSpec, share: float) -> str:
    demand = _demand(job)
    most = replica_sizes(job.pool.chips_per_node, max(job.chips, job.pool.chips_per_node))[-1]
    roofline = roofline_of(job.model, job.chip, demand.input_tokens_per_output_token, most)
    if roofline.most_users() < 1.0:
        return (
            f"{job.model.id} needs {roofline.weight_bytes / 1e9:.0f} GB and the cache of one user; "
            f"{most} {job.chip.id} hold {roofline.memory_bytes / 1e9:.0f} GB"
        )
    fastest = share / roofline.step_s(1.0)
    return (
        f"one user of {job.model.id} sees at most {fastest:.1f} tokens/s on {most} {job.chip.id}; "
        f"{demand.tokens_per_s_per_user:g} are asked"
    )


def _assumptions(job: JobSpec, replica: int) -> tuple[str, ...]:
    notes = [f"every request fills the context of {job.model.context_tokens} tokens"]
    if job.model.kv_bytes_per_token is None:
        notes.append("kv_bytes_per_token not stated: full attention assumed")
    if replica > _domain(job):
        notes.append("one copy spans several nodes: the network between them is not modelled")
    if job.round_trip_ms is None:
        notes.append("round trip to the users not stated")
    return tuple(notes)


def _judged(job: JobSpec) -> Judged:
    family = chip_family(f"{job.chip.id} {job.chip.name}", job.chip.designer)
    mixture = is_mixture(job.model.parameters, job.model.used_parameters)
    return serving_fit().judge(Query(family.name, family.vendor, mixture, job.model.parameters, max(job.chips, 1)))


@lru_cache(maxsize=1)
def serving_fit() -> UtilisationFit:
    """The share of the roofline that services reach, fitted to the published measurements."""
    return fit_utilisation((measured_serving(run) for run in serving_runs()), with_decline=False)


def measured_serving(run: ServingRun) -> Measured:
    """A published serving measurement as the share of this module's roofline; each model of each source counts once."""
    family = chip_family(run.chip)
    return Measured(
        id=run.id,
        family=f"{run.family} {run.model}",
        series=run.model,
        chip_family=family.name,
        vendor=family.vendor,
        is_mixture=is_mixture(run.parameters, run.active_parameters),
        parameters=run.parameters,
        chips=None,
        share=run.tokens_per_s / roofline_tokens_per_s(run),
        source=run.source,
    )


def roofline_tokens_per_s(run: ServingRun) -> float:
    """Tokens a second that the roofline allows for a published measurement, at its users or at greatest load."""
    if run.phase == "prefill":
        per_token = prompt_flop(run.active_parameters, run.layers * run.hidden, run.prompt_tokens)
        return run.chips * run.peak_tflops * 1e12 / per_token
    load = Load(
        parameters=run.parameters,
        active_parameters=run.active_parameters,
        layers_times_hidden=run.layers * run.hidden,
        weight_bytes_per_parameter=run.weight_bytes_per_parameter,
        kv_bytes_per_token=run.kv_bytes_per_token,
        prompt_tokens=run.prompt_tokens,
        output_tokens=run.output_tokens,
        input_tokens_per_output_token=run.prompt_tokens / run.output_tokens if run.phase == "end-to-end" else 0.0,
    )
    sizes = (run.replica_chips,) if run.replica_chips else replica_sizes(run.chips, run.chips)
    best = 0.0
    for size in sizes:
        roofline = load.on(size, run.peak_tflops, run.memory_gb, run.memory_gb_per_s)
        users = run.users * size / run.chips if run.users else roofline.most_users()
        if users >= 1.0:
            best = max(best, run.chips / size * users / roofline.step_s(users))
    if not best:
        raise ValueError(f"run {run.id}: the model does not fit the chips that it was measured on")
    return best
