"""Chips, precisions and software as tables of measured serving write them, made into what the model knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from lexloci.catalogue.chips import chips as catalogue_chips
from lexloci.model.chip import Chip
from lexloci.model.errors import LexlociError
from lexloci.perf.serving_step import Precision

NO_CHIPS: Mapping[str, Chip] = MappingProxyType({})
_SOFTWARE = {name.lower(): name for name in ("SGLang", "vLLM", "DeepSeek")}
_CHIP_NAMES: tuple[tuple[str, str], ...] = (
    (r"rtx[- ]?pro[- ]?6000d", "rtx-pro-6000d"),
    (r"rtx[- ]?(pro[- ]?)?6000", "rtx-pro-6000-server"),
    (r"gb300", "gb300"), (r"gb200", "gb200"), (r"gh200", "gh200"), (r"b300", "b300"), (r"b200", "b200"),
    (r"h200[- ]?nvl", "h200-nvl"), (r"h200", "h200-sxm"), (r"h100[- ]?nvl", "h100-nvl"),
    (r"h100[- ]?pcie", "h100-pcie"), (r"h100", "h100-sxm"), (r"h800", "h800-sxm"), (r"h20\b", "h20"),
    (r"a100.*pcie", "a100-pcie-80gb"), (r"a100.*40", "a100-sxm-40gb"), (r"a100", "a100-sxm-80gb"),
    (r"a800", "a800-sxm"), (r"l40s", "l40s"), (r"l40\b", "l40"), (r"l4\b", "l4"), (r"l20\b", "l20"),
    (r"mi300x", "mi300x"), (r"mi308x", "mi308x"), (r"mi325x", "mi325x"), (r"mi350x", "mi350x"),
    (r"mi355x", "mi355x"), (r"910c|cloudmatrix", "ascend-910c"), (r"910b4", "ascend-910b4"),
    (r"910b2", "ascend-910b2"), (r"910b1", "ascend-910b1"), (r"910b", "ascend-910b3"),
    (r"310p|300i", "ascend-310p"), (r"gaudi[- ]?3", "gaudi-3"), (r"gaudi[- ]?2", "gaudi-2"),
    (r"v5e", "tpu-v5e"), (r"v6e|trillium", "tpu-v6e"), (r"v5p", "tpu-v5p"), (r"v7|ironwood", "tpu-v7"),
)  # fmt: skip
_CHIPS = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _CHIP_NAMES)


def software_named(framework: str) -> str:
    """The software of a measurement without its version, as the shipped rows write it.

    MLPerf's submissions name TensorRT for TensorRT-LLM.
    """
    first = framework.split(maxsplit=1)[0].strip(",") if framework.split() else ""
    if first.lower().startswith("tensorrt"):
        return "TensorRT-LLM"
    return _SOFTWARE.get(first.lower(), first)


def chip_named(name: str, own: Mapping[str, Chip] = NO_CHIPS) -> tuple[Chip, float]:
    """The catalogue's chip for the name of a measurement, and how many packages one counted chip is ("x2")."""
    known = {**catalogue_chips(), **own}
    if name in known:
        return known[name], 1.0
    for pattern, found in _CHIPS:
        if pattern.search(name):
            return known[found], 2.0 if re.search(r"x\s?2\)|\bduo\b", name, re.IGNORECASE) else 1.0
    raise LexlociError(f'chip "{name}" is not in the catalogue; write an id that `lexloci` knows, such as h100-sxm')


def precision_named(weights: str, cache: str) -> Precision:
    """Bytes of weights and cache for a precision as tables write it.

    FP4 with its scales takes 4.5 bits (OCP microscaling formats and NVFP4: one 8-bit scale for 16 values). A cache
    that is not stated has 8 bits beside FP8 and FP4 weights (as TensorRT-LLM's recipes set it), else 16.
    """
    text = weights.lower()
    attention, _, experts = text.partition("+")
    always = _bytes_of(attention)
    routed = _bytes_of(experts) if experts else always
    eight_bit_cache = routed <= 1.0 and "w8a8" not in text and "int8" not in text
    held = _bytes_of(cache.lower()) if cache else 1.0 if eight_bit_cache else 2.0
    return Precision(always, routed, held)


def _bytes_of(text: str) -> float:
    if "fp4" in text or "w4" in text or "int4" in text:
        return 0.5625
    if "8" in text and "16" not in text:
        return 1.0
    if "16" in text:
        return 2.0
    raise ValueError(f'precision "{text.strip()}" is none of bf16, fp16, fp8, int8, w8a8, fp4')
