"""How much energy, carbon and money a job takes, given its time.

power of a chip = (its part of the host + thermal design power x factor) x PUE x (idle + (1 - idle) x share at work)
energy = chips x power x time;  carbon = energy x intensity of the grid
cost = chips x price of a chip-hour x time, and energy x tariff where the price leaves power out
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import fmean, stdev

from lexloci.model.estimate import Range
from lexloci.perf.job import Infeasible, JobSpec

HOST_W = 150.0
"""Watts of a chip's part of its host, whatever the chip draws.

Of the server that makers sell around eight of them: two processors of 350 W, eight adapters of 25 W, memory and disks
of 300 W together (data sheets of DGX H100 and its parts, recalled).
"""


@dataclass(frozen=True, slots=True)
class MeasuredPower:
    """A measured system under load: chips, what ran and the source, how many, design power of one, what it drew (W)."""

    chip: str
    run: str
    chips: int
    design_w: float
    measured_w: float

    @property
    def name(self) -> str:
        """The system in a line."""
        return f"{self.chip}, {self.run}"

    @property
    def factor(self) -> float:
        """Power beside the host's over the design power of the chips: their load, fans, conversion of the current."""
        return (self.measured_w / self.chips - HOST_W) / self.design_w


MEASURED_POWER: tuple[MeasuredPower, ...] = (
    MeasuredPower("8 x B200", "Llama2-70B offline, MLPerf Inference v5.1 (2025-09)", 8, 1000.0, 10401.0),
    MeasuredPower("8 x B200", "Llama2-70B server, MLPerf Inference v5.1 (2025-09)", 8, 1000.0, 10442.3),
    MeasuredPower("8 x B200", "Llama3.1-405B offline, MLPerf Inference v5.1 (2025-09)", 8, 1000.0, 9891.8),
    MeasuredPower("8 x B200", "Llama3.1-405B server, MLPerf Inference v5.1 (2025-09)", 8, 1000.0, 9566.2),
    MeasuredPower("8 x B200", "Llama3.1-8B, MLPerf Inference v5.1 (2025-09)", 8, 1000.0, 9440.0),
    MeasuredPower("8 x H100", "training, 76 % of 10.2 kW, arXiv:2506.14551 (2025-06)", 8, 700.0, 0.76 * 10200.0),
    MeasuredPower("8 x H100", "greatest while training, Latif et al., IEEE Access 13, 61740 (2025)", 8, 700.0, 8400.0),
    MeasuredPower("TPU v4", "PaLM, one chip (192 W at most), arXiv:2204.02311 (2022-04)", 1, 192.0, 378.5),
)
"""Power of whole servers under load, with their source. Five are of one server: of others they say less than eight."""

_STUDENT = {2: 2.920, 5: 2.015, 6: 1.943, 7: 1.895}
"""The 95 % quantile of Student's distribution, by degrees of freedom."""

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


def loaded_w(design_w: float, without: str = "") -> Range:
    """Watts of a chip under load with its part of the host; ``without`` leaves the measured systems of one chip out.

    The interval is that of a ninth system after eight: mean and spread of their factors in logs, and Student's
    quantile, since eight say little of how far the next may lie.
    """
    logs = [log(one.factor) for one in MEASURED_POWER if one.chip != without]
    apart = _STUDENT[len(logs) - 1] * stdev(logs) * sqrt(1.0 + 1.0 / len(logs))
    middle = fmean(logs)
    return Range(*(HOST_W + design_w * exp(value) for value in (middle, middle - apart, middle + apart)))


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
    loaded, share = loaded_w(job.chip.power_w), load_factor(busy)
    pue = job.site.pue / 1000.0
    energy = Range(
        chip_hours.point * pue * loaded.point * share.point,
        chip_hours.low * pue * loaded.low * share.low,
        chip_hours.high * pue * loaded.high * share.high,
    )
    tariff = 0.0 if job.pool.power_included else job.electricity_usd_per_kwh
    cost = Range(
        chip_hours.point * price + energy.point * tariff,
        chip_hours.low * price + energy.low * tariff,
        chip_hours.high * price + energy.high * tariff,
    )
    return Resources(energy, energy.scaled(job.carbon_g_per_kwh / 1000.0), cost)
