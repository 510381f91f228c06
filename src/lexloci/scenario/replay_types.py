"""What a replay found: where work went on each day of change, what bent its way, and the shares by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lexloci.model.outcome import Outcome
from lexloci.scenario.compare_types import Comparison

NOWHERE = ""
"""The place of work that has no lawful place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a workload would run: pool, site and country by id, all empty where it has no lawful place.

    ``why`` says why it has none.
    """

    pool: str
    site: str
    country: str
    why: str = ""


@dataclass(frozen=True)
class Stretch:
    """The days ``[since, until)`` in which the plan of the first of them holds: its places by workload, its cost."""

    since: date
    until: date
    places: Mapping[str, Place]
    cost_usd: float


@dataclass(frozen=True)
class Bend:
    """A day on which the way of work bends: what moved, which answers changed, and the rule or fact behind each."""

    on: date
    changes: Comparison


@dataclass(frozen=True, slots=True)
class Refusal:
    """A day from which the law lets no workload begin in a pool that is there: its outcome, why, the rule's id."""

    on: date
    pool: str
    outcome: Outcome
    why: str
    rule: str


@dataclass(frozen=True, slots=True)
class MonthShare:
    """How a party's compute is spread in a month: the share of each country, and of work without a lawful place.

    ``month`` is its first day; the shares are of useful operations, weighted with days, and sum to 1. The share of
    work without a lawful place has the country ``NOWHERE``.
    """

    month: date
    party: str
    home: str | None
    by_country: Mapping[str, float]

    @property
    def offshore(self) -> float:
        """The share that runs in other countries than that of the party's headquarters."""
        return sum(share for country, share in self.by_country.items() if country not in (self.home, NOWHERE))

    @property
    def nowhere(self) -> float:
        """The share that has no lawful place."""
        return self.by_country.get(NOWHERE, 0.0)


@dataclass(frozen=True)
class Replay:
    """The story of a portfolio: stretches that touch, bends between them, pools refused, shares by month and party.

    ``asked`` and ``at_hand`` count the answers that were asked of the law and those that were kept from another day;
    ``days`` counts the days of change that were looked at, ``plans`` the plans that were made.
    """

    name: str
    basis: str
    rulebook: str
    first: date
    until: date
    stretches: tuple[Stretch, ...]
    bends: tuple[Bend, ...]
    refusals: tuple[Refusal, ...]
    months: tuple[MonthShare, ...]
    days: int
    plans: int
    asked: int
    at_hand: int
