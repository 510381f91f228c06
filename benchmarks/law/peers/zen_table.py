"""zen-engine: one decision table that collects every row that holds, a row for each conjunction; with its trace."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import zen
from benchmarks.law.contestant import Answer, Single
from benchmarks.law.plain import PlainRule, most_severe, other_fact, plain_rules, underscored, value_of
from benchmarks.law.rows import Rows, plain_values

from lexloci.law.expression import Compare, Expression, Flag, Literal, Member, Not
from lexloci.law.rule import Rulebook

DAY = "day"
FREE = ""  # the column of cells that are whole expressions: facts compared with facts


def _literal(value: Literal) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(leaf: Expression) -> tuple[str, str]:
    """The column and the cell of a leaf, or of its contrary."""
    match leaf:
        case Not(part):
            column, cell = _cell(part)
            if isinstance(part, Flag):
                return column, "false"
            return (column, f"not ({cell})") if column == FREE else (column, _contrary(part))
        case Flag(fact):
            return underscored(fact), "true"
        case Member(fact, tuple() as members):
            return underscored(fact), f"$ in [{', '.join(map(_literal, members))}]"
        case Compare(fact, symbol, operand):
            other = other_fact(operand)
            if other is not None:
                return FREE, f"{underscored(fact)} {symbol} {underscored(other)}"
            return underscored(fact), f"$ {symbol} {_literal(value_of(operand))}"
    raise ValueError(f"{leaf}: is no leaf of plain values")


def _contrary(part: Expression) -> str:
    match part:
        case Member(_, tuple() as members):
            return f"$ not in [{', '.join(map(_literal, members))}]"
        case Compare(_, symbol, operand):
            opposite = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}[symbol]
            return f"$ {opposite} {_literal(value_of(operand))}"
    raise ValueError(f"{part}: has no contrary cell")


def _window(rule: PlainRule) -> str:
    return f"$ >= {rule.begins}" + (f" and $ < {rule.ends}" if rule.ends is not None else "")


def table_of(rules: tuple[PlainRule, ...]) -> dict[str, Any]:
    """The table as zen's JSON."""
    cells = [(rule, {DAY: [_window(rule)]}, conjunction) for rule in rules for conjunction in rule.conjunctions]
    names = {DAY}
    rows = []
    for place, (rule, row, conjunction) in enumerate(cells):
        for leaf in conjunction:
            column, cell = _cell(leaf)
            row.setdefault(column, []).append(cell)
            names.add(column)
        content: dict[str, Any] = {f"in_{name}": " and ".join(parts) for name, parts in row.items()}
        rows.append(
            {"_id": f"row_{place}", **content, "out_rule": _literal(rule.id), "out_severity": str(rule.severity)}
        )
    inputs = [{"id": f"in_{name}", "name": name or "facts", "field": name} for name in sorted(names)]
    outputs = [{"id": f"out_{name}", "name": name, "field": name} for name in ("rule", "severity")]
    every = [column["id"] for column in (*inputs, *outputs)]
    whole = [{**dict.fromkeys(every, ""), **row} for row in rows]
    content = {"hitPolicy": "collect", "inputs": inputs, "outputs": outputs, "rules": whole}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def single(rulebook: Rulebook, rows: Rows, *, trace: bool) -> Single:
    """The table evaluated on a mapping of plain values."""
    content = zen.ZenDecisionContent(json.dumps(table_of(plain_rules(rulebook))))
    decision = zen.ZenEngine().create_decision(content)
    options: Any = {"trace": trace}

    def decide(data: dict[str, Any]) -> Answer:
        hits = decision.evaluate(data, options)["result"]
        return Answer(most_severe([hit["severity"] for hit in hits]), frozenset([hit["rule"] for hit in hits]))

    return Single(plain_values(rows), decide, lambda answer: answer)


SINGLE = {
    "zen-engine table, with trace": partial(single, trace=True),
    "zen-engine table": partial(single, trace=False),
}
