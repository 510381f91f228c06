"""What a step of serving costs on one copy of a model: time to generate, time to read a prompt, memory.

A copy (replica) lies on ``tensor x stages`` chips. A step gives each of its B users a token:

    weights      roofline(bytes of the weights that B users touch, their operations)
    attention    max(bytes of the cache, operations of the scores)
    exchanges    two all-reduces a layer (dense), or the way to the experts and back (mixtures), and their starts
    host         a time per step, per layer and per token

roofline(m, c) = (m^n + c^n)^(1/n), never below max(m, c). Every share of a peak is at most 1, so that no step is
faster than the data sheet allows. Mixtures run attention either split over the chips (tensor) or each chip for its
own users with all attention weights (data), experts dealt over the chips in both. With pipeline stages, B users go
round in as many groups as there are stages. Limited attention and latent attention: ``served_shape``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lexloci.perf.served_shape import ServedShape
from lexloci.perf.serving_efficiency import ServingEfficiency
from lexloci.perf.serving_machine import ServingMachine
from lexloci.perf.shape import Numbers

ACTIVATION_BYTES = 2.0
USABLE_MEMORY = 0.90
"""Share of the memory that a server takes for weights and cache; TensorRT-LLM and vLLM default to 0.90."""
MEMORY_LIMIT = 0.98
"""Share of the memory that weights and one user's cache may take at most: above it a model is declared not to fit."""
LEAST_FREE_SHARE = 0.02
"""Share of the memory that is used for the cache where the usual share leaves less, up to MEMORY_LIMIT."""
RESERVED_BYTES = 2e9
"""Activations, graphs and the runtime of one chip: 1 to 4 GB in the logs that vLLM and TensorRT-LLM print."""
_EIGHT_BITS = 1.1
_MOST_DOUBLINGS = 3.0
"""Doublings of chips, to eight, that lengthen the start of an exchange and unequal loads: beyond, a switch lets all
send at once, and servers double the experts that are asked most."""
PROMPT_PIECE_TOKENS = 8192.0
"""Tokens of prompts that are read in one piece; default of TensorRT-LLM (max_num_tokens) and near that of vLLM."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Bytes of a weight that every token passes, of an expert's weight, and of a cached value."""

    always_bytes: Numbers
    expert_bytes: Numbers
    cache_bytes: Numbers


@dataclass(frozen=True, slots=True)
class Replica:
    """Chips of one copy: split within layers, pipeline stages, and whether attention runs by users (1) or split (0).

    ``apart``: 1 where they only read prompts or only generate, and half of a batch computes while the other half's
    tokens are on the way to experts and back (DeepSeek-V3, arXiv:2412.19437, section 3.4).
    """

    tensor: Numbers
    stages: Numbers
    by_users: Numbers
    apart: Numbers = 0.0

    @property
    def chips(self) -> Numbers:
        """Chips of the copy."""
        return self.tensor * self.stages


