"""The shape of a transformer: what its layers hold, how many parameters, which operations a token takes.

Fields are figures or NumPy arrays of figures of one length (a column for each of many models); every formula works
on both. A gated feed-forward (SwiGLU) has three matrices, else two. A mixture of experts has a router, ``experts``
of width ``expert_ffn`` of which a token uses ``top_k``, ``shared_experts`` that every token uses, and
``dense_layers`` layers without experts. Latent attention (MLA, arXiv:2405.04434, section 2.1) has low-rank queries
and one compressed key-value vector. ``prediction_layers`` are the extra layers of multi-token prediction
(arXiv:2412.19437, section 2.2), each with a projection of two widths to one and another pass of the logits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = "float | NDArray[np.float64]"

ROPE_DIMENSIONS = 64.0
"""Of a query or key of latent attention, those with rotary position (DeepSeek-V2, V3 and Kimi K2 config.json)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Layers, widths, heads, vocabulary and experts of one transformer, or of many (arrays)."""

    layers: Numbers
    hidden: Numbers
    heads: Numbers
    kv_heads: Numbers
    head_dim: Numbers
    ffn: Numbers
    vocab: Numbers
    gated: Numbers = 1.0
    tied: Numbers = 0.0
    experts: Numbers = 0.0
    top_k: Numbers = 0.0
    shared_experts: Numbers = 0.0
    expert_ffn: Numbers = 0.0
    dense_layers: Numbers = 0.0
    latent: Numbers = 0.0
    query_rank: Numbers = 0.0
    kv_rank: Numbers = 0.0
    value_dim: Numbers = 0.0
    prediction_layers: Numbers = 0.0

    @property
    def ffn_matrices(self) -> Numbers:
        """Matrices of a feed-forward: three when gated, else two."""
        return 2.0 + self.gated

    @property
    def mixture_layers(self) -> Numbers:
        """Layers that hold experts."""
        return np.where(np.asarray(self.experts) > 0, self.layers - self.dense_layers, 0.0)

    @property
    def plain_layers(self) -> Numbers:
        """Layers that hold one feed-forward for all tokens."""
        return self.layers - self.mixture_layers

    def attention_parameters(self) -> Numbers:
        """Weights of one layer's attention: projections of query, key, value and output."""
        width = self.heads * self.head_dim
        plain = self.hidden * (2.0 * width + 2.0 * self.kv_heads * self.head_dim)
        no_rope = self.head_dim - ROPE_DIMENSIONS
        query = np.where(np.asarray(self.query_rank) > 0, self.query_rank * (self.hidden + width), self.hidden * width)
        key_value = self.hidden * (self.kv_rank + ROPE_DIMENSIONS)
        key_value = key_value + self.kv_rank * self.heads * (no_rope + self.value_dim)
        latent = query + key_value + self.heads * self.value_dim * self.hidden
        return np.where(np.asarray(self.latent) > 0, latent, plain)

    def expert_parameters(self) -> Numbers:
        """Weights of one routed expert of one layer."""
        return self.ffn_matrices * self.hidden * self.expert_ffn

    def shared_parameters(self) -> Numbers:
        """Weights of a mixture layer that every token passes: shared experts and router."""
        return self.shared_experts * self.expert_parameters() + self.hidden * self.experts

    def plain_ffn_parameters(self) -> Numbers:
        """Weights of the feed-forward of a layer without experts."""
        return self.ffn_matrices * self.hidden * self.ffn

    def embedding_parameters(self) -> Numbers:
        """Weights of the embedding and of the projection to the vocabulary, once where they are tied."""
        return (2.0 - self.tied) * self.vocab * self.hidden

    def parameters(self) -> Numbers:
        """All weights, without biases and norms (below 0.1 % of them)."""
        return self._weights(self.experts)

    def active_parameters(self) -> Numbers:
        """Weights that one token uses, embedding and logits included."""
        return self._weights(self.top_k)

    def _weights(self, experts: Numbers) -> Numbers:
        attention = self.attention_parameters()
        mixture = self.shared_parameters() + experts * self.expert_parameters()
        body = self.layers * attention + self.plain_layers * self.plain_ffn_parameters() + self.mixture_layers * mixture
        last = np.where(np.asarray(self.experts) > 0, mixture, self.plain_ffn_parameters())
        extra = self.prediction_layers * (attention + last + 2.0 * self.hidden * self.hidden)
        return body + extra + self.embedding_parameters()

    def matrix_flop_per_token(self) -> Numbers:
        """Operations of the forward pass of a token in matrix products without attention scores: 2 a weight used."""
        lookups = (1.0 - self.tied) * self.vocab * self.hidden
        extra_logits = self.prediction_layers * self.vocab * self.hidden
        return 2.0 * (self.active_parameters() - lookups + extra_logits)

    def score_flop_per_token(self, sequence_tokens: Numbers, causal: Numbers = 1.0) -> Numbers:
        """Operations of the forward pass of a token in attention scores and their sum over values.

        2 s (query width + value width) for full attention, half of it where the causal mask is used.
        """
        width = self.heads * (self.head_dim + np.where(np.asarray(self.latent) > 0, self.value_dim, self.head_dim))
        return (self.layers + self.prediction_layers) * 2.0 * sequence_tokens * width * (1.0 - 0.5 * causal)

    def training_flop_per_token(self, sequence_tokens: Numbers, causal: Numbers = 1.0) -> Numbers:
        """Operations to train on one token: three forward passes (arXiv:2001.08361, section 2.1), no recomputation."""
        return 3.0 * (self.matrix_flop_per_token() + self.score_flop_per_token(sequence_tokens, causal))
