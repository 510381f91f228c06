"""How much of which law the rulebook holds, folder by folder, for the terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from lexloci.law.rule import EffectKind, Rule, Rulebook
from lexloci.model.citation import Verification
from lexloci.report.instrument_table import instrument_json
from lexloci.rulebook.decided_cases import RULEBOOK_FOLDER, DecidedCase
from lexloci.rulebook.instrument import Instrument, InstrumentStatus

if TYPE_CHECKING:
    from rich.table import Table


def coverage_table(rulebook: Rulebook, cases: Sequence[DecidedCase], instruments: Sequence[Instrument]) -> Table:
    """For each folder its rules, cases and instruments, how far and since when the sources were checked."""
    from rich.table import Table
    from rich.text import Text

    days = f"newest source read on {rulebook.reviewed}, too old {rulebook.limit_days} days later"
    table = Table(title=f"rulebook {rulebook.version}: {days}", title_justify="left", show_footer=True, show_lines=True)
    table.add_column("folder\nholds", footer="all", overflow="fold")
    table.add_column("rules", footer=str(len(rulebook.rules)), justify="right")
    table.add_column("cases", footer=str(len(cases)), justify="right")
    table.add_column("instruments", footer=_lines(_statuses(instruments)), overflow="fold")
    table.add_column("verified since", footer=_since(instruments), overflow="fold")
    table.add_column("sources checked", footer=_lines(_levels(rulebook.rules)), overflow="fold")
    table.add_column("rules by effect", footer=_lines(_effects(rulebook.rules)), overflow="fold")
    for folder in _folders(rulebook, instruments):
        rules, tried, own = _of(folder, rulebook, cases, instruments)
        table.add_row(
            Text(f"{folder}\n{folder_title(folder)}"),
            str(len(rules)),
            str(tried),
            _lines(_statuses(own)),
            _since(own),
            _lines(_levels(rules)),
            _lines(_effects(rules)),
        )
    table.caption = Text(
        "Not modelled never means permitted: an act that no rule speaks about is answered with human review.\n"
        "The same with the rules of each instrument: docs/reference/coverage.md; one rule: lexloci rules show RULE; "
        "what must be read again: lexloci rules audit"
    )
    table.caption_justify = "left"
    return table


def coverage_json(
    rulebook: Rulebook, cases: Sequence[DecidedCase], instruments: Sequence[Instrument]
) -> dict[str, Any]:
    """What each folder holds, and every instrument (docs/reference/output.md)."""
    folders = []
    for folder in _folders(rulebook, instruments):
        rules, tried, own = _of(folder, rulebook, cases, instruments)
        folders.append(
            {
                "folder": folder,
                "title": folder_title(folder),
                "rules": len(rules),
                "cases": tried,
                "levels": _levels(rules),
                "effects": _effects(rules),
                "statuses": _statuses(own),
                "verified_since": _since(own) or None,
            }
        )
    return {
        "rulebook": rulebook.version,
        "reviewed": rulebook.reviewed.isoformat(),
        "limit_days": rulebook.limit_days,
        "folders": folders,
        "instruments": [instrument_json(one) for one in instruments],
    }


def folder_title(folder: str) -> str:
    """What a folder of the package holds: the first heading of its README; empty for one of another package."""
    path = RULEBOOK_FOLDER / folder / "README.md"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return text.partition("\n")[0].removeprefix("#").strip()


def _folders(rulebook: Rulebook, instruments: Iterable[Instrument]) -> list[str]:
    return sorted({_folder(rule) for rule in rulebook.rules} | {one.folder for one in instruments})


def _of(
    folder: str, rulebook: Rulebook, cases: Iterable[DecidedCase], instruments: Iterable[Instrument]
) -> tuple[list[Rule], int, list[Instrument]]:
    """The rules of a folder, the number of its cases, and its instruments."""
    rules = [rule for rule in rulebook.rules if _folder(rule) == folder]
    tried = sum(case.file.partition("/")[0] == folder for case in cases)
    return rules, tried, [one for one in instruments if one.folder == folder]


def _folder(rule: Rule) -> str:
    return rule.id.partition(".")[0]


def _statuses(instruments: Iterable[Instrument]) -> dict[str, int]:
    counts = Counter(one.status for one in instruments)
    return {status.value: counts[status] for status in InstrumentStatus if counts[status]}


def _since(instruments: Sequence[Instrument]) -> str:
    """The day on which the source that was read longest ago was read; empty without any."""
    return min(one.read.on for one in instruments).isoformat() if instruments else ""


def _levels(rules: Iterable[Rule]) -> dict[str, int]:
    counts = Counter(rule.verification for rule in rules)
    return {level.name.lower(): counts[level] for level in Verification if counts[level]}


def _effects(rules: Iterable[Rule]) -> dict[str, int]:
    counts = Counter(rule.kind for rule in rules)
    return {kind.value: counts[kind] for kind in EffectKind if counts[kind]}


def _lines(counts: dict[str, int]) -> str:
    return "\n".join(f"{count} {name}" for name, count in counts.items())
