"""The eight statements of the example, each through the whole pipeline: file, law, estimates, plan.

Nothing in the example forces them. Tests at the end change one fact (a chip, a price, a rule's
record) and see the plan follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from build_example import without_readings
from lexloci.case import read_portfolio
from lexloci.model.determination import Determination, Finding, FindingStatus, MissingKind
from lexloci.model.outcome import Outcome
from lexloci.model.plan import Placement
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.model.record import Authorisation
from lexloci.plan.planner import Planned, make_plan, with_question
from lexloci.report.json_form import plan_json
from lexloci.report.set_aside import set_aside
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.compare import compare

Planner = Callable[[str], Planned]
Asker = Callable[..., Determination]

EXAMPLE = Path(__file__).parents[2] / "examples" / "southeast-asia"
NON_CHINESE = {"operator-johor", "operator-singapore"}
OPEN_POINTS = (
    "us_ear.training_statement_nexus",
    "us_ear.rental_transfer",
    "us_ear.destined_for",
)


def placement(planned: Planned, workload: str) -> Placement:
    return next(one for one in planned.plan.placements if one.workload == workload)


def fired(determination: Determination, rule: str) -> Finding:
    return next(one for one in determination.findings if one.rule == rule and one.status is FindingStatus.FIRED)


def only(portfolio: Portfolio, workloads: tuple[str, ...], pools: tuple[str, ...]) -> Portfolio:
    """The portfolio with these workloads and pools alone, nothing before them, the weights at the first pool's site."""
    site = portfolio.pool_by_id[pools[0]].site
    return replace(
        portfolio,
        models=tuple(replace(model, located_at=site) for model in portfolio.models),
        workloads=tuple(replace(portfolio.workload_by_id[name], after=()) for name in workloads),
        pools=tuple(portfolio.pool_by_id[name] for name in pools),
    )


def without_reading(portfolio: Portfolio, point: str) -> Portfolio:
    return replace(portfolio, readings=tuple(one for one in portfolio.readings if one.point != point))


def without_attestation(portfolio: Portfolio, fact: str) -> Portfolio:
    return replace(portfolio, attestations=tuple(one for one in portfolio.attestations if one.fact != fact))


# --- 1. the date of the H20 letter -------------------------------------------------------------


def test_in_march_2025_the_plan_counts_on_new_h20_in_china(plan_on: Planner) -> None:
    planned = plan_on("2025-03-01")
    for lab in ("alibaba", "bytedance"):
        placed = placement(planned, f"{lab}-serve-china-now")
        assert placed.pool == f"{lab}-h20-new"
        assert placed.outcome.is_placeable


def test_in_may_2025_the_letters_addressee_needs_a_licence_and_the_plan_cannot(
    plan_on: Planner, ask: Asker, portfolio: Portfolio
) -> None:
    answer = ask(portfolio, "alibaba-serve-china-now", "alibaba-h20-new", as_of="2025-05-01")
    assert answer.outcome is Outcome.LICENCE_CASE_BY_CASE
    letter = fired(answer, "us_ear.letter_h20")
    assert "not published" in letter.reason
    assert letter.history.startswith("in force since 2025-04-09")
    pools = {one.pool for one in plan_on("2025-05-01").plan.placements}
    assert not pools & {"alibaba-h20-new", "bytedance-h20-new"}


def test_the_letter_binds_only_its_addressee(portfolio: Portfolio, ask: Asker) -> None:
    others = tuple(
        replace(pool, supplier="huawei") if pool.id == "alibaba-h20-new" else pool for pool in portfolio.pools
    )
    answer = ask(replace(portfolio, pools=others), "alibaba-serve-china-now", "alibaba-h20-new", as_of="2025-05-01")
    assert not [one for one in answer.findings if one.rule == "us_ear.letter_h20"]


