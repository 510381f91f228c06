"""A workload put in a pool on a day, with what the portfolio says about both: what the acts are made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from lexloci.model.act import Act, ActKind, Role
from lexloci.model.chip import Chip
from lexloci.model.fact import UNKNOWN, Fact, Plain
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool, Site
from lexloci.model.workload import Model, Workload
from lexloci.rulebook.addressees import addressee_facts

PartyFacts = Callable[[str, date], Mapping[str, Fact]]
"""The facts about a party (by id) on a day, without a role before their names."""

EU_MEMBERS = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
    ]
)  # Treaty on European Union, members since 2020-02-01
"""Countries whose body of law is ``eu``."""


@dataclass(frozen=True)
class Placing:
    """A workload in a pool; ``chip`` as the catalogue or the portfolio has it."""

    portfolio: Portfolio
    workload: Workload
    pool: Pool
    chip: Chip
    party_facts: PartyFacts = field(repr=False)
    by_role: dict[tuple[Role, str, date], Mapping[str, Fact]] = field(default_factory=dict, repr=False, compare=False)
    """Facts of parties in their roles that were asked before: for who asks about many placements."""

    @property
    def site(self) -> Site:
        """The site of the pool."""
        return self.portfolio.site_by_id[self.pool.site]

    @property
    def model(self) -> Model:
        """The model of the workload."""
        return self.portfolio.model_by_id[self.workload.model]

    @property
    def chip_is_own(self) -> bool:
        """Whether the chip is described in the portfolio, not taken from the catalogue."""
        return self.chip in self.portfolio.chips

    @property
    def is_tenant(self) -> bool:
        """Whether the workload's party uses chips that another party holds."""
        return self.workload.party != self.pool.holder

    def role_facts(self, parties: Mapping[Role, str | None], on: date) -> dict[str, Fact]:
        """The facts of each role; a role whose party is not stated has unknown facts."""
        facts: dict[str, Fact] = {}
        for role, party_id in parties.items():
            if party_id is None:
                facts[f"{role.value}.name"] = Fact(UNKNOWN, "not stated")
                continue
            found = self.by_role.get((role, party_id, on))
            if found is None:
                found = self.by_role[role, party_id, on] = self._facts_in_role(role, party_id, on)
            facts |= found
        return facts

    def _facts_in_role(self, role: Role, party_id: str, on: date) -> dict[str, Fact]:
        name = f"{role.value}."
        facts = {f"{name}name": Fact(self.portfolio.party_by_id[party_id].name, "portfolio")}
        facts |= {name + each: fact for each, fact in self.party_facts(party_id, on).items()}
        if role is Role.EXPORTER:
            facts |= addressee_facts(self._names(party_id), f"parties: {party_id}")
        return facts

    def _names(self, party_id: str) -> list[str]:
        """Every name of a party, of its ultimate parent and of its stated owners."""
        party = self.portfolio.party_by_id[party_id]
        above = [party.ultimate_parent, *(stake.owner for stake in party.owners)]
        parties = [party, *(self.portfolio.party_by_id[one] for one in above if one in self.portfolio.party_by_id)]
        return list(dict.fromkeys(name for one in parties for name in (one.name, *one.aliases)))

    def act(
        self,
        kind: ActKind,
        leg: str,
        on: date,
        parties: Mapping[Role, str | None],
        facts: Mapping[str, Fact],
        bodies: tuple[str | None, ...],
        things: tuple[str, ...] = (),
    ) -> Act:
        """An act of this placing; ``bodies`` without repeats and without those that are unknown."""
        return Act(
            id=f"{self.workload.id}@{self.pool.id}:{leg}",
            kind=kind,
            leg=leg,
            on=on,
            facts={**self.role_facts(parties, on), **facts},
            asked=tuple(dict.fromkeys(body for body in bodies if body)),
            parties={role: party for role, party in parties.items() if party is not None},
            things=(self.workload.id, self.pool.id, self.site.id, self.model.id, *things),
        )


def body_of(country: str | None) -> str | None:
    """The body of law of a country: its code in small letters, ``eu`` for a member; None where unknown."""
    if country is None:
        return None
    return "eu" if country in EU_MEMBERS else country.lower()


def stated(value: Plain | None, where: str) -> Fact:
    """A field of the portfolio as a fact: unknown where it is not stated."""
    return Fact(UNKNOWN, f"{where}: not stated") if value is None else Fact(value, where)
