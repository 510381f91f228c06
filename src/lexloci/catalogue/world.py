"""What the outlines of countries look like, for a map that needs no network.

Natural Earth 1:50 million, simplified. Borders are drawn as they are held in fact (de facto) and say
nothing about any claim. Rings are in degrees; nothing crosses the antimeridian.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lexloci.catalogue.table import read_bytes
from lexloci.model.errors import CatalogueError

UNITS_PER_DEGREE: Final = 100

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of a country: ``rings`` of (longitude, latitude) in degrees, each closed.

    ``iso_a2`` is empty for an area without a code of its own. Rings that lie inside another are
    enclaves or lakes: fill with the even-odd rule.
    """

    iso_a2: str
    name: str
    rings: tuple[Ring, ...]


@lru_cache(maxsize=1)
def world_outline() -> tuple[Shape, ...]:
    """The outlines of all countries, in the order of their codes. Raises CatalogueError if malformed."""
    import json

    try:
        shapes = json.loads(read_bytes("world"))
        return tuple(Shape(code, name, tuple(map(_ring, rings))) for code, name, rings in shapes)
    except (ValueError, TypeError) as error:
        raise CatalogueError(f"catalogue/data/world.json.gz: {error}; reinstall lexloci") from error


def _ring(steps: Sequence[int]) -> Ring:
    """A ring from its steps, stored as differences in hundredths of a degree: x, y, dx, dy, dx, dy ..."""
    points: list[tuple[float, float]] = []
    x = y = 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x += dx
        y += dy
        points.append((x / UNITS_PER_DEGREE, y / UNITS_PER_DEGREE))
    return tuple(points)
