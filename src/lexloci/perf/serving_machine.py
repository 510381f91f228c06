"""The chip, its host, its network and its software, reduced to what decides the time of a step of serving."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from lexloci.model.chip import Chip
from lexloci.perf.chip_family import chip_family
from lexloci.perf.shape import Numbers


class ServingGeneration(IntEnum):
    """Generations of chips that have fitted figures of their own.

    The last of each vendor stands for its other generations, ``OTHER`` for other vendors: they take what the measured
    ones have in common (``GENERATION_PARENT``), and are less sure.
    """

    OTHER = 0
    HOPPER = 1
    BLACKWELL = 2
    BLACKWELL_RTX = 3
    ADA = 4
    CDNA3 = 5
    CDNA4 = 6
    ASCEND_910 = 7
    ASCEND_310 = 8
    AMPERE = 9
    NVIDIA_OTHER = 10
    AMD_OTHER = 11
    HUAWEI_OTHER = 12


_OF_VENDOR = {
    "NVIDIA": ServingGeneration.NVIDIA_OTHER,
    "AMD": ServingGeneration.AMD_OTHER,
    "Huawei": ServingGeneration.HUAWEI_OTHER,
}
GENERATIONS_UNMEASURED = frozenset({ServingGeneration.OTHER, *_OF_VENDOR.values()})
"""Generations that stand for many: what a user measures on a chip of one says nothing of the others."""
GENERATION_PARENT: dict[IntEnum, IntEnum] = {
    **dict.fromkeys(_OF_VENDOR.values(), ServingGeneration.OTHER),
    ServingGeneration.HOPPER: ServingGeneration.NVIDIA_OTHER,
    ServingGeneration.BLACKWELL: ServingGeneration.NVIDIA_OTHER,
    ServingGeneration.BLACKWELL_RTX: ServingGeneration.NVIDIA_OTHER,
    ServingGeneration.ADA: ServingGeneration.NVIDIA_OTHER,
    ServingGeneration.AMPERE: ServingGeneration.NVIDIA_OTHER,
    ServingGeneration.CDNA3: ServingGeneration.AMD_OTHER,
    ServingGeneration.CDNA4: ServingGeneration.AMD_OTHER,
    ServingGeneration.ASCEND_910: ServingGeneration.HUAWEI_OTHER,
    ServingGeneration.ASCEND_310: ServingGeneration.HUAWEI_OTHER,
}
"""What a generation resembles where few rows speak for it: its vendor's others; a vendor resembles the others."""


class Host(IntEnum):
    """The processor that feeds the chip: it schedules requests and handles every token."""

    X86 = 0
    GRACE = 1


class Stack(IntEnum):
    """Whose serving software runs, by vendor (and supernode): what it spends on a layer beside the arithmetic."""

    NVIDIA = 0
    AMD = 1
    HUAWEI = 2
    OTHER = 3
    HUAWEI_910C = 4


STACK_PARENT: dict[IntEnum, IntEnum] = {
    Stack.AMD: Stack.OTHER,
    Stack.HUAWEI: Stack.OTHER,
    Stack.HUAWEI_910C: Stack.HUAWEI,
}
"""What a vendor's software resembles where few rows speak for it; all are counted against NVIDIA's."""


class Tuning(IntEnum):
    """How the software was set.

    Default options; tuned for a benchmark as submissions to MLPerf are, by epoch; or tuned for one phase, on chips
    that read prompts or generate alone.
    """

    DEFAULT = 0
    TUNED_2024 = 1
    TUNED_2025 = 2
    APART = 3


