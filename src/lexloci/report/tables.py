"""Plans, matrices and comparisons as tables for the terminal; rich is imported only when one is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lexloci.model.outcome import Outcome
from lexloci.report.answer_line import answer_line
from lexloci.report.changes import changes_by_rule
from lexloci.report.figures import days, significant, usd, usd_change
from lexloci.report.next_best import next_best
from lexloci.report.outcome_style import style_of
from lexloci.report.plain import plain
from lexloci.report.set_aside import set_aside
from lexloci.report.why_text import outcome_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Group, RenderableType
    from rich.table import Table
    from rich.text import Text

    from lexloci.model.determination import Determination
    from lexloci.model.plan import Placement, Plan
    from lexloci.report.matrix import Cell, Matrix
    from lexloci.scenario.compare_types import Comparison, Move, OutcomeChange

_OUTCOME_WIDTH = 30
"""Columns that hold the longest short word of an outcome, its glyph and an indent."""


def plan_table(plan: Plan) -> Table:
    """Which workload runs where, when, on how many chips, at what cost, energy and carbon.

    No figure is cut down to a width of 80; the interval of the days is a 90 % interval.
    """
    from rich.text import Text

    table = _table(f"{plan.name}: cost USD {usd(plan.cost_usd)}, as of {plan.as_of}, {plan.basis.value}")
    table.add_column("workload\npool × chips", overflow="fold")
    table.add_column("first day\nday after", no_wrap=True)
    table.add_column("outcome", overflow="fold")
    table.add_column("cost, USD\nMWh, t CO2e", justify="right", no_wrap=True)
    table.add_column("days\n(90 %)", justify="right", no_wrap=True)
    for placement in plan.placements:
        outcome = outcome_text(placement.outcome, short=True)
        if placement.conditional_on:
            outcome.append(" *")
        estimate = placement.estimate
        energy, carbon = significant(estimate.energy_kwh.point / 1000), significant(estimate.carbon_kg.point / 1000)
        table.add_row(
            Text(f"{plain(placement.workload)}\n{_pool_and_chips(placement)}"),
            f"{placement.start}\n{placement.end}",
            outcome,
            f"{usd(placement.cost_usd)}\n{energy}, {carbon}",
            days(estimate.duration_s).replace(" (", "\n("),
        )
    conditions = [
        f"* {plain(placement.workload)}: conditional on {plain(', '.join(placement.conditional_on))}"
        for placement in plan.placements
        if placement.conditional_on
    ]
    conditions += [
        f"{plain(placement.workload)}: paused {' and '.join(f'{a} until {b}' for a, b in placement.pauses)}"
        for placement in plan.placements
        if placement.pauses
    ]
    conditions += [
        f"{plain(placement.workload)}: at the same time in {plain(one.pool)} × {one.chips:,}"
        for placement in plan.placements
        for one in placement.also
    ]
    table.caption = Text("\n".join(conditions)) if conditions else None
    table.caption_justify = "left"
    return table


def contracts_table(plan: Plan) -> Table:
    """The leases and purchases that the plan takes; paid whether their chips work or not."""
    from rich.text import Text

    table = _table("Leases and purchases, paid whether their chips work or not")
    for heading in ("pool", "what"):
        table.add_column(heading, overflow="fold")
    table.add_column("first day\nday after", no_wrap=True)
    for heading in ("chips", "cost, USD"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in plan.contracts:
        days_of = f"{one.start}\n{one.end or 'stays'}"
        table.add_row(Text(plain(one.pool)), one.kind, days_of, f"{one.chips:,}", usd(one.usd))
    return table


def set_aside_table(plan: Plan) -> Table:
    """What stands against the plan without deciding it: exposures, clashes of laws, signals."""
    from rich.text import Text

    table = _table("Shown apart: it does not decide here, and stays on record")
    table.add_column("what", no_wrap=True)
    for heading in ("finding", "workloads"):
        table.add_column(heading, overflow="fold")
    for one in set_aside(plan):
        table.add_row(one.kind, Text(plain(one.words)), Text(plain(", ".join(one.workloads))))
    return table


def next_best_table(plan: Plan) -> Table:
    """For each workload the cheapest other lawful pool, and by how much it is dearer than the one taken.

    One that would be cheaper is marked: its capacity, its dates or the jobs around it do not fit.
    """
    from rich.text import Text

    table = _table("The next best lawful place")
    for heading in ("workload", "pool taken", "next best"):
        table.add_column(heading, overflow="fold")
    table.add_column("dearer by, USD  ", justify="right", no_wrap=True)
    for placement in plan.placements:
        best = next_best(placement)
        cost = best.cost_usd if best else None
        table.add_row(
            Text(plain(placement.workload)),
            Text(plain(placement.pool)),
            Text(plain(best.pool) if best else "none"),
            "" if cost is None else usd(cost - placement.cost_usd) + (" *" if cost < placement.cost_usd else "  "),
        )
        if cost is not None and cost < placement.cost_usd:
            table.caption = "* cheaper, but its capacity, its dates or the jobs around it do not fit"
            table.caption_justify = "left"
    return table


def _pool_and_chips(placement: Placement) -> str:
    pool = plain(placement.pool)
    return f"{pool} × {placement.chips:,}" if placement.chips else f"copy from {pool}"


def unplaced_table(plan: Plan) -> Group:
    """Which workloads have no place, and why; then one line for each answer, with the pools that gave it.

    A line that is too long for the terminal ends in an ellipsis: ``explain`` and ``--json`` have it whole.
    """
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = [
        Text("Without a place (in full: lexloci explain FILE WORKLOAD@POOL)", style="italic")
    ]
    for unplaced in plan.unplaced:
        parts.append(_heading(unplaced.workload, unplaced.why))
        pools: dict[tuple[Outcome, str], list[str]] = {}
        for alternative in unplaced.alternatives:
            why = alternative.why.removeprefix(f"{alternative.outcome.value}: ")
            pools.setdefault((alternative.outcome, why), []).append(alternative.pool)
        lines = (
            (outcome_text(outcome, short=True), _pools_and_why(names, why)) for (outcome, why), names in pools.items()
        )
        parts.append(_answers(lines, whole=False))
    return Group(*parts)


def matrix_table(matrix: Matrix) -> Group:
    """What each workload may do in each pool: a line for each answer with the pools that gave it and what decided."""
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = [Text("What each workload may do in each pool", style="italic")]
    for workload, name in matrix.rows.items():
        pools: dict[tuple[str, str], list[str]] = {}
        asked_first = sorted(matrix.columns, key=lambda pool: not _is_asked(matrix.cell(workload, pool)))
        for pool in asked_first:
            pools.setdefault(_answer_of(matrix.cell(workload, pool)), []).append(pool)
        parts.append(_heading(workload, name))
        parts.append(
            _answers(
                (Text(answer, style=_style(answer)), _pools_and_why(names, why))
                for (answer, why), names in pools.items()
            )
        )
    return Group(*parts)


def determinations_table(determinations: Sequence[Determination]) -> Table:
    """What the law answers to each act: id, act, outcome with the worst possible, and what decided or is missing."""
    from rich.text import Text

    table = _table("What the law answers")
    table.add_column("id\nact", overflow="fold")
    table.add_column("outcome\n(worst possible)", overflow="fold")
    table.add_column("decided by, or waiting for", overflow="fold", ratio=1)
    for one in determinations:
        answer = _outcome_and_worst(one.outcome, one.possible)
        subject = one.subject.removesuffix(f" {one.id}")
        table.add_row(
            Text(f"{plain(one.id)}\n{plain(subject)}"),
            Text(answer, style=_style(answer)),
            Text(plain(answer_line(one))),
        )
    return table


def comparison_table(comparison: Comparison) -> Group:
    """What moved between two plans: the answers that changed, by the rule behind them; then places and cost in USD."""
    from rich.console import Group
    from rich.text import Text

    before, after = plain(comparison.before_label), plain(comparison.after_label)
    parts: list[RenderableType] = [Text(f"{before} → {after}: {_sums(comparison)}", style="italic")]
    if comparison.gone:
        parts.append(Text(plain(f"only in {comparison.before_label}: {', '.join(comparison.gone)}")))
    if not comparison.moves and not comparison.outcome_changes:
        parts.append(Text("nothing moved"))
    if comparison.outcome_changes:
        parts += [Text("\nAnswers that changed, by the rule behind them"), _changes(comparison.outcome_changes)]
    if comparison.moves:
        parts += [Text("\nWork that moved: pool, cost USD"), *map(_move, comparison.moves)]
    return Group(*parts)


def _sums(comparison: Comparison) -> str:
    """Cost, energy and carbon on either side, and the workloads without a place where there are any."""
    was, now = comparison.before, comparison.after
    figures = [
        f"cost USD {usd(was.cost_usd)} → {usd(now.cost_usd)} ({usd_change(was.cost_usd, now.cost_usd)})",
        f"{significant(was.energy_kwh / 1000)} → {significant(now.energy_kwh / 1000)} MWh",
        f"{significant(was.carbon_kg / 1000)} → {significant(now.carbon_kg / 1000)} t CO2e",
    ]
    if was.unplaced or now.unplaced:
        figures.append(f"{was.unplaced} → {now.unplaced} without a place")
    return ", ".join(figures)


def _changes(changes: Sequence[OutcomeChange]) -> Table:
    """The answers that changed: for each rule and change, the pools and workloads that it meets."""
    from rich.text import Text

    lines = []
    for (before, after, rule), pools in changes_by_rule(changes).items():
        outcome = outcome_text(before, short=True).append("\n  → ").append_text(outcome_text(after, short=True))
        words = Text(plain(rule))
        for pool, workloads in pools.items():
            words.append(f"\n{plain(pool)}: {plain(', '.join(workloads))}", style="dim")
        lines.append((outcome, words))
    return _answers(lines)


def _move(move: Move) -> Text:
    """One piece of work that has another place: pool and cost in USD on either side, and why."""
    places = (
        f"{pool or 'no place'}, {usd(cost)}"
        for pool, cost in ((move.before, move.cost_before), (move.after, move.cost_after))
    )
    return _heading(move.workload, " → ".join(places)).append(f"\n{plain(move.why)}", style="dim")


def _is_asked(cell: Cell | None) -> bool:
    return cell is not None and cell.determination is not None


def _answer_of(cell: Cell | None) -> tuple[str, str]:
    """The words for a cell, and what decided; a pair that was not asked is never shown as an answer."""
    if cell is None or cell.determination is None:
        return "not asked", cell.reason if cell else ""
    return _outcome_and_worst(cell.outcome, cell.possible), cell.reason


def _outcome_and_worst(outcome: Outcome, possible: Outcome) -> str:
    """Glyph and short word; below it the worst that is still possible, where that differs."""
    style = style_of(outcome)
    worst = f"\n  (worst: {style_of(possible).short})" if outcome is not possible else ""
    return f"{style.glyph} {style.short}{worst}"


def _style(answer: str) -> str:
    placeable = (Outcome.PERMITTED, Outcome.PERMITTED_WITH_DUTIES)
    return "" if answer[0] in {style_of(outcome).glyph for outcome in placeable} else "bold"


def _heading(workload: str, words: str) -> Text:
    from rich.text import Text

    return Text(f"\n{plain(workload)}", style="bold").append(f": {plain(words)}", style="not bold")


def _pools_and_why(pools: Sequence[str], why: str) -> Text:
    from rich.text import Text

    text = Text(plain(", ".join(pools)))
    return text.append(f": {plain(why)}", style="dim") if why else text


def _answers(lines: Iterable[tuple[Text, Text]], *, whole: bool = True) -> Table:
    """Outcomes on the left, their pools and reasons on the right; not ``whole``: each cut to one line."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=_OUTCOME_WIDTH, overflow="fold")
    grid.add_column(ratio=1, overflow="fold" if whole else "ellipsis", no_wrap=not whole)
    for outcome, words in lines:
        outcome.pad_left(2)
        grid.add_row(outcome, words)
    return grid


def _table(title: str) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    return Table(
        title=Text(plain(title)),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        highlight=False,
    )
