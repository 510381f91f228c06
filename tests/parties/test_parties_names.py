"""One normal form for spellings of one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.parties.folding import LEGAL_FORMS, has_latin, normalise
from lexloci.parties.sameness import PLACES, brand_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sophgo Technologies Pte. Ltd.", "sophgo technologies"),
        ("SOPHGO TECHNOLOGIES LTD", "sophgo technologies"),
        ("Inspur Electronic Information Industry Co., Ltd.", "inspur electronic information industry"),
        ("Inspur (HK) Electronics Co.,Ltd.", "inspur hk electronics"),
        ("YTL Data Centers Sdn. Bhd.", "ytl data centers"),
        ("PT Indosat Tbk", "indosat"),
        ("Société Générale S.A.", "societe generale"),
        ("Xi’an Biren", "xian biren"),
        ("H3C & Partners", "h3c and partners"),
        ("ＨＵＡＷＥＩ　Technologies", "huawei technologies"),
        ("浪潮集团有限公司", "浪潮集团"),
        ("中科曙光股份有限公司", "中科曙光"),
        ("Alibaba Group Holding Limited", "alibaba group holding"),
        ("Limited", "limited"),
        ("Co., Ltd.", "co"),
        ("...", ""),
        ("", ""),
    ],
)
def test_normal_forms(name: str, expected: str) -> None:
    assert normalise(name) == expected


def test_group_is_no_legal_form() -> None:
    assert normalise("Inspur Group Co., Ltd.") != normalise("Inspur Co., Ltd.")


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more_than_once(name: str) -> None:
    form = normalise(name)
    assert form == form.strip()
    assert "  " not in form
    assert normalise(form) == normalise(normalise(form))


@given(st.lists(st.sampled_from(["inspur", "sophgo", "cloud", "data", "centre"]), min_size=1, max_size=4))
def test_case_punctuation_and_legal_form_do_not_matter(words: list[str]) -> None:
    name = " ".join(words)
    for spelling in (name.upper(), name.title() + " Co., Ltd.", ", ".join(words) + " Pte. Ltd", f"OOO {name}"):
        assert normalise(spelling) == normalise(name)


def test_the_brand_is_the_first_word_that_is_no_place() -> None:
    assert brand_of(["beijing", "zhipu", "huazhang"]) == "zhipu"
    assert brand_of(["university", "of", "oxford"]) == "oxford"
    assert brand_of(["hong", "kong"]) == "hong"
    assert brand_of(["huawei", "cloud", "singapore"]) == "huawei"


def test_no_word_is_both_a_place_and_a_legal_form() -> None:
    assert not LEGAL_FORMS & PLACES


@pytest.mark.parametrize(
    ("name", "expected"), [("浪潮", False), ("Хуавэй", False), ("浪潮 Inspur", True), ("Ünal", True)]
)
def test_script(name: str, expected: bool) -> None:
    assert has_latin(name) is expected
