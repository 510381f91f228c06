"""Where does one rule permit what another prohibits, and which conflicts of laws can be reached?

An overlap is no mistake: the most severe wins. It shows where a permission says less than it seems to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from lexloci.law.analysis.encode import Encoding
from lexloci.law.analysis.logic import conjunction
from lexloci.law.analysis.witness import Witness, confirmed, find
from lexloci.law.rule import EffectKind, Rule
from lexloci.model.act import ActKind
from lexloci.model.determination import Determination
from lexloci.model.outcome import Outcome


@dataclass(frozen=True)
class Overlap:
    """A permission and a prohibition that fire together, or a counter-rule and what it is against.

    ``bodies`` are those of the two rules, once where they are the same.
    """

    rules: tuple[str, str]
    bodies: tuple[str, ...]
    kinds: tuple[ActKind, ...]
    is_conflict: bool
    witness: Witness


def pairs(encoding: Encoding, kind: ActKind | None = None) -> tuple[tuple[Rule, Rule], ...]:
    """The pairs that may overlap, by their effects and kinds of act: a permission first, or a counter-rule."""
    return tuple(
        pair for pair in (*_permissions(encoding), *_counters(encoding)) if (pair[0].acts & pair[1].acts & _only(kind))
    )


def overlap(encoding: Encoding, one: Rule, other: Rule, kind: ActKind | None = None) -> Overlap | None:
    """How two rules fire together, with an act that shows it; None is a proof that they cannot."""
    encoding = encoding.fresh()
    found = find(encoding.space, encoding.clock, conjunction((encoding.fires(one), encoding.fires(other))))
    if found is None:
        return None
    kinds = tuple(each for each in ActKind if each in one.acts & other.acts & _only(kind))
    bodies = tuple(dict.fromkeys((one.body, other.body)))
    is_conflict = one.kind is EffectKind.COUNTER

    def holds(determination: Determination) -> bool:
        fired = {finding.rule for finding in determination.findings}
        conflicts = {rule for conflict in determination.conflicts for rule in conflict.rules}
        return {one.id, other.id} <= (conflicts if is_conflict else fired)

    what = f"overlap of {one.id} and {other.id}"
    witness = confirmed(encoding.rulebook, found, kinds[0], encoding.layer, bodies, what, holds)
    return Overlap((one.id, other.id), bodies, kinds, is_conflict, witness)


def _permissions(encoding: Encoding) -> Iterator[tuple[Rule, Rule]]:
    rules = encoding.rulebook.rules
    permits = [rule for rule in rules if rule.kind is EffectKind.PERMIT]
    prohibits = [rule for rule in rules if rule.kind is EffectKind.OUTCOME and rule.outcome is Outcome.PROHIBITED]
    return ((permit, prohibit) for permit, prohibit in product(permits, prohibits))


def _counters(encoding: Encoding) -> Iterator[tuple[Rule, Rule]]:
    for rule in encoding.rulebook.rules:
        if rule.kind is EffectKind.COUNTER:
            yield from ((rule, encoding.rulebook.rule(against)) for against in rule.against)


def _only(kind: ActKind | None) -> frozenset[ActKind]:
    return frozenset(ActKind) if kind is None else frozenset((kind,))
