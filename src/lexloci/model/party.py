"""Who acts: organisations and persons, and who owns them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from annotated_types import Ge, Le

from lexloci.model.doc import Doc

CountryCode = Annotated[str, Doc("ISO 3166-1 alpha-2 code; HK and MO stand apart from CN")]
Sources = Annotated[
    dict[str, str],
    Doc("field -> source text or key of `sources`; `assumption: why` marks an assumption; `*` speaks for all fields"),
]


@dataclass(frozen=True, slots=True)
class Stake:
    """A share that somebody holds in a party."""

    owner: Annotated[str, Doc("id of the owning party")]
    percent: Annotated[float | None, Ge(0), Le(100), Doc("share held; not stated: unknown", unit="%")] = None
    least_percent: Annotated[
        float | None, Ge(0), Le(100), Doc("instead of percent: no less is held; not stated: 0", unit="%")
    ] = None
    most_percent: Annotated[
        float | None,
        Ge(0),
        Le(100),
        Doc("instead of percent: no more is held; not stated: what others leave", unit="%"),
    ] = None
    held_from: Annotated[date | None, Doc("first day on which it is held; not stated: always")] = None
    held_until: Annotated[date | None, Doc("first day on which it is no longer held; not stated: always")] = None

    def is_held(self, on: date) -> bool:
        """Whether it is held on a day."""
        return (self.held_from is None or self.held_from <= on) and (self.held_until is None or on < self.held_until)


@dataclass(frozen=True, slots=True)
class NotSubject:
    """A party's record that it is not subject to an authority; it never lowers a finding by itself."""

    authority: Annotated[str, Doc("authority, as the rulebook names it, such as us_bis")]
    reason: Annotated[str, Doc("why, in a sentence")]
    adviser: Annotated[str, Doc("who advised it")]
    on: Annotated[date, Doc("day on which it was recorded")]


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation or a person."""

    id: Annotated[str, Doc("short name used elsewhere in the file")]
    name: Annotated[str, Doc("legal or trade name, any script; this is the name that is screened")]
    aliases: Annotated[tuple[str, ...], Doc("other names, any script; screened too")] = ()
    generic: Annotated[
        bool, Doc("the name stands for a kind of party (`non-Chinese operator, Johor`) and is not screened")
    ] = False
    headquarters: Annotated[CountryCode | None, Doc("country of its headquarters; not stated: unknown")] = None
    ultimate_parent: Annotated[
        str | None, Doc("id of its ultimate parent; its own id where it has none; not stated: unknown")
    ] = None
    owners: Annotated[tuple[Stake, ...], Doc("who holds shares in it")] = ()
    identifiers: Annotated[dict[str, str], Doc("kind -> number, such as lei: 5493001KJTIIGC8Y1R12")] = field(
        default_factory=dict
    )
    critical_infrastructure_operator: Annotated[
        bool | None, Doc("whether China named it an operator of critical information infrastructure")
    ] = None
    not_subject_to: Annotated[tuple[NotSubject, ...], Doc("authorities that it records itself not subject to")] = ()
    sources: Sources = field(default_factory=dict)

    @property
    def stake_days(self) -> frozenset[date]:
        """The days on which a stake in it begins or ends to be held."""
        ends = (day for stake in self.owners for day in (stake.held_from, stake.held_until))
        return frozenset(day for day in ends if day is not None)
