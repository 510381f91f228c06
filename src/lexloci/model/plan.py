"""Which workload runs where, when, on which chips, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lexloci.model.determination import Determination
from lexloci.model.estimate import Estimate
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis


@dataclass(frozen=True, slots=True)
class Alternative:
    """A place that was not taken: the pool, its outcome, and the rule, date, capacity or price that decided."""

    pool: str
    outcome: Outcome
    why: str
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class FurtherShare:
    """Chips of a further pool, at a further site, on which a workload runs at the same time."""

    pool: str
    site: str
    chips: int


@dataclass(frozen=True, slots=True)
class Placement:
    """A workload in its place; ``end`` is the first day after it, ``chips`` are those of ``pool``.

    ``pauses``: the days ``[start, end)`` on which it does not run; ``also``: where else it runs at the same time.
    """

    workload: str
    site: str
    pool: str
    chips: int
    start: date
    end: date
    outcome: Outcome
    cost_usd: float
    conditional_on: tuple[str, ...]
    estimate: Estimate
    determination: Determination
    alternatives: tuple[Alternative, ...]
    pauses: tuple[tuple[date, date], ...] = ()
    also: tuple[FurtherShare, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A workload without a place: why, and what each pool answered."""

    workload: str
    why: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """A lease or a purchase that the plan takes: chips of a pool from a day on, paid whether they work or not.

    ``end`` is the first day after a lease, or the first on which bought chips are gone; None: they stay.
    """

    pool: str
    kind: str
    chips: int
    start: date
    end: date | None
    usd: float


@dataclass(frozen=True, slots=True)
class PlanLevel:
    """An objective of an order of objectives: in which unit, what the plan comes to, and below what none could be."""

    unit: str
    value: float
    bound: float


@dataclass(frozen=True)
class Plan:
    """The plan: its placements, its objective with bound and gap (in ``unit``), and what it rests on.

    ``cost_usd`` holds its placements and its contracts; ``assumptions`` say what it takes for granted about demand;
    ``levels`` are the objectives of an order, most important first (the last is ``objective``); empty where it was one.
    """

    name: str
    as_of: date
    known_at: date
    basis: Basis
    rulebook: str
    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    objective: float
    bound: float
    gap: float
    cost_usd: float
    solver_status: str
    unit: str = "USD"
    contracts: tuple[Contract, ...] = ()
    assumptions: tuple[str, ...] = ()
    levels: tuple[PlanLevel, ...] = ()
