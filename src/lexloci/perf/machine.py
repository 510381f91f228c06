"""The chips and the network that a training step runs on, reduced to the figures that decide its time.

Three tiers: the chip's own memory; the scale-up domain (NVLink behind a switch, HCCS as a mesh, the torus of a
TPU pod); the fabric between domains. ``gemm_units`` are the units among which the tiles of a matrix product are
dealt out (streaming multiprocessors, matrix cores): data sheets of the makers. ``power_share`` is the power limit of
the chip over the design power of its model: below one, matrix products run at a lower clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from lexloci.perf.chip_family import chip_family
from lexloci.perf.shape import Numbers


class Generation(IntEnum):
    """Generations of chips that have fitted efficiencies of their own; ``OTHER`` takes the priors, wider."""

    OTHER = 0
    AMPERE = 1
    HOPPER = 2
    BLACKWELL = 3
    TPU = 4
    ASCEND = 5


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
    return _GENERATIONS.get(chip_family(chip, designer).name, Generation.OTHER)
