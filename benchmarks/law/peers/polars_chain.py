"""Polars: one lazy expression, as a when/then chain by severity or as the highest of a column a severity."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Literal as Choice

import numpy as np
import polars as pl
from benchmarks.law.contestant import Answers, MakeVector, Vector, single_from_vector
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

from lexloci.law.expression import Compare, Flag, Literal, Member
from lexloci.law.rule import Rulebook

Engine = Choice["streaming", "in-memory"]


def _value(fact: str, value: Literal) -> pl.Expr:
    return pl.lit(codes_of(fact, [value])[0], pl.UInt8) if is_coded(fact) else pl.lit(value)


def _leaf(leaf: Leaf) -> pl.Expr:
    column = pl.col(leaf.fact)
    match leaf:
        case Flag():
            return column
        case Member(fact, tuple() as members):
            return column.is_in(pl.Series(codes_of(fact, members), dtype=pl.UInt8).implode())
        case Compare(fact, symbol, operand):
            other = other_fact(operand)
            right = pl.col(other) if other else _value(fact, value_of(operand))
            return {
                "==": column.__eq__,
                "!=": column.__ne__,
                "<": column.__lt__,
                "<=": column.__le__,
                ">": column.__gt__,
                ">=": column.__ge__,
            }[symbol](right)
    raise ValueError(f"{leaf}: has a named set left in it")


def _fires(rule: PlainRule) -> pl.Expr:
    day = pl.col("on")
    window = [day >= pl.lit(rule.begins, pl.Int32)]
    if rule.ends is not None:
        window.append(day < pl.lit(rule.ends, pl.Int32))
    condition = fold(
        rule.condition, _leaf, lambda parts: reduce(and_, parts), lambda parts: reduce(or_, parts), lambda part: ~part
    )
    whole: pl.Expr = reduce(and_, [*window, condition])
    return whole


def chain(rulebook: Rulebook) -> pl.Expr:
    """When any rule of the highest severity fires, then that; and so on downwards."""
    whole = pl.lit(NO_RULE, pl.UInt8)
    for severity, rules in reversed(by_severity(plain_rules(rulebook))):
        whole = (
            pl.when(pl.any_horizontal([_fires(rule) for rule in rules]))
            .then(pl.lit(severity, pl.UInt8))
            .otherwise(whole)
        )
    return whole


def highest(rulebook: Rulebook) -> pl.Expr:
    """The highest over the severities of one more than the severity where any rule of it fires."""
    columns = [
        reduce(or_, [_fires(rule) for rule in rules]).cast(pl.UInt8) * pl.lit(severity + 1, pl.UInt8)
        for severity, rules in by_severity(plain_rules(rulebook))
    ]
    found = pl.max_horizontal(columns)
    return pl.when(found == 0).then(pl.lit(NO_RULE, pl.UInt8)).otherwise(found - pl.lit(1, pl.UInt8))


def table(rows: Rows) -> pl.DataFrame:
    """The columns as Polars likes them: codes of one byte, days of four."""
    columns = {name: pl.Series(name, column) for name, column in rows.columns.items()}
    return pl.DataFrame([*columns.values(), pl.Series("on", rows.on.astype(np.int32))])


def vector(rulebook: Rulebook, rows: Rows, form: str = "chain", engine: Engine = "streaming") -> Vector:
    """One of the two expressions, collected by one of the two engines."""
    frame = table(rows).lazy()
    query = frame.select((chain if form == "chain" else highest)(rulebook).alias("answer"))

    def run() -> Answers:
        answers: Answers = query.collect(engine=engine)["answer"].to_numpy()
        return answers

    return Vector(run)


def _form(form: str, engine: Engine) -> MakeVector:
    def make(rulebook: Rulebook, rows: Rows, threads: int) -> Vector:
        del threads  # POLARS_MAX_THREADS says it
        return vector(rulebook, rows, form, engine)

    return make


SINGLE = {"Polars": single_from_vector(_form("chain", "in-memory"))}
VECTOR = {
    "Polars chain, streaming": _form("chain", "streaming"),
    "Polars chain, in memory": _form("chain", "in-memory"),
    "Polars highest, streaming": _form("highest", "streaming"),
}
