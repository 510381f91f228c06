"""Says which schedule a quick serial rule finds: a plan at once, a hint for the solver, the floor under its answer.

Jobs are taken one by one, each after its predecessors, by a priority; each gets the option and the earliest start that
cost least, counting the lateness that its end forces on the jobs after it. Several priorities are tried and the best
schedule is kept; further rounds change its order at random. A job whose place would cost more than leaving out it and
all that waits for it is left out. Every schedule keeps all the conditions of ``Problem``; nothing is proven about its
cost.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import fsum, inf
from random import Random

from lexloci.plan.problem import HourInterval, Job, Option, Problem, Slot

Priority = tuple[float, ...]

# shares of the jobs moved in a round, and the spread of their shift as a share of the order: of 0.03, 0.1 and 0.3 the
# last gave the cheapest plans on instances of 100, 500 and 2,000 jobs
_SHARES_MOVED = (0.02, 0.05, 0.2)
_SHIFT = 0.3


@dataclass(frozen=True, slots=True)
class Follower:
    """A job that waits, directly or not, for another: ``hours`` pass at least between the two ends."""

    job: Job
    hours: int
    least_usd: float


class Profile:
    """How much of one resource is free over time; starts as the capacity and shrinks as jobs take their slots."""

    def __init__(self, intervals: tuple[tuple[int, int, int], ...]) -> None:
        self.times: list[int] = []
        self.free: list[int] = []
        for start, end, amount in intervals:
            if self.times and self.times[-1] == start:
                self.free[-1] = amount
            else:
                self.times.append(start)
                self.free.append(amount)
            self.times.append(end)
            self.free.append(0)

    def first_conflict_end(self, start: int, end: int, amount: int) -> int | None:
        """The hour at which the last lack of ``amount`` within ``[start, end)`` ends; None where there is no lack."""
        times, free = self.times, self.free
        for place in range(bisect_left(times, end) - 1, bisect_right(times, start) - 2, -1):
            if place < 0:
                return times[0]
            if free[place] < amount:
                return times[place + 1] if place + 1 < len(times) else end
        return None

    def first_fit(self, start: int, hours: int, amount: int) -> int | None:
        """The first hour from ``start`` on from which ``amount`` is free for so many hours; None where none is."""
        times, free = self.times, self.free
        place = bisect_right(times, start) - 1
        if place < 0:
            place, start = 0, times[0] if times else start
        for step in range(place, len(times) - 1):
            if free[step] < amount:
                start = times[step + 1]
            elif times[step + 1] >= start + hours:
                return start
        return None

    def take(self, start: int, end: int, amount: int) -> None:
        """Take ``amount`` in ``[start, end)``, which must be free."""
        first, last = self._split(start), self._split(end)
        for place in range(first, last):
            self.free[place] -= amount

    def _split(self, time: int) -> int:
        place = bisect_left(self.times, time)
        if place == len(self.times) or self.times[place] != time:
            self.times.insert(place, time)
            self.free.insert(place, self.free[place - 1])
        return place


class Serial:
    """One serial schedule in the making: what is free, and what has its place."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.pools = {pool.id: Profile(pool.nodes_by_interval) for pool in problem.widest_by_id.values()}
        self.sites = {limit.site: Profile(((0, problem.horizon_h, limit.watts),)) for limit in problem.power}
        self.slots: dict[str, Slot] = {}

    def ready_h(self, job: Job, option: Option) -> int | None:
        """The hour from which the predecessors let the option start; None where one is left out or out of reach."""
        ready = 0
        for predecessor in job.after:
            slot = self.slots.get(predecessor)
            if slot is None:
                return None
            before = self.problem.option_by_id[slot.option]
            delay = self.problem.delay_between(predecessor, before.site, option.site)
            if delay is None:
                return None
            ready = max(ready, slot.start_h + before.hours + delay)
        return ready

    def earliest_start(self, option: Option, ready_h: int, before_h: float = inf) -> int | None:
        """The first hour in ``[ready_h, before_h)`` at which the option fits into what is free; None where none is."""
        needs = self._needs(option)
        for first, after_last in self.problem.start_intervals(option):
            start = max(first, ready_h)
            if start >= before_h:
                return None
            if not option.pauses_h:
                fit = _first_fit(needs, option.hours, start, after_last)
                if fit is not None:
                    return fit if fit < before_h else None
                continue
            while start < after_last:
                clear = _lack_end(needs, option.runs(start))
                if clear is None:
                    return start
                # A lack after a pause is no nearer its end at a later start: the pause ends when it ends.
                start = after_last if clear > option.pauses_h[0][0] else clear
        return None

    def _needs(self, option: Option) -> list[tuple[Profile, int]]:
        """What the option takes of which profile while it runs; shares of one site are added up."""
        if not (self.sites or option.also):
            return [] if option.pool is None else [(self.pools[option.pool], option.nodes)]
        found = [(self.pools[share.pool], share.nodes) for share in option.shares if share.pool is not None]
        drawn: dict[str, int] = {}
        for share in option.shares:
            if share.site in self.sites:
                drawn[share.site] = drawn.get(share.site, 0) + share.watts
        return [*found, *((self.sites[site], watts) for site, watts in drawn.items())]

    def place(self, option: Option, start_h: int) -> None:
        """Give the option its slot."""
        self.slots[option.job] = Slot(option.job, option.id, start_h)
        for profile, amount in self._needs(option):
            for start, end in option.runs(start_h):
                profile.take(start, end, amount)


