"""Jobs for the tests of this room: real models and chips, with the figures of their publishers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lexloci.model.chip import Chip
from lexloci.model.site import Pool, Site, Tenure
from lexloci.model.workload import Demand, Model, Workload, WorkloadKind
from lexloci.perf import JobSpec

H100 = Chip(
    "h100-sxm",
    "NVIDIA H100 SXM5 80GB",
    "NVIDIA",
    bf16_tflops=989.5,
    fp8_tflops=1979.0,
    memory_gb=80.0,
    memory_gb_per_s=3350.0,
    interconnect_gb_per_s=900.0,
    scale_up_chips=8,
    power_w=700.0,
)
H800 = replace(H100, id="h800-sxm", name="NVIDIA H800 SXM5 80GB", interconnect_gb_per_s=400.0)
B200 = Chip(
    "b200",
    "NVIDIA B200 180GB",
    "NVIDIA",
    bf16_tflops=2250.0,
    fp8_tflops=4500.0,
    fp4_tflops=9000.0,
    memory_gb=180.0,
    memory_gb_per_s=7700.0,
    interconnect_gb_per_s=1800.0,
    scale_up_chips=8,
    power_w=1000.0,
)
MI300X = Chip(
    "mi300x",
    "AMD MI300X",
    "AMD",
    bf16_tflops=1307.4,
    fp8_tflops=2614.9,
    memory_gb=192.0,
    memory_gb_per_s=5300.0,
    interconnect_gb_per_s=896.0,
    scale_up_chips=8,
    power_w=750.0,
)
ASCEND_910B = Chip(
    "ascend-910b",
    "Huawei Ascend 910B",
    "HiSilicon",
    bf16_tflops=354.0,
    fp8_tflops=708.0,
    memory_gb=64.0,
    memory_gb_per_s=1600.0,
    interconnect_gb_per_s=392.0,
    scale_up_chips=8,
    power_w=400.0,
)
CHIPS = {chip.id: chip for chip in (H100, H800, B200, MI300X, ASCEND_910B)}

MODELS = {
    "llama3-405b": Model("llama3-405b", "Llama 3 405B", 405.85e9, layers=126, hidden=16384, context_tokens=8192),
    "llama2-70b": Model(
        "llama2-70b",
        "Llama 2 70B",
        69e9,
        layers=80,
        hidden=8192,
        kv_bytes_per_token=163840.0,
        context_tokens=588,
        weight_bytes_per_parameter=1.0,
    ),
    "deepseek-v3": Model(
        "deepseek-v3",
        "DeepSeek-V3",
        671e9,
        active_parameters=37e9,
        layers=61,
        hidden=7168,
        kv_bytes_per_token=35136.0,
        context_tokens=4096,
    ),
    "pangu-ultra-moe": Model(
        "pangu-ultra-moe", "Pangu Ultra MoE", 718e9, active_parameters=39e9, layers=61, hidden=7680, context_tokens=8192
    ),
}
SITE = Site("johor", "Johor 1", "MY", "operator", pue=1.3)

MakeJob = Callable[..., JobSpec]


def _make(
    model: str | Model = "llama3-405b",
    chip: str | Chip = "h100-sxm",
    chips: int = 16384,
    kind: WorkloadKind = WorkloadKind.PRE_TRAIN,
    workload: dict[str, Any] | None = None,
    pool: dict[str, Any] | None = None,
    **fields: Any,
) -> JobSpec:
    found = MODELS[model] if isinstance(model, str) else model
    part = CHIPS[chip] if isinstance(chip, str) else chip
    facts: dict[str, Any] = {"tokens": 1e12} if kind.is_training else {}
    if kind is WorkloadKind.SERVE:
        facts = {"days": 30.0, "demand": Demand("asia", ("SG",), 10000.0, 1.0, 5.0)}
    stand = {"chips": max(chips, 8), "usd_per_chip_hour": 2.0} | (pool or {})
    return JobSpec(
        workload=Workload("job", "Job", "lab", kind, found.id, **(facts | (workload or {}))),
        model=found,
        chip=part,
        pool=Pool("pool", "johor", part.id, holder="operator", tenure=Tenure.RENTED, **stand),
        site=fields.pop("site", SITE),
        chips=chips,
        electricity_usd_per_kwh=fields.pop("electricity_usd_per_kwh", 0.1),
        carbon_g_per_kwh=fields.pop("carbon_g_per_kwh", 600.0),
        **fields,
    )


@pytest.fixture(scope="session")
def make_job() -> MakeJob:
    return _make
