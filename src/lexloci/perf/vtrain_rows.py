"""vTrain's measured single-node points as rows of training: 1,440 dense models on 2 to 8 A100, without recomputation.

Source: VIA-Research/vTrain (MIT licence), MICRO 2024: Megatron's kernels of 2021 and 2022 in FP16; the table states
layers, width, heads, sequence, batch and ranks, and no vocabulary: GPT-2's, padded to 51,200, as Megatron does.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import lru_cache

from lexloci.perf.efficiency import Epoch
from lexloci.perf.machine import GEMM_UNITS, USABLE_BYTES_PER_GB, Generation
from lexloci.perf.training_rows import TrainingRow, table_text

VTRAIN_TABLE = "vtrain_a100_single_node.csv.gz"
VOCABULARY = 51200.0


@lru_cache(maxsize=1)
def vtrain_rows() -> tuple[TrainingRow, ...]:
    """The points that ship. Raises CatalogueError where the table is missing."""
    return read_vtrain_rows(table_text(VTRAIN_TABLE))


def read_vtrain_rows(text: str) -> tuple[TrainingRow, ...]:
    """The points of a table in vTrain's columns."""
    return tuple(vtrain_row(number, row) for number, row in enumerate(csv.DictReader(io.StringIO(text))))


def vtrain_row(number: int, row: Mapping[str, str]) -> TrainingRow:
    """One line of the table, in the columns of ``data/vtrain_a100_single_node.csv.gz``."""
    figure = {name.strip("# "): float(text) for name, text in row.items()}
    hidden, heads = figure["hidden size"], figure["attention heads"]
    machine = {
        "generation": float(Generation.AMPERE),
        "bf16_flop_per_s": 312e12,
        "low_precision_flop_per_s": 624e12,
        "memory_bytes": 80.0 * USABLE_BYTES_PER_GB,
        "memory_bytes_per_s": 2039e9,
        "domain_chips": 8.0,
        "domain_bytes_per_s": 300e9,
        "fabric_bytes_per_s": 25e9,
        "gemm_units": GEMM_UNITS[Generation.AMPERE],
        "power_share": 1.0,
    }
    shape = dict.fromkeys(("gated", "experts", "top_k", "shared_experts", "expert_ffn", "dense_layers"), 0.0)
    shape |= dict.fromkeys(("latent", "query_rank", "kv_rank", "prediction_layers"), 0.0)
    shape |= {
        "layers": figure["layers"],
        "hidden": hidden,
        "heads": heads,
        "kv_heads": heads,
        "head_dim": hidden / heads,
        "value_dim": hidden / heads,
        "ffn": 4.0 * hidden,
        "vocab": VOCABULARY,
        "tied": 1.0,
    }
    layout = dict.fromkeys(("context", "expert", "expert_tensor", "virtual_stages"), 1.0)
    layout |= {
        "tensor": figure["tensor parallelism"],
        "pipeline": figure["pipeline parallelism"],
        "data": figure["data parallelism"],
        "micro_batch": figure["micro batch"],
        "sharding": 0.0,
        "sequence_parallel": 0.0,
        "recompute": 0.0,
    }
    task = dict.fromkeys(("precision", "overlap", "whole_run", "adapters_only"), 0.0)
    task |= {
        "sequence_tokens": figure["sequence length"],
        "batch_sequences": figure["global batch"],
        "epoch": float(Epoch.UNFUSED),
        "chip_age_months": 24.0,
    }
    return TrainingRow(
        id=f"vtrain-{number}",
        family="vtrain",
        source="https://github.com/VIA-Research/vTrain",
        core=False,
        shape=shape,
        machine=machine,
        layout=layout,
        task=task,
        chips=figure["GPUs"],
        step_s=figure["iteration time (ms)"] / 1000.0,
        dated="2022-03",
        notes="",
    )
