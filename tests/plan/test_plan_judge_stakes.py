"""A stake that begins or ends changes what the law answers on that day, and not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lexloci.case import read_portfolio, template
from lexloci.model.party import Party, Stake
from lexloci.plan.planner import judge_for
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.states import listing_dates


def test_a_sale_of_shares_is_a_day_of_change_and_moves_the_fact() -> None:
    portfolio = read_portfolio("template", text=template())
    stakes = (Stake("seller", 60.0, held_until=date(2026, 10, 1)), Stake("nvidia", 40.0))
    parties = [replace(one, owners=stakes) if one.id == "operator" else one for one in portfolio.parties]
    parties.append(Party("seller", "Huawei Technologies Co., Ltd.", headquarters="CN", ultimate_parent="seller"))
    judge = judge_for(replace(portfolio, parties=tuple(parties)), bundled_rulebook())
    assert date(2026, 10, 1) in judge.breakpoints
    owned = [
        judge.facts_of("operator", day)["owned_50_by_listed"].value for day in (date(2026, 9, 30), date(2026, 10, 1))
    ]
    assert owned == [True, False]


def test_a_judge_that_remembers_tells_the_days_of_a_stake_apart() -> None:
    portfolio = read_portfolio("template", text=template())
    stakes = (Stake("seller", 60.0, held_until=date(2026, 10, 1)), Stake("nvidia", 40.0))
    assert Party("a", "A", owners=stakes).stake_days == {date(2026, 10, 1)}
    parties = [replace(one, owners=stakes) if one.id == "operator" else one for one in portfolio.parties]
    assert date(2026, 10, 1) in listing_dates(replace(portfolio, parties=tuple(parties)))
