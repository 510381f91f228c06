"""Make the table of published measurements of serving that ships in ``src/lexloci/perf/data`` from the raw collections.

    python tools/build_perf_tables.py inference_runs.csv accelerators.csv src/lexloci/perf/data

Serving: offline (greatest load) rows whose model's shape is known below, and rows with a stated batch.
The files are reproducible: same input, same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

from lexloci.perf.table import SERVING_TABLE

Row = dict[str, str]


SERVING_COLUMNS = [
    "id",
    "family",
    "model",
    "parameters",
    "active_parameters",
    "layers",
    "hidden",
    "kv_bytes_per_token",
    "weight_bytes_per_parameter",
    "chip",
    "chips",
    "replica_chips",
    "peak_tflops",
    "memory_gb",
    "memory_gb_per_s",
    "phase",
    "prompt_tokens",
    "output_tokens",
    "users",
    "tokens_per_s",
    "dated",
    "source",
]

# Shape of each served model: layers, width, elements of key-value cache a token and layer.
# Sources: the config.json that each publisher gives with the weights (Hugging Face), fields num_hidden_layers,
# hidden_size, 2 x num_key_value_heads x head_dim; DeepSeek-V3: kv_lora_rank 512 + qk_rope_head_dim 64.
SHAPES: dict[str, tuple[int, int, int]] = {
    "Llama 3.3 70B": (80, 8192, 2048),
    "llama2-70b": (80, 8192, 2048),
    "Llama 3.1 405B": (126, 16384, 2048),
    "llama3.1-405b": (126, 16384, 2048),
    "Llama 3.1 8B": (32, 4096, 2048),
    "llama3.1-8b": (32, 4096, 2048),
    "mixtral-8x7b": (32, 4096, 2048),
    "Qwen3-235B-A22B": (94, 4096, 1024),
    "Qwen3-30B-A3B": (48, 2048, 1024),
    "Llama 4 Scout": (48, 5120, 2048),
    "Llama 4 Maverick": (48, 5120, 2048),
    "deepseek-r1": (61, 7168, 576),
    "pangu-pro-moe-72b-a16b": (48, 5120, 2048),
}
WEIGHT_BYTES = {"fp8": 1.0, "w8a8": 1.0, "fp4": 0.5, "mxfp4": 0.5}
# Cache in one byte with FP8 and FP4 weights (TensorRT-LLM's and MLPerf's published recipes), two on Ascend.
CACHE_BYTES = {"fp8": 1.0, "fp4": 1.0, "mxfp4": 1.0, "w8a8": 2.0}
# Name of a chip in the serving rows -> its row in accelerators.csv.
ACCELERATORS = {
    "H100": "H100 SXM5 80GB",
    "H100-SXM-80GB": "H100 SXM5 80GB",
    "H200": "H200 SXM 141GB",
    "H200-SXM-141GB": "H200 SXM 141GB",
    "H200-NVL-141GB": "H200 NVL 141GB",
    "GH200-144GB": "GH200 144GB",
    "B200": "B200 180GB",
    "B200-SXM-180GB": "B200 180GB",
    "GB200": "GB200 (per GPU)",
    "GB300": "GB300 (per GPU)",
    "RTX PRO 6000": "RTX PRO 6000 Blackwell Server",
    "RTX PRO 6000 Blackwell Server Edition": "RTX PRO 6000 Blackwell Server",
    "MI300X 192GB HBM3": "MI300X",
    "MI325X 256GB HBM3e": "MI325X",
    "MI355X 288GB HBM3e": "MI355X",
    "L40S": "L40S",
    "Ascend-910B(800I A2)": "Ascend 910B3",
    "Ascend-300I-Duo(310P x2)": "Ascend 310P (300I Duo = 2x)",
}


def serving_table(rows: list[Row], accelerators: dict[str, Row]) -> list[Row]:
    """The serving rows that ship, in the columns of ``SERVING_COLUMNS``, ordered by id."""
    kept = [row for row in rows if _is_usable(row)]
    return [_serving_row(row, accelerators[ACCELERATORS[row["chip"]]]) for row in sorted(kept, key=lambda r: r["id"])]


def _is_usable(row: Row) -> bool:
    known = row["model"] in SHAPES and row["weight_precision"] in WEIGHT_BYTES and row["chip"] in ACCELERATORS
    at_full_load = row["scenario"] in ("Offline", "Offline max load")
    stated_batch = row["phase"] in ("decode", "prefill") and bool(row["concurrency"])
    return known and not row["mtp"] and (at_full_load or stated_batch)


def _serving_row(row: Row, accelerator: Row) -> Row:
    layers, hidden, elements = SHAPES[row["model"]]
    precision = row["weight_precision"]
    peak = accelerator["fp4_tflops_dense"] if "fp4" in precision else accelerator["fp8_int8_tops_dense"]
    replica = int(row["tp"]) * int(row["pp"] or 1) if row["tp"] else ""
    return {
        "id": row["id"],
        "family": row["family"],
        "model": row["model"],
        "parameters": f"{float(row['params_total_b']) * 1e9:.6g}",
        "active_parameters": f"{float(row['params_active_b']) * 1e9:.6g}",
        "layers": str(layers),
        "hidden": str(hidden),
        "kv_bytes_per_token": f"{layers * elements * CACHE_BYTES[precision]:g}",
        "weight_bytes_per_parameter": f"{WEIGHT_BYTES[precision]:g}",
        "chip": row["chip"],
        "chips": row["chips"],
        "replica_chips": str(replica),
        "peak_tflops": peak or accelerator["fp8_int8_tops_dense"],
        "memory_gb": accelerator["mem_gb"],
        "memory_gb_per_s": accelerator["mem_bw_gbps"],
        "phase": row["phase"],
        "prompt_tokens": row["in_len"],
        "output_tokens": row["out_len"] or "0",
        "users": row["concurrency"],
        "tokens_per_s": row["value_total"],
        "dated": row["date"],
        "source": row["source"],
    }


def packed(rows: list[Row], columns: list[str]) -> bytes:
    """A table as gzipped CSV, without a time stamp."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0)


def main(arguments: list[str]) -> int:
    """Read the two raw tables and write the shipped one; 2 on wrong usage."""
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    serving, accelerators = (_read(Path(argument)) for argument in arguments[:2])
    rows = serving_table(serving, {row["chip"]: row for row in accelerators})
    (Path(arguments[2]) / SERVING_TABLE).write_bytes(packed(rows, SERVING_COLUMNS))
    print(f"{SERVING_TABLE}: {len(rows)} rows")
    return 0


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
