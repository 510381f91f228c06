"""What does another day change: which answers, which work moves, where to, at what cost?"""

from __future__ import annotations

from collections.abc import Mapping

from lexloci.model.determination import FindingStatus
from lexloci.model.plan import Placement
from lexloci.plan.options import PoolAnswer, why_unlawful
from lexloci.plan.planner import Planned
from lexloci.scenario.compare_types import Comparison, Move, OutcomeChange


def compare(before: Planned, after: Planned, before_label: str, after_label: str) -> Comparison:
    """Two plans of the same portfolio side by side: outcomes that moved, work that moved, cost."""
    return Comparison(
        before_label,
        after_label,
        _moves(before, after),
        _outcome_changes(before, after),
        before.plan.cost_usd,
        after.plan.cost_usd,
    )


def _moves(before: Planned, after: Planned) -> tuple[Move, ...]:
    was = {placement.workload: placement for placement in before.plan.placements}
    now = {placement.workload: placement for placement in after.plan.placements}
    moves: list[Move] = []
    for workload in after.portfolio.workloads:
        old, new = was.get(workload.id), now.get(workload.id)
        if (old and old.pool) == (new and new.pool):
            continue
        moves.append(
            Move(
                workload.id,
                old.pool if old else "",
                new.pool if new else "",
                old.cost_usd if old else None,
                new.cost_usd if new else None,
                _why(workload.id, old, before, after),
            )
        )
    return tuple(moves)


def _why(workload: str, old: Placement | None, before: Planned, after: Planned) -> str:
    """The rule that closes the old pool; else price, capacity or dates."""
    if old is None:
        return "it had no place before"
    answer = _pools(after, workload).get(old.pool)
    if answer is None:
        return f"{old.pool} is gone, or not yet there"
    if not answer.choices:
        return answer.why_not
    closed = [move for move in after.plan.placements if move.pool == old.pool]
    return "price, capacity or dates: " + (
        f"{old.pool} now runs {closed[0].workload}" if closed else "another pool is cheaper now"
    )


def _outcome_changes(before: Planned, after: Planned) -> tuple[OutcomeChange, ...]:
    changes: list[OutcomeChange] = []
    for workload in after.portfolio.workloads:
        was, now = _pools(before, workload.id), _pools(after, workload.id)
        for pool in was.keys() & now.keys():
            old, new = was[pool].first_outcome, now[pool].first_outcome
            if old is not new:
                changes.append(OutcomeChange(workload.id, pool, old, new, _rule_behind(was[pool], now[pool])))
    order = {pool.id: place for place, pool in enumerate(after.portfolio.pools)}
    return tuple(sorted(changes, key=lambda change: (change.workload, order[change.pool])))


def _rule_behind(was: PoolAnswer, now: PoolAnswer) -> str:
    """The rule that counts now and did not before; else what the answer says."""
    counting = (FindingStatus.FIRED, FindingStatus.POSSIBLE)
    known = {(finding.rule, finding.status) for finding in was.segments[0].determination.findings}
    for finding in sorted(now.segments[0].determination.findings, key=lambda one: -one.outcome.severity):
        if finding.status in counting and (finding.rule, finding.status) not in known:
            return f"{finding.title}, {finding.history}"
    return why_unlawful(now.segments[0])


def _pools(planned: Planned, workload: str) -> Mapping[str, PoolAnswer]:
    return {answer.pool.id: answer for answer in planned.answers.get(workload, ())}
