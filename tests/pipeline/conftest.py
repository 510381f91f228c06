"""The example, read once, and its plans on the days that the tests ask about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from lexloci.case import read_portfolio
from lexloci.model.determination import Determination
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.plan.planner import Planned, judge_for, make_plan, with_question
from lexloci.plan.questions import earliest_start
from lexloci.rulebook.book import bundled_rulebook

EXAMPLE = Path(__file__).parents[2] / "examples" / "southeast-asia"

Planner = Callable[[str], Planned]
Asker = Callable[..., Determination]


@pytest.fixture(scope="session")
def portfolio() -> Portfolio:
    """The example as shipped."""
    return read_portfolio(EXAMPLE / "portfolio.yaml")


@pytest.fixture(scope="session")
def plan_on(portfolio: Portfolio) -> Planner:
    """The example's plan made on a day, each made once."""

    @cache
    def planned(day: str) -> Planned:
        return make_plan(with_question(portfolio, date.fromisoformat(day), None, None), bundled_rulebook())

    return planned


@pytest.fixture(scope="session")
def ask() -> Asker:
    """The determination of a workload in a pool of a portfolio, on its own question or another."""

    def asked(
        portfolio: Portfolio,
        workload_id: str,
        pool_id: str,
        *,
        as_of: str | None = None,
        known_at: str | None = None,
        basis: Basis | None = None,
    ) -> Determination:
        day = date.fromisoformat(as_of) if as_of else None
        known = date.fromisoformat(known_at) if known_at else None
        questioned = with_question(portfolio, day, known, basis)
        workload, pool = questioned.workload_by_id[workload_id], questioned.pool_by_id[pool_id]
        start = earliest_start(questioned, workload, pool)
        return judge_for(questioned, bundled_rulebook()).placement(workload, pool, start)

    return asked
