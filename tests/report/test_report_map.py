"""The map: what it shows, where, and that nothing covers anything."""

from __future__ import annotations

import itertools
import math
import random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.catalogue.world import world_outline
from lexloci.model.outcome import Outcome
from lexloci.report.label_place import Box, Labels
from lexloci.report.map_data import map_countries, map_flows, map_sites, sites_off_the_map
from lexloci.report.map_marks import Flow, MapSite
from lexloci.report.map_view import clip_ring, view_of
from lexloci.report.outcome_style import style_of
from lexloci.report.plain import text_width
from lexloci.report.svg_map import map_svg

SVG = "{http://www.w3.org/2000/svg}"
JOHOR = MapSite("johor", "Johor A", 1.53, 103.66, Outcome.PERMITTED_WITH_DUTIES, "Pre-train")
SINGAPORE = MapSite("singapore", "Singapore West", 1.33, 103.75, None, "no work placed")
HEBEI = MapSite("hebei", "张家口", 40.8, 114.9, Outcome.PERMITTED)
PAPER = (0.0, 0.0, 960.0, 500.0)


def drawn(sites, flows=(), countries=None, land=()):
    return ET.fromstring(map_svg(sites, flows, countries or {}, land))


def texts(picture):
    return ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]


def titles(picture):
    return [title.text for title in picture.iter(f"{SVG}title")]


def label_boxes(picture):
    """The boxes of the labels, from the place, size and letters of their texts."""
    boxes = []
    for group in picture.iter(f"{SVG}g"):
        if group.get("class") == "label":
            lines = list(group.iter(f"{SVG}text"))
            sizes = [float(line.get("font-size")) for line in lines]
            top = float(lines[0].get("y")) - 0.8 * sizes[0]
            bottom = float(lines[-1].get("y")) + 0.2 * sizes[-1]
            width = max(text_width(line.text, size) for line, size in zip(lines, sizes, strict=True))
            begins = float(lines[0].get("x")) - (width if lines[0].get("text-anchor") == "end" else 0.0)
            boxes.append(Box(begins, top, width, bottom - top))
    return boxes


def area(ring):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def test_each_site_has_a_label_and_a_title_with_its_outcome_in_words():
    picture = drawn([JOHOR, HEBEI])
    assert {"Johor A", "张家口"} <= set(texts(picture))
    assert "Johor A: permitted with duties (Pre-train)" in titles(picture)


def test_each_site_has_the_shape_of_its_outcome():
    shapes = [path.get("d") for path in drawn([JOHOR, HEBEI]).iter(f"{SVG}path")]
    assert style_of(Outcome.PERMITTED).shape in shapes
    assert style_of(Outcome.PERMITTED_WITH_DUTIES).shape in shapes


def test_sites_that_would_collide_are_drawn_apart_in_an_inset():
    picture = drawn([JOHOR, SINGAPORE, HEBEI])
    assert "Inset 1" in texts(picture)
    assert "2 sites: inset 1" in texts(picture)
    assert {"Johor A", "Singapore West"} <= set(texts(picture))


def test_a_site_without_room_for_its_detail_keeps_its_name():
    crowd = [
        MapSite("a", "Johor", 1.66, 103.60, Outcome.PERMITTED_WITH_DUTIES, "next-generation pre-training"),
        MapSite("b", "Johor (Chinese parent)", 1.49, 103.52, None, "no work placed"),
        MapSite("c", "Singapore", 1.33, 103.75, None, "no work placed"),
    ]
    shown = texts(drawn([*crowd, HEBEI]))
    assert all(site.name in shown for site in crowd)
    assert shown.count("no work placed") < 2


def test_the_shared_mark_of_an_inset_shows_the_strictest_of_its_sites():
    banned = MapSite("b", "B", 1.34, 103.7, Outcome.PROHIBITED)
    group = next(
        group
        for group in drawn([JOHOR, banned, HEBEI]).iter(f"{SVG}g")
        if "2 sites: inset 1" in texts(group) and group.get("class") == "site"
    )
    assert group.find(f"{SVG}path").get("d") == style_of(Outcome.PROHIBITED).shape


def test_no_inset_where_no_site_collides():
    assert not any("Inset" in text for text in texts(drawn([JOHOR, HEBEI])))


def test_sites_at_one_address_are_still_told_apart():
    twins = [MapSite(str(place), f"Hall {place}", 1.5, 103.6, Outcome.PERMITTED) for place in range(4)]
    picture = drawn([*twins, HEBEI])
    assert {"Hall 0", "Hall 1", "Hall 2", "Hall 3"} <= set(texts(picture))


