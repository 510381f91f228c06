"""What SkyPilot's optimiser chooses for the jobs on standard input; needs neither lexloci nor a network.

Each option is a type of machine of one cloud, with its own price by the hour, in the region that is its site; the
catalogue of that cloud is written under the home folder that is named. The jobs and what they wait for are one DAG.
"""

from __future__ import annotations

import csv
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

_COLUMNS = ["InstanceType", "vCPUs", "MemoryGiB", "AcceleratorName", "AcceleratorCount", "Price", "Region"]


def write_catalogue(home: Path, jobs: list[dict[str, Any]]) -> None:
    """A catalogue with one type of machine for each option."""
    schema = importlib.import_module("sky.skylet.constants").CATALOG_SCHEMA_VERSION
    folder = home / ".sky" / "catalogs" / schema / "lambda"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "vms.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow([*_COLUMNS, "SpotPrice", "GpuInfo"])
        for job in jobs:
            for one in job["options"]:
                table.writerow([one["id"], 8, 64, "X", 1, one["usd"] / one["hours"], one["site"], "", ""])


def chosen(jobs: list[dict[str, Any]]) -> dict[str, str]:
    """The option of each job in the DAG of least cost."""
    sky: Any = importlib.import_module("sky")
    check: Any = importlib.import_module("sky.check")
    optimizer: Any = importlib.import_module("sky.optimizer").Optimizer
    cloud = [importlib.import_module("sky.clouds").Lambda()]
    check.get_cached_enabled_clouds_or_refresh = lambda *_given, **_named: cloud  # no account is needed to optimise
    hours = {one["id"]: one["hours"] for job in jobs for one in job["options"]}
    tasks: dict[str, Any] = {}
    with sky.Dag() as dag:
        for job in jobs:
            task = tasks[job["id"]] = sky.Task(job["id"])
            options = {sky.Resources(infra=f"lambda/{one['site']}", instance_type=one["id"]) for one in job["options"]}
            task.set_resources(options)
            task.set_time_estimator(lambda resources: hours[resources.instance_type] * 3600)
        for job in jobs:
            for before in job["after"]:
                if before in tasks:
                    _ = tasks[before] >> tasks[job["id"]]
    optimizer.optimize(dag, quiet=True)
    return {name: task.best_resources.instance_type for name, task in tasks.items()}


def main() -> None:
    """Read, choose, and print the last line as JSON."""
    asked = json.load(sys.stdin)
    os.environ["HOME"] = asked["home"]
    os.environ["SKYPILOT_DISABLE_USAGE_COLLECTION"] = "1"
    write_catalogue(Path(asked["home"]), asked["jobs"])
    begun, begun_cpu = time.monotonic(), time.process_time()
    options = chosen(asked["jobs"])
    answer = {"chosen": options, "wall_s": time.monotonic() - begun, "cpu_s": time.process_time() - begun_cpu}
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
