"""Runs inside the environment of llm-analysis: rows as JSON on stdin, step times in seconds as JSON on stdout."""

# ruff: noqa: T201 - a script of another environment

from __future__ import annotations

import json
import logging
import sys


def step_s(row: dict[str, float]) -> float | None:
    """Step time of one row, or None where llm-analysis takes no such row."""
    from llm_analysis.analysis import ActivationRecomputation, DSZeRO, LLMAnalysis
    from llm_analysis.config import DtypeConfig, GPUConfig, ModelConfig, ParallelismConfig

    if row["latent"] or row["dense_layers"] or row["shared_experts"] or row["context"] > 1:
        return None
    low = row["precision"] > 0
    ffn = row["expert_ffn"] if row["experts"] else row["ffn"]
    model = ModelConfig(
        name="row",
        num_layers=int(row["layers"]),
        n_head=int(row["heads"]),
        hidden_dim=int(row["hidden"]),
        vocab_size=int(row["vocab"]),
        max_seq_len=int(row["sequence_tokens"]),
        num_key_value_heads=int(row["kv_heads"]),
        ffn_embed_dim=int(ffn),
        expansion_ratio=ffn / row["hidden"],
        moe_num_experts=int(row["experts"]) or 1,
        moe_top_k=int(row["top_k"]) or 1,
    )
    gpu = GPUConfig(
        name="row",
        mem_per_GPU_in_GB=100000.0,  # whether it fits is not asked here
        hbm_bandwidth_in_GB_per_sec=row["memory_bytes_per_s"] / 1e9,
        intra_node_bandwidth_in_GB_per_sec=row["domain_bytes_per_s"] / 1e9,
        intra_node_min_message_latency=8e-6,
        peak_fp16_TFLOPS=row["low_precision_flop_per_s" if low else "bf16_flop_per_s"] / 1e12,
        inter_node_bandwidth_in_GB_per_sec=row["fabric_bytes_per_s"] * min(8.0, row["domain_chips"]) / 1e9,
    )
    ranks = ParallelismConfig(
        tp_size=int(row["tensor"]),
        pp_size=int(row["pipeline"]),
        dp_size=int(row["data"]),
        ep_size=int(row["expert"]),
        sp_size=int(row["tensor"]) if row["sequence_parallel"] else 1,
    )
    analysis = LLMAnalysis(model, gpu, DtypeConfig(), ranks, flops_efficiency=0.5)
    recompute = {0.0: "NONE", 1.0: "NORM_ATTN_NORM", 2.0: "FULL"}.get(row["recompute"], "FULL")
    found = analysis.training(
        batch_size_per_gpu=int(row["micro_batch"]),
        gradient_accumulation_steps=max(1, round(row["batch_sequences"] / row["data"] / row["micro_batch"])),
        seq_len=int(row["sequence_tokens"]),
        total_num_tokens=int(row["batch_sequences"] * row["sequence_tokens"]),
        activation_recomputation=ActivationRecomputation[recompute],
        ds_zero=DSZeRO(int(row["sharding"])),
        mlp_gated_linear_units=bool(row["gated"]),
    )
    return float(found["latency_per_iter"])


def main() -> None:
    """Answer every row; what raises is no row that it takes."""
    logging.disable(logging.CRITICAL)
    answers = []
    for row in json.loads(sys.stdin.read()):
        try:
            answers.append(step_s(row))
        except Exception as error:  # noqa: BLE001 - any refusal of the peer is "not taken"
            print(f"not taken: {type(error).__name__}: {str(error)[:120]}", file=sys.stderr)
            answers.append(None)
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
