"""Large-neighbourhood search, compiled: take some trees of jobs out, put each back at its best, keep the better plan.

A round takes out a tree that costs more than it would alone, and some of those in its way; then puts them back one by
one, each at the place that is the best for the whole tree in what is left (``labels``). A dearer plan is kept with the
odds of simulated annealing, ``exp(-more / temperature)``. The random numbers are xorshift64* of a state that the caller
holds: the same state gives the same rounds. The trees are chains, whose jobs never run at once: what one takes another
does not miss. ``state[1]`` counts options tried after what goes before them, as a measure of work.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lexloci.plan.compiled.labels import Labels, best_chain, labels
from lexloci.plan.compiled.loops import lent
from lexloci.plan.compiled.room import Room, take
from lexloci.plan.compiled.tables import Floats, Ints, Outside, Plan, Starts, Tables, Trees, no_plan

_MOST_OUT = 16
_BY_EXCESS = 0.7  # odds that the first tree is drawn by what it costs more than alone
_WISHED, _OF_NOW, _ONE_POOL = 0.35, 0.65, 0.9  # kinds of a round, cumulated odds
_EARLIER_H = 200


class Ground(NamedTuple):
    """What a search stands on: the trees, which one a job is in, ties beyond them, what each would do alone."""

    trees: Trees
    tree_of: Ints
    outside: Outside
    least: Floats
    rest: Floats
    wish: Plan
    most_out: int


class Scratch(NamedTuple):
    """Arrays that a search writes over and over, so that it makes none: what each tree costs, ``usd``, is kept."""

    usd: Floats
    kept: Floats
    near: Ints
    starts: Starts
    new: Plan
    old: Plan
    labels: Labels


def scratch(t: Tables, trees: int, most_jobs: int) -> Scratch:
    """The arrays for a search over so many trees of at most so many jobs."""
    jobs = t.due.size
    starts = Starts(t.low.copy(), t.high.copy(), np.zeros(jobs, dtype=np.int64))
    near = np.zeros(trees, dtype=np.int64)
    return Scratch(
        np.zeros(trees), np.zeros(_MOST_OUT), near, starts, no_plan(jobs), no_plan(jobs), labels(t, most_jobs)
    )


@lent
def draw(state: Ints) -> float:
    """A random number in ``[0, 1)``; moves the state on."""
    x = np.uint64(state[0])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = np.int64(x)
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@lent
def below(state: Ints, count: int) -> int:
    """A random whole number in ``[0, count)``."""
    return min(count - 1, int(draw(state) * count))


@lent
def usd_of_tree(t: Tables, trees: Trees, number: int, plan: Plan) -> float:
    """What the jobs of a tree cost where they are."""
    total = 0.0
    for at in range(trees.begin[number], trees.begin[number + 1]):
        job = trees.job[at]
        option = plan.option[job]
        if option < 0:
            total += t.out_usd[job]
        else:
            total += t.usd[option] + t.rate[job] * max(0, plan.start_h[job] + t.hours[option] - t.due[job])
    return total


@lent
def _remove(t: Tables, trees: Trees, number: int, plan: Plan, room: Room) -> None:
    """Take the jobs of a tree out of the plan."""
    for at in range(trees.begin[number], trees.begin[number + 1]):
        job = trees.job[at]
        if plan.option[job] >= 0:
            take(t, plan.option[job], plan.start_h[job], room, -1)
            plan.option[job] = -1


@lent
def _put(t: Tables, trees: Trees, number: int, source: Plan, plan: Plan, room: Room) -> None:
    """Put the jobs of a tree where ``source`` has them."""
    for at in range(trees.begin[number], trees.begin[number + 1]):
        job = trees.job[at]
        plan.option[job], plan.start_h[job] = source.option[job], source.start_h[job]
        if plan.option[job] >= 0:
            take(t, plan.option[job], plan.start_h[job], room, 1)


@lent
def _limit_by(t: Tables, job: int, tie: Ints, plan: Plan, starts: Starts) -> None:
    """Narrow the starts of a job by one that is tied to it and lies in another tree."""
    other, is_before, table = tie[0], tie[1], tie[2]
    there = plan.option[other]
    if there >= 0 and not is_before:
        starts.must[job] = 1
    for option in range(t.options[job], t.options[job + 1]):
        if there < 0:
            if is_before:
                starts.high[option] = starts.low[option]
            continue
        if is_before:
            delay = t.delay[table + t.local_site[there] * t.sites[job] + t.local_site[option]]
            starts.low[option] = max(starts.low[option], plan.start_h[other] + t.hours[there] + delay)
        else:
            delay = t.delay[table + t.local_site[option] * t.sites[other] + t.local_site[there]]
            starts.high[option] = min(starts.high[option], plan.start_h[other] - delay - t.hours[option] + 1)
        if delay < 0:
            starts.high[option] = starts.low[option]


@lent
def _limit(t: Tables, ground: Ground, number: int, plan: Plan, starts: Starts) -> None:
    """Set the starts that the jobs of a tree may have, by what they are tied to in other trees."""
    for at in range(ground.trees.begin[number], ground.trees.begin[number + 1]):
        job = ground.trees.job[at]
        first, after = ground.outside.begin[job], ground.outside.begin[job + 1]
        if first == after:
            continue
        starts.must[job] = 0
        for option in range(t.options[job], t.options[job + 1]):
            starts.low[option], starts.high[option] = t.low[option], t.high[option]
        for row in range(first, after):
            _limit_by(t, job, ground.outside.ties[row], plan, starts)


@lent
def _in_the_way(
    t: Tables, ground: Ground, resource: int, begin: int, end: int, plan: Plan, out: Ints, near: int
) -> int:
    """Add to ``out`` the trees with a job that uses the resource (-1: any) in ``[begin, end)``; how many there are."""
    for job in range(t.due.size):
        option = plan.option[job]
        if option < 0 or plan.start_h[job] >= end or plan.start_h[job] + t.hours[option] <= begin:
            continue
        if resource >= 0 and t.uses[option, 0] != resource and t.uses[option, 1] != resource:
            continue
        is_known = False
        for place in range(near):
            if out[place] == ground.tree_of[job]:
                is_known = True
        if not is_known and near < out.size:
            out[near] = ground.tree_of[job]
            near += 1
    return near


@lent
def _first_out(ground: Ground, usd: Floats, state: Ints) -> int:
    """The tree that a round begins with."""
    total = 0.0
    for number in range(usd.size):
        total += max(0.0, usd[number] - ground.least[number])
    if total > 0.0 and draw(state) < _BY_EXCESS:
        mark = draw(state) * total
        for number in range(usd.size):
            mark -= max(0.0, usd[number] - ground.least[number])
            if mark <= 0.0:
                return number
    return below(state, usd.size)


@lent
def _ruin(t: Tables, ground: Ground, usd: Floats, plan: Plan, out: Ints, state: Ints) -> int:
    """Which trees are taken out, into ``out``: the first, then some that are in its way; returns how many."""
    trees = ground.trees
    first = _first_out(ground, usd, state)
    out[0], near = first, 1
    kind = draw(state)
    job = trees.job[trees.begin[first] + below(state, trees.begin[first + 1] - trees.begin[first])]
    width = t.options[job + 1] - t.options[job]
    if kind < _WISHED:
        for at in range(trees.begin[first], trees.begin[first + 1]):
            one = trees.job[at]
            option, begin = ground.wish.option[one], ground.wish.start_h[one]
            if option >= 0 and (one == job or draw(state) < 0.5):
                near = _in_the_way(t, ground, t.uses[option, 0], begin, begin + t.hours[option], plan, out, near)
    elif width > 0:
        option = t.options[job] + below(state, width)
        for _ in range(2):
            other = t.options[job] + below(state, width)
            if t.usd[other] < t.usd[option]:
                option = other
        begin = plan.start_h[job] if plan.option[job] >= 0 else t.low[option]
        end = begin + t.hours[option]
        if kind < _OF_NOW:
            begin = max(t.low[option], begin - _EARLIER_H)
        resource = t.uses[option, 0] if kind < _ONE_POOL else -1
        near = _in_the_way(t, ground, resource, begin, end, plan, out, near)
    wanted = min(near, 2 + below(state, ground.most_out), _MOST_OUT)
    for place in range(1, wanted):
        other = place + below(state, near - place)
        out[place], out[other] = out[other], out[place]
    return wanted


@lent
def _recreate(
    t: Tables,
    ground: Ground,
    out: Ints,
    most_usd: float,
    plan: Plan,
    charged: Floats,
    room: Room,
    work: Scratch,
    state: Ints,
) -> tuple[int, float]:
    """Put the trees of ``out`` back one by one; how many were, and at what cost: infinity if above ``most_usd``.

    Each is given what the others leave of ``most_usd``, who cost no less than they would alone.
    """
    heed = 1.0 if draw(state) < 0.5 else 0.0
    usd = 0.0
    for number in out:
        usd += ground.least[number]
    for place in range(out.size):
        number = out[place]
        _limit(t, ground, number, plan, work.starts)
        usd -= ground.least[number]
        is_found = best_chain(
            t,
            ground.trees,
            number,
            work.starts,
            ground.rest,
            most_usd - usd,
            charged,
            heed,
            room,
            work.labels,
            work.new,
            state,
        )
        if not is_found:
            return place, np.inf
        _put(t, ground.trees, number, work.new, plan, room)
        work.kept[place] = usd_of_tree(t, ground.trees, number, plan)
        usd += work.kept[place]
    return out.size, usd if usd <= most_usd else np.inf


@lent
def _take_out(t: Tables, ground: Ground, out: Ints, plan: Plan, room: Room, work: Scratch) -> float:
    """Take the trees of ``out`` out of the plan, into ``work.old``; what they cost."""
    trees, usd = ground.trees, 0.0
    for number in out:
        usd += work.usd[number]
        for at in range(trees.begin[number], trees.begin[number + 1]):
            job = trees.job[at]
            work.old.option[job], work.old.start_h[job] = plan.option[job], plan.start_h[job]
        _remove(t, trees, number, plan, room)
    return usd


@lent
def _shuffle(numbers: Ints, state: Ints) -> None:
    """Bring numbers into a random order."""
    for place in range(numbers.size - 1, 0, -1):
        other = below(state, place + 1)
        numbers[place], numbers[other] = numbers[other], numbers[place]


@lent
def search(
    t: Tables,
    ground: Ground,
    rounds: int,
    temperature_usd: float,
    plan: Plan,
    best: Plan,
    charged: Floats,
    room: Room,
    work: Scratch,
    state: Ints,
) -> float:
    """The cost of the best plan after so many rounds; ``plan`` is the present one, ``room`` what it leaves.

    What resources charge is heeded in half of the rounds, so that a tree leaves room that others need more; whether the
    new plan is kept is decided without it.
    """
    trees, best_usd = ground.trees, 0.0
    for number in range(trees.begin.size - 1):
        work.usd[number] = usd_of_tree(t, trees, number, plan)
        best_usd += usd_of_tree(t, trees, number, best)
    for _ in range(rounds):
        out = work.near[: _ruin(t, ground, work.usd, plan, work.near, state)]
        before = _take_out(t, ground, out, plan, room, work)
        if draw(state) < 0.5:
            _shuffle(out, state)
        most_usd = before - temperature_usd * np.log(max(1e-12, draw(state)))
        done, after = _recreate(t, ground, out, most_usd, plan, charged, room, work, state)
        state[1] += out.size
        if after < np.inf:
            for place in range(out.size):
                work.usd[out[place]] = work.kept[place]
            now = work.usd.sum()
            if now < best_usd - 1e-6:
                best_usd = now
                for job in range(plan.option.size):
                    best.option[job], best.start_h[job] = plan.option[job], plan.start_h[job]
            continue
        for number in out[:done]:
            _remove(t, trees, number, plan, room)
        for number in out:
            _put(t, trees, number, work.old, plan, room)
    return best_usd
