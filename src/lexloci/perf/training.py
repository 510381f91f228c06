"""How long training takes: shape, layout, step, interval, failures.

The model's shape (stated or typical of its size) is laid out on the chips by the search of ``layout_search``; the
step model gives its time; ``training_interval`` says how sure that is; ``goodput`` takes off what failures cost.

MFU is counted with causal attention: 6 N + 6 L H s operations a token (arXiv:2204.02311, appendix B, halved for the
mask), N the parameters that a token uses.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lexloci.model.estimate import Range
from lexloci.model.workload import Model, TrainingMethod, WorkloadKind
from lexloci.perf.calibration import TRAINING, Calibration, calibration_for
from lexloci.perf.chip_family import chip_family
from lexloci.perf.generating import mixed_speed, training_chips
from lexloci.perf.goodput import goodput
from lexloci.perf.job import ChipsNeeded, Infeasible, JobSpec
from lexloci.perf.memory import ADAPTER_SHARE

if TYPE_CHECKING:
    from lexloci.perf.layer import Task
    from lexloci.perf.layout import Layout
    from lexloci.perf.layout_search import Found, SearchResult
    from lexloci.perf.machine import Generation, Machine
    from lexloci.perf.shape import Shape

_BATCH_TOKENS = ((20e9, 4 * 2**20), (100e9, 8 * 2**20), (500e9, 16 * 2**20), (float("inf"), 64 * 2**20))
"""Tokens of a step: 4 M for Llama 2, 16 M for Llama 3 405B, 63 M for DeepSeek-V3's 671B (arXiv:2307.09288; 2407.21783,
table 4; 2412.19437, section 4.2); between them twice the smaller."""

_TUNING_BATCH_TOKENS = 2**20
"""Tokens of a step of fine-tuning and post-training: 128 sequences of 8,192, an ordinary choice; no source."""


@dataclass(frozen=True, slots=True)
class TrainingSpeed:
    """Tokens a second while no chip fails, the share of time that failures leave, MFU, and what it rests on.

    ``working_chips``: those that the best layout and generating use; the others of the job's chips stay idle.
    """

    tokens_per_s: Range
    goodput: float
    working_chips: int
    utilisation: Range
    support: str
    warnings: tuple[str, ...]
    shares_of_peak: tuple[tuple[str, Range], ...] = ()


def flop_per_token(parameters: float, layers: float, hidden: float, context_tokens: float) -> float:
    """Operations to train on one token, in FLOP: 6 N + 6 L H s (causal); N are the parameters a token uses."""
    return 6.0 * parameters + 6.0 * layers * hidden * context_tokens


def model_flop_per_token(model: Model) -> float:
    """Operations to train a model on one token, in FLOP; without the attention term where its shape is not stated."""
    return flop_per_token(model.used_parameters, model.layers or 0, model.hidden or 0, model.context_tokens)


def is_mixture(parameters: float, active_parameters: float) -> bool:
    """Whether a model is a mixture of experts: a token uses less than all of its parameters."""
    return active_parameters < parameters


def training_chips_needed(job: JobSpec) -> ChipsNeeded | Infeasible:
    """The fewest chips, in whole nodes of the pool, on which some layout fits the memory; or why none does."""
    from lexloci.perf.layout_search import fewest_chips

    problem = unstated(job)
    if problem:
        return Infeasible(problem)
    node = job.pool.chips_per_node
    most = job.pool.chips // node
    if most < 1:
        return Infeasible(f"pool {job.pool.id} has {job.pool.chips} chips, less than one node of {node}")
    shape, machine, task, _ = posed(job)
    fewest = fewest_chips(shape, machine, task, training_chips(job, most * node))
    if fewest is None:
        reason = _searched(shape, machine, task, training_chips(job, most * node)).reason
        return Infeasible(f"training {job.model.id} on all {most * node} chips of pool {job.pool.id}: {reason}")
    nodes = bisect_left(range(most), fewest, key=lambda nodes: training_chips(job, nodes * node))
    return ChipsNeeded(nodes * node, "memory")


def training_speed(job: JobSpec) -> TrainingSpeed | Infeasible:
    """How fast the chips of a job train its model, or why they cannot."""
    from lexloci.perf.machine import Generation
    from lexloci.perf.training_interval import Query, support_of

    problem = unstated(job)
    if problem:
        return Infeasible(problem)
    model = job.model
    shape, machine, task, notes = posed(job)
    chips = training_chips(job, job.chips)
    mixture = is_mixture(model.parameters, model.used_parameters)
    generation = Generation(int(float(machine.generation)))
    own = own_runs(job, generation)
    result = _searched(shape, machine, task, chips, own.logs if own else None)
    if not result.best:
        return Infeasible(f"training {model.id} on {chips} {job.chip.id}: {result.reason}; use more chips")
    working = _working_chips(job, result.best[0].layout)
    kept = goodput(model.parameters, working)
    if kept == 0.0:
        return Infeasible(f"{working} chips fail more often than a run of {model.id} can restart; use fewer chips")
    support = support_of(Query(generation, mixture, model.parameters, chips, unusual=unusual(task, generation)), own)
    step = support.spread.around(result.best[0].step_s)
    tokens = float(task.batch_sequences) * float(task.sequence_tokens)
    roof = _roof_tokens_per_s(model, shape, machine, task, chips)
    speed = Range(*(min(roof, tokens / seconds) for seconds in (step.point, step.high, step.low)))
    rollouts = job.workload.rollouts
    mixed = mixed_speed(job, rollouts, speed) if rollouts else None
    if isinstance(mixed, Infeasible):
        return mixed
    more = mixed.warnings if mixed else ()
    return TrainingSpeed(
        mixed.tokens_per_s if mixed else speed,
        kept,
        working,
        speed.scaled(1.0 / roof),
        support.told,
        (
            *more,
            *support.warnings,
            *_assumptions(job),
            *notes,
            _told(result.best[0].layout, float(task.batch_sequences)),
            *((f"{working} of {job.chips} chips work: no layout of more is faster",) if working < job.chips else ()),
        ),
        _shares_of_peak(shape, result.best[0], task, speed.scaled(1.0 / roof)),
    )


def _working_chips(job: JobSpec, layout: Layout) -> int:
    """Of the chips of a job, those whose failure stops it: those that the layout takes, and those that generate."""
    rollouts, training = job.workload.rollouts, training_chips(job, job.chips)
    if rollouts is not None and rollouts.chip_share is None:
        return job.chips
    return job.chips - training + int(float(layout.chips))


def _shares_of_peak(shape: Shape, best: Found, task: Task, counted: Range) -> tuple[tuple[str, Range], ...]:
    """The share of the peak by each convention; ``counted``: that with causal attention. Of LoRA there is one alone."""
    from lexloci.perf.mfu import utilisation

    if float(task.adapters_only) > 0:
        return (("MFU, causal attention, 4 operations a weight", counted),)
    found = utilisation(shape, best.layout, task.sequence_tokens, task.batch_sequences, best.step_s, 1.0)
    causal = float(found.mfu_causal)
    return (
        ("MFU, causal attention", counted),
        ("MFU, full attention", counted.scaled(float(found.mfu_full) / causal)),
        ("HFU, full attention", counted.scaled(float(found.hfu_full) / causal)),
    )


def own_runs(job: JobSpec, generation: Generation) -> Calibration | None:
    """What the user's own runs say of a job's training; None where they say nothing."""
    family = chip_family(job.chip.id).name
    mixture = is_mixture(job.model.parameters, job.model.used_parameters)
    return calibration_for(job.calibrations, TRAINING, int(generation), family, is_mixture=mixture)


def _roof_tokens_per_s(model: Model, shape: Shape, machine: Machine, task: Task, chips: int) -> float:
    """Tokens a second at the peak of the precision. Adapters need no gradients of the frozen weights: 4 N, not 6 N."""
    peak = float(machine.low_precision_flop_per_s if float(task.precision) > 0 else machine.bf16_flop_per_s)
    needed = flop_per_token(model.used_parameters, float(shape.layers), float(shape.hidden), model.context_tokens)
    if float(task.adapters_only) > 0:
        needed -= 2.0 * model.used_parameters
    return chips * peak / needed


def unusual(task: Task, generation: Generation) -> str:
    """Why the published runs say little of such a task, in words; empty where they say enough."""
    from lexloci.perf.efficiency import moved_by_rows
    from lexloci.perf.machine import Precision

    if float(task.adapters_only) > 0:
        return "three published runs with LoRA"
    precision = Precision(int(float(task.precision)))
    name = {Precision.FP8: "gemm_fp8", Precision.FP4: "gemm_fp4"}.get(precision)
    if name and generation.value and not moved_by_rows(name, generation.name.lower()):
        return f"no measurement of {precision.name} on this chip's generation"
    return ""


def _divisible(sequences: int) -> int:
    """Three times a power of two, at most so many: data ranks of 3, 6, 12 ... divide it as well as 2, 4, 8."""
    return 3 * 2 ** ((sequences // 3).bit_length() - 1) if sequences >= 3 else sequences


def _told(layout: Layout, batch: float) -> str:
    expert = f", expert {layout.expert:g}" if float(layout.expert) > 1 else ""
    ranks = f"tensor {layout.tensor:g}, pipeline {layout.pipeline:g}, context {layout.context:g}, data {layout.data:g}"
    return f"layout: {ranks}{expert}; {batch:g} sequences a step"


def unstated(job: JobSpec) -> str:
    """Which figure a job does not state that training needs, in a line; empty where it states all."""
    from lexloci.perf.machine import PRECISIONS, Precision

    chip = job.chip
    for name in ("bf16_tflops", "memory_gb", "memory_gb_per_s"):
        if getattr(chip, name) is None:
            return f"chip {chip.id} states no {name}; state it under chips"
    precision = job.workload.precision
    lower = {Precision.FP8: "fp8_tflops", Precision.FP4: "fp4_tflops"}.get(PRECISIONS[precision])
    if lower and getattr(chip, lower) is None:
        return f"chip {chip.id} states no {lower}, which {precision} needs; state it under chips"
    return ""


def posed(job: JobSpec) -> tuple[Shape, Machine, Task, tuple[str, ...]]:
    """The job in the terms of the step model: shape, machine, task, and what had to be taken."""
    from lexloci.perf.efficiency import Epoch
    from lexloci.perf.job_shape import shape_of
    from lexloci.perf.layer import Task
    from lexloci.perf.machine import PRECISIONS, machine_of

    shape, notes = shape_of(job.model)
    machine, more = machine_of(job.chip, job.pool.internode_gbps_per_chip, PRECISIONS[job.workload.precision])
    sequence, precision = job.model.context_tokens, float(PRECISIONS[job.workload.precision])
    pre_training = job.workload.kind in (WorkloadKind.PRE_TRAIN, WorkloadKind.CONTINUE)
    tokens = next(size for limit, size in _BATCH_TOKENS if job.model.parameters < limit)
    usual = _divisible(max(1, (tokens if pre_training else _TUNING_BATCH_TOKENS) // sequence))
    task = Task(
        float(sequence),
        float(job.workload.batch_sequences or usual),
        precision,
        float(max(Epoch)),
        adapters_only=float(job.workload.method is TrainingMethod.LORA),
    )
    return shape, machine, task, (*notes, *more)


def batch_tokens(job: JobSpec) -> float:
    """Tokens of one step of a job's training."""
    _, _, task, _ = posed(job)
    return float(task.batch_sequences) * float(task.sequence_tokens)


@lru_cache(maxsize=4096)
def _searched(
    shape: Shape, machine: Machine, task: Task, chips: int, logs: tuple[float, ...] | None = None
) -> SearchResult:
    import numpy as np

    from lexloci.perf.efficiency import Efficiency, fitted
    from lexloci.perf.layout_search import best_layouts

    efficiency = Efficiency.of(np.array(logs)) if logs else fitted()
    return best_layouts(shape, machine, task, chips, efficiency)


def _assumptions(job: JobSpec) -> tuple[str, ...]:
    notes = [
        f"trained in {job.workload.precision.upper()} with software of 2026",
        "failures as on Llama 3's H100: one in 2,111 chip-days",
    ]
    if job.workload.method is TrainingMethod.LORA:
        share = f"at most {ADAPTER_SHARE:.0%} of the weights"
        notes.append(f"LoRA: adapters of {share}; no gradients and no optimiser state of the others")
    if job.workload.kind is WorkloadKind.POST_TRAIN and job.workload.rollouts is None:
        notes.append("post-training counted as tokens trained; rollouts not stated: what it generates is not counted")
    return tuple(notes)
