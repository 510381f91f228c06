"""The chips and the network that a training step runs on, reduced to the figures that decide its time.

Three tiers: the chip's own memory; the scale-up domain (NVLink behind a switch, HCCS as a mesh, the torus of a
TPU pod); the fabric between domains. ``gemm_units`` are the units among which the tiles of a matrix product are
dealt out (streaming multiprocessors, matrix cores): data sheets of the makers. ``power_share`` is the power limit of
the chip over the design power of its model: below one, matrix products run at a lower clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from lexloci.model.chip import Chip
from lexloci.perf.chip_family import chip_family
from lexloci.perf.shape import Numbers


class Generation(IntEnum):
    """Generations of chips that have fitted efficiencies of their own; ``OTHER`` takes the priors, wider.

    Blackwell Ultra (B300, GB300) has twice the exponentials of attention and more power than Blackwell (NVIDIA, 2025).
    """

    OTHER = 0
    AMPERE = 1
    HOPPER = 2
    BLACKWELL = 3
    TPU = 4
    ASCEND = 5
    BLACKWELL_ULTRA = 6


class Precision(IntEnum):
    """What the matrix products are computed in."""

    BF16 = 0
    FP8 = 1
    FP4 = 2


_GENERATIONS = {
    "Ampere": Generation.AMPERE,
    "Hopper": Generation.HOPPER,
    "Blackwell": Generation.BLACKWELL,
    "TPU": Generation.TPU,
    "Ascend 910B": Generation.ASCEND,
    "Ascend 910C": Generation.ASCEND,
}
GEMM_UNITS = {
    Generation.OTHER: 128.0,
    Generation.AMPERE: 108.0,
    Generation.HOPPER: 132.0,
    Generation.BLACKWELL: 148.0,
    Generation.BLACKWELL_ULTRA: 148.0,
    Generation.TPU: 8.0,
    Generation.ASCEND: 24.0,
}
PRECISIONS = {
    "fp16": Precision.BF16,
    "bf16": Precision.BF16,
    "fp8": Precision.FP8,
    "mxfp8": Precision.FP8,
    "fp4": Precision.FP4,
    "nvfp4": Precision.FP4,
    "mxfp4": Precision.FP4,
}


@dataclass(frozen=True, slots=True)
class Machine:
    """Peaks, memory and network of one chip, or of many (arrays); bandwidths are of one chip, one direction."""

    generation: Numbers
    bf16_flop_per_s: Numbers
    low_precision_flop_per_s: Numbers
    memory_bytes: Numbers
    memory_bytes_per_s: Numbers
    domain_chips: Numbers
    domain_bytes_per_s: Numbers
    fabric_bytes_per_s: Numbers
    gemm_units: Numbers
    power_share: Numbers = 1.0


def generation_of(chip: str, designer: str = "") -> Generation:
    """The generation of a chip by its id or name."""
    found = _GENERATIONS.get(chip_family(chip, designer).name, Generation.OTHER)
    ultra = found == Generation.BLACKWELL and re.search(r"b300", chip.lower())
    return Generation.BLACKWELL_ULTRA if ultra else found


_LEAST_LINK = 0.4
"""Of a chip in a scale-up domain, GB/s both directions added for each BF16 TFLOP/s: H800 0.4, MI300X and GB200 0.7,
B200 0.8, H100 0.9, Ascend 910B 1.0, A100 1.9 (data sheets, in the catalogue)."""


def machine_of(
    chip: Chip, fabric_gbps: float, precision: Precision = Precision.BF16
) -> tuple[Machine, tuple[str, ...]]:
    """A chip of the catalogue or of a user in a network of ``fabric_gbps`` a chip, and what had to be taken.

    Needs ``bf16_tflops``, ``memory_gb`` and ``memory_gb_per_s``. A chip that states no link to its neighbours is
    taken to have the least that chips of its kind have: see ``_LEAST_LINK``.
    """
    if chip.bf16_tflops is None or chip.memory_gb is None or chip.memory_gb_per_s is None:
        raise ValueError(f"chip {chip.id} states no peak, memory or bandwidth")
    notes = []
    if chip.interconnect_gb_per_s is None:
        notes.append("interconnect_gb_per_s not stated: the least of chips of its kind taken")
    generation = generation_of(f"{chip.id} {chip.name}", chip.designer)
    machine = Machine(
        generation=float(generation),
        bf16_flop_per_s=chip.bf16_tflops * 1e12,
        low_precision_flop_per_s=(
            (chip.fp4_tflops if precision == Precision.FP4 else chip.fp8_tflops) or chip.bf16_tflops
        )
        * 1e12,
        memory_bytes=chip.memory_gb * USABLE_BYTES_PER_GB,
        memory_bytes_per_s=chip.memory_gb_per_s * 1e9,
        domain_chips=float(chip.scale_up_chips),
        domain_bytes_per_s=(chip.interconnect_gb_per_s or _LEAST_LINK * chip.bf16_tflops) / 2.0 * 1e9,
        fabric_bytes_per_s=fabric_gbps / 8.0 * 1e9,
        gemm_units=GEMM_UNITS[generation],
    )
    return machine, tuple(notes)


USABLE_BYTES_PER_GB = 0.99 * 2.0**30
"""Memory that a program sees for each GB on the data sheet: 42.5e9 bytes on an A100 of 40 GB, 85.5e9 on an H100 of 80
(nvidia-smi: 40,536 and 81,559 MiB)."""
