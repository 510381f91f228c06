"""Who holds which share of whom, as arrays: the form in which millions of holdings are judged.

Shares are whole numbers of 1e-12 per cent, so that sums are exact and do not depend on their order: 33.3 and 16.7
make 50. A share between bounds has a least and a most; a share that nobody states lies between 0 and 100. What a
party holds in itself is left out: it neither supports it nor stands against it.

The total of a party is at most 100 %. ``spare`` is what the least shares leave of it: members of a set that hold
``least`` (together) can hold at most ``spare + least``. Where the least shares make more than 100 %, or a holding
rests on control rather than on a share, that limit says nothing, and ``spare`` is without bound.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

PartyId = str | int

PERCENT: Final = 10**12
WHOLE: Final = 100 * PERCENT
ROUNDING: Final = 1000  # 1e-9 %: what doubles lose of shares such as 50/3
UNBOUNDED: Final = 2**60

Indices = NDArray[np.int64]
Shares = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PartyNote:
    """What a register says of a party beside its holdings; None where it says nothing."""

    name: str | None = None
    headquarters: str | None = None
    lists: tuple[str, ...] | None = None
    licence_policy: str | None = None


@dataclass(slots=True)
class Register:
    """Holdings as they are read, one after the other, in per cent; the rare fields by the place of the holding."""

    ids: list[PartyId] = field(default_factory=list)
    index: dict[PartyId, int] = field(default_factory=dict)
    owner: array[int] = field(default_factory=lambda: array("l"))
    owned: array[int] = field(default_factory=lambda: array("l"))
    least: array[float] = field(default_factory=lambda: array("d"))
    most: array[float] = field(default_factory=lambda: array("d"))
    held_from: dict[int, date] = field(default_factory=dict)
    held_until: dict[int, date] = field(default_factory=dict)
    control: set[int] = field(default_factory=set)
    more_than: set[int] = field(default_factory=set)
    less_than: set[int] = field(default_factory=set)
    source: dict[int, str] = field(default_factory=dict)
    notes: dict[PartyId, PartyNote] = field(default_factory=dict)
    seeds: list[PartyId] = field(default_factory=list)
    possible_seeds: list[PartyId] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    says_nobody_is_listed: bool = False
    """Whether its list of seeds is there and empty."""

    def party(self, party: PartyId) -> int:
        """The place of a party, which is given one where it has none yet."""
        place = self.index.get(party)
        if place is None:
            place = self.index[party] = len(self.ids)
            self.ids.append(party)
        return place

    def hold(self, owner: PartyId, owned: PartyId, least_percent: float, most_percent: float) -> int:
        """Add a holding; its place."""
        self.owner.append(self.party(owner))
        self.owned.append(self.party(owned))
        self.least.append(least_percent)
        self.most.append(most_percent)
        return len(self.owner) - 1

    @property
    def is_dated(self) -> bool:
        """Whether any holding has a first or a last day."""
        return bool(self.held_from or self.held_until)


@dataclass(frozen=True, slots=True, eq=False)
class OwnershipGraph:
    """Holdings sorted by owner (``first_of``: where an owner's begin), and their places sorted by the party owned."""

    ids: Sequence[PartyId]
    index: Mapping[PartyId, int]
    first_of: Indices
    owner: NDArray[np.int32]
    owned: NDArray[np.int32]
    least: Shares
    most: Shares
    control: NDArray[np.bool_]
    into_first: Indices
    into: Indices
    spare: Shares
    place: Indices
    """Place of each holding in the register."""
    is_exact: bool
    """Whether every share is known exactly."""

    def holdings_in(self, party: int) -> Indices:
        """The places of the holdings in a party."""
        return self.into[self.into_first[party] : self.into_first[party + 1]]

    def holdings_of(self, party: int) -> range:
        """The places of the holdings of a party."""
        return range(int(self.first_of[party]), int(self.first_of[party + 1]))


def graph_of(register: Register, as_of: date | None = None) -> OwnershipGraph:
    """The graph of what is held on a day (half-open intervals); without a day, of all holdings."""
    parties = len(register.ids)
    owner, owned = (np.frombuffer(column, np.int64).astype(np.int32) for column in (register.owner, register.owned))
    least, most = _bounds(register)
    control = _flags(register.control, len(owner))
    kept = np.flatnonzero(_held(register, as_of) & (owner != owned))
    kept = kept[np.argsort(owner[kept], kind="stable")]
    owner, owned, least, most, control = owner[kept], owned[kept], least[kept], most[kept], control[kept]
    into = np.argsort(owned, kind="stable")
    total = np.zeros(parties, np.int64)
    np.add.at(total, owned, least)
    spare = WHOLE - total
    boundless = np.concatenate([np.flatnonzero(total > WHOLE + ROUNDING), owned[control]])
    spare[boundless] = UNBOUNDED
    return OwnershipGraph(
        ids=register.ids,
        index=register.index,
        first_of=_starts(owner, parties),
        owner=owner,
        owned=owned,
        least=least,
        most=most,
        control=control,
        into_first=_starts(owned, parties),
        into=into,
        spare=np.maximum(spare, 0),
        place=kept,
        is_exact=bool(np.array_equal(least, most)),
    )


def oversubscribed(graph: OwnershipGraph) -> list[tuple[PartyId, float]]:
    """The parties whose stated shares make more than 100 %, with their total in per cent: a register that errs."""
    total = np.zeros(len(graph.ids), np.int64)
    np.add.at(total, graph.owned, graph.least)
    return [(graph.ids[i], total[i] / PERCENT) for i in map(int, np.flatnonzero(total > WHOLE + ROUNDING))]


def _bounds(register: Register) -> tuple[Shares, Shares]:
    least, most = (
        np.rint(np.frombuffer(column, np.float64) * PERCENT).astype(np.int64)
        for column in (register.least, register.most)
    )
    # "more than 50" is above 50 for a rule that asks for more, and "less than 50" is below it for one that asks for 50
    for places, column, step in ((register.more_than, least, ROUNDING + 1), (register.less_than, most, -ROUNDING - 1)):
        chosen = np.fromiter(places, np.int64, len(places))
        column[chosen] += step
    return least, most


def _held(register: Register, as_of: date | None) -> NDArray[np.bool_]:
    held = np.ones(len(register.owner), np.bool_)
    if as_of is not None:
        held[[place for place, day in register.held_from.items() if day > as_of]] = False
        held[[place for place, day in register.held_until.items() if day <= as_of]] = False
    return held


def _flags(places: set[int], length: int) -> NDArray[np.bool_]:
    flags = np.zeros(length, np.bool_)
    flags[np.fromiter(places, np.int64, len(places))] = True
    return flags


def _starts(column: NDArray[np.int32], parties: int) -> Indices:
    return np.concatenate([[0], np.cumsum(np.bincount(column, minlength=parties))]).astype(np.int64)
