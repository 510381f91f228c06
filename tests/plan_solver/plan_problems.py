"""Hypothesis strategies for tiny planning problems with everything in them: split windows, pools that grow and shrink,
power limits, jobs without a pool, delays that are missing, chains and diamonds."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from lexloci.plan.problem import HourInterval, Job, Option, PoolCapacity, Problem, SitePower

SITES = ("north", "south")
HORIZON_H = 9


@st.composite
def windows(draw: st.DrawFn) -> tuple[HourInterval, ...]:
    """One or two windows, which may overlap, touch or pass the horizon."""
    made = []
    for _ in range(draw(st.integers(1, 2))):
        start = draw(st.integers(-1, HORIZON_H - 1))
        made.append((start, draw(st.integers(start + 1, HORIZON_H + 2))))
    return tuple(made)


@st.composite
def pools(draw: st.DrawFn, name: str, site: str) -> PoolCapacity:
    """A pool of at most three nodes in up to three intervals, with or without gaps."""
    cuts = sorted(draw(st.sets(st.integers(0, HORIZON_H), min_size=2, max_size=4)))
    steps = [(a, b, draw(st.integers(0, 3))) for a, b in pairwise(cuts) if draw(st.integers(0, 5))]
    return PoolCapacity(name, site, tuple(steps))


@st.composite
def delays(draw: st.DrawFn) -> dict[tuple[str, str], int]:
    """Delays between some pairs of sites, also within a site."""
    pairs = [(one, other) for one in SITES for other in SITES]
    return {pair: draw(st.integers(0, 3)) for pair in pairs if draw(st.integers(0, 3))}


@st.composite
def problems(draw: st.DrawFn, most_jobs: int = 3) -> Problem:
    """A problem of up to ``most_jobs`` jobs, two sites, two pools and nine hours; money in eighths of a dollar."""
    usd = st.integers(0, 80).map(lambda eighths: eighths / 8)
    shared = (draw(pools("p", SITES[0])), draw(pools("q", SITES[1])))
    jobs: list[Job] = []
    options: list[Option] = []
    for number in range(draw(st.integers(0, most_jobs))):
        name = f"j{number}"
        jobs.append(
            Job(
                id=name,
                usd_if_unplaced=draw(st.integers(0, 400)) / 8,
                release_h=draw(st.integers(-1, 4)),
                due_h=draw(st.none() | st.integers(-1, HORIZON_H + 1)),
                usd_per_hour_late=draw(usd),
                after=tuple(before.id for before in jobs if draw(st.booleans())),
                delay_h=draw(st.none() | delays()),
            )
        )
        for choice in range(draw(st.integers(0, 3))):
            site = draw(st.sampled_from(SITES))
            pool = draw(st.sampled_from([shared[SITES.index(site)].id] * 3 + [None]))
            options.append(
                Option(
                    id=f"{name}/{choice}",
                    job=name,
                    pool=pool,
                    site=site,
                    nodes=0 if pool is None else draw(st.integers(1, 3)),
                    hours=draw(st.integers(1, 4)),
                    usd=draw(usd),
                    windows_h=draw(windows()),
                    kw=draw(st.integers(0, 8)) / 4,
                )
            )
    power = tuple(SitePower(site, draw(st.integers(0, 12)) / 4) for site in SITES if draw(st.booleans()))
    order = draw(st.permutations(jobs))
    return Problem(tuple(order), tuple(options), shared, HORIZON_H, draw(delays()), power)
