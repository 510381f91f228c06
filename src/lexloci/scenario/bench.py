"""The work that is shared out: which plans are tried in which futures, and what one of them comes to.

A ``Trial`` is a way to decide on the first day: which pools are there (leases signed or not, now or later), and for
which events the plan is made. A ``Setup`` holds all that a worker needs; it is sent once, and each worker keeps what it
has worked out for its next task. A task is a pair of a trial's name and a future; its result depends on nothing
else, neither on the worker nor on the order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool
from lexloci.parties.lists import lists
from lexloci.plan.adoption import with_steps
from lexloci.plan.problem import Schedule
from lexloci.scenario.event import Happened, Scenario
from lexloci.scenario.futures import NOTHING, Futures, Result, penalties_of
from lexloci.scenario.keep import Task
from lexloci.scenario.world import World


@dataclass(frozen=True, slots=True)
class Trial:
    """A way to decide on the first day.

    ``without`` are pools that are not there, ``later`` pools that are there from a day on and not counted on before;
    the plan is made as if the events ``made_for`` were known. ``knows_all``: it is made anew for each future, with all
    of it known.
    """

    without: tuple[str, ...] = ()
    later: tuple[tuple[str, date], ...] = ()
    made_for: Happened = NOTHING
    knows_all: bool = False


@dataclass(frozen=True)
class Setup:
    """All that a worker needs: the world, what may happen, the trials by name, the work that a search may do."""

    world: World
    scenario: Scenario
    trials: Mapping[str, Trial]
    time_limit_s: float

    def digest(self) -> str:
        """A digest of the question without its trials: portfolio and its files, law, lists, scenario, settings."""
        listed = sorted((one.code, one.dated, one.sha256) for one in lists())
        law = (self.world.rulebook.digest, sorted(self.world.bills), listed)
        parts = (self.world.portfolio, _files_of(self.world.portfolio), law, self.scenario)
        return hashlib.sha256(repr((*parts, self.time_limit_s)).encode()).hexdigest()


def _files_of(portfolio: Portfolio) -> list[tuple[str, str]]:
    """The files beside a portfolio, calibration and lengths of requests, each with the digest of what it says."""
    demands = (workload.demand for workload in portfolio.workloads)
    named = {portfolio.calibration, *(demand.lengths for demand in demands if demand)} - {None}
    files = [Path(one) for one in named if one and Path(one).is_file()]
    return sorted((str(path), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files)


@dataclass
class Bench:
    """Works tasks off, one by one, and keeps what it worked out."""

    setup: Setup
    _futures: dict[tuple[object, object], Futures] = field(default_factory=dict)

    def work(self, task: Task) -> Result:
        """What a trial comes to in a future."""
        name, happened = task
        trial = self.setup.trials[name]
        futures = self.futures(trial)
        if trial.knows_all:
            return futures.clairvoyant(happened)
        again = self.setup.scenario.decide_by if self.setup.scenario.offers else None
        return futures.follow(self.plan(trial), trial.made_for, happened, again=again)

    def plan(self, trial: Trial) -> Schedule:
        """The plan of a trial's first day: on the pools that it counts on then."""
        unsigned = tuple(pool for pool, _ in trial.later)
        first = replace(trial, without=(*trial.without, *unsigned), later=())
        return self.futures(first).plan(trial.made_for)

    def futures(self, trial: Trial) -> Futures:
        """The futures of the world in which the pools of a trial are there."""
        key = (trial.without, trial.later)
        if key not in self._futures:
            portfolio = with_steps(_with_pools(self.setup.world.portfolio, trial))
            world = replace(self.setup.world, portfolio=portfolio)
            whole = None if key == ((), ()) else self.futures(Trial())
            self._futures[key] = Futures(
                world,
                self.setup.scenario,
                time_limit_s=self.setup.time_limit_s,
                memory=whole.memory if whole else None,
                penalties=penalties_of(whole.problem(NOTHING)) if whole else None,
            )
        return self._futures[key]


def _with_pools(portfolio: Portfolio, trial: Trial) -> Portfolio:
    """The portfolio in which pools are not there: gone before the plan begins, and still known by name.

    Taken out, a record that names one would say something else of the others: an attestation about a party in that pool
    would hold for the party in every pool, and a licence for so many chips would be shared by fewer pools.
    """
    later = dict(trial.later)
    pools = tuple(
        replace(pool, available_until=portfolio.as_of) if pool.id in trial.without else _from(pool, later)
        for pool in portfolio.pools
    )
    return replace(portfolio, pools=pools)


def _from(pool: Pool, later: Mapping[str, date]) -> Pool:
    if pool.id not in later:
        return pool
    begins = [day for day in (pool.available_from, pool.held_since, later[pool.id]) if day is not None]
    return replace(pool, available_from=max(begins))
