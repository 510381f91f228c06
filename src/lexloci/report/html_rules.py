"""The section of the report that quotes each rule behind its answers once, with its source."""

from __future__ import annotations

from lexloci.report.plain import escape
from lexloci.report.told import RuleText, Told
from lexloci.report.why_html import citation_html, history_html, quoted_html


def rules_section(told: Told) -> str:
    """The section with every rule that the answers of the page name; they link to it."""
    rules = "".join(_rule(anchor, text) for anchor, text in told.rules())
    return (
        '<section id="rules"><h2>The rules behind the answers</h2><p>The words of each rule as far as they were seen, '
        f"where they can be read, and how far the source was checked.</p>{rules or '<p>No rule was met.</p>'}</section>"
    )


def _rule(anchor: str, text: RuleText) -> str:
    return (
        f'<details class="rule" id="{anchor}"><summary><strong>{escape(text.title)}</strong> '
        f'<cite>{escape(text.citation.text)}</cite></summary><div class="inside">{quoted_html(text.text)}'
        f'<p class="about">{citation_html(text.citation)} · rule {escape(text.rule)} · {escape(text.authority)} · '
        f"{escape(text.verification.value)}</p>{history_html(text.history)}</div></details>"
    )
