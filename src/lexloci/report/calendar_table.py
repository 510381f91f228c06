"""A calendar of answers, as a table for the terminal and as JSON (docs/reference/output.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from lexloci.law.calendar import Interval
from lexloci.law.calendar_changes import Change
from lexloci.law.calendar_days import ALWAYS, FOREVER, Window
from lexloci.model.outcome import Outcome
from lexloci.report.answer_line import answer_line
from lexloci.report.outcome_style import style_of
from lexloci.report.plain import plain

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

MOST_SHOWN = 6


def calendar_table(name: str, intervals: Sequence[Interval], window: Window) -> Table:
    """Since when which answer counts, and what began or ended it: the rule, why, on whose word, its provision."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(f"{plain(name)}: {_basis_words(window)}, {_knowledge_words(window)}"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        highlight=False,
    )
    table.add_column("since", no_wrap=True)
    table.add_column("until", no_wrap=True)
    table.add_column("outcome", overflow="fold", min_width=20)
    table.add_column("what began or ended it", overflow="fold", ratio=1)
    for interval in intervals:
        table.add_row(_day(interval.since), _day(interval.until), _outcome(interval), _begins(interval))
    rulebook = intervals[0].determination.rulebook
    table.caption = Text(f"until: the first day after; rulebook {rulebook}; not legal advice")
    table.caption_justify = "left"
    return table


def _knowledge_words(window: Window) -> str:
    if window.known_at is None:
        return "each day judged by what was known on it"
    return f"by what was known at {window.known_at}"


def _basis_words(window: Window) -> str:
    return "on both layers of the law" if window.basis is None else f"on the basis of {window.basis.value}"


def _day(day: date) -> str:
    return "…" if day in (ALWAYS, FOREVER) else day.isoformat()


def _outcome(interval: Interval) -> Text:
    from rich.text import Text

    answer = interval.determination
    style = style_of(answer.outcome)
    words = f"{style.glyph} {style.short}"
    if answer.outcome is Outcome.HUMAN_REVIEW:
        words += f"\n  certain: {style_of(answer.certain).short}\n  worst: {style_of(answer.possible).short}"
    return Text(words, style="" if answer.outcome.is_placeable else "bold")


def _begins(interval: Interval) -> Text:
    """What began or ended; where nothing did, because the window begins, what decides or is missing."""
    from rich.text import Text

    if not interval.begins:
        return Text(plain(answer_line(interval.determination)), style="dim")
    lines = [_change(change) for change in interval.begins[:MOST_SHOWN]]
    rest = len(interval.begins) - MOST_SHOWN
    return Text("\n".join(plain(line) for line in lines + ([f"and {rest} more (--json has all)"] if rest > 0 else [])))


def _change(change: Change) -> str:
    provision = f", {change.citation.text}" if change.citation.text else ""
    layer = f" on the layer of the {change.layer.value} alone" if change.layer else ""
    return f"{change.title}{provision}: {change.what}{layer}{f'; {change.why}' if change.why else ''}"


def calendar_json(name: str, intervals: Sequence[Interval], window: Window) -> dict[str, Any]:
    """The same as plain values; an open end is null."""
    return {
        "id": name,
        "known_at": None if window.known_at is None else window.known_at.isoformat(),
        "basis": None if window.basis is None else window.basis.value,
        "rulebook": intervals[0].determination.rulebook,
        "intervals": [_interval(interval) for interval in intervals],
    }


def _interval(interval: Interval) -> dict[str, Any]:
    answer = interval.determination
    return {
        "since": None if interval.since == ALWAYS else interval.since.isoformat(),
        "until": None if interval.until == FOREVER else interval.until.isoformat(),
        "outcome": answer.outcome.value,
        "certain": answer.certain.value,
        "possible": answer.possible.value,
        "findings": [
            {"rule": one.rule, "status": one.status.value, "outcome": one.outcome.value, "party": one.party}
            for one in answer.findings
        ],
        "begins": [_change_json(change) for change in interval.begins],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "rule": change.rule,
        "title": change.title,
        "what": change.what,
        "why": change.why,
        "layer": None if change.layer is None else change.layer.value,
        "outcome": None if change.outcome is None else change.outcome.value,
        "citation": {"text": change.citation.text, "url": change.citation.url},
    }
