"""What stands against a plan without deciding it: exposures, clashes of laws and signals, each with its workloads.

A placement that rests on a reading "not subject" is never shown as plainly permitted: the finding that
the reading set aside, and the law that pulls the other way, stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lexloci.model.determination import Determination
from lexloci.model.plan import Plan


@dataclass(frozen=True, slots=True)
class SetAside:
    """One thing that stands against placements: its kind, its words with their citation, the ids of the workloads."""

    kind: str
    words: str
    workloads: tuple[str, ...]


def set_aside(plan: Plan) -> tuple[SetAside, ...]:
    """Everything of the kind in a plan, exposures first; what several workloads share stands once."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for placement in plan.placements:
        for kind, words in _of(placement.determination):
            found.setdefault((kind, words), {})[placement.workload] = None
    order = ("exposure", "clash of laws", "signal")
    ordered = sorted(found.items(), key=lambda item: order.index(item[0][0]))
    return tuple(SetAside(kind, words, tuple(workloads)) for (kind, words), workloads in ordered)


def _of(determination: Determination) -> list[tuple[str, str]]:
    exposures = [
        ("exposure", f"{one.title} ({one.citation.text}; {one.authority}): {one.outcome.value}, set aside by a reading")
        for one in determination.exposures
    ]
    clashes = [
        ("clash of laws", " against ".join(citation.text for citation in conflict.citations))
        for conflict in determination.conflicts
    ]
    signals = [("signal", f"{one.title} ({one.citation.text})") for one in determination.signals]
    return list(dict.fromkeys((*exposures, *clashes, *signals)))
