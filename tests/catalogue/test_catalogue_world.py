"""The world map: small places visible, capitals inside their outlines, nothing across the antimeridian."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from lexloci.catalogue import countries, world_outline
from lexloci.catalogue.table import DATA
from lexloci.catalogue.world import Ring, Shape

WITHOUT_CODE = {"Indian Ocean Ter.", "Kosovo", "N. Cyprus", "Siachen Glacier", "Somaliland"}

# Countries and regions of ISO 3166-1 that Natural Earth 1:50m draws within another or not at all.
NOT_DRAWN = {"BQ", "BV", "CC", "CX", "GF", "GI", "GP", "MQ", "RE", "SJ", "TK", "TV", "UM", "YT"}


def shapes_of(code: str) -> list[Shape]:
    return [shape for shape in world_outline() if shape.iso_a2 == code]


def contains(rings: list[Ring], x: float, y: float) -> bool:
    """Whether a point lies in the rings by the even-odd rule."""
    crossings = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                crossings += 1
    return crossings % 2 == 1


def nearest(rings: list[Ring], x: float, y: float) -> float:
    """Distance in degrees from a point to the nearest edge."""
    return min(to_edge((x, y), a, b) for ring in rings for a, b in pairwise(ring))


def to_edge(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    length = math.dist(a, b) ** 2
    along = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return math.dist(point, (a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])))


def test_the_map_is_small_enough_to_ship():
    assert (DATA / "world.json.gz").stat().st_size < 300_000


def test_every_code_is_drawn_but_those_within_others():
    assert {shape.iso_a2 for shape in world_outline()} - {""} == set(countries()) - NOT_DRAWN


def test_only_disputed_or_joint_areas_lack_a_code():
    assert {shape.name for shape in world_outline() if not shape.iso_a2} == WITHOUT_CODE


@pytest.mark.parametrize(("code", "least"), [("SG", 8), ("HK", 30), ("MO", 4), ("BH", 10), ("QA", 15), ("BN", 10)])
def test_small_places_keep_their_outline(code, least):
    (shape,) = shapes_of(code)
    assert sum(len(ring) for ring in shape.rings) >= least


@pytest.mark.parametrize("shape", world_outline(), ids=lambda shape: f"{shape.iso_a2}-{shape.name}")
class TestEveryShape:
    def test_has_a_name_and_closed_rings(self, shape):
        assert shape.name
        assert shape.rings
        for ring in shape.rings:
            assert len(ring) >= 4
            assert ring[0] == ring[-1]

    def test_stays_on_the_map(self, shape):
        for ring in shape.rings:
            for x, y in ring:
                assert -180 <= x <= 180
                assert -90 <= y <= 90.01

    def test_does_not_cross_the_antimeridian(self, shape):
        for ring in shape.rings:
            # Antarctica's ring runs along the lower edge of the map; no other edge spans half the world.
            crossing = [(a, b) for a, b in pairwise(ring) if abs(a[0] - b[0]) >= 180]
            assert all(shape.iso_a2 == "AQ" and a[1] == b[1] == -90 for a, b in crossing)


def test_russia_and_the_far_east_are_cut_and_both_sides_are_drawn():
    (russia,) = shapes_of("RU")
    assert contains(list(russia.rings), 178.0, 67.5), "Chukotka, west of the antimeridian"
    assert contains(list(russia.rings), -175.0, 66.5), "Chukotka, east of it"
    assert not contains(list(russia.rings), -30.0, 68.0), "not across the Atlantic"


def test_the_south_pole_lies_in_antarctica():
    (antarctica,) = shapes_of("AQ")
    assert contains(list(antarctica.rings), 0.0, -89.0)
    assert contains(list(antarctica.rings), 100.0, -80.0)


# The seat of Western Sahara is held by Morocco, and drawn so; those of Pitcairn and of the Turks and Caicos Islands
# stand on islands below 0.1 degrees.
SEAT_ELSEWHERE = {"EH", "PN", "TC"}

DRAWN = [
    each for each in countries().values() if each.code not in NOT_DRAWN | SEAT_ELSEWHERE and each.latitude is not None
]


@pytest.mark.parametrize("found", DRAWN, ids=lambda found: found.code)
def test_the_capital_of_one_source_lies_in_the_outline_of_the_other(found):
    rings = [ring for shape in shapes_of(found.code) for ring in shape.rings]
    assert contains(rings, found.longitude, found.latitude) or nearest(rings, found.longitude, found.latitude) < 0.3


def test_a_neighbour_does_not_cover_a_small_region():
    china = [ring for shape in shapes_of("CN") for ring in shape.rings]
    assert not contains(china, 114.15, 22.40), "Hong Kong, New Territories"
    malaysia = [ring for shape in shapes_of("MY") for ring in shape.rings]
    assert not contains(malaysia, 103.82, 1.35), "Singapore"


def test_johor_lies_in_malaysia_and_the_simplification_keeps_the_strait():
    malaysia = [ring for shape in shapes_of("MY") for ring in shape.rings]
    assert contains(malaysia, 103.60, 1.66), "Kulai"
    singapore = [ring for shape in shapes_of("SG") for ring in shape.rings]
    assert contains(singapore, 103.82, 1.35)


def test_the_number_of_points_suits_a_page():
    assert 10_000 < sum(len(ring) for shape in world_outline() for ring in shape.rings) < 40_000
