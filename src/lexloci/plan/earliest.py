"""The same plan with each job as early as the objective allows: the solver does not care when nothing is late.

A job moves to the first start at which the checker finds no violation and the objective does not
rise. Starts that are tried: the begin of a window, the end of a predecessor with its way, the end of
another job at the site. Beyond ``MOST_JOBS`` the plan stays as the solver left it.
"""

from __future__ import annotations

from collections.abc import Iterator

from lexloci.plan.check import violations
from lexloci.plan.problem import Problem, Schedule, Slot

MOST_JOBS = 200


def as_early_as_possible(problem: Problem, schedule: Schedule) -> Schedule:
    """The schedule with its slots moved to earlier starts, no dearer, with the same options and bound."""
    if len(schedule.slots) > MOST_JOBS:
        return schedule
    best = schedule
    for slot in schedule.slots:
        for start in sorted(set(_starts(problem, best, slot))):
            moved = _moved(problem, best, slot, start)
            if moved.objective_usd <= best.objective_usd and not violations(problem, moved):
                best = moved
                break
    return best


def _moved(problem: Problem, schedule: Schedule, slot: Slot, start_h: int) -> Schedule:
    slots = [Slot(one.job, one.option, start_h) if one.job == slot.job else one for one in schedule.slots]
    return problem.schedule(slots, schedule.bound_usd, schedule.status)


def _starts(problem: Problem, schedule: Schedule, slot: Slot) -> Iterator[int]:
    """Starts before the slot's own that may be the first possible one."""
    option = problem.option_by_id[slot.option]
    intervals = problem.start_intervals(option)
    wanted = [begin for begin, _ in intervals]
    for other in schedule.slots:
        taken = problem.option_by_id[other.option]
        end = other.start_h + taken.hours
        if other.job in problem.job_by_id[slot.job].after:
            wanted.append(end + (problem.delay_between(other.job, taken.site, option.site) or 0))
        elif taken.site == option.site:
            wanted.append(end)
    for start in wanted:
        if start < slot.start_h and any(begin <= start < last for begin, last in intervals):
            yield start
