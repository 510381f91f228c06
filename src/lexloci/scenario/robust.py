"""Which plan, and which lease, is good whatever comes? A set of plans, each followed through every future drawn.

The method, by its name: scenario-based selection from a finite set of first-stage plans, with recourse by repair. It is
no stochastic programme over all plans: it says which plan of the set is best, and how far it is from foresight.

The set: the plan that ignores all events; plans made as if one future were known, for the futures drawn most often and
for those in which the first plan does worst (its tail); all of these for every lease that may be signed, and for none.
A lease that can wait is a further way: sign none now, and on the last day the one that is best for what is known then.

Regret is measured against the best that is known for a future: the clairvoyant plan of the best lease, or any plan of
the set that turned out cheaper still. So no regret is below zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

from lexloci.scenario.bench import Bench, Setup, Trial
from lexloci.scenario.event import Happened, Offer
from lexloci.scenario.futures import NOTHING, Result
from lexloci.scenario.keep import Kept, Task
from lexloci.scenario.risk import Risk, risk_of
from lexloci.scenario.simulate import draw, finish
from lexloci.scenario.workers import ALONE, Crew, Sharing

NONE, WAIT, ALL_KNOWN = "none", "wait", "all known"
_LATER = "later"


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to decide on the first day, and what it comes to: money in USD over all samples.

    ``lease``: the offer that is signed, ``none``, ``wait``, or empty where the scenario has no offers. ``made_for``:
    the events for which the plan is made (not for ``wait``, which plans as if nothing happens).
    """

    lease: str
    made_for: Happened
    cost: Risk
    mean_regret: float
    greatest_regret: float
    any_unplaced: float

    @property
    def ignores_events(self) -> bool:
        """Whether the plan is made as if nothing happens."""
        return not self.made_for


@dataclass(frozen=True)
class Robust:
    """The strategies in the order of their mean cost; what foresight, a lease and waiting are worth.

    ``ignoring`` plans as if nothing happens, and signs what is cheapest then.
    ``foresight_mean``: mean cost of the best that is known for each future. ``worth_of_leases``: by offer, how much the
    mean cost of its best plan is below that of the best plan without any. ``worth_of_waiting``: how much the mean cost
    of waiting is below that of the best lease now; None where no offer can wait. Money in USD.
    """

    name: str
    samples: int
    seed: int
    level: float
    strategies: tuple[Strategy, ...]
    ignoring: Strategy
    foresight_mean: float
    worth_of_leases: Mapping[str, float]
    worth_of_waiting: float | None
    futures: tuple[tuple[Happened, int], ...]
    worked_out: int

    @property
    def least_mean(self) -> Strategy:
        """The strategy of least mean cost."""
        return self.strategies[0]

    @property
    def least_cvar(self) -> Strategy:
        """The strategy whose worst cases cost least."""
        return min(self.strategies, key=lambda one: one.cost.cvar)

    @property
    def least_regret(self) -> Strategy:
        """The strategy whose greatest regret is least."""
        return min(self.strategies, key=lambda one: one.greatest_regret)


def robust(
    setup: Setup,
    samples: int,
    *,
    seed: int = 1,
    level: float = 0.95,
    candidates: int = 6,
    kept: Kept,
    sharing: Sharing = ALONE,
) -> Robust:
    """The plans of the set through all futures; for each lease ``candidates`` beside the one that ignores events."""
    with Crew(sharing.workers) as crew:
        return _robust(setup, samples, seed, level, candidates, kept, sharing, crew)


def _robust(
    setup: Setup, samples: int, seed: int, level: float, candidates: int, kept: Kept, sharing: Sharing, crew: Crew
) -> Robust:
    drawn = draw(setup, samples, seed)
    times = Counter(drawn)
    leases = _leases(setup.scenario.offers)
    first = {_name(lease, NOTHING): Trial(without=without) for lease, without in leases.items()}
    setup = replace(setup, trials=first)
    bench = Bench(setup)
    tasks: list[Task] = [(name, future) for name in first for future in dict.fromkeys([NOTHING, *times])]
    done = finish(setup, tasks, kept, sharing, bench, crew)
    trials = dict(first)
    for lease, without in leases.items():
        chosen = _chosen(times, {future: kept.results[_name(lease, NOTHING), future] for future in times}, candidates)
        trials |= {_name(lease, future): Trial(without=without, made_for=future) for future in chosen}
        trials[f"{ALL_KNOWN} {lease}"] = Trial(without=without, knows_all=True)
    trials |= _waiting(setup, leases)
    bench.setup = setup = replace(setup, trials=trials)
    tasks = [(name, future) for name in trials for future in times]
    done += finish(setup, tasks, kept, sharing, bench, crew)
    return _told(setup, drawn, leases, kept.results, level, seed, done)


def _leases(offers: Sequence[Offer]) -> dict[str, tuple[str, ...]]:
    """Each way to sign, with the pools that are not there then; one way without a name where nothing is offered."""
    if not offers:
        return {"": ()}
    pools = dict.fromkeys(pool for offer in offers for pool in offer.pools)
    signed = {offer.id: set(offer.pools) for offer in offers} | {NONE: set()}
    return {lease: tuple(pool for pool in pools if pool not in here) for lease, here in signed.items()}


def _waiting(setup: Setup, leases: Mapping[str, tuple[str, ...]]) -> dict[str, Trial]:
    """The trials of an offer that is signed on the last day only."""
    day = setup.scenario.decide_by
    if day is None:
        return {}
    return {
        f"{_LATER} {offer.id}": Trial(without=leases[offer.id], later=tuple((pool, day) for pool in offer.pools))
        for offer in setup.scenario.offers
        if offer.usd_later is not None
    }


