"""What do the chips of a pool cost: for work that starts on a day, for a lease of a term, for a purchase?

Work that pays by the hour pays the price of the day on which it starts, for as long as it runs, as a contract signed on
that day would. A pool with quotes has no price by the hour of work: the quote that is taken is paid whether its chips
work or not, and only electricity that it does not include is paid with the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from lexloci.model.estimate import Estimate, Range
from lexloci.model.plan import Contract
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool, Tenure
from lexloci.plan.quotes import Quote, Taken

DAY_H = 24


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """The price of a chip for an hour of work that starts on the days ``[start, end)``."""

    start: date
    end: date
    usd_per_chip_hour: float


def with_orders(portfolio: Portfolio) -> Portfolio:
    """The portfolio in which chips that are yet to be bought come on the day that their lead time allows."""
    pools = tuple(_ordered(pool, portfolio.as_of) for pool in portfolio.pools)
    return portfolio if pools == portfolio.pools else replace(portfolio, pools=pools)


def _ordered(pool: Pool, as_of: date) -> Pool:
    if not pool.quotes or pool.tenure is not Tenure.OWNED or pool.held_since is not None:
        return pool
    return replace(pool, held_since=as_of + timedelta(days=pool.quotes[0].lead_days))


def price_periods(pool: Pool, chips: int, first: date, last: date) -> list[PricePeriod]:
    """The prices by the hour of so many chips for starts in ``[first, last)``, cut where a step begins."""
    base = pool.usd_per_chip_hour or 0.0
    cuts = sorted({first, last, *(one.since for one in pool.price_steps if one.since and first < one.since < last)})
    periods = []
    for start, end in pairwise(cuts):
        usd = base
        for one in pool.price_steps:
            if (one.since or date.min) <= start and (one.least_chips or 0) <= chips:
                usd = one.usd_per_chip_hour
        periods.append(PricePeriod(start, end, usd))
    return periods


def at_price(estimate: Estimate, pool: Pool, usd_per_chip_hour: float) -> Estimate:
    """The estimate where a chip costs this much an hour instead of what the pool states."""
    more = usd_per_chip_hour - (pool.usd_per_chip_hour or 0.0)
    if not more:
        return estimate
    cost, hours = estimate.cost_usd, estimate.duration_s.scaled(estimate.chips / 3600.0)
    dearer = Range(cost.point + more * hours.point, cost.low + more * hours.low, cost.high + more * hours.high)
    return replace(estimate, cost_usd=dearer)


def quotes_of(portfolio: Portfolio) -> tuple[Quote, ...]:
    """The quotes of all pools that can still begin within the horizon."""
    found = []
    for pool in portfolio.pools:
        for number, offer in enumerate(pool.quotes, 1):
            quote = _quote(portfolio, pool, number, offer.chips or pool.chips)
            if quote.begins_h[0] < quote.begins_h[1]:
                found.append(quote)
    return tuple(found)


def _quote(portfolio: Portfolio, pool: Pool, number: int, chips: int) -> Quote:
    offer = pool.quotes[number - 1]
    is_lease = offer.usd_per_chip is None
    wanted = (
        portfolio.as_of + timedelta(days=offer.lead_days),
        offer.begins_from,
        pool.available_from,
        pool.held_since,
    )
    first = max(day for day in (*wanted, pool.leased_since) if day is not None)
    ends = [day for day in (portfolio.horizon_until, offer.begins_until, pool.available_until) if day is not None]
    if not is_lease or pool.tenure is Tenure.LEASED:
        ends.append(first + timedelta(days=1))
    return Quote(
        id=f"{pool.id}#{number}",
        pool=pool.id,
        nodes=chips // pool.chips_per_node,
        begins_h=(_hours(portfolio, first), _hours(portfolio, min(ends))),
        least_hours=offer.minimum_days * DAY_H if is_lease else max(DAY_H, _hours(portfolio, portfolio.horizon_until)),
        usd=0.0 if is_lease else (offer.usd_per_chip or 0.0) * chips,
        usd_per_hour=(offer.usd_per_chip_hour or 0.0) * chips if is_lease else 0.0,
        step_h=DAY_H,
        last_end_h=_hours(portfolio, pool.available_until) if pool.available_until and is_lease else None,
    )


def _hours(portfolio: Portfolio, day: date) -> int:
    return max(0, (day - portfolio.as_of).days * DAY_H)


def contracts(portfolio: Portfolio, taken: Sequence[Taken]) -> tuple[Contract, ...]:
    """The leases and purchases of a plan in days and chips."""
    found = []
    for one in taken:
        pool_id, _, number = one.quote.rpartition("#")
        pool = portfolio.pool_by_id[pool_id]
        offer = pool.quotes[int(number) - 1]
        is_lease = offer.usd_per_chip is None
        start, end = (portfolio.as_of + timedelta(hours=hour) for hour in (one.start_h, one.end_h))
        found.append(
            Contract(
                pool_id,
                "lease" if is_lease else "purchase",
                offer.chips or pool.chips,
                start,
                end if is_lease else pool.available_until,
                one.usd,
            )
        )
    return tuple(found)
