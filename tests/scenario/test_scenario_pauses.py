"""Jobs that pause or are split are followed through futures as any other: in all of their runs and pools."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from plan_support import AS_OF, job, rulebook, small, with_pools
from scenario_support import event, setup

from lexloci.law.rule import Standing, Turn
from lexloci.model.site import Link
from lexloci.plan.check import violations
from lexloci.scenario.bench import Bench, Trial
from lexloci.scenario.event import EventKind
from lexloci.scenario.futures import NOTHING

BANNED = (14, 34)
"""Days of the plan between which training in New Zealand is banned."""


def paused(*events, **changes):
    """The futures of a job of some 24 days that the law lets run before and after a ban."""
    portfolio = job(with_pools(small(), "nz"), "train", max_chips=8, may_pause=True, **changes)
    made = setup(*events, portfolio=replace(portfolio, horizon_until=AS_OF + timedelta(60)))
    turns = tuple(
        Turn(AS_OF + timedelta(day), standing, date(2025, 1, 1), None, "invented")
        for day, standing in zip(BANNED, (Standing.IN_FORCE, Standing.NOT_IN_FORCE), strict=True)
    )
    rules = tuple(replace(rule, turns=turns) if rule.id == "small.autumn_ban" else rule for rule in rulebook().rules)
    world = replace(made.world, rulebook=replace(rulebook(), rules=rules))
    return Bench(replace(made, world=world)).futures(Trial())


def after_all(asked, *events):
    """What the plan comes to where these events happen on their first days."""
    return asked.follow(asked.plan(), NOTHING, frozenset((one.id, one.on[0]) for one in events))


def lost(day, days=5, site="auckland"):
    """A site that is lost from a day of the plan on."""
    return event("lost", EventKind.SITE_LOST, site, AS_OF + timedelta(day), days=days)


def test_a_job_that_may_pause_has_a_place_and_one_that_may_not_has_none() -> None:
    asked = paused()
    (slot,) = asked.plan().slots
    assert asked.problem(NOTHING).option_by_id[slot.option].pauses_h == (tuple(24 * day for day in BANNED),)
    found = after_all(asked)
    assert (found.unplaced, found.moved) == (0, 0)
    assert found.run_usd == pytest.approx(asked.plan().parts.cost_usd)


def test_a_site_that_is_lost_while_the_job_pauses_costs_nothing() -> None:
    event_in_pause = lost(20, 5)
    found = after_all(paused(event_in_pause), event_in_pause)
    assert (found.lost_usd, found.unplaced) == (0.0, 0)


def test_work_that_is_lost_in_its_second_run_is_paid_for_the_days_on_which_it_ran() -> None:
    late = lost(36, 24)
    asked = paused(late)
    (slot,) = asked.plan().slots
    option = asked.problem(NOTHING).option_by_id[slot.option]
    runs = option.runs(slot.start_h)
    assert len(runs) == 2
    done = sum(min(end, 36 * 24) - begin for begin, end in runs)
    found = after_all(asked, late)
    assert found.unplaced == 1
    assert found.lost_usd == pytest.approx(option.usd * done / sum(end - begin for begin, end in runs))


def split(*events):
    """The futures of a hurried job that is split over New Zealand and Iceland."""
    both = with_pools(small(), "nz", "is")
    links = (Link(("auckland", "reykjavik"), gbps=100.0, round_trip_ms=250.0, usd_per_gb=0.01),)
    hurried = {"deadline": date(2026, 1, 6), "usd_per_day_late": 1e4, "may_split": True}
    return Bench(setup(*events, portfolio=job(replace(both, links=links), "train", **hurried))).futures(Trial())


@pytest.mark.parametrize("site", ["auckland", "reykjavik"])
def test_a_split_job_is_lost_where_either_of_its_sites_is(site) -> None:
    gone = lost(2, 200, site)
    asked = split(gone)
    (slot,) = asked.plan().slots
    assert asked.problem(NOTHING).option_by_id[slot.option].also
    happened = frozenset({("lost", gone.on[0])})
    found = after_all(asked, gone)
    assert found.lost_usd > 0
    assert found.unplaced == 0
    assert found.cost_usd >= asked.clairvoyant(happened).cost_usd
    assert not violations(asked.problem(happened), asked.plan(happened))


def test_no_job_is_split_over_a_pool_whose_price_has_moved() -> None:
    dearer = event("dearer", EventKind.PRICE_MOVES, "is", AS_OF + timedelta(1), factor=2.0)
    asked = split(dearer)
    day_h = 24
    options = asked.problem(frozenset({("dearer", dearer.on[0])})).options
    assert any(one.also for one in options)
    for one in options:
        if one.also:
            assert all(end - one.hours < day_h for _, end in one.windows_h)
