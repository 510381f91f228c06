"""Who takes part decides: owners, operators, listed parties, and names that only look like another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from review_case import DAY, answer, changed, generic, ordinary

from lexloci.model.outcome import Outcome
from lexloci.model.party import Party, Stake
from lexloci.model.record import Attestation, Authorisation
from lexloci.model.site import Tenure

POINTS = ("us_ear.rental_transfer", "us_ear.destined_for", "us_ear.training_statement_nexus")


def missing(portfolio):
    return {one.name for one in answer(portfolio).missing}


def chinese_tenant():
    return changed(ordinary(), "parties", "tenant", headquarters="CN")


def h20_to_china(supplier):
    """H20 for a Chinese holder at home, supplied by a party of that name after the letter of April 2025."""
    portfolio = changed(ordinary(), "parties", "maker", name=supplier, generic=False, headquarters="SG")
    portfolio = changed(portfolio, "pools", "pool", chip="h20", site="beijing", holder="other", users=("tenant",))
    no_supercomputer = Attestation("workload.supercomputer", False, ("job",), "officer", DAY, "plans")
    return replace(portfolio, attestations=(*portfolio.attestations, no_supercomputer))


def test_the_ordinary_case_is_permitted():
    assert answer(ordinary()).outcome.is_placeable


@pytest.mark.parametrize("parent", ["CN", "HK", "MO", None])
def test_a_site_run_by_another_than_the_holder_is_a_question_where_its_parent_is_in_d5_or_unknown(parent):
    portfolio = replace(
        ordinary(), parties=(*ordinary().parties, generic("landlord", "MY", "above"), generic("above", parent))
    )
    unlisted = replace(portfolio.attestations[0], about=("landlord", "above"))
    portfolio = replace(portfolio, attestations=(*portfolio.attestations, unlisted))
    run = changed(portfolio, "sites", "johor", operator="landlord")
    owned = changed(portfolio, "sites", "johor", owner="landlord")
    assert answer(run).outcome is answer(owned).outcome is Outcome.HUMAN_REVIEW
    local = changed(run, "parties", "above", headquarters="MY")
    assert answer(local).outcome.is_placeable


@pytest.mark.parametrize("percent", [100.0, 51.0, None])
def test_an_owner_of_more_than_half_in_china_is_not_hidden_by_a_stated_parent(percent):
    portfolio = changed(ordinary(), "parties", "operator", owners=(Stake("other", percent),))
    assert answer(portfolio).outcome is Outcome.HUMAN_REVIEW
    assert answer(changed(ordinary(), "parties", "operator", owners=(Stake("other", 50.0),))).outcome.is_placeable


@pytest.mark.parametrize("point", POINTS)
def test_chips_that_their_holder_calls_owned_are_rented_by_whoever_else_uses_them(point):
    flags = Attestation("tenant.red_flags_resolved", True, ("tenant",), "officer", DAY, "file 9")
    portfolio = replace(chinese_tenant(), attestations=(*chinese_tenant().attestations, flags))
    for tenure in (Tenure.RENTED, Tenure.OWNED):
        assert point in missing(changed(portfolio, "pools", "pool", tenure=tenure))


def test_possession_does_not_begin_before_the_holder_has_the_chips():
    early = {"tenure": Tenure.LEASED, "leased_since": date(2022, 1, 1)}
    assert answer(changed(chinese_tenant(), "pools", "pool", **early)).outcome is Outcome.LICENCE_PRESUMED_DENIED


@pytest.mark.parametrize("fact", ["party.military_end_user_list", "party.denied_persons_list"])
def test_a_tenant_on_another_list_than_the_entity_list_is_a_question_too(fact):
    listed = Attestation(fact, True, ("tenant",), "officer", DAY, "screening")
    others = replace(ordinary().attestations[0], about=("maker", "operator"))
    portfolio = replace(ordinary(), attestations=(others, listed))
    assert not answer(portfolio).outcome.is_placeable
    assert "us_lists.other_lists_other_role" in missing(portfolio) | {one.rule for one in answer(portfolio).findings}


@pytest.mark.parametrize("name", ["NVIDIA", "NVIDIA Corp.", "英伟达"])
def test_the_letter_binds_nvidia_by_its_names(name):
    assert answer(h20_to_china(name)).certain is Outcome.LICENCE_CASE_BY_CASE


@pytest.mark.parametrize("name", ["Nvidia Singapore Pte Ltd", "nVIDIA corporation", "N-Vidia Trading", "輝達台灣"])
def test_a_name_that_only_looks_like_nvidia_is_a_question(name):
    portfolio = h20_to_china(name)
    assert "exporter.is_nvidia" in missing(portfolio)
    settled = Attestation("exporter.is_nvidia", True, ("maker",), "officer", DAY, "letter on file")
    vouched = replace(portfolio, attestations=(*portfolio.attestations, settled))
    assert answer(vouched).certain is Outcome.LICENCE_CASE_BY_CASE


def test_a_company_of_nvidia_by_another_name_is_a_question_and_any_other_company_is_not():
    other = h20_to_china("Sample Server Maker")
    assert "exporter.is_nvidia" not in missing(other)
    owned = replace(other, parties=(*other.parties, Party("n", "NVIDIA", headquarters="US", ultimate_parent="n")))
    assert "exporter.is_nvidia" in missing(changed(owned, "parties", "maker", ultimate_parent="n"))
    assert "exporter.is_nvidia" in missing(changed(owned, "parties", "maker", owners=(Stake("n", 30.0),)))


def test_a_licence_to_the_operator_does_not_cover_a_tenant_that_it_does_not_name():
    def licensed(*covers):
        held = Authorisation("D-1", "bis_licence", "BIS", "operator", ("pool", *covers), date(2025, 1, 1))
        return replace(chinese_tenant(), authorisations=(held,))

    assert not answer(licensed()).outcome.is_placeable
    assert answer(licensed("tenant")).certain.is_placeable


@pytest.mark.parametrize("bought_to_order", [True, None])
def test_chips_bought_to_the_order_of_another_tenant_are_no_cleaner_for_this_one(bought_to_order):
    portfolio = changed(ordinary(), "pools", "pool", users=("tenant", "other"), bought_to_order=bought_to_order)
    assert "us_ear.destined_for" in missing(portfolio)
    from_stock = changed(portfolio, "pools", "pool", bought_to_order=False)
    assert answer(from_stock).outcome.is_placeable
    local = changed(portfolio, "parties", "other", headquarters="SG")
    assert answer(local).outcome.is_placeable
