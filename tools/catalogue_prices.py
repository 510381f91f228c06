"""The rows of rental_prices.csv: quartiles of published offers by chip and term."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

OFFERED: Final = (
    (r"A100.*SXM", 40, "a100-sxm-40gb"),
    (r"A100.*SXM", 80, "a100-sxm-80gb"),
    (r"A100.*PCIe", 80, "a100-pcie-80gb"),
    (r"A10", 24, "a10"),
    (r"A30", 24, "a30"),
    (r"T4", 16, "t4"),
    (r"L4", 24, "l4"),
    (r"L40", 48, "l40"),
    (r"L40S", 48, "l40s"),
    (r"RTX 4090", 24, "rtx-4090"),
    (r"RTX 5090", 32, "rtx-5090"),
    (r"RTX PRO(-A|\s)?6000 SE", 96, "rtx-pro-6000-server"),
    (r"H100.*PCIe( NVLink)?", 80, "h100-pcie"),
    (r"H100.*SXM", 80, "h100-sxm"),
    (r"H100.*NVL", 94, "h100-nvl"),
    (r"H200.*SXM", 141, "h200-sxm"),
    (r"B200( SXM6?)?", 180, "b200"),
    (r"B200( SXM6?)?", 192, "b200"),
    (r"B300( SXM6?)?", 262, "b300"),
    (r"B300( SXM6?)?", 288, "b300"),
    (r"GB300( SXM6?)?", 288, "gb300"),
    (r"MI300X", 192, "mi300x"),
    (r"MI350X", 288, "mi350x"),
)
"""Name of the offer with its form (whole match), its memory in GB, the chip; an offer without a form is left out."""

NOT_PUBLISHED: Final = ("stale", "estimated")
"""Words of a caveat that say the figure is no current price of the provider."""


def price_rows(offers: Path) -> Iterator[dict[str, str]]:
    """The rows of rental_prices.csv, by chip and term."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for offer in json.loads(offers.read_text(encoding="utf-8")):
        caveats = " ".join(offer.get("caveats") or ()).casefold()
        chip = offered_chip(offer["gpu_model"], offer["vram_gb"], offer["interconnect"] or "")
        if chip is None or any(word in caveats for word in NOT_PUBLISHED):
            continue
        interruptible = offer["is_spot"] or "likely spot" in caveats
        found[chip, "interruptible" if interruptible else "on-demand"].append(offer)
    for (chip, term), listed in sorted(found.items()):
        prices = [float(offer["price_usd_hour"]) for offer in listed]
        lower, median, upper = quantiles(prices, n=4, method="inclusive") if len(prices) > 1 else prices * 3
        yield {
            "chip": chip,
            "term": term,
            "median_usd_per_hour": f"{median:.4g}",
            "lower_quartile_usd_per_hour": f"{lower:.4g}",
            "upper_quartile_usd_per_hour": f"{upper:.4g}",
            "offers": str(len(listed)),
            "providers": str(len({offer["provider_id"] for offer in listed})),
            "sources": " ".join(sorted({offer["source_url"] for offer in listed})),
        }


def offered_chip(model: str, memory_gb: float, interconnect: str) -> str | None:
    """The chip that an offer means; None if its name leaves the form or the memory open."""
    name = re.sub(r"NVIDIA|AMD|GeForce|HGX|Tesla|\d+GB", "", model)
    name = " ".join(name.split())
    if interconnect == "SXM" and "SXM" not in name:
        name += " SXM"
    for pattern, memory, chip in OFFERED:
        if memory == memory_gb and re.fullmatch(pattern + r"\d?", name, flags=re.IGNORECASE):
            return chip
    return None
