"""Does an invariant hold of every act and every day? A proof, or an act of which it does not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lexloci.law.analysis.clock import any_days
from lexloci.law.analysis.declared import Invariant, Promise
from lexloci.law.analysis.encode import Answer, Encoding
from lexloci.law.analysis.logic import Term, all_of, conjunction, negation
from lexloci.law.analysis.space import FactSpace, space_of
from lexloci.law.analysis.witness import Witness, confirmed, find, is_possible
from lexloci.law.rule import Rulebook
from lexloci.model.act import ActKind
from lexloci.model.determination import Determination
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis


@dataclass(frozen=True)
class Proof:
    """What came of an invariant: proved (no ``counterexample``), and how long that took.

    ``is_empty`` tells that no act of some kind meets ``given`` at all, so that nothing was promised.
    """

    invariant: Invariant
    counterexample: Witness | None
    is_empty: bool
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether it was proved of something."""
        return self.counterexample is None and not self.is_empty


def prove(rulebook: Rulebook, invariants: Sequence[Invariant]) -> Iterator[Proof]:
    """Each invariant with its proof or a counterexample, in order."""
    space = space_of([rulebook], (line.expression for one in invariants for line in one.given))
    return (_prove(rulebook, space, invariant) for invariant in invariants)


def _prove(rulebook: Rulebook, space: FactSpace, invariant: Invariant) -> Proof:
    begin = time.perf_counter()
    counterexample, is_empty = None, False
    for layer in invariant.layers:
        clock = any_days(invariant.since, invariant.until or date.max)
        encoding = Encoding(rulebook, space.fresh(), clock, layer)
        given = all_of(encoding.truth(line.expression) for line in invariant.given).must
        is_empty = is_empty or not is_possible(encoding.space, clock, given)
        for kind in invariant.acts:
            counterexample = counterexample or _counterexample(encoding, invariant, kind, layer, given)
    return Proof(invariant, counterexample, is_empty, time.perf_counter() - begin)


def _counterexample(
    encoding: Encoding, invariant: Invariant, kind: ActKind, layer: Basis, given: Term
) -> Witness | None:
    broken, is_broken = _breach(invariant, encoding.answer(kind, invariant.bodies))
    found = find(encoding.space, encoding.clock, conjunction((given, broken)))
    if found is None:
        return None
    return confirmed(encoding.rulebook, found, kind, layer, invariant.bodies, invariant.id, is_broken)


def _breach(invariant: Invariant, answer: Answer) -> tuple[Term, Callable[[Determination], bool]]:
    """When an answer breaks the promise: for the solver, and for the reference."""
    outcome = invariant.outcome
    if invariant.promise is Promise.NOT_PLACEABLE or outcome is None:
        least = Outcome.LICENCE_PRESUMED_APPROVED.severity
        return negation(answer.possible(least)), lambda found: found.outcome.is_placeable
    if invariant.promise is Promise.NEVER:
        return answer.is_(outcome), lambda found: found.outcome is outcome
    severity = outcome.severity
    return negation(answer.certain(severity)), lambda found: found.certain.severity < severity
