"""How the plan of a portfolio is searched for: seed, workers, checkpoint, weights, and a plan to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lexloci.model.plan import Plan
from lexloci.plan.objective import USUAL, Measure
from lexloci.plan.options import Choice, PoolAnswer
from lexloci.plan.problem import Slot
from lexloci.plan.statement import Statement


@dataclass(frozen=True)
class SearchSettings:
    """``workers``: cores in use; ``checkpoint``: a file to go on from after a kill; ``former``: a plan to begin with.

    ``weights`` say what is made small (``plan.objective``); ``then``: what is made small next, among the plans that are
    best for what stands before it. The same settings give the same plan.
    """

    seed: int = 1
    workers: int = 1
    checkpoint: Path | None = None
    weights: Mapping[Measure, float] = field(default_factory=lambda: dict(USUAL))
    then: tuple[Mapping[Measure, float], ...] = ()
    former: Plan | None = None

    @property
    def is_usual(self) -> bool:
        """Whether USD for price and lateness are made small, as where nobody asks for anything else."""
        return dict(self.weights) == USUAL and not self.then


USUAL_SETTINGS = SearchSettings()


def measures_of(statement: Statement, answers: Mapping[str, tuple[PoolAnswer, ...]]) -> dict[str, dict[Measure, float]]:
    """Energy (kWh), carbon (kg), licences and points for review of each option.

    A licence or a point counts where any of its days needs it.
    """
    reviews = {(job, answer.pool.id): float(len(_points(answer))) for job, found in answers.items() for answer in found}
    return {option: _measures(choice, reviews) for option, choice in statement.choices.items()}


def _points(answer: PoolAnswer) -> set[str]:
    """Contested points on which the placeable days of a pool rest, and rules that a record sets aside there."""
    lawful = [segment.alike for segment in answer.answered if segment.outcome.is_placeable]
    read = {point.point for one in lawful for point in one.contested}
    return read | {finding.rule for one in lawful for finding in one.exposures}


def _measures(choice: Choice, reviews: Mapping[tuple[str, str], float]) -> dict[Measure, float]:
    licences = {licence for condition in choice.conditions for licence in condition.licences}
    pools = (choice.pool.id, *(one.pool.id for one in choice.also))
    return {
        Measure.ENERGY: choice.estimate.energy_kwh.point,
        Measure.CARBON: choice.estimate.carbon_kg.point,
        Measure.LICENCES: float(len(licences)),
        Measure.REVIEWS: sum(reviews.get((choice.workload.id, pool), 0.0) for pool in pools),
    }


def former_slots(statement: Statement, former: Plan) -> tuple[Slot, ...]:
    """The places of a former plan that this statement still offers, at the first hour of their days."""
    as_of = statement.judge.portfolio.as_of
    found = []
    for placement in former.placements:
        start_h = (placement.start - as_of).days * 24
        name = f"{placement.workload}@{placement.pool}"
        words = f"x{placement.chips}" + "".join(f"+{one.pool}x{one.chips}" for one in placement.also)
        paused = f"|{placement.pauses[0][0]}|{placement.pauses[-1][1]}" if placement.pauses else ""
        for option in statement.problem.options_by_job.get(placement.workload, ()):
            is_it = option.id == name or option.id.partition("~")[0] == f"{name}{words}{paused}"
            if is_it and any(start <= start_h < end for start, end in statement.problem.start_intervals(option)):
                found.append(Slot(placement.workload, option.id, start_h))
                break
    return tuple(found)
