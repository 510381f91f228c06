"""What differs between two plans: moved workloads, changed answers with the rule behind each, cost, energy, carbon."""

from __future__ import annotations

from dataclasses import dataclass

from lexloci.model.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Move:
    """A workload that another plan puts elsewhere.

    ``before`` and ``after`` are ids of pools, empty where the workload has no place; the costs are in
    USD, None where it has no place; ``why`` is the rule, record, date, capacity or price behind the move,
    ``rule`` the id of that rule, empty where none is.
    """

    workload: str
    before: str
    after: str
    cost_before: float | None
    cost_after: float | None
    why: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """An answer of the law that differs: workload and pool by id, both outcomes, the rule behind it and its id."""

    workload: str
    pool: str
    before: Outcome
    after: Outcome
    rule: str
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """What a plan amounts to: cost (USD), energy (kWh), carbon (kg CO2e), and how many workloads have no place."""

    cost_usd: float
    energy_kwh: float
    carbon_kg: float
    unplaced: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans side by side: their labels, what moved, what changed, their sums.

    ``gone`` are workloads of the first portfolio that the second does not have.
    """

    before_label: str
    after_label: str
    moves: tuple[Move, ...]
    outcome_changes: tuple[OutcomeChange, ...]
    before: Sums
    after: Sums
    gone: tuple[str, ...] = ()
