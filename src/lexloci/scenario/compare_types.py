"""What differs between two plans: moved workloads, changed answers with the rule behind each, cost."""

from __future__ import annotations

from dataclasses import dataclass

from lexloci.model.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Move:
    """A workload that another plan puts elsewhere.

    ``before`` and ``after`` are ids of pools, empty where the workload has no place; the costs are in
    USD, None where it has no place; ``why`` is the rule, date, capacity or price behind the move.
    """

    workload: str
    before: str
    after: str
    cost_before: float | None
    cost_after: float | None
    why: str


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """An answer of the law that differs: workload and pool by id, both outcomes, the rule behind it."""

    workload: str
    pool: str
    before: Outcome
    after: Outcome
    rule: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans side by side: their labels (dates or scenarios), what moved, what changed, cost in USD."""

    before_label: str
    after_label: str
    moves: tuple[Move, ...]
    outcome_changes: tuple[OutcomeChange, ...]
    cost_before: float
    cost_after: float
