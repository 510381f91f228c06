"""Figures of a sample of costs: mean with standard error, value at risk, cost of the worst cases, which event hurts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, fsum, inf, sqrt


@dataclass(frozen=True, slots=True)
class Risk:
    """A sample of costs in figures, in the unit of the costs; ``level`` is that of value at risk and of CVaR."""

    samples: int
    mean: float
    standard_error: float
    least: float
    median: float
    most: float
    level: float
    value_at_risk: float
    cvar: float


@dataclass(frozen=True, slots=True)
class Hurt:
    """How much more a sample costs where an event happens: the difference of the means, with its standard error.

    ``times`` it happened in so many samples; both figures are None where it always or never did. It is a difference
    between samples, not a cause: what goes with the event is in it.
    """

    event: str
    times: int
    difference: float | None
    standard_error: float | None


def risk_of(costs: Sequence[float], level: float = 0.95) -> Risk:
    """The figures of costs: one figure at least, ``0 < level < 1``."""
    ordered = sorted(costs)
    mean = fsum(ordered) / len(ordered)
    return Risk(
        samples=len(ordered),
        mean=mean,
        standard_error=_standard_error(ordered),
        least=ordered[0],
        median=value_at_risk(ordered, 0.5),
        most=ordered[-1],
        level=level,
        value_at_risk=value_at_risk(ordered, level),
        cvar=cvar(ordered, level),
    )


def value_at_risk(costs: Sequence[float], level: float) -> float:
    """The least cost that is not exceeded in at least the share ``level`` of the samples (the inverse of the CDF)."""
    ordered = sorted(costs)
    return ordered[max(0, ceil(round(level * len(ordered), 9)) - 1)]


def cvar(costs: Sequence[float], level: float) -> float:
    """The mean of the worst ``1 - level`` of the costs (R. T. Rockafellar and S. Uryasev, 2002, proposition 8).

    ``VaR + E[max(0, cost - VaR)] / (1 - level)``: a cost at the edge counts with the share that lies behind it.
    """
    edge = value_at_risk(costs, level)
    return edge + fsum(max(0.0, cost - edge) for cost in costs) / len(costs) / (1 - level)


def hurt_by(event: str, costs: Sequence[float], happened: Sequence[bool]) -> Hurt:
    """How much more the samples cost in which an event happened."""
    there = [cost for cost, did in zip(costs, happened, strict=True) if did]
    elsewhere = [cost for cost, did in zip(costs, happened, strict=True) if not did]
    if not there or not elsewhere:
        return Hurt(event, len(there), None, None)
    difference = fsum(there) / len(there) - fsum(elsewhere) / len(elsewhere)
    errors = [_standard_error(part) for part in (there, elsewhere)]
    return Hurt(event, len(there), difference, sqrt(errors[0] ** 2 + errors[1] ** 2))


def _standard_error(costs: Sequence[float]) -> float:
    if len(costs) < 2:
        return inf
    mean = fsum(costs) / len(costs)
    return sqrt(fsum((cost - mean) ** 2 for cost in costs) / (len(costs) - 1) / len(costs))
