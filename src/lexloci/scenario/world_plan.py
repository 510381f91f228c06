"""The best lawful plan of a world in which events happened, all of them known on the day on which it is made.

What an event does to law, records and listings is asked of the law; a site that is lost is a stretch of days on which
its pools are closed, and a price that moves is one more step of the pool's prices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lexloci.model.act import Question
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import ClosedDays, Pool, PriceStep
from lexloci.plan.adoption import assumptions_of, with_steps
from lexloci.plan.planner import Planned, answers_of, plan_of
from lexloci.plan.pool_prices import with_orders
from lexloci.plan.record_names import refuse_wrong_records
from lexloci.scenario.event import Happened, Scenario
from lexloci.scenario.remembering import Memory, RememberingJudge
from lexloci.scenario.supposed import supposed_rows
from lexloci.scenario.world import Outage, PriceMove, World, after


def first_days(scenario: Scenario, names: Iterable[str] = ()) -> Happened:
    """The events that are named (none: all of them), each on the first of its days; LexlociError for an unknown one."""
    events = {event.id: event for event in scenario.events}
    wanted = list(names) or list(events)
    for name in wanted:
        if name not in events:
            raise LexlociError(f"event {name!r} is none of the scenario; name some of {', '.join(events)}")
    return frozenset((name, min(events[name].on)) for name in wanted)


def plan_of_world(
    world: World,
    scenario: Scenario,
    happened: Happened,
    *,
    time_limit_s: float = 10.0,
    progress: Callable[[str], None] | None = None,
) -> Planned:
    """The plan of least objective found where these events happened; every placement checked and explained."""
    then = after(world, scenario, happened)
    portfolio = _moved_prices(_closed_sites(then.portfolio, then.outages), then.prices)
    refuse_wrong_records(portfolio, then.rulebook)
    judge = RememberingJudge(
        with_orders(with_steps(portfolio)),
        then.rulebook,
        Question(portfolio.as_of, portfolio.knowledge_date, portfolio.basis),
        supposed_rows(portfolio, then.listings),
        memory=Memory(),
    )
    answers = answers_of(judge, progress)
    made = plan_of(judge, answers, time_limit_s=time_limit_s, progress=progress)
    return replace(made, plan=replace(made.plan, assumptions=assumptions_of(portfolio)))


def _closed_sites(portfolio: Portfolio, outages: Iterable[Outage]) -> Portfolio:
    for outage in outages:
        quoted = next((pool.id for pool in portfolio.pools if pool.site == outage.site and pool.quotes), None)
        if quoted is not None:  # a quote says when its chips are there: days on which they are not have no place in it
            raise LexlociError(
                f"pool {quoted}: a site that is lost needs usd_per_chip_hour, no quotes; state it, or drop the event"
            )
        closed = ClosedDays(outage.since, outage.until)
        pools = tuple(
            replace(pool, closed=(*pool.closed, closed)) if pool.site == outage.site else pool
            for pool in portfolio.pools
        )
        portfolio = replace(portfolio, pools=pools)
    return portfolio


def _moved_prices(portfolio: Portfolio, moves: Iterable[PriceMove]) -> Portfolio:
    for move in sorted(moves, key=lambda one: one.since):
        pools = tuple(_moved_price(pool, move) if pool.id == move.pool else pool for pool in portfolio.pools)
        portfolio = replace(portfolio, pools=pools)
    return portfolio


def _moved_price(pool: Pool, move: PriceMove) -> Pool:
    """The pool with each of its prices by the hour multiplied for work that starts from the day of the move on."""
    if pool.usd_per_chip_hour is None:
        raise LexlociError(f"pool {pool.id}: a price that moves needs usd_per_chip_hour; state it, or drop the event")
    steps = pool.price_steps
    before = tuple(one for one in steps if one.since is None or one.since < move.since)
    later = tuple(one for one in steps if one.since is not None and one.since >= move.since)
    moved = (
        PriceStep(pool.usd_per_chip_hour * move.factor, move.since),
        *(replace(one, usd_per_chip_hour=one.usd_per_chip_hour * move.factor, since=move.since) for one in before),
        *(replace(one, usd_per_chip_hour=one.usd_per_chip_hour * move.factor) for one in later),
    )
    return replace(pool, price_steps=(*before, *moved))
