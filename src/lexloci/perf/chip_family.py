"""Which measurements speak for a chip: its family (one generation of one design) and its vendor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_PATTERNS: tuple[tuple[str, str, str], ...] = (
    (r"rtx[- ]?pro[- ]?6000d", "RTX Blackwell, compute cut", "NVIDIA"),
    (r"rtx[- ]?pro[- ]?6000", "RTX Blackwell", "NVIDIA"),
    (r"\bg?b[123]00\b", "Blackwell", "NVIDIA"),
    (r"\bg?h[128]00\b", "Hopper", "NVIDIA"),
    (r"\bh20\b", "Hopper, compute cut", "NVIDIA"),
    (r"\ba[18]00\b", "Ampere", "NVIDIA"),
    (r"\b(l40s?|l20|l4|rtx[- ]?4090( ?-?d)?)\b", "Ada", "NVIDIA"),
    (r"ascend[- ]?910b", "Ascend 910B", "Huawei"),
    (r"ascend[- ]?910c", "Ascend 910C", "Huawei"),
    (r"ascend[- ]?300i[- ]?duo|ascend[- ]?310p", "Ascend 310P", "Huawei"),
    (r"\bascend", "Ascend, other", "Huawei"),
    (r"\bmi308x", "CDNA3, compute cut", "AMD"),
    (r"\bmi3[02]\dx?\b", "CDNA3", "AMD"),
    (r"\bmi35\dx?\b", "CDNA4", "AMD"),
    (r"\btpu[- ]?v?\d", "TPU", "Google"),
)
_VENDORS = {"nvidia": "NVIDIA", "huawei": "Huawei", "hisilicon": "Huawei", "amd": "AMD", "google": "Google"}
_COMPILED = tuple((re.compile(pattern), name, vendor) for pattern, name, vendor in _PATTERNS)


@dataclass(frozen=True, slots=True)
class ChipFamily:
    """One generation of one design, and who designs it."""

    name: str
    vendor: str


@lru_cache(maxsize=1024)
def chip_family(chip: str, designer: str = "") -> ChipFamily:
    """The family of a chip by its id or name; a chip of no known family is a family of its own.

    A100 and A800, and H100, H200 and H800, are one family each: the same die, other links or memory
    (data sheets of the vendor). H20, MI308X and RTX PRO 6000D are kept apart: their compute is cut to a fraction
    at full bandwidth (the H20's to 15 %), so a share of it that others reach says little.
    """
    text = chip.lower()
    for pattern, name, vendor in _COMPILED:
        if pattern.search(text):
            return ChipFamily(name, vendor)
    known = [_VENDORS[word] for word in re.findall(r"[a-z]+", designer.lower()) if word in _VENDORS]
    return ChipFamily(chip, known[0] if known else designer)
