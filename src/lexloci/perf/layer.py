"""How long one layer of a model takes for one micro-batch, and embedding and logits: the chip's own work and exchanges.

A layer is matrix products, attention scores, streamed operators, exposed exchange of the tensor, context and expert
ranks, and the time that the host needs to launch them where that is longer. All terms are arrays over layouts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lexloci.perf.collectives import Network
from lexloci.perf.efficiency import Efficiency, Epoch
from lexloci.perf.layout import Layout, Recompute
from lexloci.perf.machine import Machine, Precision
from lexloci.perf.operators import streamed_s, training_matrix_s
from lexloci.perf.shape import ROPE_DIMENSIONS, Numbers, Shape

MATURE_MONTHS = 18.0
"""Age of a chip at which its kernels are taken as mature: attention for H100 (October 2022) reached its present
speed with cuDNN 9 and FlashAttention-3 in the spring and summer of 2024 (arXiv:2407.08608)."""

RELEASE_MONTHS = 6.0
"""Time in which they get there: kernels for a generation come with one or two releases, not little by little."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a step works through: sequences of a length, in a precision, by software of an epoch."""

    sequence_tokens: Numbers
    batch_sequences: Numbers
    precision: Numbers
    epoch: Numbers
    overlap: Numbers = 0.0
    whole_run: Numbers = 0.0
    adapters_only: Numbers = 0.0
    chip_age_months: Numbers = 24.0


