"""What an event does to the world: a pure function from one world to the next.

A world is a portfolio, a rulebook, and what neither can hold: supposed listings, outages, prices that move. An event
of law is known from the day of the portfolio's knowledge on: whoever asks about a world knows what happened in it.
Of two events on one thing, both count, in the order of their days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lexloci.law.rule import Rule, Rulebook, Standing, Turn
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool, Quote
from lexloci.scenario.event import Event, EventKind, Happened, Scenario


@dataclass(frozen=True, slots=True)
class Listing:
    """A party that is supposed to be on a list (the name of its fact) from a day on."""

    party: str
    list: str
    since: date


@dataclass(frozen=True, slots=True)
class Outage:
    """The days ``[since, until)`` on which nothing runs at a site."""

    site: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class PriceMove:
    """Work that starts in a pool from a day on costs so many times as much."""

    pool: str
    since: date
    factor: float


@dataclass(frozen=True)
class World:
    """All that a plan is made from. ``bills`` are the rules that may be added, by id."""

    portfolio: Portfolio
    rulebook: Rulebook
    bills: Mapping[str, Rule]
    listings: tuple[Listing, ...] = ()
    outages: tuple[Outage, ...] = ()
    prices: tuple[PriceMove, ...] = ()


def after(world: World, scenario: Scenario, happened: Happened) -> World:
    """The world in which these events happened, each on its day."""
    events = {event.id: event for event in scenario.events}
    for name, day in sorted(happened, key=lambda one: (one[1], one[0])):
        world = apply(world, events[name], day)
    return world


def apply(world: World, event: Event, day: date) -> World:
    """The world after one event on a day."""
    match event.kind:
        case EventKind.BILL_PASSES:
            return _with_bill(world, event.thing, day)
        case EventKind.RULE_BEGINS:
            return _turned(world, event, day, Standing.IN_FORCE)
        case EventKind.RULE_ENDS:
            return _turned(world, event, day, Standing.NOT_IN_FORCE)
        case EventKind.RULE_STAYED:
            return _turned(world, event, day, Standing.STAYED)
        case EventKind.PARTY_LISTED:
            return replace(world, listings=(*world.listings, Listing(event.thing, event.list or "", day)))
        case EventKind.SITE_LOST:
            lost = Outage(event.thing, day, day + timedelta(days=event.days or 0))
            return replace(world, outages=(*world.outages, lost))
        case EventKind.PRICE_MOVES:
            return replace(world, prices=(*world.prices, PriceMove(event.thing, day, event.factor or 1.0)))
        case EventKind.POOL_LATE:
            pools = tuple(_late(pool, event) for pool in world.portfolio.pools)
            return replace(world, portfolio=replace(world.portfolio, pools=pools))
        case EventKind.LICENCE_LOST | EventKind.READING_FALLS:
            return replace(world, portfolio=_records_end(world.portfolio, event, day))


def _with_bill(world: World, bill: str, day: date) -> World:
    turn = Turn(day, Standing.IN_FORCE, date.min, None, "supposed by a scenario, no law")
    rule = replace(world.bills[bill], turns=(turn,))
    rules = tuple(one for one in world.rulebook.rules if one.id != bill)
    return replace(world, rulebook=replace(world.rulebook, rules=(*rules, rule)))


def _turned(world: World, event: Event, day: date, standing: Standing) -> World:
    """The rule with a turn on the day, known at once; turns that were to come later no longer count."""
    known = min(day, world.portfolio.knowledge_date)
    turn = Turn(day, standing, known, None, f"supposed by the scenario: {event.id}")
    rules = tuple(
        replace(rule, turns=(*(one for one in rule.turns if one.on < day), turn)) if rule.id == event.thing else rule
        for rule in world.rulebook.rules
    )
    return replace(world, rulebook=replace(world.rulebook, rules=rules))


def _late(pool: Pool, event: Event) -> Pool:
    if pool.id != event.thing:
        return pool
    late = timedelta(days=event.days or 0)
    return replace(
        pool,
        held_since=pool.held_since + late if pool.held_since else None,
        available_from=pool.available_from + late if pool.available_from else None,
        leased_since=pool.leased_since + late if pool.leased_since else None,
        quotes=tuple(_late_quote(quote, late) for quote in pool.quotes),
    )


def _late_quote(quote: Quote, late: timedelta) -> Quote:
    """The offer at the same prices, each of its days later."""
    return replace(
        quote,
        lead_days=quote.lead_days + late.days,
        begins_from=quote.begins_from + late if quote.begins_from else None,
        begins_until=quote.begins_until + late if quote.begins_until else None,
    )


def _records_end(portfolio: Portfolio, event: Event, day: date) -> Portfolio:
    """The portfolio in which a licence or a reading ends on the day, unless it ends before."""
    if event.kind is EventKind.LICENCE_LOST:
        held = tuple(
            replace(one, until=min(one.until or day, day)) if one.id == event.thing else one
            for one in portfolio.authorisations
        )
        return replace(portfolio, authorisations=held)
    read = tuple(
        replace(one, until=min(one.until or day, day)) if one.point == event.thing else one
        for one in portfolio.readings
    )
    return replace(portfolio, readings=read)
