"""Objectives one after another, and the concentration on one group: what the solver finds is what enumeration finds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_oracle import schedules
from plan_problems import quoted_problem, tiny_problem

from lexloci.model.errors import PlanError
from lexloci.plan import solve as solving
from lexloci.plan.check import violations
from lexloci.plan.objective import Measure, front, in_order, read_order, values, weighted
from lexloci.plan.problem import Limit, Problem, Slot
from lexloci.plan.solve import solve

ORDERS = [
    ({Measure.LICENCES: 1.0}, {Measure.COST: 1.0, Measure.LATENESS: 1.0}),
    ({Measure.LATENESS: 1.0}, {Measure.COST: 1.0}),
    ({Measure.CONCENTRATION: 1.0}, {Measure.COST: 1.0}, {Measure.COMPLETION: 1.0}),
    ({Measure.COST: 1.0}, {Measure.CONCENTRATION: 1.0}),
]


def measured(seed: int) -> tuple[Problem, dict[str, dict[Measure, float]]]:
    """A tiny problem whose options count to one of two countries, some of them with a licence."""
    problem = quoted_problem(seed, 2) if seed % 4 == 0 else tiny_problem(seed, 2)
    random = Random(f"measures {seed}")
    options = tuple(
        replace(one, counts=((one.site, one.hours * max(1, one.nodes)),), usd=float(int(one.usd)))
        for one in problem.options
    )
    jobs = tuple(replace(job, usd_if_unplaced=500.0) for job in problem.jobs)
    measures = {one.id: {Measure.LICENCES: float(random.randrange(2))} for one in options}
    return replace(problem, options=options, jobs=jobs), measures


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.sampled_from(ORDERS))
def test_an_order_of_objectives_is_the_least_of_all_schedules_in_that_order(seed: int, order) -> None:
    problem, measures = measured(seed)
    last, found, levels = in_order(problem, measures, order)
    assert violations(last, found) == ()
    by_level = [weighted(problem, measures, weights) for weights in order]
    least = min(tuple(round(one.objective(slots).objective_usd, 3) for one in by_level) for slots in schedules(problem))
    assert tuple(level.value for level in levels) == pytest.approx(least, abs=0.02)


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.sampled_from([0.5, 3.0, 20.0]))
def test_a_price_on_concentration_is_weighed_as_enumeration_weighs_it(seed: int, usd: float) -> None:
    problem, measures = measured(seed)
    dear = weighted(problem, measures, {Measure.COST: 1.0, Measure.LATENESS: 1.0, Measure.CONCENTRATION: usd})
    found = solve(dear)
    assert violations(dear, found) == ()
    least = min(dear.objective(slots).objective_usd for slots in schedules(dear))
    assert found.objective_usd == pytest.approx(least, abs=1e-3)
    assert found.parts.peak_usd == usd * values(dear, measures, found.slots)[Measure.CONCENTRATION]


def test_a_front_between_cost_and_concentration_has_no_point_that_another_beats() -> None:
    pair = (Measure.COST, Measure.CONCENTRATION)
    longest = 0
    for seed in range(12):
        problem, measures = measured(seed)
        points = front(problem, measures, pair)
        told = [tuple(point.values[one] for one in pair) for point in points]
        assert all(a[0] < b[0] and a[1] > b[1] for a, b in pairwise(told))
        longest = max(longest, len(told))
    assert longest >= 2


def test_a_large_problem_keeps_to_what_came_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "_FEW_OPTIONS", 0)
    monkeypatch.setattr(solving, "_MANY_OPTIONS", 0)
    for seed in range(6):
        problem, measures = measured(seed)
        last, found, levels = in_order(problem, measures, ORDERS[2], time_limit_s=0.2)
        assert violations(last, found) == ()
        assert all(level.bound <= level.value + 1e-6 for level in levels)


def test_the_checker_refuses_a_schedule_that_passes_a_limit_or_hides_its_peak() -> None:
    problem, measures = measured(3)
    best = solve(problem)
    assert best.slots
    limit = Limit(weighted(problem, measures, {Measure.COST: 1.0}), best.parts.cost_usd - 1.0)
    assert any("limit 1" in line for line in violations(replace(problem, limits=(limit,)), best))
    assert any("peak" in line for line in violations(replace(problem, usd_per_peak=2.0), best))


def test_an_order_is_read_and_a_mistake_in_it_is_told() -> None:
    assert read_order("licences/cost=1,lateness=2") == (
        {Measure.LICENCES: 1.0},
        {Measure.COST: 1.0, Measure.LATENESS: 2.0},
    )
    with pytest.raises(PlanError, match="is no measure"):
        read_order("licences/")


def test_slots_are_counted_once_for_each_group() -> None:
    problem, _ = measured(3)
    option = problem.options[0]
    (group, amount), *_ = option.counts
    assert problem.peak([Slot(option.job, option.id, 0)]) == amount
    assert group == option.site
