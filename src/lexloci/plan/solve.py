"""Says which schedule is best, and how far from the best it may still be.

A list schedule comes at once. A small problem then goes whole to CP-SAT, which mostly proves its optimum; so does a
middling one at the end. Otherwise *rounds* follow, each a fixed amount of work that depends on nothing but the state in
which the one before left things:

- the bound is raised by steps of the prices of the capacities (``lagrange``);
- the plan is made better by taking trees of jobs out and putting each back at its best (``compiled.search``; needs
  numba, the extra ``fast``), else by CP-SAT on the jobs of a neighbourhood (``neighbourhood``).

After each round the state can be written to a checkpoint; a run that was killed goes on from there and ends as it would
have ended.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from math import inf
from pathlib import Path
from time import monotonic

from lexloci.plan.checkpoint import Checkpoint
from lexloci.plan.cp_model import CpSearch, Model, Progress, units_per_usd
from lexloci.plan.greedy import Serial, list_schedules
from lexloci.plan.lone_bound import lone_bound_usd
from lexloci.plan.problem import Problem, Schedule, Slot, SolverStatus
from lexloci.plan.rounds import Rounds

WORK_PER_S = 0.05
"""CP-SAT's deterministic units to a second of one core: 0.1 to 0.18 measured at 100 jobs, halved."""
_WALL_LIMIT_FACTOR = 2.0
_FEW_OPTIONS, _MANY_OPTIONS = 400, 4_000
_ROUNDS_SHARE = 0.7


def solve(  # noqa: PLR0913 -- all of it is how to search, by name
    problem: Problem,
    *,
    time_limit_s: float = 20.0,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    warm_start: Iterable[Slot] = (),
    checkpoint: Path | None = None,
    by_clock: bool = True,
) -> Schedule:
    """The best schedule found, with its proven bound and gap in USD.

    ``time_limit_s`` stands for an amount of work, about what one core does in that time, so that one version on the
    same problem, seed and number of workers gives the same answer (status ``WORK_LIMIT``) however fast the machine;
    after twice that time on the clock the search ends in any case (``TIME_LIMIT``), unless ``by_clock`` is False. Not
    counted is that the first search of an installation compiles its loops (extra ``fast``): half a minute on one core,
    after the list schedules; an interrupt then loses none of these. With
    two workers or more the bound is sought beside the plan, and then plans by two searches. ``progress`` is called in
    the caller's thread with objective and bound, to within rounding. Setting ``stop``, or Ctrl-C, ends the search with
    the best schedule so far (``STOPPED``).

    ``warm_start``: the slots of a former plan; those that no longer keep the conditions are dropped, with what waits
    for them. ``checkpoint``: a file in which each finished round is kept, and from which a run that was killed goes on;
    it is removed when the search ends by itself; a problem with quotes, pauses or split jobs keeps none. Raises
    ``PlanError`` where the sums of money pass what can be counted, or where the checkpoint is of another problem.
    """
    units_per_usd(problem)
    deadline_s = monotonic() + time_limit_s * _WALL_LIMIT_FACTOR if by_clock else inf
    kept = None if checkpoint is None else Checkpoint(checkpoint, problem, (seed, workers, time_limit_s))
    run = _Run(problem, progress, stop, deadline_s)
    try:
        run.begin(warm_start)
        if run.is_over():
            return run.answer()
        share = _shares(len(problem.options))
        if problem.quotes or not problem.is_plain:
            share = run.rounds_of_plain(seed, time_limit_s * share, workers) if share == 1.0 else 0.0
        elif share > 0.0:
            run.rounds(run.made(problem, seed, time_limit_s * share), workers, kept)
        if share < 1.0 and not run.is_over():
            run.exact(time_limit_s * (1.0 - share) * WORK_PER_S, seed, workers)
    except KeyboardInterrupt:
        run.status = SolverStatus.STOPPED
    if kept is not None and run.status is not SolverStatus.STOPPED:
        kept.remove()
    return run.answer()


def _shares(options: int) -> float:
    """Of the work, what goes to rounds before CP-SAT is given the whole problem and their plan.

    Measured: CP-SAT proves 166 options in a second, finds good plans of 1,311 in a minute, and none of 8,841.
    """
    if options <= _FEW_OPTIONS:
        return 0.0
    return _ROUNDS_SHARE if options <= _MANY_OPTIONS else 1.0


