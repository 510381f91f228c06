"""Who owns whom: the headquarters of the ultimate parent, and the fifty-per-cent cascade.

The cascade (OFAC FAQ 398-402; BIS Affiliates rule, 90 FR 47201) is no product of percentages: with
seeds S, the caught are the least set B that holds S and every party of which members of B together
hold at least 50 %. It is well defined on cycles, and nobody is caught by its own shares.

A share that is not stated is an interval: from nothing to what the other stated shares leave. The
cascade runs on the lower and on the upper ends: caught on the lower is caught, not caught on the
upper is clear, the rest is for review.

>>> stakes = {"a": [Holding("x", 50.0, 50.0)], "b": [Holding("a", 50.0, 50.0)]}
>>> sorted(cascade(stakes, {"x"}).caught)  # 25 % of b by product, and yet caught
['a', 'b', 'x']
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from lexloci.model.fact import UNKNOWN, Fact
from lexloci.model.party import Party, Stake
from lexloci.model.portfolio import Portfolio

THRESHOLD_PERCENT: Final = 50.0
ROUNDING_PERCENT: Final = 1e-9  # 33.3 and 16.7 make 50


@dataclass(frozen=True, slots=True)
class Holding:
    """A share that an owner holds, in percent, between two bounds; equal where it is stated."""

    owner: str
    least_percent: float
    most_percent: float


@dataclass(frozen=True, slots=True)
class Cascade:
    """Who is owned at or above the threshold by the seeds: certainly, certainly not, or open."""

    caught: frozenset[str]
    clear: frozenset[str]
    review: frozenset[str]


Holdings = Mapping[str, Iterable[Holding]]


def cascade(
    stakes: Holdings,
    seeds: Iterable[str],
    threshold: float = THRESHOLD_PERCENT,
    possible_seeds: Iterable[str] = (),
) -> Cascade:
    """Who is caught by the fifty-per-cent rule: the least fixed point on the lower and on the upper shares.

    ``stakes`` maps a party to the holdings in it; ``possible_seeds`` are seeds on the upper end only.
    """
    certain = frozenset(seeds)
    caught = _least_fixed_point(stakes, certain, threshold, lambda holding: holding.least_percent)
    reachable = _least_fixed_point(
        stakes, certain | frozenset(possible_seeds), threshold, lambda holding: holding.most_percent
    )
    everybody = frozenset(stakes) | {holding.owner for held in stakes.values() for holding in held} | reachable
    return Cascade(caught, everybody - reachable, reachable - caught)


def _least_fixed_point(
    stakes: Holdings, seeds: frozenset[str], threshold: float, share: Callable[[Holding], float]
) -> frozenset[str]:
    """Grows the set one owner at a time; each holding is read once, so the time is linear in the holdings."""
    held_by: dict[str, list[tuple[str, float]]] = {}
    for party, holdings in stakes.items():
        for holding in holdings:
            if holding.owner != party:
                held_by.setdefault(holding.owner, []).append((party, share(holding)))
    shares: dict[str, list[float]] = {}
    caught, front = set(seeds), sorted(seeds)
    while front:
        for party, percent in held_by.get(front.pop(), ()):
            shares.setdefault(party, []).append(percent)
            if party not in caught and math.fsum(shares[party]) >= threshold - ROUNDING_PERCENT:
                caught.add(party)
                front.append(party)
    return frozenset(caught)


def holdings_of(party: Party) -> tuple[Holding, ...]:
    """The shares in a party with their bounds; an ultimate parent that is no stated owner may hold the rest."""
    stakes = list(party.owners)
    parent = party.ultimate_parent
    if parent is not None and parent != party.id and parent not in {stake.owner for stake in stakes}:
        stakes.append(Stake(parent))
    left = max(0.0, 100.0 - math.fsum(stake.percent for stake in stakes if stake.percent is not None))
    return tuple(
        Holding(stake.owner, stake.percent, stake.percent)
        if stake.percent is not None
        else Holding(stake.owner, 0.0, left)
        for stake in stakes
    )


def owners_upward(stakes: Holdings, party: str, share: Callable[[Holding], float]) -> frozenset[str]:
    """Everybody who holds any share in a party, directly or through others, itself left out."""
    above: set[str] = set()
    front = [party]
    while front:
        for holding in stakes.get(front.pop(), ()):
            if share(holding) > 0 and holding.owner not in above and holding.owner != party:
                above.add(holding.owner)
                front.append(holding.owner)
    return frozenset(above)


def ultimate_parent_headquarters(party: Party, portfolio: Portfolio) -> Fact:
    """Where the ultimate parent has its headquarters (ISO code), by the ids of ``ultimate_parent``.

    A party that is its own ultimate parent has its own headquarters there. UNKNOWN where the parent is
    not stated or not in the file, its headquarters are not stated, the ids run in a circle, or a stated
    owner may hold more than half and leads to another country.
    """
    if party.ultimate_parent is None:
        return Fact(UNKNOWN, f"portfolio: {party.id} states no ultimate parent")
    path = [party.id]
    current = party
    while current.ultimate_parent is not None and current.ultimate_parent != current.id:
        above = portfolio.party_by_id.get(current.ultimate_parent)
        if above is None:
            return Fact(
                UNKNOWN, f"portfolio: {current.ultimate_parent}, ultimate parent of {current.id}, is no party of it"
            )
        if above.id in path:
            circle = " > ".join((*path, above.id))
            return Fact(UNKNOWN, f"portfolio: the ultimate parents run in a circle, {circle}")
        path.append(above.id)
        current = above
    chain = " > ".join(path)
    if current.headquarters is None:
        return Fact(UNKNOWN, f"portfolio: {chain}: the headquarters of {current.id} are not stated")
    for below in (portfolio.party_by_id.get(name, party) for name in path):
        other = _owner_elsewhere(below, portfolio, path, current.headquarters)
        if other:
            return Fact(
                UNKNOWN, f"portfolio: {chain}: {other} may hold more than half of {below.id} and leads elsewhere"
            )
    return Fact(
        current.headquarters, f"portfolio: {chain}: headquarters of {current.id}{_source(current, 'headquarters')}"
    )


def _owner_elsewhere(party: Party, portfolio: Portfolio, path: list[str], country: str) -> str:
    """The owner that may hold more than half of a party and leads to another country; empty for none."""
    for holding in holdings_of(party):
        owner = portfolio.party_by_id.get(holding.owner)
        if holding.most_percent <= THRESHOLD_PERCENT or holding.owner in path:
            continue
        above = portfolio.party_by_id.get(owner.ultimate_parent or owner.id) if owner else None
        if above is None or above.headquarters != country:
            return holding.owner
    return ""


def _source(party: Party, field: str) -> str:
    text = party.sources.get(field) or party.sources.get("*")
    return f" ({text})" if text else ""


def headquarters(party: Party) -> Fact:
    """Where a party has its headquarters (ISO code); UNKNOWN where it is not stated."""
    if party.headquarters is None:
        return Fact(UNKNOWN, f"portfolio: {party.id} states no headquarters")
    return Fact(party.headquarters, f"portfolio: headquarters of {party.id}{_source(party, 'headquarters')}")
