"""Plain NumPy, the baseline: each rule as masks over chunks of rows that stay in the cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import and_, eq, ge, gt, invert, le, lt, ne, or_
from typing import Any

import numpy as np
from benchmarks.law.contestant import Answers, Vector, single_from_vector
from benchmarks.law.plain import (
    NO_RULE,
    Leaf,
    PlainRule,
    by_severity,
    codes_of,
    fold,
    is_coded,
    other_fact,
    plain_rules,
    value_of,
)
from benchmarks.law.rows import Rows
from numpy.typing import NDArray

from lexloci.law.expression import Compare, Flag, Member
from lexloci.law.rule import Rulebook

CHUNK_ROWS = 65_536
FEW = 3
COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
Mask = NDArray[np.bool_]
Columns = Mapping[str, NDArray[Any]]
Test = Callable[[Columns], Mask]


def compiled(leaf: Leaf) -> Test:
    """The function that says on which rows a leaf holds; codes are compared, or looked up in a table."""
    name = leaf.fact
    match leaf:
        case Flag():
            return lambda columns: columns[name]
        case Member(_, tuple() as members):
            codes = [np.uint8(code) for code in codes_of(name, members)]
            if len(codes) <= FEW:
                return lambda columns: reduce(or_, [columns[name] == code for code in codes])
            table = np.zeros(256, dtype=np.bool_)
            table[codes] = True
            return lambda columns: table[columns[name]]
        case Compare(_, symbol, operand):
            compare = COMPARE[symbol]
            other = other_fact(operand)
            if other is not None:
                return lambda columns: compare(columns[name], columns[other])
            value = np.uint8(codes_of(name, [value_of(operand)])[0]) if is_coded(name) else value_of(operand)
            return lambda columns: compare(columns[name], value)
    raise ValueError(f"{leaf}: has a named set left in it")


def _both(parts: list[Test]) -> Test:
    return lambda columns: reduce(and_, [part(columns) for part in parts])


def _either(parts: list[Test]) -> Test:
    return lambda columns: reduce(or_, [part(columns) for part in parts])


def _contrary(part: Test) -> Test:
    return lambda columns: invert(part(columns))


def _fires(rule: PlainRule) -> Test:
    """The function that says on which rows a rule fires; it stops where no row is left."""
    parts = [fold(part, compiled, _both, _either, _contrary) for part in rule.condition.parts]
    begins, ends = np.int32(rule.begins), None if rule.ends is None else np.int32(rule.ends)

    def fires(columns: Columns) -> Mask:
        day = columns["on"]
        mask: Mask = day >= begins
        if ends is not None:
            mask &= day < ends
        for part in parts:
            mask &= part(columns)
            if not mask.any():
                break
        return mask

    return fires


def vector(rulebook: Rulebook, rows: Rows, threads: int) -> Vector:
    """Masks over chunks, the most severe rules last so that they win; one thread."""
    del threads
    rules = [
        (_fires(rule), severity) for severity, group in reversed(by_severity(plain_rules(rulebook))) for rule in group
    ]
    whole = {**rows.columns, "on": rows.on.astype(np.int32)}

    def run() -> Answers:
        answers = np.full(len(rows), NO_RULE, dtype=np.uint8)
        for start in range(0, len(rows), CHUNK_ROWS):
            part = slice(start, start + CHUNK_ROWS)
            columns = {name: column[part] for name, column in whole.items()}
            chunk = answers[part]
            for fires, severity in rules:
                np.copyto(chunk, severity, where=fires(columns))
        return answers

    return Vector(run)


NAME = "NumPy chunked masks"
SINGLE = {NAME: single_from_vector(vector)}
VECTOR = {NAME: vector}
