"""Which acts a placement entails, for whom, on which day, and whose law is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from plan_support import AS_OF, acts_of, changed, determined, job, pool, serve, small, with_jobs

from lexloci.model.act import Act, ActKind, Role
from lexloci.model.determination import MissingKind
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Tenure
from lexloci.model.workload import DataCategory, WorkloadKind

LEASED = {"tenure": Tenure.LEASED, "leased_since": date(2025, 9, 1)}


def only(acts: dict[str, Act], kind: ActKind) -> Act:
    """The one act of a kind."""
    (found,) = [act for act in acts.values() if act.kind is kind]
    return found


def kinds(portfolio: Portfolio, name: str, workload: str = "train") -> list[ActKind]:
    return [act.kind for act in acts_of(portfolio, name, workload).values()]


def reading(portfolio: Portfolio, dataset: str) -> Portfolio:
    return job(portfolio, "train", datasets=(dataset,))


def test_owned_chips_at_home_are_supplied_and_used() -> None:
    acts = acts_of(small(), "nz")
    assert [act.kind for act in acts.values()] == [ActKind.EXPORT, ActKind.USE]
    supply = only(acts, ActKind.EXPORT)
    assert supply.on == date(2025, 3, 1)
    assert supply.asked == ("us", "nz")
    assert supply.parties == {
        Role.EXPORTER: "maker",
        Role.PURCHASER: "kiwi",
        Role.CONSIGNEE: "kiwi",
        Role.END_USER: "kiwi",
    }


def test_rented_chips_are_accessed_and_their_holder_stays_end_user() -> None:
    acts = acts_of(small(), "is")
    assert [act.kind for act in acts.values()] == [ActKind.EXPORT, ActKind.REMOTE_ACCESS, ActKind.USE]
    supply, access = only(acts, ActKind.EXPORT), only(acts, ActKind.REMOTE_ACCESS)
    assert supply.parties[Role.END_USER] == "frost"
    assert supply.parties[Role.EXPECTED_TENANT] == "kiwi"
    assert access.asked == ("us", "is", "nz")
    assert access.parties == {Role.TENANT: "kiwi", Role.PROVIDER: "frost", Role.OPERATOR: "frost"}
    assert access.on == AS_OF


def test_a_lease_is_a_transfer_to_the_tenant_on_its_own_day_and_no_access() -> None:
    acts = acts_of(pool(small(), "is", **LEASED), "is")
    assert [act.kind for act in acts.values()] == [ActKind.EXPORT, ActKind.TRANSFER, ActKind.USE]
    lease = only(acts, ActKind.TRANSFER)
    assert lease.on == date(2025, 9, 1)
    assert (lease.parties[Role.EXPORTER], lease.parties[Role.END_USER]) == ("frost", "kiwi")
    assert lease.asked == ("us", "is")
    assert Role.EXPECTED_TENANT not in only(acts, ActKind.EXPORT).parties


def test_a_holder_that_runs_its_own_work_on_rented_out_chips_is_no_tenant() -> None:
    portfolio = job(pool(small(), "is", users=("frost",)), "train", party="frost")
    assert kinds(portfolio, "is") == [ActKind.EXPORT, ActKind.USE]


@pytest.mark.parametrize(
    ("shipped_from", "kind", "asked"),
    [
        ("US", ActKind.EXPORT, ("us", "is")),
        (None, ActKind.EXPORT, ("us", "is")),
        ("IS", ActKind.TRANSFER, ("us", "is")),
        ("FR", ActKind.REEXPORT, ("us", "is", "eu")),
    ],
)
def test_the_place_that_chips_come_from_decides_the_kind_of_supply_and_whose_law_is_asked(
    shipped_from: str | None, kind: ActKind, asked: tuple[str, ...]
) -> None:
    supply = next(iter(acts_of(pool(small(), "is", shipped_from=shipped_from), "is").values()))
    assert (supply.kind, supply.asked) == (kind, asked)
    expected = UNKNOWN if shipped_from is None else shipped_from == "US"
    assert supply.facts["supply.exported_from_united_states"].value == expected


def test_chips_from_a_place_unknown_are_human_review_and_the_place_is_asked_for() -> None:
    answer = determined(pool(small(), "is", shipped_from=None), "is")
    assert answer.outcome is Outcome.HUMAN_REVIEW
    assert [(one.kind, one.name) for one in answer.missing] == [(MissingKind.FACT, "departure.country")]
    assert determined(small(), "is").outcome is Outcome.PERMITTED


def test_a_tenant_from_a_place_unknown_is_human_review_and_the_place_is_asked_for() -> None:
    portfolio = small()
    kiwi = replace(portfolio.party_by_id["kiwi"], headquarters=None, ultimate_parent=None)
    parties = tuple(kiwi if one.id == "kiwi" else one for one in portfolio.parties)
    answer = determined(replace(portfolio, parties=parties), "is")
    assert answer.outcome is Outcome.HUMAN_REVIEW
    assert [(one.name, one.about) for one in answer.missing] == [("tenant.headquarters", "kiwi")]


def test_an_unknown_supplier_takes_part_as_an_exporter_of_whom_nothing_is_known() -> None:
    supply = next(iter(acts_of(pool(small(), "is", supplier=None), "is").values()))
    assert Role.EXPORTER not in supply.parties
    assert supply.facts["exporter.name"].value is UNKNOWN
    assert "exporter.headquarters" not in supply.facts


@pytest.mark.parametrize(
    ("field", "name"), [("held_since", "supply.held_since"), ("leased_since", "supply.leased_since")]
)
def test_a_day_that_is_not_stated_is_asked_for_and_never_lowers(field: str, name: str) -> None:
    leased = pool(small(), "is", **LEASED)
    assert determined(leased, "is").outcome is Outcome.PERMITTED
    answer = determined(pool(leased, "is", **{field: None}), "is")
    assert answer.outcome is Outcome.HUMAN_REVIEW
    assert [one.name for one in answer.missing] == [name]
    assert answer.missing[0].about == "is"


def test_a_prohibition_stays_one_where_the_day_is_not_stated() -> None:
    portfolio = job(pool(small(), "is", held_since=None), "train", military_or_weapons_use=True)
    assert determined(portfolio, "is").outcome is Outcome.PROHIBITED


def test_the_supply_is_judged_on_the_day_of_the_supply_and_not_on_that_of_the_job() -> None:
    before = determined(pool(small(), "is", held_since=date(2024, 12, 31)), "is")
    after = determined(pool(small(), "is", held_since=date(2025, 1, 1)), "is")
    assert (before.outcome, after.outcome) == (Outcome.PROHIBITED, Outcome.PERMITTED)


def test_private_data_at_home_is_not_moved() -> None:
    assert ActKind.DATA_EXPORT not in kinds(reading(small(), "clients"), "nz")


def test_private_data_abroad_is_exported_by_its_handler_to_the_holder_of_the_chips() -> None:
    export = only(acts_of(reading(small(), "clients"), "is"), ActKind.DATA_EXPORT)
    assert export.parties == {Role.HANDLER: "kiwi", Role.RECIPIENT: "frost"}
    assert export.asked == ("nz",)
    assert export.facts["dataset.persons"].value == 1000
    assert export.facts["dataset.purpose"].value == "training"
    assert "clients" in export.things


def test_what_a_dataset_does_not_state_is_unknown() -> None:
    export = only(acts_of(reading(small(), "manuals"), "is"), ActKind.DATA_EXPORT)
    for name in ("persons", "separate_consent", "notified_as_important", "state_organ", "foreign_origin_only"):
        assert export.facts[f"dataset.{name}"].value is UNKNOWN


def test_public_data_that_lies_everywhere_is_not_moved() -> None:
    assert ActKind.DATA_EXPORT not in kinds(small(), "is")


@pytest.mark.parametrize("category", [one for one in DataCategory if one is not DataCategory.PUBLIC])
def test_other_data_without_a_stated_place_lies_where_it_was_collected(category: DataCategory) -> None:
    portfolio = reading(small(), "manuals")
    datasets = tuple(replace(one, located_at=None, category=category) for one in portfolio.datasets)
    export = only(acts_of(replace(portfolio, datasets=datasets), "is"), ActKind.DATA_EXPORT)
    assert export.facts["departure.country"].value == "NZ"


def test_a_service_is_offered_in_each_country_that_it_serves_under_that_country_s_law() -> None:
    acts = acts_of(with_jobs(small(), serve("NZ", "FR", "DE")), "nz", "serve")
    offered = [act for act in acts.values() if act.kind is ActKind.OFFERING]
    assert [act.asked for act in offered] == [("nz",), ("eu",), ("eu",)]
    assert [act.facts["offering.country"].value for act in offered] == ["NZ", "FR", "DE"]
    assert all(act.parties == {Role.PROVIDER: "kiwi"} for act in offered)


def test_users_data_leaves_each_country_but_the_site_s_own() -> None:
    acts = acts_of(with_jobs(small(), serve("NZ", "FR", users_personal_data=True, persons=5)), "nz", "serve")
    export = only(acts, ActKind.DATA_EXPORT)
    assert (export.facts["departure.country"].value, export.asked) == ("FR", ("eu",))
    assert export.facts["dataset.category"].value == "personal"
    assert export.facts["dataset.persons"].value == 5
    assert export.facts["dataset.purpose"].value == "service to the person"


def test_users_data_of_a_nature_unknown_is_still_an_act() -> None:
    acts = acts_of(with_jobs(small(), serve("FR", users_personal_data=None)), "nz", "serve")
    assert only(acts, ActKind.DATA_EXPORT).facts["dataset.category"].value is UNKNOWN


def test_a_service_without_personal_data_exports_none() -> None:
    assert ActKind.DATA_EXPORT not in kinds(with_jobs(small(), serve("FR")), "nz", "serve")


def test_no_two_acts_of_a_placement_have_one_id() -> None:
    portfolio = with_jobs(reading(small(), "clients"), serve("NZ", "FR", users_personal_data=True))
    for name in ("nz", "is", "cl"):
        for workload in ("train", "serve"):
            acts = acts_of(portfolio, name, workload)
            assert len({act.id for act in acts.values()}) == len(kinds(portfolio, name, workload)) == len(acts)


def test_a_country_whose_law_nobody_has_read_is_human_review() -> None:
    portfolio = small()
    sites = tuple(replace(one, country="JP") if one.id == "reykjavik" else one for one in portfolio.sites)
    answer = determined(replace(portfolio, sites=sites), "is")
    assert answer.outcome is Outcome.HUMAN_REVIEW
    assert {one.kind for one in answer.missing} == {MissingKind.NOT_MODELLED}


def tuned(**model: object) -> Portfolio:
    """The small portfolio with a fine-tune of a closed model that nothing in it made."""
    portfolio = changed(small(), "models", "moa", **{"open_weights": False, **model})
    return job(portfolio, "train", kind=WorkloadKind.FINE_TUNE)


def test_weights_that_lie_in_the_country_are_not_moved() -> None:
    assert ActKind.WEIGHTS_TRANSFER not in kinds(tuned(located_at="auckland"), "nz")


def test_weights_that_lie_abroad_are_moved_to_the_site() -> None:
    move = only(acts_of(tuned(located_at="auckland"), "is"), ActKind.WEIGHTS_TRANSFER)
    assert move.facts["departure.country"].value == "NZ"
    assert move.facts["site.country"].value == "IS"
    assert move.asked == ("us", "nz", "is")
    assert move.on == AS_OF


def test_weights_of_which_nobody_says_where_they_lie_are_asked_for() -> None:
    portfolio = tuned(located_at=None)
    move = only(acts_of(portfolio, "nz"), ActKind.WEIGHTS_TRANSFER)
    assert move.facts["departure.country"].value is UNKNOWN
    answer = determined(portfolio, "nz")
    assert answer.outcome is Outcome.HUMAN_REVIEW
    assert "departure.country" in {missing.name for missing in answer.missing}


@pytest.mark.parametrize("kind", [WorkloadKind.PRE_TRAIN, WorkloadKind.FINE_TUNE])
def test_published_weights_and_a_pre_training_bring_nothing(kind: WorkloadKind) -> None:
    published = job(tuned(open_weights=True), "train", kind=kind)
    begun = job(tuned(), "train", kind=WorkloadKind.PRE_TRAIN)
    for portfolio in (published, begun):
        assert ActKind.WEIGHTS_TRANSFER not in kinds(portfolio, "nz")


def test_a_model_that_a_workload_before_has_made_is_the_plans_to_move() -> None:
    portfolio = with_jobs(tuned(), small().workload_by_id["train"], serve("NZ", after=("train",)))
    assert ActKind.WEIGHTS_TRANSFER not in kinds(portfolio, "nz", "serve")
