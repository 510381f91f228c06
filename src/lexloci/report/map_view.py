"""Which part of the world a map shows, and where a place on earth falls on the paper.

The projection is equirectangular with the middle latitude as standard parallel: x = (longitude -
middle) * cos(middle latitude), y = -latitude, both scaled alike (Snyder, Map Projections: A Working
Manual, USGS Professional Paper 1395, 1987, p. 91). The view follows the places around the globe, so
places on both sides of the date line stay together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
_MARGIN_SHARE = 0.14
_CLIP_MARGIN_DEGREES = 3.0


@dataclass(frozen=True, slots=True)
class View:
    """A window on the earth in degrees, drawn into a box of the paper in px.

    ``middle`` is the longitude in the middle; ``half_width`` and ``half_height`` in degrees of
    longitude and latitude; ``latitude`` the latitude in the middle.
    """

    middle: float
    latitude: float
    half_width: float
    half_height: float
    left_px: float
    top_px: float
    width_px: float
    height_px: float

    def project(self, longitude: float, latitude: float) -> Point:
        """Where a place falls on the paper, in px; it may fall outside the box."""
        offset = nearest_turn(longitude, self.middle) - self.middle
        return self.to_paper(offset, latitude)

    def to_paper(self, offset: float, latitude: float) -> Point:
        """Where a place falls that lies ``offset`` degrees east of the middle, in px."""
        x = self.left_px + self.width_px * (0.5 + offset / (2 * self.half_width))
        y = self.top_px + self.height_px * (0.5 - (latitude - self.latitude) / (2 * self.half_height))
        return x, y

    def clipped(self, ring: Sequence[Point]) -> list[list[Point]]:
        """The parts of a ring of (longitude, latitude) in the view or just outside, in px.

        A ring may show more than once in a view that is wider than the globe's turn from it.
        """
        east = self.half_width + _CLIP_MARGIN_DEGREES
        south = self.latitude - self.half_height - _CLIP_MARGIN_DEGREES
        north = self.latitude + self.half_height + _CLIP_MARGIN_DEGREES
        parts = []
        for turn in (-360.0, 0.0, 360.0):
            shifted = [(longitude - self.middle + turn, latitude) for longitude, latitude in ring]
            part = clip_ring(shifted, -east, east, south, north)
            if len(part) >= 3:
                parts.append([self.to_paper(offset, latitude) for offset, latitude in part])
        return parts


def view_of(places: Sequence[Point], box: tuple[float, float, float, float], least_degrees: float) -> View:
    """The smallest view of a box (left, top, width, height in px) that holds the places with a margin.

    ``places`` are (longitude, latitude); ``least_degrees`` is the least height of the view.

    Raises:
        ValueError: there is no place.
    """
    if not places:
        raise ValueError("a view needs at least one place")
    left_px, top_px, width_px, height_px = box
    middle, spread = _longitudes(places)
    latitudes = [latitude for _, latitude in places]
    latitude = (min(latitudes) + max(latitudes)) / 2
    squeeze = max(math.cos(math.radians(latitude)), 0.2)
    share = 1 - 2 * _MARGIN_SHARE
    height = max((max(latitudes) - min(latitudes)) / share, least_degrees)
    width = spread / share * squeeze
    scale = min(height_px / height, width_px / width if width else math.inf)
    return View(
        middle=middle,
        latitude=latitude,
        half_width=width_px / scale / squeeze / 2,
        half_height=height_px / scale / 2,
        left_px=left_px,
        top_px=top_px,
        width_px=width_px,
        height_px=height_px,
    )


def nearest_turn(longitude: float, middle: float) -> float:
    """The longitude plus or minus whole turns, so that it lies within 180 degrees of the middle."""
    return longitude + 360.0 * round((middle - longitude) / 360.0)


def clip_ring(ring: Sequence[Point], west: float, east: float, south: float, north: float) -> list[Point]:
    """A ring cut to a rectangle (Sutherland and Hodgman, CACM 17(1), 1974); empty where it lies outside."""
    cut = list(ring)
    for inside, cross in (
        (lambda p: p[0] >= west, lambda a, b: _at_x(a, b, west)),
        (lambda p: p[0] <= east, lambda a, b: _at_x(a, b, east)),
        (lambda p: p[1] >= south, lambda a, b: _at_y(a, b, south)),
        (lambda p: p[1] <= north, lambda a, b: _at_y(a, b, north)),
    ):
        cut = _cut(cut, inside, cross)
    return cut


def _cut(ring: list[Point], inside: Callable[[Point], bool], cross: Callable[[Point, Point], Point]) -> list[Point]:
    kept: list[Point] = []
    for before, here in zip(ring[-1:] + ring[:-1], ring, strict=True):
        if inside(here) != inside(before):
            kept.append(cross(before, here))
        if inside(here):
            kept.append(here)
    return kept


def _at_x(a: Point, b: Point, x: float) -> Point:
    share = (x - a[0]) / (b[0] - a[0])
    return x, a[1] + share * (b[1] - a[1])


def _at_y(a: Point, b: Point, y: float) -> Point:
    share = (y - a[1]) / (b[1] - a[1])
    return a[0] + share * (b[0] - a[0]), y


def _longitudes(places: Sequence[Point]) -> tuple[float, float]:
    """The middle and the spread in degrees of the longitudes, over the shorter way around the globe."""
    ordered = sorted({longitude % 360.0 for longitude, _ in places})
    gaps = [(after - before, after) for before, after in zip(ordered, [*ordered[1:], ordered[0] + 360.0], strict=True)]
    widest, first = max(gaps)
    spread = max(360.0 - widest, 0.0)
    return (first + spread / 2 + 180.0) % 360.0 - 180.0, spread
