"""The plan of a world in which events happened, and the comparison of it with the plan as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from plan_support import AS_OF, in_norway, job, placement, planned, pool, rulebook, small, with_pools

from lexloci.model.errors import LexlociError
from lexloci.model.plan import Placement
from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Reading
from lexloci.model.site import ClosedDays, PriceStep, Quote, Tenure
from lexloci.plan.check import violations
from lexloci.plan.planner import Planned
from lexloci.plan.statement import state
from lexloci.scenario.compare import compare
from lexloci.scenario.event import Event, EventKind, Scenario
from lexloci.scenario.world import World
from lexloci.scenario.world_plan import first_days, plan_of_world

FEBRUARY = date(2026, 2, 1)


def happening(portfolio: Portfolio, *events: Event) -> Planned:
    """The plan of the world in which all of these events happen."""
    scenario = Scenario("what if", events)
    return plan_of_world(World(portfolio, rulebook(), {}), scenario, first_days(scenario))


def event(kind: EventKind, thing: str, on: date = AS_OF + timedelta(1), **fields: object) -> Event:
    return Event(f"{kind.value} {thing}", kind, thing, (on, on + timedelta(9)), 0.5, "assumption: a test", **fields)


def taken(made: Planned) -> Placement:
    found = placement(made)
    assert found is not None
    return found


def test_a_rule_that_begins_moves_the_work_and_is_named() -> None:
    begins = event(EventKind.RULE_BEGINS, "small.iceland_ends_training")
    after = happening(small(), begins)
    assert taken(after).pool == "nz"
    found = compare(planned(small()), after, "as it is", "what if")
    (move,) = found.moves
    assert (move.before, move.after, move.rule) == ("is", "nz", "small.iceland_ends_training")
    assert "Iceland ends training" in move.why
    assert found.after.cost_usd > found.before.cost_usd


def test_a_price_that_moves_is_paid_by_work_that_starts_from_then_on() -> None:
    dear = event(EventKind.PRICE_MOVES, "is", FEBRUARY, factor=10.0)
    made = happening(with_pools(small(), "is"), dear)
    assert taken(made).start < FEBRUARY
    assert taken(made).cost_usd == pytest.approx(taken(planned(with_pools(small(), "is"))).cost_usd)
    late = pool(with_pools(small(), "is"), "is", available_from=FEBRUARY)
    assert taken(happening(late, dear)).cost_usd == pytest.approx(10 * taken(planned(late)).cost_usd)


def test_steps_of_a_price_move_with_it() -> None:
    steps = (PriceStep(4.0, since=date(2026, 1, 20)), PriceStep(1.0, since=date(2026, 3, 1)))
    portfolio = pool(with_pools(small(), "is"), "is", price_steps=steps)
    for day, expected in ((date(2026, 1, 25), 4.0), (FEBRUARY, 8.0), (date(2026, 3, 2), 2.0)):
        from_then = pool(portfolio, "is", available_from=day, available_until=day + timedelta(25))
        found = taken(happening(from_then, event(EventKind.PRICE_MOVES, "is", FEBRUARY, factor=2.0)))
        assert found.cost_usd == pytest.approx(found.chips * found.estimate.duration_s.point / 3600 * expected), day


def test_a_site_that_is_lost_runs_nothing_on_those_days() -> None:
    lost = event(EventKind.SITE_LOST, "reykjavik", AS_OF + timedelta(1), days=30)
    made = happening(with_pools(small(), "is"), lost)
    assert taken(made).start >= AS_OF + timedelta(31)
    assert made.portfolio.pool_by_id["is"].closed == (ClosedDays(AS_OF + timedelta(1), AS_OF + timedelta(31)),)


def test_a_pool_that_the_file_closes_runs_nothing_either() -> None:
    closed = (ClosedDays(AS_OF + timedelta(1), AS_OF + timedelta(40)), ClosedDays(AS_OF, AS_OF + timedelta(5)))
    made = planned(pool(with_pools(small(), "is"), "is", closed=closed))
    assert taken(made).start == AS_OF + timedelta(40)
    problem = state(made.judge, made.answers).problem
    (capacity,) = problem.pools
    assert capacity.nodes_by_interval[0][0] == 40 * 24
    assert violations(problem, problem.schedule((), 0.0, "stopped")) == ()


def test_a_reading_that_falls_closes_what_rested_on_it() -> None:
    reading = Reading("small.meaning", "narrow", "counsel", date(2025, 1, 1), "adviser")
    portfolio = replace(with_pools(in_norway(small()), "is", "nz"), readings=(reading,))
    assert taken(planned(portfolio)).pool == "is"
    assert taken(happening(portfolio, event(EventKind.READING_FALLS, "small.meaning"))).pool == "nz"


def test_only_the_events_that_are_named_happen_each_on_its_first_day() -> None:
    events = (event(EventKind.SITE_LOST, "reykjavik", days=9), event(EventKind.PRICE_MOVES, "is", factor=2.0))
    scenario = Scenario("what if", events)
    assert first_days(scenario) == {(one.id, one.on[0]) for one in events}
    assert first_days(scenario, ["price moves is"]) == {("price moves is", AS_OF + timedelta(1))}
    with pytest.raises(LexlociError, match="is none of the scenario; name some of"):
        first_days(scenario, ["other"])


def test_a_pool_that_is_late_is_leased_or_bought_later() -> None:
    late = event(EventKind.POOL_LATE, "is", days=30)
    lease = Quote(usd_per_chip_hour=1.5, begins_from=AS_OF + timedelta(5), begins_until=AS_OF + timedelta(20))
    purchase = Quote(usd_per_chip=10.0, lead_days=5)
    owned = {"tenure": Tenure.OWNED, "holder": "kiwi", "users": ("kiwi",), "held_since": None}
    for quote, more in ((lease, {}), (purchase, owned)):
        quoted = {"quotes": (quote,), "usd_per_chip_hour": None, **more}
        portfolio = job(pool(with_pools(small(), "is"), "is", **quoted), "train", usd_if_unplaced=1e7)
        starts = [taken(made).start - AS_OF for made in (planned(portfolio), happening(portfolio, late))]
        assert starts == [timedelta(5), timedelta(35)]


def test_the_loss_of_a_site_whose_chips_are_yet_to_be_leased_is_refused() -> None:
    """It would close nothing: a quote has no days on which its chips are away."""
    lost = event(EventKind.SITE_LOST, "reykjavik", days=300)
    quoted = pool(with_pools(small(), "is"), "is", quotes=(Quote(usd_per_chip_hour=1.5),), usd_per_chip_hour=None)
    with pytest.raises(LexlociError, match="pool is: a site that is lost needs usd_per_chip_hour"):
        happening(quoted, lost)
