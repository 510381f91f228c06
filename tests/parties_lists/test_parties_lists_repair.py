"""What the official files break, and how it is mended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.parties.importers.repair import names_of, party_key, scripts_of, scripts_throughout, tidy


@pytest.mark.parametrize(
    ("name", "aliases", "names"),
    [
        (
            "Huawei Technologies Co., Ltd. (Huawei). Affiliated Entity: Hangzhou Huawei Enterprises",
            [],
            ["Hangzhou Huawei Enterprises"],
        ),
        ("CETC 13. Subordinate Institution - MT Microsystems", [], ["MT Microsystems"]),
        ("PAEC (PAEC), and subordinate entity Some Institute (SINS)", [], ["Some Institute", "SINS"]),
        ("Huawei Technologies Co., Ltd. (Huawei)", [], ["Huawei Technologies Co., Ltd.", "Huawei"]),
        ("LTS Holding Limited (f.k.a. IPP Ltd.)", [], ["LTS Holding Limited", "IPP Ltd."]),
        ("X", ["DJEL;\u00a0Dongfang Jingyuan Electron Limited", "HPSTAR;"], None),
        (
            "Cambricon Jixingge (Nanjing) Technology Co., Ltd.",
            [],
            ["Cambricon Jixingge (Nanjing) Technology Co., Ltd."],
        ),
        (
            "China Communications Construction Group (Limited)",
            [],
            ["China Communications Construction Group (Limited)"],
        ),
        ("Guangzhou Hongyu Co., Ltd. (a subordinate institute of CETC-7)", [], ["Guangzhou Hongyu Co., Ltd."]),
        ("AL-NASER  AIRLINES ", ["AL-NASER AIRLINES"], ["AL-NASER AIRLINES"]),
    ],
)
def test_names_are_repaired(name: str, aliases: list[str], names: list[str] | None) -> None:
    expected = names or ["X", "DJEL", "Dongfang Jingyuan Electron Limited", "HPSTAR"]
    assert names_of(name, aliases, "EL") == tuple(expected)


def test_a_parent_in_the_brackets_of_an_alias_is_no_name() -> None:
    aliases = ["10th Research Institute of China Electronics (CETC)", "Air Institute (AI)"]
    names = names_of("Southwest Institute", aliases, "EL")
    assert "CETC" not in names
    assert "10th Research Institute of China Electronics" in names
    assert "AI" not in names or "Air Institute" in names


def test_names_of_the_treasury_lists_stay_as_printed() -> None:
    assert names_of("SOCIETE (SATS)", ["A; B"], "SDN") == ("SOCIETE (SATS)", "A", "B")


@pytest.mark.parametrize(
    ("name", "code", "names"),
    [
        ("Choson Central Bank (朝鮮中央銀行)", "JP-EUL", ("Choson Central Bank", "朝鮮中央銀行")),
        (
            "10th Research Institute (CETC) (中国電子科技集団公司第十研究所)",
            "JP-EUL",
            ("10th Research Institute", "CETC", "中国電子科技集団公司第十研究所"),
        ),
        ("哈德森技术公司（Hudson Technologies Co.）", "CN-UEL", ("哈德森技术公司", "Hudson Technologies Co.")),
        ("Xi?an Lingkong Electronic Technology", "EL", ("Xi'an Lingkong Electronic Technology",)),
        ("What? Where? Limited", "EL", ("What? Where? Limited",)),
        ("Xi?an Lingkong", "SDN", ("Xi?an Lingkong",)),
    ],
)
def test_names_in_two_scripts_and_lost_apostrophes(name: str, code: str, names: tuple[str, ...]) -> None:
    assert names_of(name, (), code) == names


def test_what_nobody_sees_is_left_out_of_a_name() -> None:
    assert tidy("\u202eHua\u200bwei\u00ad\ufeff \x00Technologies\u2028Co") == "Huawei Technologies Co"


def test_a_letter_of_an_old_code_page_is_read_again() -> None:
    assert tidy("Murat B\x81key") == "Murat Bükey"
    assert tidy("O\x92Brien") == "O’Brien"
    assert tidy("end\x81") == "end"


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=4), st.sampled_from(["EL", "SDN", "JP-EUL"]))
def test_names_are_short_seen_and_each_there_once(first: str, others: list[str], code: str) -> None:
    names = names_of(first, others, code)
    assert len(set(names)) == len(names)
    assert all(name == tidy(name) and name for name in names)


def test_a_party_is_known_by_its_letters_and_digits() -> None:
    assert party_key("Ｈuawei Tech. Co., Ltd") == party_key("HUAWEI TECH CO. LTD.") == "huawei tech co ltd"
    assert party_key("!!") == "!!"


def test_scripts_are_those_of_the_letters() -> None:
    assert scripts_of(["Huawei 华为", "12"]) == {"Latn", "Hani"}
    assert scripts_of(["Ангстрем"]) == {"Cyrl"}


def test_a_script_is_throughout_where_each_party_has_a_name_in_it() -> None:
    assert scripts_throughout([["Huawei", "华为"], ["7-28"], ["ZTE"]]) == {"Latn"}
    assert scripts_throughout([["Huawei"], ["华为"]]) == frozenset()
    assert scripts_throughout([["7-28"]]) == frozenset()
