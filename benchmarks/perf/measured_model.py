"""A transformer in PyTorch to be measured: dense or a mixture, one step of training, a prompt, a generated token.

Plain operators as the estimates count them: grouped-query attention by the fused kernel, a gated feed-forward or
experts of which each token takes some, norms; rotations are left out (under 1 % of a step). Weights are 32-bit copies
computed in 16 bits by autocast in training, and 16-bit or 8-bit in serving: 8-bit products scale a matrix by its
greatest value, and leave vocabulary, router and attention's scores in 16 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Torch = Any
Tensor = Any


@dataclass(frozen=True, slots=True)
class Sizes:
    """The model and what is run of it: sequence and batch of a step of training, users and context of serving."""

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    ffn: int
    vocab: int
    sequence: int
    batch: int
    experts: int = 0
    top_k: int = 0
    users: int = 16

    @property
    def parameters(self) -> int:
        """All weights."""
        return self._weights(self.experts)

    @property
    def active_parameters(self) -> int:
        """Weights that a token uses."""
        return self._weights(self.top_k)

    def _weights(self, experts: int) -> int:
        attention = self.hidden * (2 * self.hidden + 2 * self.kv_heads * self.head_dim)
        feed = 3 * self.hidden * self.ffn * max(1, experts) + self.hidden * self.experts
        return self.layers * (attention + feed) + 2 * self.vocab * self.hidden

    @property
    def head_dim(self) -> int:
        """Width of a head."""
        return self.hidden // self.heads


SIZES = {
    "tiny": Sizes(2, 64, 4, 2, 128, 256, 64, 2, users=2),
    "tiny-mixture": Sizes(2, 64, 4, 2, 64, 256, 64, 2, experts=4, top_k=2, users=2),
    "dense-0.7b": Sizes(12, 2048, 16, 4, 5632, 32000, 4096, 8, users=64),
    "dense-2b": Sizes(10, 4096, 32, 8, 14336, 32000, 4096, 4, users=64),
    "dense-8b": Sizes(32, 4096, 32, 8, 14336, 128256, 4096, 1, users=64),
    "mixture-2b": Sizes(8, 2048, 16, 4, 4096, 32000, 4096, 4, experts=8, top_k=2, users=64),
}
"""Models by name; dense-8b is for serving alone: its training state takes 128 GB."""

Weights = dict[str, Any]
"""Matrices by name: tensors, ``EightBits``, or for the experts of a layer a list of those."""
GREATEST = 448.0
"""The greatest value of E4M3 (arXiv:2209.05433, table 1)."""


@dataclass(frozen=True, slots=True)
class EightBits:
    """A matrix in E4M3 with one scale, as the accelerator multiplies it."""

    torch: Torch
    values: Tensor
    scale: Tensor

    @classmethod
    def of(cls, torch: Torch, matrix: Tensor) -> EightBits:
        """The matrix rounded to 8 bits, its greatest value at the greatest that they hold."""
        scale = (matrix.abs().amax().float() / GREATEST).clamp(min=1e-12)
        return cls(torch, (matrix.float() / scale).to(torch.float8_e4m3fn), scale)

    def times(self, state: Tensor) -> Tensor:
        """Products of the rows of a state with this matrix, in 16 bits; nothing is multiplied for no rows."""
        flat = state.reshape(-1, state.shape[-1])
        shape = (*state.shape[:-1], self.values.shape[0])
        if not flat.shape[0]:
            return flat.new_zeros(shape)
        given = EightBits.of(self.torch, flat)
        made = self.torch._scaled_mm(  # noqa: SLF001 - PyTorch has no other name for its 8-bit products
            given.values, self.values.t(), scale_a=given.scale, scale_b=self.scale, out_dtype=self.torch.bfloat16
        )
        return made.view(shape)


def no_eight_bits(torch: Torch, device: str) -> str:
    """Why 8-bit products cannot be measured here, in words; empty where they can."""
    if device != "cuda":
        return "FP8 is measured on an accelerator alone"
    if not hasattr(torch, "_scaled_mm") or not hasattr(torch, "float8_e4m3fn"):
        return "this PyTorch has no FP8 products; FP8 is not measured"
    if getattr(torch.version, "hip", None) or torch.cuda.get_device_capability() < (8, 9):
        return "this accelerator has no FP8 (E4M3) arithmetic that PyTorch uses; FP8 is not measured"
    return ""


def in_eight_bits(torch: Torch, weights: Weights) -> Weights:
    """The weights with the products of each layer in 8 bits; vocabulary and routers stay."""

    def rounded(matrix: Tensor) -> Any:
        return [EightBits.of(torch, one) for one in matrix] if matrix.dim() > 2 else EightBits.of(torch, matrix)

    products = ("qkv", "out", "up", "down")
    return {name: rounded(one) if name.rpartition(".")[2] in products else one for name, one in weights.items()}


def _linear(functional: Any, state: Tensor, matrix: Any) -> Tensor:
    return matrix.times(state) if isinstance(matrix, EightBits) else functional.linear(state, matrix)


def weights_of(torch: Torch, sizes: Sizes, device: str, dtype: Any) -> Weights:
    """Small random weights; the routers' too, so that experts are chosen nearly evenly."""

    def matrix(*shape: int) -> Tensor:
        return (torch.randn(*shape, device=device, dtype=torch.float32) * 0.02).to(dtype)

    width = sizes.kv_heads * sizes.head_dim
    found = {"embedding": matrix(sizes.vocab, sizes.hidden), "logits": matrix(sizes.vocab, sizes.hidden)}
    for layer in range(sizes.layers):
        found[f"{layer}.qkv"] = matrix(sizes.hidden + 2 * width, sizes.hidden)
        found[f"{layer}.out"] = matrix(sizes.hidden, sizes.hidden)
        if sizes.experts:
            found[f"{layer}.router"] = matrix(sizes.experts, sizes.hidden)
            found[f"{layer}.up"] = matrix(sizes.experts, 2 * sizes.ffn, sizes.hidden)
            found[f"{layer}.down"] = matrix(sizes.experts, sizes.hidden, sizes.ffn)
        else:
            found[f"{layer}.up"] = matrix(2 * sizes.ffn, sizes.hidden)
            found[f"{layer}.down"] = matrix(sizes.hidden, sizes.ffn)
    return found


