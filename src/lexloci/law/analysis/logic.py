"""Three truth values for a solver that has two: each condition is a pair, that it must hold and that it may.

A term is a truth value of Python or a formula of z3; constants fold, so that what is decided beforehand
(a fixed day, a rule that is not in force) never reaches the solver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import z3

Term: TypeAlias = Any
"""``bool`` or ``z3.BoolRef``; z3 carries no types."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether a condition certainly holds and whether it may; unknown is ``may`` without ``must``."""

    must: Term
    may: Term


def conjunction(terms: Iterable[Term]) -> Term:
    """All terms; true where there is none."""
    return _folded(terms, settles=False, join=z3.And)


def disjunction(terms: Iterable[Term]) -> Term:
    """Any term; false where there is none."""
    return _folded(terms, settles=True, join=z3.Or)


def _folded(terms: Iterable[Term], *, settles: bool, join: Callable[[list[Term]], Term]) -> Term:
    """The terms joined, where the truth value ``settles`` decides alone and the other one counts for nothing."""
    kept = []
    for term in terms:
        if term is settles:
            return settles
        if term is not (not settles):
            kept.append(term)
    if not kept:
        return not settles
    return kept[0] if len(kept) == 1 else join(kept)


def negation(term: Term) -> Term:
    """The contrary of a term."""
    return (not term) if isinstance(term, bool) else z3.Not(term)


def differ(one: Term, other: Term) -> Term:
    """Whether exactly one of two terms holds."""
    if isinstance(one, bool):
        return negation(other) if one else other
    if isinstance(other, bool):
        return negation(one) if other else one
    return False if one.eq(other) else z3.Xor(one, other)


def truth_of(term: Term) -> Truth:
    """A condition that is never unknown."""
    return Truth(term, term)


def not_(truth: Truth) -> Truth:
    """The contrary of a condition: what may be cannot be ruled out."""
    if truth.must is truth.may:
        return truth_of(negation(truth.must))
    return Truth(negation(truth.may), negation(truth.must))


def all_of(truths: Iterable[Truth]) -> Truth:
    """Whether all conditions hold."""
    return _joined(list(truths), conjunction)


def any_of(truths: Iterable[Truth]) -> Truth:
    """Whether any condition holds."""
    return _joined(list(truths), disjunction)


def _joined(truths: list[Truth], join: Any) -> Truth:
    must = join([truth.must for truth in truths])
    if all(truth.must is truth.may for truth in truths):
        return truth_of(must)
    return Truth(must, join([truth.may for truth in truths]))
