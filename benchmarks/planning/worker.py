"""One contestant on one instance, in a process of its own; prints what came out as one line of JSON.

``python -m benchmarks.planning.worker CONTESTANT INSTANCE SECONDS SEED``; ``philly:500`` and ``together`` are
instances too.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.planning.contestants import CONTESTANTS, compile_loops
from benchmarks.planning.philly import philly_instance
from benchmarks.planning.together import together

from lexloci.plan.check import violations
from lexloci.plan.instance import problem_of, read_instance
from lexloci.plan.problem import Problem, SolverStatus

TOGETHER = "together"


def instance_of(name: str) -> Problem:
    """The problem of a name on the command line."""
    kind, _, count = name.partition(":")
    if name == TOGETHER:
        return problem_of(together(), name)
    return problem_of(philly_instance(int(count)), name) if kind == "philly" else read_instance(Path(name))


def main(contestant: str, instance: str, limit_s: float, seed: int) -> None:
    """Run and print."""
    problem = instance_of(instance)
    if contestant == "lexloci":
        compile_loops()
    begun, begun_cpu = time.monotonic(), time.process_time()
    first_s: list[float] = []
    empty_usd = problem.objective(()).objective_usd

    def tell(usd: float) -> None:
        if not first_s and usd < empty_usd:  # a plan that leaves out everything is none
            first_s.append(time.monotonic() - begun)

    found = CONTESTANTS[contestant](problem, limit_s, seed, tell)
    wall_s, cpu_s = time.monotonic() - begun, time.process_time() - begun_cpu
    schedule = problem.schedule(found.slots, found.bound_usd or 0.0, SolverStatus.STOPPED)
    answer = {
        "objective_usd": schedule.objective_usd,
        "bound_usd": found.bound_usd,
        "placed": len(schedule.slots),
        "jobs": len(problem.jobs),
        "options": len(problem.options),
        "first_s": first_s[0] if first_s and schedule.slots else None,
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "violations": len(violations(problem, schedule)),
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
