"""What a plan is to make small: one measure, a weighted sum of several, or the front between two of them.

A weighted sum is a problem like any other: the weights go into the price of each option and into the rate of lateness.
Leaving a workload out costs what it costs, in USD, whatever the weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import fsum
from typing import Any

from lexloci.model.errors import PlanError
from lexloci.plan.problem import Limit, Problem, Schedule, Slot
from lexloci.plan.solve import solve


class Measure(StrEnum):
    """What can be made small, with its unit.

    ``reviews``: contested points that placements rest on and rules that a record sets aside, which a person must look
    at again. ``concentration``: the chip-hours in the country that has most of them.
    """

    COST = "cost"
    LATENESS = "lateness"
    COMPLETION = "completion"
    ENERGY = "energy"
    CARBON = "carbon"
    LICENCES = "licences"
    REVIEWS = "reviews"
    CONCENTRATION = "concentration"

    @property
    def unit(self) -> str:
        """The unit in which it is counted."""
        return _UNITS[self]


_UNITS = {
    Measure.COST: "USD",
    Measure.LATENESS: "USD",
    Measure.COMPLETION: "hours",
    Measure.ENERGY: "kWh",
    Measure.CARBON: "kg",
    Measure.LICENCES: "licences",
    Measure.REVIEWS: "points",
    Measure.CONCENTRATION: "chip-hours",
}
USUAL = {Measure.COST: 1.0, Measure.LATENESS: 1.0}
"""The objective where nobody names another: USD for price and for lateness."""

Weights = Mapping[Measure, float]
OptionMeasures = Mapping[str, Mapping[Measure, float]]
"""By option: its energy, carbon, licences and points for review; what is missing counts 0."""


def unit_of(weights: Weights) -> str:
    """The unit of the objective under these weights, in words."""
    counted = {one: weight for one, weight in weights.items() if weight}
    if all(weight == 1.0 and one.unit == "USD" for one, weight in counted.items()):
        return "USD"
    return " + ".join(f"{weight:g} x {one.value} ({one.unit})" for one, weight in counted.items())


@dataclass(frozen=True)
class FrontPoint:
    """A plan of the front: what each measure comes to, and the plan."""

    values: Mapping[Measure, float]
    schedule: Schedule


def read_weights(text: str) -> dict[Measure, float]:
    """The weights of a text such as ``cost=1,carbon=0.2``; a name alone counts 1. PlanError in a line."""
    weights: dict[Measure, float] = {}
    for part in text.split(","):
        name, _, figure = part.strip().partition("=")
        if name not in list(Measure):
            known = ", ".join(Measure)
            raise PlanError(
                f"objective {text!r}: {name!r} is no measure; write some of {known}, such as cost=1,carbon=0.2"
            )
        try:
            weight = float(figure or "1")
        except ValueError:
            weight = -1.0
        if not 0.0 <= weight < float("inf"):
            raise PlanError(f"objective {text!r}: {figure!r} is no weight; write a finite figure of 0 or more")
        weights[Measure(name)] = weight
    return weights


def read_order(text: str) -> tuple[dict[Measure, float], ...]:
    """The objectives of a text such as ``licences/cost=1,lateness=1``, most important first. PlanError in a line."""
    return tuple(read_weights(part) for part in text.split("/"))


def weighted(problem: Problem, measures: OptionMeasures, weights: Weights) -> Problem:
    """The problem whose objective is the weighted sum, in USD and the units of ``Measure``.

    Lateness counts only where it has a weight. ``completion`` is the sum over workloads of the hour at which they end;
    PlanError where it is asked for together with lateness, which no price of an end can say.
    """
    late, completion = weights.get(Measure.LATENESS, 0.0), weights.get(Measure.COMPLETION, 0.0)
    if late and completion:
        raise PlanError("objective: lateness and completion together; name one of them")
    if completion:
        jobs = tuple(replace(job, due_h=0, usd_per_hour_late=completion) for job in problem.jobs)
    else:
        jobs = tuple(replace(job, usd_per_hour_late=job.usd_per_hour_late * late) for job in problem.jobs)
    cost = weights.get(Measure.COST, 0.0)
    further = [(one, weight) for one, weight in weights.items() if weight and one in _OF_OPTION]
    options = tuple(
        replace(
            option,
            usd=fsum([cost * option.usd, *(w * measures.get(option.id, {}).get(one, 0.0) for one, w in further)]),
        )
        for option in problem.options
    )
    quotes = tuple(replace(one, usd=cost * one.usd, usd_per_hour=cost * one.usd_per_hour) for one in problem.quotes)
    peak = weights.get(Measure.CONCENTRATION, 0.0)
    return replace(problem, jobs=jobs, options=options, quotes=quotes, usd_per_peak=peak, limits=())


_OF_OPTION = (Measure.ENERGY, Measure.CARBON, Measure.LICENCES, Measure.REVIEWS)


def values(problem: Problem, measures: OptionMeasures, slots: Iterable[Slot]) -> dict[Measure, float]:
    """What each measure comes to in a schedule."""
    placed = list(slots)
    parts = problem.objective(placed)
    found = {Measure.COST: parts.cost_usd + parts.quotes_usd, Measure.LATENESS: parts.lateness_usd}
    ends = (slot.start_h + problem.option_by_id[slot.option].hours for slot in placed)
    found[Measure.COMPLETION] = float(sum(ends))
    for one in _OF_OPTION:
        found[one] = fsum(measures.get(slot.option, {}).get(one, 0.0) for slot in placed)
    found[Measure.CONCENTRATION] = float(problem.peak(placed))
    return found


@dataclass(frozen=True)
class Level:
    """One objective of an order: its weights, what the plan comes to in it, and the bound under those before it."""

    weights: Weights
    value: float
    bound: float


def in_order(
    problem: Problem, measures: OptionMeasures, order: Sequence[Weights], **settings: Any
) -> tuple[Problem, Schedule, tuple[Level, ...]]:
    """The best plan for the first objective; among these the best for the second; and so on.

    Each objective is solved in its turn, with those before it as limits that may not be passed. Returns the last
    problem with its schedule, and what each objective came to. Where a turn ends before its optimum is proven, the
    next keeps to what it found. ``settings`` as of ``solve``, for each turn.
    """
    levels: list[Level] = []
    limits: list[Limit] = []
    schedule: Schedule | None = None
    current = problem
    for weights in order:
        current = replace(weighted(problem, measures, weights), limits=tuple(limits))
        if schedule is not None:
            settings = settings | {"warm_start": schedule.slots, "checkpoint": None}
        schedule = solve(current, **settings)
        levels.append(Level(weights, schedule.objective_usd, schedule.bound_usd))
        limits.append(Limit(replace(current, limits=()), schedule.objective_usd))
    if schedule is None:
        raise PlanError("objective: names nothing to make small; write a measure, such as cost")
    return current, schedule, tuple(levels)


def front(
    problem: Problem,
    measures: OptionMeasures,
    pair: tuple[Measure, Measure],
    *,
    points: int = 7,
    **settings: Any,
) -> tuple[FrontPoint, ...]:
    """Plans between the best for one measure and the best for the other, up to so many; ``settings`` as of ``solve``.

    First the two ends; then, between two neighbours, the plan that is best for the weights at which both are equal
    (Y. P. Aneja and K. P. K. Nair, Management Science 25, 1979). Where the solver proves its optima these are points of
    the lower hull of the front; plans above the hull are not found. Only plans that leave out as little as the others
    are compared.
    """
    one, other = pair
    found = {}
    slight = 1e-6
    for main, second in ((one, other), (other, one)):
        point = _solved(problem, measures, {main: 1.0, second: slight}, settings)
        found[point.values[one], point.values[other]] = point
    waiting = [tuple(sorted(found))]
    while waiting and len(found) < points:
        ends = waiting.pop(0)
        if len(ends) < 2:
            break
        (left_one, left_other), (right_one, right_other) = ends
        weights = {one: left_other - right_other, other: right_one - left_one}
        if min(weights.values()) <= 0.0:
            continue
        scale = max(weights.values())
        point = _solved(problem, measures, {key: weight / scale for key, weight in weights.items()}, settings)
        middle = (point.values[one], point.values[other])
        on_line = weights[one] * left_one + weights[other] * left_other
        gain = on_line - weights[one] * middle[0] - weights[other] * middle[1]
        if gain > 1e-6 * abs(on_line) and middle not in found:
            found[middle] = point
            waiting += [(ends[0], middle), (middle, ends[1])]
    return _undominated([found[key] for key in sorted(found)], pair)


def _solved(problem: Problem, measures: OptionMeasures, weights: Weights, settings: Mapping[str, Any]) -> FrontPoint:
    schedule = solve(weighted(problem, measures, weights), **settings)
    return FrontPoint(values(problem, measures, schedule.slots), schedule)


def _undominated(points: list[FrontPoint], pair: tuple[Measure, Measure]) -> tuple[FrontPoint, ...]:
    """The points that no other beats in one measure without losing in the other, or that leaves out fewer workloads."""
    fewest = min(len(point.schedule.unplaced) for point in points)
    rest = [point for point in points if len(point.schedule.unplaced) == fewest]
    one, other = pair
    return tuple(
        point
        for point in rest
        if not any(
            (rival.values[one], rival.values[other]) != (point.values[one], point.values[other])
            and rival.values[one] <= point.values[one]
            and rival.values[other] <= point.values[other]
            for rival in rest
        )
    )
