"""Into which conjunctions does a rule fall apart, so that each of its lines reads few facts?

A line with alternatives that read many facts at once would need a large table. Its clause is taken as
several *terms* instead, one for each alternative: a clause holds where one of its terms does, and may
hold where one of them may. That is so in Kleene's logic too, where a disjunction is as true as its
truest part.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lexloci.law.columns.truth import OpenLine
from lexloci.law.expression import And, Expression, Not, Or

MOST_PLACES = 1 << 8  # a line with more combinations of places is taken apart
_MOST_TERMS = 16  # of one line, and of one clause

Alternatives = tuple[tuple[Expression, ...], ...]


@dataclass(frozen=True)
class Terms:
    """The terms of each clause, numbered through, and the lines of the terms (``OpenLine.clauses`` are terms here)."""

    of_clause: Mapping[int, tuple[int, ...]]
    lines: Sequence[OpenLine]


def terms_of(clauses: Sequence[int], lines: Sequence[OpenLine], places: Callable[[OpenLine], int]) -> Terms:
    """The terms of some clauses; ``places`` says how many combinations of places a line reads."""
    split = [_alternatives(line, line.expression, places) for line in lines]
    chosen: dict[int, dict[int, int]] = {}  # which alternative of each line a term takes
    of_clause: dict[int, tuple[int, ...]] = {}
    for clause in clauses:
        own = [place for place, line in enumerate(lines) if line.clauses >> clause & 1 and len(split[place]) > 1]
        picks = [dict(zip(own, pick, strict=True)) for pick in _picks(own, split)]
        of_clause[clause] = tuple(range(len(chosen), len(chosen) + len(picks)))
        chosen.update(zip(of_clause[clause], picks, strict=True))
    return Terms(of_clause, list(_lines(lines, split, of_clause, chosen)))


def _picks(lines: Sequence[int], split: Sequence[Alternatives]) -> Iterator[Sequence[int]]:
    """Every choice of an alternative in each line; where there are too many, all lines but the first stay whole."""
    counts = [len(split[place]) for place in lines]
    total = 1
    for place, count in enumerate(counts):
        total *= count
        counts[place] = count if total <= _MOST_TERMS else 0
        total = total if counts[place] else total // count
    return itertools.product(*(range(count) if count else (-1,) for count in counts))


def _lines(
    lines: Sequence[OpenLine],
    split: Sequence[Alternatives],
    of_clause: Mapping[int, tuple[int, ...]],
    chosen: Mapping[int, Mapping[int, int]],
) -> Iterator[OpenLine]:
    """The lines of the terms: each line whole, or the parts of its alternatives."""
    for place, line in enumerate(lines):
        masks: dict[int, int] = {}
        for clause, terms in of_clause.items():
            for term in terms if line.clauses >> clause & 1 else ():
                pick = chosen[term].get(place, -1)
                masks[pick] = masks.get(pick, 0) | 1 << term
        for pick, mask in masks.items():
            for part in (line.expression,) if pick < 0 else split[place][pick]:
                yield line.part(part, mask)


def _alternatives(line: OpenLine, expression: Expression, places: Callable[[OpenLine], int]) -> Alternatives:
    """The alternatives of a condition, each as lines that must all hold; a single one where it reads few places."""
    whole: Alternatives = ((expression,),)
    if places(line.part(expression, 0)) <= MOST_PLACES:
        return whole

    def below(part: Expression) -> Alternatives:
        return _alternatives(line, part, places)

    match expression:
        case Not(Not(part)):
            return below(part)
        case Or(parts):
            found = tuple(itertools.chain.from_iterable(map(below, parts)))
        case Not(And(parts)):
            found = tuple(itertools.chain.from_iterable(below(Not(part)) for part in parts))
        case And(parts):
            found = _all_of([below(part) for part in parts])
        case Not(Or(parts)):
            found = _all_of([below(Not(part)) for part in parts])
        case _:
            return whole
    return found if 0 < len(found) <= _MOST_TERMS else whole


def _all_of(sides: Sequence[Alternatives]) -> Alternatives:
    """The alternatives of a conjunction: one of each side together."""
    if len([side for side in sides if len(side) > 1]) > 4:
        return ()
    return tuple(tuple(itertools.chain.from_iterable(chosen)) for chosen in itertools.product(*sides))
