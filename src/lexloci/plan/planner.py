"""The best lawful plan of a portfolio: options from law and estimates, the schedule, and why not elsewhere.

The way: ask every pool about every workload (``options``); state the scheduling problem
(``statement``); solve it; let the independent checker confirm it; then say for each placement what the
law answers at its start and on every day of change while it runs, and why each other pool was not taken.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lexloci.law.legs import join_legs
from lexloci.law.rule import Rulebook
from lexloci.model.act import Question
from lexloci.model.determination import Determination
from lexloci.model.errors import PlanError
from lexloci.model.plan import Alternative, FurtherShare, Placement, Plan, PlanLevel, Unplaced
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.parties.listing import ListSet
from lexloci.plan.adoption import assumptions_of, with_steps
from lexloci.plan.check import violations
from lexloci.plan.copies import copy_determination
from lexloci.plan.earliest import as_early_as_possible
from lexloci.plan.judge import Judge
from lexloci.plan.objective import in_order, unit_of, weighted
from lexloci.plan.options import Choice, PoolAnswer, answer_of, why_unlawful
from lexloci.plan.pausing import with_pauses
from lexloci.plan.pool_prices import contracts, with_orders
from lexloci.plan.problem import Problem, Schedule, Slot
from lexloci.plan.record_names import refuse_wrong_records
from lexloci.plan.search_settings import USUAL_SETTINGS, SearchSettings, former_slots, measures_of
from lexloci.plan.solve import solve
from lexloci.plan.splitting import exchange_moves, with_splits
from lexloci.plan.statement import Statement, state

Progress = Callable[[str], None]
_DOES_NOT_FIT = "its capacity, its dates or the jobs around it do not fit"


@dataclass(frozen=True)
class Planned:
    """A plan with what it was made from: the judge, and what every pool answered to every workload."""

    plan: Plan
    portfolio: Portfolio
    judge: Judge
    answers: Mapping[str, tuple[PoolAnswer, ...]]
    assume_granted: bool = False


def with_question(portfolio: Portfolio, as_of: date | None, known_at: date | None, basis: Basis | None) -> Portfolio:
    """The portfolio asked on another day or layer; a moved ``as_of`` moves ``known_at`` unless that is given too."""
    return replace(
        portfolio,
        as_of=as_of or portfolio.as_of,
        known_at=known_at or (as_of or portfolio.known_at),
        basis=basis or portfolio.basis,
    )


def judge_for(portfolio: Portfolio, rulebook: Rulebook, lists: ListSet | None = None) -> Judge:
    """The judge for a portfolio's own question, by the lists given or in use.

    InputError where its records name what the rulebook lacks.
    """
    refuse_wrong_records(portfolio, rulebook)
    question = Question(portfolio.as_of, portfolio.knowledge_date, portfolio.basis)
    return Judge(with_orders(portfolio), rulebook, question, lists=lists)


def make_plan(
    portfolio: Portfolio,
    rulebook: Rulebook,
    *,
    assume_granted: bool = False,
    time_limit_s: float = 10.0,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    settings: SearchSettings = USUAL_SETTINGS,
) -> Planned:
    """The plan of least objective found, with its bound; every placement checked and explained."""
    if portfolio.horizon_until <= portfolio.as_of:
        raise PlanError(
            f"horizon_until {portfolio.horizon_until} is not after as_of {portfolio.as_of}; move one of them"
        )
    judge = judge_for(with_steps(portfolio), rulebook)
    answers = answers_of(judge, progress, assume_granted=assume_granted)
    made = plan_of(judge, answers, time_limit_s=time_limit_s, progress=progress, stop=stop, settings=settings)
    plan = replace(made.plan, assumptions=assumptions_of(portfolio))
    return replace(made, plan=plan, assume_granted=assume_granted)


def plan_of(
    judge: Judge,
    answers: Mapping[str, tuple[PoolAnswer, ...]],
    *,
    time_limit_s: float = 10.0,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    settings: SearchSettings = USUAL_SETTINGS,
) -> Planned:
    """The plan of least objective for what the pools answered (``answers_of``).

    Under other weights than the usual ones its objective, bound and gap are in these weights; its cost stays in USD.
    """
    statement = state(judge, answers)
    if progress:
        progress(f"solving {len(statement.problem.jobs)} jobs with {len(statement.problem.options)} options")
    problem, found, levels = _solved(statement, answers, settings, time_limit_s=time_limit_s, stop=stop)
    schedule = as_early_as_possible(problem, found)
    broken = violations(problem, schedule)
    if broken:
        raise PlanError(f"the checker refuses the solver's plan: {broken[0]}; please report this with the portfolio")
    plan = _plan(judge, answers, statement, schedule)
    plan = replace(plan, unit=unit_of((settings.weights, *settings.then)[-1]), levels=levels)
    return Planned(plan, judge.portfolio, judge, answers)


def _solved(
    statement: Statement,
    answers: Mapping[str, tuple[PoolAnswer, ...]],
    settings: SearchSettings,
    **limits: Any,
) -> tuple[Problem, Schedule, tuple[PlanLevel, ...]]:
    """The problem as it was weighted, its schedule, and what the objectives of an order come to."""
    problem = statement.problem
    search = {
        "seed": settings.seed,
        "workers": settings.workers,
        "checkpoint": settings.checkpoint,
        "warm_start": former_slots(statement, settings.former) if settings.former else (),
        **limits,
    }
    if settings.is_usual:
        return problem, solve(problem, **search), ()
    measures = measures_of(statement, answers)
    if not settings.then:
        problem = weighted(problem, measures, settings.weights)
        return problem, solve(problem, **search), ()
    problem, found, levels = in_order(problem, measures, (settings.weights, *settings.then), **search)
    return problem, found, tuple(PlanLevel(unit_of(one.weights), one.value, one.bound) for one in levels)


def answers_of(
    judge: Judge,
    progress: Progress | None = None,
    *,
    assume_granted: bool = False,
) -> dict[str, tuple[PoolAnswer, ...]]:
    """What every pool answers to every workload; a copy runs in no pool and asks none."""
    found: dict[str, tuple[PoolAnswer, ...]] = {}
    for place, workload in enumerate(judge.portfolio.workloads, 1):
        if progress:
            progress(f"asking the law about {workload.name} ({place} of {len(judge.portfolio.workloads)})")
        pools = () if workload.kind is WorkloadKind.COPY else judge.portfolio.pools
        asked = (answer_of(judge, workload, pool, assume_granted=assume_granted) for pool in pools)
        answers = (with_pauses(answer) for answer in asked if answer is not None)
        found[workload.id] = with_splits(judge, workload, tuple(answers))
    return found


def _plan(
    judge: Judge, answers: Mapping[str, tuple[PoolAnswer, ...]], statement: Statement, schedule: Schedule
) -> Plan:
    portfolio = judge.portfolio
    sites = {slot.job: statement.choices[slot.option] for slot in schedule.slots}
    placements = tuple(_placement(judge, answers, statement, slot, sites) for slot in schedule.slots)
    _refuse_unlawful(placements)
    unplaced = tuple(_unplaced(judge, answers, statement, job, sites) for job in schedule.unplaced)
    parts = statement.problem.objective(schedule.slots)
    return Plan(
        name=portfolio.name,
        as_of=portfolio.as_of,
        known_at=portfolio.knowledge_date,
        basis=portfolio.basis,
        rulebook=judge.rulebook.version,
        placements=placements,
        unplaced=unplaced,
        objective=schedule.objective_usd,
        bound=schedule.bound_usd,
        gap=schedule.gap_usd,
        cost_usd=parts.cost_usd + parts.quotes_usd,
        solver_status=schedule.status.value,
        contracts=contracts(portfolio, statement.problem.quotes_for(schedule.slots)),
    )


def _refuse_unlawful(placements: Sequence[Placement]) -> None:
    """PlanError where the law, asked anew about a placement as it came out, does not let it be: a bug, never shown."""
    for one in placements:
        if not (one.outcome.is_placeable or (one.conditional_on and one.outcome.is_licence)):
            where = f"{one.workload} in {one.pool} from {one.start} to {one.end}"
            raise PlanError(f"{where} is {one.outcome.value}, its windows said otherwise; please report this")


def _placement(
    judge: Judge,
    answers: Mapping[str, tuple[PoolAnswer, ...]],
    statement: Statement,
    slot: Slot,
    taken: Mapping[str, Choice],
) -> Placement:
    choice = statement.choices[slot.option]
    option = statement.problem.option_by_id[slot.option]
    start, end = statement.day_of(slot.start_h), statement.last_day_of(slot.start_h + option.hours)
    determination = _determination(judge, statement, choice, start, end, taken)
    to_site = choice.workload.to_site
    # The weights of a copy come from where its predecessor ran, which is one of several pools of the site.
    source = taken[choice.workload.after[0]].pool if to_site else choice.pool
    return Placement(
        workload=choice.workload.id,
        site=to_site or choice.pool.site,
        pool=source.id,
        chips=choice.share.chips,
        start=start,
        end=end,
        outcome=determination.outcome,
        cost_usd=option.usd,
        conditional_on=choice.conditional_on(start, end),
        estimate=choice.estimate,
        determination=determination,
        alternatives=_alternatives(answers.get(choice.workload.id, ()), choice),
        pauses=choice.pauses,
        also=tuple(FurtherShare(one.pool.id, one.pool.site, one.estimate.chips) for one in choice.also),
    )


def _determination(
    judge: Judge, statement: Statement, choice: Choice, start: date, end: date, taken: Mapping[str, Choice]
) -> Determination:
    """The law's answer at the start, with what later days of change add, and for the weights that are brought in."""
    workload, pool = choice.workload, choice.pool
    if workload.to_site is not None:
        return copy_determination(judge, workload, pool, start)
    days = [day for first, last in _runs(choice, start, end) for day, _ in judge.stretches(first, last)]
    at_start, *later = (judge.placement(workload, pool, day) for day in days)
    here = judge.portfolio.site_by_id[pool.site].country
    moves = [
        judge.weights_move(workload, pool, there, here, start)
        for there in statement.brought_in_from(workload, here, taken)
    ]
    elsewhere: list[Determination] = []
    for one in choice.also:
        there, *after = (judge.placement(workload, one.pool, day) for day in days)
        elsewhere += [*there.legs, *_changed_legs(there, after)]
    if choice.also:
        elsewhere += exchange_moves(judge, choice, days[:1])
    added = [*_changed_legs(at_start, later), *elsewhere, *moves]
    if not added:
        return at_start
    legs = (*at_start.legs, *added)
    return join_legs(at_start.id, at_start.subject, judge.question, legs, judge.rulebook.version)


