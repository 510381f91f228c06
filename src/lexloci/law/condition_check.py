"""Does a condition hold together: every name known, every comparison of like with like, every value possible?

Each mistake has the column of the name, operator or value that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lexloci.law.expression import Compare, Flag, Literal, Member, Name, leaves, places
from lexloci.law.mistake import RuleMistake, mend_of
from lexloci.law.rule import Condition, Rulebook

_ORDERS = frozenset({"<", "<=", ">", ">="})
_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {"bool": bool, "number": (int, float), "text": str, "country": str}
_FACT = -2
_OPERATOR = -1

Wrong = tuple[int, str, str]
"""What is wrong in a comparison: at _FACT, _OPERATOR or the place of an operand; what; how to mend it."""


@dataclass(frozen=True)
class Line:
    """A condition and where it stands: its file, and the name and key under which it is given.

    ``no_party`` is empty where the condition may read ``party.``, else how to mend one that does.
    """

    file: str
    field: str
    condition: Condition
    no_party: str = ""


def condition_mistakes(rulebook: Rulebook, line: Line) -> Iterator[RuleMistake]:
    """Every mistake in a condition, each with its column."""
    where = None
    for leaf, part in enumerate(leaves(line.condition.expression)):
        for place, what, mend in (*_party(line, part), *_wrong(rulebook, part)):
            where = where or places(line.condition.text)
            column = {_FACT: where[leaf].fact, _OPERATOR: where[leaf].operator}.get(place)
            column = where[leaf].operands[place] if column is None else column
            text = line.condition.text
            yield RuleMistake(line.file, line.condition.line, line.field, what, mend, text, column + 1)


def wrong_member(rulebook: Rulebook, fact: str, member: str) -> tuple[str, str] | None:
    """Why a known fact can never have a value that a set holds, and how to mend it; None where it can."""
    return next(
        ((what, mend) for _, what, mend in _wrong_literal(rulebook, fact, _kind(rulebook, fact), member, 0)), None
    )


def _party(line: Line, part: Flag | Compare | Member) -> Iterator[Wrong]:
    """Where a condition reads ``party.`` and no role is asked."""
    if line.no_party and part.fact.startswith("party."):
        yield _FACT, "reads party.*, and no role is asked", line.no_party
    operand = None if isinstance(part, Flag) else part.operand
    if line.no_party and isinstance(operand, Name) and operand.name.startswith("party."):
        yield 0, "reads party.*, and no role is asked", line.no_party


def _wrong(rulebook: Rulebook, part: Flag | Compare | Member) -> Iterator[Wrong]:
    if isinstance(part, Flag) and part.fact.startswith("defined."):
        name = part.fact.removeprefix("defined.")
        if name not in rulebook.definitions:
            mend = mend_of(part.fact, [f"defined.{one}" for one in rulebook.definitions], "define it in definitions/")
            yield _FACT, f"no definition {name}", mend
        return
    unknown = _unknown(rulebook, part.fact)
    if unknown is not None:
        yield _FACT, *unknown
        return
    kind = _kind(rulebook, part.fact)
    match part:
        case Flag(fact) if kind != "bool":
            yield _FACT, f"{fact} is not true or false by itself", f"compare it: {fact} == ..."
        case Compare():
            yield from _wrong_compare(rulebook, part, kind)
        case Member(fact, Name(name)):
            yield from _wrong_set(rulebook, fact, kind, name)
        case Member(fact, tuple(operand)):
            for place, literal in enumerate(operand):
                yield from _wrong_literal(rulebook, fact, kind, literal, place)


def _wrong_compare(rulebook: Rulebook, part: Compare, kind: str) -> Iterator[Wrong]:
    fact, operand = part.fact, part.operand
    if part.operator in _ORDERS and kind != "number":
        yield _OPERATOR, f"orders {fact}, which is no number", "write == or !="
    if not isinstance(operand, Name):
        yield from _wrong_literal(rulebook, fact, kind, operand, 0)
        return
    if operand.name.startswith("parameter."):
        name, other = operand.name.removeprefix("parameter."), "number"
        if name not in rulebook.parameters:
            known = [f"parameter.{one}" for one in rulebook.parameters]
            yield 0, f"no parameter {name}", mend_of(operand.name, known, "give it in parameters/")
            return
    else:
        unknown = _unknown(rulebook, operand.name)
        if unknown is not None:
            yield 0, *unknown
            return
        other = _kind(rulebook, operand.name)
    if other != kind:
        yield 0, f"compares {fact} ({kind}) with {operand.name} ({other})", "compare like with like"


def _wrong_set(rulebook: Rulebook, fact: str, kind: str, name: str) -> Iterator[Wrong]:
    if not name.startswith("set.") or name.removeprefix("set.") not in rulebook.sets:
        mend = mend_of(name, [f"set.{one}" for one in rulebook.sets], "give it in sets/")
        yield 0, f"no set {name}", mend
        return
    if kind not in ("country", "text"):
        yield _FACT, f"{fact} ({kind}) cannot be in a set", "compare it"


def _wrong_literal(rulebook: Rulebook, fact: str, kind: str, literal: Literal, place: int) -> Iterator[Wrong]:
    """Where a fact can never have the value that it is compared with."""
    shown = {True: "true", False: "false"}[literal] if isinstance(literal, bool) else repr(literal)
    if fact.startswith("reading."):
        point = fact.removeprefix("reading.")
        options = rulebook.points[point].options
        if literal not in options:
            mend = mend_of(str(literal), options, f"one of: {', '.join(options)}")
            yield place, f"{shown} is no option of {point}", mend
    elif not isinstance(literal, _PYTHON_TYPES[kind]) or (kind == "number" and isinstance(literal, bool)):
        yield place, f"compares {fact} ({kind}) with {shown}", "compare like with like"
    elif kind == "country" and not (len(str(literal)) == 2 and str(literal).isascii() and str(literal).isupper()):
        yield place, f"{shown} is no ISO 3166 code", "write two capital letters, such as MY"
    else:
        domain = rulebook.vocabulary[fact].domain
        if domain and literal not in domain:
            yield place, f"{shown} is none of the values of {fact}: {', '.join(domain)}", "write one of them"


def _unknown(rulebook: Rulebook, fact: str) -> tuple[str, str] | None:
    """What is wrong with the name of a fact or reading, and how to mend it; None where it is known."""
    if fact.startswith("reading."):
        point = fact.removeprefix("reading.")
        mend = mend_of(fact, [f"reading.{one}" for one in rulebook.points], "give it in points/")
        return None if point in rulebook.points else (f"no contested point {point}", mend)
    if fact in rulebook.vocabulary:
        return None
    return f"no fact {fact} in the vocabulary", mend_of(fact, rulebook.vocabulary, "give it in vocabulary.yaml")


def _kind(rulebook: Rulebook, fact: str) -> str:
    return "text" if fact.startswith("reading.") else rulebook.vocabulary[fact].type
