"""Power and energy beside measured systems, one by one. What is predicted is said with what it rests on."""

# ruff: noqa: T201 - a benchmark speaks by printing

from __future__ import annotations

from lexloci.catalogue.chips import chip
from lexloci.perf.energy import MEASURED_POWER, loaded_w

H100_GPU_ONLY = (
    # name, parameters, tokens, layers x width x sequence, published MWh (GPU alone)
    ("OLMo 2 7B, H100, GPUs alone", 7.3e9, 4.05e12, 32 * 4096 * 4096, 131.0),
    ("OLMo 2 13B, H100, GPUs alone", 13.7e9, 5.6e12, 40 * 5120 * 4096, 257.0),
)
"""arXiv:2501.00656, tables 1 and 3 and section on energy; tokens of all stages."""
TYPICAL_MFU = (0.30, 0.40, 0.50)
"""Low, middle and high share of the BF16 peak of dense training of this size on H100 in the shipped table."""


def report() -> None:
    """Print measured and predicted power and energy of each system."""
    print("POWER: each measured system, from those of other chips (part of the host + design power x factor)")
    for system in MEASURED_POWER:
        said = loaded_w(system.design_w, without=system.chip).scaled(system.chips)
        inside = said.low <= system.measured_w <= said.high
        print(
            f"    {system.name}: measured {told_w(system.measured_w)}, predicted {told_w(said.point)} "
            f"({told_w(said.low)} to {told_w(said.high)}), {said.point / system.measured_w - 1.0:+.1%}, "
            f"{'inside' if inside else 'OUTSIDE'}"
        )
    all_together = loaded_w(1000.0)
    print(f"    a chip of 1,000 W: {all_together.point:.0f} W ({all_together.low:.0f} to {all_together.high:.0f})")
    _olmo()


def told_w(watts: float) -> str:
    """A power in kW, or in W where it is that of one chip."""
    return f"{watts / 1000.0:.2f} kW" if watts >= 1000.0 else f"{watts:.1f} W"


def _olmo() -> None:
    """Energy of GPUs alone at their design power, from the operations of training and a stated range of MFU."""
    h100 = chip("h100-sxm")
    for name, parameters, tokens, attention, measured in H100_GPU_ONLY:
        flop = (6.0 * parameters + 6.0 * attention) * tokens
        found = [
            flop / (share * (h100.bf16_tflops or 0.0) * 1e12) / 3600.0 * (h100.power_w or 0.0) / 1e6
            for share in TYPICAL_MFU
        ]
        print(
            f"    {name}: measured {measured:.0f} MWh, "
            f"predicted {found[1]:.0f} ({found[2]:.0f} to {found[0]:.0f}) at "
            f"MFU {TYPICAL_MFU[1]:.2f} ({TYPICAL_MFU[2]:.2f} to {TYPICAL_MFU[0]:.2f}), {found[1] / measured - 1.0:+.1%}"
        )
