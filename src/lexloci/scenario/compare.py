"""What does another day, rulebook or portfolio change: which answers, which work moves, where to, at what cost?"""

from __future__ import annotations

from lexloci.model.plan import Plan
from lexloci.plan.late import days_late, late_work
from lexloci.plan.planner import Planned
from lexloci.scenario.causes import cause_of_change, cause_of_move, pools
from lexloci.scenario.compare_types import Comparison, Move, OutcomeChange, Sums


def compare(before: Planned, after: Planned, before_label: str, after_label: str) -> Comparison:
    """Two plans side by side: outcomes that moved, work that moved, cost, energy and carbon.

    They may be of two portfolios: work and pools that only one of them has are told as gained or gone.
    """
    return Comparison(
        before_label,
        after_label,
        _moves(before, after),
        _outcome_changes(before, after),
        _sums(before.plan),
        _sums(after.plan),
        tuple(sorted(before.portfolio.workload_by_id.keys() - after.portfolio.workload_by_id.keys())),
    )


def _moves(before: Planned, after: Planned) -> tuple[Move, ...]:
    was = {placement.workload: placement for placement in before.plan.placements}
    now = {placement.workload: placement for placement in after.plan.placements}
    late = late_work(after.plan, after.portfolio)
    moves: list[Move] = []
    for workload in after.portfolio.workloads:
        old, new = was.get(workload.id), now.get(workload.id)
        if (old and old.pool) == (new and new.pool):
            continue
        cause = cause_of_move(workload.id, old, new, before, after)
        moves.append(
            Move(
                workload.id,
                old.pool if old else "",
                new.pool if new else "",
                old.cost_usd if old else None,
                new.cost_usd if new else None,
                cause.words + (f"; now {days_late(late[workload.id])}" if workload.id in late else ""),
                cause.rule,
            )
        )
    return tuple(moves)


def _outcome_changes(before: Planned, after: Planned) -> tuple[OutcomeChange, ...]:
    changes: list[OutcomeChange] = []
    for workload in after.portfolio.workloads:
        was, now = pools(before, workload.id), pools(after, workload.id)
        for pool in was.keys() & now.keys():
            old, new = was[pool].first_outcome, now[pool].first_outcome
            if old is not new:
                cause = cause_of_change(was[pool], now[pool])
                changes.append(OutcomeChange(workload.id, pool, old, new, cause.words, cause.rule))
    order = {pool.id: place for place, pool in enumerate(after.portfolio.pools)}
    return tuple(sorted(changes, key=lambda change: (change.workload, order[change.pool])))


def _sums(plan: Plan) -> Sums:
    return Sums(
        plan.cost_usd,
        sum(one.estimate.energy_kwh.point for one in plan.placements),
        sum(one.estimate.carbon_kg.point for one in plan.placements),
        len(plan.unplaced),
    )
