"""The event study against the textbook's sums in plain Python, published quantiles of Student's t, and simulation."""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest

from lexloci.model.errors import InputError, LexlociError
from lexloci.scenario.event_study import (
    ESTIMATION_ROWS,
    GAP_ROWS,
    Prices,
    read_prices,
    study,
)

FIRST = date(2025, 1, 1)


def prices_of(returns: list[float], market: list[float]) -> Prices:
    """Prices that start at 100 and have these returns, a row a day."""
    days = tuple(FIRST + timedelta(days=place) for place in range(len(returns) + 1))
    security, index = (np.cumprod([100.0, *(1 + one for one in row)]) for row in (returns, market))
    return Prices(days, security, index)


def random_returns(rows: int, seed: int, jump: float = 0.0, at: int = -1) -> tuple[list[float], list[float]]:
    """Returns of a security that follows the market by 1.3 with noise of 1 %, and jumps on one row."""
    random = np.random.default_rng(seed)
    market = random.normal(0.0005, 0.01, rows)
    returns = 0.0002 + 1.3 * market + random.normal(0, 0.01, rows)
    returns[at] += jump
    return returns.tolist(), market.tolist()


def by_hand(returns: list[float], market: list[float], window: range) -> tuple[float, float, float, float, list[float]]:
    """Alpha, beta, CAR, its standard error and those of each day by the sums of the textbook, in exact fractions.

    For one day s2 (1 + 1/L + (m - mean)^2 / Sxx); for the sum of N days s2 (N + N^2/L + (sum m - N mean)^2 / Sxx).
    """
    estimation = range(max(0, window.start - GAP_ROWS - ESTIMATION_ROWS), window.start - GAP_ROWS)
    r, m = [Fraction(one) for one in returns], [Fraction(one) for one in market]
    rows = len(estimation)
    mean_r, mean_m = sum(r[i] for i in estimation) / rows, sum(m[i] for i in estimation) / rows
    spread = sum((m[i] - mean_m) ** 2 for i in estimation)
    beta = sum((m[i] - mean_m) * (r[i] - mean_r) for i in estimation) / spread
    alpha = mean_r - beta * mean_m
    s2 = sum((r[i] - alpha - beta * m[i]) ** 2 for i in estimation) / (rows - 2)
    car = sum(r[i] - alpha - beta * m[i] for i in window)
    days = len(window)
    whole = s2 * (days + Fraction(days**2, rows) + (sum(m[i] for i in window) - days * mean_m) ** 2 / spread)
    each = [math.sqrt(s2 * (1 + Fraction(1, rows) + (m[i] - mean_m) ** 2 / spread)) for i in window]
    return float(alpha), float(beta), float(car), math.sqrt(whole), each


@pytest.mark.parametrize(("before", "after", "seed"), [(0, 0, 1), (1, 1, 2), (2, 5, 3), (0, 10, 4)])
def test_model_sum_and_errors_are_those_of_the_textbook(before: int, after: int, seed: int) -> None:
    returns, market = random_returns(200, seed, jump=-0.08, at=180)
    found = study(prices_of(returns, market), FIRST + timedelta(days=181), before, after)
    alpha, beta, car, error, each = by_hand(returns, market, range(180 - before, 181 + after))
    assert (found.alpha, found.beta) == pytest.approx((alpha, beta), rel=1e-9)
    assert (found.cumulative, found.standard_error) == pytest.approx((car, error), rel=1e-9)
    assert [one.standard_error for one in found.returns] == pytest.approx(each, rel=1e-9)
    assert [one.day for one in found.returns] == [
        FIRST + timedelta(days=181 + place) for place in range(-before, after + 1)
    ]
    assert found.rows == ESTIMATION_ROWS
    assert found.t == pytest.approx(car / error)
    assert (found.high - found.low) / 2 == pytest.approx(error * 1.980272, rel=1e-5)  # t of 0.975, 118 degrees


