"""What one instrument of law is to the rulebook: how it is modelled, what holds it, who read it, when and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lexloci.model.citation import Citation, Verification

HELD_KINDS = ("rules", "parameters", "sets", "points", "scenarios", "authorisations")


class InstrumentStatus(StrEnum):
    """How the rulebook holds an instrument; ``left_out`` says why wherever it is not modelled whole.

    A ``signal`` is press-reported guidance, a ``scenario`` a bill or draft that is off unless it is asked for, an
    ``authorisation`` something that a party holds and states in its portfolio.
    """

    MODELLED = "modelled"
    IN_PART = "in part"
    SIGNAL = "signal"
    SCENARIO = "scenario"
    AUTHORISATION = "authorisation"
    NOT_MODELLED = "not modelled"


@dataclass(frozen=True, slots=True)
class LastRead:
    """By which role the source was last read, up to which day it was followed, where, and how far it was checked."""

    by: str
    on: date
    where: str
    level: Verification

    @property
    def is_to_be_confirmed(self) -> bool:
        """Whether nobody saw the text, or a quotation of it."""
        return self.level not in (Verification.PRIMARY, Verification.QUOTED)


@dataclass(frozen=True, slots=True)
class PolicyTarget:
    """A figure that a policy aims at by the end of a year: no duty, and no rule reads it."""

    id: str
    meaning: str
    unit: str
    year: int
    more_than: float


@dataclass(frozen=True, slots=True)
class Instrument:
    """A statute, rule, letter, bill or report, by the id that the sources give it.

    ``dated`` is the day of its publication, or of its effect where the source gives no other. ``rules`` and the tuples
    after it name what holds it, each a name of the rulebook.
    """

    id: str
    folder: str
    title: str
    citation: Citation
    dated: date
    status: InstrumentStatus
    rules: tuple[str, ...]
    parameters: tuple[str, ...]
    sets: tuple[str, ...]
    points: tuple[str, ...]
    scenarios: tuple[str, ...]
    authorisations: tuple[str, ...]
    targets: tuple[PolicyTarget, ...]
    left_out: str
    read: LastRead
    file: str
    line: int

    def held(self) -> Iterator[tuple[str, str]]:
        """The kind and the name of everything that holds it."""
        for kind in HELD_KINDS:
            names: tuple[str, ...] = getattr(self, kind)
            for name in names:
                yield kind, name
