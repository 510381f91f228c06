"""Which work of a plan ends after its deadline: its cost is in the objective, and a reader should see it."""

from __future__ import annotations

from lexloci.model.plan import Plan
from lexloci.model.portfolio import Portfolio


def late_work(plan: Plan, portfolio: Portfolio) -> dict[str, int]:
    """By how many days each workload that is late ends after its deadline; a day begun counts whole."""
    late: dict[str, int] = {}
    for placement in plan.placements:
        workload = portfolio.workload_by_id.get(placement.workload)
        if workload and workload.deadline and placement.end > workload.deadline:
            late[placement.workload] = (placement.end - workload.deadline).days
    return late


def days_late(days: int) -> str:
    """So many days late, in words."""
    return f"{days:,} day{'' if days == 1 else 's'} late"
