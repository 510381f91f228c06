"""The priced bound is below every schedule, its walk is exact, and the compiled walk is the plain one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_instances import DATA, read_instance
from plan_oracle import least_objective_usd
from plan_problems import problems, tiny_problem

from lexloci.plan.chains import Tree, branches
from lexloci.plan.compiled.engine import CompiledPricer
from lexloci.plan.grid import Grid
from lexloci.plan.lagrange import PlainPricer, Prices, priced
from lexloci.plan.problem import Problem


def without_limits(problem: Problem) -> Problem:
    """The problem with so much of everything that nothing is scarce while it is there at all."""
    pools = tuple(
        replace(pool, nodes_by_interval=tuple((a, b, 1000 if nodes else 0) for a, b, nodes in pool.nodes_by_interval))
        for pool in problem.pools
    )
    return replace(problem, pools=pools, power=())


def is_forest(grid: Grid) -> bool:
    ties = sum(len(job.after) for job in grid.jobs)
    return ties == sum(len(component) - 1 for component in grid.components)


def random_prices(grid: Grid, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    shape = (len(grid.resources), max(1, grid.horizon_h))
    return np.maximum(0.0, random.integers(-4, 9, shape) / 4)


def test_where_nothing_is_scarce_the_walk_finds_what_full_enumeration_finds() -> None:
    walked = 0
    for seed in range(400):
        problem = without_limits(tiny_problem(seed, most_jobs=3))
        grid = Grid(problem)
        if not is_forest(grid):
            continue
        walked += 1
        used = np.zeros_like(grid.capacity)
        free = np.zeros((len(grid.resources), grid.horizon_h + 1))
        least = PlainPricer(grid).least(free, used)
        assert sum(least) == pytest.approx(least_objective_usd(problem), abs=1e-9), seed
    assert walked > 300


@pytest.mark.slow
def test_the_bound_at_any_prices_and_at_the_best_ones_is_below_the_least_objective() -> None:
    closed = 0
    for seed in range(2000):
        problem = tiny_problem(seed, most_jobs=3)
        least_usd = least_objective_usd(problem)
        prices = Prices(Grid(problem), CompiledPricer(Grid(problem)))
        assert prices.value(random_prices(prices.grid, seed))[0] <= least_usd, seed
        for _ in range(12):
            prices.step(least_usd)
        assert prices.bound_usd <= least_usd, seed
        closed += least_usd - prices.bound_usd < 1e-6 * max(1.0, least_usd)
    assert closed > 1000  # on most tiny problems prices alone prove the optimum


@settings(max_examples=200)
@given(problems(), st.integers(0, 2**32))
def test_the_compiled_walk_takes_the_places_of_the_plain_one(problem: Problem, seed: int) -> None:
    grid = Grid(problem)
    prices = Prices(grid, PlainPricer(grid))
    charged = prices.charged(random_prices(grid, seed))
    used, compiled_used = np.zeros_like(grid.capacity), np.zeros_like(grid.capacity)
    plain = PlainPricer(grid).least(charged, used)
    compiled = CompiledPricer(grid).least(charged, compiled_used)
    assert compiled == pytest.approx(plain, abs=1e-9)
    assert (used == compiled_used).all()


@given(problems(), st.integers(0, 2**32))
def test_the_places_of_a_walk_cost_what_it_says_and_keep_the_order(problem: Problem, seed: int) -> None:
    grid = Grid(problem)
    charged = Prices(grid, PlainPricer(grid)).charged(random_prices(grid, seed))
    for component in grid.components:
        tree = Tree(grid, branches(grid, component), lambda job: priced(grid, job, charged))
        places = tree.places()
        usd = grid.usd_of(places, component)
        for option, start in places.values():
            assert option.may_start(start)
            usd += sum(
                amount * (charged[resource, start + option.hours] - charged[resource, start])
                for resource, amount in option.uses
            )
        assert usd == pytest.approx(tree.usd, abs=1e-9)
        if len(component) == 1 + sum(len(grid.jobs[job].after) for job in component):
            for job, (option, start) in places.items():
                for before in grid.jobs[job].before:
                    other, other_start = places[before]
                    delay = grid.delay_h(before, other.site, option.site)
                    assert delay is not None
                    assert other_start + other.hours + delay <= start


@pytest.mark.slow
def test_a_hundred_workloads_are_bounded_to_within_half_a_percent() -> None:
    grid = Grid(read_instance(DATA / "w100-seed0.json.gz"))
    prices = Prices(grid, CompiledPricer(grid))
    known_usd = 542_006.0  # found by another program (CP-SAT, 60 s, two workers)
    for _ in range(80):
        prices.step(known_usd)
    assert 0.995 * known_usd <= prices.bound_usd <= known_usd


def test_prices_of_nothing_prove_nothing() -> None:
    grid = Grid(Problem((), (), (), horizon_h=0))
    prices = Prices(grid, PlainPricer(grid))
    prices.step(0.0)
    assert prices.bound_usd == 0.0
