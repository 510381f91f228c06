"""The walk of ``plan.chains`` as compiled loops: the same answers, several times as fast.

``plan.chains`` says what is computed, and is the reference that these loops are tested against. They hold no lock of
Python, so that the bound and the search can run side by side.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lexloci.plan.compiled.loops import compiled
from lexloci.plan.compiled.tables import Floats, Ints, Plan, Starts, Tables, Trees


class Work(NamedTuple):
    """The room in which a tree is walked: hours count from ``base``.

    ``costs[width[p] : width[p + 1]]``: all starts of all options of the job at place ``p``, one after another.
    ``rows[site[p] : site[p + 1]]``: by its own sites, the least cost of its subtree that ends by each hour, or starts
    at it or later. ``out[p]``: the same where the job is left out.
    """

    base: int
    width: Ints
    site: Ints
    costs: Floats
    rows: Floats
    line: Floats
    out: Floats


@compiled
def fill(t: Tables, job: int, option: int, starts: Starts, cost: Floats) -> None:
    """Write price and lateness of each start that is looked at, infinity where the option may not start."""
    low, high = starts.low[option], starts.high[option]
    usd, rate = t.usd[option], t.rate[job]
    shift = t.hours[option] - t.due[job]
    late_from = min(high, max(low, -shift)) if rate > 0.0 else high
    for start in range(low, late_from):
        cost[start - low] = usd
    for start in range(late_from, high):
        cost[start - low] = usd + rate * (start + shift)
    for row in range(t.gap[option], t.gap[option + 1]):
        for start in range(max(low, t.gaps[row, 0]), min(high, t.gaps[row, 1])):
            cost[start - low] = np.inf


@compiled
def charge(t: Tables, option: int, low: int, high: int, charged: Floats, cost: Floats) -> None:
    """Add what the resources charge between start and end."""
    hours = t.hours[option]
    for column in range(2):
        resource = t.uses[option, column]
        if resource >= 0:
            amount = float(t.amounts[option, column])
            begins = charged[resource, low:high]
            ends = charged[resource, low + hours : high + hours]
            for place in range(high - low):
                cost[place] += amount * (ends[place] - begins[place])


@compiled
def _room(t: Tables, trees: Trees, number: int, starts: Starts) -> Work:
    """The room for a tree."""
    begin, size = trees.begin[number], trees.begin[number + 1] - trees.begin[number]
    base, last = t.horizon, 0
    width, site = np.zeros(size + 1, np.int64), np.zeros(size + 1, np.int64)
    for place in range(size):
        job = trees.job[begin + place]
        site[place + 1] = site[place] + t.sites[job]
        width[place + 1] = width[place]
        for option in range(t.options[job], t.options[job + 1]):
            if starts.high[option] > starts.low[option]:
                base, last = min(base, starts.low[option]), max(last, starts.high[option] + t.hours[option])
                width[place + 1] += starts.high[option] - starts.low[option]
    hours = max(1, last - base + 1)
    return Work(
        base, width, site, np.empty(width[size]), np.empty((site[size], hours)), np.empty(hours), np.empty(size)
    )


@compiled
def _price(t: Tables, job: int, starts: Starts, charged: Floats, costs: Floats) -> None:
    """Write into ``costs`` the price of every start of every option of a job."""
    place = 0
    for option in range(t.options[job], t.options[job + 1]):
        low, high = starts.low[option], starts.high[option]
        if high > low:
            cost = costs[place : place + high - low]
            fill(t, job, option, starts, cost)
            charge(t, option, low, high, charged, cost)
            place += high - low


@compiled
def _reach(t: Tables, trees: Trees, at: int, own_sites: int, site: int, rows: Floats, line: Floats) -> None:
    """Bring down ``line`` to the least cost of a child's subtree for each hour of the job above it at that site."""
    tie, is_before, width = trees.tie[at], trees.is_before[at], line.size
    child_sites = t.sites[trees.job[at]]
    for other in range(child_sites):
        delay = t.delay[tie + other * own_sites + site] if is_before else t.delay[tie + site * child_sites + other]
        if delay < 0 or delay >= width:
            continue
        row = rows[other]
        if is_before:
            for hour in range(delay, width):
                line[hour] = min(line[hour], row[hour - delay])
        else:
            for hour in range(width - delay):
                line[hour] = min(line[hour], row[hour + delay])


@compiled
def _gather(t: Tables, job: int, is_before: int, starts: Starts, work: Work, place: int) -> None:
    """Fill the rows of a job: the least cost of ending by each hour, or of starting at it or later."""
    rows = work.rows[work.site[place] : work.site[place + 1]]
    rows[:] = np.inf
    first = work.width[place]
    for option in range(t.options[job], t.options[job + 1]):
        row = rows[t.local_site[option]]
        shift = starts.low[option] - work.base + (t.hours[option] if is_before else 0)
        for step in range(starts.high[option] - starts.low[option]):
            row[shift + step] = min(row[shift + step], work.costs[first + step])
        first += max(0, starts.high[option] - starts.low[option])
    for site in range(t.sites[job]):
        row = rows[site]
        if is_before:
            for hour in range(1, row.size):
                row[hour] = min(row[hour], row[hour - 1])
        else:
            for hour in range(row.size - 2, -1, -1):
                row[hour] = min(row[hour], row[hour + 1])


