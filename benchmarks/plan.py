# ruff: noqa: INP001, T201 - a script, which speaks by printing
"""The benchmark of the planner: the same instances, the same time, side by side; ``make bench-plan``.

``python -m benchmarks.plan [--quick] [--seconds S] [--instance FILE]... [--philly N]... [--together] [--only NAME]...``

Each contestant runs in a process of its own, one after another, for the same time on the clock. The gap of each is to
the best bound that any of them proved on that instance; below each table stand the targets, met or not. Violations are
counted by ``lexloci.plan.check``, which shares no code with any contestant. See ``benchmarks/planning/README.md``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from math import inf
from pathlib import Path

from benchmarks.planning.contestants import CONTESTANTS
from benchmarks.planning.skypilot import skypilot_answer
from benchmarks.planning.targets import targets
from benchmarks.planning.worker import instance_of

from lexloci.model.errors import PlanError
from lexloci.plan.instance import read_instance

HERE = Path(__file__).parent
INSTANCES = HERE / "planning" / "instances"
FIXED = [f"w{count}-seed{seed}" for count in (20, 100, 500, 2000) for seed in (0, 1)]
QUICK = ["w20-seed0", "w100-seed0", "w500-seed0"]
PHILLY, PHILLY_QUICK = (500, 2000), (100,)
COLUMNS = {
    "cost": 12,
    "gap": 9,
    "ratio": 8,
    "placed": 8,
    "first s": 9,
    "wall s": 8,
    "CPU s": 8,
    "MiB": 7,
    "violations": 12,
}
HEADER = f"{'contestant':14}" + "".join(f"{name:>{width}}" for name, width in COLUMNS.items())


def main(arguments: list[str] | None = None) -> int:
    """Run and print; 1 where the checker found a violation or a contestant failed."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    for path in asked.instance:
        try:
            read_instance(path)
        except PlanError as error:
            parser.error(str(error))
    if (asked.seconds is not None and not 0 < asked.seconds < inf) or any(count < 1 for count in asked.philly):
        parser.error("--seconds and --philly: write figures above 0")
    seconds = asked.seconds or (10.0 if asked.quick else 60.0)
    instances = [str(path) for path in asked.instance] + [f"philly:{count}" for count in asked.philly]
    instances += ["together"] * asked.together
    if not instances:
        names, trace = (QUICK, PHILLY_QUICK) if asked.quick else (FIXED, PHILLY)
        instances = [str(INSTANCES / f"{name}.json.gz") for name in names] + [f"philly:{count}" for count in trace]
    begun = time.monotonic()
    broken, missed = 0, 0
    for instance in instances:
        violations, not_met = _compare(instance, asked.only or list(CONTESTANTS), seconds, asked.seed)
        broken, missed = broken + violations, missed + not_met
    if not asked.only:
        print("\nSkyPilot's optimiser on what it can express, each job started as soon as it can")
        for instance in instances:
            _skypilot(instance)
        mended = [one for one in instances if Path(one).name.startswith("w500")]
        print("\nAfter a rule change: target a new plan in 10 s, 90 % of what it does not touch left where it was")
        for instance in mended:
            broken += _mend(instance, seconds, asked.seed)
    took_s = time.monotonic() - begun
    print(f"\n{missed} targets not met, {broken} violations or failures; {took_s:.0f} s on the clock in all")
    return 1 if broken else 0


def _skypilot(instance: str) -> None:
    """Print what SkyPilot's optimiser chooses, and what it cannot know of."""
    name, found = Path(instance).name.partition(".")[0], skypilot_answer(instance_of(instance))
    if isinstance(found, str):
        print(f"{name}: {found}")
        return
    print(
        f"{name}: {found.jobs} jobs for {found.cost_usd:,.0f} USD in {found.wall_s:.1f} s on the clock, "
        f"{found.cpu_s:.1f} s CPU; {found.outside_window} outside their lawful window, {found.over_capacity} of "
        f"{found.pools} pools over capacity"
    )


def _mend(instance: str, seconds: float, seed: int) -> int:
    """Change the law under the plan of an instance, and print what mending it takes and keeps."""
    command = [sys.executable, "-m", "benchmarks.planning.repairing", instance, str(seconds), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        sys.stderr.write(done.stderr)
        return 1
    one = json.loads(done.stdout)
    name, share = Path(instance).name.partition(".")[0], one["stayed"] / max(1, one["untouched"])
    print(
        f"{name}: {one['site']} closed from hour {one['from_h']}: {one['touched']} touched, {one['stayed']} of "
        f"{one['untouched']} others stayed ({share:.1%}), {one['moves']} moves, "
        f"{one['without_reason']} without a reason; "
        f"{one['before_usd']:,.0f} -> {one['after_usd']:,.0f} USD; {one['wall_s']:.1f} s on the clock, "
        f"{one['cpu_s']:.1f} s CPU; {one['violations']} violations"
    )
    return int(one["violations"])


def _compare(instance: str, contestants: list[str], seconds: float, seed: int) -> tuple[int, int]:
    """Run all on an instance, print a table and the targets; how many violations and failures, how many not met."""
    answers, failed = {}, 0
    for name in contestants:
        command = [sys.executable, "-m", "benchmarks.planning.worker", name, instance, str(seconds), str(seed)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
        if done.returncode:
            sys.stderr.write(done.stderr)
            failed += 1
            continue
        answers[name] = json.loads(done.stdout)
    if not answers:
        return failed, 0
    first = next(iter(answers.values()))
    bound_usd = max((one["bound_usd"] or 0.0) for one in answers.values())
    least_usd = min(one["objective_usd"] for one in answers.values())
    title = Path(instance).name.removesuffix(".gz").removesuffix(".json")
    print(f"\n{title}: {first['jobs']} workloads, {first['options']} options, {seconds:g} s; bound {bound_usd:,.0f}")
    print(HEADER)
    for name, one in answers.items():
        first_s = f"{one['first_s']:.2f}" if one["first_s"] is not None else "none"
        gap = 1 - bound_usd / one["objective_usd"] if one["objective_usd"] else 0.0
        print(
            f"{name:14}{one['objective_usd']:12,.0f}{gap:9.2%}{one['objective_usd'] / least_usd:8.3f}"
            f"{one['placed']:8}{first_s:>9}{one['wall_s']:8.1f}{one['cpu_s']:8.1f}{one['peak_mib']:7.0f}"
            f"{one['violations']:12}"
        )
    judged = targets(answers)
    for words, is_met in judged:
        print(f"target: {words}: {'met' if is_met else 'NOT MET'}")
    return failed + sum(one["violations"] for one in answers.values()), sum(not is_met for _, is_met in judged)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plan", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few instances, 10 s each")
    parser.add_argument("--seconds", type=float, help="time for each contestant on each instance; default 60")
    parser.add_argument(
        "--instance", type=Path, action="append", default=[], help="a file of the form, .json or .json.gz"
    )
    parser.add_argument("--philly", type=int, action="append", default=[], help="so many jobs of the Philly trace")
    parser.add_argument("--together", action="store_true", help="5,000 workloads: the four greatest fixed instances")
    parser.add_argument("--only", action="append", default=[], choices=list(CONTESTANTS), help="a contestant")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
