"""llm-analysis (Apache-2.0), run in its own environment: what it says of the same rows.

It takes the share of the peak as an input and knows no chip's; its authors name 0.5 as what Megatron-LM reaches
(``llm_analysis/constant.py``), and that is given to it, with its other efficiencies left at their defaults. It takes
dense models and plain mixtures in whole numbers of micro-batches; other rows it does not take.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.perf.score import Vector

from lexloci.perf.training_rows import TrainingRow

PYTHON = Path(__file__).resolve().parents[2] / "build" / "bench-perf" / "venv" / "bin" / "python"
_WORKER = Path(__file__).with_name("worker_llm_analysis.py")


def step_s(rows: Sequence[TrainingRow]) -> Vector | None:
    """Step times, in seconds; NaN where it takes no such row, None where its environment is not there."""
    if not PYTHON.exists():
        return None
    asked = [row.shape | row.machine | row.layout | row.task | {"chips": row.chips} for row in rows]
    answer = subprocess.run(  # noqa: S603 - our own worker
        [str(PYTHON), str(_WORKER)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return np.array([np.nan if value is None else value for value in json.loads(answer.stdout.splitlines()[-1])])
