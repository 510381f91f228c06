"""The best of the other plans: at least one job takes another option, or has a place that had none."""

from __future__ import annotations

import threading

from lexloci.plan.cp_model import CpSearch, Model, Progress
from lexloci.plan.problem import Problem, Schedule, SolverStatus
from lexloci.plan.solve import WORK_PER_S


def second_best(
    problem: Problem,
    best: Schedule,
    *,
    time_limit_s: float = 10.0,
    seed: int = 1,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Schedule | None:
    """The cheapest plan found that differs from ``best``; None where there is none, or none was found in time.

    Another start of the same options is not another plan. Exact, by CP-SAT: for problems of up to a few hundred jobs.
    """
    model = Model(problem)
    taken = {slot.job: slot.option for slot in best.slots}
    different = [~variables.taken[taken[job]] for job, variables in model.jobs.items() if job in taken]
    different += [variables.placed for job, variables in model.jobs.items() if job not in taken]
    if not different:
        return None
    model.model.add_bool_or(different)
    search = CpSearch(model, work=time_limit_s * WORK_PER_S, seed=seed, workers=1)
    nothing = problem.schedule((), 0.0, SolverStatus.STOPPED)
    status = search.run(progress, stop, nothing, 2 * time_limit_s)
    if not search.has_solution:
        return None
    return problem.schedule(search.slots(), search.bound_usd(), status)
