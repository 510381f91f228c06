"""A replay as SVG: for each party its compute by country and month; the bends numbered, with the rule behind each.

A bar is a month, stacked from home to abroad to what has no place known to be lawful, hatched, so that nothing hangs on
colour alone; each part tells its country and share to whoever points at it or reads it aloud. The same replay gives
the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lexloci.catalogue import countries
from lexloci.model.portfolio import Portfolio
from lexloci.report.outcome_style import ACCENT, FAINT_INK, INK, PAPER
from lexloci.report.plain import escape, shortened, wrapped
from lexloci.report.replay_table import story
from lexloci.report.svg_gantt import month_ticks
from lexloci.scenario.compare_types import Move
from lexloci.scenario.replay_types import NOWHERE, MonthShare, Replay

Story = Mapping[date, Mapping[str, Sequence[Move]]]

_WIDTH_PX: Final = 1080.0
_LEFT_PX: Final = 150.0
_RIGHT_PX: Final = 24.0
_HEAD_PX: Final = 96.0
_PANEL_PX: Final = 96.0
_GAP_PX: Final = 34.0
_LINE_PX: Final = 16.0
_FONT_PX: Final = 12.0
_MOST_LINES: Final = 2
_HOME_COLOUR: Final = "#1f4e79"
# Okabe and Ito, Color Universal Design (2008): told apart by people with any form of colour blindness.
_ABROAD_COLOURS: Final = ("#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")


@dataclass(frozen=True, slots=True)
class _Axis:
    """The days of the picture, and where one falls in px."""

    first: date
    until: date

    def x(self, day: date) -> float:
        share = (min(max(day, self.first), self.until) - self.first).days / (self.until - self.first).days
        return _LEFT_PX + share * (_WIDTH_PX - _LEFT_PX - _RIGHT_PX)


def replay_svg(replay: Replay, portfolio: Portfolio) -> str:
    """The picture, as a whole SVG document of 1080 px width."""
    axis = _Axis(replay.first, replay.until)
    parties = list(dict.fromkeys(one.party for one in replay.months))
    colours = _colours(replay)
    panels_end = _HEAD_PX + len(parties) * (_PANEL_PX + _GAP_PX)
    days = story(replay)
    notes = list(_notes(days, panels_end + 18))
    height = (notes[-1][1] if notes else panels_end) + 20
    body = "".join(
        _panel(portfolio.party_by_id[party].name, _of_party(replay, party), place, axis, colours)
        for place, party in enumerate(parties)
    )
    marks = "".join(_mark(number, day, axis, panels_end) for number, day in enumerate(days, 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH_PX:g} {height:g}" width="{_WIDTH_PX:g}" '
        f'height="{height:g}" role="img" aria-labelledby="replay-title replay-desc" '
        f'font-family="system-ui, sans-serif"><title id="replay-title">{escape(_title(replay))}</title>'
        f'<desc id="replay-desc">{escape(_description(replay))}</desc>{_hatch()}'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{_head(replay, colours)}'
        f"{_grid(axis, panels_end)}{body}{marks}"
        f"{''.join(text for text, _ in notes)}</svg>\n"
    )


def _title(replay: Replay) -> str:
    return f"Where compute lawfully went: {replay.name}"


def _of_party(replay: Replay, party: str) -> list[MonthShare]:
    return [one for one in replay.months if one.party == party]


def _colours(replay: Replay) -> Mapping[str, str]:
    """A colour for each country that is abroad for somebody, by how much runs there."""
    sums: dict[str, float] = {}
    for one in replay.months:
        for country, share in one.by_country.items():
            if country not in (one.home, NOWHERE):
                sums[country] = sums.get(country, 0.0) + share
    order = sorted(sums, key=lambda country: (-sums[country], country))
    return {country: _ABROAD_COLOURS[place % len(_ABROAD_COLOURS)] for place, country in enumerate(order)}


def _panel(name: str, months: list[MonthShare], place: int, axis: _Axis, colours: Mapping[str, str]) -> str:
    top = _HEAD_PX + place * (_PANEL_PX + _GAP_PX)
    bottom = top + _PANEL_PX
    texts = (
        f'<text x="12" y="{top + 18:g}" font-size="14" font-weight="600" fill="{INK}">'
        f"{escape(shortened(name, 14, _LEFT_PX - 50))}</text>"
        + "".join(
            f'<text x="{_LEFT_PX - 8:g}" y="{bottom - share * _PANEL_PX + 4:g}" font-size="11" text-anchor="end" '
            f'fill="{FAINT_INK}">{100 * share:.0f} %</text>'
            for share in (0, 0.5, 1)
        )
    )
    bars = "".join(_bar(one, bottom, axis, colours) for one in months)
    return f'<g class="party">{texts}{bars}</g>'


def _bar(month: MonthShare, bottom: float, axis: _Axis, colours: Mapping[str, str]) -> str:
    following = (month.month + timedelta(days=32)).replace(day=1)
    left, right = axis.x(month.month), axis.x(following)
    parts: list[str] = []
    y = bottom
    for country, share in sorted(month.by_country.items(), key=lambda one: _rank(one[0], month.home)):
        height = share * _PANEL_PX
        y -= height
        fill = "url(#nowhere)" if country == NOWHERE else colours.get(country, _HOME_COLOUR)
        words = f"{month.month:%Y-%m}, {_country(country)}: {100 * share:.1f} %"
        parts.append(
            f'<rect class="{"home" if country == month.home else "abroad" if country else "nowhere"}" x="{left:.2f}" '
            f'y="{y:.2f}" width="{max(right - left - 0.6, 0.2):.2f}" height="{height:.2f}" fill="{fill}">'
            f"<title>{escape(words)}</title></rect>"
        )
    return "".join(parts)


def _rank(country: str, home: str | None) -> tuple[int, str]:
    return (0 if country == home else 2 if country == NOWHERE else 1, country)


def _country(code: str) -> str:
    if code == NOWHERE:
        return "no place known to be lawful"
    known = countries().get(code)
    return known.name if known else code


def _head(replay: Replay, colours: Mapping[str, str]) -> str:
    words = (
        f"The same work asked anew on each of {replay.days} days of change from {replay.first} until "
        f"{replay.until}; basis {replay.basis}; rulebook {replay.rulebook}; shares of useful operations"
    )
    title = escape(shortened(_title(replay), 18, _WIDTH_PX - 24))
    about = escape(shortened(words, _FONT_PX, _WIDTH_PX - 24))
    parts = [
        f'<text x="12" y="26" font-size="18" font-weight="600" fill="{INK}">{title}</text>',
        f'<text x="12" y="46" font-size="{_FONT_PX:g}" fill="{FAINT_INK}">{about}</text>',
    ]
    x = 12.0
    named = [("at home", _HOME_COLOUR), *((_country(one), colour) for one, colour in colours.items())]
    for name, colour in (*named, ("no place known to be lawful", "url(#nowhere)")):
        parts.append(
            f'<rect x="{x:g}" y="58" width="14" height="14" fill="{colour}" stroke="{FAINT_INK}" stroke-width="0.5"/>'
            f'<text x="{x + 20:g}" y="70" font-size="{_FONT_PX:g}" fill="{INK}">{escape(name)}</text>'
        )
        x += 44 + 7.4 * len(name)
    return "".join(parts)


def _grid(axis: _Axis, end: float) -> str:
    return "".join(
        f'<line x1="{axis.x(tick):.1f}" y1="{_HEAD_PX:g}" x2="{axis.x(tick):.1f}" y2="{end - _GAP_PX:g}" '
        f'stroke="#e3e7ec"/><text x="{axis.x(tick):.1f}" y="{end - _GAP_PX + 15:g}" font-size="11" '
        f'text-anchor="middle" fill="{FAINT_INK}">{tick:%Y-%m}</text>'
        for tick in month_ticks(axis.first, axis.until)
    )


def _mark(number: int, day: date, axis: _Axis, end: float) -> str:
    """The line of a day, its number above; neighbours stand on two heights."""
    x = axis.x(day)
    y = _HEAD_PX - (4 if number % 2 else 13)
    return (
        f'<g class="bend"><title>{day}</title><line x1="{x:.1f}" y1="{y + 2:g}" x2="{x:.1f}" '
        f'y2="{end - _GAP_PX:g}" stroke="{INK}" stroke-width="1" stroke-dasharray="2 2"/>'
        f'<text x="{x:.1f}" y="{y:g}" font-size="10" font-weight="600" text-anchor="middle" fill="{ACCENT}">{number}'
        "</text></g>"
    )


def _notes(days: Story, top: float) -> Iterator[tuple[str, float]]:
    """What bent the way of work, day by day, each with the y at which it ends, in px."""
    y = top
    for number, (day, causes) in enumerate(days.items(), 1):
        words = _words(causes)
        lines = wrapped(words, _FONT_PX, _WIDTH_PX - 150, _MOST_LINES)
        texts = "".join(
            f'<text x="130" y="{y + place * _LINE_PX:g}" font-size="{_FONT_PX:g}" fill="{INK}">{escape(line)}</text>'
            for place, line in enumerate(lines)
        )
        note = (
            f'<g class="note"><title>{escape(words)}</title><text x="12" y="{y:g}" font-size="{_FONT_PX:g}" '
            f'font-weight="600" fill="{ACCENT}">{number}  {day}</text>{texts}</g>'
        )
        yield note, y + max(len(lines), 1) * _LINE_PX
        y += max(len(lines), 1) * _LINE_PX + 6


def _hatch() -> str:
    return (
        '<defs><pattern id="nowhere" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="#f1f3f5"/>'
        f'<rect width="1.6" height="6" fill="{FAINT_INK}"/></pattern></defs>'
    )


def _description(replay: Replay) -> str:
    return " ".join(f"{day}: {_words(causes)}." for day, causes in story(replay).items())


def _words(causes: Mapping[str, Sequence[Move]]) -> str:
    return "; ".join(f"{why} (moves {len(moves)})" if moves else why for why, moves in causes.items())
