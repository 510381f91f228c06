"""Which targets a comparison met: lexloci is never behind another at equal time, and has a first plan at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OURS = "lexloci"
FIRST_PLAN_S = 0.5
_SAME = 1e-9  # of the cost: sums of the same money in another order


def targets(answers: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """Each target in words, and whether it was met; ``answers`` by contestant. Nothing where lexloci did not run."""
    if OURS not in answers:
        return []
    ours = answers[OURS]
    found = [(f"first plan in {FIRST_PLAN_S:g} s", ours["first_s"] is not None and ours["first_s"] <= FIRST_PLAN_S)]
    for name, one in answers.items():
        if name != OURS:
            allowed = one["objective_usd"] + _SAME * abs(one["objective_usd"])
            found.append((f"not behind {name}", ours["objective_usd"] <= allowed))
    return found
