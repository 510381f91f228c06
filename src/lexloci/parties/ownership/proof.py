"""Why a party is caught, clear or for review: the holdings, their sum, and the owners' own answers, down to the listed.

The proof of a caught party names only owners that joined before it, so that following them always ends at a listed
party. For review it says which shares and which listings are open; for clear, the largest sum that members may hold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from lexloci.parties.ownership.cascade import CAUGHT, CLEAR, REVIEW, Judgement
from lexloci.parties.ownership.graph import PERCENT, UNBOUNDED, WHOLE, Indices, PartyId, PartyNote
from lexloci.parties.ownership.growth import NEVER
from lexloci.parties.ownership.rules import POLICIES

WORDS = {CLEAR: "clear", REVIEW: "review", CAUGHT: "caught"}
_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Support:
    """A holding that counts: who holds it, its bounds in per cent, and why the owner counts."""

    owner: PartyId
    least_percent: float
    most_percent: float
    owner_is: str
    is_control: bool
    place: int

    @property
    def is_open(self) -> bool:
        """Whether the share is not known exactly."""
        return self.least_percent != self.most_percent


@dataclass(frozen=True, slots=True)
class Proof:
    """The answer for a party with its reason.

    ``answer`` is what the rule says on the day, ``by_shares`` what the shares say. ``least_percent`` and
    ``most_percent`` bound what the listed and those caught or open hold of it; ``unstated_percent`` is what no holding
    of the register explains. ``open_shares`` and ``open_owners`` would settle a review.
    """

    party: PartyId
    answer: str
    by_shares: str
    is_listed: bool
    least_percent: float
    most_percent: float
    unstated_percent: float
    supports: tuple[Support, ...]
    note: str = ""

    @property
    def open_shares(self) -> tuple[Support, ...]:
        """The holdings whose share would have to be known."""
        return tuple(support for support in self.supports if support.is_open) if self.by_shares == "review" else ()

    @property
    def open_owners(self) -> tuple[PartyId, ...]:
        """The owners whose own answer is open."""
        if self.by_shares != "review":
            return ()
        return tuple(support.owner for support in self.supports if support.owner_is in {"review", "possibly listed"})


def proof_of(judgement: Judgement, party: PartyId) -> Proof:
    """Why a party of the graph has its answer; KeyError where it is none of the graph."""
    place = judgement.graph.index[party]
    owned = int(judgement.owned[place])
    is_listed = _is_in(judgement.seeds, place)
    supports = () if is_listed else tuple(_supports(judgement, place, owned))
    least = sum(support.least_percent for support in supports if support.owner_is in {"listed", "caught"})
    most = _most(judgement, place, supports)
    return Proof(
        party=party,
        answer=WORDS[int(judgement.answer[place])],
        by_shares=WORDS[owned],
        is_listed=is_listed,
        least_percent=round(least, _DECIMALS),
        most_percent=round(max(least, most), _DECIMALS),
        unstated_percent=_unstated(judgement, place),
        supports=supports,
        note=_note(judgement, place, owned, is_listed=is_listed),
    )


def needed(judgement: Judgement, party: PartyId) -> list[Proof]:
    """The proof of a party and of every owner that it leans on, each once, itself first: the whole tree as a list."""
    seen: dict[PartyId, Proof] = {}
    front = deque([party])
    while front:
        current = front.popleft()
        if current not in seen:
            seen[current] = proof_of(judgement, current)
            front.extend(support.owner for support in seen[current].supports)
    return list(seen.values())


def _supports(judgement: Judgement, party: int, owned: int) -> Iterator[Support]:
    graph = judgement.graph
    growth = judgement.certain if owned == CAUGHT else judgement.possible
    ends: dict[int, int] | None = None
    if owned == CAUGHT and judgement.alone is not None:
        sets = [members for members in judgement.alone.values() if party in members]
        members = min(sets, key=lambda one: one[party][0])
        ends = {member: when for member, (when, _) in members.items()}
    for holding in graph.holdings_in(party):
        owner = int(graph.owner[holding])
        when = growth.joined_of(owner) if ends is None else ends.get(owner, NEVER)
        mine = growth.joined_of(party) if ends is None else ends[party]
        if when == NEVER or (owned != CLEAR and mine > 1 and when >= mine):
            continue
        yield Support(
            owner=graph.ids[owner],
            least_percent=int(graph.least[holding]) / PERCENT,
            most_percent=int(graph.most[holding]) / PERCENT,
            owner_is=_owner_is(judgement, owner),
            is_control=bool(graph.control[holding]),
            place=int(graph.place[holding]),
        )


def _owner_is(judgement: Judgement, owner: int) -> str:
    if _is_in(judgement.seeds, owner):
        return "listed"
    if int(judgement.owned[owner]) == CAUGHT:
        return "caught"
    return "possibly listed" if _is_in(judgement.possible_seeds, owner) else "review"


def _most(judgement: Judgement, party: int, supports: tuple[Support, ...]) -> float:
    """What the owners that count can hold together: their most, but no more than others' least shares leave."""
    most = sum(support.most_percent for support in supports)
    spare = int(judgement.graph.spare[party])
    if spare >= UNBOUNDED:
        return most
    return min(most, spare / PERCENT + sum(support.least_percent for support in supports))


