"""What is used decides: chips of the user's own, data that already lies abroad, weights, the end use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from review_case import answer, changed, data, ordinary, reading

from lexloci.catalogue import chip as catalogue_chip
from lexloci.model.chip import Chip
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.workload import DataCategory, Workload, WorkloadKind
from lexloci.rulebook.facts import chip_facts
from lexloci.rulebook.weights_acts import training_flop

PLAIN = {
    "id": "mine",
    "name": "Mine",
    "designer": "Sample",
    "designer_headquarters": "US",
    "for_data_centres": True,
    "die_area_mm2": 800.0,
    "subject_to_ear": True,
    "memory_gb_per_s": 2000.0,
    "interconnect_gb_per_s": 600.0,
}
TPP = "chip.total_processing_performance"


def own(**fields):
    return Chip(**PLAIN | fields)


def value(chip, name):
    return chip_facts(chip, own=True)[name].value


def sold_to_china(chip):
    """The user's own chip, supplied to a Chinese holder in Johor."""
    portfolio = changed(ordinary(), "parties", "operator", headquarters="CN")
    return replace(changed(portfolio, "pools", "pool", chip=chip.id), chips=(chip,))


def test_a_stated_performance_does_not_lower_what_the_figures_say():
    assert value(own(bf16_tflops=1000.0, stated_total_processing_performance=100.0), TPP) == 16_000
    assert value(own(bf16_tflops=10.0, stated_total_processing_performance=5000.0), TPP) == 5000
    hidden = own(bf16_tflops=1000.0, stated_total_processing_performance=100.0)
    assert answer(sold_to_china(hidden)).certain is Outcome.LICENCE_PRESUMED_DENIED


def test_a_chip_whose_eight_bit_figure_is_left_out_has_no_known_performance():
    assert value(own(bf16_tflops=90.0), TPP) is UNKNOWN
    assert value(own(bf16_tflops=90.0, fp8_tflops=180.0), TPP) == 1440
    assert answer(sold_to_china(own(bf16_tflops=90.0))).outcome is Outcome.HUMAN_REVIEW


def test_a_chip_without_die_area_has_no_known_density():
    assert value(own(bf16_tflops=150.0, fp8_tflops=300.0, die_area_mm2=None), "chip.performance_density") is UNKNOWN


@pytest.mark.parametrize("designer", ["US", None])
def test_a_chip_designed_in_the_united_states_or_nowhere_is_not_taken_out_of_the_ear_by_its_row(designer):
    chip = own(bf16_tflops=1000.0, fp8_tflops=2000.0, subject_to_ear=False, designer_headquarters=designer)
    assert value(chip, "item.subject_to_ear") is UNKNOWN
    assert answer(sold_to_china(chip)).outcome is Outcome.HUMAN_REVIEW


def test_whether_a_chip_is_subject_to_the_ear_is_unknown_where_it_is_not_stated():
    chip = own(bf16_tflops=1000.0, fp8_tflops=2000.0, subject_to_ear=None)
    assert answer(sold_to_china(chip)).outcome is Outcome.HUMAN_REVIEW


def test_figures_of_low_verification_take_no_chip_out_of_the_law():
    weak = own(bf16_tflops=200.0, fp8_tflops=400.0, for_data_centres=False, verification="low: a forum")
    assert value(weak, "chip.for_data_centres") is UNKNOWN
    assert value(replace(weak, subject_to_ear=False, designer_headquarters="DE"), "item.subject_to_ear") is UNKNOWN
    assert value(replace(weak, for_data_centres=True), "chip.for_data_centres") is True


def test_a_correction_of_a_chip_of_the_catalogue_may_raise_its_figures_and_not_lower_them():
    known = catalogue_chip("h100-sxm")
    assert value(known, TPP) == known.total_processing_performance
    assert value(replace(known, bf16_tflops=2000.0), TPP) == 32_000
    assert value(replace(known, bf16_tflops=10.0, fp8_tflops=20.0, sources={}), TPP) is UNKNOWN
    assert value(replace(known, for_data_centres=False, sources={}), "chip.for_data_centres") is UNKNOWN
    assert (
        answer(sold_to_china(replace(known, bf16_tflops=10.0, fp8_tflops=20.0, sources={}))).outcome.is_licence is False
    )


