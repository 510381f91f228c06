"""Why the bundled rulebook is silent about an act, and why two of its rules pull apart: ``reasons.yaml``.

Tests hold the file to the analysis: every gap, overlap and conflict that it finds has its reason, and
nothing has one that is found no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lexloci.case.yaml_source import load

FILE = Path(__file__).parent / "reasons.yaml"


@dataclass(frozen=True)
class Reasons:
    """The file as it stands: ``silent`` by body, ``holes`` by body and kind of act, pairs of rules by the second."""

    given: Mapping[str, Any]

    def of_gap(self, body: str, kind: str, *, has_rules: bool) -> str:
        """Why a body of law says nothing about an act of a kind; empty where no reason is given."""
        if not has_rules:
            return next((one["reason"] for one in self.given["silent"] if body in one["bodies"]), "")
        holes = self.given["holes"]
        found = [one for one in holes if body in one["bodies"] and kind in one["kinds"]]
        return "; ".join(f"{one['what']}: {one['reason']}" for one in found)

    def of_overlap(self, rules: Sequence[str], *, is_conflict: bool) -> str:
        """Why two rules that pull apart both stand; empty where no reason is given."""
        reasons = self.given["conflicts"] if is_conflict else self.given["overlaps"]
        return str(reasons.get(rules[0] if is_conflict else rules[1], ""))


@lru_cache(maxsize=1)
def bundled_reasons() -> Reasons:
    """The reasons of the rulebook that the package ships."""
    return Reasons(load(FILE.read_text(encoding="utf-8"), FILE.name).data)
