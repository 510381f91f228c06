"""How a set of parties grew: who joined when, and what its members hold of whom.

A set and all whom its members hold anything of are few beside the millions of a register. So their numbers stand
close together, and one table tells where those of a party stand; it lies in memory as the system gives it, page by
page as it is touched. (Arrays by party had numpy ask for pages of 2 MiB, and to clear these took four fifths of the
first judgement of 2 million parties.)
"""

from __future__ import annotations

from dataclasses import dataclass
from mmap import mmap
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lexloci.parties.ownership.graph import Indices, Shares

NEVER: Final = 0
_NOBODY: Final = 0  # the place of all of whom nothing is known: never joined, nothing held
_ROOM: Final = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """A set that grew: its members, and by ``table`` the round in which a party joined and what members hold of it.

    Round 1 is that of the seeds; 0 (NEVER) that of parties outside the set.
    """

    members: Indices
    table: NDArray[np.int32]
    rounds: Indices
    sums: Shares

    def joined(self, parties: NDArray[np.integer]) -> Indices:
        """The rounds in which parties joined."""
        found: Indices = self.rounds[self.table[parties]]
        return found

    def joined_of(self, party: int) -> int:
        """The round in which a party joined."""
        return int(self.rounds[self.table[party]])

    def held_of(self, party: int) -> int:
        """What members hold of a party, in units of the graph."""
        return int(self.sums[self.table[party]])

    def held_parties(self) -> Indices:
        """The parties of which members hold anything."""
        known = np.flatnonzero(self.table)
        return known[self.sums[self.table[known]] > 0]


class Numbers:
    """The numbers of parties while a set grows: when each joined, the most and the least that members hold of it."""

    def __init__(self, parties: int) -> None:
        self.table: NDArray[np.int32] = np.frombuffer(mmap(-1, max(parties, 1) * 4), np.int32)[:parties]
        self.count = 1
        self.joined, self.held, self.surely = (np.zeros(_ROOM, np.int64) for _ in range(3))

    def places(self, parties: Indices) -> Indices:
        """Where the numbers of parties stand; those of whom nothing was known are given a place."""
        new = distinct(parties[self.table[parties] == _NOBODY])
        if len(new):
            self._make_room(len(new))
            self.table[new] = np.arange(self.count, self.count + len(new))
            self.count += len(new)
        return self.table[parties].astype(np.int64)

    def place(self, party: int) -> int:
        """Where the numbers of one party stand."""
        place = int(self.table[party])
        if place == _NOBODY:
            self._make_room(1)
            place = self.count
            self.table[party] = place
            self.count += 1
        return place

    def growth(self, members: Indices) -> Growth:
        """The set as it grew."""
        return Growth(members, self.table, self.joined[: self.count], self.held[: self.count])

    def _make_room(self, more: int) -> None:
        size = len(self.held)
        if self.count + more > size:
            added = np.zeros(max(size, more), np.int64)
            self.joined, self.held, self.surely = (
                np.concatenate([one, added]) for one in (self.joined, self.held, self.surely)
            )


def distinct(places: Indices) -> Indices:
    """The places in order, each once."""
    places = np.sort(places)
    return places[np.concatenate(([True], places[1:] != places[:-1]))] if len(places) else places
