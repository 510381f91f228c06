"""Which rules do not apply for one line alone: where a mistake in a fact would alter the answer.

The same line of a rule may be asked for several parties; it is told once, with all that it read, the most
severe rules first.
"""

from __future__ import annotations

from collections.abc import Iterable

from lexloci.model.determination import FactRead, NearMiss
from lexloci.report.why_words import value_words

MOST_SHOWN = 8
TITLE = "one condition away"
NOTE = "rules that do not apply for one line alone: to be checked, and no advice to change a fact"


def near_miss_lines(near_misses: Iterable[NearMiss]) -> list[str]:
    """One line a rule and condition, most severe first: what the rule asks for, its provision, the line, what it read.

    Permissions that would let a silent body of law speak come last.
    """
    grouped: dict[tuple[str, str], list[NearMiss]] = {}
    for near in sorted(near_misses, key=lambda one: (-one.outcome.severity, one.rule)):
        grouped.setdefault((near.rule, near.line), []).append(near)
    return [_words(several) for several in grouped.values()]


def at_most(lines: list[str]) -> list[str]:
    """The first of the lines, and how many more there are."""
    rest = len(lines) - MOST_SHOWN
    return lines if rest <= 0 else [*lines[:MOST_SHOWN], f"and {rest} more (--json has all)"]


def _words(several: list[NearMiss]) -> str:
    near = several[0]
    read = ", ".join(dict.fromkeys(_fact(fact) for one in several for fact in one.facts))
    return (
        f"{near.outcome.value}: {near.title}, {near.citation.text} ({near.rule}) fails on: {near.line}"
        f"{f'; read: {read}' if read else ''}"
    )


def _fact(fact: FactRead) -> str:
    return f"{fact.name} = {value_words(fact.value)}"
