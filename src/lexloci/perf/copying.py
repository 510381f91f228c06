"""How long and at what price data moves between two places.

    time = bytes x 8 / bandwidth x overhead + round trip x (1 + doublings of the start)

Overhead: an Ethernet frame of 1,538 bytes on the wire carries 1,460 of payload (IEEE 802.3, RFC 9293), where
the bandwidth is that of the line; none where it is already that of the payload. The start is TCP's: ten
segments (RFC 6928), doubled each round trip (RFC 5681) until the path is full. It takes seconds, whatever
the volume, so one stream or many makes no difference to a long copy.
"""

from __future__ import annotations

from math import ceil, log2

from lexloci.model.estimate import Range

WIRE_BYTES_PER_PAYLOAD_BYTE = 1538.0 / 1460.0
INITIAL_WINDOW_BYTES = 10 * 1460.0


def copy_duration_s(volume_bytes: float, gbps: float, round_trip_ms: float | None) -> Range:
    """How long a copy takes, in seconds; low: the bandwidth is payload; point and high: it is that of the line.

    Other traffic on the path, retries and disks are not in the interval.
    """
    at_payload = volume_bytes * 8.0 / (gbps * 1e9)
    start = start_s(gbps, round_trip_ms) if round_trip_ms else 0.0
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
