"""The atlas as rows of CSV, as JSON (docs/reference/output.md), and as a few lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from lexloci.report.outcome_style import style_of
from lexloci.rulebook.atlas import Atlas
from lexloci.rulebook.atlas_question import TAKEN_AS_STATED

if TYPE_CHECKING:
    from rich.console import RenderableType

COLUMNS: Final = (
    "chips",
    "sites",
    "headquarters",
    "since",
    "until",
    "outcome",
    "basis",
    "known_at",
    "rulebook",
)


def atlas_rows(atlas: Atlas) -> Iterator[tuple[str, ...]]:
    """The rows below ``COLUMNS``, one for each interval of each box; names in a cell are parted by spaces."""
    tail = (atlas.basis.value, atlas.known_at.isoformat(), atlas.rulebook)
    for box in atlas.boxes():
        groups = (" ".join(box.chips), " ".join(box.sites), " ".join(box.headquarters))
        for one in box.intervals:
            yield (*groups, one.since.isoformat(), one.until.isoformat(), one.outcome.value, *tail)


def atlas_json(atlas: Atlas) -> dict[str, Any]:
    """The question, what it takes as stated, how often each outcome is the answer, and every box."""
    return {
        "rulebook": atlas.rulebook,
        "basis": atlas.basis.value,
        "known_at": atlas.known_at.isoformat(),
        "days": [day.isoformat() for day in atlas.days],
        "until": atlas.until.isoformat(),
        "taken_as_stated": list(TAKEN_AS_STATED),
        "combinations": atlas.combinations,
        "counts": {outcome.value: count for outcome, count in atlas.counts().items()},
        "boxes": [
            {
                "chips": list(box.chips),
                "sites": list(box.sites),
                "headquarters": list(box.headquarters),
                "intervals": [
                    {"since": one.since.isoformat(), "until": one.until.isoformat(), "outcome": one.outcome.value}
                    for one in box.intervals
                ],
            }
            for box in atlas.boxes()
        ],
    }


def atlas_summary(atlas: Atlas) -> list[RenderableType]:
    """What was asked, what was taken as stated, and how often each outcome is the answer."""
    from rich.table import Table
    from rich.text import Text

    title = (
        f"supply from the United States, {atlas.days[0]} until {atlas.until}, on the basis of {atlas.basis.value}, "
        f"by what was known at {atlas.known_at}"
    )
    parts: list[RenderableType] = [Text(title), Text("taken as stated:")]
    parts += [Text(f"- {line}") for line in TAKEN_AS_STATED]
    table = Table()
    table.add_column("outcome")
    table.add_column("combinations", justify="right")
    for outcome, count in atlas.counts().items():
        table.add_row(f"{style_of(outcome).glyph} {outcome.value}", f"{count:,}")
    return [*parts, Text(_sizes(atlas)), table]


def breakpoints_used(atlas: Atlas) -> int:
    """On how many of its days some answer differs from the day before."""
    days = range(len(atlas.days))
    return sum(bool((atlas.cube[..., one] != atlas.cube[..., other]).any()) for one, other in pairwise(days))


def _sizes(atlas: Atlas) -> str:
    chips, sites, headquarters = (
        f"{sum(map(len, groups))} {word} ({len(groups)} unlike)"
        for groups, word in ((atlas.chips, "chips"), (atlas.sites, "sites"), (atlas.headquarters, "headquarters"))
    )
    return (
        f"{atlas.combinations:,} combinations: {chips} x {sites} x {headquarters} x {len(atlas.days)} days "
        f"({breakpoints_used(atlas)} change an answer)"
    )
