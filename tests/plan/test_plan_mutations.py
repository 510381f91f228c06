"""A portfolio that passes the check is answered and planned, or refused in words: never a traceback."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_support import HERE, rulebook

from lexloci.case import check, read_portfolio
from lexloci.case.template import template
from lexloci.case.yaml_source import load
from lexloci.law.rule import Rulebook
from lexloci.model.errors import LexlociError
from lexloci.plan.planner import make_plan
from lexloci.plan.questions import determine_portfolio
from lexloci.report.matrix_of import matrix_of_plan
from lexloci.rulebook.book import bundled_rulebook

ODD: tuple[Any, ...] = (None, True, False, 0, -1, 1e-9, 1e18, 1e30, "MY", "text", "0001-01-01", [], {})
FACTORS = (1e-6, 0.1, 0.5, 2, 10, 1000, 1e6, 1e12)
DAYS = ("0001-01-01", "2024-02-29", "2025-12-31", "2026-08-03", "2026-12-31", "2027-01-01", "9999-12-31")


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path in a document but the root."""
    found = [path] if path else []
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        found += places(child, (*path, key))
    return found


def mutated(text: str, seed: int) -> str:
    """The document with one to three nodes deleted, doubled, exchanged for their like or made odd."""
    random = Random(seed)
    data = load(text, "seed.yaml").data
    for _ in range(random.choice([1, 1, 2, 3])):
        leaves = places(data)
        path = random.choice(leaves)
        parent = at(data, path[:-1])
        old = parent[path[-1]]
        if random.random() < 0.15:
            parent[path[-1]] = random.choice(ODD)
        elif random.random() < 0.25:
            del parent[path[-1]]
        elif isinstance(parent, list) and isinstance(old, dict):
            parent.append({**deepcopy(old), "id": f"twin-{random.randrange(99)}"})
        else:
            parent[path[-1]] = _like(random, data, path, old)
    return json.dumps(data, default=str)


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """The node at a path."""
    for key in path:
        data = data[key]
    return data


def _like(random: Random, data: Any, path: tuple[Any, ...], old: Any) -> Any:
    """Another value of the same kind: what the same key holds elsewhere, another size, another day."""
    if isinstance(old, bool):
        return not old
    if isinstance(old, int | float):
        return type(old)(old * random.choice(FACTORS))
    if isinstance(old, date) or (isinstance(old, str) and old[:2] == "20" and old.count("-") == 2):
        return random.choice(DAYS)
    return deepcopy(random.choice([at(data, other) for other in places(data) if other[-1] == path[-1]]))


def answered(text: str, book: Rulebook) -> bool:
    """Whether a text that passes the check is asked and planned, or refused in one line."""
    if check("mutated.yaml", text=text):
        return True
    portfolio = read_portfolio("mutated.yaml", text=text)
    try:
        determine_portfolio(portfolio, book)
        made = make_plan(portfolio, book, time_limit_s=2)
        granted = make_plan(portfolio, book, assume_granted=True, time_limit_s=2)
    except LexlociError as error:
        return len(str(error).splitlines()) == 1
    assert len(matrix_of_plan(made).rows) <= len(portfolio.workloads)
    assert len(granted.plan.placements) >= len(made.plan.placements) or granted.plan.objective <= made.plan.objective
    return True


@settings(max_examples=40)
@given(st.integers(0, 2**32))
@pytest.mark.slow
def test_a_mutated_template_that_passes_the_check_is_answered(seed: int) -> None:
    assert answered(mutated(template(), seed), bundled_rulebook())


@settings(max_examples=50)
@given(st.integers(0, 2**32))
@pytest.mark.slow
def test_a_mutated_portfolio_that_passes_the_check_is_planned(seed: int) -> None:
    assert answered(mutated((HERE / "portfolios" / "chain.yaml").read_text(encoding="utf-8"), seed), rulebook())


@pytest.mark.slow
def test_many_of_the_mutations_pass_the_check() -> None:
    text = (HERE / "portfolios" / "chain.yaml").read_text(encoding="utf-8")
    passed = sum(not check("mutated.yaml", text=mutated(text, seed)) for seed in range(60))
    assert passed >= 20
