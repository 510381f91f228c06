"""How much memory one chip needs in training: weights, gradients, optimiser states, activations.

States follow ZeRO (arXiv:1910.02054, section 3): weights 2 bytes (1 under FP8 and FP4), gradients 2, a master copy and
two Adam moments 12, each divided by the copies that share it. Activations follow
arXiv:2205.05198, section 4, written out by tensor so that it holds for gated feed-forwards, grouped and latent
attention and experts; attention is fused, so scores are not kept, unless the software is older than that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lexloci.perf.layout import Layout, Recompute
from lexloci.perf.shape import Numbers, Shape

RESERVED_BYTES = 1.5e9
"""Driver, communication buffers and kernels: 1 to 2 GB a process on NVIDIA's chips."""

ADAPTER_SHARE = 0.01
"""Of the weights, what low-rank adapters train: at most about one in a hundred (LoRA, arXiv:2106.09685, table 2)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of one chip, of the fullest pipeline stage; they add up to ``total``."""

    weights: Numbers
    gradients: Numbers
    optimiser: Numbers
    activations: Numbers
    reserved: Numbers

    @property
    def total(self) -> Numbers:
        """All of it, in bytes."""
        return self.weights + self.gradients + self.optimiser + self.activations + self.reserved


def chip_parameters(shape: Shape, layout: Layout) -> tuple[Numbers, Numbers]:
    """Weights that one chip of the fullest stage works with: (shared by all its data ranks, of its experts).

    The embedding lies on the first stage and the logits on the last; the fullest holds one of them.
    """
    stage_layers = np.ceil(shape.layers / layout.pipeline)
    mixture_share = shape.mixture_layers / shape.layers
    mixture = stage_layers * mixture_share
    body = stage_layers * shape.attention_parameters() + (stage_layers - mixture) * shape.plain_ffn_parameters()
    body = body + mixture * shape.shared_parameters()
    table = np.where(np.asarray(layout.pipeline) > 1, shape.vocab * shape.hidden, shape.embedding_parameters())
    extra = shape.prediction_layers * (shape.attention_parameters() + 2.0 * shape.hidden * shape.hidden)
    routed = (mixture + shape.prediction_layers) * shape.experts * shape.expert_parameters()
    return (body + table + extra) / layout.tensor, routed / (layout.expert * layout.expert_tensor)


def layer_activation_bytes(
    shape: Shape, layout: Layout, sequence_tokens: Numbers, unfused: Numbers = 0.0, low_precision: Numbers = 0.0
) -> Numbers:
    """Bytes that one layer keeps of one micro-batch on one chip, without recomputation."""
    operand = 2.0 - 0.6 * np.asarray(low_precision)  # inputs of products in one byte, the rest in two
    tokens = layout.micro_batch * sequence_tokens / layout.context
    streams = tokens / np.where(np.asarray(layout.sequence_parallel) > 0, layout.tensor, 1.0)
    split = tokens / layout.tensor
    narrow = 2.0 * shape.heads * shape.head_dim + 2.0 * shape.kv_heads * shape.head_dim
    wide = shape.heads * (2.0 * shape.head_dim + 2.0 * shape.value_dim) + shape.query_rank + shape.kv_rank
    attention = np.where(np.asarray(shape.latent) > 0, wide, narrow)
    feed = (1.0 + 2.0 * shape.gated) * shape.ffn + (1.0 - shape.gated) * shape.ffn
    mixture_share = shape.mixture_layers / shape.layers
    per_token = (1.0 + 2.0 * shape.gated + (1.0 - shape.gated)) * shape.expert_ffn
    routed = shape.top_k * (2.0 * shape.hidden + per_token) + shape.shared_experts * per_token
    some = np.asarray(layout.recompute) >= Recompute.SELECTIVE
    kept = np.where(some & (np.asarray(unfused) < 1), 2.0, 4.0)
    # Of a feed-forward, the input of its last product is computed again from what went into the activation function.
    feed = np.where(some, feed - shape.ffn, feed)
    routed = np.where(some, routed - (shape.top_k + shape.shared_experts) * shape.expert_ffn, routed)
    body = operand * split * (attention + (1.0 - mixture_share) * feed + mixture_share * routed)
    scores = unfused * 5.0 * layout.micro_batch * shape.heads * sequence_tokens**2 / layout.tensor / layout.context
    scores = np.where(some, 0.0, scores)
    return 2.0 * streams * kept * shape.hidden + body + scores


def training_memory(
    shape: Shape,
    layout: Layout,
    sequence_tokens: Numbers,
    batch_sequences: Numbers,
    unfused: Numbers = 0.0,
    low_precision: Numbers = 0.0,
    adapters_only: Numbers = 0.0,
) -> Memory:
    """What one chip of the fullest stage holds at the height of a step."""
    shared, routed = chip_parameters(shape, layout)
    sharding = np.asarray(layout.sharding)
    both = shared + routed
    apart = shared / (layout.data * layout.context) + routed / layout.expert_data
    stage_layers = np.ceil(shape.layers / layout.pipeline)
    trained = np.where(np.asarray(adapters_only) > 0, ADAPTER_SHARE, 1.0)
    weight_bytes = np.where(np.asarray(low_precision) > 0, 1.0, 2.0)
    weights = weight_bytes * np.where(np.asarray(layout.gathers_again) > 0, apart + 2.0 * both / stage_layers, both)
    gradients = 2.0 * trained * np.where(np.asarray(layout.gradients_apart) > 0, apart, both)
    optimiser = 12.0 * trained * np.where(sharding >= 1, apart, both)
    tokens = layout.micro_batch * sequence_tokens / layout.context
    whole = layer_activation_bytes(shape, layout, sequence_tokens, unfused, low_precision)
    streams = tokens / np.where(np.asarray(layout.sequence_parallel) > 0, layout.tensor, 1.0)
    again = np.clip(np.asarray(layout.recompute) - Recompute.SELECTIVE, 0.0, 1.0)
    per_layer = again * 2.0 * streams * shape.hidden + (1.0 - again) * whole
    logits = np.where(np.asarray(layout.pipeline) > 1, 0.0, 4.0 * tokens * shape.vocab / layout.tensor)
    held = in_flight(layout, batch_sequences) * stage_layers * per_layer
    activations = held + np.maximum(np.where(again > 0, whole, 0.0), logits)
    return Memory(weights, gradients, optimiser, activations, RESERVED_BYTES + 0.0 * whole)


def in_flight(layout: Layout, batch_sequences: Numbers) -> Numbers:
    """Micro-batches whose activations the first stage holds at once (1F1B; arXiv:2104.04473, section 2.2)."""
    interleaved = np.where(np.asarray(layout.virtual_stages) > 1, (layout.pipeline - 1.0) / layout.virtual_stages, 0.0)
    return np.minimum(layout.micro_batches(batch_sequences), layout.pipeline + interleaved)