@dataclass(frozen=True, slots=True)
class Serving:
    """A model in a precision on a copy's chips, with the figures that its chips and software reach."""

    shape: ServedShape
    precision: Precision
    machine: ServingMachine
    replica: Replica
    efficiency: ServingEfficiency

    # -- memory ------------------------------------------------------------------------------------------------

    def weight_bytes_per_chip(self) -> Numbers:
        """Weights that one chip holds: experts dealt out, the rest split, or whole where attention runs by users."""
        shape, replica = self.shape, self.replica
        always = shape.always * self.precision.always_bytes + shape.vocabulary * ACTIVATION_BYTES
        held = always / replica.stages / np.where(np.asarray(replica.by_users) > 0, 1.0, replica.tensor)
        return held + shape.expert * shape.experts * self.precision.expert_bytes / replica.chips

    def cache_bytes_per_token(self) -> Numbers:
        """Key-value cache of one token over the whole copy, in bytes."""
        return self.shape.layers * self.shape.cache_elements * self.precision.cache_bytes

    def free_bytes(self) -> Numbers:
        """Memory of the copy that is left for the cache; below zero where the weights do not fit."""
        weights = self.weight_bytes_per_chip()
        usual = self.machine.memory_bytes * USABLE_MEMORY - RESERVED_BYTES - weights
        most = self.machine.memory_bytes * MEMORY_LIMIT - weights
        return np.maximum(usual, np.minimum(most, LEAST_FREE_SHARE * self.machine.memory_bytes)) * self.replica.chips

    def most_users(self, cached_tokens: Numbers) -> Numbers:
        """Users whose cache fits beside the weights, each with ``cached_tokens``; below 1 the model does not fit."""
        return self.free_bytes() / np.maximum(self.cache_bytes_per_token() * cached_tokens, 1.0)

    # -- time --------------------------------------------------------------------------------------------------

    def step_s(self, users: Numbers, context_tokens: Numbers) -> Numbers:
        """Time to give each of ``users`` users of the copy one token, in seconds."""
        parts = tuple(self.step_parts(users, context_tokens).values())
        return parts[0] + parts[1] + parts[2] + parts[3] + parts[4] + parts[5]

    def step_parts(self, users: Numbers, context_tokens: Numbers) -> dict[str, Numbers]:
        """The time of a step by what it is spent on, in seconds."""
        group = users / self.replica.stages
        parts = {
            "weights": self._weights_s(group),
            "attention": self._attention_s(group, context_tokens),
            "activations": group * self._activation_s() / self.replica.tensor,
        }
        work = parts["weights"] + parts["attention"] + parts["activations"]
        return parts | {
            "exchange": self._exposed(self._decode_exchange_s(group), work),
            "starts": self._starts_s(),
            "host": self._host_s(users),
        }

    def flop_per_token(self) -> Numbers:
        """Operations of the matrix products of one token, all chips together."""
        return 2.0 * (self.shape.always + self.shape.active_experts * self.shape.expert)

    def peak_flop_per_s(self) -> Numbers:
        """Peak of one chip for the weights of the experts, or of all where there are none."""
        return self._peak(self.precision.expert_bytes)

    def moved_bytes(self, users: Numbers, context_tokens: Numbers) -> Numbers:
        """Bytes that one chip reads in a step: the weights that its users touch, and their cache."""
        group = users / self.replica.stages
        seen = self.shape.seen_tokens(context_tokens) * users / self.replica.tensor
        return self._weight_bytes_moved(group) + self.cache_bytes_per_token() * seen / self.replica.stages

    def prompt_token_s(self, prompt_tokens: Numbers) -> Numbers:
        """Time that one token of a prompt of ``prompt_tokens`` adds to the copy, in seconds, read in long pieces."""
        shape, chips = self.shape, self.replica.chips
        reach = self.efficiency.at("prompt")
        always = 2.0 * shape.always / (self._always_flop_per_s() * reach)
        expert = 2.0 * shape.expert * self._expert_tokens(PROMPT_PIECE_TOKENS) / PROMPT_PIECE_TOKENS
        expert = expert / (self._expert_flop_per_s() * reach)
        seen = shape.seen_tokens(prompt_tokens / 2.0)
        scores = shape.prompt_score_flop() * seen / (self._score_peak() * self.efficiency.at("prompt_scores"))
        exchange = self._exchange_s(1.0) / self.replica.stages
        host = self.efficiency.at("prompt_token_us") * 1e-6 * self._host_factor() / self.ranks()
        work = (always + expert + scores + self._activation_s()) / chips
        return work + self._exposed(exchange, work) + host

    def mixed_prompt_token_s(self, prompt_tokens: Numbers) -> Numbers:
        """The same where prompts are read between the steps of others.

        Chips that run attention for their own users wait in each layer for the one that has most to read.
        """
        waits = (np.asarray(self.replica.by_users) > 0) & (np.asarray(self.replica.tensor) > 1)
        return self.prompt_token_s(prompt_tokens) * np.where(waits, self.efficiency.at("imbalance"), 1.0)

    def roofline_step_s(self, users: Numbers, context_tokens: Numbers) -> Numbers:
        """Least time of a step by the data sheet alone: bytes at full bandwidth, operations at the peak."""
        shape, machine, chips = self.shape, self.machine, self.replica.chips
        computed = 2.0 * users * shape.always / self._peak(self.precision.always_bytes)
        computed = computed + 2.0 * users * shape.active_experts * shape.expert / self._peak(
            self.precision.expert_bytes
        )
        return np.maximum(self.moved_bytes(users, context_tokens) / machine.memory_bytes_per_s, computed / chips)

    def roofline_prompt_token_s(self) -> Numbers:
        """Least time of a prompt's token by the peak alone, in seconds."""
        shape = self.shape
        always = 2.0 * shape.always / self._peak(self.precision.always_bytes)
        expert = 2.0 * shape.active_experts * shape.expert / self._peak(self.precision.expert_bytes)
        return (always + expert) / self.replica.chips

    def _expert_tokens(self, tokens: Numbers) -> Numbers:
        """Tokens that all experts together compute for a batch: each works in tiles, and fills its last one partly.

        All chips wait for the one whose experts are asked most, unless they serve one phase and double such experts.
        """
        tile = self.efficiency.at("tile") * self.shape.experts * self.shape.experts_touched(tokens)
        doublings = np.minimum(np.log2(np.maximum(self.replica.tensor, 1.0)), _MOST_DOUBLINGS)
        more = np.where(np.asarray(self.replica.apart) > 0, 0.0, self.efficiency.at("busiest") * doublings)
        return self.shape.active_experts * tokens * (1.0 + more) + tile

    # -- parts -------------------------------------------------------------------------------------------------

    def _weight_bytes_moved(self, group: Numbers) -> Numbers:
        """Bytes of weights that one chip reads for a group of users, over all stages' layers divided by the split."""
        shape, replica = self.shape, self.replica
        split = np.where(np.asarray(replica.by_users) > 0, 1.0, replica.tensor)
        always = shape.always * self.precision.always_bytes / split
        vocabulary = shape.vocabulary / 2.0 * ACTIVATION_BYTES / replica.tensor
        experts = shape.expert * shape.experts * self.precision.expert_bytes * shape.experts_touched(group)
        return always + vocabulary + experts / replica.tensor

    def _weights_s(self, group: Numbers) -> Numbers:
        shape, replica = self.shape, self.replica
        memory = self.machine.memory_bytes_per_s * self._bandwidth()
        split = np.where(np.asarray(replica.by_users) > 0, 1.0, replica.tensor)
        always = self._corner(
            shape.always * self.precision.always_bytes / split / memory,
            2.0 * shape.always * group / replica.tensor / self._always_flop_per_s(),
        )
        touched = shape.expert * shape.experts * self.precision.expert_bytes * shape.experts_touched(group)
        experts = self._corner(
            touched / replica.tensor / memory,
            2.0 * shape.expert * self._expert_tokens(group) / replica.tensor / self._expert_flop_per_s(),
        )
        return always + experts + self._logits_s(group, memory)

    def _logits_s(self, group: Numbers, memory: Numbers) -> Numbers:
        """Time of the projection to the vocabulary. With stages it lies on the last, for which all others wait."""
        shape, replica = self.shape, self.replica
        projected = self._corner(
            shape.vocabulary / 2.0 * ACTIVATION_BYTES / replica.tensor / memory,
            shape.vocabulary * group / replica.tensor / (self.machine.flop16_per_s * self._arithmetic8()),
        )
        return projected * replica.stages

    def _attention_s(self, group: Numbers, context_tokens: Numbers) -> Numbers:
        seen = self.shape.seen_tokens(context_tokens) * group / self.replica.tensor
        moved = self.cache_bytes_per_token() * seen / (self.machine.memory_bytes_per_s * self._bandwidth())
        peak = self._score_peak() * self.efficiency.at("decode_scores")
        return np.maximum(moved, self.shape.decode_score_flop() * seen / peak)

    def _activation_s(self) -> Numbers:
        """Time of one chip to move what the kernels of all layers pass to each other for one token."""
        moved = self.shape.activation_elements() * ACTIVATION_BYTES * self.efficiency.at("traffic")
        return moved / (self.machine.memory_bytes_per_s * self._bandwidth())

    def _exchange_s(self, tokens: Numbers) -> Numbers:
        """Time of a chip's exchanges for a batch of tokens, all layers: to the experts and back, or two all-reduces.

        Chips that serve one phase send a token once to each other that holds one of its k experts: (g - 1)(1 - (1 -
        1/g)^k) of g, and over the fabric once to each domain (DeepSeek-V3, section 3.2.2). Others gather all tokens on
        each chip and scatter the sums (TensorRT-LLM's default but on GB200, which is not told apart:
        tensorrt_llm/_torch/modules/fused_moe/fused_moe_cutlass.py, AlltoallMethodType.NotEnabled).
        To experts of 8 bits or fewer in 8 bits, and back in 16 (section 3.3).
        """
        shape, tensor, machine = self.shape, self.replica.tensor, self.machine
        domains = np.maximum(tensor / np.minimum(tensor, machine.domain_chips), 1.0)
        there = np.where(np.asarray(self.precision.expert_bytes) <= _EIGHT_BITS, 1.0, ACTIVATION_BYTES)
        token = (tokens / tensor) * shape.hidden * (there + ACTIVATION_BYTES)
        apart = np.asarray(self.replica.apart) > 0
        near = np.where(apart, _reached_of(tensor, shape.active_experts), tensor - 1.0)
        far = np.where(apart, _reached_of(domains, shape.active_experts), domains - 1.0)
        near, far = token * near / machine.domain_bytes_per_s, token * far / machine.fabric_bytes_per_s
        reduced = 2.0 * tokens * shape.hidden * ACTIVATION_BYTES * 2.0 * (tensor - 1.0) / tensor
        reduced = reduced * np.where(np.asarray(self.replica.by_users) > 0, 0.0, 1.0)
        reduced = reduced / np.where(domains > 1.0, machine.fabric_bytes_per_s, machine.domain_bytes_per_s)
        each = shape.mixture_share * np.maximum(near, far) + (1.0 - shape.mixture_share) * reduced
        return np.where(np.asarray(tensor) > 1, shape.layers * each, 0.0) / self.efficiency.at("link")

    def _exposed(self, exchange_s: Numbers, work_s: Numbers) -> Numbers:
        """What of the exchanges the chips wait for: all, or what work on the other half of a batch does not hide."""
        hides = (np.asarray(self.replica.apart) > 0) & (np.asarray(self.shape.experts) > 0)
        hidden = np.minimum(exchange_s, work_s) * (1.0 - np.minimum(self.efficiency.at("exposed"), 1.0))
        return exchange_s - np.where(hides, hidden, 0.0)

    def _decode_exchange_s(self, group: Numbers) -> Numbers:
        mixture = self.shape.mixture_share
        each_us = (1.0 - mixture) * self.efficiency.at("exchange_us")
        each_us = each_us * np.where(np.asarray(self.replica.by_users) > 0, 0.0, 1.0)
        each_us = each_us + mixture * self.efficiency.at("exchange_us", 1.0)
        doublings = np.minimum(np.log2(np.maximum(self.replica.tensor, 1.0)), _MOST_DOUBLINGS)
        starts = self.shape.layers * each_us * 1e-6 * doublings
        return self._exchange_s(group) + starts * self._stack()

    def _starts_s(self) -> Numbers:
        layers = self.shape.layers * self.efficiency.at("layer_us") * 1e-6 * self._stack()
        return layers + self.efficiency.at("step_ms") * 1e-3 * self.replica.stages

    def _host_s(self, users: Numbers) -> Numbers:
        return users * self.efficiency.at("token_us") * 1e-6 * self._host_factor() / self.ranks()

    def ranks(self) -> Numbers:
        """Hosts that share the work: one for each chip that has its own users, else one for the copy."""
        return np.where(np.asarray(self.replica.by_users) > 0, self.replica.tensor, 1.0)

    def _corner(self, memory_s: Numbers, arithmetic_s: Numbers) -> Numbers:
        n = np.maximum(self.efficiency.at("roundness"), 1.0)
        most = np.maximum(np.maximum(memory_s, arithmetic_s), 1e-300)
        return most * ((memory_s / most) ** n + (arithmetic_s / most) ** n) ** (1.0 / n)

    def _peak(self, weight_bytes: Numbers) -> Numbers:
        """Peak arithmetic of the chip for weights of a size: 4-bit, 8-bit or 16-bit operands.

        A chip without 4-bit arithmetic widens 4-bit weights to 16 bits to compute with them, as kernels for AWQ, GPTQ
        and MXFP4 weights do on such chips.
        """
        size = np.asarray(weight_bytes)
        eight = np.where(size <= _EIGHT_BITS, self.machine.flop8_per_s, self.machine.flop16_per_s)
        four = np.where(np.asarray(self.machine.has_fp4) > 0, self.machine.flop4_per_s, self.machine.flop16_per_s)
        return np.where(size <= 0.6, four, eight)

    def _score_peak(self) -> Numbers:
        """Peak of the scores of attention: kernels compute them in the bits in which the cache is held."""
        eight = np.asarray(self.precision.cache_bytes) <= _EIGHT_BITS
        return np.where(eight, self.machine.flop8_per_s, self.machine.flop16_per_s)

    def _reached(self, weight_bytes: Numbers) -> Numbers:
        four = (np.asarray(weight_bytes) <= 0.6) & (np.asarray(self.machine.has_fp4) > 0)
        return np.where(four, self.efficiency.at("arithmetic4", self.machine.generation), self._arithmetic8())

    def _always_flop_per_s(self) -> Numbers:
        return self._peak(self.precision.always_bytes) * self._reached(self.precision.always_bytes)

    def _expert_flop_per_s(self) -> Numbers:
        share = self.efficiency.at("experts", self.machine.generation) * self.machine.expert_lift
        reached = self._reached(self.precision.expert_bytes) * np.minimum(share, 1.0)
        return self._peak(self.precision.expert_bytes) * reached

    def _bandwidth(self) -> Numbers:
        return self.efficiency.at("bandwidth", self.machine.generation)

    def _arithmetic8(self) -> Numbers:
        return self.efficiency.at("arithmetic8", self.machine.generation)

    def _stack(self) -> Numbers:
        return self.efficiency.at("stack", self.machine.stack)

    def _host_factor(self) -> Numbers:
        return self.efficiency.at("host", self.machine.host)


def _reached_of(places: Numbers, experts: Numbers) -> Numbers:
    """Of so many places among which a token's experts are drawn, those other than its own that it must reach."""
    return (places - 1.0) * (1.0 - (1.0 - 1.0 / places) ** experts)
