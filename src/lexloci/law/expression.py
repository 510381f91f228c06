"""The language of conditions: a subset of CEL, parsed into a small tree.

A condition compares facts with literals, dated parameters (``parameter.x``) and dated sets
(``set.x``), tests flags, uses named conditions (``defined.x``) and readings (``reading.x``), and
joins with ``&&``, ``||``, ``!`` and parentheses. Every accepted text is CEL with the same meaning
(tests/law compares both on random facts); what CEL reads differently from us is refused:

- ``!`` stands before a parenthesis or a lone name;
- a comparison starts with the name of a fact, and comparisons do not chain.

>>> parse('chip.total_processing_performance >= parameter.limit && !(site.country in ["SG", "MY"])')
And(parts=(Compare(fact='chip.total_processing_performance', operator='>=', operand=Name(name='parameter.limit')), \
Not(part=Member(fact='site.country', operand=('SG', 'MY')))))
"""

from __future__ import annotations

import ast
import re
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

_STRING = r'"(?:[^"\\\n]|\\.)*"'
_TOKENS = re.compile(
    rf"(?P<string>{_STRING})|(?P<and>&&)|(?P<or>\|\|)|(?P<unequal>!=)|(?P<not>!)|(?P<rest>[^\"&|!]+|.)"
)
_AFTER_NOT = re.compile(r"\s*(?:\(|[A-Za-z_][\w.]*\s*(?:$|&&|\|\||\)))")
_PARENTHESIS_COMPARED = re.compile(r"\)\s*(?:==|!=|<=?|>=?|in\b)")
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_PYTHON_WORDS = re.compile(r"\b(?:and|or|not|is|if|else|lambda|None|True|False|for|await|yield)\b")


def parse(text: str) -> Expression:
    """The tree of a condition; RulebookError with a caret under the place of a mistake."""
    try:
        tree = ast.parse(_to_python(text), mode="eval").body
    except SyntaxError as error:
        raise _mistake(text, (error.offset or 1) - 1, "is no condition") from None
    return _expression(tree, text)


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


def _to_python(text: str) -> str:
    """The text with CEL's operators spelt as Python's, which has the same precedence for what we accept."""
    pieces: list[str] = []
    for token in _TOKENS.finditer(text):
        kind, piece = token.lastgroup, token.group()
        if kind == "not" and not _AFTER_NOT.match(text, token.end()):
            raise _mistake(text, token.start(), "has ! before something other than a name or a parenthesis")
        if kind == "rest":
            word = _PYTHON_WORDS.search(piece)
            if word:
                raise _mistake(text, token.start() + word.start(), f"has {word.group()}, which is no CEL")
            if "'" in piece:
                raise _mistake(text, token.start() + piece.index("'"), "has a single quote: write double quotes")
        pieces.append({"and": " and ", "or": " or ", "not": " not "}.get(kind or "", piece))
    outside = re.sub(_STRING, lambda match: "s" * len(match.group()), text)
    compared = _PARENTHESIS_COMPARED.search(outside)
    if compared:
        raise _mistake(text, compared.start(), "compares a parenthesis")
    return "".join(pieces).strip()


def _expression(node: ast.expr, text: str) -> Expression:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return And(tuple(_expression(value, text) for value in values))
        case ast.BoolOp(op=ast.Or(), values=values):
            return Or(tuple(_expression(value, text) for value in values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_expression(operand, text))
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _comparison(left, operator, right, text)
        case ast.Name() | ast.Attribute():
            return Flag(_name(node, text))
        case _:
            raise _mistake(text, node.col_offset, "uses something outside the language")


def _comparison(left: ast.expr, operator: ast.cmpop, right: ast.expr, text: str) -> Expression:
    fact = _name(left, text)
    if isinstance(operator, ast.In):
        if isinstance(right, ast.List):
            return Member(fact, tuple(_literal(item, text) for item in right.elts))
        return Member(fact, Name(_name(right, text)))
    symbol = _OPERATORS.get(type(operator))
    if symbol is None:
        raise _mistake(text, right.col_offset, "uses an operator outside the language")
    if isinstance(right, ast.Attribute):
        return Compare(fact, symbol, Name(_name(right, text)))
    return Compare(fact, symbol, _literal(right, text))


def _name(node: ast.expr, text: str) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            return f"{_name(value, text)}.{attribute}"
        case _:
            raise _mistake(text, node.col_offset, "needs the name of a fact here")


def _literal(node: ast.expr, text: str) -> Literal:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
        case ast.Name(id="true"):
            return True
        case ast.Name(id="false"):
            return False
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case _:
            raise _mistake(text, node.col_offset, "needs a number, a text in double quotes, true or false here")


def _mistake(text: str, column: int, why: str) -> RulebookError:
    caret = " " * min(column, len(text)) + "^"
    return RulebookError(f"the condition {why}\n  {text}\n  {caret}")
