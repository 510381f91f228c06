"""The commands that look ahead: simulate and robust."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer

from lexloci.case import read_portfolio
from lexloci.cli.plans import progress_line
from lexloci.cli.show import print_json, show
from lexloci.law.rule import Rule
from lexloci.model.portfolio import Basis
from lexloci.plan.planner import with_question
from lexloci.plan.record_names import refuse_wrong_records, wrong_records
from lexloci.rulebook.book import bills, bundled_rulebook, supposed_rulebook
from lexloci.scenario.bench import Setup, Trial
from lexloci.scenario.event import EventKind
from lexloci.scenario.keep import Kept
from lexloci.scenario.scenario_file import read_scenario
from lexloci.scenario.simulate import PLANNED, simulate
from lexloci.scenario.workers import Sharing
from lexloci.scenario.world import World


@dataclass(frozen=True, slots=True)
class Run:
    """How it is run: samples, seed, level of value at risk, file of finished work, who works, work of a search."""

    samples: int
    seed: int
    level: float
    keep: Path | None
    workers: int
    ray: str | None
    time_limit_s: float


def simulate_files(portfolio: str, scenario: str, basis: Basis | None, run: Run, as_json: bool) -> bool:
    """Print what the plan may come to; True where no sample leaves work without a place."""
    from lexloci.report.simulation_table import simulation_json, simulation_tables

    setup = setup_of(portfolio, scenario, basis, run.time_limit_s)
    with kept_for(setup, run.keep) as kept, progress_line() as tell:
        found = simulate(
            setup,
            run.samples,
            seed=run.seed,
            level=run.level,
            kept=kept,
            sharing=Sharing(run.workers, run.ray, tell),
        )
    if as_json:
        print_json(simulation_json(found))
    else:
        for part in simulation_tables(found):
            show(part)
    return not found.any_unplaced


def robust_files(portfolio: str, scenario: str, basis: Basis | None, candidates: int, run: Run, as_json: bool) -> bool:
    """Print which plan and lease is good whatever comes; True where that of least mean cost always places all work."""
    from lexloci.report.robust_table import robust_json, robust_tables
    from lexloci.scenario.robust import robust

    setup = setup_of(portfolio, scenario, basis, run.time_limit_s)
    with kept_for(setup, run.keep) as kept, progress_line() as tell:
        found = robust(
            setup,
            run.samples,
            seed=run.seed,
            level=run.level,
            candidates=candidates,
            kept=kept,
            sharing=Sharing(run.workers, run.ray, tell),
        )
    if as_json:
        print_json(robust_json(found))
    else:
        for part in robust_tables(found):
            show(part)
    return not found.least_mean.any_unplaced


def setup_of(portfolio_file: str, scenario_file: str, basis: Basis | None, time_limit_s: float) -> Setup:
    """The question of two files; InputError with every mistake of the one or the other."""
    portfolio = with_question(read_portfolio(portfolio_file, further=wrong_records), None, None, basis)
    rulebook = bundled_rulebook()
    refuse_wrong_records(portfolio, rulebook)
    scenario = read_scenario(scenario_file, portfolio, rulebook, bills())
    wanted = {event.thing for event in scenario.events if event.kind is EventKind.BILL_PASSES}
    world = World(portfolio, rulebook, rules_of_bills(wanted))
    return Setup(world, scenario, {PLANNED: Trial()}, time_limit_s)


def rules_of_bills(wanted: set[str]) -> dict[str, Rule]:
    """The rules that some bills would be, by id."""
    if not wanted:
        return {}
    supposed = supposed_rulebook(dict.fromkeys(sorted(wanted), date.max))
    return {name: supposed.rule(name) for name in wanted}


@contextmanager
def kept_for(setup: Setup, path: Path | None) -> Iterator[Kept]:
    """The finished work of a question; a stop says what was kept, and how to go on."""
    with Kept(path, setup.digest()) as kept:
        try:
            yield kept
        except KeyboardInterrupt:
            if path is not None:
                done = f"{len(kept.results)} futures are kept in {path}"
                typer.echo(f"{done}; the same command goes on from there", err=True)
            raise
