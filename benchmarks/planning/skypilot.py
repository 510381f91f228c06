"""What becomes of an instance as SkyPilot's optimiser plans it: it knows prices and what waits for what, no more.

It has no hours of law, no capacity of a pool and no due dates, so each job is started as soon as what it waits for
lets it; what then runs outside its lawful window or over capacity is counted. It is no plan beside the others.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lexloci.plan.problem import Problem, Slot

PYTHON = Path(__file__).parents[2] / "build" / "bench-plan" / "venv" / "bin" / "python"
_WORKER = Path(__file__).with_name("skypilot_worker.py")
_LIMIT_S, _MOST_JOBS = 600, 500


@dataclass(frozen=True, slots=True)
class SkyPilotAnswer:
    """How many jobs it placed, what their options cost, and what breaks when each starts as soon as it can."""

    jobs: int
    cost_usd: float
    outside_window: int
    over_capacity: int
    pools: int
    wall_s: float
    cpu_s: float


def skypilot_answer(problem: Problem) -> SkyPilotAnswer | str:
    """What SkyPilot chooses for the problem; why there is no answer where there is none."""
    if not PYTHON.exists():
        return "not installed; benchmarks/planning/skypilot_setup.sh installs it"
    if len(problem.jobs) > _MOST_JOBS:
        return f"not asked about more than {_MOST_JOBS} workloads"
    try:
        return _answer(problem)
    except subprocess.TimeoutExpired:
        return f"no answer in {_LIMIT_S} s"


def _answer(problem: Problem) -> SkyPilotAnswer | str:
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(  # noqa: S603 - our own script
            [str(PYTHON), str(_WORKER)],
            input=json.dumps({"home": home, "jobs": _stated(problem)}),
            env={**os.environ, "HOME": home},
            capture_output=True,
            text=True,
            check=False,
            timeout=_LIMIT_S,
        )
    if done.returncode:
        return f"ended with {done.returncode}: {done.stderr.strip().splitlines()[-1]}"
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    slots = _started(problem, answer["chosen"])
    return SkyPilotAnswer(
        len(slots),
        problem.objective(slots).cost_usd,
        sum(_is_outside(problem, slot) for slot in slots),
        sum(_is_over(problem, slots, pool.id) for pool in problem.pools),
        len(problem.pools),
        answer["wall_s"],
        answer["cpu_s"],
    )


def _stated(problem: Problem) -> list[dict[str, object]]:
    return [
        {
            "id": job.id,
            "after": list(job.after),
            "options": [
                {"id": one.id, "hours": one.hours, "usd": one.usd, "site": one.site}
                for one in problem.options_by_job[job.id]
            ],
        }
        for job in problem.jobs_in_order
        if problem.options_by_job[job.id]
    ]


def _started(problem: Problem, chosen: dict[str, str]) -> tuple[Slot, ...]:
    """Each job at its release, or when what it waits for has ended and been moved."""
    found: dict[str, Slot] = {}
    for job in problem.jobs_in_order:
        if job.id not in chosen:
            continue
        option, start = problem.option_by_id[chosen[job.id]], max(0, job.release_h)
        for name in job.after:
            if name in found:
                before = problem.option_by_id[found[name].option]
                way = problem.delay_between(name, before.site, option.site) or 0
                start = max(start, found[name].start_h + before.hours + way)
        found[job.id] = Slot(job.id, option.id, start)
    return tuple(found.values())


def _is_outside(problem: Problem, slot: Slot) -> bool:
    option = problem.option_by_id[slot.option]
    end = slot.start_h + option.hours
    return not any(first <= slot.start_h and end <= last for first, last in option.windows_h)


def _is_over(problem: Problem, slots: tuple[Slot, ...], pool: str) -> bool:
    """Whether the pool runs more nodes than it has, at the start of some job."""
    runs = [
        (slot.start_h, slot.start_h + option.hours, option.nodes)
        for slot in slots
        if (option := problem.option_by_id[slot.option]).pool == pool
    ]
    most = problem.pool_by_id[pool].most_nodes
    return any(sum(nodes for first, last, nodes in runs if first <= hour < last) > most for hour, _, _ in runs)
