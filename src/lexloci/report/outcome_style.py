"""How each outcome looks: word, short word, glyph, shape and colour, so that none hangs on colour alone.

Every ``colour`` has a contrast of at least 4.5:1 against white, against its ``tint`` and against
``PAPER`` (WCAG 2.2, success criterion 1.4.3, https://www.w3.org/TR/WCAG22/#contrast-minimum), so it
serves for text on paper and as ground for white text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lexloci.model.outcome import Outcome
from lexloci.report.plain import escape

PAPER: Final = "#ffffff"
INK: Final = "#1c2530"
FAINT_INK: Final = "#55606d"
ACCENT: Final = "#1f4e79"


@dataclass(frozen=True, slots=True)
class OutcomeStyle:
    """The look of an outcome.

    ``word`` is the outcome in full, ``short`` fits a cell of a matrix, ``glyph`` is one character for
    terminals, ``shape`` an SVG path in a box from -1 to 1, ``colour`` and ``tint`` are #rrggbb.
    """

    word: str
    short: str
    glyph: str
    shape: str
    colour: str
    tint: str


_CIRCLE = "M-1 0A1 1 0 1 1 1 0A1 1 0 1 1-1 0Z"
_RING_WITH_DOT = (
    "M-1 0A1 1 0 1 1 1 0A1 1 0 1 1-1 0ZM-.62 0A.62 .62 0 1 0 .62 0A.62 .62 0 1 0-.62 0Z"
    "M-.32 0A.32 .32 0 1 1 .32 0A.32 .32 0 1 1-.32 0Z"
)
_TRIANGLE_UP = "M0-1.1L1.1.85L-1.1.85Z"
_DIAMOND = "M0-1.15L1.15 0L0 1.15L-1.15 0Z"
_TRIANGLE_DOWN = "M0 1.1L1.1-.85L-1.1-.85Z"
_CROSS = "M-1-.55L-.55-1L0-.45L.55-1L1-.55L.45 0L1 .55L.55 1L0 .45L-.55 1L-1 .55L-.45 0Z"
_QUESTION = (
    "M-.7-.45C-.7-1.4.75-1.4.75-.45C.75.1.22.1.22.42L-.22.42C-.22-.25.25-.2.25-.45C.25-.78-.24-.78-.24-.45Z"
    "M-.25.65L.25.65L.25 1.1L-.25 1.1Z"
)

STYLES: Final = {
    Outcome.PERMITTED: OutcomeStyle("permitted", "permitted", "●", _CIRCLE, "#17693a", "#e3f3e8"),
    Outcome.PERMITTED_WITH_DUTIES: OutcomeStyle(
        "permitted with duties", "with duties", "◉", _RING_WITH_DOT, "#0b6170", "#def1f4"
    ),
    Outcome.LICENCE_PRESUMED_APPROVED: OutcomeStyle(
        "licence required, presumption of approval",
        "licence: presumed approval",
        "▲",
        _TRIANGLE_UP,
        "#735500",
        "#fbf1d3",
    ),
    Outcome.LICENCE_CASE_BY_CASE: OutcomeStyle(
        "licence required, case by case", "licence: case by case", "◆", _DIAMOND, "#8a4300", "#fdebd9"
    ),
    Outcome.LICENCE_PRESUMED_DENIED: OutcomeStyle(
        "licence required, presumption of denial", "licence: presumed denial", "▼", _TRIANGLE_DOWN, "#9d2f13", "#fde6df"
    ),
    Outcome.PROHIBITED: OutcomeStyle("prohibited", "prohibited", "✖", _CROSS, "#8b0f2b", "#fae1e6"),
    Outcome.HUMAN_REVIEW: OutcomeStyle("human review", "human review", "?", _QUESTION, "#573a94", "#ece6f8"),
}


def style_of(outcome: Outcome) -> OutcomeStyle:
    """How an outcome looks."""
    return STYLES[outcome]


def strictest(outcomes: Iterable[Outcome]) -> Outcome | None:
    """Which of several outcomes to show for a place that has them all; None where there is none.

    Human review stands just below prohibited: it may still turn out to be prohibited.
    """
    return max(outcomes, key=display_rank, default=None)


def mark_svg(outcome: Outcome, x: float, y: float, radius: float) -> str:
    """The shape of an outcome as an SVG path, centred on (x, y) in px, with a white rim."""
    style = style_of(outcome)
    return (
        f'<path d="{style.shape}" transform="translate({x:.1f} {y:.1f}) scale({radius:g})" fill="{style.colour}" '
        f'fill-rule="evenodd" stroke="{PAPER}" stroke-width="{1.5 / radius:.3f}" paint-order="stroke"/>'
    )


def badge_html(outcome: Outcome, *, short: bool = False) -> str:
    """An outcome for HTML: shape and word, in its colour on its tint."""
    style = style_of(outcome)
    icon = (
        '<svg class="shape" viewBox="-1.3 -1.3 2.6 2.6" aria-hidden="true" focusable="false">'
        f'<path d="{style.shape}" fill="currentColor" fill-rule="evenodd"/></svg>'
    )
    word = escape(style.short if short else style.word)
    return f'<span class="outcome {css_class(outcome)}">{icon}{word}</span>'


def css_class(outcome: Outcome) -> str:
    """The CSS class of an outcome, such as ``o-human-review``."""
    return "o-" + outcome.name.lower().replace("_", "-")


def outcome_css() -> str:
    """The CSS rules that give each outcome its colour and tint."""
    return "\n".join(
        f".{css_class(outcome)}{{color:{style.colour};background:{style.tint}}}" for outcome, style in STYLES.items()
    )


def display_rank(outcome: Outcome) -> float:
    """The place of an outcome in a list that starts with the harmless, with human review below prohibited."""
    if outcome is Outcome.HUMAN_REVIEW:
        return Outcome.PROHIBITED.severity - 0.5
    return outcome.severity
