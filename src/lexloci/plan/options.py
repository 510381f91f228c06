"""Where may each workload run, on how many chips, how long, at what price, in which lawful windows?

An option is a workload on a number of chips of one pool. Its windows are the stretches of days in
which the law lets the whole job, leg by leg, start and run: segments between two days of change whose
determination is placeable, joined where they touch. Under ``assume_granted`` a licence that is
required opens its segment too, no earlier than its lead time, and work on those days is conditional
on it; a licence for a supply that will be over before then opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from lexloci.model.chip import Chip
from lexloci.model.determination import FindingStatus
from lexloci.model.estimate import Estimate, Range
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool, Site
from lexloci.model.workload import Demand, Workload, WorkloadKind
from lexloci.perf import ChipsNeeded, Infeasible, JobSpec, chips_needed, estimate
from lexloci.perf.calibration import kept_calibrations
from lexloci.perf.latency import round_trip_ms
from lexloci.plan.electricity import grid_of, with_grid
from lexloci.plan.judge import Judge
from lexloci.plan.paths import data_moves
from lexloci.plan.pool_prices import at_price, price_periods
from lexloci.plan.segments import Segment
from lexloci.rulebook.acts import placement_acts

SHARES = (1.0, 0.75, 0.5, 0.375, 0.25, 0.125, 0.0625)
"""Shares of a pool that a training job may take; a service takes what its demand needs."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """The licences, assumed granted, that open the days ``[start, end)``."""

    start: date
    end: date
    licences: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """A workload on a number of chips of one pool: estimate, price, hours and lawful windows of starts and ends."""

    workload: Workload
    pool: Pool
    estimate: Estimate
    hours: int
    usd: float
    windows: tuple[tuple[date, date], ...]
    conditions: tuple[Conditions, ...] = ()
    starts: tuple[date, date] | None = None
    """Days of start for which the price holds, ``[first, after last)``; None: every day."""
    pauses: tuple[tuple[date, date], ...] = ()
    """Days between its start and its end on which it does not run; ``hours`` count them."""
    own: Estimate | None = None
    """The part of the estimate that is for the chips of its own pool, where ``also`` names more; None: all of it."""
    also: tuple[Choice, ...] = ()
    """What it takes of further pools at the same time."""

    @property
    def share(self) -> Estimate:
        """The estimate of the chips in its own pool."""
        return self.own or self.estimate

    @property
    def words(self) -> str:
        """Its chips, pool by pool, and its pauses, as they tell choices of one pool apart."""
        more = "".join(f"+{one.pool.id}x{one.estimate.chips}" for one in self.also)
        paused = f"|{self.pauses[0][0]}|{self.pauses[-1][1]}" if self.pauses else ""
        return f"x{self.share.chips}{more}{paused}"

    def conditional_on(self, start: date, end: date) -> tuple[str, ...]:
        """The licences on which work on the days ``[start, end)`` is conditional; empty where it needs none."""
        met = (one for one in self.conditions if one.start < end and start < one.end)
        return tuple(dict.fromkeys(licence for one in met for licence in one.licences))


@dataclass(frozen=True)
class PoolAnswer:
    """What a pool answers to a workload: the segments of the law, its choices, and why it has none."""

    pool: Pool
    segments: tuple[Segment, ...]
    choices: tuple[Choice, ...]
    why_not: str = ""

    @property
    def first_outcome(self) -> Outcome:
        """The outcome of the earliest start that is asked about."""
        return self.segments[0].outcome


Estimated = Callable[[Workload, Pool], list[Estimate]]
"""The estimates of a workload on the shares of a pool: for who keeps them for several plans."""


def answer_of(
    judge: Judge, workload: Workload, pool: Pool, *, assume_granted: bool, estimated: Estimated | None = None
) -> PoolAnswer | None:
    """What the pool answers to the workload; None where it is not open to its party, or is gone before its time.

    ``estimated`` gives the estimates; not given: ``estimates_of``.
    """
    portfolio = judge.portfolio
    if workload.party not in (pool.users or (pool.holder,)):
        return None
    first = earliest_start(portfolio, workload, pool)
    last = min(last_day(portfolio, workload), pool.available_until or portfolio.horizon_until)
    if first >= last:
        return None
    segments = tuple(judge.segments(workload, pool, first, last))
    conditions = _conditions(judge, workload, pool, segments) if assume_granted else ()
    windows = lawful_windows(after_filing(judge, workload, pool, segments), conditions)
    if estimated:
        estimates = estimated(workload, pool)
    else:
        # Where the law forbids all, it is enough to know whether any share would do: the figures are not asked for.
        estimates = estimates_of(portfolio, workload, pool, judge.chip(pool), enough=not windows)
    feasible = [one for one in estimates if one.feasible]
    if not feasible:
        return PoolAnswer(pool, segments, (), estimates[0].reason)
    if not windows:
        return PoolAnswer(pool, segments, (), why_unlawful(segments[0]))
    moved = _moved_data(portfolio, workload, pool, judge.chip(pool))
    if isinstance(moved, str):
        return PoolAnswer(pool, segments, (), moved)
    choices = tuple(
        choice for one in feasible for choice in _choices(workload, pool, one, moved, windows, conditions, first, last)
    )
    return PoolAnswer(pool, segments, choices)


def _choices(
    workload: Workload,
    pool: Pool,
    found: Estimate,
    moved: tuple[int, float],
    windows: tuple[tuple[date, date], ...],
    conditions: tuple[Conditions, ...],
    first: date,
    last: date,
) -> Iterator[Choice]:
    """One choice, or one for each price that holds for starts in ``[first, last)``."""
    extra_h, extra_usd = moved
    hours = max(1, ceil(found.duration_s.point / 3600) + extra_h)
    for period in price_periods(pool, found.chips, first, last):
        priced = at_price(found, pool, period.usd_per_chip_hour)
        starts = (period.start, period.end) if pool.price_steps else None
        yield Choice(workload, pool, priced, hours, priced.cost_usd.point + extra_usd, windows, conditions, starts)


def earliest_start(portfolio: Portfolio, workload: Workload, pool: Pool) -> date:
    """The first day on which the workload could start in the pool: made, released, and with its chips in hand."""
    leased_since = pool.leased_since if workload.party != pool.holder else None
    days = (portfolio.as_of, workload.release, pool.available_from, pool.held_since, leased_since)
    return max(day for day in days if day is not None)


def last_day(portfolio: Portfolio, workload: Workload) -> date:
    """The first day on which the workload may no longer run."""
    return min(portfolio.horizon_until, workload.must_end or portfolio.horizon_until)


def lawful_windows(segments: Sequence[Segment], conditions: Sequence[Conditions] = ()) -> tuple[tuple[date, date], ...]:
    """The stretches of placeable segments, and of those that licences open, joined where they touch."""
    stretches = [(one.start, one.end) for one in segments if one.outcome.is_placeable]
    return _joined(sorted([*stretches, *((one.start, one.end) for one in conditions)]))


def after_filing(judge: Judge, workload: Workload, pool: Pool, segments: Sequence[Segment]) -> list[Segment]:
    """The segments, each from the day on which what must be filed ahead of a start in it can have been filed.

    A filing of which a record stands is done; one ahead of a supply that is over holds up no work. One that would come
    after the day of a supply, which does not wait for it, opens nothing.
    """
    found = []
    for segment in segments:
        days = _filing_days(judge, workload, pool, segment) if segment.outcome.is_placeable else 0
        if days is None:
            continue
        start = max(segment.start, judge.question.as_of + timedelta(days=days))
        if start < segment.end:
            found.append(replace(segment, start=start) if days else segment)
    return found


def _filing_days(judge: Judge, workload: Workload, pool: Pool, segment: Segment) -> int | None:
    """The days from ``as_of`` that what must be filed ahead in a segment takes; None where a supply is before its end.

    0 where nothing must be filed.
    """
    ahead = [one for one in segment.alike.duties if one.lead_time_days and not one.on_record]
    if not ahead:
        return 0
    as_of, day = judge.question.as_of, timedelta(days=1)
    now, later = (placement_acts(judge.placing(workload, pool), on) for on in (segment.start, segment.start + day))
    pairs = zip(now, later, strict=True)
    supplied = {one.leg: one.on for one, other in pairs if one.kind.is_supply and one.on == other.on}
    still_open = [one for one in ahead if supplied.get(one.leg, as_of) >= as_of]
    if any(supplied.get(one.leg, date.max) < as_of + one.lead_time_days * day for one in still_open):
        return None
    return max((one.lead_time_days for one in still_open), default=0)


def _conditions(judge: Judge, workload: Workload, pool: Pool, segments: Sequence[Segment]) -> tuple[Conditions, ...]:
    """The days that licences would open: of each segment, from the longest lead time of its licences and filings on."""
    found: list[Conditions] = []
    for segment in segments:
        licences = _licences(judge, workload, pool, segment)
        filing_days = _filing_days(judge, workload, pool, segment)
        if not licences or filing_days is None:
            continue
        longest = max(filing_days, *(lead_days for _, lead_days in licences))
        if longest < (segment.end - judge.question.as_of).days:
            start = max(segment.start, judge.question.as_of + timedelta(days=longest))
            found.append(Conditions(start, segment.end, tuple(text for text, _ in licences)))
    return tuple(found)


def _joined(stretches: Sequence[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    joined: list[tuple[date, date]] = []
    for start, end in stretches:
        if start >= end:
            continue
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _licences(judge: Judge, workload: Workload, pool: Pool, segment: Segment) -> list[tuple[str, int]]:
    """The licences that would open a segment, each with its lead time in days.

    None at all where no licence would, where the rulebook knows no lead time of one of them, and where one
    is for a supply that will be over before it can be granted.
    """
    determination = segment.alike
    if not determination.outcome.is_licence:
        return []
    required = [
        finding
        for finding in determination.findings
        if finding.status is FindingStatus.FIRED and finding.outcome.is_licence
    ]
    acts = placement_acts(judge.placing(workload, pool), segment.start)
    supplies = {act.leg for act in acts if act.kind.is_supply}
    licences: list[tuple[str, int]] = []
    for finding in required:
        lead_days = judge.rulebook.rule(finding.rule).lead_time_days
        days_left = (finding.on - judge.question.as_of).days
        if lead_days <= 0 or (finding.leg in supplies and days_left < lead_days):
            return []
        licences.append((f"{finding.title} ({finding.citation.text})", lead_days))
    return licences


def why_unlawful(segment: Segment) -> str:
    """In a line, why the law does not let a job start in a segment."""
    determination = segment.alike
    if determination.outcome.is_placeable:
        return "what must be filed ahead of a start takes longer than its days last"
    if determination.outcome is Outcome.HUMAN_REVIEW:
        names = ", ".join(dict.fromkeys(missing.name for missing in determination.missing))
        return f"human review: {names}"
    for finding in determination.findings:
        if finding.status is FindingStatus.FIRED and finding.outcome is determination.outcome:
            return f"{finding.outcome.value}: {finding.title} ({finding.citation.text}): {finding.reason}"
    return str(determination.outcome.value)


def job_spec(portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip, chips: int) -> JobSpec:
    """The question to ``perf``: the workload on so many chips, with the grid and the network of the site."""
    site = portfolio.site_by_id[pool.site]
    trip_ms, by_distance = _round_trip(portfolio, workload.demand, site)
    tariff, carbon = grid_of(site)  # what is unknown is refused or warned of by estimates_of
    return JobSpec(
        workload=workload,
        model=portfolio.model_by_id[workload.model],
        chip=chip,
        pool=replace(pool, usd_per_chip_hour=0.0) if pool.quotes else pool,  # a quote is paid whatever runs
        site=site,
        chips=chips,
        electricity_usd_per_kwh=tariff or 0.0,
        carbon_g_per_kwh=carbon or 0.0,
        round_trip_ms=trip_ms,
        round_trip_estimated=by_distance,
        calibrations=kept_calibrations(portfolio.calibration) if portfolio.calibration else (),
    )


def _round_trip(portfolio: Portfolio, demand: Demand | None, site: Site) -> tuple[float | None, Range | None]:
    """Round trip in ms from the users to a site: as stated, else the high end of what their distance says."""
    if demand is None:
        return None, None
    link = portfolio.link(demand.region, site.id)
    if link is not None and link.round_trip_ms is not None:
        return link.round_trip_ms, None
    if demand.latitude is None or demand.longitude is None or site.latitude is None or site.longitude is None:
        return None, None
    trip = round_trip_ms((demand.latitude, demand.longitude), (site.latitude, site.longitude))
    return trip.high, trip


def estimates_of(
    portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip, *, enough: bool = False
) -> list[Estimate]:
    """Estimates of the workload on the shares of the pool worth having; one infeasible one where nothing fits.

    ``enough``: the first that is feasible is enough, for who asks whether any is.
    """
    needed = chips_needed(job_spec(portfolio, workload, pool, chip, pool.chips))
    if isinstance(needed, Infeasible):
        refused = estimate(job_spec(portfolio, workload, pool, chip, pool.chips))
        return [replace(refused, feasible=False, reason=needed.reason)]
    sizes = _sizes(workload, pool, needed)
    site = portfolio.site_by_id[pool.site]
    found: list[Estimate] = []
    for size in sizes:
        found.append(with_grid(estimate(job_spec(portfolio, workload, pool, chip, size)), pool, site))
        if enough and found[-1].feasible:
            break
    return sorted(found, key=lambda one: (not one.feasible, one.chips))


def _sizes(workload: Workload, pool: Pool, needed: ChipsNeeded) -> list[int]:
    """Numbers of chips in whole nodes: what a service needs; for training, shares of the pool that hold the model."""
    if workload.kind is WorkloadKind.SERVE:
        return [needed.chips]
    node = pool.chips_per_node
    most = min(pool.chips, workload.max_chips or pool.chips) // node * node
    sizes = {max(needed.chips, int(most * share) // node * node) for share in SHARES}
    return sorted(size for size in sizes if size <= most) or [needed.chips]


def _moved_data(portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip) -> tuple[int, float] | str:
    """Hours and USD of bringing the datasets to the pool's site; why they cannot be brought."""
    hours, usd = 0, 0.0
    for dataset, moved in data_moves(portfolio, workload, pool, chip):
        if not moved.feasible:
            return f"{dataset.name} cannot be brought from {dataset.located_at}: {moved.reason}"
        hours += ceil(moved.duration_s.point / 3600)
        usd += moved.cost_usd.point
    return hours, usd
