"""What is the shortest list of facts, readings and decisions that would settle an answer?

Each open rule offers alternatives: sets of atoms, any one of which would settle it (a line of its
conditions that turns out false, or its own open question). The shortest list takes one alternative
of every open rule so that the union is smallest: a minimal hitting set, found exactly by branch and
bound up to ``MOST_STEPS`` and greedily beyond.
"""

from __future__ import annotations

from collections.abc import Sequence

from lexloci.model.determination import MissingKind

Atom = tuple[MissingKind, str]
MOST_STEPS = 20_000


def shortest(rules: Sequence[Sequence[frozenset[Atom]]]) -> frozenset[Atom]:
    """The smallest union that holds an alternative of every rule; ties go to the alternative listed first."""
    if len(rules) == 1:
        return min(rules[0], key=len)
    order = sorted(rules, key=len)
    best = _greedy(order)
    steps = 0

    def search(place: int, chosen: frozenset[Atom]) -> None:
        nonlocal best, steps
        steps += 1
        if len(chosen) >= len(best) or steps > MOST_STEPS:
            return
        if place == len(order):
            best = chosen
            return
        if any(alternative <= chosen for alternative in order[place]):
            search(place + 1, chosen)
            return
        for alternative in order[place]:
            search(place + 1, chosen | alternative)

    search(0, frozenset())
    return best


def _greedy(rules: Sequence[Sequence[frozenset[Atom]]]) -> frozenset[Atom]:
    chosen: frozenset[Atom] = frozenset()
    for alternatives in rules:
        chosen |= min(alternatives, key=lambda alternative: len(alternative - chosen))
    return chosen
