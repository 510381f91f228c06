"""When does a condition certainly hold, and when is it certainly false: two formulas for engines of two values.

CEL, Rego and Cedar know true and false. So each condition is written twice, over tests that are true
only where a fact is known:

- ``holds``: true where the reference says true;
- ``refuted``: true where the reference says false; what is neither is unknown.

Neither formula negates anything, so a fact that is missing, or of another type than the vocabulary
declares, makes both false: the rule stays possible. The rules of recursion are those of Kleene::

    holds(!e) = refuted(e)         holds(a && b) = holds(a) && holds(b)     holds(a || b) = holds(a) || holds(b)
    refuted(!e) = holds(e)     refuted(a && b) = refuted(a) || refuted(b)  refuted(a || b) = refuted(a) && refuted(b)

and for a leaf they are those of the reference evaluator (``lexloci.law.evaluate``): an absent fact
makes every comparison false but ``!=``, a dated name without a version so early is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lexloci.law.expression import And, Compare, Expression, Flag, Literal, Member, Name, Not, Or
from lexloci.law.rule import FactType
from lexloci.model.errors import RulebookError

CONTRARY: Mapping[str, str] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by its name, with its type: bool, number or text (a country is a text)."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Compared:
    """The fact is known, and compares so with the literal."""

    fact: Fact
    operator: str
    literal: Literal


@dataclass(frozen=True, slots=True)
class Pair:
    """Two facts are known, and compare so."""

    fact: Fact
    operator: str
    other: Fact


@dataclass(frozen=True, slots=True)
class Among:
    """The fact is known, and is one of the members; with ``outside`` it is known, and none of them."""

    fact: Fact
    members: tuple[Literal, ...]
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """The fact is known not to exist: stated as null, or not stated of a role that the act does not have."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class HasRole:
    """The act has a party in the role; with ``lacks`` it has none."""

    role: str
    lacks: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """All parts; without parts, always."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Any part; without parts, never."""

    parts: tuple[Formula, ...]


Leaf = Compared | Pair | Among | Absent | HasRole
Formula = Leaf | AllOf | AnyOf
ALWAYS = AllOf(())
NEVER = AnyOf(())


def both(parts: Iterable[Formula]) -> Formula:
    """All of the parts, flattened; never where one is never."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, AllOf) else (part,))]
    if NEVER in flat:
        return NEVER
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else AllOf(kept)


def either(parts: Iterable[Formula]) -> Formula:
    """Any of the parts, flattened; always where one is always."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, AnyOf) else (part,))]
    if ALWAYS in flat:
        return ALWAYS
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else AnyOf(kept)


def facts_of(formula: Formula) -> Iterator[Fact]:
    """Every fact that a formula reads, in order of appearance."""
    match formula:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from facts_of(part)
        case Compared(fact) | Among(fact) | Absent(fact):
            yield fact
        case Pair(fact, _, other):
            yield from (fact, other)


def shared_parts(formulas: Iterable[Formula]) -> tuple[Formula, ...]:
    """The conjunctions and disjunctions that occur more than once, inner ones before those that hold them."""
    seen: dict[Formula, int] = {}

    def visit(formula: Formula) -> None:
        if not isinstance(formula, AllOf | AnyOf):
            return
        if formula not in seen:
            for part in formula.parts:
                visit(part)
        seen[formula] = seen.get(formula, 0) + 1

    for formula in formulas:
        visit(formula)
    return tuple(formula for formula, times in seen.items() if times > 1 and formula not in (ALWAYS, NEVER))


@dataclass(frozen=True)
class Writer:
    """Writes the two formulas of conditions that are specialised to a day, with the types of a vocabulary."""

    vocabulary: Mapping[str, FactType]

    def holds(self, expression: Expression) -> Formula:
        """True exactly where the condition is true whatever the unknown facts are."""
        match expression:
            case Not(part):
                return self.refuted(part)
            case And(parts):
                return both(self.holds(part) for part in parts)
            case Or(parts):
                return either(self.holds(part) for part in parts)
            case Flag(name):
                return Compared(self._fact(name), "==", literal=True)
            case Compare(name, operator, operand):
                return self._compared(name, operator, operand, or_absent=operator == "!=")
            case Member(name, operand):
                members = () if isinstance(operand, Name) else _exact(name, operand)
                return Among(self._fact(name), members) if members else NEVER

    def refuted(self, expression: Expression) -> Formula:
        """True exactly where the condition is false whatever the unknown facts are."""
        match expression:
            case Not(part):
                return self.holds(part)
            case And(parts):
                return either(self.refuted(part) for part in parts)
            case Or(parts):
                return both(self.refuted(part) for part in parts)
            case Flag(name):
                fact = self._fact(name)
                return either((Absent(fact), Compared(fact, "==", literal=False)))
            case Compare(name, operator, operand):
                return self._compared(name, CONTRARY[operator], operand, or_absent=operator != "!=")
            case Member(name, operand):
                fact = self._fact(name)
                if isinstance(operand, Name):
                    return Absent(fact)
                return either((Absent(fact), Among(fact, _exact(name, operand), outside=True)))

    def _compared(self, name: str, operator: str, operand: Literal | Name, *, or_absent: bool) -> Formula:
        """The comparison where its facts are known; with ``or_absent`` also where one of them is absent."""
        fact = self._fact(name)
        absent: list[Formula] = [Absent(fact)] if or_absent else []
        if not isinstance(operand, Name):
            return either((*absent, Compared(fact, operator, _exact(name, (operand,))[0])))
        if operand.name.startswith("parameter."):
            return either(absent)  # no version so early: known only where the fact is absent
        other = self._fact(operand.name)
        absent += [Absent(other)] if or_absent else []
        return either((*absent, Pair(fact, operator, other)))

    def _fact(self, name: str) -> Fact:
        if name.startswith("reading."):
            return Fact(name, "text")
        kind = self.vocabulary[name].type
        return Fact(name, "text" if kind == "country" else kind)


def _exact(name: str, literals: tuple[Literal, ...]) -> tuple[Literal, ...]:
    """The literals, numbers as doubles; RulebookError for a number that no double holds exactly."""
    for literal in literals:
        if isinstance(literal, int) and not isinstance(literal, bool) and int(float(literal)) != literal:
            mend = f"write it as {float(literal)!r}"
            raise RulebookError(f"{name} is compared with {literal}, which no double holds; {mend}")
    return tuple(float(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in literals)
