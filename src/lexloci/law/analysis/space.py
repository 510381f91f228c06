"""The facts that an act may have, as variables: each is absent or has a value, and a reading may be not adopted.

Truth values are Booleans, numbers are reals. Of texts and countries only those values are told apart that some
condition tells apart: a variable ranges over classes of values, of which each shows one as an example; what no
condition names is a class of its own. Facts that conditions compare with each other share their values, and
have as many unnamed ones as there are facts, so that they can all differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import z3

from lexloci.law.analysis.logic import Term, conjunction, disjunction
from lexloci.law.expression import And, Compare, Expression, Flag, Literal, Member, Name, Not, Or
from lexloci.law.rule import Rulebook
from lexloci.model.act import Role
from lexloci.model.fact import ABSENT, UNKNOWN, NoValue, Plain

ROLES = frozenset(role.value for role in Role)
NOT_TEXT = ("bool", "number")


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a text or country that can be told apart: the class of each, and an example of each class."""

    class_of: Mapping[str, int]
    examples: tuple[str, ...]

    @property
    def bits(self) -> int:
        """Bits that a class takes."""
        return max(1, (len(self.examples) - 1).bit_length())


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact: whether it has a value, and which; ``values`` for texts and countries."""

    name: str
    type: str
    has: Any
    value: Any
    values: Values | None
    allowed: frozenset[int] = frozenset()

    @property
    def lacks(self) -> NoValue:
        """What it is without a value: a reading is not adopted, another fact is absent."""
        return UNKNOWN if self.name.startswith("reading.") else ABSENT

    def is_in(self, texts: Iterable[Literal]) -> Term:
        """Whether its value is one of these."""
        if self.type == "bool":
            return disjunction(self.value if text else z3.Not(self.value) for text in texts)
        if self.values is None:
            return disjunction(self.value == exact(text) for text in texts)
        classes = {self.values.class_of[str(text)] for text in texts if text in self.values.class_of}
        return disjunction(self.value == one for one in sorted(classes & self.allowed))

    def read(self, model: Any) -> Plain | NoValue:
        """Its value in a model."""
        if not z3.is_true(model.eval(self.has, model_completion=True)):
            return self.lacks
        value = model.eval(self.value, model_completion=True)
        if self.type == "bool":
            return bool(z3.is_true(value))
        if self.values is None:
            return _number(Fraction(value.numerator_as_long(), value.denominator_as_long()))
        return self.values.examples[int(value.as_long())]


@dataclass
class FactSpace:
    """Variables by fact, made when first asked for, and what always holds of them (``axioms``)."""

    rulebook: Rulebook
    values: Mapping[str, tuple[Values, frozenset[int]]]
    variables: dict[str, Variable] = field(default_factory=dict)
    roles: dict[str, Any] = field(default_factory=dict)
    axioms: list[Term] = field(default_factory=list)

    def variable(self, name: str) -> Variable:
        """The variable of a fact or reading."""
        found = self.variables.get(name)
        if found is None:
            found = self.variables[name] = self._new(name)
        return found

    def role(self, role: str) -> Any:
        """Whether the act has a party in this role."""
        found = self.roles.get(role)
        if found is None:
            found = self.roles[role] = z3.Bool(f"has {role}")
        return found

    def _new(self, name: str) -> Variable:
        kind = type_of(self.rulebook, name)
        has = z3.Bool(f"{name} has a value")
        role = name.partition(".")[0]
        if role in ROLES:
            self.axioms.append(z3.Implies(has, self.role(role)))
        if kind == "bool":
            return Variable(name, kind, has, z3.Bool(name), None)
        if kind == "number":
            return Variable(name, kind, has, z3.Real(name), None)
        values, allowed = self.values[name]
        value = z3.BitVec(name, values.bits)
        if len(allowed) < 2**values.bits:
            self.axioms.append(z3.Or([value == one for one in sorted(allowed)]))
        return Variable(name, kind, has, value, values, allowed)

    def one_party(self) -> Term:
        """That the act has a party in one role alone; true where no condition reads a role."""
        if not self.roles:
            return True
        roles = list(self.roles.values())
        return z3.And(z3.Or(roles), z3.AtMost(*roles, 1))

    def fresh(self) -> FactSpace:
        """The same space with no variable in it yet: a question about few facts is answered sooner."""
        return FactSpace(self.rulebook, self.values)

    def stated(self) -> Term:
        """That every fact has a value, but those of roles that the act has not; and that no figure is below zero."""
        terms = []
        for name, variable in self.variables.items():
            if variable.type == "number":
                terms.append(variable.value >= 0)
            role = name.partition(".")[0]
            if role in ROLES:
                terms.append(z3.Implies(self.role(role), variable.has))
            elif not name.startswith("reading."):
                terms.append(variable.has)
        return conjunction(terms)


def exact(number: Any) -> Any:
    """A number as the solver's real, exactly."""
    fraction = Fraction(number)
    return z3.RealVal(f"{fraction.numerator}/{fraction.denominator}")


def type_of(rulebook: Rulebook, name: str) -> str:
    """The type of a fact; a reading is a text."""
    return "text" if name.startswith("reading.") else rulebook.vocabulary[name].type


