"""A plan over time as SVG: a row for each workload, a bar where it has a place, a reason where it has none.

Bars carry the shape and the word of their outcome; a bar that hangs on a licence not yet granted is
hatched and says so. The line marked ``as of`` is the day on which the plan was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from lexloci.model.outcome import Outcome
from lexloci.model.plan import Placement, Plan, Unplaced
from lexloci.model.portfolio import Portfolio
from lexloci.report.names import Names
from lexloci.report.outcome_style import ACCENT, FAINT_INK, INK, PAPER, mark_svg, style_of
from lexloci.report.plain import escape, shortened, text_width, wrapped

_WIDTH_PX: Final = 960.0
_LEFT_PX: Final = 300.0
_RIGHT_PX: Final = 14.0
_TOP_PX: Final = 46.0
_ROW_PX: Final = 48.0
_BAR_PX: Final = 26.0
_MOST_TICKS: Final = 14
_MONTHS_BETWEEN_TICKS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class _Axis:
    """The days that the picture spans, ``first`` to ``last``, and where a day falls in px."""

    first: date
    last: date

    def x(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return _LEFT_PX + share * (_WIDTH_PX - _LEFT_PX - _RIGHT_PX)


def gantt_svg(plan: Plan, portfolio: Portfolio) -> str:
    """When each workload runs and where, as an SVG element of 960 px width; rows in the portfolio's order."""
    axis = _axis(plan, portfolio)
    rows = [*_rows(plan, portfolio)]
    height = _TOP_PX + len(rows) * _ROW_PX + 8
    body = "".join(_row(row, _TOP_PX + place * _ROW_PX, axis, portfolio) for place, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gantt" viewBox="0 0 {_WIDTH_PX:g} {height:g}" role="img" '
        f'aria-labelledby="gantt-title gantt-desc" font-family="system-ui, sans-serif">'
        f'<title id="gantt-title">Workloads over time</title>'
        f'<desc id="gantt-desc">{escape(_description(plan, portfolio))}</desc>'
        f"{_hatches()}{_grid(axis, height)}{body}{_as_of(plan.as_of, axis, height)}</svg>"
    )


