"""A supposed listing reaches whom the law makes it reach, from its day on, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import pytest

from lexloci.case import read_portfolio, template
from lexloci.model.errors import LexlociError
from lexloci.model.outcome import Outcome
from lexloci.model.party import Party, Stake
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Quote, Tenure
from lexloci.parties.facts import facts_about
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.reach import party_named, reach_of, supposed_row
from lexloci.scenario.reach_types import Reach

AS_OF = date(2026, 8, 3)


@lru_cache(maxsize=1)
def first() -> Portfolio:
    """The portfolio that ``lexloci init`` writes: one operator, one tenant, both attested to be unlisted."""
    return read_portfolio("template", text=template())


def with_pool(portfolio: Portfolio, **changes: Any) -> Portfolio:
    """The portfolio with its one pool changed."""
    return replace(portfolio, pools=(replace(portfolio.pools[0], **changes),))


def with_owner(owned: str, *stakes: Stake) -> Portfolio:
    """The portfolio with a holding above one of its parties, attested to be unlisted as the others are."""
    portfolio = first()
    above = "holding" if stakes and (stakes[0].percent or 0) > 50 else owned
    parties = [
        replace(one, owners=stakes, ultimate_parent=above) if one.id == owned else one for one in portfolio.parties
    ]
    parties.append(Party("holding", "Holding", generic=True, headquarters="SG", ultimate_parent="holding"))
    attestation = replace(portfolio.attestations[0], about=("operator", "customer", "holding"))
    return replace(portfolio, parties=tuple(parties), attestations=(attestation,))


def reach(portfolio: Portfolio, party: str, list_code: str = "EL", on: date = AS_OF) -> Reach:
    """The reach of a listing under the bundled rulebook."""
    return reach_of(portfolio, bundled_rulebook(), portfolio.party_by_id[party], list_code, on)


@pytest.mark.slow
def test_the_tenant_s_listing_touches_its_contract_and_its_workload_from_its_day_on() -> None:
    found = reach(first(), "customer", on=date(2026, 9, 1))
    touched = {(tie.kind, tie.thing, tie.role, tie.counterparty) for tie in found.ties}
    assert touched == {
        ("rental", "johor-h100", "tenant", "operator"),
        ("dataset", "manuals", "handler", ""),
        ("workload", "tune-assistant", "party", ""),
    }
    assert found.chips == 64
    (shift,) = found.shifts
    assert (shift.since, shift.until) == (date(2026, 9, 1), first().horizon_until)
    assert shift.before.is_placeable
    assert not shift.after.is_placeable
    assert "Entity List" in shift.why
    (home,) = found.homes
    assert (home.before, home.after) == (("johor-h100",), ())


@pytest.mark.slow
def test_a_supply_before_the_listing_stays_as_it_was_and_one_after_it_needs_a_licence() -> None:
    old = reach(first(), "operator")
    new = reach(with_pool(first(), held_since=date(2026, 10, 1)), "operator", on=date(2026, 9, 1))
    assert {shift.after for shift in old.shifts} <= {Outcome.HUMAN_REVIEW}
    (shift,) = new.shifts
    assert shift.since == date(2026, 10, 1), "the first day on which the workload could start"
    assert shift.after is Outcome.LICENCE_PRESUMED_DENIED
    assert "744.11" in shift.why
    earlier = reach(with_pool(first(), held_since=date(2026, 10, 1)), "operator", on=date(2026, 10, 2))
    assert Outcome.LICENCE_PRESUMED_DENIED not in {one.after for one in earlier.shifts}


@pytest.mark.slow
@pytest.mark.parametrize("list_code", ["CMIC", "1260H"])
def test_a_list_that_is_no_export_control_moves_no_answer_but_tells_what_it_entails(list_code: str) -> None:
    found = reach(first(), "operator", list_code)
    assert found.shifts == ()
    assert found.homes == ()
    assert found.affiliates == ()
    assert found.consequences
    assert found.ties
    if list_code == "1260H":
        assert {date(2026, 6, 30), date(2027, 6, 30)} <= {one.since for one in found.consequences}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stake", "standing"),
    [(Stake("holding", 50.0), "owned"), (Stake("holding", 49.0), "minority"), (Stake("holding"), "open")],
)
def test_affiliates_are_those_in_which_the_listed_party_holds_a_share(stake: Stake, standing: str) -> None:
    found = reach(with_owner("operator", stake), "holding", on=date(2026, 11, 10))
    (affiliate,) = found.affiliates
    assert (affiliate.party, affiliate.standing) == ("operator", standing)
    assert "holding (listed)" in affiliate.proof
    assert {tie.party for tie in found.ties} == {"operator"}


@pytest.mark.slow
def test_an_affiliate_needs_its_owner_s_licence_only_while_the_affiliates_rule_is_not_stayed() -> None:
    """90 FR 47201 is stayed until 2026-11-09, and unsettled from the day after: then the answer is human review."""
    owned = with_pool(with_owner("operator", Stake("holding", 60.0)), held_since=None, available_from=AS_OF)
    stayed = with_pool(owned, held_since=date(2026, 11, 9))
    ended = with_pool(owned, held_since=date(2026, 11, 10))
    assert reach(stayed, "holding").shifts == ()
    assert reach(stayed, "holding").asked == 1
    (shift,) = reach(ended, "holding").shifts
    assert shift.before.is_placeable
    assert shift.after is Outcome.HUMAN_REVIEW
    assert "Affiliates Rule" in shift.why


@pytest.mark.slow
def test_who_takes_part_in_nothing_is_asked_about_nothing() -> None:
    found = reach(with_owner("operator"), "holding")
    assert (found.asked, found.pairs) == (0, 1)
    assert (found.shifts, found.homes, found.ties) == ((), (), ())


@pytest.mark.parametrize(("day", "listed"), [(date(2026, 8, 31), False), (date(2026, 9, 1), True)])
def test_a_supposed_row_counts_from_its_day_and_for_its_own_party_alone(day: date, listed: bool) -> None:
    portfolio = first()
    customer = portfolio.party_by_id["customer"]
    supposed = {"customer": (supposed_row(customer, "EL", date(2026, 9, 1), portfolio),)}
    facts = facts_about(customer, portfolio, day, AS_OF, supposed=supposed).facts
    assert facts["entity_list"].value is listed
    assert "supposed, not published" in facts["entity_list"].origin or not listed
    assert (facts["entity_list_policy"].value == "presumption of denial") is listed
    operator = portfolio.party_by_id["operator"]
    assert facts_about(operator, portfolio, day, AS_OF, supposed=supposed) == facts_about(
        operator, portfolio, day, AS_OF
    )


def test_a_party_is_found_by_id_name_or_alias() -> None:
    portfolio = first()
    assert party_named(portfolio, "nvidia").id == "nvidia"
    assert party_named(portfolio, "malaysian SOFTWARE company").id == "customer"
    with pytest.raises(LexlociError, match="no party is called operatr; did you mean operator"):
        party_named(portfolio, "operatr")


def test_a_list_that_no_rule_asks_for_is_refused() -> None:
    with pytest.raises(LexlociError, match="no rule asks for the list UN; take one of EL, MEU"):
        reach(first(), "operator", "UN")


@pytest.mark.slow
def test_chips_that_are_yet_to_be_bought_are_a_home_that_a_listing_takes_away() -> None:
    own = {"tenure": Tenure.OWNED, "holder": "customer", "users": ("customer",), "held_since": None}
    quoted = {"quotes": (Quote(usd_per_chip=1e4, lead_days=10),), "usd_per_chip_hour": None, **own}
    (home,) = reach(with_pool(first(), **quoted), "customer").homes
    assert (home.before, home.after) == (("johor-h100",), ())
