"""The rules on ownership by listed parties, each as it stood from a day on, with its citation.

All of them are cascades, none a product of percentages. They differ in the threshold (50 % or more, above 50 %), in
whether shares of several listed parties add up, in what else catches (control), and in whom they reach. ``level`` says
how far the source was checked: P primary text read, T third party quoting it, R recalled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from lexloci.parties.importers.csl import LISTS_OF_CSL
from lexloci.parties.ownership.graph import PERCENT, ROUNDING


class Standing(Enum):
    """Whether a rule is in force on a day."""

    IN_FORCE = "in force"
    NOT_YET = "not yet in force"
    STAYED = "stayed"
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class Turn:
    """A rule as it stands from a day on: ``percent`` or more (``is_above``: more), added up over the listed or not."""

    on: date
    standing: Standing
    citation: str
    level: str
    percent: float | None = 50.0
    is_above: bool = False
    adds_up: bool = True

    @property
    def need(self) -> int | None:
        """The least sum that catches, in units of the graph; None where no share does."""
        if self.percent is None:
            return None
        limit = round(self.percent * PERCENT)
        return limit + ROUNDING + 1 if self.is_above else limit - ROUNDING

    @property
    def asks(self) -> str:
        """The threshold in words."""
        if self.percent is None:
            return "no share: only the listed parties themselves"
        how_much = f"more than {self.percent:g} %" if self.is_above else f"{self.percent:g} % or more"
        return f"{how_much}, {'added up over listed parties' if self.adds_up else 'by one listed party'}"


@dataclass(frozen=True, slots=True)
class OwnershipRule:
    """A rule through time; ``lists`` whose parties count, ``reaches_us`` whether US entities are caught."""

    id: str
    title: str
    lists: tuple[str, ...]
    turns: tuple[Turn, ...]
    counts_control: bool = False
    reaches_us: bool = True
    owner_terms_govern: bool = False
    minority_note: str = ""

    def turn(self, as_of: date | None) -> Turn:
        """The rule as it stands on a day; without a day, as it last was in force. Before its first turn, not yet."""
        if as_of is None:
            return [turn for turn in self.turns if turn.standing is Standing.IN_FORCE][-1]
        begun = [turn for turn in self.turns if turn.on <= as_of]
        if begun:
            return begun[-1]
        first = self.turns[0]
        return Turn(
            first.on, Standing.NOT_YET, first.citation, first.level, first.percent, first.is_above, first.adds_up
        )


_IN_FORCE = Standing.IN_FORCE

OFAC: Final = OwnershipRule(
    id="ofac",
    title="OFAC 50 Percent Rule",
    lists=("SDN",),
    turns=(
        Turn(date(2008, 2, 14), _IN_FORCE, "OFAC guidance of 2008-02-14", "R", adds_up=False),
        Turn(date(2014, 8, 13), _IN_FORCE, "OFAC guidance of 2014-08-13; FAQ 398-402", "P"),
    ),
    minority_note="OFAC urges caution where blocked persons hold a significant share below 50 % (FAQ 398)",
)
BIS: Final = OwnershipRule(
    id="bis",
    title="BIS Affiliates Rule",
    lists=("EL", "MEU", "SDN"),
    turns=(
        Turn(date(2025, 9, 29), _IN_FORCE, "90 FR 47201; 15 CFR 744.11(a)(1), 744.21(a)(3), 744.8", "P"),
        Turn(date(2025, 11, 10), Standing.STAYED, "90 FR 50857: stayed until 2026-11-09", "P"),
        Turn(
            date(2026, 11, 10),
            Standing.UNSETTLED,
            "the stay of 90 FR 50857 ends absent an extension; one to 2027-01-10 was announced, and no citation of it "
            "in the Federal Register was found by 2026-10-04",
            "T",
        ),
    ),
    reaches_us=False,
    owner_terms_govern=True,
    minority_note="a minority share of a listed party is a red flag to resolve (red flag 29, Supplement 3 to Part 732)",
)
EU: Final = OwnershipRule(
    id="eu",
    title="EU ownership criterion",
    lists=("EU",),
    turns=(
        Turn(date(2018, 5, 4), _IN_FORCE, "EU Best Practices, Council document 8519/18", "R", is_above=True),
        Turn(date(2024, 7, 3), _IN_FORCE, "EU Best Practices, Council document 11623/24", "R"),
    ),
    counts_control=True,
)
UK: Final = OwnershipRule(
    id="uk",
    title="UK ownership and control test",
    lists=("UK",),
    turns=(
        Turn(
            date(2020, 12, 31),
            _IN_FORCE,
            "Russia (Sanctions) (EU Exit) Regulations 2019, regulation 7 and its like; OFSI guidance of 2023-03-16: "
            "shares of several designated persons are not simply added up",
            "T",
            is_above=True,
            adds_up=False,
        ),
    ),
    counts_control=True,
)
NS_CMIC: Final = OwnershipRule(
    id="ns-cmic",
    title="NS-CMIC List",
    lists=("CMIC",),
    turns=(Turn(date(2021, 8, 2), _IN_FORCE, "E.O. 14032; OFAC FAQ 857: no 50 percent rule", "R", percent=None),),
)

LIST_CODES: Final = frozenset((*LISTS_OF_CSL, "1260H", "CN-ECL", "CN-UEL", "CN-AL", "JP-EUL", "UN", "EU", "UK"))
RULES: Final[Mapping[str, OwnershipRule]] = {rule.id: rule for rule in (OFAC, BIS, EU, UK, NS_CMIC)}

POLICIES: Final = ("presumption of approval", "other", "case by case", "presumption of denial", "policy of denial")
"""Licence policies of listed owners, the most restrictive last; one that is not stated counts as worse than all."""
