from __future__ import annotations

from math import exp
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.perf.chip_family import chip_family
from lexloci.perf.utilisation import (
    Measured,
    Query,
    fit_utilisation,
    fitted_decline,
    weighted_quantile,
)


def _run(family, share, *, chips=64, chip="Hopper", vendor="NVIDIA", mixture=False, parameters=1e11, series="s"):
    return Measured(f"{family}-{share}", family, series, chip, vendor, mixture, parameters, chips, share, "paper")


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=20))
def test_equal_weights_give_the_ordinary_median(values):
    assert weighted_quantile([(value, 1.0) for value in values], 0.5) == pytest.approx(median(values))


@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(0.1, 5)), min_size=1, max_size=20), st.floats(0, 1))
def test_a_quantile_lies_between_the_least_and_the_greatest_and_grows(values, share):
    found = weighted_quantile(values, share)
    assert min(values)[0] - 1e-9 <= found <= max(values)[0] + 1e-9
    assert weighted_quantile(values, share / 2) <= found + 1e-9


def test_a_source_with_many_rows_weighs_no_more_than_one_with_few():
    many = [_run("many", 0.2 + 0.0001 * step) for step in range(50)]
    fit = fit_utilisation([*many, _run("one", 0.4), _run("two", 0.5)], with_decline=False)
    assert 0.35 < fit.judge(Query("Hopper", "NVIDIA", False, 1e11, 64)).share.point < 0.45


def test_a_planted_decline_with_the_chips_is_found_again():
    runs = [_run("a", 0.5 * exp(-0.03 * step), chips=8 << step, series="a") for step in range(8)]
    runs += [_run("b", 0.2 * exp(-0.03 * step), chips=512 << step, series="b") for step in range(3)]
    assert fitted_decline(runs) == pytest.approx(-0.03)
    assert fitted_decline(runs[:1]) == 0


def test_a_share_that_grows_with_the_chips_is_not_extrapolated():
    runs = [_run("a", 0.2 * exp(0.03 * step), chips=8 << step) for step in range(8)]
    assert fitted_decline(runs) == 0


def test_the_nearest_level_that_holds_runs_decides():
    runs = [_run("a", 0.5), _run("b", 0.2, chip="Ampere"), _run("c", 0.3, chip="TPU", vendor="Google")]
    fit = fit_utilisation(runs, with_decline=False)

    def point(chip, vendor):
        return fit.judge(Query(chip, vendor, False, 1e11, 64)).share.point

    assert point("Hopper", "NVIDIA") == pytest.approx(0.5)
    assert 0.2 < point("Blackwell", "NVIDIA") < 0.5
    assert point("LPU", "Groq") == pytest.approx(0.3)


def test_without_runs_of_the_kind_there_is_no_answer():
    fit = fit_utilisation([_run("a", 0.5)], with_decline=False)
    with pytest.raises(KeyError, match="no published run"):
        fit.judge(Query("Hopper", "NVIDIA", True, 1e11, 64))


@pytest.mark.parametrize(
    ("chip", "family", "vendor"),
    [
        ("h100-sxm NVIDIA H100 SXM5 80GB", "Hopper", "NVIDIA"),
        ("h800-sxm", "Hopper", "NVIDIA"),
        ("H20 96GB", "Hopper, compute cut", "NVIDIA"),
        ("h200-sxm", "Hopper", "NVIDIA"),
        ("H100-96G-HBM2e-500W", "Hopper", "NVIDIA"),
        ("a800-sxm", "Ampere", "NVIDIA"),
        ("GB300 (per GPU)", "Blackwell", "NVIDIA"),
        ("B200-SXM-180GB", "Blackwell", "NVIDIA"),
        ("RTX PRO 6000 Blackwell Server Edition", "RTX Blackwell", "NVIDIA"),
        ("rtx-4090d", "Ada", "NVIDIA"),
        ("Ascend-910B(A2)", "Ascend 910B", "Huawei"),
        ("ascend-910b3", "Ascend 910B", "Huawei"),
        ("ascend-910c Ascend 910C (dual die)", "Ascend 910C", "Huawei"),
        ("ascend-950dt", "Ascend, other", "Huawei"),
        ("mi300x AMD MI300X", "CDNA3", "AMD"),
        ("mi308x", "CDNA3, compute cut", "AMD"),
        ("rtx-pro-6000d", "RTX Blackwell, compute cut", "NVIDIA"),
        ("mi355x", "CDNA4", "AMD"),
        ("TPUv5e", "TPU", "Google"),
        ("tpu-v6e", "TPU", "Google"),
    ],
)
def test_a_chip_is_put_into_its_family_by_id_or_name(chip, family, vendor):
    found = chip_family(chip)
    assert (found.name, found.vendor) == (family, vendor)


def test_an_unknown_chip_is_a_family_of_its_own_with_its_designer():
    assert chip_family("mlu590", "Cambricon").vendor == "Cambricon"
    assert chip_family("mlu590", "Cambricon").name == "mlu590"
    assert chip_family("v100-sxm2", "Nvidia Corporation").vendor == "NVIDIA"
    assert chip_family("novel", "Huawei HiSilicon").vendor == "Huawei"