def _name(lease: str, made_for: Happened) -> str:
    events = ", ".join(f"{name} {day.isoformat()}" for name, day in sorted(made_for))
    return f"{lease} for {events or 'nothing'}"


def _chosen(times: Counter[Happened], results: Mapping[Happened, Result], candidates: int) -> list[Happened]:
    """The futures for which a plan is made: in turn the most frequent, and those in which the first plan does worst."""
    often = sorted(times, key=lambda one: (-times[one], sorted(one)))
    worst = sorted(times, key=lambda one: (-results[one].cost_usd, sorted(one)))
    order = [one for pair in zip(often, worst, strict=True) for one in pair if one]
    return list(dict.fromkeys(order))[:candidates]


def _told(
    setup: Setup,
    drawn: Sequence[Happened],
    leases: Mapping[str, tuple[str, ...]],
    results: Mapping[Task, Result],
    level: float,
    seed: int,
    done: int,
) -> Robust:
    ways, best = _ways(setup, drawn, leases, results)
    strategies = [_strategy(lease, made_for, costs, drawn, best, level) for (lease, made_for), costs in ways.items()]
    strategies.sort(
        key=lambda one: (one.cost.mean, one.greatest_regret, one.lease, len(one.made_for), sorted(one.made_for))
    )
    usd = {offer.id: offer.usd for offer in setup.scenario.offers}
    careless = min(leases, key=lambda one: results[_name(one, NOTHING), NOTHING].cost_usd + usd.get(one, 0.0))
    without_lease = min(one.cost.mean for one in strategies if one.lease in ("", NONE))
    now = [one.cost.mean for one in strategies if one.lease != WAIT]
    later = [one.cost.mean for one in strategies if one.lease == WAIT]
    return Robust(
        name=setup.scenario.name,
        samples=len(drawn),
        seed=seed,
        level=level,
        strategies=tuple(strategies),
        ignoring=next(one for one in strategies if one.lease == careless and one.ignores_events),
        foresight_mean=fsum(best[one] for one in drawn) / len(drawn),
        worth_of_leases={
            offer.id: without_lease - min(one.cost.mean for one in strategies if one.lease == offer.id)
            for offer in setup.scenario.offers
        },
        worth_of_waiting=min(now) - later[0] if later else None,
        futures=tuple(sorted(Counter(drawn).items(), key=lambda one: (-one[1], sorted(one[0])))),
        worked_out=done,
    )


Costs = dict[Happened, tuple[float, int]]
"""For each future what a way to decide costs (USD), and how many jobs are left without a place."""


def _ways(
    setup: Setup, drawn: Sequence[Happened], leases: Mapping[str, tuple[str, ...]], results: Mapping[Task, Result]
) -> tuple[dict[tuple[str, Happened], Costs], dict[Happened, float]]:
    """What each lease with each plan costs, and the best that is known for each future."""
    usd = {offer.id: offer.usd for offer in setup.scenario.offers}
    ways: dict[tuple[str, Happened], Costs] = {}
    known: list[Costs] = []
    for lease in leases:
        for name, trial in setup.trials.items():
            if name not in (_name(lease, trial.made_for), f"{ALL_KNOWN} {lease}"):
                continue
            fee = usd.get(lease, 0.0)
            costs = {one: (results[name, one].cost_usd + fee, results[name, one].unplaced) for one in drawn}
            known.append(costs)
            if not trial.knows_all:
                ways[lease, trial.made_for] = costs
    waiting = _wait(setup, drawn, results)
    if waiting:
        ways[WAIT, NOTHING] = waiting
        known.append(waiting)
    return ways, {one: min(costs[one][0] for costs in known) for one in drawn}


def _strategy(
    lease: str,
    made_for: Happened,
    costs: Costs,
    drawn: Sequence[Happened],
    best: Mapping[Happened, float],
    level: float,
) -> Strategy:
    regrets = [costs[one][0] - best[one] for one in drawn]
    return Strategy(
        lease,
        made_for,
        risk_of([costs[one][0] for one in drawn], level),
        fsum(regrets) / len(regrets),
        max(regrets),
        sum(1 for one in drawn if costs[one][1]) / len(drawn),
    )


def _wait(setup: Setup, drawn: Sequence[Happened], results: Mapping[Task, Result]) -> Costs | None:
    """What waiting comes to in each future: on the last day the lease is signed that is best for what is known then.

    Best is the least mean cost over the samples that look the same until that day; None where no offer can wait.
    """
    day = setup.scenario.decide_by
    later = {offer.id: offer.usd_later for offer in setup.scenario.offers if offer.usd_later is not None}
    if day is None or not later:
        return None
    ways = {f"{_LATER} {name}": usd for name, usd in later.items()} | {_name(NONE, NOTHING): 0.0}
    alike: dict[Happened, list[Happened]] = {}
    for one in drawn:
        alike.setdefault(frozenset(event for event in one if event[1] <= day), []).append(one)
    found: Costs = {}
    for samples in alike.values():
        sums = {way: fsum(results[way, one].cost_usd + usd for one in samples) for way, usd in ways.items()}
        way = min(sums, key=lambda one: (sums[one], one))
        found |= {one: (results[way, one].cost_usd + ways[way], results[way, one].unplaced) for one in samples}
    return found
