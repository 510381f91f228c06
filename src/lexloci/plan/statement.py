"""The scheduling problem of a portfolio: choices as options, pools as capacities, moves of weights as delays.

Hours count from the start of ``as_of``. A copy is an option for each pool from which its weights may
come, at a place of its own (``from>to``): its predecessor's delay says that it can only follow work
in that pool. Weights move to any other workload that uses the same model in the time that the link
needs, and only between countries where the move is placeable on every day of the horizon; the price
of such a move is not in the objective (docs/explanation/planning.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from lexloci.model.estimate import Estimate
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.perf.energy import load_factor
from lexloci.plan.copies import copy_choices, copy_place, weights_delay_h
from lexloci.plan.judge import Judge
from lexloci.plan.options import Choice, PoolAnswer
from lexloci.plan.pool_prices import quotes_of
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem, Share, SitePower
from lexloci.plan.quotes import Quote

TIMES_DEAREST = 10.0
"""Leaving a workload out costs this many times the dearest lawful option with its quotes, where no figure is stated."""
LEAST_UNPLACED_USD = 1_000_000.0
"""The same where the portfolio has no lawful option at all."""

SitePair = tuple[str, str]


@dataclass(frozen=True)
class Statement:
    """The problem, the choice behind each option, and the way back from hours to days."""

    judge: Judge
    problem: Problem
    choices: Mapping[str, Choice]
    copies_refused: Mapping[str, str]

    def day_of(self, hour: int) -> date:
        """The day in which an hour lies."""
        return self.judge.portfolio.as_of + timedelta(hours=hour)

    def last_day_of(self, hour: int) -> date:
        """The first day after work that ends at an hour; a begun day counts whole."""
        return self.judge.portfolio.as_of + timedelta(days=ceil(hour / 24))

    def brought_in_from(self, workload: Workload, here: str, taken: Mapping[str, Choice]) -> list[str]:
        """The other countries from which predecessors' weights come to a workload that runs in the country ``here``."""
        made = [taken[before] for before in workload.after if before in taken]
        sites = [one.workload.to_site or one.pool.site for one in made if one.workload.model == workload.model]
        countries = [self.judge.portfolio.site_by_id[site].country for site in sites]
        return [country for country in countries if country != here]

    def why_no_copy(self, workload: Workload) -> str:
        """Why a copy has no way."""
        return self.copies_refused.get(workload.id) or "no predecessor ends in time for it"


def state(judge: Judge, answers: Mapping[str, tuple[PoolAnswer, ...]]) -> Statement:
    """The problem for what the pools answered."""
    portfolio = judge.portfolio
    choices: dict[str, Choice] = {}
    options: list[Option] = []
    refused: dict[str, str] = {}
    for workload in portfolio.workloads:
        if workload.kind is WorkloadKind.COPY:
            found, reason = copy_choices(judge, workload, _departures(portfolio, workload, answers))
            refused[workload.id] = reason
        else:
            found = [choice for answer in answers[workload.id] for choice in answer.choices]
        for choice in found:
            option = _option(portfolio, choice)
            if option.windows_h:
                choices[option.id] = choice
                options.append(option)
    horizon_h, quotes = _hours(portfolio, portfolio.horizon_until), quotes_of(portfolio)
    unplaced_usd = max(LEAST_UNPLACED_USD, TIMES_DEAREST * _dearest_usd(options, quotes, horizon_h))
    jobs = tuple(_job(judge, workload, unplaced_usd, options) for workload in portfolio.workloads)
    problem = Problem(
        jobs=jobs,
        options=tuple(options),
        pools=tuple(_capacity(portfolio, pool) for pool in portfolio.pools),
        horizon_h=horizon_h,
        power=tuple(SitePower(site.id, site.power_mw * 1000) for site in portfolio.sites if site.power_mw),
        quotes=quotes,
    )
    return Statement(judge, problem, choices, refused)


def _dearest_usd(options: Sequence[Option], quotes: Sequence[Quote], horizon_h: int) -> float:
    """The price of the dearest option, with that of the dearest quote of each pool that it runs in."""
    quoted: dict[str | None, float] = {}
    for one in quotes:
        quoted[one.pool] = max(one.greatest_usd(horizon_h), quoted.get(one.pool, 0.0))
    prices = (option.usd + sum(quoted.get(share.pool, 0.0) for share in option.shares) for option in options)
    return max(prices, default=0.0)


def _hours(portfolio: Portfolio, day: date) -> int:
    return (day - portfolio.as_of).days * 24


def _departures(portfolio: Portfolio, copy: Workload, answers: Mapping[str, tuple[PoolAnswer, ...]]) -> list[Pool]:
    """The pools at which the weights may lie that a copy takes: where its predecessor may run, or copies them to."""
    before = portfolio.workload_by_id[copy.after[0]]
    if before.kind is WorkloadKind.COPY:
        return [pool for pool in portfolio.pools if pool.site == before.to_site]
    return [answer.pool for answer in answers[before.id] if answer.choices]


