"""A rulebook as formulas: when does each rule fire, and which outcome has an act; as the reference decides it.

What is encoded is an act with every fact known (stated, or absent), closed, with nothing on record but readings:
``evaluate``, ``standing``, ``weigh`` and ``decide`` on such acts, formula by formula. Random rulebooks and facts
show that both agree (tests/law_analysis/test_analysis_encode.py). A witness is never shown before the reference
has judged it too, so a mistake here can hide an answer but not invent one; a proof rests on this page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import z3

from lexloci.law.analysis.clock import Clock, any_active
from lexloci.law.analysis.logic import (
    Term,
    Truth,
    all_of,
    any_of,
    conjunction,
    differ,
    disjunction,
    negation,
    not_,
    truth_of,
)
from lexloci.law.analysis.space import FactSpace, Variable, exact
from lexloci.law.evaluate import as_double
from lexloci.law.expression import And, Compare, Expression, Flag, Literal, Member, Name, Not, Or
from lexloci.law.rule import Condition, EffectKind, Rule, Rulebook, Standing
from lexloci.model.act import ActKind
from lexloci.model.citation import Verification
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

T = TypeVar("T")
COUNTING = (EffectKind.OUTCOME, EffectKind.PERMIT)
WORST = Outcome.PROHIBITED.severity
_RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


@dataclass
class Encoding:
    """One rulebook on one layer of the law at one clock, over a space of facts."""

    rulebook: Rulebook
    space: FactSpace
    clock: Clock
    layer: Basis
    _known: dict[object, Any] = field(default_factory=dict)
    _limits: set[tuple[str, float]] = field(default_factory=set)

    def fresh(self) -> Encoding:
        """The same encoding with nothing encoded yet, for a question about few rules."""
        return Encoding(self.rulebook, self.space.fresh(), self.clock, self.layer)

    def truth(self, expression: Expression) -> Truth:
        """Whether a condition must and may hold."""
        match expression:
            case Not(part):
                return not_(self.truth(part))
            case And(parts):
                return all_of(self.truth(part) for part in parts)
            case Or(parts):
                return any_of(self.truth(part) for part in parts)
            case _:
                return self._once(expression, lambda: self._leaf(expression))

    def lines(self, rule: Rule) -> dict[str, list[tuple[Condition, Truth]]]:
        """For each role that a rule asks ("" where it asks none): its lines, the ``unless`` ones negated."""
        variants = rule.variants if rule.for_any else {"": (rule.when, rule.unless)}
        return {
            role: [(line, self.truth(line.expression)) for line in when]
            + [(line, not_(self.truth(line.expression))) for line in unless]
            for role, (when, unless) in variants.items()
        }

    def holds(self, rule: Rule) -> Truth:
        """Whether the conditions of a rule must and may hold, for any of its roles that the act has."""
        return self._once(("holds", rule.id), lambda: any_of(self._holds_for(rule)))

    def stands(self, rule: Rule) -> Term:
        """Whether it applies on the day: in force, or unsettled."""
        return self._standing(rule, lambda standing: standing.applies)

    def fires(self, rule: Rule) -> Term:
        """Whether its conditions certainly hold on a day on which it applies, whatever its effect."""
        return self._once(("fires", rule.id), lambda: conjunction((self.stands(rule), self.holds(rule).must)))

    def may_fire(self, rule: Rule) -> Term:
        """Whether its conditions may hold on a day on which it applies."""
        return self._once(("may", rule.id), lambda: conjunction((self.stands(rule), self.holds(rule).may)))

    def is_certain(self, rule: Rule) -> Term:
        """Whether it fires and decides: in force, on a source that may decide, without a question to a person."""
        recalled_permit = rule.kind is EffectKind.PERMIT and rule.verification is Verification.RECALLED
        if rule.review or not (rule.verification.may_decide or recalled_permit):
            return False
        in_force = self._standing(rule, lambda standing: standing is Standing.IN_FORCE)
        return self._once(("certain", rule.id), lambda: conjunction((in_force, self.holds(rule).must)))

    def rules(self, kind: ActKind, bodies: Sequence[str] | None) -> list[Rule]:
        """The rules that are asked about an act of this kind; ``bodies`` restricts the bodies of law."""
        return [rule for rule in self.rulebook.rules_by_act[kind] if bodies is None or rule.body in bodies]

    def speaks(self, rules: Iterable[Rule], body: str) -> Term:
        """Whether a body of law says anything certain."""
        return disjunction(self.is_certain(rule) for rule in rules if rule.kind in COUNTING and rule.body == body)

    def conflict(self, rules: Sequence[Rule]) -> Term:
        """Whether a counter-rule meets a finding that it is against."""
        against = {rule.id: rule for rule in rules if rule.kind is EffectKind.OUTCOME}
        return disjunction(
            conjunction((self.may_fire(rule), self.may_fire(against[other])))
            for rule in rules
            if rule.kind is EffectKind.COUNTER
            for other in rule.against
            if other in against
        )

    def answer(self, kind: ActKind, asked: Sequence[str]) -> Answer:
        """The outcome of an act of this kind, by the rules of the bodies that are asked; at least one is."""
        return Answer(self, tuple(self.rules(kind, asked)), tuple(asked))

    def _once(self, key: object, make: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = make()
        found: T = self._known[key]
        return found

    def _holds_for(self, rule: Rule) -> list[Truth]:
        found = []
        for role, lines in self.lines(rule).items():
            present = [truth_of(self.space.role(role))] if role else []
            found.append(all_of([*present, *(truth for _, truth in lines)]))
        return found

    def _standing(self, rule: Rule, wanted: Callable[[Standing], bool]) -> Term:
        turns = [turn for turn in rule.turns if turn.layer in (None, self.layer)]
        actives, _ = self._once(
            ("turns", rule.id), lambda: self.clock.actives([(turn.on, turn.published) for turn in turns])
        )
        return any_active(actives, [wanted(turn.standing) for turn in turns])

    def _leaf(self, expression: Expression) -> Truth:
        match expression:
            case Flag(fact) if fact.startswith("defined."):
                return self._defined(fact[8:])
            case Flag(fact):
                variable = self.space.variable(fact)
                return truth_of(conjunction((variable.has, variable.value)))
            case Compare(fact, symbol, Name(name)) if name.startswith("parameter."):
                return self._compare_parameter(self.space.variable(fact), symbol, name[10:])
            case Compare(fact, symbol, Name(name)):
                return self._compare_facts(self.space.variable(fact), symbol, self.space.variable(name))
            case Compare(fact, symbol, operand) if not isinstance(operand, Name):
                return self._compare(self.space.variable(fact), symbol, operand)
            case Member(fact, Name(name)):
                return self._member_of_set(self.space.variable(fact), name[4:])
            case Member(fact, operand) if not isinstance(operand, Name):
                variable = self.space.variable(fact)
                return _known_or_not(variable, variable.is_in(operand), when_absent=False)
        raise TypeError(f"no leaf of a condition: {expression!r}")

    def _defined(self, name: str) -> Truth:
        versions = self.rulebook.definitions[name].versions
        actives, _ = self.clock.actives([(version.since, version.published) for version in versions])
        return any_of(
            all_of((truth_of(active), *(self.truth(line.expression) for line in version.value)))
            for active, version in zip(actives, versions, strict=True)
            if active is not False
        )

    def _compare(self, variable: Variable, symbol: str, operand: Literal) -> Truth:
        if symbol in ("==", "!=") and variable.type != "number":
            same = variable.is_in((operand,))
            return _known_or_not(variable, same if symbol == "==" else negation(same), when_absent=symbol == "!=")
        relation = _RELATIONS[symbol](variable.value, self._limit(variable, operand))
        return _known_or_not(variable, relation, when_absent=symbol == "!=")

    def _limit(self, variable: Variable, number: Any) -> Any:
        """A number that a fact is compared with; beyond whole doubles, with no value nearer to it than a double is."""
        limit = as_double(number)
        if variable.type == "number" and abs(limit) >= 2**53 and (variable.name, limit) not in self._limits:
            self._limits.add((variable.name, limit))
            below, above = (exact(math.nextafter(float(limit), end)) for end in (-math.inf, math.inf))
            self.space.axioms.append(
                z3.Or(variable.value <= below, variable.value == exact(limit), variable.value >= above)
            )
        return exact(limit)

    def _compare_parameter(self, variable: Variable, symbol: str, name: str) -> Truth:
        versions = self.rulebook.parameters[name].versions
        actives, none = self.clock.actives([(version.since, version.published) for version in versions])
        relation = disjunction(
            conjunction((active, _RELATIONS[symbol](variable.value, self._limit(variable, version.value))))
            for active, version in zip(actives, versions, strict=True)
            if active is not False
        )
        return _known_or_not(variable, relation, when_absent=symbol == "!=", undated=none)

    def _member_of_set(self, variable: Variable, name: str) -> Truth:
        versions = self.rulebook.sets[name].versions
        actives, none = self.clock.actives([(version.since, version.published) for version in versions])
        inside = disjunction(
            conjunction((active, variable.is_in(version.value)))
            for active, version in zip(actives, versions, strict=True)
            if active is not False
        )
        return _known_or_not(variable, inside, when_absent=False, undated=none)

    def _compare_facts(self, one: Variable, symbol: str, other: Variable) -> Truth:
        both = (one, other)
        absent = disjunction(z3.Not(each.has) for each in both if not _is_reading(each))
        unknown = disjunction(z3.Not(each.has) for each in both if _is_reading(each))
        relation = _RELATIONS[symbol](one.value, other.value)
        must = conjunction((negation(absent), negation(unknown), relation))
        if symbol == "!=":
            must = disjunction((absent, must))
        if unknown is False:
            return truth_of(must)
        return Truth(must, disjunction((must, conjunction((negation(absent), unknown)))))


@dataclass
class Answer:
    """The outcome of an act as terms: whether the certain and the possible one are at least of a severity."""

    encoding: Encoding
    rules: tuple[Rule, ...]
    asked: tuple[str, ...]

    def certain(self, severity: int) -> Term:
        """Whether the certain outcome is at least this severe."""
        rules = [rule for rule in self._counting if _certain_severity(rule) >= severity]
        return severity == 0 or disjunction(self.encoding.is_certain(rule) for rule in rules)

    def possible(self, severity: int) -> Term:
        """Whether the worst possible outcome is at least this severe."""
        rules = [rule for rule in self._counting if rule.outcome.severity >= severity]
        may = disjunction(self.encoding.may_fire(rule) for rule in rules)
        return severity == 0 or disjunction((self.certain(severity), may, self._worst))

    @cached_property
    def _counting(self) -> list[Rule]:
        return [rule for rule in self.rules if rule.kind in COUNTING]

    @cached_property
    def _worst(self) -> Term:
        """Whether anything is possible: a body is silent, or two authorities pull apart."""
        silent = disjunction(negation(self.encoding.speaks(self._counting, body)) for body in self.asked)
        return disjunction((silent, self.encoding.conflict(self.rules)))

    @property
    def review(self) -> Term:
        """Whether the answer is human review: certain and possible differ by more than a duty."""
        return disjunction(
            conjunction((self.possible(severity), negation(self.certain(severity))))
            for severity in range(Outcome.LICENCE_PRESUMED_APPROVED.severity, WORST + 1)
        )

    def is_(self, outcome: Outcome) -> Term:
        """Whether the answer is this outcome."""
        if outcome is Outcome.HUMAN_REVIEW:
            return self.review
        severity = outcome.severity
        above = self.possible(severity + 1) if severity < WORST else False
        return conjunction((self.possible(severity), negation(above), negation(self.review)))

    def differs(self, other: Answer) -> Term:
        """Whether two answers are different outcomes."""
        decided = conjunction((negation(self.review), negation(other.review)))
        return disjunction((differ(self.review, other.review), conjunction((decided, self._possible_differs(other)))))

    def weighs_otherwise(self, other: Answer) -> Term:
        """Whether two answers could make a joint one differ: where they do not, they join alike with any third.

        Two cases of human review may weigh otherwise; whether a duty is certain or only possible weighs nothing.
        """
        licences = range(Outcome.LICENCE_PRESUMED_APPROVED.severity, WORST + 1)
        certain = disjunction(differ(self.certain(severity), other.certain(severity)) for severity in licences)
        return disjunction((certain, self._possible_differs(other)))

    def _possible_differs(self, other: Answer) -> Term:
        return disjunction(
            differ(self.possible(severity), other.possible(severity)) for severity in range(1, WORST + 1)
        )


def _certain_severity(rule: Rule) -> int:
    """The severity of a rule that is certain; a recalled permission permits with the duty to confirm it."""
    recalled = rule.kind is EffectKind.PERMIT and rule.verification is Verification.RECALLED
    return (Outcome.PERMITTED_WITH_DUTIES if recalled else rule.outcome).severity


def _is_reading(variable: Variable) -> bool:
    return variable.name.startswith("reading.")


def _known_or_not(variable: Variable, relation: Term, *, when_absent: bool, undated: Term = False) -> Truth:
    """What a relation of one fact says: absent decides, a reading not adopted or a name without a version does not."""
    if undated is True:
        relation = False
    if _is_reading(variable):
        unknown = disjunction((negation(variable.has), undated))
        must = conjunction((negation(unknown), relation))
        return Truth(must, disjunction((must, unknown)))
    known = conjunction((variable.has, negation(undated), relation))
    must = disjunction((known, negation(variable.has))) if when_absent else known
    if undated is False:
        return truth_of(must)
    return Truth(must, disjunction((must, conjunction((variable.has, undated)))))
