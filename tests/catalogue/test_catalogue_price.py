"""Rental prices: quartiles in order, of chips that exist, and near what others report."""

from __future__ import annotations

from datetime import date

import pytest

from lexloci.catalogue import Term, chips, rental_prices
from lexloci.catalogue.table import read_rows
from lexloci.model.errors import CatalogueError

ROWS = read_rows("rental_prices")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['chip']} {row['term']}")
def test_every_row_is_of_a_known_chip_with_ordered_quartiles_and_pages(row):
    found = rental_prices(row["chip"], Term(row["term"]))
    assert found is not None
    assert found.chip in chips()
    assert (
        0.05 < found.lower_quartile_usd_per_hour <= found.median_usd_per_hour <= found.upper_quartile_usd_per_hour < 15
    )
    assert 1 <= found.providers <= found.offers
    assert found.dated == date(2026, 5, 24)
    assert all(page.startswith("https://") for page in row["sources"].split())
    assert len(row["sources"].split()) == found.providers


def test_each_chip_and_term_stands_once():
    assert len({(row["chip"], row["term"]) for row in ROWS}) == len(ROWS)


# H100 1.99-5.00, H200 2.50-7.00, A100 0.80-3.00 USD an hour by tier, May 2026: mercatus-ai.com
@pytest.mark.parametrize(
    ("id", "low", "high"), [("h100-sxm", 1.99, 5.00), ("h200-sxm", 2.50, 7.00), ("a100-sxm-80gb", 0.80, 3.00)]
)
def test_the_median_lies_in_the_range_that_another_index_reports(id, low, high):
    found = rental_prices(id)
    assert found is not None
    assert low <= found.median_usd_per_hour <= high


def test_newer_chips_cost_more():
    medians = [
        rental_prices(name).median_usd_per_hour for name in ("a100-sxm-80gb", "h100-sxm", "h200-sxm", "b200", "b300")
    ]
    assert medians == sorted(medians)


@pytest.mark.parametrize("id", [row["chip"] for row in ROWS if row["term"] == "interruptible"])
def test_what_may_be_taken_back_is_cheaper(id):
    on_demand, interruptible = rental_prices(id), rental_prices(id, Term.INTERRUPTIBLE)
    if on_demand is not None:
        assert interruptible.median_usd_per_hour < on_demand.median_usd_per_hour


@pytest.mark.parametrize("id", ["h20", "a800-sxm", "ascend-910c", "gb200"])
def test_a_chip_that_nobody_in_the_collection_offers_has_no_price(id):
    assert rental_prices(id) is None


def test_an_unknown_chip_is_an_error_and_not_a_missing_price():
    with pytest.raises(CatalogueError, match="there is no chip"):
        rental_prices("h1000")
