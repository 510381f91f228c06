"""What is exported: the rules that count on one day and one layer of the law, each with its two formulas."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from lexloci.law.asked import role_in
from lexloci.law.export.epoch import Epoch, epoch_of
from lexloci.law.export.formula import ALWAYS, NEVER, Fact, Formula, HasRole, Writer, both, either, facts_of
from lexloci.law.rule import Condition, EffectKind, Rule, Rulebook, Standing
from lexloci.law.specialise import specialised_lines
from lexloci.law.standing import standing_at
from lexloci.model.act import ActKind
from lexloci.model.citation import Verification
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

LEVELS = tuple(outcome for outcome in Outcome if outcome is not Outcome.HUMAN_REVIEW)
"""The outcomes in order of severity; the place of one is its level."""
_COUNTING = (EffectKind.OUTCOME, EffectKind.PERMIT, EffectKind.COUNTER)


@dataclass(frozen=True)
class ExportedRule:
    """A rule of the epoch: whom it concerns, its formulas, and how it counts (``lexloci.law.weigh``).

    ``decides``: it counts as certain where it holds; a rule that is recalled, unsettled or under
    review is only possible. ``fired_level`` is its level when it is certain, ``possible_level`` when not.
    """

    rule: Rule
    kinds: tuple[ActKind, ...]
    holds: Formula
    refuted: Formula
    decides: bool
    fired_level: int
    possible_level: int

    @property
    def id(self) -> str:
        """The id of the rule."""
        return self.rule.id

    @property
    def counts(self) -> bool:
        """Whether it has an outcome; a counter-rule has none."""
        return self.rule.kind is not EffectKind.COUNTER

    @property
    def blocks(self) -> bool:
        """Whether nothing may be placed while it may hold and nothing lifts it."""
        return self.counts and self.possible_level > Outcome.PERMITTED_WITH_DUTIES.severity


@dataclass(frozen=True)
class Selection:
    """The exported rules of a rulebook for some kinds of act, in one epoch."""

    rulebook: Rulebook
    epoch: Epoch
    kinds: tuple[ActKind, ...]
    rules: tuple[ExportedRule, ...]

    @cached_property
    def counting(self) -> tuple[ExportedRule, ...]:
        """The rules that have an outcome."""
        return tuple(one for one in self.rules if one.counts)

    @cached_property
    def bodies(self) -> tuple[str, ...]:
        """The bodies of law that a rule with an outcome belongs to."""
        return tuple(sorted({one.rule.body for one in self.counting}))

    @cached_property
    def conflicts(self) -> tuple[tuple[ExportedRule, tuple[ExportedRule, ...]], ...]:
        """Each counter-rule with the rules that it is against, those with an outcome alone."""
        outcomes = {one.id: one for one in self.rules if one.rule.kind is EffectKind.OUTCOME}
        counters = [one for one in self.rules if one.rule.kind is EffectKind.COUNTER]
        met = ((one, tuple(outcomes[name] for name in one.rule.against if name in outcomes)) for one in counters)
        return tuple((counter, against) for counter, against in met if against)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact that a formula reads, by name."""
        read = {fact for one in self.rules for formula in (one.holds, one.refuted) for fact in facts_of(formula)}
        return tuple(sorted(read, key=lambda fact: fact.name))

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles whose facts a formula reads, or for which a rule is asked."""
        read = {role_in(fact.name) for fact in self.facts} - {""}
        return tuple(sorted(read.union(*(one.rule.for_any for one in self.rules))))

    def of_other_kinds(self, one: ExportedRule) -> bool:
        """Whether the rule is silent about some of the kinds of act."""
        return len(one.kinds) < len(self.kinds)


def select(rulebook: Rulebook, kinds: Iterable[ActKind], on: date, known_at: date, basis: Basis) -> Selection:
    """The rules of a rulebook for these kinds of act (none given: all), in the epoch that holds ``on``."""
    wanted = tuple(dict.fromkeys(kinds)) or tuple(ActKind)
    rules = [rule for rule in rulebook.rules if rule.kind in _COUNTING and rule.acts & set(wanted)]
    exported = (_exported(rulebook, rule, wanted, on, known_at, basis) for rule in rules)
    return Selection(
        rulebook,
        epoch_of(rulebook, rules, on, known_at, basis),
        wanted,
        tuple(one for one in exported if one is not None),
    )


def _exported(
    rulebook: Rulebook, rule: Rule, kinds: Collection[ActKind], on: date, known_at: date, basis: Basis
) -> ExportedRule | None:
    """The rule as it counts on the day; None where it does not stand, or its conditions are false of every act."""
    standing = standing_at(rule, on, known_at, basis)
    if not standing.applies:
        return None
    holds, refuted = _formulas(rulebook, rule, on, known_at)
    if refuted == ALWAYS:
        return None
    is_open = bool(rule.review) or not rule.verification.may_decide or standing is Standing.UNSETTLED
    recalled_permit = (
        rule.kind is EffectKind.PERMIT
        and rule.verification is Verification.RECALLED
        and standing is Standing.IN_FORCE
        and not rule.review
    )
    return ExportedRule(
        rule=rule,
        kinds=tuple(kind for kind in kinds if kind in rule.acts),
        holds=holds,
        refuted=refuted,
        decides=recalled_permit or not is_open,
        fired_level=Outcome.PERMITTED_WITH_DUTIES.severity if recalled_permit else rule.outcome.severity,
        possible_level=rule.outcome.severity,
    )


def _formulas(rulebook: Rulebook, rule: Rule, on: date, known_at: date) -> tuple[Formula, Formula]:
    """The two formulas of a rule: of its lines, or of those of any of its roles that the act has."""
    writer = Writer(rulebook.vocabulary)

    def pair(when: tuple[Condition, ...], unless: tuple[Condition, ...]) -> tuple[Formula, Formula]:
        lines = specialised_lines(when, unless, rulebook, on, known_at)
        return both(writer.holds(line) for line in lines), either(writer.refuted(line) for line in lines)

    if not rule.for_any:
        return pair(rule.when, rule.unless)
    holds: Formula = NEVER
    refuted: Formula = ALWAYS
    for role, (when, unless) in rule.variants.items():
        role_holds, role_refuted = pair(when, unless)
        holds = either((holds, both((HasRole(role), role_holds))))
        refuted = both((refuted, either((HasRole(role, lacks=True), role_refuted))))
    return holds, refuted


def identifiers(names: Iterable[str], prefix: str) -> Mapping[str, str]:
    """A different identifier for each name: letters, digits and underscores."""
    found: dict[str, str] = {}
    for name in names:
        plain = prefix + re.sub(r"[^A-Za-z0-9]+", "_", name)
        taken = set(found.values())
        found[name] = (
            plain
            if plain not in taken
            else next(other for number in range(2, len(taken) + 3) if (other := f"{plain}_{number}") not in taken)
        )
    return found
