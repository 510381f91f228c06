"""The least objective of a tiny problem by trying everything; uses nothing of lexloci.plan but the dataclasses.

Hour by hour counting and full enumeration: every subset of jobs, every option, every start hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from lexloci.plan.problem import Job, Option, Problem, Slot
from lexloci.plan.quotes import Quote

Choice = tuple[Option, int] | None


def least_objective_usd(problem: Problem) -> float:
    """The objective of the best schedule, in USD, by enumeration (a handful of jobs, a dozen hours)."""
    jobs = list(problem.jobs)
    choices = [[None, *_choices(problem, job)] for job in jobs]
    best = [float("inf")]
    taken: dict[str, Choice] = {}

    def descend(place: int, usd: float) -> None:
        if usd >= best[0]:
            return
        if place == len(jobs):
            best[0] = min(best[0], usd + _quotes_usd(problem, taken))
            return
        job = jobs[place]
        for choice in choices[place]:
            taken[job.id] = choice
            if _order_kept(problem, taken) and (choice is None or _fits(problem, taken)):
                descend(place + 1, usd + _usd(job, choice))
            del taken[job.id]

    descend(0, 0.0)
    return best[0]


def schedules(problem: Problem) -> Iterator[tuple[Slot, ...]]:
    """Every schedule that keeps the conditions, limits apart (two jobs, a dozen hours)."""
    jobs = list(problem.jobs)
    for chosen in product(*([None, *_choices(problem, job)] for job in jobs)):
        taken = {job.id: choice for job, choice in zip(jobs, chosen, strict=True)}
        if _order_kept(problem, taken) and _fits(problem, taken) and _quotes_usd(problem, taken) < float("inf"):
            yield tuple(Slot(job, choice[0].id, choice[1]) for job, choice in taken.items() if choice is not None)


def _choices(problem: Problem, job: Job) -> list[Choice]:
    return [
        (option, start)
        for option in problem.options
        if option.job == job.id
        for start in range(max(0, job.release_h), problem.horizon_h - option.hours + 1)
        if any(first <= start and start + option.hours <= last for first, last in option.windows_h)
        if all(start < first and last < start + option.hours for first, last in option.pauses_h)
    ]


def _usd(job: Job, choice: Choice) -> float:
    if choice is None:
        return job.usd_if_unplaced
    option, start = choice
    late = 0 if job.due_h is None else max(0, start + option.hours - job.due_h)
    return option.usd + late * job.usd_per_hour_late


def _runs(option: Option, start: int, hour: int) -> bool:
    """Whether the option, started then, runs in that hour."""
    return start <= hour < start + option.hours and not any(begin <= hour < end for begin, end in option.pauses_h)


def _nodes(option: Option, pool: str) -> int:
    own = option.nodes if option.pool == pool else 0
    return own + sum(share.nodes for share in option.also if share.pool == pool)


def _kw(option: Option, site: str) -> float:
    own = option.kw if option.site == site else 0.0
    return own + sum(share.kw for share in option.also if share.site == site)


def _fits(problem: Problem, taken: dict[str, Choice]) -> bool:
    running = [choice for choice in taken.values() if choice is not None]
    for hour in range(problem.horizon_h):
        now = [option for option, start in running if _runs(option, start, hour)]
        for pool in problem.pools:
            nodes = sum(count for first, last, count in pool.nodes_by_interval if first <= hour < last)
            nodes += max((quote.nodes for quote in problem.quotes if quote.pool == pool.id), default=0)
            if sum(_nodes(option, pool.id) for option in now) > nodes:
                return False
        for limit in problem.power:
            if sum(_kw(option, limit.site) for option in now) > limit.kw + 1e-9:
                return False
    return True


def _quotes_usd(problem: Problem, taken: dict[str, Choice]) -> float:
    """The least that quotes cost with which every pool has what runs in it: every quote, begin and end is tried."""
    total = 0.0
    running = [choice for choice in taken.values() if choice is not None]
    for pool in problem.pools:
        ways = [(0.0, [0] * problem.horizon_h)]
        for quote in problem.quotes:
            if quote.pool == pool.id:
                ways += _ways(problem, quote)
        used = [
            sum(_nodes(option, pool.id) for option, start in running if _runs(option, start, hour))
            for hour in range(problem.horizon_h)
        ]
        own = [
            sum(count for first, last, count in pool.nodes_by_interval if first <= hour < last)
            for hour in range(problem.horizon_h)
        ]
        total += min(
            (
                usd
                for usd, more in ways
                if all(used[hour] <= own[hour] + more[hour] for hour in range(problem.horizon_h))
            ),
            default=float("inf"),
        )
    return total


def _ways(problem: Problem, quote: Quote) -> list[tuple[float, list[int]]]:
    """Every way to take a quote: its price, and the nodes that it brings in each hour."""
    latest = problem.horizon_h + quote.least_hours + quote.step_h
    return [
        (
            quote.usd + (end - start) * quote.usd_per_hour,
            [quote.nodes if start <= hour < end else 0 for hour in range(problem.horizon_h)],
        )
        for start in range(*quote.begins_h)
        for end in range(start + 1, latest + problem.horizon_h)
        if start % quote.step_h == 0
        and end % quote.step_h == 0
        and end - start >= quote.least_hours
        and (quote.last_end_h is None or end <= quote.last_end_h)
    ]


def _order_kept(problem: Problem, taken: dict[str, Choice]) -> bool:
    """Whether the jobs decided so far keep the order among themselves."""
    tables = {job.id: problem.delay_h if job.delay_h is None else job.delay_h for job in problem.jobs}
    for job in problem.jobs:
        choice = taken.get(job.id)
        if choice is None:
            continue
        option, start = choice
        for predecessor in job.after:
            if predecessor not in taken:
                continue
            before = taken[predecessor]
            if before is None:
                return False
            way = (before[0].site, option.site)
            if way not in tables[predecessor] and way[0] != way[1]:
                return False
            if start < before[1] + before[0].hours + tables[predecessor].get(way, 0):
                return False
    return True
