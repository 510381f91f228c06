"""What a step of serving costs at the full speed of the memory and the arithmetic.

One replica lies on g chips and serves B users at once. A step gives each of them a token:

    T(B) = max((W share(B) + B k c) / (g bandwidth), B D / (g peak)) + B r P / (g peak)

W bytes of weights, k bytes of key-value cache a token, c tokens cached on average (the prompt and half of the
answer), D = 2 N + 4 L H c operations of a token, r prompt tokens for each generated one, P = 2 N + 2 L H p
those of a token of a prompt of p tokens (causal), N the parameters that a token uses. ``share(B) = 1 - (1 -
N/all)^B`` is the part of a mixture's weights that B users touch, were experts drawn evenly; 1 when dense.
Memory: W + B k c on g chips.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

_BISECTIONS = 24
_MOST_USERS = 1e6


@dataclass(frozen=True, slots=True)
class Roofline:
    """What one step of one replica costs, per unit of efficiency: bytes, operations, chips and memory."""

    weight_bytes: float
    active_share: float
    cache_bytes_per_user: float
    decode_flop: float
    prefill_flop: float
    bytes_per_s: float
    flop_per_s: float
    memory_bytes: float

    def step_s(self, users: float) -> float:
        """Time of a step for ``users`` users, in seconds, at the full roofline."""
        touched = 1.0 - float((1.0 - self.active_share) ** users)
        moved = (self.weight_bytes * touched + users * self.cache_bytes_per_user) / self.bytes_per_s
        computed = users * self.decode_flop / self.flop_per_s
        return max(moved, computed) + users * self.prefill_flop / self.flop_per_s

    def most_users(self) -> float:
        """How many users the memory beside the weights holds; below 1 the model does not fit."""
        free = self.memory_bytes - self.weight_bytes
        return free / self.cache_bytes_per_user if self.cache_bytes_per_user else (inf if free >= 0 else -1.0)

    def users_within(self, step_s: float) -> float:
        """The most users (1 or more) whose step takes no longer than ``step_s``; 0 where not even one can."""
        most = min(self.most_users(), _MOST_USERS)
        if most < 1.0 or self.step_s(1.0) > step_s:
            return 0.0
        if self.step_s(most) <= step_s:
            return most
        low, high = 1.0, most
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2.0
            low, high = (middle, high) if self.step_s(middle) <= step_s else (low, middle)
        return low


@dataclass(frozen=True, slots=True)
class Load:
    """What is served: the model's size and shape, its cache, and the mean lengths of prompt and answer."""

    parameters: float
    active_parameters: float
    layers_times_hidden: float
    weight_bytes_per_parameter: float
    kv_bytes_per_token: float
    prompt_tokens: float
    output_tokens: float
    input_tokens_per_output_token: float

    def on(self, chips: int, peak_tflops: float, memory_gb: float, memory_gb_per_s: float) -> Roofline:
        """The roofline of one replica of this load on a number of chips; figures are those of one chip."""
        cached = self.prompt_tokens + self.output_tokens / 2.0
        prompt = prompt_flop(self.active_parameters, self.layers_times_hidden, self.prompt_tokens)
        return Roofline(
            weight_bytes=self.parameters * self.weight_bytes_per_parameter,
            active_share=min(1.0, self.active_parameters / self.parameters),
            cache_bytes_per_user=self.kv_bytes_per_token * cached,
            decode_flop=2.0 * self.active_parameters + 4.0 * self.layers_times_hidden * cached,
            prefill_flop=self.input_tokens_per_output_token * prompt,
            bytes_per_s=chips * memory_gb_per_s * 1e9,
            flop_per_s=chips * peak_tflops * 1e12,
            memory_bytes=chips * memory_gb * 1e9,
        )


def prompt_flop(active_parameters: float, layers_times_hidden: float, prompt_tokens: float) -> float:
    """Operations to read one token of a prompt, in FLOP: 2 N + 2 L H p, causal."""
    return 2.0 * active_parameters + 2.0 * layers_times_hidden * prompt_tokens
