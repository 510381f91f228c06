"""How long chips take to exchange data over a network of two tiers: the scale-up domain and the fabric.

A ring over n chips moves (n - 1)/n of the data a chip holds once for an all-gather or a reduce-scatter. A group
of n with k members in each domain enters the fabric through k adapters, so its ring runs at the least of the
domain's bandwidth and k times a chip's adapter (NCCL's rings; hierarchical where they are). Each of the n - 1
steps adds its latency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lexloci.perf.machine import Machine
from lexloci.perf.shape import Numbers

DOMAIN_LATENCY_S = 5e-6
"""Start of a collective within a domain: 4 to 7 us on NVLink (NCCL tests of small messages, published widely)."""

FABRIC_LATENCY_S = 12e-6
"""Start of a collective over the fabric, with InfiniBand or RoCE: 10 to 15 us likewise."""


@dataclass(frozen=True, slots=True)
class Network:
    """Bandwidths that a collective reaches, bytes a second and chip, with the chips of a domain."""

    domain_chips: Numbers
    domain_bytes_per_s: Numbers
    fabric_bytes_per_s: Numbers
    loss_per_doubling: Numbers = 0.0

    @classmethod
    def of(
        cls, machine: Machine, domain_share: Numbers, fabric_share: Numbers, loss_per_doubling: Numbers = 0.0
    ) -> Network:
        """The network of a machine at the shares of line rate that its collectives reach."""
        return cls(
            machine.domain_chips,
            machine.domain_bytes_per_s * domain_share,
            machine.fabric_bytes_per_s * fabric_share,
            loss_per_doubling,
        )

    def gather_s(self, volume_bytes: Numbers, group: Numbers, stride: Numbers = 1.0) -> Numbers:
        """Time of an all-gather or reduce-scatter of ``volume_bytes`` (the whole) over ``group`` chips, in seconds.

        ``stride``: distance between neighbours of the group in the order of the chips. An all-reduce takes two.
        """
        inside = np.clip(np.floor(self.domain_chips / stride), 1.0, group)
        crosses = group > inside
        fabric = self.fabric_bytes_per_s / (1.0 + self.loss_per_doubling * np.log2(group / inside))
        bandwidth = np.where(crosses, np.minimum(self.domain_bytes_per_s, inside * fabric), self.domain_bytes_per_s)
        start = np.where(crosses, FABRIC_LATENCY_S * np.log2(2.0 * group / inside), 0.0) + DOMAIN_LATENCY_S
        moved = volume_bytes * (group - 1.0) / group
        return np.where(np.asarray(group) > 1, moved / bandwidth + start, 0.0)

    def all_to_all_s(
        self, volume_bytes: Numbers, group: Numbers, stride: Numbers = 1.0, copies: Numbers = 0.0
    ) -> Numbers:
        """Time for each chip to send ``volume_bytes`` evenly to the ``group`` chips, in seconds.

        ``copies``: to how many chips each token goes, where it is sent but once to each domain; 0 where it is not.
        """
        inside = np.clip(np.floor(self.domain_chips / stride), 1.0, group)
        outward = volume_bytes * (group - inside) / group
        domains = group / inside
        once = domains * (1.0 - (1.0 - 1.0 / domains) ** copies) / np.maximum(copies, 1.0)
        outward = outward * np.where(np.asarray(copies) > 0, once, 1.0)
        near = volume_bytes * (inside - 1.0) / group
        start = np.where(group > inside, FABRIC_LATENCY_S, 0.0) + DOMAIN_LATENCY_S
        slowest = np.maximum(outward / self.fabric_bytes_per_s, near / self.domain_bytes_per_s)
        return np.where(np.asarray(group) > 1, slowest + start, 0.0)

    def send_s(self, volume_bytes: Numbers, stride: Numbers) -> Numbers:
        """Time to send ``volume_bytes`` to the chip at a distance of ``stride``, in seconds."""
        near = stride < self.domain_chips
        bandwidth = np.where(near, self.domain_bytes_per_s, self.fabric_bytes_per_s)
        return volume_bytes / bandwidth + np.where(near, DOMAIN_LATENCY_S, FABRIC_LATENCY_S)