@compiled
def _add(t: Tables, job: int, site: int, is_before: int, starts: Starts, work: Work, first: int) -> None:
    """Add ``line``, the costs of a child's subtree, to the starts of the job's options at a site."""
    for option in range(t.options[job], t.options[job + 1]):
        width = max(0, starts.high[option] - starts.low[option])
        if t.local_site[option] == site:
            shift = starts.low[option] - work.base + (0 if is_before else t.hours[option])
            for step in range(width):
                work.costs[first + step] += work.line[shift + step]
        first += width


@compiled
def _add_child(t: Tables, trees: Trees, begin: int, place: int, child: int, starts: Starts, work: Work) -> None:
    """Add what a child's subtree costs to the starts of the job above it, and to its being left out."""
    job, is_before = trees.job[begin + place], trees.is_before[begin + child]
    below = work.rows[work.site[child] : work.site[child + 1]]
    for site in range(t.sites[job]):
        work.line[:] = np.inf if is_before else work.out[child]
        _reach(t, trees, begin + child, t.sites[job], site, below, work.line)
        _add(t, job, site, is_before, starts, work, work.width[place])
    least = work.out[child]
    if is_before:
        for site in range(below.shape[0]):
            least = min(least, below[site, below.shape[1] - 1])
    work.out[place] += least


@compiled
def _choose(t: Tables, trees: Trees, begin: int, place: int, starts: Starts, work: Work, plan: Plan) -> None:
    """Write the best option and start of a job, the place of the job above being known."""
    at = begin + place
    job, above, before = trees.job[at], trees.above[at], trees.is_before[at]
    plan.option[job], plan.start_h[job] = -1, 0
    limit_job = trees.job[begin + above] if above >= 0 else -1
    limit = plan.option[limit_job] if above >= 0 else -1
    if above >= 0 and limit < 0 and not before:
        return
    best = np.inf if limit >= 0 and before else work.out[place]
    first = work.width[place]
    for option in range(t.options[job], t.options[job + 1]):
        low = starts.low[option]
        width = max(0, starts.high[option] - low)
        span_begin, span_end, delay = 0, width, 0
        if limit >= 0 and before:
            delay = t.delay[trees.tie[at] + t.local_site[option] * t.sites[limit_job] + t.local_site[limit]]
            span_end = min(width, plan.start_h[limit_job] - delay - t.hours[option] - low + 1)
        elif limit >= 0:
            delay = t.delay[trees.tie[at] + t.local_site[limit] * t.sites[job] + t.local_site[option]]
            span_begin = max(0, plan.start_h[limit_job] + t.hours[limit] + delay - low)
        if delay >= 0:
            for step in range(span_begin, span_end):
                if work.costs[first + step] < best:
                    best = work.costs[first + step]
                    plan.option[job], plan.start_h[job] = option, low + step
        first += width


@compiled
def walk(t: Tables, trees: Trees, number: int, starts: Starts, charged: Floats, plan: Plan) -> float:
    """The least cost of one tree, what it is charged included; writes the places of its jobs into ``plan``.

    Infinity, and nothing in the plan to rely on, where a job that must run cannot.
    """
    begin, size = trees.begin[number], trees.begin[number + 1] - trees.begin[number]
    work = _room(t, trees, number, starts)
    least = 0.0
    for place in range(size):
        job, above = trees.job[begin + place], trees.above[begin + place]
        costs = work.costs[work.width[place] : work.width[place + 1]]
        _price(t, job, starts, charged, costs)
        work.out[place] = np.inf if starts.must[job] else t.out_usd[job]
        for child in range(place):
            if trees.above[begin + child] == place:
                _add_child(t, trees, begin, place, child, starts, work)
        if above >= 0:
            _gather(t, job, trees.is_before[begin + place], starts, work, place)
        else:
            least = work.out[place]
            for cost in costs:
                least = min(least, cost)
    for place in range(size - 1, -1, -1):
        _choose(t, trees, begin, place, starts, work, plan)
    return least


@compiled
def walk_all(t: Tables, trees: Trees, charged: Floats, plan: Plan, used: Ints, usd: Floats) -> None:
    """The least cost of every tree at these prices into ``usd``; adds what their best places use to ``used``."""
    starts = Starts(t.low, t.high, np.zeros(t.due.size, np.int64))
    for number in range(trees.begin.size - 1):
        usd[number] = walk(t, trees, number, starts, charged, plan)
    for job in range(t.due.size):
        option = plan.option[job]
        for column in range(2):
            if option >= 0 and t.uses[option, column] >= 0:
                for hour in range(plan.start_h[job], plan.start_h[job] + t.hours[option]):
                    used[t.uses[option, column], hour] += t.amounts[option, column]
