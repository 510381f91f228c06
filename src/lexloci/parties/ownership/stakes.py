"""The holdings of a portfolio's parties, as a graph; and who stands above a party."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lexloci.model.party import Party, Stake
from lexloci.model.portfolio import Portfolio
from lexloci.parties.ownership.graph import OwnershipGraph, Register, Shares, graph_of


@dataclass(frozen=True, slots=True)
class Holding:
    """A share that an owner holds, in per cent, between two bounds; equal where it is stated."""

    owner: str
    least_percent: float
    most_percent: float


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


def portfolio_graph(portfolio: Portfolio, party: Party) -> OwnershipGraph:
    """The graph of the stakes that a portfolio states; ``party`` stands in it as given, in the portfolio or not."""
    register = Register()
    for one in {**portfolio.party_by_id, party.id: party}.values():
        register.party(one.id)
        for holding in holdings_of(one):
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
