"""Where a statement of law comes from, and how far it was checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verification(StrEnum):
    """How far the source of a rule was checked (docs/explanation/sources.md)."""

    PRIMARY = "primary text seen"
    QUOTED = "primary text quoted by a third party"
    SECONDARY = "secondary source"
    RECALLED = "recalled, unverified"
    UNPUBLISHED = "press report of unpublished guidance"

    @property
    def may_decide(self) -> bool:
        """Whether a rule on this level may decide; a recalled one only raises a question."""
        return self not in (Verification.RECALLED, Verification.UNPUBLISHED)


@dataclass(frozen=True, slots=True)
class Citation:
    """A provision and where it can be read: ``text`` such as 15 CFR 742.6(a)(6), ``url`` of the source read."""

    text: str
    url: str = ""
