"""How much energy, carbon and money a job takes, given its time.

power of a chip = thermal design power x host factor x PUE x (idle share + (1 - idle share) x share of time at work)
energy = chips x power x time;  carbon = energy x intensity of the grid
cost = chips x price of a chip-hour x time, and energy x tariff where the price leaves power out
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from lexloci.model.estimate import Range
from lexloci.perf.job import Infeasible, JobSpec


@dataclass(frozen=True, slots=True)
class MeasuredPower:
    """One measured system under load: name and source, design power of its chips, and what it drew, in watts."""

    name: str
    design_w: float
    measured_w: float

    @property
    def factor(self) -> float:
        """Power of the whole system over the design power of its chips."""
        return self.measured_w / self.design_w


MEASURED_POWER: tuple[MeasuredPower, ...] = (
    MeasuredPower("8 x B200, Llama2-70B offline, MLPerf Inference v5.1 (2025-09)", 8000.0, 10401.0),
    MeasuredPower("8 x B200, Llama2-70B server, MLPerf Inference v5.1 (2025-09)", 8000.0, 10442.3),
    MeasuredPower("8 x B200, Llama3.1-405B offline, MLPerf Inference v5.1 (2025-09)", 8000.0, 9891.8),
    MeasuredPower("8 x B200, Llama3.1-405B server, MLPerf Inference v5.1 (2025-09)", 8000.0, 9566.2),
    MeasuredPower("8 x B200, Llama3.1-8B, MLPerf Inference v5.1 (2025-09)", 8000.0, 9440.0),
    MeasuredPower("8 x H100, training, 76 % of 10.2 kW, arXiv:2506.14551 (2025-06)", 5600.0, 0.76 * 10200.0),
    MeasuredPower("8 x H100, greatest while training, Latif et al., IEEE Access 13, 61740 (2025)", 5600.0, 8400.0),
    MeasuredPower("TPU v4, PaLM, one chip (192 W at most), arXiv:2204.02311 (2022-04)", 192.0, 378.5),
)
"""Power of whole servers under load, with their source."""

IDLE_SHARE = Range(0.25, 0.15, 0.50)
"""Power of a system whose chips wait, over its power under load.

H100 with a model loaded and no work: its idle power and 26 to 50 W above it, near a sixth of 700 W (arXiv:2605.23918,
2026-05; idle power near 70 W recalled). TPU v4: 90 of 192 W (arXiv:2304.01433, table 4, recalled). The host's own idle
power has no source here: the range is wide for it.
"""

FULL_LOAD = Range(1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Resources:
    """Energy, carbon and cost of a job."""

    energy_kwh: Range
    carbon_kg: Range
    cost_usd: Range


def host_factor() -> Range:
    """Power of a loaded server over the design power of its chips: median, least and greatest of those measured."""
    factors = [one.factor for one in MEASURED_POWER]
    return Range(median(factors), min(factors), max(factors))


def host_factor_without(place: int) -> Range:
    """The same from all measured systems but one: what would have been said of it before it was measured."""
    factors = [one.factor for number, one in enumerate(MEASURED_POWER) if number != place]
    return Range(median(factors), min(factors), max(factors))


def load_factor(busy: Range) -> Range:
    """Power over that under full load, where the chips work for a share of the time: idle + (1 - idle) x share."""
    idle = IDLE_SHARE
    ends = ((idle.point, busy.point), (idle.low, busy.low), (idle.high, busy.high))
    return Range(*(resting + (1.0 - resting) * share for resting, share in ends))


def resources(job: JobSpec, duration_s: Range, busy: Range = FULL_LOAD) -> Resources | Infeasible:
    """Energy, carbon and cost of running the chips of a job for a time, or which figure is not stated.

    ``busy``: the share of the time in which the chips work.
    The ends of the intervals take both ends together (short time and low power; long time and high power),
    so they are at least as wide as the 90 % of the time.
    """
    if job.chip.power_w is None:
        return Infeasible(f"chip {job.chip.id} states no power_w; state it under chips")
    price = job.pool.usd_per_chip_hour
    if price is None:
        return Infeasible(f"pool {job.pool.id} states no usd_per_chip_hour; state it under pools")
    chip_hours = duration_s.scaled(job.chips / 3600.0)
    loaded, share = host_factor(), load_factor(busy)
    factor = Range(loaded.point * share.point, loaded.low * share.low, loaded.high * share.high)
    kw = job.chip.power_w / 1000.0 * job.site.pue
    energy = Range(
        chip_hours.point * kw * factor.point, chip_hours.low * kw * factor.low, chip_hours.high * kw * factor.high
    )
    tariff = 0.0 if job.pool.power_included else job.electricity_usd_per_kwh
    cost = Range(
        chip_hours.point * price + energy.point * tariff,
        chip_hours.low * price + energy.low * tariff,
        chip_hours.high * price + energy.high * tariff,
    )
    return Resources(energy, energy.scaled(job.carbon_g_per_kwh / 1000.0), cost)
