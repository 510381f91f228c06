"""Who is found by name, who is not, and who is only possible; on the bundled snapshot of 2026-07-31."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.parties import screening
from lexloci.parties.engine import Index
from lexloci.parties.findings import Question, find, index_of
from lexloci.parties.folding import normalise
from lexloci.parties.lists import ListedParty, ListSet, current_lists, listed_parties
from lexloci.parties.sameness import Match, form_of, sameness
from lexloci.parties.screening import NOT_SCREENED, candidates

# Operators, clouds, chip makers, funds and laboratories that none of the export and sanctions lists
# named on 2026-07-31, by trade name or legal name, with the country of their headquarters.
ORDINARY = {
    "CN": (
        "Alibaba|Alibaba Cloud|Alibaba Group Holding Limited|Tencent|Tencent Cloud|Tencent Holdings Limited|ByteDance|"
        "Baidu|Baidu, Inc.|DeepSeek|Moonshot AI|MiniMax|Kuaishou|Meituan|JD.com|Xiaomi|Lenovo|GDS|GDS Holdings Limited|"
        "Enflame|Shanghai Enflame Technology Co., Ltd.|BYD|Hangzhou DeepSeek Artificial Intelligence Co., Ltd."
    ),
    "SG": (
        "Princeton Digital Group|DayOne|DayOne Data Centers Limited|BytePlus Pte. Ltd.|Megaspeed|"
        "Megaspeed International Pte. Ltd.|ST Telemedia Global Data Centres|Singtel|Keppel Data Centres|"
        "Bridge Data Centres|Sembcorp|Alibaba Cloud (Singapore) Private Limited"
    ),
    "MY": "YTL Power|YTL Power International Berhad|Telekom Malaysia|Maxis",
    "ID": "Indosat Ooredoo Hutchison|PT Indosat Tbk",
    "AE": "G42|Khazna|Khazna Data Centers|Core42|MGX|Etisalat|e& enterprise",
    "SA": "Humain|HUMAIN|stc|center3",
    "QA": "Ooredoo",
    "US": (
        "Nvidia|NVIDIA Corporation|Oracle|Oracle Corporation|Microsoft|Microsoft Corporation|Amazon|Google|"
        "Amazon Web Services|Meta|Meta Platforms, Inc.|Apple|OpenAI|xAI|Equinix|Digital Realty|Supermicro|"
        "Dell Technologies|Hewlett Packard Enterprise|Aivres|Aivres Systems Inc.|Vantage Data Centers|AMD|Intel|"
        "Advanced Micro Devices, Inc.|Broadcom|CoreWeave|Crusoe|Lambda|Bain Capital|Warburg Pincus|BlackRock"
    ),
    "JP": "NTT|KDDI|SoftBank",
    "KR": "Samsung Electronics|SK hynix",
    "TW": "TSMC|Foxconn",
    "IN": "Yotta Data Services|Reliance Jio|Adani|Tata Communications",
    "CA": "Brookfield",
    "AU": "AirTrunk",
}
# What each possible match is: a name two letters away, or a trade name of one word inside a longer name.
POSSIBLE = {"Meta", "Apple", "AMD", "Dell Technologies", "center3", "stc", "NTT", "xAI"}
EXPORT_AND_SANCTIONS = ("EL", "MEU", "UVL", "DPL", "SDN", "CMIC")
LISTED = [
    ("Inspur Group Co., Ltd.", "EL"),
    ("Inspur Electronic Information Industry Co., Ltd.", "EL"),
    ("Inspur Taiwan", "EL"),
    ("INSPUR SOFTWARE CO LTD", "EL"),
    ("Nettrix Information Industry Co., Ltd.", "EL"),
    ("Beijing Academy of Artificial Intelligence", "EL"),
    ("Sophgo Technologies Pte. Ltd.", "EL"),
    ("Zhipu AI", "EL"),
    ("Beijing Zhipu Huazhang Technology Co., Ltd.", "EL"),
    ("Huawei Cloud Singapore", "EL"),
    ("Huawei Cloud Thailand", "EL"),
    ("Huawei", "EL"),
    ("SenseTime", "EL"),
    ("iFlytek", "EL"),
    ("Yitu Technologies", "EL"),
    ("Megvii Technology", "EL"),
    ("Shanghai Biren Intelligent Technology Co., Ltd.", "EL"),
    ("Moore Threads", "EL"),
    ("Cambricon", "EL"),
    ("Sugon", "EL"),
    ("Phytium Technology", "EL"),
    ("Hygon", "EL"),
    ("SMIC", "EL"),
    ("YMTC", "EL"),
    ("Tencent", "1260H"),
    ("Alibaba", "1260H"),
    ("SMIC", "CMIC"),
]
SCREENED = [party for party in listed_parties() if party.kind not in NOT_SCREENED]
ORDINARY_NAMES = [(name, country) for country, names in ORDINARY.items() for name in names.split("|")]


def rows(name: str, *, confirmed: bool, codes: tuple[str, ...], country: str | None = None) -> list[str]:
    """The listed names that a name matches on some lists."""
    found = candidates(name, country=country, limit=None)
    return [c.listed_name for c in found if c.is_confirmed == confirmed and c.entry.list_code in codes]


@pytest.mark.parametrize(("name", "code"), LISTED)
def test_listed_parties_are_confirmed(name: str, code: str) -> None:
    assert rows(name, confirmed=True, codes=(code,))


def test_the_measure_in_the_documentation_is_the_one_taken_here() -> None:
    assert screening.__doc__ is not None
    assert f"Of {len(ORDINARY_NAMES)} ordinary names" in screening.__doc__
    assert f"{len(POSSIBLE)} are possible" in screening.__doc__


@pytest.mark.parametrize(("name", "country"), ORDINARY_NAMES)
def test_ordinary_names_are_not_confirmed_and_few_are_possible(name: str, country: str) -> None:
    assert not rows(name, confirmed=True, codes=EXPORT_AND_SANCTIONS, country=country)
    possible = rows(name, confirmed=False, codes=EXPORT_AND_SANCTIONS, country=country)
    assert bool(possible) == (name in POSSIBLE), possible


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Huawei Cloud Malaysia", "Huawei Cloud Singapore"),
        ("Zhipu Singapore Pte. Ltd.", "Zhipu AI"),
        ("Inspur Malaysia Sdn. Bhd.", "Inspur Group Co., Ltd."),
        ("Inspur", "Inspur Group Co., Ltd."),
        ("Nettrix", "Netrix"),
        ("Sofgo Technologies", "Sophgo Technologies Ltd."),
        ("Technologies Huawei", "Huawei Technologies Co., Ltd."),
        ("Hikvision International", "Hikvision"),
        ("Beifang Microelectronics Singapore Pte. Ltd.", "Beifang Huachuang"),
        ("Sino IC Singapore", "Sino IC Technology Co., Ltd."),
    ],
)
def test_affiliates_and_misspellings_of_listed_parties_are_possible(name: str, listed: str) -> None:
    assert listed in rows(name, confirmed=False, codes=("EL",))


def test_a_brand_that_is_a_common_word_in_english_is_a_brand_as_it_is_printed() -> None:
    (found,) = [c for c in candidates("Zhongxin Semiconductor (Malaysia) Sdn. Bhd.") if c.match is Match.BRAND]
    assert found.entry.name == "SMIC Advanced Technology R&D (Shanghai) Corporation"


@pytest.mark.parametrize(
    "name", ["OOO Bespilotnyde Sistemy", "航空备研究所", "Beifang Microelectronics", "Elektroavtomatika Efimov"]
)
def test_the_rules_are_asked_of_every_listed_name_for_which_they_can_hold(name: str) -> None:
    index, asked = index_of(current_lists()), form_of(name)
    expected = {
        index.parties[owner].name
        for segment in index.segments
        for owner, listed in zip(segment.owners.tolist(), segment.listed, strict=True)
        if index.parties[owner].kind not in NOT_SCREENED
        and sameness(index, asked, index.parties[owner], form_of(listed), None)
    }
    assert expected
    assert {c.entry.name for c in candidates(name, limit=None) if c.match is not Match.PROBABLE} == expected


def test_a_spelling_two_letters_off_is_scored_and_the_nearest_comes_first() -> None:
    best = candidates("Moore Thraeds")[0]
    assert best.listed_name == "Moore Threads"
    assert best.match is Match.SIMILAR
    assert 88 <= best.score < 100


def test_an_abbreviation_in_another_country_is_possible_only() -> None:
    assert candidates("STC", country="SA")[0].match is Match.ABBREVIATION
    assert candidates("STC", country="RU")[0].is_confirmed
    assert candidates("STC")[0].is_confirmed
    assert candidates("SMIC", country="HK")[0].is_confirmed


def test_a_full_name_is_confirmed_wherever_it_sits() -> None:
    assert candidates("Huawei Cloud Singapore", country="MY")[0].is_confirmed


def test_aliases_are_screened_and_confirmed_rows_come_first() -> None:
    found = candidates("A company of no such name", ("Sugon",))
    assert found[0].is_confirmed
    assert found[0].screened_name == "Sugon"
    assert [c.is_confirmed for c in found] == sorted((c.is_confirmed for c in found), reverse=True)


def test_the_limit_cuts_possible_matches_and_never_confirmed_ones() -> None:
    everything = candidates("Huawei Technologies", limit=None)
    cut = candidates("Huawei Technologies", limit=3)
    confirmed = [c for c in everything if c.is_confirmed]
    assert len(confirmed) >= 2
    assert cut == (*confirmed, *[c for c in everything if not c.is_confirmed][:3])


def test_a_row_is_named_once_by_its_best_match() -> None:
    found = candidates("Inspur Group Co., Ltd.", ("Inspur", "IGL"), limit=None)
    assert len({id(c.entry) for c in found}) == len(found)
    assert next(c for c in found if c.entry.list_code == "EL").is_confirmed


@pytest.mark.parametrize("name", ["...", "", "\u200b"])
def test_a_name_without_letters_matches_nothing(name: str) -> None:
    assert candidates(name) == ()


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("浪潮集团", "Inspur"),
        ("中科曙光", "Sugon"),
        ("上海壁仞智能科技有限公司", "Biren"),
        ("Хуавэй Технолоджис", "Huawei"),
        ("Нuаwеi Тесhnоlоgiеs", "Huawei"),
        ("Beijing Zhipu Huazhang Tecnology Company", "Zhipu"),
    ],
)
def test_a_name_in_another_script_or_spelling_is_possible_and_not_confirmed(name: str, listed: str) -> None:
    found = [c.entry.names for c in candidates(name, limit=None) if c.entry.list_code == "EL"]
    assert any(listed in name for names in found for name in names), found
    assert not rows(name, confirmed=True, codes=("EL",))


def test_a_rule_that_fires_is_told_before_a_probability() -> None:
    assert candidates("Moore Thraeds")[0].match is Match.SIMILAR
    assert all(c.score < 100 for c in candidates("浪潮集团") if c.match is Match.PROBABLE)


def test_rules_and_probabilities_ask_one_index(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[int] = []
    make = Index.of

    def counted(parties: Sequence[ListedParty]) -> Index:
        built.append(len(parties))
        return make(parties)

    monkeypatch.setattr(Index, "of", counted)
    lists = ListSet((), listed_parties()[:50])
    assert built == []
    for name in ("Sugon", "Moore Threads", listed_parties()[0].name):
        candidates(name, lists=lists)
    find([Question("Sugon")], lists=lists)
    assert built == [50]


def test_vessels_are_not_screened() -> None:
    vessel = next(party for party in listed_parties() if party.kind == "Vessel")
    assert all(c.entry.kind not in NOT_SCREENED for c in candidates(vessel.name, limit=None))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SCREENED),
    st.sampled_from([str.upper, str.lower, lambda n: f"{n} Ltd.", lambda n: f" {n}. "]),
    st.data(),
)
def test_every_listed_name_finds_its_own_row(party: ListedParty, change: object, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(party.names))
    if not normalise(name):
        return
    assert callable(change)
    found = candidates(change(name), limit=0)
    assert any(c.entry is party or c.entry == party for c in found)
    assert all(c.score == 100 for c in found)
