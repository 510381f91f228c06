"""The land on a map: countries in grey, those with an outcome in its tint and with its glyph and name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lexloci.catalogue.world import Shape
from lexloci.model.outcome import Outcome
from lexloci.report.label_place import Box, Labels
from lexloci.report.map_view import Point, View
from lexloci.report.outcome_style import style_of
from lexloci.report.plain import escape, text_width

_LAND: Final = "#dfe3e8"
_BORDER: Final = "#ffffff"
_NAME_REACH_PX: Final = 14.0


def land_svg(view: View, countries: Mapping[str, Outcome], land: Sequence[Shape]) -> str:
    """The countries in a view as SVG paths; ``countries`` maps ISO codes to the outcome there."""
    grey: list[str] = []
    tinted: list[str] = []
    for outline in land:
        parts = [part for ring in outline.rings for part in view.clipped(ring)]
        if not parts:
            continue
        outcome = countries.get(outline.iso_a2)
        fill = _LAND if outcome is None else style_of(outcome).tint
        stroke = _BORDER if outcome is None else style_of(outcome).colour
        word = outline.name if outcome is None else f"{outline.name}: {outcome.value}"
        path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in part) + "Z" for part in parts)
        (grey if outcome is None else tinted).append(
            f'<path d="{path}" fill="{fill}" stroke="{stroke}" stroke-width="0.8" fill-rule="evenodd">'
            f"<title>{escape(word)}</title></path>"
        )
    return "".join(grey + tinted)


def country_names_svg(view: View, countries: Mapping[str, Outcome], land: Sequence[Shape], labels: Labels) -> str:
    """The names of the countries with an outcome, each with its glyph, where there is room."""
    names = []
    for outline in land:
        outcome = countries.get(outline.iso_a2)
        parts = [part for ring in outline.rings for part in view.clipped(ring)]
        if outcome is None or not parts:
            continue
        largest = max(parts, key=lambda part: _extent(part, labels.frame))
        inside = [point for point in largest if labels.frame.holds(Box(*point, 0, 0))] or largest
        x = (min(p[0] for p in inside) + max(p[0] for p in inside)) / 2
        y = (min(p[1] for p in inside) + max(p[1] for p in inside)) / 2
        text = f"{style_of(outcome).glyph} {outline.name}"
        width = text_width(text, 12)
        box = labels.place(x, y, -8, (width, 16), reach=_NAME_REACH_PX)
        if box is not None:
            names.append(
                f'<text x="{box.left:.1f}" y="{box.top + 12:.1f}" font-size="12" fill="{style_of(outcome).colour}" '
                f'letter-spacing="0.4">{escape(text)}</text>'
            )
    return "".join(names)


def _extent(part: Sequence[Point], frame: Box) -> float:
    xs = [min(max(x, frame.left), frame.right) for x, _ in part]
    ys = [min(max(y, frame.top), frame.bottom) for _, y in part]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))
