"""Plans, matrices and comparisons as tables for the terminal; rich is imported only when one is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lexloci.report.figures import days, significant, usd, usd_change
from lexloci.report.outcome_style import style_of
from lexloci.report.plain import plain
from lexloci.report.why_text import outcome_text

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from lexloci.model.plan import Plan
    from lexloci.report.matrix import Cell, Matrix
    from lexloci.scenario.compare_types import Comparison


def plan_table(plan: Plan) -> Table:
    """Which workload runs where, when, on how many chips, at what cost, energy and carbon.

    No figure is cut down to a width of 80; the interval of the days is a 90 % interval.
    """
    from rich.text import Text

    table = _table(f"{plan.name}: cost USD {usd(plan.cost_usd)}, as of {plan.as_of}, {plan.basis.value}")
    table.add_column("workload", overflow="fold")
    table.add_column("pool, chips", overflow="fold")
    table.add_column("first day,\nday after", no_wrap=True)
    table.add_column("outcome", overflow="fold")
    for heading in ("cost,\nUSD", "days", "MWh", "t\nCO2e"):
        table.add_column(heading, justify="right", no_wrap=True)
    for placement in plan.placements:
        outcome = outcome_text(placement.outcome, short=True)
        if placement.conditional_on:
            outcome.append(" *")
        estimate = placement.estimate
        table.add_row(
            Text(plain(placement.workload)),
            Text(f"{plain(placement.pool)}\n× {placement.chips:,}"),
            f"{placement.start}\n{placement.end}",
            outcome,
            usd(placement.cost_usd),
            days(estimate.duration_s).replace(" (", "\n("),
            significant(estimate.energy_kwh.point / 1000),
            significant(estimate.carbon_kg.point / 1000),
        )
    conditions = [
        f"* {plain(placement.workload)}: conditional on {plain(', '.join(placement.conditional_on))}"
        for placement in plan.placements
        if placement.conditional_on
    ]
    table.caption = Text("\n".join(conditions)) if conditions else None
    table.caption_justify = "left"
    return table


def unplaced_table(plan: Plan) -> Table:
    """Which workloads have no place, and why; with what each pool answered."""
    from rich.text import Text

    table = _table("Without a place")
    for heading in ("workload", "why", "pool", "outcome", "why not there"):
        table.add_column(heading, overflow="fold")
    for unplaced in plan.unplaced:
        first = (Text(plain(unplaced.workload)), Text(plain(unplaced.why)))
        if not unplaced.alternatives:
            table.add_row(*first, "", "", "")
        for place, alternative in enumerate(unplaced.alternatives):
            table.add_row(
                *(first if place == 0 else ("", "")),
                Text(plain(alternative.pool)),
                outcome_text(alternative.outcome, short=True),
                Text(plain(alternative.why)),
            )
    return table


def matrix_table(matrix: Matrix) -> Table:
    """What each workload may do in each pool: glyph, short word and the line that decided."""
    from rich.text import Text

    table = _table("Workload by pool")
    table.add_column("workload", overflow="fold")
    for name in matrix.columns.values():
        table.add_column(Text(plain(name)), overflow="fold")
    for workload, name in matrix.rows.items():
        cells = (_cell(matrix.cell(workload, pool)) for pool in matrix.columns)
        table.add_row(Text(plain(name), style="bold"), *cells)
    return table


def comparison_table(comparison: Comparison) -> Table:
    """What moved between two plans: outcomes first, then places and cost in USD."""
    from rich.text import Text

    before, after = plain(comparison.before_label), plain(comparison.after_label)
    change = usd_change(comparison.cost_before, comparison.cost_after)
    table = _table(
        f"{before} → {after}: cost USD {usd(comparison.cost_before)} → {usd(comparison.cost_after)} ({change})"
    )
    for heading in ("workload", "what", before, after, "why"):
        table.add_column(Text(heading), overflow="fold")
    for change_of_law in comparison.outcome_changes:
        table.add_row(
            Text(plain(change_of_law.workload)),
            Text(f"outcome at {plain(change_of_law.pool)}"),
            outcome_text(change_of_law.before),
            outcome_text(change_of_law.after),
            Text(plain(change_of_law.rule)),
        )
    for move in comparison.moves:
        table.add_row(
            Text(plain(move.workload)),
            "place, cost USD",
            Text(f"{plain(move.before) or 'no place'}, {usd(move.cost_before)}"),
            Text(f"{plain(move.after) or 'no place'}, {usd(move.cost_after)}"),
            Text(plain(move.why)),
        )
    if not comparison.moves and not comparison.outcome_changes:
        table.add_row("", "nothing moved", "", "", "")
    return table


def _cell(cell: Cell | None) -> Text:
    from rich.text import Text

    if cell is None:
        return Text("not asked", style="dim")
    if cell.determination is None:
        return Text(f"not asked: {plain(cell.reason)}", style="dim")
    text = outcome_text(cell.outcome, short=True)
    if cell.outcome is not cell.possible:
        text.append(f" (worst: {style_of(cell.possible).short})")
    return text.append(f"\n{plain(cell.reason)}", style="dim") if cell.reason else text


def _table(title: str) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    return Table(title=Text(plain(title)), box=box.SIMPLE_HEAD, title_justify="left", highlight=False)