def test_an_unknown_supplier_is_never_taken_for_somebody_elses(portfolio: Portfolio, ask: Asker) -> None:
    unknown = tuple(replace(pool, supplier=None) if pool.id == "alibaba-h20-new" else pool for pool in portfolio.pools)
    answer = ask(replace(portfolio, pools=unknown), "alibaba-serve-china-now", "alibaba-h20-new", as_of="2025-05-01")
    assert answer.outcome is Outcome.HUMAN_REVIEW
    assert "exporter.name" in {missing.name for missing in answer.missing}


def test_the_comparison_shows_which_work_moves_where_to_and_at_what_cost(plan_on: Planner) -> None:
    comparison = compare(plan_on("2025-03-01"), plan_on("2025-05-01"), "March", "May")
    moves = {move.workload: move for move in comparison.moves}
    assert set(moves) >= {"alibaba-serve-china-now", "bytedance-serve-china-now"}
    for lab in ("alibaba", "bytedance"):
        move = moves[f"{lab}-serve-china-now"]
        assert move.before == f"{lab}-h20-new"
        assert move.after not in ("", move.before)
        assert "letter" in move.why
        assert move.cost_before is not None
        assert move.cost_after is not None
    assert moves["bytedance-serve-china-now"].why.endswith("59 days late")
    assert not moves["alibaba-serve-china-now"].why.endswith("late")
    closed = {(change.workload, change.pool) for change in comparison.outcome_changes}
    assert ("alibaba-serve-china-now", "alibaba-h20-new") in closed


@pytest.mark.parametrize("day", ["2025-03-01", "2025-05-01", "2025-12-01"])
@pytest.mark.parametrize("lab", ["alibaba", "bytedance"])
def test_next_generation_pre_training_runs_offshore_with_a_non_chinese_holder(
    plan_on: Planner, lab: str, day: str
) -> None:
    planned = plan_on(day)
    placed = placement(planned, f"{lab}-pretrain")
    pool = planned.portfolio.pool_by_id[placed.pool]
    assert planned.portfolio.site_by_id[placed.site].country in ("SG", "MY")
    assert pool.holder in NON_CHINESE
    assert pool.tenure.value == "rented"


# --- 2. the open points ------------------------------------------------------------------------


def test_with_readings_and_attestations_the_rental_is_permitted_with_duties(portfolio: Portfolio, ask: Asker) -> None:
    answer = ask(portfolio, "alibaba-pretrain", "johor-b200")
    assert answer.outcome is Outcome.PERMITTED_WITH_DUTIES
    assert answer.duties
    adopted = {point.point: point for point in answer.contested}
    for name in OPEN_POINTS:
        point = adopted[name]
        assert point.reading
        assert point.adopted_by
        assert point.on is not None
        assert point.adviser
    vouched = {one.name: one for one in answer.vouched}
    assert vouched["tenant.red_flags_resolved"].by
    assert vouched["tenant.red_flags_resolved"].on == date(2025, 6, 16)


@pytest.mark.parametrize("point", OPEN_POINTS)
def test_each_reading_taken_away_is_the_one_that_is_asked_for(portfolio: Portfolio, ask: Asker, point: str) -> None:
    less = without_reading(portfolio, point)
    answer = ask(less, "alibaba-pretrain", "johor-b200")
    assert answer.outcome is Outcome.HUMAN_REVIEW
    assert {(missing.kind, missing.name) for missing in answer.missing} == {(MissingKind.READING, point)}
    planned = make_plan(only(less, ("alibaba-pretrain",), ("johor-b200",)), bundled_rulebook())
    assert not planned.plan.placements
    assert "human review" in planned.plan.unplaced[0].why


def test_the_red_flags_taken_away_are_what_is_asked_for(portfolio: Portfolio, ask: Asker) -> None:
    less = without_attestation(portfolio, "tenant.red_flags_resolved")
    answer = ask(less, "alibaba-pretrain", "johor-b200")
    assert answer.outcome is Outcome.HUMAN_REVIEW
    assert {missing.name for missing in answer.missing} == {"tenant.red_flags_resolved"}
    planned = make_plan(only(less, ("alibaba-pretrain",), ("johor-b200",)), bundled_rulebook())
    assert not planned.plan.placements


