"""Says what a scheduling problem is: jobs, the options that each may take, capacities, delays; and its answer.

The problem knows neither law nor performance: both have been turned into options (where a job may run, on how
many nodes, for how long, at what price, in which windows) before it is stated. Times are whole hours from the start
of the horizon, intervals are half-open ``[start, end)``, money is USD. Invariants: see ``Problem``; a problem that
has no meaning raises ``PlanError`` when it is built.

The objective, which is to be as small as possible::

    sum of option.usd            over the options taken                          (parts.cost_usd)
  + sum of usd_per_hour_late * max(0, end - due)   over the jobs with a place    (parts.lateness_usd)
  + sum of usd_if_unplaced       over the jobs left out                          (parts.unplaced_usd)
  + sum of the quotes taken      that give pools the nodes which slots use       (parts.quotes_usd, ``plan.quotes``)
  + usd_per_peak * the most that the options taken count to any one group        (parts.peak_usd)

>>> job = Job("train", usd_if_unplaced=1000.0, due_h=10, usd_per_hour_late=5.0)
>>> option = Option("train@a", "train", pool="a", site="here", nodes=2, hours=8, usd=100.0, windows_h=((4, 24),))
>>> problem = Problem((job,), (option,), (PoolCapacity("a", "here", ((0, 24, 4),)),), horizon_h=24)
>>> problem.objective((Slot("train", "train@a", start_h=4),))
ObjectiveParts(cost_usd=100.0, lateness_usd=10.0, unplaced_usd=0.0, quotes_usd=0.0, peak_usd=0.0)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from graphlib import TopologicalSorter
from math import fsum, inf

from lexloci.model.errors import PlanError
from lexloci.plan.parts import HourInterval, Job, Option, PoolCapacity, Share, SitePair, SitePower, Slot
from lexloci.plan.problem_check import check_problem
from lexloci.plan.quotes import Quote, Taken, cheapest, widened, with_taken

__all__ = [
    "HourInterval",
    "Job",
    "Limit",
    "ObjectiveParts",
    "Option",
    "PoolCapacity",
    "Problem",
    "Schedule",
    "Share",
    "SitePair",
    "SitePower",
    "Slot",
    "SolverStatus",
]


@dataclass(frozen=True, slots=True)
class ObjectiveParts:
    """The sums of the objective, in USD."""

    cost_usd: float
    lateness_usd: float
    unplaced_usd: float
    quotes_usd: float = 0.0
    peak_usd: float = 0.0

    @property
    def objective_usd(self) -> float:
        """The objective: the sum of them."""
        return fsum((self.cost_usd, self.lateness_usd, self.unplaced_usd, self.quotes_usd, self.peak_usd))


class SolverStatus(StrEnum):
    """Why the solver ended. Only after a time limit or a stop may a second run answer otherwise."""

    OPTIMAL = "optimal"
    WORK_LIMIT = "work limit reached"
    TIME_LIMIT = "time limit reached"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which jobs run where and when, with the proven lower bound: ``bound <= objective``, ``gap = objective - bound``.

    ``slots`` are sorted by start, then job; ``unplaced`` are ids in the order of the problem; ``quotes``: those
    taken. All money in USD.
    """

    slots: tuple[Slot, ...]
    unplaced: tuple[str, ...]
    parts: ObjectiveParts
    objective_usd: float
    bound_usd: float
    gap_usd: float
    status: SolverStatus
    quotes: tuple[Taken, ...] = ()


@dataclass(frozen=True)
class Limit:
    """A second objective that may not be passed: that of ``problem``, with the same jobs and options by their ids."""

    problem: Problem
    at_most_usd: float

    @property
    def greatest_usd(self) -> float:
        """What still counts as kept: the limit and what the rounding of money may hide."""
        hidden = 2e-6 * (self.problem.horizon_h + 3) * max(1, len(self.problem.jobs))
        return self.at_most_usd + hidden + 1e-9 * abs(self.at_most_usd)

    def is_kept(self, slots: Iterable[Slot]) -> bool:
        """Whether these slots keep it."""
        return self.problem.objective(slots).objective_usd <= self.greatest_usd


