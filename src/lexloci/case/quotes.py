"""Checks of what a pool costs: prices that step, and offers to lease or to buy its chips."""

from __future__ import annotations

from collections.abc import Iterator

from lexloci.case.entry import Entry
from lexloci.case.references import Note
from lexloci.model.site import Tenure


def check_price_steps(portfolio: Entry) -> Iterator[Note]:
    """Prices that step need one to step from."""
    for pool in portfolio.entries("pools"):
        if pool.entries("price_steps") and "usd_per_chip_hour" not in pool.stated:
            mend = "state the price that holds where no step does"
            yield (*pool.path, "usd_per_chip_hour"), "is missing beside price_steps", mend


def check_closed_days(portfolio: Entry) -> Iterator[Note]:
    """A pool opens again after it closed."""
    for pool in portfolio.entries("pools"):
        for closed in pool.entries("closed"):
            since, until = closed["since"], closed["until"]
            if since and until and until <= since:
                yield (*closed.path, "until"), f"{until} is not after since {since}", "write a later day"


def check_quotes(portfolio: Entry) -> Iterator[Note]:
    """A quote is a lease or a purchase; the pool has no other price, and its quotes are all of one kind."""
    for pool in portfolio.entries("pools"):
        quotes = pool.entries("quotes")
        for name in ("usd_per_chip_hour", "price_steps", "closed"):
            if quotes and name in pool.stated:
                mend = "the quotes say what the chips cost and when they are there; delete it"
                yield (*pool.path, name), "stands on a pool with quotes", mend
        for quote in quotes:
            yield from _prices(quote)
            yield from _chips(quote, pool)
            if pool["tenure"] is Tenure.LEASED:
                for name in ("begins_from", "begins_until", "lead_days"):
                    if name in quote.stated:
                        mend = "a leased pool begins on its leased_since; delete it"
                        yield (*quote.path, name), "stands on a quote of a leased pool", mend
        yield from _kinds(pool, quotes)


def _prices(quote: Entry) -> Iterator[Note]:
    of_lease, of_purchase = "usd_per_chip_hour" in quote.stated, "usd_per_chip" in quote.stated
    if of_lease and of_purchase:
        yield (*quote.path, "usd_per_chip"), "stands beside usd_per_chip_hour", "write a quote for each"
    if not of_lease and not of_purchase:
        mend = "state it for a lease, or usd_per_chip for a purchase"
        yield (*quote.path, "usd_per_chip_hour"), "is missing", mend
    for name in ("minimum_days", "begins_from", "begins_until"):
        if of_purchase and not of_lease and name in quote.stated:
            yield (*quote.path, name), "stands on a purchase", "only a lease has it; delete it"
    first, until = quote["begins_from"], quote["begins_until"]
    if first and until and until <= first:
        yield (*quote.path, "begins_until"), f"{until} is not after begins_from {first}", "write a later day"


def _chips(quote: Entry, pool: Entry) -> Iterator[Note]:
    chips, most, node = quote["chips"], pool["chips"], pool["chips_per_node"]
    if chips and most and chips > most:
        yield (*quote.path, "chips"), f"{chips} is more than the {most} of the pool", "write fewer"
    elif chips and node and chips % node:
        message = f"{chips} chips are no whole number of nodes of {node}"
        yield (*quote.path, "chips"), message, "write a multiple"


def _kinds(pool: Entry, quotes: list[Entry]) -> Iterator[Note]:
    """Chips are bought by who owns them, and leased or rented by others; one delivery time for all sizes."""
    owned = pool["tenure"] is Tenure.OWNED
    for quote in quotes:
        is_purchase = "usd_per_chip" in quote.stated
        is_one = is_purchase is not ("usd_per_chip_hour" in quote.stated)
        if pool["tenure"] is not None and is_one and is_purchase is not owned:
            word, mend = ("a purchase", "owned") if is_purchase else ("a lease", "rented or leased")
            yield quote.path, f"is {word}, on a pool of tenure {pool['tenure'].value}", f"write tenure: {mend}"
    leads = [quote["lead_days"] for quote in quotes]
    if owned and len(set(leads)) > 1:
        mend = "the law asks on which day the chips come: write a pool for each"
        yield (*pool.path, "quotes"), "name several lead_days", mend
