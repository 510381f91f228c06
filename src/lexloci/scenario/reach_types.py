"""What a listing of a party would reach: affiliates, ties, answers that change with their days, homes that are lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lexloci.model.outcome import Outcome
from lexloci.parties.consequences import Consequence


@dataclass(frozen=True, slots=True)
class Affiliate:
    """A party that the listed one owns: ``owned`` half or more, ``minority`` a lesser share, ``open`` not known.

    ``proof`` names the holdings and their sums.
    """

    party: str
    standing: str
    proof: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A thing of the portfolio that a reached party takes part in: as what, with whom, on how many chips, since when.

    ``kind`` is site, supply, lease, rental, own chips, dataset or workload.
    """

    kind: str
    thing: str
    party: str
    role: str
    counterparty: str = ""
    chips: int = 0
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OutcomeShift:
    """The answer for starts of a workload in a pool on the days ``[since, until)``, without the listing and with it.

    ``why`` names the rule that counts only with the listing, ``history`` since when that rule is in force.
    """

    workload: str
    pool: str
    since: date
    until: date
    before: Outcome
    after: Outcome
    why: str
    history: str


@dataclass(frozen=True, slots=True)
class LostHome:
    """A workload with the pools in which the law lets it start at some time: without the listing, and with it."""

    workload: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """All that a supposed listing of a party reaches; ``asked`` of ``pairs`` placements touch a reached party."""

    party: str
    list_code: str
    list_title: str
    on: date
    assumed: str
    consequences: tuple[Consequence, ...]
    affiliates: tuple[Affiliate, ...]
    ties: tuple[Tie, ...]
    shifts: tuple[OutcomeShift, ...]
    homes: tuple[LostHome, ...]
    asked: int
    pairs: int

    @property
    def chips(self) -> int:
        """The chips of all pools that a reached party supplies, holds, uses or operates, each pool once."""
        return sum({tie.thing: tie.chips for tie in self.ties if tie.chips}.values())
