"""Builds the world map of the catalogue from Natural Earth's TopoJSON.

    python tools/build_world.py --atlas countries-50m.json --codes iso-codes.csv --out world.json.gz

``--atlas`` is countries-50m.json of the npm package world-atlas 2.0.2; ``--codes`` the shipped countries.csv.
Run it before build_catalogue.py --seal, which records the hash of what it wrote.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

UNITS_PER_DEGREE: Final = 100
"""Points are stored in hundredths of a degree, about a kilometre."""

TOLERANCE_DEGREES: Final = 0.15
"""How far a simplified outline may lie from the true one."""

SMALL_DEGREES: Final = 2.0
"""A ring smaller than this in both directions is kept as it is: Singapore, Hong Kong, Macao, Bahrain."""

SPECK_DEGREES: Final = 0.1
"""A ring smaller than this is dropped, unless it is the largest of its country."""

HALF_TURN: Final = 180.0
QUARTER_TURN: Final = 90.0

Point = tuple[float, float]
Ring = list[Point]


def decode_arcs(topology: dict[str, Any]) -> list[Ring]:
    """The arcs of a quantised TopoJSON as lists of (longitude, latitude) in degrees."""
    scale_x, scale_y = topology["transform"]["scale"]
    move_x, move_y = topology["transform"]["translate"]
    arcs: list[Ring] = []
    for steps in topology["arcs"]:
        x = y = 0
        arc: Ring = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(arc)
    return arcs


def simplify(points: Ring, tolerance: float) -> Ring:
    """The points of a line that Douglas and Peucker's method keeps: none left out lies farther than the tolerance."""
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, distance = first, 0.0
        for index in range(first + 1, last):
            away = distance_to_segment(points[index], points[first], points[last])
            if away > distance:
                farthest, distance = index, away
        if distance > tolerance:
            keep.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [points[index] for index in sorted(keep)]


def distance_to_segment(point: Point, start: Point, end: Point) -> float:
    """How far a point lies from a segment, in the unit of the coordinates."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0
    if length:
        along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
        along = min(1.0, max(0.0, along))
    return math.hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def ring_of(arc_numbers: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """A closed ring joined from its arcs; a number below zero means the arc ~number, backwards."""
    points: Ring = []
    for number in arc_numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc if not points else arc[1:]
    return points


def extent(ring: Ring) -> float:
    """The longer side of the box around a ring, in degrees."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def ring_numbers(geometry: dict[str, Any]) -> list[list[int]]:
    """The rings of a country, each as the numbers of its arcs."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [ring for polygon in polygons for ring in polygon]


def coarsen(geometries: Sequence[dict[str, Any]], whole: Sequence[Ring]) -> list[Ring]:
    """The arcs simplified, except those of small rings: neighbours keep the border that a small place needs."""
    exact: set[int] = set()
    for geometry in geometries:
        for ring in ring_numbers(geometry):
            if extent(ring_of(ring, whole)) < SMALL_DEGREES:
                exact.update(number if number >= 0 else ~number for number in ring)
    return [arc if number in exact else simplify(arc, TOLERANCE_DEGREES) for number, arc in enumerate(whole)]


def cut(ring: Ring) -> list[Ring]:
    """A ring cut at the antimeridian, which the atlas stitched together: no piece reaches across the map.

    The atlas writes every point of the antimeridian as -180. A ring that crosses it once goes round a pole.
    """
    pieces: list[Ring] = [[ring[0]]]
    for last, here in pairwise(ring):
        if abs(here[0] - last[0]) > HALF_TURN:
            seam = here[1] if abs(here[0]) == HALF_TURN else last[1]
            pieces[-1].append((math.copysign(HALF_TURN, last[0]), seam))
            pieces.append([(math.copysign(HALF_TURN, here[0]), seam)])
        pieces[-1].append(here)
    if len(pieces) == 1:
        return [ring]
    if len(pieces) == 2:
        pole = math.copysign(QUARTER_TURN, ring[0][1])
        corners = [(pieces[0][-1][0], pole), (pieces[1][0][0], pole)]
        return [pieces[0] + corners + pieces[1]]
    return [[point for piece in pieces[::2] for point in piece], *([*piece, piece[0]] for piece in pieces[1::2])]


def rings_of(geometry: dict[str, Any], whole: Sequence[Ring], coarse: Sequence[Ring]) -> list[Ring]:
    """The rings of a country from simplified arcs, specks left out."""
    numbers = ring_numbers(geometry)
    sizes = [extent(ring_of(ring, whole)) for ring in numbers]
    rings = [
        piece
        for ring, size in zip(numbers, sizes, strict=True)
        if size >= SPECK_DEGREES or size == max(sizes)
        for piece in cut(ring_of(ring, coarse))
    ]
    return [ring for ring in rings if has_area(ring)]


def has_area(ring: Ring) -> bool:
    """Whether a ring encloses anything once its points are rounded; what lies on a seam or at a pole does not."""
    points = {(round(x * UNITS_PER_DEGREE), round(y * UNITS_PER_DEGREE)) for x, y in ring}
    return len(points) > 2 and len({x for x, _ in points}) > 1 and len({y for _, y in points}) > 1


def steps_of(ring: Ring) -> list[int]:
    """A ring as differences between its points in hundredths of a degree, repeated points left out."""
    steps: list[int] = []
    last = (0, 0)
    for x, y in ring:
        here = (round(x * UNITS_PER_DEGREE), round(y * UNITS_PER_DEGREE))
        if not steps or here != last:
            steps += [here[0] - last[0], here[1] - last[1]]
            last = here
    return steps


def build(atlas: Path, codes: Path) -> bytes:
    """The map as gzipped JSON: a list of [alpha-2 code or "", name, list of rings as steps]."""
    topology = json.loads(atlas.read_text(encoding="utf-8"))
    with codes.open(encoding="utf-8", newline="") as rows:
        alpha2 = {row["numeric"]: row["code"] for row in csv.DictReader(rows)}
    whole = decode_arcs(topology)
    geometries = topology["objects"]["countries"]["geometries"]
    coarse = coarsen(geometries, whole)
    shapes = []
    for geometry in geometries:
        rings = [steps_of(ring) for ring in rings_of(geometry, whole, coarse)]
        shapes.append((alpha2.get(geometry.get("id", ""), ""), geometry["properties"]["name"], rings))
    shapes.sort(key=lambda shape: (shape[0], shape[1]))
    text = json.dumps(shapes, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)


def main() -> None:
    """Reads the atlas and writes the map."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--atlas", type=Path, required=True, help="countries-50m.json of world-atlas 2.0.2")
    parser.add_argument("--codes", type=Path, required=True, help="the shipped countries.csv, for numeric codes")
    parser.add_argument("--out", type=Path, required=True, help="where to write world.json.gz")
    arguments = parser.parse_args()
    arguments.out.write_bytes(build(arguments.atlas, arguments.codes))


if __name__ == "__main__":
    main()
