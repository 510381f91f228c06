"""May one pre-training run at two sites at once, how long does it take then, and what does it cost?

Both sites hold the whole model and exchange the change of their weights now and then (``perf.across``). The law of both
must let the work run, and let weights go both ways on every day of the horizon.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import ceil

from lexloci.model.determination import Determination
from lexloci.model.estimate import Estimate
from lexloci.model.workload import Workload
from lexloci.perf import Infeasible, JobSpec
from lexloci.perf.energy import resources
from lexloci.plan.copies import filed_throughout
from lexloci.plan.judge import Judge
from lexloci.plan.options import Choice, PoolAnswer
from lexloci.plan.paths import estimate_over_sites
from lexloci.plan.shares import job_spec


def with_splits(judge: Judge, workload: Workload, answers: Sequence[PoolAnswer]) -> tuple[PoolAnswer, ...]:
    """The answers of the pools, each with the choices in which it shares the job with another."""
    if not workload.may_split:
        return tuple(answers)
    found = []
    for answer in answers:
        more = (_split(judge, one, other, filed) for one, other, filed in _pairs(judge, answer, answers))
        found.append(replace(answer, choices=(*answer.choices, *(choice for choice in more if choice is not None))))
    return tuple(found)


def exchange_moves(judge: Judge, choice: Choice, days: Sequence[date]) -> list[Determination]:
    """The law's answers about the weights that the sites of a choice exchange, on those days."""
    countries = [judge.portfolio.site_by_id[one.pool.site].country for one in (choice, *choice.also)]
    ways = [(a, b) for a in countries for b in countries if a != b]
    return [judge.weights_move(choice.workload, choice.pool, a, b, day) for day in days for a, b in ways]


def _pairs(judge: Judge, answer: PoolAnswer, answers: Sequence[PoolAnswer]) -> Iterator[tuple[Choice, Choice, date]]:
    """The pool's choice of most chips with that of each pool at another site between which weights may go both ways.

    With the first day on which they may: what must be filed ahead of it can have been filed by then.
    """
    one = _largest(answer)
    for rival in answers:
        other = _largest(rival)
        if one is None or other is None or other.pool.site == one.pool.site:
            continue
        here, there = (judge.portfolio.site_by_id[end.pool.site].country for end in (one, other))
        both_ways = ((here, there), (there, here)) if here != there else ()
        filed = [filed_throughout(judge, one.workload, one.pool, a, b) for a, b in both_ways]
        days = [day for day in filed if day is not None]
        if len(days) == len(filed):
            yield one, other, judge.question.as_of + timedelta(days=max(days, default=0))


def _largest(answer: PoolAnswer) -> Choice | None:
    """The choice of most chips that neither pauses nor pays a price that steps."""
    plain = [one for one in answer.choices if one.starts is None and not one.pauses and not one.also]
    return max(plain, key=lambda one: one.estimate.chips, default=None)


def _split(judge: Judge, one: Choice, other: Choice, first: date) -> Choice | None:
    """The choice of both pools together from a day on; None where none is lawful in both, or they cannot train it."""
    both = ((max(a, c, first), min(b, d)) for a, b in one.windows for c, d in other.windows)
    windows = tuple((start, end) for start, end in both if start < end)
    specs = [_spec(judge, choice) for choice in (one, other)]
    whole = estimate_over_sites(judge.portfolio, specs) if windows else None
    if whole is None or not whole.feasible:
        return None
    parts = [_part(whole, spec) for spec in specs]
    brought_h = max(choice.hours - ceil(choice.estimate.duration_s.point / 3600) for choice in (one, other))
    brought_usd = sum(choice.usd - choice.estimate.cost_usd.point for choice in (one, other))
    return Choice(
        one.workload,
        one.pool,
        whole,
        max(1, ceil(whole.duration_s.point / 3600)) + max(0, brought_h),
        whole.cost_usd.point + brought_usd,
        windows,
        (*one.conditions, *other.conditions),
        own=parts[0],
        also=(replace(other, estimate=parts[1]),),
    )


def _spec(judge: Judge, choice: Choice) -> JobSpec:
    return job_spec(judge.portfolio, choice.workload, choice.pool, judge.chip(choice.pool), choice.estimate.chips)


def _part(whole: Estimate, spec: JobSpec) -> Estimate:
    """What the chips of one site use and cost while both train."""
    used = resources(spec, whole.duration_s, whole.busy)
    if isinstance(used, Infeasible):  # the estimate of both would have been refused
        raise TypeError(used.reason)
    return replace(
        whole,
        pool=spec.pool.id,
        chips=spec.chips,
        energy_kwh=used.energy_kwh,
        carbon_kg=used.carbon_kg,
        cost_usd=used.cost_usd,
    )
