"""Estimates as a table for the terminal, as notes below it, and as JSON (docs/reference/output.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lexloci.model.estimate import Estimate
from lexloci.perf.token_price import usd_per_million_tokens
from lexloci.report.figures import days, interval, megawatt_hours, percent, significant, tonnes
from lexloci.report.json_form import estimate_form
from lexloci.report.plain import plain

if TYPE_CHECKING:
    from rich.table import Table


def estimate_table(title: str, found: Sequence[Estimate]) -> Table:
    """A row for each estimate: chips, speed, days, share of the peak, cost, energy and carbon, or why there is none."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=plain(title), title_justify="left")
    for head in (
        "workload\npool × chips",
        "tokens/s",
        "days",
        "of the peak, %",
        "USD",
        "USD / 1M tokens",
        "MWh\nt CO2e",
    ):
        table.add_column(head, justify="left" if head.startswith("workload") else "right", overflow="fold")
    for one in found:
        where = f"{plain(one.pool)} × {one.chips}" if one.chips else f"a copy from {plain(one.pool)}"
        name = Text(f"{plain(one.workload)}\n{where}")
        if not one.feasible:
            table.add_row(name, Text(f"no: {plain(one.reason)}"), *[""] * 5)
            continue
        if not one.chips:
            table.add_row(name, "", _two_lines(days(one.duration_s)), "", interval(one.cost_usd), "", "")
            continue
        price = usd_per_million_tokens(one)
        table.add_row(
            name,
            _two_lines(interval(one.tokens_per_s)),
            _two_lines(days(one.duration_s)),
            _shares(one),
            _two_lines(interval(one.cost_usd)),
            _two_lines(interval(price)) if price else "",
            f"{megawatt_hours(one.energy_kwh).split()[0]}\n{tonnes(one.carbon_kg).split()[0]}",
        )
    table.caption = "Ends of the 90 % interval in brackets."
    table.caption_justify = "left"
    return table


def estimate_notes(found: Sequence[Estimate]) -> list[str]:
    """What the estimates rest on and what they assume, each said once."""
    feasible = [one for one in found if one.feasible]
    supports = dict.fromkeys(
        f"{'nearest published run' if one.chips else 'figures'}: {plain(one.support)}" for one in feasible
    )
    warnings = dict.fromkeys(plain(warning) for one in feasible for warning in one.warnings)
    return [*supports, *warnings]


def estimates_json(found: Sequence[Estimate]) -> list[dict[str, Any]]:
    """Every estimate, with its job, its chips and its price of a million tokens."""
    return [
        {
            "workload": one.workload,
            "pool": one.pool,
            "chips": one.chips,
            **estimate_form(one),
            "usd_per_million_tokens": _price(one),
        }
        for one in found
    ]


def _price(one: Estimate) -> dict[str, float] | None:
    price = usd_per_million_tokens(one)
    return {"point": price.point, "low": price.low, "high": price.high} if price else None


def _shares(one: Estimate) -> str:
    """The share of the peak with its interval and name; of training, then the other conventions at their points."""
    (first, share), *others = one.shares_of_peak or ((one.utilisation_of, one.utilisation),)
    lines = [_two_lines(percent(share)), plain(first)]
    return "\n".join([*lines, *(f"{significant(100.0 * share.point)} {plain(name)}" for name, share in others)])


def _two_lines(text: str) -> str:
    return text.replace(" (", "\n(")
