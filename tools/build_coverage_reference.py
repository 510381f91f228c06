#!/usr/bin/env python3
"""Writes docs/reference/coverage.md: what is modelled of each instrument, where the rulebook is silent, and why.

``.venv/bin/python tools/build_coverage_reference.py`` writes the page; a test holds the committed page to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from lexloci.law.rule import EffectKind, Rulebook
from lexloci.model.act import ActKind
from lexloci.report.coverage_table import folder_title
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.instrument import Instrument, InstrumentStatus
from lexloci.rulebook.instruments import bundled_instruments

TOP = Path(__file__).resolve().parent.parent
PAGE = TOP / "docs" / "reference" / "coverage.md"
REASONS = TOP / "src" / "lexloci" / "rulebook" / "reasons.yaml"
HEAD = """<!-- Written by tools/build_coverage_reference.py: change rulebook/*/instruments.yaml, then run it. -->

# What is modelled

Each instrument that was read, how it is modelled, what holds it, and since when its source is verified.
"Not modelled" never means permitted: an act that no rule speaks about is answered with human review. The README in each
authority's folder of the rulebook says more; `lexloci rules coverage` prints the same, and
`lexloci rules audit --known-at DAY` what must be read again.

How: **modelled**; **in part**, with what is left out; **signal**, press reports of unpublished guidance, shown apart;
**scenario**, a bill or draft that is off unless it is supposed to be law from a day on; **authorisation**, something
that a party holds and states; **not modelled**. Verified: the day up to which the source was followed, and
[how far it was checked](../explanation/sources.md#levels-of-verification).
"""
GAPS = """## What the rulebook does not speak about

`lexloci rules analyse --only gaps` finds an act for each of these. A body of law that is not named here has no rule at
all: what is asked of it is human review.

### Kinds of act without a rule
"""
HOLES = """### Acts of which the rules say nothing

The body has rules for this kind of act, and there is an act of the kind that none of them reaches.
"""
OVERLAPS = """## Where rules pull apart

`lexloci rules analyse --only overlaps` finds each pair of a permission and a prohibition that can fire together. The
most severe wins. Each prohibition, and why it stands beside permissions:
"""


def page(rulebook: Rulebook, instruments: Sequence[Instrument], reasons: Mapping[str, Any]) -> str:
    """The whole page, as Markdown."""
    folders = sorted({one.folder for one in instruments})
    parts = [HEAD, _summary(folders, instruments)]
    parts += [_folder(folder, [one for one in instruments if one.folder == folder]) for folder in folders]
    parts += [_targets(instruments), GAPS, _silent(rulebook, reasons["silent"])]
    parts += [HOLES, _holes(reasons["holes"]), OVERLAPS, _overlaps(reasons)]
    return "\n".join(parts)


def reasons() -> dict[str, Any]:
    """Why the rulebook is silent, and why rules pull apart."""
    read: dict[str, Any] = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    return read


def kinds_without_rule(rulebook: Rulebook) -> dict[str, tuple[ActKind, ...]]:
    """For each body of law the kinds of act about which none of its rules decides or permits."""
    spoken: dict[str, set[ActKind]] = {rule.body: set() for rule in rulebook.rules}
    for rule in rulebook.rules:
        if rule.kind in (EffectKind.OUTCOME, EffectKind.PERMIT):
            spoken[rule.body].update(rule.acts)
    return {body: tuple(kind for kind in ActKind if kind not in spoken[body]) for body in sorted(spoken)}


def _summary(folders: Iterable[str], instruments: Sequence[Instrument]) -> str:
    rows = []
    for folder in folders:
        own = [one for one in instruments if one.folder == folder]
        counts = [str(sum(one.status is status for one in own)) for status in InstrumentStatus]
        since = min(one.read.on for one in own)
        rows.append(f"| `{folder}` | {folder_title(folder)} | {' | '.join(counts)} | {since} |")
    heads = " | ".join(status.value for status in InstrumentStatus)
    return "\n".join(_table(f"| folder of the rulebook | holds | {heads} | verified since |", rows))


def _folder(folder: str, instruments: Iterable[Instrument]) -> str:
    rows = [_row(one) for one in instruments]
    head = "| instrument | how | held by | left out, or why | verified |"
    return "\n".join([f"## {folder_title(folder)}\n", *_table(head, rows)])


def _row(one: Instrument) -> str:
    url = one.citation.url
    title = f"[{one.title}]({url})" if url else one.title
    held = ", ".join(f"`{name}`" for _, name in one.held())
    verified = f"{one.read.on} {one.read.level.name.lower()}"
    about = f"{one.id}: {title} ({one.citation.text})"
    return f"| {_cell(about)} | {one.status.value} | {held} | {_cell(one.left_out)} | {verified} |"


def _targets(instruments: Iterable[Instrument]) -> str:
    rows = [
        f"| `{target.id}` | {target.meaning} | > {target.more_than:g} {target.unit} | {target.year} | {one.id} |"
        for one in instruments
        for target in one.targets
    ]
    text = "## Policy targets\n\nFigures that a policy aims at: no duty, and no rule reads them.\n"
    return "\n".join([text, *_table("| target | of | value | by | instrument |", rows)])


def _silent(rulebook: Rulebook, given: Iterable[Mapping[str, Any]]) -> str:
    reason = {body: one["reason"] for one in given for body in one["bodies"]}
    rows = [
        f"| `{body}` | {', '.join(kind.value for kind in kinds)} | {reason[body]} |"
        for body, kinds in kinds_without_rule(rulebook).items()
        if kinds
    ]
    return "\n".join(_table("| body of law | kinds of act | why |", rows))


def _holes(given: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        f"| {', '.join(f'`{body}`' for body in one['bodies'])} | {', '.join(one['kinds'])} | {one['what']} | "
        f"{one['reason']} |"
        for one in given
    ]
    return "\n".join(_table("| body of law | kinds of act | such as | why |", rows))


def _overlaps(given: Mapping[str, Any]) -> str:
    rows = [f"| `{rule}` | {reason} |" for rule, reason in (*given["overlaps"].items(), *given["conflicts"].items())]
    return "\n".join(_table("| rule | why |", rows))


def _table(head: str, rows: Iterable[str]) -> Iterator[str]:
    yield head
    yield "|---" * (head.count("|") - 1) + "|"
    yield from rows
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(bundled_rulebook(), bundled_instruments(), reasons()), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