def test_a_reading_has_no_effect_before_it_was_adopted(portfolio: Portfolio, ask: Asker) -> None:
    late = tuple(
        replace(one, on=date(2025, 12, 2)) if one.point == "us_ear.rental_transfer" else one
        for one in portfolio.readings
    )
    answer = ask(replace(portfolio, readings=late), "alibaba-pretrain", "johor-b200")
    assert {missing.name for missing in answer.missing} == {"us_ear.rental_transfer"}


def test_the_other_reading_of_each_point_asks_for_a_licence(portfolio: Portfolio, ask: Asker) -> None:
    stricter = {
        "us_ear.training_statement_nexus": "any_training_for_d5_party",
        "us_ear.rental_transfer": "new_end_user",
        "us_ear.destined_for": "tenants_use",
    }
    for point, option in stricter.items():
        read = tuple(replace(one, option=option) if one.point == point else one for one in portfolio.readings)
        answer = ask(replace(portfolio, readings=read), "alibaba-pretrain", "johor-b200")
        assert answer.outcome is Outcome.LICENCE_PRESUMED_DENIED, point


def test_knowledge_of_a_weapons_use_needs_no_reading(portfolio: Portfolio, ask: Asker) -> None:
    known = tuple(
        replace(one, military_or_weapons_use=True) if one.id == "alibaba-pretrain" else one
        for one in portfolio.workloads
    )
    answer = ask(replace(portfolio, workloads=known), "alibaba-pretrain", "johor-b200")
    assert answer.outcome is Outcome.LICENCE_PRESUMED_DENIED


def test_the_same_file_without_readings_places_no_rental_to_a_chinese_tenant() -> None:
    portfolio = read_portfolio(EXAMPLE / "portfolio-without-readings.yaml")
    shipped = read_portfolio(EXAMPLE / "portfolio.yaml")
    assert portfolio == replace(shipped, readings=(), name=portfolio.name)
    texts = [
        (EXAMPLE / name).read_text(encoding="utf-8") for name in ("portfolio.yaml", "portfolio-without-readings.yaml")
    ]
    assert without_readings(texts[0]) == texts[1]
    workloads = ("alibaba-pretrain", "bytedance-pretrain")
    planned = make_plan(only(portfolio, workloads, ("johor-b200", "singapore-h200")), bundled_rulebook())
    assert {one.workload for one in planned.plan.unplaced} == set(workloads)


def test_possession_by_the_tenant_is_another_act_with_another_answer(
    plan_on: Planner, portfolio: Portfolio, ask: Asker
) -> None:
    rented = ask(portfolio, "bytedance-pretrain", "johor-h100")
    leased = ask(portfolio, "bytedance-pretrain", "johor-h100-leased")
    assert rented.outcome is Outcome.PERMITTED_WITH_DUTIES
    assert leased.outcome is Outcome.LICENCE_PRESUMED_DENIED
    possession = next(leg for leg in leased.legs if leg.subject.startswith("possession"))
    assert fired(possession, "us_ear.headquarters_d5").on == date(2025, 10, 1)
    assert "johor-h100-leased" not in {one.pool for one in plan_on("2025-12-01").plan.placements}


# --- 3. private data ---------------------------------------------------------------------------


