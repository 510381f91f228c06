"""How long training takes: operations, memory, utilisation and failures.

Operations of a token: ``6 N + 6 L H s`` with N the parameters that a token uses, L layers, H width, s the
sequence length: 2 N forward and 4 N backward (arXiv:2001.08361, section 2.1), and causal attention, which
is half of the 12 L H s of full attention (arXiv:2204.02311, appendix B).
Tokens a second: ``chips x peak x MFU / operations of a token``.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from lexloci.model.chip import Chip
from lexloci.model.estimate import Range
from lexloci.model.workload import Model, WorkloadKind
from lexloci.perf.chip_family import chip_family
from lexloci.perf.goodput import goodput
from lexloci.perf.job import ChipsNeeded, Infeasible, JobSpec
from lexloci.perf.table import TrainingRun, training_runs
from lexloci.perf.utilisation import Measured, Query, UtilisationFit, fit_utilisation

STATE_BYTES_PER_PARAMETER = 16.0
"""Weights 2, gradients 2, master copy and two Adam moments 12 bytes (arXiv:1910.02054, section 3.1; 2019)."""

TOKENS_PER_CONTEXT_RANK = 8192
"""Tokens of one sequence that a chip group holds: Llama 3 split 131,072 over 16 (arXiv:2407.21783, Table 4; 2024)."""

WORKING_SET_BYTES = 34.0
"""Bytes a token and unit of width that one layer keeps while it is recomputed (arXiv:2205.05198, section 4.1; 2022)."""


@dataclass(frozen=True, slots=True)
class TrainingSpeed:
    """Tokens a second while no chip fails, the share of time that failures leave, MFU, and what it rests on."""

    tokens_per_s: Range
    goodput: float
    utilisation: Range
    support: str
    warnings: tuple[str, ...]


def flop_per_token(parameters: float, layers: int, hidden: int, context_tokens: int) -> float:
    """Operations to train on one token, in FLOP: 6 N + 6 L H s (causal); N are the parameters a token uses."""
    return 6.0 * parameters + 6.0 * layers * hidden * context_tokens


def model_flop_per_token(model: Model) -> float:
    """Operations to train a model on one token, in FLOP; without the attention term where its shape is not stated."""
    return flop_per_token(model.used_parameters, model.layers or 0, model.hidden or 0, model.context_tokens)


def training_memory_bytes(model: Model, chip: Chip, chips: int) -> float:
    """Least memory that one chip needs, in bytes: states over all chips, activations over their group.

    Activations: one sequence, full recompute: the input of each layer in two bytes (2 s H L) and the working
    set of one layer (34 s H), split over a scale-up domain and over ranks of 8,192 tokens. A lower bound: it
    leaves out buffers and fragmentation, so what it calls too large is too large.
    """
    states = STATE_BYTES_PER_PARAMETER * model.parameters / chips
    if model.layers is None or model.hidden is None:
        return states
    group = min(chips, chip.scale_up_chips * ceil(model.context_tokens / TOKENS_PER_CONTEXT_RANK))
    tokens = float(model.context_tokens)
    return states + (2.0 * model.layers + WORKING_SET_BYTES) * tokens * model.hidden / group


def training_chips_needed(job: JobSpec) -> ChipsNeeded | Infeasible:
    """The fewest chips, in whole nodes of the pool, whose memory holds the training state; or why none do."""
    if job.chip.memory_gb is None:
        return Infeasible(f"chip {job.chip.id} states no memory_gb; state it under chips")
    capacity = job.chip.memory_gb * 1e9
    node = job.pool.chips_per_node
    most = job.pool.chips // node
    if most < 1:
        return Infeasible(f"pool {job.pool.id} has {job.pool.chips} chips, less than one node of {node}")
    least = training_memory_bytes(job.model, job.chip, most * node)
    if least > capacity:
        return Infeasible(
            f"training {job.model.id} on all {most * node} chips of pool {job.pool.id} needs at least "
            f"{least / 1e9:.0f} GB a chip; {job.chip.id} has {job.chip.memory_gb:g} GB"
        )
    fits = bisect_left(
        range(1, most + 1),
        True,  # the memory a chip needs never grows with the number of chips
        key=lambda nodes: training_memory_bytes(job.model, job.chip, nodes * node) <= capacity,
    )
    return ChipsNeeded((fits + 1) * node, "memory")


def training_speed(job: JobSpec) -> TrainingSpeed | Infeasible:
    """How fast the chips of a job train its model, or why they cannot."""
    chip, model = job.chip, job.model
    if chip.bf16_tflops is None:
        return Infeasible(f"chip {chip.id} states no bf16_tflops; state it under chips")
    if chip.memory_gb is None:
        return Infeasible(f"chip {chip.id} states no memory_gb; state it under chips")
    needed = training_memory_bytes(model, chip, job.chips)
    if needed > chip.memory_gb * 1e9:
        return Infeasible(
            f"training {model.id} on {job.chips} {chip.id} needs at least {needed / 1e9:.0f} GB a chip "
            f"of its {chip.memory_gb:g} GB; use more chips"
        )
    kept = goodput(model.parameters, job.chips)
    if kept == 0.0:
        return Infeasible(f"{job.chips} chips fail more often than a run of {model.id} can restart; use fewer chips")
    family = chip_family(f"{chip.id} {chip.name}", chip.designer)
    mixture = is_mixture(model.parameters, model.used_parameters)
    judged = training_fit().judge(Query(family.name, family.vendor, mixture, model.parameters, job.chips))
    peak = job.chips * chip.bf16_tflops * 1e12
    speed = judged.share.scaled(peak / model_flop_per_token(model))
    return TrainingSpeed(speed, kept, judged.share, judged.support, judged.warnings + _assumptions(job))


def is_mixture(parameters: float, active_parameters: float) -> bool:
    """Whether a model is a mixture of experts: a token uses less than all of its parameters."""
    return active_parameters < parameters


@lru_cache(maxsize=1)
def training_fit() -> UtilisationFit:
    """The utilisation of training, fitted to the published runs that ship with the package."""
    return fit_utilisation((measured(run) for run in training_runs()), with_decline=True)


def measured(run: TrainingRun) -> Measured:
    """A published training run as the share of its chip's peak, by this module's count of operations."""
    family = chip_family(run.chip)
    return Measured(
        id=run.id,
        family=run.family,
        series=f"{run.model} {run.chip} {run.software} {run.context_tokens} {run.precision}",
        chip_family=family.name,
        vendor=family.vendor,
        is_mixture=is_mixture(run.parameters, run.active_parameters),
        parameters=run.parameters,
        chips=run.chips,
        share=model_flop_utilisation(run),
        source=run.source,
        steady=run.basis != "run",
    )


def model_flop_utilisation(run: TrainingRun) -> float:
    """MFU of a published run, 0 to 1: from its tokens a second; as published only where none are given."""
    if run.tokens_per_s_per_chip is None:
        if run.published_utilisation is None:
            raise ValueError(f"run {run.id} states neither tokens a second nor a utilisation")
        return run.published_utilisation
    flop = flop_per_token(run.active_parameters, run.layers, run.hidden, run.context_tokens)
    return run.tokens_per_s_per_chip * flop / (run.peak_tflops * 1e12)


def _assumptions(job: JobSpec) -> tuple[str, ...]:
    notes = ["trained in BF16", "failures as on Llama 3's H100: one in 2,111 chip-days"]
    if job.model.layers is None or job.model.hidden is None:
        notes.append("layers and hidden not stated: attention and activations not counted")
    if job.workload.kind is WorkloadKind.POST_TRAIN:
        notes.append("post-training counted as tokens trained; tokens that it generates are not counted")
    return tuple(notes)
