"""How a screening is asked: the day, the lists, the threshold, the decisions on record; and what counts as found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from lexloci.parties.decisions import Decision, Decisions, Record, read_decisions
from lexloci.parties.findings import Finding, Question
from lexloci.parties.lists import ListSet, current_lists
from lexloci.parties.status import status


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that a party may be, with the decision that applies, or the last one that no longer does."""

    finding: Finding
    decision: Decision | None = None
    outdated: Decision | None = None

    def is_open(self, threshold: float) -> bool:
        """Whether the party is not clear of the entry: it is likely, or a match on record, or was one."""
        if self.decision is not None:
            return self.decision.is_match
        was_match = self.outdated is not None and self.outdated.is_match
        return was_match or self.finding.probability >= threshold

    def counts(self, threshold: float) -> bool:
        """Whether it is told of a party of a file: it is open, or likely and decided to be another party."""
        return self.is_open(threshold) or self.finding.probability >= threshold

    @property
    def rank(self) -> int:
        """Where it stands among others: a match on record is open at any probability, and seen first."""
        decided = self.decision or self.outdated
        if decided is not None and decided.is_match:
            return 0
        return 1 if self.decision is None else 2

    @property
    def told(self) -> str:
        """The decision in words, or that one no longer applies."""
        if self.decision is not None:
            return str(self.decision)
        return f"outdated, for the party or the entry has changed: {self.outdated}" if self.outdated else ""


@dataclass(frozen=True)
class Asking:
    """How a screening is asked: the day and the day of knowledge, the threshold, the lists, the decisions on record."""

    on: date
    known_at: date
    threshold: float
    codes: frozenset[str]
    decisions: Decisions
    lists: ListSet

    @cached_property
    def record(self) -> Record:
        """The decisions beside the entries in use."""
        return Record(self.decisions, (*self.lists.parties, *self.lists.past))

    def found(self, question: Question, findings: Sequence[Finding]) -> list[Found]:
        """The findings on the lists that are asked, each with its decision: matches on record first, no matches last.

        All of them count, however few of them are shown, and a match on record whose name does not find its entry.
        """
        chosen = [*findings, *self._on_record(question, findings)]
        found = [
            Found(one, self.decisions.on(question, one.entry), self.record.outdated(question, one.entry))
            for one in chosen
            if not self.codes or one.entry.list_code in self.codes
        ]
        return sorted(found, key=lambda one: one.rank)

    def _on_record(self, question: Question, findings: Sequence[Finding]) -> list[Finding]:
        """The entries that the party was decided to be and that its name does not find."""
        if not self.decisions.of(question):
            return []
        there = {one.entry for one in findings}
        doubt = ("a match on record; its name does not find the entry",)
        matched = dict.fromkeys(row for row in self.record.matched(question) if row not in there)
        return [Finding(row, 0.0, question.name, row.name, (), doubt) for row in matched]

    def gone(self, question: Question) -> list[Decision]:
        """The matches on record with entries that the lists which are asked no longer have."""
        return [one for one in self.record.gone(question) if not self.codes or one.list_code in self.codes]

    def standing(self, finding: Finding) -> str:
        """Whether the entry is listed on the day: listed, not listed or not known."""
        code = finding.entry.list_code
        value = status(finding.entry, code, self.on, self.known_at, self.lists.list_of(code)).value
        return "listed" if value is True else "not listed" if value is False else "not known"

    def why(self, finding: Finding) -> str:
        """What the list says of the entry on the day, in words."""
        code = finding.entry.list_code
        return status(finding.entry, code, self.on, self.known_at, self.lists.list_of(code)).origin


def asking(
    on: date | None, known_at: date | None, threshold: float, codes: Sequence[str], decisions: Path | None
) -> Asking:
    """The asking of the options; the day is by default the newest list's. CatalogueError for an unknown list."""
    lists = current_lists()
    for code in codes:
        lists.list_of(code)
    day = on or max(one.dated for one in lists.lists)
    if decisions is not None and not decisions.exists():
        sys.stderr.write(f"{decisions}: there is no such file, so no decision is on record\n")
    kept = read_decisions(decisions) if decisions else Decisions(())
    return Asking(day, known_at or day, threshold, frozenset(codes), kept, lists)
