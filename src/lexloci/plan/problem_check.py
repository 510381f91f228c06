"""Whether a scheduling problem has a meaning: ids, money, windows, shares, capacities, order."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from math import inf, isfinite
from typing import TYPE_CHECKING

from lexloci.model.errors import PlanError
from lexloci.plan.quotes import check_quotes

if TYPE_CHECKING:
    from lexloci.plan.parts import Option, SitePair
    from lexloci.plan.problem import Problem


def check_problem(problem: Problem) -> None:
    """Nothing for a problem with a meaning. PlanError, in a line with what is wrong where, for another."""
    _check_ids(problem)
    _check_jobs(problem)
    _check_options(problem)
    _check_capacities(problem)
    check_quotes(problem.quotes, problem.pool_by_id)
    _check_order(problem)


def _check_ids(problem: Problem) -> None:
    named = (
        ("jobs", [job.id for job in problem.jobs]),
        ("options", [option.id for option in problem.options]),
        ("pools", [pool.id for pool in problem.pools]),
        ("power", [limit.site for limit in problem.power]),
        ("quotes", [quote.id for quote in problem.quotes]),
    )
    for kind, ids in named:
        seen: set[str] = set()
        for name in ids:
            if name in seen:
                raise PlanError(f"{kind} {name!r}: stated twice; give each its own id")
            seen.add(name)


def _check_money(where: str, name: str, usd: float) -> None:
    if not 0 <= usd < inf:
        raise PlanError(f"{where}: {name} is {usd}; write a finite figure of 0 or more")


def _check_jobs(problem: Problem) -> None:
    if problem.horizon_h < 0:
        raise PlanError(f"horizon_h is {problem.horizon_h}; write 0 or more")
    _check_money("problem", "usd_per_peak", problem.usd_per_peak)
    for job in problem.jobs:
        where = f"job {job.id!r}"
        _check_money(where, "usd_if_unplaced", job.usd_if_unplaced)
        _check_money(where, "usd_per_hour_late", job.usd_per_hour_late)
        for predecessor in job.after:
            if predecessor not in problem.job_by_id:
                raise PlanError(f"{where}: after {predecessor!r}, which is no job; name a job of the problem")
        _check_delays(f"{where}: delay_h", job.delay_h or {})
    _check_delays("delay_h", problem.delay_h)


def _check_delays(where: str, delays: Mapping[SitePair, int]) -> None:
    for (one, other), hours in delays.items():
        if hours < 0:
            raise PlanError(f"{where} from {one!r} to {other!r} is {hours}; write 0 or more")


def _check_options(problem: Problem) -> None:
    for option in problem.options:
        where = f"option {option.id!r}"
        if option.job not in problem.job_by_id:
            raise PlanError(f"{where}: job {option.job!r} is no job; name a job of the problem")
        if option.hours < 1:
            raise PlanError(f"{where}: hours is {option.hours}; write 1 or more")
        _check_money(where, "usd", option.usd)
        if any(amount < 0 for _, amount in option.counts):
            raise PlanError(f"{where}: counts {option.counts} holds a negative amount; write 0 or more")
        _check_money(where, "kw", option.kw)
        for start, end in option.windows_h:
            if start >= end:
                raise PlanError(f"{where}: window [{start}, {end}) is empty; leave it out")
        if option.pool is None:
            if option.nodes != 0:
                raise PlanError(f"{where}: {option.nodes} nodes of no pool; name the pool or write 0 nodes")
        elif option.pool not in problem.pool_by_id:
            raise PlanError(f"{where}: pool {option.pool!r} is no pool; name a pool of the problem")
        elif problem.pool_by_id[option.pool].site != option.site:
            raise PlanError(f"{where}: pool {option.pool!r} is not at site {option.site!r}; write the site of the pool")
        elif option.nodes < 1:
            raise PlanError(f"{where}: {option.nodes} nodes of pool {option.pool!r}; write 1 or more")
        _check_runs(problem, option, where)


def _check_runs(problem: Problem, option: Option, where: str) -> None:
    seen = {option.pool}
    for share in option.also:
        pool = problem.pool_by_id.get(share.pool or "")
        if pool is None or pool.site != share.site or share.nodes < 1 or share.pool in seen:
            raise PlanError(f"{where}: also {share} is no share of another pool at its site; write one")
        seen.add(share.pool)
        _check_money(where, "kw", share.kw)
    before = None
    for start, end in option.pauses_h:
        if start >= end or (before is not None and start <= before):
            raise PlanError(f"{where}: pause [{start}, {end}) is empty or out of order; write them in order, apart")
        before = end


def _check_capacities(problem: Problem) -> None:
    for pool in problem.pools:
        before = None
        for start, end, nodes in pool.nodes_by_interval:
            if start >= end or nodes < 0 or (before is not None and start < before):
                raise PlanError(
                    f"pool {pool.id!r}: interval ({start}, {end}, {nodes}) is empty, negative or out of order; "
                    "write disjoint (start_h, end_h, nodes) in order"
                )
            before = end
    for limit in problem.power:
        if not (isfinite(limit.kw) and limit.kw >= 0):
            raise PlanError(f"power of site {limit.site!r} is {limit.kw} kW; write a finite figure of 0 or more")


def _check_order(problem: Problem) -> None:
    try:
        TopologicalSorter({job.id: job.after for job in problem.jobs}).prepare()
    except CycleError as error:
        cycle = " before ".join(repr(job) for job in error.args[1])
        raise PlanError(f"jobs wait for each other in a circle: {cycle}; take one 'after' out") from None
