"""Times `robust` on 100 workloads and 200 different futures: python benchmarks/robust.py [FUTURES [WORKLOADS [CORES]]].

The portfolio is the example of South-East Asia with its work copied and scaled under a fixed seed: an invented size,
the law and the estimates as they are. The scenario is that of the example with more days and more events, so that
nearly every sample is a future of its own; samples are drawn until there are as many futures as asked. Two processes
work them off, or as many as asked. Prints seconds of the clock and of the processors, and what was worked out.
"""  # noqa: INP001 -- a script, not a package

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from lexloci.case import read_portfolio
from lexloci.cli.futures import rules_of_bills
from lexloci.model.portfolio import Portfolio
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.rulebook.book import bills, bundled_rulebook
from lexloci.scenario.bench import Setup, Trial
from lexloci.scenario.event import Event, EventKind
from lexloci.scenario.keep import Kept
from lexloci.scenario.robust import robust
from lexloci.scenario.scenario_file import read_scenario
from lexloci.scenario.simulate import PLANNED, draw
from lexloci.scenario.workers import Sharing
from lexloci.scenario.world import World

EXAMPLE = Path(__file__).parents[1] / "examples" / "southeast-asia"
SEED = 20260831


def many(portfolio: Portfolio, count: int) -> Portfolio:
    """The portfolio with so many workloads: copies of its own with a share of the tokens or of the demand."""
    random = Random(SEED)
    own = [one for one in portfolio.workloads if one.kind is not WorkloadKind.COPY]
    jobs: list[Workload] = []
    while len(jobs) < count:
        one = own[len(jobs) % len(own)]
        share = random.uniform(0.02, 0.15)
        demand = replace(one.demand, output_tokens_per_s=one.demand.output_tokens_per_s * share) if one.demand else None
        release = portfolio.as_of + timedelta(days=random.randrange(0, 240))
        jobs.append(
            replace(
                one,
                id=f"{one.id}-{len(jobs)}",
                tokens=one.tokens * share if one.tokens else None,
                demand=demand,
                days=30.0 if demand else None,
                release=release,
                deadline=release + timedelta(days=random.randrange(45, 120)),
                usd_per_day_late=1000.0,
                after=(),
            )
        )
    models = tuple(model if model.located_at else replace(model, located_at="zhangbei") for model in portfolio.models)
    return replace(portfolio, workloads=tuple(jobs), models=models)


def cpu_s() -> float:
    """Seconds of the processor of this process and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main(futures: int, workloads: int, cores: int) -> None:
    """Build, draw, run, print."""
    rulebook = bundled_rulebook()
    portfolio = many(read_portfolio(EXAMPLE / "portfolio.yaml"), workloads)
    scenario = read_scenario(EXAMPLE / "scenario.yaml", portfolio, rulebook, bills())
    days = tuple(date(2026, month, 1) for month in range(2, 12))
    more = [
        Event(f"lost-{site}", EventKind.SITE_LOST, site, days, 0.3, "assumption: a benchmark", days=30)
        for site in ("singapore", "guian", "zhangbei")
    ]
    events = tuple(replace(one, probability=max(one.probability, 0.3)) for one in scenario.events)
    scenario = replace(scenario, events=(*events, *more), offers=(), decide_by=None)
    wanted = {one.thing for one in events if one.kind is EventKind.BILL_PASSES}
    setup = Setup(World(portfolio, rulebook, rules_of_bills(wanted)), scenario, {PLANNED: Trial()}, 2.0)
    samples = futures
    while len(set(draw(setup, samples, SEED))) < futures:
        samples += 5
    wall, cpu = time.perf_counter(), cpu_s()

    def tell(words: str) -> None:
        sys.stderr.write(f"\r{time.perf_counter() - wall:6.0f} s  {words}")

    with Kept(None, "") as kept:
        found = robust(setup, samples, seed=SEED, candidates=4, kept=kept, sharing=Sharing(cores, progress=tell))
    took = time.perf_counter() - wall, cpu_s() - cpu
    sys.stdout.write(
        f"\n{workloads} workloads, {samples} samples of {len(found.futures)} futures, {len(found.strategies)} plans: "
        f"{took[0]:.0f} s on the clock, {took[1]:.0f} s of {cores} cores, {found.worked_out} plans followed or made\n"
    )
    for name in ("least_mean", "least_cvar", "least_regret", "ignoring"):
        one = getattr(found, name)
        figures = f"mean {one.cost.mean:,.0f}, CVaR {one.cost.cvar:,.0f}, greatest regret {one.greatest_regret:,.0f}"
        sys.stdout.write(f"  {name}: {figures}\n")


if __name__ == "__main__":
    asked = [int(one) for one in sys.argv[1:]]
    main(*asked, *(200, 100, 2)[len(asked) :])
