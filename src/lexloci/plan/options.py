"""Where may each workload run, on how many chips, how long, at what price, in which lawful windows?

An option is a workload on a number of chips of one pool. Its windows are the stretches of days in
which the law lets the whole job, leg by leg, start and run: segments between two days of change whose
determination is placeable, joined where they touch. Under ``assume_granted`` a licence that is
required opens its segment too, no earlier than its lead time, and work on those days is conditional
on it; a licence for a supply that will be over before then opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, partial
from math import ceil

from lexloci.model.chip import Chip
from lexloci.model.determination import Determination, FindingStatus
from lexloci.model.estimate import Estimate
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool
from lexloci.model.workload import Workload
from lexloci.plan.judge import Judge
from lexloci.plan.paths import data_moves
from lexloci.plan.pool_prices import at_price, price_periods
from lexloci.plan.segments import Segment
from lexloci.rulebook.acts import placement_acts


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
    """What a pool answers to a workload: the segments of the law, its choices, and why it has none.

    ``answered`` are the segments in the words of any workload that asks the same; ``tell`` gives the determination for
    a start on a day in the workload's own.
    """

    pool: Pool
    answered: tuple[Segment, ...]
    choices: tuple[Choice, ...]
    why_not: str = ""
    tell: Callable[[date], Determination] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The segments, each with its determination in the workload's own words."""
        if self.tell is None:
            return self.answered
        return tuple(replace(one, tell=partial(self.tell, one.start)) for one in self.answered)

    @property
    def first_outcome(self) -> Outcome:
        """The outcome of the earliest start that is asked about."""
        return self.answered[0].outcome


@dataclass(frozen=True, slots=True)
class Opening:
    """What the law answers to all workloads that ask the same of a pool: segments, conditions, and lawful windows."""

    segments: tuple[Segment, ...]
    conditions: tuple[Conditions, ...]
    windows: tuple[tuple[date, date], ...]
    why_unlawful: str


def answer_of(judge: Judge, workload: Workload, pool: Pool, *, assume_granted: bool) -> PoolAnswer | None:
    """What the pool answers to the workload; None where it is not open to its party, or is gone before its time."""
    portfolio = judge.portfolio
    if workload.party not in (pool.users or (pool.holder,)):
        return None
    first = earliest_start(portfolio, workload, pool)
    last = min(last_day(portfolio, workload), pool.available_until or portfolio.horizon_until)
    if first >= last:
        return None
    opening = _opening(judge, workload, pool, first, last, assume_granted=assume_granted)
    segments, tell = opening.segments, partial(judge.placement, workload, pool)
    if not opening.windows:
        # Where the law forbids all, it is enough to know whether any share would do: the figures are not asked for.
        return PoolAnswer(pool, segments, (), judge.estimates.refusal(workload, pool) or opening.why_unlawful, tell)
    estimates = judge.estimates.of(workload, pool)
    feasible = [one for one in estimates if one.feasible]
    if not feasible:
        return PoolAnswer(pool, segments, (), estimates[0].reason, tell)
    moved = _moved_data(portfolio, workload, pool, judge.chip(pool))
    if isinstance(moved, str):
        return PoolAnswer(pool, segments, (), moved, tell)
    choices = tuple(
        choice
        for one in feasible
        for choice in _choices(workload, pool, one, moved, opening.windows, opening.conditions, first, last)
    )
    return PoolAnswer(pool, segments, choices, tell=tell)


def _opening(judge: Judge, workload: Workload, pool: Pool, first: date, last: date, *, assume_granted: bool) -> Opening:
    """What the law answers for starts in ``[first, last)``; worked out once for workloads that ask the same."""
    key = (judge.asking(workload), pool.id, first, last, assume_granted)
    found: Opening | None = judge.openings.get(key)
    if found is None:
        segments = judge.answered(workload, pool, first, last)
        conditions = _conditions(judge, workload, pool, segments) if assume_granted else ()
        windows = lawful_windows(after_filing(judge, workload, pool, segments), conditions)
        found = judge.openings[key] = Opening(segments, conditions, windows, why_unlawful(segments[0]))
    return found


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


def _moved_data(portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip) -> tuple[int, float] | str:
    """Hours and USD of bringing the datasets to the pool's site; why they cannot be brought."""
    hours, usd = 0, 0.0
    for dataset, moved in data_moves(portfolio, workload, pool, chip):
        if not moved.feasible:
            return f"{dataset.name} cannot be brought from {dataset.located_at}: {moved.reason}"
        hours += ceil(moved.duration_s.point / 3600)
        usd += moved.cost_usd.point
    return hours, usd
