"""How long, how much energy, what cost: a figure with its interval, and the estimate of a job."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """A figure with its 90 % interval, ``low <= point <= high``, in the unit of the field that holds it."""

    point: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.point <= self.high:
            raise ValueError(f"interval does not hold its point: {self.low} <= {self.point} <= {self.high}")

    def scaled(self, factor: float) -> Range:
        """The range times a factor of zero or more."""
        return Range(self.point * factor, self.low * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Time, throughput, energy, carbon and cost of a workload on chips of one pool.

    ``utilisation`` is MFU for training and the share of the roofline for serving (``utilisation_of`` says which);
    ``shares_of_peak`` has what training used by each convention in use, by its name;
    ``busy`` is the share of the time in which the chips work, which their power follows;
    ``feasible`` is False with a ``reason`` when it does not fit the memory, the chips or the latency;
    ``support`` names the published runs that the utilisation rests on; ``warnings`` say what was assumed.
    """

    workload: str
    pool: str
    chips: int
    feasible: bool
    reason: str
    duration_s: Range
    tokens_per_s: Range
    utilisation: Range
    utilisation_of: str
    energy_kwh: Range
    carbon_kg: Range
    cost_usd: Range
    support: str
    warnings: tuple[str, ...] = ()
    shares_of_peak: tuple[tuple[str, Range], ...] = ()
    busy: Range = Range(0.0, 0.0, 0.0)
