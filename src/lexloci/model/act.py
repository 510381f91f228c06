"""One legally relevant thing that a placement entails, on its own date.

Kinds (``ActKind``) and roles (``Role``) are listed here once. An act carries its facts as a flat
mapping of names from the vocabulary of the rulebook (``rulebook/vocabulary.yaml``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lexloci.model.fact import Fact
from lexloci.model.portfolio import Basis


class ActKind(StrEnum):
    """What is done."""

    EXPORT = "export"
    REEXPORT = "reexport"
    TRANSFER = "in-country transfer"
    IMPORT = "import"
    REMOTE_ACCESS = "remote access"
    USE = "use"
    SERVICE = "service"
    SUPPORT = "support by a person"
    DATA_EXPORT = "data export"
    DATA_IMPORT = "data import"
    WEIGHTS_TRANSFER = "weights transfer"
    PROCUREMENT = "procurement"
    INVESTMENT = "investment"
    BUILD = "build"
    OFFERING = "offering to a public"
    PLACING = "placing on a market"
    RECORDS = "record-keeping"

    @property
    def is_supply(self) -> bool:
        """Whether it moves hardware to somebody: export, reexport or in-country transfer."""
        return self in (ActKind.EXPORT, ActKind.REEXPORT, ActKind.TRANSFER)


class Role(StrEnum):
    """As what a party takes part in an act."""

    EXPORTER = "exporter"
    PURCHASER = "purchaser"
    INTERMEDIATE_CONSIGNEE = "intermediate_consignee"
    CONSIGNEE = "consignee"
    END_USER = "end_user"
    HOLDER = "holder"
    OPERATOR = "operator"
    OWNER = "owner"
    TENANT = "tenant"
    EXPECTED_TENANT = "expected_tenant"
    USER = "user"
    HANDLER = "handler"
    RECIPIENT = "recipient"
    PROVIDER = "provider"
    BUYER = "buyer"
    PERSON = "person"


@dataclass(frozen=True)
class Act:
    """One act: ``id`` unique in its question, ``leg`` the words for people, ``on`` its date.

    ``asked`` names the bodies of law (``us``, ``cn``, ``my`` ...) that must speak; where one is silent
    and no sourced entry says "not regulated", the answer is human review, not modelled.
    ``parties`` maps roles to party ids. ``closed`` marks a test case: what is not stated is absent.
    """

    id: str
    kind: ActKind
    leg: str
    on: date
    facts: Mapping[str, Fact]
    asked: tuple[str, ...]
    parties: Mapping[Role, str] = field(default_factory=dict)
    things: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """The two clocks and the layer of law on which an act is judged."""

    as_of: date
    known_at: date
    basis: Basis
