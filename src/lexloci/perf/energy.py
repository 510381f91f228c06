"""How much energy, carbon and money a job takes, given its time.

power of a chip = thermal design power x host factor x PUE
energy = chips x power x time;  carbon = energy x intensity of the grid
cost = chips x price of a chip-hour x time, and energy x tariff where the price leaves power out
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from lexloci.model.estimate import Range
from lexloci.perf.job import Infeasible, JobSpec

MEASURED_HOST_FACTORS: tuple[tuple[float, str], ...] = (
    (10401.0 / 8000.0, "8 x B200, Llama2-70B offline, MLPerf Inference v5.1 (2025-09)"),
    (10442.3 / 8000.0, "8 x B200, Llama2-70B server, MLPerf Inference v5.1 (2025-09)"),
    (9891.8 / 8000.0, "8 x B200, Llama3.1-405B offline, MLPerf Inference v5.1 (2025-09)"),
    (9566.2 / 8000.0, "8 x B200, Llama3.1-405B server, MLPerf Inference v5.1 (2025-09)"),
    (9440.0 / 8000.0, "8 x B200, Llama3.1-8B, MLPerf Inference v5.1 (2025-09)"),
    (0.76 * 10200.0 / 5600.0, "8 x H100, training, arXiv:2506.14551 (2025-06): 76 % of 10.2 kW"),
    (8400.0 / 5600.0, "8 x H100, greatest while training, Latif et al., IEEE Access 13, 61740 (2025)"),
    (378.5 / 192.0, "TPU v4, PaLM, arXiv:2204.02311 (2022-04): 378.5 W measured; 192 W at most for the chip"),
)
"""Power of a whole server under load over the thermal design power of its chips, with its source."""


@dataclass(frozen=True, slots=True)
class Resources:
    """Energy, carbon and cost of a job."""

    energy_kwh: Range
    carbon_kg: Range
    cost_usd: Range


def host_factor() -> Range:
    """Power of a loaded server over the design power of its chips: median, least and greatest of those measured."""
    factors = [factor for factor, _ in MEASURED_HOST_FACTORS]
    return Range(median(factors), min(factors), max(factors))


def host_factor_without(place: int) -> Range:
    """The same from all measured systems but one: what would have been said of it before it was measured."""
    factors = [factor for number, (factor, _) in enumerate(MEASURED_HOST_FACTORS) if number != place]
    return Range(median(factors), min(factors), max(factors))


def resources(job: JobSpec, duration_s: Range) -> Resources | Infeasible:
    """Energy, carbon and cost of running the chips of a job for a time, or which figure is not stated.

    The ends of the intervals take both ends together (short time and low power; long time and high power),
    so they are at least as wide as the 90 % of the time.
    """
    if job.chip.power_w is None:
        return Infeasible(f"chip {job.chip.id} states no power_w; state it under chips")
    price = job.pool.usd_per_chip_hour
    if price is None:
        return Infeasible(f"pool {job.pool.id} states no usd_per_chip_hour; state it under pools")
    chip_hours = duration_s.scaled(job.chips / 3600.0)
    factor = host_factor()
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
