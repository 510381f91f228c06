"""What a served model holds and what a token of it costs, before any chip: parameters by part, attention, cache.

Parts: the vocabulary (embedding and projection, kept in 16 bits), what every token passes (attention, shared and
dense layers), and the routed experts, of which a token passes ``active_experts`` of ``experts``. Fields are figures
or NumPy arrays of one length (a column for each of many models).
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from functools import lru_cache
from math import cbrt
from pathlib import Path

import numpy as np

from lexloci.model.errors import CatalogueError
from lexloci.model.workload import Model
from lexloci.perf.shape import Numbers

SHAPES_TABLE = Path(__file__).parent / "data" / "model_shapes.csv"
LATENT_RANK = 512.0
"""Width of the compressed key-value vector of latent attention (DeepSeek-V2, arXiv:2405.04434, section 3.1.2)."""
LATENT_PROMPT_WIDTH = 320.0
"""Query-key width 192 plus value width 128 of a head while a prompt is read, half-summed (same source)."""
ALWAYS_SHARE_OF_ACTIVE = 0.4
"""Part of a mixture's active parameters that every token passes, where no shape is stated: 0.45 in DeepSeek-V3 and
Qwen3-30B-A3B, 0.35 in Qwen3-235B-A22B, 0.13 in Mixtral-8x7B (their config.json)."""


@dataclass(frozen=True, slots=True)
class ServedShape:
    """Parameters by part, layers, widths and cache of one served model, or of many (arrays).

    ``cache_elements``: values that a token keeps in one layer. ``window_tokens``: what a layer of limited attention
    looks back on, ``window_share`` the share of such layers. ``latent``: 1 for latent attention (MLA), else 0.
    ``mixture_share``: share of the layers that have experts; 0 where there are none.
    """

    layers: Numbers
    hidden: Numbers
    query_width: Numbers
    heads: Numbers
    cache_elements: Numbers
    vocabulary: Numbers
    always: Numbers
    expert: Numbers
    experts: Numbers
    active_experts: Numbers
    window_tokens: Numbers
    window_share: Numbers
    latent: Numbers
    mixture_share: Numbers

    @property
    def parameters(self) -> Numbers:
        """All weights."""
        return self.vocabulary + self.always + self.expert * self.experts

    def experts_touched(self, tokens: Numbers) -> Numbers:
        """Share of the routed experts that a batch of ``tokens`` tokens needs, were they drawn evenly, 0 to 1."""
        chosen = np.asarray(self.active_experts / np.maximum(self.experts, 1.0))
        missed = np.exp(np.asarray(tokens) * np.log1p(-np.minimum(chosen, 1.0 - 1e-12)))
        return np.where(np.asarray(self.experts) > 0, 1.0 - missed, 0.0)

    def seen_tokens(self, context_tokens: Numbers) -> Numbers:
        """Tokens of the context that a layer attends to, averaged over layers with and without a window."""
        limited = np.minimum(context_tokens, self.window_tokens)
        return (1.0 - self.window_share) * context_tokens + self.window_share * limited

    def activation_elements(self) -> Numbers:
        """Values that kernels read and write for a token beside weights and cache, all layers.

        Counted from the kernels of a layer: norms, residuals, quantisation and the ends of products move about ten
        widths and four of the queries; a gated feed-forward five of its inner width; and each expert that a token
        goes to gathers and returns its vector, four widths more.
        """
        attention = 2.0 * self.layers * self.hidden * (self.query_width + self.cache_elements)
        inner = np.maximum(self.always - attention, 0.0) / (3.0 * self.hidden)
        each = 4.0 * self.hidden * self.layers * self.mixture_share + 5.0 * self.expert / (3.0 * self.hidden)
        around = self.layers * (10.0 * self.hidden + 4.0 * self.query_width)
        return around + 5.0 * inner + self.active_experts * each

    def decode_score_flop(self) -> Numbers:
        """Operations of attention for a generated token and a token of context, all layers.

        4 x query width; for latent attention in its absorbed form 2 x heads x (two ranks and the rotary part).
        """
        latent = 2.0 * self.heads * (LATENT_RANK + self.cache_elements)
        return self.layers * np.where(np.asarray(self.latent) > 0, latent, 4.0 * self.query_width)

    def prompt_score_flop(self) -> Numbers:
        """Operations of attention for a token of a prompt and a token before it, all layers."""
        latent = 2.0 * self.heads * LATENT_PROMPT_WIDTH
        return self.layers * np.where(np.asarray(self.latent) > 0, latent, 4.0 * self.query_width)


def shape_of_parts(row: dict[str, str], parameters: float, active_parameters: float) -> ServedShape:
    """The shape of a row of the table of shapes, with the parameters that were stated for the model.

    With E experts of which k are active, (all - active) / (E - k) is one expert; the rest every token passes.
    """
    layers, hidden, heads, head = (float(row[name]) for name in ("layers", "hidden", "heads", "head_dim"))
    experts, chosen = float(row["experts"] or 0), float(row["active_experts"] or 0)
    vocabulary = min(2.0 * float(row["vocabulary"]) * hidden * (0.5 if row["tied"] else 1.0), 0.5 * active_parameters)
    expert = max(parameters - active_parameters, 0.0) / (experts - chosen) if experts > chosen else 0.0
    expert = min(expert, (parameters - vocabulary) / experts) if experts else 0.0
    return ServedShape(
        layers=layers,
        hidden=hidden,
        query_width=heads * head,
        heads=heads,
        cache_elements=float(row["cache_elements"]),
        vocabulary=vocabulary,
        always=max(parameters - vocabulary - expert * experts, 0.0),
        expert=expert,
        experts=experts,
        active_experts=chosen,
        window_tokens=float(row["window_tokens"] or 1e12),
        window_share=float(row["window_share"] or 0.0),
        latent=float(row["latent"] or 0.0),
        mixture_share=float(row["mixture_share"] or 1.0) if experts else 0.0,
    )


def shape_of_size(parameters: float, active_parameters: float) -> ServedShape:
    """The shape of a model of which only its size is known: as models of that size are built.

    Width from N = 12 L H^2 with L = H / 128 (GPT-3's proportions, arXiv:2005.14165, table 2.1), one key-value head
    for each eight of 128 (Llama 3, arXiv:2407.21783, table 3). A mixture takes one expert in as many as its sizes tell.
    """
    hidden = max(128.0, cbrt(active_parameters * 128.0 / 12.0))
    return shape_of_widths(parameters, active_parameters, max(1.0, hidden / 128.0), hidden, 2.0 * hidden / 8.0)


def shape_of_widths(
    parameters: float, active_parameters: float, layers: float, hidden: float, cache_elements: float
) -> ServedShape:
    """The shape of a model whose layers and width are known, but not its experts."""
    mixture = active_parameters < parameters
    always = ALWAYS_SHARE_OF_ACTIVE * active_parameters if mixture else parameters
    routed, chosen = max(parameters - always, 0.0), max(active_parameters - always, 0.0)
    experts = routed / chosen if mixture and chosen > 0 else 0.0
    return ServedShape(
        layers=layers,
        hidden=hidden,
        query_width=hidden,
        heads=max(1.0, hidden / 128.0),
        cache_elements=cache_elements,
        vocabulary=0.0,
        always=always,
        expert=chosen if experts else 0.0,
        experts=experts,
        active_experts=1.0 if experts else 0.0,
        window_tokens=1e12,
        window_share=0.0,
        latent=0.0,
        mixture_share=1.0 if experts else 0.0,
    )


def shape_in_portfolio(model: Model) -> ServedShape:
    """The shape of a portfolio's model: that of its published name and size, else of the layers and width it states.

    A published shape counts where name and parameters (to 10 %) agree, and layers and width where stated. Without
    either, full attention is taken, the most that a model keeps.
    """
    used = min(model.used_parameters, model.parameters)
    for name in (model.id, model.name):
        row = known_shapes().get(plain_name(name))
        if row is not None and _agrees(model, row):
            return shape_of_parts(row, model.parameters, used)
    if model.layers is not None and model.hidden is not None:
        return shape_of_widths(model.parameters, used, float(model.layers), float(model.hidden), 2.0 * model.hidden)
    hidden = cbrt(used * 128.0 / 12.0)
    return shape_of_widths(model.parameters, used, hidden / 128.0, hidden, 2.0 * hidden)


def _agrees(model: Model, row: dict[str, str]) -> bool:
    near = abs(model.parameters / (float(row["parameters_b"]) * 1e9) - 1.0) <= 0.1
    same_layers = model.layers is None or model.layers == int(row["layers"])
    return near and same_layers and (model.hidden is None or model.hidden == int(row["hidden"]))


@lru_cache(maxsize=1)
def known_shapes() -> dict[str, dict[str, str]]:
    """Rows of the table of published shapes by the names that measurements use. Raises CatalogueError if malformed."""
    try:
        content = SHAPES_TABLE.read_bytes()
        text = (gzip.decompress(content) if SHAPES_TABLE.suffix == ".gz" else content).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise CatalogueError(f"perf/data/{SHAPES_TABLE.name}: cannot be read ({error}); reinstall lexloci") from error
    found: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        for name in row["names"].split("|"):
            found[plain_name(name)] = row
    return found


def plain_name(name: str) -> str:
    """A model's name without case, spaces and punctuation, as names are compared."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def published_expert_bytes(name: str) -> float:
    """Bytes of an expert's weight of a model that is published in one precision alone; infinite for all others."""
    row = known_shapes().get(plain_name(name))
    return float(row["expert_bytes"]) if row is not None and row["expert_bytes"] else float("inf")


def shape_named(name: str, parameters: float, active_parameters: float) -> tuple[ServedShape, bool]:
    """The shape of a model by its published name, and whether the name is known; else by its size alone."""
    row = known_shapes().get(plain_name(name))
    if row is not None:
        return shape_of_parts(row, parameters, active_parameters), True
    return shape_of_size(parameters, active_parameters), False