@pytest.mark.parametrize("lab", ["alibaba", "bytedance"])
def test_the_fine_tune_on_private_data_stays_in_china(
    plan_on: Planner, ask: Asker, portfolio: Portfolio, lab: str
) -> None:
    planned = plan_on("2025-12-01")
    placed = placement(planned, f"{lab}-finetune")
    assert portfolio.site_by_id[placed.site].country == "CN"
    answer = ask(portfolio, f"{lab}-finetune", "johor-b200")
    assert answer.outcome is Outcome.LICENCE_CASE_BY_CASE
    assessment = fired(answer, "cn_data.security_assessment")
    dataset = portfolio.dataset_by_id[f"{lab}-customers"]
    assert "Order 16" in assessment.citation.text
    assert f"{dataset.persons:,}" in assessment.reason
    assert f"{dataset.sensitive_persons:,}" in assessment.reason


def granted(kind: str) -> Authorisation:
    return Authorisation(
        id=f"{kind}-1",
        kind=kind,
        authority="Cyberspace Administration of China",
        holder="alibaba",
        covers=("alibaba-customers",),
        granted=date(2025, 10, 1),
        until=date(2028, 10, 1),
    )


def test_with_assessment_and_consent_on_record_the_data_may_leave(portfolio: Portfolio, ask: Asker) -> None:
    kinds = ("security_assessment", "separate_consent", "impact_assessment")
    held = replace(portfolio, authorisations=tuple(granted(kind) for kind in kinds))
    answer = ask(held, "alibaba-finetune", "johor-b200")
    assert answer.outcome is Outcome.PERMITTED_WITH_DUTIES
    planned = make_plan(only(held, ("alibaba-finetune",), ("johor-b200",)), bundled_rulebook())
    assert placement(planned, "alibaba-finetune").pool == "johor-b200"


@pytest.mark.parametrize("left_out", ["security_assessment", "separate_consent"])
def test_each_of_them_left_out_keeps_the_data_at_home(portfolio: Portfolio, ask: Asker, left_out: str) -> None:
    kinds = {"security_assessment", "separate_consent", "impact_assessment"} - {left_out}
    held = replace(portfolio, authorisations=tuple(granted(kind) for kind in sorted(kinds)))
    answer = ask(held, "alibaba-finetune", "johor-b200")
    assert answer.outcome is Outcome.LICENCE_CASE_BY_CASE
    assert any(left_out.replace("_", " ") in lever for lever in answer.levers)


def test_an_assessment_that_has_run_out_no_longer_counts(portfolio: Portfolio, ask: Asker) -> None:
    kinds = ("security_assessment", "separate_consent", "impact_assessment")
    old = tuple(replace(granted(kind), until=date(2025, 11, 1)) for kind in kinds)
    answer = ask(replace(portfolio, authorisations=old), "alibaba-finetune", "johor-b200")
    assert answer.outcome is Outcome.LICENCE_CASE_BY_CASE


def test_below_the_thresholds_no_assessment_is_needed(portfolio: Portfolio, ask: Asker) -> None:
    few = tuple(
        replace(one, persons=999_999, sensitive_persons=9_999, separate_consent="obtained")
        if one.id == "alibaba-customers"
        else one
        for one in portfolio.datasets
    )
    answer = ask(replace(portfolio, datasets=few), "alibaba-finetune", "johor-b200")
    assert answer.outcome is Outcome.PERMITTED_WITH_DUTIES


# --- 4. DeepSeek at home -----------------------------------------------------------------------


def test_deepseek_pre_trains_at_home_on_stock_held_before_the_control_date(plan_on: Planner) -> None:
    placed = placement(plan_on("2025-12-01"), "deepseek-pretrain")
    assert placed.pool == "deepseek-h800"
    supply = placed.determination.legs[0]
    assert supply.outcome.is_placeable
    assert supply.findings[0].on == date(2023, 6, 1)