def hidden_states(
    torch: Torch, sizes: Sizes, weights: Weights, tokens: Tensor, cache: list[Any] | None = None
) -> Tensor:
    """States after the last layer. With a cache of (keys, values) a layer, a token takes its last place and sees it."""
    functional = torch.nn.functional
    state = functional.embedding(tokens, weights["embedding"])
    for layer in range(sizes.layers):
        normed = functional.rms_norm(state, (sizes.hidden,))
        state = state + _attention(functional, sizes, weights, layer, normed, cache)
        normed = functional.rms_norm(state, (sizes.hidden,))
        feed = _experts if sizes.experts else _feed_forward
        state = state + feed(functional, torch, sizes, weights, layer, normed)
    return functional.rms_norm(state, (sizes.hidden,))


def _attention(
    functional: Any, sizes: Sizes, weights: Weights, layer: int, state: Tensor, cache: list[Any] | None
) -> Tensor:
    batch, length, _ = state.shape
    width = sizes.kv_heads * sizes.head_dim
    query, key, value = _linear(functional, state, weights[f"{layer}.qkv"]).split([sizes.hidden, width, width], dim=-1)
    query = query.view(batch, length, sizes.heads, sizes.head_dim).transpose(1, 2)
    key, value = (one.view(batch, length, sizes.kv_heads, sizes.head_dim).transpose(1, 2) for one in (key, value))
    if cache is not None:
        for held, new in zip(cache[layer], (key, value), strict=True):
            held[:, :, -1:] = new
        key, value = cache[layer]
    seen = functional.scaled_dot_product_attention(query, key, value, is_causal=cache is None, enable_gqa=True)
    flat = seen.transpose(1, 2).reshape(batch, length, sizes.hidden)
    return _linear(functional, flat, weights[f"{layer}.out"])