class _Run:
    """One call of ``solve``: the best so far, and why it ends."""

    def __init__(
        self, problem: Problem, progress: Progress | None, stop: threading.Event | None, deadline_s: float
    ) -> None:
        self.problem = problem
        self.progress = progress
        self.stop = stop
        self.deadline_s = deadline_s
        self.bound_usd = 0.0
        self.best: tuple[Slot, ...] = ()
        self.best_usd = problem.objective(()).objective_usd if problem.keeps_limits(()) else inf
        self.status = SolverStatus.WORK_LIMIT
        self.told = (inf, 0.0)

    def answer(self) -> Schedule:
        """The schedule of what is known."""
        found = self.problem.schedule(self.best, self.bound_usd, self.status)
        return replace(found, status=SolverStatus.OPTIMAL) if found.gap_usd == 0.0 else found

    def is_over(self) -> bool:
        """Whether nothing is left to do: proven, stopped, out of time."""
        if self.bound_usd >= self.best_usd or self.status is SolverStatus.OPTIMAL:
            self.status = SolverStatus.OPTIMAL
            return True
        if self.stop is not None and self.stop.is_set():
            self.status = SolverStatus.STOPPED
        elif monotonic() >= self.deadline_s:
            self.status = SolverStatus.TIME_LIMIT
        return self.status in (SolverStatus.STOPPED, SolverStatus.TIME_LIMIT)

    def learn(self, slots: tuple[Slot, ...], bound_usd: float) -> None:
        """Keep what is better, and say so."""
        usd = self.problem.objective(slots).objective_usd
        if usd < self.best_usd and self.problem.keeps_limits(slots):
            self.best, self.best_usd = slots, usd
        self.bound_usd = max(self.bound_usd, bound_usd)
        self.tell(self.best_usd, min(self.bound_usd, self.best_usd))

    def tell(self, objective_usd: float, bound_usd: float) -> None:
        """Hand on what is better than what was told before."""
        told = min(self.told[0], objective_usd), max(self.told[1], bound_usd)
        if told != self.told and self.progress is not None:
            self.progress(*told)
        self.told = told

    def begin(self, warm_start: Iterable[Slot]) -> None:
        """The list schedules and what is left of a former plan."""
        former = tuple(warm_start)
        if former:
            self.learn(sound_part(self.problem, former), 0.0)
        for number, slots in enumerate(list_schedules(self.problem)):
            self.learn(slots, 0.0)
            if number == 0:  # a plan comes first; what it is worth is said at once after
                self.learn(slots, lone_bound_usd(self.problem))
            if self.is_over():
                return

    def exact(self, work: float, seed: int, workers: int) -> None:
        """CP-SAT on the whole problem."""
        floor = self.problem.schedule(self.best, self.bound_usd, self.status)
        search = CpSearch(Model(self.problem, self.best), work=work, seed=seed, workers=workers)
        self.status = search.run(self.tell, self.stop, floor, self.deadline_s - monotonic())
        if search.is_infeasible:
            raise RuntimeError("CP-SAT finds no schedule, and leaving out all is one")
        self.learn(search.slots(), search.bound_usd())

    def made(self, problem: Problem, seed: int, limit_s: float) -> Rounds:
        """The state before the first round; the time that compiling or loading compiled loops takes is not counted."""
        before_s = monotonic()
        rounds = Rounds(problem, seed, limit_s)
        self.deadline_s += monotonic() - before_s
        return rounds

    def rounds_of_plain(self, seed: int, limit_s: float, workers: int) -> float:
        """Rounds of two plain problems, one for the bound and one for the plan; returns the share of the work used.

        No plan can be below the first; the plans of the second, with the quotes that serve best so far, are plans here.
        """
        for is_bound in (True, False):
            chosen = self.problem.widest
            if not is_bound:
                chosen = self.problem.plain.with_quotes(self.problem.quotes_for(self.best))
            begin = sound_part(chosen, self.best)
            rounds = self.made(chosen, seed, limit_s / 2)
            rounds.begin_at(begin, chosen.objective(begin).objective_usd)
            self.status = SolverStatus.WORK_LIMIT
            while not rounds.is_done and not self.is_over():
                rounds.one(workers, self.is_over)
                self.learn(() if is_bound else rounds.slots, rounds.prices.bound_usd if is_bound else 0.0)
        return 1.0

    def rounds(self, rounds: Rounds, workers: int, kept: Checkpoint | None) -> None:
        """Rounds until the work is used up or there is nothing left to do."""
        if kept is not None and kept.exists():
            rounds.resume(*kept.read())
        else:
            rounds.begin_at(self.best, self.best_usd)
        self.status = SolverStatus.WORK_LIMIT
        while not rounds.is_done and not self.is_over():
            rounds.one(workers, self.is_over)
            self.learn(rounds.slots, rounds.prices.bound_usd)
            if kept is not None and not self.is_over():
                kept.write(*rounds.state())


def sound_part(problem: Problem, slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Those of the slots of a former plan that still keep the conditions, each with all of its predecessors."""
    wanted = {slot.job: slot for slot in slots if slot.option in problem.option_by_id}
    serial = Serial(problem)
    for job in problem.jobs_in_order:
        slot = wanted.get(job.id)
        if slot is None or (option := problem.option_by_id[slot.option]).job != job.id:
            continue
        ready = serial.ready_h(job, option)
        if ready is not None and ready <= slot.start_h and serial.earliest_start(option, slot.start_h) == slot.start_h:
            serial.place(option, slot.start_h)
    return tuple(serial.slots.values())