@pytest.mark.parametrize(
    ("held_since", "outcome"),
    [
        (date(2023, 10, 22), Outcome.PERMITTED_WITH_DUTIES),
        (date(2023, 10, 23), Outcome.HUMAN_REVIEW),
        (date(2023, 11, 16), Outcome.HUMAN_REVIEW),
        (date(2023, 11, 17), Outcome.LICENCE_PRESUMED_DENIED),
        (date(2026, 1, 15), Outcome.LICENCE_PRESUMED_DENIED),
    ],
)
def test_new_h800_from_nvidia_by_date(portfolio: Portfolio, ask: Asker, held_since: date, outcome: Outcome) -> None:
    dated = tuple(
        replace(pool, held_since=held_since) if pool.id == "deepseek-h800-new" else pool for pool in portfolio.pools
    )
    answer = ask(replace(portfolio, pools=dated), "deepseek-pretrain", "deepseek-h800-new")
    supply = answer.legs[0]
    if outcome is Outcome.PERMITTED_WITH_DUTIES:
        assert supply.outcome.is_placeable
    else:
        assert supply.outcome is outcome
    if outcome is Outcome.HUMAN_REVIEW:
        assert {missing.name for missing in supply.missing} == {"us_ear.letter_2023_10"}


# --- 5. domestic chips -------------------------------------------------------------------------


# By the estimates, Alibaba's own H800 serve this model for a tenth less than its 910C: within the interval of each.
@pytest.mark.parametrize(
    ("lab", "cheapest", "other_pool"),
    [("alibaba", "alibaba-h800", "alibaba-910c"), ("bytedance", "bytedance-910c", "")],
)
def test_chinese_inference_lands_on_domestic_chips_where_they_are_cheaper(
    plan_on: Planner, lab: str, cheapest: str, other_pool: str
) -> None:
    planned = plan_on("2025-12-01")
    placed = placement(planned, f"{lab}-serve-china")
    assert placed.pool == cheapest
    lawful = [one for one in placed.alternatives if one.cost_usd is not None and one.outcome.is_placeable]
    for other in lawful:
        assert other.cost_usd is not None
        assert other.cost_usd >= placed.cost_usd
        assert f"dearer by {other.cost_usd - placed.cost_usd:,.0f} USD" in other.why
    if other_pool:
        assert other_pool in {other.pool for other in lawful}


def test_where_domestic_chips_are_dearer_the_work_stays_on_others(portfolio: Portfolio) -> None:
    dear = tuple(
        replace(pool, usd_per_chip_hour=9.0) if pool.id == "alibaba-910c" else pool for pool in portfolio.pools
    )
    pools = ("alibaba-910c", "alibaba-h800")
    planned = make_plan(only(replace(portfolio, pools=dear), ("alibaba-serve-china",), pools), bundled_rulebook())
    assert placement(planned, "alibaba-serve-china").pool == "alibaba-h800"


@pytest.mark.parametrize("lab", ["alibaba", "bytedance"])
def test_south_east_asian_customers_are_served_from_south_east_asia(plan_on: Planner, lab: str) -> None:
    planned = plan_on("2025-12-01")
    placed = placement(planned, f"{lab}-serve-sea")
    assert planned.portfolio.site_by_id[placed.site].country in ("SG", "MY", "ID")


def test_ascend_chips_are_permitted_only_with_the_exposure_and_the_clash_shown(
    portfolio: Portfolio, ask: Asker
) -> None:
    answer = ask(portfolio, "alibaba-serve-china", "alibaba-910c")
    assert answer.outcome is Outcome.PERMITTED_WITH_DUTIES
    exposures = {one.rule: one for one in answer.exposures}
    assert exposures["us_ear.gp10_prc_chips"].outcome is Outcome.PROHIBITED
    assert exposures["us_ear.gp10_prc_chips"].authority == "us_bis"
    clash = next(one for one in answer.conflicts if "us_ear.gp10_prc_chips" in one.rules)
    assert "cn_counter.anti_foreign_sanctions" in clash.rules
    assert all(citation.text for citation in clash.citations)
    assert "us_ear.gp10_reach" in {point.point for point in answer.contested}


