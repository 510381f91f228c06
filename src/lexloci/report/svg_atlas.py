"""The atlas as SVG: for a few sites and headquarters, the answer for every chip over time.

A panel is one site and one headquarters; a row in it, the chips that have the same answers there; a bar, the days
with one answer. Each bar has the shape of its outcome, and its word where it fits; each row tells its chips and
days in words to whoever points at it or reads it aloud. The same atlas gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lexloci.catalogue import countries
from lexloci.model.outcome import Outcome
from lexloci.report.outcome_style import FAINT_INK, INK, display_rank, mark_svg, style_of
from lexloci.report.plain import escape, shortened, text_width
from lexloci.report.svg_gantt import month_ticks
from lexloci.rulebook.atlas import Atlas, Interval

PANELS: Final = (("CN", "CN"), ("MY", "CN"), ("SG", "SG"), ("MY", "US"), ("AE", "AE"))
"""Site and headquarters of each panel."""

_TITLE: Final = "Where each chip may be supplied, over time"
_WIDTH_PX: Final = 1080.0
_LEFT_PX: Final = 300.0
_RIGHT_PX: Final = 16.0
_HEAD_PX: Final = 112.0
_PANEL_HEAD_PX: Final = 58.0
_PANEL_GAP_PX: Final = 26.0
_ROW_PX: Final = 26.0
_BAR_PX: Final = 19.0
_FONT_PX: Final = 11.5


@dataclass(frozen=True, slots=True)
class _Row:
    """Chips with the same answers in a panel."""

    chips: tuple[str, ...]
    intervals: tuple[Interval, ...]


def atlas_svg(atlas: Atlas, panels: Sequence[tuple[str, str]] = PANELS) -> str:
    """The picture, as a whole SVG document of 1080 px width."""
    body: list[str] = []
    y = _HEAD_PX
    for site, headquarters in panels:
        rows = _rows(atlas, site, headquarters)
        body.append(_panel(atlas, site, headquarters, rows, y))
        y += _PANEL_HEAD_PX + len(rows) * _ROW_PX + _PANEL_GAP_PX
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH_PX:g} {y:g}" width="{_WIDTH_PX:g}" '
        f'height="{y:g}" role="img" aria-labelledby="atlas-title atlas-desc" font-family="system-ui, sans-serif">'
        f'<title id="atlas-title">{_TITLE}</title>'
        f'<desc id="atlas-desc">{escape(_description(atlas, panels))}</desc>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{_head(atlas)}{"".join(body)}</svg>\n'
    )


def _rows(atlas: Atlas, site: str, headquarters: str) -> list[_Row]:
    """The chips by their answers, the strictest of today first."""
    found: dict[tuple[Interval, ...], list[str]] = {}
    for group in atlas.chips:
        found.setdefault(atlas.timeline(group[0], site, headquarters), []).extend(group)

    def strictness(row: _Row) -> list[float]:
        return [-display_rank(one.outcome) for one in reversed(row.intervals)]

    return sorted((_Row(tuple(chips), intervals) for intervals, chips in found.items()), key=strictness)


def _head(atlas: Atlas) -> str:
    words = (
        f"Supply of a chip from the United States, on the basis of {atlas.basis.value}, by what was known at "
        f"{atlas.known_at}; rulebook {atlas.rulebook}"
    )
    parts = [
        f'<text x="12" y="28" font-size="19" font-weight="600" fill="{INK}">{_TITLE}</text>',
        f'<text x="12" y="50" font-size="13" fill="{FAINT_INK}">{escape(words)}</text>',
    ]
    x, y = 12.0, 74.0
    for outcome in Outcome:
        style = style_of(outcome)
        width = 34 + text_width(style.word, 12) * 0.9
        if x + width > _WIDTH_PX:
            x, y = 12.0, y + 20
        parts.append(
            f'{mark_svg(outcome, x + 7, y - 4, 5.5)}<text x="{x + 18:.1f}" y="{y:g}" font-size="12" '
            f'fill="{style.colour}">{escape(style.word)}</text>'
        )
        x += width
    return f'<g class="head">{"".join(parts)}</g>'


def _panel(atlas: Atlas, site: str, headquarters: str, rows: Sequence[_Row], top: float) -> str:
    bottom = top + _PANEL_HEAD_PX + len(rows) * _ROW_PX
    drawn = "".join(_row(atlas, row, top + _PANEL_HEAD_PX + place * _ROW_PX) for place, row in enumerate(rows))
    alike = _alike(atlas, site, headquarters)
    return (
        f'<g class="panel"><text x="12" y="{top + 16:g}" font-size="15" font-weight="600" fill="{INK}">'
        f"{escape(_panel_words(site, headquarters))}</text>"
        f'<text x="12" y="{top + 33:g}" font-size="12" fill="{FAINT_INK}">{escape(alike)}</text>'
        f"{_grid(atlas, top + _PANEL_HEAD_PX, bottom)}{drawn}</g>"
    )


def _panel_words(site: str, headquarters: str) -> str:
    known = countries()
    return f"At a site in {known[site].name}, to a company with its headquarters in {known[headquarters].name}"


def _alike(atlas: Atlas, site: str, headquarters: str) -> str:
    """How many other sites and headquarters have the same answers at all times."""
    sites, seats = (
        next(len(group) for group in groups if name in group) - 1
        for groups, name in ((atlas.sites, site), (atlas.headquarters, headquarters))
    )
    return f"the same answers at {_others(sites, 'site')}, and for {_others(seats, 'headquarters')}"


def _others(count: int, what: str) -> str:
    plural = "" if count == 1 or what.endswith("s") else "s"
    return f"{count or 'no'} other {what}{plural if count else ''}"


def _row(atlas: Atlas, row: _Row, top: float) -> str:
    count = f" ({len(row.chips)})" if len(row.chips) > 1 else ""
    label = shortened(", ".join(row.chips), _FONT_PX, _LEFT_PX - 24 - text_width(count, _FONT_PX)) + count
    bars = "".join(_bar(atlas, one, top) for one in row.intervals)
    return (
        f'<g class="row"><title>{escape(_row_words(row))}</title>'
        f'<text x="12" y="{top + 17:g}" font-size="{_FONT_PX:g}" fill="{INK}">{escape(label)}</text>{bars}</g>'
    )


def _row_words(row: _Row) -> str:
    days = "; ".join(f"{one.since} until {one.until}: {one.outcome.value}" for one in row.intervals)
    return f"{', '.join(row.chips)}: {days}"


def _bar(atlas: Atlas, one: Interval, top: float) -> str:
    left, right = _x(atlas, one.since), _x(atlas, one.until)
    style = style_of(one.outcome)
    middle = top + _ROW_PX / 2
    box = f'x="{left:.1f}" y="{middle - _BAR_PX / 2:g}" width="{max(right - left, 1.5):.1f}" height="{_BAR_PX:g}"'
    parts = [f'<rect {box} fill="{style.tint}" stroke="{style.colour}"/>']
    if right - left >= 14:
        parts.append(mark_svg(one.outcome, left + 9 if right - left > 18 else (left + right) / 2, middle, 4.8))
    word = next((word for word in (style.word, style.short) if text_width(word, _FONT_PX) + 22 < right - left), "")
    if word:
        parts.append(
            f'<text x="{left + 18:.1f}" y="{middle + 4:g}" font-size="{_FONT_PX:g}" fill="{style.colour}">'
            f"{escape(word)}</text>"
        )
    return "".join(parts)


def _grid(atlas: Atlas, top: float, bottom: float) -> str:
    return "".join(_tick(atlas, tick, top, bottom) for tick in month_ticks(atlas.days[0], atlas.until))


def _tick(atlas: Atlas, tick: date, top: float, bottom: float) -> str:
    x = _x(atlas, tick)
    anchor = "end" if x > _WIDTH_PX - 40 else "middle"
    return (
        f'<line x1="{x:.1f}" y1="{top - 5:g}" x2="{x:.1f}" y2="{bottom:g}" stroke="#e3e7ec"/>'
        f'<text x="{x:.1f}" y="{top - 9:g}" font-size="11" text-anchor="{anchor}" fill="{FAINT_INK}">'
        f"{tick.isoformat()[:7]}</text>"
    )


def _x(atlas: Atlas, day: date) -> float:
    share = (day - atlas.days[0]).days / (atlas.until - atlas.days[0]).days
    return _LEFT_PX + share * (_WIDTH_PX - _LEFT_PX - _RIGHT_PX)


def _description(atlas: Atlas, panels: Sequence[tuple[str, str]]) -> str:
    return " ".join(_panel_sentences(atlas, panels))


def _panel_sentences(atlas: Atlas, panels: Sequence[tuple[str, str]]) -> Iterator[str]:
    for site, headquarters in panels:
        yield f"{_panel_words(site, headquarters)}."
        for row in _rows(atlas, site, headquarters):
            yield f"{_row_words(row)}."
