"""Which sets of rules do the decided cases make fire together, by kind of act and body of law?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lexloci.law.analysis.firing import Pattern, fired
from lexloci.law.rule import Rulebook
from lexloci.model.act import ActKind
from lexloci.model.portfolio import Basis
from lexloci.rulebook.decided_cases import DecidedCase
from lexloci.rulebook.judge_cases import act_of


def patterns_of_cases(
    rulebook: Rulebook, cases: Iterable[DecidedCase], layer: Basis
) -> Mapping[tuple[ActKind, str], frozenset[Pattern]]:
    """The firing patterns that some case exercises, each by the body of law of its rules."""
    found: dict[tuple[ActKind, str], set[Pattern]] = {}
    for case in cases:
        act = act_of(rulebook, case)
        for body in case.bodies:
            pattern = fired(rulebook, act, case.known_at, layer, body)
            if pattern:
                found.setdefault((case.kind, body), set()).add(pattern)
    return {key: frozenset(patterns) for key, patterns in found.items()}
