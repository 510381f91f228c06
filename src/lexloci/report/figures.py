"""Figures as people read them: money, days, energy, carbon and shares, with their interval.

The figures themselves come from others; here they are only rounded and given a unit.
"""

from __future__ import annotations

import math

from lexloci.model.estimate import Range

_SECONDS_PER_DAY = 86_400.0


def usd(amount: float | None) -> str:
    """An amount in US dollars, such as ``12,345``, without the unit; an em dash where there is none."""
    if amount is None or not math.isfinite(amount):
        return "—"
    return f"{amount:,.0f}"


def usd_change(before: float | None, after: float | None) -> str:
    """The change of an amount in US dollars with its sign; an em dash where a side has none."""
    if before is None or after is None or not (math.isfinite(before) and math.isfinite(after)):
        return "—"
    return f"{after - before:+,.0f}"


def interval(figure: Range) -> str:
    """A figure with its 90 % interval in three significant digits, such as ``12.3 (11.0–14.1)``."""
    if figure.low == figure.high:
        return significant(figure.point)
    return f"{significant(figure.point)} ({significant(figure.low)}–{significant(figure.high)})"


def days(duration_s: Range) -> str:
    """A duration in days with its interval, without the unit."""
    return interval(duration_s.scaled(1 / _SECONDS_PER_DAY))


def megawatt_hours(energy_kwh: Range) -> str:
    """An energy in MWh with its interval, without the unit."""
    return interval(energy_kwh.scaled(1e-3))


def tonnes(carbon_kg: Range) -> str:
    """A mass of CO2e in tonnes with its interval, without the unit."""
    return interval(carbon_kg.scaled(1e-3))


def percent(share: Range) -> str:
    """A share in per cent with its interval, without the unit."""
    return interval(share.scaled(100.0))


def significant(figure: float) -> str:
    """A figure in three significant digits with thousands separators, such as ``12,300`` or ``0.0123``."""
    if not math.isfinite(figure):
        return "—"
    if figure == 0:
        return "0"
    decimals = 2 - math.floor(math.log10(abs(figure)))
    return f"{round(figure, decimals):,.{max(decimals, 0)}f}"