def test_an_own_chip_does_not_name_the_catalogue_as_its_source():
    assert "catalogue" not in chip_facts(own(bf16_tflops=1.0, fp8_tflops=2.0), own=True)[TPP].origin


def test_protected_data_that_lies_abroad_is_judged_by_the_law_of_where_it_was_collected():
    at_home = reading(ordinary(), data(persons=2_000_000))
    abroad = reading(ordinary(), data(persons=2_000_000, located_at="johor"))
    assert answer(at_home).certain is answer(abroad).certain is Outcome.LICENCE_CASE_BY_CASE
    general = data(category=DataCategory.GENERAL, persons=None, sensitive_persons=None, located_at="johor")
    assert answer(reading(ordinary(), general)).outcome.is_placeable


def test_foreign_personal_data_processed_in_china_keeps_the_law_of_its_origin():
    portfolio = changed(ordinary(), "pools", "pool", site="beijing")
    legs = {leg.subject for leg in answer(reading(portfolio, data(origin="SG"))).legs}
    assert "export of Data from SG to CN" in legs


def test_two_datasets_of_one_handler_are_counted_together():
    one, two = data(), data(id="more", name="More")
    assert "contract" not in " ".join(duty.text for duty in answer(reading(ordinary(), one)).duties)
    rules = {finding.rule for finding in answer(reading(ordinary(), one, two)).findings}
    assert "cn_data.contract_or_certification" in rules
    apart = reading(ordinary(), one, replace(two, handler="operator"))
    assert "cn_data.contract_or_certification" not in {finding.rule for finding in answer(apart).findings}
    assert answer(reading(ordinary(), one, replace(two, persons=None))).outcome is Outcome.HUMAN_REVIEW


@pytest.mark.parametrize(
    ("kind", "stated", "operations"),
    [
        (WorkloadKind.PRE_TRAIN, None, 6e18),
        (WorkloadKind.PRE_TRAIN, 1e18, 6e18),
        (WorkloadKind.PRE_TRAIN, 1e20, 1e20),
        (WorkloadKind.FINE_TUNE, None, None),
        (WorkloadKind.CONTINUE, 1e19, 1.6e19),
    ],
)
def test_the_training_of_a_model_counts_from_its_beginning(kind, stated, operations):
    portfolio = changed(ordinary(), "workloads", "job", kind=kind)
    portfolio = changed(portfolio, "models", "net", training_flop=stated)
    job = portfolio.workload_by_id["job"]
    assert training_flop(portfolio, job) == (operations if operations is None else pytest.approx(operations))


def test_a_model_that_nobody_trains_here_has_the_operations_that_it_states():
    portfolio = changed(ordinary(), "models", "net", training_flop=3e25)
    portfolio = replace(portfolio, workloads=(Workload("s", "S", "tenant", WorkloadKind.SERVE, "net"),))
    assert training_flop(portfolio, portfolio.workloads[0]) == 3e25
    assert training_flop(changed(portfolio, "models", "net", training_flop=None), portfolio.workloads[0]) is None


@pytest.mark.parametrize("country", ["MY", "PK"])
def test_a_stated_weapons_use_is_never_simply_permitted(country):
    portfolio = changed(ordinary(), "parties", "tenant", headquarters=country)
    assert not answer(changed(portfolio, "workloads", "job", military_or_weapons_use=True)).outcome.is_placeable


def test_a_lesser_chip_for_a_company_of_an_embargoed_country_elsewhere_is_a_question():
    portfolio = changed(ordinary(), "parties", "operator", headquarters="IR")
    assert answer(changed(portfolio, "pools", "pool", chip="t4")).outcome is Outcome.HUMAN_REVIEW


def test_the_day_of_the_rule_decides_and_not_the_day_before():
    portfolio = changed(ordinary(), "parties", "operator", headquarters="HK")
    before, after = (
        answer(changed(portfolio, "pools", "pool", held_since=day, chip="h800-sxm"))
        for day in (date(2023, 11, 16), date(2023, 11, 17))
    )
    assert before.certain.is_placeable
    assert after.certain is Outcome.LICENCE_PRESUMED_DENIED
