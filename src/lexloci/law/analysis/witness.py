"""An act that shows what the solver found, with no fact that does not matter, judged again by the reference.

A model of the solver states hundreds of facts. Those that do not matter are left out: the contrary of what is to
be shown cannot hold with the facts that stay, whatever the others are. The act is closed, so that what it does
not state is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from lexloci.law.analysis.clock import Clock
from lexloci.law.analysis.logic import Term, conjunction, negation
from lexloci.law.analysis.space import ROLES, FactSpace
from lexloci.law.decide import decide
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act, ActKind, Question, Role
from lexloci.model.determination import Determination
from lexloci.model.errors import LexlociError
from lexloci.model.fact import Fact, NoValue, Plain
from lexloci.model.portfolio import Basis


class UnconfirmedError(LexlociError):
    """What the solver found is not what the reference says: a mistake of the analysis, which shows nothing then."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"analysis: {what}: the reference does not confirm what the solver found; nothing of it is shown; report it"
        )


@dataclass(frozen=True)
class Found:
    """The days and the facts of an act that matter, and the roles in which it has a party of whom nothing is stated.

    ``pinned`` says to the solver that an act has these facts, to look for another; figures are left out of it, of
    which there is always another.
    """

    on: date
    known_at: date
    values: Mapping[str, Plain]
    roles: tuple[str, ...]
    pinned: Term


@dataclass(frozen=True)
class Witness:
    """An act with the question that was asked about it, by which bodies of law, and the answer of the reference."""

    act: Act
    question: Question
    bodies: tuple[str, ...]
    determination: Determination


def find(space: FactSpace, clock: Clock, goal: Term, *, stated: bool = False) -> Found | None:
    """Facts and days of which the goal holds, as few facts as matter; None where there are none: that is a proof.

    ``stated`` looks only for an act of which every fact is stated (a proof is of those then), and names the facts
    that matter whatever the others are; else an act that states as little as possible is looked for.
    """
    if goal is False:
        return None
    if stated:
        goal_and_more = conjunction((goal, space.stated()))
        model = _model(space, clock, conjunction((goal_and_more, space.one_party()))) or _model(
            space, clock, goal_and_more
        )
    else:
        model = _model(space, clock, goal)
    return None if model is None else _fewest(space, clock, goal, model, is_full=stated)


def is_possible(space: FactSpace, clock: Clock, goal: Term) -> bool:
    """Whether any facts and days meet the goal."""
    return goal is not False and _model(space, clock, goal) is not None


def check(solver: Any, assumptions: Sequence[Term] = ()) -> bool:
    """Whether what a solver holds can be; KeyboardInterrupt where the user stops it, LexlociError where it gives up."""
    result = solver.check(list(assumptions))
    if result == z3.unknown:
        why = solver.reason_unknown()
        if "interrupted" in why or "canceled" in why:
            raise KeyboardInterrupt
        raise LexlociError(f"analysis: the solver gave up ({why}); ask about one kind of act")
    return bool(result == z3.sat)


def _model(space: FactSpace, clock: Clock, goal: Term) -> Any:
    solver = solver_of(space, clock, goal)
    return solver.model() if check(solver) else None


def solver_of(space: FactSpace, clock: Clock, goal: Term) -> Any:
    """A solver with the axioms of the facts, the bounds of the days, and the goal."""
    solver = z3.SimpleSolver()  # the default one tries tactics first, which takes five times as long here
    solver.set("random_seed", 0)
    solver.add(*space.axioms, *clock.within)
    if goal is not True:
        solver.add(goal)
    return solver


@dataclass(frozen=True)
class _Pins:
    """What a model says, by fact or role: what is there (with its value, None for a role) and what is absent."""

    there: Mapping[str, tuple[Term, Plain | None]]
    absent: tuple[Term, ...]


def _pins(space: FactSpace, model: Any) -> _Pins:
    there: dict[str, tuple[Term, Plain | None]] = {}
    absent = []
    for name, variable in space.variables.items():
        value = variable.read(model)
        if isinstance(value, NoValue):
            absent.append(z3.Not(variable.has))
        else:
            exact = model.eval(variable.value, model_completion=True)
            there[name] = z3.And(variable.has, variable.value == exact), value
    for role, term in space.roles.items():
        if z3.is_true(model.eval(term, model_completion=True)):
            there[role] = term, None
        else:
            absent.append(z3.Not(term))
    return _Pins(there, tuple(absent))


