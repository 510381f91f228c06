"""Where may weights come from, how long does the way take, and does the law let them go?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import ceil

from lexloci.law.legs import join_legs
from lexloci.model.determination import Determination
from lexloci.model.estimate import Estimate
from lexloci.model.site import Pool
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.plan.judge import Judge
from lexloci.plan.options import Choice, last_day, lawful_windows, why_unlawful
from lexloci.plan.paths import estimate_copy
from lexloci.plan.segments import Segment

_ARROW = ">"


def copy_place(departure: str, arrival: str) -> str:
    """The place of a copy in the scheduling problem: it can only follow work at its departure."""
    return f"{departure}{_ARROW}{arrival}"


def result_site(place: str) -> str:
    """The site where a result lies: that of a pool, or the arrival of a copy."""
    return place.rpartition(_ARROW)[2]


def copy_choices(judge: Judge, workload: Workload, pools: Sequence[Pool]) -> tuple[list[Choice], str]:
    """A choice for each site from which the copy may take its weights; and why none of them serves.

    ``pools`` are those at which its predecessor's result may lie.
    """
    portfolio = judge.portfolio
    first = max(portfolio.as_of, workload.release or portfolio.as_of)
    found: dict[str, Choice] = {}
    reasons: dict[str, None] = {}
    for pool in pools:
        if pool.site in found:
            continue
        moved = _estimate(judge, workload, pool)
        segments = copy_segments(judge, workload, pool, first, last_day(portfolio, workload))
        windows = lawful_windows(_after_filing(judge, segments))
        if not moved.feasible:
            reasons[f"{pool.site}: {moved.reason}"] = None
        elif not windows:
            reasons[f"{pool.site}: {why_unlawful(segments[0])}"] = None
        else:
            hours = max(1, ceil(moved.duration_s.point / 3600))
            found[pool.site] = Choice(workload, pool, moved, hours, moved.cost_usd.point, windows)
    why = "; ".join(reasons) or f"its predecessor {workload.after[0]} can end at no site with a pool"
    return list(found.values()), "" if found else why


def _after_filing(judge: Judge, segments: Sequence[Segment]) -> list[Segment]:
    """The segments, each from the day on which what must be filed ahead of a move in it can have been filed."""
    found = []
    for one in segments:
        filed = judge.question.as_of + timedelta(days=filing_days(one.alike))
        if filed < one.end:
            found.append(replace(one, start=max(one.start, filed)))
    return found


def filing_days(answer: Determination) -> int:
    """The days that what must be filed ahead of a move takes; 0 where nothing must, or a record shows it done."""
    return max((one.lead_time_days for one in answer.duties if not one.on_record), default=0)


def _estimate(judge: Judge, workload: Workload, pool: Pool) -> Estimate:
    volume = judge.portfolio.model_by_id[workload.model].weight_bytes
    return estimate_copy(judge.portfolio, workload, pool, judge.chip(pool), workload.to_site or pool.site, volume)


def copy_segments(judge: Judge, workload: Workload, pool: Pool, first: date, last: date) -> list[Segment]:
    """The law's answers for moving the weights from the pool's site to ``to_site``, each day of ``[first, last)``."""
    stretches = judge.stretches(first, last)
    return [Segment(day, end, copy_determination(judge, workload, pool, day)) for day, end in stretches]


def copy_determination(judge: Judge, workload: Workload, pool: Pool, on: date) -> Determination:
    """The law's answer for one day; within a country nothing is asked."""
    portfolio = judge.portfolio
    departure = portfolio.site_by_id[pool.site].country
    arrival = portfolio.site_by_id[workload.to_site or pool.site].country
    legs = [judge.weights_move(workload, pool, departure, arrival, on)] if departure != arrival else []
    subject = f"{workload.name} from {portfolio.site_by_id[pool.site].name}"
    return join_legs(f"{workload.id}@{pool.id}", subject, judge.question, legs, judge.rulebook.version)


def weights_delay_h(
    judge: Judge, before: Workload, after: Workload, here: str, place: str, *, earliest_end_h: int = 0
) -> int | None:
    """Hours until a successor at ``place`` can use what its predecessor left at ``here``; None: it never can.

    A copy follows only the site that it departs from. A successor on the same model needs the weights:
    the link's time, and a move that is placeable on every day of the horizon. Any other just waits. Where something
    must be filed ahead of the move, it waits for that as if the predecessor ended at ``earliest_end_h``, the first hour
    at which it can: a later end makes the wait longer than it need be, never shorter.
    """
    portfolio = judge.portfolio
    lies_at = result_site(here)
    if after.kind is WorkloadKind.COPY and after.after[0] == before.id:
        return 0 if place.partition(_ARROW)[0] == lies_at else None
    if after.model != before.model or after.kind is WorkloadKind.COPY or lies_at == place:
        return 0
    pool = next(pool for pool in portfolio.pools if pool.site in (lies_at, place))
    departure, arrival = portfolio.site_by_id[lies_at].country, portfolio.site_by_id[place].country
    filed = 0 if departure == arrival else filed_throughout(judge, after, pool, departure, arrival)
    if filed is None:
        return None
    volume = portfolio.model_by_id[after.model].weight_bytes
    moved = estimate_copy(portfolio, after, pool, judge.chip(pool), place, volume, departure=lies_at)
    waits_h = max(0, filed * 24 - earliest_end_h)
    return ceil(moved.duration_s.point / 3600) + waits_h if moved.feasible else None


def filed_throughout(judge: Judge, workload: Workload, pool: Pool, departure: str, arrival: str) -> int | None:
    """The longest that a filing ahead of a move of weights from one country to another takes, in days; 0: no filing.

    None where weights may not go on every day of the horizon.
    """
    portfolio, days = judge.portfolio, 0
    for day, _ in judge.stretches(portfolio.as_of, portfolio.horizon_until):
        answer = judge.weights_move(workload, pool, departure, arrival, day)
        if not answer.outcome.is_placeable:
            return None
        days = max(days, filing_days(answer))
    return days
