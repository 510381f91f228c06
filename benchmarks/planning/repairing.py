"""A rule change after the plan was made: how long the mended plan takes, and how much of the old one it keeps.

``python -m benchmarks.planning.repairing INSTANCE SECONDS SEED`` prints one line of JSON. From the middle of the
horizon on nothing is lawful any more at the site that the plan uses most then. Untouched are the workloads whose
place the change leaves possible.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import replace

from benchmarks.planning.worker import instance_of

from lexloci.plan.check import violations
from lexloci.plan.problem import Option, Problem, Schedule
from lexloci.plan.repair import repair
from lexloci.plan.solve import solve


def busiest_site(problem: Problem, plan: Schedule, from_h: int) -> str:
    """The site with most node-hours from an hour on."""
    used: Counter[str] = Counter()
    for slot in plan.slots:
        option = problem.option_by_id[slot.option]
        used[option.site] += option.nodes * max(0, slot.start_h + option.hours - max(from_h, slot.start_h))
    return max(used, key=lambda site: (used[site], site))


def closed_from(problem: Problem, site: str, from_h: int) -> Problem:
    """The problem in which nothing is lawful at a site from an hour on."""
    options = tuple(_cut(one, from_h) if one.site == site else one for one in problem.options)
    return replace(problem, options=tuple(one for one in options if one.windows_h))


def _cut(option: Option, from_h: int) -> Option:
    return replace(
        option, windows_h=tuple((start, min(end, from_h)) for start, end in option.windows_h if start < from_h)
    )


def main(instance: str, limit_s: float, seed: int) -> None:
    """Plan, change the law, mend, and print."""
    problem = instance_of(instance)
    plan = solve(problem, time_limit_s=limit_s, seed=seed)
    from_h = problem.horizon_h // 2
    site = busiest_site(problem, plan, from_h)
    then = closed_from(problem, site, from_h)
    begun, begun_cpu = time.monotonic(), time.process_time()
    mended = repair(then, plan.slots, seed=seed)
    wall_s, cpu_s = time.monotonic() - begun, time.process_time() - begun_cpu
    answer = {
        "jobs": len(problem.jobs),
        "site": site,
        "from_h": from_h,
        "before_usd": plan.objective_usd,
        "after_usd": mended.schedule.objective_usd,
        "touched": len(plan.slots) - mended.untouched,
        "untouched": mended.untouched,
        "stayed": mended.stayed,
        "moves": len(mended.moves),
        "without_reason": sum(not move.why for move in mended.moves),
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "violations": len(violations(then, mended.schedule)),
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
