"""How far users are from a site, in time: the great circle, and how much longer measured paths are.

    round trip = 2 x distance / speed of light in fibre x detour + fixed part

Light in fibre travels at c / 1.468 (group index of ITU-T G.652 fibre at 1,550 nm). Detour and fixed part were fitted
to the measured round trips between cloud regions that ship (``data/round_trips.csv.gz``; Skyplane, 2022, Apache-2.0):
``tools/build_round_trips.py`` prints them, with the spread that the interval holds.
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import numpy as np

from lexloci.model.errors import CatalogueError
from lexloci.model.estimate import Range

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG 1980)."""

FIBRE_KM_PER_MS = 299.792458 / 1.468
TABLE = Path(__file__).parent / "data" / "round_trips.csv.gz"
_LOW, _HIGH = 5.0, 95.0


@dataclass(frozen=True, slots=True)
class MeasuredTrip:
    """A measured round trip between two cloud regions, with the places of both."""

    origin: str
    target: str
    distance_km: float
    round_trip_ms: float


@dataclass(frozen=True, slots=True)
class Detour:
    """Measured round trips over the great circle's: slope, fixed part, and the spread around them (as factors)."""

    factor: float
    fixed_ms: float
    low: float
    high: float


def great_circle_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance over the surface between two places given as (latitude, longitude) in degrees, in km (haversine)."""
    (north, east), (north_2, east_2) = ((radians(a), radians(b)) for a, b in (one, other))
    half = sin((north_2 - north) / 2.0) ** 2 + cos(north) * cos(north_2) * sin((east_2 - east) / 2.0) ** 2
    return 2.0 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def round_trip_ms(one: tuple[float, float], other: tuple[float, float]) -> Range:
    """Round trip between two places, in ms, with the 90 % interval of measured paths of cloud networks.

    The networks of access providers add what this does not hold: 10 to 30 ms on fixed lines, more on mobile ones.
    """
    fitted = detour()
    direct = 2.0 * great_circle_km(one, other) / FIBRE_KM_PER_MS
    point = direct * fitted.factor + fitted.fixed_ms
    return (
        Range(point, max(direct, point * fitted.low), max(point * fitted.high, direct, point))
        if (point >= direct)
        else Range(direct, direct, max(direct, point * fitted.high))
    )


@lru_cache(maxsize=1)
def measured_trips() -> tuple[MeasuredTrip, ...]:
    """The measured round trips that ship. Raises CatalogueError where the table is missing or malformed."""
    try:
        rows = csv.DictReader(io.StringIO(gzip.decompress(TABLE.read_bytes()).decode("utf-8")))
        return tuple(
            MeasuredTrip(row["origin"], row["target"], float(row["distance_km"]), float(row["round_trip_ms"]))
            for row in rows
        )
    except (OSError, EOFError, KeyError, ValueError) as error:
        raise CatalogueError(f"perf/data/{TABLE.name}: cannot be read ({error}); reinstall lexloci") from error


@lru_cache(maxsize=1)
def detour() -> Detour:
    """Detour and fixed part by the least absolute error over the measured trips, and the spread of what remains."""
    trips = measured_trips()
    direct = np.array([2.0 * trip.distance_km / FIBRE_KM_PER_MS for trip in trips])
    measured = np.array([trip.round_trip_ms for trip in trips])
    design = np.stack([direct, np.ones_like(direct)], axis=1)
    weight = np.ones_like(direct)
    for _ in range(50):  # least absolute errors by weights that are the inverse of the last errors
        scaled = design * weight[:, None]
        factor, fixed = np.linalg.lstsq(scaled, measured * weight, rcond=None)[0]
        fixed = max(fixed, 0.0)
        errors = np.abs(design @ np.array([factor, fixed]) - measured)
        weight = 1.0 / np.sqrt(np.maximum(errors, 1.0))
    ratio = measured / (design @ np.array([factor, fixed]))
    low, high = np.percentile(ratio, [_LOW, _HIGH])
    return Detour(float(factor), float(fixed), float(low), float(high))
