"""The holdings of a portfolio's parties, as a graph; and who stands above a party."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from lexloci.model.party import Party, Stake
from lexloci.model.portfolio import Portfolio
from lexloci.parties.ownership.graph import OwnershipGraph, Register, Shares, graph_of


@dataclass(frozen=True, slots=True)
class Holding:
    """A share that an owner holds, in per cent, between two bounds; equal where it is stated."""

    owner: str
    least_percent: float
    most_percent: float


def holdings_of(party: Party, on: date | None = None) -> tuple[Holding, ...]:
    """The shares in a party with their bounds; an ultimate parent that is no stated owner may hold the rest.

    On a day, those that are held on it; without a day, all that are stated.
    """
    stakes = [stake for stake in party.owners if on is None or stake.is_held(on)]
    parent = party.ultimate_parent
    if parent is not None and parent != party.id and parent not in {stake.owner for stake in stakes}:
        stakes.append(Stake(parent))
    left = max(0.0, 100.0 - math.fsum(_least(stake) for stake in stakes))
    return tuple(Holding(stake.owner, _least(stake), _most(stake, left)) for stake in stakes)


def _least(stake: Stake) -> float:
    return stake.percent if stake.percent is not None else stake.least_percent or 0.0


def _most(stake: Stake, left: float) -> float:
    """The most that a stake may be: stated, and no more than it has for certain and all the others leave."""
    if stake.percent is not None:
        return stake.percent
    open_end = _least(stake) + left
    return open_end if stake.most_percent is None else min(stake.most_percent, open_end)


def portfolio_graph(portfolio: Portfolio, party: Party, on: date | None = None) -> OwnershipGraph:
    """The graph of the stakes that a portfolio states; ``party`` stands in it as given, in the portfolio or not.

    On a day, of those that are held on it.
    """
    register = Register()
    for one in {**portfolio.party_by_id, party.id: party}.values():
        register.party(one.id)
        for holding in holdings_of(one, on):
            register.hold(holding.owner, one.id, holding.least_percent, holding.most_percent)
    return graph_of(register)


def owners_above(graph: OwnershipGraph, party: str, shares: Shares) -> frozenset[str]:
    """Everybody who holds any share in a party, directly or through others, itself left out."""
    start = graph.index[party]
    above: set[int] = set()
    front = [start]
    while front:
        for holding in graph.holdings_in(front.pop()):
            owner = int(graph.owner[holding])
            if shares[holding] > 0 and owner not in above and owner != start:
                above.add(owner)
                front.append(owner)
    return frozenset(str(graph.ids[owner]) for owner in above)
