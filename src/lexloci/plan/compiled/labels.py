"""The best places of a chain in what is left of the room: labels ``(end, cost)`` carried from job to job.

Nothing costs less for being done later. So a job starts at the first hour at which it fits after the one before it, and
of the ways to do the first jobs of a chain only those count that no other beats in both the hour at which they end and
what they cost, by the site where they end. All of these are carried on from job to job (dynamic programming with
dominance), so the best places are found exactly; only of more than ``_MOST`` at one site are the latest dropped.

Where ``heed`` of what resources charge is counted, ways are compared by their cost with it, which need not grow with
the hour: then the places are good, not best. Whether a way is within ``most_usd`` is judged without it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lexloci.plan.compiled.loops import lent
from lexloci.plan.compiled.room import Room, first_fit
from lexloci.plan.compiled.tables import Floats, Ints, Plan, Starts, Tables, Trees

_MOST = 96


class Labels(NamedTuple):
    """Ways to do the first jobs of a chain: when the last ends, option and start, the way it goes on from (-1: none).

    ``usd`` is what it costs, ``rank`` with what is charged. The first rows are those kept, ``kept[p] : kept[p + 1]`` of
    the job at place ``p``; at the end two lists are sorted: the ways to a site, and those of a job to be kept.
    """

    end: Ints
    option: Ints
    start: Ints
    back: Ints
    usd: Floats
    rank: Floats
    kept: Ints


def labels(t: Tables, most_jobs: int) -> Labels:
    """Space for the labels of a chain of so many jobs."""
    most_sites = int(t.sites.max()) if t.sites.size else 0
    size = (most_jobs * most_sites + 2) * _MOST
    return Labels(
        end=np.zeros(size, dtype=np.int64),
        option=np.zeros(size, dtype=np.int64),
        start=np.zeros(size, dtype=np.int64),
        back=np.zeros(size, dtype=np.int64),
        usd=np.zeros(size),
        rank=np.zeros(size),
        kept=np.zeros(most_jobs + 1, dtype=np.int64),
    )


@lent
def _copy(labels: Labels, source: int, to: int) -> None:
    labels.end[to], labels.usd[to], labels.rank[to] = labels.end[source], labels.usd[source], labels.rank[source]
    labels.option[to], labels.start[to] = labels.option[source], labels.start[source]
    labels.back[to] = labels.back[source]


@lent
def _insert(
    labels: Labels, base: int, size: int, end: int, rank: float, usd: float, option: int, start: int, back: int
) -> int:
    """Add a label to a list sorted by end, with falling rank, unless one beats it; drops those it beats; new size."""
    place = size
    while place > 0 and labels.end[base + place - 1] > end:
        place -= 1
    if place > 0 and labels.rank[base + place - 1] <= rank:
        return size
    first = place
    if place > 0 and labels.end[base + place - 1] == end:
        first -= 1
    after = place
    while after < size and labels.rank[base + after] >= rank:
        after += 1
    if after == first:
        if first == _MOST:
            return size
        size = min(size, _MOST - 1)
        for at in range(size, first, -1):
            _copy(labels, base + at - 1, base + at)
        size += 1
    elif after > first + 1:
        gone = after - first - 1
        for at in range(first + 1, size - gone):
            _copy(labels, base + at + gone, base + at)
        size -= gone
    at = base + first
    labels.end[at], labels.rank[at], labels.usd[at] = end, rank, usd
    labels.option[at], labels.start[at], labels.back[at] = option, start, back
    return size


@lent
def _ways_to(t: Tables, trees: Trees, begin: int, place: int, site: int, labels: Labels, base: int) -> int:
    """List at ``base`` from which hour on the job at a place may start at a site, at what cost so far; how many."""
    if place == 0:
        return _insert(labels, base, 0, 0, 0.0, 0.0, -1, 0, -1)
    job, tie, size = trees.job[begin + place], trees.tie[begin + place - 1], 0
    for one in range(labels.kept[place - 1], labels.kept[place]):
        delay = t.delay[tie + t.local_site[labels.option[one]] * t.sites[job] + site]
        if delay >= 0:
            end = labels.end[one] + delay
            size = _insert(labels, base, size, end, labels.rank[one], labels.usd[one], -1, 0, one)
    return size


@lent
def _charge(t: Tables, option: int, start: int, charged: Floats) -> float:
    """What the resources charge an option that starts at an hour."""
    usd = 0.0
    for column in range(2):
        resource = t.uses[option, column]
        if resource >= 0:
            more = charged[resource, start + t.hours[option]] - charged[resource, start]
            usd += t.amounts[option, column] * more
    return usd


@lent
def _extend(
    t: Tables,
    option: int,
    job: int,
    starts: Starts,
    most_usd: float,
    charged: Floats,
    heed: float,
    room: Room,
    labels: Labels,
    ways: int,
    count: int,
    made: int,
    size: int,
    state: Ints,
) -> int:
    """Add to the list at ``made`` the labels of an option after each of the ``count`` ways at ``ways``; new size."""
    high, hours, start = starts.high[option], t.hours[option], -1
    for way in range(ways, ways + count):
        ready = max(labels.end[way], starts.low[option])
        so_far = labels.usd[way] + t.usd[option]
        state[1] += 1
        if ready >= high:
            break
        if so_far + t.rate[job] * max(0, ready + hours - t.due[job]) > most_usd:
            continue
        if start < ready:
            start = first_fit(t, option, ready, high, room)
            state[1] += 1
            if start >= high:
                break
        late = t.rate[job] * max(0, start + hours - t.due[job])
        usd = so_far + late
        if usd > most_usd:
            continue
        rank = labels.rank[way] + t.usd[option] + late
        if heed > 0.0:
            rank += heed * _charge(t, option, start, charged)
        size = _insert(labels, made, size, start + hours, rank, usd, option, start, labels.back[way])
    return size


@lent
def _out_usd(t: Tables, trees: Trees, begin: int, end: int, starts: Starts) -> float:
    """What leaving these jobs out costs; infinity where one of them must not be left out."""
    usd = 0.0
    for at in range(begin, end):
        usd += np.inf if starts.must[trees.job[at]] else t.out_usd[trees.job[at]]
    return usd


@lent
def _write(t: Tables, trees: Trees, begin: int, end: int, labels: Labels, last: int, plan: Plan) -> None:
    """Write the way that ends in the label ``last`` into the plan; jobs after it are left out."""
    for at in range(begin, end):
        plan.option[trees.job[at]] = -1
    while last >= 0:
        option = labels.option[last]
        for at in range(begin, end):
            job = trees.job[at]
            if t.options[job] <= option < t.options[job + 1]:
                plan.option[job], plan.start_h[job] = option, labels.start[last]
        last = labels.back[last]


@lent
def best_chain(
    t: Tables,
    trees: Trees,
    number: int,
    starts: Starts,
    rest: Floats,
    most_usd: float,
    charged: Floats,
    heed: float,
    room: Room,
    labels: Labels,
    plan: Plan,
    state: Ints,
) -> bool:
    """Write the best places of a chain that cost at most ``most_usd`` into ``plan``; whether there are any.

    ``rest[at]``: what the jobs of a chain that come after the one at ``at`` cost at least.
    """
    begin, end = trees.begin[number], trees.begin[number + 1]
    ways = labels.end.size - 2 * _MOST
    made = ways + _MOST
    best, best_rank = -1, _out_usd(t, trees, begin, end, starts)
    if best_rank > most_usd:
        best_rank = np.inf
    for place in range(end - begin):
        job, kept = trees.job[begin + place], labels.kept[place]
        allowed = most_usd - rest[begin + place]
        out_usd = _out_usd(t, trees, begin + place + 1, end, starts)
        for site in range(t.sites[job]):
            count, found = _ways_to(t, trees, begin, place, site, labels, ways), 0
            for option in range(t.options[job], t.options[job + 1]):
                if t.local_site[option] == site:
                    found = _extend(
                        t, option, job, starts, allowed, charged, heed, room, labels, ways, count, made, found, state
                    )
            for one in range(made, made + found):
                _copy(labels, one, kept)
                if labels.usd[kept] + out_usd <= most_usd and labels.rank[kept] + out_usd < best_rank:
                    best, best_rank = kept, labels.rank[kept] + out_usd
                kept += 1
        labels.kept[place + 1] = kept
    _write(t, trees, begin, end, labels, best, plan)
    return best_rank < np.inf
