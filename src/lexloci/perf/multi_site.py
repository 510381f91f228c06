"""Training one model across sites that exchange their weights seldom: how much of the time is training.

Low-communication methods (DiLoCo, arXiv:2311.08105) let every site take H inner steps alone, then average the change
of the weights over the slow links (one all-reduce of pseudo-gradients), and go on:

    utilisation = inner phase / (inner phase + exposed exchange)
    exchange    = all-reduce of parameters x bytes a parameter (after compression) over the slowest link + its start
    exposed     = exchange, less what overlap hides behind the next inner phase

A ring of n sites sends 2 (n - 1)/n of the volume through each link. What fewer exchanges cost in learning is stated
by whoever plans (``token_penalty``): tokens that the method needs over those of plain training.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from lexloci.model.errors import LexlociError
from lexloci.model.workload import Exchange
from lexloci.perf.copying import start_s

INTELLECT_BYTES_PER_PARAMETER = 1.0
"""Quantised to 8 bits in the ring (INTELLECT-1, arXiv:2412.01152, section 3.2)."""


@dataclass(frozen=True, slots=True)
class MultiSite:
    """Share of the time that trains, with the lengths of a phase and of an exchange, and what crosses each link."""

    utilisation: float
    inner_phase_s: float
    exchange_s: float
    exposed_s: float
    bytes_per_exchange: float
    tokens_factor: float

    @property
    def useful_share(self) -> float:
        """Share of the speed of one undivided site: utilisation over the tokens that the method needs more."""
        return self.utilisation / self.tokens_factor


def all_reduce_s(volume_bytes: float, sites: int, gbps: float, round_trip_ms: float) -> float:
    """Time of a ring all-reduce of a volume over sites, in seconds; 0 for one site.

    ``gbps`` is the slowest link's, for one direction; each of the 2 (n - 1) steps of the ring waits half a round
    trip, and filling the path takes TCP's start once.
    """
    if sites <= 1:
        return 0.0
    through_each_link = 2.0 * (sites - 1) / sites * volume_bytes
    waiting = 2.0 * (sites - 1) * round_trip_ms / 2000.0
    return through_each_link * 8.0 / (gbps * 1e9) + waiting + start_s(gbps, round_trip_ms)


def across_sites(
    parameters: float, sites: int, step_s: float, gbps: float, round_trip_ms: float, exchange: Exchange
) -> MultiSite:
    """What remains of the speed when one training is spread over sites that exchange every H steps.

    ``step_s``: one step within a site; ``gbps`` and ``round_trip_ms``: of the slowest link.
    """
    volume = parameters * exchange.bytes_per_parameter
    return phases(
        exchange.inner_steps * step_s, all_reduce_s(volume, sites, gbps, round_trip_ms), volume, sites, exchange
    )


def phases(inner_phase_s: float, exchange_s: float, volume: float, sites: int, exchange: Exchange) -> MultiSite:
    """The same from the measured lengths of an inner phase and of an exchange, in seconds."""
    hidden = min(exchange.overlap * exchange_s, inner_phase_s)
    exposed = exchange_s - hidden
    moved = 2.0 * (sites - 1) / sites * volume if sites > 1 else 0.0
    share = inner_phase_s / (inner_phase_s + exposed) if inner_phase_s > 0 else 0.0
    return MultiSite(share, inner_phase_s, exchange_s, exposed, moved, exchange.token_penalty)


def inner_steps_for(
    share: float, parameters: float, sites: int, step_s: float, gbps: float, round_trip_ms: float, exchange: Exchange
) -> int:
    """The fewest inner steps with which at least ``share`` (below 1) of the time trains; no overlap counted."""
    if not 0.0 < share < 1.0:
        raise LexlociError(f"a share of {share} of the time cannot be asked; ask for more than 0 and less than 1")
    taken = all_reduce_s(parameters * exchange.bytes_per_parameter, sites, gbps, round_trip_ms)
    return max(1, ceil(share / (1.0 - share) * taken / step_s))
