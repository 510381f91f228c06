"""The rows of chips.csv: the collected accelerators, with Epoch AI's figures where a cell is blank."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

EPOCH: Final = "Epoch AI, Data on Machine Learning Hardware, 2026-05 (CC-BY-4.0)"
COLLECTION: Final = "lexloci accelerator collection, 2026-11"

FIGURES: Final = {
    "bf16_tflops": ("fp16_bf16_tflops_dense", ("Tensor-FP16/BF16 performance (FLOP/s)",), 1e12),
    "fp8_tflops": ("fp8_int8_tops_dense", ("FP8 performance (FLOP/s)", "INT8 performance (OP/s)"), 1e12),
    "fp4_tflops": ("fp4_tflops_dense", ("FP4 performance (FLOP/s)",), 1e12),
    "memory_gb": ("mem_gb", ("Memory (bytes)",), 1e9),
    "memory_gb_per_s": ("mem_bw_gbps", ("Memory bandwidth (byte/s)",), 1e9),
    "interconnect_gb_per_s": ("scaleup_GBps_bidir", ("Intranode bandwidth (byte/s)",), 1e9),
    "die_area_mm2": ("die_area_mm2", ("Die Size (mm^2)",), 1.0),
    "power_w": ("tdp_w", ("TDP (W)",), 1.0),
}
"""Field -> column of the collection, columns of Epoch in order of preference, Epoch's unit in ours."""

EPOCH_TPP: Final = "Total processing performance (bit-OP/s)"
EPOCH_TPP_UNIT: Final = 1e12
"""Epoch counts operations times bits a second; the law counts TOPS times bits, 1e12 times less."""

STATED: Final = {
    "rtx-4090d": (
        "4708",
        "export-control analyses print 4,708 (recalled, unverified); the derived 4,704 rests on a rounded 588 TFLOPS",
    ),
    "rtx-5090d": (
        "4750",
        (
            "NVIDIA's 2,375 AI TOPS are sparse FP4, so 1,187.5 dense x 4 bits "
            "(https://hmc-tech.com/gpu/nvidia-geforce-rtx-5090-d-vs-nvidia-4x-geforce-rtx-4090); "
            "the collection's FP4 figure is a derated guess"
        ),
    ),
}
"""Published TPP above the one derived from the figures: the law takes the highest that is claimed."""

ANNOUNCED: Final = "figures of the maker's roadmap of 2025-09; no delivery known by 2026-11"

CHECKED: Final = {
    "l40s": (
        "two collections agree",
        "FP8 733 TFLOPS dense, NVIDIA's table as reprinted at https://www.mullet.se/product.html?product_id=355414",
    ),
    "rtx-5090": (
        "two collections agree",
        "FP4 3,352 TOPS sparse, 1,676 dense: https://www.spheron.network/blog/nvidia-rtx-5090-specs/",
    ),
    "rtx-pro-6000-server": (
        "two collections agree",
        "up to 4 PFLOPS FP4 sparse, 2 dense: https://jarvislabs.ai/blog/nvfp4-rtxpro-6000",
    ),
    "mi100": (
        "two collections agree",
        (
            "FP16 and INT8 184.6: https://www.notebookcheck.net/AMD-announces-CDNA-based-Instinct-MI100-GPU-with-120-CUs-"
            "for-HPC-promises-up-to-2-1x-more-performance-per-dollar-compared-to-the-NVIDIA-A100.504329.0.html"
        ),
    ),
    "gaudi-2": (
        "partly verified",
        "BF16 432 TFLOPS in Intel's Hot Chips 2024 slides (https://www.sgpjbg.com/baogao/465025.html); FP8 is not",
    ),
    "gaudi-3": (
        "verified",
        "BF16 and FP8 1,835 TFLOPS in Intel's Hot Chips 2024 slides: https://www.sgpjbg.com/baogao/465025.html",
    ),
    "rtx-4090d": (
        "two collections agree",
        (
            "TPP 4,707 in print (https://www.tomshw.it/hardware/anche-la-rtx-4090d-e-illegale-gli-usa-vietano-le-gpu-sopra-"
            "i-70-teraflops-in-cina-2024-04-04), as follows from 14,592 of the RTX 4090's 16,384 cores, at its clock"
        ),
    ),
    "trainium-1": (
        "verified",
        (
            "AWS prints 420 INT8 TOPS, later 380, and 190 FP16 TFLOPS; the higher is taken: https://awsdocs-neuron."
            "readthedocs-hosted.com/en/v2.9.1/_sources/general/arch/neuron-hardware/trainium.rst.txt"
        ),
    ),
    "ascend-910b": ("low", "bin not stated: the figures are the 910B2's; sources give 220 to 414 TFLOPS"),
    "ascend-950dt": ("partly verified", ANNOUNCED),
    "ascend-960": ("partly verified", ANNOUNCED),
    "ascend-970": ("partly verified", ANNOUNCED),
}
"""Rows whose operations per second were looked up again on 2026-11-22: the level, and what was read."""

RELEASES_IN_DOUBT: Final = {
    "l40s": (
        "",
        "sources differ: 2022-10 (TechPowerUp), third quarter of 2023 (https://gpu.blog/gpus/nvidia-l40s-nvl)",
    ),
}
"""Releases that sources give so differently that none is taken."""

EAR_APPLIES: Final = "designed by a company headquartered in the US: 15 CFR 734.3(a), 734.9(h)"
EAR_UNKNOWN: Final = "not determined: whether 15 CFR 734.9 reaches it depends on where and with what it was made"

