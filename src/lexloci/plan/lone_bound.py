"""A lower bound at once: every job at its cheapest as if it were alone."""

from __future__ import annotations

from math import fsum

from lexloci.plan.problem import Job, Option, Problem


def lone_bound_usd(problem: Problem) -> float:
    """A lower bound of the objective, in USD: each job at its cheapest as if it had every pool for itself.

    A job starts no earlier than the earliest ends of its predecessors allow; one that can never run pays to be left
    out. Sharing, and the sites that predecessors really take, are ignored, so no schedule can cost less.
    """
    earliest_end: dict[str, dict[str, int]] = {}
    least: list[float] = []
    for job in problem.jobs_in_order:
        ends: dict[str, int] = {}
        cheapest = job.usd_if_unplaced
        for option in problem.options_by_job[job.id]:
            end = _earliest_end(problem, job, option, earliest_end)
            if end is None:
                continue
            ends[option.site] = min(end, ends.get(option.site, end))
            cheapest = min(cheapest, option.usd + problem.lateness_usd(job, end))
        earliest_end[job.id] = ends
        least.append(cheapest)
    return fsum(least)


def _earliest_end(problem: Problem, job: Job, option: Option, earliest_end: dict[str, dict[str, int]]) -> int | None:
    ready = 0
    for predecessor in job.after:
        arrivals = [
            end + delay
            for site, end in earliest_end[predecessor].items()
            if (delay := problem.delay_between(predecessor, site, option.site)) is not None
        ]
        if not arrivals:
            return None
        ready = max(ready, min(arrivals))
    for first, after_last in problem.start_intervals(option):
        if ready < after_last:
            return max(first, ready) + option.hours
    return None
