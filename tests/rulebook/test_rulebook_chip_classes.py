"""Every chip of the catalogue has the class that its figures give it on a day, and review only where they may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from lexloci.catalogue import chip, chips
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.chip_classes import ChipClass, classify, classify_all

WHOLE, A, B, NONE, REVIEW = ChipClass.WHOLE, ChipClass.A, ChipClass.B, ChipClass.NONE, ChipClass.REVIEW
BEFORE, RULE_2022, RULE_2023 = date(2022, 9, 1), date(2022, 11, 1), date(2023, 12, 1)
DAYS = (BEFORE, RULE_2022, RULE_2023, date(2024, 6, 1), date(2026, 2, 1), date(2026, 11, 1))
MOST_IN_REVIEW = {BEFORE: 0, RULE_2022: 37, **dict.fromkeys(DAYS[2:], 40)}  # of 99, measured on 2026-11-22

# Class of 2022, class since 2023, and whether NAC may carry it since then. Published analyses of the makers' figures:
# s-w-kelly/chip-export-controls @d813a66; airensurzyn/export-control-threshold-analysis; NVIDIA Form 8-K of 2023-10-24
# (A100, A800, H100, H800, L4, L40, L40S and RTX 4090 reached by 88 FR 73458).
KNOWN = {
    "a100-sxm-80gb": (WHOLE, A, False),
    "a800-sxm": (NONE, A, False),
    "h100-sxm": (WHOLE, A, False),
    "h800-sxm": (NONE, A, False),
    "h200-sxm": (WHOLE, A, False),
    "b200": (WHOLE, A, False),
    "b300": (WHOLE, A, False),
    "h20": (NONE, NONE, False),
    "l4": (NONE, A, False),
    "l40": (NONE, B, True),
    "l40s": (NONE, A, False),
    "l20": (NONE, NONE, False),
    "l2": (NONE, NONE, False),
    "rtx-4090": (NONE, A, True),
    "rtx-4090d": (NONE, NONE, False),
    "mi210": (NONE, B, True),
    "mi250": (WHOLE, A, False),
    "mi300x": (WHOLE, A, False),
    "mi325x": (WHOLE, A, False),
    "mi355x": (WHOLE, A, False),
    "ascend-910c": (WHOLE, A, False),
    "v100-sxm-32gb": (NONE, NONE, False),
    "t4": (NONE, NONE, False),
}


@pytest.fixture(scope="module")
def rulebook():
    return bundled_rulebook()


def of_figures(on, performance, density, interconnect, for_data_centres):
    """The class by the text of ECCN 3A090 (87 FR 62186; 88 FR 73458 with Note 2), all figures known."""
    if on < date(2022, 10, 21):
        return NONE
    if on < date(2023, 11, 17):
        return WHOLE if performance >= 4800 and interconnect >= 600 else NONE
    if performance < 4800 and not for_data_centres:
        return NONE
    if performance >= 4800 or (performance >= 1600 and density >= 5.92):
        return A
    middle = performance >= 2400 and 1.6 <= density < 5.92
    return B if middle or (performance >= 1600 and 3.2 <= density < 5.92) else NONE


def all_of_figures(found, on):
    """The classes that are left when each figure that is unknown, or does not decide, runs through all its bands."""
    weak = found.verification == "low"

    def values(known, bands):
        return bands if known is None or weak else (known,)

    marked = found.for_data_centres
    return {
        of_figures(on, *figures)
        for figures in product(
            values(found.total_processing_performance, (0, 1600, 2400, 4800)),
            values(found.performance_density, (0, 1.6, 3.2, 5.92)),
            values(found.interconnect_gb_per_s, (0, 600)),
            (True, False) if marked is None or (weak and not marked) else (marked,),
        )
    }


@pytest.mark.parametrize("on", DAYS)
def test_every_chip_is_in_the_class_that_the_text_of_the_law_gives_its_figures(rulebook, on):
    for one in classify_all(rulebook, chips().values(), on):
        assert set(one.possible) == all_of_figures(one.chip, on), one.chip.id
        assert (one.chip_class is REVIEW) == (len(one.possible) > 1)
        assert bool(one.open_facts) == (one.chip_class is REVIEW)


@pytest.mark.parametrize("on", DAYS)
def test_review_is_bounded_and_nearly_all_of_it_is_of_figures_that_nobody_verified(rulebook, on):
    review = [one.chip for one in classify_all(rulebook, chips().values(), on) if one.chip_class is REVIEW]
    assert len(review) <= MOST_IN_REVIEW[on]
    assert {found.id for found in review if found.verification != "low"} <= {"tpu-v3", "r200", "trainium-1"}


@pytest.mark.parametrize("name", KNOWN)
def test_well_known_chips_have_their_published_class(rulebook, name):
    of_2022, since_2023, may_nac_carry_it = KNOWN[name]
    assert classify(rulebook, chip(name), BEFORE).chip_class is NONE
    assert classify(rulebook, chip(name), RULE_2022).chip_class is of_2022
    for on in DAYS[2:]:
        found = classify(rulebook, chip(name), on)
        assert found.chip_class is since_2023
        assert found.exceptions is may_nac_carry_it


@pytest.mark.parametrize(("name", "weak"), [("mi308x", NONE), ("h20-141gb", NONE), ("ascend-910b", A), ("b30a", A)])
def test_figures_that_nobody_verified_decide_nothing_and_are_shown(rulebook, name, weak):
    found = classify(rulebook, chip(name), RULE_2023)
    assert found.chip_class is REVIEW
    assert found.possible == (A, B, NONE)
    assert "chip.total_processing_performance" in found.open_facts
    assert found.by_weak_figures is weak
    assert found.exceptions is None


def test_verified_figures_have_no_weak_class(rulebook):
    assert classify(rulebook, chip("h100-sxm"), RULE_2023).by_weak_figures is None


@pytest.mark.parametrize("day", [date(2022, 10, 20), date(2022, 10, 21), date(2023, 11, 16), date(2023, 11, 17)])
def test_the_classes_change_on_the_days_of_the_rules(rulebook, day):
    known = {date(2022, 10, 20): NONE, date(2022, 10, 21): WHOLE, date(2023, 11, 16): WHOLE, date(2023, 11, 17): A}
    assert classify(rulebook, chip("a100-sxm-80gb"), day).chip_class is known[day]


def test_an_unknown_die_leaves_the_class_open_only_below_a_tpp_of_4800(rulebook):
    h100, mi210 = (replace(chip(name), die_area_mm2=None) for name in ("h100-sxm", "mi210"))
    assert classify(rulebook, h100, RULE_2023).chip_class is A
    open_class = classify(rulebook, mi210, RULE_2023)
    assert open_class.possible == (A, B, NONE)
    assert open_class.open_facts == ("chip.performance_density",)
    assert classify(rulebook, mi210, RULE_2022).chip_class is NONE


def test_note_2_keeps_a_consumer_chip_out_below_4800_and_not_at_4800(rulebook):
    consumer = replace(chip("rtx-4090"), stated_total_processing_performance=4799.0)
    below = classify(rulebook, consumer, RULE_2023)
    assert (below.chip_class, below.by_note_2) == (NONE, True)
    at = classify(rulebook, replace(consumer, stated_total_processing_performance=4800.0), RULE_2023)
    assert (at.chip_class, at.by_note_2, at.exceptions) == (A, False, True)
    assert classify(rulebook, replace(consumer, for_data_centres=True), RULE_2023).by_note_2 is False
    unmarked = classify(rulebook, replace(consumer, for_data_centres=None), RULE_2023)
    assert (unmarked.chip_class, unmarked.by_note_2) == (REVIEW, None)
    assert unmarked.possible == (A, NONE)
    assert unmarked.open_facts == ("chip.for_data_centres",)


@pytest.mark.parametrize(
    ("name", "on", "presumed"),
    [
        ("ascend-910c", date(2025, 5, 12), False),
        ("ascend-910c", date(2025, 5, 13), True),
        ("ascend-910b", date(2025, 5, 13), None),
        ("h100-sxm", date(2025, 5, 13), False),
        ("z100", date(2025, 5, 13), False),
    ],
)
def test_chips_designed_in_china_fall_under_general_prohibition_10_by_their_figures(rulebook, name, on, presumed):
    assert classify(rulebook, chip(name), on).prohibition_10 is presumed
