"""Reads a planning instance in its fixed form: sites, pools, workloads with options and legal windows, as JSON.

The form (``benchmarks/planning/instances/README.md``): hours are whole and count from the start of the horizon, pools
and predecessors are named by their places in the lists, ``weight`` is USD a day late, an option runs wholly inside one
of its ``legal_windows_h``. Every mistake is told in one line; nothing is guessed.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lexloci.model.errors import PlanError
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem

_MOST_HOURS, _MOST = 1_000_000, 1_000_000_000


def read_instance(path: Path) -> Problem:
    """The problem of an instance file, ``.json`` or ``.json.gz``; PlanError where it is none."""
    try:
        raw = path.read_bytes()
        text = gzip.decompress(raw) if path.suffix == ".gz" else raw
        instance = json.loads(text)
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror or error}; name an instance file") from None
    except (ValueError, EOFError, zlib.error, RecursionError) as error:
        raise PlanError(f"{path}: is no JSON ({error}); name an instance file") from None
    return problem_of(instance, str(path))


def problem_of(instance: Mapping[str, Any], name: str) -> Problem:
    """The problem of an instance that was read; PlanError, with ``name``, where a field is missing or wrong."""
    try:
        return _problem(instance)
    except PlanError as error:
        raise PlanError(f"{name}: {error}") from None
    except KeyError as error:
        raise PlanError(f"{name}: no field {error}; write it as the form of an instance asks") from None
    except (AttributeError, IndexError, OverflowError, TypeError, ValueError) as error:
        raise PlanError(f"{name}: a field has no meaning ({error}); write it as the form of an instance asks") from None


def _problem(instance: Mapping[str, Any]) -> Problem:
    sites = [str(site["name"]) for site in instance["sites"]]
    if len(set(sites)) < len(sites):
        raise ValueError("two sites of one name")
    pools = [(sites[_place(pool["site"], sites)], _whole(pool["nodes"])) for pool in instance["pools"]]
    names = [str(work["name"]) for work in instance["workloads"]]
    horizon_h = _whole(instance["horizon_h"])
    if horizon_h > _MOST_HOURS:
        raise ValueError(f"a horizon of {horizon_h} hours, more than {_MOST_HOURS}")
    jobs, options = [], []
    for work in instance["workloads"]:
        jobs.append(_job(work, names, float(instance["unplaced_penalty"])))
        options += [_option(work["name"], number, option, pools) for number, option in enumerate(work["options"])]
    return Problem(
        jobs=tuple(jobs),
        options=tuple(options),
        pools=tuple(
            PoolCapacity(str(place), site, ((0, horizon_h, nodes),) if horizon_h else ())
            for place, (site, nodes) in enumerate(pools)
        ),
        horizon_h=horizon_h,
        delay_h={
            (one, other): _whole(instance["transfer_delay_h"][a][b])
            for a, one in enumerate(sites)
            for b, other in enumerate(sites)
        },
    )


def _whole(figure: Any) -> int:
    """A whole number that can be counted with; a part of an hour or of a node is no guess to be made."""
    if isinstance(figure, bool) or not isinstance(figure, int | float) or figure != int(figure):
        raise ValueError(f"{figure!r} where a whole number belongs")
    if abs(figure) > _MOST:
        raise ValueError(f"{figure!r} is past what can be counted")
    return int(figure)


def _place(place: int, where: list[Any]) -> int:
    if not 0 <= place < len(where):
        raise ValueError(f"place {place} of {len(where)}")
    return place


def _job(work: Mapping[str, Any], names: list[str], unplaced_usd: float) -> Job:
    return Job(
        id=str(work["name"]),
        usd_if_unplaced=unplaced_usd,
        release_h=_whole(work["release_h"]),
        due_h=_whole(work["due_h"]),
        usd_per_hour_late=work["weight"] / 24,
        after=tuple(names[_place(place, names)] for place in work["predecessors"]),
    )


def _option(job: str, number: int, option: Mapping[str, Any], pools: list[tuple[str, int]]) -> Option:
    pool = _place(option["pool"], pools)
    return Option(
        id=f"{job}/{number}",
        job=job,
        pool=str(pool),
        site=pools[pool][0],
        nodes=_whole(option["nodes"]),
        hours=_whole(option["duration_h"]),
        usd=float(option["cost"]),
        windows_h=tuple((_whole(start), _whole(end)) for start, end in option["legal_windows_h"]),
    )
