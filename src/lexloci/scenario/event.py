"""What may happen: dated changes of the world, each with its odds and where these are from.

An event is one change of one thing on one of several days. Its odds are stated, never derived: ``source`` says by whom,
or that they are an assumption. Odds may depend on another event (``given``), and events may go together (a correlation
of a Gaussian copula).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Gt, Le

from lexloci.model.doc import Doc


class EventKind(StrEnum):
    """What happens, and what ``thing`` names then."""

    BILL_PASSES = "bill passes"
    RULE_BEGINS = "rule begins"
    RULE_ENDS = "rule ends"
    RULE_STAYED = "rule stayed"
    PARTY_LISTED = "party listed"
    LICENCE_LOST = "licence lost"
    READING_FALLS = "reading falls"
    SITE_LOST = "site lost"
    POOL_LATE = "pool late"
    PRICE_MOVES = "price moves"

    @property
    def is_of_law(self) -> bool:
        """Whether the law's answers may change with it; else capacity or price alone do."""
        return self not in (EventKind.SITE_LOST, EventKind.PRICE_MOVES)


@dataclass(frozen=True, slots=True)
class Given:
    """Odds that hold instead where another event happens."""

    event: Annotated[str, Doc("id of an event that stands before this one")]
    probability: Annotated[float, Ge(0), Le(1), Doc("odds of this event where that one happens")]


@dataclass(frozen=True, slots=True)
class Event:
    """A dated change of the world, with its odds."""

    id: Annotated[str, Doc("short name")]
    kind: Annotated[EventKind, Doc("what happens")]
    thing: Annotated[
        str,
        Doc(
            "id of what it happens to: a bill or rule of the rulebook, a party, an authorisation, a contested point, "
            "a site, a pool (price: of a pool)"
        ),
    ]
    on: Annotated[tuple[date, ...], Doc("the day, or several days that are equally likely")]
    probability: Annotated[float, Ge(0), Le(1), Doc("odds that it happens")]
    source: Annotated[str, Doc("where the odds are from; `assumption: why` marks an assumption")]
    given: Annotated[
        tuple[Given, ...], Doc("odds that hold instead where other events happen; the last that does")
    ] = ()
    days: Annotated[int | None, Gt(0), Doc("how long a site is lost, or how late a pool is", unit="days")] = None
    factor: Annotated[float | None, Gt(0), Doc("what the price is multiplied with")] = None
    list: Annotated[str | None, Doc("the list that the party is put on, such as entity_list")] = None


@dataclass(frozen=True, slots=True)
class Correlation:
    """Two events that go together: the correlation of the normal variables behind them."""

    between: Annotated[tuple[str, str], Doc("ids of the two events")]
    correlation: Annotated[float, Ge(-1), Le(1), Doc("-1 to 1; 0: independent")]


@dataclass(frozen=True, slots=True)
class Offer:
    """A lease that may be signed: pools of the portfolio that are there only where it is."""

    id: Annotated[str, Doc("short name")]
    pools: Annotated[tuple[str, ...], Doc("ids of the pools of the portfolio that it brings")]
    usd: Annotated[float, Ge(0), Doc("what signing costs, whatever runs there", unit="USD")]
    source: Annotated[str, Doc("where its price is from")]
    usd_later: Annotated[
        float | None, Ge(0), Doc("what signing costs on `decide_by`; not stated: it cannot wait", unit="USD")
    ] = None


@dataclass(frozen=True)
class Scenario:
    """What may happen, how it hangs together, and which leases may be signed."""

    name: Annotated[str, Doc("title of the scenario")]
    events: Annotated[tuple[Event, ...], Doc("what may happen")] = ()
    correlations: Annotated[tuple[Correlation, ...], Doc("events that go together")] = ()
    offers: Annotated[tuple[Offer, ...], Doc("leases, of which one or none is signed")] = ()
    decide_by: Annotated[date | None, Doc("last day on which a lease can still be signed")] = None


Happened = frozenset[tuple[str, date]]
"""Which events happened, each by its id with its day."""
