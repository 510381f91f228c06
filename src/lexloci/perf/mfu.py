"""Which share of the peak a step used, by each convention in use.

MFU counts the operations that the model needs: with the causal half of the attention scores, or with all of them
(arXiv:2204.02311, appendix B, counts all). HFU adds what is computed again (arXiv:2205.05198, section 6.3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lexloci.perf.layout import Layout, Recompute
from lexloci.perf.shape import Numbers, Shape


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Shares of the peak, 0 to 1: MFU with causal and with full attention, HFU with full attention."""

    mfu_causal: Numbers
    mfu_full: Numbers
    hfu_full: Numbers


def utilisation(
    shape: Shape, layout: Layout, sequence_tokens: Numbers, batch_sequences: Numbers, step_s: Numbers, peak: Numbers
) -> Utilisation:
    """The shares that a step of ``step_s`` seconds used of chips with a ``peak`` of operations a second each.

    Recomputation: full computes the forward pass again; selective the attention scores.
    """
    rate = batch_sequences * sequence_tokens / step_s / (layout.chips * peak)
    scores = shape.score_flop_per_token(sequence_tokens, 0.0)
    full = shape.training_flop_per_token(sequence_tokens, 0.0)
    recompute = np.asarray(layout.recompute)
    again = np.clip(recompute - Recompute.SELECTIVE, 0.0, 1.0) * shape.matrix_flop_per_token()
    again = again + np.where(recompute >= Recompute.SELECTIVE, scores, 0.0)
    return Utilisation(rate * shape.training_flop_per_token(sequence_tokens), rate * full, rate * (full + again))
