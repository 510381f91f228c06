"""What stands on a map: sites, the marks that they share where they would collide, and the flows between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lexloci.model.outcome import Outcome
from lexloci.report.map_view import Point, View
from lexloci.report.outcome_style import ACCENT, strictest
from lexloci.report.plain import escape

MARK_PX: Final = 8.0
_TOUCH_PX: Final = 30.0


@dataclass(frozen=True, slots=True)
class MapSite:
    """A site on the map: degrees north and east, the strictest outcome there (None: no work), a detail line."""

    id: str
    name: str
    latitude: float
    longitude: float
    outcome: Outcome | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """Something that moves between two sites by id: ``what`` such as weights or data, and its outcome."""

    from_site: str
    to_site: str
    what: str
    label: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark on a drawing, in px: a site, or several that share it and then have an inset of that number."""

    sites: tuple[MapSite, ...]
    x: float
    y: float
    number: int = 0

    @property
    def outcome(self) -> Outcome | None:
        """The strictest outcome of its sites; None where no work is placed."""
        return strictest(site.outcome for site in self.sites if site.outcome is not None)


def groups_of(sites: Sequence[MapSite], view: View) -> list[list[MapSite]]:
    """Sites in groups that would touch on the map, each group linked by steps of less than a mark's reach."""
    groups: list[list[MapSite]] = []
    for site in sites:
        near = [group for group in groups if any(_touch(site, other, view) for other in group)]
        for group in near:
            groups.remove(group)
        groups.append([other for group in near for other in group] + [site])
    return groups


def _touch(one: MapSite, other: MapSite, view: View) -> bool:
    here, there = view.project(one.longitude, one.latitude), view.project(other.longitude, other.latitude)
    return math.dist(here, there) < _TOUCH_PX


def marks_of(groups: Sequence[Sequence[MapSite]], view: View) -> list[Mark]:
    """The mark of each group, in its middle; groups of several are numbered from 1."""
    marks, number = [], 0
    for group in groups:
        points = [view.project(site.longitude, site.latitude) for site in group]
        x = sum(point[0] for point in points) / len(points)
        y = sum(point[1] for point in points) / len(points)
        number += len(group) > 1
        marks.append(Mark(tuple(group), x, y, number if len(group) > 1 else 0))
    return marks


def spread(marks: Sequence[Mark], view: View) -> list[Mark]:
    """Marks that would still touch in an inset, set apart on a circle: sites at the same address."""
    least = 2.6 * MARK_PX
    if all(math.dist((a.x, a.y), (b.x, b.y)) >= least for place, a in enumerate(marks) for b in marks[place + 1 :]):
        return list(marks)
    middle_x, middle_y = view.left_px + view.width_px / 2, view.top_px + view.height_px / 2
    radius = min(max(least * len(marks) / (2 * math.pi), least), view.height_px / 2 - MARK_PX)
    turn = 2 * math.pi / len(marks)
    return [
        Mark(mark.sites, middle_x + radius * math.cos(turn * place), middle_y + radius * math.sin(turn * place))
        for place, mark in enumerate(marks)
    ]


def arcs_svg(marks: Sequence[Mark], flows: Sequence[Flow]) -> str:
    """The flows between the marks as curves with an arrow head and a title; flows within a mark are left out."""
    by_site = {site.id: mark for mark in marks for site in mark.sites}
    arcs, seen = [], dict[tuple[float, float, float, float], int]()
    for flow in flows:
        start, end = by_site.get(flow.from_site), by_site.get(flow.to_site)
        if start is None or end is None or start is end:
            continue
        key = (start.x, start.y, end.x, end.y)
        seen[key] = seen.get(key, 0) + 1
        arcs.append(_arc(start, end, flow, 0.14 + 0.08 * seen[key]))
    return "".join(arcs)


def _arc(start: Mark, end: Mark, flow: Flow, bend: float) -> str:
    """A curve from mark to mark with an arrow head; weights solid, everything else dashed."""
    dx, dy = end.x - start.x, end.y - start.y
    length = math.hypot(dx, dy) or 1.0
    control = ((start.x + end.x) / 2 + bend * dy, (start.y + end.y) / 2 - bend * dx)
    reach = min(MARK_PX + 4, length / 3)
    first, last = _towards((start.x, start.y), control, reach), _towards((end.x, end.y), control, reach)
    dash = "" if flow.what == "weights" else ' stroke-dasharray="7 4"'
    title = f"{flow.what}: {flow.label}: {flow.outcome.value}"
    tip = _towards(last, control, 9.0)
    side_x, side_y = -(last[1] - tip[1]) / 2, (last[0] - tip[0]) / 2
    return (
        f'<g stroke="{ACCENT}" fill="none"><title>{escape(title)}</title>'
        f'<path d="M{first[0]:.1f} {first[1]:.1f}Q{control[0]:.1f} {control[1]:.1f} {tip[0]:.1f} {tip[1]:.1f}" '
        f'stroke-width="2"{dash}/>'
        f'<path d="M{last[0]:.1f} {last[1]:.1f}L{tip[0] + side_x:.1f} {tip[1] + side_y:.1f}'
        f'L{tip[0] - side_x:.1f} {tip[1] - side_y:.1f}Z" fill="{ACCENT}" stroke="none"/></g>'
    )


def _towards(point: Point, goal: Point, distance: float) -> Point:
    length = math.dist(point, goal) or 1.0
    share = distance / length
    return point[0] + share * (goal[0] - point[0]), point[1] + share * (goal[1] - point[1])
