"""Where is the law silent: for which acts does a body of law that is asked have no rule that speaks?

Such an act is answered with human review, *not modelled*; nothing is permitted by silence.
"""

from __future__ import annotations

from dataclasses import dataclass

from lexloci.law.analysis.encode import COUNTING, Encoding
from lexloci.law.analysis.logic import Term, conjunction, disjunction, negation
from lexloci.law.analysis.witness import Witness, confirmed, find
from lexloci.law.expression import Expression
from lexloci.model.act import ActKind
from lexloci.model.determination import Determination, MissingKind


@dataclass(frozen=True)
class Gap:
    """Acts of a kind about which a body of law says nothing; ``has_rules`` tells whether it speaks of others."""

    kind: ActKind
    body: str
    has_rules: bool
    witness: Witness


def gaps_of(encoding: Encoding, kind: ActKind, body: str, asked: Expression, most: int = 1) -> tuple[Gap, ...]:
    """The gaps of a body of law for a kind of act, each with the facts that make it one; none is a proof.

    ``asked`` says of which acts the body is asked; only acts of which every fact is stated are looked at. At most
    ``most`` are shown.
    """
    encoding = encoding.fresh()
    rules = [rule for rule in encoding.rules(kind, (body,)) if rule.kind in COUNTING]
    silent = negation(disjunction(encoding.may_fire(rule) for rule in rules))
    goal: Term = conjunction((encoding.truth(asked).must, silent))
    gaps: list[Gap] = []
    while len(gaps) < most:
        found = find(encoding.space, encoding.clock, goal, stated=True)
        if found is None:
            break
        what = f"gap of {body}: {kind.value}"
        witness = confirmed(encoding.rulebook, found, kind, encoding.layer, (body,), what, _is_not_modelled)
        gaps.append(Gap(kind, body, bool(rules), witness))
        goal = conjunction((goal, negation(found.pinned)))
    return tuple(gaps)


def _is_not_modelled(determination: Determination) -> bool:
    return any(one.kind is MissingKind.NOT_MODELLED for one in determination.missing)
