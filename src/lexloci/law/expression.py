r"""The language of conditions: a subset of CEL, parsed into a small tree.

A condition compares facts with literals, dated parameters (``parameter.x``) and dated sets
(``set.x``), tests flags, uses named conditions (``defined.x``) and readings (``reading.x``), and
joins with ``&&``, ``||``, ``!`` and parentheses. Every accepted text is CEL with the same meaning
(tests/law compares both on random facts), but for facts such as ``import.x`` whose first word CEL
reserves. What CEL reads differently, or lets a reader misread, is refused:

- ``!`` stands before a parenthesis or a lone name;
- a comparison starts with the name of a fact, and comparisons do not chain;
- a text stands in double quotes, and holds no escape but ``\"`` and ``\\``.

>>> parse('chip.memory_gb_per_s >= parameter.limit && !(site.country in ["SG", "MY"])').parts[1]
Not(part=Member(fact='site.country', operand=('SG', 'MY')))
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lexloci.model.errors import RulebookError

Literal = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Name:
    """A reference to a fact, ``parameter.x`` or ``set.x``."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """``fact operator operand`` with ==, !=, <, <=, > or >=."""

    fact: str
    operator: str
    operand: Literal | Name


@dataclass(frozen=True, slots=True)
class Member:
    """``fact in operand``: a list of literals or a dated set."""

    fact: str
    operand: tuple[Literal, ...] | Name


@dataclass(frozen=True, slots=True)
class Flag:
    """A fact that is true or false by itself, or a named condition ``defined.x``."""

    fact: str


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of a part."""

    part: Expression


@dataclass(frozen=True, slots=True)
class And:
    """All parts."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any part."""

    parts: tuple[Expression, ...]


Expression = Compare | Member | Flag | Not | And | Or

_TOKEN = re.compile(
    r'(?P<space>[ \t\n]+)|(?P<string>"(?:[^"\\\n]|\\["\\])*")|(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)'
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|(?P<sign>&&|\|\||[=!<>]=|[<>!()\[\],])"
)
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_WORDS = frozenset({"in", "true", "false", "null"})
_MOST_NESTED = 50
_LARGEST_INTEGER = 2**63 - 1  # CEL's int has 64 bits


