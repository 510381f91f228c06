"""A weighted objective is the sum that it says, a front holds its ends and the lower hull, mistakes are one line."""

from __future__ import annotations

from random import Random

import pytest
from plan_oracle import least_objective_usd
from plan_problems import tiny_problem

from lexloci.cli.plan_more import read_pair
from lexloci.model.errors import PlanError
from lexloci.plan.check import violations
from lexloci.plan.objective import USUAL, Measure, front, read_weights, values, weighted
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem
from lexloci.plan.solve import solve


def measured(problem: Problem, seed: int) -> dict[str, dict[Measure, float]]:
    random = Random(seed)
    return {
        option.id: {Measure.CARBON: random.randrange(0, 80) / 8, Measure.LICENCES: float(random.randrange(3))}
        for option in problem.options
    }


def test_the_usual_weights_leave_the_problem_as_it_is() -> None:
    for seed in range(50):
        problem = tiny_problem(seed)
        assert weighted(problem, {}, USUAL) == problem


@pytest.mark.parametrize(
    "weights",
    [
        {Measure.CARBON: 1.0},
        {Measure.COST: 1.0, Measure.CARBON: 0.5, Measure.LICENCES: 3.0},
        {Measure.COST: 2.0, Measure.LATENESS: 0.25},
        {Measure.COMPLETION: 1.0, Measure.COST: 0.125},
    ],
    ids=str,
)
def test_a_weighted_objective_is_the_sum_of_what_the_measures_come_to(weights: dict[Measure, float]) -> None:
    for seed in range(40):
        problem = tiny_problem(seed)
        measures = measured(problem, seed)
        other = weighted(problem, measures, weights)
        schedule = solve(other)
        assert violations(other, schedule) == ()
        assert schedule.objective_usd == pytest.approx(least_objective_usd(other), abs=1e-3)
        found = values(problem, measures, schedule.slots)
        told = sum(weight * found[one] for one, weight in weights.items()) + schedule.parts.unplaced_usd
        assert schedule.objective_usd == pytest.approx(told, abs=1e-6), seed


def test_lateness_and_completion_are_not_weighed_together() -> None:
    with pytest.raises(PlanError, match="name one of them"):
        weighted(tiny_problem(1), {}, {Measure.LATENESS: 1.0, Measure.COMPLETION: 1.0})


def three_places() -> tuple[Problem, dict[str, dict[Measure, float]]]:
    """A job with three places on the hull of cost and carbon, one above the hull, and one that is worse in both."""
    figures = {"dirty": (1.0, 9.0), "middle": (3.0, 3.0), "clean": (9.0, 1.0), "above": (6.0, 2.5), "worse": (9.5, 9.5)}
    options = tuple(
        Option(name, "x", "a", "north", nodes=1, hours=1, usd=usd, windows_h=((0, 9),))
        for name, (usd, _) in figures.items()
    )
    pools = (PoolCapacity("a", "north", ((0, 9, 1),)),)
    problem = Problem((Job("x", 100.0),), options, pools, horizon_h=9)
    return problem, {name: {Measure.CARBON: carbon} for name, (_, carbon) in figures.items()}


def test_a_front_holds_both_ends_and_the_points_of_the_lower_hull_and_no_other() -> None:
    problem, measures = three_places()
    points = front(problem, measures, (Measure.COST, Measure.CARBON))
    assert [point.schedule.slots[0].option for point in points] == ["dirty", "middle", "clean"]
    assert [point.values[Measure.COST] for point in points] == [1.0, 3.0, 9.0]


def test_a_front_of_few_points_holds_at_least_its_ends() -> None:
    problem, measures = three_places()
    points = front(problem, measures, (Measure.COST, Measure.CARBON), points=2)
    assert [point.schedule.slots[0].option for point in points] == ["dirty", "clean"]


def test_no_point_of_a_front_is_beaten_by_another() -> None:
    for seed in range(25):
        problem = tiny_problem(seed)
        points = front(problem, measured(problem, seed), (Measure.COST, Measure.CARBON))
        pairs = [(point.values[Measure.COST], point.values[Measure.CARBON]) for point in points]
        assert pairs == sorted(pairs)
        assert [carbon for _, carbon in pairs] == sorted((carbon for _, carbon in pairs), reverse=True)
        assert len({len(point.schedule.unplaced) for point in points}) == 1


def test_weights_are_read_from_the_command_line() -> None:
    assert read_weights("cost=1, carbon=0.2,licences") == {
        Measure.COST: 1.0,
        Measure.CARBON: 0.2,
        Measure.LICENCES: 1.0,
    }
    assert read_pair("cost, carbon") == (Measure.COST, Measure.CARBON)


@pytest.mark.parametrize("text", ["", "price", "cost=", "cost=-1", "cost=inf", "cost=nan", "cost=much", "carbon,,cost"])
def test_weights_without_meaning_are_refused_in_a_line(text: str) -> None:
    if text == "cost=":
        assert read_weights(text) == {Measure.COST: 1.0}
        return
    with pytest.raises(PlanError) as refused:
        read_weights(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "cost", "cost,cost", "cost,price", "cost,carbon,energy"])
def test_a_pair_without_meaning_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(PlanError, match="write two of"):
        read_pair(text)
