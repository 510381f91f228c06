"""GRASP: greedy randomised schedules, each made better by moving one chain at a time, until the time is up.

T. A. Feo and M. G. C. Resende, Journal of Global Optimization 6, 1995. The construction takes the jobs by due date with
some noise and for each one of the cheapest places at random; the local search takes a chain out and puts its jobs back
one by one, each where it is cheapest.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from lexloci.plan.greedy import Profile, Serial
from lexloci.plan.problem import Job, Option, Problem, Slot

CANDIDATES = 3
NOISE = 0.1
TRIES_PER_START = 200


def grasp(problem: Problem, seed: int) -> Iterator[tuple[Slot, ...]]:
    """Better and better slots, without end; a step without news yields nothing new but the best again."""
    random = Random(seed)
    chains = _chains(problem)
    best: tuple[Slot, ...] = ()
    best_usd = problem.objective(()).objective_usd
    while True:
        serial = Serial(problem)
        for job in _order(problem, random):
            _place(serial, job, random, CANDIDATES)
        now_usd = problem.objective(serial.slots.values()).objective_usd
        for _ in range(TRIES_PER_START):
            if now_usd < best_usd:
                best, best_usd = tuple(serial.slots.values()), now_usd
            yield best
            now_usd = _move_one_chain(serial, random.choice(chains), random, now_usd)


def _order(problem: Problem, random: Random) -> list[Job]:
    """Jobs by due date with noise, each after its predecessors."""
    rank: dict[str, float] = {}
    for job in problem.jobs_in_order:
        due = problem.horizon_h if job.due_h is None else job.due_h
        own = due + random.gauss(0.0, NOISE * problem.horizon_h)
        rank[job.id] = max([own, *(rank[before] + 1e-6 for before in job.after)])
    return sorted(problem.jobs, key=lambda job: (rank[job.id], job.id))


def _place(serial: Serial, job: Job, random: Random, candidates: int) -> None:
    found: list[tuple[float, int, Option]] = []
    for option in serial.problem.options_by_job[job.id]:
        ready = serial.ready_h(job, option)
        start = None if ready is None else serial.earliest_start(option, ready)
        if start is not None:
            usd = option.usd + serial.problem.lateness_usd(job, start + option.hours)
            if usd <= job.usd_if_unplaced:
                found.append((usd, start, option))
    if found:
        found.sort(key=lambda one: (one[0], one[1], one[2].id))
        _, start, option = found[random.randrange(min(candidates, len(found)))]
        serial.place(option, start)


def _move_one_chain(serial: Serial, chain: list[Job], random: Random, now_usd: float) -> float:
    problem = serial.problem
    old = {job.id: serial.slots[job.id] for job in chain if job.id in serial.slots}
    for slot in old.values():
        _take_out(serial, slot)
    for job in chain:
        _place(serial, job, random, 1)
    new_usd = problem.objective(serial.slots.values()).objective_usd
    if new_usd <= now_usd:
        return new_usd
    for job in chain:
        if job.id in serial.slots:
            _take_out(serial, serial.slots[job.id])
    for slot in old.values():
        serial.place(problem.option_by_id[slot.option], slot.start_h)
    return now_usd


def _take_out(serial: Serial, slot: Slot) -> None:
    option = serial.problem.option_by_id[slot.option]
    end = slot.start_h + option.hours
    del serial.slots[slot.job]
    uses: list[tuple[Profile, int]] = []
    if option.pool is not None:
        uses.append((serial.pools[option.pool], option.nodes))
    if option.site in serial.sites:
        uses.append((serial.sites[option.site], option.watts))
    for profile, amount in uses:
        profile.take(slot.start_h, end, -amount)


def _chains(problem: Problem) -> list[list[Job]]:
    """The jobs that hang together, predecessors first."""
    group: dict[str, list[Job]] = {}
    for job in problem.jobs_in_order:
        mine = [job]
        for before in job.after:
            if group[before] is not mine:
                mine = [*group[before], *mine]
        for one in mine:
            group[one.id] = mine
    return list({id(one): one for one in group.values()}.values())
