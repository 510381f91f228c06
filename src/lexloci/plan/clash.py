"""Which requirements clash where not every workload can have a place: a set of which none can be missed.

Requirements are: a workload is placed; it keeps to its lawful windows; it waits for its release; it follows its
predecessors; a pool has no more than its nodes; a site draws no more than its power. From all of them those are taken
away one after another without which the rest still clashes (a deletion filter: J. W. Chinneck and E. W. Dravnieks, ORSA
Journal on Computing 3, 1991). What is left is minimal: without any one of it the others can be met together.

It says what to ask for, such as a longer lease or a licence for other dates; it is no proposal to break a rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from lexloci.plan.cp_model import CpSearch, Model
from lexloci.plan.problem import Problem, SolverStatus

_WORK = 20.0
_PLENTY_W = 1e12


class RequirementKind(StrEnum):
    """What is required."""

    PLACED = "is placed"
    WINDOWS = "keeps to its lawful windows"
    RELEASE = "waits for its release"
    ORDER = "follows its predecessors"
    NODES = "has no more than its nodes"
    POWER = "draws no more than its power"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement of a workload, a pool or a site, by its id."""

    kind: RequirementKind
    of: str

    def __str__(self) -> str:
        return f"{self.of} {self.kind.value}"


def minimal_clash(problem: Problem, jobs: Iterable[str] = ()) -> tuple[Requirement, ...] | None:
    """A minimal set of requirements that clash when these jobs (none named: all) are to have a place.

    Empty where all can be placed; None where CP-SAT could not tell in time. A job that waits for others requires them.
    """
    wanted = set(jobs) or {job.id for job in problem.jobs}
    for job in reversed(problem.jobs_in_order):
        if job.id in wanted:
            wanted |= set(job.after)
    kept = _all(problem, wanted)
    verdict = can_all_be_met(problem, kept)
    if verdict is not False:
        return () if verdict else None
    size = max(1, len(kept) // 2)
    while True:
        kept = _thinned(problem, kept, size)
        if size == 1:
            return tuple(kept)
        size = max(1, min(size // 2, len(kept) // 2))


def _thinned(problem: Problem, kept: list[Requirement], size: int) -> list[Requirement]:
    """What is left when each run of so many requirements without which the rest still clashes is taken away."""
    place = 0
    while place < len(kept):
        without = kept[:place] + kept[place + size :]
        if can_all_be_met(problem, without) is False:
            kept = without
        else:
            place += size
    return kept


def _all(problem: Problem, wanted: set[str]) -> list[Requirement]:
    jobs = [job for job in problem.jobs if job.id in wanted]
    return [
        *(Requirement(RequirementKind.POWER, limit.site) for limit in problem.power),
        *(Requirement(RequirementKind.NODES, pool.id) for pool in problem.pools),
        *(Requirement(RequirementKind.ORDER, job.id) for job in jobs if job.after),
        *(Requirement(RequirementKind.RELEASE, job.id) for job in jobs if job.release_h > 0),
        *(Requirement(RequirementKind.WINDOWS, job.id) for job in jobs),
        *(Requirement(RequirementKind.PLACED, job.id) for job in jobs),
    ]


def can_all_be_met(problem: Problem, requirements: Iterable[Requirement]) -> bool | None:
    """Whether some schedule meets all of these, the others being ignored; None where CP-SAT could not tell in time."""
    asked = {(one.kind, one.of) for one in requirements}
    placed = {job.id for job in problem.jobs if (RequirementKind.PLACED, job.id) in asked}
    relaxed = _relaxed(problem, asked, placed)
    model = Model(relaxed)
    if any(job not in model.jobs for job in placed):
        return False
    for job in placed:
        model.model.add(model.jobs[job].placed == 1)
    search = CpSearch(model, work=_WORK, seed=1, workers=1)
    search.solver.parameters.stop_after_first_solution = True
    nothing = relaxed.schedule((), 0.0, SolverStatus.STOPPED)
    search.run(None, None, nothing, 20 * _WORK)
    if search.has_solution:
        return True
    return False if search.is_infeasible else None


def _relaxed(problem: Problem, asked: set[tuple[RequirementKind, str]], placed: set[str]) -> Problem:
    """The problem of the jobs that must be placed, with only the conditions that are asked for."""
    whole = ((0, problem.horizon_h),)
    jobs = tuple(
        replace(
            job,
            release_h=job.release_h if (RequirementKind.RELEASE, job.id) in asked else 0,
            after=tuple(one for one in job.after if one in placed) if (RequirementKind.ORDER, job.id) in asked else (),
        )
        for job in problem.jobs
        if job.id in placed
    )
    options = tuple(
        one if (RequirementKind.WINDOWS, one.job) in asked else replace(one, windows_h=whole)
        for one in problem.options
        if one.job in placed and problem.horizon_h > 0
    )
    plenty = max(1, sum(option.nodes for option in options))
    pools = tuple(
        pool
        if (RequirementKind.NODES, pool.id) in asked
        else replace(pool, nodes_by_interval=((0, problem.horizon_h, plenty),) if problem.horizon_h else ())
        for pool in problem.pools
    )
    power = tuple(limit for limit in problem.power if (RequirementKind.POWER, limit.site) in asked)
    return replace(problem, jobs=jobs, options=options, pools=pools, power=power)
