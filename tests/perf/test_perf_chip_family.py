from __future__ import annotations

import pytest

from lexloci.perf.chip_family import chip_family


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
