"""An instance of some 5,000 workloads: the fixed ones of 500 and 2,000 side by side, each with its sites and pools.

It is there to measure the memory that a large instance takes; its bound is the sum of theirs.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

INSTANCES = Path(__file__).parent / "instances"
PARTS = ("w2000-seed0", "w2000-seed1", "w500-seed0", "w500-seed1")


def together() -> dict[str, Any]:
    """The instance, in the form of the others; sites of different parts are a horizon apart."""
    parts = [json.loads(gzip.decompress((INSTANCES / f"{name}.json.gz").read_bytes())) for name in PARTS]
    horizon_h = max(part["horizon_h"] for part in parts)
    made: dict[str, Any] = {
        "horizon_h": horizon_h,
        "unplaced_penalty": max(part["unplaced_penalty"] for part in parts),
        "sites": [],
        "pools": [],
        "workloads": [],
    }
    blocks = []
    for name, part in zip(PARTS, parts, strict=True):
        sites, pools, workloads = (len(made[kind]) for kind in ("sites", "pools", "workloads"))
        made["sites"] += [site | {"name": f"{name}/{site['name']}"} for site in part["sites"]]
        made["pools"] += [pool | {"site": pool["site"] + sites} for pool in part["pools"]]
        made["workloads"] += [_moved(work, name, pools, workloads) for work in part["workloads"]]
        blocks.append((sites, part["transfer_delay_h"]))
    apart = [[horizon_h] * len(made["sites"]) for _ in made["sites"]]
    for first, block in blocks:
        for row, delays in enumerate(block):
            apart[first + row][first : first + len(delays)] = delays
    return made | {"transfer_delay_h": apart}


def _moved(work: dict[str, Any], name: str, pools: int, workloads: int) -> dict[str, Any]:
    """A workload of a part, its pools and predecessors counted among those of all parts."""
    return work | {
        "name": f"{name}/{work['name']}",
        "predecessors": [place + workloads for place in work["predecessors"]],
        "options": [option | {"pool": option["pool"] + pools} for option in work["options"]],
    }