def _unstated(judgement: Judgement, party: int) -> float:
    graph = judgement.graph
    stated = sum(int(graph.most[holding]) for holding in graph.holdings_in(party))
    return round(max(0, WHOLE - stated) / PERCENT, _DECIMALS)


def _note(judgement: Judgement, party: int, owned: int, *, is_listed: bool) -> str:
    answer = int(judgement.answer[party])
    turn = judgement.turn
    if _is_in(judgement.not_counted, party) and answer != CAUGHT:
        return f"listed, but on no list that this rule counts ({', '.join(judgement.rule.lists)})"
    if is_listed or owned == answer:
        return judgement.rule.minority_note if not is_listed and _is_minority(judgement, party, answer) else ""
    if answer == CLEAR and turn.standing.value in {"not yet in force", "stayed"}:
        return f"{WORDS[owned]} by its shares, but the rule is {turn.standing.value} on this day: {turn.citation}"
    if answer == CLEAR:
        return "an entity of the United States: the rule reaches foreign affiliates only; it counts as an owner"
    return f"{WORDS[owned]} by its shares; the rule is {turn.standing.value} on this day: {turn.citation}"


def _is_minority(judgement: Judgement, party: int, answer: int) -> bool:
    return answer == CLEAR and judgement.possible.held_of(party) > 0


def _is_in(places: Indices, place: int) -> bool:
    at = int(np.searchsorted(places, place))
    return at < len(places) and int(places[at]) == place


def sentence(judgement: Judgement, party: PartyId) -> str:
    """The proof of a party in a line: the sums from the party down to those that are listed."""
    told = [_told(proof) for proof in needed(judgement, party) if proof.supports]
    return "; ".join(told) or f"nobody listed holds a share of {party}"


def _told(proof: Proof) -> str:
    parts = [f"{support.owner} ({support.owner_is}) {share_text(support)}" for support in proof.supports]
    return f"{proof.party} is held by {' + '.join(parts)} = {sum_text(proof)}"


def share_text(support: Support) -> str:
    """The share of a holding in words."""
    if support.is_control and (support.least_percent, support.most_percent) == (0.0, 100.0):
        return "control, share not stated"
    return range_text(support.least_percent, support.most_percent) + (" and control" if support.is_control else "")


def sum_text(proof: Proof) -> str:
    """What those that count hold together, in words."""
    return range_text(proof.least_percent, proof.most_percent)


def range_text(least: float, most: float) -> str:
    """Bounds in per cent: ``40 %``, ``0 to 60 %``."""
    return f"{least:.10g} %" if least == most else f"{least:.10g} to {most:.10g} %"


def governing(
    judgement: Judgement, party: PartyId, notes: Mapping[PartyId, PartyNote]
) -> tuple[PartyId | None, str | None]:
    """The listed owner whose licence policy is the most restrictive of all behind a party, and that policy.

    A policy that nobody states counts as worse than all, and is None.
    """
    listed = [proof.party for proof in needed(judgement, party) if proof.is_listed]
    ranked = [(_rank(notes[owner].licence_policy if owner in notes else None), owner) for owner in listed]
    if not ranked:
        return None, None
    rank, owner = max(ranked, key=lambda one: one[0])
    return owner, POLICIES[rank] if rank < len(POLICIES) else None


def _rank(policy: str | None) -> int:
    return POLICIES.index(policy) if policy in POLICIES else len(POLICIES)
