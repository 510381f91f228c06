"""What a page has told already: the words of a rule and the answer for an act stand in it once, and are linked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from lexloci.model.citation import Citation, Verification
from lexloci.model.determination import Finding


@dataclass(frozen=True, slots=True)
class RuleText:
    """What findings of one rule have in common: its words, where they stand, since when they count."""

    rule: str
    title: str
    authority: str
    text: str
    history: str
    verification: Verification
    citation: Citation


@dataclass(slots=True)
class Told:
    """Gives each rule and each leg of an answer one place in a page."""

    _rules: dict[RuleText, str] = field(default_factory=dict)
    _legs: set[str] = field(default_factory=set)

    def rule(self, finding: Finding) -> str:
        """The anchor of the rule behind a finding."""
        text = RuleText(
            finding.rule,
            finding.title,
            finding.authority,
            finding.text,
            finding.history,
            finding.verification,
            finding.citation,
        )
        return self._rules.setdefault(text, f"rule-{digest(repr(text))}")

    def rules(self) -> Iterator[tuple[str, RuleText]]:
        """The rules that were told, each with its anchor, by their ids."""
        for text in sorted(self._rules, key=repr):
            yield self._rules[text], text

    def is_new_leg(self, anchor: str) -> bool:
        """Whether a leg was not told yet; from now on it is."""
        is_new = anchor not in self._legs
        self._legs.add(anchor)
        return is_new


def digest(text: str) -> str:
    """Twelve hexadecimal digits that stand for a text in an anchor."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
