"""How long one step of training takes, part by part, for one layout or for many at once.

    step = pipeline + exposed exchange of gradients and weights + optimiser + fixed time, x unevenness

    pipeline = micro-batches x slowest stage + (stages - 1)/virtual stages x average stage

A stage works through its layers (``perf.layer``). All terms are arrays over layouts.
``Step.parts`` add up to ``Step.seconds``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lexloci.perf.efficiency import Efficiency, Epoch
from lexloci.perf.layer import LayerModel
from lexloci.perf.layout import Layout
from lexloci.perf.machine import Machine
from lexloci.perf.memory import ADAPTER_SHARE, chip_parameters
from lexloci.perf.operators import streamed_s
from lexloci.perf.shape import Numbers


@dataclass(frozen=True, slots=True)
class Step:
    """Seconds of a step and of its parts."""

    seconds: Numbers
    parts: dict[str, Numbers]


def unevenness(machine: Machine, layout: Layout, efficiency: Efficiency) -> Numbers:
    """Share of a step lost in waiting for the slowest of many scale-up domains: so much for each doubling of them."""
    return efficiency.at("doubling") * np.log2(np.maximum(1.0, layout.chips / machine.domain_chips))


class StepModel(LayerModel):
    """The terms of a step, each a method, beside those of its layers."""

    def _sharded_bytes(self) -> tuple[Numbers, Numbers]:
        return chip_parameters(self.shape, self.layout)

    def _data_exchange(self, work_s: Numbers, micro_batches: Numbers, bubble_s: Numbers) -> Numbers:
        """Exposed exchange of gradients and weights among the data ranks, seconds of a step."""
        layout, efficiency, task = self.layout, self.efficiency, self.task
        shared, routed = self._sharded_bytes()
        ranks, stride = layout.data * layout.context, layout.tensor
        expert_stride = layout.expert * layout.expert_tensor
        gather = self.network.gather_s(2.0 * shared, ranks, stride)
        gather = gather + self.network.gather_s(2.0 * routed, layout.expert_data, expert_stride)
        # A pipeline keeps gathered weights for the whole step.
        whole = np.asarray(layout.gathers_again) > 0
        # Weights are gathered for both passes; gradients, of adapters alone where only those are trained, once.
        trained = self._trained_share()
        # Where each rank holds all weights, only those that were trained are gathered after a step.
        gathered = np.where(np.asarray(layout.sharding) >= 3, 1.0, trained)
        rest = gathered + trained * (1.0 + np.where(np.asarray(task.epoch) < Epoch.MATURE, 1.0, 0.0))
        times = np.where(whole, (2.0 + trained) * micro_batches, rest)
        exchange = times * gather
        hideable = np.where(whole, work_s, work_s / micro_batches + bubble_s)
        exposed = efficiency.at("data_exposed", task.epoch)
        return exposed * np.minimum(exchange, hideable) + np.maximum(exchange - hideable, 0.0)

    def _trained_share(self) -> Numbers:
        return np.where(np.asarray(self.task.adapters_only) > 0, ADAPTER_SHARE, 1.0)

    def _optimiser(self) -> Numbers:
        layout = self.layout
        shared, routed = self._sharded_bytes()
        sharded = np.asarray(layout.sharding) >= 1
        share = np.where(sharded, layout.data * layout.context, 1.0)
        copies = np.where(sharded, layout.expert_data, 1.0)
        trained = self._trained_share() * (shared / share + routed / copies)
        return streamed_s(32.0 * trained, self.machine.memory_bytes_per_s)

    def _handed_on_s(self) -> Numbers:
        """Seconds to hand a micro-batch to the next stage: each tensor rank sends its part.

        Where the ranks do not keep parts of the sequence, the next stage gathers them (arXiv:2104.04473, section 4.1).
        """
        layout, volume = self.layout, 2.0 * self.tokens * self.shape.hidden
        whole = np.where(np.asarray(layout.sequence_parallel) > 0, 0.0, self.network.gather_s(volume, layout.tensor))
        return self.network.send_s(volume / layout.tensor, layout.chips / layout.pipeline) + whole

    def _slowest(self, layers_s: Numbers, logits: Numbers) -> Numbers:
        """Seconds of the fullest stage for one micro-batch: the last has the logits, and layers may not divide."""
        layers, stages = self.shape.layers, self.layout.pipeline
        ragged = np.ceil(layers / stages) / (layers / stages)
        uneven = np.maximum(layers_s * ragged / stages, (layers_s + logits) / stages)
        return np.where(layers % stages == 0, layers_s / stages + logits, uneven)

    def _sent(self) -> Numbers:
        """Exposed seconds to hand a micro-batch on and its gradients back, over all stages on a chip."""
        send = 2.0 * self._handed_on_s()
        send = np.where(np.asarray(self.layout.pipeline) > 1, send * self.layout.virtual_stages, 0.0)
        return send * self.efficiency.at("pipeline_exposed", self.task.epoch)

    def step(self) -> Step:
        """The whole step."""
        layout, task, efficiency = self.layout, self.task, self.efficiency
        micro_batches = layout.micro_batches(task.batch_sequences)
        body, logits = self.layers(), self.logits()
        stages = layout.pipeline
        layers_s = sum(body.values())
        average, slowest, send = (layers_s + logits) / stages, self._slowest(layers_s, logits), self._sent()
        bubble = (stages - 1.0) / layout.virtual_stages * (average + send)
        work = micro_batches * average
        parts = {name: micro_batches * value / stages for name, value in body.items()}
        parts["embedding and logits"] = micro_batches * logits / stages
        parts["uneven stages"] = micro_batches * (slowest - average)
        parts["pipeline bubble"] = bubble
        parts["exchange between stages"] = micro_batches * send
        parts["exchange of gradients and weights"] = self._data_exchange(work, micro_batches, bubble)
        parts["optimiser"] = self._optimiser()
        parts["fixed time"] = efficiency.at("step_s") + 0.0 * average
        even_s = sum(parts.values())
        parts["unevenness of many chips"] = even_s * unevenness(self.machine, layout, efficiency)
        steady = even_s + parts["unevenness of many chips"]
        parts["rest of a whole run"] = steady * np.where(
            np.asarray(task.whole_run) > 0, efficiency.at("whole_run") - 1.0, 0.0
        )
        return Step(steady + parts["rest of a whole run"], parts)