def _option(portfolio: Portfolio, choice: Choice) -> Option:
    workload, pool = choice.workload, choice.pool
    windows = tuple((_hours(portfolio, start), _hours(portfolio, end)) for start, end in choice.windows if start < end)
    step = ""
    if choice.starts is not None:
        first, after_last = (_hours(portfolio, day) for day in choice.starts)
        windows = tuple((max(start, first), min(end, after_last - 1 + choice.hours)) for start, end in windows)
        step = f"~{choice.starts[0]}"
    is_copy = workload.kind is WorkloadKind.COPY
    if choice.pauses:  # it runs before the first pause and after the last
        first = _hours(portfolio, choice.pauses[-1][1]) + 1 - choice.hours
        last = _hours(portfolio, choice.pauses[0][0]) - 1 + choice.hours
        windows = tuple((max(start, first), min(end, last)) for start, end in windows)
    windows = tuple((start, end) for start, end in windows if start < end)
    return Option(
        id=f"{workload.id}@{pool.id}" + ("" if is_copy else choice.words) + step,
        job=workload.id,
        pool=None if is_copy else pool.id,
        site=copy_place(pool.site, workload.to_site or "") if is_copy else pool.site,
        nodes=0 if is_copy else ceil(choice.share.chips / pool.chips_per_node),
        hours=choice.hours,
        usd=choice.usd,
        windows_h=windows,
        kw=0.0 if is_copy else _kw(choice.share),
        pauses_h=tuple((_hours(portfolio, start), _hours(portfolio, end)) for start, end in choice.pauses),
        also=tuple(_further(one) for one in choice.also),
        counts=() if is_copy else _chip_hours(portfolio, choice),
    )


def _chip_hours(portfolio: Portfolio, choice: Choice) -> tuple[tuple[str, int], ...]:
    """Chip-hours of a choice in each country, hours rounded up."""
    hours = ceil(choice.estimate.duration_s.point / 3600)
    found: dict[str, int] = {}
    for pool, chips in ((choice.pool, choice.share.chips), *((one.pool, one.estimate.chips) for one in choice.also)):
        country = portfolio.site_by_id[pool.site].country
        found[country] = found.get(country, 0) + chips * hours
    return tuple(found.items())


def _further(choice: Choice) -> Share:
    nodes = ceil(choice.estimate.chips / choice.pool.chips_per_node)
    return Share(choice.pool.id, choice.pool.site, nodes, _kw(choice.estimate))


def _kw(estimate: Estimate) -> float:
    """Power under full load: a site's limit holds at every hour, and the mean of a day with quiet hours is less."""
    hours_run = estimate.duration_s.point / 3600
    return estimate.energy_kwh.point / hours_run / load_factor(estimate.busy).point if hours_run else 0.0


def _job(judge: Judge, workload: Workload, unplaced_usd: float, options: Sequence[Option]) -> Job:
    portfolio = judge.portfolio
    return Job(
        id=workload.id,
        usd_if_unplaced=workload.usd_if_unplaced or unplaced_usd,
        release_h=max(0, _hours(portfolio, workload.release)) if workload.release else 0,
        due_h=max(0, _hours(portfolio, workload.deadline)) if workload.deadline else None,
        usd_per_hour_late=workload.usd_per_day_late / 24,
        after=workload.after,
        delay_h=_delays(judge, workload, options),
    )


def _delays(judge: Judge, workload: Workload, options: Sequence[Option]) -> dict[SitePair, int]:
    """Hours from where the workload's result may lie to where each successor may run; no entry: it cannot be moved.

    Where two successors ask for the same way, the slower counts, and a refusal by one counts for both.
    """
    portfolio = judge.portfolio
    found: dict[SitePair, int] = {}
    refused: set[SitePair] = set()
    ends: dict[str, int] = {}
    for option in options:
        if option.job == workload.id:
            ending = option.windows_h[0][0] + option.hours
            ends[option.site] = min(ending, ends.get(option.site, ending))
    for successor in portfolio.workloads:
        if workload.id not in successor.after:
            continue
        for place in dict.fromkeys(option.site for option in options if option.job == successor.id):
            for here, first_end in ends.items():
                hours = weights_delay_h(judge, workload, successor, here, place, earliest_end_h=first_end)
                if hours is None:
                    refused.add((here, place))
                else:
                    found[here, place] = max(hours, found.get((here, place), 0))
    return {pair: hours for pair, hours in found.items() if pair not in refused}


def _capacity(portfolio: Portfolio, pool: Pool) -> PoolCapacity:
    """Whole nodes of a pool from the day on which work may run on it to the day on which it is gone.

    A pool that is yet to be leased or bought has none: its quotes bring them.
    """
    if pool.quotes:  # which may not be closed
        return PoolCapacity(pool.id, pool.site, ())
    start = max(day for day in (portfolio.as_of, pool.available_from, pool.held_since) if day is not None)
    end = min(portfolio.horizon_until, pool.available_until or portfolio.horizon_until)
    nodes = pool.chips // pool.chips_per_node
    return PoolCapacity(
        pool.id,
        pool.site,
        tuple((_hours(portfolio, first), _hours(portfolio, last), nodes) for first, last in _open(pool, start, end)),
    )


def _open(pool: Pool, start: date, end: date) -> list[tuple[date, date]]:
    """The stretches of ``[start, end)`` on which the pool is not closed."""
    stretches = [(start, end)]
    for closed in pool.closed:
        stretches = [
            part
            for first, last in stretches
            for part in ((first, min(last, closed.since)), (max(first, closed.until), last))
        ]
    return [(first, last) for first, last in stretches if first < last]
