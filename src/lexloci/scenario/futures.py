"""What becomes of a plan in a future: the plan is kept until an event breaks it, and then mended from that day on.

Nothing is foreseen. On the day of an event its consequences for law, capacity and price are known, and no later event.
Work that is done stays done. Work that runs goes on if the rest of it is lawful and has its chips; else it is lost,
what it cost until then is paid, and it begins again. Work that has not begun stays where it is planned if it still may;
what may not, with all that waits for it and all that had no place, is placed anew around the rest.

The clairvoyant plan, by contrast, is made on the first day with all events known: no one can have it, and it is what
regret is measured against.

All is decided on the scheduling problem (``lexloci.plan.problem``). The law is asked once about each placement in each
state of the law; worlds that differ in capacity or price share all of its answers.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from math import fsum

from lexloci.model.act import ActKind, Question
from lexloci.model.site import Pool
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.plan.options import PoolAnswer, answer_of
from lexloci.plan.pausing import with_pauses
from lexloci.plan.pool_prices import with_orders
from lexloci.plan.problem import Option, Problem, Schedule, Slot
from lexloci.plan.solve import solve
from lexloci.plan.splitting import with_splits
from lexloci.plan.statement import state
from lexloci.scenario.commitments import (
    Holdings,
    delayed,
    from_then_on,
    lead_hours,
    out_of_reach,
    settled,
    signed,
    spent_usd,
    with_moved_prices,
)
from lexloci.scenario.event import Event, EventKind, Happened, Scenario
from lexloci.scenario.mending import Cut, Taken, as_it_is_now, rest, without, without_hours, worked_share
from lexloci.scenario.remembering import Memory, RememberingJudge, kinds_at_start
from lexloci.scenario.supposed import supposed_rows
from lexloci.scenario.world import Outage, World, after

_SUPPLY = frozenset(kind for kind in ActKind if kind.is_supply)
_OF_RULES = (EventKind.BILL_PASSES, EventKind.RULE_BEGINS, EventKind.RULE_ENDS, EventKind.RULE_STAYED)
NOTHING: Happened = frozenset()


@dataclass(frozen=True, slots=True)
class Result:
    """What a plan comes to in a future, in USD; days late; how much work is left out, and how much moved.

    USD for work that is run and that is lost, for lateness, for work left out, and for leases and purchases.
    """

    run_usd: float
    lost_usd: float
    late_usd: float
    unplaced_usd: float
    days_late: float
    unplaced: int
    moved: int
    quotes_usd: float = 0.0

    @property
    def spent_usd(self) -> float:
        """What is paid for work, lost work among it, and for leases and purchases."""
        return fsum((self.run_usd, self.lost_usd, self.quotes_usd))

    @property
    def cost_usd(self) -> float:
        """The whole cost: what is run, lost, late and left out, leased and bought."""
        return fsum((self.run_usd, self.lost_usd, self.late_usd, self.unplaced_usd, self.quotes_usd))


class Futures:
    """A world, what may happen to it, and what is kept of every future that was looked at."""

    def __init__(
        self,
        world: World,
        scenario: Scenario,
        *,
        time_limit_s: float = 10.0,
        memory: Memory | None = None,
        penalties: Mapping[str, float] | None = None,
    ) -> None:
        """``penalties``: what leaving each workload out costs (USD); not given: what it does in the world as it is."""
        self.world = world
        self.scenario = scenario
        self.time_limit_s = time_limit_s
        self.memory = memory or Memory(words_matter=False)
        self._penalties = penalties
        self.solves = 0
        self._events = {event.id: event for event in scenario.events}
        self._answers: dict[Hashable, PoolAnswer | None] = {}
        self._stated: dict[Happened, Problem] = {}
        self._problems: dict[Happened, Problem] = {}
        self._plans: dict[Happened, Schedule] = {}
        self._mended: dict[Hashable, dict[str, Taken]] = {}

    def hour_of(self, day: date) -> int:
        """The hour at which a day begins, from the start of the plan."""
        return (day - self.world.portfolio.as_of).days * 24

    def problem(self, happened: Happened) -> Problem:
        """The scheduling problem of the world in which these events happened, all of them known."""
        found = self._problems.get(happened)
        if found is None:
            world = after(self.world, self.scenario, happened)
            found = self._of_law(frozenset(one for one in happened if self._events[one[0]].kind.is_of_law))
            found = self._with_outages(self._with_prices(found, world), world.outages)
            self._problems[happened] = found
        return found

    def plan(self, happened: Happened = NOTHING) -> Schedule:
        """The plan that is made on the first day where these events are known, and no other."""
        found = self._plans.get(happened)
        if found is None:
            self.solves += 1
            found = self._plans[happened] = self._solved(self.problem(happened))
        return found

    def _solved(self, problem: Problem) -> Schedule:
        """The plan of so much work, however slow the machine: who works it off makes no difference."""
        return solve(problem, time_limit_s=self.time_limit_s, by_clock=False)

    def clairvoyant(self, happened: Happened) -> Result:
        """What the plan comes to that knew it all."""
        problem, schedule = self.problem(happened), self.plan(happened)
        spent = fsum(one.usd for one in problem.quotes_for(schedule.slots))
        return self._result(problem, self._taken(problem, schedule), Cut(), spent)

    def follow(
        self, schedule: Schedule, made_for: Happened, happened: Happened, *, again: date | None = None
    ) -> Result:
        """What a plan, made as if ``made_for`` were known, comes to where ``happened`` comes about, event by event.

        On the day ``again`` all work that has not begun is planned anew, for what is known then.
        """
        problem, leads = self.problem(made_for), self._leads(made_for)
        taken = self._taken(problem, schedule)
        contracts, cut = problem.quotes_for(schedule.slots), Cut()
        held: Holdings = {}
        anew = None if again is None else self.hour_of(again)
        for hour, known in self._stages(happened, again):
            had = signed(problem, contracts, held, leads, hour)
            leads = self._leads(known)
            had = delayed(had, leads, hour)
            problem = from_then_on(self.problem(known), had, leads, hour)
            kept, lost = self._kept(problem, taken, hour)
            if hour == anew:
                kept = {job: (option, start) for job, (option, start) in kept.items() if start < hour}
            mended = self._mend(problem, kept, hour, known, had)
            was = {job: option.site for job, (option, _) in taken.items()}
            moved = sum(1 for job, (option, _) in mended.items() if job not in kept and was.get(job) != option.site)
            cut, taken = cut.and_then(lost, moved), mended
            contracts = problem.quotes_for(Slot(job, option.id, start) for job, (option, start) in taken.items())
            held = settled(problem, contracts, had, hour)
        return self._result(problem, taken, cut, spent_usd(problem, held, contracts))

    def _leads(self, happened: Happened) -> Mapping[str, int]:
        """The lead time of each quote in hours where these events happened."""
        return lead_hours(after(self.world, self.scenario, happened).portfolio)

    def _stages(self, happened: Happened, again: date | None) -> Iterable[tuple[int, Happened]]:
        """The hours at which something becomes known, and all that is known then: nothing on the first."""
        yield 0, NOTHING
        for day in sorted({day for _, day in happened} | ({again} if again else set())):
            yield self.hour_of(day), frozenset(one for one in happened if one[1] <= day)

    def _of_law(self, happened: Happened) -> Problem:
        """The problem of a state of the law, without outages and moved prices."""
        found = self._stated.get(happened)
        if found is None:
            world = after(self.world, self.scenario, happened)
            question = Question(world.portfolio.as_of, world.portfolio.knowledge_date, world.portfolio.basis)
            supposed = supposed_rows(world.portfolio, world.listings)
            portfolio = with_orders(world.portfolio)
            judge = RememberingJudge(portfolio, world.rulebook, question, supposed, memory=self.memory)
            answers = {
                job.id: with_splits(judge, job, tuple(self._asked(judge, job, happened)))
                for job in world.portfolio.workloads
            }
            found = state(judge, answers).problem
            if happened or self._penalties:
                usd = self._penalties or penalties_of(self._of_law(NOTHING))
                found = replace(found, jobs=tuple(replace(job, usd_if_unplaced=usd[job.id]) for job in found.jobs))
            self._stated[happened] = found
        return found

    def _asked(self, judge: RememberingJudge, job: Workload, happened: Happened) -> Iterable[PoolAnswer]:
        """The answers of the pools; one that no event touches is that of the world as it is."""
        if job.kind is WorkloadKind.COPY:
            return
        for pool in judge.portfolio.pools:
            touching = frozenset(one for one in happened if self._touches(self._events[one[0]], job, pool))
            key = (job.id, pool.id, touching)
            if key not in self._answers:
                answer = answer_of(judge, job, pool, assume_granted=False)
                self._answers[key] = None if answer is None else with_pauses(answer)
            answer = self._answers[key]
            if answer is not None:
                yield answer

    def _touches(self, event: Event, job: Workload, pool: Pool) -> bool:
        """Whether an event can change what a pool answers to a workload; where in doubt, it can."""
        if event.kind is EventKind.POOL_LATE:
            return event.thing == pool.id
        if event.kind in _OF_RULES:
            bill = self.world.bills.get(event.thing)
            rule = bill if event.kind is EventKind.BILL_PASSES and bill else self.world.rulebook.rule(event.thing)
            return not rule.acts.isdisjoint(kinds_at_start(job, pool) | _SUPPLY)
        return True

    def _with_prices(self, problem: Problem, world: World) -> Problem:
        """The problem in which work that starts from a day on pays another price: an option before, an option after.

        In a pool that is leased, it is the leases that are signed from that day on. What shares a job between pools is
        made for prices that stay: from that day on there is none with that pool.
        """
        leads = lead_hours(world.portfolio)
        for move in world.prices:
            hour = self.hour_of(move.since)
            if move.pool in problem.quotes_by_pool:
                problem = with_moved_prices(problem, move, leads, hour)
                continue
            options: list[Option] = []
            for option in problem.options:
                if all(share.pool != move.pool for share in option.shares):
                    options.append(option)
                    continue
                early = [(start, min(end, hour - 1 + option.hours)) for start, end in option.windows_h if start < hour]
                late = [(max(start, hour), end) for start, end in option.windows_h if end > hour and not option.also]
                name, usd = f"{option.id}+{move.since.isoformat()}", option.usd * move.factor
                parts = [(option.id, option.usd, early), (name, usd, late)]
                options += [
                    replace(option, id=one, usd=price, windows_h=tuple(windows))
                    for one, price, windows in parts
                    if windows
                ]
            problem = replace(problem, options=tuple(options))
        return problem

    def _with_outages(self, problem: Problem, outages: Iterable[Outage]) -> Problem:
        """The problem in which the pools of a site have nothing while it is lost.

        A pool that is leased or bought has what its quotes bring: there it is the options that cannot run.
        """
        for outage in outages:
            first, last = self.hour_of(outage.since), self.hour_of(outage.until)
            pools = tuple(
                replace(pool, nodes_by_interval=without(pool.nodes_by_interval, first, last))
                if pool.site == outage.site
                else pool
                for pool in problem.pools
            )
            quoted = {pool.id for pool in pools if pool.site == outage.site and pool.id in problem.quotes_by_pool}
            options = (
                replace(option, windows_h=without_hours(option.windows_h, first, last))
                if any(share.pool in quoted for share in option.shares)
                else option
                for option in problem.options
            )
            problem = replace(problem, pools=pools, options=tuple(one for one in options if one.windows_h))
        return problem

    def _taken(self, problem: Problem, schedule: Schedule) -> dict[str, Taken]:
        return {slot.job: (problem.option_by_id[slot.option], slot.start_h) for slot in schedule.slots}

    def _kept(self, problem: Problem, taken: Mapping[str, Taken], hour: int) -> tuple[dict[str, Taken], float]:
        """What of a plan may stay as it is from an hour on, and what was paid for work that is lost."""
        kept: dict[str, Taken] = {}
        lost_usd = 0.0
        closed = out_of_reach(problem, taken.values(), self._quoted) if self._quoted else frozenset[str]()
        for job in problem.jobs_in_order:
            found = taken.get(job.id)
            if found is None:
                continue
            option, start = found
            if start >= hour and any(one not in kept for one in job.after):
                continue
            if start >= hour and any(share.pool in closed for share in option.shares):
                continue
            now = as_it_is_now(problem, option, start, hour)
            if now is not None:
                kept[job.id] = (now, start)
            elif start < hour:
                lost_usd += option.usd * worked_share(option, start, hour)
        return kept, lost_usd

    @cached_property
    def _quoted(self) -> frozenset[str]:
        """The pools that are leased or bought."""
        return frozenset(pool.id for pool in self.world.portfolio.pools if pool.quotes)

    def _mend(
        self, problem: Problem, kept: dict[str, Taken], hour: int, known: Happened, held: Holdings
    ) -> dict[str, Taken]:
        """The plan with all that is kept, and the rest placed anew from an hour on."""
        free = [job for job in problem.jobs if job.id not in kept and problem.options_by_job[job.id]]
        if not free:
            return kept
        bound = frozenset(held.items())
        key = (
            known,
            hour,
            bound,
            frozenset((job, option.id, option.usd, start) for job, (option, start) in kept.items()),
        )
        found = self._mended.get(key)
        if found is None:
            self.solves += 1
            schedule = self._solved(rest(problem, kept, free, hour))
            new = {slot.job: slot for slot in schedule.slots if slot.job not in kept}
            found = kept | {job: (problem.option_by_id[slot.option], slot.start_h) for job, slot in new.items()}
            self._mended[key] = found
        return found

    def _result(self, problem: Problem, taken: Mapping[str, Taken], cut: Cut, quotes_usd: float) -> Result:
        ends = {job: start + option.hours for job, (option, start) in taken.items()}
        jobs = problem.job_by_id
        late_h = [max(0, end - due) for job, end in ends.items() if (due := jobs[job].due_h) is not None]
        left_out = [job for job in problem.jobs if job.id not in taken]
        return Result(
            run_usd=fsum(option.usd for option, _ in taken.values()),
            lost_usd=cut.lost_usd,
            late_usd=fsum(problem.lateness_usd(jobs[job], end) for job, end in ends.items()),
            unplaced_usd=fsum(job.usd_if_unplaced for job in left_out),
            days_late=sum(late_h) / 24,
            unplaced=len(left_out),
            moved=cut.moved,
            quotes_usd=quotes_usd,
        )


def penalties_of(problem: Problem) -> dict[str, float]:
    """What leaving each job out costs, in USD: the same in all futures, so that they compare."""
    return {job.id: job.usd_if_unplaced for job in problem.jobs}
