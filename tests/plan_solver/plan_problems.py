"""Tiny planning problems with everything in them: split windows, pools that grow and shrink, power limits, jobs
without a pool, delays that are missing, chains and diamonds, and too little room for all. A number makes a problem."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import strategies as st

from lexloci.plan.problem import HourInterval, Job, Option, PoolCapacity, Problem, Share, SitePower
from lexloci.plan.quotes import Quote

SITES = ("north", "south")
HORIZON_H = 10


def tiny_problem(seed: int, most_jobs: int = 4) -> Problem:
    """The problem of that number: up to ``most_jobs`` jobs, two sites, two pools, ten hours; eighths of a dollar."""
    random = Random(seed)
    pools = tuple(_pool(random, name, site) for name, site in zip("pq", SITES, strict=True))
    jobs: list[Job] = []
    options: list[Option] = []
    for number in range(random.choice([0, 1, 2, 3, 3, *[most_jobs] * 9])):
        job = _job(random, f"j{number}", [before.id for before in jobs])
        jobs.append(job)
        options += [_option(random, job.id, choice, pools) for choice in range(random.choice([0, *[1, 2, 3] * 4]))]
    random.shuffle(jobs)
    power = tuple(SitePower(site, random.randrange(5, 11) / 4) for site in SITES if random.random() < 0.4)
    return Problem(tuple(jobs), tuple(options), pools, HORIZON_H, _delays(random), power)


def quoted_problem(seed: int, most_jobs: int = 3) -> Problem:
    """The tiny problem of that number, with quotes for nodes of its pools; some pools have nothing without one."""
    problem = tiny_problem(seed, most_jobs)
    random = Random(f"quotes {seed}")
    quotes = tuple(
        _quote(random, f"{pool.id}{number}", pool.id)
        for pool in problem.pools
        for number in range(random.choice([0, 1, 2, 2]))
    )
    quoted = {quote.pool for quote in quotes}
    pools = tuple(
        replace(pool, nodes_by_interval=()) if pool.id in quoted and random.random() < 0.6 else pool
        for pool in problem.pools
    )
    return replace(problem, pools=pools, quotes=quotes)


def compound_problem(seed: int, most_jobs: int = 3) -> Problem:
    """The tiny problem of that number in which options pause or occupy both pools; every third has quotes too."""
    problem = quoted_problem(seed, most_jobs) if seed % 3 == 0 else tiny_problem(seed, most_jobs)
    random = Random(f"compound {seed}")
    options = tuple(_compound(random, option, problem.pools) for option in problem.options)
    return replace(problem, options=options)


def _compound(random: Random, option: Option, pools: tuple[PoolCapacity, ...]) -> Option:
    if random.random() < 0.4:
        first = random.randrange(1, 6)
        pauses = [(first, first + random.randrange(1, 3))]
        if random.random() < 0.3:
            pauses.append((pauses[0][1] + 1, pauses[0][1] + 2))
        worked = sum(end - start for start, end in pauses)
        option = replace(option, pauses_h=tuple(pauses), hours=option.hours + 1 + worked, windows_h=((0, HORIZON_H),))
    if option.pool is not None and random.random() < 0.4:
        other = next(pool for pool in pools if pool.id != option.pool)
        share = Share(other.id, other.site, random.choice([1, 1, 2]), random.randrange(0, 4) / 4)
        option = replace(option, also=(share,))
    return option


def compound_problems(most_jobs: int = 3) -> st.SearchStrategy[Problem]:
    """Such problems as hypothesis draws them."""
    return st.integers(0, 2**32).map(lambda seed: compound_problem(seed, most_jobs))


def _quote(random: Random, name: str, pool: str) -> Quote:
    first = random.randrange(0, 6)
    return Quote(
        name,
        pool,
        nodes=random.randrange(1, 5),
        begins_h=(first, first + random.randrange(1, 8)),
        least_hours=random.randrange(0, 9),
        usd=random.choice([0, 0, random.randrange(40)]) / 8,
        usd_per_hour=random.randrange(0, 24) / 8,
        step_h=random.choice([1, 1, 2, 3]),
        last_end_h=random.choice([None, None, random.randrange(1, 14)]),
    )


def quoted_problems(most_jobs: int = 3) -> st.SearchStrategy[Problem]:
    """Tiny problems with quotes as hypothesis draws them."""
    return st.integers(0, 2**32).map(lambda seed: quoted_problem(seed, most_jobs))


def problems(most_jobs: int = 4) -> st.SearchStrategy[Problem]:
    """Tiny problems as hypothesis draws them."""
    return st.integers(0, 2**32).map(lambda seed: tiny_problem(seed, most_jobs))


def _pool(random: Random, name: str, site: str) -> PoolCapacity:
    if random.random() < 0.5:
        return PoolCapacity(name, site, ((0, HORIZON_H, random.randrange(2, 4)),))
    cuts = [0, *sorted(random.sample(range(1, HORIZON_H), 2)), HORIZON_H]
    steps = [(a, b, random.randrange(4)) for a, b in pairwise(cuts) if random.random() < 0.9]
    return PoolCapacity(name, site, tuple(steps))


def _job(random: Random, name: str, before: list[str]) -> Job:
    return Job(
        id=name,
        usd_if_unplaced=random.choice([random.randrange(0, 160), 800, 800]) / 8,
        release_h=random.choice([-1, 0, 0, 0, 1, 2]),
        due_h=random.choice([None, -1, *range(1, 8)]),
        usd_per_hour_late=random.randrange(4, 40) / 8,
        after=tuple(other for other in before if random.random() < 0.25),
        delay_h=_delays(random) if random.random() < 0.3 else None,
    )


def _option(random: Random, job: str, choice: int, pools: tuple[PoolCapacity, ...]) -> Option:
    pool = random.choice(pools)
    without_pool = random.random() < 0.15
    return Option(
        id=f"{job}/{choice}",
        job=job,
        pool=None if without_pool else pool.id,
        site=pool.site,
        nodes=0 if without_pool else random.choice([1, 1, 2, 2, 2]),
        hours=random.choice([1, 2, 2, 3, 4]),
        usd=random.randrange(0, 80) / 8,
        windows_h=_windows(random),
        kw=random.randrange(0, 7) / 4,
    )


def _windows(random: Random) -> tuple[HourInterval, ...]:
    if random.random() < 0.6:
        return ((0, HORIZON_H),)
    starts = [random.randrange(-1, HORIZON_H - 1) for _ in range(random.randrange(1, 3))]
    return tuple((start, start + random.randrange(1, 8)) for start in starts)


def _delays(random: Random) -> dict[tuple[str, str], int]:
    pairs = [(one, other) for one in SITES for other in SITES]
    return {pair: random.randrange(4) for pair in pairs if random.random() < 0.6}
