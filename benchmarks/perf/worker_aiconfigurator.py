"""Runs inside the environment of aiconfigurator: rows as JSON on stdin, tokens a second and chip as JSON on stdout."""

# ruff: noqa: T201 - a script of another environment

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import warnings

BATCHES = (64, 128, 256, 512, 1024, 2048)


def best_speed(row: dict[str, object] | None) -> float | None:
    """The best of several batches, in output tokens a second and chip; None where it takes no such row."""
    if row is None:
        return None
    found = [speed for batch in BATCHES if (speed := _speed(row, batch)) is not None]
    return max(found, default=None)


def _speed(row: dict[str, object], batch: int) -> float | None:
    from aiconfigurator.cli.api import cli_estimate

    ranks = int(row["tensor"])  # type: ignore[call-overload]
    mixture = bool(row["mixture"])
    most = int(row["requests"]) // (ranks if mixture else 1)  # type: ignore[call-overload]
    if batch > max(most, BATCHES[0]):
        return None
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            found = cli_estimate(
                row["model"],
                row["system"],
                isl=row["isl"],
                osl=row["osl"],
                batch_size=batch,
                tp_size=1 if mixture else ranks,
                pp_size=row["stages"],
                attention_dp_size=ranks if mixture else 1,
                moe_tp_size=1 if mixture else None,
                moe_ep_size=ranks if mixture else None,
                gemm_quant_mode=row["gemm"],
                moe_quant_mode=row["gemm"] if mixture else None,
                kvcache_quant_mode="fp8",
                fmha_quant_mode="fp8",
                free_gpu_memory_fraction=0.95,
            )
    except Exception as error:  # noqa: BLE001 - any refusal of the peer is "not taken"
        print(f"not taken: {type(error).__name__}: {str(error)[:160]}", file=sys.stderr)
        return None
    if getattr(found, "kv_cache_warning", None):
        return None
    return float(found.tokens_per_second_per_gpu) if hasattr(found, "tokens_per_second_per_gpu") else None


def main() -> None:
    """Answer every row."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    answers = []
    for row in json.loads(sys.stdin.read()):
        answers.append(best_speed(row))
        print(f"{len(answers)} rows", file=sys.stderr)
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