def test_the_plan_itself_shows_the_exposure_and_the_clash(plan_on: Planner) -> None:
    plan = plan_on("2025-12-01").plan
    on_domestic_chips = {one.workload for one in plan.placements if one.pool.endswith("-910c")}
    shown = {one.words: one for one in set_aside(plan)}
    prohibition = next(one for words, one in shown.items() if words.startswith("General Prohibition 10"))
    assert (prohibition.kind, "prohibited" in prohibition.words) == ("exposure", True)
    assert set(prohibition.workloads) >= on_domestic_chips
    clash = next(one for one in shown.values() if one.kind == "clash of laws")
    assert "736.2(b)(10)" in clash.words
    assert "Anti-Foreign Sanctions Law" in clash.words
    row = next(one for one in plan_json(plan)["placements"] if one["workload"] == "bytedance-serve-china")
    assert "us_ear.gp10_prc_chips" in row["exposures"]
    assert ["us_ear.gp10_prc_chips", "cn_counter.anti_foreign_sanctions"] in row["conflicts"]


def test_without_the_reading_a_party_not_subject_gets_human_review_with_the_exposure(
    portfolio: Portfolio, ask: Asker
) -> None:
    answer = ask(without_reading(portfolio, "us_ear.gp10_reach"), "alibaba-serve-china", "alibaba-910c")
    assert answer.outcome is Outcome.HUMAN_REVIEW
    assert answer.possible is Outcome.PROHIBITED
    assert "us_ear.gp10_reach" in {missing.name for missing in answer.missing}
    assert "us_ear.gp10_prc_chips" in {one.rule for one in answer.exposures}


def test_without_the_record_the_finding_of_us_authority_stands(portfolio: Portfolio, ask: Asker) -> None:
    plain = tuple(replace(party, not_subject_to=()) for party in portfolio.parties)
    answer = ask(replace(portfolio, parties=plain), "alibaba-serve-china", "alibaba-910c")
    assert answer.outcome is Outcome.PROHIBITED
    assert fired(answer, "us_ear.gp10_prc_chips")


def test_the_record_does_not_help_with_chips_designed_elsewhere(portfolio: Portfolio, ask: Asker) -> None:
    parties = tuple(
        replace(party, not_subject_to=portfolio.party_by_id["alibaba"].not_subject_to) for party in portfolio.parties
    )
    answer = ask(replace(portfolio, parties=parties), "deepseek-pretrain", "deepseek-h800-new")
    assert answer.outcome is Outcome.HUMAN_REVIEW
    assert "us_ear.headquarters_d5" in {missing.name for missing in answer.missing}


# --- 6. two layers -----------------------------------------------------------------------------


def test_by_the_text_the_supply_after_may_2025_needs_a_licence_and_the_access_does_not(
    portfolio: Portfolio, ask: Asker
) -> None:
    answer = ask(portfolio, "alibaba-pretrain", "johor-b200", basis=Basis.TEXT)
    assert answer.outcome is Outcome.LICENCE_PRESUMED_APPROVED
    supply, access, *_ = answer.legs
    assert supply.outcome is Outcome.LICENCE_PRESUMED_APPROVED
    assert fired(supply, "us_ear.ai_diffusion_worldwide").leg.startswith("supply of")
    assert access.outcome.is_placeable
    assert answer.other_layer is not None
    assert answer.other_layer.outcome is Outcome.PERMITTED_WITH_DUTIES
    difference = " ".join(answer.other_layer.differences)
    assert "supply of" in difference
    assert "2025-05-1" in difference
    assert "BIS press release" in difference


def test_as_enforced_the_other_layer_is_shown_too(portfolio: Portfolio, ask: Asker) -> None:
    answer = ask(portfolio, "alibaba-pretrain", "johor-b200")
    assert answer.other_layer is not None
    assert answer.other_layer.basis is Basis.TEXT
    assert answer.other_layer.outcome is Outcome.LICENCE_PRESUMED_APPROVED