def _fewest(space: FactSpace, clock: Clock, goal: Term, model: Any, *, is_full: bool) -> Found:
    """The facts of a model without which the goal would not follow."""
    on, known_at = clock.days(model)
    pins = _pins(space, model)
    day = clock.pinned(on, known_at)
    contrary = solver_of(space, clock, conjunction((day, negation(goal), *pins.absent)))
    switches = {name: z3.Bool(f"pin {name}") for name in pins.there}
    contrary.add(*(z3.Implies(switches[name], term) for name, (term, _) in pins.there.items()))
    kept = _core(contrary, switches, list(pins.there)) or []
    still = solver_of(space, clock, conjunction((day, goal)))
    for name in sorted(kept, key=lambda each: (-_rank(each), each)):
        rest = [each for each in kept if each != name]
        if is_full:
            kept = _core(contrary, switches, rest) or kept if name in kept else kept
        elif _holds(still, _nothing_but(space, pins, rest)):
            kept = rest
    terms = {name: pins.there[name][0] for name in kept}
    if is_full:
        _widen(space, contrary, terms)
    return Found(
        on,
        known_at,
        {name: value for name in kept if (value := pins.there[name][1]) is not None},
        tuple(name for name in kept if name in space.roles),
        conjunction(term for name, term in terms.items() if not _is_number(pins.there[name][1])),
    )


def _widen(space: FactSpace, contrary: Any, terms: dict[str, Term]) -> None:
    """Lets each text range over all the values with which the goal still follows, so that they are one finding."""
    for name in terms:
        variable = space.variables.get(name)
        if variable is None or variable.values is None:
            continue
        rest = [term for other, term in terms.items() if other != name]
        fits = [
            one
            for one in sorted(variable.allowed)
            if not _holds(contrary, [*rest, variable.has, variable.value == one])
        ]
        terms[name] = z3.And(variable.has, z3.Or([variable.value == one for one in fits]))


def _holds(solver: Any, terms: Sequence[Term]) -> bool:
    solver.push()
    solver.add(*terms)
    found = check(solver)
    solver.pop()
    return found


def _nothing_but(space: FactSpace, pins: _Pins, kept: Sequence[str]) -> list[Term]:
    """That an act states these facts and no others, and has no other parties."""
    present = {name.partition(".")[0] for name in kept}
    terms = [pins.there[name][0] for name in kept]
    terms += [z3.Not(variable.has) for name, variable in space.variables.items() if name not in kept]
    return terms + [term if role in present else z3.Not(term) for role, term in space.roles.items()]


def _is_number(value: Plain | None) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _rank(name: str) -> int:
    """Facts of parties are dropped before those of the thing and the place, which say more of an act."""
    return 1 if name.partition(".")[0] in ROLES else 0


def _core(contrary: Any, switches: Mapping[str, Any], names: Sequence[str]) -> list[str] | None:
    """Of these pins, enough to rule the contrary out; None where they are too few."""
    if check(contrary, [switches[name] for name in names]):
        return None
    needed = {str(each).removeprefix("pin ") for each in contrary.unsat_core()}
    return [name for name in names if name in needed]


def act_of(found: Found, kind: ActKind, bodies: Sequence[str]) -> Act:
    """The act that states what was found and nothing else."""
    facts = {name: Fact(value, "analysis") for name, value in found.values.items()}
    present = {name.partition(".")[0] for name in found.values} | set(found.roles)
    parties = {role: role.value for role in Role if role.value in present}
    return Act("analysis", kind, kind.value, found.on, facts, tuple(bodies), parties, closed=True)


def confirmed(
    rulebook: Rulebook,
    found: Found,
    kind: ActKind,
    layer: Basis,
    bodies: Sequence[str],
    what: str,
    holds: Callable[[Determination], bool],
) -> Witness:
    """The witness with the reference's answer; UnconfirmedError where that is not what was found."""
    act = act_of(found, kind, bodies)
    question = Question(max(found.on, found.known_at), found.known_at, layer)
    determination = decide(rulebook, act, question, bodies=tuple(bodies))
    if not holds(determination):
        raise UnconfirmedError(what)
    return Witness(act, question, tuple(bodies), determination)
