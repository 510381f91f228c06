"""Strategies side by side, as tables for the terminal and as JSON; rich is imported only when one is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lexloci.report.figures import usd
from lexloci.report.plain import plain
from lexloci.report.simulation_table import risk_json, table_of, words_of
from lexloci.scenario.keep import form_of
from lexloci.scenario.robust import Robust, Strategy

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

METHOD = "selection from a finite set of first-stage plans by scenarios, with recourse by repair"


def robust_json(found: Robust) -> dict[str, Any]:
    """The whole comparison as a dict; money in USD, shares from 0 to 1."""
    return {
        "name": found.name,
        "method": METHOD,
        "samples": found.samples,
        "seed": found.seed,
        "strategies": [_strategy(one) for one in found.strategies],
        "least_mean": _strategy(found.least_mean),
        "least_cvar": _strategy(found.least_cvar),
        "least_regret": _strategy(found.least_regret),
        "ignoring": _strategy(found.ignoring),
        "foresight_mean_usd": found.foresight_mean,
        "worth_of_leases_usd": dict(found.worth_of_leases),
        "worth_of_waiting_usd": found.worth_of_waiting,
        "futures": [{"events": form_of(happened), "times": times} for happened, times in found.futures],
    }


def _strategy(one: Strategy) -> dict[str, Any]:
    return {
        "lease": one.lease or None,
        "made_for": form_of(one.made_for),
        "cost_usd": risk_json(one.cost),
        "mean_regret_usd": one.mean_regret,
        "greatest_regret_usd": one.greatest_regret,
        "any_unplaced_share": one.any_unplaced,
    }


def robust_tables(found: Robust) -> Iterator[RenderableType]:
    """The best by mean, by worst cases and by regret; then all strategies; then what leases and waiting are worth."""
    from rich.text import Text

    yield Text(
        f"{plain(found.name)}: {found.samples:,} samples of {len(found.futures):,} futures, seed {found.seed}; "
        f"{found.worked_out:,} worked out now; {METHOD}; odds are those of the scenario file; not legal advice",
        style="italic",
    )
    for words, one in (
        ("least mean cost", found.least_mean),
        (f"least CVaR {100 * found.level:g} %", found.least_cvar),
        ("least greatest regret", found.least_regret),
        ("the plan that ignores all events", found.ignoring),
    ):
        yield Text(f"  {words}: {strategy_words(one)}")
    yield _strategies(found)
    gain = found.ignoring.cost.mean - found.least_mean.cost.mean
    yield Text(f"planning for what may happen is worth USD {usd(gain)} on average against ignoring it")
    yield Text(f"full foresight would be worth USD {usd(found.least_mean.cost.mean - found.foresight_mean)} more")
    for offer, worth in found.worth_of_leases.items():
        yield Text(f"signing {plain(offer)} is worth USD {usd(worth)} on average, its price paid")
    if found.worth_of_waiting is not None:
        yield Text(f"waiting until the last day is worth USD {usd(found.worth_of_waiting)} on average against now")


def strategy_words(one: Strategy) -> str:
    """A strategy in words: the lease, and for what the plan is made."""
    plan = "plan as if nothing happens" if one.ignores_events else f"plan for {words_of(one.made_for)}"
    lease = {"": "", "none": "sign no lease, ", "wait": "wait, then sign what is best, "}.get(
        one.lease, f"sign {plain(one.lease)}, "
    )
    return lease + plan


def _strategies(found: Robust) -> Table:
    level = f"CVaR {100 * found.level:g} %"
    headings = ("strategy", "mean cost, USD", level, "worst", "mean regret", "greatest regret", "no place in")
    table = table_of(headings)
    for one in found.strategies:
        table.add_row(
            strategy_words(one),
            usd(one.cost.mean),
            usd(one.cost.cvar),
            usd(one.cost.most),
            usd(one.mean_regret),
            usd(one.greatest_regret),
            f"{100 * one.any_unplaced:.1f} %",
        )
    return table
