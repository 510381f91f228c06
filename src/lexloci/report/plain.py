"""Makes names that users wrote safe to show: in HTML, in SVG, in a terminal.

A name may hold markup, quotes, terminal escapes or characters that reverse the reading direction of
what follows. None of them may change what the reader sees of the answer around the name.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_SPACES: Final = re.compile("[\n\r\t]")
_UNSAFE: Final = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f"  # controls, terminal escapes among them
    "\\ud800-\\udfff\\ufffe\\uffff"  # not characters, and no XML
    "\\u202a-\\u202e\\u2066-\\u2069]"  # embeddings, overrides and isolates of direction
)


def plain(text: str) -> str:
    """The text with each control character, surrogate and direction override made visible as U+FFFD.

    Newlines and tabs become spaces. Letters of every script stay as they are.
    """
    return _UNSAFE.sub(_REPLACEMENT, _SPACES.sub(" ", text))


def escape(text: str) -> str:
    """The text for HTML or SVG, as content or inside a double-quoted attribute."""
    return html.escape(plain(text), quote=True)


def name_html(text: str) -> str:
    """A name for HTML, isolated so that a right-to-left name does not reorder its neighbours."""
    return f"<bdi>{escape(text)}</bdi>"


def text_width(text: str, size_px: float) -> float:
    """Width of a text in px, from above, for fonts of the size: wide scripts one em, others 0.6 em.

    The report does not know the reader's font; too wide is harmless, too narrow lets labels collide.
    """
    ems = sum(1.0 if _is_wide(character) else 0.6 for character in text)
    return ems * size_px


def shortened(text: str, size_px: float, width_px: float) -> str:
    """The text cut to a width in px with an ellipsis, or whole where it fits."""
    text = plain(text)
    if text_width(text, size_px) <= width_px:
        return text
    kept = text
    while kept and text_width(kept + "…", size_px) > width_px:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrapped(text: str, size_px: float, width_px: float, lines: int) -> list[str]:
    """The text in at most so many lines of a width in px; the last one is cut with an ellipsis."""
    found: list[str] = []
    rest = plain(text).split()
    while rest and len(found) < lines - 1:
        taken = 1
        while taken < len(rest) and text_width(" ".join(rest[: taken + 1]), size_px) <= width_px:
            taken += 1
        found.append(shortened(" ".join(rest[:taken]), size_px, width_px))
        rest = rest[taken:]
    if rest:
        found.append(shortened(" ".join(rest), size_px, width_px))
    return found


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F", "A") or character in "MW@%"
