"""What is wrong with the prices and quotes of a pool is told in one line each, with the mend."""

import pytest

from lexloci.case import check, read_portfolio

PRICE = "usd_per_chip_hour: 2.5"
LEASED = "tenure: leased, leased_since: 2025-03-01, "


def with_price(full: str, text: str, tenure: str = "rented") -> str:
    """The full portfolio with other words about the price of its leased pool, on another tenure."""
    assert full.count(LEASED) == 1
    since = "leased_since: 2025-03-01, " if tenure == "leased" else ""
    return full.replace(LEASED, f"tenure: {tenure}, {since}{text}, ")


def lines(full: str, text: str, tenure: str = "rented") -> list[str]:
    """What the check says, without file and line."""
    return [str(one).partition(" ")[2] for one in check("p.yaml", text=with_price(full, text, tenure))]


def test_leases_purchases_and_steps_are_read(full):
    steps = PRICE + ", price_steps: [{usd_per_chip_hour: 2, since: 2026-09-01, least_chips: 16}]"
    assert lines(full, steps) == []
    lease = "quotes: [{usd_per_chip_hour: 2, minimum_days: 90, begins_from: 2026-09-01, lead_days: 5, chips: 32}]"
    pool = read_portfolio("p.yaml", text=with_price(full, lease)).pool_by_id["johor-h100"]
    assert (pool.quotes[0].minimum_days, pool.quotes[0].chips) == (90, 32)
    assert lines(full, "quotes: [{usd_per_chip: 30000, lead_days: 90}]", "owned") == []


@pytest.mark.parametrize(
    ("text", "tenure", "said"),
    [
        ("price_steps: [{usd_per_chip_hour: 2}]", "rented", "usd_per_chip_hour: is missing beside price_steps"),
        (PRICE + ", quotes: [{usd_per_chip_hour: 2}]", "rented", "usd_per_chip_hour: stands on a pool with quotes"),
        ("quotes: [{usd_per_chip_hour: 2, usd_per_chip: 3}]", "rented", "usd_per_chip: stands beside"),
        ("quotes: [{minimum_days: 3}]", "rented", "quotes[0].usd_per_chip_hour: is missing; state it for a lease"),
        ("quotes: [{usd_per_chip: 3, minimum_days: 3}]", "owned", "minimum_days: stands on a purchase; only a lease"),
        ("quotes: [{usd_per_chip_hour: 2, chips: 72}]", "rented", "chips: 72 is more than the 64 of the pool"),
        ("quotes: [{usd_per_chip_hour: 2, chips: 12}]", "rented", "chips: 12 chips are no whole number of nodes of 8"),
        (
            "quotes: [{usd_per_chip_hour: 2, begins_from: 2026-09-01, begins_until: 2026-09-01}]",
            "rented",
            "begins_until: 2026-09-01 is not after begins_from 2026-09-01; write a later day",
        ),
        ("quotes: [{usd_per_chip_hour: 2, lead_days: 3}]", "leased", "lead_days: stands on a quote of a leased pool"),
        ("quotes: [{usd_per_chip: 2}]", "rented", "is a purchase, on a pool of tenure rented; write tenure: owned"),
        ("quotes: [{usd_per_chip_hour: 2}]", "owned", "is a lease, on a pool of tenure owned; write tenure: rented"),
        ("quotes: [{usd_per_chip: 2}, {usd_per_chip: 1, lead_days: 9}]", "owned", "quotes: name several lead_days"),
    ],
)
def test_one_mistake_about_a_price_gives_one_line(full, text, tenure, said):
    (line,) = lines(full, text, tenure)
    assert said in line
