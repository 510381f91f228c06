"""What of a plan may stay on a day on which something becomes known, and the problem of placing the rest around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import fsum

from lexloci.plan.problem import Job, Option, Problem

Taken = tuple[Option, int]
"""An option and the hour at which it starts."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What is lost on the way: USD paid for work that is lost, and how much work was moved."""

    lost_usd: float = 0.0
    moved: int = 0

    def and_then(self, lost_usd: float, moved: int) -> Cut:
        """With what is lost on one more day."""
        return Cut(self.lost_usd + lost_usd, self.moved + moved)


def without(
    nodes_by_interval: Iterable[tuple[int, int, int]], first: int, last: int
) -> tuple[tuple[int, int, int], ...]:
    """What a pool has where it has nothing in the hours ``[first, last)``."""
    parts = [
        part
        for start, end, nodes in nodes_by_interval
        for part in ((start, min(end, first), nodes), (max(start, last), end, nodes))
    ]
    return tuple((start, end, nodes) for start, end, nodes in parts if start < end)


def without_hours(windows_h: Iterable[tuple[int, int]], first: int, last: int) -> tuple[tuple[int, int], ...]:
    """The windows without the hours ``[first, last)``."""
    cut = without(((start, end, 1) for start, end in windows_h), first, last)
    return tuple((start, end) for start, end, _ in cut)


def as_it_is_now(problem: Problem, option: Option, start: int, hour: int) -> Option | None:
    """The option at its present price if work in it may stay from an hour on; None where it may not.

    Work that has begun keeps the price at which it began, and pauses on the days on which it was to pause.
    """
    end = start + option.hours
    if end <= hour:
        return option
    from_h = max(start, hour)
    for one in problem.options_by_job[option.job]:
        if (_priceless_id(one), one.pauses_h) != (_priceless_id(option), option.pauses_h):
            continue
        if any(first <= from_h and end <= last for first, last in one.windows_h) and _has_room(
            problem, one, start, from_h
        ):
            return one if start >= hour else option
    return None


def _priceless_id(option: Option) -> str:
    """The id without the day from which its price counts; the id of a split joins its pools by the same sign."""
    return option.id if option.also else option.id.partition("+")[0]


def _has_room(problem: Problem, option: Option, start: int, from_h: int) -> bool:
    """Whether each pool can have the nodes of an option for all of its runs from an hour on."""
    runs = [(max(begin, from_h), end) for begin, end in option.runs(start) if end > from_h]
    for share in option.shares:
        if share.pool is None:
            continue
        spans = problem.widest_by_id[share.pool].intervals_with(share.nodes)
        if not all(any(first <= begin and end <= last for first, last in spans) for begin, end in runs):
            return False
    return True


def worked_share(option: Option, start: int, hour: int) -> float:
    """The share of its work that an option which started has done by an hour; it does none while it is paused."""
    runs = option.runs(start)
    done = sum(max(0, min(end, hour) - begin) for begin, end in runs)
    return done / sum(end - begin for begin, end in runs)


def rest(problem: Problem, kept: Mapping[str, Taken], free: list[Job], hour: int) -> Problem:
    """The problem that is left from an hour on: kept work in its place, free work no earlier than the hour."""
    reachable: dict[str, Job] = {}
    waiting = {job.id for job in free}
    for job in problem.jobs_in_order:
        if job.id in waiting and all(one in kept or one in reachable for one in job.after):
            reachable[job.id] = replace(job, release_h=max(job.release_h, hour))
    needed = {one for job in reachable.values() for one in job.after}
    stays = {job: taken for job, taken in kept.items() if taken[1] + taken[0].hours > hour or job in needed}
    # Dearer than all that could be won by it: what stays is never given up.
    won = [*(job.usd_if_unplaced for job in reachable.values())]
    won += [quote.greatest_usd(problem.horizon_h) for quote in problem.quotes]
    penalty = 1.0 + 2 * fsum(won)
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