@dataclass(frozen=True)
class Problem:
    """Jobs, their options, and what they share: pools, power, the ways between sites, quotes, the horizon.

    Every slot lies in one window of its option and in ``[0, horizon_h)``, starts no earlier than the job's release and,
    for each predecessor, no earlier than that one's end plus the delay between the two sites; a pool never runs more
    nodes than it has, a site never draws more power than its limit; a job with a predecessor left out is left out.
    ``delay_h[from_site, to_site]`` in hours: within a site it is 0 unless stated; between two sites without an entry
    nothing can be moved, so such a pair of options is never taken. A schedule keeps every
    one of ``limits``.
    """

    jobs: tuple[Job, ...]
    options: tuple[Option, ...]
    pools: tuple[PoolCapacity, ...]
    horizon_h: int
    delay_h: Mapping[SitePair, int] = field(default_factory=dict)
    power: tuple[SitePower, ...] = ()
    quotes: tuple[Quote, ...] = ()
    usd_per_peak: float = 0.0
    limits: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        check_problem(self)

    @cached_property
    def job_by_id(self) -> dict[str, Job]:
        """Jobs by id."""
        return {job.id: job for job in self.jobs}

    @cached_property
    def option_by_id(self) -> dict[str, Option]:
        """Options by id."""
        return {option.id: option for option in self.options}

    @cached_property
    def pool_by_id(self) -> dict[str, PoolCapacity]:
        """Pools by id."""
        return {pool.id: pool for pool in self.pools}

    @cached_property
    def quotes_by_pool(self) -> dict[str, tuple[Quote, ...]]:
        """The quotes of each pool that has any."""
        grouped: dict[str, list[Quote]] = {}
        for quote in self.quotes:
            grouped.setdefault(quote.pool, []).append(quote)
        return {pool: tuple(quotes) for pool, quotes in grouped.items()}

    @cached_property
    def widest_by_id(self) -> dict[str, PoolCapacity]:
        """Pools by id, each with the most nodes that it can have in each hour, whichever quote is taken."""
        return {
            pool.id: replace(
                pool, nodes_by_interval=widened(pool.nodes_by_interval, self.quotes_by_pool[pool.id], self.horizon_h)
            )
            if pool.id in self.quotes_by_pool
            else pool
            for pool in self.pools
        }

    @cached_property
    def options_by_job(self) -> dict[str, tuple[Option, ...]]:
        """The options of each job, in the order of the problem; empty where a job has none."""
        grouped: dict[str, list[Option]] = {job.id: [] for job in self.jobs}
        for option in self.options:
            grouped[option.job].append(option)
        return {job: tuple(options) for job, options in grouped.items()}

    @cached_property
    def jobs_in_order(self) -> tuple[Job, ...]:
        """The jobs, each after all of its predecessors."""
        sorter = TopologicalSorter({job.id: job.after for job in self.jobs})
        return tuple(self.job_by_id[job] for job in sorter.static_order())

    def delay_between(self, predecessor: str, from_site: str, to_site: str) -> int | None:
        """Hours that the result of a job takes between two sites; None where it cannot be moved."""
        own = self.job_by_id[predecessor].delay_h
        table = self.delay_h if own is None else own
        return table.get((from_site, to_site), 0 if from_site == to_site else None)

    def start_intervals(self, option: Option) -> tuple[HourInterval, ...]:
        """The hours at which an option may start, as disjoint ``[first, last + 1)`` intervals in order.

        They follow from its windows, the job's release, the horizon, the most nodes that its pool can have and the
        power of its site; predecessors and other jobs are not asked. Empty: the option can never run.
        """
        kept = self._starts.get(id(option))
        if kept is None or kept[0] is not option:
            kept = self._starts[id(option)] = option, self._start_intervals(option)
        return kept[1]

    @cached_property
    def _starts(self) -> dict[int, tuple[Option, tuple[HourInterval, ...]]]:
        """What ``start_intervals`` found before, by the identity of the option, which is kept with it."""
        return {}

    def _start_intervals(self, option: Option) -> tuple[HourInterval, ...]:
        if self.power:
            drawn: dict[str, int] = {}
            for share in option.shares:
                drawn[share.site] = drawn.get(share.site, 0) + share.watts
            if any(drawn.get(limit.site, 0) > limit.watts for limit in self.power):
                return ()
        earliest = max(0, self.job_by_id[option.job].release_h)
        starts = _union(
            (max(begin, earliest), min(end, self.horizon_h) - option.hours + 1) for begin, end in option.windows_h
        )
        takes: tuple[Option | Share, ...] = (option, *option.also)
        for taking in takes:
            if taking.pool is not None:
                open_h = self.widest_by_id[taking.pool].intervals_with(taking.nodes)
                starts = _meet(starts, option.starts_within(open_h))
        return _meet(starts, option.starts_within(((0, self.horizon_h),))) if option.pauses_h else starts

    def lateness_usd(self, job: Job, end_h: int) -> float:
        """The cost of ending a job at that hour, in USD: ``usd_per_hour_late * max(0, end - due)``."""
        return 0.0 if job.due_h is None else job.usd_per_hour_late * max(0, end_h - job.due_h)

    def objective(self, slots: Iterable[Slot]) -> ObjectiveParts:
        """The sums of the objective for slots, each job in at most one of them, in USD; infinite without a quote."""
        placed = {slot.job: slot for slot in slots}
        taken = [(self.job_by_id[slot.job], self.option_by_id[slot.option], slot) for slot in placed.values()]
        return ObjectiveParts(
            cost_usd=fsum(option.usd for _, option, _ in taken),
            lateness_usd=fsum(self.lateness_usd(job, slot.start_h + option.hours) for job, option, slot in taken),
            unplaced_usd=fsum(job.usd_if_unplaced for job in self.jobs if job.id not in placed),
            quotes_usd=self._quotes_usd(placed.values()),
            peak_usd=self.usd_per_peak * self.peak(placed.values()) if self.usd_per_peak else 0.0,
        )

    def peak(self, slots: Iterable[Slot]) -> int:
        """The most that the options of these slots count to any one group."""
        counted: dict[str, int] = {}
        for slot in slots:
            for group, amount in self.option_by_id[slot.option].counts:
                counted[group] = counted.get(group, 0) + amount
        return max(counted.values(), default=0)

    def keeps_limits(self, slots: Iterable[Slot]) -> bool:
        """Whether these slots keep every limit."""
        placed = tuple(slots)
        return all(limit.is_kept(placed) for limit in self.limits)

    def quotes_for(self, slots: Iterable[Slot]) -> tuple[Taken, ...]:
        """The cheapest quotes that give the pools what these slots use; PlanError where none do."""
        if not self.quotes:
            return ()
        used: dict[str, list[tuple[int, int, int]]] = {pool: [] for pool in self.quotes_by_pool}
        for slot in slots:
            option = self.option_by_id[slot.option]
            for share in option.shares:
                if share.pool in used:
                    used[share.pool] += [(start, end, share.nodes) for start, end in option.runs(slot.start_h)]
        found = (
            cheapest(self.quotes_by_pool[pool], self.pool_by_id[pool].nodes_by_interval, spans)
            for pool, spans in used.items()
        )
        return tuple(taken for taken in found if taken is not None)

    def _quotes_usd(self, slots: Iterable[Slot]) -> float:
        try:
            return fsum(taken.usd for taken in self.quotes_for(slots))
        except PlanError:
            return inf

    def with_quotes(self, taken: Iterable[Taken]) -> Problem:
        """The problem in which just these quotes are taken and paid: their nodes are there, no others can be had."""
        nodes = {quote.id: quote for quote in self.quotes}
        by_pool = {nodes[one.quote].pool: one for one in taken}
        pools = tuple(
            replace(
                pool,
                nodes_by_interval=with_taken(
                    pool.nodes_by_interval, nodes[by_pool[pool.id].quote].nodes, by_pool[pool.id], self.horizon_h
                ),
            )
            if pool.id in by_pool
            else pool
            for pool in self.pools
        )
        return replace(self, pools=pools, quotes=())

    @cached_property
    def widest(self) -> Problem:
        """A problem below which no plan of this can be: every node that can be had is there for nothing.

        Options that pause or occupy several pools occupy none in it.
        """
        if not self.quotes and self.is_plain:
            return self
        options = tuple(
            one if one.is_plain else replace(one, pool=None, nodes=0, kw=0.0, pauses_h=(), also=())
            for one in self.options
        )
        return replace(
            self, pools=tuple(self.widest_by_id.values()), options=options, quotes=(), usd_per_peak=0.0, limits=()
        )

    @cached_property
    def is_plain(self) -> bool:
        """Whether jobs share nothing but pools and power, and each occupies one pool from its start to its end."""
        return not self.usd_per_peak and not self.limits and all(option.is_plain for option in self.options)

    @cached_property
    def solid(self) -> Problem:
        """The problem in which pauses are worked through and only the first pool is occupied: for estimates alone."""
        if self.is_plain:
            return self
        return replace(self, options=tuple(_solid(one) for one in self.options), usd_per_peak=0.0, limits=())

    @cached_property
    def plain(self) -> Problem:
        """The problem without the options that pause or occupy several pools, without peak and limits.

        Every plan of it that keeps the limits is a plan of this.
        """
        if self.is_plain:
            return self
        options = tuple(one for one in self.options if one.is_plain)
        return replace(self, options=options, usd_per_peak=0.0, limits=())

    def schedule(self, slots: Iterable[Slot], bound_usd: float, status: SolverStatus) -> Schedule:
        """The schedule of these slots with its objective, a bound that is never above it, and the gap, in USD."""
        ordered = tuple(sorted(slots, key=lambda slot: (slot.start_h, slot.job)))
        placed = {slot.job for slot in ordered}
        parts = self.objective(ordered)
        bound = min(bound_usd, parts.objective_usd)
        return Schedule(
            slots=ordered,
            unplaced=tuple(job.id for job in self.jobs if job.id not in placed),
            parts=parts,
            objective_usd=parts.objective_usd,
            bound_usd=bound,
            gap_usd=parts.objective_usd - bound,
            status=status,
            quotes=self.quotes_for(ordered),
        )


def _union(intervals: Iterable[HourInterval]) -> tuple[HourInterval, ...]:
    found = [one for one in intervals if one[0] < one[1]]
    if len(found) < 2:
        return tuple(found)
    joined: list[HourInterval] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            first, before_end = joined.pop()
            joined.append((first, max(end, before_end)))
        else:
            joined.append((start, end))
    return tuple(joined)


def _solid(option: Option) -> Option:
    return replace(option, pauses_h=(), also=())


def _meet(some: Iterable[HourInterval], others: Iterable[HourInterval]) -> tuple[HourInterval, ...]:
    spans = list(others)
    return _union((max(a, c), min(b, d)) for a, b in some for c, d in spans)
