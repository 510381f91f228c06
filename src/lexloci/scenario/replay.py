"""Where would the work of a portfolio lawfully have gone, day by day since 2022, and which rule bent its way?

The same work is asked anew on each day: as made, known and to be begun on that day, with as many days before its
deadline as the portfolio gives it, on the chips that are there on that day. So what moves the picture is the law, the
chips and the leases, never the ageing of a job. Records (readings, attestations, authorisations) count from the day on
which they were made.

Nothing is sampled. The days looked at are those on which anything can change: a turn of a rule or a version of a limit
is published or begins; a listing, a list's age, a record, a pool begins or ends; and those on which the work of the
last plan would no longer end before a day that is known to end it. A plan is made where an answer of the law has
changed, or the pools that are there; it holds until the next. Months are summed from these stretches.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import pairwise

from lexloci.law.rule import Rulebook
from lexloci.model.act import Question
from lexloci.model.errors import PlanError
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool
from lexloci.model.workload import Workload
from lexloci.perf.demanded import asked_of
from lexloci.perf.training import model_flop_per_token
from lexloci.plan.options import PoolAnswer
from lexloci.plan.planner import Planned, answers_of, plan_of
from lexloci.plan.record_names import refuse_wrong_records
from lexloci.scenario.causes import cause_of_answer, pools
from lexloci.scenario.compare import compare
from lexloci.scenario.remembering import Memory, RememberingJudge
from lexloci.scenario.replay_types import NOWHERE, Bend, MonthShare, Place, Refusal, Replay, Stretch
from lexloci.scenario.states import law_dates, listing_dates, record_dates, too_old_days

Progress = Callable[[str], None]


def replay(
    portfolio: Portfolio,
    rulebook: Rulebook,
    first: date,
    until: date,
    *,
    time_limit_s: float = 10.0,
    progress: Progress | None = None,
) -> Replay:
    """The story of a portfolio from ``first`` until before ``until``; PlanError where no day lies between them."""
    if until <= first:
        raise PlanError(f"no day lies from {first} until before {until}; move one of them")
    refuse_wrong_records(portfolio, rulebook)
    memory = Memory()
    waiting = [*days_of_change(portfolio, rulebook, first, until)]
    made: list[tuple[date, Planned]] = []
    before: Hashable = None
    looked_at = 0
    while waiting:
        day = heappop(waiting)
        looked_at += 1
        if progress:
            progress(f"{day}: {looked_at} days of change looked at, {len(made)} plans")
        asked = as_asked_on(portfolio, day)
        judge = RememberingJudge(asked, rulebook, Question(day, day, asked.basis), memory=memory)
        answers = answers_of(judge)
        state = _state(answers, asked)
        if state != before or day == _outgrown(made, until):
            made.append((day, plan_of(judge, answers, time_limit_s=time_limit_s)))
            before = state
            again = _outgrown(made, until)
            if again and again not in waiting:
                heappush(waiting, again)
    return _told(portfolio, rulebook, made, (first, until), looked_at, memory)


def _outgrown(made: list[tuple[date, Planned]], until: date) -> date | None:
    """The first day on which the last plan, begun so much later, no longer ends within its lawful days.

    Until then it stays the best one: a day that is known to end something only takes choices away as it comes near.
    None where that day lies behind the story's end.
    """
    if not made:
        return None
    day, planned = made[-1]
    found: list[date] = []
    for one in planned.plan.placements:
        answer = pools(planned, one.workload).get(one.pool)
        windows = answer.choices[0].windows if answer and answer.choices else ()
        end = next((end for start, end in windows if start <= one.start and one.end <= end), None)
        if end is not None and end < planned.portfolio.horizon_until:
            found.append(day + (end - one.end) + timedelta(days=1))
    later = [one for one in found if day < one < until]
    return min(later, default=None)


def as_asked_on(portfolio: Portfolio, day: date) -> Portfolio:
    """The portfolio as it would have been asked on a day: its work anew, on the chips that are there.

    Pools that are not there are closed, and still known by name: a record that names one says the same on every day.
    """
    shift = day - portfolio.as_of
    return replace(
        portfolio,
        as_of=day,
        known_at=day,
        horizon_until=portfolio.horizon_until + shift,
        pools=tuple(pool if _is_there(pool, day) else replace(pool, available_until=day) for pool in portfolio.pools),
        workloads=tuple(_anew(workload, portfolio, shift) for workload in portfolio.workloads),
    )


def _is_there(pool: Pool, day: date) -> bool:
    """Whether work could run in the pool on a day of the past; chips that are yet to be leased or bought were not."""
    if pool.quotes:
        return False
    begins = [one for one in (pool.held_since, pool.available_from, pool.leased_since) if one is not None]
    return all(one <= day for one in begins) and (pool.available_until is None or day < pool.available_until)


def _anew(workload: Workload, portfolio: Portfolio, shift: timedelta) -> Workload:
    """The workload released on the day, with the days before its deadline and its end that the portfolio gives it."""
    released = max(workload.release or portfolio.as_of, portfolio.as_of)
    later = shift - (released - portfolio.as_of)
    deadline, must_end = (one + later if one else None for one in (workload.deadline, workload.must_end))
    return replace(workload, release=None, deadline=deadline, must_end=must_end)


def days_of_change(portfolio: Portfolio, rulebook: Rulebook, first: date, until: date) -> tuple[date, ...]:
    """``first``, and every day before ``until`` on which the law, a list, a record or a pool may say something else."""
    days: set[date | None] = {*law_dates(rulebook), *listing_dates(portfolio), *record_dates(portfolio)}
    days |= set(too_old_days(rulebook))
    for pool in portfolio.pools:
        days |= {pool.held_since, pool.available_from, pool.available_until, pool.leased_since}
    return (first, *sorted(day for day in days if day is not None and first < day < until))


def _state(answers: Mapping[str, tuple[PoolAnswer, ...]], asked: Portfolio) -> Hashable:
    """What a plan depends on beside the day: for each workload and pool the answer, its days and its choices.

    A window that is open on the day itself, or at the end of the horizon, is open whatever the day.
    """
    ends = {asked.as_of: "now", asked.horizon_until: "horizon"}
    return tuple(
        (
            workload,
            tuple(
                (
                    answer.pool.id,
                    answer.first_outcome,
                    answer.why_not,
                    tuple(
                        (choice.estimate.chips, [(ends.get(a, a), ends.get(b, b)) for a, b in choice.windows])
                        for choice in answer.choices
                    ),
                )
                for answer in found
            ),
        )
        for workload, found in answers.items()
    )


def _told(
    portfolio: Portfolio,
    rulebook: Rulebook,
    made: list[tuple[date, Planned]],
    days: tuple[date, date],
    looked_at: int,
    memory: Memory,
) -> Replay:
    first, until = days
    ends = [day for day, _ in made[1:]] + [until]
    stretches = [_stretch(day, end, planned) for (day, planned), end in zip(made, ends, strict=True)]
    bends = [
        Bend(day, changes)
        for (_, before), (day, after) in pairwise(made)
        if (changes := compare(before, after, str(before.plan.as_of), str(day))).moves
    ]
    return Replay(
        name=portfolio.name,
        basis=portfolio.basis.value,
        rulebook=rulebook.version,
        first=first,
        until=until,
        stretches=tuple(_joined(stretches)),
        bends=tuple(bends),
        refusals=tuple(_refusals(made)),
        months=tuple(shares_by_month(portfolio, stretches)),
        days=looked_at,
        plans=len(made),
        asked=memory.asked,
        at_hand=memory.at_hand,
    )


def _refusals(made: Iterable[tuple[date, Planned]]) -> Iterable[Refusal]:
    """The pools in which nothing may begin, each on the first day of it."""
    refused: set[str] = set()
    for day, planned in made:
        found: dict[str, PoolAnswer] = {}
        lawful: set[str] = set()
        for answer in (one for answers in planned.answers.values() for one in answers):
            found.setdefault(answer.pool.id, answer)
            if answer.first_outcome.is_placeable:
                lawful.add(answer.pool.id)
        for pool in (one for one in found if one not in lawful and one not in refused):
            cause = cause_of_answer(found[pool])
            yield Refusal(day, pool, found[pool].first_outcome, cause.words, cause.rule)
        refused = found.keys() - lawful


def _stretch(since: date, until: date, planned: Planned) -> Stretch:
    country = {site.id: site.country for site in planned.portfolio.sites}
    places = {one.workload: Place(one.pool, one.site, country[one.site]) for one in planned.plan.placements}
    places |= {one.workload: Place("", "", NOWHERE, one.why) for one in planned.plan.unplaced}
    order = [workload.id for workload in planned.portfolio.workloads]
    return Stretch(since, until, {name: places[name] for name in order}, planned.plan.cost_usd)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours with the same places as one."""
    found: list[Stretch] = []
    for one in stretches:
        if found and found[-1].places == one.places:
            found[-1] = replace(found[-1], until=one.until)
        else:
            found.append(one)
    return found


