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
from math import fsum

from lexloci.model.act import ActKind, Question
from lexloci.model.errors import PlanError
from lexloci.model.site import Pool
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.plan.options import PoolAnswer, answer_of
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem, Schedule
from lexloci.plan.solve import solve
from lexloci.plan.statement import state
from lexloci.scenario.event import Event, EventKind, Happened, Scenario
from lexloci.scenario.remembering import Memory, RememberingJudge, kinds_at_start
from lexloci.scenario.world import Outage, PriceMove, World, after

_SUPPLY = frozenset(kind for kind in ActKind if kind.is_supply)
_OF_RULES = (EventKind.BILL_PASSES, EventKind.RULE_BEGINS, EventKind.RULE_ENDS, EventKind.RULE_STAYED)
NOTHING: Happened = frozenset()

Taken = tuple[Option, int]
"""An option and the hour at which it starts."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a plan comes to in a future: USD for work run, lost, late, left out; days late; work left out and moved."""

    run_usd: float
    lost_usd: float
    late_usd: float
    unplaced_usd: float
    days_late: float
    unplaced: int
    moved: int

    @property
    def spent_usd(self) -> float:
        """What is paid for work, lost work among it."""
        return self.run_usd + self.lost_usd

    @property
    def cost_usd(self) -> float:
        """The whole cost: what is run, lost, late and left out."""
        return fsum((self.run_usd, self.lost_usd, self.late_usd, self.unplaced_usd))


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
        quoted = next((pool.id for pool in world.portfolio.pools if pool.quotes), None)
        if quoted is not None:
            raise PlanError(
                f"pool {quoted}: a plan that is mended cannot take a lease yet; state its price, "
                "and the lease as an offer of the scenario"
            )
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
            found = self._with_outages(self._with_prices(found, world.prices), world.outages)
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
        problem = self.problem(happened)
        return self._result(problem, self._taken(problem, self.plan(happened)), 0.0, 0)

    def follow(
        self, schedule: Schedule, made_for: Happened, happened: Happened, *, again: date | None = None
    ) -> Result:
        """What a plan, made as if ``made_for`` were known, comes to where ``happened`` comes about, event by event.

        On the day ``again`` all work that has not begun is planned anew, for what is known then.
        """
        problem = self.problem(NOTHING)
        taken = self._taken(self.problem(made_for), schedule)
        lost_usd, moved = 0.0, 0
        anew = None if again is None else self.hour_of(again)
        for hour, known in self._stages(happened, again):
            problem = self.problem(known)
            kept, lost = self._kept(problem, taken, hour)
            if hour == anew:
                kept = {job: (option, start) for job, (option, start) in kept.items() if start < hour}
            lost_usd += lost
            mended = self._mend(problem, kept, hour, known)
            was = {job: option.site for job, (option, _) in taken.items()}
            moved += sum(1 for job, (option, _) in mended.items() if job not in kept and was.get(job) != option.site)
            taken = mended
        return self._result(problem, taken, lost_usd, moved)

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
            judge = RememberingJudge(
                world.portfolio, world.rulebook, question, memory=self.memory, listings=world.listings
            )
            answers = {job.id: tuple(self._asked(judge, job, happened)) for job in world.portfolio.workloads}
            found = state(judge, answers).problem.plain
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
                self._answers[key] = answer_of(judge, job, pool, assume_granted=False)
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

    def _with_prices(self, problem: Problem, moves: Iterable[PriceMove]) -> Problem:
        """The problem in which work that starts from a day on pays another price: an option before, an option after."""
        for move in moves:
            hour = self.hour_of(move.since)
            options: list[Option] = []
            for option in problem.options:
                if option.pool != move.pool:
                    options.append(option)
                    continue
                early = [(start, min(end, hour - 1 + option.hours)) for start, end in option.windows_h if start < hour]
                late = [(max(start, hour), end) for start, end in option.windows_h if end > hour]
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
        """The problem in which the pools of a site have nothing while it is lost."""
        for outage in outages:
            first, last = self.hour_of(outage.since), self.hour_of(outage.until)
            pools = tuple(
                replace(pool, nodes_by_interval=_without(pool, first, last)) if pool.site == outage.site else pool
                for pool in problem.pools
            )
            problem = replace(problem, pools=pools)
        return problem

    def _taken(self, problem: Problem, schedule: Schedule) -> dict[str, Taken]:
        return {slot.job: (problem.option_by_id[slot.option], slot.start_h) for slot in schedule.slots}

    def _kept(self, problem: Problem, taken: Mapping[str, Taken], hour: int) -> tuple[dict[str, Taken], float]:
        """What of a plan may stay as it is from an hour on, and what was paid for work that is lost."""
        kept: dict[str, Taken] = {}
        lost_usd = 0.0
        for job in problem.jobs_in_order:
            found = taken.get(job.id)
            if found is None:
                continue
            option, start = found
            if start >= hour and any(one not in kept for one in job.after):
                continue
            now = _as_it_is_now(problem, option, start, hour)
            if now is not None:
                kept[job.id] = (now, start)
            elif start < hour:
                lost_usd += option.usd * (hour - start) / option.hours
        return kept, lost_usd

    def _mend(self, problem: Problem, kept: dict[str, Taken], hour: int, known: Happened) -> dict[str, Taken]:
        """The plan with all that is kept, and the rest placed anew from an hour on."""
        free = [job for job in problem.jobs if job.id not in kept and problem.options_by_job[job.id]]
        if not free:
            return kept
        key = (known, hour, frozenset((job, option.id, option.usd, start) for job, (option, start) in kept.items()))
        found = self._mended.get(key)
        if found is None:
            self.solves += 1
            schedule = self._solved(_rest(problem, kept, free, hour))
            new = {slot.job: slot for slot in schedule.slots if slot.job not in kept}
            found = kept | {job: (problem.option_by_id[slot.option], slot.start_h) for job, slot in new.items()}
            self._mended[key] = found
        return found

    def _result(self, problem: Problem, taken: Mapping[str, Taken], lost_usd: float, moved: int) -> Result:
        ends = {job: start + option.hours for job, (option, start) in taken.items()}
        jobs = problem.job_by_id
        late_h = [max(0, end - due) for job, end in ends.items() if (due := jobs[job].due_h) is not None]
        left_out = [job for job in problem.jobs if job.id not in taken]
        return Result(
            run_usd=fsum(option.usd for option, _ in taken.values()),
            lost_usd=lost_usd,
            late_usd=fsum(problem.lateness_usd(jobs[job], end) for job, end in ends.items()),
            unplaced_usd=fsum(job.usd_if_unplaced for job in left_out),
            days_late=sum(late_h) / 24,
            unplaced=len(left_out),
            moved=moved,
        )