class ConditionError(RulebookError):
    """A condition outside the language: ``why``, and the ``column`` from 0; its text shows both with a caret."""

    def __init__(self, text: str, column: int, why: str) -> None:
        self.column = column
        self.why = f"the condition {why}"
        super().__init__(f"{self.why}\n{with_caret(text, column)}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comparison, membership or flag stands in its condition: columns from 0.

    ``operator`` is that of ``fact`` for a flag; ``operands`` holds a column for the operand or for each item of a list.
    """

    fact: int
    operator: int
    operands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def parse(text: str) -> Expression:
    """The tree of a condition; ConditionError with a caret under the place of a mistake."""
    return _Parser(text).whole()


def places(text: str) -> tuple[Place, ...]:
    """Where each of the ``leaves`` of a condition stands in its text, in their order; refuses what ``parse`` does."""
    parser = _Parser(text)
    parser.whole()
    return tuple(parser.places)


def leaves(expression: Expression) -> Iterator[Flag | Compare | Member]:
    """The comparisons, memberships and flags of a condition, in order of appearance."""
    match expression:
        case Not(part):
            yield from leaves(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Flag() | Compare() | Member():
            yield expression


def with_caret(text: str, column: int) -> str:
    """Two lines that show a condition and a caret under the column, from 0; wide characters take two places."""
    before = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text[:column])
    return f"  {text}\n  {' ' * before}^"


def names(expression: Expression) -> Iterator[str]:
    """Every name that a condition reads, operands included, in order of appearance."""
    match expression:
        case Flag(fact):
            yield fact
        case Not(part):
            yield from names(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from names(part)
        case Compare(fact, _, operand) | Member(fact, operand):
            yield fact
            if isinstance(operand, Name):
                yield operand.name


def rename(expression: Expression, old: str, new: str) -> Expression:
    """The condition with the prefix ``old.`` of its facts replaced by ``new.``."""

    def renamed(fact: str) -> str:
        return f"{new}.{fact[len(old) + 1 :]}" if fact.startswith(f"{old}.") else fact

    match expression:
        case Flag(fact):
            return Flag(renamed(fact))
        case Not(part):
            return Not(rename(part, old, new))
        case And(parts):
            return And(tuple(rename(part, old, new) for part in parts))
        case Or(parts):
            return Or(tuple(rename(part, old, new) for part in parts))
        case Compare(fact, operator, operand):
            return Compare(
                renamed(fact), operator, Name(renamed(operand.name)) if isinstance(operand, Name) else operand
            )
        case Member(fact, operand):
            return Member(renamed(fact), operand)


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.place = 0
        self.depth = 0
        self.places: list[Place] = []

    def whole(self) -> Expression:
        """Grammar: condition = or, and nothing after it."""
        expression = self.disjunction()
        if self.next.kind != "end":
            why = "compares what cannot be compared" if self.next.text in (*_COMPARISONS, "in") else "goes on"
            raise self.mistake(f"{why} here: join conditions with && or ||")
        return expression

    def disjunction(self) -> Expression:
        """Grammar: or = and { "||" and }."""
        parts = [self.conjunction()]
        while self.took("||"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def conjunction(self) -> Expression:
        """Grammar: and = part { "&&" part }."""
        parts = [self.part()]
        while self.took("&&"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def part(self) -> Expression:
        """Grammar: part = "(" or ")" | "!" "(" or ")" | "!" name | comparison."""
        if self.took("!"):
            if self.took("("):
                return Not(self.parenthesis())
            self.places.append(Place(self.next.column, self.next.column))
            negated = Flag(self.name())
            if self.next.text in (*_COMPARISONS, "in"):
                raise self.mistake("negates only the name: put the comparison in parentheses")
            return Not(negated)
        return self.parenthesis() if self.took("(") else self.comparison()

    def parenthesis(self) -> Expression:
        """The rest of "(" or ")"."""
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise self.mistake(f"nests deeper than {_MOST_NESTED} here")
        expression = self.disjunction()
        self.need(")")
        self.depth -= 1
        return expression

    def comparison(self) -> Expression:
        """Grammar: comparison = name [ operator (literal | name) | "in" (list | name) ]."""
        start = self.next.column
        fact = self.name()
        sign = self.next.column
        if self.took("in"):
            return self.membership(fact, start, sign)
        if self.next.text not in _COMPARISONS or self.next.kind != "sign":
            self.places.append(Place(start, start))
            return Flag(fact)
        operator = self.take().text
        self.places.append(Place(start, sign, (self.next.column,)))
        if self.next.kind == "name" and self.next.text not in _WORDS:
            return Compare(fact, operator, Name(self.name()))
        return Compare(fact, operator, self.literal())

    def membership(self, fact: str, start: int, sign: int) -> Member:
        """The rest of a comparison with "in": a name, or "[" [ literal { "," literal } ] "]"."""
        if not self.took("["):
            self.places.append(Place(start, sign, (self.next.column,)))
            return Member(fact, Name(self.name()))
        items: list[Literal] = []
        columns: list[int] = []
        while not self.took("]"):
            if items:
                self.need(",")
            columns.append(self.next.column)
            items.append(self.literal())
        self.places.append(Place(start, sign, tuple(columns)))
        return Member(fact, tuple(items))

    def literal(self) -> Literal:
        """A number, a text in double quotes, true or false."""
        token = self.next
        if token.kind == "string":
            self.take()
            return re.sub(r'\\(["\\])', r"\1", token.text[1:-1])
        if token.kind == "number":
            return self.number()
        if token.text in ("true", "false"):
            self.take()
            return token.text == "true"
        raise self.mistake("needs a number, a text in double quotes, true or false here")

    def number(self) -> Literal:
        """An integer of 64 bits, or a finite decimal."""
        text = self.next.text
        value = int(text) if text.lstrip("-").isdigit() else float(text)
        if abs(value) > (_LARGEST_INTEGER if isinstance(value, int) else sys.float_info.max):
            raise self.mistake("has too large a number: write it as 1.0e30")
        self.take()
        return value

    def name(self) -> str:
        """The dotted name of a fact."""
        if self.next.kind != "name" or not _WORDS.isdisjoint(self.next.text.split(".")):
            raise self.mistake("needs the name of a fact here")
        return self.take().text

    @property
    def next(self) -> _Token:
        """The token that is to be read."""
        return self.tokens[self.place]

    def take(self) -> _Token:
        """The next token, read."""
        token = self.next
        self.place += 1
        return token

    def took(self, text: str) -> bool:
        """Whether the next token is this sign or word; it is read then."""
        if self.next.text != text or self.next.kind == "string":
            return False
        self.place += 1
        return True

    def need(self, text: str) -> None:
        """Reads this sign; RulebookError where another stands."""
        if not self.took(text):
            raise self.mistake(f"needs {text} here")

    def mistake(self, why: str) -> ConditionError:
        """The error at the next token."""
        return ConditionError(self.text, self.next.column, why)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    column = 0
    while column < len(text):
        found = _TOKEN.match(text, column)
        if found is None:
            quote = ": write double quotes" if text[column] == "'" else ""
            raise ConditionError(text, column, f"has {text[column]}, which is outside the language{quote}")
        if found.lastgroup != "space":
            tokens.append(_Token(found.lastgroup or "", found.group(), column))
        column = found.end()
    return [*tokens, _Token("end", "", len(text))]
