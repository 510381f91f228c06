"""The answers that changed, put together by the rule behind them: one change of law moves many answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lexloci.model.outcome import Outcome
from lexloci.scenario.compare_types import OutcomeChange


def changes_by_rule(
    changes: Sequence[OutcomeChange],
) -> Mapping[tuple[Outcome, Outcome, str], Mapping[str, Sequence[str]]]:
    """For each outcome before, outcome after and rule: the pools that it meets, each with its workloads."""
    met: dict[tuple[Outcome, Outcome, str], dict[str, list[str]]] = {}
    for change in changes:
        pools = met.setdefault((change.before, change.after, change.rule), {})
        pools.setdefault(change.pool, []).append(change.workload)
    return met
