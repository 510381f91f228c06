"""The questions of the analysis put to a whole rulebook: every kind of act, body of law, rule and pair of rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from lexloci.law.analysis import clock
from lexloci.law.analysis.declared import Invariant
from lexloci.law.analysis.difference import Difference, Side, differences, groups
from lexloci.law.analysis.encode import Encoding
from lexloci.law.analysis.firing import Patterns, patterns
from lexloci.law.analysis.gaps import Gap, gaps_of
from lexloci.law.analysis.invariants import Proof, prove
from lexloci.law.analysis.overlaps import Overlap, overlap, pairs
from lexloci.law.analysis.rule_states import DeadRule, RedundantRule, dead_rule, redundant_rule
from lexloci.law.analysis.space import space_of
from lexloci.law.rule import Rule, Rulebook
from lexloci.model.act import ActKind
from lexloci.model.portfolio import Basis
from lexloci.rulebook.asked_where import asked_when
from lexloci.rulebook.case_patterns import patterns_of_cases
from lexloci.rulebook.decided_cases import DecidedCase

T = TypeVar("T")


class Each(Protocol):
    """Goes through the parts of a question; a command shows meanwhile how far it is."""

    def __call__(self, parts: Sequence[T], what: str, /) -> Iterable[T]:
        """The parts, one by one."""


GAPS_OF_ONE_KIND = 5


@dataclass(frozen=True)
class Analysis:
    """What is asked about: a rulebook, a layer of the law, the day of the two clocks, and one kind of act or all.

    Dead and redundant rules are sought on every day, by the law known on ``as_of``; gaps and overlaps on ``as_of``.
    """

    rulebook: Rulebook
    layer: Basis
    as_of: date
    kind: ActKind | None
    each: Each

    def gaps(self) -> list[Gap]:
        """Acts of which a body of law that is asked says nothing: one for each body, several of one kind of act."""
        bodies = sorted({rule.body for rule in self.rulebook.rules})
        parts = [(kind, body, asked_when(kind, body)) for kind in self._kinds for body in bodies]
        space = space_of([self.rulebook], [asked for _, _, asked in parts])
        encoding = Encoding(self.rulebook, space, clock.fixed(self.as_of, self.as_of), self.layer)
        most = 1 if self.kind is None else GAPS_OF_ONE_KIND
        return [gap for part in self._through(parts, "gaps") for gap in gaps_of(encoding, *part, most)]

    def dead(self) -> list[DeadRule]:
        """The rules that can fire on no act and no day."""
        encoding = self._on_any_day()
        found = (dead_rule(encoding, rule) for rule in self._through(self._rules, "dead rules"))
        return [one for one in found if one is not None]

    def redundant(self) -> list[RedundantRule]:
        """The rules that could be taken out without changing an answer."""
        encoding = self._on_any_day()
        dead = {one.rule for one in self.dead()}
        rules = [rule for rule in self._rules if rule.id not in dead]
        found = (redundant_rule(encoding, rule) for rule in self._through(rules, "redundant rules"))
        return [one for one in found if one is not None]

    def overlaps(self) -> list[Overlap]:
        """Permissions that a prohibition outweighs on some act, and conflicts of laws that can be reached."""
        clocks = clock.fixed(self.as_of, self.as_of)
        encoding = Encoding(self.rulebook, space_of([self.rulebook]), clocks, self.layer)
        parts = self._through(pairs(encoding, self.kind), "overlaps")
        found = (overlap(encoding, one, other, self.kind) for one, other in parts)
        return [one for one in found if one is not None]

    def invariants(self, declared: Sequence[Invariant]) -> list[Proof]:
        """Each declared invariant (of this kind of act) with its proof or a counterexample, on its own days."""
        wanted = [one for one in declared if self.kind is None or self.kind in one.acts]
        proofs = prove(self.rulebook, wanted)
        return [next(proofs) for _ in self._through(wanted, "invariants")]

    def firing(self, cases: Iterable[DecidedCase], most: int) -> tuple[Encoding, list[Patterns]]:
        """The firing patterns of each body and kind of act on any day, at most ``most``, and those of the cases."""
        exercised = patterns_of_cases(self.rulebook, cases, self.layer)
        encoding = self._on_any_day()
        parts = [
            (kind, body)
            for kind in self._kinds
            for body in sorted({rule.body for rule in self.rulebook.rules_by_act[kind]})
        ]
        through = self._through(parts, "firing patterns")
        return encoding, [
            patterns(encoding, kind, body, exercised.get((kind, body), frozenset()), most) for kind, body in through
        ]

    @property
    def _kinds(self) -> tuple[ActKind, ...]:
        return tuple(ActKind) if self.kind is None else (self.kind,)

    @property
    def _rules(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rulebook.rules if self.kind is None or self.kind in rule.acts)

    def _on_any_day(self) -> Encoding:
        first, until = window(self.rulebook)
        return Encoding(self.rulebook, space_of([self.rulebook]), clock.any_day(first, until, self.as_of), self.layer)

    def _through(self, parts: Sequence[T], what: str) -> Iterable[T]:
        return self.each(parts, what)


def window(*rulebooks: Rulebook) -> tuple[date, date]:
    """From the first day on which anything of the rulebooks counts to after the last on which anything changes."""
    days = [day for rulebook in rulebooks for day in clock.breaks_of(rulebook)]
    return min(days, default=clock.EARLIEST), max(days, default=clock.EARLIEST) + timedelta(days=2)


def compare_days(
    rulebook: Rulebook, before: date, after: date, layer: Basis, kind: ActKind | None, most: int, each: Each
) -> list[Difference]:
    """Acts that one rulebook answers differently on two days, on each as the law was known on it."""
    sides = (Side(rulebook, clock.fixed(before, before)), Side(rulebook, clock.fixed(after, after)))
    return _compare(*sides, layer, kind, most, each)


def compare_rulebooks(
    before: Rulebook, after: Rulebook, layer: Basis, kind: ActKind | None, most: int, each: Each
) -> list[Difference]:
    """Acts that two rulebooks answer differently on any day, as the law was known on it."""
    days = clock.one_day(*window(before, after))
    return _compare(Side(before, days), Side(after, days), layer, kind, most, each)


def _compare(before: Side, after: Side, layer: Basis, kind: ActKind | None, most: int, each: Each) -> list[Difference]:
    one, two = before.rulebook, after.rulebook
    space = space_of([one] if one is two else [one, two])
    kinds = tuple(ActKind) if kind is None else (kind,)
    parts = [(each_kind, bodies) for each_kind in kinds for bodies in groups(one, two, each_kind)]
    return [
        found
        for each_kind, bodies in each(parts, "kinds of act and bodies of law")
        for found in differences(before, after, space, layer, each_kind, bodies, most)
    ]