def _runs(choice: Choice, start: date, end: date) -> list[tuple[date, date]]:
    """The days on which a placement runs, pauses taken out."""
    begins = [start, *(last for _, last in choice.pauses)]
    ends = [*(first for first, _ in choice.pauses), end]
    return list(zip(begins, ends, strict=True))


def _changed_legs(at_start: Determination, later: Sequence[Determination]) -> list[Determination]:
    """The legs whose answer or duties on a later day differ from those of the day before."""
    known = {leg.subject: leg for leg in at_start.legs}
    changed: list[Determination] = []
    for leg in (leg for day in later for leg in day.legs):
        before = known.get(leg.subject)
        if before is None or (before.outcome, before.duties) != (leg.outcome, leg.duties):
            changed.append(leg)
        known[leg.subject] = leg
    return changed


def _alternatives(answers: Sequence[PoolAnswer], taken: Choice) -> tuple[Alternative, ...]:
    return tuple(_alternative(answer, taken) for answer in answers if answer.pool.id != taken.pool.id)


def _alternative(answer: PoolAnswer, taken: Choice) -> Alternative:
    """Another pool: its outcome, its cheapest choice, and what decided against it."""
    outcome = answer.first_outcome
    if not answer.choices:
        return Alternative(answer.pool.id, outcome, answer.why_not)
    cheapest: float | None = min(choice.usd for choice in answer.choices)
    difference = (cheapest or 0.0) - taken.usd
    if answer.pool.quotes:
        why, cheapest = "lawful, but its chips would have to be leased or bought first", None
    elif difference >= 0:
        why = f"lawful, dearer by {difference:,.0f} USD"
    else:
        why = f"lawful and cheaper by {-difference:,.0f} USD, but {_DOES_NOT_FIT}"
    if not outcome.is_placeable:
        why = f"{why}; only from {answer.choices[0].windows[0][0].isoformat()}: {why_unlawful(answer.answered[0])}"
    return Alternative(answer.pool.id, outcome, why, cheapest)


