"""What a job's chips hold and do, as SVG: memory by part, a step by part, and the roofline with the job's points.

The roofline has logarithmic axes: operations for each byte of memory, and operations a second of one chip. What lies
on the slope is bound by memory, on the flat by arithmetic; the gap below the roof is what the software leaves. The
same job gives the same bytes.
"""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Final

from lexloci.perf.anatomy import Anatomy
from lexloci.report.figures import significant
from lexloci.report.outcome_style import FAINT_INK, INK
from lexloci.report.plain import escape

_WIDTH_PX: Final = 760.0
_LEFT_PX: Final = 70.0
_BAR_WIDTH_PX: Final = 620.0
_BAR_PX: Final = 26.0
_MEMORY_TOP_PX: Final = 62.0
_STEP_TOP_PX: Final = 164.0
_LINE_PX: Final = 16.0
_LETTER_PX: Final = 5.9
_ROOF_TOP_PX: Final = 288.0
_ROOF_HEIGHT_PX: Final = 260.0
_HEIGHT_PX: Final = 604.0
_FEW_DECADES: Final = 2.5
_FONT_PX: Final = 12.0
_COLOURS: Final = ("#33658a", "#86bbd8", "#758e4f", "#f6ae2d", "#f26419", "#8d6a9f", "#5c6b73", "#c5d86d")


def anatomy_svg(anatomy: Anatomy) -> str:
    """The picture, as a whole SVG document of 760 px width."""
    memory = [(name, amount / anatomy.gigabyte) for name, amount in anatomy.memory_bytes]
    held = sum(amount for _, amount in memory)
    capacity = anatomy.capacity_bytes / anatomy.gigabyte
    free = max(capacity - held, 0.0)
    whole_s = sum(seconds for _, seconds in anatomy.step_s)
    unit, each_s = ("s", 1.0) if whole_s >= 1.0 else ("ms", 1e-3)
    steps = [(name, seconds / each_s) for name, seconds in anatomy.step_s]
    whole = f"{significant(whole_s / each_s)} {unit}"
    words = f"Memory of a chip: {significant(held)} of {significant(capacity)} GB. A step takes {whole}."
    body = (
        _bar(f"Memory of one chip, {significant(capacity)} GB", [*memory, ("free", free)], "GB", _MEMORY_TOP_PX),
        _bar(f"One step, {whole}", steps, unit, _STEP_TOP_PX),
        _roofline(anatomy),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH_PX:g} {_HEIGHT_PX:g}" width="{_WIDTH_PX:g}" '
        f'height="{_HEIGHT_PX:g}" role="img" aria-labelledby="anatomy-title anatomy-desc" '
        f'font-family="system-ui, sans-serif" font-size="{_FONT_PX:g}">'
        f'<title id="anatomy-title">{escape(anatomy.title)}</title>'
        f'<desc id="anatomy-desc">{escape(words)}</desc>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>'
        f'<text x="{_LEFT_PX:g}" y="28" font-size="15" font-weight="600" fill="{INK}">{escape(anatomy.title)}</text>'
        f"{''.join(body)}</svg>\n"
    )


def _bar(title: str, parts: list[tuple[str, float]], unit: str, y: float) -> str:
    """A bar of parts, each with its name and amount in its tooltip, and a legend below in as many lines as it needs."""
    whole = sum(amount for _, amount in parts) or 1.0
    drawn = [f'<text x="{_LEFT_PX:g}" y="{y - 8:g}" fill="{INK}">{escape(title)}</text>']
    x = key = _LEFT_PX
    line = y + _BAR_PX + 10.0
    for place, (name, amount) in enumerate(parts):
        colour = "#e9ecef" if name == "free" else _COLOURS[place % len(_COLOURS)]
        width = amount / whole * _BAR_WIDTH_PX
        words = f"{name}: {significant(amount)} {unit}"
        drawn.append(
            f'<rect x="{x:.1f}" y="{y:g}" width="{width:.1f}" height="{_BAR_PX:g}" fill="{colour}">'
            f"<title>{escape(words)}</title></rect>"
        )
        taken = 24.0 + _LETTER_PX * len(words)
        if key > _LEFT_PX and key + taken > _LEFT_PX + _BAR_WIDTH_PX:
            key, line = _LEFT_PX, line + _LINE_PX
        drawn.append(f'<rect x="{key:.1f}" y="{line:g}" width="10" height="10" fill="{colour}"/>')
        drawn.append(f'<text x="{key + 14:.1f}" y="{line + 9:g}" font-size="10" fill="{INK}">{escape(words)}</text>')
        x += width
        key += taken
    return "".join(drawn)