def _feed_forward(functional: Any, _torch: Torch, _sizes: Sizes, weights: Weights, layer: int, state: Tensor) -> Tensor:
    gate, up = _linear(functional, state, weights[f"{layer}.up"]).chunk(2, dim=-1)
    return _linear(functional, functional.silu(gate) * up, weights[f"{layer}.down"])


def _experts(functional: Any, torch: Torch, sizes: Sizes, weights: Weights, layer: int, state: Tensor) -> Tensor:
    """Each token through its experts: sorted by expert, one product for each expert, and put back."""
    flat = state.reshape(-1, sizes.hidden)
    share, chosen = functional.linear(flat, weights[f"{layer}.router"]).softmax(dim=-1).topk(sizes.top_k, dim=-1)
    order = chosen.reshape(-1).argsort()
    counts = torch.bincount(chosen.reshape(-1), minlength=sizes.experts).tolist()
    rows = flat[order // sizes.top_k].split(counts)
    made = []
    for expert, part in enumerate(rows):
        gate, up = _linear(functional, part, weights[f"{layer}.up"][expert]).chunk(2, dim=-1)
        made.append(_linear(functional, functional.silu(gate) * up, weights[f"{layer}.down"][expert]))
    weighted = torch.cat(made) * share.reshape(-1)[order].unsqueeze(-1).to(made[0].dtype)
    return torch.zeros_like(flat, dtype=weighted.dtype).index_add(0, order // sizes.top_k, weighted).view_as(state)


def training_step(torch: Torch, sizes: Sizes, device: str) -> Any:
    """A function that runs one step of training on random tokens: forward, backward, AdamW."""
    weights = weights_of(torch, sizes, device, torch.float32)
    for one in weights.values():
        one.requires_grad_(requires_grad=True)
    optimiser = torch.optim.AdamW(weights.values(), fused=device == "cuda")
    tokens = torch.randint(sizes.vocab, (sizes.batch, sizes.sequence + 1), device=device)

    def step() -> float:
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast(device, dtype=torch.bfloat16):
            states = hidden_states(torch, sizes, weights, tokens[:, :-1])
            logits = torch.nn.functional.linear(states, weights["logits"])
        loss = torch.nn.functional.cross_entropy(logits.float().flatten(0, 1), tokens[:, 1:].flatten())
        loss.backward()
        optimiser.step()
        return float(loss.detach())

    return step


def _served_weights(torch: Torch, sizes: Sizes, device: str, precision: str) -> Weights:
    weights = weights_of(torch, sizes, device, torch.bfloat16)
    return in_eight_bits(torch, weights) if precision == "fp8" else weights


def prompt_step(torch: Torch, sizes: Sizes, device: str, precision: str = "bf16") -> Any:
    """A function that reads one prompt and makes its first token, with weights in ``bf16`` or ``fp8``."""
    weights = _served_weights(torch, sizes, device, precision)
    tokens = torch.randint(sizes.vocab, (1, sizes.sequence), device=device)

    def step() -> Any:
        with torch.inference_mode():
            states = hidden_states(torch, sizes, weights, tokens)[:, -1:]
            return torch.nn.functional.linear(states, weights["logits"]).argmax(dim=-1)

    return step


def token_step(torch: Torch, sizes: Sizes, device: str, precision: str = "bf16") -> Any:
    """A function that makes one token for each of the users, whose caches hold a sequence in 16 bits."""
    weights = _served_weights(torch, sizes, device, precision)
    tokens = torch.randint(sizes.vocab, (sizes.users, 1), device=device)
    shape = (sizes.users, sizes.kv_heads, sizes.sequence, sizes.head_dim)
    cache = [[torch.randn(shape, device=device, dtype=torch.bfloat16) for _ in range(2)] for _ in range(sizes.layers)]

    def step() -> Any:
        with torch.inference_mode():
            states = hidden_states(torch, sizes, weights, tokens, cache)
            return torch.nn.functional.linear(states, weights["logits"]).argmax(dim=-1)

    return step