def _unplaced(
    judge: Judge,
    answers: Mapping[str, tuple[PoolAnswer, ...]],
    statement: Statement,
    job: str,
    taken: Mapping[str, Choice],
) -> Unplaced:
    workload = judge.portfolio.workload_by_id[job]
    alternatives = tuple(
        Alternative(
            answer.pool.id,
            answer.first_outcome,
            answer.why_not or f"lawful and feasible, but {_DOES_NOT_FIT}",
            min((choice.usd for choice in answer.choices), default=None),
        )
        for answer in answers.get(job, ())
    )
    return Unplaced(job, _why_unplaced(workload, alternatives, statement, taken), alternatives)


def _why_unplaced(
    workload: Workload, alternatives: Sequence[Alternative], statement: Statement, taken: Mapping[str, Choice]
) -> str:
    left_out = [before for before in workload.after if before not in taken]
    if left_out:
        return f"its predecessor {left_out[0]} has no place"
    if workload.to_site is not None:
        return statement.why_no_copy(workload)
    if not alternatives:
        return f"no pool is open to {workload.party} in its time"
    if all(alternative.cost_usd is None for alternative in alternatives):
        return "no pool is lawful, large enough and near enough: " + _counted(alternatives)
    return "its lawful pools are full, too slow or too dear: leaving it out costs less"


def _counted(alternatives: Sequence[Alternative]) -> str:
    """How many pools answer what, in words; each pool's own reason stands in its alternative."""
    kinds = Counter("lawful, but unfit" if one.outcome.is_placeable else str(one.outcome.value) for one in alternatives)
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
