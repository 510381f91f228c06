"""What an hour of a chip costs to rent: the spread of published offers.

Offers are list prices of neoclouds and marketplaces for one chip, as their pages showed them on one day.
Offers that a provider may take back (spot, marketplace bids) are counted apart from on-demand ones.
The collection holds no reserved contracts, so neither does this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from lexloci.catalogue.chips import chip
from lexloci.catalogue.table import read_rows, table
from lexloci.model.errors import CatalogueError


class Term(StrEnum):
    """On which terms a chip is offered for rent."""

    ON_DEMAND = "on-demand"
    INTERRUPTIBLE = "interruptible"


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Median and quartiles of the published prices of one chip on one term, USD per chip-hour.

    ``offers`` and ``providers`` say how many stand behind it: a single offer has no spread.
    """

    chip: str
    term: Term
    median_usd_per_hour: float
    lower_quartile_usd_per_hour: float
    upper_quartile_usd_per_hour: float
    offers: int
    providers: int
    dated: date


def rental_prices(chip_id: str, term: Term = Term.ON_DEMAND) -> PriceRange | None:
    """The spread of rental prices of a bundled chip; None if no offer of it on that term is known.

    Raises CatalogueError if there is no such chip.
    """
    return _prices().get((chip(chip_id).id, term))


@lru_cache(maxsize=1)
def _prices() -> Mapping[tuple[str, Term], PriceRange]:
    dated = table("rental_prices").dated
    found: dict[tuple[str, Term], PriceRange] = {}
    for line, row in enumerate(read_rows("rental_prices"), start=2):
        try:
            price = _price_from(row, dated)
        except (KeyError, ValueError) as error:
            raise CatalogueError(
                f"catalogue/data/rental_prices.csv: row {line}: {error!r}; reinstall lexloci"
            ) from error
        found[price.chip, price.term] = price
    return found


def _price_from(row: Mapping[str, str], dated: date) -> PriceRange:
    return PriceRange(
        chip=row["chip"],
        term=Term(row["term"]),
        median_usd_per_hour=float(row["median_usd_per_hour"]),
        lower_quartile_usd_per_hour=float(row["lower_quartile_usd_per_hour"]),
        upper_quartile_usd_per_hour=float(row["upper_quartile_usd_per_hour"]),
        offers=int(row["offers"]),
        providers=int(row["providers"]),
        dated=dated,
    )
