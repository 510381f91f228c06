"""The map's builder: arcs decoded, lines simplified within the tolerance, rings cut at the antimeridian."""

from __future__ import annotations

import gzip
import json
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import build_world

points = st.tuples(st.floats(-10, 10), st.floats(-10, 10))
lines = st.lists(points, min_size=2, max_size=40)


@given(lines, st.floats(0.01, 3))
def test_no_point_left_out_lies_farther_than_the_tolerance(line, tolerance):
    kept = build_world.simplify(line, tolerance)
    assert kept[0] == line[0]
    assert kept[-1] == line[-1]
    for point in line:
        assert min(build_world.distance_to_segment(point, a, b) for a, b in pairwise(kept)) <= tolerance + 1e-9


@given(lines)
def test_simplifying_keeps_points_in_order_and_invents_none(line):
    kept = iter(build_world.simplify(line, 1.0))
    left = next(kept, None)
    for point in line:
        if point == left:
            left = next(kept, None)
    assert left is None


def test_a_straight_line_needs_its_ends_alone():
    assert build_world.simplify([(0, 0), (1, 1), (2, 2), (3, 3)], 0.01) == [(0, 0), (3, 3)]


def test_a_closed_line_keeps_its_farthest_point():
    assert build_world.simplify([(0, 0), (4, 0), (4, 4), (0, 0)], 1.0) == [(0, 0), (4, 0), (4, 4), (0, 0)]


@pytest.mark.parametrize(("point", "distance"), [((0, 1), 1), ((-3, 4), 5), ((2, 0), 0), ((5, 0), 1), ((4, 2), 2)])
def test_the_distance_to_a_segment_counts_to_its_nearest_point(point, distance):
    assert build_world.distance_to_segment(point, (0, 0), (4, 0)) == pytest.approx(distance)


def test_the_distance_to_a_segment_without_length_is_that_to_its_point():
    assert build_world.distance_to_segment((3, 4), (0, 0), (0, 0)) == 5


def topology() -> dict[str, object]:
    """A square of four degrees and its neighbour of one degree that share an edge, quantised in tenths."""
    return {
        "transform": {"scale": [0.1, 0.1], "translate": [10.0, 0.0]},
        "arcs": [
            [[40, 0], [0, 10]],
            [[40, 10], [0, 30], [-20, 0], [-20, 0], [0, -40], [40, 0]],
            [[40, 10], [10, 0], [0, -10], [-10, 0]],
        ],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "id": "458", "properties": {"name": "Big"}, "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "id": "999", "properties": {"name": "Small"}, "arcs": [[[0, 2]]]},
                ]
            }
        },
    }


def test_quantised_steps_become_degrees():
    arcs = build_world.decode_arcs(topology())
    assert arcs[0] == [(14.0, 0.0), (14.0, 1.0)]
    assert arcs[1][-1] == (14.0, 0.0)


def test_a_negative_number_is_the_arc_backwards():
    arcs = [[(0.0, 0.0), (1.0, 0.0)], [(2.0, 2.0), (1.0, 0.0)]]
    assert build_world.ring_of([0, ~1], arcs) == [(0.0, 0.0), (1.0, 0.0), (2.0, 2.0)]


def test_the_border_that_a_small_place_shares_is_not_simplified():
    found = topology()
    geometries = found["objects"]["countries"]["geometries"]
    arcs = build_world.decode_arcs(found)
    arcs[0].insert(1, (14.02, 0.5))
    coarse = build_world.coarsen(geometries, arcs)
    assert coarse[0] == arcs[0]
    assert len(coarse[1]) == len(arcs[1]) - 1, "the middle of a straight edge goes"


def test_specks_go_unless_they_are_the_largest_of_the_country():
    island = [(0.0, 0.0), (0.05, 0.0), (0.05, 0.05), (0.0, 0.0)]
    land = [(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 1.0)]
    both = {"type": "MultiPolygon", "arcs": [[[0]], [[1]]]}
    alone = {"type": "Polygon", "arcs": [[0]]}
    assert build_world.rings_of(both, [island, land], [island, land]) == [land]
    assert build_world.rings_of(alone, [island], [island]) == [island]


def test_a_ring_that_stays_on_its_side_is_not_cut():
    ring = [(170.0, 0.0), (179.0, 0.0), (179.0, 5.0), (170.0, 0.0)]
    assert build_world.cut(ring) == [ring]


def test_a_ring_across_the_antimeridian_becomes_one_on_each_side():
    ring = [(170.0, 0.0), (-180.0, 0.0), (-170.0, 0.0), (-170.0, 5.0), (-180.0, 5.0), (170.0, 5.0), (170.0, 0.0)]
    west, east = build_world.cut(ring)
    assert west == [(170.0, 0.0), (180.0, 0.0), (180.0, 5.0), (170.0, 5.0), (170.0, 0.0)]
    assert set(east) == {(-180.0, 0.0), (-170.0, 0.0), (-170.0, 5.0), (-180.0, 5.0)}
    assert east[0] == east[-1]


def test_a_ring_round_the_pole_is_closed_along_the_edge_of_the_map():
    ring = [(0.0, -70.0), (170.0, -75.0), (-180.0, -75.0), (-90.0, -72.0), (0.0, -70.0)]
    (cut,) = build_world.cut(ring)
    assert (180.0, -90.0) in cut
    assert (-180.0, -90.0) in cut
    assert all(abs(a[0] - b[0]) < 180 or a[1] == b[1] == -90 for a, b in pairwise(cut))


@pytest.mark.parametrize(
    ("ring", "has"),
    [
        ([(180.0, 1.0), (180.0, 2.0), (180.0, 1.0)], False),
        ([(-180.0, -90.0)] * 4, False),
        ([(0.0, 0.0), (0.001, 0.0), (0.0, 0.001), (0.0, 0.0)], False),
        ([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)], True),
    ],
)
def test_what_encloses_nothing_is_no_ring(ring, has):
    assert build_world.has_area(ring) is has


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=20))
def test_steps_lead_back_to_the_points_to_half_a_hundredth(ring):
    steps = build_world.steps_of(ring)
    x = y = 0
    read = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        read.append((x / 100, y / 100))
    for point in ring:
        assert min(math.dist(point, other) for other in read) <= 0.0072


def test_the_map_is_built_with_codes_and_is_the_same_each_time(tmp_path):
    atlas, codes = tmp_path / "atlas.json", tmp_path / "countries.csv"
    atlas.write_text(json.dumps(topology()), encoding="utf-8")
    codes.write_text("code,numeric\nMY,458\n", encoding="utf-8")
    built = build_world.build(atlas, codes)
    assert built == build_world.build(atlas, codes)
    shapes = json.loads(gzip.decompress(built))
    assert [(code, name) for code, name, _ in shapes] == [("", "Small"), ("MY", "Big")]
    assert shapes[1][2][0][:2] == [1400, 0]
