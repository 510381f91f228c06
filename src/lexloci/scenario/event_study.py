"""What did an event do to a price, beside what the market did? A market-model event study.

Returns are simple, from one row to the next: r = p / p_before - 1. Over L rows before the event, the security's return
is regressed on the market's: r = a + b m + e, with s2 = sum(e^2) / (L - 2). On the rows around the event the abnormal
return is what the model leaves, AR = r - a - b m, and CAR is its sum over the window. The variance of CAR counts the
scatter of returns and the error of a and b alike: with x the sum of rows (1, m) over the window of N rows,
Var(CAR) = s2 (N + x' (X'X)^-1 x). CAR / sqrt(Var) follows Student's t with L - 2 degrees of freedom.

Source: A. C. MacKinlay, Event Studies in Economics and Finance, Journal of Economic Literature 35 (1997), 13-39, on the
market model; the error of prediction is that of the linear model (J. Y. Campbell, A. W. Lo, A. C. MacKinlay, The
Econometrics of Financial Markets, 1997, chapter 4).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from lexloci.model.errors import InputError, LexlociError, Mistake

ESTIMATION_ROWS: Final = 120
GAP_ROWS: Final = 10  # rows between estimation and window, so that what leaked does not count as normal
LEAST_ROWS: Final = 20
LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of a security and of the market on the same days, in their order."""

    days: tuple[date, ...]
    security: NDArray[np.float64]
    market: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AbnormalReturn:
    """The abnormal return of one day and its standard error."""

    day: date
    abnormal: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class EventStudy:
    """The model, the abnormal returns around the event, their sum with its interval of 95 %, t and p of both sides."""

    event: date
    estimated_from: date
    estimated_to: date
    rows: int
    alpha: float
    beta: float
    returns: tuple[AbnormalReturn, ...]
    cumulative: float
    standard_error: float
    low: float
    high: float
    t: float
    p: float


def read_prices(text: str, file: str, security: str | None = None, market: str | None = None) -> Prices:
    """The prices in a CSV with a column ``date`` and one each for security and market; by default the next two columns.

    Rows in which a price is missing are left out. InputError where a day or a price is none, or days do not rise.
    """
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = [name.strip() for name in rows[0]] if rows else []
    if "date" not in header or len(header) < 3:
        raise InputError(
            [Mistake(file, 1, "", "has no columns date, security, market", "write them in the first line")]
        )
    others = [name for name in header if name != "date"]
    chosen = (security or others[0], market or others[1])
    for name in chosen:
        if name not in others:
            raise InputError([Mistake(file, 1, name, "is no column", f"take one of {', '.join(others)}")])
    places = [header.index(name) for name in ("date", *chosen)]
    days: list[date] = []
    prices: list[tuple[float, float]] = []
    for line, row in enumerate(rows[1:], 2):
        cells = [row[place].strip() if place < len(row) else "" for place in places]
        if not all(cells):
            continue
        day, *pair = _row(cells, file, line)
        if days and day <= days[-1]:
            raise InputError([Mistake(file, line, "date", f"{day} does not come after {days[-1]}", "sort by day")])
        days.append(day)
        prices.append((pair[0], pair[1]))
    both = np.array(prices, np.float64).reshape(-1, 2)
    return Prices(tuple(days), both[:, 0], both[:, 1])


def _row(cells: Sequence[str], file: str, line: int) -> tuple[date, float, float]:
    try:
        day, security, market = date.fromisoformat(cells[0]), float(cells[1]), float(cells[2])
    except ValueError:
        raise InputError(
            [Mistake(file, line, "", "is no day with two prices", "write YYYY-MM-DD and numbers")]
        ) from None
    if not (0 < security < math.inf and 0 < market < math.inf):
        raise InputError([Mistake(file, line, "", "holds a price that is not above 0", "write positive prices")])
    return day, security, market


def study(prices: Prices, event: date, rows_before: int = 1, rows_after: int = 1) -> EventStudy:
    """The abnormal return of an event: window of so many rows before and after the first row on or after its day.

    LexlociError where the prices do not reach far enough, or the market did not move.
    """
    day = next((place for place, one in enumerate(prices.days) if one >= event), None)
    first = (day or 0) - rows_before
    start = max(1, first - GAP_ROWS - ESTIMATION_ROWS)
    estimation, window = slice(start, first - GAP_ROWS), slice(first, (day or 0) + rows_after + 1)
    rows = max(0, first - GAP_ROWS - start)
    if day is None or window.stop > len(prices.days) or rows < LEAST_ROWS:
        need = f"{LEAST_ROWS + GAP_ROWS + rows_before + 1} rows before {event} and {rows_after} after it"
        raise LexlociError(f"the prices do not reach far enough: an event study wants {need}; add rows")
    returns, market = (np.concatenate([[np.nan], p[1:] / p[:-1] - 1]) for p in (prices.security, prices.market))
    model = np.column_stack([np.ones(rows), market[estimation]])
    if np.ptp(market[estimation]) == 0:
        raise LexlociError(
            "the market's price does not move before the event: no model can be fitted; check the column"
        )
    coefficients, *_ = np.linalg.lstsq(model, returns[estimation], rcond=None)
    rest = returns[estimation] - model @ coefficients
    variance = float(rest @ rest) / (rows - 2)
    inverse = np.linalg.inv(model.T @ model)
    around = np.column_stack([np.ones(window.stop - window.start), market[window]])
    abnormal = returns[window] - around @ coefficients
    each = np.sqrt(variance * (1 + np.einsum("ij,jk,ik->i", around, inverse, around)))
    total = around.sum(axis=0)
    error = math.sqrt(variance * (len(around) + float(total @ inverse @ total)))
    return _told(prices, event, (estimation, window), coefficients, abnormal, each, error)


def _told(
    prices: Prices,
    event: date,
    slices: tuple[slice, slice],
    coefficients: NDArray[np.float64],
    abnormal: NDArray[np.float64],
    each: NDArray[np.float64],
    error: float,
) -> EventStudy:
    estimation, window = slices
    rows = estimation.stop - estimation.start
    cumulative = float(abnormal.sum())
    reach = float(stdtrit(rows - 2, 0.5 + LEVEL / 2)) * error
    t = cumulative / error if error else math.copysign(math.inf, cumulative) if cumulative else 0.0
    days = prices.days[window]
    return EventStudy(
        event=event,
        estimated_from=prices.days[estimation.start],
        estimated_to=prices.days[estimation.stop - 1],
        rows=rows,
        alpha=float(coefficients[0]),
        beta=float(coefficients[1]),
        returns=tuple(AbnormalReturn(*row) for row in zip(days, abnormal.tolist(), each.tolist(), strict=True)),
        cumulative=cumulative,
        standard_error=error,
        low=cumulative - reach,
        high=cumulative + reach,
        t=t,
        p=2 * float(stdtr(rows - 2, -abs(t))),
    )