PREFIXED: Final = ("NVIDIA", "AMD", "Intel", "Google", "AWS", "Microsoft", "Huawei HiSilicon")


def chip_rows(chips: Path, epoch: Path, names: Path) -> Iterator[dict[str, str]]:
    """The rows of chips.csv, in the order of the collection."""
    by_name = {row["chip"]: row for row in _rows(chips)}
    by_epoch_name = {row["Hardware name"]: row for row in _rows(epoch)}
    for entry in _rows(names):
        other = by_epoch_name[entry["epoch_name"]] if entry["epoch_name"] else {}
        yield chip_row(by_name[entry["name"]], other, entry)


def chip_row(collected: Mapping[str, str], epoch: Mapping[str, str], entry: Mapping[str, str]) -> dict[str, str]:
    """One row: figures merged, with the source of each cell that is not the collection's."""
    sources = {"*": f"{collected['sources'] or 'published figures as recalled, no source read'} ({COLLECTION})"}
    figures: dict[str, str] = {}
    for field, (column, epoch_columns, unit) in FIGURES.items():
        figures[field] = collected[column]
        filled = next((epoch[name] for name in epoch_columns if epoch.get(name)), "")
        if not figures[field] and filled:
            figures[field] = f"{float(filled) / unit:g}"
            sources[field] = EPOCH
    stated, why = STATED.get(entry["id"], ("", ""))
    if stated:
        sources["stated_total_processing_performance"] = why
    released, sources["released"] = RELEASES_IN_DOUBT.get(entry["id"]) or _released(
        collected["release"], epoch.get("Release date", "")
    )
    level, checked = CHECKED.get(entry["id"]) or verification(collected, epoch)
    sources["verification"] = "; ".join(filter(None, (collected["verification"], collected["uncertain"], checked)))
    if re.search(r"\bdie\b", collected["uncertain"]) and "die_area_mm2" not in sources:
        sources["die_area_mm2"] = f"{sources['*']}; {collected['uncertain']}"
    if not collected["scaleup_domain"]:
        sources["scale_up_chips"] = "assumption: size of the domain not known, so one chip"
    american = collected["designer_hq"] == "US"
    sources["subject_to_ear"] = EAR_APPLIES if american else EAR_UNKNOWN
    if entry["for_data_centres"]:
        sources["for_data_centres"] = f"the maker's product line ({COLLECTION})"
    if figures["interconnect_gb_per_s"] and collected["scaleup"] and "interconnect_gb_per_s" not in sources:
        sources["interconnect_gb_per_s"] = f"{collected['scaleup']}, both directions added: {sources['*']}"
    return {
        "id": entry["id"],
        "name": entry["title"] or _full_name(collected["vendor"], entry["name"]),
        "designer": collected["vendor"],
        "designer_headquarters": collected["designer_hq"],
        "released": released,
        **figures,
        "scale_up_chips": collected["scaleup_domain"] or "1",
        "for_data_centres": entry["for_data_centres"],
        "subject_to_ear": "yes" if american else "",
        "stated_total_processing_performance": stated,
        "verification": level,
        "sources": json.dumps({key: text for key, text in sources.items() if text}, ensure_ascii=False),
    }


def verification(collected: Mapping[str, str], epoch: Mapping[str, str]) -> tuple[str, str]:
    """How far the operations per second were checked, and what says so beyond the collection.

    ``verified`` if the collection says so of the operations themselves; ``two collections agree`` if they
    were only recalled but Epoch's TPP agrees within 1 %; else ``low``. A row that the collection marks as
    low, rumour, estimate or tertiary stays low whatever agrees with it.
    """
    said = collected["verification"]
    if re.match(r"low|rumour|estimate|tertiary|partly \(|verified\([^)]*tertiary", said):
        return "low", ""
    if said == "partly verified" or (said.startswith("partly") and _names_operations(said, collected)):
        return "partly verified", ""
    if said == "verified" or ("recalled" not in said and _names_operations(said, collected)):
        return "verified", ""
    theirs = float(epoch.get(EPOCH_TPP) or 0) / EPOCH_TPP_UNIT
    ours = float(collected["tpp"])
    if ours and abs(theirs / ours - 1) <= 0.01:
        return "two collections agree", f"TPP {theirs:g} by {EPOCH}"
    return "low", ""


def _names_operations(said: str, collected: Mapping[str, str]) -> bool:
    """Whether what was checked names one of the row's own figures, in TFLOPS or in PFLOPS (PF)."""
    columns = ("fp16_bf16_tflops_dense", "fp8_int8_tops_dense", "fp4_tflops_dense")
    figures = [float(collected[column]) for column in columns if collected[column]]
    written = {float(text) for text in re.findall(r"\d+(?:\.\d+)?(?! ?(?:PF|GB|TB|W))\b", said)}
    written |= {float(text) * 1000 for text in re.findall(r"(\d+(?:\.\d+)?) PF", said)}
    return any(figure in written for figure in figures)


def _released(collected: str, epoch: str) -> tuple[str, str]:
    """The day of release and where it comes from; blank where no month is known or the two name other years."""
    if re.fullmatch(r"\d{4}-\d{2}", collected):
        return f"{collected}-01", f"{COLLECTION}: {collected}, the first of the month taken"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", epoch) and (not collected or epoch[:4] in collected):
        return epoch, EPOCH
    return "", f"{COLLECTION}: {collected}" if collected else ""


def _full_name(vendor: str, name: str) -> str:
    return f"{vendor.split(maxsplit=1)[0]} {name}" if vendor in PREFIXED else name


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
