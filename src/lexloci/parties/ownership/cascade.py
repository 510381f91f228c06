"""Who is caught: the least set that holds the listed parties and all of whom its members hold enough.

With seeds S and a threshold t, the caught are the least set B that holds S and every party of which members of B
together hold t (OFAC FAQ 401; 90 FR 47201). B grows in rounds: each round adds up what the parties that joined last
hold, so every holding is read once. Nobody is caught by what it holds in itself, nor rings by what they hold in each
other: a party joins on the shares of those that joined before it, which is its proof.

Shares that are not known lie between bounds. The set grown on the least shares is caught under every truth. The set
grown on the most that members can hold, where the least shares of others leave the rest of 100 %, is caught under
some truth: shares in one party say nothing of shares in another, so one truth reaches all of it. What lies between is
for review; what lies outside is clear.

Where a rule does not add up listed parties, each one's set is grown alone, and what only all together would catch is
for review: a joint arrangement, or control, would decide it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lexloci.parties.ownership.graph import (
    WHOLE,
    Indices,
    OwnershipGraph,
    PartyId,
    PartyNote,
    Shares,
)
from lexloci.parties.ownership.growth import NEVER, Growth, Numbers, distinct
from lexloci.parties.ownership.rules import LIST_CODES, OFAC, OwnershipRule, Standing, Turn

CLEAR: Final = 0
REVIEW: Final = 1
CAUGHT: Final = 2
FEW: Final = 8  # parties of a round up to which one by one is faster than by arrays


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """The answer for every party, and the two growths that prove it.

    ``answer`` is what the rule says on the day, ``owned`` what the shares alone say; they differ where the rule is not
    in force, or does not reach a party. ``alone`` holds, for a rule that adds nothing up, each listed party's own set.
    ``not_counted`` are seeds on none of the rule's lists.
    """

    graph: OwnershipGraph
    rule: OwnershipRule
    turn: Turn
    seeds: Indices
    possible_seeds: Indices
    answer: NDArray[np.int8]
    owned: NDArray[np.int8]
    certain: Growth
    possible: Growth
    alone: dict[int, dict[int, tuple[int, int]]] | None
    not_counted: Indices

    def parties(self, answer: int) -> list[PartyId]:
        """The parties with an answer, in the order in which the register names them."""
        return [self.graph.ids[place] for place in np.flatnonzero(self.answer == answer).tolist()]

    @property
    def rounds(self) -> int:
        """In how many rounds the set of the caught grew."""
        return int(self.certain.joined(self.certain.members).max(initial=1)) - 1

    def proof_holdings(self) -> Indices:
        """The places of the holdings that prove the caught: each by an owner that joined before the party it holds.

        For a rule that adds nothing up, ``proof_of`` tells which of them belong to one listed party.
        """
        holdings = _holdings_of(self.graph, self.certain.members)
        owner, owned = (self.certain.joined(column[holdings]) for column in (self.graph.owner, self.graph.owned))
        return holdings[owner < owned]


def judge(
    graph: OwnershipGraph,
    seeds: Collection[PartyId],
    rule: OwnershipRule = OFAC,
    as_of: date | None = None,
    *,
    possible_seeds: Collection[PartyId] = (),
    notes: dict[PartyId, PartyNote] | None = None,
) -> Judgement:
    """Who is caught, clear or for review by a rule on a day; without a day, by its arithmetic as last in force.

    Seeds that are no party of the graph are left out. A seed counts if no list is noted of it, or one of the rule's.
    """
    turn = rule.turn(as_of)
    known = notes or {}
    counted = {seed for seed in seeds if _counts(known.get(seed), rule)}
    certain_seeds = _places(graph, counted)
    maybe = _places(graph, {seed for seed in possible_seeds if _counts(known.get(seed), rule)} - counted)
    others = _places(graph, set(seeds) - counted)
    certain, possible, alone = _growths(graph, certain_seeds, maybe, rule, turn)
    owned = np.zeros(len(graph.ids), np.int8)
    owned[possible.members] = REVIEW
    owned[certain.members] = CAUGHT
    answer = _as_the_rule_stands(owned, turn.standing, certain_seeds, maybe)
    if not rule.reaches_us:
        us = {party for party, note in known.items() if note.headquarters == "US"}
        answer[_places(graph, us - counted - set(possible_seeds))] = CLEAR
    return Judgement(graph, rule, turn, certain_seeds, maybe, answer, owned, certain, possible, alone, others)


def _growths(
    graph: OwnershipGraph, seeds: Indices, maybe: Indices, rule: OwnershipRule, turn: Turn
) -> tuple[Growth, Growth, dict[int, dict[int, tuple[int, int]]] | None]:
    least, most = graph.least, graph.most
    if rule.counts_control and graph.control.any():
        least, most = (np.where(graph.control, WHOLE, column) for column in (least, most))
    need = turn.need
    if need is None:
        return _nothing_grows(graph, seeds), _nothing_grows(graph, np.concatenate([seeds, maybe])), None
    alone = None
    if turn.adds_up:
        certain = grow(graph, seeds, least, need)
    else:
        alone = {int(seed): _grow_alone(graph, int(seed), least, need) for seed in seeds}
        certain = _joined(graph, alone)
        if len(seeds) < 2 and not len(maybe) and graph.is_exact:
            return certain, certain, alone
    if turn.adds_up and graph.is_exact and not len(maybe):
        return certain, certain, alone
    start = np.concatenate([certain.members, maybe[certain.joined(maybe) == NEVER]])
    return certain, grow(graph, start, most, need, (graph.spare, least)), alone


def grow(
    graph: OwnershipGraph, start: Indices, shares: Shares, need: int, rest: tuple[Shares, Shares] | None = None
) -> Growth:
    """The least set that holds ``start`` and every party of which its members hold ``need``, round by round.

    ``rest`` is what others leave of each party, and the shares by which it grows as owners become members.
    """
    growing = _Growing(graph, shares, need, rest, Numbers(len(graph.ids)))
    turn = 1
    places = growing.numbers.places(start)  # first, for it may make room, which gives another array
    growing.numbers.joined[places] = turn
    front: Indices | list[int] = start
    members: list[Indices | list[int]] = [start]
    while len(front):
        turn += 1
        front = growing.few(front, turn) if len(front) <= FEW else growing.many(np.asarray(front), turn)
        members.append(front)
    return growing.numbers.growth(np.concatenate([np.asarray(one, np.int64) for one in members]))


@dataclass(frozen=True, slots=True, eq=False)
class _Growing:
    """A set that grows: the numbers of its parties, ``held`` and ``surely`` the most and least that members hold."""

    graph: OwnershipGraph
    shares: Shares
    need: int
    rest: tuple[Shares, Shares] | None
    numbers: Numbers

    def many(self, front: Indices, turn: int) -> Indices:
        """Who joins in a round, by arrays."""
        holdings = _holdings_of(self.graph, front)
        reached = self.graph.owned[holdings].astype(np.int64)
        numbers = self.numbers
        places = numbers.places(reached)
        np.add.at(numbers.held, places, self.shares[holdings])
        sums = numbers.held[places]
        if self.rest is not None:
            spare, least = self.rest
            np.add.at(numbers.surely, places, least[holdings])
            sums = np.minimum(sums, spare[reached] + numbers.surely[places])
        joins = (sums >= self.need) & (numbers.joined[places] == NEVER)
        numbers.joined[places[joins]] = turn
        return distinct(reached[joins])  # a party that several reach is named once

    def few(self, front: Indices | list[int], turn: int) -> list[int]:
        """Who joins in a round, one by one: arrays cost more than they save where few joined, as along a chain."""
        numbers = self.numbers
        reached: list[tuple[int, int]] = []
        for owner in front:
            for holding in self.graph.holdings_of(int(owner)):
                party = int(self.graph.owned[holding])
                place = numbers.place(party)
                numbers.held[place] += self.shares[holding]
                if self.rest is not None:
                    numbers.surely[place] += self.rest[1][holding]
                reached.append((party, place))
        new: list[int] = []
        for party, place in reached:
            total = numbers.held[place]
            if self.rest is not None:
                total = min(total, self.rest[0][party] + numbers.surely[place])
            if total >= self.need and numbers.joined[place] == NEVER:
                numbers.joined[place] = turn
                new.append(party)
        return new


def _holdings_of(graph: OwnershipGraph, owners: NDArray[np.integer]) -> Indices:
    """The places of all holdings of some owners: ranges put one after the other."""
    first, after = graph.first_of[owners], graph.first_of[owners + 1]
    lengths = after - first
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    places: Indices = np.arange(total) + np.repeat(first - ends + lengths, lengths)
    return places


def _grow_alone(graph: OwnershipGraph, seed: int, shares: Shares, need: int) -> dict[int, tuple[int, int]]:
    """The set of one seed: party -> when it joined, what members hold of it. Each listed party's reach is small."""
    members: dict[int, tuple[int, int]] = {seed: (1, 0)}
    held: dict[int, int] = {}
    front = deque([seed])
    while front:
        for holding in graph.holdings_of(front.popleft()):
            party = int(graph.owned[holding])
            held[party] = held.get(party, 0) + int(shares[holding])
            if party not in members and held[party] >= need:
                members[party] = (len(members) + 1, 0)
                front.append(party)
    return {party: (when, held.get(party, 0)) for party, (when, _) in members.items()}