def test_more_insets_than_corners_are_set_beneath_the_map():
    pairs = [
        MapSite(f"{name}{turn}", f"{name}{turn}", latitude + turn / 10, longitude, Outcome.PERMITTED)
        for name, latitude, longitude in (("A", 0, 0), ("B", 40, 0), ("C", 0, 80), ("D", 40, 80), ("E", 20, 40))
        for turn in (0, 1)
    ]
    picture = drawn(pairs)
    assert float(picture.get("viewBox").split()[3]) > 500
    assert {f"Inset {number}" for number in range(1, 6)} <= set(texts(picture))


@pytest.mark.parametrize("seed", range(5))
def test_labels_never_cover_each_other(seed):
    spread = random.Random(seed)
    sites = [
        MapSite(
            str(place),
            f"Site number {place}",
            spread.uniform(-10, 45),
            spread.uniform(60, 130),
            Outcome.PERMITTED,
            "work",
        )
        for place in range(25)
    ]
    boxes = label_boxes(drawn(sites))
    assert len(boxes) >= 15
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


def test_a_flow_is_an_arc_with_a_title_in_words():
    flow = Flow("johor", "hebei", "weights", "Bring home", Outcome.PERMITTED_WITH_DUTIES)
    picture = drawn([JOHOR, HEBEI], [flow])
    assert "weights: Bring home: permitted with duties" in titles(picture)
    assert "weights from Johor A to 张家口 (permitted with duties)" in picture.find(f"{SVG}desc").text


def test_data_is_dashed_and_weights_are_not():
    flows = [Flow("johor", "hebei", what, what, Outcome.PERMITTED) for what in ("weights", "data")]
    dashes = {
        group.find(f"{SVG}title").text.split(":")[0]: group.find(f"{SVG}path").get("stroke-dasharray")
        for group in drawn([JOHOR, HEBEI], flows).iter(f"{SVG}g")
        if group.find(f"{SVG}title") is not None and group.get("class") is None
    }
    assert dashes["weights"] is None
    assert dashes["data"] is not None


def test_a_flow_within_an_inset_is_drawn_there():
    flow = Flow("singapore", "johor", "data", "Web text", Outcome.PERMITTED)
    assert titles(drawn([JOHOR, SINGAPORE, HEBEI], [flow])).count("data: Web text: permitted") == 1


def test_a_flow_to_a_site_off_the_map_is_left_out():
    flow = Flow("johor", "nowhere", "data", "Web text", Outcome.PERMITTED)
    picture = drawn([JOHOR, HEBEI], [flow])
    assert not any("Web text" in title for title in titles(picture))
    assert "Flows" not in picture.find(f"{SVG}desc").text


def test_a_country_with_an_outcome_says_so_in_words_and_the_others_only_their_name(make):
    land = [make.square("MY", "Malaysia", 100, 0, 110, 10), make.square("TH", "Thailand", 95, 11, 105, 20)]
    picture = drawn([JOHOR, HEBEI], countries={"MY": Outcome.PROHIBITED}, land=land)
    assert "Malaysia: prohibited" in titles(picture)
    assert "Thailand" in titles(picture)


def test_no_site_is_an_error_and_not_an_empty_map():
    with pytest.raises(ValueError, match="at least one place"):
        map_svg([], [], {}, [])


def test_ids_are_unique_and_every_clip_path_exists():
    picture = drawn([JOHOR, SINGAPORE, HEBEI])
    ids = [node.get("id") for node in picture.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    used = {node.get("clip-path")[5:-1] for node in picture.iter() if node.get("clip-path")}
    assert used <= set(ids)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=6))
def test_any_name_gives_well_formed_svg(names):
    sites = [
        MapSite(str(place), name, place * 5.0, place * 7.0, Outcome.PERMITTED, name) for place, name in enumerate(names)
    ]
    drawn(sites, [Flow("0", str(len(names) - 1), "data", names[0], Outcome.PERMITTED)])


def test_the_real_outlines_show_malaysia_and_china_as_countries():
    picture = drawn([JOHOR, HEBEI], countries={"MY": Outcome.PERMITTED_WITH_DUTIES}, land=world_outline())
    assert "Malaysia: permitted with duties" in titles(picture)
    assert "China" in titles(picture)


