"""Which sets of rules can fire together, which of them do the decided cases exercise, and which none?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from lexloci.law.analysis.encode import Encoding
from lexloci.law.analysis.logic import Term, conjunction, negation
from lexloci.law.analysis.witness import UnconfirmedError, Witness, check, confirmed, find, solver_of
from lexloci.law.reference import ask_all
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act, ActKind
from lexloci.model.portfolio import Basis

Pattern = frozenset[str]


@dataclass(frozen=True)
class Patterns:
    """The sets of rules of one body of law that fire together on some act of a kind, the smallest first.

    ``is_complete`` tells that there are no others; ``exercised`` are those that a decided case has.
    """

    kind: ActKind
    body: str
    found: tuple[Pattern, ...]
    is_complete: bool
    exercised: tuple[Pattern, ...]

    @property
    def uncovered(self) -> tuple[Pattern, ...]:
        """Those that no decided case exercises."""
        return tuple(pattern for pattern in self.found if pattern not in self.exercised)


def patterns(encoding: Encoding, kind: ActKind, body: str, cases: Collection[Pattern], most: int) -> Patterns:
    """The firing patterns of a body of law for a kind of act on any day of the clock, at most ``most``."""
    encoding = encoding.fresh()
    terms = {rule.id: encoding.fires(rule) for rule in encoding.rules(kind, (body,))}
    terms = {rule: term for rule, term in terms.items() if term is not False}
    found: list[Pattern] = []
    for pattern in _enumerated(encoding, terms):
        if len(found) == most:
            return Patterns(kind, body, tuple(found), False, _of(found, cases))
        found.append(pattern)
    return Patterns(kind, body, tuple(found), True, _of(found, cases))


def _of(found: Sequence[Pattern], cases: Collection[Pattern]) -> tuple[Pattern, ...]:
    return tuple(pattern for pattern in found if pattern in cases)


def _enumerated(encoding: Encoding, terms: Mapping[str, Term]) -> Iterator[Pattern]:
    """Every pattern of at least one rule: those of one rule first, then of two, and so on."""
    if not terms:
        return
    solver = solver_of(encoding.space, encoding.clock, True)
    fires = {rule: z3.Bool(f"fires {rule}") for rule in terms}
    solver.add(*(switch == terms[rule] for rule, switch in fires.items()), z3.Or(*fires.values()))
    for size in range(1, len(fires) + 1):
        solver.push()
        solver.add(z3.AtMost(*fires.values(), size), z3.AtLeast(*fires.values(), size))
        while check(solver):
            model: Any = solver.model()
            pattern = frozenset(rule for rule, switch in fires.items() if z3.is_true(model.eval(switch)))
            yield pattern
            solver.add(z3.Or([z3.Not(fires[rule]) for rule in pattern]))
        solver.pop()


def witness_of(encoding: Encoding, kind: ActKind, body: str, pattern: Pattern) -> Witness:
    """An act on which exactly these rules of a body of law fire, as few facts as matter, as the reference confirms."""
    encoding = encoding.fresh()
    rules = encoding.rules(kind, (body,))
    goal = conjunction(encoding.fires(rule) if rule.id in pattern else negation(encoding.fires(rule)) for rule in rules)
    found = find(encoding.space, encoding.clock, goal)
    what = f"firing pattern {', '.join(sorted(pattern))}"
    if found is None:
        raise UnconfirmedError(what)
    witness = confirmed(encoding.rulebook, found, kind, encoding.layer, (body,), what, lambda _: True)
    act, known_at = witness.act, witness.question.known_at
    if fired(encoding.rulebook, act, known_at, encoding.layer, body) != pattern:
        raise UnconfirmedError(what)
    return witness


def fired(rulebook: Rulebook, act: Act, known_at: date, layer: Basis, body: str) -> Pattern:
    """The rules of a body of law whose conditions certainly hold of an act, and which apply on its day on a layer."""
    asked = ask_all(rulebook, act, known_at, (body,))
    return frozenset(one.rule.id for one in asked if one.verdict.truth is True and one.standing[layer].applies)
