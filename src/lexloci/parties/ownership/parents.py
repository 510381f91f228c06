"""Where is a party at home, and where its ultimate parent?

The EAR asks for the headquarters of a party and of its ultimate parent, without a percentage (15 CFR 742.6, 744.23). A
portfolio states ultimate parents by id; in a register of holdings the parent is who holds more than half, or controls.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lexloci.model.fact import UNKNOWN, Fact
from lexloci.model.party import Party
from lexloci.model.portfolio import Portfolio
from lexloci.parties.ownership.graph import PERCENT, OwnershipGraph, PartyId
from lexloci.parties.ownership.stakes import holdings_of

HALF_PERCENT = 50.0


@dataclass(frozen=True, slots=True)
class Ascent:
    """The way up from a party to its ultimate parent, itself first; ``open_point`` says why it may not end there."""

    path: tuple[PartyId, ...]
    open_point: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether the last of the path is the ultimate parent for certain."""
        return not self.open_point


def ascend(graph: OwnershipGraph, party: PartyId) -> Ascent:
    """The ultimate parent of a party by who holds more than half of each, or controls it.

    Open where nobody surely does and somebody may, where two control, or where the owners run in a circle.
    """
    path = [graph.index[party]]
    while True:
        here = path[-1]
        sure, perhaps = set(), set()
        for holding in graph.holdings_in(here):
            owner = int(graph.owner[holding])
            if graph.least[holding] > HALF_PERCENT * PERCENT or graph.control[holding]:
                sure.add(owner)
            elif graph.most[holding] > HALF_PERCENT * PERCENT:
                perhaps.add(owner)
        names = tuple(graph.ids[place] for place in path)
        if len(sure) > 1:
            sure -= {above for other in sure for above in _controllers(graph, other)}
        if len(sure) > 1:
            return Ascent(names, f"several control {graph.ids[here]}: {_listed(graph, sure)}")
        if not sure:
            return Ascent(
                names, f"may hold more than half of {graph.ids[here]}: {_listed(graph, perhaps)}" if perhaps else ""
            )
        above = sure.pop()
        if above in path:
            return Ascent(names, f"the owners run in a circle through {graph.ids[above]}")
        path.append(above)


def _controllers(graph: OwnershipGraph, party: int) -> set[int]:
    """All who control a party, directly or through others: an ultimate parent stands beside the direct one."""
    found: set[int] = set()
    front = [party]
    while front:
        for holding in graph.holdings_in(front.pop()):
            owner = int(graph.owner[holding])
            if owner not in found and (graph.control[holding] or graph.least[holding] > HALF_PERCENT * PERCENT):
                found.add(owner)
                front.append(owner)
    return found


def _listed(graph: OwnershipGraph, places: set[int]) -> str:
    return ", ".join(str(graph.ids[place]) for place in sorted(places))


def headquarters(party: Party) -> Fact:
    """Where a party has its headquarters (ISO code); UNKNOWN where it is not stated."""
    if party.headquarters is None:
        return Fact(UNKNOWN, f"portfolio: {party.id} states no headquarters")
    return Fact(party.headquarters, f"portfolio: headquarters of {party.id}{_source(party, 'headquarters')}")


def ultimate_parent_headquarters(party: Party, portfolio: Portfolio, on: date | None = None) -> Fact:
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
        other = _owner_elsewhere(below, portfolio, path, current.headquarters, on)
        if other:
            return Fact(
                UNKNOWN, f"portfolio: {chain}: {other} may hold more than half of {below.id} and leads elsewhere"
            )
    return Fact(
        current.headquarters, f"portfolio: {chain}: headquarters of {current.id}{_source(current, 'headquarters')}"
    )


def _owner_elsewhere(party: Party, portfolio: Portfolio, path: list[str], country: str, on: date | None) -> str:
    """The owner that may hold more than half of a party and leads to another country; empty for none."""
    for holding in holdings_of(party, on):
        owner = portfolio.party_by_id.get(holding.owner)
        if holding.most_percent <= HALF_PERCENT or holding.owner in path:
            continue
        above = portfolio.party_by_id.get(owner.ultimate_parent or owner.id) if owner else None
        if above is None or above.headquarters != country:
            return holding.owner
    return ""


def _source(party: Party, field: str) -> str:
    text = party.sources.get(field) or party.sources.get("*")
    return f" ({text})" if text else ""
