"""aiconfigurator (Apache-2.0), run in its own environment: what its database of measured kernels says of the same rows.

It takes a batch as an input: it is asked for several, and its best counts (those beyond its memory it refuses). Only
runs at greatest load on a stated split are put to it; rows of chips and models that it does not know it does not take.
Of the others every tenth is put to it, since one takes many seconds.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lexloci.perf.serving_rows import ServingRow

PYTHON = Path(__file__).resolve().parents[2] / "build" / "bench-perf" / "aiconfigurator" / "bin" / "python"
_WORKER = Path(__file__).with_name("worker_aiconfigurator.py")
EACH = 10
SYSTEMS = {
    "h100-sxm": "h100_sxm",
    "h200-sxm": "h200_sxm",
    "b200": "b200_sxm",
    "gb200": "gb200",
    "rtx-pro-6000-server": "rtx_pro_6000_server",
}
MODELS = {
    "Llama 3.1 8B": "meta-llama/Meta-Llama-3.1-8B",
    "Llama 3.3 70B": "meta-llama/Meta-Llama-3.1-70B",
    "Llama 3.1 405B": "meta-llama/Meta-Llama-3.1-405B",
    "Llama 4 Scout": "meta-llama/Llama-4-Scout-17B-16E-Instruct",
    "Llama 4 Maverick": "meta-llama/Llama-4-Maverick-17B-128E-Instruct",
    "Qwen3-235B-A22B": "Qwen/Qwen3-235B-A22B",
    "Qwen3-30B-A3B": "Qwen/Qwen3-30B-A3B",
}


def tokens_per_s_per_chip(rows: Sequence[ServingRow]) -> NDArray[np.float64] | None:
    """Output tokens a second and chip; NaN where it takes no such row, None where its environment is not there."""
    if not PYTHON.exists():
        return None
    asked = [_asked(row) for row in rows]
    taken = [place for place, one in enumerate(asked) if one]
    kept = set(taken[::EACH])
    asked = [one if place in kept else None for place, one in enumerate(asked)]
    answer = subprocess.run(  # noqa: S603 - our own worker
        [str(PYTHON), str(_WORKER)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return np.array([np.nan if value is None else value for value in json.loads(answer.stdout.splitlines()[-1])])


def _asked(row: ServingRow) -> dict[str, object] | None:
    if row.requests <= 0 or len(row.copies) != 1 or row.chip.id not in SYSTEMS or row.model not in MODELS:
        return None
    tensor, stages = row.copies[0]
    four = float(np.asarray(row.precision.always_bytes)) < 1.0
    return {
        "model": MODELS[row.model],
        "system": SYSTEMS[row.chip.id],
        "isl": int(row.prompt_tokens),
        "osl": int(row.output_tokens),
        "tensor": tensor,
        "stages": stages,
        "mixture": row.is_mixture,
        "gemm": "nvfp4" if four else "fp8",
        "requests": int(row.requests),
    }
