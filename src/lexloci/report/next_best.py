"""Which other place would have been taken: the cheapest of those that are lawful and large enough."""

from __future__ import annotations

from lexloci.model.plan import Alternative, Placement


def next_best(placement: Placement) -> Alternative | None:
    """The cheapest other pool that has a cost; None where no other pool is lawful and feasible."""
    costed = (other for other in placement.alternatives if other.cost_usd is not None)
    return min(costed, key=lambda other: other.cost_usd or 0.0, default=None)
