"""Which rules can never fire, and which could be taken out without changing any answer?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import z3

from lexloci.law.analysis.clock import Clock
from lexloci.law.analysis.encode import COUNTING, Encoding
from lexloci.law.analysis.logic import Term, conjunction, disjunction, negation
from lexloci.law.analysis.space import FactSpace
from lexloci.law.analysis.witness import check, is_possible, solver_of
from lexloci.law.rule import EffectKind, Rule
from lexloci.model.act import ActKind

NEVER_STANDS = "it is in force on no day of the window, by what was known"


@dataclass(frozen=True)
class DeadRule:
    """A rule that fires on no act and no day: the lines that contradict each other, in the words of the rule.

    A line of ``unless`` is shown with ``unless`` before it.
    """

    rule: str
    contradiction: tuple[str, ...]


@dataclass(frozen=True)
class RedundantRule:
    """A rule without which every answer would be the same, since one of ``by`` always fires beside it."""

    rule: str
    by: tuple[str, ...]


def dead_rule(encoding: Encoding, rule: Rule) -> DeadRule | None:
    """Why a rule can never fire on any day of the clock; None where it can."""
    encoding = encoding.fresh()
    if is_possible(encoding.space, encoding.clock, encoding.fires(rule)):
        return None
    if not is_possible(encoding.space, encoding.clock, encoding.stands(rule)):
        return DeadRule(rule.id, (NEVER_STANDS,))
    return DeadRule(rule.id, _contradiction(encoding, rule))


def _contradiction(encoding: Encoding, rule: Rule) -> tuple[str, ...]:
    """The fewest lines that cannot hold together on a day on which the rule stands; of the first role of several."""
    role, lines = next(iter(encoding.lines(rule).items()))
    terms = [
        (f"unless {line.text}" if place >= len(rule.when) else line.text, truth.must)
        for place, (line, truth) in enumerate(lines)
    ]
    always = conjunction((encoding.stands(rule), encoding.space.role(role) if role else True))
    kept = terms
    for one in terms:
        rest = [each for each in kept if each is not one]
        if not is_possible(encoding.space, encoding.clock, conjunction((always, *(term for _, term in rest)))):
            kept = rest
    return tuple(text for text, _ in kept)


def redundant_rule(encoding: Encoding, rule: Rule) -> RedundantRule | None:
    """The rules that make a rule redundant on every day of the clock; None where it is needed.

    Whatever is recorded, another rule of the same authority must say at least as much: it is as certain or
    as possible, as severe, lifted by the same authorisations, and no party is less subject to it. A
    rule with duties or levers of its own is needed: they add up.
    """
    encoding = encoding.fresh()
    if rule.kind not in COUNTING or rule.duties or rule.levers or rule.review:
        return None
    by: set[str] = set()
    for kind in sorted(rule.acts, key=list(ActKind).index):
        others = [other for other in encoding.rules(kind, (rule.body,)) if _covers(other, rule)]
        needed = _needed_cover(encoding, rule, others)
        if needed is None:
            return None
        by |= needed
    return RedundantRule(rule.id, tuple(sorted(by))) if by else None


def _covers(other: Rule, rule: Rule) -> bool:
    """Whether another rule, wherever it fires too, says at least as much whatever is recorded."""
    return (
        other.id != rule.id
        and other.kind is rule.kind
        and other.authority == rule.authority
        and other.outcome.severity >= rule.outcome.severity
        and set(other.lifted_by) == set(rule.lifted_by)
        and other.scope.follows_the_thing >= rule.scope.follows_the_thing
        and other.not_subject_point == rule.not_subject_point
        and other.not_subject_when == rule.not_subject_when
        and (rule.kind is EffectKind.OUTCOME or not other.review)
    )


def _needed_cover(encoding: Encoding, rule: Rule, others: Sequence[Rule]) -> set[str] | None:
    """Rules of which one is always there where the rule is, as certain or as possible; None where none need be."""
    certain, possible = encoding.is_certain(rule), encoding.may_fire(rule)
    if not is_possible(encoding.space, encoding.clock, possible):
        return None
    needed: set[str] = set()
    for term, of in ((certain, encoding.is_certain), (possible, encoding.may_fire)):
        if term is False:
            continue
        found = _always_beside(encoding.space, encoding.clock, term, {other.id: of(other) for other in others})
        if found is None:
            return None
        needed |= found
    return needed


def _always_beside(space: FactSpace, clock: Clock, term: Term, others: dict[str, Term]) -> set[str] | None:
    if is_possible(space, clock, conjunction((term, negation(disjunction(others.values()))))):
        return None
    solver = solver_of(space, clock, term)
    switches = {name: z3.Bool(f"not {name}") for name in others}
    for name, other in others.items():
        contrary: Any = negation(other)
        solver.add(z3.Implies(switches[name], z3.BoolVal(contrary) if isinstance(contrary, bool) else contrary))
    kept = list(others)
    for name in others:
        rest = [each for each in kept if each != name]
        if not check(solver, [switches[each] for each in rest]):
            kept = rest
    return set(kept)
