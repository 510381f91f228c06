"""The command that plans, and what it shares with those that compare plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer

from lexloci.case import read_portfolio
from lexloci.cli.plan_more import read_pair, show_front
from lexloci.cli.show import print_json
from lexloci.law.rule import Rulebook
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.plan.objective import USUAL, read_order
from lexloci.plan.planner import Planned, make_plan, with_question
from lexloci.plan.record_names import wrong_records
from lexloci.plan.search_settings import USUAL_SETTINGS, SearchSettings
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.compare_types import Comparison

Question = tuple[date | None, date | None, Basis | None]


@dataclass(frozen=True)
class More:
    """What else was asked of ``plan``, as it was written on the command line."""

    objective: str = ""
    pareto: str = ""
    insight: bool = False
    seed: int = 1
    checkpoint: Path | None = None

    def settings(self) -> SearchSettings:
        """How the plan is searched for; PlanError where the objective has no meaning."""
        weights, *then = read_order(self.objective) if self.objective else (USUAL,)
        return SearchSettings(seed=self.seed, checkpoint=self.checkpoint, weights=weights, then=tuple(then))


def plan_file(
    file: str,
    question: Question,
    *,
    assume_granted: bool,
    time_limit_s: float,
    report: Path | None,
    between: tuple[date, date] | None,
    as_json: bool,
    more: More,
) -> bool:
    """Print the plan of a portfolio, and write the report if asked; True when every workload has a place."""
    portfolio = with_question(read_portfolio(file, further=wrong_records), *question)
    pair = read_pair(more.pareto) if more.pareto else None
    planned = _planned(portfolio, assume_granted, time_limit_s, more.settings())
    if pair is not None:
        show_front(planned, pair, time_limit_s, as_json=as_json)
        return not planned.plan.unplaced
    comparison = _comparison(portfolio, between, assume_granted, time_limit_s) if between else None
    if as_json:
        from lexloci.report.json_form import plan_json

        print_json(plan_json(planned.plan))
    else:
        _show(planned)
        if comparison is not None:
            show_comparison(comparison)
        if more.insight:
            _show_insight(planned, time_limit_s)
    if report is not None:
        _write_report(planned, comparison, report)
    return not planned.plan.unplaced


def _comparison(portfolio: Portfolio, days: tuple[date, date], assume_granted: bool, time_limit_s: float) -> Comparison:
    from lexloci.scenario.compare import compare

    before, after = (_planned(with_question(portfolio, day, None, None), assume_granted, time_limit_s) for day in days)
    return compare(before, after, f"as of {days[0]}", f"as of {days[1]}")


def show_comparison(comparison: Comparison) -> None:
    """Print what moved between two plans."""
    from lexloci.cli.show import show
    from lexloci.report.tables import comparison_table

    show(comparison_table(comparison))


def _show(planned: Planned) -> None:
    from lexloci.cli.show import show
    from lexloci.plan.late import days_late, late_work
    from lexloci.report.plain import plain
    from lexloci.report.set_aside import set_aside
    from lexloci.report.tables import contracts_table, next_best_table, plan_table, set_aside_table, unplaced_table

    plan = planned.plan
    if plan.placements:
        show(plan_table(plan))
        show(next_best_table(plan))
    if plan.contracts:
        show(contracts_table(plan))
    if set_aside(plan):
        show(set_aside_table(plan))
    if plan.unplaced:
        show(unplaced_table(plan))
    for words in plan.assumptions:
        typer.echo(f"assumption: {plain(words)}")
    for workload, days in late_work(plan, planned.portfolio).items():
        typer.echo(f"{plain(workload)}: {days_late(days)}")
    for level in plan.levels[:-1]:
        typer.echo(f"first {level.value:,.6g} of {level.unit}, bound {level.bound:,.6g}; then:")
    typer.echo(
        f"objective {plan.objective:,.0f} {plan.unit} (cost, late days, work left out), "
        f"bound {plan.bound:,.0f}, gap {plan.gap:,.0f} ({plan.solver_status}); "
        f"as of {plan.as_of}, known at {plan.known_at}, basis {plan.basis.value}, rulebook {plan.rulebook}; "
        "not legal advice"
    )


def _planned(
    portfolio: Portfolio, assume_granted: bool, time_limit_s: float, settings: SearchSettings = USUAL_SETTINGS
) -> Planned:
    return planned_under(portfolio, bundled_rulebook(), assume_granted, time_limit_s, settings)


def _show_insight(planned: Planned, time_limit_s: float) -> None:
    from lexloci.cli.plan_more import show_insight
    from lexloci.plan.insight import insight_of

    with progress_line() as tell:
        found = insight_of(planned, bundled_rulebook(), time_limit_s=time_limit_s, progress=tell)
    show_insight(found)


def planned_under(
    portfolio: Portfolio,
    rulebook: Rulebook,
    assume_granted: bool,
    time_limit_s: float,
    settings: SearchSettings = USUAL_SETTINGS,
) -> Planned:
    """The plan of a portfolio under a rulebook, with progress on standard error."""
    with progress_line() as tell:
        return make_plan(
            portfolio,
            rulebook,
            assume_granted=assume_granted,
            time_limit_s=time_limit_s,
            progress=tell,
            settings=settings,
        )


@contextmanager
def progress_line() -> Iterator[Callable[[str], None]]:
    """A line on standard error that says what is being done; silent where that is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _text: None
        return
    with console.status("reading") as status:
        yield status.update


def _write_report(planned: Planned, comparison: Comparison | None, path: Path) -> None:
    """Write the report beside its name and move it into place, so that nothing half-written is left."""
    from lexloci.report.html import report_html
    from lexloci.report.matrix_of import matrix_of_plan

    text = report_html(planned.plan, planned.portfolio, matrix_of_plan(planned), comparison)
    unfinished = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise LexlociError(f"{path}: the report cannot be written: {error.strerror}; choose another place") from None
    typer.echo(f"report: {path}", err=True)