def _joined(graph: OwnershipGraph, alone: dict[int, dict[int, tuple[int, int]]]) -> Growth:
    numbers = Numbers(len(graph.ids))
    found: dict[int, None] = {}
    for members in alone.values():
        for party, (when, share) in members.items():
            place = numbers.place(party)
            before = int(numbers.joined[place])
            numbers.joined[place] = when if before == NEVER else min(before, when)
            numbers.held[place] = max(int(numbers.held[place]), share)
            found[party] = None
    return numbers.growth(np.array(sorted(found), np.int64))


def _nothing_grows(graph: OwnershipGraph, seeds: Indices) -> Growth:
    numbers = Numbers(len(graph.ids))
    places = numbers.places(seeds)
    numbers.joined[places] = 1
    return numbers.growth(seeds)


def _as_the_rule_stands(
    owned: NDArray[np.int8], standing: Standing, seeds: Indices, maybe: Indices
) -> NDArray[np.int8]:
    """In force: what the shares say. Not yet, or stayed: only the listed. Unsettled: what it would catch, to review."""
    answer = owned.copy()
    if standing in {Standing.NOT_YET, Standing.STAYED}:
        answer[:] = CLEAR
    elif standing is Standing.UNSETTLED:
        answer[owned == CAUGHT] = REVIEW
    answer[maybe] = np.maximum(answer[maybe], REVIEW)
    answer[seeds] = CAUGHT
    return answer


def _counts(note: PartyNote | None, rule: OwnershipRule) -> bool:
    """Whether a seed counts; one on a list that is not known by its code may be on one of the rule's."""
    if note is None or not note.lists:
        return True
    return bool(set(note.lists) & set(rule.lists)) or not set(note.lists) <= LIST_CODES


def _places(graph: OwnershipGraph, parties: set[PartyId]) -> Indices:
    return np.array(sorted(graph.index[party] for party in parties if party in graph.index), np.int64)