def space_of(rulebooks: Sequence[Rulebook], conditions: Iterable[Expression] = ()) -> FactSpace:
    """The space of the facts that the rulebooks and further conditions read; the first has their types."""
    told_apart: dict[str, set[frozenset[str]]] = {}
    same: dict[str, str] = {}
    for rulebook in rulebooks:
        for expression in _expressions(rulebook):
            _collect(expression, rulebook, told_apart, same)
    for expression in conditions:
        _collect(expression, rulebooks[0], told_apart, same)
    groups: dict[str, list[str]] = {}
    for name in told_apart:
        groups.setdefault(_root(same, name), []).append(name)
    merged = rulebooks[0] if len(rulebooks) == 1 else _merged(rulebooks)
    values: dict[str, tuple[Values, frozenset[int]]] = {}
    for group in groups.values():
        values |= _values_of_group(merged, sorted(group), told_apart)
    return FactSpace(merged, values)


def _merged(rulebooks: Sequence[Rulebook]) -> Rulebook:
    """The first rulebook with the vocabulary and the points of all."""
    vocabulary = {name: fact for book in reversed(rulebooks) for name, fact in book.vocabulary.items()}
    points = {name: point for book in reversed(rulebooks) for name, point in book.points.items()}
    return replace(rulebooks[0], vocabulary=vocabulary, points=points)


def _expressions(rulebook: Rulebook) -> Iterator[Expression]:
    for rule in rulebook.rules:
        variants = rule.variants.values() if rule.for_any else [(rule.when, rule.unless)]
        for when, unless in variants:
            yield from (line.expression for line in (*when, *unless))
    for timeline in rulebook.definitions.values():
        yield from (line.expression for version in timeline.versions for line in version.value)


def _collect(
    expression: Expression, rulebook: Rulebook, told_apart: dict[str, set[frozenset[str]]], same: dict[str, str]
) -> None:
    """Notes which sets of texts a condition tells apart in which fact, and which facts it compares."""
    match expression:
        case Not(part):
            _collect(part, rulebook, told_apart, same)
        case And(parts) | Or(parts):
            for part in parts:
                _collect(part, rulebook, told_apart, same)
        case Compare(fact, _, operand) if type_of(rulebook, fact) not in NOT_TEXT:
            apart = told_apart.setdefault(fact, set())
            if isinstance(operand, Name):
                told_apart.setdefault(operand.name, set())
                same[_root(same, fact)] = _root(same, operand.name)
            else:
                apart.add(frozenset((str(operand),)))
        case Member(fact, operand) if type_of(rulebook, fact) not in NOT_TEXT:
            apart = told_apart.setdefault(fact, set())
            if isinstance(operand, Name):
                apart.update(version.value for version in rulebook.sets[operand.name[4:]].versions)
            else:
                apart.add(frozenset(map(str, operand)))
        case Flag() | Compare() | Member():
            return


def _root(same: Mapping[str, str], name: str) -> str:
    while same.get(name, name) != name:
        name = same[name]
    return name


def _values_of_group(
    rulebook: Rulebook, group: Sequence[str], told_apart: Mapping[str, set[frozenset[str]]]
) -> dict[str, tuple[Values, frozenset[int]]]:
    """The common values of facts that are compared with each other (mostly: of one fact), and which each may have."""
    domains = {name: _domain(rulebook, name) for name in group}
    named = sorted({text for name in group for texts in told_apart[name] for text in texts})
    named += sorted({text for domain in domains.values() for text in domain} - set(named))
    is_open = any(not domain for domain in domains.values())
    others = _others(rulebook, group[0], named, len(group)) if is_open else []
    sets = sorted({texts for name in group for texts in told_apart[name]}, key=sorted)
    classes: dict[object, int] = {}
    class_of: dict[str, int] = {}
    examples: list[str] = []
    for text in (*named, *others):
        # Of a fact that is compared with no other, texts that stand in the same sets are one class.
        mark: object = text if len(group) > 1 or domains[group[0]] else tuple(text in texts for texts in sets)
        if mark not in classes:
            classes[mark] = len(examples)
            examples.append(text)
        class_of[text] = classes[mark]
    values = Values(class_of, tuple(examples))
    every = frozenset(range(len(examples)))
    return {
        name: (values, frozenset(class_of[text] for text in domain) if domain else every)
        for name, domain in domains.items()
    }


def _domain(rulebook: Rulebook, name: str) -> tuple[str, ...]:
    if name.startswith("reading."):
        return tuple(rulebook.points[name[8:]].options)
    return rulebook.vocabulary[name].domain


def _others(rulebook: Rulebook, name: str, named: Sequence[str], count: int) -> list[str]:
    """Values that no condition names: countries of the world while there are any, else words that say so."""
    found: list[str] = []
    if type_of(rulebook, name) == "country":
        from lexloci.catalogue import countries

        found = [code for code in sorted(countries()) if code not in named][:count]
        found += [code for code in ("QM", "QN", "QO", "XA", "XB", "ZZ") if code not in named][: count - len(found)]
    numbers = range(count - len(found))
    return found + [f"another value{f' {number + 1}' if number else ''}" for number in numbers]


def _number(fraction: Fraction) -> int | float:
    # An integer stays one, however large: as a float it could fall on a limit that it is just above.
    return int(fraction) if fraction.denominator == 1 else float(fraction)
