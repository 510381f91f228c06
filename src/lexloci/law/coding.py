"""Into which small number does the value of a fact fall, so that every condition on it has one truth there?

The values of a fact that no condition tells apart share a code: the texts that no condition names,
the numbers between two limits. Each code has a representative value, on which the reference
evaluator says what is true for all of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from lexloci.law.evaluate import COMPARISONS, as_double, compare_values
from lexloci.law.expression import And, Compare, Expression, Flag, Literal, Member, Name, Not, Or
from lexloci.model.fact import ABSENT, UNKNOWN, Value

UNKNOWN_CODE = 0
ABSENT_CODE = 1
ODD_CODE = 2
_ODD_VALUE = Fraction(0)  # of no kind that a condition compares with


class Attribute:
    """One fact: its values as codes 0 (unknown), 1 (absent), 2 (of another kind than is asked), 3 and on.

    ``literals`` are the values that conditions compare it with; ``is_flag`` whether one asks if it is true.
    """

    def __init__(self, name: str, literals: Iterable[Literal], *, is_flag: bool) -> None:
        self.name = name
        given = set(map(_typed, literals))
        self.representatives: list[Value | Fraction] = [UNKNOWN, ABSENT, _ODD_VALUE]
        self.flags = self._flag_codes(is_flag=is_flag or any(kind is bool for kind, _ in given))
        texts = sorted(str(value) for kind, value in given if kind is str)
        self.texts = {text: len(self.representatives) + place for place, text in enumerate(texts)}
        self.representatives += texts
        self.other_text = self._append("\0another") if texts else ODD_CODE
        self.cuts: list[int | float] = sorted({as_double(value) for kind, value in given if kind is float})
        self.first_number = len(self.representatives)
        self.representatives += _numbers_between(self.cuts)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it reads: one."""
        return (self.name,)

    def _flag_codes(self, *, is_flag: bool) -> tuple[int, int]:
        return (self._append(False), self._append(True)) if is_flag else (ODD_CODE, ODD_CODE)

    def _append(self, value: Value) -> int:
        self.representatives.append(value)
        return len(self.representatives) - 1

    def code(self, value: Value) -> int:
        """The code of a value."""
        kind = value.__class__
        if kind is str:
            return self.texts.get(value, self.other_text)  # type: ignore[arg-type]
        if kind is bool:
            return self.flags[value]  # type: ignore[index]
        if kind is float or kind is int or isinstance(value, float | int):
            return self._number_code(value)  # type: ignore[arg-type]
        if value is UNKNOWN:
            return UNKNOWN_CODE
        return ABSENT_CODE if value is ABSENT else ODD_CODE

    def _number_code(self, value: float) -> int:
        if not self.cuts or value != value:  # noqa: PLR0124 -- not a number: no limit can be compared with it
            return ODD_CODE
        value = as_double(value)
        return self.first_number + bisect_left(self.cuts, value) + bisect_right(self.cuts, value)

    def value(self, code: int) -> Value | Fraction:
        """A value that has this code."""
        return self.representatives[code]


def _typed(literal: Literal) -> tuple[type, Literal]:
    """A literal with its kind, because Python holds True for equal to 1."""
    kind = float if isinstance(literal, int | float) and not isinstance(literal, bool) else type(literal)
    return kind, literal


def _numbers_between(cuts: Sequence[int | float]) -> list[Value | Fraction]:
    """A number below all limits, then for each limit the limit itself and a number above it, before the next."""
    if not cuts:
        return []
    numbers: list[Value | Fraction] = [_beyond(cuts[0], -1)]
    for low, high in zip(cuts, (*cuts[1:], None), strict=True):
        # Between two doubles that are neighbours there is none, and the code in between is never met.
        numbers += [low, _beyond(low, 1) if high is None else low / 2 + high / 2]
    return numbers


def _beyond(cut: float, sign: int) -> int | float:
    return int(cut) + sign if abs(cut) < 2**53 else cut * (2 if (cut > 0) is (sign > 0) else 0)


@dataclass(frozen=True)
class Relation:
    """Two facts compared with each other, as one attribute: false, true, or unknown on the left, right or both."""

    atom: Compare
    right: str
    representatives: tuple[Value, ...] = field(default=(UNKNOWN, UNKNOWN, UNKNOWN, False, True), init=False)

    @property
    def left(self) -> str:
        """The fact on the left."""
        return self.atom.fact

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it reads: two."""
        return self.left, self.right

    @cached_property
    def name(self) -> str:
        """A name that no fact has."""
        return f"{self.atom.fact} {self.atom.operator} {self.right}"

    @cached_property
    def compare(self) -> Callable[[Any, Any], bool]:
        """How two known values of one kind compare."""
        return COMPARISONS[self.atom.operator]

    def code(self, left: Value, right: Value) -> int:
        """The code of two values."""
        kind = left.__class__
        if kind is right.__class__ and (kind is str or (kind is float and left == left and right == right)):  # noqa: PLR0124
            return 3 + self.compare(left, right)  # the common case, without a look at what is unknown
        truth, unknown = compare_values(self.atom.fact, self.atom.operator, self.right, left, right)
        if truth is not None:
            return 3 + truth
        return (1 if self.left in unknown else 0) + (2 if self.right in unknown else 0) - 1

    def unknown(self, code: int) -> frozenset[str]:
        """The facts that are unknown there."""
        return (frozenset((self.left,)), frozenset((self.right,)), frozenset((self.left, self.right)))[code]

    def value(self, code: int) -> Value:
        """The truth that has this code."""
        return self.representatives[code]


def atoms(expression: Expression) -> Iterable[Flag | Compare | Member]:
    """The comparisons, memberships and flags of a condition."""
    match expression:
        case Not(part):
            yield from atoms(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from atoms(part)
        case Flag() | Compare() | Member():
            yield expression


def relation_of(atom: Flag | Compare | Member) -> Relation | None:
    """The relation of an atom that compares two facts with each other."""
    if isinstance(atom, Compare) and isinstance(atom.operand, Name):
        return None if atom.operand.name.startswith("parameter.") else Relation(atom, atom.operand.name)
    return None


def literals_of(atom: Flag | Compare | Member) -> tuple[Literal, ...]:
    """The values that a comparison with literals tells apart."""
    match atom:
        case Member(_, tuple() as members):
            return members
        case Compare(_, _, operand) if not isinstance(operand, Name):
            return (operand,)
    return ()
