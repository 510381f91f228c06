"""What may a plan come to? Samples of futures by their odds: distribution of cost and delay, which event hurts most.

Samples in which the same events happen on the same days share one future, which is worked out once. The same seed
gives the same samples, and the same figures, whoever works them out and in whatever order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lexloci.scenario.bench import Bench, Setup
from lexloci.scenario.event import Happened
from lexloci.scenario.futures import NOTHING, Result
from lexloci.scenario.keep import Kept, Task
from lexloci.scenario.risk import Hurt, Risk, hurt_by, risk_of
from lexloci.scenario.sampling import factor_of, sample
from lexloci.scenario.workers import ALONE, Crew, Sharing, work_off

PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Future:
    """A future that was drawn: its events, how often, and what the plan comes to in it."""

    happened: Happened
    times: int
    result: Result


@dataclass(frozen=True)
class Simulation:
    """What a plan may come to: without events, and over all samples; costs in USD, delays in days of all work.

    ``any_unplaced`` is the share of samples in which work is left without a place, ``unplaced`` the mean number.
    """

    name: str
    seed: int
    undisturbed: Result
    cost: Risk
    spent: Risk
    delay: Risk
    unplaced: float
    any_unplaced: float
    hurts: tuple[Hurt, ...]
    futures: tuple[Future, ...]
    worked_out: int


def draw(setup: Setup, samples: int, seed: int) -> list[Happened]:
    """The futures of all samples, in their order."""
    factor = factor_of(setup.scenario)
    return [sample(setup.scenario, seed, number, factor) for number in range(samples)]


def simulate(
    setup: Setup,
    samples: int,
    *,
    seed: int = 1,
    level: float = 0.95,
    kept: Kept,
    sharing: Sharing = ALONE,
) -> Simulation:
    """What the plan that ignores all events may come to; finished futures are kept in ``kept`` as they are done."""
    drawn = draw(setup, samples, seed)
    tasks: list[Task] = [(PLANNED, happened) for happened in dict.fromkeys([NOTHING, *drawn])]
    worked_out = finish(setup, tasks, kept, sharing)
    results = [kept.results[PLANNED, happened] for happened in drawn]
    costs = [result.cost_usd for result in results]
    names = [event.id for event in setup.scenario.events]
    hurts = [hurt_by(name, costs, [name in {one for one, _ in happened} for happened in drawn]) for name in names]
    times = Counter(drawn)
    return Simulation(
        name=setup.scenario.name,
        seed=seed,
        undisturbed=kept.results[PLANNED, NOTHING],
        cost=risk_of(costs, level),
        spent=risk_of([result.spent_usd for result in results], level),
        delay=risk_of([result.days_late for result in results], level),
        unplaced=sum(result.unplaced for result in results) / samples,
        any_unplaced=sum(1 for result in results if result.unplaced) / samples,
        hurts=tuple(sorted(hurts, key=lambda one: (one.difference is None, -(one.difference or 0.0), one.event))),
        futures=tuple(
            Future(happened, count, kept.results[PLANNED, happened])
            for happened, count in sorted(times.items(), key=lambda one: (-one[1], sorted(one[0])))
        ),
        worked_out=worked_out,
    )


def finish(
    setup: Setup,
    tasks: list[Task],
    kept: Kept,
    sharing: Sharing = ALONE,
    bench: Bench | None = None,
    crew: Crew | None = None,
) -> int:
    """Works off the tasks that are not kept yet, keeps each result as it comes, and returns how many there were."""
    left = [task for task in tasks if task not in kept.results]
    done = work_off(setup, left, workers=sharing.workers, ray=sharing.ray, bench=bench, crew=crew)
    for place, (task, result) in enumerate(done, 1):
        kept.add(task, result)
        if sharing.progress:
            sharing.progress(f"{place} of {len(left)} futures worked out, {len(tasks) - len(left)} were kept")
    return len(left)
