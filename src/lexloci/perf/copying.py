"""How long and at what price data moves between two places.

    time = bytes x 8 / bandwidth x overhead + round trip x (1 + doublings of the start)

Overhead: an Ethernet frame of 1,538 bytes on the wire carries 1,460 of payload (IEEE 802.3, RFC 9293), where
the bandwidth is that of the line; none where it is already that of the payload. The start is TCP's: ten
segments (RFC 6928), doubled each round trip (RFC 5681) until the path is full. It takes seconds, whatever
the volume, so one stream or many makes no difference to the start of a long copy.

What a line allows, a connection may not reach: no more than a window of data is on the way in each round trip, and
loss p keeps the window below MSS x 1.22 / sqrt(p) (Mathis, Semke, Mahdavi and Ott, ACM CCR 27(3), 1997). Both
limits are of one connection, so streams in parallel multiply them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, log2, sqrt

from lexloci.model.errors import LexlociError
from lexloci.model.estimate import Range

WIRE_BYTES_PER_PAYLOAD_BYTE = 1538.0 / 1460.0
SEGMENT_BYTES = 1460.0
INITIAL_WINDOW_BYTES = 10 * SEGMENT_BYTES
MATHIS_CONSTANT = 1.22
"""sqrt(3/2): an acknowledgement for each segment, loss at random (Mathis et al. 1997)."""


@dataclass(frozen=True, slots=True)
class Streams:
    """How a copy is sent: connections in parallel, the window of each in bytes, and the share of segments lost.

    Without a window or loss, connections fill the line: what tuned tools with many streams come near to.
    """

    streams: int = 1
    window_bytes: float = inf
    loss: float = 0.0

    def __post_init__(self) -> None:
        if self.streams < 1 or self.window_bytes <= 0 or not 0.0 <= self.loss < 1.0:
            raise LexlociError(
                f"a copy with {self.streams} streams, a window of {self.window_bytes:g} bytes and a loss of "
                f"{self.loss:g} cannot be; streams are 1 or more, a window is above 0, a loss 0 or more and below 1"
            )

    @property
    def held_back(self) -> bool:
        """Whether a window or loss may keep it from filling the line: by how much, the round trip decides."""
        return self.loss > 0.0 or self.window_bytes < inf


FULL_LINE = Streams()


def reached_gbps(gbps: float, round_trip_ms: float | None, sent: Streams = FULL_LINE) -> float:
    """What a copy reaches of a line, in Gbit/s: the least of the line, its windows and what loss leaves.

    Without a round trip only the line counts, so who asks about a copy that is ``held_back`` must know it.
    """
    if not round_trip_ms:
        return gbps
    window = sent.window_bytes
    if sent.loss > 0.0:
        window = min(window, MATHIS_CONSTANT * SEGMENT_BYTES / sqrt(sent.loss))
    return min(gbps, sent.streams * window * 8.0 / (round_trip_ms / 1000.0) / 1e9)


def copy_duration_s(volume_bytes: float, gbps: float, round_trip_ms: float | None, sent: Streams = FULL_LINE) -> Range:
    """How long a copy takes, in seconds; low: the bandwidth is payload; point and high: it is that of the line.

    Other traffic on the path, retries and disks are not in the interval.
    """
    reached = reached_gbps(gbps, round_trip_ms, sent)
    at_payload = volume_bytes * 8.0 / (reached * 1e9)
    start = start_s(reached, round_trip_ms) if round_trip_ms else 0.0
    point = at_payload * WIRE_BYTES_PER_PAYLOAD_BYTE + start
    return Range(point, at_payload, point)


def start_s(gbps: float, round_trip_ms: float) -> float:
    """Time to open a connection and fill the path, in seconds: at most what full speed would not have needed."""
    round_trip_s = round_trip_ms / 1000.0
    window = gbps * 1e9 / 8.0 * round_trip_s
    doublings = max(0, ceil(log2(window / INITIAL_WINDOW_BYTES))) if window > INITIAL_WINDOW_BYTES else 0
    return round_trip_s * (1 + doublings)


def copy_cost_usd(volume_bytes: float, usd_per_gb: float) -> float:
    """What moving a volume costs, in USD; a GB is 1e9 bytes."""
    return volume_bytes / 1e9 * usd_per_gb
