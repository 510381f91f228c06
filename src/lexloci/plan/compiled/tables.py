"""Lays a grid out as arrays that compiled loops read: all options of all jobs one after another; trees likewise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lexloci.plan.chains import Branch
from lexloci.plan.grid import Grid

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Tables(NamedTuple):
    """All options and jobs as arrays; the options of job ``j`` are ``options[j] : options[j + 1]``.

    ``local_site`` counts the sites of a job's own options; starts of option ``o`` lie in ``[low[o], high[o])`` outside
    of the rows ``gap[o] : gap[o + 1]`` of ``gaps``; ``uses`` and ``amounts`` have two columns, resource -1 is none.
    ``delay`` holds a small table for each tie between two jobs: own site of the predecessor by own site of the
    successor, -1 where there is no way; a tie is named by the place where its table begins.
    """

    horizon: int
    options: Ints
    sites: Ints
    out_usd: Floats
    due: Ints
    rate: Floats
    local_site: Ints
    hours: Ints
    usd: Floats
    low: Ints
    high: Ints
    gap: Ints
    gaps: Ints
    uses: Ints
    amounts: Ints
    delay: Ints


class Trees(NamedTuple):
    """Trees one after another, each from its leaves to its root.

    Tree ``n`` is ``begin[n] : begin[n + 1]`` of the other arrays: its jobs, the place in the tree of the job above
    each (-1: the root), whether it is before that one (1) or after it (0), and the tie between them.
    """

    begin: Ints
    job: Ints
    above: Ints
    is_before: Ints
    tie: Ints


class Outside(NamedTuple):
    """The ties of each job with jobs of other trees: rows ``begin[j] : begin[j + 1]`` of (other, is it before, tie)."""

    begin: Ints
    ties: Ints


class Starts(NamedTuple):
    """The starts that a walk looks at, by option: ``low`` up to before ``high``; jobs that ``must`` not be left out."""

    low: Ints
    high: Ints
    must: Ints


class Plan(NamedTuple):
    """By job: the option that it takes (-1: it is left out) and its start."""

    option: Ints
    start_h: Ints


def no_plan(jobs: int) -> Plan:
    """A plan that leaves out everything."""
    return Plan(np.full(jobs, -1, dtype=np.int64), np.zeros(jobs, dtype=np.int64))


Ties = dict[tuple[int, int], int]


def tables(grid: Grid) -> tuple[Tables, Ties]:
    """The arrays of a grid, and where the table of each tie (predecessor, successor) begins."""
    options = [option for job in grid.jobs for option in job.options]
    own = [list(dict.fromkeys(option.site for option in job.options)) for job in grid.jobs]
    uses = np.full((len(options), 2), -1, dtype=np.int64)
    amounts = np.zeros((len(options), 2), dtype=np.int64)
    for place, option in enumerate(options):
        for column, (resource, amount) in enumerate(option.uses):
            uses[place, column], amounts[place, column] = resource, amount
    ties: Ties = {}
    delay: list[int] = []
    for job in grid.jobs:
        for after in job.after:
            ties[job.place, after] = len(delay)
            ways = (grid.delay_h(job.place, site, other) for site in own[job.place] for other in own[after])
            delay += [-1 if way is None else way for way in ways]
    made = Tables(
        horizon=grid.horizon_h,
        options=_begins(len(job.options) for job in grid.jobs),
        sites=_ints(len(sites) for sites in own),
        out_usd=np.array([job.out_usd for job in grid.jobs], dtype=np.float64),
        due=_ints(job.due_h for job in grid.jobs),
        rate=np.array([job.usd_per_hour_late for job in grid.jobs], dtype=np.float64),
        local_site=_ints(own[option.job].index(option.site) for option in options),
        hours=_ints(option.hours for option in options),
        usd=np.array([option.usd for option in options], dtype=np.float64),
        low=_ints(option.first for option in options),
        high=_ints(option.after_last for option in options),
        gap=_begins(len(option.gaps) for option in options),
        gaps=np.array([gap for option in options for gap in option.gaps], dtype=np.int64).reshape(-1, 2),
        uses=uses,
        amounts=amounts,
        delay=_ints(delay),
    )
    return made, ties


def trees(forest: Sequence[Sequence[Branch]], ties: Ties) -> Trees:
    """The arrays of several trees."""
    branches = [branch for tree in forest for branch in tree]
    place_in_tree = [{branch.job: place for place, branch in enumerate(tree)} for tree in forest]
    above = [
        -1 if branch.above is None else places[branch.above]
        for tree, places in zip(forest, place_in_tree, strict=True)
        for branch in tree
    ]
    return Trees(
        begin=_begins(len(tree) for tree in forest),
        job=_ints(branch.job for branch in branches),
        above=_ints(above),
        is_before=_ints(int(branch.is_before) for branch in branches),
        tie=_ints(
            -1
            if branch.above is None
            else ties[(branch.job, branch.above) if branch.is_before else (branch.above, branch.job)]
            for branch in branches
        ),
    )


def outside(grid: Grid, forest: Sequence[Sequence[Branch]], ties: Ties) -> Outside:
    """The ties that no tree holds, at both of their jobs."""
    inside = {(branch.job, branch.above) for tree in forest for branch in tree}
    rows = [
        [
            *((other, 1, ties[other, job.place]) for other in job.before),
            *((other, 0, ties[job.place, other]) for other in job.after),
        ]
        for job in grid.jobs
    ]
    free = [
        [row for row in ties_of if (job, row[0]) not in inside and (row[0], job) not in inside]
        for job, ties_of in enumerate(rows)
    ]
    flat = [row for ties_of in free for row in ties_of]
    return Outside(_begins(len(ties_of) for ties_of in free), np.array(flat, dtype=np.int64).reshape(-1, 3))


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _begins(sizes: Iterable[int]) -> Ints:
    return np.array([0, *np.cumsum(list(sizes), dtype=np.int64)], dtype=np.int64)
