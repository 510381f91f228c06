"""The answer of the law for an act or a placement, with everything that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lexloci.model.citation import Citation, Verification
from lexloci.model.fact import Value
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis


class FindingStatus(StrEnum):
    """What a rule did in an answer."""

    FIRED = "fired"
    POSSIBLE = "possible"
    LIFTED = "lifted by an authorisation"
    EXPOSURE = "exposure set aside by a reading"
    SIGNAL = "signal"
    NOTE = "note"
    OTHER_LAYER = "only on the other layer"


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact that a rule read: its name, its value (or unknown), and who says so."""

    name: str
    value: Value
    origin: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule in an answer: what it says, what it read, and how it counts."""

    rule: str
    title: str
    authority: str
    status: FindingStatus
    outcome: Outcome
    reason: str
    citation: Citation
    verification: Verification
    text: str
    facts: tuple[FactRead, ...]
    leg: str
    on: date
    history: str = ""
    party: str = ""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that does not apply for one line alone: that line as the rule puts it, and what it read."""

    rule: str
    title: str
    outcome: Outcome
    citation: Citation
    line: str
    facts: tuple[FactRead, ...]
    party: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do (notify, file, keep, contract): what, for which rule, and whether it is on record."""

    text: str
    rule: str
    leg: str
    on_record: str = ""
    lead_time_days: int = 0


class MissingKind(StrEnum):
    """What kind of thing would settle the answer."""

    FACT = "fact"
    READING = "reading"
    VERIFICATION = "verification of the source"
    DECISION = "decision of a person"
    NOT_MODELLED = "not modelled"
    STALE = "too old"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is needed to settle the answer; ``name`` is the fact, point, rule or list."""

    kind: MissingKind
    name: str
    question: str
    about: str = ""
    leg: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contested:
    """A contested point that the answer meets: what is open, and the reading adopted, if any."""

    point: str
    question: str
    options: tuple[tuple[str, str], ...]
    leg: str
    reading: str = ""
    adopted_by: str = ""
    on: date | None = None
    adviser: str = ""


@dataclass(frozen=True, slots=True)
class Vouched:
    """An attestation or authorisation that the answer rests on: the fact, who vouches, when, on what."""

    name: str
    value: Value
    by: str
    on: date
    evidence: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two authorities that pull apart: both rules, and what to do about it."""

    rules: tuple[str, str]
    text: str
    citations: tuple[Citation, Citation]


@dataclass(frozen=True, slots=True)
class OtherLayer:
    """The answer on the other layer of the law, and for each leg that differs why, since when and on whose word."""

    basis: Basis
    outcome: Outcome
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceAge:
    """A list or table that the answer used: its date and its age in days at ``known_at``."""

    name: str
    dated: date
    age_days: int
    limit_days: int

    @classmethod
    def at(cls, known_at: date, name: str, dated: date, limit_days: int) -> SourceAge:
        """The age at ``known_at``; 0 for what is dated later."""
        return cls(name, dated, max(0, (known_at - dated).days), limit_days)

    @property
    def is_stale(self) -> bool:
        """Whether it is past its limit."""
        return self.age_days > self.limit_days


@dataclass(frozen=True)
class Determination:
    """The answer for an act (no ``legs``) or for a placement (one leg an act).

    ``missing`` is the shortest list that would settle a human review; ``levers`` are lawful changes
    (another site, a licence, a filing) that would alter the outcome.
    """

    id: str
    subject: str
    as_of: date
    known_at: date
    basis: Basis
    outcome: Outcome
    certain: Outcome
    possible: Outcome
    findings: tuple[Finding, ...]
    duties: tuple[Duty, ...]
    missing: tuple[Missing, ...]
    contested: tuple[Contested, ...]
    vouched: tuple[Vouched, ...]
    signals: tuple[Finding, ...]
    exposures: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    levers: tuple[str, ...]
    rulebook: str
    sources: tuple[SourceAge, ...]
    other_layer: OtherLayer | None = None
    legs: tuple[Determination, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
