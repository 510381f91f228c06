"""The parts of a scheduling problem: jobs, the options that each may take, pools, limits of power, and a slot.

Times are whole hours from the start of the horizon, intervals are half-open ``[start, end)``, money is USD.
``plan.problem`` says how they hang together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

HourInterval = tuple[int, int]
SitePair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Job:
    """A job: what leaving it out and what each late hour costs, when it may start, what must end before it.

    ``delay_h`` says how long the result of this job takes from one site to another, where that differs from
    ``Problem.delay_h`` (the size of what is moved, or what the law lets move): it replaces the problem's table whole.
    """

    id: str
    usd_if_unplaced: float
    release_h: int = 0
    due_h: int | None = None
    usd_per_hour_late: float = 0.0
    after: tuple[str, ...] = ()
    delay_h: Mapping[SitePair, int] | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What an option occupies while it runs: nodes of a pool, and power at the site of the pool."""

    pool: str | None
    site: str
    nodes: int
    kw: float = 0.0

    @property
    def watts(self) -> int:
        """The power that counts against the site's limit: ``kw`` rounded up to whole watts."""
        return ceil(round(self.kw * 1000, 6))


@dataclass(frozen=True, slots=True)
class Option:
    """A way to run a job: ``nodes`` of a pool at a site for ``hours``, for ``usd`` in all, drawing ``kw`` of power.

    It may run only wholly inside one of ``windows_h`` (touching windows are not joined). A job that occupies no
    chips, such as a copy, has ``pool=None`` and ``nodes=0``; its site is where its result lies. In ``pauses_h``, which
    lie between its start and its end and count among its hours, it occupies nothing. What it occupies elsewhere at the
    same time stands in ``also``.
    """

    id: str
    job: str
    pool: str | None
    site: str
    nodes: int
    hours: int
    usd: float
    windows_h: tuple[HourInterval, ...]
    kw: float = 0.0
    pauses_h: tuple[HourInterval, ...] = ()
    also: tuple[Share, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    """How much it counts to which group, such as chip-hours to a country: see ``Problem.usd_per_peak``."""

    @property
    def watts(self) -> int:
        """The power at its own site that counts against the limit: ``kw`` rounded up to whole watts."""
        return ceil(round(self.kw * 1000, 6))

    @property
    def shares(self) -> tuple[Share, ...]:
        """All that it occupies while it runs."""
        return (Share(self.pool, self.site, self.nodes, self.kw), *self.also)

    @property
    def is_plain(self) -> bool:
        """Whether it occupies one pool from its start to its end."""
        return not self.pauses_h and not self.also

    def runs(self, start_h: int) -> tuple[HourInterval, ...]:
        """The hours in which it runs when it starts at that hour, pauses taken out."""
        if not self.pauses_h:
            return ((start_h, start_h + self.hours),)
        begins = (start_h, *(end for _, end in self.pauses_h))
        ends = (*(begin for begin, _ in self.pauses_h), start_h + self.hours)
        return tuple(zip(begins, ends, strict=True))

    def starts_within(self, open_h: Iterable[HourInterval]) -> list[HourInterval]:
        """The starts ``[first, last + 1)`` with which each of its runs lies within one span of the open hours."""
        spans = list(open_h)
        if not self.pauses_h:
            return [(begin, end - self.hours + 1) for begin, end in spans]
        first_end, last_until = self.pauses_h[0][0], self.pauses_h[-1][1]
        between = [(one[1], other[0]) for one, other in pairwise(self.pauses_h)]
        if not all(any(begin <= one and end <= until for begin, until in spans) for one, end in between):
            return []
        earliest = [begin for begin, until in spans if begin < first_end <= until]
        latest = [until - self.hours for begin, until in spans if begin <= last_until < until]
        if not earliest or not latest:
            return []
        return [(max(earliest[0], last_until - self.hours + 1), min(first_end - 1, latest[0]) + 1)]


@dataclass(frozen=True, slots=True)
class PoolCapacity:
    """How many nodes a pool has, as ``(start_h, end_h, nodes)`` intervals in order; outside them it has none."""

    id: str
    site: str
    nodes_by_interval: tuple[tuple[int, int, int], ...]

    @property
    def most_nodes(self) -> int:
        """The greatest number of nodes that the pool ever has."""
        return max((nodes for _, _, nodes in self.nodes_by_interval), default=0)

    def intervals_with(self, nodes: int) -> tuple[HourInterval, ...]:
        """The longest intervals during which the pool has at least that many nodes."""
        joined: list[HourInterval] = []
        for start, end, available in self.nodes_by_interval:
            if available < nodes:
                continue
            first = joined.pop()[0] if joined and joined[-1][1] == start else start
            joined.append((first, end))
        return tuple(joined)


@dataclass(frozen=True, slots=True)
class SitePower:
    """The power that the options running at a site may draw together, in kW."""

    site: str
    kw: float

    @property
    def watts(self) -> int:
        """The limit that counts: ``kw`` rounded down to whole watts."""
        return floor(round(self.kw * 1000, 6))


@dataclass(frozen=True, slots=True)
class Slot:
    """A job in its place: the option taken and the hour at which it starts."""

    job: str
    option: str
    start_h: int