def month_ticks(first: date, last: date) -> list[date]:
    """The firsts of months from ``first`` to ``last``, thinned to at most 14: each month, 2nd, 3rd, 6th or year."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    for step in _MONTHS_BETWEEN_TICKS:
        ticks = [date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]
        ticks = [tick for tick in ticks if first <= tick <= last]
        if len(ticks) <= _MOST_TICKS:
            return ticks
    return ticks[:: len(ticks) // _MOST_TICKS + 1]


def _axis(plan: Plan, portfolio: Portfolio) -> _Axis:
    ends = [placement.end for placement in plan.placements]
    starts = [placement.start for placement in plan.placements]
    return _Axis(min([plan.as_of, *starts]), max([portfolio.horizon_until, plan.as_of, *ends]))


def _rows(plan: Plan, portfolio: Portfolio) -> Iterator[Placement | Unplaced]:
    order = {workload.id: place for place, workload in enumerate(portfolio.workloads)}
    rows: list[Placement | Unplaced] = [*plan.placements, *plan.unplaced]
    yield from sorted(rows, key=lambda row: order.get(row.workload, len(order)))


def _row(row: Placement | Unplaced, top: float, axis: _Axis, portfolio: Portfolio) -> str:
    workload = portfolio.workload_by_id.get(row.workload)
    name = workload.name if workload else row.workload
    where = _place_words(row, Names(portfolio)) if isinstance(row, Placement) else "no place"
    texts = (
        f'<text x="8" y="{top + 19:g}" font-size="14" font-weight="600" fill="{INK}">'
        f"{escape(shortened(name, 14, _LEFT_PX - 20))}<title>{escape(name)}</title></text>"
        f'<text x="8" y="{top + 36:g}" font-size="12" fill="{FAINT_INK}">'
        f"{escape(shortened(where, 12, _LEFT_PX - 20))}<title>{escape(where)}</title></text>"
    )
    rule = f'<line x1="0" y1="{top:g}" x2="{_WIDTH_PX:g}" y2="{top:g}" stroke="#e3e7ec"/>'
    bar = _bar(row, top, axis) if isinstance(row, Placement) else _no_bar(row, top)
    deadline = workload.deadline if workload else None
    return f'<g class="row">{rule}{texts}{bar}{_deadline(deadline, top, axis)}</g>'


def _bar(placement: Placement, top: float, axis: _Axis) -> str:
    left, right = axis.x(placement.start), axis.x(placement.end)
    width = max(right - left, 3.0)
    y = top + (_ROW_PX - _BAR_PX) / 2
    style = style_of(placement.outcome)
    words = style.word if not placement.conditional_on else f"{style.word}, conditional"
    title = f"{placement.start} to {placement.end}: {words}"
    if placement.conditional_on:
        title += f" on {', '.join(placement.conditional_on)}"
    hatch = ""
    if placement.conditional_on:
        hatch = (
            f'<rect x="{left:.1f}" y="{y:g}" width="{width:.1f}" height="{_BAR_PX:g}" rx="4" '
            f'fill="url(#gantt-hatch-{placement.outcome.name.lower()})"/>'
        )
    return (
        f'<g class="bar"><title>{escape(title)}</title>'
        f'<rect x="{left:.1f}" y="{y:g}" width="{width:.1f}" height="{_BAR_PX:g}" rx="4" fill="{style.tint}" '
        f'stroke="{style.colour}" stroke-width="1.5"/>{hatch}{_bar_words(placement.outcome, words, left, width, y)}</g>'
    )


def _bar_words(outcome: Outcome, words: str, left: float, width: float, y: float) -> str:
    """The shape and the word, within the bar where they fit, else right of it, else left."""
    needed = 26 + text_width(words, 12)
    style = style_of(outcome)
    if needed > width:
        words, needed = style.short + ("*" if words != style.word else ""), 26.0
        needed += text_width(words, 12)
    if needed <= width:
        start = left + 4
    elif left + width + needed <= _WIDTH_PX:
        start = left + width + 2
    else:
        start = max(left - needed - 2, _LEFT_PX - 20)
    middle = y + _BAR_PX / 2
    halo = f'stroke="{PAPER}" stroke-width="3" paint-order="stroke"'
    return (
        f"{mark_svg(outcome, start + 9, middle, 5.5)}"
        f'<text x="{start + 20:.1f}" y="{middle + 4.3:.1f}" font-size="12" fill="{style.colour}" {halo}>'
        f"{escape(words)}</text>"
    )


def _no_bar(unplaced: Unplaced, top: float) -> str:
    lines = wrapped(unplaced.why, 12, _WIDTH_PX - _LEFT_PX - _RIGHT_PX - 30, 2)
    y = top + (29 if len(lines) == 1 else 21)
    texts = "".join(
        f'<text x="{_LEFT_PX + 24:g}" y="{y + 16 * place:g}" font-size="12" fill="{INK}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    return (
        f'<g class="no-place"><title>{escape(unplaced.why)}</title>'
        f'<rect x="{_LEFT_PX:g}" y="{top + 5:g}" width="{_WIDTH_PX - _LEFT_PX - _RIGHT_PX:g}" '
        f'height="{_ROW_PX - 10:g}" rx="4" fill="#f6f7f9" stroke="{FAINT_INK}" stroke-dasharray="4 3"/>'
        f'<circle cx="{_LEFT_PX + 12:g}" cy="{top + _ROW_PX / 2:g}" r="5.5" fill="none" stroke="{FAINT_INK}" '
        f'stroke-width="2"/>{texts}</g>'
    )


def _deadline(deadline: date | None, top: float, axis: _Axis) -> str:
    if deadline is None or not axis.first <= deadline <= axis.last:
        return ""
    x = axis.x(deadline)
    return (
        f'<g class="deadline"><title>deadline {deadline}</title><path d="M{x:.1f} {top + 6:g}V{top + _ROW_PX - 6:g}'
        f'M{x - 4:.1f} {top + 6:g}H{x + 4:.1f}M{x - 4:.1f} {top + _ROW_PX - 6:g}H{x + 4:.1f}" stroke="{INK}" '
        f'stroke-width="1.5" fill="none"/></g>'
    )


def _grid(axis: _Axis, height: float) -> str:
    parts = []
    for tick in month_ticks(axis.first, axis.last):
        x = axis.x(tick)
        words = f"{_MONTHS[tick.month - 1]} {tick.year}" if _needs_year(tick, axis) else _MONTHS[tick.month - 1]
        anchor = "end" if x > _WIDTH_PX - 40 else "middle"
        parts.append(
            f'<line x1="{x:.1f}" y1="{_TOP_PX - 6:g}" x2="{x:.1f}" y2="{height:g}" stroke="#e3e7ec"/>'
            f'<text class="tick" x="{x:.1f}" y="{_TOP_PX - 12:g}" font-size="12" text-anchor="{anchor}" '
            f'fill="{FAINT_INK}">{words}</text>'
        )
    return "".join(parts)


def _needs_year(tick: date, axis: _Axis) -> bool:
    return tick.month == 1 or tick == month_ticks(axis.first, axis.last)[0] or (axis.last - axis.first).days > 730


def _as_of(as_of: date, axis: _Axis, height: float) -> str:
    x = axis.x(as_of)
    anchor, shift = ("start", 4) if x < _WIDTH_PX - 120 else ("end", -4)
    return (
        f'<g class="as-of"><line x1="{x:.1f}" y1="20" x2="{x:.1f}" y2="{height:g}" stroke="{ACCENT}" '
        f'stroke-width="1.5" stroke-dasharray="2 3"/><text x="{x + shift:.1f}" y="16" font-size="12" '
        f'text-anchor="{anchor}" font-weight="600" fill="{ACCENT}">as of {as_of}</text></g>'
    )


def _hatches() -> str:
    return (
        "<defs>"
        + "".join(
            f'<pattern id="gantt-hatch-{outcome.name.lower()}" width="8" height="8" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="2.5" height="8" fill="{style_of(outcome).colour}" '
            f'fill-opacity="0.35"/></pattern>'
            for outcome in Outcome
        )
        + "</defs>"
    )


def _place_words(placement: Placement, names: Names) -> str:
    return f"{names.site(placement.site)} · {names.chips(placement)}"


def _description(plan: Plan, portfolio: Portfolio) -> str:
    words = []
    for row in _rows(plan, portfolio):
        if isinstance(row, Placement):
            place = _place_words(row, Names(portfolio))
            words.append(f"{row.workload}: {row.start} to {row.end} at {place}, {row.outcome.value}.")
        else:
            words.append(f"{row.workload}: no place, {row.why}.")
    return " ".join(words)
