"""A line that reads many facts as alternatives that read few: (a && b) || c as the alternatives a && b, and c.

The table of a line has an entry for each combination of the codes of its facts; of many facts there
are too many. Kleene's logic is a distributive lattice with De Morgan's laws, so that the alternatives
have the three values of the line: true where one of them is, false where all are, else unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product

from lexloci.law.clauses import Joined, Line, LineVerdict
from lexloci.law.expression import And, Expression, Not, Or

MOST_ALTERNATIVES = 64
Verdicts = Callable[[Line], LineVerdict]
Alternative = tuple[Expression, ...]


def alternatives(line: Expression, is_narrow: Callable[[Expression], bool]) -> tuple[Alternative, ...] | None:
    """The line as an OR of ANDs of narrow parts; None where that takes more than ``MOST_ALTERNATIVES``."""
    return _normal(line, is_narrow, negated=False)


def _normal(
    part: Expression, is_narrow: Callable[[Expression], bool], *, negated: bool
) -> tuple[Alternative, ...] | None:
    match part:
        case _ if is_narrow(part):
            return ((Not(part) if negated else part,),)
        case Not(inner):
            return _normal(inner, is_narrow, negated=not negated)
        case And(parts) | Or(parts):
            found = [_normal(one, is_narrow, negated=negated) for one in parts]
            if any(one is None for one in found):
                return None
            known = [one for one in found if one is not None]
            return _all_of(known) if isinstance(part, And) is not negated else _bounded(sum(known, ()))
    return ((Not(part) if negated else part,),)


def _all_of(parts: Iterable[tuple[Alternative, ...]]) -> tuple[Alternative, ...] | None:
    found: tuple[Alternative, ...] | None = ((),)
    for part in parts:
        if found is None:
            return None
        found = _bounded(tuple((*left, *right) for left, right in product(found, part)))
    return found


def _bounded(found: tuple[Alternative, ...]) -> tuple[Alternative, ...] | None:
    return found if len(found) <= MOST_ALTERNATIVES else None


def joined(part: Expression, is_narrow: Callable[[Expression], bool], line_of: Callable[[Expression], Line]) -> Joined:
    """The line as its narrow parts, each a line of its own, joined as the line joins them."""

    def of(one: Expression) -> Joined | Line:
        return line_of(one) if is_narrow(one) else joined(one, is_narrow, line_of)

    match part:
        case Not(inner):
            return Joined(Not, (of(inner),))
        case And(parts) | Or(parts):
            return Joined(type(part), tuple(map(of, parts)))
    return Joined(And, (line_of(part),))


def verdict_of(part: Joined | Line, ask: Verdicts) -> LineVerdict:
    """What the reference evaluator says of a line whose narrow parts say what ``ask`` tells."""
    if isinstance(part, Line):
        return ask(part)
    if part.kind is Not:
        inner = verdict_of(part.parts[0], ask)
        return LineVerdict(None if inner.truth is None else not inner.truth, inner.unknown, inner.read)
    ends = part.kind is Or
    read: dict[str, None] = {}
    unknown: set[str] = set()
    for one in part.parts:
        verdict = verdict_of(one, ask)
        read.update(dict.fromkeys(verdict.read))
        if verdict.truth is ends:
            return LineVerdict(ends, frozenset(), tuple(read))
        unknown |= verdict.unknown
    return LineVerdict(None if unknown else not ends, frozenset(unknown), tuple(read))
