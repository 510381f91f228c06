"""A large invented portfolio: parties, sites and data of the example, with as many jobs and pools as are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from random import Random

from lexloci.case import read_portfolio
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool
from lexloci.model.workload import Workload, WorkloadKind

EXAMPLE = Path(__file__).parents[2] / "examples" / "southeast-asia" / "portfolio.yaml"


@lru_cache(maxsize=1)
def example() -> Portfolio:
    """The portfolio of the example."""
    return read_portfolio(EXAMPLE)


def large_portfolio(workloads: int, pools: int, days: int, seed: int = 1) -> Portfolio:
    """The example with so many jobs in so many pools, each open to all parties that have one, for so many days."""
    random, base = Random(seed), example()
    jobs = [one for one in base.workloads if one.kind is not WorkloadKind.COPY]
    parties = tuple(dict.fromkeys(one.party for one in jobs))
    return replace(
        base,
        horizon_until=base.as_of + timedelta(days=days),
        pools=tuple(_pool(random, base, number, parties) for number in range(pools)),
        workloads=tuple(_job(random, jobs, number) for number in range(workloads)),
    )


def _pool(random: Random, base: Portfolio, number: int, parties: tuple[str, ...]) -> Pool:
    """One of the pools, somewhere else or on other chips, as it may be."""
    like = random.choice(base.pools)
    return replace(
        like,
        id=f"pool-{number}",
        site=random.choice(base.sites).id,
        chip=random.choice(base.pools).chip,
        users=parties,
        available_until=None,
        bought_to_order=random.choice([False, False, True]),
    )


def _job(random: Random, jobs: list[Workload], number: int) -> Workload:
    """One of the jobs, of another size, party, data and time."""
    like = random.choice(jobs)
    trains = like.kind.is_training
    return replace(
        like,
        id=f"job-{number}",
        name=f"job {number}",
        party=random.choice(jobs).party,
        datasets=random.choice([one.datasets for one in jobs if one.kind.is_training is trains]),
        tokens=None if like.tokens is None else like.tokens * random.uniform(0.5, 2.0),
        after=(),
        release=None,
        deadline=None,
        military_or_weapons_use=random.choice([False, False, False, None]),
    )