@pytest.mark.parametrize(("rows", "quantile"), [(22, 2.086), (32, 2.042), (62, 2.000)])
def test_the_interval_is_as_wide_as_the_published_table_has_it(rows: int, quantile: float) -> None:
    """Percentage points of the t distribution for 20, 30 and 60 degrees: Abramowitz and Stegun, table 26.10."""
    returns, market = random_returns(rows + GAP_ROWS + 1, 8)
    found = study(prices_of(returns, market), FIRST + timedelta(days=rows + GAP_ROWS + 1), 0, 0)
    assert found.rows == rows
    assert (found.high - found.cumulative) / found.standard_error == pytest.approx(quantile, abs=5e-4)


@pytest.mark.slow
def test_the_interval_holds_what_did_not_happen_nineteen_times_in_twenty() -> None:
    """Few rows and a long window, where a normal interval without the error of the model would be too narrow."""
    held = 0
    for seed in range(1000):
        returns, market = random_returns(50, seed)
        found = study(prices_of(returns, market), FIRST + timedelta(days=40), 0, 10)
        assert found.rows < 30
        held += found.low <= 0 <= found.high
    assert 930 <= held <= 970


def test_a_jump_is_found_and_market_moves_are_not_taken_for_one() -> None:
    returns, market = random_returns(200, 7, jump=-0.1, at=180)
    market[181] -= 0.06
    returns[181] -= 1.3 * 0.06
    found = study(prices_of(returns, market), FIRST + timedelta(days=181), 0, 1)
    assert found.returns[0].abnormal == pytest.approx(-0.1, abs=0.03)
    assert abs(found.returns[1].abnormal) < 0.03
    assert found.p < 0.001
    assert found.high < 0


def test_a_day_without_trade_counts_as_the_next_row() -> None:
    text = "date,stock,index\n2025-01-03,1,1\n2025-01-06,1.1,1.02\n"
    prices = read_prices(text, "p.csv")
    assert prices.days == (date(2025, 1, 3), date(2025, 1, 6))
    returns, market = random_returns(100, 5)
    all_days = prices_of(returns, market)
    weekdays = [place for place, day in enumerate(all_days.days) if day.weekday() < 5]
    thin = Prices(tuple(all_days.days[i] for i in weekdays), all_days.security[weekdays], all_days.market[weekdays])
    saturday = next(day for day in all_days.days[80:] if day.weekday() == 5)
    assert study(thin, saturday, 0, 0) == study(thin, saturday + timedelta(days=2), 0, 0).__class__(
        **{**vars_of(study(thin, saturday + timedelta(days=2), 0, 0)), "event": saturday}
    )


def vars_of(one: object) -> dict[str, object]:
    """The fields of a frozen value with slots."""
    return {name: getattr(one, name) for name in one.__slots__}  # type: ignore[attr-defined]


def test_columns_are_chosen_by_name_and_rows_without_a_price_are_left_out() -> None:
    text = "date,index,other,stock\n2025-01-01,10,,1\n2025-01-02,,,2\n2025-01-03,12,,3\n"
    prices = read_prices(text, "p.csv", "stock", "index")
    assert prices.security.tolist() == [1, 3]
    assert prices.market.tolist() == [10, 12]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "p.csv:1 has no columns date"),
        ("date,stock\n", "has no columns date, security, market"),
        ("date,stock,index\n2025-01-01,1,0\n", "p.csv:2 holds a price that is not above 0"),
        ("date,stock,index\n2025-01-01,1,nan\n", "not above 0"),
        ("date,stock,index\n1 January,1,1\n", "is no day with two prices"),
        ("date,stock,index\n2025-01-02,1,1\n2025-01-02,1,1\n", "p.csv:3 date: 2025-01-02 does not come after"),
    ],
)
def test_broken_prices_are_told_in_a_line(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_prices(text, "p.csv")
    assert words in str(caught.value)


def test_too_few_rows_and_a_market_that_stands_still_are_refused() -> None:
    returns, market = random_returns(60, 6)
    prices = prices_of(returns, market)
    for day in (20, 59, 600):
        with pytest.raises(LexlociError, match="do not reach far enough"):
            study(prices, FIRST + timedelta(days=day), 1, 2)
    with pytest.raises(LexlociError, match="does not move"):
        study(prices_of(returns, [0.0] * 60), FIRST + timedelta(days=50))
