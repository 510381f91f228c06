"""DuckDB: one CASE expression by severity over a table of its own."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
from benchmarks.law.contestant import Answers, Vector, single_from_vector
from benchmarks.law.plain import (
    NO_RULE,
    Leaf,
    PlainRule,
    by_severity,
    codes_of,
    is_coded,
    other_fact,
    plain_rules,
    underscored,
    value_of,
    written,
)
from benchmarks.law.rows import Rows

from lexloci.law.expression import Compare, Flag, Member
from lexloci.law.rule import Rulebook


def _leaf(leaf: Leaf) -> str:
    name = underscored(leaf.fact)
    match leaf:
        case Flag():
            return name
        case Member(fact, tuple() as members):
            return f"{name} IN ({', '.join(map(str, codes_of(fact, members)))})"
        case Compare(fact, symbol, operand):
            other = other_fact(operand)
            if other is not None:
                right = underscored(other)
            else:
                right = str(codes_of(fact, [value_of(operand)])[0] if is_coded(fact) else value_of(operand))
            return f"{name} {({'==': '=', '!=': '<>'}).get(symbol, symbol)} {right}"
    raise ValueError(f"{leaf}: has a named set left in it")


def _fires(rule: PlainRule) -> str:
    window = f"day >= {rule.begins}" + (f" AND day < {rule.ends}" if rule.ends is not None else "")
    return f"({window} AND {written(rule.condition, _leaf, ' AND ', ' OR ', 'NOT ')})"


def case_of(rulebook: Rulebook) -> str:
    """The CASE expression."""
    branches = [
        f"WHEN {' OR '.join(_fires(rule) for rule in rules)} THEN {severity}"
        for severity, rules in by_severity(plain_rules(rulebook))
    ]
    return f"CAST(CASE {' '.join(branches)} ELSE {NO_RULE} END AS UTINYINT)"


def vector(rulebook: Rulebook, rows: Rows, threads: int) -> Vector:
    """The prepared query over a table in memory: codes of one byte, days of four."""
    connection = duckdb.connect(config={"threads": threads})
    columns: dict[str, Any] = {underscored(name): column for name, column in rows.columns.items()}
    columns["day"] = rows.on.astype(np.int32)
    connection.register("given", columns)
    connection.execute("CREATE TABLE act AS SELECT * FROM given")
    connection.unregister("given")
    query = f"SELECT {case_of(rulebook)} AS answer FROM act"  # noqa: S608 - made of the rules alone
    connection.execute(f"PREPARE asked AS {query}")

    def run() -> Answers:
        answers: Answers = connection.execute("EXECUTE asked").fetchnumpy()["answer"]
        return answers

    return Vector(run)


SINGLE = {"DuckDB CASE": single_from_vector(vector)}
VECTOR = {"DuckDB CASE": vector}
