"""What does a line of conditions say, for many codes of its facts at once: 0 false, 1 unknown, 2 true?

The least of these is Kleene's conjunction, the greatest his disjunction, so that a line is one
minimum or maximum after another over whole arrays. What each atom says for each code is what the
reference evaluator says (``lexloci.law.evaluate``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexloci.law.clauses import Line, name_in_line
from lexloci.law.coding import Attribute, Relation, atoms
from lexloci.law.evaluate import Situation, evaluate
from lexloci.law.expression import And, Compare, Expression, Flag, Member, Not, Or
from lexloci.law.program import Program
from lexloci.model.fact import Fact

Truths = NDArray[np.uint8]
Atom = Flag | Compare | Member
FALSE, OPEN, TRUE = 0, 1, 2


def truth(expression: Expression, of_atom: Callable[[Atom], Any]) -> Any:
    """What a line says, from what its atoms say: arrays of 0, 1 and 2 that are broadcast against each other."""
    match expression:
        case Not(part):
            return np.subtract(TRUE, truth(part, of_atom), dtype=np.uint8)
        case And(parts):
            return reduce(np.minimum, [truth(part, of_atom) for part in parts], np.uint8(TRUE))
        case Or(parts):
            return reduce(np.maximum, [truth(part, of_atom) for part in parts], np.uint8(FALSE))
        case Flag() | Compare() | Member():
            return of_atom(expression)


_KEPT = "atom truths"


def atom_truths(program: Program) -> AtomTruths:
    """What the atoms of a program say, as far as it was worked out before."""
    kept = program.rulebook.kept.setdefault(_KEPT, {})
    found: AtomTruths | None = kept.get(program)
    if found is None:
        found = kept[program] = AtomTruths(program)
    return found


class AtomTruths:
    """What each atom of a program says for each code of its slot; worked out when it is first asked for."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._found: dict[Atom, Truths] = {}

    def of(self, atom: Atom, place: int) -> Truths:
        """An array of 0, 1 and 2 by the codes of the slot at ``place``, which the atom reads."""
        found = self._found.get(atom)
        if found is None:
            slot = self.program.slots[place]
            truths = [self._ask(atom, slot, code) for code in range(len(slot.representatives))]
            found = self._found[atom] = np.array(truths, np.uint8)
        return found

    def _ask(self, atom: Atom, slot: Attribute | Relation, code: int) -> int:
        fact = Fact(slot.value(code))  # type: ignore[arg-type]  # a representative may be of no kind at all
        found, _ = evaluate(atom, Situation(self.program.rulebook, lambda _: fact, date.min, date.min))
        return OPEN if found is None else TRUE if found else FALSE


@dataclass(frozen=True, eq=False)
class OpenLine:
    """A line that the rows decide: its condition, its clauses as bits, the slot of each fact that its atoms name.

    ``truths`` are what each atom says for the codes of its slot.
    """

    expression: Expression
    clauses: int
    slots: Mapping[str, int]
    truths: Mapping[Atom, Truths]

    def part(self, expression: Expression, clauses: int) -> OpenLine:
        """A part of the condition as a line of its own."""
        read = list(atoms(expression))
        slots = {atom.fact: self.slots[atom.fact] for atom in read}
        return OpenLine(expression, clauses, slots, {atom: self.truths[atom] for atom in read})


def slots_by_name(line: Line, program: Program) -> dict[str, int]:
    """The slot of each fact that the atoms of a line name."""
    return {name_in_line(program.slots[place]): place for place in line.slots}


def reduced(expression: Expression, known: Callable[[Atom], int | None]) -> Expression | int:
    """A condition without the atoms that are known and without what they settle; 0, 1 or 2 where that is all of it."""
    match expression:
        case Not(part):
            rest = reduced(part, known)
            return TRUE - rest if isinstance(rest, int) else Not(rest)
        case And(parts):
            return _joined(And, parts, known, FALSE)
        case Or(parts):
            return _joined(Or, parts, known, TRUE)
        case Flag() | Compare() | Member():
            found = known(expression)
            return expression if found is None else found


def _joined(
    kind: type[And | Or], parts: tuple[Expression, ...], known: Callable[[Atom], int | None], settling: int
) -> Expression | int:
    rest = [(part, reduced(part, known)) for part in parts]
    said = {one for _, one in rest if isinstance(one, int)}
    if settling in said:
        return settling
    left = [one for _, one in rest if not isinstance(one, int)]
    if not left:
        return OPEN if OPEN in said else TRUE - settling
    if OPEN in said:
        left.append(next(atom for part, one in rest if one == OPEN for atom in atoms(part) if known(atom) == OPEN))
    return left[0] if len(left) == 1 else kind(tuple(left))
