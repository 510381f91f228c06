"""The shape of a model of which only its size, or its size, layers and width are stated; and what had to be taken.

Typical shapes: width of 128 for each layer (GPT-3, Llama and Qwen from 7 to 405 billion parameters: 103 to 141), heads
of 128, eight key-value heads, a gated feed-forward that takes the parameters that are left, a vocabulary of 128,256
(Llama 3). A mixture has eight experts a token and one that all share (DeepSeek-V3, Kimi K2; Qwen3 likewise without
the shared one), as wide and as many as its active and its total parameters ask for.
"""

from __future__ import annotations

from lexloci.model.workload import Model
from lexloci.perf.shape import Shape

_HEAD = 128.0
_WIDTH_PER_LAYER = 128.0
_VOCABULARY = 128256.0
_TOP_K = 8.0


def shape_of(model: Model) -> tuple[Shape, tuple[str, ...]]:
    """The shape of a model, and one line for each thing that was taken as typical."""
    notes = []
    used = model.used_parameters
    hidden, layers = float(model.hidden or 0), float(model.layers or 0)
    if not hidden or not layers:
        notes.append("layers and hidden not stated: a typical shape taken")
    if not hidden:
        wide = (used / (12.0 * layers)) ** 0.5 if layers else (used * _WIDTH_PER_LAYER / 12.0) ** (1.0 / 3.0)
        hidden = max(_HEAD, _HEAD * round(wide / _HEAD))
    layers = layers or float(max(1, round(used / (12.0 * hidden**2))))
    notes.append("heads, feed-forward and vocabulary taken as typical of the size")
    heads = max(1.0, hidden / _HEAD)
    vocabulary = min(_VOCABULARY, max(256.0, 0.2 * used / (2.0 * hidden)))
    bare = Shape(layers, hidden, heads, min(8.0, heads), hidden / heads, 0.0, vocabulary, value_dim=hidden / heads)
    left = max(used - float(bare.parameters()), 0.0) / layers / (3.0 * hidden)
    if used >= model.parameters:
        return _with(bare, ffn=max(1.0, left)), tuple(notes)
    expert_ffn = max(1.0, left / (_TOP_K + 1.0))
    others = (model.parameters - used) / (layers * 3.0 * hidden * expert_ffn)
    return _with(
        bare, ffn=0.0, experts=_TOP_K + max(1.0, others), top_k=_TOP_K, shared_experts=1.0, expert_ffn=expert_ffn
    ), (*notes, "experts taken as eight a token and one shared")


def _with(shape: Shape, **changes: float) -> Shape:
    return Shape(**{name: getattr(shape, name) for name in Shape.__slots__} | changes)
