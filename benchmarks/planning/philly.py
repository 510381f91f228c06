"""Instances with the arrivals of a real cluster: the greatest jobs of Microsoft's Philly trace, as training workloads.

From the trace come the submit time, the work (GPU time) and the organisation (virtual cluster) of each job;
``data/philly-top2000.csv.gz`` holds the 2,000 jobs with the most GPU time of 82,247 (85 % of all GPU time), CC-BY 4.0,
from github.com/msr-fiddle/philly-traces. Everything else is synthetic under a fixed seed: sites, pools and ways are
those of the fixed instances; work is scaled so that the load of all pools is about 0.7 at their speeds; each
organisation has a class of data, which says where its jobs may run and when; within an organisation some jobs follow
the one before.
"""

from __future__ import annotations

import csv
import gzip
import json
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

Window = tuple[int, int]

HERE = Path(__file__).parent
TABLE = HERE / "data" / "philly-top2000.csv.gz"
LIKE = HERE / "instances" / "w20-seed0.json.gz"

LOAD = 0.7
HORIZON_SHARE = 0.8  # of the horizon, over which the 110 days of arrivals are spread
FOLLOWS = 0.35  # odds that a job follows the one before of its organisation
SPEED = {"A100": 0.5, "A800": 0.5, "H100": 1.0, "H200": 1.1, "H20": 0.3, "B200": 2.2, "910B": 0.35, "910C": 0.7}
"""Work of a node in an hour, an H100's being 1: round figures for an instance, not estimates."""
USD_PER_NODE_HOUR = {
    "A100": 0.6,
    "A800": 0.5,
    "H100": 1.0,
    "H200": 1.15,
    "H20": 0.4,
    "B200": 2.0,
    "910B": 0.3,
    "910C": 0.55,
}
"""Price of a node for an hour, an H100's being 1; relative, as the costs of the fixed instances are."""
CLASSES = {
    "public": ("MY", "SG", "ID", "SA", "AE", "CN", "DE", "JP"),
    "cn-private": ("CN",),
    "sea-customer": ("MY", "SG", "ID"),
}
SPLIT_AT = 0.55  # of the horizon: from here to SPLIT_UNTIL offshore pools are closed to jobs of some organisations
SPLIT_UNTIL = 0.65


def philly_instance(workloads: int, seed: int = 0) -> dict[str, Any]:
    """An instance in the fixed form of the so many greatest jobs of the trace."""
    random = Random(seed)
    with gzip.open(LIKE, "rt", encoding="utf-8") as file:
        like = json.load(file)
    rows = sorted(_rows()[:workloads], key=lambda row: (row["timestamp"], row["gpu_time"]))
    horizon = like["horizon_h"]
    sites, pools = like["sites"], like["pools"]
    first = min(row["timestamp"] for row in rows)
    span_s = max((row["timestamp"] - first).total_seconds() for row in rows) or 1.0
    speed = sum(pool["nodes"] * SPEED[pool["chip"]] for pool in pools)
    scale = LOAD * HORIZON_SHARE * horizon * speed / sum(row["gpu_time"] for row in rows)
    organisations = sorted({row["cluster"] for row in rows})
    classes = {one: random.choice(["public", "public", "cn-private", "sea-customer"]) for one in organisations}
    gap = (int(SPLIT_AT * horizon), int(SPLIT_UNTIL * horizon))
    closed = {one: gap for one in organisations if random.random() < 0.3}
    last_of: dict[str, int] = {}
    works: list[dict[str, Any]] = []
    for row in rows:
        organisation = row["cluster"]
        release = int((row["timestamp"] - first).total_seconds() / span_s * HORIZON_SHARE * horizon)
        before = [last_of[organisation]] if organisation in last_of and random.random() < FOLLOWS else []
        work = row["gpu_time"] * scale
        options = _options(sites, pools, classes[organisation], closed.get(organisation), work, horizon)
        if not options:
            continue
        shortest = min(option["duration_h"] for option in options)
        last_of[organisation] = len(works)
        works.append(
            {
                "name": f"p{len(works)}",
                "data_class": classes[organisation],
                "release_h": release,
                "due_h": release + int(shortest * random.uniform(1.5, 4.0)) + 24,
                "weight": random.choice([1, 2, 5, 10]),
                "predecessors": before,
                "options": options,
            }
        )
    dearest = max(option["cost"] for work in works for option in work["options"])
    return {**like, "unplaced_penalty": 2 * dearest, "workloads": works}


def _options(
    sites: list[dict[str, Any]],
    pools: list[dict[str, Any]],
    data_class: str,
    closed: Window | None,
    work: float,
    horizon: int,
) -> list[dict[str, Any]]:
    found = []
    for place, pool in enumerate(pools):
        site = sites[pool["site"]]
        if site["jurisdiction"] not in CLASSES[data_class]:
            continue
        end = min(horizon, (site["lease_end_day"] or horizon) * 24)
        windows = [[0, end]]
        if closed is not None and site["jurisdiction"] != "CN":
            windows = [[0, closed[0]], [closed[1], end]]
        for nodes in (pool["nodes"], pool["nodes"] // 2, pool["nodes"] // 4, pool["nodes"] // 8):
            hours = max(1, round(work / (nodes * SPEED[pool["chip"]])))
            fitting = [window for window in windows if window[1] - window[0] >= hours]
            if nodes and fitting and hours <= horizon // 3:
                cost = round(nodes * hours * USD_PER_NODE_HOUR[pool["chip"]], 2)
                found.append(
                    {"pool": place, "nodes": nodes, "duration_h": hours, "cost": cost, "legal_windows_h": fitting}
                )
    return found


def _rows() -> list[dict[str, Any]]:
    with gzip.open(TABLE, "rt", encoding="utf-8", newline="") as file:
        return [
            {
                "timestamp": datetime.fromisoformat(row["timestamp"]),
                "gpu_time": float(row["gpu_time"]),
                "cluster": row["cluster"],
            }
            for row in csv.DictReader(file)
        ]
