"""Beside a plan: what a rule costs, what a capacity is worth, what comes second, what cannot be had together.

What a rule costs is the objective with it less the objective without it, everything else as it is. The figure is for
those who weigh a rule or ask for a licence; a plan that a rule forbids is not shown, let alone proposed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from lexloci.law.rule import Rulebook
from lexloci.model.determination import FindingStatus
from lexloci.plan.capacity_prices import CapacityPrice, capacity_prices
from lexloci.plan.clash import Requirement, minimal_clash
from lexloci.plan.home_levers import HomeLever, home_levers
from lexloci.plan.planner import Planned, make_plan
from lexloci.plan.problem import Schedule, Slot
from lexloci.plan.second_best import second_best
from lexloci.plan.solve import solve
from lexloci.plan.statement import state

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RuleCost:
    """A rule with what it costs in USD, and how many more workloads would have a place without it.

    0 where other rules forbid the same: no single one of them answers for it.
    """

    rule: str
    title: str
    usd: float
    more_placed: int


@dataclass(frozen=True, slots=True)
class Change:
    """What another plan does otherwise with a workload: option before and after, None where it is left out."""

    workload: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Insight:
    """What stands beside a plan; ``second_usd`` is what the second best costs more, None where there is none."""

    capacities: tuple[CapacityPrice, ...]
    second_usd: float | None
    second: tuple[Change, ...]
    clash: tuple[Requirement, ...]
    rules: tuple[RuleCost, ...]
    homes: tuple[HomeLever, ...] = ()


def insight_of(
    planned: Planned,
    rulebook: Rulebook,
    *,
    time_limit_s: float = 5.0,
    most_rules: int = 8,
    progress: Progress | None = None,
) -> Insight:
    """What stands beside the plan of a portfolio; each question gets ``time_limit_s`` of work."""
    problem = state(planned.judge, planned.answers).problem
    tell = progress or (lambda _text: None)
    tell("solving for the second best")
    best = solve(problem, time_limit_s=time_limit_s)
    second = second_best(problem, best, time_limit_s=time_limit_s)
    tell("pricing capacities")
    prices = capacity_prices(problem.solid.with_quotes(best.quotes), best.objective_usd)
    capacities = tuple(one for one in prices if one.usd_per_unit > 0.005)
    clash: tuple[Requirement, ...] = ()
    if best.unplaced:
        tell("looking for what clashes")
        clash = minimal_clash(problem, best.unplaced) or ()
    rules = tuple(
        rule_cost(planned, best, rulebook, rule, time_limit_s, tell) for rule in deciding_rules(planned)[:most_rules]
    )
    return Insight(
        capacities,
        None if second is None else second.objective_usd - best.objective_usd,
        () if second is None else changes(best, second),
        clash,
        tuple(sorted(rules, key=lambda one: (-one.usd, one.rule))),
        tuple(home_levers(planned, time_limit_s=time_limit_s, progress=tell)),
    )


def deciding_rules(planned: Planned) -> list[str]:
    """The rules that close a pool to a workload on some days, those that close most first."""
    closed: dict[str, int] = {}
    for answers in planned.answers.values():
        for answer in answers:
            found = {
                finding.rule
                for segment in answer.answered
                if not segment.outcome.is_placeable
                for finding in segment.alike.findings
                if finding.status is FindingStatus.FIRED and finding.outcome is segment.outcome
            }
            for rule in found:
                closed[rule] = closed.get(rule, 0) + 1
    return sorted(closed, key=lambda rule: (-closed[rule], rule))


def rule_cost(
    planned: Planned, best: Schedule, rulebook: Rulebook, rule: str, time_limit_s: float, tell: Progress
) -> RuleCost:
    """What one rule costs beside the schedule that is best by the usual objective: all is planned anew without it."""
    tell(f"planning as if {rule} were not there")
    without = replace(rulebook, rules=tuple(one for one in rulebook.rules if one.id != rule))
    granted = planned.assume_granted
    plan = make_plan(planned.portfolio, without, assume_granted=granted, time_limit_s=time_limit_s).plan
    more = len(best.unplaced) - len(plan.unplaced)
    return RuleCost(rule, rulebook.rule(rule).title, best.objective_usd - plan.objective, more)


def changes(before: Schedule, after: Schedule) -> tuple[Change, ...]:
    """What a schedule does otherwise than another."""

    def options(slots: tuple[Slot, ...]) -> dict[str, str]:
        return {slot.job: slot.option for slot in slots}

    was, now = options(before.slots), options(after.slots)
    return tuple(
        Change(job, was.get(job), now.get(job)) for job in sorted({*was, *now}) if was.get(job) != now.get(job)
    )
