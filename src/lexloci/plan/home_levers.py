"""Which lawful lever would give a home to a workload that has none?

A lever is an authorisation, approval, filing or contract that a rule names (``law.levers``), never a fact. For each
pool the smallest set that permits every act of the placement is put on record as if it were granted, no work begins
before the lead time of the rules behind it has passed, and the whole portfolio is planned again. Only what gave the
workload a place in that plan is named. A licence for a supply that lies in the past, or that will be over before it can
be granted, lifts nothing and is never named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lexloci.model.act import Act, Role
from lexloci.model.determination import Determination, FindingStatus
from lexloci.model.record import Authorisation
from lexloci.model.site import Pool
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.plan.judge import Judge
from lexloci.plan.options import PoolAnswer, answer_of, earliest_start
from lexloci.plan.pausing import with_pauses
from lexloci.plan.planner import Planned, plan_of
from lexloci.rulebook.acts import placement_acts

Progress = Callable[[str], None]
_MOST_TRIES = 4
_ACTING = (Role.HANDLER, Role.EXPORTER, Role.USER, Role.PROVIDER, Role.TENANT, Role.HOLDER, Role.END_USER)
_TENANTS = (Role.TENANT, Role.EXPECTED_TENANT)
_MAY_FORBID = (FindingStatus.FIRED, FindingStatus.POSSIBLE)


@dataclass(frozen=True, slots=True)
class Needed:
    """An authorisation that would be needed: its kind, who would hold it, and for which act of the placement."""

    kind: str
    holder: str
    leg: str


@dataclass(frozen=True, slots=True)
class HomeLever:
    """What would give a workload a home: authorisations for a pool, tried; ``start`` is its first day there then.

    ``pool`` is empty where no lever was found; ``tried`` says how many were planned with. ``lead_days``: how long the
    authorisations take; None where the rulebook does not know it of each, so that ``start`` is as if granted at once.
    """

    workload: str
    pool: str
    needed: tuple[Needed, ...]
    lead_days: int | None
    start: date | None
    tried: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    pool: Pool
    acts: tuple[tuple[Act, str], ...]
    lead_days: int
    lead_is_known: bool


def home_levers(planned: Planned, *, time_limit_s: float = 5.0, progress: Progress | None = None) -> list[HomeLever]:
    """For each workload that is left out because no pool is lawful: the lever of fewest authorisations that works."""
    tell = progress or (lambda _text: None)
    found = []
    left_out = {one.workload for one in planned.plan.unplaced}
    for one in planned.plan.unplaced:
        workload = planned.portfolio.workload_by_id[one.workload]
        answers = planned.answers.get(workload.id, ())
        if workload.kind is WorkloadKind.COPY or not answers or any(answer.choices for answer in answers):
            continue
        if left_out & set(workload.after):  # it has a home again when what it waits for has one
            continue
        tell(f"looking for a lawful lever for {workload.name}")
        found.append(_lever_for(planned, workload, answers, time_limit_s))
    return found


def _lever_for(planned: Planned, workload: Workload, answers: Sequence[PoolAnswer], time_limit_s: float) -> HomeLever:
    candidates = [one for answer in answers if (one := _candidate(planned.judge, workload, answer.pool)) is not None]
    candidates.sort(key=lambda one: (len(one.acts), one.lead_days))
    tried = 0
    for candidate in candidates[:_MOST_TRIES]:
        tried += 1
        start = _start_with(planned, workload, candidate, time_limit_s)
        if start is not None:
            needed = tuple(Needed(kind, _holder(act), act.leg) for act, kind in candidate.acts)
            lead_days = candidate.lead_days if candidate.lead_is_known else None
            return HomeLever(workload.id, candidate.pool.id, needed, lead_days, start, tried)
    return HomeLever(workload.id, "", (), 0, None, tried)


def _candidate(judge: Judge, workload: Workload, pool: Pool) -> _Candidate | None:
    """The smallest set of authorisations that permits each act; None where some act has none, or none is needed.

    Nor is there one where an authorisation comes after the day of its act, which does not wait for it.
    """
    start = earliest_start(judge.portfolio, workload, pool)
    needed: list[tuple[Act, str]] = []
    leads: list[int] = []
    acts, later = (placement_acts(judge.placing(workload, pool), day) for day in (start, start + timedelta(days=1)))
    for act, next_day in zip(acts, later, strict=True):
        determination = judge.act(act)
        if determination.outcome.is_placeable:
            continue
        levers = judge.levers(act)
        if not levers:
            return None
        needed += [(act, kind) for kind in levers[0].authorisations]
        waits = _leads(judge, determination, levers[0].authorisations)
        if act.on == next_day.on and act.on < judge.question.as_of + timedelta(days=max(waits)):
            return None
        leads += waits
    return _Candidate(pool, tuple(needed), max(leads), all(leads)) if needed else None


def _leads(judge: Judge, determination: Determination, kinds: Sequence[str]) -> list[int]:
    """The lead times in days of the rules in the way of an act that these kinds of authorisation lift; 0: not known."""
    in_the_way = (one for one in determination.findings if one.status in _MAY_FORBID and not one.outcome.is_placeable)
    rules = [judge.rulebook.rule(one.rule) for one in in_the_way]
    return [rule.lead_time_days for rule in rules if not set(kinds).isdisjoint(rule.lifted_by)] or [0]


def _start_with(planned: Planned, workload: Workload, candidate: _Candidate, time_limit_s: float) -> date | None:
    """The first day of the workload in a plan in which the authorisations are held; None where it has no place."""
    judge = planned.judge
    portfolio, as_of = judge.portfolio, judge.portfolio.as_of
    granted = tuple(
        Authorisation(f"if granted {number}", kind, "", _holder(act), _covers(workload, candidate.pool, act), as_of)
        for number, (act, kind) in enumerate(candidate.acts, 1)
    )
    waits = max(workload.release or as_of, as_of + timedelta(days=candidate.lead_days))
    later = replace(workload, release=waits)
    workloads = tuple(later if one.id == workload.id else one for one in portfolio.workloads)
    then = replace(portfolio, workloads=workloads, authorisations=(*granted, *portfolio.authorisations))
    asked = judge.about(then)
    answers: Mapping[str, tuple[PoolAnswer, ...]] = {
        **planned.answers,
        workload.id: tuple(_answers(asked, later, planned.answers[workload.id], candidate.pool)),
    }
    plan = plan_of(asked, answers, time_limit_s=time_limit_s).plan
    return next((one.start for one in plan.placements if one.workload == workload.id), None)


def _answers(judge: Judge, workload: Workload, before: Sequence[PoolAnswer], pool: Pool) -> Iterator[PoolAnswer]:
    """The answers as they were, but for the pool whose authorisations are held now."""
    for answer in before:
        if answer.pool.id != pool.id:
            yield answer
            continue
        now = answer_of(judge, workload, pool, assume_granted=False)
        if now is not None:
            yield with_pauses(now)


def _holder(act: Act) -> str:
    """The party who would hold an authorisation for the act: the first of those who act in it."""
    return next((act.parties[role] for role in _ACTING if role in act.parties), "")


def _covers(workload: Workload, pool: Pool, act: Act) -> tuple[str, ...]:
    tenants = {act.parties[role] for role in _TENANTS if role in act.parties} - {_holder(act)}
    return (workload.id, pool.id, *sorted(tenants))