@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-80, 80)),
        min_size=1,
        max_size=8,
    )
)
def test_every_place_falls_within_its_view(places):
    view = view_of(places, PAPER, 16.0)
    for longitude, latitude in places:
        x, y = view.project(longitude, latitude)
        assert -1e-6 <= x <= 960 + 1e-6
        assert -1e-6 <= y <= 500 + 1e-6


def test_places_on_both_sides_of_the_date_line_stay_together():
    view = view_of([(179.0, -17.0), (-179.0, -17.0)], PAPER, 2.0)
    west, east = view.project(179.0, -17.0), view.project(-179.0, -17.0)
    assert 0 < east[0] - west[0] < 960
    assert abs(view.half_width) < 10


def test_north_is_up_and_east_is_right():
    view = view_of([(100.0, 0.0), (110.0, 20.0)], PAPER, 2.0)
    assert view.project(110.0, 0.0)[0] > view.project(100.0, 0.0)[0]
    assert view.project(100.0, 20.0)[1] < view.project(100.0, 0.0)[1]


def test_a_degree_north_is_as_long_as_a_degree_east_times_the_cosine():
    view = view_of([(10.0, 55.0), (20.0, 65.0)], PAPER, 2.0)
    east = view.project(11.0, 60.0)[0] - view.project(10.0, 60.0)[0]
    north = view.project(10.0, 60.0)[1] - view.project(10.0, 61.0)[1]
    assert east == pytest.approx(north * math.cos(math.radians(60.0)))


def test_a_square_half_outside_is_cut_in_half():
    ring = [(-1.0, 0.0), (1.0, 0.0), (1.0, 2.0), (-1.0, 2.0)]
    assert area(clip_ring(ring, 0.0, 5.0, -5.0, 5.0)) == pytest.approx(2.0)


def test_a_ring_outside_vanishes_and_a_ring_inside_stays():
    ring = [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0)]
    assert clip_ring(ring, 5.0, 9.0, 5.0, 9.0) == []
    assert area(clip_ring(ring, 0.0, 9.0, 0.0, 9.0)) == pytest.approx(area(ring))


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=3, max_size=12))
def test_no_point_of_a_clipped_ring_lies_outside(ring):
    for x, y in clip_ring(ring, -10.0, 10.0, -20.0, 20.0):
        assert -10.0 - 1e-6 <= x <= 10.0 + 1e-6
        assert -20.0 - 1e-6 <= y <= 20.0 + 1e-6


def test_a_ring_shows_on_the_far_side_of_the_date_line_too(make):
    fiji = make.square("FJ", "Fiji", 176, -19, 180, -16)
    view = view_of([(-179.0, -17.0), (179.0, -17.0)], PAPER, 2.0)
    assert any(0 <= x <= 960 for part in view.clipped(fiji.rings[0]) for x, _ in part)


def test_a_label_takes_the_nearest_free_place():
    labels = Labels(Box(0, 0, 200, 100))
    first = labels.place(50, 50, 10, (40, 10))
    assert (first.left, first.top) == (60, 55) or first.left == 60
    second = labels.place(50, 50, 10, (40, 10))
    assert not first.overlaps(second)


def test_a_label_that_fits_nowhere_is_left_out():
    assert Labels(Box(0, 0, 30, 30)).place(15, 15, 4, (100, 10)) is None


def test_the_sites_of_a_plan_carry_their_strictest_outcome(make):
    found = {site.id: site.outcome for site in map_sites(make.plan(), make.portfolio())}
    assert found == {
        "johor": Outcome.PERMITTED_WITH_DUTIES,
        "singapore": None,
        "hebei": Outcome.PERMITTED,
        "abudhabi": Outcome.LICENCE_CASE_BY_CASE,
    }


def test_a_site_without_coordinates_is_named_and_not_lost(make):
    assert [site.id for site in sites_off_the_map(make.portfolio())] == ["nowhere"]


def test_a_country_takes_the_strictest_of_its_placements(make):
    placements = (make.placement(), make.placement("tune", outcome=Outcome.LICENCE_PRESUMED_DENIED))
    assert map_countries(make.plan(placements=placements), make.portfolio()) == {"MY": Outcome.LICENCE_PRESUMED_DENIED}


def test_copies_and_data_that_change_site_are_flows_and_nothing_else(make):
    found = {(flow.what, flow.from_site, flow.to_site) for flow in map_flows(make.plan(), make.portfolio())}
    assert found == {("weights", "johor", "hebei"), ("data", "singapore", "johor")}
