"""Leases and purchases in a plan that is mended: what binds from which day on, and what can still be had.

A lease is signed as many days before its begin as its quote says (``lead_days``), a purchase on the first day. Until
then it is an intention, which costs nothing to drop. From then on it is *held*: paid for its minimum term and for as
long as it lasts, whether its chips work or not; it may go on as long as it is needed, and ends no earlier than the day
on which that is decided. A lease that is not signed yet can be signed on any later day on which its quote still stands,
at the price of that quote; a purchase cannot, since the law is asked about its delivery on one day alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

from lexloci.model.errors import PlanError
from lexloci.model.portfolio import Portfolio
from lexloci.plan.parts import PoolCapacity
from lexloci.plan.pool_prices import DAY_H
from lexloci.plan.problem import Option, Problem
from lexloci.plan.quotes import Quote, Taken, cheapest, with_taken
from lexloci.scenario.world import PriceMove

_GOES_ON = "~"
_NUMBERED = re.compile(r".*#\d+")


@dataclass(frozen=True, slots=True)
class Held:
    """A quote that binds, with the hours ``[start_h, end_h)`` for which it is had, and the lead time (hours) it had."""

    quote: Quote
    start_h: int
    end_h: int
    lead_h: int

    @property
    def usd(self) -> float:
        """What it costs in all."""
        return self.quote.usd + self.quote.usd_per_hour * (self.end_h - self.start_h)


Holdings = Mapping[str, Held]
"""What is held, by pool."""


def lead_hours(portfolio: Portfolio) -> dict[str, int]:
    """The lead time of each quote in hours, by its id."""
    return {
        f"{pool.id}#{number}": offer.lead_days * DAY_H
        for pool in portfolio.pools
        for number, offer in enumerate(pool.quotes, 1)
    }


def signed(problem: Problem, taken: Iterable[Taken], held: Holdings, leads: Mapping[str, int], hour: int) -> Holdings:
    """What is held at an hour by who follows until then a plan in which these quotes of the problem are taken."""
    quotes = {quote.id: quote for quote in problem.quotes}
    found = dict(held)
    for one in taken:
        quote = quotes[one.quote]
        lead_h = leads[base_name(quote.id)]
        ordered_h = 0 if is_purchase(quote) else one.start_h - lead_h
        if quote.pool not in held and ordered_h < hour:
            found[quote.pool] = Held(quote, one.start_h, one.end_h, lead_h)
    return found


def settled(problem: Problem, taken: Iterable[Taken], held: Holdings, hour: int) -> Holdings:
    """What is held, until it is needed no longer by a plan of an hour in which these quotes are taken."""
    pools = {quote.id: quote.pool for quote in problem.quotes}
    needed = {pools[one.quote]: one.end_h for one in taken}
    return {pool: replace(one, end_h=needed.get(pool, _least_end_h(one, hour))) for pool, one in held.items()}


def delayed(held: Holdings, leads: Mapping[str, int], hour: int) -> Holdings:
    """What is held where chips that are not there yet come as much later as their lead time has grown."""
    found = {}
    for pool, one in held.items():
        late_h = leads.get(base_name(one.quote.id), one.lead_h) - one.lead_h
        is_late = late_h != 0 and one.start_h >= hour
        found[pool] = (
            replace(one, start_h=one.start_h + late_h, end_h=one.end_h + late_h, lead_h=one.lead_h + late_h)
            if is_late
            else one
        )
    return found


def from_then_on(problem: Problem, held: Holdings, leads: Mapping[str, int], hour: int) -> Problem:
    """The problem at an hour: what is held is there, and goes on if it is needed; of the rest what can still be had."""
    if not problem.quotes or (not hour and not held):
        return problem
    pools = tuple(_with_held(pool, held.get(pool.id), hour, problem.horizon_h) for pool in problem.pools)
    quotes = [_later(quote, leads, hour) for quote in problem.quotes if quote.pool not in held]
    quotes += [_goes_on(one, hour) for one in held.values()]
    return replace(problem, pools=pools, quotes=tuple(quote for quote in quotes if quote is not None))


def _with_held(pool: PoolCapacity, held: Held | None, hour: int, horizon_h: int) -> PoolCapacity:
    if held is None:
        return pool
    had = Taken(held.quote.id, held.start_h, _least_end_h(held, hour), 0.0)
    if had.start_h >= horizon_h:
        return pool
    return replace(pool, nodes_by_interval=with_taken(pool.nodes_by_interval, held.quote.nodes, had, horizon_h))


def _least_end_h(held: Held, hour: int) -> int:
    """The hour until which it is paid in any case: its end where that is past, else its term or the day of now."""
    if is_purchase(held.quote) or held.end_h <= hour:
        return held.end_h
    return max(held.start_h + held.quote.term_h, _day(hour))


def _goes_on(held: Held, hour: int) -> Quote | None:
    """The quote at which what is held is had for longer; None where it has ended, or lasts anyhow."""
    quote, end_h = held.quote, _least_end_h(held, hour)
    if is_purchase(quote) or held.end_h <= hour or (quote.last_end_h is not None and quote.last_end_h <= end_h):
        return None
    name = quote.id if quote.id.endswith(_GOES_ON) else quote.id + _GOES_ON
    return replace(quote, id=name, begins_h=(end_h, end_h + 1), least_hours=1, usd=0.0)


def _later(quote: Quote, leads: Mapping[str, int], hour: int) -> Quote | None:
    """What can still be had of a quote that nobody has signed."""
    if not hour:
        return quote
    first = max(quote.begins_h[0], hour + leads[base_name(quote.id)])
    return (
        None
        if is_purchase(quote) or first >= quote.begins_h[1]
        else replace(quote, begins_h=(first, quote.begins_h[1]))
    )


def is_purchase(quote: Quote) -> bool:
    """Whether it is paid once and lasts."""
    return quote.usd_per_hour == 0.0 and quote.usd > 0.0


def base_name(name: str) -> str:
    """The id of the quote as the portfolio numbers it, whatever became of its price or its begin."""
    numbered = _NUMBERED.match(name)
    return numbered[0] if numbered else name


def with_moved_prices(problem: Problem, move: PriceMove, leads: Mapping[str, int], hour: int) -> Problem:
    """The problem in which leases of a pool that are signed from an hour on, a lead time ahead, have another price."""
    quotes: list[Quote] = []
    for quote in problem.quotes:
        first, after_last = quote.begins_h
        moved_h = hour + leads[base_name(quote.id)]
        if quote.pool != move.pool or is_purchase(quote) or after_last <= moved_h:
            quotes.append(quote)
            continue
        dearer = replace(quote, usd=quote.usd * move.factor, usd_per_hour=quote.usd_per_hour * move.factor)
        if first < moved_h:
            quotes.append(replace(quote, begins_h=(first, moved_h)))
        quotes.append(
            replace(dearer, id=f"{quote.id}+{move.since.isoformat()}", begins_h=(max(first, moved_h), after_last))
        )
    return replace(problem, quotes=tuple(quotes))


def out_of_reach(problem: Problem, placed: Iterable[tuple[Option, int]], pools: Collection[str]) -> set[str]:
    """Those of some pools of which no quote, with what is held, gives what these options use from their starts on."""
    used: dict[str, list[tuple[int, int, int]]] = {}
    for option, start in placed:
        for share in option.shares:
            if share.pool is not None and share.pool in pools:
                used.setdefault(share.pool, []).extend((a, b, share.nodes) for a, b in option.runs(start))
    return {pool for pool, spans in used.items() if not _is_had(problem, pool, spans)}


def _is_had(problem: Problem, pool: str, spans: Sequence[tuple[int, int, int]]) -> bool:
    try:
        cheapest(problem.quotes_by_pool.get(pool, ()), problem.pool_by_id[pool].nodes_by_interval, spans)
    except PlanError:
        return False
    return True


def spent_usd(problem: Problem, held: Holdings, taken: Iterable[Taken]) -> float:
    """What all leases and purchases cost that are held, or are still to be signed."""
    pools = {quote.id: quote.pool for quote in problem.quotes}
    return fsum([*(one.usd for one in held.values()), *(one.usd for one in taken if pools[one.quote] not in held)])


def _day(hour: int) -> int:
    return -(-hour // DAY_H) * DAY_H