_GENERATIONS = {
    "Hopper": ServingGeneration.HOPPER,
    "Hopper, compute cut": ServingGeneration.HOPPER,
    "Blackwell": ServingGeneration.BLACKWELL,
    "RTX Blackwell": ServingGeneration.BLACKWELL_RTX,
    "RTX Blackwell, compute cut": ServingGeneration.BLACKWELL_RTX,
    "Ada": ServingGeneration.ADA,
    "CDNA3": ServingGeneration.CDNA3,
    "CDNA3, compute cut": ServingGeneration.CDNA3,
    "CDNA4": ServingGeneration.CDNA4,
    "Ascend 910B": ServingGeneration.ASCEND_910,
    "Ascend 910C": ServingGeneration.ASCEND_910,
    "Ascend 310P": ServingGeneration.ASCEND_310,
    "Ampere": ServingGeneration.AMPERE,
}
_STACKS = {"NVIDIA": Stack.NVIDIA, "AMD": Stack.AMD, "Huawei": Stack.HUAWEI, "Ascend 910C": Stack.HUAWEI_910C}
_UNCUT_FLOP_PER_BYTE = {
    "Hopper, compute cut": 1979.0 / 3.35,
    "RTX Blackwell, compute cut": 1007.6 / 1.597,
    "CDNA3, compute cut": 2614.9 / 5.3,
}
"""8-bit operations for a byte of memory of the chip that was cut (H100, RTX PRO 6000, MI300X; data sheets)."""
_GRACE = re.compile(r"\bg[hb]\d00\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServingMachine:
    """One chip, or many (arrays), with its host, software and network; bandwidths of one chip and one direction.

    ``expert_lift``: how much nearer to its peak the products of experts come on a chip whose arithmetic is cut.
    ``flop_per_s``: peak for 16-bit, 8-bit and 4-bit operands; a precision that the chip lacks computes in the next.
    """

    generation: Numbers
    host: Numbers
    stack: Numbers
    flop16_per_s: Numbers
    flop8_per_s: Numbers
    flop4_per_s: Numbers
    has_fp4: Numbers
    memory_bytes: Numbers
    memory_bytes_per_s: Numbers
    domain_chips: Numbers
    domain_bytes_per_s: Numbers
    fabric_bytes_per_s: Numbers
    expert_lift: Numbers = 1.0


def serving_generation(chip: str, designer: str = "") -> ServingGeneration:
    """The generation of a chip by its id or name; its vendor's others where none of its kind was measured, or OTHER."""
    family = chip_family(chip, designer)
    return _GENERATIONS.get(family.name, _OF_VENDOR.get(family.vendor, ServingGeneration.OTHER))


def machine_of(chip: Chip, fabric_gbps: float, domain_chips: int | None = None) -> ServingMachine:
    """The machine of a chip whose data sheet states its arithmetic, memory and bandwidth (raises ValueError else).

    Where the link between chips is not stated, PCIe 4.0 x16 is taken: 32 GB/s one way.
    """
    if chip.bf16_tflops is None or chip.memory_gb is None or chip.memory_gb_per_s is None:
        raise ValueError(f"chip {chip.id} states no bf16_tflops, memory_gb or memory_gb_per_s")
    name = f"{chip.id} {chip.name}"
    family = chip_family(name, chip.designer)
    eight = max(chip.fp8_tflops or 0.0, chip.bf16_tflops)
    four = max(chip.fp4_tflops or 0.0, eight)
    link = chip.interconnect_gb_per_s or 64.0
    return ServingMachine(
        generation=serving_generation(name, chip.designer),
        host=Host.GRACE if _GRACE.search(name) else Host.X86,
        stack=_STACKS.get(family.name) or _STACKS.get(family.vendor, Stack.OTHER),
        flop16_per_s=chip.bf16_tflops * 1e12,
        flop8_per_s=eight * 1e12,
        flop4_per_s=four * 1e12,
        has_fp4=float(bool(chip.fp4_tflops)),
        memory_bytes=chip.memory_gb * 1e9,
        memory_bytes_per_s=chip.memory_gb_per_s * 1e9,
        domain_chips=domain_chips or chip.scale_up_chips,
        domain_bytes_per_s=link * 1e9 / 2.0,
        fabric_bytes_per_s=fabric_gbps * 1e9 / 8.0,
        expert_lift=_expert_lift(family.name, eight / chip.memory_gb_per_s * 1e3),
    )


def _expert_lift(family: str, flop_per_byte: float) -> float:
    """Grouped products are held back by memory and dispatch: cut arithmetic is used the better, by the cut."""
    return max(1.0, _UNCUT_FLOP_PER_BYTE.get(family, flop_per_byte) / flop_per_byte)
