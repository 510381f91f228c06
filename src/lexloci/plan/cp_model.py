"""The problem as a model of OR-tools CP-SAT, and one search of it.

For each job a start and, for each of its options, a literal "taken" with an optional interval of fixed length; the
nodes of a pool and the watts of a site are cumulative resources, with fixed intervals where a pool has less than its
most; a successor starts after its predecessor's end plus the delay of their two sites.

Money is rounded: CP-SAT counts whole units, ``units_per_usd`` of them to the dollar (10^6, or less where the greatest
possible objective would pass 2^53), and every coefficient is rounded *down*. So the bound in units over
``units_per_usd`` is a bound of the exact objective, and what rounding may hide is inside the reported gap.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, fsum, inf
from typing import TYPE_CHECKING

from lexloci.model.errors import PlanError
from lexloci.plan.problem import HourInterval, Job, Option, PoolCapacity, Problem, Schedule, Slot, SolverStatus
from lexloci.plan.quote_model import add_quotes

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Progress = Callable[[float, float], None]
_News = tuple[float, float] | tuple[()]

_FINEST_UNITS_PER_USD = 10**6
_GREATEST_UNITS = 2**53
_POLL_S = 0.05


def units_per_usd(problem: Problem) -> int:
    """How many whole units CP-SAT counts to the dollar: a power of ten, such that no objective passes 2^53 units."""
    options = problem.options_by_job
    greatest_usd = fsum(
        job.usd_if_unplaced
        + max((option.usd for option in options[job.id]), default=0.0)
        + problem.lateness_usd(job, problem.horizon_h)
        for job in problem.jobs
    )
    greatest_usd += fsum(quote.greatest_usd(problem.horizon_h) for quote in problem.quotes)
    greatest_usd += problem.usd_per_peak * sum(amount for option in problem.options for _, amount in option.counts)
    if greatest_usd > _GREATEST_UNITS:
        raise PlanError(
            f"the objective could reach {greatest_usd:.3g} USD, past what can be counted; state smaller figures"
        )
    units = _FINEST_UNITS_PER_USD
    while units > 1 and greatest_usd * units > _GREATEST_UNITS:
        units //= 10
    return units


@dataclass
class JobVariables:
    """The variables of a job that can run: its start, whether it has a place, its options, its sites."""

    start: cp_model.IntVar
    placed: cp_model.IntVar
    taken: dict[str, cp_model.IntVar]
    at_site: dict[str, cp_model.IntVar]
    end: cp_model.LinearExpr = field(init=False)


class Model:
    """The CP-SAT model of a problem: one constraint of ``Problem``, one method."""

    def __init__(
        self,
        problem: Problem,
        hint: tuple[Slot, ...] = (),
        drawn: Mapping[str, tuple[tuple[int, int, int], ...]] | None = None,
    ) -> None:
        """``drawn``: what others draw at sites, as ``(start, end, watts)``; ``hint``: a schedule to begin with."""
        from ortools.sat.python import cp_model

        self.cp_model = cp_model
        self.problem = problem
        self.drawn = drawn or {}
        self.units = min(units_per_usd(one) for one in (problem, *(limit.problem for limit in problem.limits)))
        self.model = cp_model.CpModel()
        self.starts: dict[str, tuple[HourInterval, ...]] = {}
        self.intervals: dict[str, list[cp_model.IntervalVar]] = {}
        self.jobs: dict[str, JobVariables] = {}
        self.quotes: list[tuple[str, cp_model.IntVar, cp_model.IntVar]] = []
        for job in problem.jobs_in_order:
            self._add_job(job)
        for job in problem.jobs:
            self._add_precedence(job)
        self._add_nodes()
        self._add_power()
        self._add_objective()
        self._add_hint(hint)

    def _add_job(self, job: Job) -> None:
        """``sum of taken = placed <= 1``; ``start`` within the start intervals of the option taken."""
        possible = [option for option in self.problem.options_by_job[job.id] if self._find_starts(option)]
        if not possible or any(predecessor not in self.jobs for predecessor in job.after):
            return
        all_starts = [interval for option in possible for interval in self.starts[option.id]]
        start = self.model.new_int_var_from_domain(self._domain(all_starts), f"start {job.id}")
        placed = self.model.new_bool_var(f"placed {job.id}")
        taken = {option.id: self.model.new_bool_var(f"taken {option.id}") for option in possible}
        self.model.add(sum(taken.values()) == placed)
        at_site: dict[str, cp_model.IntVar] = {}
        for site in sorted({option.site for option in possible}):
            here = [taken[option.id] for option in possible if option.site == site]
            at_site[site] = here[0] if len(here) == 1 else self.model.new_bool_var(f"{job.id} at {site}")
            if len(here) > 1:
                self.model.add(sum(here) == at_site[site])
        variables = JobVariables(start, placed, taken, at_site)
        variables.end = start + sum(option.hours * taken[option.id] for option in possible)
        self.jobs[job.id] = variables
        for option in possible:
            literal = taken[option.id]
            self.model.add_linear_expression_in_domain(start, self._domain(self.starts[option.id])).only_enforce_if(
                literal
            )
            self.intervals[option.id] = self._runs(option, start, literal)

    def _runs(self, option: Option, start: cp_model.IntVar, literal: cp_model.IntVar) -> list[cp_model.IntervalVar]:
        """The hours in which an option runs: one interval, or one before, between and after its pauses."""
        name = f"run {option.id}"
        if not option.pauses_h:
            return [self.model.new_optional_fixed_size_interval_var(start, option.hours, literal, name)]
        whole = option.hours
        first, last = option.pauses_h[0][0], option.pauses_h[-1][1]
        before, after = (self.model.new_int_var(0, whole, f"{name} {part}") for part in ("first", "last"))
        between = ((one[1], other[0]) for one, other in pairwise(option.pauses_h))
        return [
            self.model.new_optional_interval_var(start, before, first, literal, f"{name} 0"),
            *(self.model.new_optional_fixed_size_interval_var(a, b - a, literal, f"{name} {a}") for a, b in between),
            self.model.new_optional_interval_var(last, after, start + whole, literal, f"{name} {last}"),
        ]

    def _find_starts(self, option: Option) -> tuple[HourInterval, ...]:
        starts = self.problem.start_intervals(option)
        if starts:
            self.starts[option.id] = starts
        return starts

    def _domain(self, intervals: list[HourInterval] | tuple[HourInterval, ...]) -> cp_model.Domain:
        return self.cp_model.Domain.from_intervals([[first, after_last - 1] for first, after_last in intervals])

    def _add_precedence(self, job: Job) -> None:
        """``placed(job) <= placed(p)`` and ``start >= end(p) + delay(site of p, site)`` for each predecessor p."""
        after = self.jobs.get(job.id)
        if after is None:
            return
        for predecessor in job.after:
            before = self.jobs[predecessor]
            self.model.add_implication(after.placed, before.placed)
            for from_site, here in before.at_site.items():
                for to_site, there in after.at_site.items():
                    delay = self.problem.delay_between(predecessor, from_site, to_site)
                    if delay is None:
                        self.model.add_bool_or(~here, ~there)
                    else:
                        self.model.add(after.start >= before.end + delay).only_enforce_if(here, there)

    def _add_nodes(self) -> None:
        """At every hour the nodes of the options running in a pool are at most the nodes that it has."""
        for pool in self.problem.pools:
            running = [
                (interval, share.nodes)
                for option in self.problem.options
                for share in option.shares
                if share.pool == pool.id
                for interval in self.intervals.get(option.id, ())
            ]
            if not running:
                continue
            intervals = [interval for interval, _ in running]
            demands = [nodes for _, nodes in running]
            for start, end, nodes in pool.nodes_by_interval:
                if nodes < pool.most_nodes:
                    intervals.append(self.model.new_fixed_size_interval_var(start, end - start, f"less of {pool.id}"))
                    demands.append(pool.most_nodes - nodes)
            most = pool.most_nodes
            if pool.id in self.problem.quotes_by_pool:
                self._add_gaps_of_base(pool, intervals, demands)
                most += add_quotes(self, self.problem.quotes_by_pool[pool.id], intervals, demands)
            self.model.add_cumulative(intervals, demands, most)

    def _add_gaps_of_base(self, pool: PoolCapacity, intervals: list[cp_model.IntervalVar], demands: list[int]) -> None:
        """Hours in which the pool has nothing of its own: with a quote its options may start in them."""
        ends = [0, *(end for _, end, _ in pool.nodes_by_interval)]
        starts = [*(start for start, _, _ in pool.nodes_by_interval), self.problem.horizon_h]
        for end, start in zip(ends, starts, strict=True):
            if end < start and pool.most_nodes:
                intervals.append(self.model.new_fixed_size_interval_var(end, start - end, f"none of {pool.id}"))
                demands.append(pool.most_nodes)

    def _add_power(self) -> None:
        """At every hour the watts of the options running at a site are at most its limit."""
        for limit in self.problem.power:
            running = [
                (interval, share.watts)
                for option in self.problem.options
                for share in option.shares
                if share.site == limit.site and share.watts
                for interval in self.intervals.get(option.id, ())
            ]
            if running:
                intervals = [interval for interval, _ in running]
                demands = [watts for _, watts in running]
                for start, end, watts in self.drawn.get(limit.site, ()):
                    intervals.append(self.model.new_fixed_size_interval_var(start, end - start, f"at {limit.site}"))
                    demands.append(watts)
                self.model.add_cumulative(intervals, demands, limit.watts)

    def _add_objective(self) -> None:
        """The objective of ``Problem`` in units, every coefficient rounded down; and no limit is passed."""
        self.model.minimize(sum(self._terms(self.problem)))
        for limit in self.problem.limits:
            self.model.add(sum(self._terms(limit.problem)) <= ceil(limit.at_most_usd * self.units))

    def _terms(self, problem: Problem) -> list[cp_model.LinearExprT]:
        """The terms of the objective of a problem with these jobs and options."""
        terms: list[cp_model.LinearExprT] = []
        for job in problem.jobs:
            unplaced = int(job.usd_if_unplaced * self.units)
            variables = self.jobs.get(job.id)
            if variables is None:
                terms.append(unplaced)
                continue
            terms.append(unplaced * (1 - variables.placed))
            for option, literal in variables.taken.items():
                terms.append(int(problem.option_by_id[option].usd * self.units) * literal)
            self._add_lateness(job, variables, terms)
        prices = {quote.id: quote for quote in problem.quotes}
        for name, literal, paid in self.quotes:
            terms.append(int(prices[name].usd * self.units) * literal)
            terms.append(int(prices[name].usd_per_hour * self.units) * paid)
        rate = int(problem.usd_per_peak * self.units)
        if rate:
            terms.append(rate * self._peak(problem))
        return terms

    def _peak(self, problem: Problem) -> cp_model.IntVar:
        """``peak >= what the options taken count to a group``, for each group."""
        counted: dict[str, list[cp_model.LinearExprT]] = {}
        greatest: dict[str, int] = {}
        for variables in self.jobs.values():
            for option, literal in variables.taken.items():
                for group, amount in problem.option_by_id[option].counts:
                    counted.setdefault(group, []).append(amount * literal)
                    greatest[group] = greatest.get(group, 0) + amount
        peak = self.model.new_int_var(0, max(greatest.values(), default=0), "peak")
        for terms in counted.values():
            self.model.add(peak >= sum(terms))
        return peak

    def _add_lateness(self, job: Job, variables: JobVariables, terms: list[cp_model.LinearExprT]) -> None:
        """``late >= end - due`` and, for the bound, ``late >= the least lateness of the option taken``."""
        rate = int(job.usd_per_hour_late * self.units)
        if job.due_h is None or rate == 0 or job.due_h >= self.problem.horizon_h:
            return
        late = self.model.new_int_var(0, self.problem.horizon_h - job.due_h, f"late {job.id}")
        self.model.add(late >= variables.end - job.due_h).only_enforce_if(variables.placed)
        least = []
        for option, literal in variables.taken.items():
            end = self.starts[option][0][0] + self.problem.option_by_id[option].hours
            least.append(max(0, end - job.due_h) * literal)
        self.model.add(late >= sum(least))
        terms.append(rate * late)

    def _add_hint(self, hint: tuple[Slot, ...]) -> None:
        by_job = {slot.job: slot for slot in hint}
        for job, variables in self.jobs.items():
            slot = by_job.get(job)
            self.model.add_hint(variables.placed, slot is not None)
            if slot is not None:
                self.model.add_hint(variables.start, slot.start_h)
            for option, literal in variables.taken.items():
                self.model.add_hint(literal, slot is not None and slot.option == option)


class CpSearch:
    """One run of CP-SAT in a thread of its own, so that the caller's thread can stop it."""

    def __init__(self, model: Model, *, work: float, seed: int, workers: int) -> None:
        self.model = model
        self.work = work
        self.solver = model.cp_model.CpSolver()
        parameters = self.solver.parameters
        parameters.num_workers = workers
        parameters.random_seed = seed
        parameters.max_deterministic_time = self.work
        parameters.catch_sigint_signal = False
        self.code = model.cp_model.UNKNOWN
        self.error: BaseException | None = None

    def run(
        self, progress: Progress | None, stop: threading.Event | None, floor: Schedule, wall_s: float
    ) -> SolverStatus:
        """Solve, handing progress on and watching ``stop`` and Ctrl-C; returns why it ended."""
        news: queue.SimpleQueue[_News | None] = queue.SimpleQueue()
        thread = threading.Thread(target=self._solve, args=(news,), kwargs={"tell": progress is not None}, daemon=True)
        self.solver.parameters.max_time_in_seconds = max(0.0, wall_s)
        stopped = False
        best = floor.objective_usd, floor.bound_usd
        thread.start()
        try:
            while (told := _wait(news)) is not None:
                if told and progress is not None:
                    best = min(best[0], told[0]), max(best[1], told[1])
                    progress(*best)
                if stop is not None and stop.is_set():
                    stopped = True
                    self.solver.stop_search()
        except KeyboardInterrupt:
            stopped = True
        finally:
            while thread.is_alive():
                self.solver.stop_search()
                thread.join(_POLL_S)
        return self._status(stopped=stopped)

    def _solve(self, news: queue.SimpleQueue[_News | None], *, tell: bool) -> None:
        try:
            self.code = self.solver.solve(self.model.model, self._callback(news) if tell else None)
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            self.error = error
        finally:
            news.put(None)

    def _callback(self, news: queue.SimpleQueue[_News | None]) -> cp_model.CpSolverSolutionCallback:
        units = self.model.units

        class Teller(self.model.cp_model.CpSolverSolutionCallback):  # type: ignore[misc, name-defined]
            def on_solution_callback(self) -> None:
                news.put((self.objective_value / units, self.best_objective_bound / units))

        self.solver.best_bound_callback = lambda bound: news.put((inf, bound / units))
        return Teller()

    def _status(self, *, stopped: bool) -> SolverStatus:
        if self.error is not None:
            raise self.error
        if self.code in (self.model.cp_model.OPTIMAL, self.model.cp_model.INFEASIBLE):
            return SolverStatus.OPTIMAL
        if self.code not in (self.model.cp_model.FEASIBLE, self.model.cp_model.UNKNOWN):
            raise RuntimeError(f"CP-SAT calls the model of a schedule {self.code.name}")
        if stopped:
            return SolverStatus.STOPPED
        if self.solver.deterministic_time >= self.work:
            return SolverStatus.WORK_LIMIT
        return SolverStatus.TIME_LIMIT

    @property
    def has_solution(self) -> bool:
        """Whether a schedule was found; the empty one counts."""
        return self.code in (self.model.cp_model.OPTIMAL, self.model.cp_model.FEASIBLE)

    @property
    def is_infeasible(self) -> bool:
        """Whether it is proven that there is no schedule: only with conditions beyond those of ``Problem``."""
        return bool(self.code == self.model.cp_model.INFEASIBLE)

    def slots(self) -> tuple[Slot, ...]:
        """The slots of the best solution; empty where none was found."""
        if not self.has_solution:
            return ()
        return tuple(
            Slot(job, option, self.solver.value(variables.start))
            for job, variables in self.model.jobs.items()
            for option, literal in variables.taken.items()
            if self.solver.boolean_value(literal)
        )

    def bound_usd(self) -> float:
        """The lower bound that CP-SAT proved, in USD; 0 where it proved none."""
        return max(0.0, float(self.solver.best_objective_bound) / self.model.units)


def _wait(news: queue.SimpleQueue[_News | None]) -> _News | None:
    """The next news, ``()`` when there was none for a moment, None when the search has ended."""
    try:
        return news.get(timeout=_POLL_S)
    except queue.Empty:
        return ()
