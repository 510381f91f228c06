"""What somebody put on record: readings of open points, attestations of facts, authorisations held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from annotated_types import Gt

from lexloci.model.doc import Doc


@dataclass(frozen=True, slots=True)
class Reading:
    """The choice of an option for a contested point of the rulebook; no effect before it was adopted."""

    point: Annotated[str, Doc("id of the contested point, such as us_ear.rental_transfer")]
    option: Annotated[str, Doc("id of the option chosen")]
    adopted_by: Annotated[str, Doc("person and office that adopted it")]
    on: Annotated[date, Doc("day of adoption")]
    adviser: Annotated[str, Doc("on whose advice")]
    parties: Annotated[tuple[str, ...], Doc("ids of the parties that it covers; empty: all of the file")] = ()
    until: Annotated[date | None, Doc("first day on which it no longer counts")] = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """A fact that a named person vouches for."""

    fact: Annotated[str, Doc("name of the fact, as the answer asks for it, such as tenant.red_flags_resolved")]
    value: Annotated[bool | float | str, Doc("its value")]
    about: Annotated[tuple[str, ...], Doc("ids of the parties, pools, datasets or workloads that it is about")]
    by: Annotated[str, Doc("person and office that vouch for it")]
    on: Annotated[date, Doc("day of signing")]
    evidence: Annotated[str, Doc("what it rests on")]
    until: Annotated[date | None, Doc("first day on which it no longer counts")] = None


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A licence, approval, assessment, filing, certificate, consent or contract that is held."""

    id: Annotated[str, Doc("short name, or the number of the document")]
    kind: Annotated[str, Doc("kind, as the rulebook names it, such as security_assessment")]
    authority: Annotated[str, Doc("who granted it")]
    holder: Annotated[str, Doc("id of the party that holds it")]
    covers: Annotated[
        tuple[str, ...],
        Doc(
            "ids of the parties, sites, pools, datasets, models or workloads that it covers; "
            "each named kind of thing must match"
        ),
    ]
    granted: Annotated[date, Doc("first day on which it counts")]
    until: Annotated[date | None, Doc("first day on which it no longer counts")] = None
    chips: Annotated[int | None, Gt(0), Doc("most chips that it covers", unit="chips")] = None
    conditions: Annotated[tuple[str, ...], Doc("conditions, each a duty")] = ()
