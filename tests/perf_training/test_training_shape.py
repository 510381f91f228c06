"""Shapes against the sizes and operations that their publishers state."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.perf.shape import Shape

GPT3 = Shape(96.0, 12288.0, 96.0, 96.0, 128.0, 49152.0, 50257.0, gated=0.0, tied=1.0)
LLAMA3_405B = Shape(126.0, 16384.0, 128.0, 8.0, 128.0, 53248.0, 128256.0)
QWEN3_30B = Shape(
    48.0, 2048.0, 32.0, 4.0, 128.0, 6144.0, 151936.0, experts=128.0, top_k=8.0, expert_ffn=768.0, value_dim=128.0
)
DEEPSEEK_V3 = Shape(
    61.0, 7168.0, 128.0, 128.0, 192.0, 18432.0, 129280.0, experts=256.0, top_k=8.0, shared_experts=1.0,
    expert_ffn=2048.0, dense_layers=3.0, latent=1.0, query_rank=1536.0, kv_rank=512.0, value_dim=128.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "parameters", "active"),
    [
        (GPT3, 175e9, 175e9),  # arXiv:2005.14165, table 2.1
        (LLAMA3_405B, 405.85e9, 405.85e9),  # arXiv:2407.21783
        (QWEN3_30B, 30.5e9, 3.3e9),  # arXiv:2505.09388
        (DEEPSEEK_V3, 671e9, 37e9),  # arXiv:2412.19437
    ],
)
def test_a_published_shape_has_its_published_number_of_parameters(shape, parameters, active):
    assert float(shape.parameters()) == pytest.approx(parameters, rel=0.005)
    assert float(shape.active_parameters()) == pytest.approx(active, rel=0.03)


def test_multi_token_prediction_adds_its_module_as_deepseek_publishes_it():
    # huggingface.co/deepseek-ai/DeepSeek-V3: 14 B of the 685 B are the MTP module, 11.5 B without its copies of
    # embedding and logits
    with_module = Shape(**{name: getattr(DEEPSEEK_V3, name) for name in Shape.__slots__} | {"prediction_layers": 1.0})
    added = float(with_module.parameters()) - float(DEEPSEEK_V3.parameters())
    assert added == pytest.approx(11.5e9, rel=0.02)


def test_operations_of_gpt3_are_those_of_the_formula_of_megatron():
    # arXiv:2104.04473, section 5.1, without recomputation: 72 s l h^2 (1 + s/6h + V/12lh), full attention
    s, n, h, v = 2048.0, 96.0, 12288.0, 50257.0
    published = 72.0 * n * h**2 * (1.0 + s / (6.0 * h) + v / (12.0 * n * h))
    assert float(GPT3.training_flop_per_token(s, causal=0.0)) == pytest.approx(published, rel=1e-3)


def test_causal_attention_halves_the_scores_and_nothing_else():
    full, causal = (float(LLAMA3_405B.training_flop_per_token(8192.0, share)) for share in (0.0, 1.0))
    assert full - causal == pytest.approx(6.0 * 126 * 8192 * 16384)


@given(
    layers=st.integers(1, 200),
    hidden=st.integers(1, 160).map(lambda n: 128 * n),
    experts=st.integers(2, 512),
    top_k=st.integers(1, 8),
)
def test_a_mixture_uses_no_more_than_it_has_and_a_column_of_shapes_is_each_shape(layers, hidden, experts, top_k):
    top_k = min(top_k, experts)
    mixture = Shape(
        float(layers), float(hidden), hidden / 128.0, hidden / 128.0, 128.0, 4.0 * hidden, 32000.0,
        experts=float(experts), top_k=float(top_k), expert_ffn=2.0 * hidden, value_dim=128.0,
    )  # fmt: skip
    assert 0 < float(mixture.active_parameters()) <= float(mixture.parameters())
    both = Shape(**{name: np.array([getattr(mixture, name), getattr(DEEPSEEK_V3, name)]) for name in Shape.__slots__})
    assert np.asarray(both.parameters()).tolist() == pytest.approx(
        [float(mixture.parameters()), float(DEEPSEEK_V3.parameters())]
    )