def _roofline(anatomy: Anatomy) -> str:
    """The roof of one chip and the points below it."""
    ridge = anatomy.peak_flop_per_s / anatomy.peak_bytes_per_s
    intensities = [point.flop_per_byte for point in anatomy.points] + [ridge]
    left, right = log10(min(intensities)) - 0.4, log10(max(intensities)) + 0.3
    speeds = [point.flop_per_s for point in anatomy.points] + [anatomy.peak_flop_per_s]
    low, high = log10(min(speeds)) - 0.35, log10(max(speeds)) + 0.12

    def place(intensity: float, speed: float) -> tuple[float, float]:
        x = _LEFT_PX + (log10(intensity) - left) / (right - left) * _BAR_WIDTH_PX
        y = _ROOF_TOP_PX + (high - log10(speed)) / (high - low) * _ROOF_HEIGHT_PX
        return x, y

    start = max(10.0**left, 10.0**low / anatomy.peak_bytes_per_s)
    corners = [(start, start * anatomy.peak_bytes_per_s), (ridge, anatomy.peak_flop_per_s)]
    corners.append((10.0**right, anatomy.peak_flop_per_s))
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*corner) for corner in corners))
    peak = f"{significant(anatomy.peak_flop_per_s / 1e12)} TFLOP/s, {significant(anatomy.peak_bytes_per_s / 1e9)} GB/s"
    drawn = [
        f'<text x="{_LEFT_PX:g}" y="{_ROOF_TOP_PX - 12:g}" fill="{INK}">Roofline of one chip: {escape(peak)}</text>',
        *_axes((left, right), (low, high)),
        f'<polyline points="{path}" fill="none" stroke="{INK}" stroke-width="1.5"/>',
    ]
    for number, point in enumerate(anatomy.points):
        x, y = place(point.flop_per_byte, point.flop_per_s)
        words = f"{point.name}: {significant(point.flop_per_s / 1e12)} TFLOP/s"
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{_COLOURS[4 - number % 2 * 4]}"/>')
        anchor, shift = ("end", -9) if x > _LEFT_PX + _BAR_WIDTH_PX * 0.6 else ("start", 9)
        drawn.append(
            f'<text x="{x + shift:.1f}" y="{y + 16:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(words)}</text>'
        )
    return "".join(drawn)


def _ticks(first: float, last: float) -> list[float]:
    """1, 2 and 5 times each power of ten between two logarithms; powers alone where that would be many."""
    steps = (1.0, 2.0, 5.0) if last - first < _FEW_DECADES else (1.0,)
    every = (step * 10.0**power for power in range(floor(first), ceil(last) + 1) for step in steps)
    return [tick for tick in every if first <= log10(tick) <= last]


def _axes(across: tuple[float, float], upward: tuple[float, float]) -> list[str]:
    """Lines and figures of both axes: operations for each byte, and TFLOP/s."""
    drawn: list[str] = []
    bottom = _ROOF_TOP_PX + _ROOF_HEIGHT_PX
    for tick in _ticks(*across):
        x = _LEFT_PX + (log10(tick) - across[0]) / (across[1] - across[0]) * _BAR_WIDTH_PX
        drawn.append(f'<path d="M{x:.1f} {_ROOF_TOP_PX:g}V{bottom:g}" stroke="{FAINT_INK}" stroke-opacity="0.25"/>')
        label = f"{tick:,.3g}" if tick < 1.0 else f"{tick:,.0f}"
        drawn.append(f'<text x="{x:.1f}" y="{bottom + 16:g}" text-anchor="middle" fill="{INK}">{label}</text>')
    for tick in _ticks(*upward):
        y = _ROOF_TOP_PX + (upward[1] - log10(tick)) / (upward[1] - upward[0]) * _ROOF_HEIGHT_PX
        line = f"M{_LEFT_PX:g} {y:.1f}h{_BAR_WIDTH_PX:g}"
        drawn.append(f'<path d="{line}" stroke="{FAINT_INK}" stroke-opacity="0.25"/>')
        label = f"{tick / 1e12:,.3g}" if tick < 1e15 else f"{tick / 1e12:,.0f}"
        drawn.append(f'<text x="{_LEFT_PX - 6:g}" y="{y + 4:.1f}" text-anchor="end" fill="{INK}">{label}</text>')
    middle = _LEFT_PX + _BAR_WIDTH_PX / 2
    words = "operations for each byte of memory; upward: TFLOP/s of one chip"
    drawn.append(f'<text x="{middle:g}" y="{bottom + 36:g}" text-anchor="middle" fill="{INK}">{words}</text>')
    return drawn
