"""What ``plan`` prints beside the plan: the front between two measures, and what stands behind the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lexloci.cli.show import print_json
from lexloci.model.errors import PlanError
from lexloci.plan.objective import FrontPoint, Measure, front

if TYPE_CHECKING:
    from rich.table import Table

    from lexloci.plan.insight import Insight
    from lexloci.plan.planner import Planned


def read_pair(text: str) -> tuple[Measure, Measure]:
    """The two measures of a text such as ``cost,carbon``; PlanError in a line."""
    names = [name.strip() for name in text.split(",")]
    if len(names) != 2 or names[0] == names[1] or any(name not in list(Measure) for name in names):
        raise PlanError(f"pareto {text!r}: write two of {', '.join(Measure)}, such as cost,carbon")
    return Measure(names[0]), Measure(names[1])


def show_front(planned: Planned, pair: tuple[Measure, Measure], time_limit_s: float, *, as_json: bool) -> None:
    """Print the front between two measures."""
    from lexloci.plan.search_settings import measures_of
    from lexloci.plan.statement import state

    statement = state(planned.judge, planned.answers)
    points = front(statement.problem, measures_of(statement, planned.answers), pair, time_limit_s=time_limit_s)
    if as_json:
        print_json([_front_json(point) for point in points])
        return
    from lexloci.cli.show import show

    show(_front_table(points, pair))


def _front_json(point: FrontPoint) -> dict[str, object]:
    return {
        "values": {measure.value: figure for measure, figure in point.values.items()},
        "options": {slot.job: slot.option for slot in point.schedule.slots},
        "unplaced": list(point.schedule.unplaced),
        "status": point.schedule.status.value,
    }


def _front_table(points: tuple[FrontPoint, ...], pair: tuple[Measure, Measure]) -> Table:
    from rich.table import Table

    table = Table(title=f"Plans between the least {pair[0].value} and the least {pair[1].value}", title_justify="left")
    others = [one for one in Measure if one not in pair]
    for measure in (*pair, *others):
        table.add_column(f"{measure.value}\n{measure.unit}", justify="right")
    table.add_column("without\na place", justify="right")
    for point in points:
        figures = (f"{point.values[measure]:,.0f}" for measure in (*pair, *others))
        table.add_row(*figures, str(len(point.schedule.unplaced)))
    return table


def show_insight(found: Insight) -> None:
    """Print what stands behind a plan."""
    from rich.table import Table

    from lexloci.cli.show import show

    if found.rules:
        table = Table("rule", "what it costs, USD", "workloads it leaves out", title="Rules", title_justify="left")
        for rule in found.rules:
            table.add_row(f"{rule.title} ({rule.rule})", f"{rule.usd:,.0f}", str(max(0, rule.more_placed)))
        show(table)
    if found.capacities:
        table = Table(
            "pool or site",
            "one more node or watt would save, USD",
            "scarce, hours",
            title="Capacities",
            title_justify="left",
        )
        for one in found.capacities:
            table.add_row(
                one.resource, f"{one.usd_per_unit:,.2f}", f"{one.scarce_h[0]}-{one.scarce_h[1]}" if one.scarce_h else ""
            )
        show(table)
    if found.second_usd is not None:
        table = Table(
            "workload", "in this plan", "in the second best", title=f"Second best: {found.second_usd:,.0f} USD dearer"
        )
        for change in found.second:
            table.add_row(change.workload, change.before or "left out", change.after or "left out")
        show(table)
    if found.homes:
        table = Table(
            "workload", "pool", "lawful lever", "first day then", title="What would give a home", title_justify="left"
        )
        for home in found.homes:
            needed = "; ".join(f"{one.kind.replace('_', ' ')} of {one.holder} ({one.leg})" for one in home.needed)
            words = needed or f"none: {home.tried} tried"
            unsure = "" if home.lead_days is not None else ", if granted at once: no lead time is known"
            table.add_row(home.workload, home.pool or "none", words, f"{home.start}{unsure}" if home.start else "")
        show(table)
    if found.clash:
        table = Table("cannot all be had together", title="What leaves workloads without a place", title_justify="left")
        for requirement in found.clash:
            table.add_row(str(requirement))
        show(table)
