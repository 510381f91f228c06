"""Reads a fixed instance into a Problem; the form is described in data/README.md."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from lexloci.plan.problem import Job, Option, PoolCapacity, Problem

DATA = Path(__file__).parent / "data"


def read_instance(path: Path) -> Problem:
    """The problem of an instance file; weights are USD a day late, windows and durations are hours."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        instance = json.load(stream)
    sites = [site["name"] for site in instance["sites"]]
    pools = instance["pools"]
    names = [work["name"] for work in instance["workloads"]]
    jobs, options = [], []
    for work in instance["workloads"]:
        jobs.append(
            Job(
                id=work["name"],
                usd_if_unplaced=float(instance["unplaced_penalty"]),
                release_h=work["release_h"],
                due_h=work["due_h"],
                usd_per_hour_late=work["weight"] / 24,
                after=tuple(names[place] for place in work["predecessors"]),
            )
        )
        for number, option in enumerate(work["options"]):
            options.append(
                Option(
                    id=f"{work['name']}/{number}",
                    job=work["name"],
                    pool=str(option["pool"]),
                    site=sites[pools[option["pool"]]["site"]],
                    nodes=option["nodes"],
                    hours=option["duration_h"],
                    usd=float(option["cost"]),
                    windows_h=tuple((start, end) for start, end in option["legal_windows_h"]),
                )
            )
    return Problem(
        jobs=tuple(jobs),
        options=tuple(options),
        pools=tuple(
            PoolCapacity(str(place), sites[pool["site"]], ((0, instance["horizon_h"], pool["nodes"]),))
            for place, pool in enumerate(pools)
        ),
        horizon_h=instance["horizon_h"],
        delay_h={
            (one, other): instance["transfer_delay_h"][a][b]
            for a, one in enumerate(sites)
            for b, other in enumerate(sites)
        },
    )
