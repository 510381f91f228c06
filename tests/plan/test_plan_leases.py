"""Prices that step, leases with a minimum term and purchases with a lead time, from the portfolio to the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from plan_support import AS_OF, job, placement, planned, pool, rulebook, small, with_pools

from lexloci.model.portfolio import Portfolio
from lexloci.model.site import PriceStep, Quote, Tenure
from lexloci.plan.planner import Planned
from lexloci.plan.questions import determine_portfolio
from lexloci.report.json_form import plan_json

LEASE = Quote(usd_per_chip_hour=1.5, minimum_days=90)


def quoted(name: str, *quotes: Quote, **changes: object) -> Portfolio:
    """The small portfolio with one pool, which is there only where a quote of it is taken."""
    only = with_pools(job(small(), "train", usd_if_unplaced=1e7), name)
    return pool(only, name, quotes=quotes, usd_per_chip_hour=None, **changes)


def days_run(made: Planned) -> int:
    found = placement(made)
    assert found is not None
    return (found.end - found.start).days


def test_a_lease_is_paid_for_its_minimum_term_and_only_then_for_the_days_of_the_job() -> None:
    made = planned(quoted("is", LEASE))
    (contract,) = made.plan.contracts
    assert days_run(made) < 90
    assert (contract.kind, contract.chips, (contract.end - contract.start).days) == ("lease", 16, 90)
    assert contract.usd == 90 * 24 * 16 * 1.5
    assert made.plan.cost_usd == contract.usd
    assert placement(made).cost_usd == 0.0
    short = planned(quoted("is", replace(LEASE, minimum_days=0)))
    assert (short.plan.contracts[0].end - short.plan.contracts[0].start).days == days_run(short)


def test_a_lease_that_costs_more_than_the_work_is_worth_is_not_taken() -> None:
    made = planned(job(quoted("is", LEASE), "train", usd_if_unplaced=1000.0))
    assert made.plan.contracts == ()
    assert made.plan.unplaced[0].why == "its lawful pools are full, too slow or too dear: leaving it out costs less"


def test_dated_and_sized_steps_of_a_lease_decide_when_and_how_much_is_leased() -> None:
    now = Quote(usd_per_chip_hour=3.0, begins_until=date(2026, 2, 1))
    later = Quote(usd_per_chip_hour=1.0, begins_from=date(2026, 2, 1))
    half = Quote(usd_per_chip_hour=2.0, chips=8)
    assert planned(quoted("is", now, later)).plan.contracts[0].start == date(2026, 2, 1)
    (contract,) = planned(quoted("is", now, half)).plan.contracts
    assert contract.chips == 8


def test_a_lease_begins_after_its_lead_time() -> None:
    made = planned(quoted("is", replace(LEASE, lead_days=40)))
    assert made.plan.contracts[0].start == AS_OF + timedelta(days=40)
    assert placement(made).start >= AS_OF + timedelta(days=40)


def test_bought_chips_come_after_their_lead_time_and_the_law_is_asked_about_that_day() -> None:
    made = planned(quoted("nz", Quote(usd_per_chip=20_000.0, lead_days=30), held_since=None))
    (contract,) = made.plan.contracts
    assert (contract.kind, contract.start, contract.end) == ("purchase", AS_OF + timedelta(days=30), None)
    assert contract.usd == 16 * 20_000.0
    found = placement(made)
    assert found.start >= contract.start
    supply = [leg for leg in found.determination.legs if "supply" in leg.id or "export" in leg.id]
    assert supply
    assert made.portfolio.pool_by_id["nz"].held_since == contract.start


def test_a_leased_pool_begins_on_the_day_on_which_its_tenant_gets_it() -> None:
    day = date(2026, 3, 2)
    made = planned(quoted("is", LEASE, tenure=Tenure.LEASED, leased_since=day))
    assert [one.start for one in made.plan.contracts] in ([day], [])
    assert made.plan.contracts or made.plan.unplaced


def test_work_by_the_hour_pays_the_price_of_the_day_on_which_it_starts() -> None:
    cheaper = PriceStep(1.0, since=date(2026, 3, 1))
    waits = planned(pool(with_pools(small(), "is"), "is", price_steps=(cheaper,)))
    found = placement(waits)
    assert found.start == date(2026, 3, 1)
    assert found.cost_usd == pytest.approx(found.estimate.chips * found.estimate.duration_s.point / 3600 * 1.0)
    assert found.cost_usd == pytest.approx(found.estimate.cost_usd.point)
    hurried = job(waits.portfolio, "train", deadline=date(2026, 1, 20), usd_per_day_late=1e5)
    assert placement(planned(hurried)).start < date(2026, 2, 1)


def test_a_price_for_many_chips_is_paid_for_many_chips_alone() -> None:
    steps = (PriceStep(9.0), PriceStep(1.0, least_chips=16))
    found = placement(planned(pool(with_pools(small(), "is"), "is", price_steps=steps)))
    assert found.chips == 16
    few = placement(planned(job(pool(with_pools(small(), "is"), "is", price_steps=steps), "train", max_chips=8)))
    assert few.cost_usd == pytest.approx(few.chips * few.estimate.duration_s.point / 3600 * 9.0)


def test_the_contracts_of_a_plan_are_in_its_json() -> None:
    made = planned(quoted("is", LEASE))
    (contract,) = plan_json(made.plan)["contracts"]
    assert contract["pool"] == "is"
    assert contract["kind"] == "lease"
    assert contract["cost_usd"] == made.plan.contracts[0].usd


def test_where_nobody_prices_what_is_left_out_a_dear_purchase_is_made_for_it() -> None:
    dear = Quote(usd_per_chip=1e6)
    portfolio = quoted("is", dear, tenure=Tenure.OWNED, holder="kiwi", users=("kiwi",), held_since=None)
    made = planned(job(portfolio, "train", usd_if_unplaced=None))
    assert placement(made) is not None
    assert made.plan.contracts[0].usd == 16e6


def test_each_command_asks_about_the_supply_of_a_purchase_on_the_day_of_its_delivery() -> None:
    """The day on which bought chips come is known: as_of and the lead time."""
    bought = {"tenure": Tenure.OWNED, "holder": "kiwi", "users": ("kiwi",), "held_since": None}
    portfolio = quoted("is", Quote(usd_per_chip=10.0, lead_days=30), **bought)
    (answer,) = determine_portfolio(portfolio, rulebook())
    assert answer.determination.outcome is planned(portfolio).answers["train"][0].first_outcome
    assert answer.determination.outcome.is_placeable
    assert answer.start == AS_OF + timedelta(30)
