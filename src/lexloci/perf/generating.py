"""How fast chips generate what post-training learns from: as many users at once as the memory holds, no limits.

A rollout is a request without a person who waits: the batch is as large as the cache allows, and only the speed of
all together counts. Chips that train and generate in turn add their times up; chips that are split do both at once,
and the slower part decides.

A reference model and a reward model read what was generated, on the chips that train: one forward pass over prompts and
answers, 2 operations a parameter that a token uses, at the share of the peak that training reaches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lexloci.model.estimate import Range
from lexloci.model.workload import Rollouts, TrainingMethod
from lexloci.perf.job import Infeasible, JobSpec
from lexloci.perf.serving import faster_by, own_runs, published_support, with_own_runs
from lexloci.perf.serving_batch import NO_LIMIT, Lengths, speed_under_limits
from lexloci.perf.serving_copies import replica_sizes, serving_of
from lexloci.perf.serving_step import Replica

_FORWARD_FLOP, _TRAINING_FLOP, _ADAPTER_FLOP = 2.0, 6.0, 4.0
"""Operations a parameter of a forward pass, of training, and of adapters alone (arXiv:2001.08361, section 2.1)."""

_LEAST_TOKENS_PER_S = 1e-9
"""A slower speed is a mistake of units: thirty years for a token."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """Tokens trained a second where the chips also generate; the share of the time that generating takes, and words."""

    tokens_per_s: Range
    generating_share: float
    warnings: tuple[str, ...]


def training_chips(job: JobSpec, chips: int) -> int:
    """Of a number of chips those that train: all, or those in whole nodes that the generating ones leave."""
    rollouts = job.workload.rollouts
    if rollouts is None or rollouts.chip_share is None:
        return chips
    node = job.pool.chips_per_node
    generating = max(1, round(rollouts.chip_share * chips / node)) * node
    return max(0, chips - generating)


def generation_speed(job: JobSpec, rollouts: Rollouts, chips: int) -> tuple[Range, tuple[str, ...]] | Infeasible:
    """Tokens a second that so many chips generate of the job's model, with the interval, and what was assumed."""
    if rollouts.tokens_per_s is not None:
        speed = rollouts.tokens_per_s
        return Range(speed, speed, speed), ("speed of generating as stated",)
    if rollouts.prompt_tokens is None or rollouts.answer_tokens is None:
        return Infeasible(f"rollouts of {job.workload.id} state no lengths; state prompt_tokens and answer_tokens")
    lengths = Lengths.fixed(rollouts.prompt_tokens, rollouts.answer_tokens)
    found = [_whole_speed(job, lengths, chips, size) for size in replica_sizes(job.pool.chips_per_node, chips)]
    point = max(found, default=0.0)
    if point <= 0.0:
        return Infeasible(f"{chips} {job.chip.id} cannot hold {job.model.id} to generate; use more chips")
    own = own_runs(job)
    published = published_support(job, "load", rollouts.prompt_tokens, rollouts.answer_tokens)
    support = with_own_runs(published, own)
    notes = [f"generating rests on {support.nearest}", *(f"generating: {warning}" for warning in support.warnings)]
    return support.around(point * faster_by(own)), tuple(notes)


def _whole_speed(job: JobSpec, lengths: Lengths, chips: int, size: int) -> float:
    """Tokens a second of all copies of a size on the chips, with the better way to run attention."""
    ways = np.array([0.0, 1.0] if job.model.used_parameters < job.model.parameters else [0.0])
    serving = serving_of(job, Replica(np.full(len(ways), float(size)), np.ones(len(ways)), ways))
    speed = speed_under_limits(serving, lengths, NO_LIMIT, NO_LIMIT).tokens_per_s
    return chips // size * float(np.max(np.asarray(speed)))


def judging_share(job: JobSpec, rollouts: Rollouts) -> float:
    """Time of the passes of the reference and reward models over the time to train, for the same tokens trained.

    Attention is taken to weigh as much in them as in the model. Prompts count for each of their answers where both
    lengths are stated.
    """
    used = (rollouts.reference_parameters or 0.0) + (rollouts.reward_parameters or 0.0)
    if used == 0.0:
        return 0.0
    trained = _ADAPTER_FLOP if job.workload.method is TrainingMethod.LORA else _TRAINING_FLOP
    read = rollouts.tokens_per_trained_token
    if rollouts.prompt_tokens and rollouts.answer_tokens:
        read *= 1.0 + rollouts.prompt_tokens / rollouts.answer_tokens
    return _FORWARD_FLOP / trained * used / job.model.used_parameters * read


def _judging_told(rollouts: Rollouts, share: float) -> str:
    named = (("reference", rollouts.reference_parameters), ("reward", rollouts.reward_parameters))
    left = " and ".join(name for name, size in named if size is None)
    given = " and ".join(name for name, size in named if size)
    told = [f"{given} passes: {share:.0%} of the time to train", f"memory of the {given} model not counted"]
    return "; ".join((told if share else []) + ([f"{left} passes not stated: not counted"] if left else []))


def mixed_speed(job: JobSpec, rollouts: Rollouts, training: Range) -> Mixed | Infeasible:
    """Tokens trained a second where each needs so many generated ones; ``training``: of the chips that train."""
    share = judging_share(job, rollouts)
    training = training.scaled(1.0 / (1.0 + share))
    if training.low < _LEAST_TOKENS_PER_S:
        name = job.workload.id
        return Infeasible(f"reference and reward models of {name} leave {training.low:.3g} tokens/s; check their units")
    mixed = _mixed_with(job, rollouts, training)
    if isinstance(mixed, Infeasible):
        return mixed
    return replace(mixed, warnings=(*mixed.warnings, _judging_told(rollouts, share)))


def _mixed_with(job: JobSpec, rollouts: Rollouts, training: Range) -> Mixed | Infeasible:
    apart = rollouts.chip_share is not None
    chips = job.chips - training_chips(job, job.chips) if apart else job.chips
    generation = generation_speed(job, rollouts, chips)
    if isinstance(generation, Infeasible):
        return generation
    made, notes = generation
    fed = made.scaled(1.0 / rollouts.tokens_per_trained_token)
    if fed.low < _LEAST_TOKENS_PER_S:
        return Infeasible(f"rollouts of {job.workload.id} feed training {fed.low:.3g} tokens/s; check their units")
    if apart:
        ends = ((training.point, fed.point), (training.low, fed.low), (training.high, fed.high))
        slower = "generating" if fed.point < training.point else "training"
        told = f"{chips} chips generate while {job.chips - chips} train; {slower} is the slower"
        return Mixed(Range(*(min(end) for end in ends)), chips / job.chips, (told, *notes))
    speed = Range(
        _in_turn(training.point, fed.point), _in_turn(training.low, fed.low), _in_turn(training.high, fed.high)
    )
    share = speed.point / fed.point
    told = f"the chips generate for {share:.0%} of the time and train for {1.0 - share:.0%}"
    return Mixed(speed, share, (told, *notes))


def _in_turn(one: float, other: float) -> float:
    return one / (1.0 + one / other)