class LayerModel:
    """The terms of a layer, each a method; fields hold what several of them need."""

    def __init__(self, shape: Shape, machine: Machine, layout: Layout, task: Task, efficiency: Efficiency) -> None:
        self.shape, self.machine, self.layout, self.task, self.efficiency = shape, machine, layout, task, efficiency
        low = np.asarray(task.precision) > Precision.BF16
        peak = np.where(low, machine.low_precision_flop_per_s, machine.bf16_flop_per_s)
        young = np.clip((MATURE_MONTHS - task.chip_age_months) / RELEASE_MONTHS, 0.0, 1.0)
        clock = machine.power_share ** efficiency.at("clock") * np.exp(-young * efficiency.at("young_gemm"))
        self.young_attention = np.exp(-young * efficiency.at("young_attention", machine.generation))
        self.product_flop_per_s = clock * peak * efficiency.gemm(machine.generation, task.precision)
        self.bf16_flop_per_s = clock * machine.bf16_flop_per_s * efficiency.at("gemm", machine.generation)
        self.operand_bytes = np.where(low, 1.0, 2.0)
        self.low = low
        self.network = Network.of(
            machine,
            efficiency.at("domain", machine.generation),
            efficiency.at("fabric"),
            efficiency.at("fabric_doubling"),
        )
        self.tokens = layout.micro_batch * task.sequence_tokens / layout.context
        self.stream_tokens = self.tokens / np.where(np.asarray(layout.sequence_parallel) > 0, layout.tensor, 1.0)
        self.unfused = np.asarray(task.epoch) == Epoch.UNFUSED
        self.full = np.clip(np.asarray(layout.recompute) - Recompute.SELECTIVE, 0.0, 1.0)
        self.some = np.asarray(layout.recompute) >= Recompute.SELECTIVE

    def _product(
        self, rows: Numbers, columns: Numbers, inner: Numbers, copies: Numbers = 1.0
    ) -> tuple[Numbers, Numbers]:
        machine = self.machine
        return training_matrix_s(
            rows,
            columns,
            inner,
            self.product_flop_per_s,
            machine.memory_bytes_per_s,
            machine.gemm_units,
            self.operand_bytes,
            copies,
        )

    def _attention_products(self) -> tuple[Numbers, Numbers]:
        """Projections of query, key, value and output."""
        shape, tensor = self.shape, self.layout.tensor
        latent = np.asarray(shape.latent) > 0
        if not latent.any():
            return _sum(
                self._product(
                    self.tokens, (shape.heads + 2.0 * shape.kv_heads) * shape.head_dim / tensor, shape.hidden
                ),
                self._product(self.tokens, shape.hidden, shape.heads * shape.head_dim / tensor),
            )
        value = np.where(latent, shape.value_dim, shape.head_dim)
        width = shape.heads * shape.head_dim
        first = np.where(
            latent,
            shape.query_rank + shape.kv_rank + ROPE_DIMENSIONS,
            (width + 2.0 * shape.kv_heads * shape.head_dim) / tensor,
        )
        no_rope = shape.head_dim - ROPE_DIMENSIONS + value
        up_query = self._product(self.tokens, width / tensor, np.maximum(shape.query_rank, 1.0))
        up_value = self._product(self.tokens, shape.heads * no_rope / tensor, np.maximum(shape.kv_rank, 1.0))
        ups = tuple(np.where(latent, one + other, 0.0) for one, other in zip(up_query, up_value, strict=True))
        return _sum(
            self._product(self.tokens, first, shape.hidden),
            (ups[0], ups[1]),
            self._product(self.tokens, shape.hidden, shape.heads * value / tensor),
        )

    def _ffn_products(self, ffn: Numbers) -> tuple[Numbers, Numbers]:
        shape, tensor = self.shape, self.layout.tensor
        return _sum(
            self._product(self.tokens, (1.0 + shape.gated) * ffn / tensor, shape.hidden),
            self._product(self.tokens, shape.hidden, ffn / tensor),
        )

    def _expert_products(self) -> tuple[Numbers, Numbers]:
        """Routed experts as grouped products, every expert with its even share of the tokens."""
        shape, layout = self.shape, self.layout
        experts_here = np.maximum(1.0, shape.experts / layout.expert)
        routed = self.tokens / layout.tensor * layout.expert_tensor * shape.top_k
        rows = np.maximum(routed / experts_here, 1e-9)
        width = np.maximum(shape.expert_ffn / layout.expert_tensor, 1.0)
        share = self.efficiency.at("expert_gemm", self.machine.generation)
        up = self._product(rows, (1.0 + shape.gated) * width, shape.hidden, experts_here)
        down = self._product(rows, shape.hidden, width, experts_here)
        return (up[0] + down[0]) / share, (up[1] + down[1]) / share

    def _scores(self) -> tuple[Numbers, Numbers]:
        """Attention scores and their sum over values; the causal half is skipped where attention is fused."""
        shape, layout, machine = self.shape, self.layout, self.machine
        value = np.where(np.asarray(shape.latent) > 0, shape.value_dim, shape.head_dim)
        pairs = self.tokens * self.task.sequence_tokens * shape.heads / layout.tensor
        reach = self.bf16_flop_per_s * self.young_attention * self.efficiency.at("attention", machine.generation)
        # Short sequences leave the units idle at both ends of the causal triangle; narrow heads leave them half full.
        ramp = 1.0 + 512.0 / self.task.sequence_tokens
        narrow = np.maximum(1.0, (128.0 / shape.head_dim) ** 0.25)
        fused = pairs * (shape.head_dim + value) * ramp * narrow / reach
        forward, backward = self._unfused_scores(pairs)
        return np.where(self.unfused, forward, fused), np.where(self.unfused, backward, 2.5 * fused)

    def _unfused_scores(self, pairs: Numbers) -> tuple[Numbers, Numbers]:
        """Scores that are written to memory: two batched products, masked softmax, dropout; and their gradients.

        Bytes for a pair of tokens: softmax reads and writes two each, dropout too, with its mask of one; their
        gradients read and write five and six.
        """
        shape, machine, tokens = self.shape, self.machine, self.task.sequence_tokens
        copies = pairs / tokens**2
        rest = (self.bf16_flop_per_s, machine.memory_bytes_per_s, machine.gemm_units, 2.0, copies)
        scores = training_matrix_s(tokens, tokens, shape.head_dim, *rest)
        summed = training_matrix_s(tokens, shape.head_dim, tokens, *rest)
        forward = scores[0] + summed[0] + streamed_s(9.0 * pairs, machine.memory_bytes_per_s)
        return forward, scores[1] + summed[1] + streamed_s(11.0 * pairs, machine.memory_bytes_per_s)

    def _streamed(self, *, mixture: bool) -> tuple[Numbers, Numbers]:
        """Norms, residuals, rotations, activations, casts; and the permutation of tokens to experts."""
        shape, layout, machine = self.shape, self.layout, self.machine
        attention = (2.0 * shape.heads + 2.0 * shape.kv_heads) * shape.head_dim / layout.tensor * self.tokens
        norms = 10.0 * shape.hidden * self.stream_tokens
        if mixture:
            routed = self.tokens / layout.tensor * layout.expert_tensor * shape.top_k
            feed = (
                (2.0 + shape.gated)
                * shape.expert_ffn
                * (routed / layout.expert_tensor + self.tokens * shape.shared_experts / layout.tensor)
            )
            moved = self.efficiency.at("expert_bytes", self.task.epoch) * 2.0 * routed * shape.hidden
        else:
            feed = (2.0 + shape.gated) * shape.ffn / layout.tensor * self.tokens
            moved = 0.0
        fusion = self.efficiency.at("elementwise", self.task.epoch)
        volume = 2.0 * fusion * (attention + norms + feed) + moved
        inputs = 2.0 * shape.hidden * self.tokens + attention + feed
        casts = np.where(self.low, self.efficiency.at("cast") * 4.0 * inputs, 0.0)
        forward = streamed_s(volume + casts, machine.memory_bytes_per_s)
        return forward, 1.8 * forward

    def _exchanged(self, *, mixture: bool) -> tuple[Numbers, Numbers]:
        """Exposed exchange of the tensor, context and expert ranks."""
        shape, layout, task = self.shape, self.layout, self.task
        volume = 2.0 * self.tokens * shape.hidden
        exposed = np.where(
            np.asarray(task.overlap) > 0,
            0.5 * self.efficiency.at("tensor_exposed", task.epoch),
            self.efficiency.at("tensor_exposed", task.epoch),
        )
        pair = 2.0 * self.network.gather_s(volume, layout.tensor)
        split_experts = np.asarray(layout.expert_tensor) > 1
        rounds = np.where(split_experts, 2.0, 1.0) if mixture else 2.0
        tensor = exposed * rounds * pair
        kv = np.where(np.asarray(shape.latent) > 0, shape.heads, shape.kv_heads)
        keys = 4.0 * self.tokens * layout.context * kv * shape.head_dim / layout.tensor
        context = 0.5 * self.network.gather_s(keys, layout.context, layout.tensor)
        expert: Numbers = 0.0
        if mixture:
            sent = self.tokens / layout.tensor * shape.top_k * shape.hidden * 2.0
            stride = np.where(split_experts, layout.tensor, 1.0)
            # Libraries of 2025 and later send a token once to each domain (DeepEP, February 2025).
            copies = np.where(np.asarray(task.epoch) >= Epoch.BLACKWELL_READY, shape.top_k, 0.0)
            expert = 2.0 * self.network.all_to_all_s(sent, layout.expert, stride, copies)
            expert = expert * self.efficiency.at("expert_exposed", task.epoch)
        forward = tensor + context + expert
        return forward, tensor + 2.0 * context + expert

    def _products(self, *, mixture: bool) -> tuple[Numbers, Numbers]:
        """All matrix products of a layer."""
        shape = self.shape
        if not mixture:
            return _sum(self._attention_products(), self._ffn_products(shape.ffn))
        shared = self._ffn_products(np.maximum(shape.shared_experts * shape.expert_ffn, 0.0))
        return _sum(self._attention_products(), self._expert_products(), shared)

    def _launched(self, *, mixture: bool) -> Numbers:
        """Seconds that the host takes to launch a layer, and its experts."""
        launch: Numbers = self.efficiency.at("layer_s", self.task.epoch) * (3.0 + self.full) / 3.0
        launch = launch * (1.0 + self.efficiency.at("rank_launch") * (self.layout.tensor - 1.0))
        if not mixture:
            return launch
        here = np.maximum(1.0, self.shape.experts / self.layout.expert)
        experts: Numbers = self.efficiency.at("expert_s", self.task.epoch) * here
        return launch + experts

    def layer(self, *, mixture: bool) -> dict[str, Numbers]:
        """Seconds of one layer for one micro-batch, forward and backward with what is computed again, by kind."""
        products = self._products(mixture=mixture)
        scores, streamed, exchanged = self._scores(), self._streamed(mixture=mixture), self._exchanged(mixture=mixture)
        full = self.full
        # Adapters need no gradients of the frozen weights: half of the backward products.
        back = np.where(np.asarray(self.task.adapters_only) > 0, 0.5, 1.0)
        scores_again = np.where(self.some & self.unfused, 1.0, full)
        streams_again = np.where(self.some & ~self.unfused, np.maximum(full, 0.5), full)
        parts = {
            "matrix products": products[0] * (1.0 + full) + back * products[1],
            "attention scores": scores[0] * (1.0 + scores_again) + scores[1],
            "streamed operators": streamed[0] * (1.0 + streams_again) + streamed[1],
            "exchange within layers": exchanged[0] * (1.0 + full) + exchanged[1],
        }
        launch = self._launched(mixture=mixture)
        busy = (
            parts["matrix products"]
            + parts["attention scores"]
            + parts["streamed operators"]
            + parts["exchange within layers"]
        )
        # The host launches while the chip works; a smooth maximum, since some launches always wait.
        parts["waiting for the host"] = (busy**3 + launch**3) ** (1.0 / 3.0) - busy
        return parts

    def layers(self) -> dict[str, Numbers]:
        """Seconds of all layers for one micro-batch, part by part: of tensor, context and expert ranks and its size."""
        shape = self.shape
        plain, mixed = shape.plain_layers, shape.mixture_layers + shape.prediction_layers
        body = {name: plain * value for name, value in self.layer(mixture=False).items()}
        if (np.asarray(shape.experts) > 0).any():
            held = np.asarray(shape.experts) > 0
            for name, value in self.layer(mixture=True).items():
                body[name] = body[name] + np.where(held, mixed * value, shape.prediction_layers * 0.0)
        return body

    def logits(self) -> Numbers:
        """Seconds of embedding, logits and loss for one micro-batch."""
        shape, machine, layout = self.shape, self.machine, self.layout
        forward, backward = training_matrix_s(
            self.tokens,
            shape.vocab / layout.tensor,
            shape.hidden,
            self.bf16_flop_per_s,
            machine.memory_bytes_per_s,
            machine.gemm_units,
        )
        loss = streamed_s(18.0 * self.tokens * shape.vocab / layout.tensor, machine.memory_bytes_per_s)
        return (forward + backward + loss) * (1.0 + shape.prediction_layers)


def _sum(*pairs: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