def penalties_of(problem: Problem) -> dict[str, float]:
    """What leaving each job out costs, in USD: the same in all futures, so that they compare."""
    return {job.id: job.usd_if_unplaced for job in problem.jobs}


def _without(pool: PoolCapacity, first: int, last: int) -> tuple[tuple[int, int, int], ...]:
    parts = [
        part
        for start, end, nodes in pool.nodes_by_interval
        for part in ((start, min(end, first), nodes), (max(start, last), end, nodes))
    ]
    return tuple((start, end, nodes) for start, end, nodes in parts if start < end)


def _as_it_is_now(problem: Problem, option: Option, start: int, hour: int) -> Option | None:
    """The option at its present price if work in it may stay from an hour on; None where it may not.

    Work that has begun keeps the price at which it began.
    """
    end = start + option.hours
    if end <= hour:
        return option
    from_h = max(start, hour)
    name = option.id.partition("+")[0]
    for one in problem.options_by_job[option.job]:
        if one.id.partition("+")[0] != name or not any(
            first <= from_h and end <= last for first, last in one.windows_h
        ):
            continue
        if one.pool is None or any(
            first <= from_h and end <= last for first, last in problem.pool_by_id[one.pool].intervals_with(one.nodes)
        ):
            return one if start >= hour else option
    return None


def _rest(problem: Problem, kept: Mapping[str, Taken], free: list[Job], hour: int) -> Problem:
    """The problem that is left from an hour on: kept work in its place, free work no earlier than the hour."""
    reachable: dict[str, Job] = {}
    waiting = {job.id for job in free}
    for job in problem.jobs_in_order:
        if job.id in waiting and all(one in kept or one in reachable for one in job.after):
            reachable[job.id] = replace(job, release_h=max(job.release_h, hour))
    needed = {one for job in reachable.values() for one in job.after}
    stays = {job: taken for job, taken in kept.items() if taken[1] + taken[0].hours > hour or job in needed}
    # Dearer than all that could be won by it: what stays is never given up.
    penalty = 1.0 + 2 * fsum(job.usd_if_unplaced for job in reachable.values())
    standing = [
        Job(job, penalty, release_h=start, delay_h=problem.job_by_id[job].delay_h) for job, (_, start) in stays.items()
    ]
    fixed = [
        replace(option, id=f"kept {job}", usd=0.0, windows_h=((start, start + option.hours),))
        for job, (option, start) in stays.items()
    ]
    return replace(
        problem,
        jobs=(*standing, *reachable.values()),
        options=(*fixed, *(option for option in problem.options if option.job in reachable)),
    )
