"""A simulation as tables for the terminal and as JSON; rich is imported only when one is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any

from lexloci.report.figures import significant, usd
from lexloci.report.plain import plain
from lexloci.scenario.event import Happened
from lexloci.scenario.keep import form_of
from lexloci.scenario.risk import Risk
from lexloci.scenario.simulate import Simulation

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_MOST_FUTURES = 12


def simulation_json(found: Simulation) -> dict[str, Any]:
    """The whole simulation as a dict; money in USD, delays in days, shares from 0 to 1."""
    return {
        "name": found.name,
        "seed": found.seed,
        "samples": found.cost.samples,
        "undisturbed": {**asdict(found.undisturbed), "cost_usd": found.undisturbed.cost_usd},
        "cost_usd": risk_json(found.cost),
        "spent_usd": risk_json(found.spent),
        "days_late": risk_json(found.delay),
        "unplaced_mean": found.unplaced,
        "any_unplaced_share": found.any_unplaced,
        "hurts": [
            {
                "event": one.event,
                "times": one.times,
                "difference_usd": one.difference,
                "standard_error_usd": _finite(one.standard_error),
            }
            for one in found.hurts
        ],
        "futures": [
            {
                "events": form_of(one.happened),
                "times": one.times,
                "result": {**asdict(one.result), "cost_usd": one.result.cost_usd},
            }
            for one in found.futures
        ],
    }


def risk_json(risk: Risk) -> dict[str, Any]:
    """The figures of a sample; a standard error that is not known is null."""
    return {name: _finite(value) for name, value in asdict(risk).items()}


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def simulation_tables(found: Simulation) -> Iterator[RenderableType]:
    """What the plan may come to, which event hurts most, and the futures that were drawn most often."""
    from rich.text import Text

    cost, late = found.cost, found.delay
    yield Text(
        f"{plain(found.name)}: {cost.samples:,} samples of {len(found.futures):,} futures, seed {found.seed}; "
        f"{found.worked_out:,} worked out now; odds are those of the scenario file; not legal advice",
        style="italic",
    )
    table = table_of(
        ("", "undisturbed", "mean ± error", "median", _level(cost), f"CVaR {100 * cost.level:g} %", "worst")
    )
    for name, risk, before in (
        ("cost, USD, with what late work and work left out cost", cost, found.undisturbed.cost_usd),
        ("spent on work, lost work too, USD", found.spent, found.undisturbed.spent_usd),
        ("days late, all work", late, found.undisturbed.days_late),
    ):
        show = significant if risk is late else usd
        table.add_row(
            name,
            show(before),
            f"{show(risk.mean)} ± {show(risk.standard_error)}",
            show(risk.median),
            show(risk.value_at_risk),
            show(risk.cvar),
            show(risk.most),
        )
    yield table
    share = 100 * found.any_unplaced
    yield Text(f"work without a place in {share:.1f} % of the samples, {found.unplaced:.2f} jobs on average\n")
    yield _hurts(found)
    yield _futures(found)


def _level(risk: Risk) -> str:
    return f"VaR {100 * risk.level:g} %"


def _hurts(found: Simulation) -> Table:
    table = table_of(("event", "in samples", "dearer with it by, USD", "standard error"))
    for one in found.hurts:
        table.add_row(plain(one.event), f"{one.times:,}", usd(one.difference), usd(one.standard_error))
    return table


def _futures(found: Simulation) -> Table:
    table = table_of(("future", "samples", "cost, USD", "days late", "without a place", "moved"))
    for one in found.futures[:_MOST_FUTURES]:
        table.add_row(
            words_of(one.happened),
            f"{one.times:,}",
            usd(one.result.cost_usd),
            significant(one.result.days_late),
            str(one.result.unplaced),
            str(one.result.moved),
        )
    if len(found.futures) > _MOST_FUTURES:
        table.caption = f"and {len(found.futures) - _MOST_FUTURES} more: --json has all"
        table.caption_justify = "left"
    return table


def words_of(happened: Happened) -> str:
    """A future in words: its events with their days."""
    return plain(", ".join(f"{name} {day}" for name, day in form_of(happened)) or "nothing happens")


def table_of(headings: tuple[str, ...]) -> Table:
    """An empty table with these headings, the first column to the left."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), highlight=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place == 0 else "right", overflow="fold")
    return table
