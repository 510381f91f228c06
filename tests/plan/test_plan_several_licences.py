"""A plan that rests on a licence shows what every licence of its kind asks that covers the act, not the first alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from plan_support import placement, planned, small, with_pools

from lexloci.model.record import Authorisation

NAMES, KIND = ("P1", "P2"), "operating_licence"


def held(name, kind, *conditions):
    """A licence for the pool in Chile."""
    return Authorisation(name, kind, "Chile", "kiwi", ("cl",), date(2025, 1, 1), conditions=conditions)


def duties(*authorisations):
    """What is to be done under these licences: the words, and the licence that asks."""
    made = planned(replace(with_pools(small(), "cl"), authorisations=authorisations))
    found = placement(made)
    assert found is not None
    return [(one.text, one.on_record) for one in found.determination.duties if one.on_record in NAMES], found


@pytest.mark.parametrize("order", [1, -1])
def test_the_conditions_of_all_are_shown_in_whichever_order_they_stand(order):
    both = (held("P1", KIND, "report each month"), held("P2", KIND, "no more than 16 chips", "an audit each year"))
    told, found = duties(*both[::order])
    assert set(told) == {
        ("report each month", "P1"),
        ("no more than 16 chips", "P2"),
        ("an audit each year", "P2"),
    }
    assert {one.value for one in found.determination.vouched} >= set(NAMES)


def test_one_without_conditions_asks_to_keep_to_its_terms():
    told, _ = duties(held("P1", KIND, "report each month"), held("P2", KIND))
    assert ("report each month", "P1") in told
    assert (f"keep to the terms of {KIND} P2", "P2") in told
