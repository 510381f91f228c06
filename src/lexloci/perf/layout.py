"""How a model lies on chips: the ways of splitting it, and what is kept or computed again.

chips = tensor x pipeline x data x context; experts are split over ``expert`` of the ranks that share a pipeline
stage, ``expert_tensor`` of which split each expert. ``sharding`` is ZeRO's stage (arXiv:1910.02054): 0 none,
1 optimiser states, 2 and gradients, 3 and weights (FSDP).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from lexloci.perf.shape import Numbers


class Recompute(IntEnum):
    """What of the activations is computed again in the backward pass (arXiv:2205.05198, section 5).

    Selective: the scores of attention where it is not fused, else norms and activation functions. A value between
    selective and full is the share of layers that are computed again in full.
    """

    NONE = 0
    SELECTIVE = 1
    FULL = 2


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout, or many (arrays of one length)."""

    tensor: Numbers
    pipeline: Numbers
    data: Numbers
    context: Numbers
    expert: Numbers
    expert_tensor: Numbers
    virtual_stages: Numbers
    micro_batch: Numbers
    sharding: Numbers
    sequence_parallel: Numbers
    recompute: Numbers

    @property
    def chips(self) -> Numbers:
        """Chips of the layout."""
        return self.tensor * self.pipeline * self.data * self.context

    @property
    def expert_data(self) -> Numbers:
        """Copies of each expert."""
        return np.maximum(1.0, self.tensor * self.data * self.context / (self.expert * self.expert_tensor))

    @property
    def gathers_again(self) -> Numbers:
        """Whether weights are gathered for each micro-batch: fully sharded, without stages, which keep them for a step.

        With stages torchtitan by default does not shard them again after the forward pass (its
        reshard_after_forward_policy, torchtitan/models/llama3/infra/parallelize.py, 2025).
        """
        return np.where((np.asarray(self.sharding) >= 3) & (np.asarray(self.pipeline) <= 1), 1.0, 0.0)

    @property
    def gradients_apart(self) -> Numbers:
        """Whether a data rank holds its part of the gradients alone: from stage 2 on, without pipeline stages.

        A pipeline adds the gradients of its micro-batches up and sums them over the data ranks once, after the last
        (torch.distributed.pipelining's stages set_requires_gradient_sync on the last backward pass alone, recalled).
        """
        return np.where((np.asarray(self.sharding) >= 2) & (np.asarray(self.pipeline) <= 1), 1.0, 0.0)

    def micro_batches(self, batch_sequences: Numbers) -> Numbers:
        """Micro-batches that each pipeline works through in a step."""
        return np.maximum(1.0, batch_sequences / (self.data * self.micro_batch))
