"""Where may each AI job lawfully run, on which chips, with which data, on which date; why; at what cost?

>>> import lexloci
>>> portfolio = lexloci.read_portfolio("portfolio.yaml")        # doctest: +SKIP
>>> for answer in lexloci.determine(portfolio):                 # doctest: +SKIP
...     print(answer.workload.id, answer.pool.id, answer.determination.outcome.value)
>>> plan = lexloci.plan(portfolio).plan                         # doctest: +SKIP

Each function imports what it needs when it is called, so that ``import lexloci`` stays quick. A file
that is wrong raises ``lexloci.model.errors.InputError`` with every mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

# Loading a subpackage binds its name here: loaded now, it cannot take the place of the function plan() later.
import lexloci.plan  # noqa: F401

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from lexloci.case.acts_file import ActInput
    from lexloci.model.determination import Determination
    from lexloci.model.errors import Mistake
    from lexloci.model.portfolio import Basis, Portfolio
    from lexloci.plan.planner import Planned
    from lexloci.plan.questions import PlacementAnswer
    from lexloci.scenario.compare_types import Comparison

__version__ = "0.1.0"
__all__ = ["check", "compare", "determine", "determine_act", "explain", "plan", "read_acts", "read_portfolio"]


def read_portfolio(path: str | Path) -> Portfolio:
    """The portfolio in a file; InputError with every mistake."""
    from lexloci.case import read_portfolio as read
    from lexloci.plan.record_names import wrong_records

    return read(path, further=wrong_records)


def read_acts(path: str | Path) -> tuple[ActInput, ...]:
    """The acts in a CSV, YAML or JSON file; InputError with every mistake."""
    from lexloci.case import read_acts as read

    return read(path)


def check(path: str | Path) -> tuple[Mistake, ...]:
    """Every mistake in a portfolio file, by line and field; empty when there is none."""
    from lexloci.case import check as check_file
    from lexloci.plan.record_names import wrong_records

    return check_file(path, further=wrong_records)


def determine(portfolio: Portfolio) -> tuple[PlacementAnswer, ...]:
    """What the law answers for each workload in each pool that is open to its party."""
    from lexloci.plan.questions import determine_portfolio
    from lexloci.rulebook.book import bundled_rulebook

    return determine_portfolio(portfolio, bundled_rulebook())


def determine_act(act: ActInput, *, known_at: date | None = None, basis: Basis | None = None) -> Determination:
    """What the law answers for a bare act: on both layers unless one is named, human review where they differ."""
    from lexloci.plan.questions import determine_act as determine_one
    from lexloci.rulebook.book import bundled_rulebook

    return determine_one(act, bundled_rulebook(), known_at=known_at, basis=basis)


def plan(portfolio: Portfolio, *, assume_granted: bool = False, time_limit_s: float = 10.0) -> Planned:
    """The best lawful plan, with what every pool answered to every workload."""
    from lexloci.plan.planner import make_plan
    from lexloci.rulebook.book import bundled_rulebook

    return make_plan(portfolio, bundled_rulebook(), assume_granted=assume_granted, time_limit_s=time_limit_s)


def compare(portfolio: Portfolio, before: date, after: date) -> Comparison:
    """What moved between the plans of two days, where to, at what cost, and why."""
    from lexloci.plan.planner import with_question
    from lexloci.scenario.compare import compare as compare_plans

    plans = [plan(with_question(portfolio, day, None, None)) for day in (before, after)]
    return compare_plans(plans[0], plans[1], f"as of {before}", f"as of {after}")


def explain(determination: Determination) -> str:
    """A determination as a tree in plain text."""
    from lexloci.report.why_text import why_plain

    return why_plain(determination)
