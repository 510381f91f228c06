"""How much of which law the rulebook holds, as a table for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lexloci.law.rule import EffectKind, Rule, Rulebook
from lexloci.model.citation import Verification
from lexloci.rulebook.decided_cases import RULEBOOK_FOLDER, DecidedCase

if TYPE_CHECKING:
    from rich.table import Table


def coverage_table(rulebook: Rulebook, cases: Sequence[DecidedCase]) -> Table:
    """For each folder its rules, its cases, how far the sources were checked, and how its rules count."""
    from rich.table import Table
    from rich.text import Text

    days = f"newest source read on {rulebook.reviewed}, too old {rulebook.limit_days} days later"
    table = Table(title=f"rulebook {rulebook.version}: {days}", title_justify="left", show_footer=True, show_lines=True)
    table.add_column("folder\nholds", footer="all", overflow="fold")
    table.add_column("rules", footer=str(len(rulebook.rules)), justify="right")
    table.add_column("cases", footer=str(len(cases)), justify="right")
    table.add_column("sources checked", footer=_levels(rulebook.rules), overflow="fold")
    table.add_column("rules by effect", footer=_effects(rulebook.rules), overflow="fold")
    for folder in sorted({_folder(rule) for rule in rulebook.rules}):
        rules = [rule for rule in rulebook.rules if _folder(rule) == folder]
        tried = sum(case.file.partition("/")[0] == folder for case in cases)
        holds = Text(f"{folder}\n{_title(folder)}")
        table.add_row(holds, str(len(rules)), str(tried), _levels(rules), _effects(rules))
    table.caption = Text(
        "Not modelled never means permitted: an act that no rule speaks about is answered with human review.\n"
        "What is not modelled, instrument by instrument and why: docs/reference/coverage.md; one rule: "
        "lexloci rules show RULE"
    )
    table.caption_justify = "left"
    return table


def _folder(rule: Rule) -> str:
    return rule.id.partition(".")[0]


def _title(folder: str) -> str:
    """What a folder holds: the first heading of its README."""
    text = (RULEBOOK_FOLDER / folder / "README.md").read_text(encoding="utf-8")
    return text.partition("\n")[0].removeprefix("#").strip()


def _levels(rules: Iterable[Rule]) -> str:
    counts = Counter(rule.verification for rule in rules)
    return "\n".join(f"{counts[level]} {level.name.lower()}" for level in Verification if counts[level])


def _effects(rules: Iterable[Rule]) -> str:
    counts = Counter(rule.kind for rule in rules)
    return "\n".join(f"{counts[kind]} {kind.value}" for kind in EffectKind if counts[kind])