def test_by_the_text_chips_supplied_before_may_2025_are_open(portfolio: Portfolio, ask: Asker) -> None:
    answer = ask(portfolio, "alibaba-pretrain", "johor-h100", basis=Basis.TEXT)
    assert answer.outcome is Outcome.PERMITTED_WITH_DUTIES


def test_by_the_text_the_plan_uses_only_the_chips_already_there(portfolio: Portfolio) -> None:
    text = with_question(portfolio, None, None, Basis.TEXT)
    planned = make_plan(only(text, ("alibaba-pretrain",), ("johor-b200", "johor-h100")), bundled_rulebook())
    assert placement(planned, "alibaba-pretrain").pool == "johor-h100"


def test_before_the_press_release_nobody_knew_of_it(portfolio: Portfolio, ask: Asker) -> None:
    answer = ask(portfolio, "alibaba-pretrain", "johor-b200", as_of="2025-05-01")
    assert answer.outcome is Outcome.LICENCE_PRESUMED_APPROVED


# --- 7. whose parent ---------------------------------------------------------------------------


def test_a_malaysian_company_with_a_chinese_parent_cannot_buy_what_another_can(
    portfolio: Portfolio, ask: Asker
) -> None:
    other = ask(portfolio, "alibaba-pretrain", "johor-b200").legs[0]
    affiliate = ask(portfolio, "alibaba-pretrain", "affiliate-b200").legs[0]
    assert other.outcome.is_placeable
    assert affiliate.outcome is Outcome.LICENCE_PRESUMED_DENIED
    assert "CN" in fired(affiliate, "us_ear.headquarters_d5").reason


def test_the_cheaper_pool_of_the_affiliate_is_never_taken(plan_on: Planner) -> None:
    assert "affiliate-b200" not in {one.pool for one in plan_on("2025-12-01").plan.placements}


# --- 8. lists ----------------------------------------------------------------------------------


def with_holder(portfolio: Portfolio, name: str, headquarters: str) -> Portfolio:
    """The portfolio with the Johor operator replaced by a named party; asked on a day when the lists are fresh."""
    parties = tuple(
        replace(party, name=name, generic=False, headquarters=headquarters) if party.id == "operator-johor" else party
        for party in portfolio.parties
    )
    attested = tuple(
        replace(one, about=tuple(name for name in one.about if name != "operator-johor"))
        for one in portfolio.attestations
    )
    return with_question(replace(portfolio, parties=parties, attestations=attested), date(2026, 8, 3), None, None)


def bought_now(portfolio: Portfolio) -> Portfolio:
    """With the chips of johor-b200 supplied on the day of the question."""
    pools = tuple(
        replace(pool, held_since=portfolio.as_of) if pool.id == "johor-b200" else pool for pool in portfolio.pools
    )
    return replace(portfolio, pools=pools)


def test_an_entity_listed_holder_makes_the_supply_need_a_licence_on_the_terms_of_its_entry(
    portfolio: Portfolio, ask: Asker
) -> None:
    listed = bought_now(with_holder(portfolio, "Sophgo Technologies Pte. Ltd.", "SG"))
    supply = ask(listed, "alibaba-pretrain", "johor-b200").legs[0]
    assert supply.certain.is_licence
    finding = fired(supply, "us_lists.entity_list_denial")
    assert finding.outcome is Outcome.LICENCE_PRESUMED_DENIED
    assert any(
        fact.name.endswith("entity_list_policy") and fact.value == "presumption of denial" for fact in finding.facts
    )


def test_in_any_other_role_the_listing_is_a_flag_to_review(portfolio: Portfolio, ask: Asker) -> None:
    fresh = bought_now(with_question(portfolio, date(2026, 8, 3), None, None))
    parties = tuple(
        replace(party, name="Inspur Group", aliases=(), not_subject_to=()) if party.id == "alibaba" else party
        for party in fresh.parties
    )
    answer = ask(replace(fresh, parties=parties), "alibaba-pretrain", "johor-b200")
    access = answer.legs[1]
    assert access.outcome is Outcome.HUMAN_REVIEW
    assert "us_lists.entity_list_other_role" in {missing.name for missing in access.missing}
    assert not [one for one in access.findings if one.rule == "us_lists.entity_list_denial"]


