"""What does another day change: which answers, which work moves, where to, at what cost?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lexloci.model.determination import Finding, FindingStatus
from lexloci.model.plan import Placement
from lexloci.model.workload import WorkloadKind
from lexloci.plan.late import days_late, late_work
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
    late = late_work(after.plan, after.portfolio)
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
                _why(workload.id, old, after)
                + (f"; now {days_late(late[workload.id])}" if workload.id in late else ""),
            )
        )
    return tuple(moves)


def _why(workload: str, old: Placement | None, after: Planned) -> str:
    """The rule that closes the old pool; else price, capacity or dates."""
    if old is None:
        return "it had no place before"
    asked = after.portfolio.workload_by_id[workload]
    if asked.kind is WorkloadKind.COPY:
        return f"it follows {asked.after[0]}"
    answer = _pools(after, workload).get(old.pool)
    if answer is None:
        return f"{old.pool} is gone, or not yet there"
    if not answer.choices:
        return answer.why_not
    fits = any((end - start).days * 24 >= one.hours for one in answer.choices for start, end in one.windows)
    closed = next((one for one in answer.segments if not one.determination.outcome.is_placeable), None)
    if closed is not None and not fits:
        return f"{old.pool} is not lawful from {closed.start} until {closed.end}: {why_unlawful(closed)}"
    return f"{old.pool} stays lawful: price, capacity or dates decide"


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
    """The most severe rule that counts now and did not before, or no longer does; else what the answer says."""
    before, after = (one.segments[0].determination.findings for one in (was, now))
    changed = [(one, "") for one in _counting_apart(after, before)]
    changed += [(one, "no longer counts: ") for one in _counting_apart(before, after)]
    if not changed:
        return why_unlawful(now.segments[0])
    finding, gone = max(changed, key=lambda one: one[0].outcome.severity)
    return f"{gone}{finding.title}, {finding.history}"


def _counting_apart(findings: Sequence[Finding], others: Sequence[Finding]) -> list[Finding]:
    """The findings that count and are not among the others with the same status."""
    counting = (FindingStatus.FIRED, FindingStatus.POSSIBLE)
    known = {(other.rule, other.status) for other in others}
    return [one for one in findings if one.status in counting and (one.rule, one.status) not in known]


def _pools(planned: Planned, workload: str) -> Mapping[str, PoolAnswer]:
    return {answer.pool.id: answer for answer in planned.answers.get(workload, ())}
