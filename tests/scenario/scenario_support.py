"""A small scenario on the invented portfolio, and what all of its futures come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

from plan_support import copy_to, job, rulebook, serve, small, with_jobs

from lexloci.model.portfolio import Portfolio
from lexloci.scenario.bench import Setup, Trial
from lexloci.scenario.event import Event, EventKind, Happened, Scenario
from lexloci.scenario.simulate import PLANNED
from lexloci.scenario.world import World


def event(name: str, kind: EventKind, thing: str, *days: date, odds: float = 0.5, **more: Any) -> Event:
    """An event with odds of a half."""
    return Event(name, kind, thing, days, odds, "assumption: a test", **more)


LOST = event("lost", EventKind.SITE_LOST, "reykjavik", date(2026, 1, 9), date(2026, 1, 20), odds=0.3, days=20)
DEARER = event("dearer", EventKind.PRICE_MOVES, "is", date(2026, 1, 8), odds=0.4, factor=3.0)
LATE = event("late", EventKind.POOL_LATE, "nz", date(2026, 1, 6), odds=0.2, days=30)
BANNED = event("banned", EventKind.RULE_BEGINS, "small.norway_ban", date(2026, 2, 1), odds=0.6)


def busy() -> Portfolio:
    """The invented portfolio with a service and a copy beside its training."""
    return with_jobs(
        job(small(), "train", deadline=date(2026, 2, 1), usd_per_day_late=1000.0), serve("NO"), copy_to("oslo")
    )


def setup(*events: Event, portfolio: Portfolio | None = None, **more: Any) -> Setup:
    """The question what the plan of a portfolio comes to where these events may happen."""
    scenario = replace(Scenario("a test", events), **more)
    return Setup(World(portfolio or busy(), rulebook(), {}), scenario, {PLANNED: Trial()}, 5.0)


def all_futures(scenario: Scenario) -> dict[Happened, float]:
    """Every future of independent events with its probability, by plain enumeration."""
    found: dict[Happened, float] = {}
    choices = [
        [(None, 1 - one.probability), *((day, one.probability / len(one.on)) for day in one.on)]
        for one in scenario.events
    ]
    for drawn in product(*choices):
        happened = frozenset(
            (one.id, day) for one, (day, _) in zip(scenario.events, drawn, strict=True) if day is not None
        )
        weight = 1.0
        for _, odds in drawn:
            weight *= odds
        found[happened] = found.get(happened, 0.0) + weight
    return found