def test_a_1260h_listing_does_neither_and_says_what_it_entails(portfolio: Portfolio, ask: Asker) -> None:
    fresh = bought_now(with_question(portfolio, date(2026, 6, 20), None, None))
    answer = ask(fresh, "alibaba-pretrain", "johor-b200")
    assert answer.outcome is Outcome.PERMITTED_WITH_DUTIES
    note = next(one for one in answer.notes if one.rule == "us_procurement.list_1260h_note")
    assert "no export control" in note.reason or "not an export control" in note.reason
    assert "2026-06-30" in note.reason
    assert "2027-06-30" in note.reason
    before = ask(portfolio, "alibaba-pretrain", "johor-b200")
    assert not [one for one in before.notes if one.rule == "us_procurement.list_1260h_note" and one.party == "alibaba"]


# --- nothing forces the plan -------------------------------------------------------------------


def test_the_plan_of_the_example_is_proved_best_and_places_everything(plan_on: Planner) -> None:
    plan = plan_on("2025-12-01").plan
    assert plan.gap == pytest.approx(0.0, abs=1.0)
    assert not plan.unplaced
    assert plan.cost_usd == pytest.approx(sum(one.cost_usd for one in plan.placements))


def test_with_a_licence_for_the_affiliate_the_plan_would_take_its_cheaper_chips(portfolio: Portfolio) -> None:
    licence = Authorisation(
        id="D-1",
        kind="bis_licence",
        authority="Bureau of Industry and Security",
        holder="affiliate-johor",
        covers=("affiliate-b200", "alibaba"),
        granted=date(2025, 11, 1),
        conditions=("report the users every half-year",),
    )
    shipped = tuple(replace(one, shipped_from="US") for one in portfolio.pools)  # Taiwan asks a question of its own
    held = replace(portfolio, authorisations=(licence,), pools=shipped)
    licensed = only(held, ("alibaba-pretrain",), ("johor-b200", "affiliate-b200"))
    placed = placement(make_plan(licensed, bundled_rulebook()), "alibaba-pretrain")
    assert placed.pool == "affiliate-b200"
    assert "report the users every half-year" in {duty.text for duty in placed.determination.duties}


def test_without_the_law_engine_s_finding_the_reading_would_not_matter(portfolio: Portfolio, ask: Asker) -> None:
    """A tenant that is not headquartered in China needs no reading at all."""
    parties = tuple(
        replace(party, headquarters="JP", ultimate_parent="alibaba", not_subject_to=())
        if party.id == "alibaba"
        else party
        for party in portfolio.parties
    )
    answer = ask(replace(portfolio, parties=parties, readings=()), "alibaba-pretrain", "johor-b200")
    assert not [one for one in answer.missing if one.kind is MissingKind.READING]


def test_every_figure_of_the_example_names_its_source_or_is_an_assumption(portfolio: Portfolio) -> None:
    things = (
        *portfolio.sites,
        *portfolio.pools,
        *portfolio.links,
        *portfolio.datasets,
        *portfolio.models,
        *portfolio.workloads,
    )
    for thing in things:
        stated = {
            name
            for name in thing.__dataclass_fields__
            if isinstance(getattr(thing, name), int | float)
            and not isinstance(getattr(thing, name), bool)
            and getattr(thing, name) != thing.__dataclass_fields__[name].default
        }
        unsourced = stated - set(thing.sources) if "*" not in thing.sources else set()
        assert not unsourced, (thing, unsourced)
        for text in thing.sources.values():
            assert text in portfolio.sources or text.startswith(("assumption", "spread", "figure")), text
