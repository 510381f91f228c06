"""What to show of an answer at its root and what at its legs: everything once, nothing lost.

A placement's answer repeats what its legs found. Shown at the leg it belongs to, it need not be shown
again; what no leg holds stays at the root.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from lexloci.model.determination import Determination, Finding, FindingStatus
from lexloci.report.outcome_style import display_rank

_STATUS_ORDER = list(FindingStatus)

Thing = TypeVar("Thing")


def all_findings(determination: Determination) -> tuple[Finding, ...]:
    """Every finding of an answer, its signals, exposures and notes too, each once: what decides comes first."""
    found = dict.fromkeys(
        (*determination.findings, *determination.exposures, *determination.signals, *determination.notes)
    )
    return tuple(sorted(found, key=_weight))


def own_findings(determination: Determination) -> tuple[Finding, ...]:
    """The findings of an answer that none of its legs shows."""
    shown = set(_leg_findings(determination.legs))
    return tuple(finding for finding in all_findings(determination) if finding not in shown)


def without(things: Iterable[Thing], shown: Iterable[Thing]) -> list[Thing]:
    """The things that are not among those shown already, each once, in their order."""
    known = set(shown)
    return [thing for thing in dict.fromkeys(things) if thing not in known]


def _leg_findings(legs: Iterable[Determination]) -> Iterator[Finding]:
    for leg in legs:
        yield from all_findings(leg)
        yield from _leg_findings(leg.legs)


def _weight(finding: Finding) -> tuple[int, float, str]:
    return _STATUS_ORDER.index(finding.status), -display_rank(finding.outcome), finding.rule