def _first_fit(needs: list[tuple[Profile, int]], hours: int, start: int, after_last: int) -> int | None:
    """The first start in ``[start, after_last)`` with all that is needed for so many hours; None where none is."""
    while start < after_last:
        begun = start
        for profile, amount in needs:
            fit = profile.first_fit(start, hours, amount) if amount else start
            if fit is None:
                return None
            start = fit
        if start == begun:
            return start
    return None


def _lack_end(needs: list[tuple[Profile, int]], runs: tuple[HourInterval, ...]) -> int | None:
    """The hour at which some lack of what is needed in these runs ends; None where there is none."""
    for run_start, run_end in runs:
        for profile, amount in needs:
            end = profile.first_conflict_end(run_start, run_end, amount)
            if end is not None:
                return end
    return None


def greedy_slots(problem: Problem) -> tuple[Slot, ...]:
    """The slots of the cheapest serial schedule among the priorities tried, sorted by job; the same on every call."""
    return next(improvements(problem, seed=0))


def list_schedules(problem: Problem) -> Iterator[tuple[Slot, ...]]:
    """The slots of one serial schedule for each priority, the one by due dates first."""
    followers = _followers(problem)
    for priority in _priorities(problem, followers):
        yield _serial(problem, followers, priority)


def improvements(problem: Problem, seed: int) -> Iterator[tuple[Slot, ...]]:
    """The best slots so far, round after round, without end: first those of ``greedy_slots``, never dearer ones after.

    Each further round moves a few jobs at random in the order of the best schedule, makes a serial schedule in that
    order and keeps it unless it is dearer. The same seed gives the same rounds. Without jobs there is one round.
    """
    followers = _followers(problem)
    best: tuple[Slot, ...] = ()
    best_usd = problem.objective(best).objective_usd
    priorities = _priorities(problem, followers)
    best_priority = priorities[0]
    for priority in priorities:
        slots = _serial(problem, followers, priority)
        usd = problem.objective(slots).objective_usd
        if usd < best_usd:
            best, best_usd, best_priority = slots, usd, priority
    yield best
    order = sorted(problem.jobs, key=lambda job: (best_priority(job), job.id))
    ranks = {job.id: place / len(order) for place, job in enumerate(order)}
    random = Random(seed)
    while ranks:
        moved = _moved(ranks, random)
        slots = _serial(problem, followers, lambda job, moved=moved: (moved[job.id],))  # type: ignore[misc]
        usd = problem.objective(slots).objective_usd
        if usd <= best_usd:
            best, best_usd, ranks = slots, usd, moved
        yield best


def _moved(ranks: dict[str, float], random: Random) -> dict[str, float]:
    """The ranks with a few of them shifted at random."""
    few = max(1, int(len(ranks) * random.choice(_SHARES_MOVED)))
    return ranks | {job: ranks[job] + random.gauss(0.0, _SHIFT) for job in random.sample(list(ranks), few)}


