"""A workload without a lawful home: the lever that is named was tried, and is a record, never a fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from plan_support import AS_OF, job, placement, planned, pool, rulebook, small, with_jobs, with_pools

from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Authorisation
from lexloci.plan.home_levers import HomeLever, Needed, home_levers
from lexloci.plan.insight import insight_of
from lexloci.plan.planner import make_plan


def levers(portfolio: Portfolio) -> list[HomeLever]:
    return home_levers(planned(portfolio))


def test_the_licence_that_a_pool_lacks_is_named_and_gives_the_workload_a_place() -> None:
    portfolio = with_pools(small(), "cl")
    assert planned(portfolio).plan.unplaced
    (found,) = levers(portfolio)
    assert (found.workload, found.pool, found.tried) == ("train", "cl", 1)
    assert [one.kind for one in found.needed] == ["operating_licence"]
    lead = rulebook().rule("small.chile_operating_licence").lead_time_days
    assert found.lead_days == lead > 0
    assert found.start == AS_OF + timedelta(lead)
    held = Authorisation("L", "operating_licence", "Chile", found.needed[0].holder, ("cl", "train", "kiwi"), AS_OF)
    assert placement(planned(replace(portfolio, authorisations=(held,)))) is not None


def test_where_no_authorisation_helps_none_is_named() -> None:
    banned = job(with_pools(small(), "is"), "train", release=date(2026, 7, 1))
    assert planned(banned).plan.unplaced
    assert levers(banned) == [HomeLever("train", "", (), 0, None, 0)]


def test_a_licence_for_a_supply_in_the_past_is_not_named() -> None:
    ordered = pool(with_pools(small(), "is"), "is", bought_to_order=True)
    assert planned(ordered).plan.unplaced
    (found,) = levers(ordered)
    assert (found.pool, found.needed, found.tried) == ("", (), 0)


def test_a_licence_that_comes_after_the_day_of_its_supply_is_not_named() -> None:
    """The day on which chips are got is stated, or follows from an order; it does not wait for a licence."""
    lead = rulebook().rule("small.chile_import_licence").lead_time_days
    chile = replace(with_pools(small(), "cl"), as_of=date(2026, 2, 2))
    for day, tried in ((lead - 1, 0), (lead, 1)):
        got = pool(chile, "cl", held_since=chile.as_of + timedelta(day), available_from=None)
        assert planned(got).plan.unplaced
        (found,) = levers(got)
        assert found.tried == tried
        assert found.pool == ("cl" if tried else "")


def test_where_the_rulebook_knows_no_lead_time_none_is_told() -> None:
    rules = tuple(replace(one, lead_time_days=0) for one in rulebook().rules)
    made = make_plan(with_pools(small(), "cl"), replace(rulebook(), rules=rules))
    (found,) = home_levers(made)
    assert (found.pool, found.lead_days, found.start) == ("cl", None, AS_OF)


def test_a_supposed_listing_still_counts_where_a_lever_is_tried() -> None:
    made = planned(with_pools(small(), "cl"))
    supposed = {"kiwi": ()}
    assert replace(made.judge, supposed=supposed).about(made.portfolio).supposed == supposed


def test_a_lever_that_comes_too_late_is_tried_and_not_named() -> None:
    lead = rulebook().rule("small.chile_operating_licence").lead_time_days
    portfolio = replace(with_pools(small(), "cl"), horizon_until=AS_OF + timedelta(lead + 2))
    (found,) = levers(portfolio)
    assert (found.pool, found.needed, found.tried) == ("", (), 1)


def test_a_workload_with_a_lawful_pool_needs_no_lever() -> None:
    assert levers(small()) == []
    too_dear = job(small(), "train", usd_if_unplaced=1.0)
    assert planned(too_dear).plan.unplaced
    assert levers(too_dear) == []


def test_a_workload_that_waits_for_one_left_out_is_not_asked_about() -> None:
    alone = with_pools(small(), "cl")
    second = replace(alone.workloads[0], id="second", after=("train",))
    assert [one.workload for one in levers(with_jobs(alone, second))] == ["train"]


def test_levers_stand_in_what_stands_behind_a_plan() -> None:
    made = planned(with_pools(small(), "cl"))
    found = insight_of(made, rulebook(), time_limit_s=0.5)
    assert [one.pool for one in found.homes] == ["cl"]
    assert isinstance(found.homes[0].needed[0], Needed)