def useful_operations(portfolio: Portfolio, workload: Workload) -> float:
    """The operations that a workload is worth, in FLOP, whatever the chip; 0 for a copy.

    Training: as ``perf.training`` counts them. Serving: 2 x parameters used for each token read or written (Kaplan et
    al., arXiv:2001.08361, section 2.1: C_forward = 2 N), at its peak demand for all of its days.
    """
    model = portfolio.model_by_id[workload.model]
    if workload.kind.is_training:
        return (workload.tokens or 0.0) * model_flop_per_token(model)
    if workload.demand is None:
        return 0.0
    asked = asked_of(workload.demand, model)
    tokens_per_s = asked.output_tokens_per_s + asked.prompt_tokens_per_s
    days = workload.days or (portfolio.horizon_until - portfolio.as_of).days
    return 2 * model.used_parameters * tokens_per_s * days * 86_400


def shares_by_month(portfolio: Portfolio, stretches: Iterable[Stretch]) -> list[MonthShare]:
    """How each party's compute is spread over countries in each month, by useful operations and days."""
    worth = {workload.id: useful_operations(portfolio, workload) for workload in portfolio.workloads}
    party_of = {workload.id: workload.party for workload in portfolio.workloads}
    sums: dict[tuple[date, str], dict[str, float]] = {}
    for stretch in stretches:
        for month, days in _months(stretch.since, stretch.until):
            for workload, place in stretch.places.items():
                if worth[workload]:
                    by_country = sums.setdefault((month, party_of[workload]), {})
                    by_country[place.country] = by_country.get(place.country, 0.0) + worth[workload] * days
    found: list[MonthShare] = []
    for (month, party), by_country in sorted(sums.items()):
        whole = sum(by_country.values())
        home = portfolio.party_by_id[party].headquarters
        shares = {country: amount / whole for country, amount in sorted(by_country.items())}
        found.append(MonthShare(month, party, home, shares))
    return found


def _months(since: date, until: date) -> Iterable[tuple[date, int]]:
    """The months that ``[since, until)`` touches, by their first day, and how many of its days lie in each."""
    day = since
    while day < until:
        month = day.replace(day=1)
        following = (month + timedelta(days=32)).replace(day=1)
        yield month, (min(following, until) - day).days
        day = following
