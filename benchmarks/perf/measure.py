"""Measures steps of training and serving on an accelerator, beside what was predicted, for `lexloci calibrate`.

    python -m benchmarks.perf.measure --chip h100-sxm --training training.csv --serving serving.csv

Needs PyTorch with an accelerator that it can use, and the package itself. The prediction is printed before the run.
``--device cpu`` tries the script out: its rows say that their chip is "cpu", which nothing takes for a measurement.
"""

# ruff: noqa: T201 - a benchmark speaks by printing

from __future__ import annotations

import argparse
import csv
import importlib
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.perf.measured_model import SIZES, Sizes, no_eight_bits, prompt_step, token_step, training_step

TRAINED = ("dense-0.7b", "dense-2b", "mixture-2b")
SERVED = ("dense-0.7b", "dense-2b", "dense-8b", "mixture-2b")
WARM_UP, TIMED = 5, 20


def main(arguments: list[str]) -> int:
    """Measure what is asked and write it; 1 with one line where it cannot be."""
    parser = argparse.ArgumentParser(prog="benchmarks.perf.measure", description=__doc__.splitlines()[0])
    parser.add_argument("--chip", required=True, help="id of the chip in the catalogue, such as h100-sxm")
    parser.add_argument("--training", type=Path, help="where to write steps of training")
    parser.add_argument("--serving", type=Path, help="where to write steps of serving")
    parser.add_argument("--models", nargs="+", choices=SIZES, help="which models; default: all that suit")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--date", default=datetime.now(tz=UTC).strftime("%Y-%m"), help="month of the software")
    given = parser.parse_args(arguments)
    if not (given.training or given.serving):
        parser.error("nothing is asked; name a file with --training or --serving")
    torch = _torch(given.device)
    if isinstance(torch, str):
        print(f"benchmarks.perf.measure: {torch}", file=sys.stderr)
        return 1
    chip = given.chip if given.device == "cuda" else "cpu"
    told = f"{_device_name(torch, given.device)}, PyTorch {torch.__version__}"
    common = {"chip": chip, "chips": 1, "date": given.date, "notes": told}
    if given.training:
        _write(given.training, [_trained(torch, given.device, name, common) for name in given.models or TRAINED])
    if given.serving:
        why_not = no_eight_bits(torch, given.device)
        if why_not:
            print(f"benchmarks.perf.measure: {why_not}", file=sys.stderr)
        rows = [
            _served(torch, given.device, name, phase, common | {"weight_precision": precision})
            for precision in (("bf16",) if why_not else ("bf16", "fp8"))
            for name in given.models or SERVED
            for phase in _PHASES
        ]
        _write(given.serving, rows)
    return 0


def _torch(device: str) -> Any:
    """PyTorch; or one line that says why nothing can be measured."""
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return "PyTorch is not installed; install torch in this environment"
    if device == "cuda" and not torch.cuda.is_available():
        return "PyTorch sees no accelerator; run this on a machine that has one, or try it out with --device cpu"
    return torch


def _device_name(torch: Any, device: str) -> str:
    return str(torch.cuda.get_device_name()) if device == "cuda" else "CPU"


def seconds_of(torch: Any, device: str, step: Callable[[], Any]) -> float:
    """Median time of a step after a warm-up, in seconds."""
    tiny = device == "cpu"
    taken = []
    for number in range(2 + 3 if tiny else WARM_UP + TIMED):
        _wait(torch, device)
        begun = time.perf_counter()
        step()
        _wait(torch, device)
        if number >= (2 if tiny else WARM_UP):
            taken.append(time.perf_counter() - begun)
    return median(taken)


def _wait(torch: Any, device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def _trained(torch: Any, device: str, name: str, common: dict[str, Any]) -> dict[str, Any]:
    """One row of training, in the columns of docs/how-to/calibrate.md."""
    sizes = SIZES[name]
    row = (
        common
        | _shape_columns(sizes)
        | {
            "id": f"measured-{name}",
            "seq_len": sizes.sequence,
            "global_batch_seqs": sizes.batch,
            "micro_batch": sizes.batch,
            "tp": 1,
            "pp": 1,
            "precision": "bf16",
            "recompute": "none",
        }
    )
    _predict(row)
    row["step_time_s"] = f"{seconds_of(torch, device, training_step(torch, sizes, device)):.6g}"
    _free(torch, device)
    print(f"{row['id']}: measured {row['step_time_s']} s a step")
    return row


def _shape_columns(sizes: Sizes) -> dict[str, Any]:
    mixture = {"n_experts": sizes.experts, "topk": sizes.top_k, "moe_ffn": sizes.ffn, "shared_experts": 0}
    return {
        "layers": sizes.layers,
        "hidden": sizes.hidden,
        "heads": sizes.heads,
        "kv_heads": sizes.kv_heads,
        "ffn": sizes.ffn,
        "vocab": sizes.vocab,
        "gated_mlp": 1,
    } | (mixture if sizes.experts else dict.fromkeys(mixture, ""))


_PHASES = ("prefill", "decode")


def _served(torch: Any, device: str, name: str, phase: str, common: dict[str, Any]) -> dict[str, Any]:
    """One row of serving: tokens of a prompt a second, or generated tokens a second of users whose caches are full."""
    sizes = SIZES[name]
    users = 1 if phase == "prefill" else sizes.users
    row = common | {
        "id": f"measured-{name}-{phase}-{common['weight_precision']}",
        "model": f"measured {name}",
        "params_total_b": f"{sizes.parameters / 1e9:.6g}",
        "params_active_b": f"{sizes.active_parameters / 1e9:.6g}",
        "kv_precision": "bf16",
        "phase": phase,
        "in_len": sizes.sequence,
        "out_len": 1,
        "tp": 1,
        "concurrency": users,
    }
    _predict(row)
    made = prompt_step if phase == "prefill" else token_step
    tokens = sizes.sequence if phase == "prefill" else users
    row["value_per_chip"] = (
        f"{tokens / seconds_of(torch, device, made(torch, sizes, device, common['weight_precision'])):.6g}"
    )
    _free(torch, device)
    print(f"{row['id']}: measured {row['value_per_chip']} tokens/s")
    return row


def _predict(row: dict[str, Any]) -> None:
    """Say what is expected, before anything is measured."""
    from lexloci.perf.row_estimates import row_estimates

    text = {name: str(value) for name, value in row.items()}
    (said,) = row_estimates([text], list(text))
    if said["predicted"]:
        print(f"{row['id']}: predicted {said['predicted']} ({said['low']} to {said['high']}) {said['unit']}")
    else:
        print(f"{row['id']}: no prediction: {said['notes']}")


def _free(torch: Any, device: str) -> None:
    if device == "cuda":
        torch.cuda.empty_cache()


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"wrote {path}", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