def _serial(
    problem: Problem,
    followers: dict[str, tuple[Follower, ...]],
    priority: Callable[[Job], Priority],
) -> tuple[Slot, ...]:
    serial = Serial(problem)
    waiting = {job.id: len(set(job.after)) for job in problem.jobs}
    successors: dict[str, list[Job]] = {job.id: [] for job in problem.jobs}
    for job in problem.jobs:
        for predecessor in set(job.after):
            successors[predecessor].append(job)
    ready = [(priority(job), job.id) for job in problem.jobs if not job.after]
    heapq.heapify(ready)
    while ready:
        _, job_id = heapq.heappop(ready)
        _place_cheapest(serial, problem.job_by_id[job_id], followers[job_id])
        for successor in successors[job_id]:
            waiting[successor.id] -= 1
            if waiting[successor.id] == 0:
                heapq.heappush(ready, (priority(successor), successor.id))
    return tuple(serial.slots[job] for job in sorted(serial.slots))


def _place_cheapest(serial: Serial, job: Job, followers: tuple[Follower, ...]) -> None:
    best: tuple[float, int, str] | None = None
    later_usd = fsum(follower.least_usd for follower in followers)
    limit_usd = job.usd_if_unplaced + fsum(follower.job.usd_if_unplaced for follower in followers) - later_usd
    for option in sorted(serial.problem.options_by_job[job.id], key=lambda option: option.usd):
        if option.usd > limit_usd or (best is not None and option.usd > best[0]):
            break
        ready_h = serial.ready_h(job, option)
        before_h = _before_h(job, option, limit_usd if best is None else best[0])
        start = None if ready_h is None else serial.earliest_start(option, ready_h, before_h)
        if start is None:
            continue
        end = start + option.hours
        usd = option.usd + serial.problem.lateness_usd(job, end)
        usd += fsum(serial.problem.lateness_usd(follower.job, end + follower.hours) for follower in followers)
        if usd <= limit_usd and (best is None or (usd, end, option.id) < best):
            best = (usd, end, option.id)
    if best is not None:
        option = serial.problem.option_by_id[best[2]]
        serial.place(option, best[1] - option.hours)


def _before_h(job: Job, option: Option, most_usd: float) -> float:
    """An hour from which on the option's own price and lateness pass so many USD."""
    if job.due_h is None or not job.usd_per_hour_late:
        return inf
    return job.due_h - option.hours + (most_usd - option.usd) / job.usd_per_hour_late + 1


def _followers(problem: Problem) -> dict[str, tuple[Follower, ...]]:
    """For each job, all that wait for it: with the least hours between the ends, and the least that each costs."""
    possible = {
        job.id: [option for option in problem.options_by_job[job.id] if problem.start_intervals(option)]
        for job in problem.jobs
        if job.after
    }
    hours = {job: min((option.hours for option in options), default=0) for job, options in possible.items()}
    least_usd = {job: min((option.usd for option in options), default=inf) for job, options in possible.items()}
    between: dict[str, dict[str, int]] = {job.id: {} for job in problem.jobs}
    for job in reversed(problem.jobs_in_order):
        for predecessor in job.after:
            reach = between[predecessor]
            reach[job.id] = max(reach.get(job.id, 0), hours[job.id])
            for later, gap in between[job.id].items():
                reach[later] = max(reach.get(later, 0), hours[job.id] + gap)
    return {
        job: tuple(
            Follower(problem.job_by_id[later], gap, min(least_usd[later], problem.job_by_id[later].usd_if_unplaced))
            for later, gap in sorted(reach.items())
        )
        for job, reach in between.items()
    }


def _priorities(problem: Problem, followers: dict[str, tuple[Follower, ...]]) -> list[Callable[[Job], Priority]]:
    """Rules of order, smallest first: due date, lateness rate, release, lateness rate by work."""
    never = float(problem.horizon_h)

    def due(job: Job) -> float:
        dues = [float(f.job.due_h - f.hours) for f in followers[job.id] if f.job.due_h is not None]
        return min([never if job.due_h is None else float(job.due_h), *dues])

    def rate(job: Job) -> float:
        return max([job.usd_per_hour_late, *(f.job.usd_per_hour_late for f in followers[job.id])])

    def work(job: Job) -> float:
        return min((float(o.nodes * o.hours) for o in problem.options_by_job[job.id]), default=0.0)

    return [
        lambda job: (due(job), -rate(job)),
        lambda job: (-rate(job), due(job)),
        lambda job: (float(job.release_h), -rate(job)),
        lambda job: (-rate(job) / (1.0 + work(job)), due(job)),
    ]
