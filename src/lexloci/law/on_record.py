"""What is on record for an act: readings, attestations, authorisations, and records of being not subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lexloci.model.party import NotSubject
from lexloci.model.record import Attestation, Authorisation, Reading


@dataclass(frozen=True)
class OnRecord:
    """The records that count for one act on its day, already checked for dates and coverage.

    ``readings`` by contested point, ``attestations`` by fact, ``authorisations`` by kind (the first that covers the
    act; ``further``: the others, each of which binds too), ``not_subject`` by authority (of the party whose act it is).
    """

    readings: Mapping[str, Reading] = field(default_factory=dict)
    attestations: Mapping[str, Attestation] = field(default_factory=dict)
    authorisations: Mapping[str, Authorisation] = field(default_factory=dict)
    not_subject: Mapping[str, NotSubject] = field(default_factory=dict)
    further: Mapping[str, tuple[Authorisation, ...]] = field(default_factory=dict)

    def held(self, kind: str) -> tuple[Authorisation, ...]:
        """Every authorisation of a kind."""
        first = self.authorisations.get(kind)
        return () if first is None else (first, *self.further.get(kind, ()))


NOTHING_ON_RECORD = OnRecord()
