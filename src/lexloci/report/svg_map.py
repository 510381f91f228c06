"""A map as SVG: the sites with their outcome, the countries, and what flows between the sites.

Sites that would collide at the scale of the map (Johor and Singapore lie 25 km apart) share one
numbered mark there and are drawn apart in an inset. Every mark carries its word in a ``title``; the
``desc`` of the picture says the whole in a sentence for screen readers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from lexloci.catalogue.world import Shape
from lexloci.model.outcome import Outcome
from lexloci.report.label_place import Box, Labels
from lexloci.report.map_land import country_names_svg, land_svg
from lexloci.report.map_marks import MARK_PX, Flow, MapSite, Mark, arcs_svg, groups_of, marks_of, spread
from lexloci.report.map_view import View, view_of
from lexloci.report.outcome_style import FAINT_INK, INK, PAPER, mark_svg
from lexloci.report.plain import escape, shortened, text_width

WIDTH_PX: Final = 960.0
_MAP_HEIGHT_PX: Final = 500.0
_INSET_WIDTH_PX: Final = 300.0
_INSET_HEIGHT_PX: Final = 190.0
_GAP_PX: Final = 12.0
_NAME_PX: Final = 14.0
_DETAIL_PX: Final = 12.0
_LABEL_WIDTH_PX: Final = 230.0
_SEA: Final = "#f3f6f9"


def map_svg(
    sites: Sequence[MapSite],
    flows: Sequence[Flow],
    countries: Mapping[str, Outcome],
    outlines: Iterable[Shape],
) -> str:
    """Where the work runs and what moves, as an SVG element of 960 px width.

    ``countries`` maps ISO codes to the strictest outcome there; the others stay grey. Flows whose
    sites are not among ``sites`` are left out of the picture.

    Raises:
        ValueError: there is no site to show.
    """
    land = tuple(outlines)
    view = view_of([(s.longitude, s.latitude) for s in sites], (0, 0, WIDTH_PX, _MAP_HEIGHT_PX), 16.0)
    groups = groups_of(sites, view)
    marks = marks_of(groups, view)
    crowded = [mark for mark in marks if mark.number]
    boxes, height = _inset_boxes(len(crowded), marks)
    parts = [
        _defs([("map-clip", Box(0, 0, WIDTH_PX, _MAP_HEIGHT_PX))]),
        _drawing(view, marks, flows, countries, land, boxes, "map-clip"),
    ]
    for mark, box in zip(crowded, boxes, strict=True):
        parts.append(_inset(mark, box, flows, countries, land))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {WIDTH_PX:g} {height:g}" role="img" '
        f'aria-labelledby="map-title map-desc" font-family="system-ui, sans-serif">'
        f'<title id="map-title">Map of the sites</title><desc id="map-desc">{escape(_description(sites, flows))}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _inset_boxes(count: int, marks: Sequence[Mark]) -> tuple[list[Box], float]:
    """A box for each inset, in a corner of the map without marks or else in rows beneath; and the height."""
    right, bottom = WIDTH_PX - _INSET_WIDTH_PX - _GAP_PX, _MAP_HEIGHT_PX - _INSET_HEIGHT_PX - _GAP_PX
    corners = [
        Box(left, top, _INSET_WIDTH_PX, _INSET_HEIGHT_PX)
        for left, top in ((_GAP_PX, bottom), (right, bottom), (right, _GAP_PX), (_GAP_PX, _GAP_PX))
    ]
    reach = 4 * MARK_PX
    busy = [Box(mark.x - reach, mark.y - reach, 2 * reach, 2 * reach) for mark in marks]
    boxes = [corner for corner in corners if not any(corner.overlaps(box) for box in busy)][: min(count, 2)]
    in_a_row = int(WIDTH_PX // (_INSET_WIDTH_PX + _GAP_PX))
    beneath = count - len(boxes)
    for place in range(beneath):
        left = (place % in_a_row) * (_INSET_WIDTH_PX + _GAP_PX)
        top = _MAP_HEIGHT_PX + _GAP_PX + (place // in_a_row) * (_INSET_HEIGHT_PX + _GAP_PX)
        boxes.append(Box(left, top, _INSET_WIDTH_PX, _INSET_HEIGHT_PX))
    return boxes, _MAP_HEIGHT_PX + math.ceil(beneath / in_a_row) * (_INSET_HEIGHT_PX + _GAP_PX)


def _inset(mark: Mark, box: Box, flows: Sequence[Flow], countries: Mapping[str, Outcome], land: Sequence[Shape]) -> str:
    inner = (box.left, box.top + 22, box.width, box.height - 22)
    view = view_of([(site.longitude, site.latitude) for site in mark.sites], inner, 0.2)
    clip = f"map-clip-{mark.number}"
    marks = spread(marks_of([[site] for site in mark.sites], view), view)
    frame = (
        f'<rect x="{box.left:g}" y="{box.top:g}" width="{box.width:g}" height="{box.height:g}" fill="{PAPER}" '
        f'stroke="{FAINT_INK}"/>'
    )
    heading = f'<text x="{box.left + 8:g}" y="{box.top + 16:g}" font-size="12" font-weight="600" fill="{INK}">'
    return (
        _defs([(clip, Box(*inner))])
        + f"{frame}{heading}Inset {mark.number}</text>"
        + _drawing(view, marks, flows, countries, land, (), clip)
        + f'<rect x="{box.left:g}" y="{box.top:g}" width="{box.width:g}" height="{box.height:g}" fill="none" '
        f'stroke="{FAINT_INK}"/>'
    )


def _drawing(
    view: View,
    marks: Sequence[Mark],
    flows: Sequence[Flow],
    countries: Mapping[str, Outcome],
    land: Sequence[Shape],
    insets: Sequence[Box],
    clip: str,
) -> str:
    frame = Box(view.left_px, view.top_px, view.width_px, view.height_px)
    sea = (
        f'<rect x="{frame.left:g}" y="{frame.top:g}" width="{frame.width:g}" height="{frame.height:g}" fill="{_SEA}"/>'
    )
    labels = Labels(frame, list(insets))
    for mark in marks:
        labels.take(Box(mark.x - MARK_PX - 3, mark.y - MARK_PX - 3, 2 * MARK_PX + 6, 2 * MARK_PX + 6))
    return (
        f'<g clip-path="url(#{clip})">{sea}{land_svg(view, countries, land)}{arcs_svg(marks, flows)}'
        f"{''.join(_mark(mark, labels) for mark in marks)}{country_names_svg(view, countries, land, labels)}</g>"
    )


def _mark(mark: Mark, labels: Labels) -> str:
    outcome = mark.outcome
    title = "; ".join(_site_words(site) for site in mark.sites)
    if outcome is None:
        shape = (
            f'<circle cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="5" fill="{PAPER}" stroke="{FAINT_INK}" stroke-width="2"/>'
        )
    else:
        shape = mark_svg(outcome, mark.x, mark.y, MARK_PX)
    return f'<g class="site"><title>{escape(title)}</title>{shape}{_label(mark, labels)}</g>'


def _label(mark: Mark, labels: Labels) -> str:
    if mark.number:
        name, detail = f"{len(mark.sites)} sites: inset {mark.number}", ""
    else:
        name, detail = mark.sites[0].name, mark.sites[0].detail
    name = shortened(name, _NAME_PX, _LABEL_WIDTH_PX)
    detail = shortened(detail, _DETAIL_PX, _LABEL_WIDTH_PX)
    box = _label_box(mark, name, detail, labels)
    if box is None and detail:
        detail = ""
        box = _label_box(mark, name, detail, labels)
    if box is None:
        return ""
    # A label to the left of its mark ends at the mark: its width is an estimate, and a gap would part the two.
    x, anchor = (box.right - 3, "end") if box.right <= mark.x else (box.left + 3, "start")
    y = box.top + 15
    nearest = (min(max(mark.x, box.left), box.right), min(max(mark.y, box.top), box.bottom))
    leader = ""
    if math.dist(nearest, (mark.x, mark.y)) > 2.2 * MARK_PX:
        leader = (
            f'<line x1="{mark.x:.1f}" y1="{mark.y:.1f}" x2="{nearest[0]:.1f}" y2="{nearest[1]:.1f}" '
            f'stroke="{FAINT_INK}" stroke-width="0.8"/>'
        )
    halo = f'stroke="{PAPER}" stroke-width="3" stroke-opacity="0.85" paint-order="stroke" stroke-linejoin="round"'
    lines = (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{_NAME_PX:g}" font-weight="600" fill="{INK}" '
        f'text-anchor="{anchor}" {halo}>'
        f"{escape(name)}</text>"
    )
    if detail:
        lines += (
            f'<text x="{x:.1f}" y="{y + 16:.1f}" font-size="{_DETAIL_PX:g}" fill="{FAINT_INK}" '
            f'text-anchor="{anchor}" {halo}>'
            f"{escape(detail)}</text>"
        )
    return f'<g class="label">{leader}{lines}</g>'


def _label_box(mark: Mark, name: str, detail: str, labels: Labels) -> Box | None:
    width = max(text_width(name, _NAME_PX), text_width(detail, _DETAIL_PX)) + 6
    return labels.place(mark.x, mark.y, MARK_PX + 4, (width, 36.0 if detail else 20.0))


def _defs(clips: Sequence[tuple[str, Box]]) -> str:
    return (
        "<defs>"
        + "".join(
            f'<clipPath id="{name}"><rect x="{box.left:g}" y="{box.top:g}" width="{box.width:g}" '
            f'height="{box.height:g}"/></clipPath>'
            for name, box in clips
        )
        + "</defs>"
    )


def _site_words(site: MapSite) -> str:
    outcome = "no work placed" if site.outcome is None else site.outcome.value
    return f"{site.name}: {outcome}" + (f" ({site.detail})" if site.detail else "")


def _description(sites: Sequence[MapSite], flows: Sequence[Flow]) -> str:
    names = {site.id: site.name for site in sites}
    moved = [
        f"{flow.what} from {names[flow.from_site]} to {names[flow.to_site]} ({flow.outcome.value})"
        for flow in flows
        if flow.from_site in names and flow.to_site in names
    ]
    words = f"{len(sites)} sites. " + ". ".join(_site_words(site) for site in sites) + "."
    return words + (f" Flows: {'; '.join(moved)}." if moved else "")
