"""Leases and purchases in plans that are mended: what binds is paid, what does not can be dropped or had later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from plan_support import AS_OF, job, pool, serve, small, with_jobs, with_pools
from scenario_support import all_futures, event, setup

from lexloci.model.site import Quote, Tenure
from lexloci.plan.check import violations
from lexloci.scenario.bench import Bench, Trial
from lexloci.scenario.event import EventKind, Scenario
from lexloci.scenario.futures import NOTHING
from lexloci.scenario.keep import Kept
from lexloci.scenario.robust import robust

DAY = date(2026, 1, 9)
LEASE = Quote(usd_per_chip_hour=1.5, minimum_days=60)
LOST = event("lost", EventKind.SITE_LOST, "reykjavik", DAY, days=170)
DEARER = event("dearer", EventKind.PRICE_MOVES, "is", DAY, factor=3.0)
LATE = event("late", EventKind.POOL_LATE, "is", date(2026, 1, 7), days=15)
BANNED = event("banned", EventKind.RULE_BEGINS, "small.norway_ban", date(2026, 2, 1))


def leased(*quotes, name="is", more=(), **changes):
    """The small portfolio with one pool that is there only where a quote of it is taken, and others."""
    portfolio = with_pools(job(small(), "train", usd_if_unplaced=1e7), name, *more)
    return pool(portfolio, name, quotes=quotes, usd_per_chip_hour=None, **changes)


def follow(portfolio, *events):
    """The futures of a portfolio, and what its plan comes to where all of these events happen."""
    asked = Bench(setup(*events, portfolio=portfolio)).futures(Trial())
    return asked, asked.follow(asked.plan(), NOTHING, frozenset((one.id, one.on[0]) for one in events))


def term_usd(days, rate=1.5):
    """What a lease of the sixteen chips for so many days costs."""
    return days * 24 * 16 * rate


def test_a_plan_that_nothing_disturbs_pays_for_its_lease_what_the_plan_says() -> None:
    asked, found = follow(leased(LEASE))
    assert found.unplaced == 0
    assert found.quotes_usd == sum(one.usd for one in asked.plan().quotes) == term_usd(60)
    assert found.cost_usd == pytest.approx(asked.plan().objective_usd)
    assert found.spent_usd == pytest.approx(found.run_usd + term_usd(60))


def test_a_lease_that_has_begun_is_paid_for_its_term_though_its_site_is_lost() -> None:
    _, found = follow(leased(LEASE), LOST)
    assert found.unplaced == 1
    assert found.quotes_usd == term_usd(60)


def test_a_lease_that_is_not_signed_yet_costs_nothing_where_it_is_needed_no_longer() -> None:
    later = replace(LEASE, begins_from=date(2026, 2, 10))
    _, found = follow(leased(later), LOST)
    assert found.unplaced == 1
    assert found.quotes_usd == 0.0
    _, found = follow(leased(replace(later, lead_days=33)), LOST)  # signed on 2026-01-08, before the site is lost
    assert found.quotes_usd == term_usd(60)


def test_a_purchase_is_paid_on_the_first_day() -> None:
    bought = leased(Quote(usd_per_chip=100.0, lead_days=30), tenure=Tenure.OWNED, holder="kiwi", users=("kiwi",))
    _, found = follow(pool(bought, "is", held_since=None), LOST)
    assert found.unplaced == 1
    assert found.quotes_usd == 16 * 100.0


def test_work_that_is_lost_takes_a_lease_elsewhere_from_the_day_on_which_it_can_be_had() -> None:
    portfolio = leased(LEASE, more=("nz",))
    portfolio = pool(portfolio, "nz", quotes=(Quote(usd_per_chip_hour=9.0, lead_days=10),), usd_per_chip_hour=None)
    asked, found = follow(portfolio, LOST)
    assert {one.quote for one in asked.plan().quotes} == {"is#1"}
    assert (found.unplaced, found.moved) == (0, 1)
    ((_, taken),) = asked._mended.items()
    assert taken["train"][1] >= ((DAY - AS_OF).days + 10) * 24
    assert found.quotes_usd > term_usd(60)


def test_chips_that_come_late_are_leased_from_the_day_on_which_they_come() -> None:
    asked, found = follow(leased(replace(LEASE, lead_days=20)), LATE)
    assert found.unplaced == 0
    assert found.quotes_usd == term_usd(60)
    ((_, taken),) = asked._mended.items()
    assert taken["train"][1] >= 35 * 24


def test_a_lease_that_is_signed_keeps_its_price_and_one_that_is_not_pays_the_new_one() -> None:
    _, found = follow(leased(LEASE), DEARER)
    assert found.quotes_usd == term_usd(60)
    _, found = follow(leased(replace(LEASE, begins_from=date(2026, 2, 10))), DEARER)
    assert found.quotes_usd == term_usd(60, 4.5)


def test_who_knows_that_a_price_moves_signs_before_at_the_old_one() -> None:
    """A lease that is signed ahead of the move keeps its price though it begins after."""
    later = replace(LEASE, begins_from=date(2026, 1, 15), lead_days=8)
    asked, found = follow(leased(later), DEARER)
    known = asked.clairvoyant(frozenset({("dearer", DAY)}))
    assert found.quotes_usd == known.quotes_usd == term_usd(60)


def two_leases():
    """A portfolio in which two pools can be leased, one is paid by the hour, and there is more than one job."""
    portfolio = leased(LEASE, replace(LEASE, usd_per_chip_hour=2.5, minimum_days=5), more=("nz", "no"))
    portfolio = pool(portfolio, "nz", quotes=(Quote(usd_per_chip_hour=2.0, lead_days=5),), usd_per_chip_hour=None)
    portfolio = with_jobs(job(portfolio, "train", deadline=DAY, usd_per_day_late=500.0), serve("NO"))
    return replace(portfolio, workloads=tuple(replace(one, usd_if_unplaced=1e6) for one in portfolio.workloads))


@pytest.mark.parametrize("events", [(LOST, DEARER), (LATE, BANNED), (LOST, BANNED)])
def test_no_plan_without_foresight_is_cheaper_than_the_one_that_knows_it_all(events) -> None:
    asked = Bench(setup(*events, portfolio=two_leases())).futures(Trial())
    plan = asked.plan()
    for happened in all_futures(Scenario("", events)):
        assert not violations(asked.problem(happened), asked.plan(happened)), happened
        followed, known = asked.follow(plan, NOTHING, happened), asked.clairvoyant(happened)
        assert followed.cost_usd >= known.cost_usd - 0.01, happened


def test_a_robust_plan_takes_the_dearer_lease_that_no_event_touches() -> None:
    portfolio = leased(LEASE, more=("nz",))
    portfolio = pool(portfolio, "nz", quotes=(Quote(usd_per_chip_hour=12.0),), usd_per_chip_hour=None)
    made = setup(LOST, portfolio=portfolio)
    with Kept(None, "") as kept:
        found = robust(made, 40, candidates=2, kept=kept)
    best = found.least_mean
    assert best.made_for == frozenset({("lost", DAY)})
    assert best.cost.least == best.cost.most == pytest.approx(found.least_regret.cost.most)
    assert found.ignoring.cost.least < best.cost.least < found.ignoring.cost.mean < found.ignoring.cost.most


def test_what_goes_on_is_paid_by_the_hour_and_ends_when_it_is_needed_no_longer() -> None:
    """The held lease is its term and what the job needs beyond it, once more where it begins again."""
    short = leased(replace(LEASE, minimum_days=1))
    asked, whole = follow(short)
    (contract,) = asked.plan().quotes
    again = event("again", EventKind.SITE_LOST, "reykjavik", DAY, days=5)
    _, found = follow(short, again)
    days = (contract.end_h - contract.start_h) // 24
    assert whole.quotes_usd == term_usd(days)
    assert found.quotes_usd == term_usd((DAY - AS_OF).days + 5 + days)
